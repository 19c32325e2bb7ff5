"""Calibrated constants: factors, border costs, logit scales."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import InputError
from sogdia.freight import build_supernetwork
from sogdia.freight.supernetwork.constants import Constants, apply_constants, border_costs_pct, thetas


def test_factor_changes_its_own_arcs_only(borderland: Case) -> None:
    bare = build_supernetwork(borderland, Constants()).bare.arcs
    calibrated = apply_constants(bare, Constants(rail=2.0, rail_time=3.0, dwell_time=5.0))
    haul, rail = bare["kind"] == "haul", bare["mode"] == "rail"
    for mask, money, time in (
        (haul & rail, 2.0, 3.0),
        (haul & ~rail, 1.0, 1.0),
        (bare["kind"] == "crossing", 1.0, 5.0),
        (bare["kind"] == "transfer", 1.0, 5.0),
        (bare["kind"] == "pipeline", 1.0, 1.0),
    ):
        assert mask.any()
        assert np.allclose(
            calibrated.loc[mask, "usd_per_t_container"], money * bare.loc[mask, "usd_per_t_container"]
        )
        for column in ("time_h", "free_flow_cost", "delay_scale"):
            assert np.allclose(calibrated.loc[mask, column], time * bare.loc[mask, column])


def test_border_cost_is_a_share_of_value_and_higher_at_a_named_party(borderland: Case) -> None:
    arcs = build_supernetwork(borderland, Constants()).bare.arcs
    pct = border_costs_pct(arcs, Constants(border_pct=1.0, border_pct_of={"XAC": 4.0}))
    crossing = (arcs["kind"] == "crossing").to_numpy()
    north = arcs["crossing_id"].str.startswith("ac/").to_numpy()
    assert (pct[~crossing] == 0.0).all()
    assert (pct[crossing & north] == 5.0).all()
    assert (pct[crossing & ~north] == 1.0).all()


def test_border_cost_is_converted_to_hours(borderland: Case) -> None:
    """Goods of 2,400 USD/t at 1 % a day have a value of time of 1 USD/t/h: 2 % of value is 48 h."""
    free = build_supernetwork(borderland, Constants())
    costly = build_supernetwork(borderland, Constants(border_pct=2.0))
    k = free.demand.classes.index("all")
    crossing = (free.network.arcs["kind"] == "crossing").to_numpy()
    assert free.demand.class_cost is not None
    assert costly.demand.class_cost is not None
    open_arcs = np.isfinite(free.demand.class_cost[k])
    assert np.array_equal(open_arcs, np.isfinite(costly.demand.class_cost[k]))
    added = costly.demand.class_cost[k, open_arcs] - free.demand.class_cost[k, open_arcs]
    assert np.allclose(added[crossing[open_arcs]], 48.0)
    assert np.allclose(added[~crossing[open_arcs]], 0.0)


def test_theta_falls_with_the_root_of_value() -> None:
    goods = pd.DataFrame({"usd_per_t": [1000.0, 4000.0]}, index=["low", "high"])
    theta = thetas(("low", "high", "high"), goods, Constants(theta=0.06, theta_value=0.5))
    assert theta == pytest.approx([0.06, 0.03, 0.03])


@pytest.mark.parametrize(
    "values", [{"nonsense": 1.0}, {"rail": -1.0}, {"rail/XAA": 1.0}, {"border_pct": float("nan")}]
)
def test_invalid_constant_is_an_error(values: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"calibration\.csv"):
        Constants().replaced(values)
