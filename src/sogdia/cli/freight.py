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
    from sogdia.freight import SETTINGS, assign_freight
    from sogdia.region import load_region

    begun = time.perf_counter()
    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    case = build_case(loaded, load_plan(plan, loaded), happens if year is None else happens.at(year))
    pairs = _pairs(between, case)
    found = assign_freight(case, SETTINGS.model_copy(update={"workers": workers}))
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
    _print(head, tables, found.supernetwork.remarks, case)


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
        "corridors": found.corridors() if pairs is None else found.corridor_shares(pairs),
        "bottlenecks": found.bottlenecks(),
        "transit": found.transit().sort_values("home_t", ascending=False, ignore_index=True),
        "stations": _stations(found),
        "undelivered": found.undelivered(),
    }
    ends = case.table("journeys")
    for start, end in zip(ends["from"], ends["to"], strict=True):
        tables[f"journey {start} to {end}"] = found.journeys_between(start, end)
    return tables


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
        "Where capacity delays most, by tonne-hours of delay",
        ("group", "territory", "tonnes", "capacity_t", "v_c", "delay_h"),
        10,
    ),
    "transit": (
        "Transit by territory, by the region's own trade",
        ("territory", "transit_t", "home_t", "usd"),
        15,
    ),
    "stations": (
        "Ports, terminals and borders with most throughput",
        ("place", "country", "mode", "tonnes", "queue_h"),
        30,
    ),
    "undelivered": (
        "Not delivered: goods without a way",
        ("exporter", "importer", "commodity", "tonnes", "value_musd"),
        10,
    ),
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


def _print(head: dict[str, Any], tables: dict[str, Any], remarks: tuple[str, ...], case: Any) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"{head['delivered_t'] / 1e6:,.0f} Mt a year delivered, {_figure(head['undelivered_t'] / 1e6)} not; "
        f"residual {head['residual']:.1e} after {head['iterations']} iterations, {head['seconds']:.1f} s"
    )
    for remark in remarks:
        console.print(f"note: {remark}")
    for name, table in _named(tables, case).items():
        title, columns, most = _SHOWN.get(name, (name, _JOURNEY, 99))
        if len(table):
            shown = [column for column in columns if column in table.columns]
            console.print()
            console.print(_rich(title, table[shown].head(most)))


def _named(tables: dict[str, Any], case: Any) -> dict[str, Any]:
    """The tables with names where they have ids."""
    places, lands = case.table("places")["name"].to_dict(), _lands(case, tables)
    goods = case.table("commodities")["name"].to_dict()
    known = {
        "territory": lands, "country": lands, "exporter": lands, "importer": lands, "commodity": goods,
        "place": places, "group": _capacity_names(tables["bottlenecks"], case, places),
    }  # fmt: skip
    out = {}
    for name, table in tables.items():
        shown = table.copy()
        for column in known.keys() & set(table.columns):
            shown[column] = [known[column].get(cell, cell) for cell in table[column]]
        if "from_mode" in table.columns:
            columns = (table["mode"], table["from_mode"], table["to_mode"])
            shown["mode"] = [_mode(*modes) for modes in zip(*columns, strict=True)]
        words = name.split()
        if words[0] == "journey":
            start, end = (places.get(place, place) for place in (words[1], words[3]))
            name = f"Journey of a container, {start} to {end}, beside what documents tell"
        out[name] = shown
    return out


def _lands(case: Any, tables: dict[str, Any]) -> dict[str, str]:
    """Names of territories: the region's own, then those of ISO 3166."""
    import pycountry

    known: dict[str, str] = case.table("economies")["name"].to_dict()
    for code in sorted({*tables["transit"]["territory"], *tables["stations"]["country"]} - known.keys()):
        country = pycountry.countries.get(alpha_3=code)
        if country is not None:
            known[code] = getattr(country, "common_name", country.name)
    return known


def _mode(mode: str, before: str, after: str) -> str:
    if not before:
        return mode
    return f"{before} to {after}" if before != after else f"{before}, change of gauge"


def _capacity_names(bottlenecks: Any, case: Any, places: dict[str, str]) -> dict[str, str]:
    """Return names for readers of the capacities of a table ``bottlenecks``, by label."""
    links, crossings = case.table("links"), case.table("crossings")
    pipelines = case.table("pipelines")["name"].to_dict()
    names = {}
    for row in bottlenecks.to_dict("records"):
        place = places.get(row["place"], row["place"])
        if row["kind"] == "haul":
            link = links.loc[row["row"]]
            name = f"{places[str(link['from'])]} – {places[str(link['to'])]}, {link['mode']}"
        elif row["kind"] == "crossing":
            crossing = crossings.loc[row["row"]]
            name = f"{place}, {crossing['from_iso3']} to {crossing['to_iso3']}, {crossing['mode']}"
        elif row["kind"] == "pipeline":
            name = pipelines.get(row["row"], row["row"])
        else:
            name = place if "port" in place.lower().split() else f"{place}, port"
        names[row["group"]] = name
    return names


_WORDS = {
    "name": "corridor",
    "group": "where",
    "tonnes": "Mt/a",
    "transit_t": "Mt/a",
    "home_t": "region's,\nMt/a",
    "share_pct": "% of all",
    "home_share_pct": "% of\nregion's",
    "capacity_t": "capacity,\nMt/a",
    "v_c": "flow over\ncapacity",
    "delay_h": "delay, h",
    "usd": "paid there, USD m",
    "queue_h": "queue, h",
    "value_musd": "USD m",
    "usd_per_teu": "USD/\nTEU",
    "observed_days": "days\ntold",
    "observed_usd": "USD/TEU\ntold",
    "length_km": "km",
    "co2_kg_per_t": "kg\nCO2/t",
}
_SCALE = {"tonnes": 1e-6, "transit_t": 1e-6, "home_t": 1e-6, "capacity_t": 1e-6, "usd": 1e-6}
_WHOLE = {"length_km", "usd_per_teu", "usd", "borders", "value_musd", "co2_kg_per_t"}
_WIDE = {"name", "group"}
"""Columns of long names, which go on in the next line rather than be cut."""
_LEAST_SHOWN = 0.001


def _rich(title: str, table: Any) -> Any:
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    for column in table.columns:
        words = table[column].dtype.kind in "OUT" or str(table[column].dtype) in ("str", "string")
        shown.add_column(
            _WORDS.get(column, column), justify="left" if words else "right", overflow="fold",
            min_width=20 if column in _WIDE else None,
        )  # fmt: skip
    for row in table.to_dict("records"):
        shown.add_row(*(_cell(str(column), value) for column, value in row.items()))
    return shown


def _cell(column: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    scaled = value * _SCALE.get(column, 1.0)
    return f"{scaled:,.0f}" if column in _WHOLE else _figure(scaled)


def _figure(value: float) -> str:
    """A figure to three digits or so."""
    if value == 0.0:
        return "0"
    if abs(value) < _LEAST_SHOWN:
        return f"< {_LEAST_SHOWN}"
    places = 0 if abs(value) >= 100.0 else 1 if abs(value) >= 10.0 else 2 if abs(value) >= 1.0 else 3
    return f"{value:,.{places}f}"
