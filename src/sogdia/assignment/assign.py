"""Assignment: the public door of the freight engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.network import Demand, Network
from sogdia.assignment.path_sets import PathRules, PathSet
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.stochastic import StochasticSolution, sue, sue_all_paths
from sogdia.assignment.user_equilibrium import deliverable, marginal, solve_user_equilibrium
from sogdia.errors import InputError


@dataclass(frozen=True, eq=False)
class LogitInputs:
    """What ``sue`` may be told beyond its settings.

    Attributes:
        theta: Scale of each class, one over money, (K,); that of the settings for all where not given.
        geometry: Classes that share paths have the same number, (K,).
        avoid: Masks of arcs (A,) without which a path is sought, by any name.
        rules: How paths are generated.
        paths: Paths of an earlier solution of much the same case, to start from.
        start: Group flows of such a solution, to start from, (G,).
        before: A solution whose paths are all among these (:func:`sogdia.assignment.stochastic.sue`).
    """

    theta: Floats | None = None
    geometry: Ints | None = None
    avoid: Mapping[str, Bools] | None = None
    rules: PathRules | None = None
    paths: PathSet | None = None
    start: Floats | None = None
    before: StochasticSolution | None = None


def assign(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings | None = None,
    logit: LogitInputs | None = None,
) -> AssignmentResult:
    """Assign demand to a network.

    Args:
        network: The network (:func:`sogdia.freight.make_network`, ``read_tntp``, ``read_gmns``).
        demand: The demand (:func:`sogdia.freight.make_demand`).
        settings: Algorithm and precision; user equilibrium to a relative gap of 1e-6 where not given.
        logit: For ``sue`` only: scales by class, paths and how they are made.

    Returns:
        The result, frozen. Rows of demand without a path are in ``undelivered``.

    Raises:
        NotConvergedError: If the precision is not reached; the record is in it.
        InputError: If nothing can be carried at all.
    """
    chosen = settings or AssignmentSettings()
    if demand.table.empty:
        raise InputError("the demand is empty: there is nothing to assign")
    has_path = deliverable(network, demand)
    undelivered = demand.table[~has_path].reset_index(drop=True)
    carried = demand
    if not has_path.all():
        carried = replace(demand, table=demand.table[has_path].reset_index(drop=True))
    if carried.table.empty:
        raise InputError("no row of the demand has a path in the network")
    if chosen.algorithm in ("sue", "sue_all_paths"):
        return _stochastic(network, carried, undelivered, chosen, logit or LogitInputs())
    delays = marginal(network.delays) if chosen.algorithm == "so" else network.delays
    loading, state, record = solve_user_equilibrium(network, carried, chosen, delays)
    delay = _true_delay(network, state.flow)
    return AssignmentResult(network, carried, undelivered, chosen, record, state.flow, delay, loading)


def _stochastic(
    network: Network,
    demand: Demand,
    undelivered: pd.DataFrame,
    settings: AssignmentSettings,
    logit: LogitInputs,
) -> AssignmentResult:
    if settings.algorithm == "sue":
        found = sue(
            network,
            demand,
            settings,
            theta=logit.theta,
            rules=logit.rules,
            paths=logit.paths,
            geometry=logit.geometry,
            avoid=logit.avoid,
            start=logit.start,
            before=logit.before,
        )
    else:
        found = sue_all_paths(network, demand, settings, theta=logit.theta)
    state, record = found.state, found.convergence
    return AssignmentResult(network, demand, undelivered, settings, record, state.flow, state.delay, found)


def _true_delay(network: Network, flow: Floats) -> Floats:
    """Delay of each group by the network's own functions."""
    state = State(flow, np.empty(flow.size), np.empty(flow.size))
    refresh(network.delays, state)
    return state.delay


def capacity_value(
    network: Network, demand: Demand, arc: int, settings: AssignmentSettings | None = None, step: float = 0.01
) -> float:
    """What one more unit of capacity of an arc's group would save in total cost, by perturbation.

    ``−(C(capacity · (1 + step)) − C(capacity)) / (capacity · step)`` with C the cost of all flow at the
    assignment asked for; negative where more capacity costs more (Braess 1968).

    Args:
        network: The network.
        demand: The demand.
        arc: Position of the arc.
        settings: As for :func:`assign`; the gap should be well below the effect looked for.
        step: Relative change of capacity.

    Raises:
        InputError: If the arc has no capacity.
    """
    capacity = float(network.arcs["capacity"].iloc[arc])
    if not np.isfinite(capacity) or network.delays.kind[network.graph.group[arc]] == 0:
        raise InputError("the arc has no capacity that delays it")
    wider = network.arcs.copy()
    same = (wider["group"] == wider["group"].iloc[arc]).to_numpy(dtype=bool)
    wider.loc[same, "capacity"] = capacity * (1.0 + step)
    before = assign(network, demand, settings).total_cost
    after = assign(replace(network, arcs=wider), demand, settings).total_cost
    return (before - after) / (capacity * step)
