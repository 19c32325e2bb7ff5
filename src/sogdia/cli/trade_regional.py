"""``sogdia trade`` on a region: freight and trade of a plan and a scenario, each at what the other makes."""

from __future__ import annotations

import json
import math
import time
from pathlib import Path
from typing import Any

from sogdia.errors import CannotRunError

MOST_FLOWS, MOST_COSTS, MOST_LOST = 15, 15, 10


def run_regional(
    *,
    plan: str,
    scenario: str,
    year: int | None,
    region: str,
    base_plan: str,
    composition: str,
    feedback: bool,
    imbalance: str,
    workers: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Run a plan under a scenario against a base, and print or write what comes of it.

    Args:
        plan: A shipped plan's name, or a YAML file.
        scenario: A shipped scenario's name, or a YAML file.
        year: Year looked at, instead of the scenario's.
        region: A shipped region's name, or a folder.
        base_plan: Plan of the base, which nothing befalls.
        composition: How goods not split by commodity are put into sectors.
        feedback: Whether tonnes follow trade.
        imbalance: Rule for trade imbalances.
        workers: Threads.
        out: Folder for all tables as CSV.
        as_json: Whether to write JSON.

    Raises:
        InputError: If plan, scenario or region do not hold.
        NotConvergedError: If the precision is not reached.
        CannotRunError: If a folder cannot be read or written.
    """
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.region import load_region
    from sogdia.study import base_case, couple, make_base

    begun = time.perf_counter()
    settings = _settings(composition, feedback, imbalance, workers)
    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    case = build_case(loaded, load_plan(plan, loaded), happens if year is None else happens.at(year))
    base = make_base(base_case(case, load_plan(base_plan, loaded)), settings)
    found = couple(case, base, settings)
    head = {
        "region": loaded.name,
        "plan": case.plan.name,
        "scenario": happens.name,
        "year": case.year,
        "base_plan": base.case.plan.name,
        "case": case.digest,
        "base_case": base.case.digest,
        "composition": composition,
        "imbalance": imbalance,
        "feedback": feedback,
        "rounds": found.convergence.iterations,
        "residual": found.convergence.residual,
        "seconds": time.perf_counter() - begun,
    }
    tables = _tables(found)
    if out is not None:
        _write(tables, out)
    if as_json:
        _print_json(head, tables)
    else:
        _print(head, tables, (*found.terms.remarks, *found.freight.supernetwork.remarks))


def _settings(composition: str, feedback: bool, imbalance: str, workers: int) -> Any:
    from sogdia.study import StudySettings
    from sogdia.study.settings import ASSIGNED

    return StudySettings.model_validate(
        {
            "composition": composition,
            "feedback": feedback,
            "freight": ASSIGNED.model_copy(update={"workers": workers}),
            "trade": {"imbalance": imbalance, "workers": workers},
        }
    )


def _tables(found: Any) -> dict[str, Any]:
    return {
        "economies": found.economies(),
        "pairs": found.pairs(),
        "flows": found.flows(),
        "costs": found.costs(),
        "undelivered": found.undelivered(),
        "history": found.rounds(),
        "rules": found.rules(),
    }


def _write(tables: dict[str, Any], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


def _print_json(head: dict[str, Any], tables: dict[str, Any]) -> None:
    import typer

    content = {name: _records(table) for name, table in tables.items()}
    typer.echo(json.dumps({**head, **content}, ensure_ascii=False, indent=2, allow_nan=False))


def _records(table: Any) -> list[dict[str, Any]]:
    """Rows as plain data; what is not finite (a cost that is cut off) becomes null."""
    return [
        {
            str(name): None if isinstance(cell, float) and not math.isfinite(cell) else cell
            for name, cell in row.items()
        }
        for row in json.loads(table.to_json(orient="records"))
    ]


def _print(head: dict[str, Any], tables: dict[str, Any], remarks: tuple[str, ...]) -> None:
    from rich.console import Console

    console = Console()
    rounds = f"{head['rounds']} rounds to {head['residual']:.0e}" if head["feedback"] else "no feedback"
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}, against plan "
        f"{head['base_plan']} with nothing that befalls: {rounds}, {head['seconds']:.1f} s",
        highlight=False,
    )
    for remark in remarks:
        console.print(f"note: {remark}", highlight=False)
    for title, table, columns in _shown(tables):
        if len(table):
            console.print(_rich(title, table, columns))


_Columns = tuple[tuple[str, str, str], ...]
"""Column, heading and format of its cells."""
_ENDS: _Columns = (("exporter", "from", ""), ("importer", "to", ""))


def _shown(tables: dict[str, Any]) -> list[tuple[str, Any, _Columns]]:
    economies, pairs, costs, lost = (tables[n] for n in ("economies", "pairs", "costs", "undelivered"))
    home = economies[economies["home"]]
    moved = economies[~economies["home"]]
    moved = moved.loc[moved["welfare_pct"].abs().sort_values(ascending=False, kind="stable").index].head(10)
    abroad = pairs[pairs["exporter"] != pairs["importer"]]
    largest = abroad.loc[abroad["change_musd"].abs().sort_values(ascending=False, kind="stable").index]
    changed = costs[(costs["cost_hat"] - 1.0).abs() > 1e-6].merge(
        tables["flows"][["exporter", "importer", "commodity", "before_musd"]],
        on=["exporter", "importer", "commodity"],
    )
    changed["carriage_pct"] = 100.0 * (changed["after_usd_per_t"] / changed["before_usd_per_t"] - 1.0)
    changed["cost_pct"] = 100.0 * (changed["cost_hat"] - 1.0)
    changed["weight"] = changed["before_musd"] * changed["cost_pct"].abs().clip(upper=100.0)
    costly = changed.sort_values("weight", ascending=False, kind="stable")
    welfare: _Columns = (
        ("name", "", ""),
        ("welfare_pct", "welfare, %", "+.3f"),
        ("real_wage_pct", "real wage, %", "+.3f"),
        ("terms_of_trade_pct", "terms of trade, %", "+.3f"),
        ("gain_musd", "USD million", "+,.0f"),
        ("gdp_pct", "% of GDP", "+.3f"),
        ("domestic_share", "home goods, share", ".3f"),
    )
    return [
        ("The region: real spending on goods", home, welfare),
        ("Others, by size of the change", moved, welfare),
        (
            "Trade that changes most",
            largest.head(MOST_FLOWS),
            (
                *_ENDS,
                ("before_musd", "USD million before", ",.0f"),
                ("after_musd", "after", ",.0f"),
                ("change_musd", "change", "+,.0f"),
                ("change_pct", "%", "+.1f"),
            ),
        ),
        (
            "Costs that change most, by value of the trade",
            costly.head(MOST_COSTS),
            (
                *_ENDS,
                ("commodity", "goods", ""),
                ("value_usd_per_t", "worth, USD/t", ",.0f"),
                ("before_usd_per_t", "carriage before", ",.0f"),
                ("after_usd_per_t", "after", ",.0f"),
                ("carriage_pct", "%", "+.1f"),
                ("policy_pct", "policy, %", ".1f"),
                ("cost_pct", "trade cost, %", "+.2f"),
            ),
        ),
        (
            "Without a way",
            lost.head(MOST_LOST),
            (
                *_ENDS,
                ("commodity", "goods", ""),
                ("tonnes", "t a year", ",.0f"),
                ("value_musd", "USD million", ",.1f"),
                ("in_base", "in the base too", "yes"),
            ),
        ),
    ]


def _rich(title: str, table: Any, columns: _Columns) -> Any:
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for _, heading, form in columns:
        shown.add_column(heading, justify="right" if form not in ("", "yes") else "left")
    for row in table.to_dict("records"):
        shown.add_row(*(_cell(row[name], form) for name, _, form in columns))
    return shown


def _cell(value: Any, form: str) -> str:
    if form == "yes":
        return "yes" if value else "no"
    if not form:
        return str(value)
    if value != value:
        return "–"
    return "cut off" if math.isinf(value) else format(value, form)
