"""Ranges of assumptions: what a row says can be varied, and both ends differ from what is assumed."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.tables import table_schemas

BY_MODE = frozenset({"rates", "dwell", "charges", "capacity"})
BY_FUEL = frozenset({"fuel_price"})
FUEL = "fuel_usd_per_mwh_th"


def ranges_can_be_tried(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """A range lies on both sides of 1, is narrowed only by what it has, and names tables with figures."""
    table, costs = tables["assumption_ranges"], tables["power_costs"].data
    contested = set(tables["variants"].data["id"])
    priced = set(costs.loc[costs["item"] == FUEL, "carrier"])
    for position, row in enumerate(table.data.to_dict("records")):

        def fault(field: str, problem: str, fix: str, at: int = position) -> Fault:
            return row_fault(table, at, field, problem, fix, "range")

        if row["id"] in contested:
            yield fault("id", f"{row['id']} is the name of a variant too", "give it another name")
        for field in ("low_factor", "high_factor"):
            if row[field] == 1.0:
                yield fault(field, "1 is what is assumed already", "give another value, or drop the row")
        for field, having in (("modes", BY_MODE), ("carriers", BY_FUEL)):
            if row[field] and row["varies"] not in having:
                told = " or ".join(sorted(having))
                yield fault(field, f"{row['varies']} is not told apart by {field}", f"only {told} is")
        yield from (fault("tables", *said) for said in _unfit_tables(str(row["tables"])))
        if row["varies"] in BY_FUEL:
            for carrier in sorted(set(filter(None, row["carriers"].split(";"))) - priced):
                yield fault("carriers", f"{clip(carrier)} has no price of fuel", f"add {FUEL} to power_costs")
            if not priced:
                yield fault("varies", "no fuel has a price", f"add {FUEL} to power_costs")


def _unfit_tables(names: str) -> Iterator[tuple[str, str]]:
    schemas = table_schemas()
    telling = [name for name, schema in schemas.items() if schema.has_provenance]
    for name in names.split(";"):
        if name not in schemas:
            yield f"no table is called {clip(name)}", did_you_mean(name, telling)
        elif name not in telling:
            yield f"{name} says nothing of the basis of its rows", "name tables with figures"
