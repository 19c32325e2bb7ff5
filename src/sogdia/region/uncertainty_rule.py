"""Rules of uncertainty: which figures of a pack are uncertain, how widely, and which are drawn together.

A row of ``uncertainty_rules`` selects figures of one table. A figure v becomes ``v f(z)``, z standard normal:

    ``z = √ρ · z_group + √(1 − ρ) · z_own``,   ρ = ``common_share``,

``z_group`` being common to the group and ``z_own`` to the rows with equal values of ``by``. The factor f has
the median 1: ``e^{σz}`` (lognormal), ``max(0, 1 + σz)`` (normal), ``1 + √3 σ (2Φ(z) − 1)`` (uniform).

Figures that are added up, as tonnes are, would sum to more than in the pack, for the mean of ``e^{σz}`` is
``e^{σ²/2}``, and their own deviations do not cancel. Of those the rule keeps the ``centre`` ``mean``, f being
``e^{σz − σ²(1 − ρ)/2}``; or, of figures that sums divide by, ``reciprocal``: ``e^{σz + σ²(1 − ρ)/2}``. The
common part keeps the median, so that the median of the sum is that of the pack.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]
BASIS_FIELDS: Mapping[str, str] = {name: f"{name}_pct" for name in ("reported", "derived", "assumed")}
BY_BASIS, BY_ERROR, BY_LOG_ERROR, BY_RANGE = "basis", "standard_error", "standard_error_ln", "range"
MEDIAN, MEAN, RECIPROCAL = "median", "mean", "reciprocal"
_HALF_VARIANCES: Mapping[str, float] = {MEDIAN: 0.0, MEAN: -0.5, RECIPROCAL: 0.5}
LOGNORMAL, NORMAL, UNIFORM = "lognormal", "normal", "uniform"
MIDDLE_80 = 1.2815515655446004
"""Standard normal deviate of the ends of the middle 80 %."""


@dataclass(frozen=True)
class Condition:
    """Condition of a rule on a column: equal to one of the values, or to none of them."""

    column: str
    values: tuple[str, ...]
    is_equal: bool

    def select(self, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Return the rows that satisfy it, (rows,)."""
        cells = frame[self.column].astype(str)
        found = np.zeros(len(frame), dtype=np.bool_)
        for value in self.values:
            matches = cells.str.startswith(value[:-1]) if value.endswith("*") else cells == value
            found |= matches.to_numpy(dtype=np.bool_)
        return found if self.is_equal else ~found


def parse_conditions(text: str) -> tuple[Condition, ...]:
    """Parse the cell ``where`` of a rule.

    Raises:
        ValueError: If a condition is not ``column=value|value`` or ``column!=value``.
    """
    out = []
    for part in filter(None, text.split(";")):
        column, equals, values = part.partition("=")
        is_equal = not column.endswith("!")
        name = column.removesuffix("!")
        if not (name and equals and all(values.split("|"))):
            raise ValueError(part)
        out.append(Condition(name, tuple(values.split("|")), is_equal))
    return tuple(out)


