"""Store the tables of a dependence study as a run of the store, so that they are read without computing."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

import pandas as pd

from sogdia.case import Plan, Scenario
from sogdia.dependence import DependenceResult
from sogdia.dependence.tables import TABLES as DEPENDENCE_TABLES
from sogdia.finance.tables import TABLES as FINANCE_TABLES
from sogdia.region import Region
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version
from sogdia.tables.results import ResultTable, declared, integer, text

DEPENDENCE = "dependence"
"""Kind of a stored run that has the tables of a dependence study."""

SENTENCES = ResultTable(
    "sentences",
    "Sentences on dependence",
    "One row per home country and sentence.",
    (
        text("home", "Home country", "Code of the home country.", key=True),
        integer("number", "1", "Number", "Number of the sentence, from 1.", key=True),
        text("sentence", "Sentence", "Sentence that states a main result."),
    ),
)
REMARKS = ResultTable(
    "remarks",
    "Remarks on dependence",
    "One row per remark: what is not published, what was assumed.",
    (
        integer("number", "1", "Number", "Number of the remark, from 1.", key=True),
        text("remark", "Remark", "The remark."),
    ),
)
TABLES = declared(SENTENCES, REMARKS, *DEPENDENCE_TABLES.values(), *FINANCE_TABLES.values())
"""Tables of a stored dependence study by name."""


def store_dependence(
    result: DependenceResult, region: Region, plan: Plan, scenario: Scenario, baseline: Plan, store: Store
) -> RunMetadata:
    """Store the tables of a study; the same study has the same key.

    Args:
        result: The study.
        region: Its region.
        plan: Its plan, as chosen.
        scenario: Its scenario, at its year.
        baseline: Plan of the baseline, as chosen.
        store: The store.

    Returns:
        The description of the stored run, of the kind ``dependence``.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    settings = result.settings.model_dump(mode="json")
    parts = {
        "region": region.digest,
        "plan": plan.digest,
        "scenario": scenario.digest,
        "baseline_plan": baseline.digest,
        "settings": hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest(),
        "version": engine_version(),
    }
    identity = ";".join([DEPENDENCE, *(f"{name}={value}" for name, value in parts.items())])
    key = hashlib.sha256(identity.encode()).hexdigest()
    if key in store:
        return store.metadata(key)
    metadata = RunMetadata(
        run=key, kind=DEPENDENCE, region=result.region, plan=result.plan, scenario=result.scenario,
        year=result.year, parts=parts, settings=settings, figures=dict(result.engine),
        created=datetime.now(UTC).isoformat(timespec="seconds"), seconds=result.engine["seconds"],
    )  # fmt: skip
    return store.write(metadata, {**_texts(result), **result.tables()})


def _texts(result: DependenceResult) -> dict[str, pd.DataFrame]:
    """Return the tables of sentences and remarks."""
    sentences = [
        (home, number, sentence)
        for home in result.homes
        for number, sentence in enumerate(result.sentences(home), start=1)
    ]
    remarks = [(number, remark) for number, remark in enumerate(result.remarks, start=1)]
    return {"sentences": SENTENCES.frame(sentences), "remarks": REMARKS.frame(remarks)}
