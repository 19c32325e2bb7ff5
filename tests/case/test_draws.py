"""Samples of uncertain figures: distributions by rule, figures drawn together, the same for every plan."""

from __future__ import annotations

import numpy as np
import pytest
from breaking import PackCopy
from scipy.special import ndtr, ndtri

from sogdia import Case, Region, build_case, load_plan, load_region, load_scenario
from sogdia.case.draws import STRATA, Draw, own_deviations
from sogdia.errors import FaultsError
from sogdia.region.uncertainty_rule import UncertaintyRule

SAMPLES = range(150)


def draw(sample: int = 1, **scores: float) -> Draw:
    return Draw(seed=7, sample=sample, scores=tuple(scores.items()))


def case_of(region: Region, chosen: Draw | None, plan: str = "as_is") -> Case:
    scenario = load_scenario("reference", region).model_copy(update={"draw": chosen})
    return build_case(region, load_plan(plan, region), scenario)


def values(case: Case, table: str, field: str) -> np.ndarray:
    return case.table(table)[field].to_numpy(dtype=np.float64, na_value=np.nan)


def test_figure_follows_the_rule_of_its_group_and_key_by_hand(isles: Region) -> None:
    # Growth: 40 % (assumed), half of the variance common; rows of one economy together.
    chosen = draw(growth=0.9)
    own = dict(zip(("any", "XAA"), own_deviations(chosen, "growth_rates", ["any", "XAA"]), strict=True))
    before, after = (case_of(isles, each).table("growth") for each in (None, chosen))
    for key, row in before.to_dict("index").items():
        z = np.sqrt(0.5) * (ndtri(0.9) + own[row["iso3"]])
        factor = np.exp(0.4 * z) if row["item"] == "gdp" else 1.0
        assert after["pct_per_a"][str(key)] == pytest.approx(row["pct_per_a"] * factor)


def test_standard_error_sets_the_width_of_an_elasticity(isles: Region) -> None:
    # Fishing: 5 with standard error 1; common share 0.6.
    chosen = draw(elasticities=0.2)
    z = np.sqrt(0.6) * ndtri(0.2) + np.sqrt(0.4) * own_deviations(chosen, "responses", ["fishing"])[0]
    found = case_of(isles, chosen).table("elasticities").loc["fishing/long_run/recommended", "value"]
    assert found == pytest.approx(5.0 * np.exp(z * np.sqrt(np.log1p(0.2**2))))


def test_width_and_correlation_over_many_samples_are_those_of_the_rule(isles: Region) -> None:
    # Independent quantiles of the group: 150 samples give a deviation to 6 % and a correlation to 0.07.
    scores = np.random.default_rng(2).permutation((np.arange(len(SAMPLES)) + 0.5) / len(SAMPLES))
    logs = np.array([
        np.log(values(case_of(isles, draw(n, rates=float(scores[n]))), "rates", "usd_per_tkm"))
        for n in SAMPLES
    ])  # fmt: skip
    assert logs.std(axis=0)[:3] == pytest.approx(0.2, rel=0.15)
    correlation = np.corrcoef(logs[:, :3].T)
    assert correlation[np.triu_indices(3, 1)] == pytest.approx(0.5, abs=0.18)
    assert logs.std(axis=0)[3] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("first", [1, 1 + STRATA, 1 + 7 * STRATA])
def test_block_of_samples_has_one_own_deviation_in_each_equal_interval(first: int) -> None:
    keys = [f"row {number}" for number in range(40)]
    block = range(first, first + STRATA)
    quantiles = ndtr([own_deviations(draw(sample), "rule", keys) for sample in block])
    intervals = np.floor(quantiles * STRATA)
    assert np.array_equal(np.sort(intervals, axis=0).T, np.tile(np.arange(STRATA), (len(keys), 1)))
    # The order is random for each key: 40 rows have hardly two with one order, nor a common one.
    assert len({tuple(row) for row in intervals.T}) == len(keys)
    assert abs(np.corrcoef(quantiles.T)[np.triu_indices(len(keys), 1)].mean()) < 0.03


def test_own_deviations_of_as_many_blocks_divide_each_interval_again() -> None:
    count = STRATA**2
    quantiles = ndtr([own_deviations(draw(sample), "rule", ["row"])[0] for sample in range(1, count + 1)])
    assert sorted(np.floor(quantiles * count)) == list(range(count))


def test_own_deviation_depends_on_no_other_row() -> None:
    one = own_deviations(draw(5), "rule", ["a", "b", "a"])
    assert one.tolist() == [one[0], own_deviations(draw(5), "rule", ["b"])[0], one[0]]
    assert own_deviations(draw(5), "rule", []).shape == (0,)


