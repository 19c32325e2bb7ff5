"""Where fuel comes from, and what of it is lost when a line or a seller is gone."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError

OPERATING = "operating"
SHARES_WITHIN = 1e-6


def fuel_origins(case: Case) -> pd.DataFrame:
    """The parts of each country's fuel, with those that the case has lost.

    A part that comes by pipelines is lost when at least one of them works in the region as it is and none in
    the case. A part from abroad is also lost when ``barriers`` forbids the country to buy from its origin.
    Nothing replaces it: whoever has another line has it as a row.

    Returns:
        ``iso3``, ``carrier``, ``origin``, ``share``, ``lost``; sorted.

    Raises:
        InputError: If the shares of a country and carrier do not sum to one.
    """
    rows = case.table("power_fuels").sort_index()
    whole = rows.groupby(["iso3", "carrier"])["share"].sum().reset_index()
    for told in whole.to_dict("records"):
        if abs(told["share"] - 1.0) > SHARES_WITHIN:
            what = f"{told['carrier']} of {told['iso3']}"
            raise InputError(f"power_fuels.csv: shares of {what} sum to {told['share']:g}, not 1")
    now, before = case.table("pipelines")["status"], case.region.table("pipelines")["status"]
    barriers = case.table("barriers")
    banned = barriers[(barriers["commodity"] == "all") & barriers["prohibited"].fillna(False)]
    pairs = set(zip(banned["exporter"], banned["importer"], strict=True))
    lost = []
    for row in rows.to_dict("records"):
        lines = [line for line in str(row["pipelines"]).split(";") if line]
        shut = any(before[line] == OPERATING for line in lines) and all(
            now[line] != OPERATING for line in lines
        )
        lost.append(shut or (row["origin"], row["iso3"]) in pairs)
    return rows[["iso3", "carrier", "origin", "share"]].assign(lost=lost).reset_index(drop=True)


def fuel_left(origins: pd.DataFrame) -> dict[tuple[str, str], float]:
    """The part of its fuel that each country and carrier still has; those not named have all."""
    left: dict[tuple[str, str], float] = {}
    for row in origins.to_dict("records"):
        key = (str(row["iso3"]), str(row["carrier"]))
        left[key] = left.get(key, 0.0) + (0.0 if row["lost"] else float(row["share"]))
    return left
