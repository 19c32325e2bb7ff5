"""``sogdia ls uncertain``: the uncertain figures of a region, by rule."""

from __future__ import annotations

import typer

from sogdia.cli.output import print_json, records
from sogdia.cli.tables import Column, page, print_table

_RULES = (
    Column("rule", "rule"),
    Column("title", "figures of"),
    Column("group", "drawn with"),
    Column("table", "table"),
    Column("rows", "rows", ",d"),
    Column("figures", "figures", ",d"),
    Column("reported", "reported", ",d"),
    Column("derived", "derived", ",d"),
    Column("assumed", "assumed", ",d"),
    Column("distribution", "distribution"),
    Column("centre", "centre"),
    Column("least_sd_pct", "least sd, %", ".0f"),
    Column("median_sd_pct", "median sd, %", ".0f"),
    Column("largest_sd_pct", "largest sd, %", ".0f"),
    Column("common_share", "common", ".1f"),
)


def print_uncertain(region: str, as_json: bool) -> None:
    """Print the rules of uncertainty of a region, with counts of the figures that each draws."""
    from sogdia.api.inputs import load_region
    from sogdia.region.uncertain import list_uncertain

    table = list_uncertain(load_region(region))
    if as_json:
        print_json(records(table))
        return
    print_table(page(), "Uncertain figures", table, _RULES)
    rows, figures = int(table["rows"].sum()), int(table["figures"].sum())
    counts = ", ".join(f"{int(table[name].sum()):,} {name}" for name in ("reported", "derived", "assumed"))
    groups = table["group"].nunique()
    typer.echo(f"{figures:,} figures in {rows:,} rows ({counts}); {len(table)} rules, {groups} groups")
