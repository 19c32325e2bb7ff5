"""Branch and bound with a bound that the caller computes."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sogdia.portfolio.arrays import Bools, Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.local_search import Archive, Found
from sogdia.portfolio.proofs import Proof
from sogdia.portfolio.settings import PortfolioSettings

Bound = Callable[[Bools], Floats]
"""Upper bound of the gain of every portfolio within possible choices.

Gets (N, n, 1 + most options): whether project i may be unbuilt (0) or have option k (k). Returns (N,).
"""
POPPED = 32
"""Nodes expanded together, so that bounds come in batches."""


@dataclass(eq=False)
class _Tree:
    """Open nodes, best bound first."""

    heap: list[tuple[float, int, Bools]]
    pushed: int = 0

    def push(self, bound: float, possible: Bools) -> None:
        # Of equal bounds the latest, which is the deepest, comes first.
        heapq.heappush(self.heap, (-bound, -self.pushed, possible))
        self.pushed += 1


def branch_and_bound(
    system: LinearSystem, archive: Archive, bound: Bound, incumbent: Found, settings: PortfolioSettings
) -> Found:
    """Prove a portfolio optimal, or find a better one, or bound what it lacks.

    A node is a set of possible options of each project. Options that no completion within the linear limits
    can have are removed (propagation). A node whose bound is not better than the incumbent is dropped; else
    it is split at the project whose absence and presence differ most in the root's bound. The bound must
    hold for every completion: for network design the total time of the system optimum with all possible
    links, which more links can only lower; the equilibrium's time may rise with a link (Braess 1968) and is
    no bound.

    Args:
        system: Linear limits.
        archive: Score of complete portfolios.
        bound: Upper bound of the gain.
        incumbent: Portfolio to start from.
        settings: Gap at which to end, most nodes.

    Returns:
        The best portfolio with its gap.
    """
    root = _all_possible(system)
    order = _branching_order(bound, root)
    best, gain = incumbent.choice, incumbent.gain
    tree = _Tree([])
    nodes = 0
    for node, value in zip(*_bounded(system, bound, root[None]), strict=True):
        tree.push(float(value), node)
    closed = -np.inf
    while tree.heap and nodes < settings.nodes:
        batch: list[Bools] = []
        while tree.heap and len(batch) < POPPED:
            value, _, node = heapq.heappop(tree.heap)
            if -value <= gain + settings.gap * abs(gain):
                closed = max(closed, -value)
                tree.heap.clear()
                break
            batch.append(node)
        if not batch:
            break
        children, values = _bounded(system, bound, np.concatenate([_split(node, order) for node in batch]))
        nodes += len(values)
        fixed = (np.count_nonzero(children, axis=2) == 1).all(axis=1)
        hopeful = values > gain + settings.gap * abs(gain)
        closed = max(closed, float(values[~hopeful].max(initial=-np.inf)))
        leaves = np.argmax(children[fixed & hopeful], axis=2).astype(np.int16)
        leaves = leaves[system.feasible(leaves)]
        if len(leaves):
            gains = archive(leaves)
            if gains.max() > gain:
                best, gain = leaves[int(np.argmax(gains))], float(gains.max())
        for k in np.flatnonzero(~fixed & hopeful):
            tree.push(float(values[k]), children[k])
    top = max([-value for value, _, _ in tree.heap], default=gain)
    gap = max(0.0, max(top, closed) - gain) / max(abs(gain), 1e-300)
    proof = Proof(
        "bound", portfolios=len(archive.gains), gap=gap, method=f"branch and bound, {nodes:,} nodes"
    )
    return Found(best, gain, proof)


def _all_possible(system: LinearSystem) -> Bools:
    sizes = system.problem.sizes
    return np.arange(1 + int(sizes.max()))[None, :] <= sizes[:, None]


def _branching_order(bound: Bound, root: Bools) -> list[int]:
    """Order projects by how much their absence lowers the bound, most first."""
    n = len(root)
    without = np.repeat(root[None], n, axis=0)
    for i in range(n):
        without[i, i, 1:] = False
    return [int(i) for i in np.argsort(bound(without), kind="stable")]


def _split(node: Bools, order: list[int]) -> Bools:
    """Split a node at the first undecided project in order, one child per possible option."""
    i = next(i for i in order if node[i].sum() > 1)
    options = np.flatnonzero(node[i])
    children = np.repeat(node[None], len(options), axis=0)
    children[:, i] = False
    children[np.arange(len(options)), i, options] = True
    return children


def _bounded(system: LinearSystem, bound: Bound, nodes: Bools) -> tuple[Bools, Floats]:
    """Propagate the linear limits and bound the nodes that remain possible."""
    nodes = propagate(system, nodes)
    nodes = nodes[_all_rows(np.asarray(nodes.any(axis=2)))]
    return nodes, bound(nodes) if len(nodes) else np.empty(0)


def _all_rows(table: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return whether all of the last axis are true."""
    return np.asarray(np.logical_and.reduce(table, axis=-1))


def propagate(system: LinearSystem, nodes: Bools) -> Bools:
    """Remove options that violate a limit whatever the other projects are, (N, n, 1 + most options)."""
    problem = system.problem
    width = nodes.shape[2]
    steps = np.zeros((len(problem.projects), width, len(system.names)))
    for i, (start, end) in enumerate(zip(problem.offsets[:-1], problem.offsets[1:], strict=True)):
        steps[i, 1 : 1 + end - start] = system.matrix[:, start:end].T
    scale_up = 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(system.upper), system.upper, 0.0)))
    scale_low = 1e-9 * np.maximum(1.0, np.abs(np.where(np.isfinite(system.lower), system.lower, 0.0)))
    possible = nodes.copy()
    while True:
        alive = possible[..., None]
        least = np.where(alive, steps, np.inf).min(axis=2)
        largest = np.where(alive, steps, -np.inf).max(axis=2)
        rest_least = least.sum(axis=1, keepdims=True) - least
        rest_largest = largest.sum(axis=1, keepdims=True) - largest
        below = steps[None] + rest_least[:, :, None] <= system.upper + scale_up
        above = steps[None] + rest_largest[:, :, None] >= system.lower - scale_low
        narrower = possible & _all_rows(below & above)
        # A project without any option ends the node: its sums would be infinite minus infinite.
        dead = ~_all_rows(np.asarray(narrower.any(axis=2)))
        narrower[dead] = False
        if (narrower == possible).all() or dead.all():
            return narrower
        nodes_alive = ~dead
        if not nodes_alive.all():
            out = np.zeros_like(narrower)
            out[nodes_alive] = propagate(system, narrower[nodes_alive])
            return out
        possible = narrower
