"""Plans and scenarios in YAML: those that a region ships and those that a user writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sogdia.case.new_projects import new_project_faults, with_new_projects
from sogdia.case.origin import Origin
from sogdia.case.plan import Plan, ProjectChoice
from sogdia.case.plan_check import plan_faults
from sogdia.case.scenario import Scenario
from sogdia.case.scenario_check import scenario_faults
from sogdia.case.yaml_file import line_of, load_yaml, written_key
from sogdia.errors import CannotRunError, Fault, FaultsError, SogdiaError, UnknownNameError
from sogdia.region import Region
from sogdia.tables.yaml_text import KeyPath

REFERENCE_PLANS = ("committed", "as_is")
"""Names of the plan that others are compared with by default, the first that the region ships."""


def reference_plan_name(region: Region) -> str | None:
    """Return the name of the plan that others are compared with by default; ``None`` if there is none."""
    return next((name for name in REFERENCE_PLANS if name in region.plans), None)


def load_plan(plan: str | Path, region: Region) -> Plan:
    """Load a plan by the name of one that the region ships, or from a YAML file, with ``extends`` merged.

    Raises:
        FaultsError: If the file is not a plan that matches the region; it lists all errors.
        UnknownNameError: If there is no such plan.
        CannotRunError: If the file cannot be read.
    """
    merged, faults = _merged_plan(_find(plan, region.plans, "plan"), region, ())
    if faults:
        raise FaultsError(faults)
    return merged


def load_scenario(scenario: str | Path, region: Region) -> Scenario:
    """Load a scenario by the name of one that the region ships, or from a YAML file.

    Raises:
        FaultsError: If the file is not a scenario that matches the region; it lists all errors.
        UnknownNameError: If there is no such scenario.
        CannotRunError: If the file cannot be read.
    """
    loaded, lines, name = load_yaml(_find(scenario, region.scenarios, "scenario"), Scenario)
    opened = loaded.projects_as_plan
    faults = new_project_faults(opened, region, name, lines)
    if not faults:
        extended = with_new_projects(region, opened)
        faults = _located(scenario_faults(loaded, extended, name), lines)
    if faults:
        raise FaultsError(faults)
    projects = {each.project: line_of(("projects", each.project), lines) for each in loaded.projects}
    shocks = {each.digest: line_of(("shocks", i), lines) for i, each in enumerate(loaded.shocks)}
    return loaded.read_from(Origin(name, _known(projects), _known(shocks)))


def _known(lines: Mapping[str, int | None]) -> dict[str, int]:
    return {key: line for key, line in lines.items() if line is not None}


def check_library(region: Region, on_file: Callable[[str], None] | None = None) -> list[Fault]:
    """Check every plan and scenario that a region ships.

    Args:
        region: The region.
        on_file: Called with the name of each file that is checked.
    """
    faults: list[Fault] = []
    for what, files, load in (
        ("plans", region.plans, load_plan),
        ("scenarios", region.scenarios, load_scenario),
    ):
        for path in files.values():
            try:
                load(path, region)
            except FaultsError as error:
                faults.extend(error.faults)
            except UnknownNameError as error:
                faults.append(Fault(f"{what}/{path.name}", None, None, str(error), "", "name"))
            if on_file is not None:
                on_file(f"{what}/{path.name}")
    return faults


def _find(name: str | Path, own: Mapping[str, Path], what: str, folder: Path = Path()) -> Path:
    if isinstance(name, str) and name in own:
        return own[name]
    path = folder / name
    with suppress(OSError):
        if path.is_file():
            return path
    if path.suffix in (".yaml", ".yml") or "/" in str(name):
        raise CannotRunError(f"{name}: no such file")
    raise UnknownNameError(what, str(name), own)


def _merged_plan(path: Path, region: Region, above: tuple[Path, ...]) -> tuple[Plan, list[Fault]]:
    """Load a plan, merge the plans that it extends, and collect the errors of all their files.

    Args:
        path: The plan's file.
        region: The region.
        above: Files of the plans that extend this one.
    """
    own, lines, name = load_yaml(path, Plan)
    chain = (*above, path.resolve())
    bases: list[Plan] = []
    faults: list[Fault] = []
    for other in own.extends:
        line = line_of(("extends", other), lines)
        try:
            base_path = _find(other, region.plans, "plan", path.parent)
        except SogdiaError as error:
            faults.append(Fault(name, line, "extends", str(error), "", "name"))
            continue
        if base_path.resolve() in chain:
            stems = (*(file.stem for file in chain), base_path.stem)
            problem = f"{' extends '.join(stems)}, a circle"
            faults.append(Fault(name, line, "extends", problem, "remove one of them", "extends"))
            continue
        base, base_faults = _merged_plan(base_path, region, chain)
        if base_path == region.plans.get(reference_plan_name(region) or ""):
            base = base.model_copy(update={"in_baseline": tuple(each.project for each in base.projects)})
        bases.append(base)
        faults.extend(base_faults)
    merged, contested = _merge(own, bases if not faults else [])
    located = new_project_faults(merged, region, name, lines)
    if not located:
        extended = with_new_projects(region, merged)
        located = _located(plan_faults(merged, extended, name), lines)
    for project in contested:
        problem = f"the plans it extends do not agree on {project}"
        fix = "name it here, under projects or excludes"
        located.append(Fault(name, line_of(("extends",), lines), "extends", problem, fix, "extends"))
    return merged, [*faults, *located]


def _merge(own: Plan, bases: Sequence[Plan]) -> tuple[Plan, list[str]]:
    """Add the choices of the bases that a plan does not decide itself; list projects in conflict.

    A choice that one base decides takes precedence over one that another takes over from the baseline.
    """
    decided = {choice.project for choice in own.projects} | set(own.excludes)
    decided_above = {choice.project for base in bases for choice in base.own}
    decided_above |= {name for base in bases for name in base.excludes}
    decisions: dict[str, dict[str, ProjectChoice | None]] = {}
    for base in bases:
        for choice in base.projects:
            if choice.project not in decided_above or choice in base.own:
                decisions.setdefault(choice.project, {}).setdefault(choice.digest, choice)
        for name in base.excludes:
            decisions.setdefault(name, {})[""] = None
    added = {project: list(items.values()) for project, items in decisions.items() if project not in decided}
    contested = sorted(project for project, items in added.items() if len(items) > 1)
    built = [items[0] for items in added.values() if items[0] is not None]
    excluded = [project for project, items in added.items() if items[0] is None]
    inherited = {name for base in bases for name in base.in_baseline} - decided_above - decided
    changes = {
        "projects": tuple(sorted((*own.projects, *built), key=lambda choice: choice.project)),
        "excludes": tuple(sorted({*own.excludes, *excluded})),
        "extends": (),
        "in_baseline": tuple(sorted(inherited)),
    }
    return own.model_copy(update=changes), contested


def _located(found: Iterator[tuple[KeyPath, Fault]], lines: Mapping[KeyPath, int]) -> list[Fault]:
    return [
        replace(fault, line=line_of(at, lines), field=written_key(fault.field or "", lines) or None)
        for at, fault in found
    ]
