"""Content of a portfolio file: projects with options of finance, limits, objectives, scenarios."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.case import (
    Finance,
    Plan,
    ProjectChoice,
    Scenario,
    load_plan,
    load_scenario,
    load_yaml,
    reference_plan,
)
from sogdia.case.aliases import aliases_of
from sogdia.case.model import Model, unknown_names
from sogdia.case.openings import project_opening
from sogdia.case.plan_check import plan_faults
from sogdia.case.yaml_file import line_of
from sogdia.errors import Fault, FaultsError, SogdiaError
from sogdia.names import repeated_names
from sogdia.region import Region, load_region
from sogdia.tables.yaml_text import KeyPath

Year = Annotated[int, Field(ge=1950, le=2100)]
Money = Annotated[float, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=100)]
Objective = Literal["npv", "autonomy", "co2", "unserved", "regret"]


class OfferEntry(Model):
    """One option of a project: who finances it, and when it opens.

    Attributes:
        name: Name for readers, such as the lender that leads.
        opening_year: Year in which it opens; that of the project if not given.
        finance: Sources with shares of the cost; what none covers is own money of the home countries.
        note: Reason for the terms, as text.
    """

    name: Annotated[str, Field(min_length=1)]
    opening_year: Year | None = None
    finance: tuple[Finance, ...] = ()
    note: str = ""

    @field_validator("finance")
    @classmethod
    def _shares_sum_to_at_most_100(cls, finance: tuple[Finance, ...]) -> tuple[Finance, ...]:
        return ProjectChoice(project="", finance=finance).finance


class ProjectEntry(Model):
    """A project that may be built.

    Attributes:
        project: Row of ``projects``.
        opening_year: Year in which it opens; its completion year in the region pack if not given.
        options: Options of finance, one of which is chosen if it is built.
        needs: Projects of the file that it needs.
        note: Reason for the year, as text.
    """

    project: str
    opening_year: Year | None = None
    options: Annotated[tuple[OfferEntry, ...], Field(min_length=1)]
    needs: tuple[str, ...] = ()
    note: str = ""


class LimitEntries(Model):
    """Limits that every portfolio respects; USD million, of the home countries that it is about.

    Attributes:
        own_money_musd: Own money over all years.
        own_money_by_year_musd: Own money in any one year of works.
        debt_pv_musd: Present value of new loans from abroad, all home countries together.
        debt_pv_by_home_musd: The same by home country.
        partner_share_pct: Largest share of each partner in the money from abroad, per cent.
        partner_shares_pct: The same by partner, in place of it.
        partner_money_musd: Largest amount of money by partner: what it can be expected to lend.
        worst_loss_pct: Largest loss if one partner withdraws, % of GDP a year.
    """

    own_money_musd: Money | None = None
    own_money_by_year_musd: Money | None = None
    debt_pv_musd: Money | None = None
    debt_pv_by_home_musd: Mapping[str, Money] = {}
    partner_share_pct: Share | None = None
    partner_shares_pct: Mapping[str, Share] = {}
    partner_money_musd: Mapping[str, Money] = {}
    worst_loss_pct: float | None = None


class PortfolioFile(Model):
    """Content of a ``portfolio.yaml``.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: Question that it answers.
        region: Name of a shipped region, or folder of a pack relative to the file.
        baseline: Plan that is built in any case; the committed projects if not given.
        year: Year in which benefits are evaluated; each project is open by then.
        home: Home countries that it is about; all if none is named.
        scenarios: Scenarios; the first is the reference scenario.
        partners: Partners whose withdrawal measures dependence; those marked ``default`` if none is named.
        objectives: Aims, the leading one first: ``npv`` (economic net present value with the
            grant element of loans), ``autonomy`` (least L*, the largest loss by one withdrawal), ``co2``,
            ``unserved`` (energy), ``regret`` (largest regret of the net present value over the scenarios).
        limits: Limits.
        alternatives: Groups of projects of which at most one is built.
        must_have: Projects that every portfolio builds.
        projects: The projects.
        verified: Most sets of projects of the front that are run in full, next to the best ones.
        seed: Seed of the search.
    """

    name: str = ""
    title: Annotated[str, Field(min_length=1)]
    description: str = ""
    region: str = DEFAULT_REGION
    baseline: str | None = None
    year: Year
    home: tuple[str, ...] = ()
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)] = (DEFAULT_SCENARIO,)
    partners: tuple[str, ...] = ()
    objectives: Annotated[tuple[Objective, ...], Field(min_length=1)] = ("npv", "autonomy", "co2")
    limits: LimitEntries = LimitEntries()
    alternatives: tuple[tuple[str, ...], ...] = ()
    must_have: tuple[str, ...] = ()
    projects: Annotated[tuple[ProjectEntry, ...], Field(min_length=1, max_length=60)]
    verified: Annotated[int, Field(ge=0, le=200)] = 12
    seed: Annotated[int, Field(ge=0)] = 0


@dataclass(frozen=True, eq=False)
class LoadedPortfolio:
    """A portfolio file with its region, baseline and scenarios read.

    Attributes:
        definition: The file.
        region: The region.
        baseline: Plan of the baseline, without the projects of the file.
        scenarios: The scenarios at the file's year.
        homes: Home countries that it is about.
        choices: The projects with the opening year of their first option.
    """

    definition: PortfolioFile
    region: Region
    baseline: Plan
    scenarios: tuple[Scenario, ...]
    homes: tuple[str, ...]
    choices: tuple[ProjectChoice, ...]

    @property
    def limit_labels(self) -> tuple[str, ...]:
        """The limits as text."""
        limits, names = self.definition.limits, self.region.table("partners")["name"].to_dict()
        countries = self.region.table("economies").set_index("iso3")["name"].to_dict()
        plain = (
            ("own money at most {:,.10g} million dollars", limits.own_money_musd),
            ("own money in each year at most {:,.10g} million dollars", limits.own_money_by_year_musd),
            ("present value of new debt at most {:,.10g} million dollars", limits.debt_pv_musd),
            ("each partner at most {:.10g} % of the money from abroad", limits.partner_share_pct),
            ("largest loss at most {:.10g} % of GDP", limits.worst_loss_pct),
        )
        named = (
            ("new debt of {} at most {:,.10g} million dollars", limits.debt_pv_by_home_musd, countries),
            ("{} at most {:.10g} % of the money from abroad", limits.partner_shares_pct, names),
            ("money of {} at most {:,.10g} million dollars", limits.partner_money_musd, names),
        )
        return (
            *(text.format(most) for text, most in plain if most is not None),
            *(text.format(of[key], most) for text, limit, of in named for key, most in limit.items()),
        )

    def opening_year(self, project: int, option: int) -> int:
        """Return the opening year of an option."""
        entry = self.definition.projects[project]
        return _year_of(entry, entry.options[option], self.region) or self.definition.year


def load_portfolio(path: Path) -> LoadedPortfolio:
    """Read a portfolio file with all that it names.

    Raises:
        FaultsError: If it has errors: unknown keys and names with the nearest, years, shares; all at once.
        CannotRunError: If a file cannot be read.
    """
    content, lines, file = load_yaml(path, PortfolioFile)
    folder = path.parent / content.region
    region = load_region(str(folder) if folder.is_dir() else content.region)
    found: list[tuple[KeyPath, Fault]] = []

    def load(read: Any, name: str, at: KeyPath) -> Any:
        try:
            return read(str(path.parent / name) if name.endswith((".yaml", ".yml")) else name, region)
        except FaultsError as error:
            found.extend((at, fault) for fault in error.faults)
        except SogdiaError as error:
            found.append((at, Fault(file, None, str(at[0]), str(error), "", "name")))
        return None

    if content.baseline:
        baseline = load(load_plan, content.baseline, ("baseline",))
    else:
        baseline = reference_plan(region)
    scenarios = [load(load_scenario, name, ("scenarios", k)) for k, name in enumerate(content.scenarios)]
    found.extend(_faults(content, region, file))
    if found:
        raise FaultsError([_located(at, fault, lines, file) for at, fault in found])
    names = {entry.project for entry in content.projects}
    reduced = baseline.model_copy(
        update={
            "projects": tuple(each for each in baseline.projects if each.project not in names),
            "in_baseline": (),
        }
    )
    homes = tuple(code for code in region.home if code in content.home) or region.home
    loaded = LoadedPortfolio(
        content, region, reduced, tuple(each.at(content.year) for each in scenarios), homes, ()
    )
    choices = tuple(
        ProjectChoice(project=entry.project, opening_year=loaded.opening_year(i, 0))
        for i, entry in enumerate(content.projects)
    )
    return replace(loaded, choices=choices)


def _located(at: KeyPath, fault: Fault, lines: Mapping[KeyPath, int], file: str) -> Fault:
    return replace(fault, line=line_of(at, lines)) if fault.file == file else fault


def _faults(content: PortfolioFile, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield all errors of a file's names and years."""
    aliases, own = aliases_of(region), [entry.project for entry in content.projects]
    yield from unknown_names(("home",), "home country", content.home, region.home, file, aliases=aliases)
    debts = content.limits.debt_pv_by_home_musd
    yield from unknown_names(
        ("limits", "debt_pv_by_home_musd"), "home country", debts, region.home, file, aliases=aliases
    )
    partners = list(map(str, region.table("partners").index))
    yield from unknown_names(("partners",), "partner", content.partners, partners, file)
    for field in ("partner_shares_pct", "partner_money_musd"):
        named = getattr(content.limits, field)
        yield from unknown_names(("limits", field), "partner", named, partners, file)
    for name in repeated_names(own):
        yield (
            ("projects",),
            Fault(file, None, "project", f"{name} is listed twice", "keep one of the two", "name"),
        )
    for k, group in enumerate(content.alternatives):
        yield from unknown_names(("alternatives", k), "project of the file", group, own, file, "alternatives")
    yield from unknown_names(("must_have",), "project of the file", content.must_have, own, file)
    for i, entry in enumerate(content.projects):
        at: KeyPath = ("projects", i)
        yield from unknown_names((*at, "needs"), "project of the file", entry.needs, own, file)
        yield from _project_faults(content, entry, region, file, at)


