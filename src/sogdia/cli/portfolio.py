"""``sogdia portfolio``: which projects, when, with which partner's money."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.ensemble import ClusterOption
from sogdia.cli.options import JsonOption, OutOption, QuietOption, StoreOption, WorkersOption
from sogdia.cli.output import check_folder, note_compiling, print_json, records
from sogdia.cli.tables import columns_of, page, print_table

FileArgument = Annotated[Path, typer.Argument(help="A portfolio file (YAML): projects, options, limits.")]
BriefOption = Annotated[
    Path | None, typer.Option("--brief", help="Folder to write a brief to: page, PDF and workbook.")
]
SHOWN = 12
"""Rows of the front and of pairs on a terminal; the folder has all."""


def portfolio(
    file: FileArgument,
    workers: WorkersOption = 1,
    cluster: ClusterOption = "",
    store: StoreOption = None,
    out: OutOption = None,
    brief: BriefOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Find which projects to build, when, and with which partner's money, within limits.

    Exit code 0: finished. 1: errors in the file, conflicting limits, or no convergence. 2: could not run.
    """
    from sogdia.api.portfolios import optimise
    from sogdia.files import write_csv_folder
    from sogdia.runs.executor import make_executor

    check_folder(out)
    is_shown = not (quiet or as_json)
    if is_shown:
        note_compiling()
    begun = time.perf_counter()
    place = make_executor("ray" if cluster else "processes", workers or 1, cluster or None)
    result = optimise(file, executor=place, store=store, progress=is_shown)
    if out is not None:
        write_csv_folder(out, result.tables)
    written = result.brief(brief) if brief is not None else ()
    if as_json:
        print_json({name: records(table) for name, table in result.tables.items()})
        return
    _print(result)
    for path in written:
        typer.echo(f"{path}  {path.stat().st_size / 1e3:,.0f} kB")
    typer.echo(f"{time.perf_counter() - begun:.0f} s; stored as {result.metadata.run[:12]}")


def _print(result: Any) -> None:
    from sogdia.portfolio.tables import TABLES

    console, tables = page(), result.tables

    def show(title: str, name: str, rows: Any, *columns: str) -> None:
        if len(rows):
            print_table(console, title, rows, columns_of(TABLES[name], *columns))

    choices = tables["portfolio_choices"]
    show(
        f"Recommended: {result.title}", "portfolio_choices", choices[choices["portfolio"] == 1], "name",
        "option", "opening_year", "cost_musd", "own_money_musd", "debt_pv_musd", "grant_musd",
    )  # fmt: skip
    show(
        "Best by objective",
        "portfolio_best",
        tables["portfolio_best"],
        *TABLES["portfolio_best"].column_names,
    )
    show(
        "Pareto front, best by the leading objective first", "portfolio_front",
        tables["portfolio_front"].head(SHOWN), "portfolio", "verified", "npv_musd", "npv_low_musd",
        "npv_high_musd", "worst_loss_pct", "worst_partner", "co2_mt", "own_money_musd", "debt_pv_musd",
        "projects",
    )  # fmt: skip
    pairs = tables["portfolio_interactions"]
    show(
        "Pairs that interact", "portfolio_interactions", pairs[pairs["kind"] != "independent"].head(SHOWN),
        "project", "other", "together_musd", "alone_musd", "interaction_musd", "kind",
    )  # fmt: skip
    for line in result.remarks():
        console.print(line)
