"""Scenarios: what happens. The year, growth, which variant of a contested figure holds, shocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, field_validator

from sogdia.case.model import KeyPath, Model, unknown_names
from sogdia.case.shocks import (
    ANY,
    MILDEST,
    SECONDARY,
    AnyShock,
    Closure,
    DemandChange,
    DryYear,
    FuelPrice,
    RateChange,
    Sanction,
    Selection,
    Shock,
    Tariff,
    Withdrawal,
)
from sogdia.errors import Fault
from sogdia.region import Region


class Scenario(Model):
    """What happens, whatever is chosen.

    Attributes:
        name: Short name, the file's stem.
        title: Name for readers.
        description: What the scenario stands for.
        year: Year looked at.
        growth: ``documented`` grows economies, trade and demand from the base year by the rows of
            ``growth``; ``none`` leaves them as in the base year.
        growth_factor: Multiplies every documented growth rate.
        variants: Rows of ``variants`` that hold instead of what the pack chose.
        shocks: What befalls, applied in this order.
    """

    name: str = ""
    title: str
    description: str = ""
    year: Annotated[int, Field(ge=1950, le=2100)]
    growth: Literal["documented", "none"] = "documented"
    growth_factor: Annotated[float, Field(ge=-1, le=3)] = 1.0
    variants: tuple[str, ...] = ()
    shocks: tuple[AnyShock, ...] = ()

    def at(self, year: int) -> Self:
        """The same scenario looked at in another year."""
        return type(self).model_validate({**self.model_dump(), "year": year})

    @field_validator("variants")
    @classmethod
    def _sorted(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(set(names)))


def scenario_faults(scenario: Scenario, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """What in a scenario does not fit the region, each with the key path it is at."""
    first, last = region.base_year, max(region.years)
    if not first <= scenario.year <= last:
        problem = f"{scenario.year} is outside {first} to {last}, the years the region covers"
        yield ("year",), Fault(file, None, "year", problem, "", "year")
    variants = region.table("variants").index
    for name in scenario.variants:
        yield from unknown_names(("variants", name), "variant", [name], variants, file, "variants")
    yield from _variants_at_odds(scenario, region, file)
    for i, shock in enumerate(scenario.shocks):
        for key, what, names, valid in _names_used(shock, region):
            yield from unknown_names(("shocks", i, key), what, names, valid, file)
        cited = [name for name in shock.source.split(";") if name]
        yield from unknown_names(
            ("shocks", i, "source"), "source", cited, region.table("sources").index, file
        )


def _variants_at_odds(scenario: Scenario, region: Region, file: str) -> Iterator[tuple[KeyPath, Fault]]:
    """Two variants that edit one cell: which of them held would be left to their order."""
    edits = region.table("variant_edits")
    owner: dict[tuple[str, str, str], str] = {}
    told: set[tuple[str, str]] = set()
    for name in scenario.variants:
        own = edits[edits["variant"] == name]
        for place in zip(own["table"], own["row"], own["field"], strict=True):
            first = owner.setdefault(place, name)
            if first != name and (first, name) not in told:
                told.add((first, name))
                problem = f"{name} and {first} both edit {place[0]} {place[1]} {place[2]}"
                yield (
                    ("variants", name),
                    Fault(file, None, "variants", problem, "keep one of the two", "variants"),
                )


def _names_used(shock: Shock, region: Region) -> Iterator[tuple[str, str, Iterable[str], Iterable[str]]]:
    """Field, kind of thing, names given, names there are."""
    parties, economies = set(region.table("parties")["code"]), set(region.table("economies")["iso3"])
    partners = set(region.table("partners").index)
    home = set(region.home)
    if isinstance(shock, Selection):
        links = region.table("links")
        places = region.table("places")
        yield "places", "place", shock.places, places.index
        yield "place_kinds", "kind of place", shock.place_kinds, places["kind"]
        yield "links", "link", shock.links, links.index
        yield "territories", "party", shock.territories, parties
        yield "borders", "party", [end for pair in shock.borders for end in pair.split("/")], parties
        yield "corridors", "corridor", shock.corridors, links["corridor"]
    if isinstance(shock, Closure):
        yield "users", "economy", shock.users, economies | {ANY, "home"}
    elif isinstance(shock, RateChange):
        rates = region.table("rates")
        yield "scopes", "scope", shock.scopes, rates["scope"]
        yield "cargos", "cargo", shock.cargos, rates["cargo"]
    elif isinstance(shock, Tariff):
        yield "exporters", "economy", shock.exporters, economies
        yield "importers", "economy", shock.importers, economies
        yield "commodities", "commodity", shock.commodities, region.table("commodities").index
    elif isinstance(shock, Sanction):
        yield "senders", "party or partner", shock.senders, parties | partners
        yield "targets", "party or partner", shock.targets, parties | partners
        yield "level", "pressure level", [shock.level], region.table("pressure_levels").index
        yield "secondary", "economy of the region", shock.secondary, home
        needed = (MILDEST, SECONDARY) if shock.secondary else ()
        yield "secondary", "pressure level", needed, region.table("pressure_levels").index
    elif isinstance(shock, Withdrawal):
        yield "partner", "partner", [shock.partner], partners
        yield "homes", "economy of the region", shock.homes, home
    elif isinstance(shock, (DryYear, DemandChange)):
        yield "economies", "economy", shock.economies, economies
    elif isinstance(shock, FuelPrice):
        yield "carriers", "carrier", shock.carriers, region.table("power_costs")["carrier"]
        yield "economies", "economy", shock.economies, economies
