"""Sizes of tables against each other: a column that is in another unit throughout has no odd rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sogdia.codes import ALL_GOODS, OPERATING
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.geography import great_circle_km
from sogdia.region.rules.base import Tables, row_fault
from sogdia.units import HOURS_PER_YEAR, MWH_PER_GWH, USD_PER_MUSD

CAPACITY_OF_TRADE = (1 / 2000, 20.0)
"""Median capacity over the tonnes of all trade; 1/40 in the shipped pack."""
VALUE_OF_TONNE = (0.01, 100.0)
"""Median value of a tonne traded over that of its commodity; 0.9 in the shipped pack."""
EXPORTS_OF_GDP = (1e-4, 10.0)
"""Exports of goods over GDP; 0.04 to 0.7 in the shipped pack, 1.8 in Hong Kong."""
HOME_SALES_OF_GDP = (1e-3, 20.0)
"""Home sales of goods over GDP; 0.06 to 1.2 in the shipped pack."""
PEAK_OF_MEAN = (1.0, 10.0)
"""Peak over mean load; the shipped pack has no peaks, so the limits are wide."""
CAPACITY_OF_DEMAND = (0.01, 100.0)
"""Generation if all plants run all year, over the demand of a home country; 2 to 3 in the shipped pack."""
DETOUR = (0.2, 10.0)
"""Length of a pipeline over the great circle; 0.6 to 5.6 in the shipped pack."""
SHORT_KM = 20.0
FREIGHT_TABLES = ("links", "crossings", "transfers")


def check_freight_sizes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the capacities of a table are not all of another size than trade, as in kt for t."""
    trade = tables["trade"].data
    pairs = trade[trade["exporter"] != trade["importer"]].groupby(["exporter", "importer"])
    total = float(pairs["tonnes"].max().sum())
    for name in FREIGHT_TABLES if total > 0.0 else ():
        capacity = tables[name].data["capacity_t"].to_numpy(dtype=np.float64, na_value=np.nan)
        known = np.flatnonzero(capacity > 0.0)
        if not known.size:
            continue
        median = float(np.median(capacity[known]))
        if not CAPACITY_OF_TRADE[0] <= median / total <= CAPACITY_OF_TRADE[1]:
            more, side, unit = ("less", "below", "kt or Mt") if median < total else ("more", "above", "kg")
            problem = f"half of the capacities are {median:,.6g} or {more}, far {side} trade, {total:,.3g} t"
            fix = f"are they in {unit}? expected t a year"
            yield row_fault(tables[name], int(known[0]), "capacity_t", problem, fix, "sense")


def check_trade_sizes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check tonnes against values of trade, and the exports of each economy against its GDP."""
    trade, economies = tables["trade"], tables["economies"]
    frame = trade.data.reset_index(drop=True)
    price = tables["commodities"].data["usd_per_t"].to_dict()
    known = frame[(frame["tonnes"] > 0.0) & (frame["value_musd"] > 0.0) & (frame["commodity"] != ALL_GOODS)]
    usual = known["commodity"].map(price).astype(float)
    ratio = (known["value_musd"] * USD_PER_MUSD / known["tonnes"] / usual)[usual > 0.0]
    if len(ratio) and not VALUE_OF_TONNE[0] <= ratio.median() <= VALUE_OF_TONNE[1]:
        problem = f"the value of a tonne is {ratio.median():.3g} times usd_per_t in half of the rows"
        fix = "are tonnes in kt, or values in another unit than USD million?"
        yield row_fault(trade, int(ratio.index[0]), "tonnes", problem, fix, "sense")
    abroad = frame[(frame["exporter"] != frame["importer"]) & (frame["commodity"] == ALL_GOODS)]
    exports = abroad.groupby("exporter")["value_musd"].sum().to_dict()
    own = frame[(frame["exporter"] == frame["importer"]) & (frame["commodity"] == ALL_GOODS)]
    sales = own.groupby("exporter")["value_musd"].sum().to_dict()
    rows = zip(economies.data["iso3"], economies.data["gdp_musd"], strict=True)
    for position, (code, gdp) in enumerate(rows):
        share = exports.get(code, 0.0) / gdp if gdp > 0.0 else 0.0
        if share and not EXPORTS_OF_GDP[0] <= share <= EXPORTS_OF_GDP[1]:
            problem = f"{code} exports {share:.3g} times its GDP of {gdp:,.6g} USD million"
            fix = "is this figure, or value_musd of trade, in another unit?"
            yield row_fault(economies, position, "gdp_musd", problem, fix, "sense")
            continue
        at_home = sales.get(code, 0.0) / gdp if gdp > 0.0 else 0.0
        if at_home and not HOME_SALES_OF_GDP[0] <= at_home <= HOME_SALES_OF_GDP[1]:
            problem = f"home sales of {code} are {at_home:.3g} times its GDP of {gdp:,.6g} USD million"
            fix = "is this figure, or value_musd of trade, in another unit?"
            yield row_fault(economies, position, "gdp_musd", problem, fix, "sense")


def check_power_sizes(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check plants and peak load of each home country against its demand for electricity."""
    economies, plants = tables["economies"], tables["plants"].data
    running = plants[plants["status"] == OPERATING].groupby("iso3")["capacity_mw"].sum().to_dict()
    for position, row in enumerate(economies.data.to_dict("records")):
        capacity, demand = running.get(row["iso3"], 0.0), row["electricity_demand_gwh"]
        mean, peak = demand * MWH_PER_GWH / HOURS_PER_YEAR, row["peak_load_mw"]
        if peak > 0.0 and mean > 0.0 and not PEAK_OF_MEAN[0] <= peak / mean <= PEAK_OF_MEAN[1]:
            problem = f"{peak:,.6g} MW is {peak / mean:.3g} times the mean load, {mean:,.6g} MW"
            fix = "is this figure in another unit than MW, or electricity_demand_gwh than GWh?"
            yield row_fault(economies, position, "peak_load_mw", problem, fix, "sense")
        if row["group"] != block.home_group or not (capacity > 0.0 and demand > 0.0):
            continue
        most = capacity * HOURS_PER_YEAR / MWH_PER_GWH
        if not CAPACITY_OF_DEMAND[0] <= most / demand <= CAPACITY_OF_DEMAND[1]:
            problem = (
                f"{demand:,.6g} GWh, but plants of {capacity:,.6g} MW operate, {most:,.6g} GWh a year at most"
            )
            fix = "is this figure in another unit than GWh, or capacity_mw of plants than MW?"
            yield row_fault(economies, position, "electricity_demand_gwh", problem, fix, "sense")


def check_pipeline_detours(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the length of a pipeline is of the size of the great circle between its ends."""
    pipelines, places = tables["pipelines"], tables["places"].data
    places = places[~places.index.duplicated()]
    frame = pipelines.data.reset_index(drop=True)
    has_ends = frame["from"].isin(places.index) & frame["to"].isin(places.index)
    known = frame[has_ends & (frame["length_km"] > 0.0)]
    start, end = places.loc[known["from"]], places.loc[known["to"]]
    direct = great_circle_km(start["lat"], start["lon"], end["lat"], end["lon"])
    for position, km, least in zip(known.index, known["length_km"], direct, strict=True):
        if not DETOUR[0] * (least - SHORT_KM) <= km <= DETOUR[1] * (least + SHORT_KM):
            problem = f"{km:,.6g} km, but the great circle between its ends is {least:.0f} km"
            fix = "is it in metres?" if km > least else "correct the length or its ends"
            yield row_fault(pipelines, int(position), "length_km", problem, fix, "sense")
