"""``sogdia calibrate``: constants of the engines, estimated from observations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, OBSERVED_PLAN
from sogdia.cli.commands import Command
from sogdia.cli.options import OutOption, RegionOption
from sogdia.cli.output import check_folder
from sogdia.cli.tables import Column, page, print_table
from sogdia.errors import InputError

app = typer.Typer(help="Calibrate an engine: estimate its constants from observations.", no_args_is_help=True)

ObservedPlanOption = Annotated[
    str, typer.Option("--plan", help="Plan that describes what was operating when it was observed.")
]
FreshOption = Annotated[
    bool, typer.Option("--fresh", help="Start at the priors, not at the values of the pack.")
]
DrawsOption = Annotated[
    int, typer.Option("--draws", min=0, help="Further searches, from values drawn from the priors.")
]
BothOption = Annotated[
    bool, typer.Option("--demand", help="Estimate demand too, in turns with the constants.")
]
RefitOption = Annotated[
    int,
    typer.Option("--refit", min=0, help="Observations of most leverage to leave out, one at a time."),
]
YearsOption = Annotated[str, typer.Option("--years", help="Years of the record to use, separated by commas.")]
ApplyOption = Annotated[
    bool, typer.Option("--apply", help="Write calibration and calibration_fit into the pack.")
]


@app.command(cls=Command)
def freight(
    region: RegionOption = DEFAULT_REGION,
    plan: ObservedPlanOption = OBSERVED_PLAN,
    fresh: FreshOption = False,
    draws: DrawsOption = 2,
    refit: RefitOption = 0,
    both: BothOption = False,
    out: OutOption = None,
    apply: ApplyOption = False,
) -> None:
    """Calibrate freight: estimates, fit, and the prediction of each observation that is left out.

    The search starts at the values of the pack, at the priors and at draws from these; the best end counts.
    Only rows of the table observations marked calibration are used; those marked validation are scored apart.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.freight.calibration import (
        estimate_constants,
        estimate_jointly,
        fit_table,
        parameter_table,
        refits,
        scores,
        search_report,
    )
    from sogdia.region import load_region

    check_places(out, region, apply=apply)
    loaded = load_region(region)
    base = Scenario(title="Base year", year=loaded.base_year)
    case = build_case(loaded, load_plan(plan, loaded), base)
    if both:
        joint = estimate_jointly(case, from_priors=fresh, draws=draws, progress=_report)
        case, estimates = joint.case, joint.constants
        sums = ", ".join(f"{misfit:.2f}" for misfit in joint.misfits)
        end = "settled" if joint.is_settled else "not settled"
        typer.echo(f"sum after each turn of constants and demand: {sums} ({end})")
    else:
        estimates = estimate_constants(case, from_priors=fresh, draws=draws, progress=_report)
    parameters, fit = parameter_table(estimates, case), fit_table(estimates)
    own = parameters[parameters["engine"] == "freight"]
    _print(own, fit, scores(estimates))
    for line in search_report(estimates, own):
        typer.echo(line)
    for name, by_leverage, again in refits(case, estimates, refit, _report):
        typer.echo(f"{name} left out: residual {by_leverage:.2f} by leverage, {again:.2f} by a new fit")
    tables = {"calibration": parameters, "calibration_fit": _with_fit(loaded, fit, "freight")}
    if both:
        tables |= _demand_tables(joint.demand, case, tables["calibration_fit"])
    _write_tables(loaded, tables, out, apply=apply)


@app.command(cls=Command)
def empties(
    region: RegionOption = DEFAULT_REGION,
    plan: ObservedPlanOption = OBSERVED_PLAN,
    out: OutOption = None,
    apply: ApplyOption = False,
) -> None:
    """Calculate what loaded vehicles pay for empty returns, from the loaded flows of both directions.

    Flows depend on the factors and factors on the flows: the assignment is repeated until both agree.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.freight.empty_returns import settle_empty_returns
    from sogdia.region import load_region

    check_places(out, region, apply=apply)
    loaded = load_region(region)
    case = build_case(loaded, load_plan(plan, loaded), Scenario(title="Base year", year=loaded.base_year))
    found = settle_empty_returns(case, _report)
    for mode, share in found.empty_share.items():
        typer.echo(f"{mode}: {share:.2f} empty vehicle-km for each loaded one")
    _write_tables(loaded, {"empty_returns": found.table}, out, apply=apply)


@app.command(cls=Command)
def demand(
    region: RegionOption = DEFAULT_REGION,
    plan: ObservedPlanOption = OBSERVED_PLAN,
    out: OutOption = None,
    apply: ApplyOption = False,
) -> None:
    """Estimate freight demand from counts, within the ranges of its tonnes.

    Only counts of the table observations marked calibration are used; those marked validation are scored
    apart. Tonnes before the estimate are those of the table trade. Factors are taken only if counts that are
    left out of the estimate are predicted better with them.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.freight.calibration.matrix import estimate_demand
    from sogdia.region import load_region

    check_places(out, region, apply=apply)
    loaded = load_region(region)
    base = Scenario(title="Base year", year=loaded.base_year)
    case = build_case(loaded, load_plan(plan, loaded), base)
    estimate = estimate_demand(case, _report)
    tables = _demand_tables(estimate, case, loaded.table("calibration_fit"))
    _write_tables(loaded, tables, out, apply=apply)


