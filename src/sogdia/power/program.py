"""The linear programme that PyPSA writes for a network, as arrays for HiGHS.

PyPSA states the bounds of each quantity as constraints of one variable. They are folded into the variable's
bounds here, which leaves a programme of a twentieth of the rows with the same solutions and the same duals on
the rows that are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy.sparse as sp

from sogdia.power.arrays import Bools, Floats, Ints

ONE_BALANCE = 100_000
"""Parts at a bus above which PyPSA writes its balance apart: never, so that all balances have one name."""

BALANCES = ("nodal_balance", "energy_balance")
"""Constraints that stay rows whatever is in them: their duals are prices, their names are told."""


@dataclass(frozen=True, eq=False)
class Program:
    """``min c·x, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper``. R rows, C columns.

    Attributes:
        matrix: A, by row, (R, C).
        cost: c, (C,).
        lower: Lower bounds of columns, (C,).
        upper: Upper bounds, (C,).
        row_lower: Lower bounds of rows, (R,).
        row_upper: Upper bounds, (R,).
        columns: Place of each variable, by PyPSA's name of the kind: (T, N), or (N,) for capacities.
        rows: Place of each constraint that is left, likewise.
        column_names: Names of the components along the last axis of each of ``columns``.
        row_names: The same of ``rows``.
    """

    matrix: sp.csr_array
    cost: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    columns: Mapping[str, Ints]
    rows: Mapping[str, Ints]
    column_names: Mapping[str, tuple[str, ...]]
    row_names: Mapping[str, tuple[str, ...]]

    def same_numbers(self, other: Program) -> bool:
        """Whether costs and bounds are those of another programme, to the bit."""
        return all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.cost, other.cost),
                (self.lower, other.lower),
                (self.upper, other.upper),
                (self.row_lower, other.row_lower),
                (self.row_upper, other.row_upper),
            )
        )

    def column_name(self, place: int) -> str:
        """What a column is, in words."""
        return _name(self.columns, self.column_names, place)

    def row_name(self, place: int) -> str:
        """What a row is, in words."""
        return _name(self.rows, self.row_names, place)


def _name(places: Mapping[str, Ints], names: Mapping[str, tuple[str, ...]], place: int) -> str:
    for kind, labels in places.items():
        found = np.argwhere(labels == place)
        if len(found):
            at = found[0]
            who = names[kind][int(at[-1])] if names[kind] else ""
            when = f" in snapshot {int(at[0]) + 1}" if len(at) > 1 else ""
            return f"{kind} {who}{when}".strip()
    return f"number {place}"


def write_program(network: Any) -> Program:
    """The programme that PyPSA and linopy write for a network."""
    model = network.optimize.create_model(
        include_objective_constant=False, meshed_thresholds=[ONE_BALANCE], consistency_check=False
    )
    matrices = model.matrices
    matrix = sp.csr_array(matrices.A)
    sense = np.asarray(matrices.sense).astype("U1")
    limit = np.asarray(matrices.b, dtype=np.float64)
    row_lower = np.where(sense == "<", -np.inf, limit)
    row_upper = np.where(sense == ">", np.inf, limit)
    lower = np.array(matrices.lb, dtype=np.float64)
    upper = np.array(matrices.ub, dtype=np.float64)
    columns = {str(name): _labels(item) for name, item in model.variables.items()}
    rows = {str(name): _labels(item) for name, item in model.constraints.items()}
    balances = [found.ravel() for name, found in rows.items() if name.endswith(BALANCES)]
    single = (np.diff(matrix.indptr) == 1) & ~np.isin(matrices.clabels, np.concatenate(balances))
    _fold(matrix, single, row_lower, row_upper, lower, upper)
    kept = np.flatnonzero(~single)
    places = {name: _places(found, matrices.vlabels) for name, found in columns.items()}
    heights = {name: _places(found, np.asarray(matrices.clabels)[kept]) for name, found in rows.items()}
    return Program(
        matrix=sp.csr_array(matrix[kept]),
        cost=np.array(matrices.c, dtype=np.float64),
        lower=lower,
        upper=upper,
        row_lower=row_lower[kept],
        row_upper=row_upper[kept],
        columns=places,
        rows={name: found for name, found in heights.items() if (found >= 0).any()},
        column_names={name: _names(item) for name, item in ((str(n), v) for n, v in model.variables.items())},
        row_names={name: _names(item) for name, item in ((str(n), v) for n, v in model.constraints.items())},
    )


def _fold(
    matrix: sp.csr_array, single: Bools, row_lower: Floats, row_upper: Floats, lower: Floats, upper: Floats
) -> None:
    """Take constraints of one variable into its bounds, in place."""
    first = matrix.indptr[:-1][single]
    column, factor = matrix.indices[first], matrix.data[first]
    with np.errstate(invalid="ignore"):
        one, other = row_lower[single] / factor, row_upper[single] / factor
    np.maximum.at(lower, column, np.where(factor > 0, one, other))
    np.minimum.at(upper, column, np.where(factor > 0, other, one))


def _labels(item: Any) -> Ints:
    return np.atleast_1d(np.asarray(item.labels.values, dtype=np.int64))


def _names(item: Any) -> tuple[str, ...]:
    return tuple(map(str, item.indexes["name"])) if "name" in item.indexes else ()


def _places(labels: Ints, known: Any) -> Ints:
    """Position of each label among the known ones; -1 where it is not there."""
    order = np.argsort(known)
    sorted_labels = np.asarray(known)[order]
    at = np.clip(np.searchsorted(sorted_labels, labels), 0, max(len(order) - 1, 0))
    if not len(order):
        return np.full(labels.shape, -1, dtype=np.int64)
    return np.where(sorted_labels[at] == labels, order[at], -1).astype(np.int64)
