"""Ensembles on the isles: paired effects, intervals, resuming, the same bits at any number of workers."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from runs.powered import write_powered_isles

from sogdia.api.comparison_intervals import with_intervals
from sogdia.case import build_case, load_scenario
from sogdia.errors import InputError
from sogdia.finance.plan_appraisal import decision_year
from sogdia.finance.plan_capex import plan_capex
from sogdia.runs.definition import LoadedStudy, expand_study, load_study
from sogdia.runs.executor import LocalProcesses
from sogdia.runs.store import Store
from sogdia.uncertainty.ensemble import (
    SCENARIOS,
    Ensemble,
    finished_key,
    intervals,
    make_ensemble,
    measure_samples,
    run_ensemble,
)
from sogdia.uncertainty.stored_ensemble import (
    StoredEnsemble,
    ensemble_key,
    read_ensemble,
    store_ensemble,
)
from sogdia.uncertainty.table_intervals import table_intervals

ISLES = Path(__file__).parent.parent / "packs" / "isles"
STUDY = """\
region: {pack}
base: as_is
plans: [ferry_age]
scenarios: [reference]
measures: [home_gain_musd, power_cost_musd]
"""
SAMPLES = 3


def write_study(folder: Path) -> Path:
    write_powered_isles(folder / "pack", ISLES)
    path = folder / "study.yaml"
    path.write_text(STUDY.format(pack="pack"), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> LoadedStudy:
    return load_study(write_study(tmp_path_factory.mktemp("ensembles")))


@pytest.fixture(scope="module")
def ensemble(study: LoadedStudy) -> Ensemble:
    return make_ensemble(study, SAMPLES, seed=5)


@pytest.fixture(scope="module")
def store(ensemble: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Store of the ensemble, interrupted after its third run and resumed."""
    pytest.importorskip("duckdb")
    store = Store(tmp_path_factory.mktemp("stores") / "ensemble")
    begun = run_ensemble(ensemble, store)
    first = [report.key for report in islice(begun, 3)]
    del begun
    reports = list(run_ensemble(ensemble, store))
    assert not any(report.error for report in reports)
    assert {report.key for report in reports if not report.is_new} == set(first)
    assert len(reports) == 2 * (SAMPLES + 1)
    return store


@pytest.fixture(scope="module")
def samples(ensemble: Ensemble, store: Store) -> pd.DataFrame:
    return measure_samples(ensemble, store)


def test_resumed_ensemble_has_every_run_once(ensemble: Ensemble, store: Store) -> None:
    assert sorted(store.run_keys()) == sorted(
        key for each in ensemble.runs if (key := finished_key(ensemble, each.run, store))
    )
    assert not any(report.is_new for report in run_ensemble(ensemble, store))


def test_processes_give_the_same_bits(ensemble: Ensemble, store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    assert not any(report.error for report in run_ensemble(ensemble, other, LocalProcesses(2)))
    assert store.run_keys() == other.run_keys()
    for key in store.run_keys():
        for name, table in store.tables(key).items():
            pd.testing.assert_frame_equal(other.read(key, name), table, check_exact=True)


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="kills a group of processes")
def test_killed_ensemble_resumes_to_the_same_bits(ensemble: Ensemble, store: Store, tmp_path: Path) -> None:
    pytest.importorskip("SALib")
    path, other = write_study(tmp_path), Store(tmp_path / "store")

    def start(workers: int) -> subprocess.Popen[bytes]:
        options = ["--samples", str(SAMPLES), "--seed", "5", "--workers", str(workers), "--quiet"]
        command = [sys.executable, "-m", "sogdia", "ensemble", str(path), "--store", str(other.folder)]
        return subprocess.Popen([*command, *options], start_new_session=True, stdout=subprocess.DEVNULL)

    last = finished_key(ensemble, ensemble.runs[-1].run, store)
    assert last
    with other.claim(last):  # The ensemble waits for this run, so that it is killed before its end.
        process = start(2)
        while process.poll() is None and not other.run_keys():
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    left = other.run_keys()
    assert 0 < len(left) < len(store.run_keys())
    written = {key: other.metadata(key).created for key in left}
    assert start(1).wait() == 0
    assert {key: other.metadata(key).created for key in left} == written
    assert {run.kind for run in other.all_metadata()} == {"sample", "ensemble"}
    for key in store.run_keys():
        for name, table in store.tables(key).items():
            pd.testing.assert_frame_equal(other.read(key, name), table, check_exact=True)


def test_effect_is_the_difference_from_the_baseline_plan_of_the_same_sample(samples: pd.DataFrame) -> None:
    table = samples[samples["measure"] == "power_cost_musd"].set_index(["plan", "sample"])
    with_plan, without = table.loc["ferry_age"], table.loc["as_is"]
    assert list(with_plan.index) == list(range(SAMPLES + 1))
    assert with_plan["effect"].tolist() == pytest.approx((with_plan["value"] - without["value"]).tolist())
    assert without["effect"].isna().all()
    assert without["value"].nunique() == SAMPLES + 1


