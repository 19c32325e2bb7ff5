"""Own load first: no country cuts load for another one."""

from __future__ import annotations

import pytest

from sogdia import Case

from .systems import HOURS, line, plant, solve_system


def test_country_does_not_cut_load_to_export(isle_case: Case) -> None:
    """A has 10 MW left; B, whose load has nine times the value, gets no more."""
    lines = [line("ab", "A", "B", 50, 0.98), line("ba", "B", "A", 50, 0.98)]
    lost_load = {"A": 100.0, "B": 900.0}
    result = solve_system(
        isle_case, {"A": 80.0, "B": 80.0}, [plant("A", "coal", 90, 10)], lines, lost_load=lost_load
    )
    unserved = result.unserved.set_index("zone")["unserved_gwh"]
    assert unserved["A"] == pytest.approx(0.0, abs=1e-6)
    assert unserved["B"] == pytest.approx((80 - 10 * 0.98) * HOURS / 1e3)
    assert result.price_usd_per_mwh["B"].to_numpy() == pytest.approx(900.0)
    assert result.price_usd_per_mwh["A"].max() <= 100.0
    assert result.costs["cost_musd"].iloc[-1] * 1e6 == pytest.approx(result.solver.objective_usd)


def test_country_imports_up_to_its_own_value_of_lost_load(isle_case: Case) -> None:
    """A does not buy at 150 USD/MWh what it values at 100, B does."""
    plants = [plant("X", "sells", 200, 150, kind="sells")]
    lines = [line("xa", "X", "A", 50), line("xb", "X", "B", 50)]
    result = solve_system(
        isle_case,
        {"A": 20.0, "B": 20.0},
        plants,
        lines,
        neighbours=("X",),
        lost_load={"A": 100.0, "B": 900.0},
    )
    unserved = result.unserved.set_index("zone")["unserved_gwh"]
    assert unserved.to_dict() == pytest.approx({"A": 20 * HOURS / 1e3, "B": 0.0})
