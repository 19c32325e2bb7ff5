"""``sogdia counterfactual``: a trade matrix of the user's own, under changed costs and tariffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from sogdia.cli.counterfactual_options import (
    CapacitiesOption,
    ChangeOption,
    CostsOption,
    Equilibrium,
    EquilibriumOption,
    ExpenditureOption,
    Final,
    FinalOption,
    FirstOption,
    FlowsOption,
    InputOption,
    IntermediateOption,
    LabourOption,
    Negative,
    NegativeOption,
    NegativeShareOption,
    NumeraireOption,
    OutputOption,
    ProductivityOption,
    RenameOption,
    SpecificOption,
    TariffsAfterOption,
    TariffsIncludedOption,
    TariffsOption,
    ThetaOption,
    ToleranceOption,
    TransfersAfterOption,
    TransfersOption,
    ValueAddedOption,
    WedgesOption,
    renames_in,
)
from sogdia.cli.options import JsonOption, OutOption
from sogdia.cli.output import check_folder, note_compiling, print_json, print_note, records, showing
from sogdia.cli.tables import columns_of, page, print_table
from sogdia.cli.trade import Imbalance, ImbalanceOption

SHOWN = 12
"""Economies printed, those of the largest change of welfare first."""
DEFAULT_THETA = "4"
SHARED = ("tariffs", "value_added", "intermediate", "specific", "transfers")
"""Tables of the base year that go with flows or costs."""
SHOCKS = {
    "costs": "change",
    "tariffs": "tariffs_after",
    "productivity": "productivity",
    "labour": "labour",
    "wedges": "wedges",
    "transfers": "transfers_after",
    "capacities": "capacities",
}
"""Table of each shock by its name in Python."""


@dataclass(frozen=True)
class Rules:
    """Rules for the data of a base year."""

    final: Any
    first: Any
    negative: Any
    negative_share: float
    tariffs_included: bool


def counterfactual(
    flows: FlowsOption = None,
    change: ChangeOption = None,
    theta: ThetaOption = None,
    tariffs: TariffsOption = None,
    tariffs_after: TariffsAfterOption = None,
    productivity: ProductivityOption = None,
    value_added: ValueAddedOption = None,
    intermediate: IntermediateOption = None,
    specific: SpecificOption = None,
    transfers: TransfersOption = None,
    transfers_after: TransfersAfterOption = None,
    labour: LabourOption = None,
    wedges: WedgesOption = None,
    capacities: CapacitiesOption = None,
    source: InputOption = None,
    costs: CostsOption = None,
    output: OutputOption = None,
    expenditure: ExpenditureOption = None,
    rename: RenameOption = None,
    tariffs_included: TariffsIncludedOption = False,
    final: FinalOption = Final.OBSERVED,
    negative: NegativeOption = Negative.ERROR,
    negative_share: NegativeShareOption = 0.01,
    first: FirstOption = None,
    imbalance: ImbalanceOption = Imbalance.ADDITIVE,
    equilibrium: EquilibriumOption = Equilibrium.FULL,
    tolerance: ToleranceOption = 1e-10,
    numeraire: NumeraireOption = "world",
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Solve trade counterfactuals on data of your own: welfare, wages, prices (exact hat algebra).

    Values are net of tariffs, in any one currency; rows from an economy to itself are its domestic sales.
    Exit code 0: solved. 1: not converged, or the input has errors. 2: could not run.
    """
    from sogdia.api.settings import validated
    from sogdia.trade import TradeSettings
    from sogdia.trade.files import read_frames

    check_folder(out)
    values = {"imbalance": imbalance.value, "tolerance": tolerance, "numeraire": numeraire}
    settings = validated(TradeSettings, values)
    paths = {
        "flows": flows, "change": change, "tariffs": tariffs, "tariffs_after": tariffs_after,
        "productivity": productivity, "value_added": value_added, "intermediate": intermediate,
        "costs": costs, "output": output, "expenditure": expenditure, "specific": specific,
        "transfers": transfers, "transfers_after": transfers_after, "labour": labour, "wedges": wedges,
        "capacities": capacities,
    }  # fmt: skip
    with showing("trade model", show=not as_json):
        frames = read_frames(paths, source, renames_in(rename))
        rules = Rules(final.value, first and first.value, negative.value, negative_share, tariffs_included)
        _note_compiling(equilibrium, as_json)
        baseline = _baseline(frames, theta, rules, settings)
        _note_unused(baseline, frames)
        solver = _solve_conditional if equilibrium is Equilibrium.CONDITIONAL else _solve
        found = solver(baseline, frames, settings)
    _report(found, out, as_json)


