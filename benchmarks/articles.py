"""Score article reading: precision, recall and F1 by field and type of claim, and the confidence of reading.

Run ``python -m benchmarks.articles [FOLDER ...]``. Without a folder it scores the practice articles
(``articles`` of the folder of published cases) and the articles of the test suite. Last comes the
cross-validation of the confidence (:mod:`benchmarks.reading_confidence`).
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from benchmarks import BENCH, ROOT
from benchmarks.reading_confidence import print_validation
from sogdia.articles import Gazetteer, Score, read_article, read_claims, read_gold, score, score_rows
from sogdia.articles.scoring import FRAME
from sogdia.region import Region, load_region

PRACTICE = BENCH / "articles"
OWN = ROOT / "tests" / "articles" / "articles"


def score_folder(folder: Path, region: Region, gazetteer: Gazetteer) -> Score | None:
    """Score every gold file of a folder, and print one line per article.

    Returns:
        The score of all articles together; ``None`` if the folder has no gold file.
    """
    total: Score | None = None
    for gold in sorted(folder.glob("*.gold.csv")):
        stem = gold.name.removesuffix(".gold.csv")
        page = folder / f"{stem}.html"
        started = time.perf_counter()
        article = read_article(page if page.is_file() else folder / f"{stem}.txt")
        result = score(read_claims(article, region), read_gold(gold), gazetteer)
        spent_ms = 1000 * (time.perf_counter() - started)
        frame = result.fields[FRAME]
        counts = f"{frame.correct} of {frame.gold} correct"
        print(f"{stem:<20} {FRAME}: F1 {frame.f1:.3f} ({counts}) {spent_ms:6.0f} ms")
        total = result if total is None else total.plus(result)
    return total


def main() -> None:
    """Print the tables."""
    folders = [Path(name) for name in sys.argv[1:]] or [PRACTICE, OWN]
    region = load_region("central_asia")
    gazetteer = Gazetteer(region)
    for folder in folders:
        print(f"\n{folder.parent.name}/{folder.name}")
        total = score_folder(folder, region, gazetteer)
        if total is None:
            print("no gold files in this folder")
            continue
        print(f"{'':40} precision  recall     F1")
        for row in score_rows(total):
            print(f"{row['item']:<40} {row['precision']:9.3f} {row['recall']:7.3f} {row['f1']:6.3f}")
    print_validation(region, gazetteer)


if __name__ == "__main__":
    main()
