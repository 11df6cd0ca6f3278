//! Which blocks of a document say the same.

use std::collections::HashMap;

use super::Block;

/// Counts for each block how many say the same.
pub(super) fn count(blocks: &mut [Block]) {
    // Most texts differ in length or in their first letters already; only the others are compared as a whole.
    let mut alike: Vec<u128> = (0u32..)
        .zip(&*blocks)
        .map(|(at, block)| (outline(block.squeezed()) << 32) | u128::from(at))
        .collect();
    alike.sort_unstable();
    for group in alike.chunk_by(|a, b| a >> 32 == b >> 32) {
        if group.len() < 2 {
            continue;
        }
        let members = || group.iter().map(|alike| (*alike & 0xffff_ffff) as usize);
        let mut counts: HashMap<&str, usize> = HashMap::new();
        for block in members().filter_map(|at| blocks.get(at)) {
            *counts.entry(block.squeezed()).or_default() += 1;
        }
        let repeats: Vec<usize> = members()
            .map(|at| {
                blocks
                    .get(at)
                    .and_then(|block| counts.get(block.squeezed()))
            })
            .map(|count| count.copied().unwrap_or(1))
            .collect();
        for (at, repeats) in members().zip(repeats) {
            if let Some(block) = blocks.get_mut(at) {
                block.repeats = repeats;
            }
        }
    }
}

/// The length of a text and its first eight bytes as a number.
fn outline(text: &str) -> u128 {
    let bytes = text.as_bytes();
    let opening = bytes.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut opening = [0; 8];
        for (place, byte) in opening.iter_mut().zip(bytes) {
            *place = *byte;
        }
        opening
    });
    // Of a length beyond four gigabytes the rest does as well.
    (u128::from(u64::from_le_bytes(opening)) << 32) | (bytes.len() as u128 & 0xffff_ffff)
}
