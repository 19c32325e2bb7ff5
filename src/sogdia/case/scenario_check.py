"""Check of a scenario against its region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sogdia.case.aliases import aliases_of
from sogdia.case.model import unknown_names
from sogdia.case.plan import Plan
from sogdia.case.plan_check import plan_faults
from sogdia.case.scenario import Scenario
from sogdia.case.shocks import (
    FRICTION,
    SECONDARY,
    Closure,
    DemandChange,
    DryYear,
    FuelPrice,
    PlantOutage,
    PowerCost,
    RateChange,
    Sanction,
    Selection,
    Shock,
    Tariff,
    Withdrawal,
)
from sogdia.codes import ANY, HOME
from sogdia.errors import Fault, did_you_mean, nearest
from sogdia.names import hidden_characters
from sogdia.region import Region
from sogdia.region.uncertain import uncertain_groups
from sogdia.tables.yaml_text import KeyPath

Names = Iterator[tuple[str, str, Iterable[str], Iterable[str]]]
"""Field, kind of object, names given, valid names."""


def scenario_faults(scenario: Scenario, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield the errors of a scenario that does not match its region, each with its key path.

    Args:
        scenario: The scenario.
        region: The region.
        file: Name of the scenario's file for messages.
    """
    first, last = region.base_year, max(region.years)
    if not first <= scenario.year <= last:
        problem = f"{scenario.year} is outside {first} to {last}, the years the region covers"
        yield ("year",), Fault(file, None, "year", problem, "", "year")
    variants = region.table("variants").index
    for name in scenario.variants:
        yield from unknown_names(("variants", name), "variant", [name], variants, file, "variants")
    yield from _conflicting_variants(scenario, region, file)
    yield from plan_faults(scenario.projects_as_plan, region, file)
    if scenario.draw is not None:
        groups = dict(scenario.draw.scores)
        yield from unknown_names(("draw", "scores"), "group", groups, uncertain_groups(region), file)
    for i, shock in enumerate(scenario.shocks):
        for key, what, names, valid in _names_of(shock, region):
            yield from unknown_names(("shocks", i, key), what, names, valid, file, aliases=aliases_of(region))
        if isinstance(shock, Selection):
            yield from _border_faults(shock, i, region, file)
        cited = [name for name in shock.source.split(";") if name]
        sources = region.table("sources").index
        yield from unknown_names(("shocks", i, "source"), "source", cited, sources, file)


def projects_of_both(plan: Plan, scenario: Scenario, region: Region) -> Iterator[Fault]:
    """Yield an error for each project that a plan decides and a scenario opens whatever the plan.

    A project that is an alternative to one that the plan builds is an error too.
    """
    built = {choice.project for choice in plan.projects}
    for name in (choice.project for choice in scenario.projects):
        if name in built or name in plan.excludes:
            decision = "builds" if name in built else "excludes"
            problem = f"plan {plan.name or plan.title!r} {decision} {name}, which the scenario opens"
            fix = "leave it out of the plan or of the scenario"
            yield scenario.project_fault(name, problem, fix, "projects")
    opened = {choice.project for choice in scenario.projects}
    pairs = region.table("alternatives")
    for pair in zip(pairs["project"], pairs["other"], strict=True):
        for name, other in (pair, pair[::-1]):
            if name in opened and other in built - opened:
                problem = f"plan {plan.name or plan.title!r} builds {other}, an alternative to {name}"
                fix = "leave one of the two out"
                yield scenario.project_fault(name, problem, fix, "alternatives")


def _border_faults(
    shock: Selection, number: int, region: Region, file: str
) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield an error for each border with an end that is no party; the suggestion is the nearest border."""
    parties, aliases = set(region.table("parties")["code"]), aliases_of(region)
    for pair in shock.borders:
        ends = pair.split("/")
        if parties.issuperset(ends):
            continue
        near = [end if end in parties else next(iter(nearest(end, parties, aliases)), "") for end in ends]
        hint = f"did you mean {'/'.join(near)}?" if all(near) else did_you_mean(pair, parties, aliases)
        hidden = "; ".join([hint, *hidden_characters(pair)]) if all(near) else hint
        problem = f"no border is called {pair!r}"
        yield ("shocks", number, "borders"), Fault(file, None, "borders", problem, hidden, "name")


def _conflicting_variants(scenario: Scenario, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """Yield pairs of variants that edit one cell: the result would depend on their order."""
    edits = region.table("variant_edits")
    owner: dict[tuple[str, str, str], str] = {}
    reported: set[tuple[str, str]] = set()
    for name in scenario.variants:
        own = edits[edits["variant"] == name]
        for place in zip(own["table"], own["row"], own["field"], strict=True):
            first = owner.setdefault(place, name)
            if first != name and (first, name) not in reported:
                reported.add((first, name))
                problem = f"{name} and {first} both edit {place[0]} {place[1]} {place[2]}"
                yield (
                    ("variants", name),
                    Fault(file, None, "variants", problem, "keep one of the two", "variants"),
                )


def _names_of(shock: Shock, region: Region) -> Names:
    """Yield the names that a shock uses, with the valid ones."""
    economies = set(region.table("economies")["iso3"])
    if isinstance(shock, Selection):
        yield from _names_of_selection(shock, region)
    if isinstance(shock, Closure):
        yield "users", "economy", shock.users, economies | {ANY, HOME}
    elif isinstance(shock, RateChange):
        rates = region.table("rates")
        yield "scopes", "scope", shock.scopes, rates["scope"]
        yield "cargos", "cargo", shock.cargos, rates["cargo"]
    elif isinstance(shock, Tariff):
        yield "exporters", "economy", shock.exporters, economies
        yield "importers", "economy", shock.importers, economies
        yield "commodities", "commodity", shock.commodities, region.table("commodities").index
    elif isinstance(shock, Sanction | Withdrawal):
        yield from _names_of_policy(shock, region)
    elif isinstance(shock, PlantOutage):
        yield "plants", "plant", shock.plants, region.table("plants").index
    elif isinstance(shock, DryYear | DemandChange):
        yield "economies", "economy", shock.economies, economies
    elif isinstance(shock, FuelPrice | PowerCost):
        yield "carriers", "carrier", shock.carriers, region.table("power_costs")["carrier"]
        yield "economies", "economy", shock.economies, economies


def _names_of_selection(shock: Selection, region: Region) -> Names:
    links, places = region.table("links"), region.table("places")
    parties = set(region.table("parties")["code"])
    yield "places", "place", shock.places, places.index
    yield "place_kinds", "kind of place", shock.place_kinds, places["kind"]
    yield "links", "link", shock.links, links.index
    yield "territories", "party", shock.territories, parties
    yield "corridors", "corridor", shock.corridors, links["corridor"]


def _names_of_policy(shock: Sanction | Withdrawal, region: Region) -> Names:
    parties, partners = set(region.table("parties")["code"]), set(region.table("partners").index)
    if isinstance(shock, Withdrawal):
        yield "partner", "party or partner", [shock.partner], parties | partners
        yield "homes", "economy of the region", shock.homes, region.home
        return
    levels = region.table("pressure_levels").index
    yield "senders", "party or partner", shock.senders, parties | partners
    yield "targets", "party or partner", shock.targets, parties | partners
    yield "level", "pressure level", [shock.level], levels
    yield "secondary", "economy of the region", shock.secondary, region.home
    yield "secondary", "pressure level", (FRICTION, SECONDARY) if shock.secondary else (), levels
