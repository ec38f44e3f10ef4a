//! `environments/<name>.toml`: which instance an environment is, and what names mean there.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::handlers::{self, Listed};
use super::reader::{self, Key, Reader, Value};
use crate::catalogue::ResourceKind;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::mapping::{Answers, Entry, Environment, Instance, Mode, Modes, Name, complete};
use crate::source::{Source, Span, Spanned};

/// The folder of environment files, beside the project file.
pub const FOLDER: &str = "environments";

/// An environment file and the files that it includes.
#[derive(Debug)]
pub struct EnvironmentFile<'s> {
    /// The file's name without its ending.
    pub name: String,
    pub source: &'s Source,
    /// In the order in which the file names them.
    pub included: Vec<&'s Source>,
}

/// The paths that an environment file includes, from its own folder. What is wrong with them is said by
/// [`environments`].
pub fn includes(source: &Source) -> Vec<Spanned<String>> {
    let mut paths = Vec::new();
    // Read twice: what else the file says is not known to be right before its includes have been read.
    reader::read(source, codes::ENVIRONMENT_FILE, EXAMPLE, |reader, table| {
        if let Some((_, value)) = table.iter().find(|(key, _)| key.get_ref() == "include") {
            paths = included(reader, value);
        }
    });
    paths
}

const EXAMPLE: &str = "region = \"us-east-1\"";
/// What stands in an environment file besides the tables of names.
const KEYS: [&str; 7] = ["instance", "region", "mapping", "include", "values", "regions", "handlers"];
/// What may differ from region to region, besides names.
const REGION_KEYS: [&str; 4] = ["instance", "mapping", "values", "handlers"];

/// Reads an environment file: one environment, or one for each region.
pub fn environments(file: &EnvironmentFile) -> (Vec<Environment>, Vec<Diagnostic>) {
    let mut problems = Diagnostics::new();
    let mut shared = Layer::default();
    for source in &file.included {
        let mut layer = Layer::default();
        problems.extend(reader::read(source, codes::ENVIRONMENT_FILE, EXAMPLE, |reader, table| {
            layer.read(reader, table, &[]);
        }));
        for (name, text) in layer.names {
            match shared.names.get(&name) {
                Some(before) if before.value.value != text.value.value => problems.push(clash(&name, &text, before)),
                _ => {
                    shared.names.insert(name, text);
                }
            }
        }
    }
    let mut own = Layer::default();
    let mut regions: Vec<(Spanned<String>, Layer)> = Vec::new();
    problems.extend(reader::read(file.source, codes::ENVIRONMENT_FILE, EXAMPLE, |reader, table| {
        own.read(reader, table, &KEYS);
        if let Some(value) = table.get("regions") {
            for (key, value) in reader.table(value, "regions").into_iter().flatten() {
                let mut layer = Layer::default();
                if let Some(table) = reader.table(value, &format!("regions.{}", key.get_ref())) {
                    layer.read(reader, table, &REGION_KEYS);
                }
                regions.push((Spanned::new(key.get_ref().to_string(), reader.span(key.span())), layer));
            }
        }
    }));
    if problems.has_errors() {
        return (Vec::new(), problems.into_sorted());
    }
    shared.lay(own);
    let head = Span::new(file.source.id, 0, 0);
    let found = if regions.is_empty() {
        shared.environment(file.name.clone(), head, &mut problems).into_iter().collect()
    } else {
        let each = |(region, layer): (Spanned<String>, Layer)| {
            let mut all = shared.clone();
            let name = format!("{}/{}", file.name, region.value);
            let place = region.span;
            all.region = Some(region);
            all.lay(layer);
            all.environment(name, place, &mut problems)
        };
        regions.into_iter().filter_map(each).collect()
    };
    (found, problems.into_sorted())
}

/// Environments whose files would be the same. Files have a dash where a folder ends, and on many disks case makes no
/// difference. `others` are names of environments that the project has besides.
pub fn shared_files(environments: &[Environment], others: &[String]) -> Vec<Diagnostic> {
    let file = |name: &str| name.replace('/', "-").to_lowercase();
    let problem = |environment: &Environment, other: &str| {
        let message = format!("`{other}` and `{}` would be written to the same files", environment.name);
        Diagnostic::new(codes::ENVIRONMENT_FILE, environment.place, message)
            .label("this one")
            .help("rename the file of one of them; a region is part of the name, and case makes no difference")
    };
    let mut taken: BTreeMap<String, &Environment> = BTreeMap::new();
    let mut problems = Vec::new();
    for environment in environments {
        let file = file(&environment.name);
        if let Some(before) = taken.get(&file) {
            problems.push(problem(environment, &before.name).also(before.place, "and this one"));
        }
        taken.entry(file).or_insert(environment);
    }
    let also = others.iter().filter_map(|other| Some(problem(taken.get(&file(other))?, other)));
    problems.extend(also);
    problems
}

