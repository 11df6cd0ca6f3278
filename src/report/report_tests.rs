//! The reading side on a real store that a real desk has filled.

use std::path::Path;

use serde_json::json;

use crate::job::Reason;
use crate::store::provenance::{self, EventKind};
use crate::store::{Durability, StoreError, tenancy};

use super::article::{RecordedArticle, Wanted};
use super::explanation::{Lies, Standing};
use super::facts::Reached;
use super::health::Health;
use super::search::Query;
use super::status::{FreeSpace, gather};
use super::test_support::{FERRY, Scene, filled};
use super::{Between, Reader, history};

fn all(reader: &Reader, wanted: &Wanted) -> Vec<RecordedArticle> {
    let mut articles = Vec::new();
    reader
        .each_article(wanted, |article| -> Result<(), StoreError> {
            articles.push(article);
            Ok(())
        })
        .expect("read");
    articles
}

#[test]
fn every_article_is_exported_once_in_order_and_filters_narrow() {
    let scene = filled();
    let reader = scene.reader();
    let articles = all(&reader, &Wanted::default());
    let ids: Vec<_> = articles
        .iter()
        .filter_map(|article| article.object.id)
        .collect();
    assert_eq!(ids.len(), 3, "{articles:?}");
    assert!(ids.is_sorted());
    let of = |wanted: Wanted| all(&reader, &wanted).len();
    assert_eq!(
        of(Wanted {
            source: Some("valley".to_owned()),
            ..Wanted::default()
        }),
        2
    );
    assert_eq!(
        of(Wanted {
            verdicts: vec!["new".to_owned()],
            ..Wanted::default()
        }),
        2
    );
    assert_eq!(
        of(Wanted {
            verdicts: vec!["new".to_owned(), "same-text".to_owned()],
            ..Wanted::default()
        }),
        3
    );
    assert_eq!(
        of(Wanted {
            leads: true,
            ..Wanted::default()
        }),
        2
    );
    let long_ago = Between {
        since_ms: None,
        until_ms: Some(1),
    };
    assert_eq!(
        of(Wanted {
            between: long_ago,
            ..Wanted::default()
        }),
        0
    );
}

#[test]
fn the_article_object_says_what_the_record_says_and_family_is_named_by_the_leads_text() {
    let scene = filled();
    let reader = scene.reader();
    let articles = all(&reader, &Wanted::default());
    let same = articles
        .iter()
        .find(|article| {
            article
                .object
                .verdict
                .as_ref()
                .is_some_and(|verdict| verdict.kind == "same-text")
        })
        .expect("one of the two ferry articles");
    let object = serde_json::to_value(same).expect("JSON");
    let family = object["family"].as_str().expect("a family");
    assert_eq!(
        (family.len(), family.chars().all(|c| c.is_ascii_hexdigit())),
        (16, true)
    );
    assert_eq!(object["schema"], json!(1));
    assert_eq!(object["evidence"]["source"]["rule"], json!("config"));
    assert!(Path::new(object["path"].as_str().expect("a path")).is_absolute());
    let of = same
        .object
        .verdict
        .as_ref()
        .and_then(|verdict| verdict.of)
        .expect("of");
    let lead = reader.article(of).expect("read").expect("there");
    assert_eq!(lead.object.family.as_deref(), Some(family));
    let orchard = articles
        .iter()
        .find(|article| article.object.family.is_none())
        .expect("the orchard");
    assert_eq!(
        serde_json::to_value(orchard).expect("JSON")["family"],
        json!(null)
    );
}

#[test]
fn a_dossier_lists_family_and_sightings_and_its_input_adds_up() {
    let scene = filled();
    let reader = scene.reader();
    let path = scene.path("harbour/ferry.txt");
    let named = reader.articles_named("ferry", &path).expect("read");
    let [id] = named.as_slice() else {
        panic!("{named:?}")
    };
    let dossier = reader.dossier(*id).expect("read").expect("there");
    assert_eq!(dossier.members.len(), 2);
    assert!(dossier.members[0].is_lead);
    assert_eq!(dossier.sightings.len(), 2);
    assert!(dossier.sightings[0].is_first);
    let digits: String = dossier.digest.chars().take(8).collect();
    assert_eq!(
        reader
            .articles_named(&digits, Path::new("/none"))
            .expect("read"),
        named
    );
    assert_eq!(
        reader
            .articles_named(&id.to_string(), Path::new("/none"))
            .expect("read"),
        named
    );
    let cutting = reader.cutting(*id).expect("read").expect("kept");
    assert_eq!(cutting.kept_bytes + cutting.cut_bytes, cutting.input_bytes);
    assert_eq!(cutting.input_bytes, FERRY.len());
    assert!(reader.dossier(999).expect("read").is_none());
}

