"""Withdrawal and pressure of partners as shocks added to a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sogdia.case import Case, Scenario
from sogdia.case.shocks import AnyShock, Channel, Sanction, Withdrawal
from sogdia.errors import InputError, UnknownNameError
from sogdia.region import Region

SEA = "sea"
"""Mode of links that pass no territory."""
REASON = "a measure of dependence, not a forecast"
WITHDRAWAL = "withdrawal"
CHANNELS: tuple[Channel, ...] = ("trade", "transit", "energy", "capital")


class Pressure(BaseModel):
    """Action of the partners.

    Attributes:
        level: ``withdrawal``, all channels at once, or a row of ``pressure_levels``.
        at: Value taken from the level's range of costs.
        homes: Economies affected; all home countries if none is named.
        targets: Partners or parties sanctioned in place of the homes, which are then subject to secondary
            sanctions (friction with the targets, the secondary level with the senders, loss of the senders'
            finance).
        years_since: Years since a withdrawal, by which plants of the partner lose capacity; those of each
            horizon if not given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: str = WITHDRAWAL
    at: Literal["low", "mid", "high"] = "mid"
    homes: Annotated[tuple[str, ...], Field()] = ()
    targets: tuple[str, ...] = ()
    years_since: Annotated[int, Field(ge=0, le=100)] | None = None


def partners_of(region: Region, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the partners of a study in the order of their rank, whatever order they are named in.

    Args:
        region: The region.
        named: Rows of ``partners``; those marked ``default`` if none is named.

    Raises:
        UnknownNameError: If no such partner exists.
        InputError: If a partner is named twice.
    """
    table = region.table("partners").sort_values("rank")
    for name in named:
        if name not in table.index:
            raise UnknownNameError("partner", name, map(str, table.index))
    if len(set(named)) != len(named):
        raise InputError("a partner is named twice")
    chosen = table.index.isin(list(named)) if named else table["default"].to_numpy(dtype=bool)
    return tuple(map(str, table.index[chosen]))


def with_withdrawn(
    scenario: Scenario,
    partners: Sequence[str],
    pressure: Pressure,
    channels: Sequence[Channel] = CHANNELS,
    years_since: int = 1,
) -> Scenario:
    """Add the withdrawal or pressure of partners to the shocks of a scenario.

    Args:
        scenario: Scenario with its own shocks.
        partners: Rows of ``partners`` in order of rank; without any the scenario is returned as it is.
        pressure: Withdrawal, or a level of pressure.
        channels: Channels of the withdrawal; a level of pressure has no channels.
        years_since: Years since a withdrawal, where the pressure names none.

    Raises:
        InputError: If channels are given for a level of pressure.
    """
    if not partners:
        return scenario
    shocks: list[AnyShock] = []
    years = years_since if pressure.years_since is None else pressure.years_since
    if pressure.level == WITHDRAWAL:
        shocks += [
            Withdrawal(
                partner=name,
                channels=tuple(channels),
                homes=pressure.homes,
                years_since=years,
                reason=REASON,
            )
            for name in partners
        ]
    elif tuple(channels) != CHANNELS:
        raise InputError(f"the pressure level {pressure.level!r} has no channels; only a withdrawal has")
    else:
        shocks.append(_sanction_by(partners, pressure))
    return scenario.model_copy(update={"shocks": (*scenario.shocks, *shocks)})


def _sanction_by(partners: Sequence[str], pressure: Pressure) -> Sanction:
    targets = pressure.targets or pressure.homes
    secondary = pressure.homes if pressure.targets else ()
    senders = tuple(name for name in partners if name not in pressure.targets)
    return Sanction(
        senders=senders,
        targets=targets,
        level=pressure.level,
        at=pressure.at,
        secondary=secondary,
        reason=REASON,
    )


def resolve(pressure: Pressure, case: Case) -> Pressure:
    """Check a pressure against the region, and name its homes.

    Raises:
        UnknownNameError: If a level, home or target does not exist.
        InputError: If a withdrawal has targets.
    """
    region, levels = case.region, list(map(str, case.table("pressure_levels").index))
    if pressure.level not in (WITHDRAWAL, *levels):
        raise UnknownNameError("pressure level", pressure.level, (WITHDRAWAL, *levels))
    for home in pressure.homes:
        if home not in region.home:
            raise UnknownNameError("economy of the region", home, region.home)
    known = {*map(str, region.table("partners").index), *map(str, region.table("parties")["code"])}
    for target in pressure.targets:
        if target not in known:
            raise UnknownNameError("partner or party", target, known)
    if pressure.targets and pressure.level == WITHDRAWAL:
        raise InputError("a withdrawal has no targets; targets need a level of pressure")
    return pressure.model_copy(update={"homes": pressure.homes or region.home})


def members_of(case: Case, partners: Sequence[str]) -> tuple[str, ...]:
    """Return the parties of partners, each once, in order."""
    members = case.table("partners")["members"].astype(str).to_dict()
    return tuple(dict.fromkeys(code for name in partners for code in members.get(name, name).split(";")))


def passed_parties(case: Case, partners: Sequence[str]) -> tuple[str, ...]:
    """Return the parties of partners whose territory freight of the region can pass.

    Links other than by sea join it to a home country, through other territories or not. The members of a
    union and the union itself count if this holds for one of them.
    """
    union = case.table("parties").set_index("code")["member_of"].astype(str).to_dict()
    places, links = case.table("places")["iso3"], case.table("links")
    links = links[links["mode"] != SEA]
    first, second = (links[end].map(places).astype(str) for end in ("from", "to"))
    pairs = {(a, b) for a, b in zip(first, second, strict=True) if a != b}
    reached, before = set(case.region.home), 0
    while len(reached) > before:
        before = len(reached)
        reached |= {code for pair in pairs if reached.intersection(pair) for code in pair}
    joined = {union.get(code) or code for code in reached}
    return tuple(code for code in members_of(case, partners) if (union.get(code) or code) in joined)
