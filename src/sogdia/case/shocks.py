"""Shocks: what a scenario may say happens. Each is a record; ``case.effects`` turns it into edits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from sogdia.case.model import Model

System = Literal["transport", "pipelines", "power"]
Mode = Literal["rail", "road", "sea", "ferry"]
Channel = Literal["trade", "transit", "energy", "capital"]


def _each_once(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


Names = Annotated[tuple[str, ...], AfterValidator(_each_once)]
"""Names whose order says nothing: sorted, each once."""
Modes = Annotated[tuple[Mode, ...], AfterValidator(_each_once)]
Factor = Annotated[float, Field(ge=0, le=100)]

ANY = "any"
MILDEST, SECONDARY = "friction", "secondary"
"""The pressure levels of a secondary sanction: towards the targets, and towards the senders."""


class Shock(Model):
    """Base of all shocks.

    Attributes:
        reason: Why it is in the scenario, in words.
        source: Ids of ``sources``, ``;`` between them, where it follows a document.
    """

    reason: str = Field(min_length=1)
    source: str = ""


class Selection(Shock):
    """Base of shocks on parts of the network.

    What is named of different kinds narrows the choice, what is named of one kind widens it: two
    territories and the mode rail choose the rail links of either territory.

    Attributes:
        places: Places; a link is chosen by either end.
        place_kinds: Kinds of place; a link is chosen where both its ends are of these kinds.
        links: Links.
        territories: Parties in whose territory an end of the link, crossing or transfer lies.
        borders: Pairs ``A/B`` of parties with the border between them.
        modes: Modes.
        corridors: Corridors of ``links``.
    """

    places: Names = ()
    place_kinds: Names = ()
    links: Names = ()
    territories: Names = ()
    borders: Names = ()
    modes: Modes = ()
    corridors: Names = ()

    @field_validator("borders")
    @classmethod
    def _borders_have_two_sides(cls, borders: tuple[str, ...]) -> tuple[str, ...]:
        for border in borders:
            ends = border.split("/")
            if len(ends) != 2 or ends[0] == ends[1]:
                raise ValueError(f"{border!r} is no border; write A/B with the codes of two parties")
        return borders

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not any(
            (
                self.places,
                self.place_kinds,
                self.links,
                self.territories,
                self.borders,
                self.modes,
                self.corridors,
            )
        ):
            raise ValueError("name places, place_kinds, links, territories, borders, modes or corridors")
        return self


class Closure(Selection):
    """Parts of the network are closed.

    Attributes:
        systems: What is closed: ``transport`` (links, crossings, transfers), ``pipelines`` (by territory,
            border, place or kind of place), ``power`` (interconnectors, by territory or border). Only
            transport can be closed to some users.
        users: ``any``, ``home`` (the region's own trade only) or codes of the economies whose trade
            may not pass.
    """

    kind: Literal["closure"] = "closure"
    systems: Annotated[tuple[System, ...], Field(min_length=1)] = ("transport",)
    users: Annotated[Names, Field(min_length=1)] = (ANY,)

    @model_validator(mode="after")
    def _some_users_meet_one_kind_of_barrier(self) -> Self:
        named = [name for name in (self.territories, self.borders, self.places, self.links) if name]
        if ANY not in self.users and (len(named) != 1 or self.place_kinds or self.corridors):
            raise ValueError("a closure to some users names one of territories, borders, places or links")
        if ANY not in self.users and self.systems != ("transport",):
            raise ValueError("only transport can be closed to some users")
        return self


class CapacityCut(Selection):
    """Known capacities are multiplied; those not known stay unknown.

    Attributes:
        factor: Multiplies capacities of links, crossings and transfers.
    """

    kind: Literal["capacity"] = "capacity"
    factor: Factor


class DelayChange(Selection):
    """Dwell and charges of crossings and transfers, and speeds of links, are changed.

    Attributes:
        dwell_factor: Multiplies dwell times.
        dwell_add_h: Then added to dwell times, hours.
        cost_factor: Multiplies charges.
        speed_factor: Multiplies speeds of links.
    """

    kind: Literal["delay"] = "delay"
    dwell_factor: Factor = 1.0
    dwell_add_h: Annotated[float, Field(ge=-1000, le=10000)] = 0.0
    cost_factor: Factor = 1.0
    speed_factor: Annotated[float, Field(gt=0, le=10)] = 1.0

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if (self.dwell_factor, self.dwell_add_h, self.cost_factor, self.speed_factor) == (1, 0, 1, 1):
            raise ValueError("give dwell_factor, dwell_add_h, cost_factor or speed_factor")
        return self


class RateChange(Shock):
    """Rates of carriage are multiplied.

    Attributes:
        modes: Modes; all where none is named.
        scopes: Scopes of ``rates``; all where none is named.
        cargos: Kinds of cargo; all where none is named.
        factor: Multiplies cost per tonne-kilometre and per TEU-kilometre.
    """

    kind: Literal["rates"] = "rates"
    modes: Modes = ()
    scopes: Names = ()
    cargos: Names = ()
    factor: Factor


class Tariff(Shock):
    """A tariff is added to what stands.

    Attributes:
        exporters: Economies it falls on.
        importers: Economies that levy it.
        commodities: Groups it falls on; ``all`` for every one.
        tariff_pct: Per cent of value, added.
    """

    kind: Literal["tariff"] = "tariff"
    exporters: Names = Field(min_length=1)
    importers: Names = Field(min_length=1)
    commodities: Names = ("all",)
    tariff_pct: Annotated[float, Field(gt=-100, le=1000)]


class Sanction(Shock):
    """Senders press targets, at a level of ``pressure_levels``.

    Attributes:
        senders: Parties or partners that press.
        targets: Parties or partners that are pressed.
        level: Row of ``pressure_levels``.
        at: Which end of the level's range is taken.
        secondary: Economies of the region that the senders name for helping the targets: their trade
            with the senders gets the secondary level, their trade with the targets friction, and the
            senders' money is lost to them.
    """

    kind: Literal["sanction"] = "sanction"
    senders: Names = Field(min_length=1)
    targets: Names = Field(min_length=1)
    level: str
    at: Literal["low", "mid", "high"] = "mid"
    secondary: Names = ()


class Withdrawal(Shock):
    """A partner leaves the region, over some or all channels.

    Attributes:
        partner: Row of ``partners``.
        channels: ``trade`` (nothing bought or sold), ``transit`` (its territory closed to the trade of
            those it leaves), ``energy`` (its gas, its power and the plants it owns), ``capital`` (money
            not yet paid out).
        homes: Economies it leaves; all of the region where none is named.
    """

    kind: Literal["withdrawal"] = "withdrawal"
    partner: str
    channels: Annotated[tuple[Channel, ...], AfterValidator(_each_once), Field(min_length=1)] = (
        "capital",
        "energy",
        "trade",
        "transit",
    )
    homes: Names = ()


class DryYear(Shock):
    """Hydro inflow is multiplied.

    Attributes:
        factor: Multiplies every month's inflow.
        economies: Where; everywhere with a profile where none is named.
    """

    kind: Literal["dry_year"] = "dry_year"
    factor: Annotated[float, Field(gt=0, le=2)]
    economies: Names = ()


class DemandChange(Shock):
    """Electricity demand is multiplied, on top of documented growth.

    Attributes:
        factor: Multiplies the demand of the year.
        economies: Where; everywhere where none is named.
    """

    kind: Literal["demand"] = "demand"
    factor: Annotated[float, Field(gt=0, le=10)]
    economies: Names = ()


class FuelPrice(Shock):
    """Prices of fuels for power are multiplied.

    Attributes:
        carriers: Carriers of ``power_costs``.
        factor: Multiplies the price of fuel.
        economies: Where; everywhere where none is named.
    """

    kind: Literal["fuel_price"] = "fuel_price"
    carriers: Names = Field(min_length=1)
    factor: Factor
    economies: Names = ()


AnyShock = Annotated[
    Closure
    | CapacityCut
    | DelayChange
    | RateChange
    | Tariff
    | Sanction
    | Withdrawal
    | DryYear
    | DemandChange
    | FuelPrice,
    Field(discriminator="kind"),
]
"""Any shock, told apart by its ``kind``."""
