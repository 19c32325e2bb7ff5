"""Cells that name units or quantities."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.units import UNITS, unit_of_name


def check_units(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a unit in a cell is known, and that a quantity in a cell ends in a known unit."""
    for table in tables.values():
        for field in table.schema.fields:
            if field.holds is None:
                continue
            for position, cell in enumerate(table.data[field.name]):
                if field.holds == "unit" and cell and cell not in UNITS:
                    hint = did_you_mean(cell, UNITS)
                    yield row_fault(table, position, field.name, f"unknown unit {clip(cell)}", hint, "unit")
                elif field.holds == "item" and cell and unit_of_name(cell) is None:
                    problem = f"{clip(cell)} does not end in a unit"
                    yield row_fault(
                        table,
                        position,
                        field.name,
                        problem,
                        "end its name in a unit such as _gwh or _musd",
                        "unit",
                    )
