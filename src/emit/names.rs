//! File names that hold on every system.

/// Bytes of a stem: file systems take 255, less the longest extension, and the rest is left to temporary names.
const STEM_BYTES_MAX: usize = 180;
/// Names that Windows keeps for devices, whatever their extension.
const DEVICES: &[&str] = &[
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];
/// Endings that the compiler's own files have: `<stem>.map.json`, `<stem>.module.json`.
const ENDINGS: &[&str] = &["map", "module"];
/// The file that lists all flows.
const MANIFEST: &str = "manifest";

/// The name of a flow's files without the extension: the flow's own name, with `_` for what a file name cannot hold.
/// A module's ends in `.module`, since a flow may have the same name.
pub fn file_stem(name: &str, is_module: bool) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let mut stem: String = name.chars().map(|c| if kept(c) { c } else { '_' }).collect();
    // A leading dot hides a file; Windows drops dots and spaces at the end.
    if stem.starts_with(['.', ' ']) {
        stem.replace_range(..1, "_");
    }
    if stem.ends_with(['.', ' ']) {
        stem.pop();
        stem.push('_');
    }
    if let Some((front, end)) = stem.rsplit_once('.')
        && ENDINGS.iter().any(|taken| end.eq_ignore_ascii_case(taken))
    {
        stem = format!("{front}_{end}");
    }
    if stem.len() > STEM_BYTES_MAX {
        stem = shortened(&stem, name);
    }
    let device = stem.split('.').next().unwrap_or_default();
    if stem.is_empty() || stem.eq_ignore_ascii_case(MANIFEST) || DEVICES.iter().any(|d| device.eq_ignore_ascii_case(d))
    {
        stem.insert(0, '_');
    }
    if is_module {
        stem.push_str(".module");
    }
    stem
}

/// The beginning of a long stem, and enough of the name's hash to tell it from its like.
fn shortened(stem: &str, name: &str) -> String {
    let mut short = String::new();
    for c in stem.chars() {
        if short.len() + c.len_utf8() > STEM_BYTES_MAX - 9 {
            break;
        }
        short.push(c);
    }
    short.push('-');
    short.extend(blake3::hash(name.as_bytes()).to_hex().chars().take(8));
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_name_is_its_own_file_name() {
        assert_eq!(file_stem("ACME_Main", false), "ACME_Main");
        assert_eq!(file_stem("Call back v1.2 - é", false), "Call back v1.2 - é");
        assert_eq!(file_stem("Verify", true), "Verify.module");
    }

    #[test]
    fn what_a_file_name_cannot_hold_is_replaced() {
        assert_eq!(file_stem("a/b\\c:d*\"e\"\n", false), "a_b_c_d__e__");
        assert_eq!(file_stem("../etc", false), "_._etc");
        assert_eq!(file_stem(".hidden", false), "_hidden");
        assert_eq!(file_stem("ends. ", false), "ends._");
        assert_eq!(file_stem("", false), "_");
        assert_eq!(file_stem("nul", false), "_nul");
        assert_eq!(file_stem("Con.v2", true), "_Con.v2.module");
    }

    #[test]
    fn no_flow_takes_the_name_of_another_kind_of_file() {
        assert_eq!(file_stem("manifest", false), "_manifest");
        assert_eq!(file_stem("Main.map", false), "Main_map");
        assert_eq!(file_stem("Verify.module", false), "Verify_module");
    }

    #[test]
    fn a_long_name_is_cut_and_stays_unique() {
        let one = file_stem(&"長".repeat(127), false);
        let two = file_stem(&"長".repeat(126), false);
        assert!(one.len() <= STEM_BYTES_MAX && two.len() <= STEM_BYTES_MAX);
        assert_ne!(one, two);
    }
}
