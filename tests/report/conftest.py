"""A small brief on the shipped region, written once: two scenarios, one partner, one assumption."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from sogdia.api.batch import Leaving, Told
from sogdia.api.gather import (
    Asked,
    Request,
    _calm_case,
    ask,
    assumptions_for,
    dependence_in,
    gathered,
    run_all,
)
from sogdia.dependence.settings import DependenceSettings
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

    request: Asked
    store: Store
    inputs: BriefInputs
    brief: Brief
    folder: Path

    @property
    def page(self) -> str:
        return (self.folder / "brief.html").read_text("utf-8")


def ignore(_run: Told) -> None:
    """Take no notice of a run."""


@pytest.fixture(scope="package")
def written(tmp_path_factory: pytest.TempPathFactory) -> WrittenBrief:
    home = tmp_path_factory.mktemp("brief")
    store, executor = Store(home / "store"), InProcess()
    request = ask(Request(ANNOUNCEMENT, None, "as_is", ("reference", "dry_year"), (), None, "central_asia"))
    settings = DependenceSettings(partners=(PARTNER,), channels=False)
    withdrawals = [
        Leaving(_calm_case(request, plan), settings, request.against)
        for plan in (request.against, request.plan)
    ]
    assumptions = assumptions_for(request, 1)
    effects = run_all(request, store, executor, 2, ignore, assumptions, withdrawals)
    inputs = gathered(request, store, partners=dependence_in(withdrawals, store), sensitivity=effects)
    return WrittenBrief(request, store, inputs, write_brief(inputs, home / "out"), home / "out")


@pytest.fixture(scope="package")
def bundle(written: WrittenBrief) -> Bundle:
    """Baseline and plan of the brief under its two scenarios."""
    heads = [written.store.head(run.run) for run in written.request.study.runs]
    return Bundle.of(written.store, heads, written.request.region)
