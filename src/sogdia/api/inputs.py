"""Regions, plans and scenarios as users give them: a name, a path or the object itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.case import Case, Plan, Scenario, reference_plan, with_new_projects
from sogdia.case import build_case as join_case
from sogdia.case import load_plan as read_plan
from sogdia.case import load_scenario as read_scenario
from sogdia.errors import UnknownNameError
from sogdia.region import Region
from sogdia.region import load_region as read_region

RegionLike = Region | str | Path
"""A region, the name of a shipped one, or the folder of a pack."""
PlanLike = Plan | str | Path
"""A plan, the name of one that the region ships, or a YAML file."""
ScenarioLike = Scenario | str | Path
"""A scenario, the name of one that the region ships, or a YAML file."""


def load_region(region: RegionLike = DEFAULT_REGION) -> Region:
    """Load and check a region.

    Args:
        region: Name of a shipped region, or the folder of a pack; a region is returned as it is.

    Returns:
        The region, frozen.

    Raises:
        FaultsError: If its tables have errors; all are listed with file, line and field.
        UnknownNameError: If no shipped region has the name.
        CannotRunError: If a file cannot be read.

    Example:
        >>> import sogdia
        >>> region = sogdia.load_region()
        >>> "as_is" in region.plans
        True
    """
    return region if isinstance(region, Region) else read_region(region)


def load_plan(plan: PlanLike | None = None, region: RegionLike = DEFAULT_REGION) -> Plan:
    """Load a plan: projects with their dates and financing partners.

    Args:
        plan: Name of a plan that the region ships, or a YAML file; a plan is returned as it is. If not
            given, the committed projects: the region's plan `committed`, or `as_is` if it ships none.
        region: A region, the name of a shipped one, or the folder of a pack.

    Returns:
        The plan, with the plans it extends, frozen.

    Raises:
        FaultsError: If the file has errors; all are listed.
        UnknownNameError: If the region ships no plan of the name; the message lists the nearest.
        CannotRunError: If the file cannot be read.

    Example:
        >>> import sogdia
        >>> plan = sogdia.load_plan("middle_corridor")
        >>> plan.title
        'Middle Corridor'
    """
    if plan is None:
        return reference_plan(load_region(region))
    return plan if isinstance(plan, Plan) else read_plan(plan, load_region(region))


def load_with_plans(region: RegionLike, *plans: PlanLike | None) -> tuple[Region, tuple[Plan, ...]]:
    """Load a region and plans; the region has the rows of the projects that the plans state themselves.

    Raises:
        FaultsError: If an input has errors; all are listed.
        UnknownNameError: If a name is not known; the message lists the nearest.
        CannotRunError: If a file cannot be read.
    """
    loaded = load_region(region)
    found = tuple(load_plan(plan, loaded) for plan in plans)
    return with_new_projects(loaded, *found), found


def load_scenario(
    scenario: ScenarioLike, region: RegionLike = DEFAULT_REGION, year: int | None = None
) -> Scenario:
    """Load a scenario: a year, its growth and its shocks.

    Args:
        scenario: Name of a scenario that the region ships, or a YAML file; a scenario is used as it is.
        region: A region, the name of a shipped one, or the folder of a pack.
        year: Year to evaluate, in place of the scenario's own.

    Returns:
        The scenario, frozen.

    Raises:
        FaultsError: If the file has errors; all are listed.
        UnknownNameError: If the region ships no scenario of the name; the message lists the nearest.
        CannotRunError: If the file cannot be read.

    Example:
        >>> import sogdia
        >>> sogdia.load_scenario("dry_year", year=2035).year
        2035
    """
    loaded = scenario if isinstance(scenario, Scenario) else read_scenario(scenario, load_region(region))
    return loaded if year is None else loaded.at(year)


def build_case(
    region: RegionLike = DEFAULT_REGION,
    plan: PlanLike | None = None,
    scenario: ScenarioLike = DEFAULT_SCENARIO,
    year: int | None = None,
    *,
    past: bool = False,
) -> Case:
    """Build a case: the tables of a region as a plan and a scenario edit them.

    Args:
        region: A region, the name of a shipped one, or the folder of a pack.
        plan: A plan, the name of a shipped one, or a YAML file; the committed projects if not given.
        scenario: A scenario, the name of a shipped one, or a YAML file.
        year: Year to evaluate, in place of the scenario's own.
        past: Allow a year before the base year; nothing grows then.

    Returns:
        The case, frozen, with every edit in ``changes``.

    Raises:
        FaultsError: If an input has errors; all are listed.
        UnknownNameError: If a name is not known; the message lists the nearest.
        CannotRunError: If a file cannot be read.

    Example:
        >>> import sogdia
        >>> case = sogdia.build_case(plan="under_construction", scenario="dry_year", year=2030)
        >>> case.table("links").loc["rail_torugart_arpa", "status"]
        'operating'
    """
    loaded, (chosen,) = load_with_plans(region, plan)
    return join_case(loaded, chosen, load_scenario(scenario, loaded, year), past=past)


def home_in(region: Region, codes: str | Iterable[str]) -> tuple[str, ...]:
    """Return home countries by code, all of the region's if none is given.

    Args:
        region: The region.
        codes: One code, or several.

    Raises:
        UnknownNameError: If a code is not that of a home country.
    """
    chosen: Sequence[str] = (codes,) if isinstance(codes, str) else tuple(codes)
    for code in chosen:
        if code not in region.home:
            raise UnknownNameError("economy of the region", code, region.home)
    return tuple(chosen) or region.home
