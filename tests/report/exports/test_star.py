"""Star schema of stored runs."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sogdia.report.exports import Bundle, write_star
from sogdia.report.exports.star import star_of
from sogdia.report.exports.star_tables import KEYS
from sogdia.runs.measures import BUILT_IN


def test_every_key_of_a_fact_is_in_its_dimension(bundle: Bundle, tmp_path: Path) -> None:
    tables = star_of(bundle)
    for name, keys in KEYS.items():
        for column, target in {**keys, "run": "dim_run.run"}.items():
            dimension, key = target.split(".")
            assert tables[dimension][key].is_unique, f"{dimension}.{key}"
            assert set(tables[name][column]) <= set(tables[dimension][key]), f"{name}.{column}"
    written = write_star(bundle, tmp_path, "csv")
    assert {path.stem for path in written} == {*tables, "README"}
    measures = pd.read_csv(tmp_path / "fact_measures.csv")
    assert set(measures["measure"]) <= set(BUILT_IN)
    assert "| `gain_musd` | Gain | USD million |" in (tmp_path / "README.md").read_text("utf-8")
