"""Model values at observations: flows counted and journeys timed or priced.

The table ``measurements`` states for each observation what the model counts. Flow rows are sums of path flows

    ``m = Σ_t Σ_r q_t P_tr [t is counted] [r passes what is counted]``  (t/a)

with rows of demand t and their paths r, so that goods passing two of the links count once; shares are the
same over all demand counted (%). Journey rows are the days or the charges (USD/TEU) of the least-cost path
past the places named, for one container.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sogdia.assignment.demand import free_flow_costs
from sogdia.assignment.kernels.arrays import Bools, Floats, Longs
from sogdia.assignment.kernels.path_tables import Marks, marks_of_paths
from sogdia.assignment.stochastic import StochasticSolution
from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.journeys import find_journey
from sogdia.freight.supernetwork.arcs import ACCESS, HAUL, TRANSFER
from sogdia.freight.supernetwork.constants import HOURS_PER_DAY, PER_CENT
from sogdia.freight.supernetwork.nodes import STATION
from sogdia.freight.supernetwork.terminals import TONNES_PER_TEU
from sogdia.tables import list_items
from sogdia.units import UNITS, convert

LINK_FLOW, LINK_SHARE, STATION_FLOW, TRANSIT_FLOW = "link_flow", "link_share", "station_flow", "transit_flow"
JOURNEY_COST, NOT_MEASURED = "journey_cost", "none"
FLOWS = (LINK_FLOW, STATION_FLOW, TRANSIT_FLOW)
COUNTS = (*FLOWS, LINK_SHARE)
CALIBRATION, VALIDATION = "calibration", "validation"
USES = (CALIBRATION, VALIDATION)
MARKS = 64
"""Measurements that one number marks, by its bits."""
UNIT_OF: Mapping[str, str] = {
    "flow": "t/a",
    "box flow": "TEU/a",
    "time": "d",
    "cost by box": "USD/TEU",
    "number": "%",
}
"""Unit into which observations of a dimension are converted."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """An observation and how the model produces it.

    Attributes:
        observation: Id of the observation.
        kind: See the table ``measurements``.
        observed: Observed value, in t/a, days, USD/TEU or per cent.
        unit: Unit of ``observed``.
        use: ``calibration`` or ``validation``.
        sd_ln: Standard deviation of the logarithm.
        sources: Documents of the observation.
        links: Links on which to count.
        places: Places at which to count, or past which the journey goes.
        territory: Territory passed, or whose trade does not count; empty for none.
        modes: Modes counted or used; all if empty.
        cargo: Cargo type; all if empty.
        exporters: Exporters counted; all if empty.
        importers: Importers counted; all if empty.
        both_directions: Whether the other direction counts too.
    """

    observation: str
    kind: str
    observed: float
    unit: str
    use: str
    sd_ln: float
    sources: str
    links: frozenset[str]
    places: tuple[str, ...]
    territory: str
    modes: frozenset[str]
    cargo: str
    exporters: frozenset[str]
    importers: frozenset[str]
    both_directions: bool


def read_measurements(case: Case) -> tuple[Measurement, ...]:
    """Return the measurements that the model can produce, in the order of their table.

    Raises:
        InputError: If an observation has a unit that no kind of measurement has, or a row lacks a figure.
    """
    observations = case.table("observations").to_dict("index")
    table = case.table("measurements")
    rows = table[table["kind"] != NOT_MEASURED].to_dict("records")
    return tuple(_measurement(row, observations[str(row["observation"])]) for row in rows)


def _measurement(row: Mapping[Any, Any], observation: Mapping[Any, Any]) -> Measurement:
    name, dimension = str(row["observation"]), UNITS[str(observation["unit"])].dimension
    if dimension not in UNIT_OF:
        expected = ", ".join(UNIT_OF.values())
        raise InputError(
            f"measurements.csv: {name}: unit {observation['unit']} cannot be measured; expected a unit that "
            f"converts into {expected}"
        )
    if observation["use"] not in USES:
        raise InputError(
            f"measurements.csv: {name}: use {observation['use']!r}; expected {' or '.join(USES)}"
        )
    is_flow = row["kind"] in FLOWS
    for column in ("sd_ln", *(("t_per_unit",) if is_flow else ())):
        if pd.isna(row[column]):
            raise InputError(f"measurements.csv: {name} {column}: empty; expected a number")
    value = convert(float(observation["value"]), str(observation["unit"]), UNIT_OF[dimension])
    return Measurement(
        observation=name,
        kind=str(row["kind"]),
        observed=value * float(row["t_per_unit"]) if is_flow else value,
        unit="t/a" if is_flow else UNIT_OF[dimension],
        use=str(observation["use"]),
        sd_ln=float(row["sd_ln"]),
        sources=str(observation["source"]),
        links=frozenset(list_items(row["links"])),
        places=tuple(list_items(row["places"])),
        territory=str(row["territory"]),
        modes=frozenset(list_items(row["modes"])),
        cargo=str(row["cargo"]),
        exporters=frozenset(list_items(row["exporters"])),
        importers=frozenset(list_items(row["importers"])),
        both_directions=not pd.isna(row["both_ways"]) and bool(row["both_ways"]),
    )


class Counter:
    """Reads the model at all measurements, for one path set.

    The paths and rows of demand that count are found once; a reading is then a few sums.
    """

    def __init__(
        self, measurements: tuple[Measurement, ...], supernetwork: Supernetwork, solution: StochasticSolution
    ) -> None:
        self.measurements = measurements
        demand = supernetwork.identified(solution.demand)
        cargo = demand["commodity"].map(supernetwork.case.table("commodities")["cargo"].to_dict())
        counts = np.diff(solution.share_ptr)
        path = np.arange(solution.shares.size) - np.repeat(solution.share_ptr[:-1], counts)
        path += np.repeat(solution.paths.od_ptr[solution.od_group], counts)
        flow = demand["flow"].to_numpy(dtype=np.float64)
        self._at: list[Longs] = []
        self._flow: list[Floats] = []
        self._divisor: list[float] = []
        self._counted: list[Bools] = []
        self._tonnes = flow
        marks = [word[path] for word in _marks_of_paths(measurements, supernetwork, solution)]
        for i, each in enumerate(measurements):
            at, divisor = np.empty(0, np.int64), 1.0
            counted = np.zeros(flow.size, dtype=np.bool_)
            if each.kind in COUNTS:
                counted = _counted(each, demand["exporter"], demand["importer"], cargo)
                passing = (marks[i // MARKS] & _mark(i)) != 0
                at = np.flatnonzero(counted[solution.row] & passing)
                if each.kind == LINK_SHARE:
                    divisor = float(flow[counted].sum()) / PER_CENT
            self._divisor.append(divisor)
            self._counted.append(counted)
            self._at.append(at)
            self._flow.append(flow[solution.row[at]])

    def read(self, supernetwork: Supernetwork, solution: StochasticSolution) -> Floats:
        """Return the model's value at each measurement, in its unit; NaN where there is no path."""
        out = np.empty(len(self.measurements))
        base = free_flow_costs(supernetwork.network, solution.demand)
        for i, each in enumerate(self.measurements):
            if each.kind in COUNTS:
                out[i] = float(solution.shares[self._at[i]] @ self._flow[i]) / self._divisor[i]
            else:
                out[i] = _journey(each, supernetwork, solution, base)
        return out

    def by_group(self, solution: StochasticSolution, group: Longs, size: int) -> Floats:
        """Return the tonnes counted at each measurement of each group of rows of demand, t/a, (M, size).

        Args:
            solution: The solution that the counter was made for.
            group: Group of each row of demand, (T,).
            size: Number of groups.
        """
        out = np.zeros((len(self.measurements), size))
        for i, at in enumerate(self._at):
            tonnes = solution.shares[at] * self._flow[i]
            out[i] = np.bincount(group[solution.row[at]], weights=tonnes, minlength=size)
        return out

    def counted_by_group(self, group: Longs, size: int) -> Floats:
        """Return the tonnes that each measurement's share is of, by group of rows of demand, (M, size)."""
        rows = [np.bincount(group[on], weights=self._tonnes[on], minlength=size) for on in self._counted]
        return np.asarray(rows, dtype=np.float64).reshape(len(self.measurements), size)


