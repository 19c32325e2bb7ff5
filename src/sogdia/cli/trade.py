"""``sogdia trade``: trade and freight of a region under a plan and a scenario."""

from __future__ import annotations

import time
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.commands import Command
from sogdia.cli.options import (
    BaselineOption,
    JsonOption,
    OldWorkersOption,
    OutOption,
    PlanOption,
    RegionOption,
    ScenarioOption,
    ThreadsOption,
    YearOption,
    threads_of,
)
from sogdia.cli.output import check_folder, note_compiling, note_unused, print_json, records, showing
from sogdia.cli.trade_tables import print_tables
from sogdia.errors import InputError


class Imbalance(StrEnum):
    """Closures of trade imbalances, as in the settings of trade."""

    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"
    ZERO = "zero"


class Composition(StrEnum):
    """Sectors of the trade model, as in the settings of a coupled run."""

    SECTORS = "sectors"
    AGGREGATES = "aggregates"
    ONE_SECTOR = "one_sector"


class Horizon(StrEnum):
    """Sets of elasticities, as in the settings of a coupled run."""

    LONG_RUN = "long_run"
    SHORT_RUN = "short_run"


class RegionalTrade(Command):
    """Names the other command where a matrix is given."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of the command line.

        Raises:
            InputError: If they name a matrix.
        """
        if any(word == "--flows" or word.startswith("--flows=") for word in args):
            raise InputError(
                "a trade matrix of your own has a command of its own: sogdia counterfactual --flows FILE, "
                "with the same options"
            )
        return super().parse_args(ctx, args)


CompositionOption = Annotated[
    Composition, typer.Option(help="Sectors of the trade model: of the region, coarser ones, or one.")
]
HorizonOption = Annotated[Horizon, typer.Option(help="Trade elasticities: after ten years, or after one.")]
CompareOption = Annotated[bool, typer.Option("--compare", help="Results with each composition.")]
FeedbackOption = Annotated[bool, typer.Option("--feedback/--no-feedback", help="Let tonnes follow trade.")]
PowerOption = Annotated[
    bool, typer.Option("--power", help="Dispatch the power system too; its cost enters what countries sell.")
]
ImbalanceOption = Annotated[Imbalance, typer.Option(help="Closure of trade imbalances.")]


def trade(
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    region: RegionOption = DEFAULT_REGION,
    baseline: BaselineOption = None,
    composition: CompositionOption = Composition.SECTORS,
    horizon: HorizonOption = Horizon.LONG_RUN,
    compare: CompareOption = False,
    feedback: FeedbackOption = True,
    power: PowerOption = False,
    imbalance: ImbalanceOption = Imbalance.MULTIPLICATIVE,
    threads: ThreadsOption = None,
    workers: OldWorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a region's trade with its freight, compared with a baseline: welfare, wages, flows, costs.

    Exact hat algebra, iterated with freight to a fixed point; sogdia counterfactual takes your own matrix.
    Exit code 0: solved. 1: not converged, or the input has errors. 2: could not run.
    """
    from sogdia.api import run_trade
    from sogdia.files import write_csv_folder

    check_folder(out)
    if not as_json:
        note_compiling()
    begun = time.perf_counter()
    count = threads_of(threads, workers)
    with showing("trade and freight", show=not as_json):
        run = run_trade(
            region, plan, scenario, year, baseline=baseline, composition=composition.value,
            horizon=horizon.value, imbalance=imbalance.value, feedback=feedback, power=power, threads=count,
        )  # fmt: skip
    note_unused(run.case)
    tables: dict[str, Any] = dict(run.tables)
    if compare:
        tables["compositions"] = run.with_compositions()
    if out is not None:
        write_csv_folder(out, tables)
    head = _head(run, time.perf_counter() - begun)
    if as_json:
        print_json({**head, **{name: records(table) for name, table in tables.items()}})
    else:
        print_tables(head, tables, run.remarks)


def _head(run: Any, seconds: float) -> Mapping[str, Any]:
    case, before = run.case, run.baseline_case
    return {
        "region": case.region.name,
        "plan": case.plan.name,
        "scenario": case.scenario.name,
        "year": case.year,
        "baseline_plan": before.plan.name,
        "case": case.digest,
        "baseline_case": before.digest,
        "composition": run.coupled.baseline.trade.composition,
        "horizon": run.settings.horizon,
        "imbalance": run.settings.trade.imbalance,
        "feedback": run.settings.feedback,
        "power": run.has_power,
        "rounds": run.convergence.iterations,
        "residual": run.convergence.residual,
        "seconds": seconds,
    }
