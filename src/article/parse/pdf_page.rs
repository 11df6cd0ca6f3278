//! The text of a page of a PDF: what is drawn, in lines and paragraphs by where it stands.
//!
//! Letters come in the order in which they are drawn, which is the order of reading with all but the oldest programs.

use std::collections::HashMap;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Encoding, Object, ObjectId};

use crate::article::prose;

/// A transformation of the plane: PDF's six numbers.
type Matrix = [f32; 6];

const UNIT: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First one, then the other.
#[expect(clippy::many_single_char_names, reason = "the names of the standard")]
fn after([a, b, c, d, e, f]: Matrix, [a2, b2, c2, d2, e2, f2]: Matrix) -> Matrix {
    [
        a * a2 + b * c2,
        a * b2 + b * d2,
        c * a2 + d * c2,
        c * b2 + d * d2,
        e * a2 + f * c2 + e2,
        e * b2 + f * d2 + f2,
    ]
}

/// Most bytes of a map from a font's codes to Unicode.
const MAP_BYTES_MAX: usize = 4 << 20;
/// Deepest stack of graphics states; the standard asks for 28.
const STATES_MAX: usize = 256;

/// What is on a page.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Its text, paragraphs parted by a blank line.
    pub(super) text: String,
    /// What is set in the largest type, where that is a line or a few of more than a few letters, and larger than the rest.
    pub(super) largest: Option<String>,
}

/// Reads a page; `budget` is how many bytes of drawing instructions may still be unpacked, `title` what the file says it is
/// called: where the first lines say that, they are a paragraph.
pub(super) fn read(document: &Document, page: ObjectId, budget: &mut usize, title: &str) -> Page {
    let Ok(content) = document.get_page_content_with_limit(page, *budget) else {
        return Page::default();
    };
    *budget = budget.saturating_sub(content.len());
    // What a font's codes mean to a reader comes before what its letters are called.
    let fonts: Vec<(Vec<u8>, Dictionary)> = document
        .get_page_fonts(page)
        .unwrap_or_default()
        .into_iter()
        .map(|(name, font)| {
            let mut font = font.clone();
            if font.has(b"ToUnicode") {
                font.remove(b"Encoding");
            }
            (name, font)
        })
        .collect();
    let fonts: HashMap<&[u8], Font<'_>> = fonts
        .iter()
        .map(|(name, font)| (name.as_slice(), Font::of(font, document)))
        .collect();
    let mut pen = Pen {
        fonts: &fonts,
        font: None,
        state: State::default(),
        states: Vec::new(),
        matrix: UNIT,
        line: UNIT,
        lines: Vec::new(),
    };
    for operation in Content::decode_iter(&content) {
        let Ok(operation) = operation else { break };
        pen.follow(&operation);
    }
    Page {
        text: paragraphs(&pen.lines, title),
        largest: largest(&pen.lines),
    }
}

/// How many times the size of most letters that of a headline is at least.
const HEADLINE_TIMES: f32 = 1.25;
/// Fewest letters of a headline (an ideograph counts as two and a half), and most lines: fewer are the name of a paper.
const HEADLINE_WEIGHT_MIN: usize = 20;
const HEADLINE_LINES_MAX: usize = 5;

/// The lines in the largest type that may be a headline.
fn largest(lines: &[Line]) -> Option<String> {
    let shown = || lines.iter().filter(|line| !line.text.trim().is_empty());
    let mut sizes: Vec<(f32, usize)> = shown().map(|line| (line.size, line.text.len())).collect();
    sizes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = sizes.iter().map(|(_, letters)| letters).sum::<usize>() / 2;
    let mut passed = 0;
    let (most, _) = sizes.iter().find(|(_, letters)| {
        passed += letters;
        passed > half
    })?;
    let shown: Vec<&Line> = shown().collect();
    let runs = shown.chunk_by(|a, b| (a.size - b.size).abs() <= LARGER * a.size.max(b.size));
    let mut best: Option<(f32, String)> = None;
    for run in runs.filter(|run| run.len() <= HEADLINE_LINES_MAX) {
        let size = run.iter().map(|line| line.size).fold(0.0, f32::max);
        let is_larger = size >= most * HEADLINE_TIMES
            && best.as_ref().is_none_or(|(largest, _)| size > *largest);
        let said: Vec<&str> = run.iter().map(|line| line.text.trim()).collect();
        let said = said.join(" ");
        if is_larger && prose::read(&said).weight >= HEADLINE_WEIGHT_MIN {
            best = Some((size, said));
        }
    }
    best.map(|(_, said)| said)
}