def _counted(each: Measurement, exporter: pd.Series, importer: pd.Series, cargo: pd.Series) -> Bools:
    """Return the rows of demand that count, (T,)."""

    def between(sellers: pd.Series, buyers: pd.Series) -> pd.Series:
        rows = pd.Series(True, index=sellers.index)
        if each.exporters:
            rows &= sellers.isin(each.exporters)
        if each.importers:
            rows &= buyers.isin(each.importers)
        return rows

    counted = between(exporter, importer)
    if each.both_directions:
        counted |= between(importer, exporter)
    if each.territory:
        counted &= exporter.ne(each.territory) & importer.ne(each.territory)
    if each.cargo:
        counted &= cargo.eq(each.cargo)
    return np.asarray(counted.to_numpy(dtype=np.bool_))


def _arcs(each: Measurement, supernetwork: Supernetwork) -> Bools:
    """Return the arcs counted, (A,): line-haul or, at places, loading, unloading and changes of mode."""
    arcs, nodes = supernetwork.network.arcs, supernetwork.nodes
    if each.kind == STATION_FLOW:
        is_own = nodes["kind"].eq(STATION) & nodes["place"].isin(each.places) & nodes["mode"].isin(each.modes)
        labels = nodes.index[is_own]
        chosen = arcs["kind"].isin([TRANSFER, ACCESS]) & (arcs["from"].isin(labels) | arcs["to"].isin(labels))
        return np.asarray(chosen.to_numpy(dtype=np.bool_))
    chosen = arcs["kind"].eq(HAUL)
    if each.modes:
        chosen &= arcs["mode"].isin(each.modes)
    if each.kind in (LINK_FLOW, LINK_SHARE):
        chosen &= arcs["link_id"].isin(each.links)
    else:
        chosen &= arcs["territory"].eq(each.territory)
    return np.asarray(chosen.to_numpy(dtype=np.bool_))


