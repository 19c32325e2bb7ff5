"""Recognise sentences that do not simply assert their content: questions, negations, conditions, hearsay.

A claim of such a sentence may be read correctly and still be no fact, so that it adds no row to a ledger. The
patterns are rows of ``doubts.csv``, in the order in which they are tried, regardless of case.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from importlib.resources import files


@cache
def doubt_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Return the reasons for doubt, each with the pattern of its words."""
    text = files("sogdia.articles").joinpath("doubts.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return tuple((row["reason"], re.compile(row["pattern"], re.IGNORECASE)) for row in rows)


def doubt_of(sentence: str) -> str:
    """Return why a sentence may not assert its content; empty if no word says so.

    >>> doubt_of("Will the bank lend $3 billion?"), doubt_of("The bank lent $3 billion.")
    ('asks a question', '')

    Args:
        sentence: The sentence.
    """
    return next((reason for reason, pattern in doubt_patterns() if pattern.search(sentence)), "")