def _note_compiling(equilibrium: Equilibrium, as_json: bool) -> None:
    if not as_json and equilibrium is not Equilibrium.CONDITIONAL:
        note_compiling("trade")


def _baseline(frames: Mapping[str, Any], theta: str | None, rules: Rules, settings: Any) -> Any:
    """Return the base year after its first solution.

    Raises:
        FaultsError: If its tables have faults; those of the shocks that show already are reported too.
    """
    from sogdia.errors import Fault, FaultsError, InputError
    from sogdia.trade import rebase
    from sogdia.trade.change import shock_faults
    from sogdia.trade.files import read_theta, theta_of

    if ("flows" in frames) == ("costs" in frames):
        raise InputError("the base year needs flows, or costs with output: give --flows, --costs or --input")
    table, faults, found = frames.get("theta"), list[Fault](), None
    elasticity: Any = float(DEFAULT_THETA)
    try:
        elasticity = read_theta(theta or DEFAULT_THETA) if theta or table is None else theta_of(table)
    except FaultsError as error:
        faults += error.faults
    try:
        found = _read(frames, elasticity, rules)
    except FaultsError as error:
        faults += error.faults
    if found is None or faults:
        raise FaultsError(faults + shock_faults(_shocks(frames)))
    _note_adjustments(found)
    is_clipped = found.final_rule == "clipped" and (found.adjustments["table"] == "final demand").any()
    return rebase(found, rules.first or ("keep" if is_clipped else "none"), settings)


def _read(frames: Mapping[str, Any], elasticity: Any, rules: Rules) -> Any:
    """Return the base year of the data."""
    from sogdia.errors import InputError
    from sogdia.trade import Baseline

    shared: dict[str, Any] = {name: frames.get(name) for name in SHARED}
    if "flows" in frames:
        return Baseline.from_frames(
            frames["flows"],
            elasticity,
            **shared,
            tariffs_included=rules.tariffs_included,
            final=rules.final,
            negative=rules.negative,
            negative_share=rules.negative_share,
            file=str(frames["flows"].attrs["file"]),
        )
    if "output" not in frames:
        raise InputError("costs need the output of each economy: give --output")
    costs = frames["costs"]
    sums = frames["output"], frames.get("expenditure")
    file = str(costs.attrs["file"])
    return Baseline.from_costs(costs, *sums, elasticity, **shared, final=rules.final, file=file)


