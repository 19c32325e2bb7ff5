"""Scenario discovery: find the box of inputs in which the cases of interest lie, by the patient rule method.

PRIM peels a small share of the cases off one side of the box, time after time, where the share of cases of
interest rises most for each case given up. Each box of the trajectory trades coverage (part of the cases of
interest that it has) against density (part of its cases that are of interest). No engine is known here: the
inputs and the cases of interest are a table and a column of booleans.

Source: Friedman & Fisher (1999), Statistics and Computing 9; Bryant & Lempert (2010), Technological
Forecasting and Social Change 77; criterion and quantiles of ties as in the EMA Workbench (Kwakkel 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import binomtest

from sogdia.errors import InputError

Flags = npt.NDArray[np.bool_]
PEEL_SHARE, LEAST_MASS = 0.1, 0.05
LEAST_DENSITY = 0.8
"""Density that the chosen box should have, if one of the trajectory has it."""
LARGEST_CHANCE = 0.05
"""Chance above which a limit of the chosen box is dropped as one that may have arisen by luck."""


@dataclass(frozen=True)
class Limit:
    """Limit of a box on one input.

    Attributes:
        name: The input.
        low: Lowest value; ``None`` if it is not limited below, or has categories.
        high: Highest value; ``None`` if it is not limited above, or has categories.
        values: Categories of the box; empty for a numeric input.
        chance: Probability that the cases without this limit would hold as many cases of interest among as
            many drawn from them (Bryant & Lempert's quasi-p-value).
    """

    name: str
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    chance: float = 0.0

    def select(self, inputs: pd.DataFrame) -> Flags:
        """Return the cases within the limit, (cases,)."""
        column = inputs[self.name]
        if self.values:
            return np.asarray(column.astype(str).isin(self.values).to_numpy(dtype=np.bool_))
        inside = np.ones(len(column), dtype=np.bool_)
        values = column.to_numpy(dtype=np.float64)
        if self.low is not None:
            inside &= values >= self.low
        if self.high is not None:
            inside &= values <= self.high
        return inside

    def sentence(self, words: str) -> str:
        """Return the limit as text, with the words for its input."""
        if self.values:
            return f"{words} is {' or '.join(self.values)}"
        if self.low is not None and self.high is not None:
            return f"{words} is between {self.low:.3g} and {self.high:.3g}"
        return (
            f"{words} is above {self.low:.3g}"
            if self.low is not None
            else f"{words} is below {self.high:.3g}"
        )


@dataclass(frozen=True)
class Box:
    """Box of inputs.

    Attributes:
        limits: Its limits, in the order of the inputs; none for the box of all cases.
        coverage: Part of the cases of interest that lie in it.
        density: Part of its cases that are of interest.
        mass: Part of all cases that lie in it.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    mass: float

    def select(self, inputs: pd.DataFrame) -> Flags:
        """Return the cases in the box, (cases,)."""
        inside = np.ones(len(inputs), dtype=np.bool_)
        for limit in self.limits:
            inside &= limit.select(inputs)
        return inside

    def sentence(self, event: str, words: Mapping[str, str] | None = None) -> str:
        """Describe the box in a sentence.

        Args:
            event: The case of interest as a clause, such as "the plan loses".
            words: Words for inputs; their names if not given.
        """
        if not self.limits:
            return f"No assumption sets apart the {100.0 * self.density:.0f} % of cases in which {event}."
        conditions = " and ".join(
            limit.sentence((words or {}).get(limit.name, limit.name)) for limit in self.limits
        )
        return (
            f"In {100.0 * self.density:.0f} % of the cases in which {conditions}, {event}; these are "
            f"{100.0 * self.coverage:.0f} % of all cases in which it does."
        )


def peel(
    inputs: pd.DataFrame,
    of_interest: npt.ArrayLike,
    *,
    peel_share: float = PEEL_SHARE,
    least_mass: float = LEAST_MASS,
) -> tuple[Box, ...]:
    """Return the trajectory of boxes, from all cases to the smallest box.

    A peel maximises ``(d' − d) / (n − n')`` with densities d and numbers n of cases before and after; of
    equal ones the best is that with fewer limits. It ends where no peel raises the density, or the box would
    hold less than ``least_mass`` of the cases.

    Args:
        inputs: One row a case, one column an input: numbers, or text and booleans as categories.
        of_interest: True for the cases of interest, (cases,).
        peel_share: Part of the box's cases that one peel takes off a numeric input.
        least_mass: Smallest part of all cases in a box.

    Raises:
        InputError: If lengths differ, an input has an empty cell, or no case is of interest.
    """
    flags = np.asarray(of_interest, dtype=np.bool_)
    if len(flags) != len(inputs):
        raise InputError(
            f"inputs have {len(inputs)} cases, the cases of interest {len(flags)}; expected as many"
        )
    if inputs.isna().to_numpy().any():
        raise InputError(
            "inputs of scenario discovery have empty cells; give each case a value of each input"
        )
    if not flags.any():
        raise InputError("no case is of interest, so that no box can be found; choose another threshold")
    limits: dict[str, Limit] = {}
    rows = np.arange(len(flags))
    boxes = [_box(limits, rows, flags)]
    while True:
        best = _best_peel(inputs, flags, rows, limits, peel_share)
        if best is None or len(best[0]) < least_mass * len(flags):
            return tuple(boxes)
        rows, limit = best
        limits[limit.name] = limit
        boxes.append(_box({name: limits[name] for name in inputs.columns if name in limits}, rows, flags))


def _box(limits: Mapping[str, Limit], rows: npt.NDArray[np.int64], flags: Flags) -> Box:
    inside = int(flags[rows].sum())
    return Box(tuple(limits.values()), inside / int(flags.sum()), inside / len(rows), len(rows) / len(flags))


def _best_peel(
    inputs: pd.DataFrame,
    flags: Flags,
    rows: npt.NDArray[np.int64],
    limits: Mapping[str, Limit],
    peel_share: float,
) -> tuple[npt.NDArray[np.int64], Limit] | None:
    """Return the rows and the limit of the best peel; ``None`` if none raises the density."""
    density = flags[rows].mean()
    best, best_score = None, (0.0, 0)
    for name in inputs.columns:
        free = len(inputs.columns) - len(set(limits) | {name})
        for keeps, limit in _peels(inputs[name].iloc[rows], limits.get(name), str(name), peel_share):
            inside = rows[keeps]
            if not 0 < len(inside) < len(rows):
                continue
            score = (float(flags[inside].mean() - density) / (len(rows) - len(inside)), free)
            if score[0] > 0.0 and score > best_score:
                best, best_score = (inside, limit), score
    return best


def _peels(column: pd.Series, now: Limit | None, name: str, share: float) -> Iterator[tuple[Flags, Limit]]:
    """Yield the cases inside and the limit of each possible peel of an input."""
    low, high = (now.low, now.high) if now is not None else (None, None)
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        values = column.astype(str)
        present = sorted(set(values))
        for value in present:
            rest = tuple(other for other in present if other != value)
            yield np.asarray(values.to_numpy() != value), Limit(name, values=rest)
        return
    numbers = column.to_numpy(dtype=np.float64)
    upper = _quantile(np.sort(numbers), 1.0 - share)
    yield numbers <= upper, Limit(name, low, upper)
    lower = _quantile(np.sort(numbers), share)
    yield numbers >= lower, Limit(name, lower, high)


def _quantile(ordered: npt.NDArray[np.float64], share: float) -> float:
    """Return a quantile between two different values, so that a peel of tied values takes some cases."""
    place = (len(ordered) - 1) * share
    low, high = int(np.floor(place)), int(np.ceil(place))
    while ordered[low] == ordered[high] and share > 0.5 and low > 0:
        low -= 1
    while ordered[low] == ordered[high] and share <= 0.5 and high < len(ordered) - 1:
        high += 1
    return float((ordered[low] + ordered[high]) / 2.0)


def discover(
    inputs: pd.DataFrame,
    of_interest: npt.ArrayLike,
    *,
    least_density: float = LEAST_DENSITY,
    peel_share: float = PEEL_SHARE,
    least_mass: float = LEAST_MASS,
) -> Box:
    """Return the box of the trajectory that describes the cases of interest, with limits that are not luck.

    The box is the first whose density reaches ``least_density``; if none does, that of the largest harmonic
    mean of coverage and density. Limits whose chance is above 5 % are dropped, the likeliest first.

    Args:
        inputs: As in :func:`peel`.
        of_interest: True for the cases of interest, (cases,).
        least_density: Density that the box should have.
        peel_share: As in :func:`peel`.
        least_mass: As in :func:`peel`.

    Raises:
        InputError: As in :func:`peel`.
    """
    flags = np.asarray(of_interest, dtype=np.bool_)
    trajectory = peel(inputs, flags, peel_share=peel_share, least_mass=least_mass)
    dense = [box for box in trajectory if box.density >= least_density]
    chosen = dense[0] if dense else max(trajectory, key=_harmonic_mean)
    limits = _with_chances(chosen.limits, inputs, flags)
    while limits and max(limit.chance for limit in limits) > LARGEST_CHANCE:
        likeliest = max(limits, key=lambda limit: limit.chance)
        limits = _with_chances([limit for limit in limits if limit is not likeliest], inputs, flags)
    inside = np.flatnonzero(Box(limits, 0.0, 0.0, 0.0).select(inputs))
    return _box({limit.name: limit for limit in limits}, inside, flags)


def _harmonic_mean(box: Box) -> float:
    return 2.0 * box.coverage * box.density / (box.coverage + box.density)


def _with_chances(limits: Sequence[Limit], inputs: pd.DataFrame, flags: Flags) -> tuple[Limit, ...]:
    """Return limits with the chance of each, a one-sided binomial test against the box without it."""
    out = []
    inside = Box(tuple(limits), 0.0, 0.0, 0.0).select(inputs)
    for limit in limits:
        without = Box(tuple(other for other in limits if other is not limit), 0.0, 0.0, 0.0).select(inputs)
        test = binomtest(int(flags[inside].sum()), int(inside.sum()), float(flags[without].mean()), "greater")
        out.append(Limit(limit.name, limit.low, limit.high, limit.values, float(test.pvalue)))
    return tuple(out)
