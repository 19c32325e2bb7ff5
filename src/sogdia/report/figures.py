"""Figures of a brief: each number of its text with value, unit and provenance.

A template refers to a figure by its id and gets its text with a footnote; templates hold no other number.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.report.wording import DIGITS, format_quantity

COLUMNS = ("figure", "value", "unit", "text", "provenance", "runs", "rows")


@dataclass(frozen=True)
class Origin:
    """Provenance of a figure or a table.

    Attributes:
        description: How it is computed, as a noun phrase without a full stop.
        runs: Stored runs that it is read from, as ``plan/scenario/year: table``.
        rows: Rows of the pack that it depends on most, as ``table/row``.
    """

    description: str
    runs: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number in the text of a brief.

    Attributes:
        id: Name, unique in a brief.
        value: Number, unrounded.
        unit: Symbol of the unit.
        text: Number and unit as the text has them.
        origin: Provenance.
    """

    id: str
    value: float
    unit: str
    text: str
    origin: Origin


@dataclass(eq=False)
class Figures:
    """Figures collected while a brief is built, and its footnotes.

    Attributes:
        known: Figures by id.
        cited: Origins in the order in which the text cites them; the first is footnote 1.
    """

    known: dict[str, Figure] = field(default_factory=dict)
    cited: list[Origin] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        origin: Origin,
        *,
        digits: int = DIGITS,
        sign: bool = False,
        text: str = "",
    ) -> Figure:
        """Add a figure.

        Args:
            name: Id of the figure.
            value: Number, unrounded.
            unit: Symbol of the unit.
            origin: Provenance.
            digits: Significant digits of the text.
            sign: If true, a positive number gets a plus sign.
            text: Text of the figure; if empty, value and unit.

        Raises:
            ValueError: If another figure has the name: an error in the code of the brief.
        """
        figure = Figure(
            name, float(value), unit, text or format_quantity(value, unit, digits, sign=sign), origin
        )
        if name in self.known and self.known[name] != figure and not math.isnan(value):
            raise ValueError(f"two figures are called {name!r}")
        self.known[name] = figure
        return figure

    def get(self, name: str) -> Figure:
        """Return a figure by its id.

        Raises:
            UnknownNameError: If there is none of that id.
        """
        if name not in self.known:
            raise UnknownNameError("figure", name, self.known)
        return self.known[name]

    def note(self, origin: Origin) -> int:
        """Cite an origin and return the number of its footnote; equal origins share one."""
        if origin not in self.cited:
            self.cited.append(origin)
        return self.cited.index(origin) + 1

    def table(self) -> pd.DataFrame:
        """Return all figures as a table with the columns of ``COLUMNS``, ordered by id."""
        rows = [
            (f.id, f.value, f.unit, f.text, f.origin.description, "; ".join(f.origin.runs),
             "; ".join(f.origin.rows))
            for f in sorted(self.known.values(), key=lambda f: f.id)
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=list(COLUMNS))
