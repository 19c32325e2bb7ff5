"""Prices at which freight fits some hard capacities, while all else stays as an assignment left it.

A row t of demand with tonnes q chooses its paths with the scale θ, and its tonnes fall with the cost of the
good,

    ``p_r ∝ p⁰_r exp(−θ x_r)``,  ``x_r = Σ_h δ_rh (λ_h − λ⁰_h − vot ΔD_h)``,
    ``q = q⁰ ((B + Δg) / B)^−σ``,  ``Δg = −(1/θ) ln Σ_r p⁰_r exp(−θ x_r)``,

with uses δ of the capacities by a path, the queue ΔD that vanishes where flow falls to its capacity, trade
elasticity σ, and cost B of the good with carriage. The prices solve

    ``0 ≤ λ_h ⊥ C_h − v_h(λ) ≥ 0``,  ``v_h = Σ_t q_t Σ_r p_tr δ_rh``

which are the conditions of the concave problem ``max_λ≥0 Σ_t ∫₀^Δg q ds − Σ_h λ_h C_h``. Steps are Newton's
on ``ln v``, which is nearly linear in prices, or on v where these do not raise the objective; each is a
linear complementarity problem, and is halved until the objective rises.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
MOST_STEP = 100.0
"""Largest change of a price in a step of Newton's method, USD/t, and of a higher price its own height."""
MOST_PRICE = 100_000.0
"""Highest price, USD/t: far above the value of freight that such capacities carry."""
MOST_STEPS = 40
MOST_HALVINGS = 6
ROUNDING = 1e-12
"""Relative fall of the objective that is rounding."""
LARGE_ROWS = 0.999
"""Share of the tonnes, of rows that can use the capacities, whose choice is computed in each step."""
LEAST_RESPONSE = 1e-4
"""Least response of ln v to a price that a step assumes, per USD/t."""
SOLVED = 1e-4
"""Relative change of prices at which the method stops."""
MOST_SWEEPS = 500
LEAST_COST = 1e-9
"""Least cost of a good, relative to that of the assignment, that prices leave."""


@dataclass(frozen=True, eq=False)
class TonnesResponse:
    """Tonnes of the T rows of an assignment that the next round would ship, and their response to cost.

    Attributes:
        tonnes: Tonnes a year at the costs that the assignment gives, (T,).
        cost: Cost of the good with that carriage, B, USD/t, (T,).
        elasticity: Trade elasticity σ; 0 where tonnes do not respond, (T,).
    """

    tonnes: Floats
    cost: Floats
    elasticity: Floats


@dataclass(frozen=True, eq=False)
class LocalFlows:
    """Flows of a local model: v, (H',), their derivatives by prices, (H', H'), Δg and tonnes of its rows.

    ``surplus`` is what users lose, ``Σ_t ∫₀^Δg q ds``, USD a year.
    """

    flow: Floats
    slope: Floats
    change: Floats
    tonnes: Floats
    surplus: float


