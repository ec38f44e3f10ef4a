//! How near to hand-written an import is.

use super::names::Names;
use super::units::{Said, Units};

/// Counts over one import; they add up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stats {
    pub blocks: usize,
    /// Blocks that sentences say.
    pub sentences: usize,
    /// Lines of source that are neither empty nor a comment, nor the inside of a text.
    pub lines: usize,
    /// Lines inside texts of several lines.
    pub text: usize,
    /// Lines that only jump or head a step.
    pub jumps: usize,
    /// Uses of resources by a fixed address, and those that got a name.
    pub resources: usize,
    pub named: usize,
}

impl Stats {
    pub(super) fn new(text: &str, units: &Units, names: &Names) -> Self {
        let mut counted = Self::default();
        let mut inside = false;
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")) {
            let was_inside = inside;
            if line.matches(QUOTES).count() % 2 == 1 {
                inside = !inside;
            }
            if was_inside && !line.starts_with(QUOTES) {
                counted.text += 1;
                continue;
            }
            counted.lines += 1;
            if line.starts_with("->") || line.starts_with("step ") {
                counted.jumps += 1;
            }
        }
        Self {
            blocks: units.list.iter().map(|unit| unit.blocks.len()).sum(),
            sentences: units.list.iter().filter(|unit| unit.said == Said::Sentence).map(|unit| unit.blocks.len()).sum(),
            resources: names.uses,
            named: names.named,
            ..counted
        }
    }

    /// Shares and rates for people: blocks that are sentences, lines to a block, lines that are jumps or headings, resources
    /// with a name.
    pub fn rates(&self) -> [String; 4] {
        let percent = |part: usize, whole: usize| match whole {
            0 => "-".to_owned(),
            _ => format!("{:.1}%", 100.0 * ratio(part, whole)),
        };
        let lines = if self.blocks == 0 { "-".to_owned() } else { format!("{:.2}", ratio(self.lines, self.blocks)) };
        [
            percent(self.sentences, self.blocks),
            lines,
            percent(self.jumps, self.lines),
            percent(self.named, self.resources),
        ]
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of lines are small")]
fn ratio(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// What opens and closes a text of several lines.
const QUOTES: &str = "\"\"\"";

impl std::ops::AddAssign for Stats {
    fn add_assign(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.sentences += other.sentences;
        self.lines += other.lines;
        self.text += other.text;
        self.jumps += other.jumps;
        self.resources += other.resources;
        self.named += other.named;
    }
}
