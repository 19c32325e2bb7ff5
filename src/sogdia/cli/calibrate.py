"""``sogdia calibrate``: constants of the engines from what was observed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError, InputError

app = typer.Typer(
    help="Estimate an engine's constants from the observations of a region.", no_args_is_help=True
)


@app.command()
def freight(
    region: PackOption = DEFAULT_REGION,
    plan: Annotated[str, typer.Option("--plan", help="Plan that stands for what was observed.")] = "as_is",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start at the priors and not at the values the pack has.")
    ] = False,
    refit: Annotated[
        int, typer.Option(min=0, help="Rows to leave out in turn, those of most leverage, fitting again.")
    ] = 0,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the two tables as CSV.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the two tables into the pack.")] = False,
) -> None:
    """Estimate the constants of freight, tell the fit, and what each row would be if left out.

    Only rows of ``observations`` marked calibration are used; those marked validation are scored apart.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.freight.calibration import estimate, fit_rows, parameter_rows, refits, scores
    from sogdia.region import load_region

    loaded = load_region(region)
    base = Scenario(title="Base year", year=loaded.base_year)
    case = build_case(loaded, load_plan(plan, loaded), base)

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    found = estimate(case, fresh=fresh, progress=tell)
    parameters, fit = parameter_rows(found, case), fit_rows(found)
    own = parameters[parameters["engine"] == "freight"]
    _print(own, fit, scores(found))
    for name, by_leverage, again in refits(case, found, refit, tell):
        typer.echo(f"{name} left out: {by_leverage:.2f} by its leverage, {again:.2f} by fitting again")
    _keep(loaded, parameters, fit, out, apply=apply)


@app.command()
def power(
    region: PackOption = DEFAULT_REGION,
    plan: Annotated[str, typer.Option("--plan", help="Plan that stands for what was recorded.")] = "as_is",
    years: Annotated[
        str, typer.Option("--years", help="Years of the record to use, commas between them.")
    ] = "2019,2020,2021",
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Start at the priors and not at the values the pack has.")
    ] = False,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the two tables as CSV.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write the two tables into the pack.")] = False,
) -> None:
    """Estimate the constants of power from the record of generation and net trade, and tell what is missed.

    Only rows of electricity of the years named are used.
    """
    from sogdia.case import Scenario, build_case, load_plan
    from sogdia.power.calibration import estimate, fit_rows, misses, parameter_rows
    from sogdia.region import load_region

    loaded = load_region(region)
    chosen = _years(years)
    known = load_plan(plan, loaded)
    past = {year: Scenario(title=f"Record of {year}", year=year) for year in chosen}
    cases = [build_case(loaded, known, scenario, past=True) for scenario in past.values()]

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    found = estimate(cases, chosen, fresh=fresh, tell=tell)
    parameters, fit, missed = parameter_rows(found, cases[0]), fit_rows(found), misses(found)
    _print(parameters[parameters["engine"] == "power"], fit, ())
    typer.echo(
        f"{len(fit) - len(missed)} of {len(fit)} recorded figures met: generation within a tenth or 1 TWh, "
        "net trade of the right sign. Missed:"
    )
    for row in missed.to_dict("records"):
        typer.echo(
            f"  {row['observation']}: recorded {row['observed']:,.0f}, modelled {row['modelled']:,.0f} GWh"
        )
    _keep(loaded, parameters, fit, out, apply=apply)


def _years(told: str) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(year) for year in told.split(",")}))
    except ValueError:
        raise InputError(f"--years: write years with commas between them, not {told!r}") from None
    return found


def _keep(loaded: Any, parameters: Any, fit: Any, out: Path | None, *, apply: bool) -> None:
    """Write the tables where they are wanted; the fit of other engines stays as it is."""
    import pandas as pd

    engine = fit["engine"].iloc[0]
    before = loaded.table("calibration_fit")
    others = before[before["engine"] != engine]
    whole = pd.concat([others, fit], ignore_index=True)[list(before.columns)].sort_values(
        "engine", kind="stable"
    )
    for folder in ([out] if out is not None else []) + ([loaded.folder] if apply else []):
        _write(parameters, whole, folder)
    if apply:
        typer.echo(f"written into {loaded.folder.name}: calibration.csv, calibration_fit.csv")


def _write(parameters: Any, fit: Any, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in (("calibration", parameters), ("calibration_fit", fit)):
            partial = folder / f".{name}.part"
            table.to_csv(partial, index=False, lineterminator="\n")
            partial.replace(folder / f"{name}.csv")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


def _print(parameters: Any, fit: Any, both: Any) -> None:
    from rich.console import Console
    from rich.table import Table

    console = Console()
    first = Table(
        "parameter", "prior", "estimate", "s.e. (ln)", title="Constants", box=None, title_justify="left"
    )
    for row in parameters.to_dict("records"):
        error, prior = row["standard_error"], row["prior"]
        told = "held" if error != error else f"{error:.2f}"
        first.add_row(row["parameter"], "" if prior != prior else f"{prior:g}", f"{row['value']:g}", told)
    console.print(first)
    heads = ("observation", "use", "observed", "modelled", "unit", "residual, sd", "left out, sd")
    second = Table(*heads, title="Fit", box=None, title_justify="left")
    for row in fit.to_dict("records"):
        figures = (f"{row['observed']:,.4g}", f"{row['modelled']:,.4g}")
        left_out = "" if row["left_out_sd"] != row["left_out_sd"] else f"{row['left_out_sd']:.2f}"
        second.add_row(
            row["observation"], row["use"], *figures, row["unit"], f"{row['residual_sd']:.2f}", left_out
        )
    console.print(second)
    for score in both:
        console.print(
            f"{score.use}: {score.count} observations, median error {score.median_error_pct:.0f} %, "
            f"rank correlation of flows {score.rank:.2f}"
            + ("" if score.left_out != score.left_out else f", left out {score.left_out:.2f} doubts")
        )
