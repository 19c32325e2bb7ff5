"""Load of a year by country: demand, network losses, and demand that limits of supply leave unserved.

``demand_gwh`` of ``electricity`` is generation plus net imports: energy at the busbar that was served, with
the losses of the networks. With D that demand (of the record, or grown from it), S the suppressed demand of
the latest row (``suppressed_gwh``), ℓ₀ the share of losses in the record (``losses_pct``) and ℓ its share in
the case, after the effects of projects,

``d = (D + S) (1 − ℓ₀) / (1 − ℓ)``,  final consumption ``(1 − ℓ) d``.

Final consumption does not depend on losses, so that a project that cuts losses lowers load. Losses are never
added to the demand of the record, which contains them. In a year of the record S is not part of the load: the
demand of the record is what was served.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.monthly import hourly, months_between
from sogdia.power.snapshots import MONTHS
from sogdia.units import MWH_PER_GWH

DEMAND, LOSSES, SUPPRESSED = "demand_gwh", "losses_pct", "suppressed_gwh"
FIRST_MONTH, LAST_MONTH = "suppressed_from_month", "suppressed_to_month"
"""Items: months in which demand is suppressed; the full year without rows."""
ITEMS = (DEMAND, LOSSES, SUPPRESSED, FIRST_MONTH, LAST_MONTH)
FULL_PCT = 100.0
_Figures = dict[tuple[str, str], list[tuple[int, float]]]
"""Years and figures by country and item."""


@dataclass(frozen=True, eq=False)
class CountryLoad:
    """Load of a country in a year.

    Attributes:
        served_gwh: Load without suppressed demand, network losses included.
        suppressed_gwh: Suppressed demand that is part of the load; 0 in a year of the record.
        loss_share: Network losses as a share of load; ``None`` if no row up to the year has it.
        months: 1 in the months in which demand is suppressed, (12,).
    """

    served_gwh: float
    suppressed_gwh: float
    loss_share: float | None
    months: Floats


def country_loads(case: Case) -> dict[str, CountryLoad]:
    """Return the load of every country with a demand in ``electricity``, in the year of a case.

    Demand is that of the year, or the latest before it. Losses and suppressed demand are those of the latest
    row up to the year.

    Raises:
        InputError: If a country's first demand is later than the year, or its losses are 100 % or more.
    """
    table = case.table("electricity")
    rows, record = _figures(table), _figures(case.region.table("electricity"))
    loads = {}
    for iso3, demand in annual_demand(table, case.year).items():
        known = record.get((iso3, DEMAND))
        last = case.year if known is None else known[-1][0]
        ratio, share = _losses(rows, record, iso3, case.year, min(case.year, last))
        gwh, first, end = (
            _latest(rows, iso3, item, case.year) for item in (SUPPRESSED, FIRST_MONTH, LAST_MONTH)
        )
        suppressed = 0.0 if gwh is None or case.year <= last else gwh
        months = months_between(first, end) if first and end else np.ones(MONTHS)
        loads[iso3] = CountryLoad(demand * ratio, suppressed * ratio, share, months)
    return loads


def annual_demand(electricity: pd.DataFrame, year: int) -> dict[str, float]:
    """Return the demand of each country in a year, or the latest before it, GWh.

    Raises:
        InputError: If a country's first demand is later than the year.
    """
    rows = _figures(electricity)
    demand: dict[str, float] = {}
    for code in sorted(iso3 for iso3, item in rows if item == DEMAND):
        latest = _latest(rows, code, DEMAND, year)
        if latest is None:
            raise InputError(f"electricity.csv: demand_gwh of {code} is missing for {year} and before")
        demand[code] = latest
    return demand


def suppressed_mw(zones: pd.DataFrame, served_mw: Floats, loads: Mapping[str, CountryLoad]) -> Floats:
    """Return the suppressed demand of each zone in every hour, (8760, Z): the shape of load in its months.

    Args:
        zones: Zones, with ``iso3`` and ``share`` of the country's demand.
        served_mw: Load without suppressed demand, (8760, Z).
        loads: Load by country.
    """
    result = np.zeros_like(served_mw)
    for number, (iso3, share) in enumerate(zip(zones["iso3"], zones["share"], strict=True)):
        load = loads[str(iso3)]
        shape = hourly(load.months) * served_mw[:, number]
        if load.suppressed_gwh > 0 and shape.sum() > 0:
            result[:, number] = shape * (
                MWH_PER_GWH * load.suppressed_gwh * float(share) / float(shape.sum())
            )
    return result


def demand_table(loads: Mapping[str, CountryLoad]) -> pd.DataFrame:
    """Return ``suppressed_gwh`` and ``loss_share`` by country; the share is NaN where it is not known."""
    rows = {
        iso3: (load.suppressed_gwh, np.nan if load.loss_share is None else load.loss_share)
        for iso3, load in loads.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["suppressed_gwh", "loss_share"])


def _losses(
    rows: _Figures, record: _Figures, iso3: str, year: int, record_year: int
) -> tuple[float, float | None]:
    """Return the load over that with the losses of the record, and the share of losses in the case.

    Losses of the record are those of the latest row up to its year, or else of the first row.
    """
    now = _latest(rows, iso3, LOSSES, year)
    if now is None:
        return 1.0, None
    before = _latest(record, iso3, LOSSES, record_year)
    if before is None:
        before = record[iso3, LOSSES][0][1]
    for share in (before, now):
        if not 0.0 <= share < FULL_PCT:
            raise InputError(
                f"electricity.csv: losses_pct of {iso3} is {share:g}; expected a share from 0 to below 100 %"
            )
    return (FULL_PCT - before) / (FULL_PCT - now), now / FULL_PCT


def _figures(electricity: pd.DataFrame) -> _Figures:
    """Return the figures of demand and losses by country and item, in the order of their years."""
    rows = electricity[electricity["item"].isin(ITEMS) & electricity["value"].notna()].sort_values("year")
    figures: _Figures = {}
    columns = (rows[name].tolist() for name in ("iso3", "item", "year", "value"))
    for iso3, item, year, value in zip(*columns, strict=True):
        figures.setdefault((iso3, item), []).append((int(year), float(value)))
    return figures


def _latest(rows: _Figures, iso3: str, item: str, year: int) -> float | None:
    """Return the latest figure of a country up to a year; ``None`` if there is none."""
    values = [value for row_year, value in rows.get((iso3, item), ()) if row_year <= year]
    return values[-1] if values else None
