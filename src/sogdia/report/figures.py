"""The figures of a brief: every number in its text is one of these, with the rows it rests on.

A template asks for a figure by its id and gets its words with a footnote; no other number may stand in it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from sogdia.errors import UnknownNameError
from sogdia.report.wording import DIGITS, quantity


@dataclass(frozen=True)
class Origin:
    """Where a figure comes from.

    Attributes:
        how: What was done, in words.
        runs: Runs it was read from, as ``plan × scenario`` with a table after a colon.
        rows: Rows of the pack it rests on most, as ``table/row``.
    """

    how: str
    runs: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Figure:
    """A number told to the reader.

    Attributes:
        id: Its name.
        value: The number, unrounded.
        unit: Its unit.
        text: How the text tells it.
        origin: Where it comes from.
    """

    id: str
    value: float
    unit: str
    text: str
    origin: Origin


@dataclass(eq=False)
class Figures:
    """The figures gathered while a brief is made, and the footnotes that lead to their rows.

    Attributes:
        known: Figures by id.
        cited: Origins in the order the text cites them; the first is footnote 1.
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
        """Add a figure; ``text`` only where its words are more than value and unit.

        Raises:
            ValueError: If another figure has that name already: a mistake in the brief's own code.
        """
        told = text or quantity(value, unit, digits, sign=sign)
        figure = Figure(name, float(value), unit, told, origin)
        if name in self.known and self.known[name] != figure and not math.isnan(value):
            raise ValueError(f"two figures are called {name!r}")
        self.known[name] = figure
        return figure

    def get(self, name: str) -> Figure:
        """The figure called ``name``.

        Raises:
            UnknownNameError: If there is none.
        """
        if name not in self.known:
            raise UnknownNameError("figure", name, self.known)
        return self.known[name]

    def note(self, origin: Origin) -> int:
        """The number of the footnote for an origin, the same for equal ones."""
        if origin not in self.cited:
            self.cited.append(origin)
        return self.cited.index(origin) + 1

    def table(self) -> pd.DataFrame:
        """``figure``, ``value``, ``unit``, ``text``, ``how``, ``runs``, ``rows``, in order of their names."""
        rows = [
            (f.id, f.value, f.unit, f.text, f.origin.how, "; ".join(f.origin.runs), "; ".join(f.origin.rows))
            for f in sorted(self.known.values(), key=lambda f: f.id)
        ]
        return pd.DataFrame(rows, columns=["figure", "value", "unit", "text", "how", "runs", "rows"])


def same_rows(rows: Iterable[str]) -> tuple[str, ...]:
    """Rows in the order given, each once."""
    return tuple(dict.fromkeys(rows))
