"""Shocks of a scenario, one record per kind; :mod:`sogdia.case.shock_edits` turns them into edits."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from sogdia.case.model import Model
from sogdia.codes import ALL_GOODS, ANY

System = Literal["transport", "pipelines", "power"]
Mode = Literal["rail", "road", "sea", "ferry"]
Channel = Literal["trade", "transit", "energy", "capital"]


def _sorted_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(sorted(set(names)))


Names = Annotated[tuple[str, ...], AfterValidator(_sorted_names)]
"""Names whose order has no meaning: sorted, each once."""
Modes = Annotated[tuple[Mode, ...], AfterValidator(_sorted_names)]
Factor = Annotated[float, Field(ge=0, le=100)]

FRICTION, SECONDARY = "friction", "secondary"
"""Pressure levels of a secondary sanction: towards the targets, and towards the senders."""


class Shock(Model):
    """Base of all shocks.

    Attributes:
        reason: Why it is in the scenario, as text.
        source: Ids of ``sources`` that it follows, ``;`` between them.
    """

    reason: str = Field(min_length=1)
    source: str = ""


class Selection(Shock):
    """Base of shocks on parts of the network.

    Several names under one key select any of them; several keys select what satisfies all of them: two
    territories and the mode rail select the rail links of either territory.

    Attributes:
        places: Places; a link is selected by either end.
        place_kinds: Kinds of place; a link is selected if both its ends are of these kinds.
        links: Links.
        territories: Parties in whose territory an end of the link, the crossing or the transfer lies.
        borders: Pairs ``A/B`` of parties that share the border.
        modes: Modes.
        corridors: Corridors of ``links``.
    """

    KEYS: ClassVar = ("places", "place_kinds", "links", "territories", "borders", "modes", "corridors")

    places: Names = ()
    place_kinds: Names = ()
    links: Names = ()
    territories: Names = ()
    borders: Names = ()
    modes: Modes = ()
    corridors: Names = ()

    @field_validator("borders")
    @classmethod
    def _borders_have_two_parties(cls, borders: tuple[str, ...]) -> tuple[str, ...]:
        for border in borders:
            ends = border.split("/")
            if len(ends) != 2 or ends[0] == ends[1]:
                raise ValueError(f"{border!r} is not a border; write A/B with the codes of two parties")
        return borders

    @model_validator(mode="after")
    def _selects_by_a_key(self) -> Self:
        if not any(getattr(self, key) for key in Selection.KEYS):
            raise ValueError(f"the shock selects nothing; give one of {', '.join(Selection.KEYS)}")
        return self


class Closure(Selection):
    """Closure of parts of the network.

    Attributes:
        systems: Systems closed: ``transport`` (links, crossings, transfers), ``pipelines`` (by territory,
            border, place or kind of place), ``power`` (interconnectors, by territory or border). Only
            transport can be closed to some users.
        users: ``any``, ``home`` (the region's own trade only) or codes of the economies whose trade
            may not pass.
    """

    kind: Literal["closure"] = "closure"
    systems: Annotated[tuple[System, ...], Field(min_length=1)] = ("transport",)
    users: Annotated[Names, Field(min_length=1)] = (ANY,)

    @model_validator(mode="after")
    def _some_users_need_one_key(self) -> Self:
        named = [name for name in (self.territories, self.borders, self.places, self.links) if name]
        if ANY not in self.users and (len(named) != 1 or self.place_kinds or self.corridors):
            raise ValueError(
                "a closure to some users takes exactly one of territories, borders, places, links"
            )
        if ANY not in self.users and self.systems != ("transport",):
            raise ValueError("a closure to some users applies to transport only; remove the other systems")
        return self


class CapacityCut(Selection):
    """Change of known capacities by a factor; unknown capacities stay unknown.

    Attributes:
        factor: Multiplies capacities of links, crossings and transfers.
    """

    kind: Literal["capacity"] = "capacity"
    factor: Factor


class DelayChange(Selection):
    """Change of dwell times and charges of crossings and transfers, and of speeds of links.

    Attributes:
        dwell_factor: Multiplies dwell times.
        dwell_add_h: Hours added to dwell times after the factor.
        cost_factor: Multiplies charges.
        speed_factor: Multiplies speeds of links.
    """

    kind: Literal["delay"] = "delay"
    dwell_factor: Factor = 1.0
    dwell_add_h: Annotated[float, Field(ge=-1000, le=10000)] = 0.0
    cost_factor: Factor = 1.0
    speed_factor: Annotated[float, Field(gt=0, le=10)] = 1.0

    @model_validator(mode="after")
    def _has_a_change(self) -> Self:
        if (self.dwell_factor, self.dwell_add_h, self.cost_factor, self.speed_factor) == (1, 0, 1, 1):
            raise ValueError(
                "the shock changes nothing; give dwell_factor, dwell_add_h, cost_factor or speed_factor"
            )
        return self


class RateChange(Shock):
    """Change of freight rates by a factor.

    Attributes:
        modes: Modes; all if none is named.
        scopes: Scopes of ``rates``; all if none is named.
        cargos: Kinds of cargo; all if none is named.
        factor: Multiplies cost per tonne-kilometre and per TEU-kilometre.
    """

    kind: Literal["rates"] = "rates"
    modes: Modes = ()
    scopes: Names = ()
    cargos: Names = ()
    factor: Factor


class Tariff(Shock):
    """Increase of tariffs.

    Attributes:
        exporters: Exporting economies.
        importers: Importing economies, which levy it.
        commodities: Commodity groups; ``all`` for every one.
        tariff_pct: Per cent of value, added to the tariff in force.
    """

    kind: Literal["tariff"] = "tariff"
    exporters: Names = Field(min_length=1)
    importers: Names = Field(min_length=1)
    commodities: Names = (ALL_GOODS,)
    tariff_pct: Annotated[float, Field(gt=-100, le=1000)]


class Sanction(Shock):
    """Sanctions of senders on targets, at a level of ``pressure_levels``.

    Attributes:
        senders: Parties or partners that impose sanctions.
        targets: Parties or partners under sanctions.
        level: Row of ``pressure_levels``.
        at: Low end, middle or high end of the level's cost range.
        secondary: Economies of the region under secondary sanctions: their trade with the senders gets
            the level ``secondary``, their trade with the targets ``friction``, and the senders withdraw
            their finance.
    """

    kind: Literal["sanction"] = "sanction"
    senders: Names = Field(min_length=1)
    targets: Names = Field(min_length=1)
    level: str
    at: Literal["low", "mid", "high"] = "mid"
    secondary: Names = ()


class Withdrawal(Shock):
    """Withdrawal of a partner from the region, in some or all channels.

    Attributes:
        partner: Row of ``partners``, or a party.
        channels: ``trade`` (no exports or imports), ``transit`` (its territory closed to the trade of
            ``homes``), ``energy`` (its gas and its electricity; plants whose majority owner it is run on
            under local control), ``capital`` (money not disbursed yet).
        homes: Home economies affected; all of the region if none is named.
        years_since: Years since the withdrawal, by which ``power_withdrawals`` states what its plants keep.
    """

    kind: Literal["withdrawal"] = "withdrawal"
    partner: str
    channels: Annotated[tuple[Channel, ...], AfterValidator(_sorted_names), Field(min_length=1)] = (
        "capital",
        "energy",
        "trade",
        "transit",
    )
    homes: Names = ()
    years_since: Annotated[int, Field(ge=0, le=100)] = 1


class PlantOutage(Shock):
    """Outage of power plants for the year.

    Attributes:
        plants: Rows of ``plants``.
    """

    kind: Literal["plant_outage"] = "plant_outage"
    plants: Names = Field(min_length=1)


class DryYear(Shock):
    """Change of hydro inflow by a factor.

    Attributes:
        factor: Multiplies every month's inflow.
        economies: Economies; all with a profile if none is named.
    """

    kind: Literal["dry_year"] = "dry_year"
    factor: Annotated[float, Field(gt=0, le=2)]
    economies: Names = ()


class DemandChange(Shock):
    """Change of electricity demand by a factor, after documented growth.

    Attributes:
        factor: Multiplies the demand of the year.
        economies: Economies; all if none is named.
    """

    kind: Literal["demand"] = "demand"
    factor: Annotated[float, Field(gt=0, le=10)]
    economies: Names = ()


class FuelPrice(Shock):
    """Change of fuel prices of power plants by a factor.

    Attributes:
        carriers: Carriers of ``power_costs``.
        factor: Multiplies the price of fuel.
        economies: Economies; all if none is named.
    """

    kind: Literal["fuel_price"] = "fuel_price"
    carriers: Names = Field(min_length=1)
    factor: Factor
    economies: Names = ()


class PowerCost(Shock):
    """Change of capital costs of power, or of the value of lost load, by a factor.

    Attributes:
        quantity: ``capital`` (capital costs) or ``lost_load`` (all its tiers).
        carriers: Carriers of ``power_costs``, for capital costs; all if none is named.
        factor: Multiplies the cost.
        economies: Economies; all, and the rows of ``any``, if none is named.
    """

    kind: Literal["power_cost"] = "power_cost"
    quantity: Literal["capital", "lost_load"]
    carriers: Names = ()
    factor: Factor
    economies: Names = ()

    @model_validator(mode="after")
    def _check_carriers(self) -> Self:
        if self.carriers and self.quantity == "lost_load":
            raise ValueError("carriers: lost load has none; delete them")
        return self


AnyShock = Annotated[
    Closure
    | CapacityCut
    | DelayChange
    | RateChange
    | Tariff
    | Sanction
    | Withdrawal
    | PlantOutage
    | DryYear
    | DemandChange
    | FuelPrice
    | PowerCost,
    Field(discriminator="kind"),
]
"""Any shock; ``kind`` selects the record."""