def test_interval_of_a_row_of_a_table_is_that_of_its_samples(ensemble: Ensemble, store: Store) -> None:
    table = table_intervals(ensemble, store, "power_countries")
    is_row = (table["plan"] == "ferry_age") & (table["column"] == "cost_musd") & (table["iso3"] == "XAA")
    (row,) = table[is_row].to_dict("records")
    costs = {}
    for each in ensemble.runs:
        key = finished_key(ensemble, each.run, store)
        assert key is not None
        costs[each.run.plan.name, each.sample] = float(
            store.read(key, "power_countries").set_index("iso3")["cost_musd"]["XAA"]
        )
    drawn = [costs["ferry_age", n] for n in range(1, SAMPLES + 1)]
    effects = [value - costs["as_is", n] for n, value in enumerate(drawn, start=1)]
    assert (row["count"], row["pack"]) == (SAMPLES, pytest.approx(costs["ferry_age", 0]))
    assert [row["low"], row["median"]] == pytest.approx(np.quantile(drawn, [0.1, 0.5]).tolist())
    assert row["effect_high"] == pytest.approx(np.quantile(effects, 0.9))


def test_stored_ensemble_is_found_by_the_run_of_the_plan(
    ensemble: Ensemble, store: Store, samples: pd.DataFrame, tmp_path: Path
) -> None:
    other = Store(Path(shutil.copytree(store.folder, tmp_path / "store")))
    (run,) = (each.run for each in ensemble.runs if not each.sample and each.run.plan.name == "ferry_age")
    assert read_ensemble(run.key, other) is None
    (key,) = store_ensemble(ensemble, other)
    assert key == ensemble_key(run.key)
    found = read_ensemble(run.key, other)
    assert found is not None
    assert found.samples == SAMPLES
    rows = samples[(samples["plan"] == "ferry_age") & (samples["measure"] == "home_gain_musd")]
    effects = rows.set_index("sample")["effect"]
    homes = ensemble.study.region.home
    assert found.effects(homes).to_dict() == pytest.approx(effects.loc[1:].to_dict())
    interval = found.interval(homes)
    assert [interval.low, interval.median, interval.high] == pytest.approx(
        np.quantile(effects.loc[1:], [0.1, 0.5, 0.9]).tolist()
    )
    assert found.shares(homes) is None
    row = found.row_interval("power_countries", "cost_musd").loc["XAA"]
    table = table_intervals(ensemble, store, "power_countries")
    is_row = (table["plan"] == "ferry_age") & (table["column"] == "cost_musd") & (table["iso3"] == "XAA")
    assert row["effect_median"] == table.loc[is_row, "effect_median"].iloc[0]


def test_appraisal_of_a_sample_is_that_of_its_effects_and_drawn_costs(
    ensemble: Ensemble, store: Store, tmp_path: Path
) -> None:
    other = Store(Path(shutil.copytree(store.folder, tmp_path / "store")))
    (key,) = store_ensemble(ensemble, other)
    table = other.read(key, "appraisals")
    assert sorted(set(table["sample"])) == list(range(1, SAMPLES + 1))
    found = table[table["rate_pct"] == 6.0].set_index("sample")
    for each in ensemble.runs:
        if each.run.plan.name != "ferry_age" or not each.sample:
            continue
        case = build_case(ensemble.study.region, each.run.plan, each.run.scenario)
        cost = plan_capex(case)
        cost = cost[(cost["year"] >= decision_year(case)) & (cost["opening_year"] <= case.year)]
        expected = float((cost["capex_musd"] * cost["home_share"]).sum())
        assert found["capex_musd"][each.sample] == pytest.approx(expected)
    assert found["npv_musd"].nunique() == SAMPLES
    interval = StoredEnsemble(table, table, table, table, table).appraisal(6.0)
    assert interval is not None
    assert interval.median == pytest.approx(float(found["npv_musd"].median()))


def test_comparison_with_the_baseline_plan_has_the_intervals_of_the_ensemble(
    ensemble: Ensemble, store: Store, tmp_path: Path
) -> None:
    other = Store(Path(shutil.copytree(store.folder, tmp_path / "store")))
    stored = {}
    for each in ensemble.runs[:2]:
        key = finished_key(ensemble, each.run, store)
        assert key is not None
        stored[each.run.plan.name] = store.metadata(key).model_copy(update={"run": each.run.key})
    measures = pd.DataFrame({"measure": ["home_gain_musd"], "of": [""], "difference": [1.0]})
    assert with_intervals(measures, stored["as_is"], stored["ferry_age"], other) is measures
    (key,) = store_ensemble(ensemble, other)
    found = with_intervals(measures, stored["as_is"], stored["ferry_age"], other)
    table = other.read(key, "intervals").set_index("measure")
    columns = ["effect_low", "effect_median", "effect_high"]
    expected = table.loc[["home_gain_musd"], columns].to_numpy().tolist()
    assert found[["low", "median", "high"]].to_numpy().tolist() == expected
    assert with_intervals(measures, stored["ferry_age"], stored["ferry_age"], other) is measures


