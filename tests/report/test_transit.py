"""Effect of a plan on transit income."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from sogdia import Region, build_case, load_plan, load_scenario
from sogdia.report.inputs import BriefInputs, RunTables
from sogdia.report.sections.transit import transit_effect, transit_table

from .conftest import WrittenBrief

COLUMNS = ["territory", "income_musd", "income_low_musd", "income_high_musd"]


def income(*rows: tuple[str, float, float, float]) -> RunTables:
    return RunTables("run", "plan/reference/2030", {"transit_income": pd.DataFrame(rows, columns=COLUMNS)})


@pytest.fixture(scope="module")
def inputs(shipped: Region) -> BriefInputs:
    """Kazakhstan loses 4 million of one mode and gains 10 of another; Kyrgyzstan has no transit before."""
    baseline, plan = load_plan("as_is", shipped), load_plan("committed", shipped)
    scenario = load_scenario("reference", shipped)
    runs = {
        (baseline.name, scenario.name): income(("KAZ", 20, 5, 60), ("KAZ", 30, 10, 50)),
        (plan.name, scenario.name): income(("KAZ", 30, 8, 90), ("KAZ", 26, 9, 40), ("KGZ", 2, 1, 5)),
    }
    case = build_case(shipped, plan, scenario)
    return BriefInputs(shipped, plan, baseline, (scenario,), ("KAZ", "KGZ", "TJK"), case, runs, {})


def test_effect_sums_modes_and_has_a_range(inputs: BriefInputs) -> None:
    table = transit_effect(inputs)
    figures = ["effect_musd", "min", "max"]
    assert [table.at["KAZ", name] for name in figures] == [6.0, 2.0, 20.0]
    assert [table.at["KGZ", name] for name in figures] == [2.0, 1.0, 5.0]
    assert table.at["TJK", "income_musd_plan"] == 0.0
    assert table.at["TJK", "effect_musd"] == 0.0


def test_table_cites_its_rows_and_is_empty_without_costs(inputs: BriefInputs) -> None:
    table = transit_table(inputs)
    assert len(table.frame) == 3
    assert "transit_costs/line_haul/rail/KAZ" in table.origin.rows
    frames = {**inputs.case.frames, "transit_costs": inputs.case.table("transit_costs").iloc[:0]}
    assert transit_table(replace(inputs, case=replace(inputs.case, frames=frames))).frame.empty


def test_page_shows_transit_income_after_real_spending(written: WrittenBrief) -> None:
    page, title = written.page, "Effect of the plan on transit income"
    assert page.index("Effect of the plan on real spending") < page.index(title)