#[test]
fn history_is_in_the_order_of_time_and_its_filters_hold_together() {
    let scene = filled();
    let reader = scene.reader();
    let ask = |wanted: history::Wanted| reader.history(&wanted).expect("read");
    let everything = ask(history::Wanted {
        limit: 1_000,
        ..history::Wanted::default()
    });
    assert!(everything.is_sorted_by_key(|event| (event.at_ms, event.id)));
    assert_eq!(
        everything.len(),
        ask(history::Wanted {
            limit: 1_000,
            after: Some(0),
            ..history::Wanted::default()
        })
        .len()
    );
    let newest = ask(history::Wanted {
        limit: 2,
        ..history::Wanted::default()
    });
    assert_eq!(newest, everything[everything.len() - 2..]);
    let path = Some(scene.path("harbour/empty.txt"));
    let of_path = ask(history::Wanted {
        path: path.clone(),
        limit: 50,
        ..history::Wanted::default()
    });
    let kinds: Vec<&str> = of_path.iter().map(|event| event.kind.as_str()).collect();
    assert_eq!(kinds, ["seen", "settled", "queued", "claimed", "held"]);
    let held = history::Wanted {
        path,
        kind: Some(EventKind::Held),
        drop: Some("harbour".to_owned()),
        limit: 50,
        ..history::Wanted::default()
    };
    assert_eq!(ask(held).len(), 1);
    let of_source = ask(history::Wanted {
        source: Some("valley".to_owned()),
        kind: Some(EventKind::Recorded),
        limit: 50,
        ..history::Wanted::default()
    });
    assert_eq!(of_source.len(), 2);
    let of_article = ask(history::Wanted {
        article: Some(1),
        limit: 50,
        ..history::Wanted::default()
    });
    assert!(of_article.iter().any(|event| event.kind == "judged"));
    assert!(of_article.iter().any(|event| event.kind == "seen"));
    let line = serde_json::to_value(&of_path[0]).expect("JSON");
    assert!(
        line["path"]
            .as_str()
            .expect("a path")
            .ends_with("harbour/empty.txt")
    );
}

#[test]
fn search_finds_words_and_takes_broken_expressions_as_words() {
    let scene = filled();
    let reader = scene.reader();
    let find = |words: &str| {
        let query = Query {
            words: words.to_owned(),
            limit: 10,
            ..Query::default()
        };
        reader.search(&query).expect("searched")
    };
    assert_eq!(find("ferry").len(), 2);
    assert_eq!(find("pears AND candles").len(), 1);
    assert_eq!(find("pears \"unclosed").len(), 0);
    assert_eq!(find("pears (harvest").len(), 1);
    assert_eq!(find("no-such: pears").len(), 0);
    assert_eq!(find("").len(), 0);
    let hit = &find("candles")[0];
    let (start, end) = hit.matches[0];
    assert_eq!(hit.snippet.get(start..end), Some("Candles"));
    let other = Query {
        words: "ferry".to_owned(),
        source: Some("valley".to_owned()),
        limit: 10,
        ..Query::default()
    };
    assert_eq!(reader.search(&other).expect("searched").len(), 1);
}

#[test]
fn sources_are_counted_and_a_folder_of_one_source_tells_its_held_share() {
    let scene = filled();
    let sources = scene.reader().sources().expect("read");
    let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["harbour", "valley"]);
    assert_eq!((sources[0].articles, sources[1].articles), (1, 2));
    assert_eq!((sources[0].held, sources[0].files), (Some(1), Some(3)));
    assert_eq!((sources[1].held, sources[1].files), (Some(0), Some(2)));
    assert_eq!(sources[0].followed + sources[1].followed, 1);
}

#[test]
fn held_files_come_with_advice_and_retry_frees_them() {
    let scene = filled();
    let held = scene.reader().held(None, None).expect("read");
    assert_eq!(held.len(), 1);
    assert_eq!(
        (held[0].reason.as_str(), held[0].advice),
        ("empty", Some(Reason::Empty.advice()))
    );
    assert_eq!(
        scene
            .reader()
            .held(Some(Reason::TooLarge), None)
            .expect("read")
            .len(),
        0
    );
    assert_eq!(
        scene
            .reader()
            .held(None, Some("valley"))
            .expect("read")
            .len(),
        0
    );
}

