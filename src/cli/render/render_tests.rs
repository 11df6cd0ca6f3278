//! What comes out at the end: on a terminal, into a pipe, as JSON.

use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use crate::article::cutting::{Cutting, MARKUP};
use crate::article::{Label, Piece, Span};
use crate::report::facts::{Daemon, Queue, Status};
use crate::report::health::judge;
use crate::report::held::HeldFile;

use super::{Printer, Style, cutting, lists, status};

#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("one writer").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

pub(super) fn printed(style: Style, print: impl FnOnce(&mut Printer) -> io::Result<()>) -> String {
    let paper = Paper::default();
    print(&mut Printer::new(Box::new(paper.clone()), style)).expect("printed");
    let bytes = paper.0.lock().expect("one writer").clone();
    String::from_utf8(bytes).expect("text")
}

const COLOURED: Style = Style {
    json: false,
    terminal: true,
    colour: true,
    width: None,
};

const JSON: Style = Style {
    json: true,
    terminal: false,
    colour: false,
    width: None,
};

fn held() -> Vec<HeldFile> {
    let name = std::ffi::OsString::from_vec(b"/in/a\x1b[2J\n\xff.txt".to_vec());
    vec![HeldFile {
        member: None,
        schema: 1,
        job: 7,
        drop: "in".to_owned(),
        path: PathBuf::from(name).into(),
        reason: "empty".to_owned(),
        detail: Some("looks like \u{202e}nothing".to_owned()),
        since_ms: 0,
        attempts: 1,
        advice: None,
    }]
}

#[test]
fn a_name_that_would_steer_the_terminal_is_shown_as_escapes() {
    for style in [Style::default(), COLOURED] {
        let text = printed(style, |out| lists::held(&held(), 9_000, out));
        assert!(text.contains("/in/a\\x1b[2J\\n\\xff.txt"), "{text}");
        assert!(
            !text.contains("\x1b[2J") && !text.contains('\u{202e}'),
            "{text:?}"
        );
        assert_eq!(text.lines().count(), 2);
    }
}

#[test]
fn a_path_that_is_no_text_is_exact_in_json() {
    let text = printed(JSON, |out| out.json_lines(&held()));
    let line: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(
        line["path_base64"],
        serde_json::json!("L2luL2EbWzJKCv8udHh0")
    );
    assert_eq!(
        (line["schema"].as_i64(), line["job"].as_i64()),
        (Some(1), Some(7))
    );
}

#[test]
fn a_pipe_gets_no_colours_and_a_narrow_terminal_no_long_lines() {
    let pipe = printed(Style::default(), |out| lists::held(&held(), 9_000, out));
    assert!(!pipe.contains('\x1b'), "{pipe:?}");
    let narrow = Style {
        colour: false,
        width: Some(50),
        ..COLOURED
    };
    let text = printed(narrow, |out| lists::held(&held(), 9_000, out));
    assert!(
        text.lines().all(|line| line.chars().count() <= 50),
        "{text}"
    );
}

#[test]
fn status_begins_with_the_word_and_ends_with_what_helps() {
    let mut facts = Status {
        at_ms: 7_440_000,
        daemon: Daemon {
            is_running: true,
            pid: Some(812),
            started_ms: Some(0),
            snapshot_ms: Some(7_439_000),
            ..Daemon::default()
        },
        queue: Some(Queue::default()),
        ..Status::default()
    };
    let text = printed(Style::default(), |out| {
        status::show(&facts, &judge(&facts), out)
    });
    assert!(
        text.starts_with("copydesk  OK  nothing needs a person\n"),
        "{text}"
    );
    assert!(text.contains("running, pid 812 · up 2 h 4 min"), "{text}");
    facts.held.insert("empty".to_owned(), 2);
    let text = printed(Style::default(), |out| {
        status::show(&facts, &judge(&facts), out)
    });
    assert!(
        text.starts_with("copydesk  ATTENTION  2 files are held\n"),
        "{text}"
    );
    assert!(
        text.trim_end()
            .ends_with("copydesk held --reason empty: send the file again with its content"),
        "{text}"
    );
    let json = printed(JSON, |out| status::show(&facts, &judge(&facts), out));
    let object: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    assert_eq!(
        (object["verdict"].as_str(), object["exit"].as_i64()),
        (Some("ATTENTION"), Some(3))
    );
}

#[test]
fn cuts_have_a_sign_without_colours_and_are_dimmed_with_them() {
    let piece = |label, rule: &'static str, score, start, end| Piece {
        label,
        rule: rule.into(),
        score,
        span: Span::new(start, end),
    };
    let cutting = Cutting::new(
        "<b>Menu\n@@ x: y\x1b[2J</b>\n\nText",
        &[
            piece(Label::Furniture, MARKUP, None, 0, 3),
            piece(Label::Navigation, "navigation", Some(-0.9), 3, 19),
            piece(Label::Furniture, MARKUP, None, 19, 23),
            piece(Label::Body, "body", Some(1.25), 25, 29),
        ],
    );
    let plain = printed(Style::default(), |out| cutting::show(&cutting, out));
    let expected = "~         <b>\n@@ navigation: navigation\n-  -0.90  Menu\n-         @@ x: y\\x1b[2J\n~         </b>\n\
                    @@ body: body\n   +1.25  Text\n\n6 kept + 23 cut = 29 bytes\n";
    assert_eq!(plain, expected);
    let coloured = printed(COLOURED, |out| cutting::show(&cutting, out));
    assert!(
        coloured.contains("\x1b[2m-  -0.90  Menu\x1b[0m\n"),
        "{coloured:?}"
    );
    let uncoloured: String = ["\x1b[1;33m", "\x1b[2m", "\x1b[0m"]
        .iter()
        .fold(coloured, |text, code| text.replace(code, ""));
    assert_eq!(uncoloured, expected);
}