/// A font as far as its letters are read and measured.
struct Font<'a> {
    encoding: Option<Encoding<'a>>,
    /// Bytes of a code.
    code_bytes: usize,
    first: usize,
    widths: Vec<f32>,
}

impl<'a> Font<'a> {
    fn of(font: &'a Dictionary, document: &'a Document) -> Self {
        let kind = font
            .get(b"Subtype")
            .and_then(Object::as_name)
            .unwrap_or_default();
        let widths = font
            .get_deref(b"Widths", document)
            .and_then(Object::as_array);
        let first = font
            .get_deref(b"FirstChar", document)
            .and_then(Object::as_i64)
            .unwrap_or(0);
        Self {
            encoding: font
                .get_font_encoding_with_limit(document, MAP_BYTES_MAX)
                .ok(),
            code_bytes: if kind == b"Type0" { 2 } else { 1 },
            first: usize::try_from(first).unwrap_or(0),
            widths: widths.map_or_else(
                |_| Vec::new(),
                |widths| {
                    widths
                        .iter()
                        .take(256)
                        .map(|it| it.as_float().unwrap_or(0.0))
                        .collect()
                },
            ),
        }
    }

    /// What a string says, and how wide it is for a size of one.
    fn read(&self, string: &[u8]) -> (String, f32) {
        let text = self
            .encoding
            .as_ref()
            .and_then(|encoding| encoding.bytes_to_string(string).ok())
            .unwrap_or_default();
        let codes = string.chunks(self.code_bytes);
        let width = codes.map(|code| {
            let known = code
                .first()
                .and_then(|byte| usize::from(*byte).checked_sub(self.first));
            let width = known
                .filter(|_| self.code_bytes == 1)
                .and_then(|at| self.widths.get(at));
            // Half a letter's height is as wide as letters are in the middle.
            width.copied().filter(|width| *width > 0.0).unwrap_or(500.0) / 1000.0
        });
        (text, width.sum())
    }

    /// How wide a gap between letters is a blank, for a size of one.
    fn gap(&self) -> f32 {
        if self.widths.is_empty() { 0.35 } else { 0.15 }
    }
}

/// What is kept when a graphics state is saved.
#[derive(Debug, Clone, Copy)]
struct State {
    plane: Matrix,
    size: f32,
    leading: f32,
    letter_space: f32,
    word_space: f32,
    scale: f32,
}

impl Default for State {
    fn default() -> Self {
        Self {
            plane: UNIT,
            size: 1.0,
            leading: 0.0,
            letter_space: 0.0,
            word_space: 0.0,
            scale: 1.0,
        }
    }
}

/// A line as it is drawn.
#[derive(Debug)]
struct Line {
    text: String,
    x: f32,
    y: f32,
    end: f32,
    size: f32,
}

struct Pen<'a> {
    fonts: &'a HashMap<&'a [u8], Font<'a>>,
    font: Option<&'a Font<'a>>,
    state: State,
    states: Vec<State>,
    matrix: Matrix,
    line: Matrix,
    lines: Vec<Line>,
}

