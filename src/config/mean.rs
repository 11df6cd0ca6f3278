//! From what was written to what is meant: takes every value over, with its default and its bounds, and collects what
//! is wrong.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::article::{Field, Mapping};
use crate::job::After;

use super::settings::{
    Drop, DropSource, FURNITURE_AFTER, Intake, Limits, Record, Retry, Settings, Watch, cores,
};
use super::{ConfigError, file};

pub(super) enum Wrong {
    Home(ConfigError),
    Problems(Vec<String>),
}

/// Collects what is wrong while values are taken over.
struct Reading<'a> {
    folder: &'a Path,
    problems: Vec<String>,
}

/// Turns what was written into what it means; relative paths are taken from `folder`.
pub(super) fn mean(
    written: file::File,
    folder: &Path,
    store_default: Result<PathBuf, ConfigError>,
) -> Result<Settings, Wrong> {
    let mut reading = Reading {
        folder,
        problems: Vec::new(),
    };
    let store = match written.store {
        Some(path) => reading.path(&path),
        None => store_default.map_err(Wrong::Home)?,
    };
    let workers = reading.number("workers", written.workers, 0, 0, 256);
    let furniture_after = reading.furniture_after(written.furniture_after);
    let settings = Settings {
        file: None,
        store,
        workers: if workers == 0 {
            cores()
        } else {
            usize::try_from(workers).unwrap_or(1)
        },
        furniture_after,
        intake: reading.intake(written.intake),
        limits: reading.limits(&written.limits),
        retry: reading.retry(&written.retry),
        record: reading.record(&written.record),
        mappings: reading.mappings(written.json),
        drops: reading.drops(written.drops),
    };
    if reading.problems.is_empty() {
        Ok(settings)
    } else {
        Err(Wrong::Problems(reading.problems))
    }
}

const DAY_MS: u64 = 86_400_000;

