"""Studies of the small region for the views that show them: dependence, a portfolio, an ensemble."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
from api.portfolio_isles import BANK, OWN

from sogdia.api import optimise, run_dependence
from sogdia.api.dependence import dependence_settings
from sogdia.runs.executor import InProcess
from sogdia.runs.store import RunMetadata, Store
from sogdia.uncertainty.ensemble import KEYS, PACK, intervals
from sogdia.uncertainty.stored_ensemble import ENSEMBLE, GAINS, INPUTS, INTERVALS, ROWS, ensemble_key

PLAN = "ferry_age"
EFFECTS = tuple(range(11))
"""Effects of the samples, USD million: their quantiles of 10 and 90 % are 1 and 9."""
LOW, HIGH = -12.5, 37.5
"""Ends of the interval of the change of each economy's real expenditure, %."""
PROJECTS = [
    {"project": "hill_wind", "options": [OWN]},
    {"project": "ferry_far_line", "options": [BANK, OWN]},
]


def store_studies(store: Path, region: Path, folder: Path) -> None:
    """Store a study of dependence, a search for portfolios, and an ensemble of the run of the plan."""
    run_dependence(region, PLAN, store=store, settings=dependence_settings(channels=False))
    content = {
        "title": "Two projects", "region": str(region), "baseline": "as_is", "year": 2030,
        "scenarios": ["reference"], "objectives": ["npv", "autonomy"], "projects": PROJECTS,
    }  # fmt: skip
    file = folder / "two_projects.yaml"
    file.write_text(json.dumps(content), encoding="utf-8")
    optimise(file, store=store, executor=InProcess())
    store_samples(Store(store))


def store_samples(store: Store) -> None:
    """Store the record of an ensemble with known effects on one measure."""
    (run,) = (each for each in store.all_metadata() if each.plan == PLAN and each.kind == "joint")
    row = dict(
        zip(KEYS, (run.plan, run.scenario, run.year, "home_gain_musd", "", "USD million"), strict=True)
    )
    samples = pd.DataFrame([
        {**row, "sample": number, "value": effect, "effect": float(effect)}
        for number, effect in [(PACK, 5), *enumerate(EFFECTS, PACK + 1)]
    ])  # fmt: skip
    names = store.read(run.run, "economies").set_index("economy")["name"]
    known = {"table": "economies", "column": "welfare_pct", "effect_low": LOW, "effect_high": HIGH}
    rows = pd.DataFrame([{**known, "row": f"{economy}/{name}"} for economy, name in names.items()])
    content = {
        INTERVALS: intervals(samples),
        ROWS: rows,
        GAINS: samples[["sample"]],
        INPUTS: samples[["sample"]],
    }
    store.write(
        RunMetadata(
            run=ensemble_key(run.run), kind=ENSEMBLE, region=run.region, plan=run.plan, scenario=run.scenario,
            year=run.year, parts=dict(run.parts), settings={}, figures={"samples": float(len(EFFECTS))},
        ),
        content,
    )  # fmt: skip
