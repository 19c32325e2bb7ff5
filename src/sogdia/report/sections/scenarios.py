"""Build the section on scenarios: effect of each scenario, and effect of the plan in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.case import Scenario
from sogdia.report.charts import draw_ranges
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_fixed
from sogdia.units import T_PER_MT


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    frame = pd.DataFrame([_row(inputs, scenario) for scenario in inputs.scenarios])
    for scenario, gain in zip(inputs.scenarios, frame["gain_musd"].tolist(), strict=True):
        origin = Origin(
            f"effect of the plan under “{scenario.title}”, sum over the countries of the brief",
            inputs.run_labels("economies", scenario),
        )
        figures.add(f"under_{scenario.name}", float(gain), "USD million", origin, sign=True)
    ordered = frame.sort_values("gain_musd", kind="stable").to_dict("records")
    smallest, largest = ordered[0], ordered[-1]
    ids = [f"under_{row['name']}" for row in (smallest, largest)]
    context: dict[str, Any] = {
        "smallest": str(smallest["title"]),
        "smallest_id": ids[0],
        "largest": str(largest["title"]),
        "largest_id": ids[1],
        "is_single": len(frame) == 1,
        "is_uniform": figures.get(ids[0]).text == figures.get(ids[1]).text,
        "title": str(frame["title"].iloc[0]),
        "countries": inputs.countries,
        "worst": _worst_scenario(frame, figures),
        "descriptions": [(each.title, each.description) for each in inputs.scenarios[1:]],
    }
    pictures = {} if len(frame) == 1 else {"spread": _draw_spread(inputs)}
    return Section("scenarios", "Scenarios", context, {"scenarios": _table(inputs, frame)}, pictures)


def _table(inputs: BriefInputs, frame: pd.DataFrame) -> Table:
    columns = (
        Column("title", "Scenario"),
        Column("shock_musd", "Effect of the scenario", MUSD_A, "effect"),
        Column("gain_musd", "Effect of the plan", MUSD_A, "effect"),
        Column("unserved_baseline", "Unserved energy, baseline", "GWh/a", "number", 0),
        Column("unserved_plan", "plan", "GWh/a", "number", 0),
        Column("undeliverable_mt", "Undeliverable freight, plan", "Mt/a", "number", 1),
        Column("co2_mt", "CO₂ emissions of electricity, plan", "Mt/a", "number", 0),
    )
    runs = tuple(label for scenario in inputs.scenarios for label in inputs.run_labels("economies", scenario))
    origin = Origin(
        "plan and baseline in each scenario, both relative to the baseline in the reference scenario", runs
    )
    note = (
        "The effect of the scenario is the difference of real spending from the reference scenario, "
        "in the baseline. It is positive if a scenario affects competing exporters more than the region. The "
        "effect of the plan is the difference from the baseline in the same scenario. Undeliverable freight "
        "is trade of the countries of the brief that no open path can carry. Finance that a scenario delays "
        "or ends costs money; opening years stay those of the plan."
    )
    return Table("scenarios", "Effect of the plan by scenario", columns, frame, origin, note)


def _worst_scenario(frame: pd.DataFrame, figures: Figures) -> str:
    """Add the largest loss from a scenario in the baseline; return the scenario, empty if there is none."""
    worst = frame.sort_values("shock_musd", kind="stable").to_dict("records")[0]
    if float(worst["shock_musd"]) >= 0.0:
        return ""
    origin = Origin(f"effect of “{worst['title']}” in the baseline, relative to the reference scenario")
    figures.add("hit", -float(worst["shock_musd"]), "USD million", origin)
    return str(worst["title"])


def _row(inputs: BriefInputs, scenario: Scenario) -> dict[str, Any]:
    effect = inputs.effect(scenario)
    baseline, plan = (
        table[table["iso3"].isin(inputs.homes)][["unserved_gwh", "co2_mt"]].sum()
        for table in inputs.tables("power_countries", scenario)
    )
    undelivered = inputs.table(inputs.plan, scenario, "undelivered")
    own = undelivered["exporter"].isin(inputs.homes) | undelivered["importer"].isin(inputs.homes)
    undeliverable = undelivered[own & ~undelivered["in_base"].astype(bool)]
    return {
        "name": scenario.name,
        "title": scenario.title,
        "shock_musd": float(effect["baseline_musd"].sum()),
        "gain_musd": float(effect["gain_musd"].sum()),
        "unserved_baseline": float(baseline["unserved_gwh"]),
        "unserved_plan": float(plan["unserved_gwh"]),
        "undeliverable_mt": float(undeliverable["tonnes"].sum()) / T_PER_MT,
        "co2_mt": float(plan["co2_mt"]),
    }


def _draw_spread(inputs: BriefInputs) -> Picture:
    spread = inputs.effects.groupby("economy", sort=False)["gdp_pct"].agg(["min", "max"])
    table = inputs.effect().join(spread)
    values = "; ".join(
        f"{row['name']} {format_fixed(row['gdp_pct'], 2, sign=True)}, from "
        f"{format_fixed(row['min'], 2, sign=True)} to {format_fixed(row['max'], 2, sign=True)}"
        for row in table.to_dict("records")
    )
    return draw_ranges(
        table,
        "spread",
        label="name",
        at="gdp_pct",
        low="min",
        high="max",
        unit="per cent of GDP a year",
        alt=f"Effect of the plan on real spending, per cent of GDP: {values}.",
        caption=f"Effect of the plan on real spending under “{inputs.reference.title}” (point) and "
        "its range over all scenarios (bar).",
    )
