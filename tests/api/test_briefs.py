"""``brief``: an announcement or a plan as its first argument."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sogdia
from sogdia.api.brief_request import FROM_ARTICLE, ResolvedRequest
from sogdia.errors import InputError, UnknownNameError
from sogdia.region import Region

ANNOUNCEMENT = Path(__file__).parents[2] / "src" / "sogdia" / "examples" / "announcement.txt"


@pytest.fixture
def requests(monkeypatch: pytest.MonkeyPatch) -> list[ResolvedRequest]:
    """Requests that would be computed and written."""
    received: list[ResolvedRequest] = []

    def receive(request: ResolvedRequest, *_arguments: Any, **_options: Any) -> None:
        received.append(request)

    monkeypatch.setattr("sogdia.api.briefs._write", receive)
    return received


def test_name_file_and_object_of_a_plan_give_the_same_plan(
    requests: list[ResolvedRequest], shipped: Region, tmp_path: Path
) -> None:
    plan = sogdia.load_plan("green_export", shipped)
    for subject in ("green_export", shipped.plans["green_export"], str(shipped.plans["green_export"]), plan):
        sogdia.brief(subject, region=shipped, out=tmp_path)
    sogdia.brief(plan=plan, region=shipped, out=tmp_path)
    assert [request.plan for request in requests] == [plan] * 5
    assert all(request.announcement is None for request in requests)


def test_file_text_and_reading_of_an_announcement_give_the_same_plan(
    requests: list[ResolvedRequest], shipped: Region, tmp_path: Path
) -> None:
    reading = sogdia.read_article(ANNOUNCEMENT, shipped)
    for subject in (ANNOUNCEMENT, str(ANNOUNCEMENT), ANNOUNCEMENT.read_text("utf-8"), reading):
        sogdia.brief(subject, region=shipped, out=tmp_path)
    plans = [request.plan for request in requests]
    assert {plan.name for plan in plans} == {FROM_ARTICLE}
    assert all(plan.projects == plans[0].projects for plan in plans)
    assert all(request.announcement is not None for request in requests)


def test_announcement_may_be_evaluated_with_another_plan(
    requests: list[ResolvedRequest], shipped: Region, tmp_path: Path
) -> None:
    sogdia.brief(ANNOUNCEMENT, plan="green_export", home=["KGZ"], year=2035, region=shipped, out=tmp_path)
    (request,) = requests
    assert (request.plan.name, request.homes, request.reference.year) == ("green_export", ("KGZ",), 2035)
    assert request.announcement is not None


def test_two_plans_raise(requests: list[ResolvedRequest], shipped: Region, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="two plans"):
        sogdia.brief("green_export", plan="multi_vector", region=shipped, out=tmp_path)
    assert requests == []


def test_plan_that_is_the_baseline_raises(
    requests: list[ResolvedRequest], shipped: Region, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="plan and baseline are the same"):
        sogdia.brief("committed", region=shipped, out=tmp_path)
    with pytest.raises(InputError, match="as_is builds no project"):
        sogdia.brief("as_is", region=shipped, out=tmp_path)
    with pytest.raises(UnknownNameError, match="'XXX'"):
        sogdia.brief("green_export", home=["XXX"], region=shipped, out=tmp_path)
    assert requests == []
