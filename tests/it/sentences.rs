//! `docs/sentences.md` is what the catalogue says today.

use flowc::catalogue;
use flowc::driver::reference;

use crate::support::baseline::{Baselines, repository};

#[test]
fn the_page_is_fresh() {
    let mut baselines = Baselines::default();
    baselines.expect(&repository("docs/sentences.md"), &reference::sentences());
    baselines.finish();
}

#[test]
fn the_page_names_every_action_and_setting() {
    let page = reference::sentences();
    for row in catalogue::all() {
        assert!(page.contains(&format!("### {}\n", row.name)), "{}", row.name);
        for sentence in row.sentences {
            assert!(page.contains(sentence.example), "{}", sentence.example);
            for setting in sentence.settings {
                assert!(page.contains(&format!("| `{}` |", setting.word)), "{}", setting.word);
            }
        }
    }
}
