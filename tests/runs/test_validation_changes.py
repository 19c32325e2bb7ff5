"""Observations that a version of the models meets worse than an earlier one."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sogdia.errors import CannotRunError, InputError
from sogdia.runs.validation_changes import read_validation_rows, worse_rows

COLUMNS = ["engine", "observation", "use", "observed", "modelled", "error_pct"]
BEFORE = pd.DataFrame(
    [
        ("freight", "a", "validation", 10.0, 11.0, 10.0),
        ("freight", "b", "validation", 10.0, 9.0, -10.0),
        ("power", "a", "calibration", 10.0, 10.0, 0.0),
        ("power", "old", "calibration", 10.0, 10.0, 0.0),
        ("power", "unscored", "calibration", 0.0, 1.0, None),
    ],
    columns=COLUMNS,
)
NOW = pd.DataFrame(
    [
        ("freight", "a", "validation", 10.0, 8.0, -20.0),
        ("freight", "b", "validation", 10.0, 10.5, 5.0),
        ("power", "a", "calibration", 10.0, 10.05, 0.5),
        ("power", "new", "calibration", 10.0, 30.0, 200.0),
        ("power", "unscored", "calibration", 0.0, 9.0, None),
    ],
    columns=COLUMNS,
)


def test_rise_of_an_error_counts_whatever_its_sign() -> None:
    (row,) = worse_rows(BEFORE, NOW).to_dict("records")
    assert (row["engine"], row["observation"], row["worse_by"]) == ("freight", "a", 10.0)
    assert (row["before"], row["now"], row["error_before_pct"]) == (11.0, 8.0, 10.0)
    assert worse_rows(BEFORE, NOW, 0.1)["observation"].tolist() == ["a", "a"]
    assert worse_rows(NOW, NOW).empty


def test_rows_are_read_from_the_folder_of_a_validation(tmp_path: Path) -> None:
    BEFORE.to_csv(tmp_path / "rows.csv", index=False)
    assert worse_rows(read_validation_rows(tmp_path), NOW)["observation"].tolist() == ["a"]


@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        ("engine,observation\nfreight,a\n", InputError, "no column modelled, error_pct"),
        ("", CannotRunError, "cannot be read"),
    ],
)
def test_other_files_are_refused(content: str, kind: type[Exception], words: str, tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(kind, match=words):
        read_validation_rows(file)
    with pytest.raises(CannotRunError, match=r"none\.csv: cannot be read"):
        read_validation_rows(tmp_path / "none.csv")
