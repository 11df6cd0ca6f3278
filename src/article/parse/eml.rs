//! One mail: a story sent in, a press release, a newsletter.

use mail_parser::{Address, HeaderValue, Message, MessagePart, PartType};

use crate::article::decode::Decoded;
use crate::article::{Label, Refusal, Rules, Span, prose};

use super::lifted::Lifted;
use super::{Draft, Drafter, Field, Format, Reader, Render, html, mail, whole};

/// Mail.
pub(super) const READER: Reader = Reader {
    format: Format("eml"),
    recognise: |_| None,
    divide: whole,
    read,
    render: Some(&Render {
        recognise: |bytes| mail::is_mail(&mail::headers(bytes)).then_some("mail-headers"),
        text: render,
    }),
};

fn render(bytes: &[u8], rules: &Rules) -> Result<Decoded, Refusal> {
    let no_text = |what: &'static str| Err(Refusal::NoText { what });
    let Some(message) = mail::parse(bytes, rules)? else {
        return no_text("a mail without a text");
    };
    let mut message = &message;
    loop {
        let (text, forwarded) = (text_of(message, rules), forwarded(message));
        match (text, forwarded.as_slice()) {
            (None, []) => return no_text("a mail without a text"),
            (None, [_, _, ..]) => {
                return no_text("mails in a mail: send each as a file, or all as an mbox");
            }
            (None, [inner]) => message = inner,
            (Some(cover), [inner]) if is_cover(&cover, inner, rules) => message = inner,
            (Some((kind, body)), _) => return rendered(message, kind, body, rules),
        }
    }
}

/// The messages that are attached to one.
fn forwarded<'m>(message: &'m Message<'m>) -> Vec<&'m Message<'m>> {
    let inner = |part: &'m MessagePart<'m>| match &part.body {
        PartType::Message(inner) => Some(inner),
        PartType::Text(_)
        | PartType::Html(_)
        | PartType::Binary(_)
        | PartType::InlineBinary(_)
        | PartType::Multipart(_) => None,
    };
    message.parts.iter().filter_map(inner).collect()
}

/// What a message says, and the media type of that.
fn text_of(message: &Message<'_>, rules: &Rules) -> Option<(&'static str, Decoded)> {
    let plain = message
        .text_bodies()
        .find(|part| matches!(part.body, PartType::Text(_)));
    let marked_up = message
        .html_bodies()
        .find(|part| matches!(part.body, PartType::Html(_)));
    let read = |part: Option<&MessagePart<'_>>| {
        let text = part.and_then(|part| mail::text(message, part, rules).ok());
        text.filter(|text| !text.text.trim().is_empty())
    };
    let (Some(plain), Some(marked_up)) = (read(plain), read(marked_up)) else {
        let plain = read(plain).map(|plain| (PLAIN, plain));
        return plain.or_else(|| Some((HTML, read(marked_up)?)));
    };
    let (here, there) = (
        letters(PLAIN, &plain.text, rules),
        letters(HTML, &marked_up.text, rules),
    );
    Some(if is_stub(here, there) {
        (HTML, marked_up)
    } else {
        (PLAIN, plain)
    })
}

/// Whether what a message says only hands on the one that is attached to it: "See below. Anna".
fn is_cover((kind, cover): &(&'static str, Decoded), inner: &Message<'_>, rules: &Rules) -> bool {
    text_of(inner, rules).is_some_and(|(inner_kind, inner)| {
        let there = letters(inner_kind, &inner.text, rules);
        is_stub(letters(kind, &cover.text, rules), there)
    })
}

fn rendered(
    message: &Message<'_>,
    kind: &'static str,
    body: Decoded,
    rules: &Rules,
) -> Result<Decoded, Refusal> {
    let raw = |name: &'static str| {
        message
            .header_raw(name)
            .unwrap_or_default()
            .trim()
            .to_owned()
    };
    let id = message
        .message_id()
        .map(|id| format!("<{id}>"))
        .unwrap_or_default();
    let headers = [
        ("Subject", message.subject().unwrap_or_default().to_owned()),
        ("From", address(message.from())),
        ("Date", raw("Date")),
        ("Message-ID", id),
        ("List-Id", list_id(message)),
        ("List-Unsubscribe", raw("List-Unsubscribe")),
        ("Content-Language", raw("Content-Language")),
        ("Content-Type", kind.to_owned()),
    ];
    mail::rendered(&headers, body, rules)
}

