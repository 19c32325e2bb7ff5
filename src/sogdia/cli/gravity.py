"""``sogdia gravity``: estimate trade costs from a table of trade of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.counterfactual_options import RenameOption, renames_in
from sogdia.cli.options import JsonOption, OutOption, codes_in
from sogdia.cli.output import check_folder, print_json, records, showing
from sogdia.cli.tables import columns_of, page, print_table

DataOption = Annotated[
    Path,
    typer.Option(
        "--data",
        help="exporter, importer, trade (zeros included), covariates, and columns of fixed effects. CSV, "
        "Excel, OpenDocument, Parquet or Stata.",
    ),
]
CovariateOption = Annotated[
    list[str],
    typer.Option("--covariate", help="Column of a covariate; repeat, or separate by commas."),
]
ValueOption = Annotated[str, typer.Option("--value", help="Column of trade.")]
FixedOption = Annotated[
    list[str] | None,
    typer.Option(
        "--fixed",
        help="Fixed effect: a column, or several joined by ^ (exporter^year); repeat. Default: exporter and "
        "importer.",
    ),
]
ClusterOption = Annotated[
    list[str] | None,
    typer.Option(
        "--cluster",
        help="Clusters of standard errors, in the same form; at most two. Default: exporter^importer.",
    ),
]
ByOption = Annotated[
    str | None,
    typer.Option("--by", help="Column whose values are estimated apart, such as sector."),
]
ForeignOption = Annotated[bool, typer.Option("--foreign", help="Leave out domestic sales.")]
CostsYearOption = Annotated[
    str | None,
    typer.Option(
        "--costs-year",
        help="Year of the written costs, where the data have a column year. Default: the last.",
    ),
]
ChangeOption = Annotated[
    Path | None,
    typer.Option(
        "--change",
        help="Shock: exporter, importer, and the change of each covariate that changes; its effect on log "
        "trade is written for sogdia counterfactual --change.",
    ),
]


def gravity(
    data: DataOption,
    covariate: CovariateOption,
    value: ValueOption = "value",
    fixed: FixedOption = None,
    cluster: ClusterOption = None,
    by: ByOption = None,
    foreign: ForeignOption = False,
    change: ChangeOption = None,
    costs_year: CostsYearOption = None,
    rename: RenameOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Estimate gravity of trade (PPML with fixed effects): coefficients, trade costs, effect of a shock.

    Exit code 0: estimated. 1: the input has errors, or no estimate exists. 2: could not run.
    """
    from sogdia.extras import require_extra
    from sogdia.files import write_csv_folder
    from sogdia.trade.estimation import CLUSTERS
    from sogdia.trade.files import read_frames
    from sogdia.trade.flows import ENDS

    require_extra("trade", "trade")
    check_folder(out)
    frames = read_frames({"data": data, "change": change}, names=renames_in(rename))
    table = frames["data"]
    if foreign and {"exporter", "importer"} <= set(table.columns):
        table = table[table["exporter"] != table["importer"]]
    terms = {
        "value": value,
        "fixed_effects": codes_in(fixed) or ENDS,
        "clusters": codes_in(cluster) or CLUSTERS,
        "file": str(table.attrs["file"]),
    }
    estimates = _estimates(table, by, codes_in(covariate), terms, show=not as_json)
    costs = {name: _costs_of(estimate.effects, costs_year) for name, estimate in estimates.items()}
    tables = {
        "estimates": _joined(by, {name: estimate.coefficients for name, estimate in estimates.items()}),
        "costs": _joined(by, costs),
    }
    if "change" in frames:
        tables["change"] = _joined(by, _effects(estimates, by, frames["change"]))
    if out is not None:
        write_csv_folder(out, tables)
    if as_json:
        print_json(_head(estimates) | {name: records(rows) for name, rows in tables.items()})
    else:
        _print(estimates, by, tables)


