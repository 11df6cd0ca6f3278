//! What came of judging a set, printed.

use std::collections::HashMap;

use copydesk::article::duplicate::{self, Tie};

use crate::score;
use crate::{Judged, Played};

/// How well families match the truth.
pub(crate) fn score(played: &Played, judged: &Judged) {
    let truth: Vec<&str> = played
        .set
        .docs
        .iter()
        .map(|doc| doc.cluster.as_str())
        .collect();
    let pairs: Vec<(usize, usize, &str)> = played
        .set
        .pairs
        .iter()
        .map(|pair| (pair.a, pair.b, pair.label.as_str()))
        .collect();
    let score = score::score(&truth, &judged.families, &pairs);
    println!(
        "{:12} P {:.4} R {:.4}  ARI {:.4}  {} hits, {} wrong, {} missed; {} mixed families, the largest of {}",
        played.set.name,
        score.precision(),
        score.recall(),
        score.ari,
        score.hits,
        score.wrong,
        score.missed,
        score.mixed.0,
        score.mixed.1
    );
    for (label, (together, of)) in &score.together {
        print!(
            "  {label} {together}/{of}={:.3}",
            *together as f64 / *of as f64
        );
    }
    println!("  {:.1} prints indexed", judged.indexed);
}

/// What pairs of a kind are, beside together or not: directions, and passages where they are apart.
pub(crate) fn ties(played: &Played, judged: &Judged) {
    let mut labels: Vec<&str> = played
        .set
        .pairs
        .iter()
        .map(|it| it.label.as_str())
        .collect();
    labels.sort_unstable();
    labels.dedup();
    let mut of_cluster: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, doc) in played.set.docs.iter().enumerate() {
        of_cluster.entry(&doc.cluster).or_default().push(at);
    }
    for label in labels {
        let mut counts: HashMap<&str, usize> = HashMap::new();
        let mut all = 0;
        for pair in played.set.pairs.iter().filter(|it| it.label == label) {
            all += 1;
            let (late, early) = (pair.a.max(pair.b), pair.a.min(pair.b));
            let tie = judged.comparisons.get(&(late, early)).map(|it| it.tie);
            // As seen from the second of the pair.
            let tie = tie.map(|tie| if late == pair.b { tie } else { tie.mirrored() });
            let word = match tie {
                Some(Tie::Copy) => "copy",
                Some(Tie::Excerpt) => "excerpt",
                Some(Tie::Expansion) => "expansion",
                Some(Tie::Shares) => "shares",
                Some(Tie::None) => "none",
                None => "-",
            };
            *counts.entry(word).or_default() += 1;
            let updates = judged
                .comparisons
                .get(&(late, early))
                .is_some_and(|it| it.updates);
            *counts.entry("updates").or_default() += usize::from(updates);
            let kin = of_cluster[played.set.docs[pair.b].cluster.as_str()].iter();
            let found = judged.families[pair.a] == judged.families[pair.b]
                || kin.into_iter().any(|other| {
                    let key = (*other.max(&pair.b), *other.min(&pair.b));
                    let tie = judged.comparisons.get(&key).map(|it| it.tie);
                    *other != pair.b && tie.is_some_and(|tie| tie != Tie::None)
                });
            *counts.entry("found").or_default() += usize::from(found);
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_unstable();
        println!("    {label:16} {all:5} {counts:?}");
    }
}

/// The false joins and the missed pairs, the worst first.
pub(crate) fn errors(played: &Played, judged: &Judged) {
    let ignored = played.ignored();
    let show = |what: &str, a: usize, b: usize, sure: f32| {
        let (one, other) = (&played.set.docs[a], &played.set.docs[b]);
        let signs = duplicate::signs(
            &played.readings[a],
            &played.readings[b],
            &played.between(a, b, &played.found[a].common),
        );
        let signs: Vec<String> = signs
            .iter()
            .zip(duplicate::NAMES)
            .map(|(value, name)| format!("{name}={value:.2}"))
            .collect();
        println!(
            "  {what} {sure:.4} {} {} | {} {} | {:.50} | {:.50}",
            one.id, one.level, other.id, other.level, one.title, other.title
        );
        if std::env::var("SIGNS").is_ok() {
            println!("      {}", signs.join(" "));
        }
    };
    let mut wrong: Vec<(f32, usize, usize)> = judged
        .joins
        .iter()
        .filter(|(a, b)| !played.is_same(*a, *b) && !ignored.contains(&(*a, *b)))
        .map(|(a, b)| (judged.comparisons[&(*a, *b)].probability, *a, *b))
        .collect();
    wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("  {} false joins", wrong.len());
    for (sure, a, b) in wrong.iter().take(12) {
        show("JOINED", *a, *b, *sure);
    }
    let mut missed: Vec<(f32, usize, usize)> = played
        .set
        .pairs
        .iter()
        .filter(|it| played.is_same(it.a, it.b) && judged.families[it.a] != judged.families[it.b])
        .filter(|it| !matches!(it.label.as_str(), "L4" | "L5" | "ignore"))
        .map(|it| {
            let key = (it.a.max(it.b), it.a.min(it.b));
            let sure = judged
                .comparisons
                .get(&key)
                .map_or(-1.0, |it| it.probability);
            (sure, key.0, key.1)
        })
        .collect();
    missed.sort_by(|a, b| a.0.total_cmp(&b.0));
    println!("  {} missed pairs", missed.len());
    for (sure, a, b) in missed.iter().take(12) {
        show("MISSED", *a, *b, *sure);
    }
}
