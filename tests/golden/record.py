"""Record golden results, or compare the results of today's code with the recorded ones.

    python tests/golden/record.py [PART ...] [--write] [--workers N]

Parts: ``assignment`` (objectives and flows of published networks), ``reading`` (claims and scores),
``quick`` (one joint run), ``runs`` (four plans × three scenarios, every table), ``dependence`` (two
plans), ``brief`` (every figure of the default brief). All of them by default; about six minutes on two cores.

A table is recorded column by column: a digest of the values, to the bit, whatever the column is called. Names
that changed since are in ``renamed.json``: ``tables`` and ``columns`` map an old name to a new one, ``text``
lists columns whose words may change, ``dropped`` columns that no longer exist. ``--write`` records again;
say in the commit which result changed and why.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
import golden_adapter as adapter
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
FILE, RENAMED = HERE / "golden.json", HERE / "renamed.json"
Recorded = dict[str, dict[str, Any]]


def digest_of(column: pd.Series[Any]) -> str:
    """Return a digest of a column's values: floats by their bits, all else by its text."""
    if pd.api.types.is_bool_dtype(column):
        data = column.to_numpy(dtype=np.uint8).tobytes()
    elif pd.api.types.is_numeric_dtype(column):
        # Adding zero makes a negative zero a positive one.
        data = (column.to_numpy(dtype=np.float64, na_value=np.nan) + 0.0).tobytes()
    else:
        data = "\x1f".join("" if value is None or value is pd.NA else str(value) for value in column).encode()
    return hashlib.sha256(data).hexdigest()[:16]


def recorded(tables: Mapping[str, pd.DataFrame], headline: Mapping[str, float]) -> dict[str, Any]:
    """Return the digests of tables, with the figures that a reader can look at."""
    return {
        "headline": {name: float(f"{value:.8g}") for name, value in headline.items()},
        "tables": {
            name: {"rows": len(table), "columns": {str(c): digest_of(table[c]) for c in table.columns}}
            for name, table in tables.items()
        },
    }


def assignment(_store: Path, _workers: int) -> Recorded:
    """Record the equilibria of the published networks that are there."""
    return {f"assignment/{name}": recorded(*found) for name, found in adapter.assignment()}


def reading(_store: Path, _workers: int) -> Recorded:
    """Record the claims read from articles, and their scores."""
    return {f"reading/{name}": recorded(*found) for name, found in adapter.reading()}


def quick(store: Path, workers: int) -> Recorded:
    """Record one run."""
    return _runs(store, workers, ("under_construction",), ("reference",))


def runs(store: Path, workers: int) -> Recorded:
    """Record four plans under three scenarios."""
    plans = ("as_is", "under_construction", "announced_2025", "multi_vector")
    return _runs(store, workers, plans, ("reference", "northern_sanctions", "dry_year"))


def _runs(store: Path, workers: int, plans: tuple[str, ...], scenarios: tuple[str, ...]) -> Recorded:
    found = adapter.runs(store, workers, plans, scenarios)
    return {f"runs/{label}": recorded(tables, headline) for label, (tables, headline) in found.items()}


def dependence(store: Path, workers: int) -> Recorded:
    """Record the dependence of two plans."""
    plans = ("under_construction", "announced_2025")
    return {f"dependence/{plan}": recorded(*adapter.dependence(store, workers, plan)) for plan in plans}


def brief(store: Path, workers: int) -> Recorded:
    """Record the figures of the default brief: values and units in the order of the page."""
    return {"brief/announcement": recorded(*adapter.brief(store, workers))}


PARTS: Mapping[str, Callable[[Path, int], Recorded]] = {
    "assignment": assignment,
    "reading": reading,
    "quick": quick,
    "runs": runs,
    "dependence": dependence,
    "brief": brief,
}


def differences(before: Recorded, now: Recorded, renamed: Mapping[str, Any]) -> list[str]:
    """Return what differs, a line each; columns and tables that are only in ``now`` do not count."""
    found = []
    for name, was in before.items():
        if name not in now:
            continue
        for old, table in was["tables"].items():
            title = renamed["tables"].get(old, old)
            if title not in now[name]["tables"]:
                found.append(f"{name}: no table {title}")
                continue
            found += [
                f"{name} {old}: {line}" for line in _columns(old, table, now[name]["tables"][title], renamed)
            ]
    return found


def _columns(
    table: str, was: Mapping[str, Any], now: Mapping[str, Any], renamed: Mapping[str, Any]
) -> list[str]:
    names = {**renamed["columns"].get("*", {}), **renamed["columns"].get(table, {})}
    skipped = set(renamed["text"].get(table, ())) | set(renamed["dropped"].get(table, ()))
    if was["rows"] != now["rows"]:
        return [f"{was['rows']} rows before, {now['rows']} now"]
    found = []
    for column, digest in was["columns"].items():
        name = column if column in now["columns"] else names.get(column, column)
        if column in skipped:
            continue
        if name not in now["columns"]:
            found.append(f"no column {name}; columns are {', '.join(now['columns'])}")
        elif now["columns"][name] != digest:
            found.append(f"{column} differs")
    return found


def main() -> None:
    """Record or compare."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", choices=[[], *PARTS], default=[])
    parser.add_argument("--write", action="store_true", help="record what today's code gives")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    parts = asked.parts or [name for name in PARTS if name != "quick"]
    now: Recorded = {}
    with tempfile.TemporaryDirectory() as folder:
        for part in parts:
            begun = time.perf_counter()
            now |= PARTS[part](Path(folder) / "store", asked.workers)
            sys.stderr.write(f"{part}: {time.perf_counter() - begun:.0f} s\n")
    before: Recorded = json.loads(FILE.read_text("utf-8")) if FILE.is_file() else {}
    if asked.write:
        text = json.dumps(before | now, indent=1, sort_keys=True)
        FILE.write_text(text + "\n", encoding="utf-8")
        return
    found = differences(before, now, json.loads(RENAMED.read_text("utf-8")))
    compared = sum(name in before for name in now)
    sys.stdout.write("".join(f"{line}\n" for line in found))
    sys.stdout.write(f"{compared} results compared, {len(found)} differences\n")
    sys.exit(1 if found or not compared else 0)


if __name__ == "__main__":
    main()
