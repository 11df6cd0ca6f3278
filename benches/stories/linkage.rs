//! Average linkage, to know what the inductive rule loses against it.

use std::collections::BTreeMap;

use copydesk::stories::Link;

/// Joins the two groups that are likeliest the same on average until none are likelier than `least`.
pub(crate) fn average(count: usize, links: &[Link], least: f64) -> Vec<usize> {
    let mut groups: BTreeMap<usize, Vec<usize>> = (0..count).map(|at| (at, vec![at])).collect();
    // Sums of likelihood between groups.
    let mut sums: BTreeMap<(usize, usize), f64> = BTreeMap::new();
    for link in links {
        let likely = 1.0 / (1.0 + (-f64::from(link.strength)).exp());
        sums.insert((link.a.min(link.b), link.a.max(link.b)), likely);
    }
    loop {
        let mean = |(pair, sum): (&(usize, usize), &f64)| {
            (
                sum / (groups[&pair.0].len() * groups[&pair.1].len()) as f64,
                *pair,
            )
        };
        let best = sums
            .iter()
            .map(mean)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        let Some((_, (into, from))) = best.filter(|best| best.0 >= least) else {
            break;
        };
        let moved = groups.remove(&from).expect("a group");
        groups.get_mut(&into).expect("a group").extend(moved);
        let of_from: Vec<(usize, usize)> = sums
            .keys()
            .filter(|(a, b)| *a == from || *b == from)
            .copied()
            .collect();
        for pair in of_from {
            let sum = sums.remove(&pair).expect("a sum");
            let other = if pair.0 == from { pair.1 } else { pair.0 };
            if other != into {
                *sums.entry((into.min(other), into.max(other))).or_default() += sum;
            }
        }
    }
    let mut heads: Vec<usize> = (0..count).collect();
    for (head, members) in &groups {
        for member in members {
            heads[*member] = *head;
        }
    }
    heads
}
