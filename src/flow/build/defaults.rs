//! The project's defaults: settings that sentences take where they do not give their own. They are held against the
//! catalogue where they are written, so that a slip in the project file is not told at every line that it touches.

use super::Options;
use super::body::Builder;
use super::index::Index;
use super::sentence::parameter;
use crate::catalogue::{self, FlowType, Phrase, Sentence};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, listed};
use crate::flow::{Flow, FlowKind};
use crate::source::{Span, Spanned};
use crate::syntax::ast;

/// What is wrong with a default of the project: the first words of a sentence, one of its settings, and what the setting
/// is to be. The spans say where the project file has them.
pub fn default_problem(
    sentence: &Spanned<String>,
    setting: &Spanned<String>,
    value: &Spanned<String>,
) -> Option<Diagnostic> {
    let options = Options::default();
    let index = Index::new([], [], &options);
    let flow = Flow::new(
        Spanned::new(sentence.value.as_str().into(), sentence.span),
        FlowKind::Flow(FlowType::Inbound),
        sentence.span,
    );
    let mut diagnostics = Diagnostics::new();
    let mut namings = Vec::new();
    let mut builder = Builder::new(&index, &flow, &mut diagnostics, &mut namings);
    builder.project_default(sentence, setting, value);
    let problem = diagnostics.into_iter().next()?;
    Some(Diagnostic { code: codes::PROJECT_FILE, ..problem }.at(codes::PROJECT_FILE.level()))
}

impl Builder<'_> {
    /// Holds a default of the project file against the sentences that it is for.
    fn project_default(&mut self, sentence: &Spanned<String>, setting: &Spanned<String>, value: &Spanned<String>) {
        let verb = sentence.value.split(' ').next().unwrap_or_default();
        let phrases: Vec<&Phrase> =
            catalogue::phrases(verb).iter().filter(|p| p.sentence.head() == sentence.value).collect();
        if phrases.is_empty() {
            let heads: Vec<&str> = catalogue::all()
                .flat_map(|row| row.sentences)
                .filter(|sentence| !sentence.settings.is_empty())
                .map(Sentence::head)
                .collect();
            self.diagnostics.push(
                Diagnostic::new(
                    codes::PROJECT_FILE,
                    sentence.span,
                    format!("no sentence begins with `{}`", sentence.value),
                )
                .label("not known")
                .help("a default belongs to the first words of a sentence, as in `[defaults.\"transfer to phone\"]`")
                .suggest(&sentence.value, heads),
            );
            return;
        }
        let known: Vec<&str> = phrases.iter().flat_map(|p| p.sentence.settings).map(|known| known.word).collect();
        let found = phrases.iter().find_map(|phrase| {
            let known = phrase.sentence.settings.iter().find(|known| known.word == setting.value)?;
            parameter(**phrase, known.param)
        });
        let Some(param) = found else {
            let help =
                if known.is_empty() { "it takes no settings".to_owned() } else { format!("it has {}", listed(&known)) };
            self.diagnostics.push(
                Diagnostic::new(
                    codes::PROJECT_FILE,
                    setting.span,
                    format!("`{}` has no setting `{}`", sentence.value, setting.value),
                )
                .label("not known")
                .help(help)
                .suggest(&setting.value, known),
            );
            return;
        };
        self.subject = Some(setting.value.clone().into());
        self.value(param, &default_value(&value.value, value.span), Builder::nowhere());
        self.subject = None;
    }
}

/// A default from the project file, read as a value would be read in the source.
pub(super) fn default_value(text: &str, span: Span) -> ast::Value {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '%');
    let unit = text.get(digits.len()..).and_then(ast::Unit::from_text);
    match unit {
        Some(unit) if !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            ast::Value::Quantity(Spanned::new(ast::Quantity { number: digits.into(), unit }, span))
        }
        _ if crate::syntax::is_plain_word(text) => ast::Value::Word(Spanned::new(text.into(), span)),
        _ => ast::Value::Text(ast::Text {
            segments: vec![ast::Segment::Literal(text.into())],
            block: false,
            address: false,
            span: Spanned::new((), span),
        }),
    }
}
