"""A small brief on the shipped region, written once: two scenarios, one partner, one assumption."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd
import pytest

from sogdia.api.brief_request import BriefRequest, ResolvedRequest, resolve_request
from sogdia.api.brief_runs import brief_assumptions, read_brief_dependence, read_brief_inputs, run_brief
from sogdia.coupling.joint import JointSettings
from sogdia.dependence.settings import SINGLE_THREAD, DependenceSettings
from sogdia.dependence.study import WithdrawalStudy
from sogdia.power import PowerSettings
from sogdia.report.brief import Brief, write_brief
from sogdia.report.exports import Bundle
from sogdia.report.inputs import BriefInputs
from sogdia.runs.definition import expand_study
from sogdia.runs.executor import InProcess
from sogdia.runs.store import Store

ANNOUNCEMENT = Path(__file__).parent.parent.parent / "src" / "sogdia" / "examples" / "announcement.txt"
PARTNER = "turkiye_gulf"
COARSE = SINGLE_THREAD.model_copy(
    update={"tolerance": 1e-2, "freight": SINGLE_THREAD.freight.model_copy(update={"gap": 1e-4})}
)
FEW_WEEKS = PowerSettings(weeks=1)
"""Settings of quick runs: the tests compare a brief with the runs it reports, however exact these are."""


@dataclass(frozen=True)
class WrittenBrief:
    """A brief with its inputs, store and folder."""

    request: ResolvedRequest
    store: Store
    inputs: BriefInputs
    brief: Brief
    folder: Path

    @property
    def page(self) -> str:
        return (self.folder / "brief.html").read_text("utf-8")


@dataclass(frozen=True)
class BriefRuns:
    """The runs of a brief in their store.

    Attributes:
        request: The request.
        store: The store.
        withdrawals: Studies of dependence without the plan and with it.
        sensitivity: The plan's effect with each assumption low and high.
    """

    request: ResolvedRequest
    store: Store
    withdrawals: list[WithdrawalStudy]
    sensitivity: pd.DataFrame | None


def quick(request: ResolvedRequest) -> ResolvedRequest:
    """Return a request whose runs have quick settings."""
    settings = JointSettings(coupling=COARSE, power=FEW_WEEKS)
    definition = request.study.definition.model_copy(update={"settings": settings})
    plans = [request.plan]
    study = expand_study(definition, request.region, request.baseline, plans, request.scenarios)
    return replace(request, study=study)


@pytest.fixture(scope="session")
def brief_runs(shared_folder: Path) -> BriefRuns:
    store, executor = Store(shared_folder / "store_of_shipped_runs"), InProcess()
    request = quick(
        resolve_request(
            BriefRequest(ANNOUNCEMENT, None, None, ("reference", "dry_year"), (), None, "central_asia")
        )
    )
    settings = DependenceSettings(study=COARSE, power=FEW_WEEKS, partners=(PARTNER,), channels=False)
    withdrawals = [
        WithdrawalStudy(request.reference_case(plan), settings, request.baseline)
        for plan in (request.baseline, request.plan)
    ]
    assumptions = brief_assumptions(request, 1)
    effects = run_brief(request, store, executor, 2, lambda _report: None, assumptions, withdrawals)
    return BriefRuns(request, store, withdrawals, effects)


@pytest.fixture(scope="session")
def written(brief_runs: BriefRuns, tmp_path_factory: pytest.TempPathFactory) -> WrittenBrief:
    request, store = brief_runs.request, brief_runs.store
    partners = read_brief_dependence(brief_runs.withdrawals, store)
    inputs = read_brief_inputs(request, store, partners=partners, sensitivity=brief_runs.sensitivity)
    folder = tmp_path_factory.mktemp("brief") / "out"
    return WrittenBrief(request, store, inputs, write_brief(inputs, folder), folder)


@pytest.fixture(scope="session")
def bundle(brief_runs: BriefRuns) -> Bundle:
    """Baseline and plan of the brief under its two scenarios."""
    request, store = brief_runs.request, brief_runs.store
    return Bundle.of(store, [store.metadata(run.key) for run in request.study.runs], request.region)