#[test]
fn explain_tells_taken_held_passed_by_outside_and_unseen_files_apart() {
    let scene = filled();
    let taken = scene.explain("harbour/ferry.txt");
    assert_eq!(taken.standing, Standing::Taken, "{}", taken.why);
    assert_eq!(taken.sightings[0].articles.len(), 1);
    assert!(taken.sightings[0].is_present);
    let again = [scene.explain("harbour/ferry-again.txt"), taken];
    assert_eq!(
        again
            .iter()
            .filter(|about| about.sightings[0].same_as.is_some())
            .count(),
        1
    );
    let held = scene.explain("harbour/empty.txt");
    assert_eq!(
        (held.standing, held.next.as_str()),
        (Standing::Held, Reason::Empty.advice())
    );
    scene.put("harbour/a.tmp", "half");
    let ignored = scene.explain("harbour/a.tmp");
    assert_eq!(ignored.standing, Standing::PassedBy);
    assert!(ignored.why.contains("*.tmp"), "{}", ignored.why);
    scene.put("elsewhere.txt", "text");
    assert_eq!(scene.explain("elsewhere.txt").standing, Standing::Outside);
    scene.put("valley/late.txt", "text");
    assert_eq!(
        scene.explain("valley/late.txt").standing,
        Standing::Unattended
    );
    std::os::unix::fs::symlink(scene.path("elsewhere.txt"), scene.path("valley/link.txt"))
        .expect("linked");
    let link = scene.explain("valley/link.txt");
    assert_eq!(
        (link.lies, link.standing),
        (Lies::Symlink, Standing::PassedBy)
    );
    assert_eq!(
        scene.explain("valley/never.txt").standing,
        Standing::Unknown
    );
    std::fs::remove_file(scene.path("valley/orchard.txt")).expect("removed");
    let gone = scene.explain("valley/orchard.txt");
    assert_eq!((gone.lies, gone.standing), (Lies::Nothing, Standing::Taken));
    scene.put("harbour/ferry.txt", "another text by now");
    assert_eq!(
        scene.explain("harbour/ferry.txt").standing,
        Standing::Unattended
    );
}

#[test]
fn status_counts_without_a_daemon_and_says_that_there_is_none() {
    let scene = filled();
    let now_ms = crate::desk::now_ms();
    let (status, judgement) = gather(&scene.settings.store, Some(&scene.settings), None, now_ms);
    assert_eq!(judgement.health, Health::NotRunning);
    assert_eq!(status.held.get("empty"), Some(&1));
    assert_eq!(status.today.files.get("recorded"), Some(&3));
    assert_eq!(status.today.files.get("same-bytes"), Some(&1));
    assert_eq!(status.today.articles.values().sum::<i64>(), 3);
    assert_eq!(status.drops.len(), 2);
    assert_eq!(
        (status.drops[0].held, status.drops[1].held),
        (Some(1), Some(0))
    );
    assert_eq!(status.sources[1].total.values().sum::<i64>(), 2);
    assert_eq!(status.queue.as_ref().map(|queue| queue.queued), Some(0));
}

#[test]
fn status_listens_to_a_running_daemon() {
    let scene = filled();
    let now_ms = crate::desk::now_ms();
    let place = scene.path("snapshot.json");
    let lock = tenancy::Lock::take(&scene.settings.store, "run", &place, now_ms).expect("free");
    let snapshot = tenancy::Snapshot {
        pid: std::process::id(),
        at_ms: now_ms,
        config: None,
        config_read_ms: now_ms,
        config_error: None,
        desk: json!({"in_hand": 1, "a key of tomorrow": true}),
        intake: json!({"drops": [{"name": "valley", "mode": "poll", "state": "missing", "why": "gone fishing", "settling": 2}]}),
    };
    lock.leave_snapshot(&snapshot).expect("left");
    let (status, judgement) = gather(&scene.settings.store, Some(&scene.settings), None, now_ms);
    assert!(status.daemon.is_running);
    assert_eq!(judgement.health, Health::Degraded);
    assert!(
        judgement.problems[0].what.contains("gone fishing"),
        "{judgement:?}"
    );
    assert_eq!(status.drops[1].settling, Some(2));
    assert_eq!(status.without_clocks(), status.clone().without_clocks());
}

#[test]
fn status_of_a_store_that_is_not_there_or_is_lost_is_down() {
    let scene = Scene::new();
    let short = FreeSpace {
        free_bytes: 1,
        reserve_bytes: 2,
    };
    let (status, judgement) = gather(&scene.settings.store, None, Some(short), 0);
    assert_eq!(
        (judgement.health, judgement.health.word()),
        (Health::Unusable, "DOWN")
    );
    assert_eq!(status.store.reached, Reached::No);
    scene
        .store()
        .write(Durability::Now, |db| {
            provenance::begin_tenure(db, "run", 7, 0)
        })
        .expect("written");
    let (status, _) = gather(&scene.settings.store, None, None, 0);
    assert!(status.daemon.died);
    std::fs::remove_file(&scene.settings.store).expect("removed");
    let (status, judgement) = gather(&scene.settings.store, None, None, 0);
    assert_eq!(judgement.health, Health::Unusable);
    assert!(
        status
            .store
            .trouble
            .expect("trouble")
            .contains("is gone or empty")
    );
}
