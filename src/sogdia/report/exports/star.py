"""Write runs as a star schema of facts and dimensions, as Parquet or CSV with a column dictionary."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sogdia.files import output_folder
from sogdia.region import Region
from sogdia.report.exports.bundle import Bundle, unit_of
from sogdia.runs.measures import BUILT_IN, read_measure
from sogdia.runs.store_tables import to_parquet

FACTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "fact_economies": ("economies", {"economy": "dim_economy.economy"}),
    "fact_trade": (
        "flows",
        {
            "exporter": "dim_economy.economy",
            "importer": "dim_economy.economy",
            "commodity": "dim_commodity.commodity",
        },
    ),
    "fact_trade_costs": (
        "costs",
        {
            "exporter": "dim_economy.economy",
            "importer": "dim_economy.economy",
            "commodity": "dim_commodity.commodity",
        },
    ),
    "fact_links": ("links", {"link": "dim_link.link"}),
    "fact_corridors": ("corridors", {"corridor": "dim_corridor.corridor"}),
    "fact_stations": ("stations", {"place": "dim_place.place", "country": "dim_economy.economy"}),
    "fact_transit": ("transit", {"territory": "dim_economy.economy"}),
    "fact_power": ("power_countries", {"iso3": "dim_economy.economy"}),
    "fact_generation": ("power_generation", {"iso3": "dim_economy.economy"}),
}
"""Result table of each fact, and the dimension keys of its columns in addition to ``run``."""
LINK_COLUMNS = ("from", "to", "mode", "length_km", "from_lon", "from_lat", "to_lon", "to_lat")
IN_DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "links": LINK_COLUMNS,
    "economies": ("name",),
    "corridors": ("name",),
}
"""Columns of result tables that are in a dimension and not in the fact."""
FileType = Literal["parquet", "csv"]


def star_of(bundle: Bundle) -> dict[str, pd.DataFrame]:
    """Return facts and dimensions by name."""
    region = bundle.region
    links = bundle.stacked("links")
    star: dict[str, pd.DataFrame] = {
        "dim_run": bundle.runs,
        "dim_economy": _economies(region),
        "dim_commodity": region.table("commodities")[["id", "name", "cargo"]].rename(
            columns={"id": "commodity"}
        ),
        "dim_corridor": region.table("corridors")[["id", "name"]].rename(columns={"id": "corridor"}),
        "dim_place": region.table("places")[["id", "name", "iso3", "lat", "lon", "kind"]].rename(
            columns={"id": "place", "iso3": "economy"}
        ),
        "dim_link": links[["link", *LINK_COLUMNS]].drop_duplicates("link"),
        "dim_measure": pd.DataFrame(
            [(m.name, m.unit, m.table, m.column, m.how, m.better) for m in BUILT_IN.values()],
            columns=["measure", "unit", "table", "column", "how", "better"],
        ),
        "fact_measures": _measures(bundle),
    }
    for name, (table, _) in FACTS.items():
        star[name] = bundle.stacked(table).drop(columns=list(IN_DIMENSIONS.get(table, ())))
    return {name: table.reset_index(drop=True) for name, table in star.items()}


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
        read_measure(measure, tables[measure.table]).assign(run=head.run[:12])
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
            data = to_parquet(table) if file_type == "parquet" else table.to_csv(index=False).encode()
            (draft / f"{name}.{file_type}").write_bytes(data)
        (draft / "README.md").write_text(_dictionary(tables), encoding="utf-8")
    return [*(folder / f"{name}.{file_type}" for name in tables), folder / "README.md"]


def _dictionary(tables: Mapping[str, pd.DataFrame]) -> str:
    """Return the column dictionary: unit and key of each column."""
    lines = ["# Star schema", "", "Every `fact_` table has `run`, a key of `dim_run`.", ""]
    for name, table in tables.items():
        keys = FACTS[name][1] if name in FACTS else {}
        lines += [
            f"## {name}",
            "",
            f"{len(table):,} rows.",
            "",
            "| column | unit | key |",
            "|:--|:--|:--|",
        ]
        for column in map(str, table.columns):
            key = keys.get(column, "dim_run.run" if column == "run" and name != "dim_run" else "")
            if name == "fact_measures" and column == "measure":
                key = "dim_measure.measure"
            lines.append(f"| `{column}` | {unit_of(column)} | {key} |")
        lines.append("")
    return "\n".join(lines)
