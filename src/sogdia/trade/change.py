"""What a counterfactual changes: trade costs, tariffs, productivity."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault, FaultsError, InputError
from sogdia.trade.baseline import ALL, Baseline, read_tariffs
from sogdia.trade.frames import Frame, Limits

Floats = npt.NDArray[np.float64]
ANY = "*"
"""Any exporter or importer but the other end itself."""


@dataclass(frozen=True, eq=False)
class Change:
    """Changes relative to a baseline, as arrays.

    Attributes:
        cost_hat: Trade costs after over before, τ̂, (S, N, N) by exporter and importer; inf cuts off.
        tariff: Tariffs after as a share of value, (S, N, N); as before where ``None``.
        productivity: Productivity after over before, Â, (S, N); 1 where ``None``.
    """

    cost_hat: Floats
    tariff: Floats | None = None
    productivity: Floats | None = None

    @classmethod
    def none(cls, baseline: Baseline) -> Change:
        """Nothing changes."""
        return cls(np.ones(baseline.flow.shape))

    @classmethod
    def from_frames(
        cls,
        baseline: Baseline,
        costs: pd.DataFrame | None = None,
        tariffs: pd.DataFrame | None = None,
        productivity: pd.DataFrame | None = None,
    ) -> Change:
        """Read tidy frames; whatever is wrong in any of them is told at once.

        ``sector`` may be ``all`` or absent, ``exporter`` and ``importer`` may be ``*``: every other economy.
        Where several rows fit a cell, the one that names most holds; sectors weigh more than economies.

        Args:
            baseline: What is changed.
            costs: ``exporter``, ``importer``, ``sector``, ``factor``: τ̂, above 0; ``inf`` cuts off. 1
                where no row is.
            tariffs: ``exporter``, ``importer``, ``sector``, ``tariff_pct`` after; as before where no row is.
            productivity: ``economy``, ``sector``, ``factor``, above 0.

        Raises:
            FaultsError: If names are unknown or twice there, or figures out of range.
        """
        faults: list[Fault] = []
        labels = baseline.economies, baseline.sectors
        cost_hat = np.ones(baseline.flow.shape)
        if costs is not None:
            _read_costs(costs, labels, cost_hat, faults)
        tariff = None
        if tariffs is not None:
            tariff = read_tariffs(tariffs, *labels, baseline.tariff, faults)
        factor = None
        if productivity is not None:
            factor = _read_productivity(productivity, labels, faults)
        if faults:
            raise FaultsError(faults)
        return cls(cost_hat, tariff, factor)

    def check(self, baseline: Baseline) -> None:
        """Raise where the arrays do not fit the baseline.

        Raises:
            InputError: If a shape differs or a figure is out of range.
        """
        shapes = {
            "cost_hat": (self.cost_hat, baseline.flow.shape),
            "tariff": (self.tariff, baseline.flow.shape),
            "productivity": (self.productivity, baseline.output.shape),
        }
        for name, (array, shape) in shapes.items():
            if array is None:
                continue
            if array.shape != shape:
                raise InputError(f"{name} has the shape {array.shape}, the baseline wants {shape}")
            low = array < 0.0 if name == "tariff" else ~(array > 0.0)
            high = np.isnan(array) if name == "cost_hat" else ~np.isfinite(array)
            if (low | high).any():
                raise InputError(f"{name} holds {array[low | high][0]:g}, which is out of range")


def _read_costs(
    table: pd.DataFrame, labels: tuple[tuple[str, ...], tuple[str, ...]], out: Floats, faults: list[Fault]
) -> None:
    frame = Frame(table, table.attrs.get("file", "costs"), faults)
    columns = ("exporter", "importer", *(("sector",) if "sector" in table else ()), "factor")
    if not frame.has(columns):
        return
    frame.once(columns[:-1])
    at = {name: i for i, name in enumerate(labels[0])}
    which = {name: k for k, name in enumerate(labels[1])}
    exporter, importer = frame.codes("exporter", at, ANY), frame.codes("importer", at, ANY)
    sector = frame.codes("sector", which, ALL) if "sector" in table else np.full(len(table), -1)
    factor = frame.numbers("factor", Limits(open_below=True, infinite=True))
    if faults:
        return
    named = (exporter >= 0).astype(int) + (importer >= 0) + 3 * (sector >= 0)
    ends = np.arange(len(labels[0]))
    for row in np.argsort(named, kind="stable"):
        ids = sector[row], exporter[row], importer[row]
        where = tuple(slice(None) if n < 0 else slice(n, n + 1) for n in ids)
        home = out[:, ends, ends].copy()
        out[where] = factor[row]
        if min(ids[1:]) < 0:
            out[:, ends, ends] = home


def _read_productivity(
    table: pd.DataFrame, labels: tuple[tuple[str, ...], tuple[str, ...]], faults: list[Fault]
) -> Floats:
    frame = Frame(table, table.attrs.get("file", "productivity"), faults)
    factor = np.ones((len(labels[1]), len(labels[0])))
    if not frame.has(("economy", "sector", "factor")):
        return factor
    frame.once(("economy", "sector"))
    economy = frame.codes("economy", {name: i for i, name in enumerate(labels[0])}, ANY)
    sector = frame.codes("sector", {name: k for k, name in enumerate(labels[1])}, ALL)
    values = frame.numbers("factor", Limits(open_below=True))
    if faults:
        return factor
    named = (economy >= 0).astype(int) + 3 * (sector >= 0)
    for row in np.argsort(named, kind="stable"):
        where = tuple(slice(None) if n < 0 else n for n in (sector[row], economy[row]))
        factor[where] = values[row]
    return factor
