"""Shares and costs of transit."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault


def check_transit_costs(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that each share lies between its low and high value, and that a terminal has no mode."""
    table = tables["transit_costs"]
    for position, row in enumerate(table.data.to_dict("records")):
        if row["charge"] == "terminal" and row["mode"] != "any":
            problem = f"a terminal has no mode {row['mode']}"
            yield row_fault(table, position, "mode", problem, "use any", "transit costs")
        for name in ("retained", "avoidable"):
            low, value, high = (row[f"{name}{part}_pct"] for part in ("_low", "", "_high"))
            if low > value:
                problem = f"{low:g} is above {name}_pct {value:g}"
                yield row_fault(table, position, f"{name}_low_pct", problem, "lower it", "transit costs")
            if high < value:
                problem = f"{high:g} is below {name}_pct {value:g}"
                yield row_fault(table, position, f"{name}_high_pct", problem, "raise it", "transit costs")
