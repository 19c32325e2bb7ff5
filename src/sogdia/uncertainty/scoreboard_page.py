"""Write the scoreboard as a page of the documentation: fit, validation, naive guesses, outside studies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

HEAD = """# Scoreboard

`sogdia validate --studies --page docs/scoreboard.md` writes this page ({version}).
{doc}`validation` has the rules.
"""
SCORES = """
## Base year and record

Median absolute percentage error (MdAPE), symmetric mean percentage error (sMPE, the bias: positive if the
model is too high), Spearman's rank correlation, share of rows with the right sign. The naive guess is the
last record of the same subject; its error and the model's are over the same rows.
"""
STUDIES = """
## Studies by others

Nothing is fitted to these figures. The ratio is ours over the nearer end of the published range.
"""
SCORE_COLUMNS = (
    ("use", "use"), ("engine", "engine"), ("kind", "kind"), ("count", "rows"),
    ("median_error_pct", "MdAPE, %"), ("symmetric_error_pct", "sMPE, %"), ("rank", "rank correlation"),
    ("right_sign", "right sign"),
    ("guessed", "rows with last record"), ("error_of_guessed_pct", "MdAPE on these, %"),
    ("last_record_pct", "last record, %"), ("worst", "largest error"), ("worst_error_pct", "its error, %"),
)  # fmt: skip


def scoreboard_page(scores: pd.DataFrame, studies: pd.DataFrame, version: str) -> str:
    """Return the page as Markdown.

    Args:
        scores: :meth:`sogdia.runs.validation.Validation.scores`.
        studies: :func:`sogdia.uncertainty.scoreboard.compare_studies`.
        version: Version of the engines.
    """
    parts = [HEAD.replace("{version}", f"version {version}"), SCORES]
    parts.append(_table([words for _, words in SCORE_COLUMNS], scores[[name for name, _ in SCORE_COLUMNS]]))
    if len(studies):
        known = studies[studies["ours"].notna()]
        published = [_range(low, high) for low, high in zip(known["low"], known["high"], strict=True)]
        years = known["run_year"].astype(int).astype(str)
        shown = known.assign(published=published, run_year=years)[
            ["title", "published", "ours", "unit", "ratio", "plan", "run_year", "reason"]
        ]
        heads = ["figure", "published", "ours", "unit", "ratio", "plan", "year", "reason for the difference"]
        parts += [STUDIES, _table(heads, shown)]
        other = studies[studies["ours"].isna()][["title", "low", "high", "unit", "reason"]]
        parts += ["\nNot computed:\n", _table(["figure", "low", "high", "unit", "reason"], other)]
    return "\n".join(parts)


def _range(low: float, high: float) -> str:
    return _cell(low) if low == high else f"{_cell(low)} to {_cell(high)}"


def _table(heads: Sequence[str], table: pd.DataFrame) -> str:
    lines = [
        heads,
        [":--"] * len(heads),
        *([_cell(value) for value in row] for row in table.to_numpy().tolist()),
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"


def _cell(value: Any) -> str:
    """Return a cell: three digits of a number, none of a missing one."""
    if isinstance(value, bool | str):
        return str(value)
    if value is None or value != value:
        return ""
    return f"{value:,.0f}" if abs(value) >= 100.0 or value == int(value) else f"{value:.3g}"