@dataclass(frozen=True, eq=False)
class UncertaintyRule:
    """A rule of uncertainty, a row of the table ``uncertainty_rules``.

    Attributes:
        row: The row.
    """

    row: Mapping[Any, Any]

    @property
    def id(self) -> str:
        """Name of the rule."""
        return str(self.row["id"])

    @property
    def group(self) -> str:
        """Group whose figures share a part of their deviation."""
        return str(self.row["group"])

    @property
    def table(self) -> str:
        """Table of its figures."""
        return str(self.row["table"])

    @property
    def common_share(self) -> float:
        """Part ρ of the variance that is common to the group."""
        return float(self.row["common_share"])

    @property
    def most(self) -> float:
        """Largest value of a drawn figure; infinite if there is no limit."""
        return float("inf") if pd.isna(self.row["most"]) else float(self.row["most"])

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """Fields drawn, those of a row together."""
        return tuple(str(self.row["fields"]).split(";"))

    @cached_property
    def by(self) -> tuple[str, ...]:
        """Columns whose equal values make rows be drawn together."""
        return tuple(filter(None, str(self.row["by"]).split(";")))

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """Conditions on the rows."""
        return parse_conditions(str(self.row["where"]))

    def select(self, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Return the rows of its table that it applies to, (rows,)."""
        rows = np.ones(len(frame), dtype=np.bool_)
        for condition in self.conditions:
            rows &= condition.select(frame)
        return rows

    def draw_keys(self, frame: pd.DataFrame) -> list[str]:
        """Return the key of each row's own deviation: its values of ``by``, or the row."""
        if not self.by:
            return [str(key) for key in frame.index]
        columns = [frame[name].astype(str).tolist() for name in self.by]
        return ["/".join(cells) for cells in zip(*columns, strict=True)]

    def deviations(self, frame: pd.DataFrame, field: str) -> Floats:
        """Return the standard deviation σ of a field's factor, (rows,).

        Of a standard error s, ``σ = √ln(1 + (s/v)²)`` (lognormal) or ``s/|v|``; of a range from l to h,
        ``σ = ln(h/l) / (2 · 1.2816)`` or ``(h − l) / (2 · 1.2816 |v|)``. NaN: not drawn.
        """
        basis = frame["basis"].map({key: self.row[name] for key, name in BASIS_FIELDS.items()})
        own = self._stated(frame, field)
        return np.where(np.isnan(own), basis.to_numpy(dtype=np.float64) / 100.0, own)

    def _stated(self, frame: pd.DataFrame, field: str) -> Floats:
        """Return the deviations that the rows state themselves; NaN where they do not."""
        spread, is_log = self.row["spread"], self.row["distribution"] == LOGNORMAL
        values = np.abs(frame[field].to_numpy(dtype=np.float64, na_value=np.nan))
        if spread == BY_BASIS:
            return np.full(len(frame), np.nan)
        with np.errstate(divide="ignore", invalid="ignore"):
            if spread == BY_RANGE:
                low, high = (
                    frame[name].to_numpy(dtype=np.float64, na_value=np.nan)
                    for name in self.range_fields(frame)
                )
                width = np.log(high / low) if is_log else (high - low) / values
                out = width / (2.0 * MIDDLE_80)
            else:
                error = frame[BY_ERROR].to_numpy(dtype=np.float64, na_value=np.nan)
                relative = error if spread == BY_LOG_ERROR else error / values
                out = np.sqrt(np.log1p(relative**2)) if is_log and spread == BY_ERROR else relative
        return np.where(np.isfinite(out), out, np.nan)

    def range_fields(self, frame: pd.DataFrame) -> tuple[str, str]:
        """Return the names of the low and high fields of its first field.

        Raises:
            KeyError: If the table has none.
        """
        field = self.fields[0]
        stem, _, unit = field.rpartition("_")
        patterns = ("{field}_{end}", "{end}_{field}", "{stem}_{end}_{unit}")
        for pattern in patterns:
            low, high = (
                pattern.format(field=field, stem=stem, unit=unit, end=end) for end in ("low", "high")
            )
            if low in frame.columns and high in frame.columns:
                return low, high
        raise KeyError(field)

    def factors(self, deviations: Floats, z: Floats) -> Floats:
        """Return the factors f(z), (rows,); 1 where a deviation is NaN."""
        sigma = np.nan_to_num(deviations)
        match self.row["distribution"]:
            case "lognormal":
                own = _HALF_VARIANCES[str(self.row["centre"])] * sigma**2 * (1.0 - self.common_share)
                return np.asarray(np.exp(sigma * z + own), dtype=np.float64)
            case "normal":
                return np.maximum(0.0, 1.0 + sigma * z)
        return np.asarray(np.maximum(0.0, 1.0 + np.sqrt(3.0) * sigma * (2.0 * ndtr(z) - 1.0)))
