"""Lines: what contracts send through them, and capacity after the years of the calibration."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Region
from sogdia.power import build_power_inputs
from sogdia.power.links import contracted_mw

from .conftest import shipped_case
from .systems import edited
from .test_settlement import contract

DIRECTIONS = pd.DataFrame(
    [
        ("ab", "A", "B", 30.0),
        ("ab", "B", "A", 30.0),
        ("ab2", "A", "B", 10.0),
        ("bc", "B", "C", 50.0),
        ("bc", "C", "B", 50.0),
    ],
    columns=["line", "iso3", "to_iso3", "p_nom_mw"],
)


def test_lines_share_a_volume_by_their_capacity_in_the_direction_of_the_seller() -> None:
    assert contracted_mw([contract(gwh_a=8.76)], DIRECTIONS) == pytest.approx([0.75, 0, 0.25, 0, 0])


def test_delivery_through_a_third_country_passes_each_line() -> None:
    through = contract(buyer="C", lines=("ab", "bc"), gwh_a=8.76)
    assert contracted_mw([through], DIRECTIONS) == pytest.approx([1, 0, 0, 1, 0])
    assert contracted_mw([contract(lines=("xy",), gwh_a=8.76)], DIRECTIONS) == pytest.approx(np.zeros(5))


def test_largest_month_counts_and_a_price_without_a_volume_does_not() -> None:
    """January has 744 hours: 1 MW all year and 0.744 GWh in January make 2 MW."""
    contracts = [
        contract("year", lines=("ab",), gwh_a=8.76),
        contract("january", lines=("ab",), gwh_a=0.744, from_month=1, to_month=1),
        contract("open", lines=("ab",)),
    ]
    assert contracted_mw(contracts, DIRECTIONS) == pytest.approx([2, 0, 0, 0, 0])


def test_line_carries_the_contracts_of_years_after_the_calibration(shipped: Region) -> None:
    """4,000 and 1,700 GWh a year are sent on the line; its constant alone allows less than half of 800 MW."""

    def usable(year: int, volume: float | None = None) -> float:
        case = shipped_case(shipped, "as_is", year=year)
        if volume is not None:
            contracts = case.table("power_contracts").copy()
            contracts.loc["tkm_kgz", "gwh_a"] = volume
            case = edited(case, power_contracts=contracts)
        return float(build_power_inputs(case).links["p_nom_mw"]["tkm_uzb>"])

    constant = shipped.table("calibration").set_index("parameter")["value"]["line_tkm_uzb"]
    assert usable(2021) == pytest.approx(800.0 * constant)
    assert usable(2024) - usable(2024, 824.0) == pytest.approx(876.0 / 8.76)
    assert usable(2024, 1e5) == pytest.approx(800.0)
