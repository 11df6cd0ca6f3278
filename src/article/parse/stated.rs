//! What a document states about itself, outside its text.

use crate::article::{Span, prose};

/// A field of an article that formats have a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Field {
    /// Identity that stays the same from version to version.
    Guid,
    /// Which version of it, as its provider counts them: not always a number, and not always rising.
    Version,
    /// What its provider says may be done with it: `usable`, `withheld`, `canceled`.
    Status,
    /// Until when it must not be published.
    Embargo,
    /// Address.
    Url,
    /// Headline.
    Title,
    /// Standfirst.
    Subtitle,
    /// Authors.
    Byline,
    /// Place and date the story is reported from.
    Dateline,
    /// Who wrote the text, where that is a news agency.
    Agency,
    /// The agency's own number of the story.
    AgencyId,
    /// Publisher.
    Source,
    /// Time of publication.
    Published,
    /// Time of last change.
    Modified,
    /// Language.
    Language,
    /// Who holds the rights.
    Copyright,
    /// Credit line.
    Credit,
    /// A note to editors.
    Note,
    /// Subjects and keywords, one a statement.
    Keyword,
}

impl Field {
    /// All of them, in the order of the article object.
    pub const ALL: [Self; 19] = [
        Self::Guid,
        Self::Version,
        Self::Status,
        Self::Embargo,
        Self::Url,
        Self::Title,
        Self::Subtitle,
        Self::Byline,
        Self::Dateline,
        Self::Agency,
        Self::AgencyId,
        Self::Source,
        Self::Published,
        Self::Modified,
        Self::Language,
        Self::Copyright,
        Self::Credit,
        Self::Note,
        Self::Keyword,
    ];

    /// The name in the article object.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Guid => "guid",
            Self::Version => "version",
            Self::Status => "status",
            Self::Embargo => "embargo",
            Self::Url => "url",
            Self::Title => "title",
            Self::Subtitle => "subtitle",
            Self::Byline => "byline",
            Self::Dateline => "dateline",
            Self::Agency => "agency",
            Self::AgencyId => "agency_id",
            Self::Source => "source",
            Self::Published => "published",
            Self::Modified => "modified",
            Self::Language => "language",
            Self::Copyright => "copyright",
            Self::Credit => "credit",
            Self::Note => "note",
            Self::Keyword => "keywords",
        }
    }
}

/// Something the document states about itself, outside its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::article) struct Stated {
    /// Which field it is about, where the format has a place for it; pages state by many rules, which are weighed later.
    pub(in crate::article) field: Option<Field>,
    /// The place it was stated in, which is the rule's name if it is believed.
    pub(in crate::article) rule: &'static str,
    /// What is stated, white space folded.
    pub(in crate::article) value: String,
    /// What states it; nothing where that is not in the input: the archive around it, the address it was fetched from.
    pub(in crate::article) span: Option<Span>,
}

/// All that the document states about itself, in order.
#[derive(Debug, Default)]
pub(in crate::article) struct Meta {
    stated: Vec<Stated>,
}

/// Longest list of statements kept: real pages have some dozens that we know.
const STATED_MAX: usize = 512;
/// Longest statement kept, in bytes: a long headline has 300.
pub(super) const STATED_BYTES_MAX: usize = 4096;

impl Meta {
    /// Adds a page's statement, unless it is empty or there are too many.
    pub(super) fn state(&mut self, rule: &'static str, value: &str, span: Span) {
        self.add(None, rule, value, Some(span));
    }

    /// Adds a statement about a field. Of several about one field the first that can be believed wins: a reader tells the
    /// better first.
    pub(super) fn tell(
        &mut self,
        field: Field,
        rule: &'static str,
        value: &str,
        span: Option<Span>,
    ) {
        self.add(Some(field), rule, value, span);
    }

    fn add(&mut self, field: Option<Field>, rule: &'static str, value: &str, span: Option<Span>) {
        if value.len() > STATED_BYTES_MAX || self.stated.len() >= STATED_MAX {
            return;
        }
        let value = prose::fold(value);
        if !value.is_empty() {
            self.stated.push(Stated {
                field,
                rule,
                value,
                span,
            });
        }
    }

    /// Takes over what is stated elsewhere.
    pub(super) fn extend(&mut self, other: Self) {
        let room = STATED_MAX.saturating_sub(self.stated.len());
        self.stated.extend(other.stated.into_iter().take(room));
    }

    /// Puts all places to where `place` says they are.
    pub(super) fn settle(&mut self, place: impl Fn(Span) -> Span) {
        for stated in &mut self.stated {
            stated.span = stated.span.map(&place);
        }
    }

    /// The first statement by the first of the rules that has one.
    pub(in crate::article) fn first(&self, rules: &[&str]) -> Option<&Stated> {
        rules.iter().find_map(|rule| self.all(rule).next())
    }

    /// All statements by a rule.
    pub(in crate::article) fn all(&self, rule: &str) -> impl Iterator<Item = &Stated> {
        self.stated.iter().filter(move |stated| stated.rule == rule)
    }

    /// All statements about a field, the better first.
    pub(in crate::article) fn told(&self, field: Field) -> impl Iterator<Item = &Stated> {
        let told = self.stated.iter();
        told.filter(move |stated| stated.field == Some(field))
    }
}
