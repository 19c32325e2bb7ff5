"""Loads: charges by box, wagon, lorry or tonne, by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.freight import build_supernetwork
from sogdia.freight.supernetwork.loads import Loads, Price

from .borderland import changed
from .networks import UNCALIBRATED, arcs_of, build_with, only_arc


def table(*rows: tuple[object, ...]) -> pd.DataFrame:
    columns = ["mode", "cargo", "vehicle", "t_per_vehicle", "t_per_counted_vehicle"]
    return pd.DataFrame(list(rows), columns=columns).assign(empty_cost_factor=np.nan)


BOX = ("any", "container", "teu", 14.0, 9.9)
LOADS = Loads(
    table(BOX, ("rail", "dry_bulk", "wagon", 70.0, np.nan), ("any", "dry_bulk", "lorry", 24.0, np.nan))
)


@pytest.mark.parametrize(
    ("price", "mode", "cargo", "usd_per_t"),
    [
        (Price("", per_teu=280.0, per_vehicle=350.0), "rail", "container", 20.0),
        (Price("", per_teu=280.0, per_vehicle=350.0), "rail", "dry_bulk", 5.0),
        (Price("", per_teu=280.0, per_vehicle=360.0), "road", "dry_bulk", 15.0),  # any mode
        (Price("", per_teu=280.0, per_t=6.0), "rail", "dry_bulk", 6.0),
        (Price("", per_t=6.0), "rail", "container", 6.0),
        (Price("", per_teu=280.0), "sea", "general", 20.0),  # nothing else is given
        (Price(""), "rail", "general", 0.0),
    ],
)
def test_price_by_vehicle_is_divided_by_its_load(
    price: Price, mode: str, cargo: str, usd_per_t: float
) -> None:
    assert LOADS.usd_per_t(price, mode, cargo) == pytest.approx(usd_per_t)


def test_counted_boxes_weigh_less_than_loaded_ones() -> None:
    assert (LOADS.t_per_teu, LOADS.t_per_counted_teu) == (14.0, 9.9)
    assert Loads(table(("any", "container", "teu", 12.0, np.nan))).t_per_counted_teu == 12.0


def test_missing_load_is_an_error_with_a_fix() -> None:
    with pytest.raises(InputError, match=r"loads\.csv: no wagon or lorry of mode ferry .* row ferry/general"):
        LOADS.usd_per_t(Price("", per_vehicle=100.0), "ferry", "general")
    with pytest.raises(InputError, match=r"loads\.csv: no row any/container with vehicle teu; add one"):
        LOADS_WITHOUT_BOX.usd_per_t(Price("", per_teu=100.0), "rail", "container")


LOADS_WITHOUT_BOX = Loads(table(("any", "container", "lorry", 20.0, np.nan)))


def test_border_charge_of_a_wagon_is_spread_over_its_load(borderland: Case) -> None:
    """80 USD a box of 10 t and 300 a wagon of 60 t: 8 and 5 USD/t; 25 t of general cargo pay 12."""
    row = ("crossings", "ab/XAA/XAB/rail")
    cells = {(*row, "cost_usd_per_t"): np.nan, (*row, "cost_usd_per_vehicle"): 300.0}
    built = build_supernetwork(changed(borderland, cells), UNCALIBRATED)
    crossing = arcs_of(built, row="crossings/ab/XAA/XAB/rail", kind="crossing").iloc[0]
    charges = [crossing[f"usd_per_t_{cargo}"] for cargo in ("container", "dry_bulk", "general")]
    assert charges == pytest.approx([8.0, 5.0, 12.0])


def test_rate_of_a_lorry_is_spread_over_its_load(borderland: Case) -> None:
    rate = ("rates", "road/any/container/2023")
    built = build_supernetwork(
        changed(borderland, {(*rate, "usd_per_tkm"): np.nan, (*rate, "usd_per_vehicle_km"): 2.0}),
        UNCALIBRATED,
    )
    haul = only_arc(built, "a/road", "ab/road")
    assert haul["usd_per_t_general"] == pytest.approx(2.0 * 110 / 25)
    assert haul["usd_per_t_container"] == pytest.approx(2.0 * 110 / 16)
    by_box = changed(borderland, {(*rate, "usd_per_tkm"): np.nan, (*rate, "usd_per_teu_km"): 2.0})
    haul = only_arc(build_supernetwork(by_box, UNCALIBRATED), "a/road", "ab/road")
    assert haul["usd_per_t_container"] == pytest.approx(2.0 * 110 / 10)


def test_capacity_in_boxes_counts_empty_ones(borderland: Case) -> None:
    built = build_with(borderland, **{"loads__any-container__t_per_counted_vehicle": 8.0})
    (capacity,) = arcs_of(built, row="transfers/p/rail/sea", cargo="container")["capacity"]
    assert capacity == 30_000 * 8.0
