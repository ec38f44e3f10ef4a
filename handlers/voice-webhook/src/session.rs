//! The steps of a call: asked for by Connect, bound to the call, and each recording judged once.

use handler_common::Failure;
use handler_common::http::Deadline;
use handler_common::phone::E164;
use handler_common::settings;
use handler_common::world::random_digits;
use tracing::{error, info, warn};
use voice_common::{CHANGED, Caller, Client, Limits, Pending, Step, Verdict};

use crate::Capabilities;
use crate::recording::Recording;
use crate::twiml::Twiml;

/// How many seconds a recording may be waited for.
const PATIENCE: i64 = 600;

/// How many digits prove that a call comes back.
const CODE_DIGITS: usize = 6;

/// What a request says about its call.
pub struct Call {
    pub number: E164,
    pub sid: String,
    pub account: String,
    pub recording: String,
    /// The step that the address says, which is only believed if the item says it too.
    pub step: Option<String>,
}

pub struct Session<'a, W> {
    pub world: &'a W,
    pub call: Call,
    pub deadline: Deadline,
    pub token: String,
}

impl<W: Capabilities> Session<'_, W> {
    pub async fn answer(self) -> Result<Twiml, Failure> {
        let Some(caller) = Caller::read(self.world, &self.call.number).await?.filter(|it| !it.user_id.is_empty())
        else {
            return Ok(self.end("We do not know your number. Please call our contact centre first."));
        };
        let limits = Limits::of(self.world)?;
        if caller.is_locked(limits, self.world.now()) {
            return Ok(self.end("There have been too many attempts from your number. Please try again in an hour."));
        }
        match self.call.step.as_deref() {
            None => self.start(caller).await,
            Some("processenroll") => self.judge(caller, Step::Enroll, limits).await,
            Some("processverify") => self.judge(caller, Step::Verify, limits).await,
            Some(_) => Err(Failure::Event("the request names a step that there is none of".to_owned())),
        }
    }

    fn twiml(&self) -> Twiml {
        Twiml::new(self.world)
    }

    fn end(&self, text: &str) -> Twiml {
        self.twiml().say(text).hang_up()
    }

    fn phrase(&self) -> Result<String, Failure> {
        settings::required(self.world, "PHRASE")
    }

    fn ask(&self, step: Step, text: &str) -> Result<Twiml, Failure> {
        let url = settings::required(self.world, "WEBHOOK_URL")?;
        let step = match step {
            Step::Enroll => "processenroll",
            Step::Verify => "processverify",
        };
        Ok(self.twiml().say(text).record(&format!("{url}?param={step}")))
    }

    /// Back to Connect, with the caller's own number as the caller's.
    fn dial(&self, text: &str, code: Option<&str>) -> Result<Twiml, Failure> {
        let number = settings::required(self.world, "CONNECT_NUMBER")?;
        let number = E164::parse(&number)
            .ok_or_else(|| Failure::Configuration("`CONNECT_NUMBER` is no number in E.164".to_owned()))?;
        Ok(self.twiml().say(text).dial(number.as_str(), self.call.number.as_str(), code))
    }

    /// Writes, or fails because something else was written: then this request decided on what no longer holds.
    async fn write(&self, caller: &mut Caller) -> Result<(), Failure> {
        if caller.update(self.world, &self.call.number).await? {
            return Ok(());
        }
        Err(Failure::Store(CHANGED.to_owned()))
    }

    async fn start(&self, mut caller: Caller) -> Result<Twiml, Failure> {
        let now = self.world.now().as_second();
        let asked = match (caller.enrolling, caller.verifying) {
            (true, false) => Some(Step::Enroll),
            (false, true) => Some(Step::Verify),
            // Twilio asks again when it got no answer; the call is the same.
            (false, false) => {
                let same = caller.pending.as_ref().filter(|it| it.call_sid == self.call.sid && it.until >= now);
                same.map(|pending| pending.step)
            }
            (true, true) => None,
        };
        let Some(step) = asked else {
            warn!(number = %self.call.number, "Connect asked for nothing, or for two things");
            return Ok(self.end("Please call our contact centre, which will pass you on to us."));
        };
        if step == Step::Enroll {
            self.reconcile(&mut caller).await;
        }
        (caller.verifying, caller.enrolling) = (false, false);
        caller.forget_verification();
        if step == Step::Enroll && caller.is_enrolled() {
            caller.pending = None;
            self.write(&mut caller).await?;
            return self.dial("You are enrolled. We pass you back to be verified.", None);
        }
        caller.pending = Some(Pending {
            step,
            call_sid: self.call.sid.clone(),
            until: now + PATIENCE,
            tries: 0,
            last_recording: String::new(),
        });
        self.write(&mut caller).await?;
        self.ask(step, &format!("After the tone, please say: {}", self.phrase()?))
    }

    /// Takes over what the voice service has: a sample may have been taken there and not counted here.
    async fn reconcile(&self, caller: &mut Caller) {
        let count = async { Client::new(self.world, self.deadline).await?.enrollments(&caller.user_id).await }.await;
        match count {
            Ok(count) => caller.take_enrollments(count),
            Err(failure) => warn!("counting on our own count: {failure}"),
        }
    }

    async fn judge(&self, mut caller: Caller, step: Step, limits: Limits) -> Result<Twiml, Failure> {
        let now = self.world.now();
        let over = "This call has taken too long. Please call our contact centre again.";
        let Some(mut pending) = caller.pending.clone() else { return Ok(self.end(over)) };
        let is_ours = pending.step == step && pending.call_sid == self.call.sid;
        if !is_ours || pending.until < now.as_second() {
            return Ok(self.end(over));
        }
        if step == Step::Enroll && caller.is_enrolled() {
            caller.pending = None;
            self.write(&mut caller).await?;
            return self.dial("You are enrolled. We pass you back to be verified.", None);
        }
        let recording = Recording::parse(self.world, &self.call.recording, &self.call.account, &self.token);
        let Some(recording) = recording.filter(|recording| recording.sid != pending.last_recording) else {
            warn!(number = %self.call.number, "a recording that is not Twilio's, or that was there before");
            return Ok(self.end("We have no recording of you. Please call our contact centre again."));
        };
        // The recording is used up before it is judged, so that none is judged twice, however often it is posted.
        pending.last_recording.clone_from(&recording.sid);
        caller.pending = Some(pending.clone());
        self.write(&mut caller).await?;

        let verdict = self.verdict(&caller, step, &recording).await;
        recording.delete(self.world, self.deadline).await;
        let verdict = verdict?;
        info!(number = %self.call.number, ?verdict, "the voice service has judged");
        match verdict {
            Verdict::Success => self.succeed(caller, step).await,
            Verdict::AskAgain(code) => self.again(caller, pending, limits, prompt(&code), false).await,
            Verdict::Mismatch => self.again(caller, pending, limits, "That did not sound like you.", true).await,
            Verdict::OutOfStep => {
                self.reconcile(&mut caller).await;
                pending.step = if caller.is_enrolled() { Step::Verify } else { Step::Enroll };
                self.again(caller, pending, limits, "We need another sample of your voice.", false).await
            }
            Verdict::UnknownUser => {
                // The next call makes a new one.
                caller.user_id = String::new();
                (caller.num_enrollments, caller.pending) = (0, None);
                self.write(&mut caller).await?;
                Ok(self.end("Your enrolment is gone. Please call our contact centre again to enrol anew."))
            }
            Verdict::Operator(what) => {
                error!("the voice service refuses to judge: {what}");
                caller.pending = None;
                self.write(&mut caller).await?;
                Ok(self.end("Voice login is out of order just now. Please call again later."))
            }
        }
    }

    async fn verdict(&self, caller: &Caller, step: Step, recording: &Recording) -> Result<Verdict, Failure> {
        if !recording.is_ready(self.world, self.deadline).await {
            return Ok(Verdict::AskAgain("SRNR".to_owned()));
        }
        let client = Client::new(self.world, self.deadline).await?;
        match step {
            Step::Enroll => client.enroll(&caller.user_id, &recording.file()).await,
            Step::Verify => client.verify(&caller.user_id, &recording.file()).await,
        }
    }

    async fn succeed(&self, mut caller: Caller, step: Step) -> Result<Twiml, Failure> {
        if step == Step::Verify {
            let code = random_digits(self.world, CODE_DIGITS)?;
            (caller.verified, caller.pending, caller.failures) = (true, None, 0);
            caller.auth_time = self.world.now().to_string();
            caller.code = Some(code.clone());
            self.write(&mut caller).await?;
            // The time that counts is running, so this is short.
            return self.dial("Thank you.", Some(&code));
        }
        caller.take_enrollments(u64::from(caller.num_enrollments) + 1);
        if caller.is_enrolled() {
            caller.pending = None;
            self.write(&mut caller).await?;
            return self.dial("You are enrolled. We pass you back to be verified.", None);
        }
        self.write(&mut caller).await?;
        self.ask(Step::Enroll, &format!("Once more, please: {}", self.phrase()?))
    }

    /// Asks again, a few times. Voices that do not match count towards the hour as well.
    async fn again(
        &self,
        mut caller: Caller,
        mut pending: Pending,
        limits: Limits,
        why: &str,
        is_failure: bool,
    ) -> Result<Twiml, Failure> {
        let now = self.world.now();
        pending.tries += 1;
        if is_failure {
            caller.count_failure(now);
        }
        let step = pending.step;
        let is_over = pending.tries >= limits.per_call || caller.is_locked(limits, now);
        caller.pending = (!is_over).then_some(pending);
        self.write(&mut caller).await?;
        if is_over {
            return Ok(self.end(&format!("{why} Please call our contact centre again later.")));
        }
        self.ask(step, &format!("{why} After the tone, please say: {}", self.phrase()?))
    }
}

/// What a caller can do about a recording that was no use.
fn prompt(code: &str) -> &'static str {
    match code {
        "STTF" => "We could not understand the phrase.",
        "PDNM" => "That was another phrase.",
        "SSTQ" => "That was too quiet.",
        "SSTL" => "That was too loud.",
        "NEHSD" => "We heard too little of your voice.",
        "RWPU" => "That was a recording. Please speak yourself.",
        _ => "We could not use that recording.",
    }
}
