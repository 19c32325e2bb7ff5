"""Store the tables of a dependence study as a run of the store, so that they are read without computing."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from sogdia.case import Case, Plan, Scenario
from sogdia.dependence import DependenceResult, DependenceSettings
from sogdia.dependence.solve import labels_of
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.tables import TABLES as DEPENDENCE_TABLES
from sogdia.finance.tables import TABLES as FINANCE_TABLES
from sogdia.region import Region
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import code_version, engine_version
from sogdia.tables.results import ResultTable, declared, integer, text

DEPENDENCE = "dependence"
"""Kind of a stored run that has the tables of a dependence study."""
MONEY = "money_"
"""Start of the names of its tables of finance."""

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
    parts = _parts(result.settings, region, plan, scenario, baseline)
    key = _key(parts)
    if key in store:
        return store.metadata(key)
    metadata = RunMetadata(
        run=key, kind=DEPENDENCE, region=result.region, plan=result.plan, scenario=result.scenario,
        year=result.year, parts=parts, settings=settings, figures=dict(result.engine),
        created=datetime.now(UTC).isoformat(timespec="seconds"), seconds=result.engine["seconds"],
    )  # fmt: skip
    return store.write(metadata, {**_texts(result), **result.tables()})


def stored_dependence(
    case: Case, baseline: Plan, settings: DependenceSettings, store: Store
) -> DependenceResult | None:
    """Read a study that :func:`store_dependence` stored; ``None`` if the store lacks it.

    Args:
        case: Region, plan as chosen, and scenario at its year.
        baseline: Plan of the baseline, as chosen.
        settings: Settings of the study.
        store: The store.

    Raises:
        UnknownNameError: If a partner does not exist.
        DamagedError: If a file of the run was changed.
        CannotRunError: If the store cannot be read.
    """
    started = time.perf_counter()
    key = _key(_parts(settings, case.region, case.plan, case.scenario, baseline))
    if key not in store:
        return None
    metadata, tables = store.metadata(key), store.tables(key)
    counts = {**metadata.figures, "goods_kept": metadata.figures["goods_runs"]}
    labels: dict[str, Any] = labels_of(WithdrawalStudy(case, settings, baseline))
    own: dict[str, Any] = {name: tables[name] for name in DEPENDENCE_TABLES}
    return DependenceResult(
        region=metadata.region, plan=metadata.plan, scenario=metadata.scenario, year=metadata.year,
        settings=settings, **labels,
        **own,
        money={
            name.removeprefix(MONEY): table for name, table in tables.items() if name.startswith(MONEY)
        },
        engine={**counts, "seconds": time.perf_counter() - started},
        remarks=tuple(tables[REMARKS.name]["remark"]),
    )  # fmt: skip


def _parts(
    settings: DependenceSettings, region: Region, plan: Plan, scenario: Scenario, baseline: Plan
) -> dict[str, str]:
    """Return digests of all that decides a study."""
    text = json.dumps(settings.model_dump(mode="json"), sort_keys=True)
    return {
        "region": region.digest,
        "plan": plan.digest,
        "scenario": scenario.digest,
        "baseline_plan": baseline.digest,
        "settings": hashlib.sha256(text.encode()).hexdigest(),
        "version": engine_version(),
        # Money is no engine: runs of engines do not depend on its code.
        "finance": code_version("finance"),
    }


def _key(parts: Mapping[str, str]) -> str:
    identity = ";".join([DEPENDENCE, *(f"{name}={value}" for name, value in parts.items())])
    return hashlib.sha256(identity.encode()).hexdigest()


def _texts(result: DependenceResult) -> dict[str, pd.DataFrame]:
    """Return the tables of sentences and remarks."""
    sentences = [
        (home, number, sentence)
        for home in result.homes
        for number, sentence in enumerate(result.sentences(home), start=1)
    ]
    remarks = [(number, remark) for number, remark in enumerate(result.remarks, start=1)]
    return {"sentences": SENTENCES.frame(sentences), "remarks": REMARKS.frame(remarks)}
