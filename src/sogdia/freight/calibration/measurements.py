"""Model values at observations: flows counted and journeys timed or priced.

The table ``measurements`` states for each observation what the model counts. Flow rows are sums of path flows

    ``m = Σ_t Σ_r q_t P_tr [t is counted] [r passes what is counted]``  (t/a)

with rows of demand t and their paths r, so that goods passing two of the links count once. Shares (%) are
the same over all demand counted, or over the part of it that passes the links or ``of_links``. Journey rows
are the days or the charges (USD/TEU) of the least-cost path past the places named, for one container.
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
from sogdia.freight.supernetwork.arcs import ACCESS, HAUL, PIPELINE_HAUL, TRANSFER
from sogdia.freight.supernetwork.constants import HOURS_PER_DAY, PER_CENT
from sogdia.freight.supernetwork.loads import Loads
from sogdia.freight.supernetwork.nodes import STATION
from sogdia.tables import list_items
from sogdia.units import UNITS, convert

LINK_FLOW, LINK_SHARE, STATION_FLOW, TRANSIT_FLOW = "link_flow", "link_share", "station_flow", "transit_flow"
TERRITORY_FLOW, TERRITORY_SHARE, TRANSFER_FLOW = "territory_flow", "territory_share", "transfer_flow"
JOURNEY_COST, NOT_MEASURED = "journey_cost", "none"
FLOWS = (LINK_FLOW, STATION_FLOW, TRANSIT_FLOW, TERRITORY_FLOW, TRANSFER_FLOW)
SHARES = (LINK_SHARE, TERRITORY_SHARE)
COUNTS = (*FLOWS, *SHARES)
NEEDED: Mapping[str, tuple[str, ...]] = {
    STATION_FLOW: ("places", "modes"),
    TRANSFER_FLOW: ("places", "modes"),
    TRANSIT_FLOW: ("territory",),
    TERRITORY_FLOW: ("territory",),
    TERRITORY_SHARE: ("territory",),
    LINK_SHARE: ("links",),
}
"""Columns without which a kind counts no freight; on links, ``links`` or ``pipelines``."""
OWN_TRADE_COUNTS = (TERRITORY_FLOW, TERRITORY_SHARE)
"""Kinds whose territory is one that freight uses, its own trade included."""
CALIBRATION, VALIDATION = "calibration", "validation"
USES = (CALIBRATION, VALIDATION)
MARKS = 64
"""Sets of arcs that one number marks, by its bits."""
UNIT_OF: Mapping[str, str] = {
    "flow": "t/a",
    "box flow": "TEU/a",
    "vehicle flow": "vehicles/a",
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
        of_links: Links whose freight, with that of ``links``, a share is of; all demand if empty.
        pipelines: Pipelines that count as well.
        places: Places at which to count, or past which the journey goes.
        territory: Territory crossed or used, or whose trade does not count; empty for none.
        modes: Modes counted or used; all if empty.
        cargo: Cargo type; all if empty.
        commodities: Commodities counted; all if empty.
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
    of_links: frozenset[str]
    pipelines: frozenset[str]
    places: tuple[str, ...]
    territory: str
    modes: frozenset[str]
    cargo: str
    commodities: frozenset[str]
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
    _check_columns(name, row)
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
        of_links=frozenset(list_items(row["of_links"])),
        pipelines=frozenset(list_items(row["pipelines"])),
        places=tuple(list_items(row["places"])),
        territory=str(row["territory"]),
        modes=frozenset(list_items(row["modes"])),
        cargo=str(row["cargo"]),
        commodities=frozenset(list_items(row["commodities"])),
        exporters=frozenset(list_items(row["exporters"])),
        importers=frozenset(list_items(row["importers"])),
        both_directions=not pd.isna(row["both_ways"]) and bool(row["both_ways"]),
    )


def _check_columns(name: str, row: Mapping[Any, Any]) -> None:
    kind = str(row["kind"])
    if kind == LINK_FLOW and not row["links"] and not row["pipelines"]:
        raise InputError(f"measurements.csv: {name} links: empty; expected links or pipelines to count on")
    for column in NEEDED.get(kind, ()):
        if not row[column]:
            raise InputError(f"measurements.csv: {name} {column}: empty; {kind} needs it")
    if kind == TRANSFER_FLOW and len(list_items(row["modes"])) != 2:
        raise InputError(f"measurements.csv: {name} modes: {row['modes']!r}; expected two, as rail;ferry")


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
        self._tonnes = flow
        self._at: list[Longs] = []
        self._of: list[Longs | None] = []
        self._counted: list[Bools] = []
        flows = [each for each in measurements if each.kind in COUNTS]
        sets = [_arcs(each, each.links, supernetwork) for each in flows]
        sets += [_arcs(each, each.of_links, supernetwork) for each in flows if each.of_links]
        marks = [word[path] for word in _marks_of_paths(sets, solution)]
        number, of_number = iter(range(len(flows))), iter(range(len(flows), len(sets)))
        for each in measurements:
            at, of = np.empty(0, np.int64), None
            counted = np.zeros(flow.size, dtype=np.bool_)
            if each.kind in COUNTS:
                counted = _counted(each, demand, cargo)
                passing = _is_marked(marks, next(number))
                at = np.flatnonzero(counted[solution.row] & passing)
                if each.of_links:
                    passing |= _is_marked(marks, next(of_number))
                    of = np.flatnonzero(counted[solution.row] & passing)
            self._at.append(at)
            self._of.append(of)
            self._counted.append(counted)

    def read(self, supernetwork: Supernetwork, solution: StochasticSolution) -> Floats:
        """Return the model's value at each measurement, in its unit; NaN where there is no path."""
        out = np.empty(len(self.measurements))
        base = free_flow_costs(supernetwork.network, solution.demand)
        for i, each in enumerate(self.measurements):
            if each.kind in COUNTS:
                out[i] = self._sum(solution, self._at[i])
            else:
                out[i] = _journey(each, supernetwork, solution, base)
            if each.kind in SHARES:
                out[i] *= PER_CENT / self._total(solution, i)
        return out

    def by_group(self, solution: StochasticSolution, group: Longs, size: int) -> Floats:
        """Return the tonnes counted at each measurement of each group of rows of demand, t/a, (M, size).

        Args:
            solution: The solution that the counter was made for.
            group: Group of each row of demand, (T,).
            size: Number of groups.
        """
        rows = [self._sum_by_group(solution, at, group, size) for at in self._at]
        return np.asarray(rows, dtype=np.float64).reshape(len(self.measurements), size)

    def counted_by_group(self, solution: StochasticSolution, group: Longs, size: int) -> Floats:
        """Return the tonnes that each measurement's share is of, by group of rows of demand, (M, size)."""
        rows = [
            np.bincount(group[on], weights=self._tonnes[on], minlength=size)
            if of is None
            else self._sum_by_group(solution, of, group, size)
            for on, of in zip(self._counted, self._of, strict=True)
        ]
        return np.asarray(rows, dtype=np.float64).reshape(len(self.measurements), size)

    def _sum(self, solution: StochasticSolution, at: Longs) -> float:
        return float(solution.shares[at] @ self._tonnes[solution.row[at]])

    def _total(self, solution: StochasticSolution, i: int) -> float:
        """Return the tonnes that the share i is of; 1 where there are none, so that the share is 0."""
        of = self._of[i]
        total = float(self._tonnes[self._counted[i]].sum()) if of is None else self._sum(solution, of)
        return total or 1.0

    def _sum_by_group(self, solution: StochasticSolution, at: Longs, group: Longs, size: int) -> Floats:
        row = solution.row[at]
        sums = np.bincount(group[row], weights=solution.shares[at] * self._tonnes[row], minlength=size)
        return sums.astype(np.float64)