impl Pen<'_> {
    fn follow(&mut self, operation: &Operation) {
        let operands = operation.operands.as_slice();
        let number = |at: usize| {
            operands
                .get(at)
                .and_then(|it| it.as_float().ok())
                .unwrap_or(0.0)
        };
        let six = || {
            [
                number(0),
                number(1),
                number(2),
                number(3),
                number(4),
                number(5),
            ]
        };
        match operation.operator.as_str() {
            "q" if self.states.len() < STATES_MAX => self.states.push(self.state),
            "Q" => self.state = self.states.pop().unwrap_or(self.state),
            "cm" => self.state.plane = after(six(), self.state.plane),
            "BT" => (self.matrix, self.line) = (UNIT, UNIT),
            "Tf" => {
                let name = operands
                    .first()
                    .and_then(|name| name.as_name().ok())
                    .unwrap_or_default();
                self.font = self.fonts.get(name);
                self.state.size = number(1);
            }
            "TL" => self.state.leading = number(0),
            "Tc" => self.state.letter_space = number(0),
            "Tw" => self.state.word_space = number(0),
            "Tz" => self.state.scale = number(0) / 100.0,
            "Td" => self.move_line(number(0), number(1)),
            "TD" => {
                self.state.leading = -number(1);
                self.move_line(number(0), number(1));
            }
            "Tm" => (self.matrix, self.line) = (six(), six()),
            "T*" => self.move_line(0.0, -self.state.leading),
            "Tj" => self.show_all(operands),
            "TJ" => self.show_all(
                operands
                    .first()
                    .and_then(|list| list.as_array().ok())
                    .map_or(&[], Vec::as_slice),
            ),
            "'" => {
                self.move_line(0.0, -self.state.leading);
                self.show_all(operands);
            }
            "\"" => {
                self.state.word_space = number(0);
                self.state.letter_space = number(1);
                self.move_line(0.0, -self.state.leading);
                self.show_all(operands.get(2..).unwrap_or_default());
            }
            _ => {}
        }
    }

    fn move_line(&mut self, x: f32, y: f32) {
        self.line = after([1.0, 0.0, 0.0, 1.0, x, y], self.line);
        self.matrix = self.line;
    }

    fn advance(&mut self, by: f32) {
        self.matrix = after(
            [1.0, 0.0, 0.0, 1.0, by * self.state.scale, 0.0],
            self.matrix,
        );
    }

    /// Strings, and the numbers between them that move the pen back.
    fn show_all(&mut self, operands: &[Object]) {
        for operand in operands {
            if let Ok(string) = operand.as_str() {
                self.show(string);
            } else if let Ok(number) = operand.as_float() {
                self.advance(-number / 1000.0 * self.state.size);
            }
        }
    }

    #[expect(
        clippy::cast_precision_loss,
        clippy::many_single_char_names,
        reason = "a count of letters; the names of the standard"
    )]
    fn show(&mut self, string: &[u8]) {
        let Some(font) = self.font else { return };
        let (text, width) = font.read(string);
        let [a, b, c, d, x, y] = after(self.matrix, self.state.plane);
        let size = self.state.size.abs() * (a * d - b * c).abs().sqrt();
        let blanks = memchr::memchr_iter(b' ', string).count() as f32;
        let letters = (string.len() / font.code_bytes) as f32;
        self.advance(
            width * self.state.size
                + letters * self.state.letter_space
                + blanks * self.state.word_space,
        );
        let [.., end, _] = after(self.matrix, self.state.plane);
        let goes_on = self.lines.last_mut().filter(|line| {
            (line.y - y).abs() < 0.4 * size.max(line.size) && x > line.end - 3.0 * size
        });
        let Some(line) = goes_on else {
            let line = Line {
                text,
                x,
                y,
                end,
                size,
            };
            self.lines.push(line);
            return;
        };
        let apart = x - line.end > font.gap() * size;
        if apart && !line.text.ends_with(' ') && !text.starts_with(' ') {
            line.text.push(' ');
        }
        line.text.push_str(&text);
        line.end = end;
        line.size = line.size.max(size);
    }
}

/// How many times the distance of lines the distance of paragraphs is at least.
const GAP: f32 = 1.35;
/// By which part the letters of a headline are larger.
const LARGER: f32 = 0.15;

