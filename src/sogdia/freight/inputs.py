"""From a case to the arrays an assignment works on: supernetwork and demand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, LabelCodes, label_codes, make_demand
from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Network, make_network
from sogdia.case import Case, unit_values_of
from sogdia.codes import OPERATING
from sogdia.errors import InputError
from sogdia.freight.supernetwork.arcs import TRANSFER, Arc, arcs_table
from sogdia.freight.supernetwork.capacity import NOT_CONTAINER, crossing_capacities
from sogdia.freight.supernetwork.charges import class_charges
from sogdia.freight.supernetwork.constants import Constants, apply_constants, class_costs, constants_of
from sogdia.freight.supernetwork.demand import PAIR, ZoneShares, categories, spread_over_zones, tonnes_by_pair
from sogdia.freight.supernetwork.domestic import domestic_loads
from sogdia.freight.supernetwork.line_haul import LineHaulInputs, haul_arcs
from sogdia.freight.supernetwork.loads import CONTAINER, Loads
from sogdia.freight.supernetwork.nodes import RAIL, StationNodes, nodes_table, zone_node
from sogdia.freight.supernetwork.rates import Rates
from sogdia.freight.supernetwork.restrictions import FreightClass, Restrictions, class_table
from sogdia.freight.supernetwork.services import RailServices, rail_services
from sogdia.freight.supernetwork.terminals import (
    access_arcs,
    gauge_changes,
    pipeline_arcs,
    transfer_arcs,
    unpriced_gauge_changes,
)
from sogdia.tables.summary import ShortRepr

NETWORK_TABLES = (
    "links", "crossings", "transfers", "zones", "pipelines", "domestic_traffic", "capacities"
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class FreightNetwork:
    """Freight network of a case, without demand.

    Attributes:
        network: Nodes are places by mode and zones; the cost unit is the hour. Columns of arcs are those of
            :class:`sogdia.freight.supernetwork.arcs.Arc`.
        nodes: What each node is, by label: ``kind``, ``place``, ``mode``, ``gauge``, ``economy``,
            ``commodity``.
        remarks: Assumptions where the tables have no row, as text.
    """

    network: Network
    nodes: pd.DataFrame
    remarks: tuple[str, ...]


@dataclass(frozen=True, eq=False, repr=False)
class Supernetwork(ShortRepr):
    """Network and demand of a case.

    Attributes:
        case: The case it is built from.
        network: As of :class:`FreightNetwork`, with calibrated constants.
        nodes: As of :class:`FreightNetwork`.
        demand: Tonnes a year between zones, by class.
        classes: User classes by label, in the order of ``demand.classes``: ``commodity``,
            ``restriction_profile`` (empty where none), ``tariff_profile`` (territories with a rate of
            transit in which the pair trades), ``service`` (rail service; empty for the fastest).
        flows: Demand as spread over zones, with ``exporter``, ``importer``, ``commodity``, ``class``.
        remarks: Assumptions where the tables have no row, as text.
        constants: Calibrated constants in costs and charges.
        bare: The network before they were applied.
        services: Rail services of pairs of economies.
    """

    case: Case
    network: Network
    nodes: pd.DataFrame
    demand: Demand
    classes: pd.DataFrame
    flows: pd.DataFrame
    remarks: tuple[str, ...]
    constants: Constants
    bare: Network
    services: RailServices

    @cached_property
    def flow_codes(self) -> LabelCodes:
        """Codes of the flows' zones and classes, computed once for all cases that trade the same goods."""
        return label_codes(self.flows)

    @cached_property
    def charges(self) -> Floats:
        """Charges of each class of demand on each arc, USD/t, (K, A)."""
        classes = self.classes.loc[list(self.demand.classes)]
        tariffs = self.case.table("tariff_classes")
        return class_charges(self.network.arcs, classes, self._cargo, tariffs, self.services.price)

    @cached_property
    def added_hours(self) -> Floats:
        """Hours of each class of demand on each arc beyond those of the fastest rail service, (K, A)."""
        classes = self.classes.loc[list(self.demand.classes)]
        return self.services.added_hours(self.network.arcs, classes, self._cargo)

    @cached_property
    def _cargo(self) -> Mapping[str, str]:
        return {str(k): str(v) for k, v in self.case.table("commodities")["cargo"].items()}

    def economies_of(self, zones: Sequence[str]) -> list[str]:
        """Return the economy of each zone."""
        return self.nodes["economy"].reindex(list(zones)).tolist()

    def commodities_of(self, classes: Sequence[str]) -> list[str]:
        """Return the commodity of each class."""
        return self.classes["commodity"].reindex(list(classes)).tolist()

    def identified(self, demand: Demand) -> pd.DataFrame:
        """Return rows of demand with ``exporter``, ``importer`` and ``commodity``, text as categories.

        Args:
            demand: Demand of this supernetwork, or some rows of it.
        """
        (origin, origins), (destination, destinations), (class_code, classes) = demand.codes
        columns = {
            "origin": categories(origin, origins),
            "destination": categories(destination, destinations),
            "class": categories(class_code, classes),
            "flow": demand.flow,
            "exporter": categories(origin, self.economies_of(origins)),
            "importer": categories(destination, self.economies_of(destinations)),
            "commodity": categories(class_code, self.commodities_of(classes)),
        }
        return pd.DataFrame(columns)


