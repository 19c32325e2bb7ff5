"""Plants that set prices, in systems small enough to solve by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power import PowerResult, marginal_plants

from .systems import HOURS, VOLL, line, plant, solve_system, system

COAL, GAS = plant("A", "coal", 300, 20), plant("B", "gas", 100, 50)


def setters(result: PowerResult) -> dict[tuple[str, str, str], float]:
    table = marginal_plants(result)
    assert table.groupby("zone")["hours_h"].sum().to_numpy() == pytest.approx(HOURS)
    return {
        (row["zone"], row["carrier"], row["from_zone"]): row["hours_h"] for row in table.to_dict("records")
    }


def test_plant_of_the_zone_sets_its_price_where_the_line_is_full(isle_case: Case) -> None:
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, [COAL, GAS], [line("ab", "A", "B", 50, 0.8)])
    assert setters(result) == {("A", "coal", "A"): HOURS, ("B", "gas", "B"): HOURS}
    assert marginal_plants(result)["price_usd_per_mwh"].to_list() == pytest.approx([20.0, 50.0])


def test_plant_of_another_zone_sets_the_price_over_a_line_that_is_not_full(isle_case: Case) -> None:
    result = solve_system(isle_case, {"A": 40.0, "B": 80.0}, [COAL, GAS], [line("ab", "A", "B", 200, 0.9)])
    assert setters(result) == {("A", "coal", "A"): HOURS, ("B", "coal", "A"): HOURS}
    assert marginal_plants(result)["price_usd_per_mwh"].to_list() == pytest.approx([20.0, 20.0 / 0.9])


def test_hours_are_those_of_the_load(isle_case: Case) -> None:
    month = system(isle_case, {"A": 1.0}, []).snapshots.month
    plants = [plant("A", "coal", 60, 20), plant("A", "gas", 60, 50)]
    result = solve_system(isle_case, {"A": np.where(month <= 6, 100.0, 40.0)}, plants)
    found = setters(result)
    weight = result.inputs.snapshots.weight_h
    assert found["A", "gas", "A"] == pytest.approx(float(weight[month <= 6].sum()))
    assert found["A", "coal", "A"] == pytest.approx(float(weight[month > 6].sum()))


@pytest.mark.parametrize("plants", [[COAL], []], ids=["some load is served", "none is"])
def test_shortage_sets_the_value_of_lost_load(isle_case: Case, plants: list[dict[str, Any]]) -> None:
    load = 500.0
    offers = plants or [plant("A", "coal", 1e-6, 20)]
    table = marginal_plants(solve_system(isle_case, {"A": load}, offers))
    assert table["carrier"].to_list() == ["shed"]
    assert table["price_usd_per_mwh"].to_list() == pytest.approx([VOLL])


def test_neighbour_that_buys_sets_the_price(isle_case: Case) -> None:
    bid = plant("X", "buys", 60, -40, kind="buys")
    result = solve_system(isle_case, {"A": 280.0}, [COAL, bid], [line("ax", "A", "X", 90)], neighbours=("X",))
    assert setters(result) == {("A", "buys", "X"): HOURS}


def test_no_plant_between_its_bounds_is_a_limit(isle_case: Case) -> None:
    table = marginal_plants(solve_system(isle_case, {"A": 0.0}, [COAL]))
    assert isinstance(table, pd.DataFrame)
    assert table["carrier"].to_list() == ["limit"]
