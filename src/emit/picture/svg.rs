//! SVG: a picture that needs nothing else to be seen, on a light page or a dark one.

use std::fmt::{self, Write};

use super::{is_failure, is_terminal, kind_words, shortened, title, word};
use crate::catalogue::Family;
use crate::emit::layout::{ENTRY, Frame, GAP_X, HEADER, Lane, Layout, Point, ROW, WIDTH, layout};
use crate::flow::{Block, BlockId, Flow};
use crate::source::shown_line;

/// Columns that fit: of the sentence, of the block's name above it, and of an outlet's word.
const LABEL_COLUMNS: usize = 26;
const TITLE_COLUMNS: usize = 30;
const WORD_COLUMNS: usize = 26;
const MARGIN: i64 = 40;
/// Room above the drawing for the flow's name.
const HEADING: i64 = 36;
/// Below the last exit of a block.
const FOOT: i64 = 8;

const STYLE: &str = "\
text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif}\
.ground{fill:#f6f7f9}\
.name{font-size:18px;font-weight:600;fill:#1d2530}.kind{font-size:13px;fill:#6b7583}\
.box{fill:#fff;stroke:#c6ccd5;stroke-width:1}.end{fill:#eef0f3;stroke:#9aa4b1}\
.title{font-size:11px;fill:#6b7583}.label{font-size:12px;fill:#1d2530}\
.word{font-size:11px;fill:#3f4957;text-anchor:end}.soft{fill:#8a94a1}\
.rule{stroke:#e6e9ee;stroke-width:1}\
.step{font-size:11px;font-weight:600;fill:#6b7583}\
.way{fill:none;stroke:#566172;stroke-width:1.6;stroke-linecap:round}\
.fail{fill:none;stroke:#aab2bd;stroke-width:1.3;stroke-dasharray:5 4}\
.tip{fill:#566172}.failtip{fill:#aab2bd}\
.participant{fill:#2f6fde}.control{fill:#8059c8}.contact{fill:#17936b}.interaction{fill:#d0752a}.raw{fill:#8a94a1}";

pub(super) fn draw(flow: &Flow) -> String {
    let mut svg = String::new();
    // A string takes all that is written to it.
    let _ = write(&mut svg, flow);
    svg
}

fn write(svg: &mut String, flow: &Flow) -> fmt::Result {
    let layout = layout(flow);
    let extent = layout.extent();
    let heading = format!("{} · {}", flow.name.value, kind_words(flow));
    let width = (extent.x + MARGIN).max(320);
    let height = extent.y + MARGIN + HEADING;
    writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 {} {width} {height}\" role=\"img\">",
        -HEADING
    )?;
    writeln!(svg, "<title>{}</title>", escaped(&heading))?;
    writeln!(svg, "<style>{STYLE}</style>")?;
    writeln!(
        svg,
        "<rect class=\"ground\" x=\"0\" y=\"{}\" width=\"{width}\" height=\"{height}\" rx=\"10\"/>",
        -HEADING
    )?;
    writeln!(
        svg,
        "<text class=\"name\" x=\"{MARGIN}\" y=\"4\">{} <tspan class=\"kind\" font-weight=\"400\" dx=\"6\">{}</tspan></text>",
        escaped(&shortened(&flow.name.value, 127)),
        escaped(&kind_words(flow))
    )?;
    let ways = Ways::collect(flow, &layout);
    // Failures lie below all else: they are many, and seldom what one looks for.
    for failing in [true, false] {
        for path in ways.paths.iter().filter(|path| path.failing == failing) {
            writeln!(svg, "<path class=\"{}\" d=\"{}\"/>", if failing { "fail" } else { "way" }, path.line)?;
        }
    }
    for (tip, failing) in &ways.tips {
        let Point { x, y } = *tip;
        let class = if *failing { "failtip" } else { "tip" };
        writeln!(svg, "<path class=\"{class}\" d=\"M{} {}L{x} {y}L{} {}Z\"/>", x - 9, y - 5, x - 9, y + 5)?;
    }
    entry(svg, flow, &layout)?;
    let mut step = "";
    for (id, block) in flow.blocks() {
        if block.step != step {
            step = &block.step;
            let Frame { x, y, .. } = layout.frame(id);
            writeln!(
                svg,
                "<text class=\"step\" x=\"{}\" y=\"{}\">{}</text>",
                x + 2,
                y - 7,
                escaped(&shortened(step, 30))
            )?;
        }
        draw_block(svg, flow, &layout, id, block)?;
    }
    writeln!(svg, "</svg>")
}

