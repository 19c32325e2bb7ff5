"""Build tables, pictures and text on electricity: balance, prices, emissions, export earnings."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd

from sogdia.power.carriers import in_stack_order, style_of
from sogdia.power.zones import build_zones
from sogdia.report.charts import draw_bars
from sogdia.report.declared_columns import PLAN, Shown, columns_of, compare
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.sections.samples import interval_columns, interval_note, with_intervals
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_fixed
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.units import GWH_PER_TWH

MIN_INTERNAL_SHARE, NEARLY_ALL = 0.1, 0.95
"""Share of the effect from which trade among the countries is reported, and from which it is nearly all."""
MIN_GENERATION_TWH = 0.5
"""Generation below which the picture omits a source."""
MIN_CAPACITY_MW = 50.0
"""New capacity below which the picture omits a source."""
BOTH = (("baseline", "baseline"), ("plan", "plan"))
COUNTRIES = RESULT_TABLES["power_countries"]
DEMAND = Shown(COUNTRIES.column("demand_gwh"), unit="TWh/a", decimals=1)
BALANCE = (
    Shown(COUNTRIES.column("generation_gwh"), unit="TWh/a", decimals=1),
    Shown(COUNTRIES.column("net_imports_gwh"), unit="TWh/a", decimals=1, kind="effect"),
    Shown(COUNTRIES.column("unserved_gwh"), decimals=0),
)
PRICES = (
    Shown(COUNTRIES.column("price_usd_per_mwh"), decimals=0),
    Shown(COUNTRIES.column("export_earnings_musd"), decimals=0, has_effect=True, heading_unit=MUSD_A),
    Shown(COUNTRIES.column("co2_mt"), decimals=1, has_effect=True, label="CO₂ emissions"),
)  # fmt: skip


def electricity_tables(inputs: BriefInputs) -> dict[str, Table]:
    """Return electricity balance and prices by country, in the baseline and with the plan."""
    baseline, plan = (table.set_index("iso3") for table in inputs.tables("power_countries"))
    homes = [home for home in inputs.homes if home in plan.index]
    frame = compare(baseline, plan.loc[homes], (DEMAND, *BALANCE, *PRICES))
    frame["name"] = inputs.names_of(homes)
    earned = "export_earnings_musd"
    frame = with_intervals(inputs, frame, "power_countries", earned)
    frame = with_intervals(inputs, frame, "power_countries", "co2_mt")
    prices = (
        *columns_of(PRICES[:2]), *interval_columns(inputs, earned, MUSD_A, 0),
        *columns_of(PRICES[2:]), *interval_columns(inputs, "co2_mt", "Mt/a", 1),
    )  # fmt: skip
    demand = replace(DEMAND.column(), key=f"{DEMAND.name}_{PLAN}")
    origin = Origin("least-cost dispatch of the year", inputs.run_labels("power_countries"))
    country = Column("name", "Country")
    notes = (
        "Negative net imports are exports. Generation and net imports slightly exceed the demand served, "
        "because lines and storage have losses.",
        "The price is the marginal price: the cost of the last plant that supplies, weighted by demand. "
        "Where demand is not met, it is the value of lost load.",
    )
    return {
        "electricity": Table(
            "electricity", "Electricity balance", (country, demand, *columns_of(BALANCE)), frame, origin,
            notes[0],
        ),
        "electricity_prices": Table(
            "electricity_prices", "Electricity prices, export earnings and emissions",
            (country, *prices), frame, origin, notes[1] + interval_note(inputs),
        ),
    }  # fmt: skip


def electricity_pictures(inputs: BriefInputs) -> dict[str, Picture]:
    """Draw generation, new capacity and marginal costs, each in the baseline and with the plan."""
    drawn = (draw_generation(inputs), draw_new_capacity(inputs), draw_marginal_costs(inputs))
    return {picture.name: picture for picture in drawn if picture is not None}


def draw_generation(inputs: BriefInputs) -> Picture:
    """Draw electricity generation by source in the baseline and with the plan."""
    sums = []
    for name, table in zip(("baseline", "plan"), inputs.tables("power_generation"), strict=True):
        own = table[table["iso3"].isin(inputs.homes)]
        sums.append((own.groupby("carrier")["generation_gwh"].sum() / GWH_PER_TWH).rename(name))
    frame = pd.concat(sums, axis=1).fillna(0.0)
    frame = frame[(frame > MIN_GENERATION_TWH).any(axis=1)].sort_values("plan", ascending=False).reset_index()
    frame["carrier"] = [style_of(str(carrier)).name for carrier in frame["carrier"]]
    return draw_bars(
        frame,
        "generation",
        label="carrier",
        series=BOTH,
        unit="TWh a year",
        alt="Electricity generation by source in the baseline and with the plan, TWh a year: "
        f"{_values(frame, 'carrier', 1)}.",
        caption=f"Electricity generation in {inputs.countries} by source, {inputs.year}. "
        f"Sources below {MIN_GENERATION_TWH:g} TWh a year are omitted.",
    )


def draw_new_capacity(inputs: BriefInputs) -> Picture | None:
    """Draw the capacity that each case builds in addition to its projects; ``None`` if neither builds any."""
    sums = []
    for name, table in zip(("baseline", "plan"), inputs.tables("power_built"), strict=True):
        own = table[table["iso3"].isin(inputs.homes)]
        sums.append(own.groupby("carrier")["built_mw"].sum().rename(name))
    frame = pd.concat(sums, axis=1).fillna(0.0)
    total = frame.sum()
    frame = frame[(frame >= MIN_CAPACITY_MW).any(axis=1)]
    if frame.empty:
        return None
    frame = frame.loc[in_stack_order(map(str, frame.index))].rename(index=lambda name: style_of(name).name)
    frame.loc["Total"] = total
    frame = frame.rename_axis("carrier").reset_index()
    return draw_bars(
        frame,
        "new_capacity",
        label="carrier",
        series=BOTH,
        unit="MW",
        alt="New capacity in addition to projects in the baseline and with the plan, MW: "
        f"{_values(frame, 'carrier', 0)}.",
        caption=f"New power plants and batteries in {inputs.countries} in addition to the projects, "
        f"{inputs.year}: those of least cost that meet demand and the reserve margin.",
    )


def draw_marginal_costs(inputs: BriefInputs) -> Picture:
    """Draw the long-run marginal cost of electricity by zone; the mean price where no capacity is planned."""
    zones = build_zones(inputs.case).table
    zones = zones[zones["iso3"].isin(inputs.homes)]
    costs = []
    for name, table in zip(("baseline", "plan"), inputs.tables("power_price_summary"), strict=True):
        by_zone = table.set_index("zone")
        cost = by_zone["long_run_usd_per_mwh"].fillna(by_zone["price_without_scarcity_usd_per_mwh"])
        costs.append(cost.reindex(zones.index).fillna(0.0).rename(name))
    frame = pd.concat(costs, axis=1)
    frame.insert(0, "zone", zones["name"].astype(str))
    return draw_bars(
        frame,
        "marginal_costs",
        label="zone",
        series=BOTH,
        unit="USD per MWh",
        alt="Long-run marginal cost of electricity by zone in the baseline and with the plan, USD per MWh: "
        f"{_values(frame, 'zone', 0)}.",
        caption=f"Long-run marginal cost of electricity, {inputs.year}: mean marginal price without hours of "
        "scarcity, and the price of the firm capacity that demand requires.",
    )


def _values(frame: pd.DataFrame, label: str, decimals: int) -> str:
    """Return the values of both cases as text, row by row."""
    return "; ".join(
        f"{row[label]} {format_fixed(row['baseline'], decimals)} and {format_fixed(row['plan'], decimals)}"
        for row in frame.to_dict("records")
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
