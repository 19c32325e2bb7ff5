"""What the plan changes in power: balance, prices, carbon dioxide, and what is earned abroad."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.charts import bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.style import Picture
from sogdia.report.wording import fixed

GWH_PER_TWH = 1e3
WORTH_TELLING_PART, NEARLY_ALL = 0.1, 0.95
WORTH_TELLING_TWH = 0.5
"""Power made of a source under which it is left out of the picture."""


def power_tables(inputs: BriefInputs) -> dict[str, Table]:
    """The balance of power of each country, and what it costs and earns, without and with the plan."""
    frame = _countries(inputs)
    origin = Origin("dispatch of the year at least cost", inputs.both("power_countries"))
    balance = (
        Column("name", "Country"),
        Column("demand", "Demand", "TWh", "number", 1),
        Column("made_before", "Made, without", "TWh", "number", 1),
        Column("made", "with the plan", "TWh", "number", 1),
        Column("net_before", "Net imports, without", "TWh", "change", 1),
        Column("net", "with the plan", "TWh", "change", 1),
        Column("unserved_before", "Demand not met, without", "GWh", "number", 0),
        Column("unserved", "with the plan", "GWh", "number", 0),
    )
    money = (
        Column("name", "Country"),
        Column("price_before", "Price, without", "USD a MWh", "number", 0),
        Column("price", "with the plan", "USD a MWh", "number", 0),
        Column("earned_before", "Earned abroad, without", "USD million a year", "number", 0),
        Column("earned", "with the plan", "USD million a year", "number", 0),
        Column("earned_change", "change", "USD million a year", "change", 0),
        Column("co2_before", "CO₂, without", "million t", "number", 1),
        Column("co2", "with the plan", "million t", "number", 1),
        Column("co2_change", "change", "million t", "change", 1),
    )
    notes = (
        "Net imports below zero are exports. Made and imported power is a little more than demand met: lines "
        "and stores lose some.",
        "The price is what the dearest plant needed costs, weighted by demand; where demand cannot be "
        "met, it is the worth of power to who goes without.",
    )
    return {
        "power": Table("power", "Power: the balance", balance, frame, origin, notes[0]),
        "power_money": Table("power_money", "Power: prices, exports, carbon", money, frame, origin, notes[1]),
    }


def _countries(inputs: BriefInputs) -> pd.DataFrame:
    tables = [
        inputs.table(plan, inputs.calm, "power_countries").set_index("iso3")
        for plan in (inputs.against, inputs.plan)
    ]
    homes = [home for home in inputs.homes if home in tables[1].index]
    frame = pd.DataFrame({"name": inputs.named(homes)}, index=homes)
    frame["demand"] = tables[1]["demand_gwh"] / GWH_PER_TWH
    for end, table in zip(("_before", ""), tables, strict=True):
        frame[f"made{end}"] = table["generation_gwh"] / GWH_PER_TWH
        frame[f"net{end}"] = table["net_imports_gwh"] / GWH_PER_TWH
        frame[f"unserved{end}"] = table["unserved_gwh"]
        frame[f"price{end}"] = table["price_usd_per_mwh"]
        frame[f"earned{end}"] = table["export_earnings_musd"]
        frame[f"co2{end}"] = table["co2_mt"]
    for name in ("earned", "co2"):
        frame[f"{name}_change"] = frame[name] - frame[f"{name}_before"]
    return frame.reset_index(drop=True)


def mix_picture(inputs: BriefInputs) -> Picture:
    """Power made by source, without and with the plan."""
    frames = []
    for name, plan in (("without", inputs.against), ("with", inputs.plan)):
        table = inputs.table(plan, inputs.calm, "power_generation")
        own = table[table["iso3"].isin(inputs.homes)]
        frames.append((own.groupby("carrier")["generation_gwh"].sum() / GWH_PER_TWH).rename(name))
    frame = pd.concat(frames, axis=1).fillna(0.0)
    frame = frame[(frame > WORTH_TELLING_TWH).any(axis=1)].sort_values("with", ascending=False).reset_index()
    told = "; ".join(
        f"{row['carrier']} {fixed(row['without'], 1)} and {fixed(row['with'], 1)}"
        for row in frame.to_dict("records")
    )
    return bars(
        frame,
        "mix",
        label="carrier",
        series=(("without", "without the plan"), ("with", "with the plan")),
        unit="TWh a year",
        alt=f"Power made by source, TWh a year without and with the plan: {told}.",
        caption=f"Power made in {inputs.told_of} by source, {inputs.year}; sources of less than "
        f"{WORTH_TELLING_TWH:g} TWh are left out.",
    )


def power_words(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """What is earned abroad, and how much of the change is among the countries told of themselves."""
    sums, among = [], []
    for plan in (inputs.against, inputs.plan):
        table = inputs.table(plan, inputs.calm, "power_exchanges")
        own = table[table["exporter"].isin(inputs.homes)]
        sums.append(float(own["earned_musd"].sum()))
        among.append(float(own.loc[own["importer"].isin(inputs.homes), "earned_musd"].sum()))
    origin = Origin("earned with power sold abroad", inputs.both("power_exchanges"))
    change, inside = sums[1] - sums[0], among[1] - among[0]
    figures.add("power_earned", abs(change), "USD million", origin)
    figures.add("power_earned_among", abs(inside), "USD million", origin)
    return {
        "earns_more": change >= 0.0,
        "nearly_all": abs(inside) > NEARLY_ALL * abs(change),
        "among": len(inputs.homes) > 1
        and change * inside > 0.0
        and abs(inside) > WORTH_TELLING_PART * abs(change),
    }