/// Lines as text: paragraphs parted by a blank line, words that the end of a line parts whole again.
fn paragraphs(lines: &[Line], title: &str) -> String {
    let title = prose::squeeze(title);
    let lines: Vec<&Line> = lines
        .iter()
        .filter(|line| !line.text.trim().is_empty())
        .collect();
    let mut steps: Vec<f32> = lines
        .windows(2)
        .filter_map(|pair| match pair {
            [above, below] if above.y > below.y => Some(above.y - below.y),
            _ => None,
        })
        .collect();
    steps.sort_by(f32::total_cmp);
    let step = steps.get(steps.len() / 2).copied().unwrap_or(f32::MAX);
    let edges = edges(&lines);
    let mut text = String::new();
    let mut above: Option<&Line> = None;
    for (at, line) in lines.into_iter().enumerate() {
        if let Some(above) = above {
            let is_title = at <= HEADLINE_LINES_MAX && prose::squeeze(&text) == title;
            let distance = above.y - line.y;
            let resized = (above.size - line.size).abs() > LARGER * above.size.max(line.size);
            let edge = edges.get(&column(above)).copied().unwrap_or(above.end);
            let is_short = has_room(above, line, edge);
            let ends = is_short && prose::ends_sentence(above.text.trim_end());
            let apart = distance > GAP * step || distance < 0.0 || resized || ends || is_title;
            let indented = line.x - above.x > above.size && !apart;
            if !apart && is_parted(&text, &line.text) {
                text.pop();
            } else if !apart && !indented && !is_short && goes_on(&text, &line.text) {
                text.push(' ');
            } else {
                text.push('\n');
                if apart || indented {
                    text.push('\n');
                }
            }
        }
        text.push_str(line.text.trim());
        above = Some(line);
    }
    text.push('\n');
    text
}

/// Where a line begins, roughly, and how large it is: the same for the lines of a column.
#[expect(clippy::cast_possible_truncation, reason = "a place on a page")]
fn column(line: &Line) -> (i32, i32) {
    ((line.x / 16.0) as i32, line.size.round() as i32)
}

/// How far the lines of each column reach.
fn edges(lines: &[&Line]) -> HashMap<(i32, i32), f32> {
    let mut edges: HashMap<(i32, i32), f32> = HashMap::new();
    for line in lines {
        let edge = edges.entry(column(line)).or_insert(line.end);
        *edge = edge.max(line.end);
    }
    edges
}

/// Whether the next line's first word would have fitted behind a line.
#[expect(clippy::cast_precision_loss, reason = "a count of letters")]
fn has_room(line: &Line, next: &Line, edge: f32) -> bool {
    let word = next
        .text
        .split_whitespace()
        .next()
        .unwrap_or("")
        .chars()
        .count();
    line.end + (word + 2) as f32 * 0.6 * line.size < edge
}

/// Whether a full line goes on in the next: with a blank between the words, and no new item of a list.
fn goes_on(above: &str, below: &str) -> bool {
    let opens =
        |c: char| c.is_alphanumeric() && !prose::is_ideograph(c) || "\"'“„«»‘’(€$£".contains(c);
    let is_item = below.split_whitespace().next().is_some_and(|word| {
        word.ends_with(['.', ')']) && word.trim_end_matches(['.', ')']).parse::<u32>().is_ok()
    });
    let ends_in_ideograph = above.chars().next_back().is_some_and(prose::is_ideograph);
    below.trim_start().starts_with(opens) && !is_item && !ends_in_ideograph
}

/// Whether a hyphen at the end of what is above parts a word that goes on below.
fn is_parted(above: &str, below: &str) -> bool {
    let word = above.strip_suffix(['-', '\u{ad}', '\u{2010}']);
    let letter = word.and_then(|word| word.chars().next_back());
    // Every hyphen but the typewriter's takes several bytes and one character: `pop` takes it.
    letter.is_some_and(char::is_alphabetic)
        && below
            .trim_start()
            .chars()
            .next()
            .is_some_and(char::is_lowercase)
}