fn entry(svg: &mut String, flow: &Flow, layout: &Layout) -> fmt::Result {
    let Some(start) = flow.start() else { return Ok(()) };
    let Frame { x, y, .. } = layout.frame(start);
    let Point { x: left, .. } = layout.entry;
    let y = y + ENTRY;
    writeln!(svg, "<path class=\"way\" d=\"M{} {y}L{} {y}\"/>", left + 60, x - 8)?;
    writeln!(svg, "<path class=\"tip\" d=\"M{} {}L{x} {y}L{} {}Z\"/>", x - 9, y - 5, x - 9, y + 5)?;
    writeln!(svg, "<rect class=\"raw\" x=\"{left}\" y=\"{}\" width=\"60\" height=\"28\" rx=\"14\"/>", y - 14)?;
    writeln!(
        svg,
        "<text x=\"{}\" y=\"{}\" font-size=\"12\" font-weight=\"600\" text-anchor=\"middle\" fill=\"#fff\">start</text>",
        left + 30,
        y + 4
    )
}

fn draw_block(svg: &mut String, flow: &Flow, layout: &Layout, id: BlockId, block: &Block) -> fmt::Result {
    let Frame { x, y, .. } = layout.frame(id);
    let variant = block.variant();
    let lowest = layout.ports(id).filter(|port| *port > HEADER).max();
    let height = lowest.map_or(HEADER, |port| port + ROW / 2 + FOOT);
    let family = match block.action.row().map(|row| row.family) {
        Some(Family::Participant) => "participant",
        Some(Family::FlowControl) => "control",
        Some(Family::Contact) => "contact",
        Some(
            Family::Interaction | Family::CustomerProfiles | Family::Cases | Family::DataTables | Family::Campaign,
        ) => "interaction",
        None => "raw",
    };
    let end = if is_terminal(flow, id, block) { " end" } else { "" };
    writeln!(svg, "<g><title>{}</title>", escaped(&block.label))?;
    writeln!(svg, "<rect class=\"box{end}\" x=\"{x}\" y=\"{y}\" width=\"{WIDTH}\" height=\"{height}\" rx=\"8\"/>")?;
    writeln!(
        svg,
        "<rect class=\"{family}\" x=\"{}\" y=\"{}\" width=\"4\" height=\"{}\" rx=\"2\"/>",
        x + 7,
        y + 12,
        HEADER - 24
    )?;
    let text = x + 19;
    writeln!(
        svg,
        "<text class=\"title\" x=\"{text}\" y=\"{}\">{}</text>",
        y + 25,
        escaped(&shortened(&title(block), TITLE_COLUMNS))
    )?;
    writeln!(
        svg,
        "<text class=\"label\" x=\"{text}\" y=\"{}\">{}</text>",
        y + 43,
        escaped(&shortened(&block.label, LABEL_COLUMNS))
    )?;
    if lowest.is_some() {
        let rule = y + HEADER - 2;
        writeln!(svg, "<path class=\"rule\" d=\"M{} {rule}L{} {rule}\"/>", x + 1, x + WIDTH - 1)?;
    }
    for (exit, port) in flow.exits(id).iter().zip(layout.ports(id)) {
        let (right, height) = (x + WIDTH, y + port);
        let failing = is_failure(variant, &exit.outlet);
        let word = shortened(&word(variant, &exit.outlet), WORD_COLUMNS);
        if !word.is_empty() {
            let soft = if failing { " soft" } else { "" };
            writeln!(
                svg,
                "<text class=\"word{soft}\" x=\"{}\" y=\"{}\">{}</text>",
                right - 11,
                height + 4,
                escaped(&word)
            )?;
        }
        writeln!(
            svg,
            "<circle class=\"{}\" cx=\"{right}\" cy=\"{height}\" r=\"3\"/>",
            if failing { "failtip" } else { "tip" }
        )?;
    }
    writeln!(svg, "</g>")
}

// ---- connections --------------------------------------------------------------------------------------------------

/// The lines of a picture. Connections to one block share its lane, which is drawn once.
#[derive(Default)]
struct Ways {
    paths: Vec<Path>,
    /// Ends of lines, and whether only failures end there.
    tips: Vec<(Point, bool)>,
}

struct Path {
    line: String,
    failing: bool,
}

/// What joins a lane: at which stretch at the earliest, for all connections and for those that are no failures.
#[derive(Clone, Copy, Default)]
struct Joined {
    any: Option<i64>,
    sound: Option<i64>,
}

impl Joined {
    fn add(&mut self, x: i64, failing: bool, first: impl Fn(i64, i64) -> i64) {
        let earlier = |old: Option<i64>| Some(old.map_or(x, |old| first(old, x)));
        self.any = earlier(self.any);
        if !failing {
            self.sound = earlier(self.sound);
        }
    }
}

