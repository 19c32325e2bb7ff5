"""Under pressure: what the plan is worth, and what happens, in every scenario."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.charts import ranges
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Section, Table
from sogdia.report.wording import fixed

T_PER_MT = 1e6


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    frame = pd.DataFrame([_row(inputs, n) for n in range(len(inputs.scenarios))])
    for row in frame.to_dict("records"):
        scenario = next(each for each in inputs.scenarios if each.name == row["name"])
        origin = Origin(
            f"what the plan adds under “{row['title']}”, in all countries told of",
            inputs.both("economies", scenario),
        )
        figures.add(f"under_{row['name']}", float(row["gain_musd"]), "USD million", origin, sign=True)
    columns = (
        Column("title", "Scenario"),
        Column("shock_musd", "Change without the plan", "USD million a year", "change"),
        Column("gain_musd", "What the plan adds", "USD million a year", "change"),
        Column("unserved_before", "Demand for power not met, without", "GWh a year", "number", 0),
        Column("unserved_after", "with the plan", "GWh a year", "number", 0),
        Column("shut_mt", "Goods without a way", "million tonnes a year", "number", 1),
        Column("co2_mt", "CO₂ of power, with the plan", "million tonnes a year", "number", 0),
    )
    runs = tuple(run for scenario in inputs.scenarios for run in inputs.both("economies", scenario))
    origin = Origin("each scenario run with the plan and without it, both against the same calm year", runs)
    note = (
        "“Change without the plan” is what the scenario itself does to real spending on goods, against a "
        "calm year; above zero it is a gain, as where a scenario hits what others sell harder than what "
        "the region sells. “What the plan adds” is the plan's effect in that scenario. Goods without a "
        "way: own trade, with the plan, that no open route carries."
    )
    table = Table("pressure", "The plan under pressure", columns, frame, origin, note)
    ordered = frame.sort_values("gain_musd", kind="stable").to_dict("records")
    worst, best = ordered[0], ordered[-1]
    words: dict[str, Any] = {
        "worst": str(worst["title"]),
        "worst_id": f"under_{worst['name']}",
        "best": str(best["title"]),
        "best_id": f"under_{best['name']}",
        "one": len(frame) == 1,
        "even": figures.get(f"under_{worst['name']}").text == figures.get(f"under_{best['name']}").text,
        "title": str(frame["title"].iloc[0]),
        "homes": inputs.told_of,
        "single": len(inputs.homes) == 1,
        "hit": _hit(frame, figures),
        "scenarios": [(scenario.title, scenario.description) for scenario in inputs.scenarios[1:]],
    }
    pictures = {} if len(frame) == 1 else {"spread": _picture(inputs)}
    return Section("pressure", "Under pressure", words, {"pressure": table}, pictures)


def _hit(frame: pd.DataFrame, figures: Figures) -> str:
    """The scenario that costs most without the plan; nothing where none costs anything."""
    worst = frame.sort_values("shock_musd", kind="stable").to_dict("records")[0]
    if float(worst["shock_musd"]) >= 0.0:
        return ""
    origin = Origin(f"what “{worst['title']}” does without the plan, against a calm year")
    figures.add("hit", -float(worst["shock_musd"]), "USD million", origin)
    return str(worst["title"])


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
        f"{row['name']} {fixed(row['gdp_pct'], 2, sign=True)}, from {fixed(row['min'], 2, sign=True)} to "
        f"{fixed(row['max'], 2, sign=True)}"
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
        caption=f"What the plan adds under “{inputs.calm.title}” (point) and over all scenarios (bar).",
    )
