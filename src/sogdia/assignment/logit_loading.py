"""Logit loading of a demand on a path set at given flows, and its derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sogdia.assignment.bundling import Bundles
from sogdia.assignment.demand import Demand, free_flow_costs
from sogdia.assignment.kernels import bundles, logit
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, Longs, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.kernels.logit import Choice
from sogdia.assignment.network import Network
from sogdia.assignment.od_groups import class_index
from sogdia.assignment.path_sets import PathSet
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.thread_pool import ThreadPool
from sogdia.numerics.csr import row_starts

MAX_PARTS = 16
"""Largest number of parts into which the OD groups are cut for threads."""
SHARES_PER_PART = 20_000


@dataclass(frozen=True, eq=False)
class DemandRows:
    """Rows of demand by OD group; the same for all path sets of these OD groups.

    Attributes:
        od_group: OD group of each row, (T,).
        user_class: Its class, (T,).
        flow: Its flow, (T,).
        ptr: Rows of OD group m are ``row[ptr[m]:ptr[m + 1]]``, (M + 1,).
        row: Rows by OD group, (T,).
        free_flow_costs: Free-flow costs of arcs by class, (K, A).
        scale: θ_k times the value of time of the class, (K,).
    """

    od_group: Longs
    user_class: Ints
    flow: Floats
    ptr: Longs
    row: Longs
    free_flow_costs: Floats
    scale: Floats


@dataclass(frozen=True, eq=False)
class EarlierChoice:
    """Choice between some of the paths of a path set.

    Attributes:
        choice: The choice.
        repriced: Mask of the arcs that had another free-flow cost to some class, (A,); ``None`` if none had.
    """

    choice: Choice
    repriced: Bools | None = None

    def is_outdated(self, paths: PathSet) -> Bools:
        """Return a mask of the OD groups with other paths than then, or a path of another cost, (M,)."""
        outdated = np.asarray(np.diff(paths.od_ptr) != np.diff(self.choice.od_ptr))
        if self.repriced is not None:
            outdated |= paths.passes(self.repriced)
        return outdated


def demand_by_od_group(network: Network, demand: Demand, paths: PathSet, scale: Floats) -> DemandRows:
    """Sort the rows of demand by OD group.

    Raises:
        InputError: If the path set lacks an OD group or is for other classes.
    """
    od_group = paths.od_group_of_rows(network, demand)
    ptr, row = np.zeros(paths.origin.size + 1, np.int64), np.empty(od_group.size, np.int64)
    logit.rows_by_od_group(od_group, ptr, row)
    costs = free_flow_costs(network, demand)
    return DemandRows(od_group, class_index(demand), demand.flow, ptr, row, costs, scale)


def reusable_choice(
    choice: Choice, od_group: Longs, before: Demand, now: Demand, rows: DemandRows
) -> EarlierChoice | None:
    """Return the choice of a demand for another on the same network; ``None`` if it has other rows.

    Args:
        choice: The choice.
        od_group: OD group of each row, (T,).
        before: Its demand.
        now: The other demand.
        rows: Rows of the other demand.
    """
    if (before.class_cost is None) != (now.class_cost is None):
        return None
    repriced = None
    if before.class_cost is not None and now.class_cost is not None:
        if before.class_cost.shape != now.class_cost.shape:
            return None
        if before.class_cost is not now.class_cost:
            repriced = (before.class_cost != now.class_cost).any(axis=0)
    pairs = (od_group, rows.od_group), (choice.user_class, rows.user_class), (choice.scale, rows.scale)
    return EarlierChoice(choice, repriced) if all(np.array_equal(*pair) for pair in pairs) else None


class LogitLoading:
    """Logit loading ``F(V)``: the flows of capacity groups by the shares at the delays of flows V.

    It works on bundles, sets of paths with the same delayed groups, and computes shares of paths on demand.
    OD groups whose paths have no delayed arc are loaded once: group flows do not depend on them.

    Numbers are the same for any number of threads: OD groups are cut into fixed parts whose sums are added in
    their order.

    Attributes:
        network: The network.
        rows: The rows of demand.
        groups: Number G of capacity groups.
        path_choice: Choice between paths.
        scaled_path_choice: The same with utilities multiplied by a factor (:meth:`scale_utilities`).
        bundle_choice: Choice between bundles, scaled likewise.
        logsum: ``ln Σ exp(u)`` of each row at the last loading, (T,).
        delay: Delays of the last loading, (G,).
        shares: Shares of bundles at the last loading.
        previous_shares: Those at the loading before.
        passes: Number of loadings and products with the Jacobian so far.
    """

    def __init__(
        self,
        network: Network,
        paths: PathSet,
        rows: DemandRows,
        settings: AssignmentSettings,
        pool: ThreadPool,
        previous: EarlierChoice | None = None,
    ) -> None:
        """Combine paths and demand.

        Args:
            network: The network.
            paths: The path set.
            rows: The rows of demand.
            settings: ``path_size`` is used.
            pool: Threads.
            previous: Choice between some of these paths for the same rows; utilities that hold are copied.
        """
        self.network, self.delays, self.rows, self.pool = network, network.delays, rows, pool
        self.passes = 0
        self.groups = self.delays.kind.size
        count = np.diff(paths.od_ptr)
        share_ptr = row_starts(count[rows.od_group])
        self.path_choice = Choice(
            paths.od_ptr, paths.path_ptr, paths.path_arc, paths.group_ptr, paths.path_group, rows.ptr,
            rows.row, rows.user_class, rows.flow, share_ptr, rows.scale, np.empty(share_ptr[-1]),
        )  # fmt: skip
        work = np.diff(rows.ptr) * count
        changed = np.arange(count.size)
        if previous is not None:
            logit.copy_utilities(previous.choice, self.path_choice)
            changed = np.flatnonzero(previous.is_outdated(paths))
        self._compute_utilities(paths, settings.path_size, _parts(changed, work))
        self.logsum, self._path_shares = np.zeros(rows.od_group.size), np.zeros(share_ptr[-1])
        self._load(
            self.path_choice, _parts(np.flatnonzero(~paths.bundles.delayed), work), np.zeros(self.groups),
            self._path_shares,
        )  # fmt: skip
        self._bundle(paths.bundles)
        self.delay, self._previous_delay = np.zeros(self.groups), np.zeros(self.groups)
        self.scale_utilities(1.0)

    def _compute_utilities(self, paths: PathSet, path_size: float, parts: list[Longs]) -> None:
        none = np.zeros(self.groups)

        def job(n: int) -> None:
            choice = self.path_choice
            logit.path_sums(choice, self.rows.free_flow_costs, none, -choice.scale, parts[n], choice.utility)
            if path_size > 0.0:
                logit.add_path_size(choice, path_size, paths.log_path_size, parts[n])

        self.pool.map(job, len(parts))

    def _bundle(self, known: Bundles) -> None:
        """Set up the choice between bundles for the OD groups with delays."""
        rows, self._bundle_of = self.rows, known.bundle_of
        share_ptr = row_starts(np.diff(known.ptr)[rows.od_group])
        self._parts = _parts(np.flatnonzero(known.delayed), np.diff(rows.ptr) * np.diff(known.ptr))
        self._buffers = np.zeros((len(self._parts), self.groups))
        self.scaled_path_choice = self.path_choice
        self.bundle_choice = self.path_choice._replace(
            od_ptr=known.ptr, group_ptr=known.group_ptr, path_group=known.path_group, share_ptr=share_ptr,
            utility=np.empty(share_ptr[-1]),
        )  # fmt: skip
        self.shares, self.previous_shares = np.zeros(share_ptr[-1]), np.zeros(share_ptr[-1])

    def _load(self, choice: Choice, parts: list[Longs], delay: Floats, shares: Floats) -> Floats:
        out, logsum = np.zeros((len(parts), self.groups)), self.logsum
        self.pool.map(lambda n: logit.load(choice, delay, parts[n], shares, logsum, out[n]), len(parts))
        return np.asarray(out.sum(axis=0))

    def scale_utilities(self, factor: float) -> None:
        """Multiply all utilities by a factor, without effect on earlier factors."""
        exact, choice = self.path_choice, self.bundle_choice._replace(scale=self.path_choice.scale * factor)
        scaled = exact
        if factor != 1.0:
            scaled = exact._replace(scale=choice.scale, utility=exact.utility * factor)
        self.scaled_path_choice, self.bundle_choice = scaled, choice
        self.pool.map(
            lambda n: bundles.bundle_utilities(
                self.scaled_path_choice, self._bundle_of, self._parts[n], choice
            ),
            len(self._parts),
        )

    def path_shares(self) -> Floats:
        """Return the shares of paths at the last loading, by row; the next call overwrites them."""
        logsum = self.logsum.copy()
        self._load(self.scaled_path_choice, self._parts, self.delay, self._path_shares)
        self.logsum = logsum
        return self._path_shares

    def load(self, flow: Floats) -> tuple[Floats, Floats]:
        """Return the loading at group flows, (G,), and the slopes of the delays there, (G,)."""
        self.undo()
        self.passes += 1
        state = State(flow, np.empty(self.groups), np.empty(self.groups))
        refresh(self.delays, state)
        self.delay = state.delay
        return self._load(self.bundle_choice, self._parts, state.delay, self.shares), state.slope

    def jacobian_product(self, values: Floats) -> Floats:
        """Return H times values (G,) at the shares of the last loading; −H is the Jacobian by delays."""
        self.passes += 1
        return self._sum(
            lambda part, out: logit.jacobian_product(self.bundle_choice, self.shares, values, part, out)
        )

    def jacobian_diagonal(self) -> Floats:
        """Return an approximation of the diagonal of H, (G,)."""
        return self._sum(
            lambda part, out: logit.jacobian_diagonal(self.bundle_choice, self.shares, part, out)
        )

    def utility_scale_derivative(self) -> Floats:
        """Return the derivative of the loading by the logarithm of the factor of utilities, (G,)."""
        shares = self.path_shares()
        return self._sum(
            lambda part, out: logit.utility_scale_derivative(self.scaled_path_choice, shares, part, out)
        )

    def _sum(self, job: Callable[[Longs, Floats], None]) -> Floats:
        """Sum the results of a job over the parts of the OD groups with delays, in their order, (G,)."""
        self.pool.map(lambda n: job(self._parts[n], self._buffers[n]), len(self._parts))
        return np.asarray(self._buffers.sum(axis=0))

    def undo(self) -> None:
        """Return to the shares and delays of the loading before the last."""
        self.shares, self.previous_shares = self.previous_shares, self.shares
        self.delay, self._previous_delay = self._previous_delay, self.delay

    def flow_residual(self) -> float:
        """Return the largest difference of path flows of the last two loadings, over the largest demand."""
        change = self.pool.map(
            lambda n: logit.largest_change(
                self.bundle_choice, self.previous_shares, self.shares, self._parts[n]
            ),
            len(self._parts),
        )
        largest_demand = max(float(self.bundle_choice.flow.max(initial=0.0)), 1e-300)
        return max(change, default=0.0) / largest_demand


def _parts(od_groups: Longs, work: Longs) -> list[Longs]:
    """Cut OD groups into parts of about equal work, independently of the number of threads.

    Args:
        od_groups: Numbers of the OD groups.
        work: Shares of each OD group, (M,).
    """
    cumulated = np.cumsum(work[od_groups])
    total = int(cumulated[-1]) if cumulated.size else 0
    parts = int(np.clip(total // SHARES_PER_PART, 1, MAX_PARTS))
    cuts = np.searchsorted(cumulated, np.linspace(0, total, parts + 1)[1:-1])
    return [np.ascontiguousarray(part) for part in np.split(od_groups, cuts)]
