//! A draft, read once: which blocks are the story, what the others are, and the headline.

use super::evidence::{self, Evidence};
use super::label::{self, Labelled};
use super::model::Model;
use super::story::{self, Story};
use super::{Draft, Found, context, fair_copy, given, headline, known};

/// What one reading makes of a draft.
#[derive(Debug)]
pub(super) struct Judged {
    /// What can be seen of each block.
    pub(super) evidence: Vec<Evidence>,
    /// For each block the log-odds to be of the story; none where nobody needed to be asked.
    pub(super) logits: Vec<f32>,
    /// Which blocks are the story.
    pub(super) story: Option<Story>,
    /// For each block what it is.
    pub(super) labels: Vec<Labelled>,
    /// Headline.
    pub(super) title: Option<Found<String>>,
}

impl Judged {
    /// Reads a draft; one that is a fair copy with more trust.
    pub(super) fn of(model: &Model, draft: &Draft, is_fair: bool) -> Self {
        let evidence: Vec<Evidence> = evidence::gather(draft);
        if draft.is_given {
            return Self::given(draft, evidence);
        }
        if is_fair && fair_copy::is_prose(draft.blocks.iter().zip(&evidence)) {
            return Self::whole(draft, evidence);
        }
        let page = context::Page::new(draft, &evidence, model.lexicon());
        let mut logits = model.judge(&page);
        for (logit, block) in logits.iter_mut().zip(&draft.blocks) {
            *logit = known::logit(block, *logit);
        }
        let story = story::choose(draft.markup, &logits, &evidence, is_fair);
        let mut labels = label::label(draft, &evidence, story.as_ref(), &logits, is_fair);
        let title = headline::find(model, &page, story.as_ref(), &logits, &mut labels);
        drop(page);
        given::sign_page(draft, &mut labels);
        Self {
            evidence,
            logits,
            story,
            labels,
            title,
        }
    }
    /// The format says what is the story.
    fn given(draft: &Draft, evidence: Vec<Evidence>) -> Self {
        let labels = given::label(draft, &evidence);
        Self {
            title: given::title(draft, &labels),
            story: Story::of(labels.iter().map(|it| it.label.is_kept()).collect()),
            labels,
            logits: Vec::new(),
            evidence,
        }
    }

    /// All of a draft is the story.
    fn whole(draft: &Draft, evidence: Vec<Evidence>) -> Self {
        let story = Story::of(vec![true; draft.blocks.len()]);
        Self {
            labels: label::label(draft, &evidence, story.as_ref(), &[], true),
            logits: Vec::new(),
            title: None,
            story,
            evidence,
        }
    }
}