def _shocks(frames: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tables of shocks by the name that :meth:`sogdia.trade.Change.from_frames` gives them."""
    return {name: frames[table] for name, table in SHOCKS.items() if table in frames}


def _note_adjustments(baseline: Any) -> None:
    for rule, rows in baseline.adjustments.groupby("rule", sort=False):
        typer.echo(f"sogdia: note: {rule}: {len(rows)} cells", err=True)
        for row in rows.head(SHOWN).itertuples():
            place = " ".join(
                part for part in (row.table, row.economy, row.partner, row.sector, row.input) if part
            )
            typer.echo(f"sogdia: note:   {place}: {row.before:g} to {row.after:g}", err=True)
        if len(rows) > SHOWN:
            typer.echo(f"sogdia: note:   and {len(rows) - SHOWN} more (--out or --json)", err=True)


def _note_unused(baseline: Any, frames: Mapping[str, Any]) -> None:
    """Print a note on rows of a shock whose pair has no trade, and on factors that change nothing."""
    from sogdia.trade.unused import remarks_on_factors, rows_without_trade

    for remark in remarks_on_factors(frames["change"]) if "change" in frames else ():
        print_note(f"change: {remark}")
    for name in ("change", "tariffs_after"):
        if name not in frames or not {"exporter", "importer"} <= set(frames[name].columns):
            continue
        pairs = rows_without_trade(baseline, frames[name])
        if pairs:
            more = f" and {len(pairs) - SHOWN} more" if len(pairs) > SHOWN else ""
            words = "no trade in the base year, so these rows change nothing"
            typer.echo(f"sogdia: note: {name}: {words}: {', '.join(pairs[:SHOWN])}{more}", err=True)


def _solve(baseline: Any, frames: Mapping[str, Any], settings: Any) -> Any:
    """Return a result, or a batch where the shocks name counterfactuals."""
    from sogdia.trade import Change, read_changes, solve, solve_batch
    from sogdia.trade.batch import has_names

    shocks = _shocks(frames)
    if has_names(*shocks.values()):
        return solve_batch(baseline, read_changes(baseline, **shocks), settings)
    return solve(baseline, Change.from_frames(baseline, **shocks), settings)


def _solve_conditional(baseline: Any, frames: Mapping[str, Any], _: Any) -> Any:
    from sogdia.errors import InputError
    from sogdia.trade import Change, solve_conditional
    from sogdia.trade.batch import has_names

    shocks = _shocks(frames)
    if has_names(*shocks.values()):
        raise InputError("the conditional equilibrium takes one shock; remove the column counterfactual")
    return solve_conditional(baseline, Change.from_frames(baseline, **shocks))


def _report(result: Any, out: Path | None, as_json: bool) -> None:
    from sogdia.files import write_csv_folder
    from sogdia.trade import Batch, ConditionalResult

    is_conditional = isinstance(result, ConditionalResult)
    tables = conditional_tables(result) if is_conditional else tables_of(result)
    if out is not None:
        write_csv_folder(out, tables)
    if as_json:
        head = {"equilibrium": "conditional"} if is_conditional else head_of(result)
        print_json(head | {name: records(table) for name, table in tables.items()})
    elif is_conditional:
        _print_conditional(result)
    elif isinstance(result, Batch):
        _print_batch(result)
    else:
        _print(result)


def tables_of(result: Any) -> dict[str, Any]:
    """Return the tables of a result or batch by name."""
    from sogdia.trade import Batch, decompose_welfare

    is_batch = isinstance(result, Batch)
    first = next(iter(result.results.values())) if is_batch else result
    return {
        "economies": result.economies(),
        "welfare": result.welfare() if is_batch else decompose_welfare(result),
        "sectors": result.sectors(),
        "flows": result.flows(),
        "capacities": result.capacities(),
        "report": result.report(),
        "data": first.baseline.report,
        "adjustments": first.baseline.adjustments,
    }


def conditional_tables(result: Any) -> dict[str, Any]:
    """Return the tables of a conditional equilibrium by name."""
    before = result.baseline
    return {
        "resistances": result.resistances(),
        "flows": result.flows(),
        "data": before.report,
        "adjustments": before.adjustments,
    }


def head_of(result: Any) -> dict[str, Any]:
    """Return rules and convergence as plain data; of a batch the largest residual."""
    from sogdia.trade import Batch

    results = list(result.results.values()) if isinstance(result, Batch) else [result]
    found = [one.convergence for one in results]
    settings = results[0].settings
    return {
        "equilibrium": "full",
        "imbalance": settings.imbalance,
        "numeraire": settings.numeraire,
        "converged": all(record.converged for record in found),
        "residual": max(record.residual for record in found),
        "iterations": max(record.iterations for record in found),
        "seconds": sum(record.seconds for record in found),
    }


ECONOMIES = ("economy", "welfare_pct", "real_wage_pct", "terms_of_trade_pct", "volume_pct")
CHANGE = "+,.4f"
SOURCES = (
    "equivalent_variation",
    "from_value_added",
    "from_rents",
    "from_tariff_revenue",
    "from_scarcity_rents",
    "from_transfers",
)
FIRST_ORDER = ("first_order_terms_of_trade_pct", "first_order_volume_pct", "first_order_total_pct")
ALWAYS = ("equivalent_variation", "from_value_added", "from_tariff_revenue", "from_transfers")
PART_FORMS = {**dict.fromkeys(SOURCES, "+,.2f"), **dict.fromkeys(FIRST_ORDER, CHANGE)}


CAPACITIES = ("name", "owner", "quantity", "most", "shadow_price_pct", "rent")
CAPACITY_FORMS = {"quantity": ".4f", "most": ".4f", "shadow_price_pct": ",.4f", "rent": ",.2f"}


def _print(result: Any) -> None:
    from sogdia.trade import decompose_welfare
    from sogdia.trade.tables import TABLES

    table = result.economies()
    order = table["welfare_pct"].abs().sort_values(ascending=False, kind="stable").index
    columns = columns_of(TABLES["economies"], *ECONOMIES, forms=dict.fromkeys(ECONOMIES[1:], CHANGE))
    print_table(page(), "Changes from the base year", table.loc[order[:SHOWN]], columns)
    parts = decompose_welfare(result).loc[order[:SHOWN]]
    # Columns of factors and rents that the base year has not are left out.
    shown = [name for name in SOURCES if name in ALWAYS or (parts[name] != 0.0).any()]
    columns = columns_of(TABLES["welfare"], "economy", *shown, *FIRST_ORDER, forms=PART_FORMS)
    typer.echo()
    print_table(page(), "Equivalent variation by source, and the published first order", parts, columns)
    if len(order) > SHOWN:
        typer.echo(f"and {len(order) - SHOWN} more economies, whose welfare changes less (--out or --json)")
    limits = result.capacities()
    if len(limits):
        typer.echo()
        columns = columns_of(TABLES["capacities"], *CAPACITIES, forms=CAPACITY_FORMS)
        print_table(page(), "Capacities", limits, columns)
    for row in result.report().itertuples():
        place = " ".join(name for name in (row.economy, row.sector) if name)
        typer.echo(
            f"sogdia: note: {row.rule}{': ' + place if place else ''}: {row.value:g} {row.meaning}", err=True
        )
    record = result.convergence
    typer.echo(f"{record.measure} {record.residual:.3g} after {record.iterations} iterations", err=True)


def _print_batch(batch: Any) -> None:
    """Print the change of welfare: counterfactuals in rows, economies of the largest changes in columns."""
    from sogdia.cli.tables import Column

    wide = batch.economies().pivot(index="counterfactual", columns="economy", values="welfare_pct")
    names = wide.abs().max().sort_values(ascending=False, kind="stable").index[:SHOWN]
    table = wide.loc[list(batch.results), names].reset_index()
    columns = (Column("counterfactual", "Counterfactual"), *(Column(name, name, CHANGE) for name in names))
    print_table(page(), "Real expenditure, %", table, columns)
    if len(wide.columns) > SHOWN:
        typer.echo(f"and {len(wide.columns) - SHOWN} more economies (--out or --json)")


RESISTANCES = ("economy", "sector", "outward_pct", "inward_pct", "exports_before", "exports")


def _print_conditional(result: Any) -> None:
    from sogdia.trade.tables import TABLES

    table = result.resistances()
    order = (
        (table["exports"] - table["exports_before"]).abs().sort_values(ascending=False, kind="stable").index
    )
    forms = {"outward_pct": CHANGE, "inward_pct": CHANGE, "exports_before": ",.1f", "exports": ",.1f"}
    columns = columns_of(TABLES["resistances"], *RESISTANCES, forms=forms)
    print_table(page(), "Trade at fixed output and expenditure", table.loc[order[:SHOWN]], columns)
    if len(order) > SHOWN:
        typer.echo(f"and {len(order) - SHOWN} more rows, whose exports change less (--out or --json)")
