//! Names of the days of the week. Where two languages share a name they mean the same day; names that are words of
//! another kind as well (Portuguese "segunda") are left out.

use std::sync::OnceLock;

#[rustfmt::skip] // a table
const NAMES: [&[&str]; 7] = [
    &["monday", "montag", "lundi", "lunes", "lunedì", "maandag", "måndag", "mandag", "понедельник", "понеділок", "poniedziałek", "pondělí", "pazartesi"],
    &["tuesday", "dienstag", "mardi", "martes", "martedì", "dinsdag", "tisdag", "tirsdag", "вторник", "вівторок", "wtorek", "úterý"],
    &["wednesday", "mittwoch", "mercredi", "miércoles", "mercoledì", "woensdag", "onsdag", "среду", "среда", "середу", "середа", "środę", "środa", "středu", "středa", "çarşamba"],
    &["thursday", "donnerstag", "jeudi", "jueves", "giovedì", "donderdag", "torsdag", "четверг", "четвер", "czwartek", "čtvrtek", "perşembe"],
    &["friday", "freitag", "vendredi", "viernes", "venerdì", "vrijdag", "fredag", "пятницу", "пятница", "пятниця", "пятницю", "piątek", "pátek"],
    &["saturday", "samstag", "sonnabend", "samedi", "sábado", "sabato", "zaterdag", "lördag", "lørdag", "субботу", "суббота", "суботу", "субота", "sobotę", "sobota", "sobotu", "cumartesi"],
    &["sunday", "sonntag", "dimanche", "domingo", "domenica", "zondag", "söndag", "søndag", "воскресенье", "неділю", "неділя", "niedzielę", "niedziela", "neděli", "neděle"],
];

/// The day a word in lower case names, 0 for Monday to 6 for Sunday.
pub(super) fn day(word: &str) -> Option<u8> {
    static DAYS: OnceLock<Vec<(&str, u8)>> = OnceLock::new();
    if !(5..=22).contains(&word.len()) {
        return None;
    }
    let days = DAYS.get_or_init(|| {
        let days = (0..).zip(NAMES);
        let mut days: Vec<(&str, u8)> = days
            .flat_map(|(day, names)| names.iter().map(move |name| (*name, day)))
            .collect();
        days.sort_unstable();
        days
    });
    let at = days.binary_search_by_key(&word, |(name, _)| name).ok()?;
    days.get(at).map(|(_, day)| *day)
}