def build_supernetwork(case: Case, constants: Constants | None = None) -> Supernetwork:
    """Build the supernetwork and demand of a case.

    The cost of arc a to commodity k, in hours: ``t_a(v_a) + m_ak / vot_k`` with charges m and value of time
    vot as in :mod:`sogdia.freight.supernetwork.constants`; ``Demand.value_of_time`` holds vot, which turns
    costs into USD/t.

    Args:
        case: Region, plan and scenario.
        constants: Calibrated constants; those of the case's table ``calibration`` if not given.

    Returns:
        The supernetwork, frozen.

    Raises:
        InputError: If nothing operates, no economy exports freight, a mode has no rate, or a constant is out
            of range.
    """
    commodities = case.table("commodities")
    built = build_network(case)
    factors = case.table("demand_factors")
    pairs = tonnes_by_pair(case.table("trade"), commodities, unit_values_of(case), factors)
    if pairs.empty:
        raise InputError("trade.csv: no economy exports a commodity that is freight; expected at least one")
    services = rail_services(case)
    restrictions = Restrictions(case, built.network.arcs, built.nodes, countries(case), services)
    classes = restrictions.classes(*(pairs[name].tolist() for name in PAIR))
    pairs["class"] = [freight_class.label for freight_class in classes]
    _check_value_of_time(commodities.loc[sorted(set(pairs["commodity"]))])
    flows = spread_over_zones(pairs, ZoneShares(case.table("zones"), _groups(case)))
    by_label = {freight_class.label: freight_class for freight_class in classes}
    used = [by_label[label] for label in sorted(set(flows["class"]))]
    # Costs follow with the constants: here an arc is open or closed to a class.
    closed = closed_costs(used, built.network, restrictions, commodities)
    demand = make_demand(flows, built.network, class_cost=closed, file="trade")
    given = constants_of(case) if constants is None else constants
    supernetwork = Supernetwork(
        case, built.network, built.nodes, demand, class_table_of(used), flows, built.remarks, given,
        built.network, services,
    )  # fmt: skip
    return with_constants(supernetwork, given)