def _project_faults(
    content: PortfolioFile, entry: ProjectEntry, region: Region, file: str, at: KeyPath
) -> Iterator[tuple[KeyPath, Fault]]:
    for k, option in enumerate(entry.options):
        choice = ProjectChoice(
            project=entry.project,
            opening_year=option.opening_year or entry.opening_year,
            finance=option.finance,
        )
        for _, fault in plan_faults(Plan(title="an option", projects=(choice,)), region, file):
            # Errors of the project itself are listed once.
            if k == 0 or fault.field in ("partner", "lender_class"):
                yield (*at, "options", k), fault
        year = _year_of(entry, option, region)
        if year is not None and year > content.year:
            problem = f"{entry.project} opens in {year}, after the year {content.year} of the evaluation"
            yield (
                (*at, "options", k),
                Fault(file, None, "opening_year", problem, "choose a later year", "year"),
            )
    labels = [option.name for option in entry.options]
    for name in repeated_names(labels):
        problem = f"two options of {entry.project} are called {name!r}"
        yield (*at, "options"), Fault(file, None, "name", problem, "give each its own name", "name")


def _year_of(entry: ProjectEntry, option: OfferEntry, region: Region) -> int | None:
    """Return the opening year of an option; ``None`` if neither it nor the region pack has one."""
    if entry.project not in region.table("projects").index:
        return None
    stated = option.opening_year or entry.opening_year
    return project_opening(ProjectChoice(project=entry.project, opening_year=stated), region).year
