//! What the trainer needs of the cleaner: the same features, the same selection, with weights still to be found.
//!
//! Not used while an article is edited.

use super::context::Page;
use super::evidence;
use crate::article::{Format, Hints, Rules, decode, parse};

pub use super::forest::{DEPTH, Forest, LEAVES, Split, Tree, UNIT, bin};
pub use super::lexicon::{Lexicon, WEIGHT_UNIT};

/// A document as the cleaner sees it before it decides anything.
#[derive(Debug)]
pub struct Survey {
    draft: parse::Draft,
}

/// Rows of features, one a block.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rows {
    /// Features a row.
    pub width: usize,
    /// Row after row.
    pub values: Vec<f32>,
}

impl Survey {
    /// Parses a document; `None` where it is refused.
    pub fn of(bytes: &[u8], hints: &Hints<'_>) -> Option<Self> {
        let rules = Rules::default();
        let decoded = decode::decode(bytes, &rules).ok()?;
        let draft = parse::parse(&decoded.text, hints, &rules);
        Some(Self { draft })
    }

    /// What the document is.
    pub fn format(&self) -> Format {
        self.draft.format
    }

    /// The text of every block.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        self.draft.blocks.iter().map(|block| block.text.as_str())
    }

    /// What may be the headline, with a row of features each, given what the last stage says.
    pub fn titles(&self, lexicon: &Lexicon, logits: &[f32]) -> (Vec<String>, Rows) {
        let evidence = evidence::gather(&self.draft);
        let page = Page::new(&self.draft, &evidence, lexicon);
        let Some(story) = super::story::choose(logits) else {
            return (Vec::new(), Rows::default());
        };
        let candidates = super::candidates::find(&self.draft, &page, &story);
        let values = super::candidates::rows(&page, &story, logits, &candidates);
        let rows = Rows {
            width: values.len() / candidates.len().max(1),
            values,
        };
        let texts = candidates.iter().map(|candidate| candidate.text.to_owned());
        (texts.collect(), rows)
    }

    /// For every block the keys of its words.
    pub fn words(&self) -> impl Iterator<Item = Vec<u32>> {
        let blocks = self.draft.blocks.iter();
        blocks.map(|block| super::lexicon::keys(block.squeezed()).collect())
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

    /// The features of the first stage.
    pub fn first(&self, lexicon: &Lexicon) -> Rows {
        let evidence = evidence::gather(&self.draft);
        let values = Page::new(&self.draft, &evidence, lexicon).rows();
        Rows {
            width: values.len() / self.draft.blocks.len().max(1),
            values,
        }
    }

    /// Which blocks are kept as text, given what the last stage says.
    pub fn kept(&self, logits: &[f32]) -> Vec<bool> {
        let evidence = evidence::gather(&self.draft);
        let story = super::story::choose(logits);
        super::label::label(&self.draft, &evidence, story.as_ref())
            .iter()
            .map(|labelled| {
                matches!(
                    labelled.label,
                    super::Label::Body | super::Label::Subheading
                )
            })
            .collect()
    }

    /// The features of the second stage, given what the first one says.
    pub fn second(&self, lexicon: &Lexicon, first: &Rows, logits: &[f32]) -> Rows {
        let evidence = evidence::gather(&self.draft);
        let page = Page::new(&self.draft, &evidence, lexicon);
        let values = super::second::rows(&page, &first.values, first.width, logits);
        Rows {
            width: values.len() / self.draft.blocks.len().max(1),
            values,
        }
    }
}
