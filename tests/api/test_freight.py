"""``run_freight`` on a small region: tables, summary, plot and errors."""

from __future__ import annotations

import pytest

import sogdia
from sogdia.api import FreightRun
from sogdia.errors import InputError
from sogdia.region import Region

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def freight(powered: Region) -> FreightRun:
    return sogdia.run_freight(powered, year=2023)


def test_freight_has_tables_summary_and_plot(freight: FreightRun) -> None:
    assert list(freight.tables) == [
        "corridors", "bottlenecks", "transit", "transit_income", "stations", "undelivered", "links",
        "journey a to c",
    ]  # fmt: skip
    summary = freight.summary().set_index("figure")
    assert summary.at["Delivered freight", "value"] == pytest.approx(1.301)
    assert summary.at["Delivered freight", "unit"] == "Mt/a"
    assert summary.at["Undelivered freight", "value"] == 0.0
    assert freight.plot()._repr_png_().startswith(PNG)


def test_corridors_of_two_economies_are_of_their_trade_alone(powered: Region, freight: FreightRun) -> None:
    pair = sogdia.run_freight(powered, year=2023, between=("XAA", "XAC")).tables["corridors"]
    assert pair["share_pct"].sum() == pytest.approx(100.0)
    assert pair["tonnes"].sum() < freight.tables["corridors"]["tonnes"].sum()


def test_unknown_economy_raises_with_the_known_ones(powered: Region) -> None:
    with pytest.raises(InputError, match="'XAA/XZZ' does not name two economies; economies: XAA"):
        sogdia.run_freight(powered, year=2023, between=("XAA", "XZZ"))
