"""``sogdia freight``: freight of a region under a plan and a scenario."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sogdia.cli.options import (
    DEFAULT_PLAN,
    DEFAULT_REGION,
    DEFAULT_SCENARIO,
    JsonOption,
    OldWorkersOption,
    OutOption,
    PlanOption,
    RegionOption,
    ScenarioOption,
    ThreadsOption,
    YearOption,
    threads_of,
)
from sogdia.cli.output import check_folder, print_json, records
from sogdia.cli.tables import Column, figure, page, print_table

BetweenOption = Annotated[
    str, typer.Option("--between", help="Two economies, as A/B: corridor shares of their trade alone.")
]


def freight(
    plan: PlanOption = DEFAULT_PLAN,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    region: RegionOption = DEFAULT_REGION,
    between: BetweenOption = "",
    threads: ThreadsOption = None,
    workers: OldWorkersOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Assign a region's freight to its network: corridors, bottlenecks, transit, ports, borders, journeys.

    Exit code 0: finished. 1: the input has errors, or no convergence. 2: could not run.
    """
    from sogdia.api import run_freight
    from sogdia.files import write_csv_folder

    check_folder(out)
    begun = time.perf_counter()
    pair = between.split("/") if between else None
    run = run_freight(region, plan, scenario, year, between=pair, threads=threads_of(threads, workers))
    tables, record = run.tables, run.result.result.convergence
    head = {
        "region": run.case.region.name,
        "plan": run.case.plan.name,
        "scenario": run.case.scenario.name,
        "year": run.case.year,
        "case": run.case.digest,
        "delivered_t": run.result.result.demand.total,
        "undelivered_t": float(run.result.result.undelivered["flow"].sum()),
        "residual": record.residual,
        "iterations": record.iterations,
        "seconds": time.perf_counter() - begun,
    }
    if out is not None:
        write_csv_folder(out, {name.replace(" ", "_"): table for name, table in tables.items()})
    if as_json:
        print_json({**head, **{name: records(table) for name, table in tables.items()}})
        return
    _print(head, tables, run.result.supernetwork.remarks, run.case)


_MT = 1e-6
_TONNES = Column("tonnes", "Mt/a", "n", _MT)
_SHOWN: Mapping[str, tuple[str, tuple[Column, ...], int]] = {
    "corridors": (
        "Corridors, both directions",
        (
            Column("name", "corridor"),
            _TONNES,
            Column("share_pct", "% of all", "n"),
            Column("home_t", "home trade, Mt/a", "n", _MT),
            Column("home_share_pct", "% of home trade", "n"),
        ),
        99,
    ),
    "bottlenecks": (
        "Where capacity delays most, by tonne-hours of delay",
        (
            Column("group", "where"),
            Column("territory", "territory"),
            Column("capacity_t", "capacity, Mt/a", "n", _MT),
            _TONNES,
            Column("v_c", "volume over capacity", "n"),
            Column("delay_h", "delay, h", "n"),
        ),
        10,
    ),
    "transit": (
        "Transit by territory, by home trade",
        (
            Column("territory", "territory"),
            Column("transit_t", "Mt/a", "n", _MT),
            Column("home_t", "home trade, Mt/a", "n", _MT),
            Column("usd", "paid there, USD million", ",.0f", 1e-6),
        ),
        15,
    ),
    "stations": (
        "Ports, terminals and borders with most throughput",
        (
            Column("place", "place"),
            Column("country", "country"),
            Column("mode", "mode"),
            _TONNES,
            Column("queue_h", "queue, h", "n"),
        ),
        30,
    ),
    "undelivered": (
        "Undeliverable freight",
        (
            Column("exporter", "exporter"),
            Column("importer", "importer"),
            Column("commodity", "commodity"),
            _TONNES,
            Column("value_musd", "USD million", ",.0f"),
        ),
        10,
    ),
}
_JOURNEY = (
    Column("name", "corridor"),
    Column("days", "days", "n"),
    Column("observed_days", "days observed"),
    Column("usd_per_teu", "USD/TEU", ",.0f"),
    Column("observed_usd", "USD/TEU observed"),
    Column("length_km", "km", ",.0f"),
    Column("borders", "borders", ",.0f"),
    Column("co2_kg_per_t", "kg CO2/t", ",.0f"),
)


def _print(head: dict[str, Any], tables: Mapping[str, Any], remarks: tuple[str, ...], case: Any) -> None:
    console = page()
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"{head['delivered_t'] / 1e6:,.0f} Mt/a delivered, "
        f"{figure(head['undelivered_t'] / 1e6)} undeliverable; residual {head['residual']:.1e} after "
        f"{head['iterations']} iterations, {head['seconds']:.1f} s"
    )
    for remark in remarks:
        console.print(f"note: {remark}", markup=False)
    for name, table in _named(tables, case).items():
        if len(table) and name != "links":
            title, columns, most = _SHOWN.get(name, (name, _JOURNEY, 99))
            console.print()
            shown = tuple(column for column in columns if column.name in table.columns)
            print_table(console, title, table.head(most), shown)


def _named(tables: Mapping[str, Any], case: Any) -> dict[str, Any]:
    """Return the tables with names in place of codes."""
    places, territories = case.table("places")["name"].to_dict(), _territories(case, tables)
    goods = case.table("commodities")["name"].to_dict()
    known = {
        "territory": territories, "country": territories, "exporter": territories, "importer": territories,
        "commodity": goods, "place": places,
        "group": _capacity_names(tables["bottlenecks"], case, places),
    }  # fmt: skip
    named = {}
    for name, table in tables.items():
        shown = table.copy()
        for column in known.keys() & set(table.columns):
            shown[column] = [known[column].get(cell, cell) for cell in table[column]]
        if "from_mode" in table.columns:
            modes = (table["mode"], table["from_mode"], table["to_mode"])
            shown["mode"] = [_mode(*each) for each in zip(*modes, strict=True)]
        words = name.split()
        if words[0] == "journey":
            start, end = (places.get(place, place) for place in (words[1], words[3]))
            name = f"Journey of a container, {start} to {end}, modelled and observed"
        named[name] = shown
    return named


def _territories(case: Any, tables: Mapping[str, Any]) -> dict[str, str]:
    """Return names of territories: the region's own, then those of ISO 3166."""
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