fn address(address: Option<&Address<'_>>) -> String {
    let Some(first) = address.and_then(Address::first) else {
        return String::new();
    };
    let name = first.name().unwrap_or_default();
    let address = first.address().unwrap_or_default();
    if address.is_empty() {
        name.to_owned()
    } else {
        format!("{name} <{address}>")
    }
}

/// A list's name is written like an address, or is one.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "a header of another kind names no list"
)]
fn list_id(message: &Message<'_>) -> String {
    match message.list_id() {
        HeaderValue::Address(list) => address(Some(list)),
        HeaderValue::Text(text) => text.to_string(),
        _ => String::new(),
    }
}

/// Below this many letters a plain text may be a stub: "View this message in your browser".
const STUB_LETTERS_MAX: usize = 400;
/// How many times as much the other part has then.
const STUB_TIMES: usize = 3;

/// Whether a text of so many letters only stands in for one of so many.
fn is_stub(here: usize, there: usize) -> bool {
    here <= STUB_LETTERS_MAX && there > STUB_TIMES * here
}

/// How many letters a reader sees of a text of this media type.
fn letters(kind: &str, text: &str, rules: &Rules) -> usize {
    let count = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    if kind == PLAIN {
        return count(text);
    }
    let blocks = html::parse(text, rules.depth_max).blocks;
    blocks.iter().map(|block| count(&block.text)).sum()
}

/// Media types of a message's text.
const PLAIN: &str = "text/plain";
const HTML: &str = "text/html";

#[expect(clippy::unnecessary_wraps, reason = "a reader may refuse")]
fn read(text: &str, rules: &Rules) -> Result<Draft, Refusal> {
    let (headers, start) = mail::kept(text);
    let value = |name: &str| {
        headers
            .iter()
            .find(|(header, _)| *header == name)
            .map(|(_, span)| *span)
    };
    let is_html = value("Content-Type").is_some_and(|kind| kind.of(text) == HTML);
    let is_list = value("List-Id").or(value("List-Unsubscribe")).is_some();
    let body = Span::new(start, text.len());
    let mut drafter = Drafter::new(rules);
    tell(&mut drafter, text, &value, is_list);
    if !is_html {
        plain(&mut drafter, text, body);
        let mut draft = drafter.finish();
        draft.is_given = !is_list;
        return Ok(draft);
    }
    let lifted = Lifted::verbatim(text, body);
    drafter.html(&lifted);
    let mut draft = drafter.finish();
    // A newsletter is laid out like a page, with the story somewhere in it; what a person sends is the story.
    draft.is_given = !(is_list && body.of(text).to_ascii_lowercase().contains("<table"));
    Ok(draft)
}