def _estimates(
    table: Any, by: str | None, covariates: tuple[str, ...], terms: Mapping[str, Any], *, show: bool
) -> dict[str, Any]:
    """Return the estimate of each value of a column, in order of appearance; faults of all together.

    Raises:
        FaultsError: If the data have faults.
    """
    from sogdia.api.progress import Progress
    from sogdia.errors import Fault, FaultsError
    from sogdia.trade import estimate_gravity
    from sogdia.trade.frames import Frame

    if by is None:
        with showing("estimate", show=show):
            return {"": estimate_gravity(table, covariates, **terms)}
    frame = Frame(table, terms["file"])
    if frame.has((by,)):
        frame.names(by)
    if frame.faults:
        raise FaultsError(frame.faults)
    names, faults, found = frame.texts(by), list[Fault](), {}
    each_once = list(dict.fromkeys(names))
    with Progress(len(each_once), show) as progress:
        for name in each_once:
            try:
                found[name] = estimate_gravity(table[names == name], covariates, **terms)
            except FaultsError as error:
                faults += [fault for fault in error.faults if fault not in faults]
            progress.step(name)
    if faults:
        raise FaultsError(faults)
    return found


def _effects(estimates: Mapping[str, Any], by: str | None, change: Any) -> dict[str, Any]:
    """Return the effect of a shock by each estimate; rows that name a value of the column are for it."""
    if by is None or by not in change:
        return {name: estimate.partial_effect(change) for name, estimate in estimates.items()}
    own = change[by].astype(str)
    return {name: estimate.partial_effect(change[own == name]) for name, estimate in estimates.items()}


def _joined(by: str | None, tables: Mapping[str, Any]) -> Any:
    """Return the tables of all estimates as one, with the column of their names."""
    import pandas as pd

    if by is None:
        return tables[""]
    parts = [
        table if by in table else table.assign(**{by: name})[[by, *table.columns]]
        for name, table in tables.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _costs_of(effects: Any, year: str | None) -> Any:
    """Return the effects of one year, without the column.

    Raises:
        UnknownNameError: If the data have no such year.
    """
    from sogdia.errors import UnknownNameError

    years = list(dict.fromkeys(effects["year"])) if "year" in effects else []
    if year is not None and year not in years:
        raise UnknownNameError("year of the data", year, years)
    if not years:
        return effects
    return effects[effects["year"] == (year or max(years))].drop(columns="year").reset_index(drop=True)


def _head(estimates: Mapping[str, Any]) -> dict[str, Any]:
    """Return sizes and terms; of several estimates sums, and no measure of fit."""
    first, *others = estimates.values()
    return {
        "observations": first.observations + sum(estimate.observations for estimate in others),
        "left_out": first.left_out + sum(estimate.left_out for estimate in others),
        "pseudo_r2": None if others else first.pseudo_r2,
        "fixed_effects": list(first.fixed_effects),
        "clusters": list(first.clusters),
    }


COLUMNS = ("covariate", "coefficient", "standard_error", "statistic", "p_value", "low", "high")
FORMS = {**dict.fromkeys(COLUMNS[1:], ".4f"), "statistic": ".2f"}


def _print(estimates: Mapping[str, Any], by: str | None, tables: Mapping[str, Any]) -> None:
    from sogdia.cli.tables import Column
    from sogdia.trade.tables import TABLES

    columns = columns_of(TABLES["estimates"], *COLUMNS, forms=FORMS)
    if by is not None:
        columns = (Column(by, by), *columns)
    print_table(page(), "Effects on log trade (PPML)", tables["estimates"], columns)
    head = _head(estimates)
    fit = "" if head["pseudo_r2"] is None else f", pseudo R² {head['pseudo_r2']:.4f}"
    typer.echo(
        f"{head['observations']:,} rows, {head['left_out']:,} left out{fit}; fixed effects "
        f"{', '.join(head['fixed_effects'])}; clusters {', '.join(head['clusters'])}"
    )
    if "change" in tables:
        typer.echo(f"the shock has an effect on {len(tables['change']):,} flows (--out or --json)")
