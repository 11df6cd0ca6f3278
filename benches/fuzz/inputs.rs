//! Inputs nobody would write, each made from a number alone: random bytes, mixtures of markup, broken charsets, splices
//! and repetitions of the fixtures.

use std::path::Path;

/// Pieces of pages: whole tags, halves of tags, what browsers treat specially, and lines of articles.
#[rustfmt::skip] // a table
const PIECES: &[&str] = &[
    "<p>", "</p>", "<div class=\"story-body\">", "</div>", "<div>", "<article>", "</article>", "<br>", "<br/>", "<a href=\"/x\">", "</a>",
    "<h1>", "</h1>", "<h2 class=headline>", "</h2>", "<ul><li>", "</li></ul>", "<table><tr><td>", "</table>", "<figcaption>", "</figcaption>",
    "<script>", "</script>", "<style>p{}", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<!doctype html>", "<html><head>", "<title>", "</title>",
    "<meta charset=utf-16>", "<meta property=\"og:title\" content=\"A headline\">", "<script type=\"application/ld+json\">{\"@type\":\"NewsArticle\",",
    "\"headline\":\"A \\u0000 headline\",\"datePublished\":\"2031-02-30T25:61\"}", "<p", "<", ">", "&", "&amp;", "&#0;", "&#xD800;", "&#99999999999;",
    "&nbsp", "&notit;", "<p class='", "='\"", "<plaintext>", "<noscript>", "<template>", "<textarea>", "<select><option>", "<iframe>", "<svg><title>",
    "\n", "\n\n", "\r\n", "\r", "\u{c}", "\t", "   ", "\u{a0}", "\u{2028}", "\u{200b}", "\u{feff}", "\u{ad}", "\u{202e}", "\u{301}", "\u{2800}", "\0",
    "Home", "Most read", "Read more", "Share this article", "By Ann Lee", "By ", "3 Oct 2031", "• item one", "(AFP)", "-- AFP", "Photo: X/AFP",
    "The council met on Monday and agreed to repair the wall, officials said after the meeting.", "A headline of some seven words here",
    "LIMA (AP) — A ship sank off the coast on Sunday, the navy said in a statement.", "It rained. -- AFP", "(Reporting by A; Editing by B)",
    "東京都の議会は火曜日、防波堤の再建を決めた。", "Der Rat stimmte am Dienstag zu, sagte der Bürgermeister.", "قال المجلس يوم الثلاثاء.",
    "CORRECTION: ", "© 2031", "Comments (12)", "1.", "2) ", "- ", "– ", "\"", "“", "’", "ß", "İ", "ﬁ", "🚢", "e\u{301}\u{301}\u{301}", "\u{10ffff}",
];

/// The fixtures of the project.
pub(crate) fn fixtures() -> Vec<Vec<u8>> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut paths = Vec::new();
    for folder in ["corpus", "pages"] {
        for entry in std::fs::read_dir(tests.join(folder)).expect("the fixtures") {
            let path = entry.expect("an entry").path();
            if path
                .extension()
                .is_some_and(|end| end == "txt" || end == "html")
            {
                paths.push(path);
            }
        }
    }
    paths.sort();
    paths
        .iter()
        .map(|path| std::fs::read(path).expect("readable"))
        .collect()
}

/// The input of this number.
pub(crate) fn input(number: u64, fixtures: &[Vec<u8>]) -> Vec<u8> {
    let mut dice = fastrand::Rng::with_seed(number);
    let mut input = match dice.u8(0..8) {
        0 => (0..dice.usize(0..2_000)).map(|_| dice.u8(..)).collect(),
        1 => mixture(&mut dice, 80),
        2 => repetition(&mut dice),
        3 => characters(&mut dice),
        4 | 5 => splices(&mut dice, fixtures),
        6 => wide(&mut dice, fixtures),
        _ => slice(&mut dice, fixtures),
    };
    for _ in 0..dice.usize(0..12) {
        damage(&mut input, &mut dice);
    }
    input
}

fn mixture(dice: &mut fastrand::Rng, most: usize) -> Vec<u8> {
    let parting = ["", "", " ", "\n", "\n\n", "\r\n"][dice.usize(0..6)];
    let pieces: Vec<&str> = (0..dice.usize(0..most))
        .map(|_| PIECES[dice.usize(0..PIECES.len())])
        .collect();
    pieces.join(parting).into_bytes()
}

/// A short mixture many times over: what costs more than it is long shows here.
fn repetition(dice: &mut fastrand::Rng) -> Vec<u8> {
    let piece = mixture(dice, 4);
    piece.repeat(dice.usize(1..400))
}

fn characters(dice: &mut fastrand::Rng) -> Vec<u8> {
    let planes = ['\u{7f}', '\u{2ff}', '\u{2fff}', '\u{ffff}', char::MAX];
    let plane = planes[dice.usize(0..planes.len())];
    let text: String = (0..dice.usize(0..600))
        .map(|_| dice.char('\0'..=plane))
        .collect();
    text.into_bytes()
}

/// A part of a fixture, anywhere.
fn slice(dice: &mut fastrand::Rng, fixtures: &[Vec<u8>]) -> Vec<u8> {
    let fixture = &fixtures[dice.usize(0..fixtures.len())];
    let start = dice.usize(0..fixture.len());
    fixture[start..dice.usize(start..=fixture.len())].to_vec()
}

fn splices(dice: &mut fastrand::Rng, fixtures: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<Vec<u8>> = (0..dice.usize(1..6))
        .map(|_| match dice.u8(0..4) {
            0 => mixture(dice, 12),
            _ => slice(dice, fixtures),
        })
        .collect();
    parts.concat()
}

/// UTF-16 of either order, with and without its mark.
fn wide(dice: &mut fastrand::Rng, fixtures: &[Vec<u8>]) -> Vec<u8> {
    let bytes = splices(dice, fixtures);
    let text = String::from_utf8_lossy(&bytes);
    let mark = if dice.bool() { "\u{feff}" } else { "" };
    let units = mark.encode_utf16().chain(text.encode_utf16());
    if dice.bool() {
        units.flat_map(u16::to_le_bytes).collect()
    } else {
        units.flat_map(u16::to_be_bytes).collect()
    }
}

/// Changes, takes out, doubles or puts in a few bytes.
fn damage(input: &mut Vec<u8>, dice: &mut fastrand::Rng) {
    if input.is_empty() {
        return;
    }
    let start = dice.usize(0..input.len());
    let end = (start + dice.usize(0..60)).min(input.len());
    match dice.u8(0..5) {
        0 => input[start] ^= 1 << dice.u8(0..8),
        1 => drop(input.drain(start..end)),
        2 => {
            let doubled = input[start..end].to_vec();
            let at = dice.usize(0..=input.len());
            drop(input.splice(at..at, doubled));
        }
        3 => {
            let piece = PIECES[dice.usize(0..PIECES.len())];
            drop(input.splice(start..start, piece.bytes()));
        }
        _ => input[start..end].reverse(),
    }
}