fn clash(name: &Name, text: &Text, before: &Text) -> Diagnostic {
    let (kind, name) = (name.0.word(), &name.1);
    let message = format!("the {kind} `{name}` has another address in another included file");
    Diagnostic::new(codes::ENVIRONMENT_FILE, text.value.span, message)
        .label("this one")
        .also(before.value.span, "and this one")
        .help("name it in the environment's own file, which has the last word")
}

/// A name's line.
#[derive(Debug, Clone)]
struct Text {
    key: Span,
    value: Spanned<String>,
}

/// What one file or table says. Several are laid over one another.
#[derive(Debug, Clone, Default)]
struct Layer {
    instance: Option<Spanned<String>>,
    region: Option<Spanned<String>>,
    modes: Option<Modes>,
    values: BTreeMap<String, String>,
    names: BTreeMap<Name, Text>,
    /// Settings of functions.
    handlers: BTreeMap<String, Listed>,
}

impl Layer {
    fn read(&mut self, reader: &mut Reader, table: &DeTable, known: &[&str]) {
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            if let Some(kind) = ResourceKind::from_word(word) {
                self.names(reader, kind, value);
                continue;
            }
            match word {
                _ if !known.contains(&word) => unknown(reader, key, known),
                "instance" => self.instance = reader.text(value, word),
                "region" => self.region = reader.text(value, word),
                "mapping" => self.modes = Some(modes(reader, value)),
                "include" => {
                    included(reader, value);
                }
                "values" => self.values = reader.texts(value, word),
                "handlers" => self.handlers = settings(reader, value),
                _ => {}
            }
        }
    }

    fn names(&mut self, reader: &mut Reader, kind: ResourceKind, value: &Value) {
        for (key, value) in reader.table(value, kind.word()).into_iter().flatten() {
            if let Some(text) = reader.text(value, key.get_ref()) {
                let name = (kind, key.get_ref().to_string());
                self.names.insert(name, Text { key: reader.span(key.span()), value: text });
            }
        }
    }

    /// Lays another layer over this one.
    fn lay(&mut self, over: Self) {
        self.instance = over.instance.or(self.instance.take());
        self.region = self.region.take().or(over.region);
        self.modes = over.modes.or(self.modes.take());
        self.values.extend(over.values);
        self.names.extend(over.names);
        for (function, listed) in over.handlers {
            self.handlers.entry(function).or_default().lay(listed);
        }
    }

    fn environment(self, name: String, head: Span, problems: &mut Diagnostics) -> Option<Environment> {
        let Some(arn) = self.instance else {
            problems.push(
                Diagnostic::new(codes::ENVIRONMENT_FILE, head, format!("`{name}` does not say which instance it is"))
                    .label("no `instance`")
                    .help("add `instance = \"arn:aws:connect:<region>:<account>:instance/<id>\"`"),
            );
            return None;
        };
        let instance = match Instance::parse(&arn.value) {
            Ok(instance) => instance,
            Err(why) => {
                problems.push(
                    Diagnostic::new(codes::BAD_ADDRESS, arn.span, format!("this is not the ARN of an instance: {why}"))
                        .label("not an instance")
                        .help("copy it from the instance's page in the AWS console"),
                );
                return None;
            }
        };
        if let Some(region) = self.region.filter(|region| region.value != instance.region) {
            problems.push(
                Diagnostic::new(
                    codes::BAD_ADDRESS,
                    region.span,
                    format!("the region is `{}`, and the instance lies in `{}`", region.value, instance.region),
                )
                .label("another region")
                .also(arn.span, "the instance")
                .help("correct one of the two"),
            );
            return None;
        }
        let mut resources = BTreeMap::new();
        for (resource, text) in self.names {
            match complete(resource.0, &text.value.value, &instance) {
                Ok(address) => {
                    resources.insert(resource, Entry { address, key: text.key });
                }
                Err(why) => {
                    let message = format!("this cannot be the {} `{}`: {why}", resource.0.word(), resource.1);
                    problems.push(
                        Diagnostic::new(codes::BAD_ADDRESS, text.value.span, message)
                            .label("given as its address")
                            .help(format!("in `{name}`, give its ARN in {}, or its id alone", instance.region)),
                    );
                }
            }
        }
        let (modes, values) = (self.modes.unwrap_or_default(), self.values);
        let settings = self.handlers.iter().flat_map(|(function, listed)| {
            listed.texts().map(move |(setting, text)| ((function.clone(), setting.to_owned()), text))
        });
        let (settings, answers) = (settings.collect(), Answers::default());
        Some(Environment { name, instance, modes, values, resources, settings, answers, place: arn.span })
    }
}

