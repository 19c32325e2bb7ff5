"""Pictures of electricity in a brief: their values are those of the stored runs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sogdia.report.inputs import RunTables
from sogdia.report.sections.electricity import draw_marginal_costs, draw_new_capacity

from .conftest import WrittenBrief


def test_new_capacity_is_that_of_both_runs(written: WrittenBrief) -> None:
    inputs = written.inputs
    own = [table[table["iso3"].isin(inputs.homes)] for table in inputs.tables("power_built")]
    baseline, plan = (float(table["built_mw"].sum()) for table in own)
    picture = draw_new_capacity(inputs)
    assert picture is not None
    total = picture.alt.partition("Total ")[2].removesuffix(".").replace(",", "")
    values = [float(value) for value in total.split(" and ")]
    assert values == pytest.approx([baseline, plan], abs=0.5)
    assert "gas_ocgt" not in picture.alt


def test_runs_without_new_capacity_have_no_picture_of_it(written: WrittenBrief) -> None:
    none = {
        key: RunTables(run.run, run.label, {**run.tables, "power_built": run.tables["power_built"].iloc[:0]})
        for key, run in written.inputs.runs.items()
    }
    assert draw_new_capacity(replace(written.inputs, runs=none)) is None


def test_marginal_cost_of_a_zone_is_the_price_where_no_capacity_is_planned(written: WrittenBrief) -> None:
    inputs = replace(written.inputs, homes=("TJK",))
    table = inputs.tables("power_price_summary")[1].set_index("zone").loc["TJK"]
    picture = draw_marginal_costs(inputs)
    assert f"and {table['long_run_usd_per_mwh']:.0f}." in picture.alt
    unplanned = {}
    for key, run in inputs.runs.items():
        summary = run.tables["power_price_summary"].assign(long_run_usd_per_mwh=float("nan"))
        unplanned[key] = RunTables(run.run, run.label, {**run.tables, "power_price_summary": summary})
    picture = draw_marginal_costs(replace(inputs, runs=unplanned))
    assert f"and {table['price_without_scarcity_usd_per_mwh']:.0f}." in picture.alt
