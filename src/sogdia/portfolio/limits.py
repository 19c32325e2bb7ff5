"""Limits that a portfolio must respect: amounts, amounts by year, shares of partners, results of models.

Limits on amounts are linear in the choice of options and hold before any model runs. Limits on results
(:class:`ResultLimit`) need the models.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sogdia.portfolio.criteria import Criterion


def _bounds(least: float | None, most: float | None) -> str:
    """Return the bounds of a limit as text."""
    low = "" if least is None else f" at least {least:,.10g}"
    return low + ("" if most is None else f" at most {most:,.10g}")


@dataclass(frozen=True)
class Limit:
    """Limit the sum of an amount over the chosen options, ``least ≤ Σ_i a_i(x_i) ≤ most``.

    Attributes:
        measure: Name of the amount (own money, present value of debt).
        most: Largest sum; ``None`` for no such limit.
        least: Smallest sum; ``None`` for no such limit.
        partner: Only options of this partner count; ``None`` for all.
        name: Name in messages; made from the others by default.
    """

    measure: str
    most: float | None = None
    least: float | None = None
    partner: str | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """Name in messages."""
        of = "" if self.partner is None else f" of {self.partner}"
        return self.name or f"{self.measure}{of}{_bounds(self.least, self.most)}"


@dataclass(frozen=True)
class YearLimit:
    """Limit the sum of an amount in each year, ``Σ_i a_it(x_i) ≤ most_t`` (cash by year).

    Attributes:
        measure: Name of the amount by year.
        most: Largest sum by year; other years have no limit.
        name: Name in messages; made from the others by default.
    """

    measure: str
    most: Mapping[int, float]
    name: str = ""

    @property
    def label(self) -> str:
        """Name in messages."""
        return self.name or f"{self.measure} by year"


@dataclass(frozen=True)
class ShareLimit:
    """Limit the share of a partner in an amount, ``Σ_{i: partner p} a_i(x_i) ≤ most · Σ_i a_i(x_i)``.

    Attributes:
        measure: Name of the amount; it must not be negative.
        most: Largest share, between 0 and 1.
        partner: The partner; ``None`` for each partner. Options without a partner count in the sum only.
        name: Name in messages; made from the others by default.
    """

    measure: str
    most: float
    partner: str | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """Name in messages."""
        who = "each partner" if self.partner is None else self.partner
        return self.name or f"share of {who} in {self.measure} at most {self.most:.10g}"


@dataclass(frozen=True)
class ResultLimit:
    """Limit a criterion of the models' results (the largest loss by one partner's withdrawal).

    Attributes:
        criterion: The criterion.
        most: Largest value; ``None`` for no such limit.
        least: Smallest value; ``None`` for no such limit.
        name: Name in messages; made from the others by default.
    """

    criterion: Criterion
    most: float | None = None
    least: float | None = None
    name: str = ""

    @property
    def label(self) -> str:
        """Name in messages."""
        return self.name or f"{self.criterion.label}{_bounds(self.least, self.most)}"


@dataclass(frozen=True)
class Group:
    """Limit how many of some projects are built; by default at most one (alternatives).

    Attributes:
        projects: Their names.
        most: Largest number.
        least: Smallest number.
        name: Name in messages; made from the projects by default.
    """

    projects: tuple[str, ...]
    most: int = 1
    least: int = 0
    name: str = ""

    @property
    def label(self) -> str:
        """Name in messages."""
        number = f"{self.least} to {self.most}" if self.least else f"at most {self.most}"
        return self.name or f"{number} of {', '.join(self.projects)}"


@dataclass(frozen=True)
class Prerequisite:
    """Require another project: ``project`` is built only if ``needs`` is.

    Attributes:
        project: Name of the project.
        needs: Name of the project that it needs.
        in_time: True if that must open in the same year or before. Options without a year open at once.
    """

    project: str
    needs: str
    in_time: bool = False

    @property
    def label(self) -> str:
        """Name in messages."""
        return f"{self.project} needs {self.needs}" + (" in time" if self.in_time else "")


LinearLimit = Limit | YearLimit | ShareLimit
AnyLimit = Limit | YearLimit | ShareLimit | ResultLimit
