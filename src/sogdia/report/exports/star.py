"""A star schema for Power BI and its like: facts and dimensions as Parquet or CSV, explained on a page."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.region import Region
from sogdia.report.exports.bundle import Bundle, unit_of
from sogdia.runs.indicators import BUILT_IN, read_measure
from sogdia.runs.store_tables import parquet_of

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
"""Each fact: the table of the results it is, and which column points to which dimension, ``run`` besides."""
LINK_OWN = ("from", "to", "mode", "length_km", "from_lon", "from_lat", "to_lon", "to_lat")
Form = Literal["parquet", "csv"]


def star_of(bundle: Bundle) -> dict[str, pd.DataFrame]:
    """Facts and dimensions by name."""
    region = bundle.region
    links = bundle.stacked("links")
    out: dict[str, pd.DataFrame] = {
        "dim_run": bundle.runs,
        "dim_economy": _economies(region),
        "dim_commodity": region.table("commodities")[["id", "name", "cargo"]].rename(
            columns={"id": "commodity"}
        ),
        "dim_corridor": region.table("corridors")[["id", "name"]].rename(columns={"id": "corridor"}),
        "dim_place": region.table("places")[["id", "name", "iso3", "lat", "lon", "kind"]].rename(
            columns={"id": "place", "iso3": "economy"}
        ),
        "dim_link": links[["link", *LINK_OWN]].drop_duplicates("link"),
        "dim_measure": pd.DataFrame(
            [(m.name, m.unit, m.table, m.column, m.how, m.better) for m in BUILT_IN.values()],
            columns=["measure", "unit", "table", "column", "how", "better"],
        ),
        "fact_measures": _measures(bundle),
    }
    for name, (table, _) in FACTS.items():
        fact = bundle.stacked(table)
        drop = [column for column in LINK_OWN if column in fact] if table == "links" else []
        out[name] = fact.drop(columns=[*drop, *(["name"] if table in ("economies", "corridors") else [])])
    return {name: table.reset_index(drop=True) for name, table in out.items()}


def _economies(region: Region) -> pd.DataFrame:
    """Every party of the region: economies that trade, and territories that goods only pass."""
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


def write_star(bundle: Bundle, folder: Path, form: Form = "parquet") -> list[Path]:
    """Write the star into a folder, with ``README.md`` that tells keys, columns and units.

    Raises:
        CannotRunError: If it cannot be written.
    """
    tables = star_of(bundle)
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            path = folder / f"{name}.{form}"
            data = parquet_of(table) if form == "parquet" else table.to_csv(index=False).encode()
            path.write_bytes(data)
            written.append(path)
        readme = folder / "README.md"
        readme.write_text(_explained(tables), encoding="utf-8")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error
    return [*written, readme]


def _explained(tables: Mapping[str, pd.DataFrame]) -> str:
    lines = ["# Star schema", "", "Every `fact_` table has `run`, which points to `dim_run`.", ""]
    for name, table in tables.items():
        points = FACTS[name][1] if name in FACTS else {}
        lines += [
            f"## {name}",
            "",
            f"{len(table):,} rows.",
            "",
            "| column | unit | points to |",
            "|:--|:--|:--|",
        ]
        for column in map(str, table.columns):
            to = points.get(column, "dim_run.run" if column == "run" and name != "dim_run" else "")
            if name == "fact_measures" and column == "measure":
                to = "dim_measure.measure"
            lines.append(f"| `{column}` | {unit_of(column)} | {to} |")
        lines.append("")
    return "\n".join(lines)