def test_plan_and_baseline_have_the_same_figures(isles: Region) -> None:
    chosen = draw(growth=0.3, rates=0.8, fuel=0.1, dwell=0.5)
    cases = [case_of(isles, chosen, plan) for plan in ("as_is", "ferry_age")]
    for table, field in (("rates", "usd_per_tkm"), ("crossings", "dwell_h"), ("power_costs", "value")):
        one, two = (values(case, table, field) for case in cases)
        assert one.tolist() == pytest.approx(two.tolist(), nan_ok=True)


def test_group_without_a_score_keeps_its_figures(isles: Region) -> None:
    changed = case_of(isles, draw(fuel=0.9)).changes_table()
    drawn = changed[changed["cause"].str.startswith("draw")]
    assert drawn[["cause", "table", "source"]].to_numpy().tolist() == [["draw fuel", "power_costs", "tale"]]


def test_median_quantile_of_a_common_figure_is_the_value_of_the_pack(isles: Region) -> None:
    found = case_of(isles, draw(fuel=0.5)).table("power_costs")
    assert found["value"].tolist() == pytest.approx(isles.table("power_costs")["value"].tolist())


@pytest.mark.parametrize("score", [0.7, 0.95, 0.999])
def test_figure_stays_at_or_below_its_limit(isles: Region, score: float) -> None:
    # Rents: normal, common, from 0.5 with a range of 0.3 to 0.7: 31 %; the limit is 0.7.
    found = case_of(isles, draw(rents=score)).table("specific_factors")["value_added_share"]
    expected = min(0.7, 0.5 * (1.0 + 0.4 / 0.5 / (2.0 * 1.2815515655446004) * ndtri(score)))
    assert found.iloc[0] == pytest.approx(expected)


def test_deviation_beyond_three_is_cut_off(isles: Region) -> None:
    found = case_of(isles, draw(fuel=1.0 - 1e-9)).table("power_costs")["value"]
    assert found.iloc[1] == pytest.approx(60.0 * np.exp(0.3 * 3.0))


@pytest.mark.parametrize(("centre", "power"), [("mean", 1.0), ("reciprocal", -1.0)])
def test_sum_of_figures_that_are_added_up_is_that_of_the_pack(centre: str, power: float) -> None:
    # 60 %, a quarter of the variance common: own deviations of many rows leave the common factor alone.
    row = {"distribution": "lognormal", "centre": centre, "common_share": 0.25}
    rule, own = UncertaintyRule(row), ndtri((np.arange(20_000) + 0.5) / 20_000)
    for z_group in (-1.0, 0.0, 2.0):
        factors = rule.factors(np.full(len(own), 0.6), np.sqrt(0.25) * z_group + np.sqrt(0.75) * own)
        mean = float((factors**power).mean())
        assert mean == pytest.approx(np.exp(power * 0.6 * 0.5 * z_group), rel=1e-3)


def test_uniform_factor_stays_within_its_ends(isles: Region) -> None:
    # 30 %: from 1 − 0.3 √3 to 1 + 0.3 √3; both directions of a border are one place and move together.
    found = np.array([values(case_of(isles, draw(n, dwell=0.5)), "crossings", "dwell_h") for n in range(60)])
    factors = found / np.array([4.0, 4.0, 12.0, 12.0])
    assert factors.min() > 1.0 - 0.3 * np.sqrt(3.0)
    assert factors.max() < 1.0 + 0.3 * np.sqrt(3.0)
    assert factors[:, 0].tolist() == factors[:, 1].tolist()
    assert abs(np.corrcoef(factors[:, 0], factors[:, 2])[0, 1]) < 0.4


def test_order_of_rows_changes_no_draw(isles: Region, pack: PackCopy) -> None:
    for table in ("growth", "uncertainty_rules"):
        head, *rows = pack.rows(table)
        pack.write(table, [head, *rows[::-1]])
    chosen = draw(growth=0.2)
    one = case_of(isles, chosen).table("growth")["pct_per_a"]
    two = case_of(load_region(pack.folder), chosen).table("growth")["pct_per_a"]
    assert two[one.index].tolist() == pytest.approx(one.tolist())


def test_unknown_group_is_refused_with_the_nearest_name(isles: Region) -> None:
    with pytest.raises(FaultsError, match="did you mean growth"):
        case_of(isles, draw(growht=0.5))


def test_rows_of_one_port_stay_one_capacity_in_a_sample(shipped: Region) -> None:
    # The network takes rows of one place with one figure for one capacity.
    before, after = (case_of(shipped, each).table("transfers") for each in (None, draw(capacity=0.3)))
    for field in ("capacity_t", "capacity_teu"):
        known = before[before[field].notna()]
        groups = after.loc[known.index, field].groupby([known["place"], known[field]])
        assert (groups.size() > 1).any()
        assert (groups.nunique() == 1).all()
        assert (after.loc[known.index, field] != known[field]).any()
