"""One small brief of the shipped region, written once: two scenarios, one partner, two assumptions."""

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
from sogdia.report.inputs import BriefInputs
from sogdia.runs.executor import InProcess
from sogdia.runs.store import Store

ANNOUNCEMENT = Path(__file__).parent.parent.parent / "examples" / "announcement.txt"
PARTNER = "turkiye_gulf"


@dataclass(frozen=True)
class Written:
    """A brief with what it was written from."""

    asked: Asked
    store: Store
    inputs: BriefInputs
    brief: Brief
    folder: Path

    @property
    def page(self) -> str:
        return (self.folder / "brief.html").read_text("utf-8")


def silent(_run: Told) -> None:
    """Told of runs."""


@pytest.fixture(scope="package")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    home = tmp_path_factory.mktemp("brief")
    store, place = Store(home / "store"), InProcess()
    request = Request(ANNOUNCEMENT, None, "as_is", ("reference", "dry_year"), (), None, "central_asia")
    asked = ask(request)
    settings = DependenceSettings(partners=(PARTNER,), channels=False)
    leaving = [
        Leaving(_calm_case(asked, plan), settings, asked.against) for plan in (asked.against, asked.plan)
    ]
    varied = run_all(asked, store, place, 2, silent, assumptions_for(asked, 1), leaving)
    inputs = gathered(asked, store, partners=dependence_in(leaving, store), sensitivity=varied)
    return Written(asked, store, inputs, write_brief(inputs, home / "out"), home / "out")
