"""Under pressure: what the plan is worth, and what happens, in every scenario."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.charts import ranges
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import number

T_PER_MT = 1e6


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    frame = pd.DataFrame([_row(inputs, n) for n in range(len(inputs.scenarios))])
    for row in frame.to_dict("records"):
        origin = Origin(f"under the scenario {row['title']}, in the countries of the brief together")
        figures.add(f"under_{row['name']}", float(row["gain_musd"]), "USD million", origin, sign=True)
    columns = (
        Column("title", "Scenario"),
        Column("shock_musd", "Change without the plan", "USD million a year", "change"),
        Column("gain_musd", "What the plan adds", "USD million a year", "change"),
        Column("unserved_before", "Load not served, without", "GWh a year", "number", 0),
        Column("unserved_after", "with the plan", "GWh a year", "number", 0),
        Column("shut_mt", "Goods without a way", "million tonnes a year", "number"),
        Column("co2_mt", "CO₂ of power, with", "million tonnes a year", "number", 0),
    )
    runs = tuple(run for scenario in inputs.scenarios for run in inputs.both("economies", scenario))
    origin = Origin("each scenario run with the plan and without it, both against the same calm year", runs)
    note = (
        "“Change without the plan” is what the scenario itself does to real spending on goods, against "
        "a calm "
        "year; “what the plan adds” is the plan's effect in that scenario."
    )
    table = Table("pressure", "The plan under pressure", columns, frame, origin, note)
    ordered = frame.sort_values("gain_musd", kind="stable").to_dict("records")
    worst, best = ordered[0], ordered[-1]
    words: dict[str, Any] = {
        "worst": str(worst["title"]),
        "worst_id": f"under_{worst['name']}",
        "best": str(best["title"]),
        "best_id": f"under_{best['name']}",
        "scenarios": [(scenario.title, scenario.description) for scenario in inputs.scenarios[1:]],
    }
    return Section("pressure", "Under pressure", words, {"pressure": table}, {"spread": _picture(inputs)})


def _row(inputs: BriefInputs, n: int) -> dict[str, Any]:
    scenario = inputs.scenarios[n]
    effect = inputs.effect(scenario)
    power = []
    for plan in (inputs.against, inputs.plan):
        table = inputs.table(plan, scenario, "power_countries")
        power.append(table[table["iso3"].isin(inputs.homes)][["unserved_gwh", "co2_mt"]].sum())
    lost = inputs.table(inputs.plan, scenario, "undelivered")
    own = lost["exporter"].isin(inputs.homes) | lost["importer"].isin(inputs.homes)
    shut = lost[own & ~lost["in_base"].astype(bool)]
    return {
        "name": scenario.name,
        "title": scenario.title,
        "shock_musd": float(effect["before_musd"].sum()),
        "gain_musd": float(effect["gain_musd"].sum()),
        "unserved_before": float(power[0]["unserved_gwh"]),
        "unserved_after": float(power[1]["unserved_gwh"]),
        "shut_mt": float(shut["tonnes"].sum()) / T_PER_MT,
        "co2_mt": float(power[1]["co2_mt"]),
    }


def _picture(inputs: BriefInputs) -> Any:
    spread = inputs.effects.groupby("economy", sort=False)["gdp_pct"].agg(["min", "max"])
    table = inputs.effect().join(spread)
    told = "; ".join(
        f"{row['name']} {number(row['gdp_pct'], sign=True)}, from {number(row['min'])} to "
        f"{number(row['max'])}"
        for row in table.to_dict("records")
    )
    return ranges(
        table,
        "spread",
        label="name",
        at="gdp_pct",
        low="min",
        high="max",
        unit="per cent of GDP a year",
        alt=f"What the plan adds to real spending, per cent of GDP: {told}.",
        caption=f"What the plan adds in {inputs.calm.title} (point) and in all scenarios (bar).",
    )
