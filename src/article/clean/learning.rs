//! What the trainer needs of the cleaner: the same features, the same selection, with weights still to be found.
//!
//! Not used while an article is edited.

use super::context::Page;
use super::evidence;
use crate::article::parse::{self, Markup};
use crate::article::{Hints, Rules, decode};

pub use super::lexicon::{Lexicon, WEIGHT_UNIT};
pub use super::model::Model;
pub use crate::article::forest::{DEPTH, Forest, LEAVES, Rows, Split, Tree, UNIT, bin};

/// A document as the cleaner sees it before it decides anything.
#[derive(Debug)]
pub struct Survey {
    draft: parse::Draft,
    input: String,
}

/// A document, cleaned.
#[derive(Debug)]
pub struct Outcome {
    /// Headline.
    pub title: Option<String>,
    /// What is kept.
    pub text: String,
    /// For every block the last rule that spoke of it, and whether it was kept by it.
    pub rules: Vec<(&'static str, bool)>,
}

impl Survey {
    /// Parses a document; `None` where it is refused.
    pub fn of(bytes: &[u8], hints: &Hints<'_>) -> Option<Self> {
        let rules = Rules::default();
        let decoded = decode::decode(bytes, None, &rules).ok()?;
        let (reader, _) = parse::recognise(&decoded.text, hints, &rules);
        let draft = parse::read(reader, &decoded.text, &rules).ok()?;
        Some(Self {
            draft,
            input: decoded.text,
        })
    }

    /// Whether the document is HTML.
    pub fn is_html(&self) -> bool {
        self.draft.markup == Markup::Html
    }

    /// The text of every block.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.draft.blocks.iter().map(|block| block.text.as_str())
    }

    /// What may be the headline, with a row of features each, given their log-odds.
    pub fn titles(&self, lexicon: &Lexicon, logits: &[f32]) -> (Vec<String>, Rows) {
        let evidence = evidence::gather(&self.draft);
        let page = Page::new(&self.draft, &evidence, lexicon);
        let Some(story) = super::story::choose(self.draft.markup, logits, &evidence, false) else {
            return (Vec::new(), Rows::default());
        };
        let candidates = super::candidates::find(&self.draft, &page, &story);
        let rows = super::candidates::rows(&page, &story, logits, &candidates);
        let texts = candidates.iter().map(|candidate| candidate.text.to_owned());
        (texts.collect(), rows)
    }

    /// For every block the keys of its words.
    pub fn words(&self) -> impl Iterator<Item = Vec<u32>> {
        let blocks = self.draft.blocks.iter();
        blocks.map(|block| {
            let mut keys = Vec::new();
            super::lexicon::keys(block.squeezed(), |key| keys.push(key));
            keys
        })
    }

    /// For every block the keys of the names of the elements around it.
    pub fn names(&self) -> impl Iterator<Item = Vec<u32>> {
        self.draft.blocks.iter().map(|block| {
            let mut names = Vec::new();
            let mut at = block.node;
            while let Some(node) = self.draft.nodes.get(at as usize) {
                names.extend_from_slice(self.draft.names_of(node));
                if node.parent == at {
                    break;
                }
                at = node.parent;
            }
            names
        })
    }

    /// What the whole cleaner makes of the document by a model; `None` where it refuses.
    pub fn clean(&self, model: &Model) -> Option<Outcome> {
        let cleaned = super::clean_by(model, &self.draft, &self.input).ok()?;
        let mut rules = vec![("", false); self.draft.blocks.len()];
        for piece in &cleaned.pieces {
            let kept = piece.label.is_kept();
            if let Some(rule) = rules.get_mut(piece.block) {
                *rule = (piece.rule, kept);
            }
        }
        Some(Outcome {
            title: cleaned.title.map(|title| title.value),
            text: cleaned.text,
            rules,
        })
    }

    /// Which blocks promise the best text, given their log-odds.
    pub fn chosen(&self, logits: &[f32]) -> Vec<bool> {
        let evidence = evidence::gather(&self.draft);
        let story = super::story::choose(self.draft.markup, logits, &evidence, false);
        let has = |at| story.as_ref().is_some_and(|story| story.has(at));
        (0..logits.len()).map(has).collect()
    }

    /// The F1 that the best choice of blocks promises, given their log-odds.
    pub fn promise(&self, logits: &[f32]) -> f32 {
        let evidence = evidence::gather(&self.draft);
        super::story::promise(logits, &evidence, false).map_or(0.0, |promise| promise.f1)
    }

    /// The features of the blocks.
    pub fn first(&self, lexicon: &Lexicon) -> Rows {
        let evidence = evidence::gather(&self.draft);
        Page::new(&self.draft, &evidence, lexicon).rows()
    }

    /// The same document without some of its blocks.
    #[must_use]
    pub fn without(mut self, gone: &[bool]) -> Self {
        let mut gone = gone.iter();
        let blocks = &mut self.draft.blocks;
        blocks.retain(|_| !gone.next().copied().unwrap_or_default());
        self
    }
}
