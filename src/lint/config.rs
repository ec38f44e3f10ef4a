//! What a project decides about rules.

use std::collections::BTreeMap;

use super::allow::Entry;
use super::{Bot, Rule, Setting, rules};
use crate::flow::Function;

/// The levels of rules: those of the whole project, and those of parts of it.
#[derive(Debug, Clone, Default)]
pub struct Config {
    pub levels: BTreeMap<&'static str, Setting>,
    /// Later ones count before earlier ones.
    pub scopes: Vec<Scope>,
    /// Only this rule, at its level or at least as a warning.
    pub only: Option<&'static str>,
    /// What a file beside documents says is right.
    pub allowed: Vec<Entry>,
    /// How things may be called: by rule, its pattern.
    pub patterns: BTreeMap<String, String>,
    /// What the functions of the project say of their answers, by name.
    pub contracts: BTreeMap<String, Function>,
    /// What its bots can answer, by name.
    pub bots: BTreeMap<String, Bot>,
}

/// Levels for the flows of some sources.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Paths of sources from the project's folder, with `*`, `**` and `?`.
    pub paths: Vec<String>,
    pub levels: BTreeMap<&'static str, Setting>,
}

impl Config {
    /// What is made of a rule's findings in a source.
    pub fn setting(&self, rule: &Rule, path: &str) -> Setting {
        let name = rule.name();
        let mut matching = self.scopes.iter().rev().filter(|scope| scope.paths.iter().any(|glob| matches(glob, path)));
        let scoped = matching.find_map(|scope| scope.levels.get(name));
        let setting = scoped.or_else(|| self.levels.get(name)).copied().unwrap_or(rule.default);
        match self.only {
            Some(only) if only != name => Setting::Allow,
            Some(_) if setting == Setting::Allow => Setting::Warn,
            _ => setting,
        }
    }

    /// Whether a rule is switched on for anything at all.
    pub fn is_on(&self, rule: &Rule) -> bool {
        let name = rule.name();
        let anywhere = self.scopes.iter().filter_map(|scope| scope.levels.get(name));
        match self.only {
            Some(only) => only == name,
            None => {
                let whole = self.levels.get(name).unwrap_or(&rule.default);
                anywhere.chain([whole]).any(|setting| *setting != Setting::Allow)
            }
        }
    }

    /// How what a rule looks at may be called, if the project says so.
    pub fn pattern(&self, rule: &str) -> Option<&str> {
        self.patterns.get(rule).map(String::as_str)
    }

    /// The rule of a name, for settings.
    pub fn rule(name: &str) -> Option<&'static Rule> {
        rules::find(name)
    }
}

/// Whether a path fits a pattern: `*` and `?` stay inside a folder, `**` does not.
pub fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) = (pattern.chars().collect(), text.chars().collect());
    // By place in the text: whether the pattern so far can have matched up to there.
    let mut reached = vec![false; text.len() + 1];
    if let Some(first) = reached.first_mut() {
        *first = true;
    }
    let mut rest = pattern.as_slice();
    while let Some((sign, behind)) = rest.split_first() {
        let across = *sign == '*' && behind.first() == Some(&'*');
        rest = if across { behind.get(1..).unwrap_or_default() } else { behind };
        // `**/` may also stand for no folder at all.
        let no_folder = across && rest.first() == Some(&'/');
        let start = reached.clone();
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            let before = at.checked_sub(1).and_then(|before| text.get(before));
            let came = |reached: &[bool]| at.checked_sub(1).and_then(|at| reached.get(at)).copied().unwrap_or_default();
            let here = reached.get(at).copied().unwrap_or_default();
            let fits = match sign {
                '*' => here || came(&next) && (across || before != Some(&'/')),
                '?' => came(&reached) && before != Some(&'/'),
                sign => came(&reached) && before == Some(sign),
            };
            if let Some(slot) = next.get_mut(at) {
                *slot = fits;
            }
        }
        if no_folder {
            rest = rest.get(1..).unwrap_or_default();
            let at_folder = |at: usize| at == 0 || text.get(at - 1) == Some(&'/');
            for (at, slot) in next.iter_mut().enumerate() {
                *slot = start.get(at).copied().unwrap_or_default() || *slot && at_folder(at);
            }
        }
        reached = next;
    }
    reached.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars_stop_at_folders_unless_there_are_two() {
        assert!(matches("a/*.flow", "a/b.flow"));
        assert!(!matches("a/*.flow", "a/b/c.flow"));
        assert!(matches("a/**", "a/b/c.flow"));
        assert!(matches("**/c.flow", "a/b/c.flow"));
        assert!(matches("**/c.flow", "c.flow"));
        assert!(!matches("**/c.flow", "abc.flow"));
        assert!(matches("?.flow", "a.flow"));
        assert!(!matches("?.flow", "ab.flow"));
    }
}
