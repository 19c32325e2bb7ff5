"""Inputs of a brief: stored runs, claims, dependence and sensitivity, collected and frozen."""

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
from sogdia.ledger.draft_plan import DraftPlan
from sogdia.ledger.matching import Match
from sogdia.region import Region
from sogdia.report.wording import join_names
from sogdia.uncertainty.stored_ensemble import StoredEnsemble

_ID = re.compile(r"[A-Za-z0-9_]+")
EFFECT_COLUMNS = (
    "scenario", "economy", "name", "baseline_musd", "plan_musd", "gain_musd", "gdp_pct", "trade_musd",
    "power_musd",
)  # fmt: skip
GAINS = ("gain_musd", "trade_gain_musd")
"""Change of real spending, and the same at the baseline's cost of electricity, in table ``economies``."""


@dataclass(frozen=True, eq=False)
class RunTables:
    """A stored run with its tables.

    Attributes:
        run: Id of the run.
        label: ``plan/scenario/year``.
        tables: Result tables by name.
    """

    run: str
    label: str
    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Announcement:
    """An article with its claims and the plan derived from them.

    Attributes:
        article: Article.
        claims: Claims read from it.
        matches: Match of each claim with the ledger.
        draft: Plan derived from the claims.
        comparisons: Aggregate amounts of the article compared with the ledger.
    """

    article: Article
    claims: tuple[Claim, ...]
    matches: tuple[Match, ...]
    draft: DraftPlan
    comparisons: tuple[LedgerComparison, ...]


@dataclass(frozen=True, eq=False)
class Dependence:
    """Dependence of the home countries on partners.

    Attributes:
        baseline: Baseline: withdrawal of each partner alone, and of all together.
        plan: With the plan: withdrawal of every coalition.
        intervals: Intervals of losses with the plan at the last horizon
            (:data:`sogdia.uncertainty.withdrawal_samples.LOSS_INTERVALS`), if the store has samples.
    """

    baseline: DependenceResult
    plan: DependenceResult
    intervals: pd.DataFrame | None = None

    @property
    def horizons(self) -> tuple[str, ...]:
        """Horizons in order of time."""
        return tuple(self.plan.horizons)

    def at(self, horizon: str) -> Dependence:
        """Return the losses of one horizon alone."""
        last = self.intervals if horizon == self.horizons[-1] else None
        return Dependence(self.baseline.at(horizon), self.plan.at(horizon), last)


