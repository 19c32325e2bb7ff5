"""Add to PyPSA's programme what it has no component for.

- Reservoirs are linked over periods, and batteries end each period at the level at which it began
  (:mod:`sogdia.power.snapshots`).
- Limits on energy of a period or the year (:mod:`sogdia.power.limits`).
- In capacity planning, the reserve margin of each country (:mod:`sogdia.power.reserve`).
- The change of output of slow plants from one hour to the next, ``|Σ_i p_it − Σ_i p_i,t−1| ≤ r Σ_i P_i``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sp

from sogdia.power.arrays import Floats, Ints
from sogdia.power.generators import PLANT
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.limits import EnergyLimit
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    CHAIN,
    GENERATION,
    GENERATION_CAPACITY,
    LEVEL,
    LIMIT,
    RAMP,
    RESERVE,
    SLACK,
    START,
    STORAGE_BALANCE,
    STORAGE_CAPACITY,
    YEAR_LIMIT,
    YEAR_SLACK,
)

SLOW_PER_H = 0.3
"""Ramps up to this share of capacity in an hour are constraints; faster plants follow any load."""


@dataclass(eq=False)
class _Additions:
    """New columns and rows of a programme; entries of the matrix as (row, column, value)."""

    program: LinearProgram
    columns: dict[str, Ints] = field(default_factory=dict)
    rows: dict[str, Ints] = field(default_factory=dict)
    column_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    row_names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    column_count: int = 0
    row_count: int = 0

    def add_columns(self, kind: str, names: Sequence[str], shape: tuple[int, ...]) -> Ints:
        """Add a kind of variables, from 0 without an upper bound."""
        first = self.program.cost.size + self.column_count
        self.column_count += int(np.prod(shape))
        self.columns[kind] = first + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.column_names[kind] = tuple(names)
        return self.columns[kind]

    def add_rows(self, kind: str, names: Sequence[str], shape: tuple[int, ...]) -> Ints:
        """Add a kind of constraints, equal to 0 until :func:`update_program` sets their bounds."""
        first = self.program.row_lower.size + self.row_count
        self.row_count += int(np.prod(shape))
        self.rows[kind] = first + np.arange(int(np.prod(shape)), dtype=np.int64).reshape(shape)
        self.row_names[kind] = tuple(names)
        return self.rows[kind]

    def put(self, rows: Ints, columns: Ints, values: Floats | float) -> None:
        """Add entries to the matrix."""
        row, column, value = np.broadcast_arrays(rows, columns, np.asarray(values, dtype=np.float64))
        self.entries.append((row.ravel(), column.ravel(), value.ravel()))

    def extended(self, matrix: sp.csr_array) -> LinearProgram:
        """Return the programme with the additions."""
        old = self.program
        shape = (old.row_lower.size + self.row_count, old.cost.size + self.column_count)
        coo = matrix.tocoo()
        parts = [(coo.row, coo.col, coo.data), *self.entries]
        row, column, value = (np.concatenate([part[n] for part in parts]) for n in range(3))
        extended = sp.csr_array(sp.coo_array((value, (row, column)), shape=shape))
        zeros, no_bound = np.zeros(self.column_count), np.full(self.column_count, np.inf)
        equal = np.zeros(self.row_count)
        return replace(
            old,
            matrix=extended,
            cost=np.concatenate([old.cost, zeros]),
            lower=np.concatenate([old.lower, zeros]),
            upper=np.concatenate([old.upper, no_bound]),
            row_lower=np.concatenate([old.row_lower, equal]),
            row_upper=np.concatenate([old.row_upper, equal]),
            columns={**old.columns, **self.columns},
            rows={**old.rows, **self.rows},
            column_names={**old.column_names, **self.column_names},
            row_names={**old.row_names, **self.row_names},
        )


def add_constraints(program: LinearProgram, inputs: PowerInputs) -> LinearProgram:
    """Return the programme with linked periods, limits on energy, ramps and reserve margins."""
    additions = _Additions(program)
    matrix = _link_periods(additions, inputs)
    _add_limits(additions, inputs)
    if inputs.plans_capacity:
        _add_reserve(additions, inputs)
    else:
        _add_ramps(additions, inputs)
    return additions.extended(matrix)


def _link_periods(additions: _Additions, inputs: PowerInputs) -> sp.csr_array:
    """Replace the level before the first snapshot of each period by its start; return the new matrix."""
    program, snapshots = additions.program, inputs.snapshots
    coo = program.matrix.tocoo()
    column = coo.col.astype(np.int64)
    key = coo.row.astype(np.int64) * program.cost.size + column
    order = np.argsort(key)
    before = np.append(snapshots.last[-1:], snapshots.last[:-1])

    def move(names: list[str], target: Ints) -> None:
        rows = program.rows_of(STORAGE_BALANCE, names)[snapshots.first]
        old = program.columns_of(LEVEL, names)[before]
        at = order[np.searchsorted(key, (rows * program.cost.size + old).ravel(), sorter=order)]
        column[at] = target.ravel()

    names = list(inputs.reservoirs.index)
    if names:
        start = additions.add_columns(START, names, (snapshots.periods, len(names)))
        chain = additions.add_rows(CHAIN, names, start.shape)
        repeats = snapshots.repeats[:, None]
        end = program.columns_of(LEVEL, names)[snapshots.last]
        move(names, start)
        additions.put(chain, np.roll(start, -1, axis=0), 1.0)
        additions.put(chain, start, repeats - 1.0)
        additions.put(chain, end, -repeats)
    batteries = list(inputs.batteries.index)
    if batteries:
        move(batteries, program.columns_of(LEVEL, batteries)[snapshots.last])
    shape = (coo.shape[0], program.cost.size + additions.column_count)
    return sp.csr_array(sp.coo_array((coo.data, (coo.row, column)), shape=shape))


def _add_limits(additions: _Additions, inputs: PowerInputs) -> None:
    """Add the limits of each period, and of the year, with their slack."""
    program, snapshots = additions.program, inputs.snapshots
    for by_period, kind, slack_kind in ((True, LIMIT, SLACK), (False, YEAR_LIMIT, YEAR_SLACK)):
        limits = [limit for limit in inputs.limits if limit.by_period == by_period]
        if not limits:
            continue
        sums = snapshots.periods if by_period else 1
        row_of = snapshots.period if by_period else np.zeros_like(snapshots.period)
        names = [limit.name for limit in limits]
        rows = additions.add_rows(kind, names, (sums, len(limits)))
        paid = [n for n, limit in enumerate(limits) if limit.slack_usd_per_mwh is not None]
        for number, limit in enumerate(limits):
            for variable, component, factor in limit.members:
                columns = program.columns_of(variable, [component])[:, 0]
                exists = columns >= 0
                weight = snapshots.weight_h[exists] * factor
                additions.put(rows[row_of[exists], number], columns[exists], weight)
        if paid:
            slack = additions.add_columns(slack_kind, [names[n] for n in paid], (sums, len(paid)))
            sign = np.array([1.0 if limits[n].is_shortfall else -1.0 for n in paid])
            additions.put(rows[:, paid], slack, sign)


def _add_reserve(additions: _Additions, inputs: PowerInputs) -> None:
    """Add the reserve margin of each country over the capacity of its candidates."""
    program, countries = additions.program, list(inputs.reserve.index)
    rows = additions.add_rows(RESERVE, countries, (len(countries),))
    of = {str(iso3): int(row) for iso3, row in zip(countries, rows, strict=True)}
    candidates = inputs.generators[inputs.is_candidate]
    for kind, units in ((GENERATION_CAPACITY, candidates), (STORAGE_CAPACITY, inputs.batteries)):
        if len(units):
            at = {name: n for n, name in enumerate(program.column_names[kind])}
            columns = program.columns[kind][[at[name] for name in units.index]]
            row = np.array([of[iso3] for iso3 in units["iso3"]], dtype=np.int64)
            additions.put(row, columns, units["firm_share"].to_numpy(dtype=np.float64))


def _add_ramps(additions: _Additions, inputs: PowerInputs) -> None:
    """Add the ramps of slow plants, by zone and carrier, within periods."""
    slow = slow_classes(inputs)
    inside = np.flatnonzero(np.diff(inputs.snapshots.period) == 0) + 1
    if not slow:
        return
    rows = additions.add_rows(RAMP, list(slow), (len(inside), len(slow)))
    for number, names in enumerate(slow.values()):
        columns = additions.program.columns_of(GENERATION, names)
        for plant in range(len(names)):
            additions.put(rows[:, number], columns[inside, plant], 1.0)
            additions.put(rows[:, number], columns[inside - 1, plant], -1.0)


def slow_classes(inputs: PowerInputs) -> dict[str, list[str]]:
    """Return the generators of each zone and carrier with slow ramps."""
    rows = inputs.generators
    slow = rows[(rows["kind"] == PLANT) & (rows["ramp_per_h"] <= SLOW_PER_H)]
    return {
        f"{bus} {carrier}": list(map(str, part.index))
        for (bus, carrier), part in slow.groupby(["bus", "carrier"])
    }


def limit_bounds(inputs: PowerInputs, *, by_period: bool) -> tuple[list[EnergyLimit], Floats, Floats]:
    """Return the limits of periods or the year, and their bounds, (P, N) or (1, N)."""
    limits = [limit for limit in inputs.limits if limit.by_period == by_period]
    bounds = [limit.bounds(inputs.snapshots) for limit in limits]
    return limits, np.column_stack([low for low, _ in bounds]), np.column_stack([high for _, high in bounds])


def reserve_need(inputs: PowerInputs) -> Floats:
    """Return the firm capacity that each country lacks, MW; existing batteries are part of the variable."""
    margin = 1.0 + inputs.settings.reserve_margin_pct / 100.0
    need = margin * inputs.reserve["peak_mw"] - inputs.reserve["firm_mw"]
    firm = inputs.batteries["firm_share"] * inputs.batteries["p_nom_mw"]
    existing = firm.groupby(inputs.batteries["iso3"]).sum().reindex(need.index).fillna(0.0)
    return (need + existing).to_numpy(dtype=np.float64)
