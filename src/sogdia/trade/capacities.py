"""Quantity capacities: groups of flows that together may not exceed a quantity; the scarcity rent rations.

The quantity of a group is the sum of its flows at base-year prices, ``Σ X' / ĉ``, over that of the base year.
Its scarcity rent ω_g, the same for every flow of the group, satisfies ``0 ≤ ω_g ⊥ most_g − q_g ≥ 0``. A quota
is a capacity whose owner is the importer, a voluntary export restraint one whose owner is the exporter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.errors import Fault, InputError
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.flows import Labels
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.kernels.world import State, World
from sogdia.trade.wedges import Wedges, read_owned_cells

NAME, MOST, SHARE = "name", "most", "share"
SUM_TOLERANCE = 1e-6
"""Largest deviation of the shares of owners from one."""


@dataclass(frozen=True, eq=False)
class Capacities:
    """G capacities on C flows; a flow is repeated for each owner.

    Attributes:
        names: Names, (G,).
        most: Largest quantity over that of the base year, (G,).
        group: Number of the capacity of each flow, (C,).
        cells: Each flow with the owner of its rent, the rate being the owner's share, (C,).
    """

    names: tuple[str, ...]
    most: Floats
    group: Ints
    cells: Wedges

    def wedges(self, rent: Floats) -> Wedges:
        """Return the wedges at scarcity rents ω, (G,)."""
        cells = self.cells
        rate = rent[self.group] * cells.rate
        return Wedges(cells.sector, cells.exporter, cells.importer, cells.owner, rate)

    def quantities(self, flow: Floats, world: World, state: State) -> Floats:
        """Return quantities over those of the base year, (G,); flow is that of the base year, (S, N, N)."""
        at = self.cells.sector, self.cells.exporter, self.cells.importer
        sector, exporter, importer = at
        phi = state.phi[sector, importer]
        demand = state.expenditure[sector, importer] / np.where(phi > 0.0, phi, np.inf)
        term = state.cost_term[sector, exporter] * np.exp(-state.log_cost[sector, exporter])
        # A flow with several owners counts once: its shares sum to one.
        after = self._sums(self.cells.rate * world.import_weight_net[at] * term * demand)
        return np.asarray(after / self._sums(self.cells.rate * flow[at]))

    def rows(
        self, economies: tuple[str, ...], flows: tuple[Floats, Floats], cost_hat: Floats, price: Floats
    ) -> list[tuple[str, str, float, float, float, float]]:
        """Return name, owner, quantity, capacity, shadow price in per cent, and the owner's rent.

        Args:
            economies: Names of the economies.
            flows: Flows of the base year and of the counterfactual, (S, N, N) each.
            cost_hat: Costs of the input bundle, (S, N).
            price: Scarcity rents ω, (G,).
        """
        cells = self.cells
        at = cells.sector, cells.exporter, cells.importer
        before = self._sums(cells.rate * flows[0][at])
        after = self._sums(cells.rate * flows[1][at] / cost_hat[cells.sector, cells.exporter])
        rows = []
        for g, name in enumerate(self.names):
            for owner in np.unique(cells.owner[self.group == g]):
                owned = (self.group == g) & (cells.owner == owner)
                rent = float(price[g] * (cells.rate * flows[1][at])[owned].sum())
                quantity, most = float(after[g] / before[g]), float(self.most[g])
                rows.append((name, economies[owner], quantity, most, 100.0 * float(price[g]), rent))
        return rows

    def _sums(self, values: Floats) -> Floats:
        return np.asarray(np.bincount(self.group, weights=values, minlength=len(self.names)))

    def check(self, labels: Labels, flow: Floats) -> None:
        """Check that the capacities fit a base year.

        Raises:
            InputError: If a number is out of range, or a capacity has no trade in the base year.
        """
        self.cells.check(labels)
        if self.most.shape != (len(self.names),) or not ((self.most > 0.0) & np.isfinite(self.most)).all():
            raise InputError(
                "capacities: most needs a number > 0 for each name; cut off trade by costs of inf"
            )
        traded = self._sums(flow[self.cells.sector, self.cells.exporter, self.cells.importer])
        for name, value in zip(self.names, traded, strict=True):
            if value <= 0.0:
                raise InputError(f"capacities: {name} has no trade in the base year")


def read_capacities(
    table: pd.DataFrame, labels: Labels, is_traded: Bools, faults: list[Fault]
) -> Capacities | None:
    """Read capacities; add faults.

    Args:
        table: ``name``, ``exporter``, ``importer``, [``sector``,] ``most``, ``owner``, [``share``]. Rows of
            one name are one group; ``*`` is every other economy, ``all`` every sector. The owner is an
            economy, ``exporter`` or ``importer``; several owners of a flow have a row each, with shares that
            sum to 1.
        labels: Economies and sectors.
        is_traded: Flows of the base year, (S, N, N).
        faults: List that faults are added to.
    """
    frame = Frame(table, table.attrs.get("file", "capacities"), faults)
    keys = (NAME, "exporter", "importer", *(("sector",) if "sector" in table else ()), "owner")
    if not frame.has((*keys, MOST)):
        return None
    frame.check_unique(keys)
    names = tuple(dict.fromkeys(frame.texts(NAME)))
    frame.names(NAME)
    most = frame.numbers(MOST, Limits(is_open_below=True))
    shares = frame.numbers(SHARE, Limits(is_open_below=True, maximum=1.0)) if SHARE in table else None
    row, sector, exporter, importer, owner = read_owned_cells(frame, labels, is_traded)
    numbers = frame.codes(NAME, {name: g for g, name in enumerate(names)})
    if faults:
        return None
    limits = np.zeros(len(names))
    limits[numbers] = most
    frame.add_faults(most != limits[numbers], MOST, "{} differs from another row of the capacity", "most")
    share = np.ones(row.size) if shares is None else shares[row]
    found = Capacities(names, limits, numbers[row], Wedges(sector, exporter, importer, owner, share))
    faults += _group_faults(found, labels, frame.file)
    return found


def _group_faults(found: Capacities, labels: Labels, file: str) -> list[Fault]:
    """Report capacities without trade, and owners' shares of a flow that do not sum to 1."""
    faults = []
    cells = found.cells
    for g, name in enumerate(found.names):
        if not (found.group == g).any():
            problem = f"{name} has no trade in the base year"
            faults.append(Fault(file, None, NAME, problem, "name flows that trade", "no-trade"))
    key = np.stack([found.group, cells.sector, cells.exporter, cells.importer])
    unique, at = np.unique(key, axis=1, return_inverse=True)
    sums = np.bincount(at.ravel(), weights=cells.rate, minlength=unique.shape[1])
    for n in np.flatnonzero(np.abs(sums - 1.0) > SUM_TOLERANCE):
        g, k, i, j = unique[:, n]
        flow = f"{labels[0][i]} to {labels[0][j]}, {labels[1][k]}"
        problem = f"{found.names[g]}: owners' shares of {flow} sum to {sums[n]:g}"
        faults.append(Fault(file, None, SHARE, problem, "let them sum to 1", "shares"))
    return faults
