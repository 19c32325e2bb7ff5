"""``sogdia trade``: what changed costs and tariffs do to the trade and welfare of a region or any matrix."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.trade_regional import Asked, run_regional
from sogdia.errors import CannotRunError

NOT_CONVERGED = 1
SHOWN = 12


class Imbalance(StrEnum):
    """Rules for imbalances, as in the settings of a counterfactual."""

    ADDITIVE = "additive"
    MULTIPLICATIVE = "multiplicative"
    ZERO = "zero"


class Composition(StrEnum):
    """How goods not split by commodity are put into sectors, as in the settings of a coupled run."""

    ONE_SECTOR = "one_sector"
    EXPORTER = "exporter"
    UNSPLIT = "unsplit"


PlanOption = Annotated[str, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")]
ScenarioOption = Annotated[str, typer.Option("--scenario", help="A shipped scenario's name, or a YAML file.")]
YearOption = Annotated[
    int | None, typer.Option("--year", min=1950, max=2100, help="Year looked at, instead of the scenario's.")
]
BaseOption = Annotated[
    str, typer.Option("--base", help="Plan compared with, in the same year with nothing that befalls.")
]
CompositionOption = Annotated[
    Composition,
    typer.Option(help="A region's goods: one sector, or sectors with goods not split put as told."),
]
CompareOption = Annotated[
    bool, typer.Option("--compare", help="A region's results with each way of putting goods into sectors.")
]
FeedbackOption = Annotated[
    bool, typer.Option("--feedback/--no-feedback", help="A region's tonnes follow its trade, or stay.")
]
PowerOption = Annotated[
    bool, typer.Option("--power", help="Run a region's power too: its cost enters what is sold.")
]
WorkersOption = Annotated[int, typer.Option(min=1, help="Threads; results are the same for any number.")]
FlowsOption = Annotated[
    Path | None,
    typer.Option(
        "--flows",
        help="A matrix, not a region; CSV: exporter, importer, sector (optional), value; domestic sales too.",
    ),
]
ChangeOption = Annotated[
    Path | None,
    typer.Option(
        "--change",
        help="CSV: exporter, importer, sector (optional), factor on trade costs; inf cuts off, * is any.",
    ),
]
ThetaOption = Annotated[
    str, typer.Option("--theta", help="Trade elasticity: a number, or a CSV with sector, theta.")
]
TariffsOption = Annotated[
    Path | None,
    typer.Option("--tariffs", help="CSV, before: exporter, importer, sector (optional), tariff_pct."),
]
TariffsAfterOption = Annotated[
    Path | None, typer.Option("--tariffs-after", help="CSV, after: the same; as before where no row is.")
]
ProductivityOption = Annotated[
    Path | None, typer.Option("--productivity", help="CSV: economy, sector, factor on productivity.")
]
ValueAddedOption = Annotated[
    Path | None, typer.Option("--value-added", help="CSV: economy, sector, share of value added in costs.")
]
IntermediateOption = Annotated[
    Path | None,
    typer.Option("--intermediate", help="CSV: economy, sector, input, share of the input in costs."),
]
ImbalanceOption = Annotated[Imbalance, typer.Option(help="What becomes of trade imbalances.")]
ToleranceOption = Annotated[
    float, typer.Option(help="Largest relative excess demand for labour at which to stop.")
]
NumeraireOption = Annotated[
    str, typer.Option(help="world, or the economy whose wage stays 1 in nominal results.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for all tables as CSV.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]


def trade(
    plan: PlanOption = "as_is",
    scenario: ScenarioOption = "reference",
    year: YearOption = None,
    region: PackOption = DEFAULT_REGION,
    base: BaseOption = "as_is",
    composition: CompositionOption = Composition.ONE_SECTOR,
    compare: CompareOption = False,
    feedback: FeedbackOption = True,
    power: PowerOption = False,
    workers: WorkersOption = 2,
    flows: FlowsOption = None,
    change: ChangeOption = None,
    theta: ThetaOption = "4",
    tariffs: TariffsOption = None,
    tariffs_after: TariffsAfterOption = None,
    productivity: ProductivityOption = None,
    value_added: ValueAddedOption = None,
    intermediate: IntermediateOption = None,
    imbalance: ImbalanceOption = Imbalance.ADDITIVE,
    tolerance: ToleranceOption = 1e-10,
    numeraire: NumeraireOption = "world",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve a counterfactual of trade: welfare, wages, prices, flows (exact hat algebra).

    Of a region: freight and trade of a plan and a scenario, each at what the other makes of it, against a
    base. Of a matrix (--flows, with the options from --change to --numeraire): values are net of tariffs,
    in any one currency; rows from an economy to itself are its domestic sales.
    Exit code 0: solved. 1: not converged, or the input has faults. 2: could not run.
    """
    _need_numba()
    others = {
        "change": change,
        "tariffs": tariffs,
        "tariffs_after": tariffs_after,
        "productivity": productivity,
        "value_added": value_added,
        "intermediate": intermediate,
    }
    if flows is not None:
        chosen = _settings(imbalance=imbalance.value, tolerance=tolerance, numeraire=numeraire)
        show(_solved({"flows": flows, **others}, theta, chosen), out=out, as_json=as_json)
        return
    for name, path in others.items():
        if path is not None:
            hint = f"--{name.replace('_', '-')}"
            raise typer.BadParameter("goes with a matrix (--flows)", param_hint=hint)
    run_regional(
        Asked(
            plan, scenario, year, region, base, composition.value, feedback, imbalance.value, power, workers
        ),
        compare=tuple(name.value for name in Composition) if compare else (),
        out=out,
        as_json=as_json,
    )


