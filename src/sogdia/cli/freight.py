"""``sogdia freight``: freight of a region under a plan and a scenario."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.options import (
    BaselineOption,
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
from sogdia.cli.output import check_folder, note_compiling, note_unused, print_json, records, showing
from sogdia.cli.tables import Column, columns_of, figure, page, print_table

BetweenOption = Annotated[
    str, typer.Option("--between", help="Two economies, as A/B: corridor shares of their trade alone.")
]


def freight(
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    region: RegionOption = DEFAULT_REGION,
    baseline: BaselineOption = None,
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
    if not as_json:
        note_compiling()
    begun = time.perf_counter()
    pair = between.split("/") if between else None
    count = threads_of(threads, workers)
    with showing("freight", show=not as_json):
        run = run_freight(region, plan, scenario, year, baseline=baseline, between=pair, threads=count)
    note_unused(run.case)
    tables, record = run.tables, run.convergence
    head = {
        "region": run.case.region.name,
        "plan": run.case.plan.name,
        "scenario": run.case.scenario.name,
        "year": run.case.year,
        "case": run.case.digest,
        "delivered_t": run.delivered_t,
        "undelivered_t": run.undelivered_t,
        "residual": record.residual,
        "iterations": record.iterations,
        "seconds": time.perf_counter() - begun,
    }
    if out is not None:
        write_csv_folder(out, {name.replace(" ", "_"): table for name, table in tables.items()})
    if as_json:
        print_json({**head, **{name: records(table) for name, table in tables.items()}})
        return
    _print(head, tables, run.remarks, run.case)


UNITS = {"tonnes": "Mt/a", "transit_t": "Mt/a", "home_t": "Mt/a", "capacity_t": "Mt/a", "usd": "USD million"}
"""Units of the page, where they differ from the declared ones."""
FORMS = {"usd": ",.0f", "usd_per_teu": ",.0f", "length_km": ",.0f", "borders": "d", "co2_kg_per_t": ",.0f"}
SHOWN: Mapping[str, tuple[str, tuple[str, ...], int]] = {
    "corridors": (
        "Corridors, both directions",
        ("name", "tonnes", "share_pct", "home_t", "home_share_pct"),
        99,
    ),
    "bottlenecks": (
        "Where capacity delays most, by tonne-hours of delay",
        ("group", "territory", "capacity_t", "tonnes", "v_c", "delay_h"),
        10,
    ),
    "transit": ("Transit by territory, by home trade", ("territory", "transit_t", "home_t", "usd"), 15),
    "transit_income": (
        "Transit income of home countries: receipts less avoidable cost",
        (
            "territory",
            "mode",
            "cargo",
            "tonnes",
            "receipts_musd",
            "avoidable_musd",
            "income_musd",
            "income_low_musd",
            "income_high_musd",
        ),
        40,
    ),
    "stations": (
        "Ports, terminals and borders with most throughput",
        ("place", "country", "mode", "tonnes", "queue_h"),
        30,
    ),
}
"""Title, columns and rows of each table on the page."""
JOURNEY = (
    "name", "days", "observed_days", "usd_per_teu", "observed_usd", "length_km", "borders", "co2_kg_per_t",
)  # fmt: skip
UNDELIVERED = (
    Column("exporter", "Exporter"),
    Column("importer", "Importer"),
    Column("commodity", "Commodity"),
    Column("tonnes", "Tonnes, Mt/a", "n", 1e-6),
    Column("value_musd", "Value, USD million", ",.0f"),
)


CHANGES: Mapping[str, tuple[str, tuple[str, ...], str, int]] = {
    "change of corridors": ("Change of corridors from the baseline", ("corridor",), "tonnes", 10),
    "change of transit": ("Change of transit", ("territory",), "transit_t", 15),
    "change of transit_income": (
        "Change of transit income",
        ("territory", "mode", "cargo"),
        "income_musd",
        15,
    ),
    "change of stations": ("Change at ports and borders", ("place", "country", "mode"), "tonnes", 15),
    "change of links": ("Change of links", ("link", "mode"), "tonnes", 25),
}
"""Title, key columns, figure and rows of each table of changes on the page."""


def _print_changes(console: Any, tables: Mapping[str, Any]) -> None:
    """Print the largest changes from a baseline."""
    for name, (title, keys, figure_name, most) in CHANGES.items():
        table = tables[name]
        largest = table[f"{figure_name}_difference"].abs().sort_values(ascending=False, kind="stable").index
        columns = [Column(key, key.capitalize()) for key in keys]
        unit, factor = ("USD million/a", 1.0) if figure_name.endswith("_musd") else ("Mt/a", 1e-6)
        for side, sign in (("baseline", ""), ("case", ""), ("difference", "+")):
            heading = f"{side.capitalize()}, {unit}"
            columns.append(Column(f"{figure_name}_{side}", heading, f"{sign}n", factor))
        console.print()
        print_table(console, title, table.loc[largest].head(most), tuple(columns))


def _shown(name: str, table: Any) -> tuple[str, tuple[Column, ...], int]:
    """Return title, columns and most rows of a table on the page."""
    from sogdia.freight.tables import TABLES

    if name == "undelivered":
        return "Undeliverable freight", UNDELIVERED, 10
    title, names, most = SHOWN.get(name, (name, JOURNEY, 99))
    declared = TABLES[name if name in SHOWN else "journeys"]
    chosen = (column for column in names if column in table.columns)
    return title, columns_of(declared, *chosen, units=UNITS, forms=FORMS), most


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
    if any(name in tables for name in CHANGES):
        _print_changes(console, tables)
        return
    for name, table in _named(tables, case).items():
        if len(table) and name != "links":
            title, columns, most = _shown(name, table)
            console.print()
            print_table(console, title, table.head(most), columns)


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
        if name.startswith("journey ") and len(table):
            start, end = (places[table[column].iloc[0]] for column in ("from", "to"))
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
