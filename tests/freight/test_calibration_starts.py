"""Searches from several starting points, and constants far from their priors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.errors import NotConvergedError
from sogdia.freight.calibration import estimate as estimating
from sogdia.freight.calibration import estimate_constants, search_report
from sogdia.freight.calibration.parameters import prior_deviations, without_cause
from sogdia.freight.calibration.starts import PACK, PRIORS, SearchEnd, other_minima, spread, starting_points
from sogdia.numerics import Convergence, Step

from .test_calibration_estimate import with_tables
from .test_calibration_fit import estimate_of


def sea_case(borderland: Case, *, value: float | None, prior: float = 1.0, sd_ln: float = 1.0) -> Case:
    """Return the case with one journey by sea: 22 USD/TEU by the tables, 44 by the observation."""
    row = {"id": "used", "what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU"}
    measured = {"observation": "used", "kind": "journey_cost", "places": "p;d", "modes": "sea"}
    constant = {"engine": "freight", "parameter": "sea", "prior": prior, "prior_sd_ln": sd_ln, "value": value}
    return with_tables(
        borderland,
        observations=[row | {"value": 44.0, "use": "calibration", "source": "example"}],
        measurements=[measured | {"sd_ln": 0.01}],
        calibration=[constant],
    )


def test_points_are_the_pack_the_priors_and_one_draw_from_each_part_of_the_prior() -> None:
    points = starting_points(np.array([1.0, 2.0]), 2, 4)
    assert [name for name, _ in points] == [PACK, PRIORS, "draw 1", "draw 2", "draw 3", "draw 4"]
    drawn = np.array([x for _, x in points[2:]])
    quartiles = np.searchsorted([-0.6745, 0.0, 0.6745], drawn)
    assert np.sort(quartiles, axis=0).tolist() == [[0, 0], [1, 1], [2, 2], [3, 3]]
    again = starting_points(None, 2, 4)
    assert [name for name, _ in again] == [name for name, _ in points[1:]]
    assert np.array_equal(again[-1][1], points[-1][1])


def test_pack_at_its_priors_is_one_start() -> None:
    assert [name for name, _ in starting_points(np.zeros(3), 3, 0)] == [PRIORS]


def test_searches_of_a_sum_with_one_minimum_agree(borderland: Case) -> None:
    estimated = estimate_constants(sea_case(borderland, value=0.3), draws=2)
    assert [end.start for end in estimated.ends] == [PACK, PRIORS, "draw 1", "draw 2"]
    low, high = spread(estimated.ends)
    assert high[0] - low[0] < 0.01
    assert estimated.misfit <= min(end.misfit for end in estimated.ends)
    assert estimated.constants.sea == pytest.approx(2.0, rel=0.01)
    assert not any(
        "another minimum" in line for line in search_report(estimated, _own(estimated.constants.sea))
    )


def _own(value: float, cause: str = "") -> pd.DataFrame:
    row = {"engine": "freight", "parameter": "sea", "value": value, "prior": 1.0, "prior_sd_ln": 0.1}
    return pd.DataFrame([row | {"cause": cause}])


def test_unsolvable_start_is_named_and_the_others_count(
    borderland: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    solve = estimating.CalibrationModel.solve

    def fails_far_out(model: estimating.CalibrationModel, x: np.ndarray) -> np.ndarray:
        if x[0] < -1.0:
            raise NotConvergedError(Convergence("test", 0.0, (Step(1, 1.0, 0.0),)))
        return solve(model, x)

    monkeypatch.setattr(estimating.CalibrationModel, "solve", fails_far_out)
    estimated = estimate_constants(sea_case(borderland, value=0.3))
    assert np.isinf([end.misfit for end in estimated.ends]).tolist() == [True, False]
    assert estimated.constants.sea == pytest.approx(2.0, rel=0.01)
    lines = search_report(estimated, _own(2.0, "x"))
    assert any(f"search from {PACK}: the model cannot be solved there" in line for line in lines)
    with pytest.raises(NotConvergedError):
        estimate_constants(sea_case(borderland, value=None), start=np.array([-2.0]))


def test_other_minimum_is_far_off_at_about_the_same_misfit() -> None:
    ends = [
        SearchEnd("best", np.array([0.0, 0.0]), 10.0, 1),
        SearchEnd("same", np.array([0.1, 0.0]), 10.1, 1),
        SearchEnd("other", np.array([0.0, 3.0]), 11.0, 1),
        SearchEnd("worse", np.array([0.0, 9.0]), 20.0, 1),
    ]
    found = other_minima(ends, np.zeros(2), np.array([0.5, 1.5]))
    assert [(end.start, off.tolist()) for end, off in found] == [("other", [0.0, 2.0])]
    estimated = replace(estimate_of([1.0, 1.0, 1.0]), ends=tuple(ends), covariance=np.diag([0.25, 2.25]))
    rows = pd.DataFrame({"parameter": [p.name for p in estimated.priors], "engine": "freight", "cause": ""})
    rows = rows.assign(value=1.0, prior=1.0, prior_sd_ln=1.0)
    # Prior of border_pct: 0.5 with a standard deviation of 1, so 3 of these are 0.5 e^3 = 10.
    line = "another minimum fits about as well (search from other): border_pct 10 for 0.5"
    assert line in search_report(estimated, rows)


def test_pulls_at_the_estimate_sum_to_its_distance_from_the_prior(borderland: Case) -> None:
    estimated = estimate_constants(sea_case(borderland, value=None, prior=1.0, sd_ln=0.3))
    assert estimated.pull is not None
    assert estimated.pull.sum() == pytest.approx(estimated.x[0], rel=0.02)
    assert estimated.pulled_by("sea") == ("used",)


def test_constant_far_from_its_prior_needs_a_cause() -> None:
    # ln(1.3) / 0.1 = 2.6 standard deviations, ln(1.1) / 0.1 = 0.95.
    assert prior_deviations(_own(1.3)).tolist() == pytest.approx([2.6236], abs=1e-3)
    assert without_cause(_own(1.1)) == ()
    assert without_cause(_own(1.3, "rates of 2020 in a table of 2023")) == ()
    assert without_cause(_own(1.3)) == (
        "calibration.csv: freight/sea value: 1.3 is 2.6 standard deviations above its prior 1 and cause is "
        "empty; name the cause, or correct the prior",
    )
    assert "below its prior" in without_cause(_own(0.7))[0]
    assert np.isnan(prior_deviations(_own(1.3).assign(prior_sd_ln=np.nan))).all()


def test_report_names_the_rows_that_pull_a_constant_away(borderland: Case) -> None:
    estimated = estimate_constants(sea_case(borderland, value=None, prior=1.0, sd_ln=0.1))
    line = search_report(estimated, _own(estimated.constants.sea))[-1]
    assert "cause is empty" in line
    assert line.endswith("(pulled most by used)")