impl Reading<'_> {
    fn path(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }

    fn number(&mut self, key: &str, written: Option<u64>, default: u64, min: u64, max: u64) -> u64 {
        let value = written.unwrap_or(default);
        if !(min..=max).contains(&value) {
            self.problems
                .push(format!("{key} = {value}: must be from {min} to {max}"));
        }
        value
    }

    fn furniture_after(&mut self, written: Option<u64>) -> u32 {
        let default = u64::from(FURNITURE_AFTER);
        if written == Some(1) {
            self.problems.push(
                "furniture_after = 1: every block would be furniture; 0 learns nothing".to_owned(),
            );
        }
        let after = self.number("furniture_after", written, default, 0, 10);
        u32::try_from(after).unwrap_or(FURNITURE_AFTER)
    }

    fn size(&mut self, key: &str, written: Option<u64>, default: usize, max: usize) -> usize {
        let number = self.number(key, written, default as u64, 1, max as u64);
        usize::try_from(number).unwrap_or(default)
    }

    fn ms(&mut self, key: &str, written: Option<u64>, default: Duration, min: u64) -> Duration {
        let default = u64::try_from(default.as_millis()).unwrap_or(DAY_MS);
        Duration::from_millis(self.number(key, written, default, min, DAY_MS))
    }

    fn seconds(&mut self, key: &str, written: Option<u64>, default: Duration) -> Duration {
        Duration::from_secs(self.number(key, written, default.as_secs(), 1, DAY_MS / 1_000))
    }

    fn intake(&mut self, written: file::Intake) -> Intake {
        let default = Intake::default();
        Intake {
            quiet: self.ms("intake.quiet_ms", written.quiet_ms, default.quiet, 0),
            quiet_network: self.ms(
                "intake.quiet_network_ms",
                written.quiet_network_ms,
                default.quiet_network,
                0,
            ),
            empty: self.ms("intake.empty_ms", written.empty_ms, default.empty, 0),
            settle_max: self.seconds(
                "intake.settle_max_s",
                written.settle_max_s,
                default.settle_max,
            ),
            reconcile: self.seconds("intake.reconcile_s", written.reconcile_s, default.reconcile),
            poll: self.ms("intake.poll_ms", written.poll_ms, default.poll, 100),
            root_check: self.ms(
                "intake.root_check_ms",
                written.root_check_ms,
                default.root_check,
                100,
            ),
            depth_max: self.size(
                "intake.depth_max",
                written.depth_max,
                default.depth_max,
                1_000,
            ),
            ignore: self.patterns("intake.ignore", written.ignore.unwrap_or(default.ignore)),
        }
    }

    fn limits(&mut self, written: &file::Limits) -> Limits {
        let default = Limits::default();
        let mut size = |key: &str, written: Option<u64>, default: usize, max: usize| {
            self.size(&format!("limits.{key}"), written, default, max)
        };
        let text_bytes_max = size(
            "text_bytes_max",
            written.text_bytes_max,
            default.text_bytes_max,
            1 << 30,
        );
        let layers_max = size("layers_max", written.layers_max, default.layers_max, 16);
        let articles_max = size(
            "articles_max",
            written.articles_max,
            default.articles_max,
            1 << 20,
        );
        let nesting_max = size(
            "nesting_max",
            written.nesting_max,
            default.nesting_max,
            4_096,
        );
        let tokens_max = size(
            "tokens_max",
            written.tokens_max,
            default.tokens_max,
            1 << 28,
        );
        let cell_bytes_max = size(
            "cell_bytes_max",
            written.cell_bytes_max,
            default.cell_bytes_max,
            1 << 30,
        );
        let mut number = |key: &str, written: Option<u64>, default: u64, max: u64| {
            self.number(&format!("limits.{key}"), written, default, 1, max)
        };
        Limits {
            file_bytes_max: number(
                "file_bytes_max",
                written.file_bytes_max,
                default.file_bytes_max,
                1 << 50,
            ),
            text_bytes_max,
            expanded_bytes_max: number(
                "expanded_bytes_max",
                written.expanded_bytes_max,
                default.expanded_bytes_max,
                1 << 50,
            ),
            ratio_max: number("ratio_max", written.ratio_max, default.ratio_max, 1 << 20),
            layers_max,
            members_max: number(
                "members_max",
                written.members_max,
                default.members_max,
                1 << 40,
            ),
            articles_max,
            nesting_max,
            tokens_max,
            cell_bytes_max,
            file_max: self.seconds("limits.file_s_max", written.file_s_max, default.file_max),
            edit_max: self.seconds("limits.edit_s_max", written.edit_s_max, default.edit_max),
        }
    }

    /// What was said of shapes of JSON.
    fn mappings(&mut self, written: Vec<file::Json>) -> Vec<Mapping> {
        let mut mappings = Vec::new();
        for (number, json) in (1..).zip(written) {
            let name = format!("json (block {number})");
            let text = json.text.unwrap_or_default();
            if text.is_empty() {
                self.problems
                    .push(format!("{name}: text is missing: where the text is"));
            }
            let mut fields = Vec::new();
            for (field, pointers) in json.fields {
                match Field::ALL.into_iter().find(|known| known.as_str() == field) {
                    Some(known) => {
                        fields.extend(pointers.into_iter().map(|pointer| (known, pointer)));
                    }
                    None => self.problems.push(format!(
                        "{name}: there is no field {field:?}; there are {}",
                        Field::ALL.map(Field::as_str).join(", ")
                    )),
                }
            }
            // What must be there, if nothing else is said: the text.
            let signs = json.has.unwrap_or_else(|| {
                let list = json.articles.clone();
                list.map_or_else(
                    || text.first().cloned().into_iter().collect(),
                    |list| vec![list],
                )
            });
            let pointers = signs.iter().chain(&json.articles).chain(&text);
            let pointers = pointers.chain(fields.iter().map(|(_, pointer)| pointer));
            let wrong: Vec<String> = pointers
                .filter(|pointer| !pointer.starts_with('/'))
                .map(|pointer| {
                    format!("{name}: {pointer:?} is no JSON pointer: it must begin with a slash")
                })
                .collect();
            self.problems.extend(wrong);
            mappings.push(Mapping {
                signs,
                articles: json.articles,
                text,
                fields,
            });
        }
        mappings
    }

    fn retry(&mut self, written: &file::Retry) -> Retry {
        let default = Retry::default();
        let mut count = |key: &str, value: Option<u64>, default: u32| {
            u32::try_from(self.number(key, value, u64::from(default), 1, 1_000)).unwrap_or(default)
        };
        let attempts_max = count(
            "retry.attempts_max",
            written.attempts_max,
            default.attempts_max,
        );
        let crashes_max = count(
            "retry.crashes_max",
            written.crashes_max,
            default.crashes_max,
        );
        Retry {
            first: self.ms("retry.first_ms", written.first_ms, default.first, 1),
            longest: self.seconds("retry.longest_s", written.longest_s, default.longest),
            attempts_max,
            crashes_max,
        }
    }

    fn record(&mut self, written: &file::Record) -> Record {
        let default = Record::default();
        Record {
            batch_files: self.size(
                "record.batch_files",
                written.batch_files,
                default.batch_files,
                10_000,
            ),
            batch_wait: self.ms("record.batch_ms", written.batch_ms, default.batch_wait, 0),
            free_reserve_bytes: self.number(
                "record.free_reserve_bytes",
                written.free_reserve_bytes,
                default.free_reserve_bytes,
                0,
                1 << 50,
            ),
        }
    }

    fn patterns(&mut self, key: &str, patterns: Vec<String>) -> Vec<String> {
        for pattern in &patterns {
            if pattern.is_empty() || pattern.contains('/') {
                self.problems.push(format!(
                    "{key} has {pattern:?}: a pattern is matched against one name, so it is not empty and has no /"
                ));
            }
        }
        patterns
    }

    fn drops(&mut self, written: Vec<file::Drop>) -> Vec<Drop> {
        let drops: Vec<Drop> = written
            .into_iter()
            .enumerate()
            .filter_map(|(index, drop)| self.drop(index, drop))
            .collect();
        for (index, drop) in drops.iter().enumerate() {
            for other in drops.iter().take(index) {
                self.tell_apart(drop, other);
            }
        }
        drops
    }

    fn tell_apart(&mut self, drop: &Drop, other: &Drop) {
        if drop.name == other.name {
            self.problems.push(format!(
                "two drops are named {:?}: a name stands for one folder",
                drop.name
            ));
        }
        if drop.path.starts_with(&other.path) || other.path.starts_with(&drop.path) {
            self.problems.push(format!(
                "drops {:?} and {:?} overlap ({} and {}): a file would be taken in twice",
                other.name,
                drop.name,
                other.path.display(),
                drop.path.display()
            ));
        }
    }

    fn drop(&mut self, index: usize, written: file::Drop) -> Option<Drop> {
        let place = match &written.name {
            Some(name) => format!("drop {name:?}"),
            None => format!("drop number {}", index + 1),
        };
        let Some(path) = written.path else {
            self.problems
                .push(format!("{place}: path is missing: say which folder"));
            return None;
        };
        let mut drop = Drop::plain(self.path(&path));
        if let Some(name) = written.name {
            drop.name = name;
        }
        if drop.name.is_empty() || drop.name.contains(char::is_control) {
            self.problems.push(format!(
                "{place}: name = {:?}: must be a plain word",
                drop.name
            ));
        }
        drop.source = match written.source.as_deref() {
            None | Some("document") => DropSource::Document,
            Some("subfolder") => DropSource::Subfolder,
            Some("") => {
                self.problems
                    .push(format!("{place}: source is empty: leave it out instead"));
                DropSource::Document
            }
            Some(name) => DropSource::Named(name.to_owned()),
        };
        drop.after = self.after(
            &place,
            &drop.path,
            written.after.as_deref(),
            written.move_to,
        );
        drop.watch = match written.watch.as_deref() {
            None | Some("auto") => Watch::Auto,
            Some("events") => Watch::Events,
            Some("poll") => Watch::Poll,
            Some(other) => {
                self.problems.push(format!(
                    "{place}: watch = {other:?}: must be auto, events or poll"
                ));
                Watch::Auto
            }
        };
        drop.ignore = self.patterns(
            &format!("{place}: ignore"),
            written.ignore.unwrap_or_default(),
        );
        Some(drop)
    }

    fn after(
        &mut self,
        place: &str,
        root: &Path,
        after: Option<&str>,
        move_to: Option<PathBuf>,
    ) -> After {
        let wants_move = after == Some("move");
        if move_to.is_some() && !wants_move {
            self.problems.push(format!(
                "{place}: move_to without after = \"move\" has no effect"
            ));
        }
        match after {
            None | Some("keep") => After::Keep,
            Some("delete") => After::Delete,
            Some("move") => {
                let Some(target) = move_to.map(|path| self.path(&path)) else {
                    self.problems.push(format!(
                        "{place}: after = \"move\" needs move_to = \"FOLDER\""
                    ));
                    return After::Keep;
                };
                if target.starts_with(root) {
                    self.problems.push(format!(
                        "{place}: move_to = {} lies inside the drop folder: what is moved there would be taken in again",
                        target.display()
                    ));
                }
                After::Move(target)
            }
            Some(other) => {
                self.problems.push(format!(
                    "{place}: after = {other:?}: must be keep, move or delete"
                ));
                After::Keep
            }
        }
    }
}