impl Ways {
    fn collect(flow: &Flow, layout: &Layout) -> Self {
        let mut ways = Self::default();
        let mut forward = vec![Joined::default(); flow.len()];
        let mut back = vec![Joined::default(); flow.len()];
        // Whether a block is reached at all, and whether by anything but failures.
        let mut reached = vec![None::<bool>; flow.len()];
        for (id, block) in flow.blocks() {
            let frame = layout.frame(id);
            let variant = block.variant();
            for (exit, port) in flow.exits(id).iter().zip(layout.ports(id)) {
                let failing = is_failure(variant, &exit.outlet);
                let from = Point { x: frame.x + WIDTH, y: frame.y + port };
                let target = exit.target.index();
                if let Some(reached) = reached.get_mut(target) {
                    *reached = Some(reached.unwrap_or(true) && failing);
                }
                let to = into(layout.frame(exit.target));
                let (ahead, behind) = (lane(&layout.forward, target), lane(&layout.back, target));
                if to.x > from.x {
                    let joined = ahead.iter().find(|stretch| stretch.x > frame.x).filter(|stretch| stretch.x < to.x);
                    ways.paths.push(Path {
                        line: curve(from, joined.copied().unwrap_or(Point { x: to.x - 8, ..to })),
                        failing,
                    });
                    if let (Some(stretch), Some(slot)) = (joined, forward.get_mut(target)) {
                        slot.add(stretch.x, failing, i64::min);
                    }
                } else if let Some(stretch) = behind.iter().find(|stretch| stretch.x == frame.x) {
                    let end = Point { x: stretch.x + WIDTH, y: stretch.y };
                    ways.paths.push(Path { line: turn(from, end, GAP_X / 2), failing });
                    if let Some(slot) = back.get_mut(target) {
                        slot.add(stretch.x, failing, i64::max);
                    }
                } else {
                    ways.paths.push(Path { line: around(from, Point { x: to.x - 8, ..to }), failing });
                }
            }
        }
        for (id, _) in flow.blocks() {
            let to = into(layout.frame(id));
            let tip = Point { x: to.x - 8, ..to };
            let joined = forward.get(id.index()).copied().unwrap_or_default();
            ways.ahead(lane(&layout.forward, id.index()), joined, tip);
            let joined = back.get(id.index()).copied().unwrap_or_default();
            ways.behind(lane(&layout.back, id.index()), joined, tip);
            if let Some(failing) = reached.get(id.index()).copied().flatten() {
                ways.tips.push((to, failing));
            }
        }
        ways
    }

    /// A lane to the right: across each stretch, and on to the next.
    fn ahead(&mut self, stretches: &[Point], joined: Joined, tip: Point) {
        let Some(first) = joined.any else { return };
        for (at, stretch) in stretches.iter().enumerate().filter(|(_, stretch)| stretch.x >= first) {
            let failing = joined.sound.is_none_or(|sound| stretch.x < sound);
            let end = Point { x: stretch.x + WIDTH, y: stretch.y };
            let next = stretches.get(at + 1).copied().unwrap_or(tip);
            self.paths.push(Path { line: across(*stretch, end, &curve_on(end, next)), failing });
        }
    }

    /// A lane to the left, and round into the block from before it.
    fn behind(&mut self, stretches: &[Point], joined: Joined, tip: Point) {
        let Some(first) = joined.any else { return };
        for (at, stretch) in stretches.iter().enumerate().filter(|(_, stretch)| stretch.x <= first) {
            let failing = joined.sound.is_none_or(|sound| stretch.x > sound);
            let right = Point { x: stretch.x + WIDTH, y: stretch.y };
            let on = match at.checked_sub(1).and_then(|before| stretches.get(before)) {
                Some(next) => curve_on(*stretch, Point { x: next.x + WIDTH, y: next.y }),
                None => turn_on(*stretch, tip, -GAP_X / 2),
            };
            self.paths.push(Path { line: across(right, *stretch, &on), failing });
        }
    }
}

fn into(frame: Frame) -> Point {
    Point { x: frame.x, y: frame.y + ENTRY }
}

fn lane(lanes: &[Lane], target: usize) -> &[Point] {
    lanes.get(target).map(|lane| lane.stretches.as_slice()).unwrap_or_default()
}

fn across(from: Point, to: Point, on: &str) -> String {
    format!("M{} {}L{} {}{on}", from.x, from.y, to.x, to.y)
}

/// From one column to another: level at both ends.
fn curve(from: Point, to: Point) -> String {
    format!("M{} {}{}", from.x, from.y, curve_on(from, to))
}

fn curve_on(from: Point, to: Point) -> String {
    if from.y == to.y {
        return format!("L{} {}", to.x, to.y);
    }
    let middle = i64::midpoint(from.x, to.x);
    format!("C{middle} {} {middle} {} {} {}", from.y, to.y, to.x, to.y)
}

/// Out of a column and back into it, bulging by so much.
fn turn(from: Point, to: Point, bulge: i64) -> String {
    format!("M{} {}{}", from.x, from.y, turn_on(from, to, bulge))
}

fn turn_on(from: Point, to: Point, bulge: i64) -> String {
    format!("C{} {} {} {} {} {}", from.x + bulge, from.y, to.x + bulge, to.y, to.x, to.y)
}

/// To somewhere on the left without a lane.
fn around(from: Point, to: Point) -> String {
    format!("M{} {}C{} {} {} {} {} {}", from.x, from.y, from.x + GAP_X, from.y, to.x - GAP_X, to.y, to.x, to.y)
}

fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in shown_line(text).chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML has no place for these, not even as entities; control characters are shown as escapes.
            '\u{fffe}' | '\u{ffff}' => escaped.push(char::REPLACEMENT_CHARACTER),
            c => escaped.push(c),
        }
    }
    escaped
}