/// The section `[handlers]`, in which an environment has only texts: flows are the project's to name.
fn settings(reader: &mut Reader, value: &Value) -> BTreeMap<String, Listed> {
    let all = handlers::read(reader, value);
    for (_, place) in all.values().flat_map(Listed::flows) {
        let problem = Diagnostic::new(codes::ENVIRONMENT_FILE, place, "which flow it is, the project says");
        reader.diagnostics.push(problem.label("not for one environment").help("move the line to flowc.toml"));
    }
    all
}

fn unknown(reader: &mut Reader, key: &Key, known: &[&str]) {
    let kinds = ResourceKind::ALL.iter().map(|kind| kind.word());
    let all: Vec<&str> = known.iter().copied().chain(kinds).collect();
    reader.unknown(key, &format!("`{}` is not part of an environment", key.get_ref()), &all);
}

fn included(reader: &mut Reader, value: &Value) -> Vec<Spanned<String>> {
    let Some(items) = value.get_ref().as_array() else {
        let message = format!("`include` is {}, where a list of paths is needed", reader::kind(value.get_ref()));
        reader.wrong(value, message, "write `include = [\"../flows-src/x.resources.toml\"]`");
        return Vec::new();
    };
    items.iter().filter_map(|item| reader.text(item, "include")).collect()
}

// ---- modes --------------------------------------------------------------------------------------------------------

/// A mode for everything, or a table of modes by kind and by name.
fn modes(reader: &mut Reader, value: &Value) -> Modes {
    if value.get_ref().as_str().is_some() {
        return Modes::all(mode(reader, value).unwrap_or_default());
    }
    let mut modes = Modes::default();
    for (key, value) in reader.table(value, "mapping").into_iter().flatten() {
        let word = key.get_ref().as_ref();
        match (word, ResourceKind::from_word(word), value.get_ref()) {
            ("default", ..) => modes.default = mode(reader, value).unwrap_or_default(),
            (_, Some(kind), DeValue::Table(names)) => {
                for (name, value) in names {
                    let mode = mode(reader, value);
                    modes.names.extend(mode.map(|mode| ((kind, name.get_ref().to_string()), mode)));
                }
            }
            (_, Some(kind), _) => modes.kinds.extend(mode(reader, value).map(|mode| (kind, mode))),
            (_, None, _) => unknown(reader, key, &["default"]),
        }
    }
    modes
}