def build_network(case: Case) -> FreightNetwork:
    """Build the network of a case before calibrated constants are applied.

    Raises:
        InputError: If nothing operates, or a mode has no rate.
    """
    tables = {name: case.table(name) for name in NETWORK_TABLES}
    commodities, country = case.table("commodities"), countries(case)
    stations, loads = StationNodes(tables["links"]), Loads(case.table("loads"))
    rates = Rates(case.table("rates"), loads)
    domestic = domestic_loads(tables["domestic_traffic"], tables["links"], country)
    group = _groups(case)
    inputs = _line_haul_inputs(case, stations, rates, group, domestic.tonnes)
    freight = frozenset(commodities.index[commodities["freight"].astype(bool)])
    unpriced = _unpriced_places(tables, stations, inputs)
    arcs = list(haul_arcs(tables["links"], inputs))
    arcs += transfer_arcs(tables["transfers"], stations, country, rates, group)
    for place in unpriced:
        arcs += _free_gauge_changes(place, stations, country)
    arcs += access_arcs(tables["zones"], tables["transfers"], stations, country, rates, group)
    arcs += pipeline_arcs(tables["pipelines"], freight, stations, rates, tables["zones"], country)
    remarks = [f"change of gauge at {place}: no row prices it, so it is free" for place in unpriced]
    services = RailServices(case.table("rail_services"), {})
    return _network_of_arcs(arcs, tables["zones"], (*remarks, *domestic.remarks), services)


def calibrated_network(case: Case) -> FreightNetwork:
    """Build the network of a case at its calibrated constants, also where it has no demand.

    Raises:
        InputError: If nothing operates, a mode has no rate, or a constant is out of range.
    """
    built = build_network(case)
    arcs = apply_constants(built.network.arcs, constants_of(case))
    return replace(built, network=replace(built.network, arcs=arcs))


def countries(case: Case) -> Mapping[str, str]:
    """Return the country of each place."""
    return {str(place): str(code) for place, code in case.table("places")["iso3"].items()}


def _groups(case: Case) -> Mapping[str, str]:
    """Return the group of each economy."""
    return dict(zip(case.table("economies")["iso3"], case.table("economies")["group"], strict=True))


def with_constants(supernetwork: Supernetwork, constants: Constants) -> Supernetwork:
    """Return the same supernetwork at other constants."""
    demand, bare = supernetwork.demand, supernetwork.bare
    network = replace(bare, arcs=apply_constants(bare.arcs, constants))
    if demand.class_cost is None:
        return replace(supernetwork, network=network, constants=constants)
    commodities = supernetwork.case.table("commodities")
    moved = replace(supernetwork, network=network, constants=constants)
    class_cost, value_of_time = class_costs(
        network.arcs,
        moved.charges,
        moved.added_hours,
        supernetwork.commodities_of(demand.classes),
        np.isinf(demand.class_cost),
        commodities,
        constants,
    )
    demand = replace(demand, class_cost=class_cost, value_of_time=value_of_time)
    return replace(moved, demand=demand)


def _line_haul_inputs(
    case: Case,
    stations: StationNodes,
    rates: Rates,
    group: Mapping[str, str],
    domestic_t: Mapping[str, float],
) -> LineHaulInputs:
    crossings = {
        (r["place"], r["from_iso3"], r["to_iso3"], r["mode"]): {str(k): v for k, v in r.items()}
        for r in case.table("crossings").reset_index().to_dict("records")
    }
    operating = {key: row for key, row in crossings.items() if row["status"] == OPERATING}
    closed = frozenset(crossings.keys() - operating.keys())
    country = countries(case)
    longitude = {str(place): float(lon) for place, lon in case.table("places")["lon"].items()}
    changes = gauge_changes(case.table("transfers"), stations, country, rates.loads)
    shared = crossing_capacities(operating, case.table("capacities"))
    rows = case.table("empty_returns")
    returns = zip(*(rows[name].astype(str) for name in ("link", "to", "cargo")), strict=True)
    empty = dict(zip(returns, rows["factor"].astype(float), strict=True))
    return LineHaulInputs(
        stations, rates, country, longitude, group, operating, closed, domestic_t, shared, empty, changes
    )


