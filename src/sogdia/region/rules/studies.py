"""Outside studies: conditions and plans of the run that gives our figure."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault, clip
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault
from sogdia.region.uncertainty_rule import parse_conditions

NEEDED = ("run_year", "table", "column")


def check_studies(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a study with a plan says what is read of its run, and one without a plan nothing."""
    table = tables["studies"]
    data = table.data.astype(object).where(table.data.notna(), "")
    for position, row in enumerate(data.to_dict("records")):
        for field in NEEDED:
            if row["plan"] and row[field] == "":
                yield row_fault(table, position, field, "there is no value", "give what is read", "study")
            if not row["plan"] and row[field] != "":
                yield row_fault(table, position, "plan", "there is no plan", "name the run's plan", "study")
                break
        try:
            parse_conditions(str(row["where"]))
        except ValueError as error:
            problem = f"{clip(str(error))} is no condition"
            yield row_fault(table, position, "where", problem, "write column=value", "study")
        if row["value_low"] != "" and row["value_low"] > row["value_high"]:
            problem = f"{row['value_low']:g} is above value_high, {row['value_high']:g}"
            yield row_fault(table, position, "value_low", problem, "exchange the two", "study")