def test_ensemble_of_fewer_samples_replaces_no_larger_one(
    ensemble: Ensemble, store: Store, tmp_path: Path
) -> None:
    other = Store(Path(shutil.copytree(store.folder, tmp_path / "store")))
    (key,) = store_ensemble(ensemble, other)
    fewer = replace(ensemble, runs=tuple(each for each in ensemble.runs if each.sample < SAMPLES))
    assert store_ensemble(fewer, other) == (key,)
    assert other.metadata(key).figures["samples"] == SAMPLES
    other.remove(key)
    store_ensemble(fewer, other)
    assert other.metadata(key).figures["samples"] == SAMPLES - 1
    store_ensemble(ensemble, other)
    assert other.metadata(key).figures["samples"] == SAMPLES


def test_failure_names_the_group_that_sets_losses_apart() -> None:
    quantiles = np.linspace(0.01, 0.99, 64)
    inputs = pd.DataFrame({"fuel": quantiles, "rates": np.roll(quantiles, 17)}, index=range(1, 65))
    gains = pd.DataFrame({"sample": inputs.index, "economy": "XAA", "gain_musd": quantiles - 0.4})
    none = pd.DataFrame()
    stored = StoredEnsemble(none, none, gains, inputs, none)
    sentence = stored.failure(("XAA",), {"fuel": "Price of oil"})
    assert "the quantile of “Price of oil” is below" in sentence
    assert stored.interval(("XAA",)).above_zero_pct == pytest.approx(100.0 * (quantiles > 0.4).mean())
    sure = StoredEnsemble(none, none, gains.assign(gain_musd=1.0), inputs, none)
    assert sure.failure(("XAA",)) == "The plan brings a gain in all 64 samples."


def test_baseline_plan_has_a_gain_of_zero_in_every_sample(samples: pd.DataFrame) -> None:
    rows = samples[(samples["plan"] == "as_is") & (samples["measure"] == "home_gain_musd")]
    assert rows["value"].tolist() == pytest.approx([0.0] * (SAMPLES + 1), abs=1e-2)


def test_figures_without_width_give_the_figures_of_the_pack_in_every_sample(tmp_path: Path) -> None:
    path = write_study(tmp_path)
    rules = tmp_path / "pack" / "uncertainty_rules.csv"
    head, *rows = rules.read_text("utf-8").splitlines(keepends=True)
    carriage = next(row for row in rows if row.startswith("carriage"))
    rules.write_text(head + carriage.replace(",5,10,20,", ",0,0,0,"), "utf-8")
    ensemble, store = make_ensemble(load_study(path), 1), Store(tmp_path / "store")
    assert not any(report.error for report in run_ensemble(ensemble, store))
    table = measure_samples(ensemble, store).set_index(["sample", "plan", "measure"])["value"]
    assert table.loc[1].tolist() == table.loc[0].tolist()


def test_interval_is_that_of_the_quantiles_by_hand() -> None:
    keys = {"plan": "p", "scenario": "s", "year": 2030, "measure": "m", "of": "", "unit": "t"}
    rows = [{**keys, "sample": n, "value": float(n), "effect": float(n) - 3.0} for n in range(12)]
    (found,) = intervals(pd.DataFrame(rows)).to_dict("records")
    assert (found["count"], found["pack"], found["effect_pack"]) == (11, 0.0, -3.0)
    assert [found[name] for name in ("low", "median", "high")] == pytest.approx([2.0, 6.0, 10.0])
    assert [found[f"effect_{name}"] for name in ("low", "median", "high")] == pytest.approx([-1.0, 3.0, 7.0])
    assert found["above_zero_pct"] == pytest.approx(100.0 * 8 / 11)


def test_drawn_scenario_gives_each_sample_one(study: LoadedStudy) -> None:
    reference = study.runs[0].scenario
    later = load_scenario("stormy", study.region)
    base, plan = (run.plan for run in study.runs)
    both = expand_study(study.definition, study.region, base, [plan], [reference, later])
    crossed, drawn = (make_ensemble(both, 8, scenarios=how) for how in SCENARIOS)
    assert (len(crossed.runs), len(drawn.runs)) == (4 * 9, 4 + 2 * 8)
    assert {each.scenario for each in drawn.runs if each.sample} == {"reference", "stormy"}
    with pytest.raises(InputError, match="'mix' is not known"):
        make_ensemble(study, 2, scenarios="mix")  # type: ignore[arg-type]
