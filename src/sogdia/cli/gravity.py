"""``sogdia gravity``: estimate trade costs from a table of trade of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.counterfactual_options import RenameOption, renames_in
from sogdia.cli.options import JsonOption, OutOption, codes_in
from sogdia.cli.output import check_folder, print_json, records
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
    from sogdia.api.extras import require_extra
    from sogdia.files import write_csv_folder
    from sogdia.trade import estimate_gravity
    from sogdia.trade.estimation import CLUSTERS
    from sogdia.trade.files import read_frames

    require_extra("trade", "trade")
    check_folder(out)
    frames = read_frames({"data": data, "change": change}, names=renames_in(rename))
    table = frames["data"]
    if foreign and {"exporter", "importer"} <= set(table.columns):
        table = table[table["exporter"] != table["importer"]]
    estimate = estimate_gravity(
        table,
        codes_in(covariate),
        value=value,
        fixed_effects=codes_in(fixed) or ("exporter", "importer"),
        clusters=codes_in(cluster) or CLUSTERS,
        file=str(table.attrs["file"]),
    )
    tables = {"estimates": estimate.coefficients, "costs": _costs_of(estimate.effects, costs_year)}
    if "change" in frames:
        tables["change"] = estimate.partial_effect(frames["change"])
    if out is not None:
        write_csv_folder(out, tables)
    if as_json:
        print_json(_head(estimate) | {name: records(rows) for name, rows in tables.items()})
    else:
        _print(estimate, tables)


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


def _head(estimate: Any) -> dict[str, Any]:
    return {
        "observations": estimate.observations,
        "left_out": estimate.left_out,
        "pseudo_r2": estimate.pseudo_r2,
        "fixed_effects": list(estimate.fixed_effects),
        "clusters": list(estimate.clusters),
    }


COLUMNS = ("covariate", "coefficient", "standard_error", "statistic", "p_value", "low", "high")
FORMS = {**dict.fromkeys(COLUMNS[1:], ".4f"), "statistic": ".2f"}


def _print(estimate: Any, tables: Mapping[str, Any]) -> None:
    from sogdia.trade.tables import TABLES

    columns = columns_of(TABLES["estimates"], *COLUMNS, forms=FORMS)
    print_table(page(), "Effects on log trade (PPML)", estimate.coefficients, columns)
    typer.echo(
        f"{estimate.observations:,} rows, {estimate.left_out:,} left out, pseudo R² "
        f"{estimate.pseudo_r2:.4f}; fixed effects {', '.join(estimate.fixed_effects)}; "
        f"clusters {', '.join(estimate.clusters)}"
    )
    if "change" in tables:
        typer.echo(f"the shock has an effect on {len(tables['change']):,} pairs (--out or --json)")
