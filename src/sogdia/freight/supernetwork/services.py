"""Rail services: block trains and single wagons, by the tonnes of a pair of economies.

Goods of a pair and cargo type go by the service with the largest threshold that the pair's yearly tonnes
reach. Tonnes are those of the region's own tables, so a plan or a scenario changes no service. A service s of
cargo type c takes ``τ_sc t_a`` on line-haul by rail and ``δ_sc t_a`` at rail borders and changes of gauge,
with times t of links and rows, and pays the tariff ``π_sc m_a``. Arcs have the times of the fastest service,
``min τ`` and ``min δ``; what a class travels and waits beyond them is a cost of the class in hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.case import Case, UnitValues
from sogdia.codes import ANY
from sogdia.errors import InputError
from sogdia.freight.supernetwork.arcs import CROSSING, HAUL, TRANSFER
from sogdia.freight.supernetwork.demand import tonnes_by_pair
from sogdia.freight.supernetwork.nodes import RAIL
from sogdia.region import Region

FASTEST = ""
"""Name in a class of the service that arcs are built for, and of cargo without services."""


@dataclass(frozen=True, slots=True)
class RailService:
    """A row of ``rail_services``.

    Attributes:
        name: Its name.
        least_t: Yearly tonnes of a pair and cargo type from which goods go by it.
        time: Time of line-haul over that by the speeds of links.
        dwell: Dwell at borders and changes of gauge over that of the tables.
        price: Factor on tariffs.
    """

    name: str
    least_t: float
    time: float
    dwell: float
    price: float


class RailServices:
    """Look-up of the table ``rail_services``, by cargo type or ``any``."""

    def __init__(self, table: pd.DataFrame, pair_tonnes: Mapping[tuple[str, str, str], float]) -> None:
        self._tonnes = pair_tonnes
        self._services: dict[str, list[RailService]] = {}
        columns = ("service", "least_t", "time_factor", "dwell_factor", "price_factor")
        for cargo, *values in table[["cargo", *columns]].itertuples(index=False):
            service = RailService(str(values[0]), *(float(value) for value in values[1:]))
            self._services.setdefault(str(cargo), []).append(service)
        every = [service for rows in self._services.values() for service in rows]
        self.time = min((service.time for service in every), default=1.0)
        self.dwell = min((service.dwell for service in every), default=1.0)

    def _of_cargo(self, cargo: str) -> list[RailService]:
        return self._services.get(cargo) or self._services.get(ANY, [])

    def service_of(self, exporter: str, importer: str, cargo: str) -> str:
        """Return the name of the service of a pair and cargo type; empty for the fastest.

        Raises:
            InputError: If the pair's tonnes reach no threshold.
        """
        services = self._of_cargo(cargo)
        if not services:
            return FASTEST
        tonnes = self._tonnes.get((exporter, importer, cargo), 0.0)
        reached = [service for service in services if service.least_t <= tonnes]
        if not reached:
            raise InputError(
                f"rail_services.csv: no service of cargo {cargo} has least_t 0; add the one for small flows"
            )
        service = max(reached, key=lambda each: each.least_t)
        is_fastest = (service.time, service.dwell, service.price) == (self.time, self.dwell, 1.0)
        return FASTEST if is_fastest else service.name

    def find(self, name: str, cargo: str) -> RailService:
        """Return a service of a cargo type by the name that a class has."""
        fastest = RailService(FASTEST, 0.0, self.time, self.dwell, 1.0)
        return next((service for service in self._of_cargo(cargo) if service.name == name), fastest)

    def price(self, name: str, cargo: str) -> float:
        """Return the factor on rail tariffs of a service of a cargo type."""
        return self.find(name, cargo).price

    def at_fastest(self, arcs: pd.DataFrame) -> pd.DataFrame:
        """Return arcs with the times of the fastest service, by which they are built."""
        out = arcs.copy()
        scale = np.where(_hauls(arcs), self.time, np.where(_borders(arcs), self.dwell, 1.0))
        for name in ("time_h", "free_flow_cost", "dwell_sd_h"):
            out[name] = arcs[name].to_numpy(dtype=np.float64) * scale
        return out

    def added_hours(self, arcs: pd.DataFrame, classes: pd.DataFrame, cargo_of: Mapping[str, str]) -> Floats:
        """Return the hours of each class on each arc beyond the arc's own, (K, A).

        Args:
            arcs: Arcs at the times of the fastest service.
            classes: Classes: ``commodity``, ``service``.
            cargo_of: Cargo type of each commodity.
        """
        hours = arcs["time_h"].to_numpy(dtype=np.float64)
        hauls, borders = _hauls(arcs), _borders(arcs)
        out = np.empty((len(classes), len(arcs)))
        for k, (commodity, name) in enumerate(classes[["commodity", "service"]].itertuples(index=False)):
            service = self.find(name, cargo_of[commodity])
            more = np.where(
                hauls, service.time / self.time, np.where(borders, service.dwell / self.dwell, 1.0)
            )
            out[k] = hours * (more - 1.0)
        return out


def rail_services(case: Case) -> RailServices:
    """Return the rail services of a case; tonnes of pairs are those of its region without edits."""
    table = case.table("rail_services")
    return RailServices(table, {} if table.empty else _pair_tonnes(case.region))


@lru_cache(maxsize=4)
def _pair_tonnes(region: Region) -> Mapping[tuple[str, str, str], float]:
    """Return tonnes a year by exporter, importer and cargo type in a region without edits."""
    commodities = region.table("commodities")
    values = UnitValues(region.table("unit_values"), commodities, region.table("economies"))
    pairs = tonnes_by_pair(region.table("trade"), commodities, values)
    cargo = pairs["commodity"].map(commodities["cargo"].to_dict())
    columns = (pairs["exporter"], pairs["importer"], cargo, pairs["tonnes"])
    tonnes: dict[tuple[str, str, str], float] = {}
    for *key, each in zip(*(column.tolist() for column in columns), strict=True):
        exporter, importer, name = (str(part) for part in key)
        tonnes[exporter, importer, name] = tonnes.get((exporter, importer, name), 0.0) + float(each)
    return tonnes


def _hauls(arcs: pd.DataFrame) -> Bools:
    """Return the arcs of line-haul by rail, (A,)."""
    return (arcs["kind"].eq(HAUL) & arcs["mode"].eq(RAIL)).to_numpy(dtype=np.bool_)


def _borders(arcs: pd.DataFrame) -> Bools:
    """Return the arcs of borders and changes of gauge by rail, (A,)."""
    crossing = arcs["kind"].eq(CROSSING) & arcs["mode"].eq(RAIL)
    change = arcs["kind"].eq(TRANSFER) & arcs["from_mode"].eq(RAIL) & arcs["to_mode"].eq(RAIL)
    return (crossing | change).to_numpy(dtype=np.bool_)
