"""Write runs as a star schema of facts and dimensions, as Parquet or CSV with a column dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sogdia.files import csv_bytes, output_folder
from sogdia.region import Region
from sogdia.report.exports.bundle import ID_LENGTH, Bundle
from sogdia.report.exports.star_tables import FACTS, KEYS, STAR
from sogdia.runs.measures import BUILT_IN, read_measure
from sogdia.runs.store_tables import to_parquet

FileType = Literal["parquet", "csv"]


def star_of(bundle: Bundle) -> dict[str, pd.DataFrame]:
    """Return facts and dimensions by name, with the columns of their declarations."""
    region = bundle.region
    dim_link = [column.name for column in STAR["dim_link"].columns]
    tables: dict[str, pd.DataFrame] = {
        "dim_run": bundle.runs,
        "dim_economy": _economies(region),
        "dim_commodity": region.table("commodities")[["id", "name", "cargo"]].rename(
            columns={"id": "commodity"}
        ),
        "dim_corridor": region.table("corridors")[["id", "name"]].rename(columns={"id": "corridor"}),
        "dim_place": region.table("places")[["id", "name", "iso3", "lat", "lon", "kind"]].rename(
            columns={"id": "place", "iso3": "economy"}
        ),
        "dim_link": bundle.stacked("links")[dim_link].drop_duplicates("link"),
        "dim_measure": pd.DataFrame(
            [(m.name, m.unit, m.table, m.column, m.how, m.better) for m in BUILT_IN.values()],
            columns=["measure", "unit", "table", "column", "how", "better"],
        ),
        "fact_measures": _measures(bundle),
    }
    for name, fact in FACTS.items():
        tables[name] = bundle.stacked(fact.table).drop(columns=list(fact.in_dimensions))
    return {name: STAR[name].frame(table).reset_index(drop=True) for name, table in tables.items()}


def _economies(region: Region) -> pd.DataFrame:
    """Return the parties of the region: economies that trade, and territories that freight only transits."""
    table = region.table("parties")[["code", "name", "kind"]].rename(columns={"code": "economy"})
    trading = region.table("economies").set_index("iso3")["group"]
    table["group"] = (
        table["economy"].map(trading).astype(object).where(table["economy"].isin(trading.index), "")
    )
    return table.assign(home=table["economy"].isin(region.home))


def _measures(bundle: Bundle) -> pd.DataFrame:
    parts = [
        read_measure(measure, tables[measure.table]).assign(run=head.run[:ID_LENGTH])
        for head, tables in zip(bundle.heads, bundle.tables, strict=True)
        for measure in BUILT_IN.values()
        if measure.table in tables
    ]
    return pd.concat(parts, ignore_index=True)[["run", "measure", "of", "value"]]


def write_star(bundle: Bundle, folder: Path, file_type: FileType = "parquet") -> list[Path]:
    """Write the star schema into a folder, with a column dictionary ``README.md``.

    Args:
        bundle: Runs.
        folder: Output folder, created if it does not exist.
        file_type: ``parquet`` or ``csv``.

    Returns:
        Files written.

    Raises:
        CannotRunError: If the folder cannot be written.
    """
    tables = star_of(bundle)
    with output_folder(folder) as draft:
        for name, table in tables.items():
            # With a byte-order mark Excel and Power BI read every letter.
            data = to_parquet(table) if file_type == "parquet" else csv_bytes(table, for_excel=True)
            (draft / f"{name}.{file_type}").write_bytes(data)
        (draft / "README.md").write_text(_dictionary(tables), encoding="utf-8")
    return [*(folder / f"{name}.{file_type}" for name in tables), folder / "README.md"]


def _dictionary(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the column dictionary: label, unit, key and meaning of each column."""
    lines = ["# Star schema", "", "Every `fact_` table has `run`, a key of `dim_run`.", ""]
    for name, table in tables.items():
        declaration = STAR[name]
        keys = {"run": "dim_run.run", **KEYS.get(name, {})} if name.startswith("fact_") else {}
        lines += [
            f"## {name}",
            "",
            f"{declaration.meaning} {len(table):,} rows.",
            "",
            "| column | label | unit | key | meaning |",
            "|:--|:--|:--|:--|:--|",
        ]
        lines += [
            f"| `{c.name}` | {c.label} | {c.unit} | {keys.get(c.name, '')} | {c.meaning} |"
            for c in declaration.columns
        ]
        lines.append("")
    return "\n".join(lines)