def _mark(number: int) -> np.uint64:
    """Return the mark of a measurement, by its number: one bit."""
    return np.uint64(1 << number % MARKS)


def _marks_of_paths(
    measurements: tuple[Measurement, ...], supernetwork: Supernetwork, solution: StochasticSolution
) -> list[Marks]:
    """Return the marks of each path for 64 measurements after another: it passes an arc counted, (P,) each.

    Paths have millions of arcs, so each is read once for all measurements of a word.
    """
    words = [
        np.zeros(supernetwork.network.size, np.uint64) for _ in range(0, max(len(measurements), 1), MARKS)
    ]
    for i, each in enumerate(measurements):
        if each.kind in COUNTS:
            words[i // MARKS][_arcs(each, supernetwork)] |= _mark(i)
    paths = solution.paths
    return [marks_of_paths(paths.path_ptr, paths.path_arc, word) for word in words]


def _journey(
    each: Measurement, supernetwork: Supernetwork, solution: StochasticSolution, base: Floats
) -> float:
    """Return days, or USD/TEU, of the least-cost path of a container of mixed goods."""
    arcs = supernetwork.network.arcs
    profiles = supernetwork.classes["restriction_profile"].reindex(list(solution.demand.classes))
    cost = base[int(np.flatnonzero(profiles.eq(""))[0])]
    if each.modes:
        is_other = arcs["kind"].eq(HAUL) & ~arcs["mode"].isin(each.modes)
        cost = np.where(is_other.to_numpy(dtype=bool), np.inf, cost)
    journey = find_journey(supernetwork, each.places, cost, solution.state.delay)
    if journey is None:
        return float("nan")
    if each.kind == JOURNEY_COST:
        return journey.usd_per_t * TONNES_PER_TEU
    return journey.time_h / HOURS_PER_DAY
