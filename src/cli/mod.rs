//! The command line: arguments in, one verb's work, an exit code out.
//!
//! Each verb is a file with its `Args` and its `run`; a new one is that file, a variant of `Verb` and a line in
//! `dispatch`. What verbs have in common is [`Call`]; what they show goes through [`render`].
//!
//! Invariant: nothing is printed outside [`render`], and nothing is asked of the store but through `report`.

mod call;
mod check;
mod doctor;
mod edit;
mod exit;
mod explain;
mod export;
mod furniture;
mod held;
mod history;
mod ingest;
mod init;
mod lineage;
mod log;
mod moment;
mod reindex;
pub mod render;
mod retry;
mod run;
mod search;
mod show;
mod sources;
mod status;
mod stories;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use call::{Call, Common};
pub use exit::Exit;
use render::{Printer, Style};

/// News articles that arrive as files: taken in once, cleaned, attributed, and told apart.
#[derive(Debug, Parser)]
#[command(
    name = "copydesk",
    version,
    propagate_version = true,
    max_term_width = 100
)]
struct Arguments {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// The daemon: watches drop folders and takes in what arrives, until it is stopped.
    ///
    /// SIGTERM and Ctrl-C finish the work in hand; SIGHUP reads the configuration again.
    Run(run::Args),
    /// The same pipeline once over files and folders, with a summary: for archives and scripts.
    ///
    /// Ends with 1 if a file could not be taken in.
    Ingest(ingest::Args),
    /// Only reads and edits: one JSON object an article on standard output, no store.
    Edit(edit::Args),
    /// How it stands: one verdict line, daemon, queue, today, watches, store, drop folders, sources, problems.
    ///
    /// Ends with 0 if all is well, 3 if a person should look, 4 if part of it does not work, 5 if the store cannot be
    /// read, 6 if the daemon is not running.
    Status(status::Args),
    /// The sources: how much each sends, how much of it is its own, whom it carries, how fast it is.
    Sources(sources::Args),
    /// What recurs in the articles of a source and is cut there; can be told that a block is none.
    Furniture(furniture::Args),
    /// What happened, to which file or article, when and why.
    History(history::Args),
    /// One article: fields with evidence, verdict, family, sightings, text; or what was cut out of it, or it beside another.
    Show(show::Args),
    /// The family of an article as a tree in time: who was first, who copied, trimmed and expanded, who credits whom.
    Lineage(lineage::Args),
    /// The current stories, families about one event: how many articles from which sources; or the one of an article.
    Stories(stories::Args),
    /// Why a file was or was not taken, and what happens next.
    ///
    /// Ends with 0 if it is taken or on its way, else with 1.
    Explain(explain::Args),
    /// Full text search.
    Search(search::Args),
    /// The files that are put aside, and why.
    Held(held::Args),
    /// Sends files that were put aside back to the queue.
    Retry(retry::Args),
    /// The articles as JSON Lines.
    Export(export::Args),
    /// Loads the configuration, looks at every folder and at the store, and starts nothing.
    Check(check::Args),
    /// Examines the record: whether what is written follows from the articles, and what puts it right where it does not.
    ///
    /// Ends with 0 if all is well, 3 if something is wrong, 5 if the file is damaged. Works while a daemon runs.
    Doctor(doctor::Args),
    /// Makes anew what follows from the articles: index, relations, verdicts, families, stories, tallies, full-text index.
    ///
    /// Not while a daemon runs. May be interrupted; run it again then.
    Reindex(reindex::Args),
    /// Makes the store, and with DIR a drop folder and a configuration to begin with.
    Init(init::Args),
}

/// Runs the verb the process was called with.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return render::usage(&usage),
    };
    let style = Style::of_process(arguments.common.json, arguments.common.no_color);
    let call = Call::new(arguments.common);
    let mut out = Printer::stdout(style);
    let done = dispatch(&arguments.verb, &call, &mut out).and_then(|exit| {
        out.flush()?;
        Ok(exit)
    });
    match done {
        Ok(exit) => exit.into(),
        Err(error) => {
            let exit = Exit::of_error(&error);
            if exit != Exit::Fine {
                render::error(&error);
            }
            exit.into()
        }
    }
}

fn dispatch(verb: &Verb, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    match verb {
        Verb::Run(args) => run::run(args, call, out),
        Verb::Ingest(args) => ingest::run(args, call, out),
        Verb::Edit(args) => edit::run(args, call, out),
        Verb::Status(args) => status::run(args, call, out),
        Verb::Sources(args) => sources::run(args, call, out),
        Verb::Furniture(args) => furniture::run(args, call, out),
        Verb::History(args) => history::run(args, call, out),
        Verb::Show(args) => show::run(args, call, out),
        Verb::Lineage(args) => lineage::run(args, call, out),
        Verb::Stories(args) => stories::run(args, call, out),
        Verb::Explain(args) => explain::run(args, call, out),
        Verb::Search(args) => search::run(args, call, out),
        Verb::Held(args) => held::run(args, call, out),
        Verb::Retry(args) => retry::run(args, call, out),
        Verb::Export(args) => export::run(args, call, out),
        Verb::Check(args) => check::run(args, call, out),
        Verb::Doctor(args) => doctor::run(args, call, out),
        Verb::Reindex(args) => reindex::run(args, call, out),
        Verb::Init(args) => init::run(args, call, out),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_do_not_contradict_each_other() {
        super::Arguments::command().debug_assert();
    }
}
