"""``sogdia project-values``: what each project of a plan adds, alone, last, in pairs, by Shapley."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.options import (
    BaselineOption,
    JsonOption,
    OutOption,
    QuietOption,
    RegionOption,
    ScenarioOption,
    StoreOption,
    WorkersOption,
    YearOption,
    codes_in,
)
from sogdia.cli.output import check_folder, note_compiling, print_json, records
from sogdia.cli.tables import Column, page, print_table


class Shapley(StrEnum):
    """Computation of Shapley values."""

    EXACT = "exact"
    SAMPLED = "sampled"
    NONE = "none"


PlanArgument = Annotated[str, typer.Argument(help="Name of a shipped plan, or a YAML file.", metavar="PLAN")]
ShapleyOption = Annotated[
    Shapley | None,
    typer.Option("--shapley", help="Shapley values. Default: exact up to 6 projects, else sampled."),
]
OrdersOption = Annotated[int, typer.Option("--orders", min=4, help="Orders of sampled Shapley values.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of the orders.")]
WithdrawalsOption = Annotated[
    list[str] | None,
    typer.Option("--withdrawals", help="Scenarios without a partner: the loss that each project adds."),
]


def project_values(
    plan: PlanArgument,
    region: RegionOption = DEFAULT_REGION,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    baseline: BaselineOption = None,
    shapley: ShapleyOption = None,
    orders: OrdersOption = 16,
    seed: SeedOption = 1,
    withdrawals: WithdrawalsOption = None,
    workers: WorkersOption = 1,
    store: StoreOption = None,
    out: OutOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Value each project of a plan: put in alone, taken out last, in pairs, by Shapley; sums add up.

    Exit code 0: finished. 1: the input has errors, or no convergence. 2: could not run.
    """
    from sogdia.api.projects import project_values as compute
    from sogdia.files import write_csv_folder

    check_folder(out)
    is_shown = not (quiet or as_json)
    if is_shown:
        note_compiling()
    result = compute(
        plan, region, scenario, year, baseline=baseline, shapley=shapley.value if shapley else None,
        orders=orders, seed=seed, withdrawals=codes_in(withdrawals), workers=workers or 1, store=store,
        progress=is_shown,
    )  # fmt: skip
    if out is not None:
        write_csv_folder(out, result.tables)
    if as_json:
        print_json({name: records(table) for name, table in result.tables.items()})
        return
    console = page()
    print_table(console, "Projects", result.tables["projects"], _VALUES)
    pairs = result.tables["pairs"]
    print_table(console, "Pairs that interact", pairs[pairs["kind"] != "none"], _PAIRS)


_MEASURE = (Column("measure", "measure"), Column("of", "of"))
_VALUES = (
    Column("project", "project"),
    *_MEASURE,
    Column("pint", "put in (PINT)", "+n"),
    Column("toot", "taken out (TOOT)", "+n"),
    Column("shapley", "Shapley value", "+n"),
    Column("shapley_error", "standard error", "n"),
    Column("unit", "unit"),
)
_PAIRS = (
    Column("project", "project"),
    Column("other", "with"),
    *_MEASURE,
    Column("together", "together", "+n"),
    Column("alone", "sum of each alone", "+n"),
    Column("interaction", "interaction", "+n"),
    Column("kind", "kind"),
    Column("unit", "unit"),
)
