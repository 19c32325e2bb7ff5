"""Prices at which freight fits some hard capacities, near a solution of the trade model.

A row t of demand with tonnes q chooses its paths with the scale θ, and its tonnes fall with what buyers pay,

    ``p_r ∝ p⁰_r exp(−θ x_r)``,  ``x_r = Σ_h δ_rh (λ_h − λ⁰_h − vot ΔD_h)``,
    ``q = q⁰ (B / B⁰)^−σ``,  ``B = B⁰ + Δg + a π_s``,  ``Δg = −(1/θ) ln Σ_r p⁰_r exp(−θ x_r)``,

with uses δ of the capacities by a path, the queue ΔD that vanishes where flow falls to its capacity, and
elasticity σ. The price of an exporter's good with a specific factor changes by the share π_s, so that supply
falls as its rent does: a is the part of B that moves with it, and ``Σ_t a q = S⁰ (1 + π_s)^ε``. The prices
solve

    ``0 ≤ λ_h ⊥ C_h − v_h(λ, π) ≥ 0``,  ``v_h = Σ_t q_t Σ_r p_tr δ_rh``

which are the conditions of the concave problem ``max Σ_t ∫ q dB − Σ_h λ_h C_h − Σ_s ∫ S dπ``. Steps are
Newton's on ``ln v``, which is nearly linear in prices, or on v where these do not raise the objective; each
is a linear complementarity problem, and is halved until the objective rises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sogdia.coupling.kernels.local_flows import Uses, add_flows, choose, complementary
from sogdia.numerics.csr import row_starts

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
MOST_STEP = 100.0
"""Largest change of a price in a step of Newton's method, USD/t, and of a higher price its own height."""
MOST_PRICE = 100_000.0
"""Highest price, USD/t: far above the value of freight that such capacities carry."""
MOST_SUPPLY_STEP = 0.5
LEAST_SUPPLY_PRICE = -0.95
"""Largest step of a relative price of supply, and its largest fall."""
MOST_STEPS = 40
MOST_HALVINGS = 6
ROUNDING = 1e-12
"""Relative fall of the objective that is rounding."""
LARGE_ROWS = 0.9999
"""Share of the tonnes, of rows that can use the capacities, whose choice is computed in each step."""
LEAST_RESPONSE = 1e-4
"""Least response of ln v to a price that a step assumes, per USD/t."""
SOLVED = 1e-5
"""Relative change of prices at which the method stops."""
MOST_SWEEPS, SWEPT = 500, 1e-9
"""Most sweeps of a step, and the relative change of prices at which they stop."""
LEAST_COST = 1e-9
"""Least cost of a good, relative to that of the anchor, that prices leave."""


@dataclass(frozen=True, eq=False)
class LocalChoice:
    """Choice of the R rows that can use H' capacities, among M patterns of use.

    Attributes:
        rows: Rows of the assignment, (R,).
        first: First pattern of each row, (R,).
        uses: Uses δ of the capacities by each pattern, (M, H').
        share: Share of the pattern in the row's choice at the prices of the assignment, (M,).
        queue: Cost of a pattern's queues that vanish, USD/t, (M,).
        theta: Scale of choice of each row, one over USD/t, (R,).
    """

    rows: Longs
    first: Longs
    uses: Floats
    share: Floats
    queue: Floats
    theta: Floats

    @cached_property
    def used(self) -> Uses:
        """Uses that are not 0."""
        pattern, capacity = np.nonzero(self.uses)
        first = np.searchsorted(pattern, np.arange(self.share.size + 1))
        return first.astype(np.int64), capacity.astype(np.int64), self.uses[pattern, capacity]

    @property
    def counts(self) -> Longs:
        """Patterns of each row, (R,)."""
        return np.asarray(np.diff(np.append(self.first, self.share.size)))

    def at(self, change: Floats, *, with_queue: bool = True) -> tuple[Floats, Floats, Floats]:
        """Return Δg, USD/t, (R,), mean uses, (R, H'), and shares, (M,), at other prices.

        Args:
            change: Prices less those of the assignment, USD/t, (H',).
            with_queue: Let the queues vanish.
        """
        rows, patterns = self.rows.size, self.share.size
        cost, mean, chosen = np.empty(rows), np.zeros((rows, change.size)), np.empty(patterns)
        queue = self.queue if with_queue else np.zeros(patterns)
        choose(self.first, self.used, self.share, queue, self.theta, change, cost, mean, chosen)
        return cost, mean, chosen

    def subset(self, large: Longs) -> LocalChoice:
        """Return the choice of some of the rows, as positions."""
        counts = self.counts
        mask = np.zeros(counts.size, dtype=np.bool_)
        mask[large] = True
        pattern = np.repeat(mask, counts)
        first = np.cumsum(counts[large]) - counts[large]
        part = LocalChoice(
            self.rows[large], first, self.uses[pattern], self.share[pattern], self.queue[pattern],
            self.theta[large],
        )  # fmt: skip
        # Its uses are those of this choice, so the dense matrix need not be searched again.
        ptr, capacity, number = self.used
        of_pattern = np.diff(ptr)
        chosen = np.repeat(pattern, of_pattern)
        vars(part)["used"] = row_starts(of_pattern[pattern]), capacity[chosen], number[chosen]
        return part


