"""Build tables, picture and text on electricity: balance, prices, emissions, export earnings."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.charts import draw_bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.style import Picture
from sogdia.report.wording import format_fixed

GWH_PER_TWH = 1e3
MIN_INTERNAL_SHARE, NEARLY_ALL = 0.1, 0.95
"""Share of the effect from which trade among the countries is reported, and from which it is nearly all."""
MIN_GENERATION_TWH = 0.5
"""Generation below which the picture omits a source."""
RESULTS = {
    "generation": ("generation_gwh", GWH_PER_TWH),
    "net": ("net_imports_gwh", GWH_PER_TWH),
    "unserved": ("unserved_gwh", 1.0),
    "price": ("price_usd_per_mwh", 1.0),
    "earned": ("export_earnings_musd", 1.0),
    "co2": ("co2_mt", 1.0),
}
"""Columns of the tables: the column of the results, and the divisor that converts its unit."""


def electricity_tables(inputs: BriefInputs) -> dict[str, Table]:
    """Return electricity balance and prices by country, in the baseline and with the plan."""
    frame = _countries(inputs)
    origin = Origin("least-cost dispatch of the year", inputs.run_labels("power_countries"))
    balance = (
        Column("name", "Country"),
        Column("demand", "Demand", "TWh/a", "number", 1),
        Column("generation_baseline", "Generation, baseline", "TWh/a", "number", 1),
        Column("generation_plan", "plan", "TWh/a", "number", 1),
        Column("net_baseline", "Net imports, baseline", "TWh/a", "effect", 1),
        Column("net_plan", "plan", "TWh/a", "effect", 1),
        Column("unserved_baseline", "Unserved energy, baseline", "GWh/a", "number", 0),
        Column("unserved_plan", "plan", "GWh/a", "number", 0),
    )
    prices = (
        Column("name", "Country"),
        Column("price_baseline", "Marginal price, baseline", "USD/MWh", "number", 0),
        Column("price_plan", "plan", "USD/MWh", "number", 0),
        Column("earned_baseline", "Export earnings, baseline", "USD million a year", "number", 0),
        Column("earned_plan", "plan", "USD million a year", "number", 0),
        Column("earned_effect", "effect", "USD million a year", "effect", 0),
        Column("co2_baseline", "CO₂ emissions, baseline", "Mt/a", "number", 1),
        Column("co2_plan", "plan", "Mt/a", "number", 1),
        Column("co2_effect", "effect", "Mt/a", "effect", 1),
    )
    notes = (
        "Negative net imports are exports. Generation and net imports slightly exceed the demand served, "
        "because lines and storage have losses.",
        "The marginal price is the cost of the last plant that supplies, weighted by demand. Where demand is "
        "not met, it is the value of lost load.",
    )
    return {
        "electricity": Table("electricity", "Electricity balance", balance, frame, origin, notes[0]),
        "electricity_prices": Table(
            "electricity_prices", "Electricity prices, export earnings and emissions", prices, frame, origin,
            notes[1],
        ),
    }  # fmt: skip


def _countries(inputs: BriefInputs) -> pd.DataFrame:
    baseline, plan = (table.set_index("iso3") for table in inputs.tables("power_countries"))
    homes = [home for home in inputs.homes if home in plan.index]
    frame = pd.DataFrame({"name": inputs.names_of(homes)}, index=homes)
    frame["demand"] = plan["demand_gwh"] / GWH_PER_TWH
    for end, table in (("baseline", baseline), ("plan", plan)):
        for name, (column, divisor) in RESULTS.items():
            frame[f"{name}_{end}"] = table[column] / divisor
    for name in ("earned", "co2"):
        frame[f"{name}_effect"] = frame[f"{name}_plan"] - frame[f"{name}_baseline"]
    return frame.reset_index(drop=True)


def draw_generation(inputs: BriefInputs) -> Picture:
    """Draw electricity generation by source in the baseline and with the plan."""
    sums = []
    for name, table in zip(("baseline", "plan"), inputs.tables("power_generation"), strict=True):
        own = table[table["iso3"].isin(inputs.homes)]
        sums.append((own.groupby("carrier")["generation_gwh"].sum() / GWH_PER_TWH).rename(name))
    frame = pd.concat(sums, axis=1).fillna(0.0)
    frame = frame[(frame > MIN_GENERATION_TWH).any(axis=1)].sort_values("plan", ascending=False).reset_index()
    values = "; ".join(
        f"{row['carrier']} {format_fixed(row['baseline'], 1)} and {format_fixed(row['plan'], 1)}"
        for row in frame.to_dict("records")
    )
    return draw_bars(
        frame,
        "generation",
        label="carrier",
        series=(("baseline", "baseline"), ("plan", "plan")),
        unit="TWh a year",
        alt=f"Electricity generation by source in the baseline and with the plan, TWh a year: {values}.",
        caption=f"Electricity generation in {inputs.countries} by source, {inputs.year}. "
        f"Sources below {MIN_GENERATION_TWH:g} TWh a year are omitted.",
    )


def electricity_context(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the effect on electricity export earnings, and its part from trade among the countries."""
    sums, internal = [], []
    for table in inputs.tables("power_exchanges"):
        own = table[table["exporter"].isin(inputs.homes)]
        sums.append(float(own["earned_musd"].sum()))
        internal.append(float(own.loc[own["importer"].isin(inputs.homes), "earned_musd"].sum()))
    origin = Origin("effect on electricity export earnings", inputs.run_labels("power_exchanges"))
    effect, inside = sums[1] - sums[0], internal[1] - internal[0]
    figures.add("power_earned", abs(effect), "USD million", origin)
    figures.add("power_earned_among", abs(inside), "USD million", origin)
    return {
        "earns_more": effect >= 0.0,
        "is_mostly_internal": abs(inside) > NEARLY_ALL * abs(effect),
        "has_internal": len(inputs.homes) > 1
        and effect * inside > 0.0
        and abs(inside) > MIN_INTERNAL_SHARE * abs(effect),
    }
