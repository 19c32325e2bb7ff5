"""What the model says where something was observed: flows counted and journeys taken.

The table ``measurements`` tells for each observation what to count. Flow rows are sums of path flows

    ``m = Σ_t Σ_r q_t P_tr [t is counted] [r passes what is counted]``  (t/a)

with rows of demand t and their paths r, so that goods passing two of the links count once; shares are the
same over all that is looked at (%). Journey rows
are the days or the money (USD/TEU) of the cheapest way past the places named, for one container.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.assignment.stochastic import StochasticSolution
from sogdia.assignment.user_equilibrium import base_costs
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.journeys import journey
from sogdia.freight.supernetwork import Supernetwork
from sogdia.freight.supernetwork.terminals import TONNES_PER_TEU
from sogdia.units import UNITS, convert

LINK_FLOW, LINK_SHARE, STATION_FLOW, TRANSIT_FLOW = "link_flow", "link_share", "station_flow", "transit_flow"
JOURNEY_TIME, JOURNEY_COST, NONE = "journey_time", "journey_cost", "none"
FLOWS = (LINK_FLOW, STATION_FLOW, TRANSIT_FLOW)
COUNTS = (*FLOWS, LINK_SHARE)
USES = ("calibration", "validation")
UNIT_OF: Mapping[str, str] = {
    "flow": "t/a",
    "box flow": "TEU/a",
    "time": "d",
    "cost by box": "USD/TEU",
    "number": "%",
}
"""Unit in which observations of a dimension are held."""
HOURS_PER_DAY, PER_CENT = 24.0, 100.0


@dataclass(frozen=True, slots=True)
class Measurement:
    """How one observation is produced by the model.

    Attributes:
        observation: Its id.
        kind: See the table ``measurements``.
        observed: What was observed, in t/a, days or USD/TEU.
        unit: Unit of ``observed``.
        use: ``calibration`` or ``validation``.
        doubt: Standard deviation of the logarithm.
        sources: Documents of the observation.
        links: Links counted on.
        places: Places counted at or passed.
        territory: Territory passed or whose trade does not count; empty for none.
        modes: Modes counted or used; all where empty.
        cargo: Kind of cargo; all where empty.
        exporters: Whose goods; everybody's where empty.
        importers: For whom; everybody where empty.
        both_ways: Whether the other direction counts too.
    """

    observation: str
    kind: str
    observed: float
    unit: str
    use: str
    doubt: float
    sources: str
    links: frozenset[str]
    places: tuple[str, ...]
    territory: str
    modes: frozenset[str]
    cargo: str
    exporters: frozenset[str]
    importers: frozenset[str]
    both_ways: bool


def measurements_of(case: Case) -> tuple[Measurement, ...]:
    """The measurements that the model can produce, in the order of their table.

    Raises:
        InputError: If an observation has a unit that no kind of measurement has, or a row lacks a figure.
    """
    observations = case.table("observations").to_dict("index")
    told = case.table("measurements")
    rows = told[told["kind"] != NONE].to_dict("records")
    return tuple(_measurement(row, observations[str(row["observation"])]) for row in rows)


def _measurement(row: Mapping[Any, Any], seen: Mapping[Any, Any]) -> Measurement:
    name, dimension = str(row["observation"]), UNITS[str(seen["unit"])].dimension
    if dimension not in UNIT_OF:
        raise InputError(f"measurements.csv: {name} is in {seen['unit']}, which no measurement has")
    if seen["use"] not in USES:
        raise InputError(f"measurements.csv: {name} is of use {seen['use']}, not {' or '.join(USES)}")
    flow = row["kind"] in FLOWS
    for column in ("sd_ln", *(("t_per_unit",) if flow else ())):
        if pd.isna(row[column]):
            raise InputError(f"measurements.csv: {name} has no {column}")
    value = convert(float(seen["value"]), str(seen["unit"]), UNIT_OF[dimension])
    return Measurement(
        observation=name,
        kind=str(row["kind"]),
        observed=value * float(row["t_per_unit"]) if flow else value,
        unit="t/a" if flow else UNIT_OF[dimension],
        use=str(seen["use"]),
        doubt=float(row["sd_ln"]),
        sources=str(seen["source"]),
        links=frozenset(_list(row["links"])),
        places=tuple(_list(row["places"])),
        territory=str(row["territory"]),
        modes=frozenset(_list(row["modes"])),
        cargo=str(row["cargo"]),
        exporters=frozenset(_list(row["exporters"])),
        importers=frozenset(_list(row["importers"])),
        both_ways=not pd.isna(row["both_ways"]) and bool(row["both_ways"]),
    )


def _list(value: Any) -> list[str]:
    return str(value).split(";") if value else []


class Counter:
    """Reads the model at all measurements, for one set of paths.

    Which paths and rows of demand count is found once; a reading then is a few sums.
    """

    def __init__(
        self, measurements: tuple[Measurement, ...], supernetwork: Supernetwork, solution: StochasticSolution
    ) -> None:
        self.measurements = measurements
        goods = solution.demand.table
        ends = [goods[end].str.rpartition("/")[2] for end in ("origin", "destination")]
        cargo_of = supernetwork.case.table("commodities")["cargo"].to_dict()
        cargo = goods["class"].str.partition("|")[0].map(cargo_of)
        counts = np.diff(solution.share_ptr)
        path = np.arange(solution.shares.size) - np.repeat(solution.share_ptr[:-1], counts)
        path += np.repeat(solution.paths.od_ptr[solution.market], counts)
        flow = goods["flow"].to_numpy(dtype=np.float64)
        self._at: list[Longs] = []
        self._flow: list[Floats] = []
        self._whole: list[float] = []
        for each in measurements:
            at, whole = np.empty(0, np.int64), 1.0
            if each.kind in COUNTS:
                counted = _counted(each, ends[0], ends[1], cargo)
                passing = _passing(solution, _arcs(each, supernetwork.network.arcs))
                at = np.flatnonzero(counted[solution.row] & passing[path])
                if each.kind == LINK_SHARE:
                    whole = float(flow[counted].sum()) / PER_CENT
            self._whole.append(whole)
            self._at.append(at)
            self._flow.append(flow[solution.row[at]])

    def read(self, supernetwork: Supernetwork, solution: StochasticSolution) -> Floats:
        """What the model says at each measurement, in its unit; not a number where there is no way."""
        out = np.empty(len(self.measurements))
        base = base_costs(supernetwork.network, solution.demand)
        for i, each in enumerate(self.measurements):
            if each.kind in COUNTS:
                out[i] = float(solution.shares[self._at[i]] @ self._flow[i]) / self._whole[i]
            else:
                out[i] = _journey(each, supernetwork, solution, base)
        return out


def _counted(each: Measurement, exporter: pd.Series, importer: pd.Series, cargo: pd.Series) -> Bools:
    """Rows of demand that count, (T,)."""

    def between(sellers: pd.Series, buyers: pd.Series) -> pd.Series:
        held = pd.Series(True, index=sellers.index)
        if each.exporters:
            held &= sellers.isin(each.exporters)
        if each.importers:
            held &= buyers.isin(each.importers)
        return held

    counted = between(exporter, importer)
    if each.both_ways:
        counted |= between(importer, exporter)
    if each.territory:
        counted &= exporter.ne(each.territory) & importer.ne(each.territory)
    if each.cargo:
        counted &= cargo.eq(each.cargo)
    return np.asarray(counted.to_numpy(dtype=np.bool_))


def _arcs(each: Measurement, arcs: pd.DataFrame) -> Bools:
    """Arcs that are counted, (A,): line-haul or, at places, loading, unloading and changes between modes."""
    if each.kind == STATION_FLOW:
        chosen = arcs["kind"].isin(["transfer", "access"])
        nodes = {f"{place}/{mode}" for place in each.places for mode in each.modes}
        touching = pd.Series(False, index=arcs.index)
        for end in ("from", "to"):
            touching |= arcs[end].str.split("/").str[:2].str.join("/").isin(nodes)
        return np.asarray((chosen & touching).to_numpy(dtype=np.bool_))
    chosen = arcs["kind"].eq("haul")
    if each.modes:
        chosen &= arcs["mode"].isin(each.modes)
    if each.kind in (LINK_FLOW, LINK_SHARE):
        rows = {f"links/{link}" for link in each.links}
        chosen &= arcs["rows"].str.partition(";")[0].isin(rows)
    else:
        chosen &= arcs["territory"].eq(each.territory)
    return np.asarray(chosen.to_numpy(dtype=np.bool_))


def _passing(solution: StochasticSolution, arcs: Bools) -> Bools:
    """Paths that pass one of the arcs, (P,)."""
    paths = solution.paths
    hits = np.r_[0, np.cumsum(arcs[paths.path_arc])]
    return np.asarray(hits[paths.path_ptr[1:]] > hits[paths.path_ptr[:-1]])


def _journey(
    each: Measurement, supernetwork: Supernetwork, solution: StochasticSolution, base: Floats
) -> float:
    """Days, or USD/TEU, of the cheapest way for a container of mixed goods."""
    network = supernetwork.network
    k = next(i for i, name in enumerate(solution.demand.classes) if "|" not in name)
    closed = np.zeros(network.size)
    if each.modes:
        other = network.arcs["kind"].eq("haul") & ~network.arcs["mode"].isin(each.modes)
        closed[other.to_numpy(dtype=bool)] = np.inf
    way = journey(network, each.places, base[k], solution.state.delay, closed)
    if way is None:
        return float("nan")
    if each.kind == JOURNEY_COST:
        return way.usd_per_t * TONNES_PER_TEU
    return way.time_h / HOURS_PER_DAY
