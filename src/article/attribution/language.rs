//! The language of an article: as its page states it, else as its text shows.

use whatlang::{Lang, detect};

use super::candidates::{self, Offer};
use super::{Found, prose};

/// How much of a text is looked at, in bytes: trigrams settle within a few hundred.
const SAMPLE_BYTES: usize = 2000;

/// Fewest bytes of letters whose language is asked for: of so few the detector is not sure, as its own measure says, and
/// asking it costs as much as all the rest of the editing of a line.
const LETTER_BYTES_MIN: usize = 32;

/// The first of the offers that is a language: a tag, or its name in English.
pub(super) fn stated(offers: &[Offer]) -> Option<Found<String>> {
    candidates::first(offers, |offer| {
        tag(&offer.value).or_else(|| named(&offer.value))
    })
}

/// A language by its English name, as some services state it.
fn named(stated: &str) -> Option<String> {
    let lang = stated.trim().to_lowercase();
    let all = Lang::all().iter();
    let mut found = all.filter(|it| it.eng_name().eq_ignore_ascii_case(&lang));
    found.next().map(|lang| code(*lang).to_owned())
}

/// The language a text shows.
pub(super) fn detected_in(text: &str) -> Option<Found<String>> {
    let sample = text.get(..text.floor_char_boundary(SAMPLE_BYTES))?;
    if let Some(language) = by_common_words(sample) {
        return Some(detected(language));
    }
    let letters = sample.chars().filter(|c| c.is_alphabetic());
    if letters.map(char::len_utf8).sum::<usize>() < LETTER_BYTES_MIN {
        return None;
    }
    let found = detect(sample)?;
    if matches!(found.lang(), Lang::Dan | Lang::Nob)
        && let Some(language) = danish_or_norwegian(sample)
    {
        return Some(detected(language));
    }
    found.is_reliable().then(|| detected(code(found.lang())))
}

/// Small words that Danish and Norwegian (bokmål) spell differently, in this order.
#[rustfmt::skip] // a table
const NEIGHBOURS: [(&str, &str); 16] = [
    ("af", "av"), ("blev", "ble"), ("bliver", "blir"), ("efter", "etter"), ("mellem", "mellom"), ("nu", "nå"),
    ("meget", "mye"), ("noget", "noe"), ("nogle", "noen"), ("siger", "sier"), ("sig", "seg"), ("mig", "meg"),
    ("ud", "ut"), ("op", "opp"), ("igen", "igjen"), ("otte", "åtte"),
];

/// The two have nearly the same trigrams, and are told apart by the words that they spell differently: by those of one of
/// them alone, or by four times as many.
fn danish_or_norwegian(sample: &str) -> Option<&'static str> {
    // Both write æ and ø: what has these is Swedish, which shares words with either.
    if sample.contains(['ä', 'ö', 'Ä', 'Ö']) {
        return None;
    }
    let (mut danish, mut norwegian) = (0, 0);
    for word in prose::words(sample) {
        let word = word.to_lowercase();
        danish += usize::from(NEIGHBOURS.iter().any(|(it, _)| *it == word));
        norwegian += usize::from(NEIGHBOURS.iter().any(|(_, it)| *it == word));
    }
    if danish > norwegian * 4 {
        Some("da")
    } else if norwegian > danish * 4 {
        Some("nb")
    } else {
        None
    }
}

fn detected(language: &str) -> Found<String> {
    Found {
        value: language.to_owned(),
        rule: "detected",
        span: None,
        confidence: 0.8,
    }
}

/// Words of up to seven letters that every sentence or two uses and hardly another language of the same letters has.
/// Afrikaans shares "die" and "was" with others, so neither is here.
#[rustfmt::skip] // a table
const COMMON: [(&str, &[u64]); 2] = [
    (
        "en",
        &[
            pack(b"the"), pack(b"of"), pack(b"and"), pack(b"that"), pack(b"with"), pack(b"for"), pack(b"said"),
            pack(b"which"), pack(b"have"), pack(b"their"), pack(b"this"), pack(b"from"), pack(b"to"), pack(b"he"),
            pack(b"his"), pack(b"they"), pack(b"were"), pack(b"are"), pack(b"not"), pack(b"has"), pack(b"been"),
            pack(b"would"), pack(b"its"), pack(b"by"),
        ],
    ),
    (
        "de",
        &[
            pack(b"der"), pack(b"und"), pack(b"das"), pack(b"nicht"), pack(b"ist"), pack(b"auch"), pack(b"mit"),
            pack(b"den"), pack(b"sich"), pack(b"auf"), pack(b"eine"), pack(b"dem"), pack(b"im"), pack(b"von"),
            pack(b"zu"), pack(b"ein"), pack(b"sie"), pack(b"wird"), pack(b"bei"), pack(b"nach"), pack(b"sind"),
            pack(b"aus"),
        ],
    ),
];

