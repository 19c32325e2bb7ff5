"""From a case to the arrays an assignment works on: supernetwork and demand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats
from sogdia.assignment.network import Codes, Demand, Network, codes_of, make_demand, make_network
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.supernetwork.arcs import Arc, arcs_table
from sogdia.freight.supernetwork.constants import Constants, class_costs, constants_of, priced
from sogdia.freight.supernetwork.demand import ZoneShares, spread, tonnes_by_pair
from sogdia.freight.supernetwork.haul import Ground, haul_arcs
from sogdia.freight.supernetwork.rates import Rates
from sogdia.freight.supernetwork.restrictions import Bans
from sogdia.freight.supernetwork.stations import OPERATING, RAIL, Stations, zone_node
from sogdia.freight.supernetwork.terminals import (
    access_arcs,
    free_gauge_changes,
    gauge_changes,
    pipeline_arcs,
    transfer_arcs,
)


@dataclass(frozen=True, eq=False)
class Supernetwork:
    """A case as network and demand.

    Attributes:
        case: The case it is made from.
        network: Nodes are places by mode and zones; the cost unit is the hour.
        demand: Tonnes a year between zones; classes are commodities, by whom they may not pass through.
        flows: Demand as spread over zones, with ``exporter``, ``importer``, ``commodity``, ``class``.
        remarks: What was filled in or left out, in words.
        constants: Calibrated constants in costs and prices.
        bare: The network before they were applied.
    """

    case: Case
    network: Network
    demand: Demand
    flows: pd.DataFrame
    remarks: tuple[str, ...]
    constants: Constants
    bare: Network

    @cached_property
    def flow_codes(self) -> Codes:
        """Codes of the flows' zones and classes, looked up once for all cases that trade the same goods."""
        return codes_of(self.flows)


def build_supernetwork(case: Case, constants: Constants | None = None) -> Supernetwork:
    """Turn a case into a supernetwork and its demand.

    The cost of arc a to commodity k, in hours: ``t_a(v_a) + m_ak / vot_k`` with money m and value of
    time vot as in :mod:`sogdia.freight.supernetwork.constants`; ``Demand.worth`` holds vot, so costs turn
    into USD/t.

    Args:
        case: Region, plan and scenario.
        constants: Calibrated constants; those of the case's table ``calibration`` where not given.

    Returns:
        The supernetwork, frozen.

    Raises:
        InputError: If nothing operates, nothing is sold abroad, a mode has no rate, or a constant is out of
            range.
    """
    commodities = case.table("commodities")
    network, remarks = bare_network(case)
    pairs = tonnes_by_pair(case.table("trade"), commodities)
    if pairs.empty:
        raise InputError("trade.csv: no economy sells another anything that freight carries")
    bans = Bans(case, network.arcs, countries(case))
    pairs["class"] = bans.classes(pairs["exporter"], pairs["importer"], pairs["commodity"])
    _assert_worth(commodities.loc[sorted(set(pairs["commodity"]))])
    flows = spread(pairs, ZoneShares(case.table("zones"), _groups(case)))
    demand = _demand(flows, network, bans)
    known = constants_of(case) if constants is None else constants
    return with_constants(Supernetwork(case, network, demand, flows, remarks, known, network), known)


def bare_network(case: Case) -> tuple[Network, tuple[str, ...]]:
    """The network before constants are applied, and what was filled in or left out, in words.

    Raises:
        InputError: If nothing operates, or a mode has no rate.
    """
    tables = {name: case.table(name) for name in ("links", "crossings", "transfers", "zones", "pipelines")}
    commodities, country = case.table("commodities"), countries(case)
    stations, rates = Stations(tables["links"]), Rates(case.table("rates"))
    ground = _ground(tables, stations, rates, country, _groups(case))
    freight = frozenset(commodities.index[commodities["freight"].astype(bool)])
    remarks: list[str] = []
    arcs = list(haul_arcs(tables["links"], ground))
    arcs += transfer_arcs(tables["transfers"], stations, country)
    arcs += _free_changes(tables, stations, ground, remarks)
    arcs += access_arcs(tables["zones"], tables["transfers"], stations, country)
    arcs += pipeline_arcs(tables["pipelines"], freight, stations, rates, tables["zones"], country)
    return _network(arcs, tables["zones"]), tuple(remarks)


def network_of(case: Case) -> Network:
    """The network of a case at its calibrated constants, whether or not there are goods to carry.

    Raises:
        InputError: If nothing operates, a mode has no rate, or a constant is out of range.
    """
    network, _ = bare_network(case)
    return replace(network, arcs=priced(network.arcs, constants_of(case)))


