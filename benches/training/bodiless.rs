//! Pages of which only some strings are known: their body is what a model for HTML keeps of them, where that fits.

use copydesk::article::learning::Survey;

use crate::boost::{self, Growth};
use crate::lesson;
use crate::pages::{FOLDS, Truth};
use crate::truth;

/// Gives those pages a body that a model learnt from `pages` finds one for, in which all strings stand that must, and
/// none that must not.
pub(crate) fn adopt(pages: &[Truth], others: Vec<Truth>, growth: Growth) -> Vec<Truth> {
    if others.is_empty() {
        return others;
    }
    let (lesson, table) = lesson::gather(pages, &["html", "tiny"]);
    let rows = lesson.rows(|_| true);
    let forest = boost::grow(&table, &rows, &lesson.truth, &lesson.weight, growth);
    let lexicon = &lesson.lexicons[FOLDS];
    let mut adopted = Vec::new();
    for mut page in others {
        let Some(survey) = lesson::survey(&page, "html") else {
            continue;
        };
        let logits = forest.score(&survey.first(lexicon));
        let body = kept(&survey, &logits);
        if fits(&page, &body) {
            page.tell(body);
            adopted.push(page);
        }
    }
    adopted
}

fn kept(survey: &Survey, logits: &[f32]) -> String {
    let chosen = survey.chosen(logits);
    let kept = survey.texts().zip(chosen).filter(|(_, chosen)| *chosen);
    kept.map(|(text, _)| text).collect::<Vec<_>>().join("\n")
}

/// Whether the strings that must stand in a body do, and the others do not.
fn fits(page: &Truth, body: &str) -> bool {
    let body = truth::tokens(body);
    let has = |text: &String| {
        let tokens = truth::tokens(text);
        !tokens.is_empty() && body.windows(tokens.len()).any(|it| it == tokens)
    };
    let [with, without] = &page.segments;
    !with.is_empty() && with.iter().all(has) && !without.iter().any(has)
}
