"""Read the cost structure: shares of value added and of intermediate inputs (Caliendo & Parro 2015)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.codes import EVERY
from sogdia.errors import Fault
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.flows import Labels
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.negatives import Negatives
from sogdia.trade.shapes import for_every_economy, tidy_inputs

SUM_TOLERANCE = 1e-6
"""Largest deviation of the sum of cost shares from one; the shares are then scaled."""
BALANCE_TOLERANCE = 0.01
"""Largest deviation of costs from sales, relative to sales, where costs are values."""
SHARE, VALUE = "share", "value"


def read_structure(
    value_added: pd.DataFrame | None,
    intermediate: pd.DataFrame | None,
    flow: Floats,
    labels: Labels,
    faults: list[Fault],
    negatives: Negatives,
) -> tuple[Floats, Floats | None]:
    """Read shares of value added and of inputs in costs; add faults.

    Args:
        value_added: ``economy``, ``sector``, ``share``; or ``value``, and then inputs are values too.
        intermediate: ``economy``, ``sector``, ``input``, ``share``; or ``value``; or a matrix.
        flow: Flows, (S, N, N); a sector without sales needs no shares.
        labels: Economies and sectors.
        faults: List that faults are added to.
        negatives: Rule for negative inputs.

    Returns:
        γ_ik, (S, N), and γ_isk, (N, S, S) [economy, input, sector]; ``None`` if all of the latter are 0.
    """
    sectors, size = flow.shape[0], flow.shape[1]
    share = np.full((sectors, size), np.nan)
    if value_added is not None:
        share = _read_value_added(for_every_economy(value_added), labels, share, faults)
    inputs = np.zeros((size, sectors, sectors))
    if intermediate is not None:
        column = SHARE if value_added is None else _value_column(value_added)
        tidy = tidy_inputs(intermediate, column)
        inputs = _read_inputs(tidy, labels, inputs, faults, negatives)
    if value_added is not None and _value_column(value_added) == VALUE:
        share, inputs = _shares_of_values(share, inputs, flow, labels, faults)
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
    column = _value_column(table)
    keys = ("economy", *(("sector",) if len(labels[1]) > 1 or "sector" in table else ()))
    if not frame.has((*keys, column)):
        return share
    frame.check_unique(keys)
    economy, *rest = _codes(frame, labels, keys)
    limits = Limits(is_open_below=True, maximum=1.0) if column == SHARE else Limits()
    values = frame.numbers(column, limits)
    if not faults:
        sector = rest[0] if rest else np.zeros(economy.size, dtype=np.int64)
        # Rows for every economy come first, so that those of one economy replace them.
        for row in np.argsort(economy >= 0, kind="stable"):
            cells = tuple(slice(None) if n < 0 else n for n in (sector[row], economy[row]))
            share[cells] = values[row]
    return share


def _read_inputs(
    table: pd.DataFrame, labels: Labels, inputs: Floats, faults: list[Fault], negatives: Negatives
) -> Floats:
    frame = Frame(table, table.attrs.get("file", "intermediate"), faults)
    column = _value_column(table)
    if not frame.has(("economy", "sector", "input", column)):
        return inputs
    frame.check_unique(("economy", "sector", "input"))
    economy, sector, bought = _codes(frame, labels, ("economy", "sector", "input"))
    values = frame.numbers(column, negatives.limits(1.0 if column == SHARE else np.inf))
    if faults:
        return inputs
    for row in np.argsort(economy >= 0, kind="stable"):
        where = slice(None) if economy[row] < 0 else economy[row]
        inputs[where, bought[row], sector[row]] = values[row]
    size = np.abs(inputs).sum(axis=1)
    # A row for every economy is small if it is so in each.
    columns = size[np.where(economy < 0, size[:, sector].argmin(axis=0), economy), sector]
    is_large = negatives.is_large(values, columns)
    frame.add_faults(is_large, column, negatives.problem("costs"), "negative", negatives.fix)
    return inputs if faults else _without_negatives(inputs, labels, negatives)


def _without_negatives(inputs: Floats, labels: Labels, negatives: Negatives) -> Floats:
    """Return inputs without negative ones; the others of a using sector are scaled to the same sum."""
    clipped = np.maximum(inputs, 0.0)
    before, after = inputs.sum(axis=1), clipped.sum(axis=1)
    scale = np.divide(before, after, out=np.ones_like(after), where=after > 0.0)
    out = clipped * np.where((inputs < 0.0).any(axis=1), scale, 1.0)[:, None, :]
    economies, sectors = labels
    for i, s, k in np.argwhere(out != inputs):
        cell = economies[i], "", sectors[k], sectors[s]
        negatives.record("intermediate", *cell, float(inputs[i, s, k]), float(out[i, s, k]))
    return np.asarray(out)


def _value_column(table: pd.DataFrame) -> str:
    """Return the column with the figures: shares in costs, or values."""
    return VALUE if VALUE in table and SHARE not in table else SHARE


def _shares_of_values(
    value_added: Floats, inputs: Floats, flow: Floats, labels: Labels, faults: list[Fault]
) -> tuple[Floats, Floats]:
    """Convert values to shares in costs; costs that differ from sales are faults."""
    costs = np.nan_to_num(value_added) + inputs.sum(axis=1).T
    sales = flow.sum(axis=2)
    for k, i in np.argwhere((sales > 0.0) & (np.abs(costs - sales) > BALANCE_TOLERANCE * sales)):
        problem = f"{labels[0][i]} {labels[1][k]}: costs are {costs[k, i]:g} and sales {sales[k, i]:g}"
        fix = "give inputs and value added in the unit of the flows"
        faults.append(Fault("value_added", None, VALUE, problem, fix, "unbalanced"))
    divisor = np.where(costs > 0.0, costs, 1.0)
    return value_added / divisor, inputs / divisor.T[:, None, :]


def _codes(frame: Frame, labels: Labels, columns: tuple[str, ...]) -> list[Ints]:
    known = [{name: i for i, name in enumerate(names)} for names in labels]
    return [
        frame.codes(column, known[0], EVERY) if column == "economy" else frame.codes(column, known[1])
        for column in columns
    ]


def _sum_faults(share: Floats, used: Floats, is_sold: Bools, labels: Labels, has_inputs: bool) -> list[Fault]:
    """Report cost shares that are missing, leave no value added, or do not sum to one."""
    faults = []
    economies, sectors = labels
    for k, i in np.argwhere(is_sold):
        cell = f"{economies[i]} {sectors[k]}"
        if np.isnan(share[k, i]):
            problem = f"{cell} has sales but no share of value added"
            faults.append(Fault("value_added", None, "share", problem, "", "missing"))
        elif share[k, i] <= 0.0:
            problem = f"{cell}: inputs are {used[k, i]:g} of costs; no value added remains"
            faults.append(Fault("intermediate", None, "share", problem, "", "no-value-added"))
        elif abs(share[k, i] + used[k, i] - 1.0) > SUM_TOLERANCE:
            problem = f"{cell}: value added {share[k, i]:g} and inputs {used[k, i]:g} do not sum to 1"
            fix = "" if has_inputs else "several sectors need the shares of inputs"
            faults.append(Fault("intermediate", None, "share", problem, fix, "sum"))
    return faults
