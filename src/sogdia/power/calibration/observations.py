"""Observed generation and trade of past years, and the corresponding results of the model."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.power.arrays import Bools, Floats
from sogdia.power.constants import CALIBRATION_YEARS
from sogdia.power.results import PowerResult
from sogdia.region import Region

GENERATION = re.compile(r"generation_([a-z]+)_gwh")
NET_IMPORTS, EMISSIONS = "net_imports_gwh", "power_ghg_mt"
TOLERANCE, TOLERANCE_GWH = 0.10, 1000.0
"""Tolerance of generation: a tenth of the observation or 1 TWh, whichever is larger."""
SIGMA, SIGMA_GWH = 0.05, 400.0
"""Standard deviation of observed generation: 5 %, at least 0.4 TWh."""
SIGMA_TRADE = 0.4
"""Standard deviation of observed net trade, relative: statistics of the two sides of a border differ."""


@dataclass(frozen=True, slots=True)
class Observation:
    """An observed annual quantity.

    Attributes:
        key: Key of the row in ``electricity``.
        iso3: Country.
        year: Year.
        carrier: Carrier of generation; empty for net imports.
        value_gwh: Observed value, GWh; negative for net exports.
        sigma_gwh: Its standard deviation, GWh.
        sources: Its documents.
    """

    key: str
    iso3: str
    year: int
    carrier: str
    value_gwh: float
    sigma_gwh: float
    sources: str


def read_observations(region: Region, years: Sequence[int] = CALIBRATION_YEARS) -> tuple[Observation, ...]:
    """Read generation by carrier and net imports of some years from ``electricity``.

    Carriers are those of ``plants``; totals and targets are no observations.
    """
    table, carriers = region.table("electricity"), set(region.table("plants")["carrier"])
    table = table[table["year"].isin(list(years)) & table["value"].notna()].sort_index()
    observations = []
    for key, row in zip(table.index, table.to_dict("records"), strict=True):
        match = GENERATION.fullmatch(str(row["item"]))
        carrier = match[1] if match else ""
        if not (carrier in carriers or row["item"] == NET_IMPORTS):
            continue
        value = float(row["value"])
        sigma = max(SIGMA_GWH, (SIGMA if carrier else SIGMA_TRADE) * abs(value))
        observations.append(
            Observation(
                str(key), str(row["iso3"]), int(row["year"]), carrier, value, sigma, str(row["source"] or "")
            )
        )
    return tuple(observations)


def modelled_values(observations: Sequence[Observation], results: Mapping[int, PowerResult]) -> Floats:
    """Return the model's value of each observation, GWh, (M,); 0 for carriers that the model does not have.

    Args:
        observations: M observations.
        results: Result of each year.
    """
    generation = {
        year: result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum().to_dict()
        for year, result in results.items()
    }
    net_imports = {
        year: (table["imports_gwh"] - table["exports_gwh"]).to_dict()
        for year, table in ((y, r.countries.set_index("iso3")) for y, r in results.items())
    }
    return np.array(
        [
            generation[row.year].get((row.iso3, row.carrier), 0.0)
            if row.carrier
            else net_imports[row.year][row.iso3]
            for row in observations
        ]
    )


def is_within_tolerance(observations: Sequence[Observation], modelled: Floats) -> Bools:
    """Return whether each observation is reproduced, (M,).

    Generation must be within the tolerance, net trade must have the right sign. Net trade below 0.1 TWh has
    no sign; it must be within 1 TWh.
    """
    met = []
    for row, value in zip(observations, modelled.tolist(), strict=True):
        if row.carrier or abs(row.value_gwh) < 0.1 * TOLERANCE_GWH:
            met.append(abs(value - row.value_gwh) <= max(TOLERANCE_GWH, TOLERANCE * abs(row.value_gwh)))
        else:
            met.append(value * row.value_gwh > 0)
    return np.array(met, dtype=np.bool_)


def lifecycle_ratios(region: Region, results: Mapping[int, PowerResult]) -> pd.Series[float]:
    """Return observed life-cycle emissions over modelled stack emissions, by country.

    Life-cycle emissions include leakage before the plant and construction. Countries without stack emissions
    are omitted.
    """
    table = region.table("electricity")
    table = table[table["item"] == EMISSIONS]
    observed = {
        (str(c), int(y)): float(v)
        for c, y, v in zip(table["iso3"], table["year"], table["value"], strict=True)
    }
    sums: dict[str, list[float]] = {}
    for year, result in results.items():
        for iso3, stack in zip(result.countries["iso3"], result.countries["co2_mt"], strict=True):
            if (iso3, year) in observed and stack > 0:
                total = sums.setdefault(str(iso3), [0.0, 0.0])
                total[0] += observed[iso3, year]
                total[1] += float(stack)
    return pd.Series({iso3: total / stack for iso3, (total, stack) in sorted(sums.items())}, dtype=float)