@dataclass(frozen=True, eq=False)
class LocalModel:
    """Choice of the rows that can use the H' capacities in question, among M patterns of use.

    Attributes:
        rows: Rows of the assignment, R of them.
        first: First pattern of each row, (R,).
        uses: Uses δ of the capacities by each pattern, (M, H').
        share: Share of the pattern in the row's choice at the prices of the assignment, (M,).
        queue: Cost of a pattern's queues that vanish, USD/t, (M,).
        theta: Scale of choice of each row, (R,).
        response: Response of the tonnes of these rows.
    """

    rows: Longs
    first: Longs
    uses: Floats
    share: Floats
    queue: Floats
    theta: Floats
    response: TonnesResponse

    @property
    def mean_uses(self) -> Floats:
        """Mean uses of the capacities by each row at the prices of the assignment, (R, H')."""
        return np.asarray(np.add.reduceat(self.uses * self.share[:, None], self.first, axis=0))

    def evaluate(self, change: Floats) -> LocalFlows:
        """Return flows at prices that differ by ``change``, USD/t, (H',), from those of the assignment."""
        counts = np.diff(np.append(self.first, self.share.size))
        theta = np.repeat(self.theta, counts)
        cost = self.uses @ change - self.queue
        least = np.repeat(np.minimum.reduceat(cost, self.first), counts)
        weight = self.share * np.exp(-theta * (cost - least))
        total = np.add.reduceat(weight, self.first)
        share = weight / np.repeat(total, counts)
        delta = least[self.first] - np.log(total) / self.theta
        given = self.response
        base = np.maximum(given.cost + delta, LEAST_COST * given.cost)
        tonnes = given.tonnes * (base / given.cost) ** -given.elasticity
        weight = np.repeat(tonnes, counts) * share
        flow = weight @ self.uses
        mean = np.add.reduceat(self.uses * share[:, None], self.first, axis=0)
        fall = (self.uses * (weight * theta)[:, None]).T @ self.uses
        spread = tonnes * (given.elasticity / base - self.theta)
        fall += (mean * spread[:, None]).T @ mean
        return LocalFlows(flow, -fall, delta, tonnes, float(_surplus(given, base).sum()))

    def clearing_prices(self, price: Floats, capacity: Floats) -> Floats:
        """Return the prices at which no capacity is exceeded and those with a price are full, (H',).

        Rows of few tonnes keep their flows.

        Args:
            price: Prices of the assignment, USD/t, (H',).
            capacity: Capacities, t/a, (H',).
        """
        found, none = price.copy(), np.zeros(price.size)
        before = self.evaluate(none)
        large = self._large_rows(before.tonnes)
        rest = before.flow - large.evaluate(none).flow

        def objective(at: LocalFlows, tried: Floats) -> float:
            return at.surplus - float((tried - price) @ (capacity - rest))

        at = large.evaluate(found - price)
        for _ in range(MOST_STEPS):
            best = objective(at, found)
            for step in _steps(at, rest, capacity, found):
                tried = np.clip(found + step, 0.0, MOST_PRICE)
                then = large.evaluate(tried - price)
                if objective(then, tried) >= best - ROUNDING * abs(best):
                    break
            moved, found, at = float(np.abs(tried - found).max()), tried, then
            if moved <= SOLVED * (1.0 + float(found.max())):
                break
        return found

    def _large_rows(self, tonnes: Floats) -> LocalModel:
        """Return the model of the rows with most tonnes (R,), which have all but a thousandth of them."""
        order = np.argsort(-tonnes, kind="stable")
        count = int(np.searchsorted(np.cumsum(tonnes[order]), LARGE_ROWS * tonnes.sum())) + 1
        large = np.sort(order[:count])
        counts = np.diff(np.append(self.first, self.share.size))
        mask = np.zeros(tonnes.size, dtype=np.bool_)
        mask[large] = True
        pattern = np.repeat(mask, counts)
        first = np.cumsum(counts[large]) - counts[large]
        given = self.response
        own = TonnesResponse(given.tonnes[large], given.cost[large], given.elasticity[large])
        return LocalModel(
            self.rows[large], first, self.uses[pattern], self.share[pattern], self.queue[pattern],
            self.theta[large], own,
        )  # fmt: skip


def _surplus(response: TonnesResponse, cost: Floats) -> Floats:
    """Return ``∫ q ds`` of each row from its cost B to another, USD a year."""
    power, ratio = 1.0 - response.elasticity, cost / response.cost
    area = np.where(power == 0.0, np.log(ratio), (ratio**power - 1.0) / np.where(power == 0.0, 1.0, power))
    return np.asarray(response.tonnes * response.cost * area)


def _steps(at: LocalFlows, rest: Floats, capacity: Floats, price: Floats) -> Iterator[Floats]:
    """Yield steps of prices to try, from the boldest: on ln v and its halves, then on v and its halves."""
    flow, most = np.maximum(at.flow + rest, 1.0), np.maximum(price, MOST_STEP)
    for gap, scale in ((np.log(flow / capacity), flow), ((flow - capacity) / flow, flow)):
        matrix = -at.slope / scale[:, None]
        matrix[np.diag_indices(price.size)] = np.maximum(matrix.diagonal(), LEAST_RESPONSE)
        step = np.clip(complementary(matrix, gap, price) - price, -most, most)
        for halving in range(MOST_HALVINGS):
            yield step * 0.5**halving


def complementary(matrix: Floats, constant: Floats, price: Floats) -> Floats:
    """Solve ``0 ≤ x ⊥ M (x − price) − constant ≥ 0`` by projected Gauss–Seidel sweeps, (H',).

    M is a symmetric positive semidefinite matrix with scaled rows, so that the sweeps converge (Cottle, Pang
    & Stone 1992, ch. 5).
    """
    found = price.copy()
    for _ in range(MOST_SWEEPS):
        largest = 0.0
        for n in range(found.size):
            gap = constant[n] - float(matrix[n] @ (found - price))
            moved = max(0.0, found[n] + gap / matrix[n, n])
            largest, found[n] = max(largest, abs(moved - found[n])), moved
        if largest <= 1e-9 * (1.0 + float(found.max())):
            break
    return found
