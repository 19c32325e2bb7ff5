"""Intervals of an ensemble and values of projects on the page of a brief."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from runs.powered import write_powered_isles

from sogdia import load_region
from sogdia.api.brief_request import BriefRequest, resolve_request
from sogdia.api.brief_runs import read_brief_inputs, run_brief
from sogdia.report.figures import Figures
from sogdia.report.inputs import BriefInputs
from sogdia.report.page import build_sections, render_page
from sogdia.report.sections.samples import add_appraisal, with_appraisal, with_intervals
from sogdia.runs.executor import InProcess
from sogdia.runs.store import Store
from sogdia.uncertainty.stored_ensemble import StoredEnsemble

# A picture of the small region has one value on an axis.
pytestmark = pytest.mark.filterwarnings("ignore:Attempting to set identical low and high:UserWarning")
ISLES = Path(__file__).parent.parent / "packs" / "isles"
SAMPLES = 40
MEASURE = {"measure": "home_gain_musd", "of": "", "unit": "USD million", "count": SAMPLES}


def stored(homes: tuple[str, ...]) -> StoredEnsemble:
    """Return an ensemble in which each country gains 2q − 0.2 million, q the quantile of fuel prices."""
    samples = np.arange(1, SAMPLES + 1)
    inputs = pd.DataFrame({"fuel": (samples - 0.5) / SAMPLES, "rates": np.roll(samples, 13) / 50}, samples)
    gains = [
        pd.DataFrame({"sample": samples, "economy": home, "gain_musd": 2.0 * inputs["fuel"] - 0.2})
        for home in homes
    ]
    figures = dict.fromkeys(("pack", "low", "median", "high", "effect_pack", "effect_median"), 1.0)
    ends = {"effect_low": -3.0, "effect_high": 5.0}
    rows = [
        {"table": "economies", "row": f"{home}/Name", "column": "gain_musd", **figures, **ends}
        for home in homes
    ]
    # A rate of return from 2 to 10 %; a fifth of the samples have a net present value below zero.
    returns = 2.0 + 8.0 * inputs["fuel"].to_numpy()
    appraisals = pd.concat([
        pd.DataFrame({"sample": samples, "rate_pct": rate, "npv_musd": 100.0 * (returns - 3.6), "bcr": 1.0,
                      "eirr_pct": returns, "capex_musd": 1.0, "benefit_musd_a": 1.0})
        for rate in (3.0, 6.0, 9.0)
    ])  # fmt: skip
    return StoredEnsemble(
        pd.DataFrame([{**MEASURE, **figures, **ends}]), pd.DataFrame(rows), pd.concat(gains), inputs,
        appraisals,
    )  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> BriefInputs:
    """Inputs of a brief on the isles, without an ensemble."""
    pytest.importorskip("duckdb")
    home = tmp_path_factory.mktemp("samples")
    write_powered_isles(home / "pack", ISLES)
    region, store = load_region(home / "pack"), Store(home / "store")
    request = resolve_request(BriefRequest(None, "ferry_age", None, ("reference",), (), None, region))
    run_brief(request, store, InProcess(), 1, lambda _report: None)
    return read_brief_inputs(request, store)


@pytest.fixture(scope="module")
def inputs(plain: BriefInputs) -> BriefInputs:
    homes = plain.homes
    projects = [choice.project for choice in plain.plan.own]
    values = pd.DataFrame([
        {**MEASURE, "project": name, "pint": 1.0, "toot": 2.0, "shapley": 1.5, "shapley_error": 0.0}
        for name in projects
    ])  # fmt: skip
    return replace(plain, ensemble=stored(homes), project_values=values)


@pytest.fixture(scope="module")
def figures() -> Figures:
    return Figures()


@pytest.fixture(scope="module")
def page(inputs: BriefInputs, figures: Figures) -> str:
    pytest.importorskip("SALib")
    text, _ = render_page(inputs, figures, build_sections(inputs, figures))
    return re.sub(r"\s+", " ", re.sub(r"<sup>.*?</sup>|<[^>]*>", "", text))


def test_page_has_the_interval_of_the_effect(page: str, inputs: BriefInputs, figures: Figures) -> None:
    gains = len(inputs.homes) * (2.0 * (np.arange(SAMPLES) + 0.5) / SAMPLES - 0.2)
    low, median, high = np.quantile(gains, [0.1, 0.5, 0.9])
    assert figures.known["gain_median"].value == pytest.approx(median)
    assert figures.known["gain_samples_low"].value == pytest.approx(low)
    assert figures.known["gain_samples_high"].value == pytest.approx(high)
    level, ends = figures.known["samples_level"].text, figures.known["gain_samples_high"].text
    assert f"({level} interval: {ends})" in page
    assert "The plan brings a gain in" in page


def test_page_says_which_assumption_matters_and_when_the_plan_fails(page: str, figures: Figures) -> None:
    assert "Price of oil: " in page.partition("Which assumption matters?")[2]
    assert figures.known["share_fuel"].value > 80.0
    assert "the quantile of “Price of oil” is below" in figures.known["failure"].text
    assert figures.known["failure"].text in page


def test_values_of_projects_sum_to_the_effect(page: str, inputs: BriefInputs, figures: Figures) -> None:
    assert figures.known["projects_sum"].value == pytest.approx(1.5 * len(inputs.plan.own))
    assert "The values of the projects sum to the effect of the plan" in page


def test_table_gets_the_interval_of_its_rows(inputs: BriefInputs) -> None:
    home = inputs.homes[0]
    frame = with_intervals(
        inputs, pd.DataFrame({"x": [1.0, 2.0]}, index=[home, "none"]), "economies", "gain_musd", 2.0
    )
    low, high = (frame[f"gain_musd_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    assert (low[0], high[0]) == (-6.0, 10.0)
    assert np.isnan(low[1])


def test_appraisal_has_the_interval_of_its_samples(inputs: BriefInputs) -> None:
    frame = with_appraisal(inputs, pd.DataFrame({"rate_pct": [6.0, 12.0]}))
    returns = 2.0 + 8.0 * (np.arange(SAMPLES) + 0.5) / SAMPLES
    low, high = (frame[f"eirr_pct_{end}"].to_numpy(dtype=np.float64) for end in ("low", "high"))
    assert [low[0], high[0]] == pytest.approx(np.quantile(returns, [0.1, 0.9]).tolist())
    assert np.isnan(low[1])
    figures = Figures()
    context = add_appraisal(inputs, figures, 6.0)
    assert context == {"has_npv_samples": True, "has_eirr_samples": True}
    assert figures.known["npv_positive_pct"].value == pytest.approx(100.0 * (returns > 3.6).mean())
    assert figures.known["eirr_samples_median"].value == pytest.approx(6.0)


def test_brief_without_an_ensemble_says_so(plain: BriefInputs) -> None:
    own = Figures()
    text, _ = render_page(plain, own, build_sections(plain, own))
    assert "The store has no ensemble of this plan" in text
    assert "interval:" not in text.partition("</h1>")[0]
