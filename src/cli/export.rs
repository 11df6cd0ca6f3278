//! `export`: the articles as JSON Lines.

use clap::builder::PossibleValuesParser;

use crate::report::article::Wanted;
use crate::verdict::Kind;

use super::moment::Span;
use super::render::Printer;
use super::{Call, Exit};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    span: Span,
    /// Of this source
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// With one of these verdicts
    #[arg(long, value_delimiter = ',', value_parser = PossibleValuesParser::new(Kind::ALL.map(Kind::as_str)))]
    verdict: Vec<String>,
    /// Only articles without a family, and of each family the first
    #[arg(long)]
    leads: bool,
}

pub(super) fn run(args: &Args, call: &Call, out: &mut Printer) -> anyhow::Result<Exit> {
    let wanted = Wanted {
        between: args.span.between(call.now_ms()),
        source: args.source.clone(),
        verdicts: args.verdict.clone(),
        leads: args.leads,
    };
    call.reader()?
        .each_article(&wanted, |article| -> anyhow::Result<()> {
            out.json(&article)?;
            Ok(())
        })?;
    Ok(Exit::Fine)
}
