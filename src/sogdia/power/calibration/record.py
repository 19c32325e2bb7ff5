"""What the table ``electricity`` records of past years, and what a result says of the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.power.arrays import Bools, Floats
from sogdia.power.results import PowerResult
from sogdia.region import Region

RECORD_YEARS = (2019, 2020, 2021)
"""Years that constants are estimated from; what is known of later ones is left for blind scores."""
GENERATION = re.compile(r"generation_([a-z]+)_gwh")
NET_IMPORTS, EMISSIONS = "net_imports_gwh", "power_ghg_mt"
NEAR, NEAR_GWH = 0.10, 1000.0
"""Generation is near the record within a tenth of it or 1 TWh, whichever is more."""
DOUBT, DOUBT_GWH = 0.05, 400.0
"""Doubt of a recorded generation in the estimate: a twentieth of it, and at least half of what is near."""
DOUBT_TRADE = 0.4
"""Doubt of recorded net trade, part of it: sums over borders that different offices count differently."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A row of the record.

    Attributes:
        key: Key of the row in ``electricity``.
        iso3: Country.
        year: Year.
        carrier: Carrier; empty for net imports.
        value_gwh: What is recorded, GWh; net imports are negative for exports.
        doubt_gwh: Its doubt, GWh.
        sources: Its documents.
    """

    key: str
    iso3: str
    year: int
    carrier: str
    value_gwh: float
    doubt_gwh: float
    sources: str


def record_of(region: Region, years: Sequence[int] = RECORD_YEARS) -> tuple[Recorded, ...]:
    """Generation by carrier and net imports of some years, as recorded."""
    table = region.table("electricity")
    table = table[table["year"].isin(list(years)) & table["value"].notna()].sort_index()
    found = []
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        told = GENERATION.fullmatch(str(row["item"]))
        carrier = told[1] if told else ""
        if carrier == "total" or not (told or row["item"] == NET_IMPORTS):
            continue
        value = float(row["value"])
        doubt = max(DOUBT_GWH, (DOUBT if carrier else DOUBT_TRADE) * abs(value))
        found.append(
            Recorded(
                str(key), str(row["iso3"]), int(row["year"]), carrier, value, doubt, str(row["source"] or "")
            )
        )
    return tuple(found)


def modelled_of(record: Sequence[Recorded], results: dict[int, PowerResult]) -> Floats:
    """What results by year say at each row of the record, GWh, (M,); 0 for carriers that are not there."""
    made = {
        year: result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum().to_dict()
        for year, result in results.items()
    }
    net = {
        year: (table["imports_gwh"] - table["exports_gwh"]).to_dict()
        for year, table in ((y, r.countries.set_index("iso3")) for y, r in results.items())
    }
    return np.array(
        [
            made[row.year].get((row.iso3, row.carrier), 0.0) if row.carrier else net[row.year][row.iso3]
            for row in record
        ]
    )


def judged(record: Sequence[Recorded], modelled: Floats) -> Bools:
    """Whether each row is met, (M,): generation near the record, net trade of the right sign.

    Recorded net trade below a tenth of a terawatt-hour has no sign; there the two must lie within 1 TWh.
    """
    found = []
    for row, value in zip(record, modelled.tolist(), strict=True):
        if row.carrier or abs(row.value_gwh) < 0.1 * NEAR_GWH:
            found.append(abs(value - row.value_gwh) <= max(NEAR_GWH, NEAR * abs(row.value_gwh)))
        else:
            found.append(value * row.value_gwh > 0)
    return np.array(found, dtype=np.bool_)


def lifecycle_of(region: Region, results: dict[int, PowerResult]) -> pd.Series[float]:
    """Recorded emissions of the whole life over those of the stack as modelled, by country.

    The record counts what escapes on the way to the plant and what building takes; where nothing is burnt
    there is no ratio and the country is left out.
    """
    table = region.table("electricity")
    table = table[table["item"] == EMISSIONS]
    told = {
        (str(c), int(y)): float(v)
        for c, y, v in zip(table["iso3"], table["year"], table["value"], strict=True)
    }
    sums: dict[str, list[float]] = {}
    for year, result in results.items():
        for iso3, stack in zip(result.countries["iso3"], result.countries["co2_mt"], strict=True):
            if (iso3, year) in told and stack > 0:
                both = sums.setdefault(str(iso3), [0.0, 0.0])
                both[0] += told[iso3, year]
                both[1] += float(stack)
    return pd.Series({iso3: whole / stack for iso3, (whole, stack) in sorted(sums.items())}, dtype=float)
