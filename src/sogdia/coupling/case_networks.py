"""Base and case on one network, made once for all cases that have the same ways and bar the same goods."""

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
from sogdia.coupling.lanes import Lanes, assert_same_lanes, positions
from sogdia.freight.inputs import build_supernetwork
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import (
    SharedNetwork,
    assign_among,
    same_network,
    share_network,
    stochastic,
)
from sogdia.freight.variant import DEMAND_TABLES, NETWORK_TABLES, variant_of

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
READ = (*DEMAND_TABLES, *NETWORK_TABLES, "calibration", "corridors", "restrictions")
"""Tables that make network, goods and paths, besides pipelines of goods that are freight."""
KEPT = 1


@dataclass(frozen=True, eq=False)
class CaseNetwork:
    """A base and a case on one network.

    Attributes:
        both: The two supernetworks, and paths for either; no paths where the base's own network serves.
        open: Whether the case has a path for each lane, (T,).
        flow: Group flows of the base on that network, as assigned among its own paths, (G,).
        paths: Paths to start from.
        in_base: The base, assigned among these paths.
    """

    both: SharedNetwork
    open: Bools
    flow: Floats
    paths: PathSet
    in_base: AssignmentResult

    def for_case(self, case: Case) -> CaseNetwork:
        """The same ground for another case with the same network."""
        return replace(self, both=replace(self.both, case=replace(self.both.case, case=case)))

    def base_among(
        self, lanes: Lanes, paths: PathSet, before: AssignmentResult, settings: AssignmentSettings
    ) -> AssignmentResult:
        """The base that chooses among given paths, found from one that chose among some of them."""
        return _base_among(self.both, lanes, paths, before.group_flow, settings, before)


class CaseNetworks:
    """The grounds used last, by what they are made from; copies that go to other processes start empty."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, CaseNetwork] = OrderedDict()

    def __reduce__(self) -> tuple[type[CaseNetworks], tuple[()]]:
        return CaseNetworks, ()

    def of(
        self, case: Case, freight: FreightResult, lanes: Lanes, settings: AssignmentSettings
    ) -> CaseNetwork:
        """The ground of a base and a case.

        Args:
            case: The case.
            freight: The base, assigned.
            lanes: Its lanes.
            settings: ``paths`` and ``workers`` are heeded.

        Raises:
            InputError: If the case ships other goods than its base, or nothing can be carried.
        """
        key = f"{_key(case)} {settings.max_paths}"
        found = self._known.pop(key, None)
        if found is None:
            # Room first: a ground is a few hundred megabytes, and several processes make theirs at once.
            while len(self._known) >= KEPT:
                self._known.popitem(last=False)
            found = make_case_network(case, freight, lanes, settings)
        self._known[key] = found
        return found.for_case(case)


def _key(case: Case) -> str:
    """A digest of all that network, goods and paths are made from."""
    digest = hashlib.sha256(str(case.year).encode())
    freight = case.table("commodities")["freight"].astype(bool)
    lines = case.table("pipelines")
    tables = [case.table(name) for name in READ]
    tables.append(lines[lines["product"].isin(set(freight.index[freight]))])
    for table in tables:
        digest.update(pd.util.hash_pandas_object(table).to_numpy().tobytes())
    return digest.hexdigest()


def make_case_network(
    case: Case, freight: FreightResult, lanes: Lanes, settings: AssignmentSettings
) -> CaseNetwork:
    """Put a case beside its base; see :meth:`CaseNetworks.of`."""
    known = freight.supernetwork
    own, flow = stochastic(freight.result).paths, freight.result.group_flow
    network, at = variant_of(known, case), np.arange(len(lanes.table), dtype=np.int64)
    if network is None:
        network = build_supernetwork(case)
        at = positions(known.identified(known.demand), network.identified(network.demand))
        assert_same_lanes(lanes, at, len(network.demand.table))
    if same_network(known, network):
        same = SharedNetwork(known, replace(known, case=case), None)
        return CaseNetwork(same, lanes.joined, flow, own, freight.result)
    both = share_network(known, network, at, own, settings)
    paths = both.paths or own
    by_name = dict(zip(known.network.groups, flow.tolist(), strict=True))
    carried = np.array([by_name.get(name, 0.0) for name in both.base.network.groups])
    open_ = has_path(both.case.network, both.case.demand)
    return CaseNetwork(both, open_, carried, paths, _base_among(both, lanes, paths, carried, settings))


def _base_among(
    both: SharedNetwork,
    lanes: Lanes,
    paths: PathSet,
    flow: Floats,
    settings: AssignmentSettings,
    before: AssignmentResult | None = None,
) -> AssignmentResult:
    tonnes = np.where(lanes.joined, lanes.tonnes, 0.0)
    return assign_among(both.base, tonnes, settings, paths, flow, add_paths=False, before=before)
