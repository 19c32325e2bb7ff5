"""Compare two validations: which observations a version of the models meets worse than an earlier one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sogdia.errors import CannotRunError, InputError

LEAST_WORSE = 1.0
"""Rise of an absolute error that counts, percentage points: solvers end within less of it."""
KEY = ["engine", "observation"]
COLUMNS = (
    "engine", "observation", "use", "observed", "before", "now", "error_before_pct", "error_pct", "worse_by",
)  # fmt: skip


def read_validation_rows(path: Path) -> pd.DataFrame:
    """Read the table ``rows`` that ``sogdia validate --out FOLDER`` wrote.

    Args:
        path: The folder, or its file ``rows.csv``.

    Raises:
        CannotRunError: If the file cannot be read.
        InputError: If a column is missing.
    """
    file = path / "rows.csv" if path.is_dir() else path
    try:
        table = pd.read_csv(file)
    except (OSError, UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise CannotRunError(f"{file}: cannot be read ({error})") from error
    missing = [name for name in (*KEY, "modelled", "error_pct") if name not in table.columns]
    if missing:
        raise InputError(
            f"{file}: no column {', '.join(missing)}; expected the rows that sogdia validate --out writes"
        )
    return table


def worse_rows(before: pd.DataFrame, now: pd.DataFrame, least: float = LEAST_WORSE) -> pd.DataFrame:
    """Return the observations whose absolute error has risen.

    Args:
        before: Rows of an earlier validation (:class:`sogdia.runs.validation.Validation`).
        now: Rows of this one; observations that only one of them has are left out.
        least: Smallest rise, percentage points.

    Returns:
        :data:`COLUMNS`, the largest rise first.
    """
    known = before[[*KEY, "modelled", "error_pct"]]
    known = known.rename(columns={"modelled": "before", "error_pct": "error_before_pct"})
    both = now.rename(columns={"modelled": "now"}).merge(known, on=KEY)
    both["worse_by"] = both["error_pct"].abs() - both["error_before_pct"].abs()
    worse = both[both["worse_by"] >= least]
    return worse.sort_values("worse_by", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
