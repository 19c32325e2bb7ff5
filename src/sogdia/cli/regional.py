"""``sogdia freight``: where the goods of a region go under a plan and a scenario."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError, InputError


def freight(
    plan: Annotated[str, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")] = "as_is",
    scenario: Annotated[
        str, typer.Option("--scenario", help="A shipped scenario's name, or a YAML file.")
    ] = "reference",
    year: Annotated[
        int | None,
        typer.Option("--year", min=1950, max=2100, help="Year looked at, instead of the scenario's."),
    ] = None,
    region: PackOption = DEFAULT_REGION,
    between: Annotated[
        str, typer.Option("--between", help="Two economies, as A/B: corridor shares of their trade alone.")
    ] = "",
    workers: Annotated[int, typer.Option(min=1, help="Threads; results are the same for any number.")] = 2,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for all tables as CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the tables as JSON.")] = False,
) -> None:
    """Assign a region's freight: corridor shares, bottlenecks, transit, ports and borders, journeys.

    Exit code 0: done. 1: the input has faults, or no convergence. 2: could not run.
    """
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.freight.regional import PATHS, PRECISION, assign_case
    from sogdia.freight.settings import AssignSettings
    from sogdia.region import load_region

    begun = time.perf_counter()
    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    case = build_case(loaded, load_plan(plan, loaded), happens if year is None else happens.at(year))
    pairs = _pairs(between, case)
    settings = AssignSettings(algorithm="sue", gap=PRECISION, paths=PATHS, workers=workers)
    found = assign_case(case, settings)
    tables = _tables(found, pairs)
    record = found.result.convergence
    head = {
        "region": loaded.name,
        "plan": case.plan.name,
        "scenario": happens.name,
        "year": case.year,
        "case": case.digest,
        "delivered_t": found.result.demand.total,
        "undelivered_t": float(found.result.undelivered["flow"].sum()),
        "residual": record.residual,
        "iterations": record.iterations,
        "seconds": time.perf_counter() - begun,
    }
    if out is not None:
        _write_tables(tables, out)
    if as_json:
        content = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        typer.echo(json.dumps({**head, **content}, ensure_ascii=False, indent=2))
        return
    _print(head, tables, found.supernetwork.remarks)


def _pairs(between: str, case: Any) -> Any:
    import pandas as pd

    if not between:
        return None
    ends = between.split("/")
    known = set(case.table("economies")["iso3"])
    if len(ends) != 2 or not set(ends) <= known:
        raise InputError(
            f"--between wants two economies as A/B, not {between!r}; economies: {', '.join(sorted(known))}"
        )
    return pd.DataFrame({"exporter": ends, "importer": ends[::-1]})


def _tables(found: Any, pairs: Any) -> dict[str, Any]:
    case = found.supernetwork.case
    tables = {
        "corridors": _corridors(found, pairs),
        "bottlenecks": found.bottlenecks(),
        "transit": found.transit().sort_values("home_t", ascending=False, ignore_index=True),
        "stations": _stations(found),
        "undelivered": found.undelivered(),
    }
    ends = case.table("journeys")
    for start, end in zip(ends["from"], ends["to"], strict=True):
        tables[f"journey {start} to {end}"] = found.journeys(start, end)
    return tables


def _corridors(found: Any, pairs: Any) -> Any:
    """Corridors of all goods, or of those of some pairs, beside those of the region's own trade."""
    import pandas as pd

    case = found.supernetwork.case
    home, economies = case.region.home, list(case.table("economies")["iso3"])
    ends = [(a, b) for a in economies for b in economies if a != b and (a in home or b in home)]
    own = found.corridors(pd.DataFrame(ends, columns=["exporter", "importer"]))
    table = found.corridors(pairs)
    if pairs is None:
        table["home_t"], table["home_share_pct"] = own["tonnes"], own["share_pct"]
    return table


def _stations(found: Any) -> Any:
    """Ports and borders of the region, and those elsewhere whose capacity is known."""
    table = found.stations()
    home = found.supernetwork.case.region.home
    told = table["country"].isin(home) | (table["capacity_t"] < float("inf"))
    return table[told].sort_values("tonnes", ascending=False, ignore_index=True)


def _write_tables(tables: dict[str, Any], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name.replace(' ', '_')}.csv", index=False, lineterminator="\n")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


_SHOWN = {
    "corridors": (
        "Corridors, both ways",
        ("name", "tonnes", "share_pct", "home_t", "home_share_pct"),
        99,
    ),
    "bottlenecks": (
        "Where capacity delays most",
        ("group", "territory", "tonnes", "capacity_t", "v_c", "delay_h"),
        10,
    ),
    "transit": ("Transit by territory", ("territory", "transit_t", "home_t", "usd"), 15),
    "stations": ("Ports, terminals and borders", ("place", "country", "mode", "tonnes", "queue_h"), 30),
    "undelivered": ("Undelivered", ("exporter", "importer", "commodity", "tonnes", "value_musd"), 10),
}
_JOURNEY = (
    "name",
    "days",
    "observed_days",
    "usd_per_teu",
    "observed_usd",
    "length_km",
    "borders",
    "co2_kg_per_t",
)


def _print(head: dict[str, Any], tables: dict[str, Any], remarks: tuple[str, ...]) -> None:
    from rich.console import Console

    console = Console()
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"{head['delivered_t'] / 1e6:,.0f} Mt delivered, {head['undelivered_t'] / 1e6:,.2f} Mt not; "
        f"residual {head['residual']:.1e} after {head['iterations']} iterations, {head['seconds']:.1f} s"
    )
    for remark in remarks:
        console.print(f"note: {remark}")
    for name, table in tables.items():
        title, columns, most = _SHOWN.get(name, (name[:1].upper() + name[1:], _JOURNEY, 99))
        if len(table):
            shown = [column for column in columns if column in table.columns]
            console.print(_rich(title, table[shown].head(most)))


_WORDS = {
    "name": "corridor",
    "tonnes": "Mt",
    "transit_t": "Mt",
    "home_t": "of it the region's, Mt",
    "share_pct": "% of all",
    "home_share_pct": "% of the region's",
    "capacity_t": "capacity, Mt",
    "v_c": "v/c",
    "delay_h": "delay, h",
    "usd": "USD million",
    "queue_h": "queue, h",
    "value_musd": "USD million",
    "usd_per_teu": "USD/TEU",
    "observed_days": "days told",
    "observed_usd": "USD/TEU told",
    "length_km": "km",
    "co2_kg_per_t": "kg CO2/t",
}
_SCALE = {"tonnes": 1e-6, "transit_t": 1e-6, "home_t": 1e-6, "capacity_t": 1e-6, "usd": 1e-6}
_WHOLE = {"length_km", "usd_per_teu", "usd", "borders", "value_musd", "co2_kg_per_t"}
_FINE = {"share_pct", "home_share_pct", "v_c", "tonnes", "transit_t", "home_t"}


def _rich(title: str, table: Any) -> Any:
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in table.columns:
        words = table[column].dtype.kind in "OUT" or str(table[column].dtype) in ("str", "string")
        shown.add_column(_WORDS.get(column, column), justify="left" if words else "right")
    for row in table.to_dict("records"):
        shown.add_row(*(_cell(str(column), value) for column, value in row.items()))
    return shown


def _cell(column: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    places = 0 if column in _WHOLE else 2 if column in _FINE else 1
    return f"{value * _SCALE.get(column, 1.0):,.{places}f}"
