"""Compare cross-border trade of the model with published figures of customs and market operators.

The published figures are rows of ``electricity``: ``export_earnings_musd`` and ``import_bill_musd``, with
``exports_gwh`` and ``imports_gwh`` of the same year if they are known. ``_9m`` before the unit means the
first nine months of the year; the model's figures are then those of the same months. Swaps have energy and no
value on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from sogdia.power.exchange import directions_of, settle_year
from sogdia.power.results import PowerResult
from sogdia.power.scarcity import long_run_by_country
from sogdia.power.spot import spot_price_usd_per_mwh
from sogdia.power.tables import CUSTOMS
from sogdia.region import Region
from sogdia.units import MWH_PER_GWH, USD_PER_MUSD

ALL_MONTHS: Final = 12
SIDES: Final = {"exports": ("export_earnings", "exporter"), "imports": ("import_bill", "importer")}
"""Item of the value and column of the country, by side."""


def customs_years(region: Region) -> tuple[int, ...]:
    """Return the years of a region's published figures, in order."""
    figures = region.table("electricity")
    is_value = figures["item"].str.fullmatch("|".join(_pattern(name) for name, _ in SIDES.values()))
    return tuple(sorted(int(year) for year in set(figures["year"][is_value.to_numpy(dtype=bool)])))


def _pattern(name: str) -> str:
    """Return the pattern of an item; its group is the number of months, if not all."""
    return rf"{name}(?:_(\d+)m)?_musd"


def customs_comparison(results: Mapping[int, PowerResult]) -> pd.DataFrame:
    """Return published trade with the model's (:data:`sogdia.power.tables.CUSTOMS`).

    Args:
        results: Solved years by year; figures of other years are left out.
    """
    rows = [row for year in sorted(results) for row in _year_rows(year, results[year])]
    names = [
        "iso3",
        "year",
        "side",
        "months",
        "reported_gwh",
        "modelled_gwh",
        "reported_musd",
        "modelled_musd",
    ]
    table = pd.DataFrame(rows, columns=names)
    for kind in ("reported", "modelled"):
        gwh = table[f"{kind}_gwh"]
        price = table[f"{kind}_musd"] * USD_PER_MUSD / (gwh * MWH_PER_GWH)
        table[f"{kind}_usd_per_mwh"] = price.where(gwh > 0.0, np.nan)
    return CUSTOMS.frame(table.sort_values(["iso3", "year", "side", "months"], ignore_index=True))


def _year_rows(year: int, result: PowerResult) -> list[tuple[object, ...]]:
    figures = result.inputs.case.table("electricity").reset_index(drop=True)
    figures = figures[figures["year"] == year]
    value = {
        (str(iso3), str(item)): float(number)
        for iso3, item, number in zip(figures["iso3"], figures["item"], figures["value"], strict=True)
    }
    trade = monthly_trade(result)
    rows: list[tuple[object, ...]] = []
    for (iso3, item), money in value.items():
        for side, (name, column) in SIDES.items():
            found = re.fullmatch(_pattern(name), item)
            if found is None:
                continue
            months = int(found[1] or ALL_MONTHS)
            own = trade[(trade[column] == iso3) & (trade["month"] <= months)]
            energy = item.replace(name, side).replace("_musd", "_gwh")
            gwh, musd = float(own["gwh"].sum()), float(own["musd"].sum())
            rows.append((iso3, year, side, months, value.get((iso3, energy), np.nan), gwh, money, musd))
    return rows


def monthly_trade(result: PowerResult) -> pd.DataFrame:
    """Return cross-border energy sent and its value by ``exporter``, ``importer`` and ``month``."""
    settled, directions = settle_year(result), directions_of(result)
    long_run = long_run_by_country(result, result.price_summary)
    usd = settled.contracts_usd + settled.spot_mwh * spot_price_usd_per_mwh(result, long_run)
    mwh = settled.contracted_mwh + settled.swapped_mwh + settled.spot_mwh
    month = result.inputs.snapshots.month
    parts = [
        directions[["exporter", "importer"]].assign(
            month=number,
            gwh=mwh[month == number].sum(axis=0) / MWH_PER_GWH,
            musd=usd[month == number].sum(axis=0) / USD_PER_MUSD,
        )
        for number in range(1, ALL_MONTHS + 1)
    ]
    table = pd.concat(parts, ignore_index=True)
    foreign = table[table["exporter"] != table["importer"]]
    return foreign.groupby(["exporter", "importer", "month"], as_index=False)[["gwh", "musd"]].sum()