def _counted(each: Measurement, demand: pd.DataFrame, cargo: pd.Series) -> Bools:
    """Return the rows of demand that count, (T,)."""
    exporter, importer = demand["exporter"], demand["importer"]

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
    if each.territory and each.kind not in OWN_TRADE_COUNTS:
        counted &= exporter.ne(each.territory) & importer.ne(each.territory)
    if each.cargo:
        counted &= cargo.eq(each.cargo)
    if each.commodities:
        counted &= demand["commodity"].isin(each.commodities)
    return np.asarray(counted.to_numpy(dtype=np.bool_))


def _arcs(each: Measurement, links: frozenset[str], supernetwork: Supernetwork) -> Bools:
    """Return the arcs counted, (A,).

    Line-haul on links, across a territory, or with an end in a territory (a link over a border lies in that
    of its start); at places loading, unloading and changes of mode; pipelines named.
    """
    arcs = supernetwork.network.arcs
    chosen = _of_kind(each, links, supernetwork)
    chosen |= arcs["kind"].eq(PIPELINE_HAUL) & arcs["pipeline_id"].isin(each.pipelines)
    return np.asarray(chosen.to_numpy(dtype=np.bool_))


def _of_kind(each: Measurement, links: frozenset[str], supernetwork: Supernetwork) -> pd.Series[bool]:
    arcs, nodes = supernetwork.network.arcs, supernetwork.nodes
    if each.kind == STATION_FLOW:
        is_own = nodes["kind"].eq(STATION) & nodes["place"].isin(each.places) & nodes["mode"].isin(each.modes)
        labels = nodes.index[is_own]
        return arcs["kind"].isin([TRANSFER, ACCESS]) & (arcs["from"].isin(labels) | arcs["to"].isin(labels))
    if each.kind == TRANSFER_FLOW:
        is_change = arcs["from_mode"].isin(each.modes) & arcs["to_mode"].isin(each.modes)
        is_change &= arcs["from_mode"].ne(arcs["to_mode"]) & arcs["place"].isin(each.places)
        return is_change & arcs["kind"].eq(TRANSFER)
    chosen = arcs["kind"].eq(HAUL)
    if each.kind in (LINK_FLOW, LINK_SHARE):
        chosen &= arcs["link_id"].isin(links)
    elif each.kind in OWN_TRADE_COUNTS:
        places = supernetwork.case.table("places")
        own = nodes.index[nodes["place"].isin(places.index[places["iso3"].eq(each.territory)])]
        chosen &= arcs["from"].isin(own) | arcs["to"].isin(own)
    else:
        chosen &= arcs["territory"].eq(each.territory)
    if each.modes:
        chosen &= arcs["mode"].isin(each.modes)
    return chosen


def _marks_of_paths(sets: list[Bools], solution: StochasticSolution) -> list[Marks]:
    """Return the marks of each path for 64 sets of arcs after another: it passes one of the set, (P,) each.

    Paths have millions of arcs, so each is read once for all sets of a word.
    """
    size = sets[0].size if sets else 0
    words = [np.zeros(size, np.uint64) for _ in range(0, len(sets), MARKS)]
    for i, arcs in enumerate(sets):
        words[i // MARKS][arcs] |= np.uint64(1 << i % MARKS)
    paths = solution.paths
    return [marks_of_paths(paths.path_ptr, paths.path_arc, word) for word in words]


def _is_marked(marks: list[Marks], number: int) -> Bools:
    """Return the paths that pass an arc of the set with a number, in the order of the marks."""
    return np.asarray((marks[number // MARKS] & np.uint64(1 << number % MARKS)) != 0)


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
        return journey.usd_per_t * Loads(supernetwork.case.table("loads")).t_per_teu
    return journey.time_h / HOURS_PER_DAY
