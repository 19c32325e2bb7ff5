"""``sogdia calibrate freight``: constants of the freight engine from what was observed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError

app = typer.Typer(
    help="Estimate an engine's constants from the observations of a region.", no_args_is_help=True
)


@app.callback()
def _group() -> None:
    """Keep ``freight`` a command of its own while it is the only one."""


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

    found = estimate(case, fresh=fresh, tell=tell)
    parameters, fit = parameter_rows(found, case), fit_rows(found)
    _print(parameters, fit, scores(found))
    for name, by_leverage, again in refits(case, found, refit, tell):
        typer.echo(f"{name} left out: {by_leverage:.2f} by its leverage, {again:.2f} by fitting again")
    if out is not None:
        _write(parameters, fit, out)
    if apply:
        _write(parameters, fit, loaded.folder)
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
        error = row["standard_error"]
        told = "held" if error != error else f"{error:.2f}"
        first.add_row(row["parameter"], f"{row['prior']:g}", f"{row['value']:g}", told)
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
