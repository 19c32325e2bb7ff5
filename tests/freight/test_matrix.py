"""Demand estimated from counts on a small region, and its tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.case import unit_values_of
from sogdia.errors import InputError
from sogdia.freight.calibration.estimate import loss
from sogdia.freight.calibration.factors import demand_scores, factor_table, fit_table
from sogdia.freight.calibration.matrix import DemandEstimate, estimate_demand
from sogdia.freight.supernetwork.demand import PAIR, tonnes_by_pair

from .test_calibration_estimate import with_tables

RANGE = {"commodity": "any", "basis": "assumed", "source": "example", "note": "test"}
FLOW = {"what": "flow_t", "mode": "sea", "year": 2023, "unit": "t/a", "source": "example"}


def counted(case: Case, *, used: float, largest: float = 10.0, **more: list[dict[str, Any]]) -> Case:
    """Return the case with a count of the exports of XAA over the sea; 9,000 t in its trade."""
    tables: dict[str, list[dict[str, Any]]] = {
        "observations": [
            {"id": "out", "value": used, "use": "calibration", **FLOW},
            {"id": "back", "value": 14_000.0, "use": "validation", **FLOW},
        ],
        "measurements": [
            {"observation": name, "kind": "link_flow", "links": "sea_p_d", "exporters": exporter,
             "importers": importer, "t_per_unit": 1.0, "sd_ln": 1e-4}
            for name, exporter, importer in (("out", "XAA", ""), ("back", "", "XAA"))
        ],
        "tonnage_ranges": [
            {"tonnes_basis": name, "sd_ln": 0.5, "largest_factor": largest, **RANGE}
            for name in ("reported", "derived", "assumed")
        ],
    }  # fmt: skip
    return with_tables(case, **(tables | more))


def factors_of(estimate: DemandEstimate) -> dict[tuple[str, ...], float]:
    keys = zip(*(estimate.pairs[name].astype(str) for name in PAIR), strict=True)
    return dict(zip(keys, estimate.pairs["factor"].tolist(), strict=True))


def test_counted_pair_takes_the_change_and_others_stay(borderland: Case) -> None:
    estimate = estimate_demand(counted(borderland, used=18_000.0))
    factors = factors_of(estimate)
    assert estimate.before.tolist() == pytest.approx([9_000.0, 7_000.0])
    assert factors.pop(("XAA", "XAD", "all")) == pytest.approx(2.0, rel=1e-3)
    assert list(factors.values()) == pytest.approx([1.0] * len(factors), abs=1e-6)
    assert estimate.leverage == pytest.approx([1.0, 0.0], abs=1e-3)
    calibration, validation = demand_scores(estimate)
    assert (calibration.before_pct, validation.after_pct) == pytest.approx((50.0, 50.0))
    assert calibration.after_pct == pytest.approx(0.0, abs=0.1)


def test_range_of_the_tonnes_bounds_the_factor(borderland: Case) -> None:
    estimate = estimate_demand(counted(borderland, used=90_000.0, largest=3.0))
    assert factors_of(estimate)["XAA", "XAD", "all"] == pytest.approx(3.0)
    row = factor_table(estimate, counted(borderland, used=9.0)).iloc[0]
    assert (row["factor"], row["prior_t"], row["source"]) == (3.0, 9_000.0, "example")
    assert row["note"] == "at the largest factor of its range; out would move it farther"
    below = estimate_demand(counted(borderland, used=90.0, largest=3.0))
    assert (
        factor_table(below, counted(borderland, used=9.0)).iloc[0]["note"].startswith("at the least factor")
    )


def test_interval_of_the_unit_value_is_the_range_where_trade_has_no_tonnes(borderland: Case) -> None:
    """XAA sells grain to XAC for 48 million without tonnes, and to XAD 9,000 t."""
    values = {"usd_per_t": 200.0, "low_usd_per_t": 100.0, "high_usd_per_t": 300.0}
    rows = [{"exporter": "XAA", "importer": "any", "commodity": name, **values} for name in ("grain", "all")]
    pairs = estimate_demand(counted(borderland, used=18_000.0, unit_values=rows)).pairs
    columns = [*PAIR, "tonnes", "sd_ln", "least_factor", "largest_factor"]
    found = {tuple(row[:3]): row[3:] for row in pairs[columns].to_numpy()}
    assert list(found["XAA", "XAC", "grain"]) == pytest.approx([240_000.0, 0.42863, 2 / 3, 2.0], rel=1e-4)
    assert list(found["XAA", "XAD", "all"]) == [9_000.0, 0.5, 0.1, 10.0]


def two_counts(case: Case, second: float) -> Case:
    """Return the case with two counts of one flow of 9,000 t, the first of 18,000 t; both are used."""
    flow = {"kind": "link_flow", "links": "sea_p_d", "exporters": "XAA", "importers": "", "t_per_unit": 1.0}
    return counted(
        case,
        used=18_000.0,
        observations=[
            {"id": name, "value": value, "use": "calibration", **FLOW}
            for name, value in (("one", 18_000.0), ("two", second))
        ],
        measurements=[{"observation": name, "sd_ln": 0.1, **flow} for name in ("one", "two")],
    )


def test_factors_are_taken_if_counts_predict_each_other(borderland: Case) -> None:
    estimate = estimate_demand(two_counts(borderland, 18_000.0))
    at_trade, left_out = estimate.losses
    # ln((9 + 50) / (18 + 50)) / 0.1 = -1.42 standard deviations, floors of 50,000 t included.
    assert at_trade == pytest.approx(float(loss(np.array([np.log(59 / 68) / 0.1]))[0]), rel=1e-6)
    assert left_out < at_trade
    assert estimate.is_accepted
    row = factor_table(estimate, borderland).iloc[0]
    assert row["observation"] in ("one", "two")
    assert 1.0 < row["left_out_factor"] < row["factor"]
    assert 0.0 < row["leverage"] < 1.0


def test_factors_are_refused_if_counts_contradict_each_other(borderland: Case) -> None:
    """The second count is as far below the tonnes of trade as the first is above."""
    estimate = estimate_demand(two_counts(borderland, 1_200.0))
    assert not estimate.is_accepted
    assert estimate.left_out[0] < estimate.before_residual[0] < 0.0


def test_earlier_factors_are_not_read(borderland: Case) -> None:
    earlier = [dict(zip(PAIR, ("XAA", "XAD", "all"), strict=True), factor=7.0, prior_t=9_000.0, sd_ln=0.5)]
    case = counted(borderland, used=18_000.0, demand_factors=earlier)
    assert estimate_demand(case).before[0] == pytest.approx(9_000.0)


def test_factors_multiply_the_tonnes_of_trade(borderland: Case) -> None:
    trade, commodities = borderland.table("trade"), borderland.table("commodities")
    factors = pd.DataFrame([("XAA", "XAD", "all", 2.5)], columns=[*PAIR, "factor"])
    before, after = (
        tonnes_by_pair(trade, commodities, unit_values_of(borderland), each).set_index(PAIR)["tonnes"]
        for each in (None, factors)
    )
    assert after[("XAA", "XAD", "all")] == pytest.approx(2.5 * before[("XAA", "XAD", "all")])
    others = [key for key in before.index if key != ("XAA", "XAD", "all")]
    assert after[others].tolist() == before[others].tolist()


def test_fit_has_every_count_and_names_the_value_before(borderland: Case) -> None:
    fit = fit_table(estimate_demand(counted(borderland, used=18_000.0))).set_index("observation")
    assert set(fit["engine"]) == {"demand"}
    assert fit["note"]["back"] == "modelled 7000 at the tonnes of trade"
    assert pd.isna(fit["leverage"]["back"])
    assert fit["modelled"]["out"] == pytest.approx(18_000.0, rel=1e-3)


def test_missing_counts_and_ranges_raise(borderland: Case) -> None:
    with pytest.raises(InputError, match="no count is marked for calibration"):
        estimate_demand(borderland)
    one = [{"tonnes_basis": "reported", "sd_ln": 0.1, "largest_factor": 2.0, **RANGE}]
    case = counted(borderland, used=18_000.0, tonnage_ranges=one)
    with pytest.raises(InputError, match=r"tonnage_ranges\.csv: no row for"):
        estimate_demand(case)
