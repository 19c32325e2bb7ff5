"""``sogdia counterfactual``: a trade matrix of the user's own, under changed costs and tariffs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import JsonOption, OutOption
from sogdia.cli.output import check_folder, print_json, records
from sogdia.cli.tables import columns_of, page, print_table
from sogdia.cli.trade import Imbalance, ImbalanceOption

SHOWN = 12
"""Economies printed, those of the largest change of welfare first."""

FlowsOption = Annotated[
    Path,
    typer.Option(
        "--flows", help="CSV: exporter, importer, sector (optional), value; domestic sales are included."
    ),
]
ChangeOption = Annotated[
    Path | None,
    typer.Option(
        "--change",
        help="CSV: exporter, importer, sector (optional), factor on trade costs; inf stops trade, * is any.",
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
    Path | None, typer.Option("--tariffs-after", help="CSV, after: the same columns; rows that change.")
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
ToleranceOption = Annotated[
    float, typer.Option(help="Tolerance on the largest relative excess demand for labour.")
]
NumeraireOption = Annotated[
    str, typer.Option(help="world, or the economy whose wage is 1 in nominal results.")
]


def counterfactual(
    flows: FlowsOption,
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
    """Solve a trade counterfactual on a matrix of your own: welfare, wages, prices (exact hat algebra).

    Values are net of tariffs, in any one currency; rows from an economy to itself are its domestic sales.
    Exit code 0: solved. 1: not converged, or the input has errors. 2: could not run.
    """
    from sogdia.api.extras import require_extra
    from sogdia.api.settings import validated
    from sogdia.files import write_csv_folder

    require_extra("trade", "trade")
    check_folder(out)
    from sogdia.trade import TradeSettings

    values = {"imbalance": imbalance.value, "tolerance": tolerance, "numeraire": numeraire}
    paths = {
        "flows": flows,
        "change": change,
        "tariffs": tariffs,
        "tariffs_after": tariffs_after,
        "productivity": productivity,
        "value_added": value_added,
        "intermediate": intermediate,
    }
    result = _solve(paths, theta, validated(TradeSettings, values))
    if out is not None:
        names = ("economies", "sectors", "flows", "report")
        write_csv_folder(out, {name: getattr(result, name)() for name in names})
    if as_json:
        print_json(record_of(result))
    else:
        _print(result)


def _solve(paths: Mapping[str, Path | None], theta: str, settings: Any) -> Any:
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


def record_of(result: Any) -> dict[str, Any]:
    """Return a result as plain data; a number that is not finite is ``None``."""
    record = result.convergence
    return {
        "imbalance": result.settings.imbalance,
        "numeraire": result.settings.numeraire,
        "converged": record.converged,
        "residual": record.residual,
        "iterations": record.iterations,
        "seconds": record.seconds,
        "economies": records(result.economies()),
        "flows": records(result.flows()),
        "data": records(result.baseline.report),
        "report": records(result.report()),
    }


ECONOMIES = ("economy", "welfare_pct", "real_wage_pct", "terms_of_trade_pct", "volume_pct")
CHANGE = "+,.4f"


def _print(result: Any) -> None:
    from sogdia.trade.tables import TABLES

    table = result.economies()
    order = table["welfare_pct"].abs().sort_values(ascending=False, kind="stable").index
    columns = columns_of(TABLES["economies"], *ECONOMIES, forms=dict.fromkeys(ECONOMIES[1:], CHANGE))
    print_table(page(), "Changes from the base year", table.loc[order[:SHOWN]], columns)
    if len(order) > SHOWN:
        typer.echo(f"and {len(order) - SHOWN} more economies, whose welfare changes less (--out or --json)")
    for row in result.report().itertuples():
        place = " ".join(name for name in (row.economy, row.sector) if name)
        typer.echo(
            f"sogdia: note: {row.rule}{': ' + place if place else ''}: {row.value:g} {row.meaning}", err=True
        )
    record = result.convergence
    typer.echo(f"{record.measure} {record.residual:.3g} after {record.iterations} iterations", err=True)
