//! The registry of codes: one row each, and the page that `flowc explain` prints.
//!
//! A code is never reused. Ranges by stage: 01xx syntax, 02xx names, 03xx values, 04xx paths, 05xx service limits,
//! 06xx output, 07xx documents, 08xx mapping, 09xx the project. `tests/errors/<code>/` proves each one.

use super::Level;

/// A code's row.
#[derive(Debug)]
pub struct CodeSpec {
    pub id: &'static str,
    pub level: Level,
    /// What it stands for, in one line.
    pub title: &'static str,
    /// The page in Markdown, with a bad and a good example.
    pub page: &'static str,
}

/// A reference to a row; two codes are equal when their ids are.
#[derive(Debug, Clone, Copy)]
pub struct Code(pub &'static CodeSpec);

impl Code {
    pub fn id(self) -> &'static str {
        self.0.id
    }

    pub fn level(self) -> Level {
        self.0.level
    }
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.0.id == other.0.id
    }
}

impl Eq for Code {}

impl std::hash::Hash for Code {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.id.hash(state);
    }
}

macro_rules! codes {
    ($($name:ident = $id:literal $level:ident $title:literal)+) => {
        $(pub const $name: Code = Code(&CodeSpec {
            id: $id,
            level: Level::$level,
            title: $title,
            page: include_str!(concat!("../../docs/errors/", $id, ".md")),
        });)+

        /// Every code, in order of its number.
        pub const ALL: &[Code] = &[$($name),+];
    };
}

