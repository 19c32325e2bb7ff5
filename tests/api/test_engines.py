"""``run_freight``, ``run_trade``, ``run_power`` and ``run_dependence`` on a small region."""

from __future__ import annotations

from pathlib import Path

import pytest

import sogdia
from sogdia.api import FreightRun, dependence_settings
from sogdia.errors import InputError
from sogdia.region import Region

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def freight(powered: Region) -> FreightRun:
    return sogdia.run_freight(powered, year=2023)


def test_freight_has_tables_summary_and_plot(freight: FreightRun) -> None:
    assert list(freight.tables) == [
        "corridors", "bottlenecks", "transit", "stations", "undelivered", "links", "journey a to c",
    ]  # fmt: skip
    summary = freight.summary().set_index("figure")["value"]
    assert summary["Delivered freight"] == pytest.approx(1_301_000)
    assert summary["Undelivered freight"] == 0.0
    assert freight.plot()._repr_png_().startswith(PNG)


def test_corridors_of_two_economies_are_of_their_trade_alone(powered: Region, freight: FreightRun) -> None:
    pair = sogdia.run_freight(powered, year=2023, between=("XAA", "XAC")).tables["corridors"]
    assert pair["share_pct"].sum() == pytest.approx(100.0)
    assert pair["tonnes"].sum() < freight.tables["corridors"]["tonnes"].sum()


def test_unknown_economy_raises_with_the_known_ones(powered: Region) -> None:
    with pytest.raises(InputError, match="'XAA/XZZ' does not name two economies; economies: XAA"):
        sogdia.run_freight(powered, year=2023, between=("XAA", "XZZ"))


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
    table = trade.with_compositions(("one_sector", "exporter"))
    assert list(table["composition"].unique()) == ["one_sector", "exporter"]
    own = table[table["composition"] == "one_sector"].set_index("economy")["gain_musd"]
    gains = trade.tables["economies"].set_index("economy")["gain_musd"]
    assert own.to_dict() == pytest.approx(gains[own.index].to_dict())


def test_trade_with_power_has_its_tables(powered: Region, no_ships: Path) -> None:
    trade = sogdia.run_trade(powered, scenario=no_ships, power=True)
    assert trade.has_power
    assert {"power_link", "power_countries"} <= set(trade.tables)


def test_power_has_costs_emissions_and_net_imports(powered: Region) -> None:
    power = sogdia.run_power(powered, year=2023)
    summary = power.summary().set_index("figure")["value"]
    assert summary["CO2 emissions"] == pytest.approx(power.tables["countries"]["co2_mt"].sum())
    assert summary["Unserved energy"] == pytest.approx(0.0)
    assert power.plot()._repr_png_().startswith(PNG)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"hours": 100}, "hours: "),
        ({"mode": "guess"}, "mode: "),
        ({"co2_price": -1.0}, "co2_price: "),
    ],
)
def test_setting_out_of_range_is_named_as_its_argument(
    powered: Region, arguments: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        sogdia.run_power(powered, year=2023, **arguments)  # type: ignore[arg-type]


def test_dependence_counts_its_runs_and_compares(powered: Region, store: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    dependence = sogdia.run_dependence(
        powered, "as_is", year=2023, store=store, settings=dependence_settings(channels=False),
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    assert steps
    assert all(finished <= total for finished, total, _ in steps)
    summary = dependence.summary()
    assert set(summary["of"]) == {"Alda", "Belda"}
    assert (summary["unit"] == "% of GDP").all()
    assert (dependence.compare(dependence)["change_pct"] == 0.0).all()
    assert dependence.plot()._repr_png_().startswith(PNG)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"imbalance": "none"}, "imbalance: "),
        ({"tolerance_pct": 200.0}, "tolerance_pct: "),
        ({"partners": ["west"]}, "no partner is called 'west'"),
        ({"level": "harsh"}, "no pressure level is called 'harsh'"),
    ],
)
def test_invalid_argument_of_dependence_is_named(
    powered: Region, store: Path, arguments: dict[str, object], message: str
) -> None:
    def run() -> None:
        settings = dependence_settings(**arguments)  # type: ignore[arg-type]
        sogdia.run_dependence(powered, "as_is", year=2023, store=store, settings=settings)

    with pytest.raises(InputError, match=message):
        run()
