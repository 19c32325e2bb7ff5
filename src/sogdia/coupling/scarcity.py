"""Flows on hard capacities and the choices of those who use them, measured in the rounds of the loop.

After the assignment of a round, the prices at which freight fits the capacities are solved for with the trade
model at the choices of its rows (:mod:`sogdia.coupling.rationing`). Queues and new paths answer in the next
rounds. At the fixed point no flow is above its capacity, and no price is above 0 where
flow is below: ``0 ≤ λ_h ⊥ C_h − v_h ≥ 0``.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.assignment.kernels.arrays import State
from sogdia.assignment.kernels.delay import refresh
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.stochastic import StochasticSolution
from sogdia.case import Case
from sogdia.coupling.kernels.patterns import find_patterns
from sogdia.coupling.local_prices import LocalChoice
from sogdia.coupling.rents import LanePayments
from sogdia.coupling.tables import SHADOW_PRICES
from sogdia.freight.hard_capacity import HardCapacities, carried_capacities, hard_capacities, owners_of
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.results import FreightResult
from sogdia.freight.shared_network import stochastic
from sogdia.tables import KEY_SEPARATOR, list_items
from sogdia.units import UNITS

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
USD_PER_MUSD = UNITS["USD million"].factor
EXCESS = 2e-4
"""Largest part of a capacity by which flow may differ from it where it has a price, or exceed it: of the
largest pipeline, of 80 Mt a year, the price that it may lack is then some million dollars a year."""
FULL = 1e-5
"""Part of a capacity by which flow must exceed it for a price to be looked for. Where it exceeds it by less
in one of two cases compared, and in the other not, the difference of their rents is an artefact."""
OWN_SHARE = 0.9
"""Share of the freight of a capacity group above which its queue is that of the hard capacity."""
NEAR = 0.5
"""Part of a capacity above which other prices may fill it."""
MOST_USES = 8
"""More uses of a capacity than a path has."""
DIGITS = 16
"""Capacities whose uses are the digits of one number: all are exact in floating point."""


@dataclass(frozen=True, eq=False)
class PriceStep:
    """Flows on H hard capacities at some prices, and the choice of the rows that can use those in question.

    Attributes:
        price: Prices of the flows, USD/t, (H,).
        flow: Freight on the capacities, t/a, (H,).
        excess: Largest relative violation: of a capacity, or of one with a price that is not full.
        near: Capacities in question: with a price, or almost full, H' of them; none if all are below theirs.
        choice: Choice of the rows that can use these; ``None`` if there are none.
    """

    price: Floats
    flow: Floats
    excess: float
    near: Longs
    choice: LocalChoice | None


@dataclass(frozen=True, eq=False)
class Rationing:
    """Hard capacities of a case, H of them, and what they carry.

    Attributes:
        hard: The capacities.
        capacity: Tonnes a year that they take, at least the freight of the baseline, (H,).
        owners: Table ``capacity_owners``.
    """

    hard: HardCapacities
    capacity: Floats
    owners: pd.DataFrame

    @property
    def no_price(self) -> Floats:
        """A price of 0 for each, (H,)."""
        return np.zeros(self.capacity.size)

    @cached_property
    def _owners(self) -> Mapping[str, Mapping[str, float]]:
        """Owners of each capacity with their shares: a loop asks for them in every pass."""
        return {name: owners_of(self.owners, name) for name in self.hard.ids}

    def unpriced(self) -> PriceStep:
        """Return the step of a case that carries what its baseline does."""
        return PriceStep(self.no_price, self.capacity, 0.0, np.empty(0, np.int64), None)

    def payments(self, near: Longs, lanes: Longs, uses: Floats, price: Floats) -> LanePayments | None:
        """Return what lanes pay for scarce capacity at some prices; ``None`` if all are 0.

        Args:
            near: Capacities, H' of them.
            lanes: Lanes that can use them, (R,).
            uses: Mean uses by each lane, (R, H').
            price: Their prices, USD/t, (H',).
        """
        if not price.any():
            return None
        paying = price > 0.0
        owners = tuple(self._owners[self.hard.ids[h]] for h in near[paying])
        return LanePayments(lanes, uses[:, paying] * price[paying], owners)

    def shadow_prices(self, step: PriceStep) -> ShadowPrices:
        """Return the prices of a step with the freight on the capacities."""
        return ShadowPrices(self.hard, self.capacity, step.flow, step.price)

    def measure(self, price: Floats, result: AssignmentResult) -> PriceStep:
        """Measure the flows on the capacities.

        Args:
            price: Prices that the assignment was solved at, USD/t, (H,).
            result: The assignment.
        """
        loading, hard, none = stochastic(result), self.hard, np.empty(0, np.int64)
        if not hard.ids:
            return PriceStep(price, self.capacity, 0.0, none, None)
        flow = hard.flows(loading.flows)
        relative = flow / self.capacity - 1.0
        excess = float(np.max(np.where(price > 0.0, np.abs(relative), relative), initial=0.0))
        is_hot = (price > 0.0) | (relative > FULL)
        if not is_hot.any():
            return PriceStep(price, flow, excess, none, None)
        near = np.flatnonzero(is_hot | (flow > NEAR * self.capacity))
        saved = np.where(is_hot[near], _saved_queue(hard, near, self.capacity, loading, result), 0.0)
        return PriceStep(price, flow, excess, near, _local_choice(hard, near, loading, result, saved))


@dataclass(frozen=True, eq=False)
class ShadowPrices:
    """Shadow prices of the H hard capacities of a case.

    Attributes:
        hard: The capacities.
        capacity: Tonnes a year that they take, (H,).
        flow: Freight on them, t/a, (H,).
        price: Their prices, USD/t, (H,).
    """

    hard: HardCapacities
    capacity: Floats
    flow: Floats
    price: Floats

    def table(self, case: Case) -> pd.DataFrame:
        """Return table :data:`sogdia.coupling.tables.SHADOW_PRICES`, one row for each owner."""
        known, owners, rows = (
            case.table("hard_capacities").to_dict("index"),
            case.table("capacity_owners"),
            [],
        )
        for n in np.flatnonzero(self.price > 0.0):
            key, rent = self.hard.ids[n], self.price[n] * self.flow[n] / USD_PER_MUSD
            row = known[key]
            for owner, share in owners_of(owners, key).items():
                rows.append(
                    (
                        key, capacity_name(case, row), owner, row["table"], row["rows"],
                        self.hard.territories[n], self.flow[n], self.capacity[n], self.price[n], share,
                        share * rent,
                    )
                )  # fmt: skip
        return SHADOW_PRICES.frame(rows)


def capacity_name(case: Case, row: Mapping[Hashable, Any]) -> str:
    """Return the name of a hard capacity: of its pipelines, links or ports, or of the goods it limits.

    Args:
        case: Case with the tables that have the names.
        row: Row of ``hard_capacities``.
    """
    table, keys = str(row["table"]), list_items(row["rows"])
    if table == "pipelines":
        names = case.table("pipelines")["name"].reindex(keys)
    elif table == "economies":
        known = case.table("economies").set_index("iso3")["name"].reindex(keys)
        modes = " and ".join(list_items(row["mode"]))
        names = known.map(lambda name: f"{_goods(case, row)} by {modes}, {name}")
    elif table == "zones":
        known = case.table("places")["name"].reindex([key.split(KEY_SEPARATOR)[0] for key in keys])
        names = known.map(lambda name: f"{_goods(case, row)} of {name}")
    elif table == "transfers":
        places = list(dict.fromkeys(key.split(KEY_SEPARATOR)[0] for key in keys))
        names = case.table("places")["name"].reindex(places)
        names = names.where(names.str.contains("port", case=False), names + ", port")
    elif table == "links":
        known = case.table("places")["name"]
        links = case.table("links").reindex(keys)
        names = links["mode"].str.capitalize() + " " + links["from"].map(known) + "–" + links["to"].map(known)
    else:
        names = pd.Series(keys)
    return "; ".join(names.astype(str))


def _goods(case: Case, row: Mapping[Hashable, Any]) -> str:
    return str(case.table("commodities")["name"].get(row["commodity"], "freight"))


def make_rationing(baseline: FreightResult, case: Supernetwork) -> Rationing:
    """Return the hard capacities of a case at the use that its baseline shows."""
    before, hard = hard_capacities(baseline.supernetwork), hard_capacities(case)
    owners = case.case.table("capacity_owners")
    if not hard.ids:
        return Rationing(hard, hard.capacity, owners)
    flows = before.flows(stochastic(baseline.result).flows)
    return Rationing(hard, carried_capacities(before, flows, hard), owners)


def _local_choice(
    hard: HardCapacities,
    near: Longs,
    loading: StochasticSolution,
    result: AssignmentResult,
    saved_h: Floats,
) -> LocalChoice:
    """Return the choice of an assignment: paths of a row with the same uses are one pattern."""
    code = _use_codes(hard, near, loading)
    rows, first = (np.empty(loading.od_group.size, np.int64) for _ in range(2))
    codes, share = np.empty_like(code), np.empty(len(code))
    found, count = find_patterns(loading.share_ptr, code, loading.shares, rows, first, codes, share)
    digits = [codes[:count, n // DIGITS] // MOST_USES ** (n % DIGITS) % MOST_USES for n in range(near.size)]
    uses = np.array(digits, dtype=np.float64).reshape(near.size, count).T.copy()
    user_class = loading.choice.user_class[rows[:found]]
    times = np.repeat(result.demand.value_of_time[user_class], np.diff(np.append(first[:found], count)))
    return LocalChoice(
        rows[:found], first[:found], uses, share[:count], (uses @ saved_h) * times, loading.theta[user_class]
    )


def _use_codes(hard: HardCapacities, near: Longs, loading: StochasticSolution) -> Longs:
    """Return the numbers of uses of H' capacities by each path as digits of integers, (P, G)."""
    parts = [near[n : n + DIGITS] for n in range(0, near.size, DIGITS)]
    code = np.empty((loading.shares.size, len(parts)), dtype=np.int64)
    for g, part in enumerate(parts):
        digits = np.zeros((hard.classes.shape[1], hard.arcs.shape[1]))
        for n, h in enumerate(part):
            digits[np.ix_(hard.classes[h], hard.arcs[h])] += float(MOST_USES**n)
        code[:, g] = np.rint(loading.path_sums(digits))
    return code


def _saved_queue(
    hard: HardCapacities, near: Longs, capacity: Floats, loading: StochasticSolution, result: AssignmentResult
) -> Floats:
    """Return the hours of queue that vanish on a capacity when its flow falls to it, (H',)."""
    graph, delays, state = result.network.graph, result.network.delays, loading.state
    saved = np.zeros(near.size)
    for n, h in enumerate(near):
        arcs = np.flatnonzero(hard.arcs[h])
        on_arc = loading.flows[hard.classes[h]][:, arcs].sum(axis=0)
        total, group = float(on_arc.sum()), graph.group[arcs]
        if total <= 0.0:
            continue
        own = np.bincount(group, weights=on_arc, minlength=state.flow.size)
        is_own = own >= OWN_SHARE * np.maximum(state.flow, 1.0)
        flow = np.where(is_own, state.flow * (capacity[h] / total), state.flow)
        then = State(flow, np.empty(flow.size), np.empty(flow.size))
        refresh(delays, then)
        saved[n] = float((on_arc * (state.delay - then.delay)[group]).sum()) / total
    return saved
