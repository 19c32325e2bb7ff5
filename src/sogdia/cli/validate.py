"""``sogdia validate``: the base year against what was observed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.tables import Columns, rich_table, wide_console, write_tables


def validate(
    region: PackOption = DEFAULT_REGION,
    plan: Annotated[str, typer.Option("--plan", help="Plan that stands for what was there.")] = "as_is",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for all tables as CSV.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write the tables as JSON.")] = False,
) -> None:
    """Run the base year and set it against observations that the calibration did not use.

    By kind: median absolute error, rank correlation, the worst miss; what was calibrated is listed.
    Exit code 0: done. 1: the input has faults, or no convergence. 2: could not run.
    """
    from sogdia.case import load_plan
    from sogdia.region import load_region
    from sogdia.runs.validation import validate as validated

    loaded = load_region(region)

    def tell(stage: str) -> None:
        if not (quiet or as_json):
            typer.echo(f"{stage} ...", err=True)

    found = validated(loaded, load_plan(plan, loaded), tell)
    tables = {
        "scores": found.scores(),
        "worst": found.worst(),
        "rows": found.rows,
        "calibrated": found.calibrated,
    }
    if out is not None:
        write_tables(tables, out)
    if as_json:
        content = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        typer.echo(json.dumps({"region": loaded.name, **content}, ensure_ascii=False, indent=2))
        return
    _print(tables)


_SHOWN: tuple[tuple[str, str, Columns], ...] = (
    (
        "scores",
        "How well the base year meets the record; `validation` was not used to calibrate",
        (
            ("use", "use", ""),
            ("engine", "engine", ""),
            ("kind", "kind", ""),
            ("count", "rows", "d"),
            ("median_error_pct", "median error, %", ",.0f"),
            ("rank", "rank correlation", ".2f"),
            ("worst", "worst", ""),
            ("worst_error_pct", "its error, %", "+,.0f"),
        ),
    ),
    (
        "worst",
        "Missed most, of what was not used to calibrate",
        (
            ("observation", "observation", ""),
            ("observed", "observed", "n"),
            ("modelled", "modelled", "n"),
            ("unit", "unit", ""),
            ("error_pct", "error, %", "+,.0f"),
        ),
    ),
    (
        "calibrated",
        "Calibrated",
        (
            ("engine", "engine", ""),
            ("parameter", "parameter", ""),
            ("value", "value", "n"),
            ("prior", "prior", "n"),
            ("standard_error", "standard error, ln", ".2f"),
        ),
    ),
)


def _print(tables: dict[str, Any]) -> None:
    console = wide_console()
    for name, title, columns in _SHOWN:
        console.print(rich_table(title, tables[name], columns))