fn mode(reader: &mut Reader, value: &Value) -> Option<Mode> {
    let text = reader.text(value, "mapping")?;
    let known = Mode::from_word(&text.value);
    if known.is_none() {
        let words = Mode::ALL.map(Mode::word);
        let close = crate::diagnostics::closest(&text.value, words);
        let help = close.map_or("a mapping is \"attributes\", \"static\" or \"template\"".to_owned(), |close| {
            format!("did you mean \"{close}\"?")
        });
        reader.wrong(value, format!("`{}` is not a way to map names", text.value), &help);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::SourceId;

    const INSTANCE: &str = "arn:aws:connect:us-east-1:111122223333:instance/0f1e2d3c-1111-4222-8333-444455556666";
    const QUEUE: &str = "aaaaaaaa-1111-4222-8333-444455556666";

    fn read(text: &str, included: &[&str]) -> (Vec<Environment>, Vec<String>) {
        let sources: Vec<Source> =
            (0..).zip([text].iter().chain(included)).map(|(id, text)| Source::new(SourceId(id), "x", *text)).collect();
        let file =
            EnvironmentFile { name: "dev".to_owned(), source: &sources[0], included: sources[1..].iter().collect() };
        let (environments, problems) = environments(&file);
        let shown = |problem: &Diagnostic| {
            let span = problem.primary.span;
            format!("{} {}", sources[span.source.0 as usize].slice(span), problem.message)
        };
        (environments, problems.iter().map(shown).collect())
    }

    fn queue(name: &str) -> Name {
        (ResourceKind::Queue, name.to_owned())
    }

    #[test]
    fn an_environment_has_an_instance_a_mode_values_and_names() {
        let text = format!(
            "instance = \"{INSTANCE}\"\nregion = \"us-east-1\"\n[mapping]\nprompt = \"static\"\n\
             [mapping.queue]\nSales = \"template\"\n[values]\nn = 7\n[queue]\n\"Basic Queue\" = \"{QUEUE}\"\n"
        );
        let (environments, problems) = read(&text, &[]);
        assert_eq!(problems, [""; 0]);
        let [environment] = environments.as_slice() else { panic!("{environments:?}") };
        assert_eq!(environment.address(&queue("Basic Queue")), Some(format!("{INSTANCE}/queue/{QUEUE}").as_str()));
        assert_eq!(environment.mode(&queue("Basic Queue")), Mode::Attributes);
        assert_eq!(environment.mode(&queue("Sales")), Mode::Template);
        assert_eq!(environment.mode(&(ResourceKind::Prompt, "Beep.wav".to_owned())), Mode::Static);
        assert_eq!(environment.values["n"], "7");
    }

    #[test]
    fn regions_share_what_stands_above_them() {
        let text = format!(
            "mapping = \"static\"\n[queue]\nSales = \"{QUEUE}\"\n[regions.us-east-1]\ninstance = \"{INSTANCE}\"\n\
             [regions.us-west-2]\ninstance = \"{}\"\n[regions.us-west-2.queue]\nSales = \"{}\"\n",
            INSTANCE.replace("east-1", "west-2"),
            QUEUE.replace('a', "b"),
        );
        let (environments, problems) = read(&text, &[]);
        assert_eq!(problems, [""; 0]);
        let names: Vec<&str> = environments.iter().map(|environment| environment.name.as_str()).collect();
        assert_eq!(names, ["dev/us-east-1", "dev/us-west-2"]);
        assert!(environments[0].address(&queue("Sales")).unwrap().ends_with(QUEUE));
        assert!(environments[1].address(&queue("Sales")).unwrap().contains("us-west-2"));
        assert!(environments[1].address(&queue("Sales")).unwrap().contains("bbbbbbbb"));
        assert_eq!(environments[1].mode(&queue("Sales")), Mode::Static);
    }

    #[test]
    fn the_file_itself_has_the_last_word_over_what_it_includes() {
        let file = |first: char| format!("[queue]\nSales = \"{}\"\n", QUEUE.replace('a', &first.to_string()));
        let head = format!("instance = \"{INSTANCE}\"\ninclude = [\"a.toml\", \"b.toml\"]\n");
        let (environments, problems) = read(&(head.clone() + &file('c')), &[&file('a'), &file('a')]);
        assert_eq!(problems, [""; 0]);
        assert!(environments[0].address(&queue("Sales")).unwrap().contains("cccccccc"));
        let (_, problems) = read(&head, &[&file('a'), &file('b')]);
        assert_eq!(problems.len(), 1);
        assert!(problems[0].contains("another address"), "{problems:?}");
    }

    #[test]
    fn what_is_wrong_is_underlined() {
        let wrong = [
            ("instance = 3", "3 `instance` is a number"),
            ("", " `dev` does not say which instance"),
            ("instance = \"x\"", "\"x\" this is not the ARN of an instance"),
            ("quue = {}", "quue `quue` is not part of an environment"),
            ("mapping = \"atributes\"", "\"atributes\" `atributes` is not a way"),
            ("queue = 1", "1 `queue` is a number, where a table"),
            ("include = \"x\"", "\"x\" `include` is a string"),
        ];
        for (text, start) in wrong {
            let (environments, problems) = read(text, &[]);
            assert!(environments.is_empty());
            assert!(problems[0].starts_with(start), "{text}: {problems:?}");
        }
        let with = |line: &str| read(&format!("instance = \"{INSTANCE}\"\n{line}\n"), &[]).1;
        assert!(with("region = \"eu-west-2\"")[0].starts_with("\"eu-west-2\" the region is"));
        assert!(with("[queue]\nSales = \"nowhere\"")[0].starts_with("\"nowhere\" this cannot be the queue `Sales`"));
    }
}
