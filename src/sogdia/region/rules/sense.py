"""Figures of economies that no model can use, though they are of the right type."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

OF_ALL = ("gdp_musd",)
OF_HOME = ("population", "goods_output_musd", "electricity_demand_gwh")
"""Figures that shares, growth or demand are calculated from: those of all economies, and of home ones."""


def check_economy_figures(tables: Tables, block: RegionBlock) -> Iterator[Fault]:
    """Check that no economy has a GDP, and no home economy goods or demand, of zero."""
    economies = tables["economies"]
    for position, row in enumerate(economies.data.to_dict("records")):
        names = (*OF_ALL, *OF_HOME) if row["group"] == block.home_group else OF_ALL
        for name in names:
            if row[name] == 0:
                problem, fix = f"{row['iso3']} has 0", "expected a value > 0"
                yield row_fault(economies, position, name, problem, fix, "sense")
