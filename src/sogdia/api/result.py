"""Results as a notebook shows them: tables, a summary, a plot."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import pandas as pd

SUMMARY_COLUMNS = ("figure", "of", "value", "unit")
IN_MILLIONS = {"t/a": "Mt/a", "t·h": "million t·h"}
"""Units of which a summary shows millions, so that its figures are of similar length."""
Headline = tuple[str, str, float, str]
"""A figure: what it is, of which country or other part (empty for all), its value and its unit."""


class Result(ABC):
    """Result of a computation."""

    @property
    @abstractmethod
    def title(self) -> str:
        """One line: region, plan, scenario and year."""

    @property
    @abstractmethod
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Result tables by name."""

    @abstractmethod
    def headline(self) -> Iterable[Headline]:
        """Headline figures."""

    @abstractmethod
    def plot(self) -> Any:
        """Draw the result.

        Returns:
            A :class:`matplotlib.figure.Figure`.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """

    def summary(self) -> pd.DataFrame:
        """Return the headline figures.

        Returns:
            ``figure``, ``of`` (a country or other part; empty for all), ``value``, ``unit``.
        """
        rows = [
            (figure, of, value / 1e6, IN_MILLIONS[unit]) if unit in IN_MILLIONS else (figure, of, value, unit)
            for figure, of, value, unit in self.headline()
        ]
        return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.title}; {len(self.tables)} tables>"

    def _repr_html_(self) -> str:
        """Title, summary and names of the tables, for notebooks."""
        table = self.summary().to_html(index=False, float_format=lambda value: f"{value:,.4g}", border=0)
        names = ", ".join(f"<code>{escape(name)}</code>" for name in self.tables)
        return f"<p><b>{escape(self.title)}</b></p>{table}<p>Tables: {names}</p>"


def title_of(region: str, plan: str, scenario: str, year: int) -> str:
    """Return the title of a case."""
    return f"{region} {year}, plan {plan}, scenario {scenario}"
