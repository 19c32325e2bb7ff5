"""Hourly tables of a year of electricity, prepared for charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.errors import InputError
from sogdia.region import Region

Floats = npt.NDArray[np.float64]
IMPORTS, SHED, BATTERY = "imports", "shed", "battery"
"""Parts of a dispatch that are no carriers of generation."""
HOUR = pd.Timedelta(hours=1)
WEEK = 168


@dataclass(frozen=True, eq=False)
class PowerYear:
    """A solved year for charts.

    Attributes:
        region: The region.
        tables: Hourly tables by name (:data:`sogdia.power.hourly.HOURLY_TABLES`).
        buses: By bus: ``iso3``, ``name``, ``lat``, ``lon`` (:func:`sogdia.power.positions.bus_positions`).
        title: Region, year, plan and scenario.
    """

    region: Region
    tables: Mapping[str, pd.DataFrame]
    buses: pd.DataFrame
    title: str

    @property
    def zones(self) -> list[str]:
        """Zones, without neighbours."""
        return list(dict.fromkeys(self.tables["hourly_load"]["zone"]))

    @property
    def countries(self) -> dict[str, list[str]]:
        """Zones of each country."""
        found: dict[str, list[str]] = {}
        for zone in self.zones:
            found.setdefault(str(self.buses["iso3"][zone]), []).append(zone)
        return found

    def country_name(self, iso3: str) -> str:
        """Return the name of a country."""
        names = self.region.table("parties").set_index("code")["name"]
        return str(names.get(iso3, iso3))

    @property
    def weight_h(self) -> pd.Series[float]:
        """Hours of the year that each snapshot represents."""
        return self.tables["hourly_load"].groupby("snapshot")["weight_h"].first()

    def wide(self, table: str, column: str, by: str) -> pd.DataFrame:
        """Return a column of an hourly table by snapshot and ``by``."""
        rows = self.tables[table]
        return rows.pivot_table(index="snapshot", columns=by, values=column, aggfunc="sum", observed=True)


def dispatch_of(year: PowerYear, zones: list[str]) -> tuple[pd.DataFrame, pd.Series[float]]:
    """Return the dispatch of zones by snapshot and part, and their load, MW.

    Parts are carriers, ``battery`` (negative when it charges), ``imports`` (net, negative for exports) and
    ``shed``. The parts sum to the load.
    """
    tables = year.tables

    def own(name: str, column: str = "zone") -> pd.DataFrame:
        return tables[name][tables[name][column].isin(zones)]

    parts = own("hourly_dispatch").pivot_table(
        index="snapshot", columns="carrier", values="generation_mw", aggfunc="sum"
    )
    batteries = own("hourly_batteries")
    if len(batteries):
        net = (batteries["discharge_mw"] - batteries["charge_mw"]).groupby(batteries["snapshot"]).sum()
        parts[BATTERY] = net
    received = own("hourly_flows", "to_bus").groupby("snapshot")["received_mw"].sum()
    sent = own("hourly_flows", "from_bus").groupby("snapshot")["sent_mw"].sum()
    parts[IMPORTS] = received.reindex(parts.index).fillna(0.0) - sent.reindex(parts.index).fillna(0.0)
    parts[SHED] = own("hourly_unserved").groupby("snapshot")["unserved_mw"].sum()
    load = own("hourly_load").groupby("snapshot")["load_mw"].sum()
    return parts, load


def window_of(load: pd.Series[float], first: pd.Timestamp | None = None) -> pd.DatetimeIndex:
    """Return the snapshots of a week of consecutive hours, or of a day if the year has only days.

    Args:
        load: Load by snapshot, in chronological order.
        first: First day; by default the week has the hour of the highest load in its middle.

    Raises:
        InputError: If no snapshot is on the first day.
    """
    times = pd.DatetimeIndex(load.index)
    if first is None:
        at = int(np.argmax(load.to_numpy()))
    else:
        on_day = np.flatnonzero(times.normalize() == first.normalize())
        if not len(on_day):
            problem = f"no snapshot is on {first:%Y-%m-%d}; the nearest day with snapshots is"
            nearest = times[int(np.argmin(np.abs((times - first).total_seconds().to_numpy())))]
            raise InputError(f"{problem} {nearest:%Y-%m-%d}")
        at = int(on_day[0])
    breaks = np.flatnonzero(np.diff(times.to_numpy()) != HOUR.to_timedelta64()) + 1
    start = int(max([0, *breaks[breaks <= at]]))
    end = int(min([len(times), *breaks[breaks > at]]))
    if end - start > WEEK:
        middle = start + (at - start) // 24 * 24
        begin = at if first is not None else middle - 3 * 24
        begin = int(np.clip(begin, start, end - WEEK))
        start, end = begin, begin + WEEK
    return times[start:end]


def axis_days(time: pd.Timestamp) -> float:
    """Return a time as matplotlib counts it: days since 1970."""
    return float((time - pd.Timestamp(1970, 1, 1)) / pd.Timedelta(days=1))
