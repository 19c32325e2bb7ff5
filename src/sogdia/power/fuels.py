"""Origins of fuel, and the shares lost when a pipeline or a supplier is cut off."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS, OPERATING
from sogdia.errors import InputError

SHARE_TOLERANCE = 1e-6


def read_fuel_origins(case: Case) -> pd.DataFrame:
    """Read the origins of each country's fuel, and which of them the case has lost.

    An origin that depends on pipelines is lost if at least one of them operates in the region and none in the
    case. A foreign origin is also lost if ``barriers`` prohibits the country's imports from it. Lost fuel is
    not replaced: a country with another pipeline has it as a row.

    Returns:
        ``iso3``, ``carrier``, ``origin``, ``share``, ``lost``; sorted.

    Raises:
        InputError: If the shares of a country and carrier do not sum to one.
    """
    rows = case.table("power_fuels").sort_index()
    totals = rows.groupby(["iso3", "carrier"])["share"].sum().reset_index()
    for total in totals.to_dict("records"):
        if abs(total["share"] - 1.0) > SHARE_TOLERANCE:
            name = f"{total['carrier']} of {total['iso3']}"
            raise InputError(f"power_fuels.csv: shares of {name} sum to {total['share']:g}; expected 1")
    now, before = case.table("pipelines")["status"], case.region.table("pipelines")["status"]
    barriers = case.table("barriers")
    prohibitions = barriers[(barriers["commodity"] == ALL_GOODS) & barriers["prohibited"].fillna(False)]
    prohibited = set(zip(prohibitions["exporter"], prohibitions["importer"], strict=True))
    lost = []
    for row in rows.to_dict("records"):
        lines = [line for line in str(row["pipelines"]).split(";") if line]
        is_closed = any(before[line] == OPERATING for line in lines) and all(
            now[line] != OPERATING for line in lines
        )
        lost.append(is_closed or (row["origin"], row["iso3"]) in prohibited)
    return rows[["iso3", "carrier", "origin", "share"]].assign(lost=lost).reset_index(drop=True)


def fuel_availability(origins: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return the share of fuel still available by country and carrier; 1 for those not in the result."""
    available: dict[tuple[str, str], float] = {}
    for row in origins.to_dict("records"):
        key = (str(row["iso3"]), str(row["carrier"]))
        available[key] = available.get(key, 0.0) + (0.0 if row["lost"] else float(row["share"]))
    return available
