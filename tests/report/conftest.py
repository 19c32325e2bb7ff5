"""A small brief on the shipped region, written once: two scenarios, one partner, one assumption."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sogdia.api.brief_request import BriefRequest, ResolvedRequest, resolve_request
from sogdia.api.brief_runs import brief_assumptions, read_brief_dependence, read_brief_inputs, run_brief
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.study import WithdrawalStudy
from sogdia.report.brief import Brief, write_brief
from sogdia.report.exports import Bundle
from sogdia.report.inputs import BriefInputs
from sogdia.runs.executor import InProcess
from sogdia.runs.store import Store

ANNOUNCEMENT = Path(__file__).parent.parent.parent / "examples" / "announcement.txt"
PARTNER = "turkiye_gulf"


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


@pytest.fixture(scope="package")
def written(shared_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> WrittenBrief:
    home = tmp_path_factory.mktemp("brief")
    store, executor = Store(shared_folder / "store_of_shipped_runs"), InProcess()
    request = resolve_request(
        BriefRequest(ANNOUNCEMENT, None, None, ("reference", "dry_year"), (), None, "central_asia")
    )
    settings = DependenceSettings(partners=(PARTNER,), channels=False)
    withdrawals = [
        WithdrawalStudy(request.reference_case(plan), settings, request.baseline)
        for plan in (request.baseline, request.plan)
    ]
    assumptions = brief_assumptions(request, 1)
    effects = run_brief(request, store, executor, 2, lambda _report: None, assumptions, withdrawals)
    partners = read_brief_dependence(withdrawals, store)
    inputs = read_brief_inputs(request, store, partners=partners, sensitivity=effects)
    return WrittenBrief(request, store, inputs, write_brief(inputs, home / "out"), home / "out")


@pytest.fixture(scope="package")
def bundle(written: WrittenBrief) -> Bundle:
    """Baseline and plan of the brief under its two scenarios."""
    heads = [written.store.metadata(run.key) for run in written.request.study.runs]
    return Bundle.of(written.store, heads, written.request.region)