/// A mark for each of the common words: most other words have none, and this says so at once.
const COMMON_BITS: [bool; 256] = {
    let mut bits = [false; 256];
    let mut languages: &[(&str, &[u64])] = &COMMON;
    while let [(_, common), others @ ..] = languages {
        let mut words: &[u64] = common;
        while let [word, rest @ ..] = words {
            if let Some((_, [place, ..])) = bits.split_at_mut_checked(bit(*word)) {
                *place = true;
            }
            words = rest;
        }
        languages = others;
    }
    bits
};

/// Which of the 256 marks is a word's: the highest bits of its product with 2^64 over the golden ratio.
const fn bit(word: u64) -> usize {
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
}

/// Least number of common words that settle the language, and the least share of all words. Running text in English or
/// German has 20 to 35 %; a list of names or of headlines is left to the detector.
const COMMON_MIN: usize = 12;
/// See [`COMMON_MIN`]: one word in seven. Danish and Dutch share a few of the words and stay below one in fifteen.
const COMMON_SHARE: usize = 7;
/// How much of the sample is searched for them, in bytes: some 160 words, of which 30 to 60 are common.
const COMMON_BYTES: usize = 1000;

/// English and German by their most common words: most texts are in one of few languages, and comparing trigrams with
/// those of forty languages costs as much as all the rest of the editing.
fn by_common_words(sample: &str) -> Option<&'static str> {
    let mut words = 0;
    let mut counts = [0usize; COMMON.len()];
    let sample = sample.as_bytes();
    let sample = sample.get(..COMMON_BYTES).unwrap_or(sample);
    for word in sample.split(|byte| byte.is_ascii() && !byte.is_ascii_alphabetic()) {
        words += usize::from(!word.is_empty());
        if (2..8).contains(&word.len()) {
            let word = pack(word);
            if COMMON_BITS.get(bit(word)) != Some(&true) {
                continue;
            }
            for (count, (_, common)) in counts.iter_mut().zip(&COMMON) {
                *count += usize::from(common.contains(&word));
            }
        }
    }
    let total: usize = counts.iter().sum();
    let (count, (language, _)) = counts
        .iter()
        .zip(&COMMON)
        .max_by_key(|(count, _)| **count)?;
    let clear =
        *count >= COMMON_MIN && count * COMMON_SHARE >= words && (total - count) * 10 <= *count;
    clear.then_some(*language)
}

/// A word of up to seven bytes as a number, in lower case.
const fn pack(word: &[u8]) -> u64 {
    let mut packed = 0;
    let mut rest = word;
    while let [byte, more @ ..] = rest {
        packed = (packed << 8) | byte.to_ascii_lowercase() as u64;
        rest = more;
    }
    packed
}

/// A stated tag in BCP 47's form, as far as it is one: `en_us` → `en-US`, `ger` → `de`.
fn tag(stated: &str) -> Option<String> {
    let mut parts = stated.trim().split(['-', '_']);
    let primary = parts.next()?.to_ascii_lowercase();
    if !(2..=3).contains(&primary.len()) || !primary.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    let mut tag = two_letters(&primary).to_owned();
    for part in parts.take(2) {
        if !part.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            break;
        }
        match part.len() {
            2 => {
                tag.push('-');
                tag.push_str(&part.to_ascii_uppercase());
            }
            4 => {
                let (first, rest) = part.split_at_checked(1)?;
                tag.push('-');
                tag.push_str(&first.to_ascii_uppercase());
                tag.push_str(&rest.to_ascii_lowercase());
            }
            3 => {
                tag.push('-');
                tag.push_str(part);
            }
            _ => break,
        }
    }
    Some(tag)
}

/// Two-letter codes of ISO 639 by the three-letter ones the detector gives.
#[rustfmt::skip] // a table
const CODES: &[(&str, &str)] = &[
    ("eng", "en"), ("rus", "ru"), ("cmn", "zh"), ("spa", "es"), ("por", "pt"), ("ita", "it"), ("ben", "bn"),
    ("fra", "fr"), ("deu", "de"), ("ukr", "uk"), ("kat", "ka"), ("ara", "ar"), ("hin", "hi"), ("jpn", "ja"),
    ("heb", "he"), ("yid", "yi"), ("pol", "pl"), ("amh", "am"), ("jav", "jv"), ("kor", "ko"), ("nob", "nb"),
    ("dan", "da"), ("swe", "sv"), ("fin", "fi"), ("tur", "tr"), ("nld", "nl"), ("hun", "hu"), ("ces", "cs"),
    ("ell", "el"), ("bul", "bg"), ("bel", "be"), ("mar", "mr"), ("kan", "kn"), ("ron", "ro"), ("slv", "sl"),
    ("hrv", "hr"), ("srp", "sr"), ("mkd", "mk"), ("lit", "lt"), ("lav", "lv"), ("est", "et"), ("tam", "ta"),
    ("vie", "vi"), ("urd", "ur"), ("tha", "th"), ("guj", "gu"), ("uzb", "uz"), ("pan", "pa"), ("aze", "az"),
    ("ind", "id"), ("tel", "te"), ("pes", "fa"), ("mal", "ml"), ("ori", "or"), ("mya", "my"), ("nep", "ne"),
    ("sin", "si"), ("khm", "km"), ("tuk", "tk"), ("aka", "ak"), ("zul", "zu"), ("sna", "sn"), ("afr", "af"),
    ("lat", "la"), ("slk", "sk"), ("cat", "ca"), ("tgl", "tl"), ("hye", "hy"), ("epo", "eo"), ("cym", "cy"),
];

