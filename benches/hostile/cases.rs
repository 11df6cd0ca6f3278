//! What is expected of each hostile input, from what its maker says should happen.
//!
//! Where that leaves a choice, each of the choices is allowed; what it says of the article is checked where one came.

use Check::{Agency, Charset, Format, Has, HasNot, Members, Published, Saw, Says, TextMax, Title};
use Want::{Articles, AtLeast, Held, Mixed, Refusals, Together};

/// An outcome that is allowed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Want {
    /// So many articles, and nothing refused.
    Articles(usize),
    /// So many articles or more, whatever is refused besides.
    AtLeast(usize),
    /// No article, and a refusal for one of these reasons; for any where none is named.
    Held(&'static [&'static str]),
    /// So many articles, and a refusal besides for one of these reasons.
    Mixed(usize, &'static [&'static str]),
    /// No article, and so many refusals, one of them for one of these reasons.
    Refusals(usize, &'static [&'static str]),
    /// So many articles and refusals together.
    Together(usize),
}

/// What else has to hold. All but `HasNot`, `Says` and `TextMax` are asked only where there is an article.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Check {
    /// The first article's title begins so.
    Title(&'static str),
    /// An article's title or text has this.
    Has(&'static str),
    /// No article's title or text has this.
    HasNot(&'static str),
    /// An article has this somewhere, be it in what was cut.
    Saw(&'static str),
    /// The charset is one of these.
    Charset(&'static [&'static str]),
    /// The format is this one.
    Format(&'static str),
    /// The first article's date begins so.
    Published(&'static str),
    /// Whether this agency may be credited: never.
    Agency(&'static str),
    /// All articles come from different members.
    Members,
    /// One of these words is in what is said on standard error.
    Says(&'static [&'static str]),
    /// No text is longer, in bytes.
    TextMax(usize),
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) wants: &'static [Want],
    pub(crate) checks: &'static [Check],
}

/// Reasons in words, whatever the case; the file's name is not searched.
const TRUNCATED: &[&str] = &[
    "truncated",
    "cut short",
    "ends early",
    "end of file",
    "incomplete",
];
const CHECKSUM: &[&str] = &["checksum", "crc"];
const EXPANSION: &[&str] = &["expan", "ratio", "more than", "limit", "bomb"];
const LAYERS: &[&str] = &[
    "expan",
    "ratio",
    "more than",
    "limit",
    "bomb",
    "layer",
    "nest",
];
const DEEP: &[&str] = &["deep", "depth", "nest"];
const EMPTY: &[&str] = &["empty", "white space", "nothing"];
const BINARY: &[&str] = &["binary", "not text", "nul", "utf-16", "utf-32", "empty"];
const LARGE: &[&str] = &["more than", "large", "limit"];
const PDF: &[&str] = &["pdf", "no text"];
const ANY: &[&str] = &[];

/// The sentences that most stories of the maker have.
const STORY: Check = Has("Antony Blinken spoke with Azerbaijani");
const UA: Check = Has("Ентоні Блінкен у середу");
const UA_TITLE: Check = Title("Блінкен обговорив");
const NO_FILE: Check = HasNot("root:");
const NO_NUL: Check = HasNot("\0");

const fn case(name: &'static str, wants: &'static [Want], checks: &'static [Check]) -> Case {
    Case {
        name,
        wants,
        checks,
    }
}

pub(crate) const CASES: [Case; 73] = [
    // Compression and containers.
    case("truncated.txt.gz", &[Held(TRUNCATED)], &[]),
    case("bad_crc.txt.gz", &[Held(CHECKSUM)], &[]),
    case(
        "trailing_garbage.txt.gz",
        &[Articles(1), Mixed(1, &["trailing", "behind", "after"])],
        &[STORY, HasNot("garbage after the end")],
    ),
    case(
        "two_members.txt.gz",
        &[Articles(1), Articles(2)],
        &[Saw("FIRST MEMBER"), Saw("SECOND MEMBER")],
    ),
    case("bomb_1GiB.txt.gz", &[Held(EXPANSION)], &[]),
    case("bomb_nested.gz.gz", &[Held(LAYERS)], &[]),
    case("zip_traversal.zip", &[Mixed(1, ANY)], &[STORY, NO_FILE]),
    // What came out before the limit was reached is a member like any other.
    case(
        "zip_bomb_overlap.zip",
        &[Held(EXPANSION), Mixed(1, EXPANSION)],
        &[],
    ),
    case(
        "zip_dup_names.zip",
        &[Articles(2)],
        &[Saw("FIRST Blinken"), Saw("SECOND Blinken"), Members],
    ),
    case("tar_traversal.tar", &[Mixed(1, ANY)], &[STORY, NO_FILE]),
    case("tar_huge_claim.tar", &[Held(TRUNCATED)], &[]),
    // XML.
    case(
        "billion_laughs.xml",
        &[Held(ANY), Articles(1)],
        &[TextMax(10_000)],
    ),
    case(
        "quadratic_blowup.xml",
        &[Held(ANY), Articles(1)],
        &[TextMax(200_000)],
    ),
    case("xxe_file.xml", &[Articles(1), Held(ANY)], &[NO_FILE]),
    case("xml_deep_100k.xml", &[Held(ANY), Articles(1)], &[]),
    case("xml_attrs_100k.xml", &[Held(ANY), Articles(1)], &[]),
    case(
        "xml_utf16le_bom.xml",
        &[Articles(1)],
        &[
            Title("UTF-16 заголовок"),
            UA,
            Charset(&["utf-16le", "utf-16"]),
        ],
    ),
    case(
        "xml_decl_lies.xml",
        &[Articles(1)],
        &[Title("Мирний процес"), UA, Charset(&["utf-8"])],
    ),
    case("xml_control_chars.xml", &[Articles(1), Held(ANY)], &[]),
    case(
        "xml_unclosed.xml",
        &[Articles(1), Mixed(1, ANY), Held(ANY)],
        &[Title("Cut story"), Has("First paragraph.")],
    ),
    // JSON.
    case("json_deep_100k.json", &[Held(DEEP)], &[]),
    case("json_deep_objects.json", &[Held(DEEP)], &[]),
    case("json_dup_keys.json", &[Articles(1)], &[Has("x")]),
    case(
        "json_lone_surrogate.json",
        &[Articles(1)],
        &[Title("bad \u{fffd} surrogate"), Has("ok 😀")],
    ),
    case(
        "json_raw_newlines.json",
        &[Articles(1)],
        &[Title("raw"), Has("line one"), Has("line two")],
    ),
    case(
        "json_big_numbers.json",
        &[Articles(1)],
        &[Title("n"), Saw("1180591620717411303424")],
    ),
    case(
        "jsonl_mixed.jsonl",
        &[Mixed(2, ANY)],
        &[Says(&["line 3"]), Says(&["byte", "offset"])],
    ),
    case("json_1M_array.json", &[Together(200_000)], &[]),
    // HTML.
    case("html_deep_100k.html", &[Articles(1), Held(DEEP)], &[STORY]),
    case("html_deep_formatting.html", &[Articles(1), Held(ANY)], &[]),
    case("html_deep_tables.html", &[Articles(1), Held(ANY)], &[]),
    case(
        "html_data_uri_20MB.html",
        &[Articles(1)],
        &[STORY, HasNot("QUFBQUFB")],
    ),
    case(
        "html_meta_lies_cp1251.html",
        &[Articles(1)],
        &[UA, Charset(&["windows-1251"])],
    ),
    case(
        "html_late_meta.html",
        &[Articles(1)],
        &[UA, Charset(&["windows-1251"])],
    ),
    // Text and encodings.
    case("single_line_200MB.txt", &[Held(LARGE), Articles(1)], &[]),
    case("redos_parens.txt", &[Articles(1), Held(ANY)], &[]),
    case("redos_dateline.txt", &[Articles(1), Held(ANY)], &[]),
    case("invalid_utf8.txt", &[Articles(1)], &[STORY]),
    case(
        "utf16le_bom.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, Charset(&["utf-16le", "utf-16"])],
    ),
    case(
        "utf16be_bom.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, Charset(&["utf-16be", "utf-16"])],
    ),
    case(
        "utf16le_nobom.txt",
        &[Articles(1), Held(BINARY)],
        &[Title("Blinken speaks"), STORY, NO_NUL],
    ),
    case(
        "utf16be_nobom_cyr.txt",
        &[Articles(1), Held(BINARY)],
        &[UA_TITLE, UA, NO_NUL],
    ),
    case(
        "utf16_odd_length.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, Saw("\u{fffd}")],
    ),
    case(
        "utf8_bom.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, HasNot("\u{feff}")],
    ),
    case(
        "utf32le_bom.txt",
        &[Articles(1), Held(BINARY)],
        &[Title("Blinken speaks"), STORY, NO_NUL],
    ),
    case(
        "cp1251_ukrainian.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, Charset(&["windows-1251"])],
    ),
    case(
        "koi8u_ukrainian.txt",
        &[Articles(1)],
        &[UA_TITLE, UA, Charset(&["koi8-u"])],
    ),
    case(
        "sjis_japanese.txt",
        &[Articles(1)],
        &[Saw("表示ソ能"), Charset(&["shift_jis"])],
    ),
    case(
        "eucjp_japanese.txt",
        &[Articles(1)],
        &[Saw("表示ソ能"), Charset(&["euc-jp"])],
    ),
    case(
        "iso2022jp_japanese.txt",
        &[Articles(1)],
        &[Saw("表示ソ能"), Charset(&["iso-2022-jp"])],
    ),
    case(
        "gb18030_chinese.txt",
        &[Articles(1)],
        &[Saw("王喆"), Saw("㐂某"), Charset(&["gb18030", "gbk"])],
    ),
    case(
        "big5_chinese.txt",
        &[Articles(1)],
        &[Saw("鍾佑貞"), Charset(&["big5"])],
    ),
    case(
        "double_utf8.txt",
        &[Articles(1)],
        &[Charset(&["utf-8"]), Saw("(AFP)")],
    ),
    case(
        "nuls_in_text.txt",
        &[Articles(1)],
        &[
            Title("Blinken speaks"),
            STORY,
            Has("Aliyev on Wednesday"),
            NO_NUL,
        ],
    ),
    case("all_nuls_1MB.bin.txt", &[Held(BINARY)], &[]),
    case(
        // Seven lines of two words are no story; where each ends is asked in `parse::plain`'s tests.
        "mixed_line_ends.txt",
        &[Articles(1), Held(&["not an article"])],
        &[Saw("CR para"), Saw("NEL para"), Saw("VT"), Saw("FF end")],
    ),
    case("bidi_zero_width.txt", &[Articles(1)], &[Agency("reuters")]),
    case("zalgo_combining.txt", &[Articles(1), Held(ANY)], &[]),
    case("empty.txt", &[Held(EMPTY)], &[]),
    case("whitespace_only.txt", &[Held(EMPTY)], &[]),
    case(
        "title_only.txt",
        &[Held(ANY), Articles(1)],
        &[Title("Blinken speaks")],
    ),
    case("esc_ansi.txt", &[Articles(1), Held(ANY)], &[]),
    case(
        "csv_injection.csv",
        &[AtLeast(1)],
        &[Saw("=cmd|'/C calc'!A0"), HasNot("id,title,content")],
    ),
    // Wrong labels and names.
    case("html_named.json", &[Articles(1)], &[STORY, Format("html")]),
    case(
        "gzip_named.txt",
        &[Articles(1)],
        &[Title("Blinken speaks"), STORY],
    ),
    case("pdf_named.html", &[Held(PDF)], &[]),
    case(
        "polyglot_zip_html.html",
        &[Articles(1)],
        &[STORY, Format("html")],
    ),
    case(
        "warc_bad_length.warc",
        &[Mixed(1, TRUNCATED), Refusals(2, TRUNCATED)],
        &[Says(&["byte", "offset"])],
    ),
    case(
        "mbox_from_in_body.mbox",
        &[Articles(2)],
        &[Saw("From the start it was clear"), Saw("Body two")],
    ),
    case(
        "eml_nested_100.eml",
        &[Held(DEEP), Articles(1)],
        &[Title("nested"), STORY],
    ),
    case("yaml_anchor_bomb.md", &[Articles(1), Held(LARGE)], &[STORY]),
    case("front_matter_unclosed.md", &[Articles(1)], &[STORY]),
    case(
        "front_matter_bad_yaml.md",
        &[Articles(1)],
        &[
            Title("Kyiv: talks resume: day two"),
            STORY,
            Published("2024-04-03"),
        ],
    ),
];