codes! {
    SYNTAX = "FC0101" Error "a line that is not a sentence of the language"
    UNCLOSED = "FC0102" Error "an opening brace, bracket or quote that is never closed"
    TOO_DEEP = "FC0103" Error "nesting deeper than the compiler follows"
    NOT_TEXT = "FC0104" Error "a file that is not UTF-8 text"
    TOO_LARGE = "FC0105" Error "a file larger than any flow can be"
    JSON_SOURCE = "FC0106" Error "a source file that holds JSON"
    BAD_ESCAPE = "FC0107" Error "an escape that strings do not have"
    UNREADABLE = "FC0108" Error "a source that cannot be read"
    UNKNOWN_SENTENCE = "FC0201" Error "a sentence that no action has"
    UNKNOWN_SETTING = "FC0202" Error "a setting that the sentence does not have"
    UNKNOWN_BRANCH = "FC0203" Error "a branch that the action does not have"
    UNKNOWN_STEP = "FC0204" Error "an arrow to a step that does not exist"
    DUPLICATE_STEP = "FC0205" Error "two steps of one name"
    DUPLICATE_DECLARATION = "FC0206" Error "two declarations of one kind and name"
    UNKNOWN_PATH = "FC0207" Error "a reference that Connect is not known to have"
    UNKNOWN_RESULT = "FC0208" Error "a `$name` that nothing is called"
    UNKNOWN_VALUE = "FC0209" Error "an environment value that is not set"
    UNKNOWN_FRAGMENT = "FC0210" Error "a fragment that does not exist"
    FRAGMENT_ARGUMENTS = "FC0211" Error "arguments that do not fit the fragment"
    UNKNOWN_FLOW_TYPE = "FC0212" Error "a flow type or channel that Connect does not have"
    UNKNOWN_ACTION = "FC0213" Error "an action that the catalogue does not know"
    UNKNOWN_PARAMETER = "FC0214" Error "a parameter that the action is not known to have"
    MODULE_CONTRACT = "FC0215" Error "a call or return that breaks the module's contract"
    FRAGMENT_RECURSION = "FC0216" Error "a fragment that uses itself"
    UNKNOWN_ATTRIBUTE = "FC0217" Error "an `@` line that means nothing"
    NEVER_SET = "FC0218" Error "a result read where no path can have set it"
    UNKNOWN_TARGET = "FC0219" Warning "a name that is nearly one of this project"
    FUNCTION_INPUT = "FC0220" Error "an input that the function does not take, or one that it lacks"
    FUNCTION_ANSWER = "FC0221" Error "an answer that the function never gives"
    UNSEEN_CHARACTER = "FC0222" Warning "a name with a character that nobody sees"
    MISSING_VALUE = "FC0301" Error "a value that the service requires"
    WRONG_VALUE = "FC0302" Error "a value of the wrong kind"
    OUT_OF_RANGE = "FC0303" Error "a number outside what the service takes"
    STATIC_ONLY = "FC0304" Error "a reference where only a fixed value is taken"
    SINGLE_REFERENCE = "FC0305" Error "a reference mixed with text where it must stand alone"
    NEEDS_REFERENCE = "FC0306" Error "a fixed value where only a reference is taken"
    EMPTY_TEXT = "FC0307" Error "an empty text"
    GROUP = "FC0308" Error "values that exclude or need one another"
    NOT_APPLICABLE = "FC0309" Error "a value that applies only with another"
    TEXT_TOO_LONG = "FC0310" Error "a text longer than the service takes"
    GIVEN_TWICE = "FC0311" Error "a value given twice"
    BAD_KEY = "FC0312" Error "a key that cannot be one"
    UNUSUAL_VALUE = "FC0313" Warning "a number outside the documented range"
    LIVE_DOLLAR = "FC0314" Warning "a text that Connect reads as a reference"
    EMPTY_ADDRESS = "FC0315" Error "an address that is not filled in"
    NAME_AS_ADDRESS = "FC0316" Error "a name where the service takes an address"
    RUNS_OFF_THE_END = "FC0401" Error "a path that runs off the end"
    MISSING_BRANCH = "FC0402" Error "a branch that the service requires and nothing covers"
    REFUSED_BRANCH = "FC0403" Error "a branch that the action is not known to have"
    DUPLICATE_BRANCH = "FC0404" Error "a branch given twice"
    UNREACHABLE = "FC0405" Warning "lines that no path reaches"
    ARROW_CYCLE = "FC0406" Error "arrows that only lead to each other"
    OUT_OF_PLACE = "FC0407" Error "a statement or target where it means nothing"
    HANDLER_FALLS_THROUGH = "FC0408" Error "an error handler that runs off its end"
    ERROR_HANGS_UP = "FC0409" Warning "an error that ends the contact"
    BAD_CONDITION = "FC0410" Error "a condition that the service cannot test"
    BAD_PERCENTAGES = "FC0411" Error "percentages that do not add up"
    EMPTY_FLOW = "FC0412" Error "a flow without a statement"
    ENDLESS = "FC0413" Warning "a cycle that no path leaves"
    FLOW_TYPE = "FC0501" Error "an action that this flow type refuses"
    FLOW_TYPE_UNDOCUMENTED = "FC0502" Warning "an action that is not documented for this flow type"
    CHANNEL = "FC0503" Warning "an action that does nothing or fails on a declared channel"
    TOO_MANY_ACTIONS = "FC0504" Error "a flow with more actions than the service takes"
    CONTENT_TOO_LARGE = "FC0505" Error "a compiled flow larger than the service takes"
    BAD_IDENTIFIER = "FC0506" Error "an identifier that the service refuses"
    BAD_NAME = "FC0507" Error "a name that the service refuses"
    TOO_MANY_ENTRIES = "FC0508" Error "more entries than the service takes"
    FEATURE = "FC0509" Warning "what not every instance takes"
    UNCHECKED = "FC0601" Warning "a raw action that nothing checks"
    OUTPUT_COLLISION = "FC0602" Error "two outputs with one file name"
    NOT_JSON = "FC0701" Error "a document that is not JSON"
    NOT_A_FLOW = "FC0702" Error "a document that holds no flow"
    DANGLING_TARGET = "FC0703" Error "a branch that leads to no action of the document"
    NO_START = "FC0704" Error "a document that does not say where it begins"
    DUPLICATE_ACTION = "FC0705" Error "two actions with one identifier"
    STRAY_PART = "FC0706" Error "a part of a document that flows do not have"
    MALFORMED = "FC0707" Error "a part of a document that is not what it must be"
    TYPE_INFERRED = "FC0708" Warning "a document that does not say what type of flow it is"
    NO_COUNTERPART = "FC0709" Warning "an old block without a counterpart today"
    MISSING_RESOURCE = "FC0801" Error "a name that an environment does not know"
    KEY_COLLISION = "FC0802" Error "two things that one attribute would carry"
    NO_MAPPING = "FC0803" Warning "an entry flow that does not map resources"
    OVER_BUDGET = "FC0804" Error "more addresses than a contact or a function can carry"
    WRONG_FLOW = "FC0805" Warning "an event that would run a flow of another type"
    UNMAPPED_FAILURE = "FC0806" Warning "a failure of `map resources` after which contacts go on without it"
    PROJECT_FILE = "FC0901" Error "a project file that cannot be understood"
    NOTHING_TO_DO = "FC0902" Error "a path that holds no flow source"
    ENVIRONMENT_FILE = "FC0903" Error "an environment file that cannot be understood"
    BAD_ADDRESS = "FC0904" Error "an address that cannot be what it is given for"
}

/// The code of an id such as `FC0201`, in any case.
pub fn find(id: &str) -> Option<Code> {
    ALL.iter().copied().find(|code| code.id().eq_ignore_ascii_case(id))
}
