"""Supernetwork of a case with the trade of another: network and restrictions may differ, demand does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sogdia.assignment.demand import LabelCodes
from sogdia.assignment.kernels.arrays import Longs
from sogdia.case import Case
from sogdia.freight.inputs import (
    FreightNetwork,
    Supernetwork,
    build_network,
    class_table_of,
    closed_costs,
    countries,
    with_constants,
)
from sogdia.freight.supernetwork.constants import constants_of
from sogdia.freight.supernetwork.demand import categories
from sogdia.freight.supernetwork.restrictions import FreightClass, Restrictions
from sogdia.freight.supernetwork.services import rail_services

DEMAND_TABLES = ("commodities", "demand_factors", "economies", "places", "trade", "unit_values", "zones")
"""Tables from which demand is built."""
NETWORK_TABLES = (
    "capacities", "crossings", "domestic_traffic", "empty_returns", "links", "loads", "rail_services",
    "rates", "transfers",
)  # fmt: skip
"""Tables from which, with those of demand and ``pipelines``, the network is built."""


class BuiltNetworks:
    """The network built last: cases of one plan, with other restrictions, have the same."""

    def __init__(self) -> None:
        self._last: tuple[Case, FreightNetwork] | None = None

    def of(self, case: Case) -> FreightNetwork:
        """Return the network of a case before constants are applied.

        Raises:
            InputError: If nothing operates, or a mode has no rate.
        """
        if self._last is None or not _has_same_network(self._last[0], case):
            self._last = case, build_network(case)
        return self._last[1]


def variant_of(known: Supernetwork, case: Case, networks: BuiltNetworks | None = None) -> Supernetwork | None:
    """Return the supernetwork of a case that trades the same goods as another.

    It equals the result of :func:`sogdia.freight.inputs.build_supernetwork` and takes less time; rows of
    demand are in the order of the other's.

    Args:
        known: Supernetwork of the other case.
        case: The case.
        networks: Networks of other cases, which the case may share; none by default.

    Returns:
        The supernetwork; ``None`` where trade differs.

    Raises:
        InputError: If nothing operates, a mode has no rate, or a constant is out of range.
    """
    if not _same(known.case, case, DEMAND_TABLES):
        return None
    built = FreightNetwork(known.bare, known.nodes, known.remarks)
    if not _has_same_network(known.case, case):
        built = (networks or BuiltNetworks()).of(case)
    services = known.services
    if case.region is not known.case.region or not _same(known.case, case, ("rail_services",)):
        services = rail_services(case)
    restrictions = Restrictions(case, built.network.arcs, built.nodes, countries(case), services)
    classes, class_of_row = _classes(known, known.demand.codes, restrictions)
    labels = [freight_class.label for freight_class in classes]
    costs = closed_costs(classes, built.network, restrictions, case.table("commodities"))
    class_cost = np.ascontiguousarray(list(costs.values()))
    demand = known.demand.with_classes(labels, class_of_row, class_cost, np.ones(len(labels)))
    flow_classes, of_flow = _classes(known, known.flow_codes, restrictions)
    flow_labels = [freight_class.label for freight_class in flow_classes]
    flows = known.flows.assign(**{"class": categories(of_flow, flow_labels)})
    supernetwork = replace(
        known,
        case=case,
        network=built.network,
        nodes=built.nodes,
        demand=demand,
        classes=class_table_of(classes),
        flows=flows,
        remarks=built.remarks,
        bare=built.network,
        services=services,
    )
    return with_constants(supernetwork, constants_of(case))


def _has_same_network(first: Case, second: Case) -> bool:
    """Return true if the tables that the network is built from are the same."""
    return _same(first, second, (*DEMAND_TABLES, *NETWORK_TABLES)) and _same_pipelines(first, second)


def _same(first: Case, second: Case, names: tuple[str, ...]) -> bool:
    return all(_equal(first.frames[name], second.frames[name]) for name in names)


def _same_pipelines(first: Case, second: Case) -> bool:
    """Return true if the pipelines of freight commodities are the same."""
    is_freight = first.table("commodities")["freight"].astype(bool)
    products = set(is_freight.index[is_freight])
    pipelines = (case.table("pipelines") for case in (first, second))
    return _equal(*(rows[rows["product"].isin(products)] for rows in pipelines))


def _equal(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    return first is second or first.equals(second)


def _classes(
    known: Supernetwork, codes: LabelCodes, restrictions: Restrictions
) -> tuple[list[FreightClass], Longs]:
    """Return classes under other restrictions, sorted by label, and the number of each row's class, (T,)."""
    (_, origins), (_, destinations), (_, labels) = codes
    names = (
        known.economies_of(origins), known.economies_of(destinations), known.commodities_of(labels)
    )  # fmt: skip
    parts = [pd.factorize(np.array(column, dtype=object)) for column in names]
    exporter, importer, commodity = (part[0][code] for part, (code, _) in zip(parts, codes, strict=True))
    sizes = [len(part[1]) for part in parts]
    key = (exporter * sizes[1] + importer) * sizes[2] + commodity
    triples, row = np.unique(key, return_inverse=True)
    at = (triples // (sizes[1] * sizes[2]), triples // sizes[2] % sizes[1], triples % sizes[2])
    columns = (part[1][code].tolist() for part, code in zip(parts, at, strict=True))
    classes = restrictions.classes(*columns)
    by_label = {freight_class.label: freight_class for freight_class in classes}
    ordered, number = np.unique(
        np.array([freight_class.label for freight_class in classes]), return_inverse=True
    )
    return [by_label[str(label)] for label in ordered], np.asarray(number[row], dtype=np.int64)
