"""Scenario discovery by PRIM, against the runs of Bryant & Lempert (2010) and boxes known beforehand."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from bench import bench_path

from sogdia.errors import InputError
from sogdia.uncertainty.prim import Box, discover, peel


@pytest.fixture(scope="module")
def published() -> tuple[pd.DataFrame, pd.Series, dict[str, Any]]:
    folder = bench_path("portfolio", "scenario_discovery")
    table = pd.read_csv(folder / "bryant2010.csv")
    answers = json.loads((folder / "answers.json").read_text())
    return table[answers["inputs"]], table[answers["target"]] == 1, answers


def test_trajectory_is_that_of_the_published_peeling(published: Any) -> None:
    inputs, flags, answers = published
    boxes = peel(inputs, flags)
    for box, step in zip(boxes, answers["trajectory"], strict=True):
        found = (box.coverage, box.density, box.mass)
        assert found == pytest.approx([step[name] for name in ("coverage", "density", "mass")], abs=1e-6)
        assert len(box.limits) == step["restricted"]


@pytest.mark.parametrize(("step", "key"), [(21, "limits_step_21"), (-1, "limits_last")])
def test_limits_are_those_of_the_published_box(published: Any, step: int, key: str) -> None:
    inputs, flags, answers = published
    box = peel(inputs, flags)[step]
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == set(answers[key])
    for name, (low, high) in answers[key].items():
        ends = (limits[name].low, limits[name].high)
        full = (float(inputs[name].min()), float(inputs[name].max()))
        found = [end if end is not None else edge for end, edge in zip(ends, full, strict=True)]
        assert found == pytest.approx([low, high], abs=1e-9)


def test_chosen_box_of_the_published_runs_drops_no_input_that_matters(published: Any) -> None:
    inputs, flags, _ = published
    box = discover(inputs, flags)
    assert {"Total biomass", "Demand elasticity", "Biomass backstop price"} <= {
        each.name for each in box.limits
    }
    assert box.density >= 0.7
    assert max(limit.chance for limit in box.limits) <= 0.05


@pytest.fixture(scope="module")
def corner() -> tuple[pd.DataFrame, np.ndarray]:
    """Cases of interest in a corner known beforehand, with an input that has no part in it."""
    draw = np.random.default_rng(3).random((2000, 3))
    inputs = pd.DataFrame(draw, columns=["cost", "growth", "idle"])
    return inputs, np.asarray((inputs["cost"] > 0.7) & (inputs["growth"] < 0.4))


def test_box_known_beforehand_is_found_and_the_idle_input_stays_free(corner: Any) -> None:
    inputs, flags = corner
    box = discover(inputs, flags, least_density=0.95, peel_share=0.05)
    limits = {limit.name: limit for limit in box.limits}
    assert set(limits) == {"cost", "growth"}
    assert limits["cost"].low == pytest.approx(0.7, abs=0.04)
    assert limits["growth"].high == pytest.approx(0.4, abs=0.04)
    assert box.coverage > 0.9


def test_order_of_cases_changes_no_box(corner: Any) -> None:
    inputs, flags = corner
    order = np.random.default_rng(1).permutation(len(inputs))
    assert peel(inputs.iloc[order].reset_index(drop=True), flags[order]) == peel(inputs, flags)


def test_category_is_peeled_one_value_at_a_time() -> None:
    inputs = pd.DataFrame({"scenario": ["calm", "closure", "dry"] * 40, "level": np.linspace(0.0, 1.0, 120)})
    box = discover(inputs, inputs["scenario"] == "closure")
    assert box.limits[0].values == ("closure",)
    assert [box.coverage, box.density, box.mass] == pytest.approx([1.0, 1.0, 1 / 3])
    assert box.sentence("the plan loses", {"scenario": "the scenario"}).startswith(
        "In 100 % of the cases in which the scenario is closure, the plan loses"
    )


def test_case_of_luck_alone_gets_no_box() -> None:
    draw = np.random.default_rng(5).random((200, 4))
    flags = np.random.default_rng(6).random(200) < 0.5
    box = discover(pd.DataFrame(draw, columns=list("abcd")), flags, least_density=0.5)
    assert box == Box((), 1.0, float(flags.mean()), 1.0)
    assert box.sentence("it rains").startswith("No assumption sets apart")


def test_chance_of_a_limit_is_the_binomial_one() -> None:
    # Without the limit 5 of 10 cases are of interest; with it 5 of 5: 0.5 ** 5.
    inputs = pd.DataFrame({"a": np.arange(10.0)})
    (limit,) = discover(inputs, inputs["a"] > 4.0, peel_share=0.5).limits
    assert limit.chance == pytest.approx(0.5**5)
    assert limit.low == pytest.approx(4.5)
    assert limit.high is None


@pytest.mark.parametrize(
    ("inputs", "flags", "words"),
    [
        (pd.DataFrame({"a": [1.0, 2.0]}), [True], "2 cases"),
        (pd.DataFrame({"a": [1.0, np.nan]}), [True, False], "empty cells"),
        (pd.DataFrame({"a": [1.0, 2.0]}), [False, False], "no case is of interest"),
    ],
)
def test_input_that_has_no_answer_is_refused(inputs: pd.DataFrame, flags: list[bool], words: str) -> None:
    with pytest.raises(InputError, match=words):
        peel(inputs, flags)
