"""Fuel that the trade model and the power system would both count."""

from __future__ import annotations

import pandas as pd
import pytest

from sogdia.dependence.fuel import fuel_counted_twice
from sogdia.dependence.loss_tables import channel_losses


def test_part_of_a_lost_fuel_that_plants_burn_is_subtracted() -> None:
    columns = ["home", "carrier", "origin", "lost", "spent_musd"]
    rows = [
        ("A", "gas", "X", False, 20.0), ("A", "gas_ocgt", "X", False, 10.0), ("A", "coal", "X", False, 8.0),
        ("B", "gas", "X", True, 50.0),
    ]  # fmt: skip
    before = pd.DataFrame(rows, columns=columns)
    after = before.assign(lost=True)
    reruns = pd.DataFrame(
        [("A", "natural_gas", 12.0, 60.0), ("A", "coal", 3.0, 4.0), ("B", "natural_gas", 9.0, 50.0)],
        columns=["home", "commodity", "gain_musd", "imports_musd"],
    )
    # Half of 12 for gas, all 3 for coal, of which plants burn more than is bought abroad; B lost it before.
    assert fuel_counted_twice(before, after, reruns) == pytest.approx({"A": 9.0})
    assert fuel_counted_twice(before, before, reruns) == {}


def test_fuel_that_plants_burn_is_lost_to_energy_not_to_trade() -> None:
    """Trade counts 12, of it 9 for gas that plants burn, which costs the power system 4: 3 + 4 are lost."""
    steps = [100.0, 88.0, 88.0, 86.0, 86.0, 86.0, 81.0]
    row = {"fuel_twice_musd": 9.0, "energy_musd": 4.0, "capital_musd": 2.0, "transit_income_musd": 0.0}
    row |= {"customs_union_musd": -1.0, "refinancing_musd": 0.5, "foreign_investment_musd": 0.25}
    parts = channel_losses(steps, row)
    assert (parts["trade"], parts["energy"], parts["rents"], parts["remittances"]) == (3.0, 4.0, 2.0, 5.0)
    assert sum(parts.values()) == (100.0 - 81.0) - 9.0 + 4.0 + 2.0 - 1.0 + 0.5 + 0.25
