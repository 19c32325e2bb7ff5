"""Ranges of assumptions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import table_schemas

BY_LEVEL = frozenset({"elasticities", "rents"})
"""Assumptions whose low and high figures are in their tables."""
BY_MODE = frozenset({"rates", "dwell", "charges", "capacity"})
BY_FUEL = frozenset({"fuel_price"})
BY_CARRIER = frozenset({"capital_cost", *BY_FUEL})
LEVEL_FAULTS = {
    False: ("there is no factor", "give the value over the assumed one"),
    True: ("the tables have its low and high figures", "leave it empty"),
}
FUEL, CAPITAL = "fuel_usd_per_mwh_th", "capex_usd_per_"


def check_assumption_ranges(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check the factors, restrictions and tables of each range of an assumption."""
    table, costs = tables["assumption_ranges"], tables["power_costs"].data
    contested = set(tables["variants"].data["id"])
    priced = set(costs.loc[costs["item"] == FUEL, "carrier"])
    built = set(costs.loc[costs["item"].str.startswith(CAPITAL), "carrier"])
    for position, row in enumerate(table.data.to_dict("records")):

        def fault(field: str, problem: str, fix: str, at: int = position) -> Fault:
            return row_fault(table, at, field, problem, fix, "range")

        if row["id"] in contested:
            yield fault("id", f"{row['id']} is a variant too", "choose another name")
        for field in ("low_factor", "high_factor"):
            if pd.isna(row[field]) != (row["varies"] in BY_LEVEL):
                yield fault(field, *LEVEL_FAULTS[row["varies"] in BY_LEVEL])
            if row[field] == 1.0:
                yield fault(field, "1 is the assumed value", "give another value, or delete the row")
        for field, applicable in (("modes", BY_MODE), ("carriers", BY_CARRIER)):
            if row[field] and row["varies"] not in applicable:
                names = " or ".join(sorted(applicable))
                yield fault(field, f"{row['varies']} does not differ by {field}", f"only {names} does")
        yield from (fault("tables", *words) for words in _invalid_tables(str(row["tables"])))
        if row["varies"] == "capital_cost":
            for carrier in sorted(set(filter(None, row["carriers"].split(";"))) - built):
                yield fault("carriers", f"{clip(carrier)} has no capital cost", "add it to power_costs")
        if row["varies"] in BY_FUEL:
            for carrier in sorted(set(filter(None, row["carriers"].split(";"))) - priced):
                yield fault("carriers", f"{clip(carrier)} has no fuel price", f"add {FUEL} to power_costs")
            if not priced:
                yield fault("varies", "no carrier has a fuel price", f"add {FUEL} to power_costs")


def _invalid_tables(names: str) -> Iterator[tuple[str, str]]:
    schemas = table_schemas()
    with_provenance = [name for name, schema in schemas.items() if schema.has_provenance]
    for name in names.split(";"):
        if name not in schemas:
            yield f"no table is called {clip(name)}", did_you_mean(name, with_provenance)
        elif name not in with_provenance:
            yield f"{name} has no basis of its rows", "name tables with figures"
