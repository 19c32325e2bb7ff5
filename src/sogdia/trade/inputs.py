"""Who buys what to make what: shares of value added and of inputs in costs (Caliendo & Parro 2015)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault
from sogdia.trade.frames import Frame, Limits

Floats = npt.NDArray[np.float64]
Labels = tuple[tuple[str, ...], tuple[str, ...]]
SUM = 1e-6
"""How far shares in costs may be from summing to one; they are then scaled to do so."""


def read_structure(
    value_added: pd.DataFrame | None,
    intermediate: pd.DataFrame | None,
    flow: Floats,
    labels: Labels,
    faults: list[Fault],
) -> tuple[Floats, Floats | None]:
    """Shares γ_ik, (S, N), and γ_isk, (N, S, S) [economy, input, sector], ``None`` where all are 0.

    Args:
        value_added: ``economy``, ``sector``, ``share``.
        intermediate: ``economy``, ``sector``, ``input``, ``share``.
        flow: (S, N, N); where nothing is sold, nothing need be known.
        labels: Names of economies and of sectors.
        faults: Where what is wrong is added.
    """
    sectors, size = flow.shape[0], flow.shape[1]
    share = np.full((sectors, size), np.nan)
    if value_added is not None:
        share = _read_value_added(value_added, labels, share, faults)
    inputs = np.zeros((size, sectors, sectors))
    if intermediate is not None:
        inputs = _read_inputs(intermediate, labels, inputs, faults)
    elif sectors == 1 and value_added is not None:
        inputs[:, 0, 0] = 1.0 - np.nan_to_num(share[0], nan=1.0)
    used = inputs.sum(axis=1).T
    if value_added is None:
        share = 1.0 - used
    if not faults:
        faults.extend(_sum_faults(share, used, flow.sum(axis=2) > 0.0, labels, intermediate is not None))
    share = np.nan_to_num(share, nan=1.0)
    if faults or not used.any():
        return share, None
    scale = np.divide(1.0 - share, used, out=np.zeros_like(used), where=used > 0.0)
    return np.ascontiguousarray(share), np.ascontiguousarray(inputs * scale.T[:, None, :])


def _read_value_added(table: pd.DataFrame, labels: Labels, share: Floats, faults: list[Fault]) -> Floats:
    frame = Frame(table, table.attrs.get("file", "value_added"), faults)
    if not frame.has(("economy", "sector", "share")):
        return share
    frame.once(("economy", "sector"))
    economy, sector = _places(frame, labels, ("economy", "sector"))
    values = frame.numbers("share", Limits(open_below=True, most=1.0))
    if not faults:
        share[sector, economy] = values
    return share


def _read_inputs(table: pd.DataFrame, labels: Labels, inputs: Floats, faults: list[Fault]) -> Floats:
    frame = Frame(table, table.attrs.get("file", "intermediate"), faults)
    if not frame.has(("economy", "sector", "input", "share")):
        return inputs
    frame.once(("economy", "sector", "input"))
    economy, sector, bought = _places(frame, labels, ("economy", "sector", "input"))
    values = frame.numbers("share", Limits(most=1.0))
    if not faults:
        inputs[economy, bought, sector] = values
    return inputs


def _places(frame: Frame, labels: Labels, columns: tuple[str, ...]) -> list[npt.NDArray[np.int64]]:
    known = [{name: i for i, name in enumerate(names)} for names in labels]
    return [frame.codes(column, known[0 if column == "economy" else 1]) for column in columns]


def _sum_faults(
    share: Floats, used: Floats, sold: npt.NDArray[np.bool_], labels: Labels, with_inputs: bool
) -> list[Fault]:
    faults = []
    economies, sectors = labels
    for k, i in np.argwhere(sold):
        cell = f"{economies[i]} {sectors[k]}"
        if np.isnan(share[k, i]):
            problem = f"{cell} sells, and has no share of value added"
            faults.append(Fault("value_added", None, "share", problem, "", "missing"))
        elif share[k, i] <= 0.0:
            problem = f"{cell}: inputs take {used[k, i]:g} of costs and leave no value added"
            faults.append(Fault("intermediate", None, "share", problem, "", "no-value-added"))
        elif abs(share[k, i] + used[k, i] - 1.0) > SUM:
            problem = f"{cell}: value added {share[k, i]:g} and inputs {used[k, i]:g} do not sum to 1"
            mend = "" if with_inputs else "several sectors need the shares of inputs"
            faults.append(Fault("intermediate", None, "share", problem, mend, "sum"))
    return faults
