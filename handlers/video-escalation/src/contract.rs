//! `contract.json`, which says what an HTTP API, a rule for events and a role have to allow, is made from the constants and
//! tables here.

use handler_common::testing::{Contract, FilledBy, Route};
use serde_json::json;

use crate::routes::{self, Audience};
use crate::{LIMIT, cors, ended};

/// Of everybody's chats together, so that nobody can guess references or fill queues by the thousand.
const STARTS_PER_SECOND: u32 = 5;

fn route(row: &routes::Row) -> Route {
    Route {
        method: row.method,
        path: row.path,
        // The pages of agents sign with what the identity pool gave them. Customers have nothing to sign with.
        signed: row.audience == Audience::Agents,
        origins: cors::settings(row.audience),
        per_second: (row.route == routes::Route::Start).then_some(STARTS_PER_SECOND),
    }
}

#[test]
fn the_contract_is_what_the_code_says() {
    let ended = json!({
        "source": [ended::SOURCE],
        "detail-type": ["Chime Meeting State Change"],
        "detail": { "eventType": [ended::EVENT] },
    });
    Contract::new("video-escalation")
        .routes(routes::ROWS.iter().map(route))
        .event("Chime says that a meeting has ended, in the region of its API", &ended)
        .seconds(LIMIT.as_secs() + 2)
        .setting_of("CONNECT_INSTANCE_ID", FilledBy::InstanceId, "Where chats begin")
        .setting_of("CONTACT_FLOW_ID", FilledBy::FlowId, "The id of the flow that chats begin with")
        .setting("USER_POOL_ID", "The id of the user pool of agents")
        .setting("USER_POOL_CLIENT_ID", "The clients of the user pool whose tokens count, separated by commas")
        .setting_or(
            "WEBSITE_ORIGINS",
            "",
            "The pages of customers, such as https://www.example.com, separated by commas",
        )
        .setting_or("AGENT_ORIGINS", "", "The pages of agents, such as https://agents.example.com, separated by commas")
        .setting_or("CHAT_ATTRIBUTES", "", "Further attributes that customers may set, separated by commas")
        .setting_or("REFERENCE_MINUTES", "15", "How many minutes a reference lives")
        .setting_or("REFERENCE_TRIES", "5", "How many wrong tries lock a reference, or an address")
        .setting_or("WEBSITE_AD_HOC_URL", "", "The page of the link that comes with a reference; empty for no link")
        .setting_or(
            "FEDERATION_ROLE_ARN",
            "",
            "The ARN of the role that signs agents in to Connect; empty for no sign-in",
        )
        .setting_or(
            "CONNECT_LOGIN_BY_EMAIL",
            "true",
            "Whether agents go by their addresses, or else by the pool's names",
        )
        .setting_or("CHIME_REGION", "us-east-1", "The region of Chime's API, where it tells that meetings have ended")
        .setting_or("MEDIA_REGION", "us-east-1", "The region that meetings are held in")
        .setting_or("RECORDING_CLUSTER", "", "The name of the cluster that records; empty if nothing is recorded")
        .setting_or("RECORDING_TASK_DEFINITION", "", "The family of the task that records")
        .setting_or("RECORDING_CONTAINER", "recording", "The container of that task")
        .setting_or("RECORDING_BUCKET", "", "The bucket that recordings go to")
        .setting_or("RECORDING_ATTENDEE_NAME", "RECORDING", "What the recording is called in a meeting")
        .setting_or("PLAYBACK_SECURITY_PROFILE_ID", "", "The id of the security profile of who may see recordings")
        .setting_or("PLAYBACK_MINUTES", "15", "How many minutes the address of a recording works")
        .setting_of("API_URL", FilledBy::Url(""), "The address of this API for the pages; empty if it is the API's own")
        .setting_or("IDENTITY_POOL_ID", "", "The id of the identity pool of agents, for the pages")
        .setting_or("FRONTEND_CLIENT_ID", "", "The client of the user pool, for the pages")
        .setting_or("COGNITO_DOMAIN_URL", "", "The address where agents sign in, for the pages")
        .setting_of("CONNECT_INSTANCE_ARN", FilledBy::InstanceArn, "The instance, for the pages")
        .setting_or("CONNECT_INSTANCE_URL", "", "The address of the instance, for the pages")
        .setting_or("COGNITO_SAML_ENABLED", "", "Whether agents sign in elsewhere, for the pages")
        .setting_or("COGNITO_SAML_PROVIDER", "", "Where they do, for the pages")
        .setting_or("RECORDING_ENABLED", "", "Whether meetings are recorded, for the pages")
        .settings_kept_out(&["BASE_PATH", "COGNITO_KEYS_URL"])
        .permissions(&[
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        ])
        .permissions_on(&["${instance}/contact-flow/${CONTACT_FLOW_ID}"], &["connect:StartChatContact"])
        .permissions_on(&["${instance}/contact/*"], &["connect:UpdateContactAttributes"])
        .permissions_on(&["${instance}/agent/*"], &["connect:DescribeUser"])
        .permissions_on(&["${instance}/agent-group/*"], &["connect:DescribeUserHierarchyGroup"])
        // A meeting that is yet to be has no address.
        .permissions_on(&["*"], &["chime:CreateMeeting", "chime:CreateMeetingWithAttendees"])
        .permissions_on(
            &["arn:${partition}:chime::${account}:meeting/*"],
            &["chime:CreateAttendee", "chime:DeleteMeeting", "chime:DeleteAttendee"],
        )
        .permissions_on(&["${FEDERATION_ROLE_ARN}"], &["sts:AssumeRole"])
        .permissions_on(
            &["arn:${partition}:cognito-idp:${region}:${account}:userpool/${USER_POOL_ID}"],
            &["cognito-idp:AdminUpdateUserAttributes"],
        )
        .permissions_on(
            &["arn:${partition}:ecs:${region}:${account}:task-definition/${RECORDING_TASK_DEFINITION}:*"],
            &["ecs:RunTask"],
        )
        .permissions_on(&["arn:${partition}:ecs:${region}:${account}:task/${RECORDING_CLUSTER}/*"], &["ecs:StopTask"])
        .permissions_on_named("The ARNs of the roles of the task that records, separated by commas", &["iam:PassRole"])
        .permissions_on(&["arn:${partition}:s3:::${RECORDING_BUCKET}/RECORDINGS/*"], &["s3:GetObject"])
        .table(&crate::table())
        .is_what_the_file_says(env!("CARGO_MANIFEST_DIR"));
}
