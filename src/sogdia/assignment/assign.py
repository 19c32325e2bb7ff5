"""Assign demand to a network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.assignment.connectivity import has_path
from sogdia.assignment.demand import Demand
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints, State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.network import Network
from sogdia.assignment.path_sets import PathRules, PathSet
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.stochastic import StochasticSolution, sue, sue_all_paths
from sogdia.assignment.user_equilibrium import marginal_delays, solve_user_equilibrium
from sogdia.errors import InputError


@dataclass(frozen=True, eq=False)
class LogitInputs:
    """Inputs of the algorithm ``sue`` beyond its settings.

    Attributes:
        theta: Scale θ_k of each user class, one over money, (K,); that of the settings by default.
        group_of_class: Class group of each user class, (K,); classes of one group share paths.
        avoid: Masks of arcs (A,), by any name; for each a path without these arcs is generated.
        rules: Rules of path generation.
        paths: Path set of an earlier solution of a similar case, to start from.
        start: Group flows of such a solution, to start from, (G,).
        previous: A solution whose paths are all in ``paths``; see :func:`sogdia.assignment.stochastic.sue`.
    """

    theta: Floats | None = None
    group_of_class: Ints | None = None
    avoid: Mapping[str, Bools] | None = None
    rules: PathRules | None = None
    paths: PathSet | None = None
    start: Floats | None = None
    previous: StochasticSolution | None = None


def assign(
    network: Network,
    demand: Demand,
    settings: AssignmentSettings | None = None,
    logit: LogitInputs | None = None,
) -> AssignmentResult:
    """Assign demand to a network.

    Args:
        network: The network (:func:`sogdia.assignment.make_network`, ``read_tntp``, ``read_gmns``).
        demand: The demand (:func:`sogdia.assignment.make_demand`).
        settings: Algorithm and tolerance; user equilibrium to a relative gap of 1e-6 by default.
        logit: Further inputs, for ``sue`` only.

    Returns:
        The result, frozen. Rows of demand without a path are in ``undelivered``.

    Raises:
        NotConvergedError: If the tolerance is not reached; the error carries the convergence record.
        InputError: If the demand is empty, or no row of it has a path.
    """
    chosen = settings or AssignmentSettings()
    if demand.size == 0:
        raise InputError("the demand is empty: there are no flows to assign")
    connected = has_path(network, demand)
    undelivered, delivered = demand.subset(~connected).table, demand
    if not connected.all():
        delivered = demand.subset(connected)
    if delivered.size == 0:
        raise InputError("no row of the demand has a path in the network")
    if chosen.algorithm in ("sue", "sue_all_paths"):
        return _stochastic(network, delivered, undelivered, chosen, logit or LogitInputs())
    delays = marginal_delays(network.delays) if chosen.algorithm == "so" else network.delays
    loading, state, record = solve_user_equilibrium(network, delivered, chosen, delays)
    delay = _delay(network, state.flow)
    return AssignmentResult(network, delivered, undelivered, chosen, record, state.flow, delay, loading)


def _stochastic(
    network: Network,
    demand: Demand,
    undelivered: pd.DataFrame,
    settings: AssignmentSettings,
    logit: LogitInputs,
) -> AssignmentResult:
    if settings.algorithm == "sue":
        solution = sue(
            network,
            demand,
            settings,
            theta=logit.theta,
            rules=logit.rules,
            paths=logit.paths,
            group_of_class=logit.group_of_class,
            avoid=logit.avoid,
            start=logit.start,
            previous=logit.previous,
        )
    else:
        solution = sue_all_paths(network, demand, settings, theta=logit.theta)
    state, record = solution.state, solution.convergence
    return AssignmentResult(network, demand, undelivered, settings, record, state.flow, state.delay, solution)


def _delay(network: Network, flow: Floats) -> Floats:
    """Delay of each capacity group by the network's own functions, not by their marginals, (G,)."""
    state = State(flow, np.empty(flow.size), np.empty(flow.size))
    refresh(network.delays, state)
    return state.delay


def capacity_value(
    network: Network, demand: Demand, arc: int, settings: AssignmentSettings | None = None, step: float = 0.01
) -> float:
    """Compute the reduction of total cost by one more unit of capacity of an arc's group, by perturbation.

    ``−(Z(C (1 + ε)) − Z(C)) / (C ε)`` with Z the total cost of the assignment and C the capacity; negative if
    more capacity raises total cost (Braess 1968).

    Args:
        network: The network.
        demand: The demand.
        arc: Position of the arc.
        settings: As for :func:`assign`; the gap should be well below the effect to be measured.
        step: Relative change ε of the capacity.

    Returns:
        Cost saved per unit of capacity (unit of cost × flow / unit of capacity).

    Raises:
        InputError: If the arc has no capacity.
        NotConvergedError: If one of the two assignments does not reach the tolerance.
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
