"""A study: plans × scenarios × years, and what is read out of their results."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, ValidationError, field_validator

from sogdia.case import Plan, Scenario, load_plan, load_scenario, load_yaml
from sogdia.case.model import Model
from sogdia.coupling.joint import JointSettings
from sogdia.errors import Fault, FaultsError, SogdiaError, UnknownNameError
from sogdia.region import Region, load_region
from sogdia.runs.indicators import BUILT_IN, Measure
from sogdia.runs.result_columns import check_measure
from sogdia.runs.version import engine_version

Year = Annotated[int, Field(ge=1950, le=2100)]
NamedOrOwn = Annotated[
    Annotated[str, Tag("name")] | Annotated[Measure, Tag("own")],
    Discriminator(lambda told: "own" if isinstance(told, dict | Measure) else "name"),
]
"""A built-in measure by its name, or one of a study's own."""
THREADS: Mapping[str, Any] = {"study": {"freight": {"workers"}, "trade": {"workers"}}}
"""Settings that do not change a result."""


class Study(Model):
    """What a ``study.yaml`` says.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: What the study is to find out.
        region: A shipped region's name, or the folder of a pack, seen from the study's file.
        base: Plan that the others are compared with; it is run under every scenario too.
        plans: Plans: names of shipped ones, or YAML files seen from the study's file.
        scenarios: Scenarios, likewise.
        years: Years looked at; each scenario's own where not said.
        measures: Figures to read out: names of built-in ones, or measures of its own; all built-in ones
            where not said.
        settings: Settings of the engines.
    """

    name: str = ""
    title: str = ""
    description: str = ""
    region: str
    base: str = "as_is"
    plans: Annotated[tuple[str, ...], Field(min_length=1)]
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    years: tuple[Year, ...] = ()
    measures: tuple[NamedOrOwn, ...] = ()
    settings: JointSettings = JointSettings()

    @field_validator("plans", "scenarios", "years")
    @classmethod
    def _none_twice(cls, items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(items))

    @property
    def chosen_measures(self) -> tuple[Measure, ...]:
        """The measures themselves.

        Raises:
            UnknownNameError: If a name is not that of a built-in one.
        """
        return tuple(map(measure_of, self.measures)) or tuple(BUILT_IN.values())


def measure_of(told: str | Measure) -> Measure:
    """A measure by its name, or as it is.

    Raises:
        UnknownNameError: If there is no built-in one of that name, or it reads what no run has.
    """
    if isinstance(told, Measure):
        check_measure(told)
        return told
    if told not in BUILT_IN:
        raise UnknownNameError("measure", told, BUILT_IN)
    return BUILT_IN[told]


@dataclass(frozen=True, eq=False)
class Run:
    """One run of a study.

    Attributes:
        run: Its id in a store.
        plan: The plan.
        scenario: The scenario, at its year.
        base: The plan of the calm base.
        parts: The digests its id was made from, and the version.
    """

    run: str
    plan: Plan
    scenario: Scenario
    base: Plan
    parts: Mapping[str, str]

    @property
    def label(self) -> str:
        """The run in words, ``plan/scenario/year``."""
        return f"{self.plan.name}/{self.scenario.name}/{self.scenario.year}"

    @property
    def calm(self) -> Scenario:
        """What happens in its base: the same year, growth and variants, and nothing that befalls."""
        return self.scenario.model_copy(update={"shocks": ()})


@dataclass(frozen=True, eq=False)
class OpenedStudy:
    """A study with all it names.

    Attributes:
        study: The study.
        region: Its region.
        runs: Its runs, those of the base plan first.
    """

    study: Study
    region: Region
    runs: tuple[Run, ...]


def settings_digest(settings: JointSettings) -> str:
    """SHA-256 of what of the settings decides a result."""
    text = json.dumps(settings.model_dump(mode="json", exclude=dict(THREADS)), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def run_of(region: Region, plan: Plan, scenario: Scenario, base: Plan, settings: JointSettings) -> Run:
    """A run, addressed by the digest of all that decides its result.

    Args:
        region: The region.
        plan: The plan.
        scenario: The scenario, at its year.
        base: The plan of the calm base.
        settings: Settings.
    """
    parts = {
        "region": region.digest,
        "plan": plan.digest,
        "scenario": scenario.digest,
        "base": base.digest,
        "settings": settings_digest(settings),
        "version": engine_version(),
    }
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    return Run(hashlib.sha256(text.encode()).hexdigest(), plan, scenario, base, parts)


def open_study(path: Path) -> OpenedStudy:
    """Read a study and all it names.

    Raises:
        FaultsError: If it, a plan or a scenario does not hold; all faults at once.
        CannotRunError: If a file cannot be read.
    """
    study, lines, name = load_yaml(path, Study)
    region = load_region(_beside(study.region, path))
    faults: list[Fault] = []

    def loaded(load: Any, told: str, key: str) -> Any:
        try:
            return load(_beside(told, path), region)
        except FaultsError as error:
            faults.extend(error.faults)
        except SogdiaError as error:
            line = lines.get((key, told), lines.get((key,)))
            faults.append(Fault(name, line, key, str(error), "", "name"))
        return None

    base = loaded(load_plan, study.base, "base")
    plans = [loaded(load_plan, told, "plans") for told in study.plans if told != study.base]
    scenarios = [loaded(load_scenario, told, "scenarios") for told in study.scenarios]
    for number, told in enumerate(study.measures):
        try:
            measure_of(told)
        except UnknownNameError as error:
            faults.append(Fault(name, lines.get(("measures", number)), "measures", str(error), "", "name"))
    if faults:
        raise FaultsError(faults)
    return opened(study, region, base, plans, scenarios)


def opened(
    study: Study, region: Region, base: Plan, plans: list[Plan], scenarios: list[Scenario]
) -> OpenedStudy:
    """A study whose plans and scenarios are at hand.

    Args:
        study: The study.
        region: Its region.
        base: Its base plan.
        plans: Its other plans.
        scenarios: Its scenarios.
    """
    runs = []
    for plan in (base, *plans):
        for scenario in scenarios:
            for year in study.years or (scenario.year,):
                at = scenario if year == scenario.year else scenario.at(year)
                runs.append(run_of(region, plan, at, base, study.settings))
    return OpenedStudy(study, region, tuple({run.run: run for run in runs}.values()))


def _beside(told: str, path: Path) -> str:
    """A file or folder seen from a study's file, or a name as it is."""
    there = path.parent / told
    return str(there) if "/" in told or told.endswith((".yaml", ".yml")) or there.is_dir() else told


def study_of(**told: Any) -> Study:
    """A study from words, as a ``study.yaml`` would tell it.

    Raises:
        FaultsError: If a key or value does not hold.
    """
    try:
        return Study.model_validate(told)
    except ValidationError as error:
        faults = [
            Fault("study", None, ".".join(map(str, item["loc"])), item["msg"], "", "value")
            for item in error.errors()
        ]
        raise FaultsError(faults) from error