@dataclass(frozen=True, eq=False)
class Anchor:
    """A solution of the trade model, and how the tonnes of R rows respond near it.

    Attributes:
        change: Prices of the solution less those of the assignment, USD/t, (H',).
        tonnes: Tonnes a year, (R,).
        cost: What buyers pay, B, USD/t, (R,).
        elasticity: Elasticity σ of tonnes by it; 0 where tonnes do not respond, (R,).
        supply: Supply s of each row, G in all; −1 where the exporter's price does not respond, (R,).
        at_exporter: Part a of B that moves with the exporter's price, USD/t, (R,).
        supply_elasticity: ε of the supply that these rows have, net of other buyers, (G,).
    """

    change: Floats
    tonnes: Floats
    cost: Floats
    elasticity: Floats
    supply: Longs
    at_exporter: Floats
    supply_elasticity: Floats

    def subset(self, large: Longs) -> Anchor:
        """Return the response of some of the rows, as positions."""
        return Anchor(
            self.change, self.tonnes[large], self.cost[large], self.elasticity[large], self.supply[large],
            self.at_exporter[large], self.supply_elasticity,
        )  # fmt: skip


@dataclass(frozen=True, eq=False)
class LocalFlows:
    """Flows of a local model: v and ``Σ a q``, (H' + G,), with derivatives by prices, and their tonnes.

    ``surplus`` is what users lose, ``Σ_t ∫ q dB``, USD a year.
    """

    flow: Floats
    slope: Floats
    tonnes: Floats
    surplus: float


@dataclass(frozen=True, eq=False)
class LocalModel:
    """Choice and tonnes of the rows that can use the H' capacities in question.

    Prices x are those of the capacities, less the anchor's, and the relative ones of G supplies, (H' + G,).
    """

    choice: LocalChoice
    anchor: Anchor

    @classmethod
    def of(cls, choice: LocalChoice, anchor: Anchor, cost: Floats, uses: Floats) -> LocalModel:
        """Return the model of an anchor whose Δg, USD/t, (R,), and mean uses, (R, H'), are known."""
        model = cls(choice, anchor)
        vars(model)["_at_anchor"] = cost, uses
        return model

    @cached_property
    def _at_anchor(self) -> tuple[Floats, Floats]:
        """Δg of the anchor, USD/t, (R,), and its mean uses, (R, H')."""
        return self.choice.at(self.anchor.change)[:2]

    def evaluate(self, x: Floats) -> LocalFlows:
        """Return flows at prices x."""
        choice, given = self.choice, self.anchor
        count = choice.uses.shape[1]
        flow, fall, tonnes = np.zeros(x.size), np.zeros((x.size, x.size)), np.empty(given.tonnes.size)
        anchor = given.tonnes, given.cost, given.elasticity, given.supply, given.at_exporter
        surplus = add_flows(
            choice.first, choice.used, choice.share, choice.queue, choice.theta, given.change + x[:count],
            self._at_anchor[0], anchor, x[count:], LEAST_COST, flow, fall, tonnes,
        )  # fmt: skip
        return LocalFlows(flow, -fall, tonnes, surplus)

    def clearing_prices(
        self, price: Floats, capacity: Floats, solved: float = SOLVED
    ) -> tuple[Floats, Floats]:
        """Return the prices at which no capacity is exceeded and those with a price are full, (H',), and π.

        Rows of few tonnes keep their flows.

        Args:
            price: Prices of the anchor, USD/t, (H',).
            capacity: Capacities, t/a, (H',).
            solved: Relative change of prices at which the method stops.
        """
        count, supplies = price.size, self.anchor.supply_elasticity.size
        start = np.concatenate([price, np.zeros(supplies)])
        large, rest = self._large_rows()
        found, at = start.copy(), large.evaluate(np.zeros(start.size))
        limits = _Limits(capacity - rest, at.flow[count:], self.anchor.supply_elasticity)
        for _ in range(MOST_STEPS):
            best = at.surplus - limits.cost(found, price)
            for step in _steps(at, rest, limits, found):
                tried = found + step
                then = large.evaluate(tried - start)
                objective = then.surplus - limits.cost(tried, price)
                if objective >= best - ROUNDING * (abs(best) + 1.0):
                    break
            moved, found, at = np.abs(tried - found), tried, then
            if (
                moved[:count].max() <= solved * (1.0 + found[:count].max())
                and (moved[count:] <= solved).all()
            ):
                break
        return found[:count], found[count:]

    def _large_rows(self) -> tuple[LocalModel, Floats]:
        """Return the model of the rows with most tonnes, and the flows of the others, which stay, (H',)."""
        tonnes = self.anchor.tonnes
        order = np.argsort(-tonnes, kind="stable")
        count = int(np.searchsorted(np.cumsum(tonnes[order]), LARGE_ROWS * tonnes.sum())) + 1
        large, small = np.sort(order[:count]), order[count:]
        cost, uses = self._at_anchor
        choice, anchor = self.choice.subset(large), self.anchor.subset(large)
        return LocalModel.of(choice, anchor, cost[large], uses[large]), tonnes[small] @ uses[small]


