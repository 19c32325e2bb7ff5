"""Fuel that the trade model and the power system would both count."""

from __future__ import annotations

import pandas as pd
import pytest
from freight.borderland import case_of, write_borderland
from trade.small_sectors import with_sectors

from sogdia.coupling import CouplingSettings
from sogdia.dependence.fuel import fuel_counted_twice, fuel_elasticities


def test_newly_lost_fuel_is_divided_by_its_elasticity() -> None:
    columns = ["home", "carrier", "origin", "lost", "spent_musd"]
    rows = [("A", "gas", "X", False, 30.0), ("A", "coal", "X", False, 8.0), ("B", "gas", "X", True, 50.0)]
    before = pd.DataFrame(rows, columns=columns)
    after = before.assign(lost=[True, True, True])
    # 30 / 1.5 of gas and 8 / 4 of coal; the second country had lost its gas before.
    assert fuel_counted_twice(before, after, {"gas": 1.5}, 4.0) == pytest.approx({"A": 22.0})
    assert fuel_counted_twice(before, before, {"gas": 1.5}, 4.0) == {}


def test_fuel_has_the_elasticity_of_its_sector(tmp_path_factory: pytest.TempPathFactory) -> None:
    case = case_of(write_borderland(tmp_path_factory.mktemp("packs") / "borderland"))
    general = float(case.table("commodities")["elasticity"]["all"])
    one = fuel_elasticities(case, CouplingSettings(composition="sectors"))
    assert set(one.values()) == {general}
    split = with_sectors(case)
    long, short = (
        fuel_elasticities(split, CouplingSettings(composition="sectors", horizon=name))
        for name in ("long_run", "short_run")
    )
    assert long["gas"] == 1.0
    assert short["gas"] == pytest.approx(0.4)
    # No sector of the small region holds coal.
    assert long["coal"] == general