def countries(case: Case) -> Mapping[str, str]:
    """Country of each place."""
    return {str(place): str(code) for place, code in case.table("places")["iso3"].items()}


def _groups(case: Case) -> Mapping[str, str]:
    """Group of each economy."""
    return dict(zip(case.table("economies")["iso3"], case.table("economies")["group"], strict=True))


def with_constants(supernetwork: Supernetwork, constants: Constants) -> Supernetwork:
    """The same supernetwork at other constants."""
    old, bare = supernetwork.demand, supernetwork.bare
    network = replace(bare, arcs=priced(bare.arcs, constants))
    if old.extra is None:
        return replace(supernetwork, network=network, constants=constants)
    commodities = supernetwork.case.table("commodities")
    extra, worth = class_costs(network.arcs, old.classes, np.isinf(old.extra), commodities, constants)
    demand = replace(old, extra=extra, worth=worth)
    return replace(supernetwork, network=network, demand=demand, constants=constants)


def _ground(
    tables: Mapping[str, pd.DataFrame],
    stations: Stations,
    rates: Rates,
    country: Mapping[str, str],
    group: Mapping[str, str],
) -> Ground:
    crossings = tables["crossings"]
    keyed = {
        (r["place"], r["from_iso3"], r["to_iso3"], r["mode"]): {str(k): v for k, v in r.items()}
        for r in crossings.reset_index().to_dict("records")
    }
    running = {key: row for key, row in keyed.items() if row["status"] == OPERATING}
    shut = frozenset(keyed.keys() - running.keys())
    changes = gauge_changes(tables["transfers"], stations, country)
    return Ground(stations, rates, country, group, running, shut, changes)


def _free_changes(
    tables: Mapping[str, pd.DataFrame], stations: Stations, ground: Ground, remarks: list[str]
) -> list[Arc]:
    """Changes of gauge that no row prices: passed at no cost, and told."""
    links = tables["links"]
    near: set[str] = set()
    for (place, _, _, mode), row in ground.crossings.items():
        if mode == RAIL and row["gauge_change"]:
            near |= {
                place,
                *links.loc[links["from"] == place, "to"],
                *links.loc[links["to"] == place, "from"],
            }
    arcs = []
    for place in free_gauge_changes(stations, tables["transfers"], frozenset(near)):
        remarks.append(f"change of gauge at {place}: no row prices it, so it is free")
        nodes = stations.nodes(place, RAIL)
        arcs += [
            Arc(a, b, "transfer", "rail>rail", (f"places/{place}",), 0.0, territory=ground.country[place])
            for a in nodes
            for b in nodes
            if a != b
        ]
    return arcs


def _network(arcs: list[Arc], zones: pd.DataFrame) -> Network:
    """The network; zones that nothing reaches are nodes too, so that their goods are told as undelivered."""
    if not arcs:
        raise InputError("nothing operates in this case: there is no network to carry goods")
    full = sorted({arc.rows[0] for arc in arcs if arc.capacity_t <= 0.0})
    if full:
        raise InputError(
            f"a capacity of 0 leaves no room for goods: {', '.join(full)} (close the row instead, or leave "
            "the cell empty where the capacity is not known)"
        )
    table = arcs_table(arcs)
    pairs = sorted(set(zip(zones["place"], zones["iso3"], strict=True)))
    names = [zone_node(str(place), str(economy)) for place, economy in pairs]
    nodes = list(dict.fromkeys([*table["from"], *table["to"], *names]))
    return make_network(table, nodes=nodes, no_through=names, zones=names, file="supernetwork")


def _assert_worth(goods: pd.DataFrame) -> None:
    """An hour is worth something to all goods carried: costs are told in hours."""
    worth = goods["usd_per_t"].astype(float) * goods["value_of_time_pct_per_day"].astype(float)
    idle = [str(name) for name in goods.index[worth <= 0.0]]
    if idle:
        wanted = "freight wants a value and a value of time above 0, however small"
        raise InputError(f"commodities.csv: {', '.join(idle)}: {wanted}")


def _demand(flows: pd.DataFrame, network: Network, bans: Bans) -> Demand:
    """Demand whose classes differ in the arcs closed to them; costs are put in later."""
    return make_demand(
        flows, network, extra=closed_to(sorted(set(flows["class"])), network, bans), file="trade"
    )


def closed_to(classes: list[str], network: Network, bans: Bans) -> dict[str, Floats]:
    """Cost of each arc to each class, (A,): infinite where it may not go, else nothing yet."""
    extra = {}
    for name in classes:
        commodity, profile = bans.meaning(name)
        barred = bans.barred(profile) | ~network.arcs["only"].isin(["", commodity]).to_numpy(dtype=bool)
        extra[name] = np.where(barred, np.inf, 0.0)
    return extra