@dataclass(frozen=True, eq=False)
class _Limits:
    """Capacities C that are left, (H',), and supplies ``S⁰ (1 + π)^ε``, (G,) each."""

    capacity: Floats
    supply: Floats
    elasticity: Floats

    @property
    def lower(self) -> Floats:
        return np.repeat([0.0, LEAST_SUPPLY_PRICE], [self.capacity.size, self.supply.size])

    @property
    def upper(self) -> Floats:
        return np.repeat([MOST_PRICE, MOST_PRICE], [self.capacity.size, self.supply.size])

    def cost(self, x: Floats, price: Floats) -> float:
        """Return ``Σ λ C + Σ ∫ S dπ``."""
        count, power = price.size, self.elasticity + 1.0
        supplied = self.supply * ((1.0 + x[count:]) ** power - 1.0) / power
        return float((x[:count] - price) @ self.capacity + supplied.sum())

    def at(self, x: Floats) -> tuple[Floats, Floats]:
        """Return capacities and supplies at prices, and their derivatives, (H' + G,) each."""
        price = 1.0 + x[self.capacity.size :]
        supplied = self.supply * price**self.elasticity
        slope = supplied * self.elasticity / price
        return np.append(self.capacity, supplied), np.append(np.zeros(self.capacity.size), slope)


def _steps(at: LocalFlows, rest: Floats, limits: _Limits, x: Floats) -> Iterator[Floats]:
    """Yield steps of prices to try, from the boldest: on ln v and its halves, then on v and its halves."""
    count, supplies = rest.size, x.size - rest.size
    limit, slope = limits.at(x)
    least = np.append(np.ones(count), np.full(supplies, 1e-9))
    other = np.append(rest, np.zeros(supplies))
    flow, full = np.maximum(at.flow + other, least), np.maximum(limit + other, least)
    most = np.append(np.maximum(x[:count], MOST_STEP), np.full(supplies, MOST_SUPPLY_STEP))
    floor = np.append(np.full(count, LEAST_RESPONSE), np.full(supplies, 1e-9))
    for gap in (np.log(flow / full), (flow - full) / flow):
        matrix = (np.diag(slope) - at.slope) / flow[:, None]
        matrix[np.diag_indices(x.size)] = np.maximum(matrix.diagonal(), floor)
        # The bounds on the step are those of the problem: a step that is cut afterwards may lead down.
        lower, upper = np.maximum(limits.lower, x - most), np.minimum(limits.upper, x + most)
        step = complementary(matrix, gap, x, lower, upper, MOST_SWEEPS, SWEPT) - x
        for halving in range(MOST_HALVINGS):
            yield step * 0.5**halving
