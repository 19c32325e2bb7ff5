"""The decision: each project is not built, or built with one of its options (partner, opening year)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from sogdia.errors import FaultsError, InputError, UnknownNameError, did_you_mean
from sogdia.portfolio.arrays import Bools, Choices, Floats, Longs
from sogdia.portfolio.limits import Group, LinearLimit, Prerequisite
from sogdia.portfolio.problem_check import faults_of_problem


@dataclass(frozen=True)
class Option:
    """One form in which a project can be built.

    Attributes:
        partner: Financing partner; empty for none.
        year: Opening year; ``None`` if it does not matter.
        amounts: Amounts that add up over projects, by measure (own money, present value of debt).
        by_year: Amounts by year that add up over projects, by measure (cash).
    """

    partner: str = ""
    year: int | None = None
    amounts: Mapping[str, float] = field(default_factory=dict)
    by_year: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Partner and year, as text."""
        return " ".join(filter(None, (self.partner, "" if self.year is None else str(self.year)))) or "built"


@dataclass(frozen=True)
class Project:
    """A project and its options.

    Attributes:
        name: Name, unique in the problem.
        options: The options, at least one.
    """

    name: str
    options: tuple[Option, ...]


@dataclass(frozen=True, eq=False)
class Problem:
    """Projects, and limits on what may be chosen.

    Attributes:
        projects: The n projects.
        limits: Limits on amounts.
        groups: Limits on how many of some projects are built.
        prerequisites: Projects that need others.
        must_haves: Names of projects that must be built.
    """

    projects: tuple[Project, ...]
    limits: tuple[LinearLimit, ...] = ()
    groups: tuple[Group, ...] = ()
    prerequisites: tuple[Prerequisite, ...] = ()
    must_haves: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check all names and numbers.

        Raises:
            FaultsError: With every unknown name, repeated name and impossible number, and suggested fixes.
        """
        faults = faults_of_problem(self)
        if faults:
            raise FaultsError(faults)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the projects, (n,)."""
        return tuple(project.name for project in self.projects)

    @cached_property
    def sizes(self) -> Longs:
        """Number of options of each project, (n,)."""
        return np.array([len(project.options) for project in self.projects], dtype=np.int64)

    @cached_property
    def offsets(self) -> Longs:
        """Column of each project's first option among all K options, (n + 1,); the last is K."""
        return np.concatenate([[0], np.cumsum(self.sizes)]).astype(np.int64)

    @cached_property
    def options(self) -> tuple[tuple[int, Option], ...]:
        """All K options, each with the position of its project."""
        return tuple((i, option) for i, each in enumerate(self.projects) for option in each.options)

    @cached_property
    def measures(self) -> tuple[str, ...]:
        """Names of all amounts, in order of appearance."""
        return tuple(dict.fromkeys(name for _, option in self.options for name in option.amounts))

    @property
    def portfolios(self) -> int:
        """Number of portfolios without any limit, ``Π_i (1 + options_i)``."""
        product = 1
        for size in self.sizes.tolist():
            product *= 1 + size
        return product

    @cached_property
    def _amounts(self) -> Mapping[str, Floats]:
        return {
            name: np.array([option.amounts.get(name, 0.0) for _, option in self.options], dtype=np.float64)
            for name in self.measures
        }

    def amounts(self, measure: str) -> Floats:
        """Return an amount by option, (K,).

        Raises:
            UnknownNameError: If no option has such an amount.
        """
        if measure not in self._amounts:
            raise UnknownNameError("amount of the options", measure, self.measures)
        return self._amounts[measure]

    def totals(self, choices: Choices, measure: str) -> Floats:
        """Compute the sum of an amount over each portfolio's options, (N,)."""
        padded = self._padded(self.amounts(measure))
        return np.asarray(
            np.take_along_axis(padded[None], choices[..., None].astype(np.intp), 2)[..., 0].sum(1)
        )

    def _padded(self, by_option: Floats) -> Floats:
        """Arrange values of options by project, a zero for "not built" first, (n, 1 + most options)."""
        table = np.zeros((len(self.projects), 1 + int(self.sizes.max())))
        for i, (start, end) in enumerate(zip(self.offsets[:-1], self.offsets[1:], strict=True)):
            table[i, 1 : 1 + end - start] = by_option[start:end]
        return table

    def indicators(self, choices: Choices) -> Bools:
        """Return which of all options each portfolio has, (N, K)."""
        picked = np.zeros((len(choices), len(self.options)), dtype=np.bool_)
        rows, projects = np.nonzero(choices)
        picked[rows, self.offsets[projects] + choices[rows, projects] - 1] = True
        return picked

    def choices_of(self, indicators: Bools) -> Choices:
        """Turn :meth:`indicators` back into choices, (N, n)."""
        choices = np.zeros((len(indicators), len(self.projects)), dtype=np.int16)
        for column, (i, _) in enumerate(self.options):
            choices[indicators[:, column], i] = column - self.offsets[i] + 1
        return choices

    def encode(self, portfolio: Mapping[str, str | int | tuple[str, int]] | Iterable[str]) -> Choices:
        """Write a portfolio as choices, (n,).

        Args:
            portfolio: Names of built projects, each with its first option; or by name its partner, its year,
                or both.

        Raises:
            UnknownNameError: If a project is unknown; the message has the nearest names.
            InputError: If a project has no such option.
        """
        named = portfolio if isinstance(portfolio, Mapping) else dict.fromkeys(portfolio)
        row = np.zeros(len(self.projects), dtype=np.int16)
        for name, form in named.items():
            if name not in self.names:
                raise UnknownNameError("project", name, self.names)
            i = self.names.index(name)
            row[i] = 1 if form is None else 1 + self._option(self.projects[i], form)
        return row

    def _option(self, project: Project, form: str | int | tuple[str, int]) -> int:
        for k, option in enumerate(project.options):
            if form in (option.partner, option.year, (option.partner, option.year)):
                return k
        labels = [option.label for option in project.options]
        hint = did_you_mean(str(form), labels)
        raise InputError(f"project {project.name} has no option {form!r}; {hint or ', '.join(labels)}")

    def decode(self, row: Choices) -> dict[str, Option]:
        """Return the built projects of a portfolio (n,) with their options."""
        return {
            project.name: project.options[k - 1]
            for project, k in zip(self.projects, row.tolist(), strict=True)
            if k
        }

    def describe(self, row: Choices) -> str:
        """Write a portfolio (n,) as text: "A (partner year), B"; "none" for the empty one."""
        parts = [
            name if option.label == "built" else f"{name} ({option.label})"
            for name, option in self.decode(row).items()
        ]
        return ", ".join(parts) or "none"
