"""Wedges between what buyers pay and what exporters and customs receive: scarcity rents with an owner.

Buyers of sector k from i in j pay ``ĉ_ik τ̂_ijk (1 + t'_ijk) (1 + ω_ijk)``. The exporter receives X', the
owners of the wedge ``ω X'``, customs ``t' (1 + ω) X'``: a tariff is due on the price at the border, rent
included. The base year has no wedges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS, EVERY
from sogdia.errors import Fault, InputError
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.flows import Labels
from sogdia.trade.frames import Frame, Limits

PERCENT = "wedge_pct"
EXPORTER, IMPORTER = "exporter", "importer"
"""Owners named by their part in a flow."""


@dataclass(frozen=True, eq=False)
class Wedges:
    """W wedges; those of one flow are added, so that a rent may have several owners.

    Attributes:
        sector: Number of the sector, (W,).
        exporter: Number of the exporter, (W,).
        importer: Number of the importer, another economy, (W,).
        owner: Number of the economy that receives the rent, (W,).
        rate: Rent ω over what the exporter receives, (W,).
    """

    sector: Ints
    exporter: Ints
    importer: Ints
    owner: Ints
    rate: Floats

    @classmethod
    def none(cls) -> Wedges:
        """Return no wedges."""
        empty = np.zeros(0, dtype=np.int64)
        return cls(empty, empty, empty, empty, np.zeros(0))

    def with_more(self, other: Wedges) -> Wedges:
        """Return the wedges of both."""
        return Wedges(
            np.concatenate([self.sector, other.sector]),
            np.concatenate([self.exporter, other.exporter]),
            np.concatenate([self.importer, other.importer]),
            np.concatenate([self.owner, other.owner]),
            np.concatenate([self.rate, other.rate]),
        )

    def positive(self, is_traded: Bools) -> Wedges:
        """Return the wedges above zero on flows that are traded, (S, N, N)."""
        chosen = (self.rate > 0.0) & is_traded[self.sector, self.exporter, self.importer]
        sector, exporter, importer, owner = (
            np.asarray(part[chosen], dtype=np.int64)
            for part in (self.sector, self.exporter, self.importer, self.owner)
        )
        return Wedges(sector, exporter, importer, owner, np.asarray(self.rate[chosen], dtype=np.float64))

    def total(self, shape: tuple[int, ...]) -> Floats:
        """Return the sum of the rates by flow, (S, N, N)."""
        out = np.zeros(shape)
        np.add.at(out, (self.sector, self.exporter, self.importer), self.rate)
        return out

    def check(self, labels: Labels) -> None:
        """Check that the wedges fit economies and sectors.

        Raises:
            InputError: If a number or rate is out of range, or a wedge is on home sales.
        """
        economies, sectors = labels
        limits = {"sector": sectors, "exporter": economies, "importer": economies, "owner": economies}
        for name, known in limits.items():
            numbers = getattr(self, name)
            if numbers.shape != self.rate.shape:
                raise InputError(f"wedges: {name} has the shape {numbers.shape}; expected {self.rate.shape}")
            if ((numbers < 0) | (numbers >= len(known))).any():
                raise InputError(f"wedges: {name} has a number outside 0 to {len(known) - 1}")
        wrong = ~((self.rate >= 0.0) & np.isfinite(self.rate))
        if wrong.any():
            raise InputError(f"wedges: a rate is {self.rate[wrong][0]:g}; expected a number >= 0")
        is_home = (self.exporter == self.importer) & (self.rate > 0.0)
        if is_home.any():
            m = int(np.flatnonzero(is_home)[0])
            place = f"{economies[self.exporter[m]]} {sectors[self.sector[m]]}"
            raise InputError(f"wedges: {place} has a rent on home sales; expected two economies")


def read_wedges(table: pd.DataFrame, labels: Labels, is_traded: Bools, faults: list[Fault]) -> Wedges:
    """Read wedges from ``exporter``, ``importer``, [``sector``,] ``owner``, ``wedge_pct``; add faults.

    ``*`` is every other economy, ``all`` every sector, without those that do not trade. The owner is an
    economy, ``exporter`` or ``importer``. Rows that match one flow are added.
    """
    frame = Frame(table, table.attrs.get("file", "wedges"), faults)
    keys = ("exporter", "importer", *(("sector",) if "sector" in table else ()), "owner")
    if not frame.has((*keys, PERCENT)):
        return Wedges.none()
    frame.check_unique(keys)
    cells = read_owned_cells(frame, labels, is_traded)
    rates = frame.numbers(PERCENT, Limits()) / 100.0
    if faults:
        return Wedges.none()
    row, sector, exporter, importer, owner = cells
    return Wedges(sector, exporter, importer, owner, rates[row])


def read_owned_cells(frame: Frame, labels: Labels, is_traded: Bools) -> tuple[Ints, Ints, Ints, Ints, Ints]:
    """Return row, sector, exporter, importer and owner of each traded flow that a row matches; add faults.

    Home sales are left out of wildcards, and are a fault where a row names them.
    """
    empty = np.zeros(0, dtype=np.int64)
    known = {name: i for i, name in enumerate(labels[0])}
    exporter, importer = frame.codes("exporter", known, EVERY), frame.codes("importer", known, EVERY)
    sector = np.full(len(frame.table), -1)
    if "sector" in frame.table:
        sector = frame.codes("sector", {name: k for k, name in enumerate(labels[1])}, ALL_GOODS)
    roles = {EXPORTER: len(known), IMPORTER: len(known) + 1}
    owner = frame.codes("owner", roles | known)
    is_home = (exporter == importer) & (exporter >= 0)
    frame.add_faults(is_home, "importer", "{} buys at home; expected another economy", "home-wedge")
    if frame.faults:
        return empty, empty, empty, empty, empty
    foreign = is_traded & ~np.eye(len(labels[0]), dtype=bool)
    found = []
    for row in range(len(frame.table)):
        mask = np.zeros_like(foreign)
        at = tuple(slice(None) if n < 0 else n for n in (sector[row], exporter[row], importer[row]))
        mask[at] = True
        k, i, j = np.nonzero(mask & foreign)
        owners = np.select([owner[row] == roles[EXPORTER], owner[row] == roles[IMPORTER]], [i, j], owner[row])
        found.append(np.stack([np.full(k.size, row), k, i, j, owners]))
    cells = np.concatenate([np.zeros((5, 0), dtype=np.int64), *found], axis=1).astype(np.int64)
    return cells[0], cells[1], cells[2], cells[3], cells[4]
