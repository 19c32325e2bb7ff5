"""Add to PyPSA's programme what it has no component for.

- Reservoirs are linked over periods and to those below them (:mod:`sogdia.power.cascades`), and the change of
  their level over the year is bounded (:mod:`sogdia.power.reservoirs`). Batteries end each period at the
  level at which it began (:mod:`sogdia.power.snapshots`).
- Limits on energy of a period or the year (:mod:`sogdia.power.limits`).
- In capacity planning, the reserve margin of each country (:mod:`sogdia.power.reserve`).
- The change of output of slow plants from one hour to the next, ``|Σ_i p_it − Σ_i p_i,t−1| ≤ r Σ_i P_i``.
"""

from __future__ import annotations

import numpy as np

from sogdia.power.arrays import Floats, Ints
from sogdia.power.cascades import cascade_links
from sogdia.power.generators import PLANT
from sogdia.power.kernels.linear_program import LinearProgram
from sogdia.power.kernels.program_builder import ProgramBuilder
from sogdia.power.limits import EnergyLimit
from sogdia.power.system import PowerInputs
from sogdia.power.variables import (
    CARRY_OVER,
    CHAIN,
    DISPATCH,
    FINAL,
    GENERATION,
    GENERATION_CAPACITY,
    LEVEL,
    LIMIT,
    RAMP,
    RESERVE,
    SLACK,
    SPILL,
    START,
    STORAGE_BALANCE,
    STORAGE_CAPACITY,
    YEAR_LIMIT,
    YEAR_SLACK,
)

SLOW_PER_H = 0.3
"""Ramps up to this share of capacity in an hour are constraints; faster plants follow any load."""


def add_constraints(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add links of periods and reservoirs, limits on energy, and ramps or reserve margins."""
    _link_periods(builder, inputs)
    _add_cascades(builder, inputs)
    _add_limits(builder, inputs)
    if inputs.plans_capacity:
        _add_reserve(builder, inputs)
    else:
        _add_ramps(builder, inputs)


def _link_periods(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Give storage the level before the first snapshot of each period."""
    snapshots = inputs.snapshots

    def begin(names: list[str], level: Ints) -> None:
        builder.put(builder.rows_of(STORAGE_BALANCE, names)[snapshots.first], level, 1.0)

    names = list(inputs.reservoirs.index)
    if names:
        start = builder.add_columns(START, names, (snapshots.periods, len(names)))
        chain = builder.add_rows(CHAIN, names, start.shape)
        repeats = snapshots.repeats[:, None]
        end = builder.columns_of(LEVEL, names)[snapshots.last]
        begin(names, start)
        final = builder.add_columns(FINAL, names, (1, len(names)))
        carry_over = builder.add_rows(CARRY_OVER, names, final.shape)
        builder.put(chain, np.vstack([start[1:], final]), 1.0)
        builder.put(chain, start, repeats - 1.0)
        builder.put(chain, end, -repeats)
        builder.put(carry_over, final, 1.0)
        builder.put(carry_over, start[:1], -1.0)
    batteries = list(inputs.batteries.index)
    if batteries:
        begin(batteries, builder.columns_of(LEVEL, batteries)[snapshots.last])


def _add_cascades(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add what each reservoir releases to the balance of the one below it."""
    for upper, lower, ratio in cascade_links(inputs.reservoirs):
        rows = builder.rows_of(STORAGE_BALANCE, [lower])
        for kind in (DISPATCH, SPILL):
            builder.put(rows, builder.columns_of(kind, [upper]), ratio * inputs.snapshots.step_h)


def _add_limits(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add the limits of each period, and of the year, with their slack."""
    snapshots = inputs.snapshots
    for by_period, kind, slack_kind in ((True, LIMIT, SLACK), (False, YEAR_LIMIT, YEAR_SLACK)):
        limits = [limit for limit in inputs.limits if limit.by_period == by_period]
        if not limits:
            continue
        sums = snapshots.periods if by_period else 1
        row_of = snapshots.period if by_period else np.zeros_like(snapshots.period)
        names = [limit.name for limit in limits]
        rows = builder.add_rows(kind, names, (sums, len(limits)))
        paid = [n for n, limit in enumerate(limits) if limit.slack_usd_per_mwh is not None]
        for number, limit in enumerate(limits):
            for variable, component, factor in limit.members:
                columns = builder.columns_of(variable, [component])[:, 0]
                builder.put(rows[row_of, number], columns, snapshots.weight_h * factor)
        if paid:
            slack = builder.add_columns(slack_kind, [names[n] for n in paid], (sums, len(paid)))
            sign = np.array([1.0 if limits[n].is_shortfall else -1.0 for n in paid])
            builder.put(rows[:, paid], slack, sign)


def _add_reserve(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add the reserve margin of each country over the capacity of its candidates."""
    countries = list(inputs.reserve.index)
    builder.add_rows(RESERVE, countries, (len(countries),))
    for columns, rows, firm in reserve_entries(builder, inputs):
        builder.put(rows, columns, firm)


def reserve_entries(
    program: ProgramBuilder | LinearProgram, inputs: PowerInputs
) -> list[tuple[Ints, Ints, Floats]]:
    """Return columns, rows and values of the firm capacity of candidates and batteries."""
    row_of = dict(zip(program.row_names[RESERVE], program.rows[RESERVE].tolist(), strict=True))
    candidates = inputs.generators[inputs.is_candidate]
    entries = []
    for kind, units in ((GENERATION_CAPACITY, candidates), (STORAGE_CAPACITY, inputs.batteries)):
        if len(units):
            column_of = dict(zip(program.column_names[kind], program.columns[kind].tolist(), strict=True))
            columns = np.array([column_of[str(name)] for name in units.index], dtype=np.int64)
            rows = np.array([row_of[str(iso3)] for iso3 in units["iso3"]], dtype=np.int64)
            entries.append((columns, rows, units["firm_share"].to_numpy(dtype=np.float64)))
    return entries


def _add_ramps(builder: ProgramBuilder, inputs: PowerInputs) -> None:
    """Add the ramps of slow plants, by zone and carrier, within periods."""
    slow = slow_classes(inputs)
    inside = np.flatnonzero(np.diff(inputs.snapshots.period) == 0) + 1
    if not slow:
        return
    rows = builder.add_rows(RAMP, list(slow), (len(inside), len(slow)))
    for number, names in enumerate(slow.values()):
        columns = builder.columns_of(GENERATION, names)
        for plant in range(len(names)):
            builder.put(rows[:, number], columns[inside, plant], 1.0)
            builder.put(rows[:, number], columns[inside - 1, plant], -1.0)


def slow_classes(inputs: PowerInputs) -> dict[str, list[str]]:
    """Return the generators of each zone and carrier with slow ramps."""
    rows = inputs.generators
    slow = rows[(rows["kind"] == PLANT) & (rows["ramp_per_h"] <= SLOW_PER_H)]
    return {
        f"{bus} {carrier}": list(map(str, part.index))
        for (bus, carrier), part in slow.groupby(["bus", "carrier"])
    }


def ramp_limits(inputs: PowerInputs) -> Floats:
    """Return the largest change of output of each slow class from one hour to the next, MW."""
    size = inputs.generators["p_nom_mw"] * inputs.generators["ramp_per_h"]
    return np.array([float(size[names].sum()) for names in slow_classes(inputs).values()])


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
