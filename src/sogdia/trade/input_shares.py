"""Who buys what to make what: shares of value added and of inputs in costs (Caliendo & Parro 2015)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import Fault
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.shapes import ANY, for_all, tidy_inputs

Floats = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]
Labels = tuple[tuple[str, ...], tuple[str, ...]]
SUM = 1e-6
"""How far shares in costs may be from summing to one; they are then scaled to do so."""
SHARE, VALUE = "share", "value"
BALANCED = 0.01
"""Part of sales by which costs told as values may miss them."""


def read_structure(
    value_added: pd.DataFrame | None,
    intermediate: pd.DataFrame | None,
    flow: Floats,
    labels: Labels,
    faults: list[Fault],
) -> tuple[Floats, Floats | None]:
    """Shares γ_ik, (S, N), and γ_isk, (N, S, S) [economy, input, sector], ``None`` where all are 0.

    Args:
        value_added: ``economy``, ``sector``, ``share``; or ``value``, then the inputs are values too.
        intermediate: ``economy``, ``sector``, ``input``, ``share``; or ``value``; or a matrix.
        flow: (S, N, N); where nothing is sold, nothing need be known.
        labels: Names of economies and of sectors.
        faults: Where what is wrong is added.
    """
    sectors, size = flow.shape[0], flow.shape[1]
    share = np.full((sectors, size), np.nan)
    if value_added is not None:
        share = _read_value_added(for_all(value_added), labels, share, faults)
    inputs = np.zeros((size, sectors, sectors))
    if intermediate is not None:
        inputs = _read_inputs(tidy_inputs(intermediate), labels, inputs, faults)
    if value_added is not None and _told(value_added) == VALUE:
        share, inputs = _shares(share, inputs, flow, labels, faults)
    if intermediate is None and sectors == 1 and value_added is not None:
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
    told = _told(table)
    columns = ("economy", *(("sector",) if len(labels[1]) > 1 or "sector" in table else ()))
    if not frame.has((*columns, told)):
        return share
    frame.once(columns)
    economy, *rest = _places(frame, labels, columns)
    limits = Limits(open_below=True, most=1.0) if told == SHARE else Limits()
    values = frame.numbers(told, limits)
    if not faults:
        sector = rest[0] if rest else np.zeros(economy.size, dtype=np.int64)
        for i, k, value in _general_first(economy, sector, values):
            share[k, i] = value
    return share


def _read_inputs(table: pd.DataFrame, labels: Labels, inputs: Floats, faults: list[Fault]) -> Floats:
    frame = Frame(table, table.attrs.get("file", "intermediate"), faults)
    told = _told(table)
    if not frame.has(("economy", "sector", "input", told)):
        return inputs
    frame.once(("economy", "sector", "input"))
    economy, sector, bought = _places(frame, labels, ("economy", "sector", "input"))
    values = frame.numbers(told, Limits(most=1.0) if told == SHARE else Limits())
    if not faults:
        order = np.argsort(economy >= 0, kind="stable")
        for n in order:
            where = slice(None) if economy[n] < 0 else economy[n]
            inputs[where, bought[n], sector[n]] = values[n]
    return inputs


def _told(table: pd.DataFrame) -> str:
    """Whether a table tells shares in costs or values."""
    return VALUE if VALUE in table and SHARE not in table else SHARE


def _general_first(
    economy: Longs, sector: Longs, values: Floats
) -> list[tuple[int | slice, int | slice, float]]:
    """Places and values of rows, those for all economies first."""
    order = np.argsort(economy >= 0, kind="stable")
    places = (tuple(slice(None) if n < 0 else n for n in (economy[row], sector[row])) for row in order)
    return [(i, k, float(values[row])) for (i, k), row in zip(places, order, strict=True)]


def _shares(
    added: Floats, used: Floats, flow: Floats, labels: Labels, faults: list[Fault]
) -> tuple[Floats, Floats]:
    """Shares in costs from values, which must be worth what is sold."""
    whole = np.nan_to_num(added) + used.sum(axis=1).T
    sold = flow.sum(axis=2)
    for k, i in np.argwhere((sold > 0.0) & (np.abs(whole - sold) > BALANCED * sold)):
        problem = f"{labels[0][i]} {labels[1][k]}: costs are {whole[k, i]:g} and sales {sold[k, i]:g}"
        faults.append(Fault("value_added", None, VALUE, problem, "inputs and value added in the flows' unit",
                            "unbalanced"))  # fmt: skip
    safe = np.where(whole > 0.0, whole, 1.0)
    return added / safe, used / safe.T[:, None, :]


def _places(frame: Frame, labels: Labels, columns: tuple[str, ...]) -> list[Longs]:
    known = [{name: i for i, name in enumerate(names)} for names in labels]
    return [
        frame.codes(column, known[0], ANY) if column == "economy" else frame.codes(column, known[1])
        for column in columns
    ]


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
            fix = "" if with_inputs else "several sectors need the shares of inputs"
            faults.append(Fault("intermediate", None, "share", problem, fix, "sum"))
    return faults
