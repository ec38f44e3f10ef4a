//! The sample events, one per outcome that takes no other service, and that an agent's token would not spoil in an hour.

use handler_common::testing::samples;

use crate::stage::embedded;

#[tokio::test]
async fn every_sample_event_gets_its_answer() {
    for sample in samples(env!("CARGO_MANIFEST_DIR")) {
        let stage = embedded().await.with_variable("API_URL", "https://api.example.com/video");
        // The stage's address differs from run to run, and is in no answer.
        let answer = video_escalation::handle(sample.event.clone(), &stage.world).await;
        sample.is_answered_by(answer);
    }
}
