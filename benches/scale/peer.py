"""Times MinHash LSH of datasketch and rensa over the articles of `cargo bench --bench scale -- --write FILE`.

    pip install datasketch rensa
    python3 benches/scale/peer.py FILE [ARTICLES]

For each article, in order: its words, its five-word shingles, a MinHash of 128 permutations, a look-up in an LSH of
threshold 0.5, an insertion. In memory, and told by processor time beside the clock on the wall, as the bench does. Neither
compares what it finds, keeps the article, nor survives its end.
"""

import re
import sys
import time

PERMUTATIONS = 128
THRESHOLD = 0.5
WORD = re.compile(r"\w+")


def shingles(text):
    words = WORD.findall(text.lower())
    return {" ".join(words[at : at + 5]) for at in range(max(1, len(words) - 4))}


def datasketch(articles):
    from datasketch import MinHash, MinHashLSH

    lsh = MinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS)
    found, known = 0, 0.0
    for number, text in enumerate(articles):
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in shingles(text)])
        began = time.process_time()
        found += bool(lsh.query(sketch))
        lsh.insert(number, sketch)
        known += time.process_time() - began
    return found, known


def rensa(articles):
    from rensa import RMinHash, RMinHashLSH

    # 32 bands of four rows: an even chance at a resemblance of 0.42, which is no later than the other's.
    lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=PERMUTATIONS, num_bands=32)
    found, known = 0, 0.0
    for number, text in enumerate(articles):
        sketch = RMinHash(num_perm=PERMUTATIONS, seed=1)
        sketch.update(list(shingles(text)))
        began = time.process_time()
        found += bool(lsh.query(sketch))
        lsh.insert(number, sketch)
        known += time.process_time() - began
    return found, known


def main():
    most = int(sys.argv[2]) if len(sys.argv) > 2 else None
    with open(sys.argv[1], encoding="utf-8") as lines:
        articles = [line for line, _ in zip(lines, range(most or 1 << 60))]
    words = sum(len(article.split()) for article in articles) / len(articles)
    print(f"{len(articles)} articles of {words:.0f} words")
    print("| peer | articles a second, by the clock / by processor time | look-up and insertion alone | like an earlier one |")
    print("|---|---|---|---|")
    for peer in (datasketch, rensa):
        try:
            wall, cpu = time.perf_counter(), time.process_time()
            found, known = peer(articles)
        except ImportError as error:
            print(f"| {peer.__name__} | {error} | | |")
            continue
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        rates = f"{len(articles) / wall:.0f} / {len(articles) / cpu:.0f}"
        print(f"| {peer.__name__} | {rates} | {len(articles) / known:.0f} | {found} |")


main()
