"""Scenarios in which partners leave, or press, on top of what befalls already."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from sogdia.case import Case, Scenario
from sogdia.case.shocks import AnyShock, Channel, Sanction, Withdrawal
from sogdia.errors import InputError, UnknownNameError
from sogdia.region import Region

REASON = "a measure of dependence, not a forecast"
LEAVE = "withdrawal"
CHANNELS: tuple[Channel, ...] = ("trade", "transit", "energy", "capital")


class Pressure(BaseModel):
    """What partners do.

    Attributes:
        level: ``withdrawal``, all channels at once, or a row of ``pressure_levels``.
        at: Which end of the level's range of costs is taken.
        homes: Economies it falls on; all of the region where none is named.
        targets: Partners or parties pressed in place of the homes, which are then named for helping them
            (secondary sanctions: friction with the targets, the secondary level with those who press, their
            money lost).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    level: str = LEAVE
    at: Literal["low", "mid", "high"] = "mid"
    homes: Annotated[tuple[str, ...], Field()] = ()
    targets: tuple[str, ...] = ()


def partners_of(region: Region, named: Sequence[str] = ()) -> tuple[str, ...]:
    """Partners of a study, in the order of their rank, so that the order they are named in says nothing.

    Args:
        region: The region.
        named: Rows of ``partners``; those marked ``default`` where none is named.

    Raises:
        UnknownNameError: If there is no such partner.
        InputError: If one is named twice.
    """
    table = region.table("partners").sort_values("rank")
    for name in named:
        if name not in table.index:
            raise UnknownNameError("partner", name, map(str, table.index))
    if len(set(named)) != len(named):
        raise InputError("a partner is named twice")
    chosen = table.index.isin(list(named)) if named else table["default"].to_numpy(dtype=bool)
    return tuple(map(str, table.index[chosen]))


def left(
    scenario: Scenario, partners: Sequence[str], pressure: Pressure, channels: Sequence[Channel] = CHANNELS
) -> Scenario:
    """The scenario with partners gone, or pressing, besides all that befalls in it.

    Args:
        scenario: What happens anyway.
        partners: Rows of ``partners`` in order of rank; none leaves it as it is.
        pressure: How.
        channels: Over which channels they leave; a level of pressure knows no channels.

    Raises:
        InputError: If channels are asked of a level of pressure.
    """
    if not partners:
        return scenario
    shocks: list[AnyShock] = []
    if pressure.level == LEAVE:
        shocks += [
            Withdrawal(partner=name, channels=tuple(channels), homes=pressure.homes, reason=REASON)
            for name in partners
        ]
    elif tuple(channels) != CHANNELS:
        raise InputError(f"the pressure level {pressure.level!r} is not parted by channel")
    else:
        shocks.append(_pressing(partners, pressure))
    return scenario.model_copy(update={"shocks": (*scenario.shocks, *shocks)})


def _pressing(partners: Sequence[str], pressure: Pressure) -> Sanction:
    pressed = pressure.targets or pressure.homes
    named = pressure.homes if pressure.targets else ()
    senders = tuple(name for name in partners if name not in pressure.targets)
    return Sanction(
        senders=senders, targets=pressed, level=pressure.level, at=pressure.at, secondary=named, reason=REASON
    )


def resolved(pressure: Pressure, case: Case) -> Pressure:
    """The pressure with its homes named, checked against the region.

    Raises:
        UnknownNameError: If a level, home or target is not there.
        InputError: If partners that leave are to have targets.
    """
    region, levels = case.region, list(map(str, case.table("pressure_levels").index))
    if pressure.level not in (LEAVE, *levels):
        raise UnknownNameError("pressure level", pressure.level, (LEAVE, *levels))
    for home in pressure.homes:
        if home not in region.home:
            raise UnknownNameError("economy of the region", home, region.home)
    known = {*map(str, region.table("partners").index), *map(str, region.table("parties")["code"])}
    for target in pressure.targets:
        if target not in known:
            raise UnknownNameError("partner or party", target, known)
    if pressure.targets and pressure.level == LEAVE:
        raise InputError("who leaves presses nobody: targets want a level of pressure")
    return pressure.model_copy(update={"homes": pressure.homes or region.home})
