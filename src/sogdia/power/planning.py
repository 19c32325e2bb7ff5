"""Least-cost filler: new capacity that meets load and the reserve margin in addition to a plan's projects.

The filler minimises the annual cost of the system,

``min Σ_t w_t Σ_i c_i p_it + Σ_n a_n P_n``,

over operation p and new capacity P, subject to the constraints of dispatch and to the reserve margin of each
country (:mod:`sogdia.power.reserve`), with a the annuity of capital and fixed cost. Snapshots are steps of
:data:`STEP_H` hours. The plan is then dispatched in its own snapshots with this capacity. It is built the
same way with and without a plan, so that a plan is valued with and without, not before and after
(*Guidelines for the Economic Analysis of Projects*, 2017, paragraphs 35–36):

- long run: the filler is optimised for each plan, which saves the capacity that the plan makes unnecessary;
- short run: the filler of the baseline is held.

The dual of the reserve margin is the price of capacity. Energy price and capacity price together are the
long-run marginal cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.snapshots import HOURS_PER_YEAR
from sogdia.power.system import PowerInputs
from sogdia.power.time_reduction import to_mean_days, to_steps, to_weeks

STEP_H = 4
"""Hours of a step of capacity planning in real weeks."""


@dataclass(frozen=True, eq=False)
class Filler:
    """New capacity in addition to a plan's projects.

    Attributes:
        built_mw: New capacity of each candidate (generators, and batteries by zone), MW.
        capacity_usd_per_mw: Price of firm capacity by country: dual of the reserve margin, USD/MW a year.
    """

    built_mw: Mapping[str, float]
    capacity_usd_per_mw: Mapping[str, float]

    @cached_property
    def series(self) -> pd.Series[float]:
        """New capacity as a series."""
        return pd.Series(dict(self.built_mw), dtype=float)


def planning_inputs(inputs: PowerInputs) -> PowerInputs:
    """Return the inputs of capacity planning: capacities as variables, longer steps.

    Real weeks are planned in steps of :data:`STEP_H` hours. All hours are planned in the same steps of the
    weeks that represent them, so that their filler is that of the weeks, or else in mean days.
    """
    if inputs.weeks is not None:
        reduced = to_steps(to_weeks(inputs, inputs.weeks), STEP_H)
    elif len(inputs.load_mw) == HOURS_PER_YEAR:
        reduced = to_mean_days(inputs)
    elif inputs.settings.hours == "weeks":
        reduced = to_steps(inputs, STEP_H)
    else:
        reduced = inputs
    return replace(reduced, plans_capacity=True)


def with_filler(inputs: PowerInputs, filler: Filler) -> PowerInputs:
    """Return the inputs of a dispatch with the capacity of a filler."""
    built = filler.series
    rows, batteries = inputs.generators, inputs.batteries
    own = built.reindex(rows.index).fillna(0.0)
    stored = built.reindex(batteries.index).fillna(0.0)
    return replace(
        inputs,
        generators=rows.assign(p_nom_mw=np.where(inputs.is_candidate, own, rows["p_nom_mw"])),
        batteries=batteries.assign(
            p_nom_mw=batteries["p_nom_mw"] + stored,
            storage_mwh=batteries["storage_mwh"] + stored * inputs.settings.battery_h,
        ),
    )
