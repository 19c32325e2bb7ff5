"""Shocks of a withdrawal: channels, homes and years since it."""

from __future__ import annotations

import pytest

from sogdia import Scenario
from sogdia.case.shocks import Withdrawal
from sogdia.dependence.withdrawal import Pressure, with_withdrawn
from sogdia.errors import InputError

REFERENCE = Scenario(title="Reference", year=2030)


def test_withdrawal_has_the_homes_and_years_of_its_pressure() -> None:
    pressure = Pressure(homes=("XAA",), years_since=10)
    shocks = with_withdrawn(REFERENCE, ("north", "bank"), pressure, ("energy",)).shocks
    assert [(shock.partner, shock.channels, shock.homes, shock.years_since) for shock in shocks
            if isinstance(shock, Withdrawal)] == [
        ("north", ("energy",), ("XAA",), 10),
        ("bank", ("energy",), ("XAA",), 10),
    ]  # fmt: skip


def test_scenario_without_withdrawn_partners_stays_as_it_is() -> None:
    assert with_withdrawn(REFERENCE, (), Pressure()) is REFERENCE


def test_level_of_pressure_with_channels_is_refused() -> None:
    with pytest.raises(InputError, match="the pressure level 'friction' has no channels"):
        with_withdrawn(REFERENCE, ("north",), Pressure(level="friction"), ("energy",))
