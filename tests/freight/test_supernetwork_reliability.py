"""Spread of times at borders by hand, and its cost."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.freight import build_supernetwork
from sogdia.freight.supernetwork.constants import Constants
from sogdia.freight.supernetwork.reliability import calendar_sd_h, closing_variance_h2, spread_h

from .borderland import changed

NAN = float("nan")
ROAD = "ab/XAA/XAB/road"


def crossing(winter: float = NAN, summer: float = NAN, closed: float = NAN) -> dict[str, float]:
    return {"dwell_winter_h": winter, "dwell_summer_h": summer, "closed_daily_h": closed}


@pytest.mark.parametrize(
    ("row", "sd"),
    [
        (crossing(), 0.0),
        (crossing(10.0, 10.0), 0.0),
        # Two values 24 h apart, 5 and 7 twelfths of the time: 24 · √(5 · 7) / 12.
        (crossing(30.0, 6.0), 2.0 * math.sqrt(35.0)),
        # Closed all day but for an instant: the wait is even over 24 h, with the variance 24² / 12.
        (crossing(closed=24.0), math.sqrt(48.0)),
        (crossing(30.0, 6.0, 24.0), math.sqrt(140.0 + 48.0)),
    ],
)
def test_calendar_spread_by_hand(row: dict[str, float], sd: float) -> None:
    assert calendar_sd_h(row) == pytest.approx(sd)


def test_wait_for_opening_equals_that_of_arrivals_over_the_day() -> None:
    """Arrivals each second of the day; the crossing opens after the first 10 hours."""
    arrival = (np.arange(86_400) + 0.5) / 3_600
    wait = np.maximum(10.0 - arrival, 0.0)
    assert closing_variance_h2(10.0) == pytest.approx(wait.var(), rel=1e-6)


def test_unknown_spread_is_a_share_of_the_dwell_at_borders_alone() -> None:
    arcs = pd.DataFrame(
        {
            "kind": ["crossing", "crossing", "crossing", "haul"],
            "time_h": [10.0, 10.0, 10.0, 10.0],
            "dwell_sd_h": [0.0, 3.0, 0.0, 0.0],
            "has_dwell_sd": [False, True, False, False],
            "calendar_sd_h": [0.0, 4.0, 24.0, 0.0],
        }
    )
    hours = arcs["time_h"].to_numpy()
    assert spread_h(arcs, hours, 0.7).tolist() == pytest.approx([7.0, 5.0, 25.0, 0.0])
    twice = spread_h(arcs, 2.0 * hours, 0.7).tolist()
    assert twice == pytest.approx([14.0, math.hypot(6.0, 4.0), math.hypot(14.0, 24.0), 0.0]), "seasons stay"


def test_spread_costs_hours_and_takes_none(borderland: Case) -> None:
    """An hour of spread is as bad as 0.4 of an hour; times at borders are doubled, and their spread too."""
    case = changed(borderland, {("crossings", ROAD, "dwell_sd_h"): 6.0})
    free, costly = (
        build_supernetwork(case, Constants(dwell_time=2.0, reliability_ratio=r)) for r in (0.0, 0.4)
    )
    arcs = costly.network.arcs
    own = (arcs["crossing_id"] == ROAD).to_numpy(dtype=bool)
    assert own.any()
    k = free.demand.classes.index("all")
    assert free.demand.class_cost is not None
    assert costly.demand.class_cost is not None
    is_open = np.isfinite(free.demand.class_cost[k])
    assert np.array_equal(is_open, np.isfinite(costly.demand.class_cost[k]))
    added = costly.demand.class_cost[k, is_open] - free.demand.class_cost[k, is_open]
    assert added[own[is_open]].tolist() == pytest.approx([0.4 * 2.0 * 6.0] * int(own.sum()))
    assert added[~own[is_open]] == pytest.approx(0.0)
    for column in ("time_h", "free_flow_cost", "usd_per_t_container"):
        assert arcs[column].equals(free.network.arcs[column])


def test_higher_variation_raises_costs_at_all_borders(borderland: Case) -> None:
    """Dwells of 10 to 44 h: a coefficient of variation of 1 is as bad as 0.4 of each."""
    free, costly = (
        build_supernetwork(borderland, Constants(reliability_ratio=0.4, dwell_variation=v))
        for v in (0.0, 1.0)
    )
    arcs, k = free.network.arcs, free.demand.classes.index("all")
    assert free.demand.class_cost is not None
    assert costly.demand.class_cost is not None
    at_border = (arcs["kind"] == "crossing").to_numpy(dtype=bool) & np.isfinite(free.demand.class_cost[k])
    added = costly.demand.class_cost[k, at_border] - free.demand.class_cost[k, at_border]
    assert added == pytest.approx(0.4 * arcs.loc[at_border, "time_h"].to_numpy())


def test_shipped_season_costs_more_than_its_yearly_mean(shipped: Region) -> None:
    rows = shipped.table("crossings").reset_index().to_dict("records")
    seasonal = [row for row in rows if not math.isnan(row["dwell_winter_h"])]
    assert seasonal
    assert all(calendar_sd_h({str(k): v for k, v in row.items()}) > 0.0 for row in seasonal)
