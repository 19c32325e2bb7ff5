"""``run_trade`` on a small region: tables, summary, plot and errors."""

from __future__ import annotations

from pathlib import Path

import pytest

import sogdia
from sogdia.region import Region

PNG = b"\x89PNG"


def test_trade_gains_are_those_of_the_home_countries(powered: Region, no_ships: Path) -> None:
    trade = sogdia.run_trade(powered, scenario=no_ships)
    assert not trade.has_power
    gains = trade.tables["economies"].set_index("name")["gain_musd"]
    summary = trade.summary()
    gain = summary[summary["figure"] == "Gain"].set_index("of")["value"]
    assert gain.to_dict() == pytest.approx(gains[["Alda", "Belda"]].to_dict())
    assert trade.plot()._repr_png_().startswith(PNG)


def test_compositions_are_solved_against_one_baseline(powered: Region, no_ships: Path) -> None:
    trade = sogdia.run_trade(powered, scenario=no_ships)
    table = trade.with_compositions(("one_sector", "sectors"))
    assert list(table["composition"].unique()) == ["one_sector", "sectors"]
    own = table[table["composition"] == "one_sector"].set_index("economy")["gain_musd"]
    gains = trade.tables["economies"].set_index("economy")["gain_musd"]
    assert own.to_dict() == pytest.approx(gains[own.index].to_dict())


def test_trade_with_power_has_its_tables(powered: Region, no_ships: Path) -> None:
    trade = sogdia.run_trade(powered, scenario=no_ships, power=True)
    assert trade.has_power
    assert {"power_link", "power_countries"} <= set(trade.tables)
