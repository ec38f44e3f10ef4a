//! `docs/sentences.md`, `docs/actions.md` and `docs/service-rules.md` are what the catalogue says today.

use flowc::catalogue;
use flowc::driver::reference;

use crate::support::baseline::{Baselines, repository};

#[test]
fn the_pages_are_fresh() {
    let mut baselines = Baselines::default();
    baselines.expect(&repository("docs/sentences.md"), &reference::sentences());
    baselines.expect(&repository("docs/actions.md"), &reference::actions());
    baselines.expect(&repository("docs/service-rules.md"), &reference::service_rules());
    baselines.finish();
}

#[test]
fn the_page_of_sentences_has_every_sentence_and_setting() {
    let page = reference::sentences();
    for row in catalogue::all().filter(|row| !row.sentences.is_empty() || !row.assigns.is_empty()) {
        assert!(page.contains(&format!("### {}\n", row.name)), "{}", row.name);
        for sentence in row.sentences {
            assert!(page.contains(sentence.example), "{}", sentence.example);
            for setting in sentence.settings {
                assert!(page.contains(&format!("| `{}` |", setting.word)), "{}", setting.word);
            }
        }
    }
}

#[test]
fn the_page_of_actions_has_every_action_parameter_and_branch() {
    let page = reference::actions();
    for row in catalogue::all() {
        let (_, section) = page.split_once(&format!("\n### {}\n", row.name)).expect(row.name);
        let section = section.split("\n### ").next().unwrap_or_default();
        for param in row.params {
            assert!(section.contains(&format!("| `{}` |", param.name)), "{} {}", row.name, param.name);
        }
        for outlet in row.variants.iter().flat_map(|variant| variant.outlets) {
            assert!(section.contains(&format!("`{}` (", outlet.word)), "{} {}", row.name, outlet.word);
        }
        assert!(section.contains(&format!("Evidence: {}, by", row.evidence.word())), "{}", row.name);
    }
}
