"""Define a study: plans × scenarios × years, the measures read out of its results, and its runs."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import Discriminator, Field, Tag, ValidationError, field_validator

from sogdia.case import (
    Plan,
    Scenario,
    counterfactual,
    load_plan,
    load_scenario,
    load_yaml,
    projects_of_both,
    reference_plan,
    with_new_projects,
)
from sogdia.case.model import Model
from sogdia.coupling.joint import JointSettings
from sogdia.errors import Fault, FaultsError, SogdiaError, UnknownNameError
from sogdia.model_errors import problem_of
from sogdia.region import Region, load_region
from sogdia.runs.measures import BUILT_IN, Measure, check_measure
from sogdia.runs.version import engine_version

Item = TypeVar("Item", Plan, Scenario)
Year = Annotated[int, Field(ge=1950, le=2100)]
NamedOrOwn = Annotated[
    Annotated[str, Tag("name")] | Annotated[Measure, Tag("own")],
    Discriminator(lambda entry: "own" if isinstance(entry, dict | Measure) else "name"),
]
"""Name of a built-in measure, or a measure that the study defines."""
THREADS: Mapping[str, Any] = {"coupling": {"freight": {"workers"}, "trade": {"workers"}}}
"""Settings that do not change a result."""


class Study(Model):
    """Content of a ``study.yaml``.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: Question that the study is to answer.
        region: Name of a shipped region, or folder of a pack relative to the file.
        base: Baseline plan, which the others are compared with; it is run under every scenario too. The
            committed projects if not given (:func:`sogdia.case.reference_plan`).
        plans: Names of shipped plans, or YAML files relative to the file.
        scenarios: Names of shipped scenarios, or YAML files relative to the file.
        years: Years; each scenario's own if none is given.
        measures: Names of built-in measures, or own definitions; all built-in ones if none is given.
        settings: Settings of the engines.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    region: str
    base: str | None = None
    plans: Annotated[tuple[str, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    years: tuple[Year, ...] = ()
    measures: tuple[NamedOrOwn, ...] = ()
    settings: JointSettings = JointSettings()

    @field_validator("plans", "scenarios", "years")
    @classmethod
    def _without_duplicates(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(items))

    @property
    def chosen_measures(self) -> tuple[Measure, ...]:
        """Definitions of the measures.

        Raises:
            UnknownNameError: If a name is not that of a built-in measure.
        """
        return tuple(map(find_measure, self.measures)) or tuple(BUILT_IN.values())


def find_measure(entry: str | Measure) -> Measure:
    """Return a built-in measure by its name, or check an own definition.

    Raises:
        UnknownNameError: If no built-in measure has the name, or no run has the table or column.
    """
    if isinstance(entry, Measure):
        check_measure(entry)
        return entry
    if entry not in BUILT_IN:
        raise UnknownNameError("measure", entry, BUILT_IN)
    return BUILT_IN[entry]


@dataclass(frozen=True, eq=False)
class Run:
    """Definition of a run: one plan under one scenario in one year, compared with a baseline.

    Attributes:
        key: Its key in a store, a digest of all that decides its result.
        plan: The plan.
        scenario: The scenario, at its year.
        baseline_plan: The plan of the baseline.
        parts: The digests that the key is made from, and the version.
    """

    key: str
    plan: Plan
    scenario: Scenario
    baseline_plan: Plan
    parts: Mapping[str, str]

    @property
    def label(self) -> str:
        """``plan/scenario/year``."""
        return f"{self.plan.name}/{self.scenario.name}/{self.scenario.year}"

    @property
    def reference_scenario(self) -> Scenario:
        """Scenario of the baseline: the same year, growth and variants, without shocks."""
        return self.scenario.model_copy(update={"shocks": ()})


@dataclass(frozen=True, eq=False)
class LoadedStudy:
    """A study with its region, plans and scenarios read.

    Attributes:
        definition: The study.
        region: Its region.
        runs: Its runs, those of the baseline plan first.
    """

    definition: Study
    region: Region
    runs: tuple[Run, ...]


def settings_digest(settings: JointSettings) -> str:
    """Return the SHA-256 of the settings that decide a result."""
    text = json.dumps(settings.model_dump(mode="json", exclude=dict(THREADS)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def define_run(
    region: Region, plan: Plan, scenario: Scenario, baseline_plan: Plan, settings: JointSettings
) -> Run:
    """Define a run and compute its key.

    Args:
        region: The region.
        plan: The plan.
        scenario: The scenario, at its year.
        baseline_plan: The plan of the baseline.
        settings: Settings of the engines.
    """
    parts = {
        "region": region.digest,
        "plan": plan.digest,
        "scenario": scenario.digest,
        "baseline_plan": baseline_plan.digest,
        "settings": settings_digest(settings),
        "version": engine_version(),
    }
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return Run(hashlib.sha256(text.encode()).hexdigest(), plan, scenario, baseline_plan, parts)


def same_name_faults(
    read: Sequence[tuple[str, Plan | Scenario]], file: str, key: str, lines: Mapping[Any, int]
) -> list[Fault]:
    """Return an error for each plan or scenario with the name of another one.

    Tables distinguish them by their names alone.

    Args:
        read: Plans or scenarios, each with the words by which it is named.
        file: Name of the file for messages.
        key: Key of the file.
        lines: Lines of keys.
    """
    first: dict[str, tuple[str, str]] = {}
    faults = []
    for words, item in read:
        other, digest = first.setdefault(item.name, (words, item.digest))
        if digest != item.digest:
            problem = f"{words} has the name of {other}, {item.name!r}"
            line = lines.get((key, words), lines.get((key,)))
            faults.append(Fault(file, line, key, problem, "rename one of the two files", "name"))
    return faults


def _faults_of_values(study: Study, region: Region, file: str, lines: Mapping[Any, int]) -> Iterator[Fault]:
    """Yield the errors of measures and years."""
    for number, entry in enumerate(study.measures):
        try:
            find_measure(entry)
        except UnknownNameError as error:
            yield Fault(file, lines.get(("measures", number)), "measures", str(error), "", "name")
    first, last = region.base_year, max(region.years)
    for number, year in enumerate(study.years):
        if not first <= year <= last:
            problem = f"{year} is outside {first} to {last}, the years the region covers"
            line = lines.get(("years", number), lines.get(("years",)))
            yield Fault(file, line, "years", problem, "", "year")


def load_study(path: Path) -> LoadedStudy:
    """Read a study with its region, plans and scenarios.

    Raises:
        FaultsError: If it, a plan or a scenario has errors; all of them at once.
        CannotRunError: If a file cannot be read.
    """
    study, lines, file = load_yaml(path, Study)
    region = load_region(_resolve(study.region, path))
    faults: list[Fault] = []

    def load(read: Callable[[str, Region], Item], names: Sequence[str], key: str) -> list[Item]:
        items = []
        for name in names:
            try:
                items.append(read(_resolve(name, path), region))
            except FaultsError as error:
                faults.extend(error.faults)
            except SogdiaError as error:
                line = lines.get((key, name), lines.get((key,)))
                faults.append(Fault(file, line, key, str(error), "", "name"))
        return items

    baseline = load(load_plan, [study.base], "base") if study.base else [reference_plan(region)]
    others = [name for name in study.plans if name != study.base]
    plans = load(load_plan, others, "plans")
    region = with_new_projects(region, *baseline, *plans)
    scenarios = load(load_scenario, study.scenarios, "scenarios")
    faults += _faults_of_values(study, region, file, lines)
    if not faults:
        compared = [(study.base or baseline[0].name, baseline[0]), *zip(others, plans, strict=True)]
        faults += same_name_faults(compared, file, "plans", lines)
        faults += same_name_faults(
            list(zip(study.scenarios, scenarios, strict=True)), file, "scenarios", lines
        )
        faults += [
            fault
            for scenario in scenarios
            for plan in (*baseline, *plans)
            for fault in projects_of_both(plan, scenario, region)
        ]
    if faults:
        raise FaultsError(faults)
    return expand_study(study, region, baseline[0], plans, scenarios)


def expand_study(
    study: Study, region: Region, baseline_plan: Plan, plans: Sequence[Plan], scenarios: Sequence[Scenario]
) -> LoadedStudy:
    """Define the runs of a study: every plan under every scenario in every year.

    Projects that all plans decide are taken out of the baseline, and the others of the baseline are built
    with every plan (:func:`sogdia.case.counterfactual`).

    Args:
        study: The study.
        region: Its region.
        baseline_plan: Its baseline plan.
        plans: Its other plans.
        scenarios: Its scenarios.
    """
    runs = []
    baseline_plan, plans = counterfactual(plans, baseline_plan, region)
    for plan in (baseline_plan, *plans):
        for scenario in scenarios:
            for year in study.years or (scenario.year,):
                dated = scenario if year == scenario.year else scenario.at(year)
                runs.append(define_run(region, plan, dated, baseline_plan, study.settings))
    return LoadedStudy(study, region, tuple({run.key: run for run in runs}.values()))


def _resolve(name: str, path: Path) -> str:
    """Return a file or folder relative to a study's file, or a name as it is."""
    relative = path.parent / name
    is_path = "/" in name or name.endswith((".yaml", ".yml")) or relative.is_dir()
    return str(relative) if is_path else name


def make_study(**fields: Any) -> Study:
    """Make a study from the keys of a ``study.yaml``.

    Raises:
        FaultsError: If a key or value is invalid.
    """
    try:
        return Study.model_validate(fields)
    except ValidationError as error:
        faults = [
            Fault("study", None, ".".join(map(str, item["loc"])), problem_of(item), "", "value")
            for item in error.errors()
        ]
        raise FaultsError(faults) from error
