//! Fields told by where they stand in XML.

use crate::article::prose;

use super::xml::{Element, Tree};
use super::{Drafter, Field};

/// A document, and the draft that is told of it.
pub(super) struct Telling<'t, 'a, 'd, 'r> {
    /// The document.
    pub(super) tree: &'t Tree<'a>,
    /// The draft.
    pub(super) drafter: &'d mut Drafter<'r>,
}

impl Telling<'_, '_, '_, '_> {
    /// Tells a field by what is said in each of the elements at a path.
    pub(super) fn texts(&mut self, field: Field, rule: &'static str, from: Element, path: &str) {
        for element in self.tree.at(from, path) {
            self.drafter
                .tell_lifted(field, rule, &self.tree.text(element));
        }
    }

    /// Tells a field by an attribute of each of the elements at a path; of the element itself where there is none.
    pub(super) fn attributes(
        &mut self,
        field: Field,
        rule: &'static str,
        from: Element,
        path: &str,
        attribute: &str,
    ) {
        let elements = if path.is_empty() {
            vec![from]
        } else {
            self.tree.at(from, path)
        };
        for element in elements {
            if let Some(value) = self.tree.attribute(element, attribute) {
                self.drafter.tell_lifted(field, rule, &value);
            }
        }
    }

    /// Tells a field by the end of an attribute that is a code of a scheme: `canceled` of `stat:canceled`.
    pub(super) fn code(
        &mut self,
        field: Field,
        rule: &'static str,
        element: Element,
        attribute: &str,
    ) {
        if let Some(value) = self.tree.attribute(element, attribute) {
            let code = local(value.text());
            self.drafter.tell(field, rule, code, Some(value.span()));
        }
    }
}

/// The code without its scheme: `canceled` of `stat:canceled` and of `http://cv.iptc.org/newscodes/pubstatusg2/canceled`.
pub(super) fn local(code: &str) -> &str {
    let code = code.trim().trim_end_matches('/');
    code.rsplit([':', '/', '#']).next().unwrap_or(code)
}

/// Whether two texts say the same.
pub(super) fn are_same(a: &str, b: &str) -> bool {
    prose::squeeze(a) == prose::squeeze(b)
}
