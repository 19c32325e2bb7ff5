"""Every plan and scenario of the shipped region."""

from __future__ import annotations

from collections import defaultdict

import pytest

from sogdia import Region, build_case, load_plan, load_scenario
from sogdia.region import shipped_regions

FOLDER = shipped_regions()["central_asia"]
PLANS = sorted(path.stem for path in (FOLDER / "plans").glob("*.yaml"))
SCENARIOS = sorted(path.stem for path in (FOLDER / "scenarios").glob("*.yaml"))


@pytest.mark.parametrize("scenario", SCENARIOS)
@pytest.mark.parametrize("plan", PLANS)
def test_shipped_plan_and_scenario_build_a_case(shipped: Region, plan: str, scenario: str) -> None:
    case = build_case(shipped, load_plan(plan, shipped), load_scenario(scenario, shipped))
    assert all(change.reason and change.rows for change in case.changes)
    known = set(shipped.table("sources").index)
    assert {key for change in case.changes for key in change.source.split(";") if key} <= known
    for name, frame in case.frames.items():
        assert frame.index.is_unique, name
        assert frame.dtypes.equals(shipped.table(name).dtypes), name


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_shipped_shock_is_logged(shipped: Region, scenario: str) -> None:
    loaded = load_scenario(scenario, shipped)
    case = build_case(shipped, load_plan("announced_2025", shipped), loaded)
    causes = {change.cause for change in case.changes}
    expected = {f"shock {i} {shock.kind}" for i, shock in enumerate(loaded.shocks, start=1)}
    assert expected <= causes


@pytest.mark.parametrize("what", ["plans", "scenarios"])
def test_shipped_files_have_different_digests(shipped: Region, what: str) -> None:
    by_digest = defaultdict(set)
    for name in getattr(shipped, what):
        loaded = load_plan(name, shipped) if what == "plans" else load_scenario(name, shipped)
        by_digest[loaded.digest].add(name)
    assert {digest: names for digest, names in by_digest.items() if len(names) > 1} == {}