/// What the headers state.
fn tell(
    drafter: &mut Drafter<'_>,
    text: &str,
    value: &dyn Fn(&str) -> Option<Span>,
    is_list: bool,
) {
    if let Some(subject) = value("Subject") {
        let bare = without_reply(subject.of(text));
        let title = Lifted::verbatim(text, Span::new(subject.end - bare.len(), subject.end));
        drafter.tell_lifted(Field::Title, "mail-subject", &title);
        drafter.line(Label::Title, "mail-subject", &title);
    }
    if let Some(from) = value("From") {
        let (name, address) = from
            .of(text)
            .rsplit_once('<')
            .unwrap_or((from.of(text), ""));
        let (name, address) = (name.trim().trim_matches('"'), address.trim_end_matches('>'));
        let field = if is_list {
            Field::Source
        } else {
            Field::Byline
        };
        drafter.tell(
            field,
            "mail-from",
            if name.is_empty() { address } else { name },
            Some(from),
        );
        if let Some(list) = value("List-Id") {
            let name = list.of(text).split('<').next().unwrap_or_default();
            drafter.tell(
                Field::Source,
                "mail-list",
                name.trim_matches(['"', ' ']),
                Some(list),
            );
        }
        let domain = address.rsplit_once('@').map_or("", |(_, domain)| domain);
        if !is_anybodys(domain) {
            drafter.tell(Field::Source, "mail-from-domain", domain, Some(from));
        }
    }
    for (name, field, rule) in [
        ("Date", Field::Published, "mail-date"),
        ("Message-ID", Field::Guid, "mail-message-id"),
        ("Content-Language", Field::Language, "mail-content-language"),
    ] {
        if let Some(span) = value(name) {
            drafter.tell(field, rule, span.of(text), Some(span));
        }
    }
}

/// What answers and forwards put before a subject, in lower case.
const REPLIES: &[&str] = &[
    "re:", "fw:", "fwd:", "aw:", "wg:", "tr:", "rv:", "sv:", "vs:", "antw:", "odp:", "r:", "i:",
];

fn without_reply(subject: &str) -> &str {
    let mut bare = subject.trim_start();
    while let Some(prefix) = REPLIES.iter().find(|prefix| {
        bare.get(..prefix.len())
            .is_some_and(|opening| opening.eq_ignore_ascii_case(prefix))
    }) {
        bare = bare.get(prefix.len()..).unwrap_or("").trim_start();
    }
    if bare.is_empty() { subject } else { bare }
}

/// Domains of mailboxes for everybody: the second last label, or the whole.
const ANYBODYS: &[&str] = &[
    "gmail",
    "googlemail",
    "outlook",
    "hotmail",
    "live",
    "msn",
    "yahoo",
    "ymail",
    "icloud",
    "me",
    "gmx",
    "web",
    "aol",
    "mail",
    "yandex",
    "proton",
    "protonmail",
    "t-online",
    "orange",
    "free",
    "qq",
    "163",
    "126",
    "ukr",
];

fn is_anybodys(domain: &str) -> bool {
    let mut labels = domain.rsplit('.');
    let (last, before) = (labels.next().unwrap_or(""), labels.next());
    before.is_none()
        || last.is_empty()
        || before.is_some_and(|label| ANYBODYS.contains(&label.to_lowercase().as_str()))
}

/// The text of a mail: what is quoted of another, the header of what is forwarded and the signature are none of it.
fn plain(drafter: &mut Drafter<'_>, text: &str, body: Span) {
    let lines = lines(text, body);
    let asides = asides(text, &lines);
    let public = || {
        lines
            .iter()
            .zip(&asides)
            .filter(|(_, aside)| aside.is_none())
    };
    if public().all(|(line, _)| line.of(text).trim().is_empty()) {
        // Nothing but what is quoted: then it is that which is sent.
        drafter.text(&Lifted::verbatim(text, body));
        return;
    }
    let mut at = 0;
    for run in asides.chunk_by(|a, b| a == b) {
        let (first, last) = (lines.get(at), lines.get(at + run.len() - 1));
        at += run.len();
        let (Some(first), Some(last), Some(rule)) = (first, last, run.first()) else {
            continue;
        };
        let piece = unmarked(text, Span::new(first.start, last.end));
        match rule {
            None => drafter.text(&piece),
            Some(rule) => drafter.aside(Label::Furniture, rule, &piece),
        }
    }
}

/// Lines without the mark that mailboxes put before those that open with "From ".
fn unmarked(text: &str, piece: Span) -> Lifted {
    let mut unmarked = Lifted::default();
    for line in lines(text, piece) {
        let bare = line.of(text);
        let mark = usize::from(bare.starts_with(">From "));
        unmarked.push(bare.get(mark..).unwrap_or(bare), line.start + mark);
    }
    unmarked
}

