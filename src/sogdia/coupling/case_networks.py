"""Put baseline and case on one network, made once for all cases with the same links and restrictions."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.connectivity import has_path
from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.case import Case
from sogdia.coupling.lanes import Lanes, check_same_lanes, match_rows
from sogdia.freight.inputs import Supernetwork, build_supernetwork
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import (
    SharedNetwork,
    assign_among,
    same_network,
    share_network,
    stochastic,
)
from sogdia.freight.variant import DEMAND_TABLES, NETWORK_TABLES, BuiltNetworks, variant_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
TABLES_READ = (*DEMAND_TABLES, *NETWORK_TABLES, "calibration", "corridors", "restrictions")
"""Tables that network, goods and paths are built from, with the pipelines of goods that are freight."""
MOST_CACHED = 1


@dataclass(frozen=True, eq=False)
class CaseNetwork:
    """A baseline and a case on one network.

    Attributes:
        shared: The two supernetworks and their joint path set; no path set where the baseline's own
            network serves.
        is_open: True where the case has a path for the lane, (T,).
        baseline_flow: Group flows of the baseline on that network, as assigned among its own paths, (G,).
        paths: Path set to start from.
        baseline: The baseline, assigned among these paths.
    """

    shared: SharedNetwork
    is_open: Bools
    baseline_flow: Floats
    paths: PathSet
    baseline: AssignmentResult

    def for_case(self, case: Case) -> CaseNetwork:
        """Return the same network for another case that has it."""
        return replace(self, shared=replace(self.shared, case=replace(self.shared.case, case=case)))

    def assign_baseline(
        self, lanes: Lanes, paths: PathSet, previous: AssignmentResult, settings: AssignmentSettings
    ) -> AssignmentResult:
        """Assign the baseline among a path set, starting from its assignment among some of these paths."""
        return _assign_baseline(self.shared, lanes, paths, previous.group_flow, settings, previous)


class CaseNetworks:
    """Cache of the networks used last; a copy sent to another process starts empty."""

    def __init__(self) -> None:
        self._cached: OrderedDict[str, CaseNetwork] = OrderedDict()
        self._built = BuiltNetworks()

    def __reduce__(self) -> tuple[type[CaseNetworks], tuple[()]]:
        return CaseNetworks, ()

    def get(
        self, case: Case, freight: FreightResult, lanes: Lanes, settings: AssignmentSettings
    ) -> CaseNetwork:
        """Return the shared network of a baseline and a case.

        Args:
            case: The case.
            freight: Freight of the baseline.
            lanes: Lanes of the baseline.
            settings: Only ``max_paths`` and ``workers`` matter here.

        Raises:
            InputError: If the case ships other goods than its baseline, or no good can be carried.
        """
        key = f"{network_key(case, TableDigests())} {settings.max_paths}"
        network = self._cached.pop(key, None)
        if network is None:
            # Free first: a network takes a few hundred megabytes, and several processes build one at once.
            while len(self._cached) >= MOST_CACHED:
                self._cached.popitem(last=False)
            network = make_case_network(case, freight, lanes, settings, self._built)
        self._cached[key] = network
        return network.for_case(case)


class TableDigests:
    """Digests of tables by content, each computed once: cases share the tables that they do not edit."""

    def __init__(self) -> None:
        self._cached: dict[int, tuple[pd.DataFrame, bytes]] = {}

    def get(self, table: pd.DataFrame) -> bytes:
        """Return the digest of a table's rows in their order."""
        cached = self._cached.get(id(table))
        if cached is None:
            # Stored with the table, so that no other table gets its id.
            cached = self._cached[id(table)] = (table, _digest(table))
        return cached[1]


def _digest(table: pd.DataFrame) -> bytes:
    return hashlib.sha256(pd.util.hash_pandas_object(table).to_numpy().tobytes()).digest()


def network_key(case: Case, digests: TableDigests) -> str:
    """Return a digest of all that a case's network, goods and paths are built from.

    Cases with the same key share a network. To order jobs by network, reuse one ``digests`` for all cases.
    """
    total = hashlib.sha256(str(case.year).encode())
    for name in TABLES_READ:
        total.update(digests.get(case.frames[name]))
    is_freight = case.table("commodities")["freight"].astype(bool)
    lines = case.table("pipelines")
    total.update(_digest(lines[lines["product"].isin(set(is_freight.index[is_freight]))]))
    return total.hexdigest()


def make_case_network(
    case: Case,
    freight: FreightResult,
    lanes: Lanes,
    settings: AssignmentSettings,
    networks: BuiltNetworks | None = None,
) -> CaseNetwork:
    """Build the shared network of a baseline and a case (see :meth:`CaseNetworks.get`).

    The case's own network is one of ``networks`` if these are given.
    """
    own = freight.supernetwork
    own_paths, flow = stochastic(freight.result).paths, freight.result.group_flow
    rows = np.arange(len(lanes.table), dtype=np.int64)
    network: Supernetwork | None = own if case is own.case else variant_of(own, case, networks)
    if network is None:
        network = build_supernetwork(case)
        rows = match_rows(own.identified(own.demand), network.identified(network.demand))
        check_same_lanes(lanes, rows, network.demand.size)
    if same_network(own, network):
        unchanged = SharedNetwork(own, replace(own, case=case), None)
        return CaseNetwork(unchanged, lanes.is_connected, flow, own_paths, freight.result)
    shared = share_network(own, network, rows, own_paths, settings)
    paths = shared.paths or own_paths
    baseline_flow = shared.baseline_flow(own, flow)
    is_open = has_path(shared.case.network, shared.case.demand)
    baseline = _assign_baseline(shared, lanes, paths, baseline_flow, settings)
    return CaseNetwork(shared, is_open, baseline_flow, paths, baseline)


def _assign_baseline(
    shared: SharedNetwork,
    lanes: Lanes,
    paths: PathSet,
    flow: Floats,
    settings: AssignmentSettings,
    previous: AssignmentResult | None = None,
) -> AssignmentResult:
    tonnes = np.where(lanes.is_connected, lanes.tonnes, 0.0)
    return assign_among(shared.base, tonnes, settings, paths, flow, add_paths=False, before=previous)
