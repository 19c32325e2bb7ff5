"""All that a brief is written from, gathered and frozen: runs, claims, dependence, what is not known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from sogdia.articles.article import Article
from sogdia.articles.claim import Claim
from sogdia.case import Case, Plan, Scenario
from sogdia.dependence.results import DependenceResult
from sogdia.ledger.comparison import LedgerComparison
from sogdia.ledger.matching import Match
from sogdia.ledger.plan_from import DraftPlan
from sogdia.region import Region
from sogdia.report.wording import listed

MWH_PER_GWH, USD_PER_MUSD = 1e3, 1e6
_WORD = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True, eq=False)
class RunTables:
    """A stored run with its tables.

    Attributes:
        run: Its id.
        label: ``plan/scenario/year``.
        tables: Its tables, by name.
    """

    run: str
    label: str
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Announcement:
    """An article with what was read from it.

    Attributes:
        article: The article.
        claims: Its claims.
        matches: What the ledger knows of each.
        draft: The plan made from it.
        answers: Claimed sums beside the ledger's own.
    """

    article: Article
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    draft: DraftPlan
    answers: tuple[LedgerComparison, ...]


@dataclass(frozen=True, eq=False)
class Dependence:
    """Whom the homes depend on.

    Attributes:
        before: Without the plan: each partner alone and all together.
        after: With the plan: every coalition.
    """

    before: DependenceResult
    after: DependenceResult


@dataclass(frozen=True, eq=False)
class BriefInputs:
    """What a brief is written from.

    Attributes:
        region: The region.
        plan: The plan looked at.
        against: The plan it is compared with.
        scenarios: What may happen, the calm one first.
        homes: Economies that the brief is about.
        case: The plan under the first scenario.
        before: The other plan under the first scenario.
        runs: Stored runs by plan and scenario.
        announcement: The article, if the brief is about one.
        dependence: Partners without and with the plan, where they were studied.
        sensitivity: The plan's effect with assumptions low and high, one at a time
            (:func:`sogdia.uncertainty.one_at_a_time.sensitivity_of`), where that was done.
        validation: The base year against the record, where that was done.
    """

    region: Region
    plan: Plan
    against: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    case: Case
    before: Case
    runs: Mapping[tuple[str, str], RunTables]
    announcement: Announcement | None = None
    dependence: Dependence | None = None
    sensitivity: pd.DataFrame | None = None
    validation: pd.DataFrame | None = None

    @property
    def calm(self) -> Scenario:
        """The scenario that the figures are of where none is named."""
        return self.scenarios[0]

    @property
    def year(self) -> int:
        """The year looked at."""
        return self.calm.year

    @cached_property
    def told_of(self) -> str:
        """The countries it is about, for a sentence."""
        if set(self.homes) == set(self.region.home) and len(self.homes) > 1:
            return f"the countries of {self.region.title}"
        return listed(self.named(self.homes))

    @cached_property
    def source(self) -> str:
        """Where the projects are told: the article, or the plan by its title."""
        if self.announcement is not None and self.plan.projects == self.announcement.draft.plan.projects:
            return "the article"
        return f"the plan “{self.plan.title}”"

    @cached_property
    def opens(self) -> Mapping[str, int | None]:
        """Year in which all of each project of the plan is open."""
        years = self.case.projects["opening_year"]
        return {str(name): None if pd.isna(year) else int(year) for name, year in years.items()}

    @cached_property
    def late(self) -> tuple[str, ...]:
        """Projects that open after the year looked at, so that they change nothing yet."""
        return tuple(name for name, year in self.opens.items() if year is not None and year > self.year)

    @cached_property
    def costs_musd(self) -> pd.Series[float]:
        """Published cost of each project of the plan; NaN where there is none."""
        return self.case.projects["cost_musd"]

    def table(self, plan: Plan, scenario: Scenario, name: str) -> pd.DataFrame:
        """A table of a run."""
        return self.runs[plan.name, scenario.name].tables[name]

    def label(self, plan: Plan, scenario: Scenario, name: str) -> str:
        """A table of a run, as footnotes tell it."""
        return f"{self.runs[plan.name, scenario.name].label}: {name}"

    def both(self, name: str, scenario: Scenario | None = None) -> tuple[str, ...]:
        """The same table of both plans, as footnotes tell it."""
        happens = scenario or self.calm
        return tuple(self.label(plan, happens, name) for plan in (self.against, self.plan))

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of economies and parties, by code."""
        parties, economies = self.region.table("parties"), self.region.table("economies")
        known = dict(zip(parties["code"].astype(str), parties["name"].astype(str), strict=True))
        known |= dict(zip(economies["iso3"].astype(str), economies["name"].astype(str), strict=True))
        return known

    def named(self, codes: Sequence[str]) -> list[str]:
        """Names of codes; a code without a name stays."""
        return [self.names.get(code, code) for code in codes]

    def plain(self, text: str) -> str:
        """A sentence with the names of projects, deals, countries and parties in place of their ids."""
        return _WORD.sub(lambda match: self._told.get(match.group(), match.group()), text)

    @cached_property
    def _told(self) -> Mapping[str, str]:
        projects, deals = self.region.table("projects"), self.region.table("deals")
        named = dict(zip(projects.index.astype(str), projects["name"].astype(str), strict=True))
        for key, deal in zip(deals.index.astype(str), deals.to_dict("records"), strict=True):
            partner = ", ".join(self.names.get(code, code) for code in str(deal["partner"]).split(";"))
            subject = named.get(str(deal["project"]), "")
            told = f"the deal with {partner} of {deal['year']}"
            named[key] = f"{told} ({subject})" if subject else told
        return {**named, **self.names}

    @cached_property
    def gdp_musd(self) -> Mapping[str, float]:
        """GDP of each economy in the year of the case."""
        table = self.case.table("economies")
        return dict(zip(table["iso3"].astype(str), table["gdp_musd"].astype(float), strict=True))

    @cached_property
    def effects(self) -> pd.DataFrame:
        """What the plan changes, by scenario and home: its run less that of the other plan.

        Returns:
            ``scenario``, ``economy``, ``name``; ``before_musd`` and ``after_musd``, the change of real
            spending on goods against the calm base without and with the plan; ``gain_musd``, their
            difference, and ``gdp_pct``, the same over GDP; ``power_musd``, the part of it that power
            costs less.
        """
        rows = []
        for scenario in self.scenarios:
            gains, power = [], []
            for plan in (self.against, self.plan):
                table = self.table(plan, scenario, "economies").set_index("economy")
                gains.append(table["gain_musd"].astype(float))
                link = self.table(plan, scenario, "power_link").set_index("economy")
                paid = (
                    link["served_gwh"].astype(float) * MWH_PER_GWH * link["after_usd_per_mwh"].astype(float)
                )
                power.append(paid / USD_PER_MUSD)
            for home in self.homes:
                before, after = float(gains[0][home]), float(gains[1][home])
                saved = float(power[0].get(home, 0.0)) - float(power[1].get(home, 0.0))
                gain = after - before
                rows.append(
                    (
                        scenario.name, home, self.names[home], before, after, gain,
                        100.0 * gain / self.gdp_musd[home], saved,
                    )
                )  # fmt: skip
        columns = [
            "scenario",
            "economy",
            "name",
            "before_musd",
            "after_musd",
            "gain_musd",
            "gdp_pct",
            "power_musd",
        ]
        return pd.DataFrame(rows, columns=columns)

    def effect(self, scenario: Scenario | None = None) -> pd.DataFrame:
        """Rows of :attr:`effects` under one scenario, by economy."""
        happens = scenario or self.calm
        return self.effects[self.effects["scenario"] == happens.name].set_index("economy")

    def project_rows(self) -> tuple[str, ...]:
        """Rows of the plan's projects, as footnotes tell them."""
        return tuple(f"projects/{choice.project}" for choice in self.plan.projects)