def _solved(paths: Mapping[str, Path | None], theta: str, settings: Any) -> Any:
    """The counterfactual of a user's own matrix."""
    from sogdia.trade import Baseline, Change, solve
    from sogdia.trade.files import read_frames, read_theta

    frames = read_frames(paths)
    baseline = Baseline.from_frames(
        frames["flows"],
        read_theta(theta),
        tariffs=frames.get("tariffs"),
        value_added=frames.get("value_added"),
        intermediate=frames.get("intermediate"),
        file=str(frames["flows"].attrs["file"]),
    )
    changed = Change.from_frames(
        baseline, frames.get("change"), frames.get("tariffs_after"), frames.get("productivity")
    )
    return solve(baseline, changed, settings)


def show(result: Any, *, out: Path | None, as_json: bool) -> None:
    """Print a result, and write its tables where a folder is given."""
    if out is not None:
        _write(result, out)
    if as_json:
        typer.echo(json.dumps(record_of(result), indent=2, ensure_ascii=False, allow_nan=False))
        return
    table = result.economies()
    order = table["welfare_pct"].abs().sort_values(ascending=False, kind="stable").index
    columns = ["economy", "welfare_pct", "real_wage_pct", "terms_of_trade_pct", "volume_pct"]
    typer.echo(table.loc[order[:SHOWN], columns].to_string(index=False, float_format=lambda x: f"{x:,.4f}"))
    if len(order) > SHOWN:
        typer.echo(f"and {len(order) - SHOWN} more economies, whose welfare changes less (--out or --json)")
    for row in result.report().itertuples():
        place = " ".join(name for name in (row.economy, row.sector) if name)
        typer.echo(
            f"sogdia: note: {row.rule}{': ' + place if place else ''}: {row.value:g} {row.meaning}", err=True
        )
    record = result.convergence
    typer.echo(f"{record.measure} {record.residual:.3g} after {record.iterations} iterations", err=True)


def record_of(result: Any) -> dict[str, Any]:
    """A result as plain data; what is no number is null."""
    record = result.convergence
    return {
        "imbalance": result.settings.imbalance,
        "numeraire": result.settings.numeraire,
        "converged": record.converged,
        "residual": record.residual,
        "iterations": record.iterations,
        "seconds": record.seconds,
        "economies": _plain(result.economies()),
        "flows": _plain(result.flows()),
        "data": _plain(result.baseline.report),
        "report": _plain(result.report()),
    }


def _plain(table: Any) -> list[dict[str, Any]]:
    return [
        {
            name: None if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in row.items()
        }
        for row in table.to_dict("records")
    ]


def _write(result: Any, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("economies", "sectors", "flows", "report"):
            getattr(result, name)().to_csv(folder / f"{name}.csv", index=False)
    except OSError as error:
        raise CannotRunError(f"{folder}: {error.strerror or error}") from error


def _settings(**values: Any) -> Any:
    from pydantic import ValidationError

    from sogdia.trade import TradeSettings

    try:
        return TradeSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}") from error


def _need_numba() -> None:
    try:
        import numba  # noqa: F401
    except ImportError as error:
        raise CannotRunError("trade needs the extra trade: pip install 'sogdia[trade]'") from error
