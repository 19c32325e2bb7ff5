"""Requests for a brief: names, plans and scenarios found."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench import bench_path

from sogdia.api import read_article
from sogdia.api.brief_request import BriefRequest, resolve_request
from sogdia.errors import InputError, UnknownNameError
from sogdia.region import Region


def test_request_without_a_plan_raises(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="announcement or a plan"):
        resolve_request(BriefRequest(None, None, "as_is", (), (), None, "central_asia"))
    with pytest.raises(InputError, match="the same"):
        resolve_request(BriefRequest(None, "as_is", "as_is", ("reference",), (), None, "central_asia"))
    with pytest.raises(UnknownNameError, match="'XXX'"):
        resolve_request(
            BriefRequest(None, "green_export", "as_is", ("reference",), ("XXX",), None, "central_asia")
        )
    idle = tmp_path / "idle.txt"
    idle.write_text("Nothing happens\n\nThe weather was fine in the valley.\n", encoding="utf-8")
    with pytest.raises(InputError, match="names no project"):
        resolve_request(BriefRequest(idle, None, "as_is", ("reference",), (), None, "central_asia"))


def test_reference_scenario_is_first_and_added_if_none_is_named() -> None:
    request = resolve_request(
        BriefRequest(None, "green_export", "as_is", ("dry_year", "reference"), (), None, "central_asia")
    )
    assert [s.name for s in request.scenarios] == ["reference", "dry_year"]
    without = resolve_request(
        BriefRequest(None, "green_export", "as_is", ("dry_year",), (), None, "central_asia")
    )
    assert without.scenarios[0].shocks == ()
    assert without.scenarios[1].name == "dry_year"


def test_default_baseline_is_committed_without_the_projects_of_the_plan() -> None:
    request = resolve_request(
        BriefRequest(None, "middle_corridor", None, ("reference",), (), None, "central_asia")
    )
    assert request.taken_out == ("pj_almaty_bypass", "pj_moyinty_kyzylzhar")
    assert request.baseline.name == "committed_without_plan"
    assert {run.plan.name for run in request.study.runs} == {"committed_without_plan", "middle_corridor"}
    assert {run.baseline_plan for run in request.study.runs} == {request.baseline}


def test_mode_of_the_power_system_reaches_the_runs() -> None:
    request = resolve_request(
        BriefRequest(None, "green_export", None, ("reference",), (), None, "central_asia", "expansion")
    )
    assert request.study.definition.settings.power.mode == "expansion"


def test_plan_from_and_brief_take_the_same_projects_from_the_same_article(shipped: Region) -> None:
    """Over the practice articles: the plan drafted from an article is that which its brief is about."""
    count = 0
    for file in sorted(bench_path("articles").glob("*.txt")):
        reading = read_article(file, shipped)
        drafted = reading.draft_plan().plan
        request = resolve_request(BriefRequest(reading, None, None, (), (), None, shipped))
        assert request.announcement is not None
        assert request.announcement.draft.plan.projects == drafted.projects, file.name
        assert {choice.project for choice in drafted.projects} <= {
            choice.project for choice in request.plan.projects
        }
        count += len(drafted.projects)
    assert count >= 15
