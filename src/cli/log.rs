//! The log on standard error: for a person with times and colours, for the journal with its levels.

use std::fmt;
use std::io::IsTerminal as _;

use tracing::{Event, Level, Subscriber};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::FmtContext;
use tracing_subscriber::fmt::format::{FormatEvent, FormatFields, Writer};
use tracing_subscriber::registry::LookupSpan;

/// What is logged where nobody says otherwise by `COPYDESK_LOG`: a person sees each file, a journal what needs a look.
const FOR_A_PERSON: &str = "info";
const FOR_A_JOURNAL: &str = "info,copydesk::file=warn";

const FOR_A_SUMMARY: &str = "warn,copydesk::file=error";

/// Begins logging for the daemon.
pub(super) fn begin() {
    let terminal = std::io::stderr().is_terminal();
    begin_with(if terminal {
        FOR_A_PERSON
    } else {
        FOR_A_JOURNAL
    });
}

/// Begins logging for a verb that tells in the end what came of it.
pub(super) fn begin_quietly() {
    begin_with(FOR_A_SUMMARY);
}

fn begin_with(default: &str) {
    let terminal = std::io::stderr().is_terminal();
    let filter = std::env::var("COPYDESK_LOG").unwrap_or_else(|_| default.to_owned());
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .with_ansi(terminal && std::env::var_os("NO_COLOR").is_none());
    // systemd sets JOURNAL_STREAM where standard error goes to the journal, which knows the time and reads levels.
    let begun = if std::env::var_os("JOURNAL_STREAM").is_some() && !terminal {
        builder.event_format(Journal).try_init()
    } else {
        builder.with_target(false).compact().try_init()
    };
    if let Err(error) = begun {
        tracing::debug!(error, "logging has begun already");
    }
}

/// `<4>text key=value`: sd-daemon(3)'s level prefix, one line an event.
struct Journal;

impl<S, N> FormatEvent<S, N> for Journal
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = match *event.metadata().level() {
            Level::ERROR => 3,
            Level::WARN => 4,
            Level::INFO => 6,
            Level::DEBUG | Level::TRACE => 7,
        };
        write!(writer, "<{level}>")?;
        context.format_fields(writer.by_ref(), event)?;
        writeln!(writer)
    }
}
