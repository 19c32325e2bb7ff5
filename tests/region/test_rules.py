"""Rules between rows and tables: each violation of a rule is found by that rule only."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from breaking import DESCRIPTOR, KnownTables, PackCopy

from sogdia.region import read_pack
from sogdia.region.rules import RULES

Plant = Callable[[PackCopy], object]


@pytest.fixture(scope="module", autouse=True)
def read_each_table_once(isles_home: Path) -> Iterator[None]:
    """Read and type a table as the pack has it once: a violation changes one or two of ninety."""
    with pytest.MonkeyPatch.context() as patch:
        KnownTables(isles_home).use(patch)
        yield


@dataclass(frozen=True)
class Case:
    """A violation introduced into the example region, and where it must be found.

    Attributes:
        rule: Name of the rule that finds it.
        plant: Change of the pack that violates the rule.
        at: File, line and field.
        kind: Short name of the check.
        message: Part of the message.
    """

    rule: str
    plant: Plant
    at: tuple[str, int | None, str | None]
    kind: str
    message: str


def cell(table: str, line: int, field: str, value: str) -> Plant:
    return lambda pack: pack.set(table, line, field, value)


def row(table: str, *cells: str) -> Plant:
    return lambda pack: pack.add(table, *cells)


def without(table: str, line: int) -> Plant:
    return lambda pack: pack.drop(table, line)


def both(*plants: Plant) -> Plant:
    return lambda pack: [plant(pack) for plant in plants]


def second_ferry(name: str, capacity_t: str) -> Plant:
    """Add to the three ferries of 300,000 to 500,000 t."""
    return row(
        "links", name, "north_port", "south_port", "ferry", "112", "", "", "", "25", capacity_t, "",
        "operating", "", "", "strait",
    )  # fmt: skip


def block(key: str, value: object) -> Plant:
    return lambda pack: pack.edit_descriptor(lambda content: content["sogdia"].update({key: value}))


REFERENCES = [
    Case(
        "check_references",
        cell("places", 5, "iso3", "XAD"),
        ("places.csv", 5, "iso3"),
        "reference",
        "'XAD' is not in parties.code; did you mean",
    ),
    Case(
        "check_references",
        cell("deals", 2, "project", "ferry_far_lin"),
        ("deals.csv", 2, "project"),
        "reference",
        "'ferry_far_lin' is not in projects.id; did you mean ferry_far_line",
    ),
    Case(
        "check_references",
        cell("observations", 2, "source", "tail"),
        ("observations.csv", 2, "source"),
        "reference",
        "'tail' is not in sources.id; did you mean tale?",
    ),
    Case(
        "check_references",
        cell("pipelines", 2, "via_iso3", "XAC;XAD"),
        ("pipelines.csv", 2, "via_iso3"),
        "reference",
        "'XAD' is not in parties.code",
    ),
    Case(
        "check_references",
        cell("pipelines", 2, "via_iso3", "XAC;;XAB"),
        ("pipelines.csv", 2, "via_iso3"),
        "reference",
        "a list with an empty part",
    ),
    Case(
        "check_references",
        cell("rates", 4, "scope", "straits"),
        ("rates.csv", 4, "scope"),
        "reference",
        "'straits' is not in parties.code; did you mean strait?",
    ),
    Case(
        "check_references",
        cell("zones", 4, "partner", "islse"),
        ("zones.csv", 4, "partner"),
        "reference",
        "did you mean isles?",
    ),
    Case(
        "check_references",
        cell("observations", 2, "from", "south"),
        ("observations.csv", 2, "from"),
        "reference",
        "'south' is not in places.id; did you mean south_port",
    ),
    Case(
        "check_references",
        cell("lending_terms", 2, "partner", "x" * 5000),
        ("lending_terms.csv", 2, "partner"),
        "reference",
        "xxx...' is not in parties.code",
    ),
    Case(
        "check_restriction_subjects",
        cell("restrictions", 2, "subject", "east_bya"),
        ("restrictions.csv", 2, "subject"),
        "reference",
        "'east_bya' is not in places.id; did you mean east_bay",
    ),
    Case(
        "check_restriction_subjects",
        row("restrictions", "r", "territory", "XAD", "any", "any", "any", "2016", ""),
        ("restrictions.csv", 3, "subject"),
        "reference",
        "'XAD' is not in parties.code",
    ),
    Case(
        "check_restriction_subjects",
        row("restrictions", "r", "border", "XAA/XAD", "any", "any", "any", "2016", ""),
        ("restrictions.csv", 3, "subject"),
        "reference",
        "'XAD' is not in parties.code",
    ),
    Case(
        "check_restriction_subjects",
        row("restrictions", "r", "border", "XAA", "any", "any", "any", "2016", ""),
        ("restrictions.csv", 3, "subject"),
        "reference",
        "'XAA' is not a border of two parties",
    ),
    Case(
        "check_restriction_subjects",
        row("restrictions", "r", "link", "hill_town", "any", "any", "any", "2016", ""),
        ("restrictions.csv", 3, "subject"),
        "reference",
        "'hill_town' is not in links.id",
    ),
    Case(
        "check_home_group",
        block("home_group", "isle"),
        (DESCRIPTOR, None, "sogdia.home_group"),
        "reference",
        "no economy is of group 'isle'; did you mean isles?",
    ),
]

PROVENANCE = [
    Case(
        "check_basis_notes",
        cell("plants", 2, "note", ""),
        ("plants.csv", 2, "note"),
        "note",
        "a figure assumed without a note; say in note why it is plausible",
    ),
    Case(
        "check_basis_notes",
        both(cell("trade", 6, "note", ""), cell("trade", 6, "basis", "derived")),
        ("trade.csv", 6, "note"),
        "note",
        "a figure derived without a note; say in note how it was calculated",
    ),
    Case(
        "check_country_codes",
        row("parties", "ABC", "Nowhere", "country", ""),
        ("parties.csv", 7, "code"),
        "country-code",
        "'ABC' is not a country code of ISO 3166-1",
    ),
    Case(
        "check_units",
        cell("observations", 2, "unit", "MWhr"),
        ("observations.csv", 2, "unit"),
        "unit",
        "unknown unit 'MWhr'; did you mean MWh",
    ),
    Case(
        "check_units",
        cell("projects", 3, "capacity_unit", "megawatt"),
        ("projects.csv", 3, "capacity_unit"),
        "unit",
        "unknown unit 'megawatt'",
    ),
    Case(
        "check_units",
        cell("electricity", 4, "item", "hydro"),
        ("electricity.csv", 4, "item"),
        "unit",
        "'hydro' does not end in a unit; end its name in a unit such as _gwh or _musd",
    ),
]

NETWORK = [
    Case(
        "check_zone_shares",
        cell("zones", 2, "share", "0.5"),
        ("zones.csv", 2, "share"),
        "shares",
        "the 2 shares of XAA/both/all/any sum to 0.9, not 1; correct the shares",
    ),
    Case(
        "check_zones_of_economies",
        without("zones", 7),
        ("economies.csv", 4, "iso3"),
        "zones",
        "XAC has no zones for role both, commodity all, partner any; add them to zones.csv",
    ),
    Case(
        "check_link_lengths",
        cell("links", 4, "length_km", "96"),  # 111.2 km less 15 for assumed places: 96.2
        ("links.csv", 4, "length_km"),
        "length",
        "96 km is shorter than the great circle, 111 km",
    ),
    Case(
        "check_link_lengths",
        cell("links", 4, "length_km", "359"),  # 3 · 111.2 + 25 = 358.6
        ("links.csv", 4, "length_km"),
        "length",
        "359 km is more than 3 times the great circle, 111 km",
    ),
    Case(
        "check_link_lengths",
        both(
            cell("places", 2, "basis", "reported"),
            cell("places", 4, "basis", "reported"),
            cell("links", 4, "length_km", "108"),  # reported places: 111.2 - 3 = 108.2
        ),
        ("links.csv", 4, "length_km"),
        "length",
        "108 km is shorter than the great circle, 111 km",
    ),
    Case(
        "check_pipeline_detours",
        cell("pipelines", 2, "length_km", "9000"),
        ("pipelines.csv", 2, "length_km"),
        "sense",
        "9,000 km, but the great circle between its ends is",
    ),
    Case(
        "check_zone_access",
        both(
            row("places", "lone_rock", "Lone Rock", "XAC", "1", "-147", "city"),
            cell("zones", 7, "place", "lone_rock"),
        ),
        ("zones.csv", 7, "place"),
        "zone-access",
        "no operating link reaches lone_rock",
    ),
    Case(
        "check_zone_access",
        both(
            cell("links", 5, "status", "construction"),
            row(
                "project_effects",
                "ferry_far_line",
                "links",
                "ferry_south_far",
                "open",
                "status",
                "operating",
            ),
        ),
        ("zones.csv", 7, "place"),
        "zone-access",
        "no operating link reaches far_haven",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "no_link", "2020", "5", "", "", "", ""),
        ("capacities.csv", 2, "rows"),
        "capacity",
        "no_link is no row of links; name a row of links.csv",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill;road_south_east", "2020", "5", "", "", "", ""),
        ("capacities.csv", 2, "rows"),
        "capacity",
        "rows of links do not share a capacity here; write one row for each",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill", "2020", "", "", "", "", ""),
        ("capacities.csv", 2, "capacity_t"),
        "capacity",
        "no capacity; give capacity_t, capacity_teu or train_pairs_per_day",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill", "2020", "5", "", "2", "", "900"),
        ("capacities.csv", 2, "capacity_t"),
        "capacity",
        "tonnes and trains together",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill", "2020", "", "5", "", "", ""),
        ("capacities.csv", 2, "capacity_teu"),
        "capacity",
        "a capacity in containers of links; use capacity_t",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill", "2020", "", "", "5", "", ""),
        ("capacities.csv", 2, "net_t_per_train"),
        "capacity",
        "pairs of trains without the load of a train",
    ),
    Case(
        "check_capacities",
        row("capacities", "links", "road_north_hill", "2020", "", "", "5", "5", "900"),
        ("capacities.csv", 2, "passenger_pairs_per_day"),
        "capacity",
        "5 is not below train_pairs_per_day 5; lower it",
    ),
    Case(
        "check_capacities",
        both(
            row("capacities", "crossings", "far_haven/XAB/XAC/ferry", "2020", "5", "", "", "", ""),
            row(
                "capacities",
                "crossings",
                "far_haven/XAB/XAC/ferry;far_haven/XAC/XAB/ferry",
                "2022",
                "9",
                "",
                "",
                "",
                "",
            ),
        ),
        ("capacities.csv", 3, "rows"),
        "capacity",
        "far_haven/XAB/XAC/ferry shares another capacity in an earlier row; name the same rows in each year",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "links", "no_link", "", "", "5", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "rows"),
        "hard capacity",
        "no_link is no row of links; name a row of links.csv",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "pipelines", "gas_far_south", "", "", "", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "capacity_t"),
        "hard capacity",
        "gas_far_south of pipelines has no capacity of its own; fill capacity_mt of that row, or",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "economies", "XAB", "", "", "5", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "mode"),
        "hard capacity",
        "no mode is loaded; name it: rail, road, sea or ferry",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "economies", "XAB", "rail", "", "", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "capacity_t"),
        "hard capacity",
        "loading in an economy has no capacity of its own; fill it from a document",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "links", "road_north_hill", "rail", "", "5", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "mode"),
        "hard capacity",
        "rows of links have their own mode; leave the cell empty",
    ),
    Case(
        "check_hard_capacities",
        row("hard_capacities", "h", "links", "road_north_hill", "", "", "5", ""),
        ("hard_capacities.csv", 2, "id"),
        "hard capacity",
        "h has no owner; add its owners to capacity_owners.csv",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "zones", "north_hill/XAB", "", "", "5", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "rows"),
        "hard capacity",
        "north_hill/XAB is no zone; write place/economy of a row of zones.csv",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "zones", "north_port/XAA", "", "", "", ""),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "capacity_t"),
        "hard capacity",
        "a zone has no capacity of its own; fill it from a document",
    ),
    Case(
        "check_hard_capacities",
        both(
            row("hard_capacities", "h", "links", "road_north_hill", "", "", "5", "6"),
            row("capacity_owners", "h", "XAB", "1"),
        ),
        ("hard_capacities.csv", 2, "domestic_t"),
        "hard capacity",
        "domestic use of 6 t takes all of the 5 t; leave a capacity for trade, or correct the figure",
    ),
    Case(
        "check_capacity_owners",
        both(
            row("hard_capacities", "h", "links", "road_north_hill", "", "", "5", ""),
            row("capacity_owners", "h", "XAB", "0.7"),
            row("capacity_owners", "h", "XAA", "0.2"),
        ),
        ("capacity_owners.csv", 2, "share"),
        "owner",
        "the 2 shares of h sum to 0.9, not 1; correct the shares",
    ),
    Case(
        "check_domestic_traffic",
        row("domestic_traffic", "north_port", "south_port", "ore", "1000", "2023"),
        ("domestic_traffic.csv", 2, "to"),
        "domestic traffic",
        "north_port is in XAA, south_port in XAB; domestic traffic stays in one territory",
    ),
    Case(
        "check_pipeline_lengths",
        both(
            row("commodities", "crude_oil", "Oil", "liquid_bulk", "yes", "600", "0.1", "4", "27"),
            row(
                "pipelines",
                "oil_far_south",
                "Oil line",
                "far_haven",
                "south_port",
                "XAC;XAB",
                "crude_oil",
                "",
                "2",
                "",
                "",
                "",
                "",
                "",
                "Mt/a",
                "",
                "",
                "operating",
                "",
                "",
            ),
        ),
        ("pipelines.csv", 3, "length_km"),
        "pipeline length",
        "a pipeline of crude_oil has no length; fill it from a document",
    ),
    Case(
        "check_islands",
        without("islands", 2),
        ("links.csv", 2, None),
        "island",
        "road among hill_town, north_port has no link to the largest component of road",
    ),
    Case(
        "check_islands",
        row("islands", "road", "north_port"),
        ("islands.csv", 3, "place"),
        "island",
        "the road island of hill_town is declared already",
    ),
    Case(
        "check_islands",
        row("islands", "ferry", "far_haven"),
        ("islands.csv", 3, "place"),
        "island",
        "far_haven is in the largest component of ferry",
    ),
    Case(
        "check_stations",
        cell("crossings", 4, "mode", "road"),
        ("crossings.csv", 4, "mode"),
        "no-link",
        "no link of mode road serves far_haven",
    ),
    Case(
        "check_stations",
        cell("transfers", 3, "to_mode", "rail"),
        ("transfers.csv", 3, "to_mode"),
        "no-link",
        "no link of mode rail serves north_port",
    ),
    Case(
        "check_borders",
        both(
            row(
                "links",
                "rail_tunnel",
                "north_port",
                "south_port",
                "rail",
                "115",
                "1520",
                "1",
                "no",
                "50",
                "",
                "",
                "operating",
                "",
                "",
                "strait",
            ),
            row(
                "crossings",
                "south_port",
                "XAA",
                "XAB",
                "rail",
                "no",
                "4",
                "",
                "",
                "",
                "",
                "20",
                "2",
                "",
                "",
                "operating",
                "2021",
            ),
        ),
        ("links.csv", 7, None),
        "free-border",
        "the border from XAB to XAA has no row in crossings, so it would be free; add one at north_port",
    ),
]

EFFECT = ("project_effects.csv", "effect")


def effect(line: int, field: str, plant: Plant, message: str) -> Case:
    return Case("check_effects", plant, ("project_effects.csv", line, field), "effect", message)


EDITS = [
    effect(
        3,
        "row",
        cell("project_effects", 3, "row", "north_port/road/fery"),
        "transfers has no row 'north_port/road/fery'; did you mean north_port/road/ferry",
    ),
    effect(
        3,
        "field",
        cell("project_effects", 3, "field", "capacity"),
        "transfers has no field 'capacity'; did you mean capacity_t",
    ),
    effect(3, "value", cell("project_effects", 3, "value", "-1"), "-1 is below 0"),
    effect(3, "value", cell("project_effects", 3, "value", "twice"), "'twice' is not a number"),
    effect(3, "value", cell("project_effects", 3, "value", "inf"), "'inf' is not a number"),
    effect(3, "value", cell("project_effects", 3, "value", "1e999"), "'1e999' is out of range"),
    effect(
        6,
        "value",
        cell("project_effects", 6, "value", "99999"),
        "99999 is above 20000; give a value of interconnectors.capacity_mw",
    ),
    effect(6, "value", cell("project_effects", 6, "value", "much"), "'much' is not a number"),
    effect(6, "field", cell("project_effects", 6, "field", "id"), "id is part of the key of interconnectors"),
    effect(
        6,
        "value",
        both(cell("project_effects", 6, "field", "from_iso3"), cell("project_effects", 6, "value", "XAD")),
        "'XAD' does not exist; give a value of interconnectors.from_iso3",
    ),
    effect(
        6,
        "value",
        both(cell("project_effects", 6, "action", "scale"), cell("project_effects", 6, "field", "status")),
        "status is not numeric and cannot be scaled",
    ),
    effect(
        2,
        "value",
        cell("project_effects", 2, "value", "planned"),
        "open sets status to operating, not status to 'planned'",
    ),
    effect(
        7,
        "row",
        row(
            "project_effects",
            "strait_cable_twin",
            "interconnectors",
            "cable_north_south_1",
            "open",
            "status",
            "operating",
        ),
        "cable_north_south_1 of interconnectors operates already; use action set",
    ),
    Case(
        "check_variants",
        cell("variant_edits", 3, "table", "tread"),
        ("variant_edits.csv", 3, "table"),
        "effect",
        "no table is called 'tread'; did you mean trade",
    ),
    Case(
        "check_variants",
        cell("variant_edits", 2, "row", "XAA/XAC/fish/2020"),
        ("variant_edits.csv", 2, "row"),
        "effect",
        "trade has no row 'XAA/XAC/fish/2020'",
    ),
    Case(
        "check_variants",
        cell("variant_edits", 2, "value", "-45"),
        ("variant_edits.csv", 2, "value"),
        "effect",
        "-45 is below 0",
    ),
    Case(
        "check_variants",
        row("variants", "idle", "Idle", "one", "another", "none"),
        ("variants.csv", 3, "id"),
        "effect",
        "variant idle has no edits; add rows to variant_edits.csv",
    ),
    Case(
        "check_planned_rows",
        without("project_effects", 5),
        ("interconnectors.csv", 3, "status"),
        "no-project",
        "cable_north_south_2 is planned and no project opens it",
    ),
    Case(
        "check_planned_rows",
        row(
            "project_effects",
            "strait_cable_twin",
            "interconnectors",
            "cable_north_south_2",
            "open",
            "status",
            "operating",
        ),
        ("interconnectors.csv", 3, "status"),
        "two-projects",
        "cable_north_south_2 is opened by 2 projects",
    ),
]

TIME = [
    Case(
        "check_year_order",
        cell("projects", 2, "completion_year", "2023"),
        ("projects.csv", 2, "completion_year"),
        "time-order",
        "2023 is before start_year 2024",
    ),
    Case(
        "check_year_order",
        cell("projects", 4, "completion_year", "2019"),
        ("projects.csv", 4, "completion_year"),
        "time-order",
        "2019 is before announced_year 2020",
    ),
    Case(
        "check_year_order",
        cell("restrictions", 2, "to_year", "2015"),
        ("restrictions.csv", 2, "to_year"),
        "time-order",
        "2015 is before from_year 2016",
    ),
    Case(
        "check_dates",
        cell("policy_events", 2, "date", "2020-13"),
        ("policy_events.csv", 2, "date"),
        "date",
        "'2020-13' is not a date; write YYYY, YYYY-MM or YYYY-MM-DD",
    ),
    Case(
        "check_dates",
        cell("sources", 2, "date", "2021-02-29"),
        ("sources.csv", 2, "date"),
        "date",
        "'2021-02-29' is not a date",
    ),
    Case(
        "check_growth_spans",
        cell("growth", 6, "to_year", "2039"),
        ("growth.csv", 5, "from_year"),
        "growth-span",
        "XAA gdp runs 2021 to 2039; it must cover 2021 to 2040",
    ),
    Case(
        "check_growth_spans",
        cell("growth", 6, "from_year", "2031"),
        ("growth.csv", 6, "from_year"),
        "growth-span",
        "XAA gdp continues in 2031 after a span to 2030; close the gap or overlap",
    ),
    Case(
        "check_growth_spans",
        cell("growth", 6, "from_year", "2029"),
        ("growth.csv", 6, "from_year"),
        "growth-span",
        "XAA gdp continues in 2029 after a span to 2030; close the gap or overlap",
    ),
    Case(
        "check_growth_spans",
        both(
            cell("growth", 3, "iso3", "XAA"),
            row("growth", "XAB", "population", "2021", "2040", "1"),
        ),
        ("economies.csv", 4, "iso3"),
        "growth-span",
        "XAC has no growth of population",
    ),
]

MONEY = [
    Case(
        "check_domestic_sales",
        cell("trade", 3, "value_musd", "0"),
        ("economies.csv", 3, "iso3"),
        "domestic-sales",
        "XAB has no domestic sales in trade.csv; add a row with XAB as exporter and importer",
    ),
    Case(
        "check_trade_totals",
        cell("trade", 8, "value_musd", "58.9"),  # 98.9 against 100: more than one per cent
        ("trade.csv", 7, "value_musd"),
        "trade-sum",
        "the groups of XAA to XAC sum to 98.90, the total is 100.00",
    ),
    Case(
        "check_trade_totals",
        row("trade", "XAB", "XAC", "ore", "2020", "5", "50000", ""),
        ("trade.csv", 13, "commodity"),
        "trade-sum",
        "XAB to XAC is split by commodity and has no row for all",
    ),
    Case(
        "check_active_rates",
        cell("rates", 5, "active", "yes"),
        ("rates.csv", 5, "active"),
        "active-rate",
        "a second active rate for ferry/any/container",
    ),
    Case(
        "check_one_price",
        cell("rates", 3, "usd_per_teu_km", "0.8"),
        ("rates.csv", 3, "usd_per_tkm"),
        "one-price",
        "given with usd_per_teu_km, for the same cargo; leave one of them empty",
    ),
    Case(
        "check_one_price",
        cell("crossings", 2, "cost_usd_per_vehicle", "50"),
        ("crossings.csv", 2, "cost_usd_per_t"),
        "one-price",
        "given with cost_usd_per_vehicle, for the same cargo",
    ),
    Case(
        "check_one_price",
        both(cell("crossings", 2, "cost_usd_per_t", ""), cell("crossings", 2, "cost_usd_per_teu", "")),
        ("crossings.csv", 2, "cost_usd_per_t"),
        "one-price",
        "empty, like the others; give a charge",
    ),
    Case(
        "check_transit_rates",
        cell("rates", 3, "transit_usd_per_tkm", "0.1"),
        ("rates.csv", 3, "transit_usd_per_tkm"),
        "transit-rate",
        "a rate of transit with scope any, which is no country of places.csv; name a country as scope",
    ),
    Case(
        "check_seasons",
        cell("crossings", 2, "dwell_winter_h", "9"),
        ("crossings.csv", 2, "dwell_summer_h"),
        "seasons",
        "empty, but the other season has a time; give a time for both seasons or neither",
    ),
    Case(
        "check_seasons",
        both(cell("crossings", 2, "dwell_winter_h", "12"), cell("crossings", 2, "dwell_summer_h", "0")),
        ("crossings.csv", 2, "dwell_h"),
        "seasons",
        "4 is not the mean of five months of winter and seven of summer; expected 5.0",
    ),
    Case(
        "check_economy_figures",
        cell("economies", 2, "gdp_musd", "0"),
        ("economies.csv", 2, "gdp_musd"),
        "sense",
        "XAA has 0; expected a value > 0",
    ),
    Case(
        "check_economy_figures",
        both(
            cell("economies", 2, "electricity_demand_gwh", "50000"),  # of 100,000 persons
            cell("economies", 2, "peak_load_mw", ""),
        ),
        ("economies.csv", 2, "electricity_demand_gwh"),
        "sense",
        "50,000 for 100,000 persons is 5e+05 kWh a head; expected 10 to 100,000",
    ),
    Case(
        "check_peers",
        both(second_ferry("a", "600000"), second_ferry("b", "600")),
        ("links.csv", 8, "capacity_t"),
        "sense",
        "600 is about 1,000 times less than 4 others, 300,000 to 600,000; is it in another unit",
    ),
    Case(
        "check_freight_sizes",
        both(*(cell("links", line, "capacity_t", "300") for line in (4, 5, 6))),  # of 1.4 Mt traded
        ("links.csv", 4, "capacity_t"),
        "sense",
        "half of the capacities are 300 or less, far below trade",
    ),
    Case(
        "check_trade_sizes",
        both(cell("trade", 8, "tonnes", "600"), cell("trade", 9, "tonnes", "13")),
        ("trade.csv", 8, "tonnes"),
        "sense",
        "are tonnes in kt",
    ),
    Case(
        "check_trade_sizes",
        both(cell("economies", 4, "gdp_musd", "12"), cell("economies", 4, "population", "3000")),
        ("economies.csv", 4, "gdp_musd"),
        "sense",
        "XAC exports 16.7 times its GDP of 12 USD million",
    ),
    Case(
        "check_power_sizes",
        cell("plants", 2, "capacity_mw", "70000"),  # kW
        ("economies.csv", 2, "electricity_demand_gwh"),
        "sense",
        "500 GWh, but plants of 70,000 MW operate, 613,200 GWh a year at most",
    ),
    Case(
        "check_power_sizes",
        cell("economies", 2, "peak_load_mw", "90000"),  # kW
        ("economies.csv", 2, "peak_load_mw"),
        "sense",
        "90,000 MW is 1.58e+03 times the mean load, 57.0776 MW",
    ),
    Case(
        "check_trade_sizes",
        cell("trade", 2, "value_musd", "480000"),  # USD thousand
        ("economies.csv", 2, "gdp_musd"),
        "sense",
        "home sales of XAA are 480 times its GDP of 1,000 USD million",
    ),
    Case(
        "check_partner_members",
        row("partners", "others", "Others", "XIU;XIU", "2", "no"),
        ("partners.csv", 3, "members"),
        "overlap",
        "XIU is a member of others twice",
    ),
    Case(
        "check_partner_members",
        row("partners", "others", "Others", "XIU;XAC", "2", "yes"),
        ("partners.csv", 3, "members"),
        "overlap",
        "XAC is a member of farland too",
    ),
    Case(
        "check_exposure_shares",
        row("partner_exposure", "XAA", "XBKF", "goods_exports", "2021", "19", "", "", ""),
        ("partner_exposure.csv", 2, "share_pct"),
        "shares",
        "the shares of XAA/goods_exports/2021 sum to 102 %",
    ),
]


def ranged(line: int, field: str, plant: Plant, message: str) -> Case:
    return Case("check_assumption_ranges", plant, ("assumption_ranges.csv", line, field), "range", message)


RANGES = [
    ranged(2, "low_factor", cell("assumption_ranges", 2, "low_factor", "1"), "1 is the assumed value"),
    ranged(2, "high_factor", cell("assumption_ranges", 2, "high_factor", ""), "there is no factor"),
    ranged(
        2,
        "low_factor",
        both(
            cell("assumption_ranges", 2, "varies", "rents"), cell("assumption_ranges", 2, "high_factor", "")
        ),
        "the tables have its low and high figures; leave it empty",
    ),
    ranged(
        2,
        "modes",
        cell("assumption_ranges", 2, "modes", "road"),
        "growth does not differ by modes; only capacity or charges or dwell or rates does",
    ),
    ranged(
        3,
        "carriers",
        cell("assumption_ranges", 3, "carriers", "oil"),
        "rates does not differ by carriers; only capital_cost or fuel_price does",
    ),
    ranged(
        4,
        "carriers",
        cell("assumption_ranges", 4, "carriers", "wind"),
        "'wind' has no fuel price; add fuel_usd_per_mwh_th to power_costs",
    ),
    ranged(
        4,
        "carriers",
        both(
            cell("assumption_ranges", 4, "varies", "capital_cost"),
            cell("assumption_ranges", 4, "carriers", "oil"),
        ),
        "'oil' has no capital cost; add it to power_costs",
    ),
    ranged(
        4,
        "varies",
        both(
            without("power_costs", 3),
            cell("assumption_ranges", 4, "carriers", ""),
            without("uncertainty_rules", 6),
        ),
        "no carrier has a fuel price",
    ),
    ranged(
        3,
        "tables",
        cell("assumption_ranges", 3, "tables", "rates;rate"),
        "no table is called 'rate'; did you mean rates",
    ),
    ranged(
        3,
        "tables",
        cell("assumption_ranges", 3, "tables", "sources"),
        "sources has no basis of its rows",
    ),
    ranged(
        2,
        "id",
        cell("assumption_ranges", 2, "id", "fish_by_buyer"),
        "fish_by_buyer is a variant too",
    ),
]


def studied(line: int, field: str, plant: Plant, message: str) -> Case:
    return Case("check_studies", plant, ("studies.csv", line, field), "study", message)


STUDIES = [
    studied(2, "column", cell("studies", 2, "column", ""), "there is no value; give what is read"),
    studied(4, "plan", cell("studies", 4, "table", "economies"), "there is no plan"),
    studied(2, "where", cell("studies", 2, "where", "iso3"), "'iso3' is no condition"),
    studied(2, "value_low", cell("studies", 2, "value_low", "3"), "3 is above value_high, 2"),
]


def uncertain(line: int, field: str, plant: Plant, message: str) -> Case:
    at = ("uncertainty_rules.csv", line, field)
    return Case("check_uncertainty_rules", plant, at, "uncertainty", message)


def rule(line: int, field: str, value: str) -> Plant:
    return cell("uncertainty_rules", line, field, value)


UNCERTAINTY = [
    uncertain(2, "table", rule(2, "table", "growt"), "no table with a basis is called 'growt'; did you mean"),
    uncertain(2, "table", rule(2, "table", "sources"), "no table with a basis is called 'sources'"),
    uncertain(
        2, "fields", rule(2, "fields", "pct_a"), "growth has no figure 'pct_a'; did you mean pct_per_a"
    ),
    uncertain(2, "fields", rule(2, "fields", "from_year"), "growth has no figure 'from_year'"),
    uncertain(2, "by", rule(2, "by", "iso"), "growth has no column 'iso'; did you mean iso3"),
    uncertain(2, "where", rule(2, "where", "item"), "'item' is no condition; write column=value"),
    uncertain(2, "where", rule(2, "where", "itm=gdp"), "growth has no column 'itm'; did you mean item"),
    uncertain(2, "where", rule(2, "where", "item=gold"), "no row of growth satisfies it"),
    uncertain(2, "spread", rule(2, "spread", "standard_error"), "growth has no column standard_error"),
    uncertain(2, "spread", rule(2, "spread", "range"), "growth has no low and high field of pct_per_a"),
    uncertain(2, "derived_pct", rule(2, "derived_pct", ""), "there is no width"),
    uncertain(4, "centre", rule(4, "centre", "mean"), "the median of a normal factor is its mean"),
    uncertain(2, "assumed_pct", rule(2, "derived_pct", "50"), "40 above 50 above 10 (assumed, derived,"),
    uncertain(
        6,
        "where",
        both(
            rule(6, "where", ""),
            rule(5, "table", "power_costs"),
            rule(5, "fields", "value"),
            rule(5, "where", ""),
        ),
        "value of a row of power_costs is drawn by carriage too",
    ),
]

MONTHS = range(1, 13)


def releases(
    line: int,
    field: str,
    *,
    months: range = MONTHS,
    least: str = "0.5",
    greatest: str = "2",
    message: str,
) -> Case:
    rows = (row("power_releases", "XAB", "Brook", str(month), least, greatest) for month in months)
    return Case("check_releases", both(*rows), ("power_releases.csv", line, field), "releases", message)


def cascade(field: str, *edits: Plant, line: int = 2, message: str) -> Case:
    return Case("check_cascades", both(*edits), ("power_cascades.csv", line, field), "cascades", message)


POWER = [
    Case(
        "check_hourly_series",
        row("power_hourly", "north_load", "1", *["1"] * 24),
        ("power_hourly.csv", 2, "series"),
        "hourly-series",
        "series north_load has 1 of 365 days: day 2 is missing; add the days",
    ),
    Case(
        "check_availability",
        row("power_availability", "any", "oil", "availability", "1", "1"),
        ("power_availability.csv", 2, "month"),
        "availability",
        "availability of oil in any has 1 of 12 months; add the months",
    ),
    Case(
        "check_availability",
        # Days weigh the months: (31 · 2 + 334) / 365 = 1.085.
        both(
            *(
                row("power_availability", "XAA", "oil", "availability", str(m), "2" if m == 1 else "1")
                for m in MONTHS
            )
        ),
        ("power_availability.csv", 2, "value"),
        "availability",
        "availability of oil in XAA has a mean of 1.085 over the year, not 1; divide the months by it",
    ),
    Case(
        "check_availability",
        both(*(row("power_availability", "XAA", "oil", "heat_floor", str(m), "1.2") for m in MONTHS)),
        ("power_availability.csv", 2, "value"),
        "availability",
        "heat_floor of oil in XAA is above 1; give a share of capacity",
    ),
    Case(
        "check_gas_limits",
        row("power_gas_limits", "XAA", "gas", "1", "100", "40", "2021"),
        ("power_gas_limits.csv", 2, "month"),
        "gas-limits",
        "the limit of gas in XAA from 2021 has 1 of 12 months; add the months",
    ),
    releases(2, "month", months=range(1, 2), message="the release of Brook in XAB has 1 of 12 months"),
    releases(
        2,
        "min_share",
        least="1.1",
        greatest="2",
        message="cannot have its mean: min_share is 1.100 over the year",
    ),
    releases(
        2, "max_share", greatest="0.9", message="cannot have its mean: max_share is 0.900 over the year"
    ),
    Case(
        "check_releases",
        both(
            *(row("power_releases", "XAB", "Brook", str(m), "0.5", "2") for m in MONTHS),
            cell("power_releases", 4, "min_share", "2.1"),
        ),
        ("power_releases.csv", 4, "min_share"),
        "releases",
        "2.1 is above max_share 2; exchange the two",
    ),
    Case(
        "check_unit_values",
        row("unit_values", "XAA", "any", "ore", "90", "95", "120"),
        ("unit_values.csv", 2, "low_usd_per_t"),
        "unit values",
        "95 is above usd_per_t 90; lower it",
    ),
    Case(
        "check_unit_values",
        row("unit_values", "XAA", "any", "ore", "90", "60", "80"),
        ("unit_values.csv", 2, "high_usd_per_t"),
        "unit values",
        "80 is below usd_per_t 90; raise it",
    ),
    Case(
        "check_customs_unions",
        row("customs_unions", "isles", "XAA", "60", "", "", "", "", ""),
        ("customs_unions.csv", 2, "duties_share_pct"),
        "customs unions",
        "sum to 60 %; give every member",
    ),
    Case(
        "check_company_shares",
        row("company_shares", "ferry_far_line", "XAA", "60"),
        ("company_shares.csv", 2, "share_pct"),
        "company shares",
        "sum to 60 %; give every shareholder",
    ),
    Case(
        "check_owner_payments",
        row(
            "owner_payments",
            "late",
            "north_oil",
            "XAA",
            "XAC",
            "availability",
            "50",
            "",
            "",
            "4",
            "",
            "2030",
            "2029",
        ),
        ("owner_payments.csv", 2, "until_year"),
        "owner payments",
        "2029 is before from_year 2030",
    ),
    Case(
        "check_owner_payments",
        row(
            "owner_payments",
            "two",
            "north_oil",
            "XAA",
            "XAC",
            "take_or_pay",
            "50",
            "9",
            "20",
            "4",
            "",
            "2030",
            "2040",
        ),
        ("owner_payments.csv", 2, "musd_a"),
        "owner payments",
        "an amount and a volume or price too; give one",
    ),
    Case(
        "check_owner_payments",
        row(
            "owner_payments",
            "half",
            "north_oil",
            "XAA",
            "XAC",
            "take_or_pay",
            "50",
            "9",
            "",
            "",
            "",
            "2030",
            "2040",
        ),
        ("owner_payments.csv", 2, "usd_per_mwh"),
        "owner payments",
        "a volume or a price but not both",
    ),
    Case(
        "check_transit_costs",
        row("transit_costs", "line_haul", "rail", "any", "70", "80", "90", "60", "40", "80"),
        ("transit_costs.csv", 2, "retained_low_pct"),
        "transit costs",
        "80 is above retained_pct 70; lower it",
    ),
    Case(
        "check_transit_costs",
        row("transit_costs", "line_haul", "rail", "any", "70", "50", "90", "60", "40", "50"),
        ("transit_costs.csv", 2, "avoidable_high_pct"),
        "transit costs",
        "50 is below avoidable_pct 60; raise it",
    ),
    Case(
        "check_transit_costs",
        row("transit_costs", "terminal", "rail", "any", "70", "50", "90", "60", "40", "80"),
        ("transit_costs.csv", 2, "mode"),
        "transit costs",
        "a terminal has no mode rail; use any",
    ),
    cascade(
        "downstream",
        row("power_cascades", "lower", "XAB", "Brook", "south_hydro", "upper", "1", "", "10"),
        row("plants", "north_hydro", "North stream", "XAB", "hydro", "5", "", "", "operating", *[""] * 7),
        row("power_cascades", "upper", "XAB", "Brook", "north_hydro", "lower", "1", "", "10"),
        message="water of lower returns to it; leave downstream of the lowest reservoir empty",
    ),
    cascade(
        "plants",
        row("power_cascades", "upper", "XAB", "Brook", "hill_wind_1", "", "1", "", "10"),
        message="hill_wind_1 is a plant of wind; list hydropower plants",
    ),
    cascade(
        "plants",
        row("power_cascades", "lower", "XAB", "Brook", "south_hydro", "", "1", "", "10"),
        row("power_cascades", "upper", "XAB", "Brook", "south_hydro", "lower", "1", "", "10"),
        line=3,
        message="south_hydro is listed by lower too; keep one of them",
    ),
    Case(
        "check_withdrawals",
        row("power_withdrawals", "any", "wind", "1", "90", "no"),
        ("power_withdrawals.csv", 2, "years_since"),
        "withdrawals",
        "wind of any has no row for years_since 0; add the first year",
    ),
]


def contract(seller: str, buyer: str, line: str, price: str, swap: str, until: str = "") -> Plant:
    cells = ("", "", "", price, "", swap, "2021", until)
    return row("power_contracts", "isles_contract", seller, buyer, line, *cells)


def contracted(field: str, plant: Plant, message: str) -> Case:
    return Case("check_contracts", plant, ("power_contracts.csv", 2, field), "contract", message)


CABLE = "cable_north_south_1"
CONTRACTS = [
    contracted("usd_per_mwh", contract("XAA", "XAB", CABLE, "", "no"), "no price"),
    contracted("usd_per_mwh", contract("XAA", "XAB", CABLE, "20", "yes"), "a swap has no price"),
    contracted("until_year", contract("XAA", "XAB", CABLE, "20", "no", "2020"), "before from_year 2021"),
    contracted("buyer", contract("XAA", "XAA", CABLE, "20", "no"), "XAA sells to itself"),
    contracted(
        "line", contract("XAC", "XAB", CABLE, "20", "no"), "'cable_north_south_1' does not start in XAC"
    ),
    contracted("line", contract("XAA", "XAC", CABLE, "20", "no"), "the lines end in XAB, not in XAC"),
    contracted(
        "line", contract("XAA", "XAB", f"{CABLE};{CABLE}", "20", "no"), "the lines end in XAA, not in XAB"
    ),
]

BUILDING = row("sectors", "building", "Building", "home", "building", "F")


def sectors(rule: str, table: str, line: int, field: str | None, message: str, plant: Plant) -> Case:
    return Case(rule, plant, (f"{table}.csv", line, field), "sectors", message)


def header_only(table: str) -> Plant:
    return lambda pack: pack.write(table, pack.rows(table)[:1])


SECTORS = [
    sectors(
        "check_sector_tables",
        "sectors",
        5,
        "aggregate",
        "primary holds sectors of kind goods and of kind network; put it into another one",
        cell("sectors", 5, "aggregate", "primary"),
    ),
    sectors(
        "check_sector_tables",
        "sectors",
        2,
        None,
        "elasticities.csv has no rows; fill it, or leave sectors.csv empty",
        header_only("elasticities"),
    ),
    sectors(
        "check_sector_outputs",
        "sector_outputs",
        10,
        "gross_output_musd",
        "18.00 is not the sum of the sales, 16.00; correct it, or the sales in sector_flows.csv",
        both(
            cell("sector_outputs", 10, "gross_output_musd", "18"),
            cell("sector_outputs", 10, "value_added_musd", "9"),
        ),
    ),
    sectors(
        "check_sector_outputs",
        "sector_outputs",
        7,
        "value_added_musd",
        "12.50 is above gross output, 12.00; lower it",
        both(
            cell("sector_outputs", 7, "value_added_musd", "12.5"),
            *(without("input_shares", 21) for _ in range(3)),
            without("sector_adjustments", 3),
        ),
    ),
    sectors(
        "check_sector_outputs",
        "sector_flows",
        29,
        "exporter",
        "XAC/building has no row in sector_outputs.csv; add its output",
        both(BUILDING, row("sector_flows", "XAC", "XAC", "building", "5")),
    ),
    sectors(
        "check_input_shares",
        "input_shares",
        2,
        "share",
        "the input shares of XAA/mining and value added sum to 1.1000, not 1 (value added is 0.6000",
        cell("input_shares", 2, "share", "0.2"),
    ),
    sectors(
        "check_input_shares",
        "input_shares",
        59,
        "sector",
        "XAA/building has no row in sector_outputs.csv; add its output",
        both(BUILDING, row("input_shares", "XAA", "building", "services", "0.1")),
    ),
    sectors(  # 0.05 of 173 in manufacturing and 0.4 of 16 in power: 8.65 + 6.4
        "check_input_shares",
        "input_shares",
        28,
        "input",
        "XAB uses 15.05 of mining as input and has 12.00; lower the shares of this input",
        both(cell("input_shares", 33, "share", "0.4"), cell("input_shares", 35, "share", "0")),
    ),
    sectors(
        "check_home_sectors",
        "sector_flows",
        29,
        "sector",
        "building is of kind home and sold from XAC to XAA; delete the row",
        both(
            BUILDING,
            row("sector_outputs", "XAC", "building", "5", "2"),
            row("sector_flows", "XAC", "XAA", "building", "5"),
        ),
    ),
    sectors(
        "check_elasticities",
        "elasticities",
        2,
        "value",
        "the elasticity used for mining is not above 0; give a positive one",
        cell("elasticities", 2, "value", "0"),
    ),
    sectors(
        "check_elasticities",
        "sectors",
        2,
        "id",
        "mining has no elasticity of study recommended for short_run; add it to elasticities.csv",
        without("elasticities", 2),
    ),
    sectors(
        "check_sector_tariffs",
        "sector_tariffs",
        8,
        "importer",
        "XAC has a tariff on its own goods; delete the row",
        row("sector_tariffs", "XAC", "XAC", "fishing", "5"),
    ),
    sectors(
        "check_sector_tariffs",
        "sector_tariffs",
        2,
        "sector",
        "XAA/XAB has a row for all and rows for sectors; keep one or the other",
        row("sector_tariffs", "XAA", "XAB", "mining", "5"),
    ),
    sectors(
        "check_entrepot",
        "entrepot",
        2,
        "hub",
        "XAC/XAB/XAB names an economy twice; name three economies",
        cell("entrepot", 2, "hub", "XAB"),
    ),
    sectors(
        "check_entrepot",
        "entrepot",
        3,
        "value_musd",
        "60.00 of fishing passes hubs from XAB to XAC, which buys 45.00",
        cell("entrepot", 3, "value_musd", "60"),
    ),
    sectors(
        "check_specific_factors",
        "specific_factors",
        2,
        "value_added_share_low",
        "0.6 is above value_added_share 0.5; correct the range",
        cell("specific_factors", 2, "value_added_share_low", "0.6"),
    ),
    sectors(
        "check_specific_factors",
        "specific_factors",
        2,
        "value_added_share_high",
        "0.4 is below value_added_share 0.5; correct the range",
        cell("specific_factors", 2, "value_added_share_high", "0.4"),
    ),
    sectors(
        "check_specific_factors",
        "specific_factors",
        4,
        "sector",
        "XAB has no building in sector_outputs.csv; delete the row, or add its output",
        both(BUILDING, row("specific_factors", "XAB", "building", "0.4", "0.2", "0.6", "0")),
    ),
    sectors(
        "check_income_transfers",
        "income_transfers",
        2,
        "receiver",
        "XAA pays itself; name two economies",
        cell("income_transfers", 2, "payer", "XAA"),
    ),
    sectors(
        "check_sector_adjustments",
        "sector_adjustments",
        2,
        "final",
        "61 is not value_musd of XAA/XAC/mining in sector_flows.csv, 60; correct it",
        cell("sector_adjustments", 2, "final", "61"),
    ),
    sectors(
        "check_sector_adjustments",
        "sector_adjustments",
        2,
        "field",
        "sector_flows has no share; name its column",
        cell("sector_adjustments", 2, "field", "share"),
    ),
]


def gas(exporter: str, importer: str, *plants: Plant) -> Plant:
    """Add a sector whose goods need a pipeline or terminals, and one sale of 5 million."""
    return both(
        row("commodities", "natural_gas", "Gas", "liquid_bulk", "no", "400", "0", "4", "27"),
        row("sectors", "gas", "Gas", "network", "gas", "B06"),
        row("sector_commodities", "gas", "natural_gas"),
        row("elasticities", "all", "short_run", "recommended", "0.1", ""),
        row("elasticities", "all", "long_run", "recommended", "1", ""),
        row("sector_outputs", exporter, "gas", "5", "5"),
        row("sector_flows", exporter, importer, "gas", "5"),
        *([without("sector_adjustments", 3)] if exporter == "XAB" else []),
        *plants,
    )


NO_FAR_ROUTE = without("gas_routes", 2)
SUSPENDED = cell("pipelines", 2, "status", "suspended")


def routed(plant: Plant, line: int, message: str, table: str = "sector_flows") -> Case:
    rule = "check_gas_routes" if table == "sector_flows" else "check_gas_route_ends"
    return Case(rule, plant, (f"{table}.csv", line, "importer"), "gas route", message)


GAS = [
    routed(gas("XAB", "XAC"), 29, "XAB sells XAC 5.00 of gas without a route; add a pipeline or terminals"),
    routed(gas("XAC", "XAB", NO_FAR_ROUTE, SUSPENDED), 29, "XAC sells XAB 5.00 of gas without a route"),
    routed(gas("XAC", "XAA", without("gas_routes", 3)), 29, "XAC sells XAA 5.00 of gas without a route"),
    routed(
        row("gas_routes", "any", "any", "lng", "All"),
        5,
        "terminals of any and any; name one economy, and any at the other end",
        "gas_routes",
    ),
    routed(
        row("gas_routes", "XAA", "XAA", "pipeline", "Ring"),
        5,
        "a pipeline from XAA to XAA; name two economies",
        "gas_routes",
    ),
]

CASES = [
    *REFERENCES,
    *PROVENANCE,
    *NETWORK,
    *EDITS,
    *TIME,
    *MONEY,
    *RANGES,
    *UNCERTAINTY,
    *STUDIES,
    *POWER,
    *CONTRACTS,
    *SECTORS,
    *GAS,
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.message[:40]}")
def test_violation_is_found_at_its_row_by_its_rule_only(case: Case, pack: PackCopy) -> None:
    case.plant(pack)
    faults = pack.faults()
    assert [(fault.file, fault.line, fault.field, fault.kind) for fault in faults] == [(*case.at, case.kind)]
    assert case.message in str(faults[0])
    read = read_pack(pack.folder)
    assert read.descriptor is not None
    # The check runs all rules, so no other rule finds the violation.
    (rule,) = (rule for rule in RULES if rule.find.__name__ == case.rule)
    assert list(rule.find(read.tables, read.descriptor.sogdia)) == faults


@pytest.mark.parametrize("table", ["links", "pipelines"])
def test_length_in_metres_is_recognised(table: str, pack: PackCopy) -> None:
    pack.set(table, 2, "length_km", "60000" if table == "links" else "230000")
    fixes = [fault.suggested_fix for fault in pack.faults()]
    assert fixes[-1] == "is it in metres?"


def test_every_rule_has_a_violation() -> None:
    assert {case.rule for case in CASES} == {rule.find.__name__ for rule in RULES}


@pytest.mark.parametrize(
    "plant",
    [
        pytest.param(cell("links", 4, "length_km", "97"), id="a link a little shorter than the map"),
        pytest.param(
            both(cell("places", 2, "basis", "reported"), cell("links", 4, "length_km", "97")),
            id="one end assumed",
        ),
        pytest.param(cell("links", 4, "length_km", "358"), id="a link with a long detour"),
        pytest.param(cell("zones", 2, "share", "0.6000001"), id="shares to a millionth"),
        pytest.param(cell("trade", 8, "value_musd", "59.1"), id="groups within one per cent"),
        pytest.param(
            row("partners", "others", "Others", "XIU;XAC", "2", "no"),
            id="a partner that is not a default one",
        ),
        pytest.param(
            row("partner_exposure", "XAA", "XBKF", "goods_exports", "2021", "17.9", "", "", ""),
            id="shares rounded",
        ),
        pytest.param(cell("sources", 2, "date", "2020-02-29"), id="a leap day"),
        pytest.param(
            row("rates", "ferry", "any", "container", "yes", "", "", "", "", "", "", "20", "2019"),
            id="emissions of another source",
        ),
        pytest.param(row("parties", "XEU", "Another union", "union", ""), id="a union has its own code"),
        pytest.param(row("parties", "QMA", "Another isle", "country", ""), id="a code assigned to users"),
        pytest.param(cell("projects", 2, "start_year", ""), id="a year not known"),
        pytest.param(cell("projects", 2, "start_year", "2027"), id="started and completed in one year"),
        pytest.param(
            both(
                cell("crossings", 4, "status", "planned"),
                *(
                    row(
                        "project_effects",
                        project,
                        "crossings",
                        "far_haven/XAB/XAC/ferry",
                        "open",
                        "status",
                        "operating",
                    )
                    for project in ("ferry_far_line", "hill_wind")
                ),
            ),
            id="a crossing that two projects open",
        ),
        pytest.param(
            row("restrictions", "r", "border", "XAA/XAB", "any", "home", "any", "2016", ""),
            id="a border closed",
        ),
        pytest.param(both(cell("trade", 6, "basis", "reported"), cell("trade", 6, "note", "")), id="no note"),
        pytest.param(
            contract("XAB", "XAA", CABLE, "20", "no", "2021"), id="contract against the line's ends"
        ),
        pytest.param(contract("XAA", "XAB", "", "", "yes"), id="swap on any line"),
        pytest.param(gas("XAC", "XAB", NO_FAR_ROUTE), id="gas by a pipeline of the region"),
        pytest.param(gas("XAC", "XAB", SUSPENDED), id="gas by a pipeline far away"),
        pytest.param(gas("XAC", "XAA"), id="gas between terminals"),
        pytest.param(
            gas(
                "XAC",
                "XAA",
                without("gas_routes", 3),
                row("gas_routes", "XAB", "XAA", "pipeline", "Next"),
            ),
            id="gas through a third economy",
        ),
        pytest.param(cell("sector_outputs", 10, "gross_output_musd", "16.07"), id="output to 0.5 per cent"),
        pytest.param(
            both(
                row("entrepot", "XAB", "XAC", "XAA", "fishing", "15", "no"),
                cell("entrepot", 3, "value_musd", "50"),
                cell("sector_flows", 13, "value_musd", "15"),
                cell("sector_flows", 19, "value_musd", "40"),
            ),
            id="re-exports that a destination sells on",
        ),
        pytest.param(
            row("sector_adjustments", "sector_flows", "XAB/XAC/mining", "value_musd", "0.2", "0.1", "cut"),
            id="an adjusted cell too small for a row",
        ),
    ],
)
def test_valid_change_has_no_errors(plant: Plant, pack: PackCopy) -> None:
    plant(pack)
    assert pack.faults() == []


def test_pack_with_many_errors_lists_all(pack: PackCopy) -> None:
    for plant in (
        block("home_group", "isle"),
        cell("places", 5, "iso3", "XAD"),
        cell("links", 4, "length_km", "-3"),
        cell("zones", 2, "share", "0.5"),
        cell("trade", 3, "value_musd", "lots"),
        cell("rates", 5, "active", "yes"),
        cell("projects", 2, "completion_year", "2018"),
        without("islands", 2),
        row("sources", "tale", "Again", "The tests of Sogdia", "", ""),
        lambda pack: pack.path("deals").write_bytes(b"\xef\xbb\xbf" + pack.path("deals").read_bytes()),
        lambda pack: pack.path("macro").write_text(pack.path("macro").read_text("utf-8") + "XAA,2021\n"),
        lambda pack: pack.path("barriers").unlink(),
    ):
        plant(pack)
    expected = {
        ("datapackage.json", None, "sogdia.home_group", "reference"),
        ("places.csv", 5, "iso3", "reference"),
        ("links.csv", 4, "length_km", "constraint-minimum"),
        ("links.csv", 4, "length_km", "length"),
        ("zones.csv", 2, "share", "shares"),
        ("trade.csv", 3, "value_musd", "type"),
        ("economies.csv", 3, "iso3", "domestic-sales"),
        ("rates.csv", 5, "active", "active-rate"),
        ("projects.csv", 2, "completion_year", "time-order"),
        ("links.csv", 2, None, "island"),
        ("sources.csv", 4, "id", "duplicate-key"),
        ("deals.csv", 1, None, "encoding"),
        ("macro.csv", 4, None, "ragged-row"),
        ("barriers.csv", None, None, "missing-file"),
    }
    faults = pack.faults()
    found = {(fault.file, fault.line, fault.field, fault.kind) for fault in faults}
    # With a table missing, the rules that need every table are skipped; the error of the file says why.
    assert expected - found == {("places.csv", 5, "iso3", "reference")}
    pack.path("barriers").write_text("exporter,importer,commodity,tariff_pct,cost_pct,nontariff_factor\n")
    found = {(fault.file, fault.line, fault.field, fault.kind) for fault in pack.faults()}
    assert expected - found == {
        ("places.csv", 5, "iso3", "reference"),
        ("barriers.csv", None, None, "missing-file"),
    }


def test_errors_are_ordered_by_table_and_line(pack: PackCopy) -> None:
    pack.set("zones", 2, "share", "0.5")
    pack.set("links", 5, "mode", "raft")
    pack.set("links", 3, "mode", "raft")
    pack.edit_descriptor(lambda content: content["sogdia"].update(home_group="isle"))
    places = [(fault.file, fault.line or 0) for fault in pack.faults()]
    assert places == sorted(places, key=lambda place: (place[0] != DESCRIPTOR, place))