fn lines(text: &str, body: Span) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut at = body.start;
    for line in body.of(text).split_inclusive('\n') {
        lines.push(Span::new(at, at + line.len()));
        at += line.len();
    }
    lines
}

/// Of each line the rule by which it is none of the text.
fn asides(text: &str, lines: &[Span]) -> Vec<Option<&'static str>> {
    let mut asides: Vec<Option<&'static str>> = vec![None; lines.len()];
    let of = |at: usize| lines.get(at).map_or("", |line| line.of(text).trim());
    let mut forwarded = false;
    for (at, line) in lines.iter().enumerate() {
        // RFC 3676: two hyphens and a blank, alone on a line.
        let raw = line.of(text).trim_end_matches(['\r', '\n']);
        if raw == "-- " || raw == "--" {
            for aside in asides.iter_mut().skip(at) {
                *aside = Some("mail-signature");
            }
            break;
        }
        let bare = raw.trim();
        // A line that opens with "From " got its mark from a mailbox.
        let quoted = |at: usize| of(at).starts_with('>') && !of(at).starts_with(">From ");
        let rule = if quoted(at) || is_attribution(bare) && (at + 1..at + 4).any(quoted) {
            Some("mail-quote")
        } else if is_forward(bare) || !forwarded && opens_forward(&of, at) {
            forwarded = true;
            Some("mail-forward")
        } else if forwarded && (is_header(bare) || bare.is_empty()) {
            forwarded = !bare.is_empty() || is_header(of(at + 1));
            Some("mail-forward")
        } else {
            forwarded = false;
            None
        };
        if let Some(aside) = asides.get_mut(at) {
            *aside = rule;
        }
    }
    asides
}

/// "On Monday, Jane Roe wrote:".
fn is_attribution(line: &str) -> bool {
    let verbs = [
        "wrote:",
        "schrieb:",
        "a écrit :",
        "escribió:",
        "ha scritto:",
        "escreveu:",
        "пишет:",
        "писал:",
        "написал:",
    ];
    line.len() <= 200 && verbs.iter().any(|verb| line.ends_with(verb))
}

/// "---------- Forwarded message ---------".
fn is_forward(line: &str) -> bool {
    let bare = line.trim_matches(['-', ' ', '_']).to_lowercase();
    let dashed = line.starts_with("---") || line.starts_with("Begin forwarded");
    let words = [
        "forwarded message",
        "original message",
        "weitergeleitete nachricht",
        "ursprüngliche nachricht",
        "begin forwarded message:",
        "message transféré",
        "mensaje reenviado",
        "пересылаемое сообщение",
    ];
    dashed && words.contains(&bare.as_str())
}

/// How many lines the header of what is forwarded has at most, where one field has a line.
const FORWARD_LINES_MAX: usize = 6;
/// Fewest of them that tell it where nothing stands above it: of whom, when, to whom, about what.
const FORWARD_HEADERS_MIN: usize = 3;

/// Whether the header of a mail begins on a line, as some programs put it above what they forward, with no line before it
/// that says so.
fn opens_forward<'t>(line: &impl Fn(usize) -> &'t str, at: usize) -> bool {
    let below = (at..at + FORWARD_LINES_MAX).take_while(|at| is_header(line(*at)));
    below.count() >= FORWARD_HEADERS_MIN
}

/// "Date: Mon, 3 Apr 2024".
fn is_header(line: &str) -> bool {
    let name = line
        .trim_start_matches('*')
        .split(':')
        .next()
        .unwrap_or("")
        .to_lowercase();
    let names = [
        "from", "date", "sent", "subject", "to", "cc", "reply-to", "von", "datum", "gesendet",
        "betreff", "an", "de", "à", "objet", "от", "кому", "тема", "дата", "para", "asunto",
        "fecha", "enviado",
    ];
    line.contains(':') && names.contains(&name.as_str()) && prose::fold(line).len() <= 400
}
