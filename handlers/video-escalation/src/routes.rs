//! The addresses, who may come from where, and who answers.

use crate::answer::{Problem, Reply};
use crate::{
    Capabilities, Task, attendees, chat, frontend, join, login, meetings, recordings, reference, token, users,
};

/// Whose page a route is for, by which the origins are chosen that may ask from a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    Customers,
    Agents,
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Route {
    Start,
    JoinData,
    AttendeeName,
    CreateMeeting,
    EndMeeting,
    AddAttendee,
    Adhoc,
    CcpLogin,
    SetConnectUserId,
    UserCache,
    StartRecording,
    StopRecording,
    Summary,
    FrontendConfig,
}

pub struct Row {
    pub method: &'static str,
    pub path: &'static str,
    pub audience: Audience,
    pub route: Route,
}

const fn row(method: &'static str, path: &'static str, audience: Audience, route: Route) -> Row {
    Row { method, path, audience, route }
}

pub static ROWS: [Row; 14] = [
    row("POST", "/start", Audience::Customers, Route::Start),
    row("GET", "/attendee-join-data", Audience::Both, Route::JoinData),
    row("GET", "/attendee-name", Audience::Both, Route::AttendeeName),
    row("POST", "/meeting", Audience::Agents, Route::CreateMeeting),
    row("DELETE", "/meeting", Audience::Agents, Route::EndMeeting),
    row("POST", "/attendee", Audience::Agents, Route::AddAttendee),
    row("POST", "/adhoc", Audience::Agents, Route::Adhoc),
    row("POST", "/ccplogin", Audience::Agents, Route::CcpLogin),
    row("POST", "/setConnectUserId", Audience::Agents, Route::SetConnectUserId),
    row("PUT", "/connect-user-cache", Audience::Agents, Route::UserCache),
    row("POST", "/recording", Audience::Agents, Route::StartRecording),
    row("DELETE", "/recording", Audience::Agents, Route::StopRecording),
    row("GET", "/recording-summary", Audience::Agents, Route::Summary),
    row("GET", "/frontend-config.js", Audience::Both, Route::FrontendConfig),
];

/// What is answered at an address, one row per method.
pub fn at(path: &str) -> impl Iterator<Item = &'static Row> {
    ROWS.iter().filter(move |row| row.path == path)
}

pub async fn answer<W: Capabilities>(route: Route, task: &Task<'_, W>) -> Result<Reply, Problem> {
    match route {
        Route::Start => chat::start(task).await,
        Route::JoinData => join::data(task).await,
        Route::AttendeeName => join::name(task).await,
        Route::FrontendConfig => Ok(frontend::script(task.world)),
        Route::CreateMeeting => meetings::create(task, &token::user(task).await?).await,
        Route::EndMeeting => meetings::end(task, &token::user(task).await?).await,
        Route::AddAttendee => attendees::add(task, &token::user(task).await?).await,
        Route::Adhoc => reference::create(task, &token::user(task).await?).await,
        Route::CcpLogin => login::log_in(task, &token::user(task).await?).await,
        Route::SetConnectUserId => login::onboard(task, &token::user(task).await?).await,
        Route::UserCache => users::refresh(task, &token::user(task).await?).await,
        Route::StartRecording => recordings::start(task, &token::user(task).await?).await,
        Route::StopRecording => recordings::stop(task, &token::user(task).await?).await,
        Route::Summary => recordings::summary(task, &token::user(task).await?).await,
    }
}