/// Three-letter codes that are stated and that the detector does not give: libraries have some of their own.
#[rustfmt::skip] // a table
const STATED_CODES: &[(&str, &str)] = &[
    ("ger", "de"), ("fre", "fr"), ("dut", "nl"), ("chi", "zh"), ("zho", "zh"), ("per", "fa"), ("fas", "fa"), ("gre", "el"),
    ("cze", "cs"), ("slo", "sk"), ("rum", "ro"), ("nor", "no"), ("nno", "nn"), ("may", "ms"), ("msa", "ms"), ("geo", "ka"),
    ("arm", "hy"), ("baq", "eu"), ("eus", "eu"), ("glg", "gl"), ("gle", "ga"), ("ice", "is"), ("isl", "is"), ("alb", "sq"),
    ("sqi", "sq"), ("mac", "mk"), ("bos", "bs"), ("kaz", "kk"), ("mon", "mn"), ("swa", "sw"), ("wel", "cy"), ("bur", "my"),
];

/// The two-letter code of ISO 639 where there is one, which BCP 47 asks for, else the three letters.
fn two_letters(code: &str) -> &str {
    let mut codes = CODES.iter().chain(STATED_CODES);
    let two = codes.find(|(three, _)| *three == code);
    two.map_or(code, |(_, two)| two)
}

/// The code of a language that was detected.
fn code(lang: Lang) -> &'static str {
    two_letters(lang.code())
}

#[cfg(test)]
mod tests {
    use super::{by_common_words, detected_in, tag};

    #[test]
    fn stated_languages_have_one_form() {
        for (stated, is) in [
            ("en_us", "en-US"),
            ("eng", "en"),
            ("ger-AT", "de-AT"),
            ("ast", "ast"),
            ("zh-hans-cn", "zh-Hans-CN"),
        ] {
            assert_eq!(tag(stated).as_deref(), Some(is));
        }
        assert_eq!(tag("English"), None);
    }

    #[test]
    fn languages_are_told_by_more_than_a_few_words() {
        let told = |text: &str| detected_in(text).map(|found| found.value);
        let danish = "Færgen mellem Torvik og Askholm sejler igen efter elleve dage, og stormen havde revet landgangen af.";
        assert_eq!(told(danish).as_deref(), Some("da"));
        let norwegian = "Fergen mellom Torvik og Askholm går igjen etter elleve dager, og stormen hadde revet av landgangen.";
        assert_eq!(told(norwegian).as_deref(), Some("nb"));
        assert_eq!(told("Sonda lunar aterriza"), None);
        assert_eq!(
            told("Η γέφυρα άνοιξε ξανά σήμερα το πρωί").as_deref(),
            Some("el")
        );
    }

    #[test]
    fn only_english_and_german_are_told_by_common_words() {
        let samples = [
            (
                Some("en"),
                "The council said that it would not rebuild the wall, which has been closed to the public. ",
            ),
            (
                Some("de"),
                "Der Rat wird die Mauer nicht wieder aufbauen, die seit dem Sturm im Mai gesperrt ist und zerfällt. ",
            ),
            (
                None,
                "Byen har besluttet at bygge den mur op igen, der faldt i stormen, for at havnen kan have ro. ",
            ),
            (
                None,
                "De gemeente heeft besloten om de muur die in mei door de storm is beschadigd niet meer te bouwen. ",
            ),
            (
                None,
                "Die stad het besluit om die muur wat in die storm geval het nie weer te bou nie, want dit is te duur. ",
            ),
            (
                None,
                "Miasto nie odbuduje muru, bo to by kosztowało za dużo, a port i tak jest od maja zamknięty. ",
            ),
        ];
        for (language, sentence) in samples {
            assert_eq!(by_common_words(&sentence.repeat(8)), language, "{sentence}");
        }
    }
}