def _demand_tables(estimate: Any, case: Any, before: Any) -> dict[str, Any]:
    """Print an estimate of demand, and return its tables: none of its rows if factors are not taken."""
    from sogdia.freight.calibration.factors import demand_scores, factor_table, fit_table

    others = before[before["engine"] != "demand"]
    none = case.region.table("demand_factors").iloc[:0]
    if estimate is None:
        return {"demand_factors": none, "calibration_fit": others}
    fit, factors = fit_table(estimate), factor_table(estimate, case)
    print_table(page(), "Counts", fit, _FIT)
    for each in demand_scores(estimate):
        without = "" if math.isnan(each.left_out_pct) else f"; left out {each.left_out_pct:.0f} %"
        typer.echo(
            f"{each.use}: {each.count} counts, median error {each.before_pct:.0f} % at the tonnes of trade, "
            f"{each.after_pct:.0f} % at the estimate{without}"
        )
    typer.echo(f"{len(factors)} of {len(estimate.pairs)} pairs change by more than 1 %")
    at_trade, left_out = estimate.losses
    typer.echo(
        f"mean loss of the counts used: {at_trade:.2f} at the tonnes of trade, {left_out:.2f} each left "
        f"out of the estimate: factors are {'taken' if estimate.is_accepted else 'not taken'}"
    )
    if not estimate.is_accepted:
        return {"demand_factors": none, "calibration_fit": others}
    return {"demand_factors": factors, "calibration_fit": _joined(others, fit)}


@app.command(cls=Command)
def power(
    region: RegionOption = DEFAULT_REGION,
    plan: ObservedPlanOption = OBSERVED_PLAN,
    years: YearsOption = "2019,2020,2021",
    fresh: FreshOption = False,
    out: OutOption = None,
    apply: ApplyOption = False,
) -> None:
    """Calibrate the power system to recorded generation and net trade, and list the largest errors.

    Only rows of the table electricity of the years named are used.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.power.calibration import estimate_constants, fit_table, missed_observations, parameter_table
    from sogdia.region import load_region

    check_places(out, region, apply=apply)
    loaded = load_region(region)
    chosen = _years(years)
    known = load_plan(plan, loaded)
    past = {year: Scenario(title=f"Record of {year}", year=year) for year in chosen}
    cases = [build_case(loaded, known, scenario, past=True) for scenario in past.values()]
    estimates = estimate_constants(cases, chosen, from_priors=fresh, progress=_report)
    parameters, fit = parameter_table(estimates, cases[0]), fit_table(estimates)
    missed = missed_observations(estimates)
    _print(parameters[parameters["engine"] == "power"], fit, ())
    typer.echo(
        f"{len(fit) - len(missed)} of {len(fit)} recorded figures reproduced: generation within 10 % or "
        "1 TWh, net trade of the right sign. Not reproduced:"
    )
    for row in missed.to_dict("records"):
        typer.echo(
            f"  {row['observation']}: recorded {row['observed']:,.0f}, modelled {row['modelled']:,.0f} GWh"
        )
    tables = {"calibration": parameters, "calibration_fit": _with_fit(loaded, fit, "power")}
    _write_tables(loaded, tables, out, apply=apply)


def check_places(out: Path | None, region: str, *, apply: bool) -> None:
    """Check before a computation that its results can be written.

    Raises:
        CannotRunError: If the folder cannot be written.
        InputError: If the region to change is a shipped one, named without its folder.
    """
    from sogdia.region import check_changeable

    check_folder(out)
    if apply:
        check_changeable(region)


def _report(line: str) -> None:
    typer.echo(line, err=True)


def _years(text: str) -> tuple[int, ...]:
    try:
        return tuple(sorted({int(year) for year in text.split(",")}))
    except ValueError:
        raise InputError(f"--years: {text!r} is no list of years; separate them by commas") from None


def _with_fit(region: Any, fit: Any, engine: str) -> Any:
    """Return the table ``calibration_fit`` with the rows of one engine replaced."""
    before = region.table("calibration_fit")
    return _joined(before[before["engine"] != engine], fit)


def _joined(others: Any, fit: Any) -> Any:
    import pandas as pd

    table = pd.concat([others, fit], ignore_index=True)[list(others.columns)]
    return table.sort_values("engine", kind="stable")


def _write_tables(region: Any, tables: Mapping[str, Any], out: Path | None, *, apply: bool) -> None:
    from sogdia.files import write_csv_folder

    if out is not None:
        write_csv_folder(out, tables)
    if apply:
        write_csv_folder(region.folder, tables, replaces_any=True)
        files = ", ".join(f"{name}.csv" for name in tables)
        typer.echo(f"written into {region.folder.name}: {files}")


_PARAMETERS = (
    Column("parameter", "parameter"),
    Column("prior", "prior", "g"),
    Column("value", "estimate", "g"),
    Column("standard_error", "standard error, ln", ".2f"),
    Column("lowest_end", "lowest of searches", "g"),
    Column("highest_end", "highest", "g"),
)
_FIT = (
    Column("observation", "observation"),
    Column("use", "use"),
    Column("observed", "observed", ",.4g"),
    Column("modelled", "modelled", ",.4g"),
    Column("unit", "unit"),
    Column("residual_sd", "residual, sd", ".2f"),
    Column("left_out_sd", "left out, sd", ".2f"),
)


def _print(parameters: Any, fit: Any, scores: Any) -> None:
    console = page()
    print_table(console, "Constants (no standard error: held at its prior)", parameters, _PARAMETERS)
    console.print()
    print_table(console, "Calibration fit", fit, _FIT)
    for score in scores:
        console.print(
            f"{score.use}: {score.count} observations, median error {score.median_error_pct:.0f} %, "
            f"rank correlation of flows {score.rank:.2f}"
            + ("" if score.left_out != score.left_out else f", left out {score.left_out:.2f} sd")
        )
