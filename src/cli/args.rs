//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A compiler for Amazon Connect flows: readable source in git, checked, compiled to 2019-10-30 JSON.
#[derive(Debug, Parser)]
#[command(
    name = "flowc",
    version,
    propagate_version = true,
    subcommand_required = true,
    arg_required_else_help = true,
    after_help = "Examples:
  flowc init my-flows             make a project that builds
  flowc build                     compile flows-src/ into out/
  flowc check --message-format short
  flowc explain FC0402            what a code means, with examples

Exit codes: 0 clean (warnings are), 1 errors in flows or a `--check` that found differences, 2 flowc itself failed."
)]
pub struct Arguments {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

/// Options that every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// How problems are reported
    #[arg(long, global = true, value_name = "FORMAT", default_value = "human")]
    pub message_format: MessageFormat,
    /// When to use colour; `auto` heeds the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,
    /// The folder to look for flowc.toml in, and above it [default: the working directory]
    #[arg(long, global = true, value_name = "DIR")]
    pub project: Option<PathBuf>,
    /// Only note addresses that are not filled in yet: empty ones, and stand-ins such as `REPLACE_ME`
    #[arg(long, global = true)]
    pub placeholders: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MessageFormat {
    /// With the source around each problem, on stderr
    Human,
    /// One line each, `path:line:column: error[CODE]: message`, on stderr
    Short,
    /// One JSON object per line, on stdout
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    // What `--help` says about a command stands with its options.
    Init(Init),
    Build(Build),
    Check(Check),
    Lint(Lint),
    Diff(Diff),
    Fmt(Fmt),
    Explain(Explain),
    Graph(Graph),
    Handler(Handler),
    Import(Import),
    Package(Package),
    Resources(Resources),
    Emit(Emit),
    Completions(Completions),
}

/// Make a project that builds
///
/// Makes flowc.toml and a first flow. Nothing that exists is overwritten.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc init                      here
  flowc init my-flows && cd my-flows && flowc build")]
pub struct Init {
    /// Where; made if it does not exist
    #[arg(default_value = ".", value_name = "DIR")]
    pub folder: PathBuf,
}

/// Compile the project's flows
///
/// Compiles every flow of the project into the out folder: `<flow>.json`, `<flow>.map.json` (identifiers to source lines)
/// and `manifest.json`. Nothing is written if anything has an error. Files that would not change are not touched; files
/// of flows that are gone are removed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc build                     everything
  flowc build --check             in CI: is what is committed up to date?
  flowc build --watch             again at every change
  flowc build flows-src/sales     some flows; the others are read for their names
  flowc build --env dev           with the addresses of environments/dev.toml, into out/dev/
  flowc build --format envelope --out dist")]
pub struct Build {
    /// Write nothing; list what is not up to date, and exit with 1 if there is any
    #[arg(long, conflicts_with = "watch")]
    pub check: bool,
    /// Build again whenever a source or flowc.toml changes
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub environments: Environments,
    /// Where to, instead of the project's out folder
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// What `<flow>.json` holds
    #[arg(long, value_name = "FORMAT", default_value = "content")]
    pub format: BuildFormat,
    /// Overwrite files that no build wrote, and take over the out folder of another project
    #[arg(long)]
    pub force: bool,
    /// Only the flows of these files and folders
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum BuildFormat {
    /// The flow's document, as the console imports it
    Content,
    /// `Name`, `ContactFlowType` and the document as a string, as deployment pipelines take it
    Envelope,
}

/// Report problems without compiling
///
/// Reports every problem of the project's flows, or of exported flows that are named. Outside a project, give the files to
/// check.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc check
  flowc check flows-src/main.flow --message-format short
  flowc check exports/            all flows of a folder, as the console exports them
  flowc check --all-envs          also: does every environment know every name?
  flowc check --message-format json | jq -r .code")]
pub struct Check {
    #[command(flatten)]
    pub environments: Environments,
    /// Only the flows of these files and folders, in source or in JSON; the others are read for their names. `-` is stdin
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
}

/// Check, and find what the service accepts and a caller would regret
///
/// Says all that `flowc check` says. Then looks at the paths through all flows of the project, and at exported flows that are
/// named, with the rules that flowc.toml sets levels for.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Examples:
  flowc lint                      the whole project
  flowc lint export.json          a flow as the console exports it
  flowc lint --no-check           what rules find and nothing else
  flowc lint --list               every rule, its level and what it finds
  flowc lint --explain queue-not-set
  flowc lint --format sarif > lint.sarif
  flowc lint --diff --unsafe-fixes          what could be mended by itself
  flowc lint --write-baseline lint-baseline.txt     adopt it in a project with old findings
  flowc lint --baseline lint-baseline.txt           only what is new since")]
pub struct Lint {
    /// Only this rule, even where it is allowed
    #[arg(long, value_name = "RULE")]
    pub rule: Option<String>,
    /// Tell what a rule finds, with a bad and a good example
    #[arg(long, value_name = "RULE", conflicts_with = "list")]
    pub explain: Option<String>,
    /// List the rules
    #[arg(long)]
    pub list: bool,
    /// Tell only what rules find, for who runs `flowc check` as well; errors of the compiler still count for the exit code
    #[arg(long)]
    pub no_check: bool,
    /// Leave out the findings that this file lists
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,
    /// Write the findings there are into a file for --baseline, and report nothing
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub write_baseline: Option<PathBuf>,
    /// Let --write-baseline overwrite a file that is no baseline
    #[arg(long, requires = "write_baseline")]
    pub force: bool,
    /// Leave out the findings that this file says are right: entries `[[allow]]` with `rule`, `flow`, `block` and `reason`
    #[arg(long, value_name = "FILE")]
    pub allow_file: Option<PathBuf>,
    /// Apply the fixes that cannot change what a flow does
    #[arg(long, conflicts_with_all = ["write_baseline", "env", "all_envs"])]
    pub fix: bool,
    /// Apply all fixes; read what they did
    #[arg(long, conflicts_with_all = ["write_baseline", "env", "all_envs"])]
    pub unsafe_fixes: bool,
    /// Show what --fix or --unsafe-fixes would change, write nothing, and exit with 1 if there is anything
    #[arg(long, conflicts_with_all = ["write_baseline", "format", "env", "all_envs"])]
    pub diff: bool,
    #[command(flatten)]
    pub environments: Environments,
    /// How findings are reported [default: as --message-format says]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<LintFormat>,
    /// Only the flows of these files and folders, in source or in JSON; the others are read for what leads to them. `-` is stdin
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LintFormat {
    /// With the source around each finding, on stderr
    Human,
    /// One line each, on stderr
    Short,
    /// One JSON object per line
    Json,
    /// SARIF 2.1.0, for code hosts and editors
    Sarif,
    /// Annotations in GitHub's workflows
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// A report of tests, for other build servers
    Junit,
}

/// Tell what changed between two versions of flows
///
/// Compares by meaning: which blocks are new, gone or changed, and which branches lead elsewhere. Identifiers, places in the
/// console and the order of actions mean nothing. A side is a file or folder, in source or in JSON, or a git revision, or
/// `REV:PATH`; a revision alone is compared with what lies here.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc diff                      what changed here since the last commit
  flowc diff main...              what this branch changes
  flowc diff HEAD~3 -- flows-src/sales
  flowc diff v1.2 v1.3 --format markdown
  flowc diff old-export.json flows-src/main.flow
  flowc diff main:flows-src/main.flow export.json

Exit codes: 0, with `--exit-code` 1 where something changed; 1 where flows could not be read, 2 flowc itself failed.")]
pub struct Diff {
    /// A file, a folder, or a revision [default: HEAD]
    #[arg(value_name = "OLD")]
    pub old: Option<String>,
    /// The same; without it, what lies here
    #[arg(value_name = "NEW")]
    pub new: Option<String>,
    /// How it is told
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<DiffFormat>,
    /// Exit with 1 if anything changed
    #[arg(long)]
    pub exit_code: bool,
    /// Of revisions, only the flows of these files and folders
    #[arg(last = true, value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DiffFormat {
    /// A line for each change
    Human,
    /// One JSON object
    Json,
    /// For a comment, with drawings in Mermaid
    Markdown,
}

/// Give sources their one form
///
/// Rewrites sources in their one form. There are no options about style. A file with syntax errors is left as it is.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc fmt                       the whole project
  flowc fmt --check               in CI: shows what would change
  flowc fmt --stdin < a.flow      for editors: the result goes to stdout")]
pub struct Fmt {
    /// Write nothing; show what would change, and exit with 1 if anything would
    #[arg(long)]
    pub check: bool,
    /// Read one source from stdin and print the result
    #[arg(long, conflicts_with = "paths")]
    pub stdin: bool,
    /// Only these files and folders
    #[arg(value_name = "PATHS")]
    pub paths: Vec<PathBuf>,
}

/// Tell what a code means, with a bad and a good example
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc explain FC0402
  flowc explain fc0402")]
pub struct Explain {
    /// The code, as messages show it
    pub code: String,
}

/// Draw a flow
///
/// Draws a flow to stdout. Flows are named as in their declarations.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc graph Main > main.svg
  flowc graph \"Main menu\" --format mermaid
  flowc graph export.json > export.svg")]
pub struct Graph {
    /// The name of a flow or module, or a file with a flow in JSON
    pub flow: String,
    /// What to draw with
    #[arg(long, value_name = "FORMAT", default_value = "svg")]
    pub format: GraphFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GraphFormat {
    /// A picture, laid out as the console will show it
    Svg,
    /// For Markdown pages
    Mermaid,
    /// For Graphviz
    Dot,
}

/// Run a function that flows call
///
/// Builds the function in handlers/<NAME> and runs it as Lambda would, on this machine. With `--event`, prints the answer,
/// and fails when Connect could not read it or the handler's contract does not promise it. With `--serve`, answers HTTP
/// requests on loopback as an API Gateway would.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc handler vanity-numbers --event handlers/vanity-numbers/events/found.json
  flowc handler voice-webhook --serve 8080")]
pub struct Handler {
    /// The name of the handler's folder in handlers/
    pub name: String,
    /// A file with the event to send, bare or as a sample; `-` is stdin
    #[arg(long, value_name = "FILE", required_unless_present = "serve")]
    pub event: Option<PathBuf>,
    /// The port to answer requests on; 0 is any that is free
    #[arg(long, value_name = "PORT", conflicts_with = "event")]
    pub serve: Option<u16>,
    /// Build it for release
    #[arg(long, conflicts_with = "program")]
    pub release: bool,
    /// The function as it was built before; nothing is built
    #[arg(long, value_name = "FILE")]
    pub program: Option<PathBuf>,
}

/// Pack functions as Lambda takes them
///
/// Builds the functions in handlers/ for release and writes a zip for each, as the templates of `flowc emit` expect it, and
/// `packages.json` with sizes and hashes. Built for arm64 where this machine can, and for Intel where it
/// cannot.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc package                   all of them, into dist/packages/
  flowc package vanity-numbers --arch x86_64
  flowc package resource-map --with out/dev/resource-map.json --out dist/packages/dev")]
pub struct Package {
    /// Names of folders in handlers/ [default: all]
    #[arg(value_name = "NAMES")]
    pub names: Vec<String>,
    /// A file to pack beside the program of the one function that is named; may be given several times
    #[arg(long, value_name = "FILE")]
    pub with: Vec<PathBuf>,
    /// The machine to build for [default: arm64 if possible]
    #[arg(long, value_name = "ARCH")]
    pub arch: Option<Architecture>,
    /// Where to, instead of dist/packages
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Architecture {
    /// Graviton
    Arm64,
    /// Intel and AMD
    #[value(name = "x86_64")]
    X86_64,
}

/// Which environments a command is about.
#[derive(Debug, Args)]
pub struct Environments {
    /// An environment, by the name of its file in environments/; may be given several times
    #[arg(long, value_name = "NAME")]
    pub env: Vec<String>,
    /// All environments
    #[arg(long, conflicts_with = "env")]
    pub all_envs: bool,
}

/// List what flows need of an instance
///
/// Lists every queue, prompt, function and other thing that flows name: where, whether the service takes a reference
/// there, and which environments know it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc resources                 with a column for each environment
  flowc resources --unused        what environments know and no flow says
  flowc resources --format json | jq -r '.[].name'")]
pub struct Resources {
    #[command(flatten)]
    pub environments: Environments,
    /// Names that environments know and no flow says
    #[arg(long)]
    pub unused: bool,
    /// How the list is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ListFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    /// A table
    Text,
    /// One JSON array
    Json,
}

/// Make source of existing flows
///
/// Reads flows from Connect's JSON and writes them as source, with a file of the names and addresses that they use beside
/// each. What holds the flow is recognised: the document itself, the answer of `describe-contact-flow`, an object with
/// `Name`, `ContactFlowType` and `Content`, a CloudFormation template, or an export from before 2019.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
#[command(after_help = "Examples:
  flowc import exports/                 every flow of a folder, into the project's source folder
  flowc import main.json --verify       and hold what it compiles to against the document
  aws connect describe-contact-flow .. | flowc import -      to stdout")]
pub struct Import {
    /// Files and folders; `-` is stdin
    #[arg(value_name = "INPUT", required = true)]
    pub inputs: Vec<PathBuf>,
    /// Where to [default: the project's source folder; outside a project, the working directory]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Keep the identifiers of blocks, in the source, and their positions, in a file beside it
    #[arg(long)]
    pub keep_ids: bool,
    /// Keep ARNs where they stand instead of naming what they address
    #[arg(long)]
    pub keep_arns: bool,
    /// Compile what was written and list every difference from the document
    #[arg(long)]
    pub verify: bool,
    /// Replace sources that are not what an import writes: they were edited, or their documents were
    #[arg(long)]
    pub force: bool,
    /// Say how near to hand-written the sources are
    #[arg(long)]
    pub stats: bool,
}

/// Write a project for a deployment tool
///
/// Writes everything that a deployment tool needs, with nothing to edit by hand. `content` and `envelope` are flows with
/// addresses or attributes; `cloudformation` and `terraform` resolve names when they are deployed, and take what the
/// project does not have as parameters, with a file of values for each environment.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc emit --target cloudformation --all-envs
  flowc emit --target terraform --env dev --out infra/connect
  flowc emit --target envelope    for a provisioner that makes the resource map by itself")]
pub struct Emit {
    /// What to write
    #[arg(long, value_name = "TARGET")]
    pub target: EmitTarget,
    #[command(flatten)]
    pub environments: Environments,
    /// Where to [default: dist/<target> in the project]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write nothing; list what is not up to date, and exit with 1 if there is any
    #[arg(long)]
    pub check: bool,
    /// Overwrite files that were not emitted, and take over the folder of another project
    #[arg(long)]
    pub force: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EmitTarget {
    /// Each flow's document, as the console imports it
    Content,
    /// `Name`, `ContactFlowType` and the document as a string, with a placeholder for the mapping function
    Envelope,
    /// A template and its parameters
    Cloudformation,
    /// Configuration in JSON and its variables
    Terraform,
}

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  flowc completions bash > ~/.local/share/bash-completion/completions/flowc
  flowc completions zsh > \"${fpath[1]}/_flowc\"")]
pub struct Completions {
    pub shell: clap_complete::Shell,
}