@dataclass(frozen=True, eq=False)
class BriefInputs:
    """Stored results and data that a brief is written from.

    Attributes:
        region: Region.
        plan: Plan that the brief is about.
        baseline: Plan that it is compared with.
        scenarios: Scenarios; the first is the reference scenario.
        homes: Codes of the countries that the brief is about.
        case: Plan under the reference scenario.
        runs: Stored runs by plan and scenario.
        finance: Tables of the plan's finance (:func:`sogdia.finance.plan_finance.plan_money`).
        announcement: Article, if the brief is about one.
        dependence: Dependence on partners, if it was assessed.
        sensitivity: Effect of the plan with assumptions low and high, one at a time
            (:func:`sogdia.uncertainty.one_at_a_time.sensitivity`), if it was computed.
        taken_out: Projects of the plan that were taken out of the baseline.
        ensemble: Effect of the plan in samples of all uncertain figures, if the store has an ensemble of it.
        project_values: Value of each project of the plan (:mod:`sogdia.uncertainty.project_values`), if the
            store has them.
    """

    region: Region
    plan: Plan
    baseline: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    case: Case
    runs: Mapping[tuple[str, str], RunTables]
    finance: Mapping[str, pd.DataFrame]
    announcement: Announcement | None = None
    dependence: Dependence | None = None
    sensitivity: pd.DataFrame | None = None
    taken_out: tuple[str, ...] = ()
    ensemble: StoredEnsemble | None = None
    project_values: pd.DataFrame | None = None

    @property
    def plans(self) -> tuple[Plan, Plan]:
        """Baseline and plan."""
        return self.baseline, self.plan

    @property
    def reference(self) -> Scenario:
        """Reference scenario, to which figures refer unless another scenario is named."""
        return self.scenarios[0]

    @property
    def year(self) -> int:
        """Year of analysis."""
        return self.reference.year

    @cached_property
    def countries(self) -> str:
        """Countries that the brief is about, as a noun phrase."""
        if set(self.homes) == set(self.region.home) and len(self.homes) > 1:
            return f"the countries of {self.region.title}"
        return join_names(self.names_of(self.homes))

    @cached_property
    def project_source(self) -> str:
        """Source of the projects, as a noun phrase: the article, or the plan with its title."""
        if self.announcement is not None and self.plan.own == self.announcement.draft.plan.projects:
            return "the article"
        return f"the plan “{self.plan.title}”"

    @cached_property
    def opening_years(self) -> Mapping[str, int | None]:
        """Year from which each project of the plan is fully open; ``None`` if not published."""
        years = self.case.own_projects["opening_year"]
        return {str(name): None if pd.isna(year) else int(year) for name, year in years.items()}

    @cached_property
    def late_projects(self) -> tuple[str, ...]:
        """Projects that open after the year of analysis, so that they have no effect in it."""
        return tuple(
            name for name, year in self.opening_years.items() if year is not None and year > self.year
        )

    @cached_property
    def costs_musd(self) -> pd.Series[float]:
        """Published cost of each project of the plan; NaN if not published."""
        return self.case.own_projects["cost_musd"]

    @property
    def has_appraisal(self) -> bool:
        """True if the plan has a benefit in money to set against its cost."""
        return len(self.finance.get("appraisal", ())) > 0

    def table(self, plan: Plan, scenario: Scenario, name: str) -> pd.DataFrame:
        """Return a result table of a run."""
        return self.runs[plan.name, scenario.name].tables[name]

    def tables(self, name: str, scenario: Scenario | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return a result table of the baseline and of the plan; the scenario is the reference by default."""
        chosen = scenario or self.reference
        return self.table(self.baseline, chosen, name), self.table(self.plan, chosen, name)

    def run_label(self, plan: Plan, scenario: Scenario, name: str) -> str:
        """Return the label of a result table for footnotes: ``plan/scenario/year: table``."""
        return f"{self.runs[plan.name, scenario.name].label}: {name}"

    def run_labels(self, name: str, scenario: Scenario | None = None) -> tuple[str, ...]:
        """Return the labels of a result table of the baseline and of the plan."""
        return tuple(self.run_label(plan, scenario or self.reference, name) for plan in self.plans)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Names of economies and parties by code."""
        parties, economies = self.region.table("parties"), self.region.table("economies")
        names = dict(zip(parties["code"].astype(str), parties["name"].astype(str), strict=True))
        return names | dict(zip(economies["iso3"].astype(str), economies["name"].astype(str), strict=True))

    @cached_property
    def part_names(self) -> Mapping[str, str]:
        """Names of economies, parties and corridors by code: what a measure may be of."""
        corridors = self.region.table("corridors")["name"]
        return {**self.names, **{str(code): str(name) for code, name in corridors.items()}}

    def names_of(self, codes: Sequence[str]) -> list[str]:
        """Return the names of codes; a code without a name is returned as it is."""
        return [self.names.get(code, code) for code in codes]

    def with_names(self, text: str) -> str:
        """Return a text with ids of projects, deals, countries and parties replaced by their names."""
        return _ID.sub(lambda match: self._names_by_id.get(match.group(), match.group()), text)

    @cached_property
    def _names_by_id(self) -> Mapping[str, str]:
        projects, deals = self.region.table("projects"), self.region.table("deals")
        names = dict(zip(projects.index.astype(str), projects["name"].astype(str), strict=True))
        for key, deal in zip(deals.index.astype(str), deals.to_dict("records"), strict=True):
            partner = ", ".join(self.names_of(str(deal["partner"]).split(";")))
            subject = names.get(str(deal["project"]), "")
            names[key] = f"the {deal['year']} deal with {partner}" + (f" ({subject})" if subject else "")
        return {**names, **self.names}

    @cached_property
    def gdp_musd(self) -> Mapping[str, float]:
        """GDP of each economy in the year of analysis."""
        table = self.case.table("economies")
        return dict(zip(table["iso3"].astype(str), table["gdp_musd"].astype(float), strict=True))

    @cached_property
    def effects(self) -> pd.DataFrame:
        """Effect of the plan on real spending by scenario and home country: plan minus baseline.

        Returns:
            ``scenario``, ``economy``, ``name``; ``baseline_musd`` and ``plan_musd``, the difference of real
            spending from the base run; ``gain_musd``, the effect; ``gdp_pct``, the effect over GDP;
            ``trade_musd``, the effect at the baseline's cost of electricity; ``power_musd``, the effect of
            the cost of electricity: the rest.
        """
        rows = []
        for scenario in self.scenarios:
            before, after = (
                self.table(plan, scenario, "economies").set_index("economy")[list(GAINS)].astype(float)
                for plan in self.plans
            )
            for home in self.homes:
                gain, trade = (float(after[name][home]) - float(before[name][home]) for name in GAINS)
                levels = float(before["gain_musd"][home]), float(after["gain_musd"][home])
                gdp_pct = 100.0 * gain / self.gdp_musd[home]
                parts = (gain, gdp_pct, trade, gain - trade)
                rows.append((scenario.name, home, self.names[home], *levels, *parts))
        return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))

    def effect(self, scenario: Scenario | None = None) -> pd.DataFrame:
        """Return the rows of :attr:`effects` under one scenario, by economy."""
        chosen = scenario or self.reference
        return self.effects[self.effects["scenario"] == chosen.name].set_index("economy")

    def project_rows(self) -> tuple[str, ...]:
        """Return the rows of the plan's projects, for footnotes."""
        return tuple(f"projects/{choice.project}" for choice in self.plan.own)