def _unpriced_places(
    tables: Mapping[str, pd.DataFrame], stations: StationNodes, inputs: LineHaulInputs
) -> list[str]:
    """Return the places with a change of gauge that no row prices."""
    links = tables["links"]
    priced: set[str] = set()
    for (place, _, _, mode), row in inputs.crossings.items():
        if mode == RAIL and row["gauge_change"]:
            priced |= {
                place,
                *links.loc[links["from"] == place, "to"],
                *links.loc[links["to"] == place, "from"],
            }
    return unpriced_gauge_changes(stations, tables["transfers"], frozenset(priced))


def _free_gauge_changes(place: str, stations: StationNodes, country: Mapping[str, str]) -> list[Arc]:
    """Return arcs of no cost between the gauges of a place."""
    nodes = stations.nodes(place, RAIL)
    return [
        Arc(
            a, b, TRANSFER, f"{RAIL}>{RAIL}", (f"places/{place}",), 0.0, place=place, from_mode=RAIL,
            to_mode=RAIL, territory=country[place],
        )
        for a in nodes
        for b in nodes
        if a != b
    ]  # fmt: skip


def _network_of_arcs(
    arcs: list[Arc], zones: pd.DataFrame, remarks: tuple[str, ...], services: RailServices
) -> FreightNetwork:
    """Return the network of arcs; zones without an arc are nodes too, so that their demand is undelivered."""
    if not arcs:
        raise InputError("no link, transfer or pipeline of this case operates; expected at least one")
    blocked = sorted({arc.rows[0] for arc in arcs if arc.capacity_t <= 0.0})
    if blocked:
        raise InputError(
            f"{', '.join(blocked)}: a capacity of 0 is too small; expected a capacity > 0 (close the row "
            "instead, or leave the cell empty if the capacity is unknown)"
        )
    table = services.at_fastest(arcs_table(arcs))
    pairs = sorted(set(zip(zones["place"], zones["iso3"], strict=True)))
    zone_nodes = [zone_node(str(place), str(economy)) for place, economy in pairs]
    labels = [node.label for node in zone_nodes]
    identity = nodes_table([*(arc.start for arc in arcs), *(arc.end for arc in arcs), *zone_nodes])
    network = make_network(
        table, nodes=list(identity.index), no_through=labels, zones=labels, file="supernetwork"
    )
    return FreightNetwork(network, identity, remarks)


def _check_value_of_time(commodities: pd.DataFrame) -> None:
    """Check that each commodity carried has a value of time, since costs are in hours."""
    per_day = commodities["usd_per_t"].astype(float) * commodities["value_of_time_pct_per_day"].astype(float)
    invalid = [str(name) for name in commodities.index[per_day <= 0.0]]
    if invalid:
        raise InputError(
            f"commodities.csv: {', '.join(invalid)}: usd_per_t and value_of_time_pct_per_day must be > 0 for "
            "freight, however small"
        )


def class_table_of(classes: Sequence[FreightClass]) -> pd.DataFrame:
    """Return the table of classes of a supernetwork."""
    return class_table(
        (freight_class.commodity for freight_class in classes),
        (freight_class.restriction_profile for freight_class in classes),
        (freight_class.tariff_profile for freight_class in classes),
        (freight_class.service for freight_class in classes),
    )


def closed_costs(
    classes: Sequence[FreightClass],
    network: Network,
    restrictions: Restrictions,
    commodities: pd.DataFrame,
) -> dict[str, Floats]:
    """Return the cost of each arc to each class before charges, (A,): infinite where closed to it, else 0."""
    costs = {}
    for freight_class in classes:
        is_box = str(commodities["cargo"].at[freight_class.commodity]) == CONTAINER
        is_own = network.arcs["commodity"].isin(["", freight_class.commodity]).to_numpy(dtype=bool)
        of_cargo = network.arcs["cargo"].isin(["", CONTAINER if is_box else NOT_CONTAINER])
        closed = restrictions.barred(freight_class) | ~is_own | ~of_cargo.to_numpy(dtype=bool)
        costs[freight_class.label] = np.where(closed, np.inf, 0.0)
    return costs
