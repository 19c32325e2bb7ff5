"""Scenario discovery: conditions under which a portfolio fails, as a box of scenarios (PRIM)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.errors import InputError
from sogdia.portfolio.arrays import Bools, Floats

Limits = Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Box:
    """A box of the peeling trajectory.

    Attributes:
        limits: Least and largest value of each restricted input.
        coverage: Share of all cases of interest that are in the box.
        density: Share of the cases in the box that are of interest.
        mass: Share of all cases that are in the box.
        step: Its place in the trajectory; 0 is the box of all cases.
    """

    limits: Limits
    coverage: float
    density: float
    mass: float
    step: int

    def __str__(self) -> str:
        """Return the box as text."""
        rules = " and ".join(
            f"{name} in [{low:.4g}, {high:.4g}]" for name, (low, high) in self.limits.items()
        )
        return (
            f"{rules or 'all cases'}: {100.0 * self.density:.0f} % of the cases there fail, which are "
            f"{100.0 * self.coverage:.0f} % of all failures"
        )


def prim(
    inputs: pd.DataFrame, interest: Bools, peel_share: float = 0.1, least_mass: float = 0.05
) -> tuple[Box, ...]:
    """Find boxes with a large share of cases of interest by the patient rule induction method.

    Friedman & Fisher (1999); for scenarios Bryant & Lempert (2010). From the box of all cases, the share
    ``peel_share`` with the largest or smallest values of one input is removed again and again, each time
    where the rise of density per case removed is largest (of equals the input restricted already). It ends
    when no peel raises the density or less than ``least_mass`` of the cases would remain. Quantiles lie
    halfway between neighbouring values and step over ties as in the authors' toolkit. Pasting (adding back)
    is not
    done: peels of 10 % leave little to add.

    ema-workbench has a PRIM too; its many dependencies weigh more than these lines, and on Bryant & Lempert's
    data both have the same trajectory.

    Args:
        inputs: Numbers, one row per case.
        interest: Cases of interest (failures), (N,).
        peel_share: Share α removed in a step.
        least_mass: Smallest share of cases in a box.

    Returns:
        The trajectory, from the box of all cases on.

    Raises:
        InputError: If there are no cases, or none is of interest.
    """
    if not len(inputs) or not interest.any():
        raise InputError("scenario discovery needs cases, and at least one of interest")
    table = {str(name): inputs[name].to_numpy(dtype=np.float64) for name in inputs}
    inside = np.ones(len(inputs), dtype=np.bool_)
    restricted: dict[str, tuple[float, float]] = {}
    boxes = [_box(inside, restricted, interest, 0)]
    while True:
        peels = [
            (gain, name in restricted, name, part, end, at)
            for name, column in table.items()
            for part, end, at in _peels(column, inside, peel_share)
            if part.sum() >= least_mass * len(inside) and (gain := _rise(interest, inside, part)) > 0.0
        ]
        if not peels:
            return tuple(boxes)
        _, _, name, inside, end, at = max(peels, key=lambda peel: peel[:2])
        low, high = restricted.get(name, (float(table[name].min()), float(table[name].max())))
        restricted[name] = (low, at) if end else (at, high)
        boxes.append(_box(inside, restricted, interest, len(boxes)))


def _peels(column: Floats, inside: Bools, share: float) -> list[tuple[Bools, int, float]]:
    """Return the boxes without the cases of largest (end 1), and of smallest (end 0), values of one input.

    Each with the end that is moved and the limit there.
    """
    within = np.sort(column[inside])
    high, low = _quantile(within, 1.0 - share), _quantile(within, share)
    peels = [(inside & (column <= high), 1, high), (inside & (column >= low), 0, low)]
    return [peel for peel in peels if peel[0].sum() < inside.sum()]


def _quantile(ranked: Floats, share: float) -> float:
    """Return a value halfway between two neighbours at a quantile, moved outward of ties."""
    at = (len(ranked) - 1) * share
    low, high = int(np.floor(at)), int(np.ceil(at))
    if share > 0.5:
        while low > 0 and ranked[low] == ranked[high]:
            low -= 1
    else:
        while high < len(ranked) - 1 and ranked[low] == ranked[high]:
            high += 1
    return float(ranked[low] + ranked[high]) / 2.0


def _rise(interest: Bools, old: Bools, new: Bools) -> float:
    """Compute the rise of density per case removed."""
    return float((interest[new].mean() - interest[old].mean()) / (old.sum() - new.sum()))


def _box(inside: Bools, limits: Limits, interest: Bools, step: int) -> Box:
    inner = float(interest[inside].sum())
    return Box(dict(limits), inner / interest.sum(), inner / inside.sum(), float(inside.mean()), step)
