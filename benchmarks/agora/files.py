"""Read the published inputs: capacities, costs, profiles and lines of Kazakhstan, Uzbekistan and Kyrgyzstan.

Source: Agora Energiewende and University of Central Asia, "Cross-border power system integration in Central
Asia" (2026), data set pypsa-spice-central-asia-data, CC-BY-4.0. The files are read in place.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError, InputError
from sogdia.files import os_errors

YEAR = 2030
NAMES = (
    "hourly", "loads", "generators", "thermal_plants", "interconnectors", "retirements", "fuel_supplies",
    "technologies", "plant_costs",
)  # fmt: skip
ZONES = {"KZ_NR": "kaz_north", "KZ_SO": "kaz_south", "KZ_WS": "kaz_west", "UZ_UZ": "uzb", "KG_KG": "kgz"}
"""Column prefix of ``hourly.csv`` of each node."""
LOST_LOAD_USD_PER_MWH = 1000.0
"""Value of lost load; assumed, the files have none. Both models use it."""
DISCOUNT_RATE = 0.08
"""Discount rate of the candidates of an expansion; assumed, the files have none. Both models use it."""
CANDIDATES = (("PHOT", "Solar"), ("WTON", "Wind"), ("CCGT", "Gas"))
"""Type and carrier of what an expansion may build in each zone, without limit."""
FACTORS = {"PHOT": "solar", "WTON": "wind", "HROR": "run_of_river", "HDAM": "run_of_river"}
"""Profile of each type; dams have the profile of the rivers as inflow."""


@dataclass(frozen=True, eq=False)
class AgoraFiles:
    """The files, by their names, as data frames without changes."""

    tables: dict[str, pd.DataFrame]

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.tables[name]

    def rows(self, file: str, /, **equal: object) -> list[dict[str, Any]]:
        """Return the rows of a file whose columns equal the given values."""
        table = self.tables[file]
        for column, value in equal.items():
            table = table[table[column] == value]
        return [
            dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False, name=None)
        ]

    def row(self, file: str, /, **equal: object) -> dict[str, Any]:
        """Return the first row whose columns equal the given values.

        Raises:
            InputError: If no row does.
        """
        found = self.rows(file, **equal)
        if not found:
            described = ", ".join(f"{column} {value}" for column, value in equal.items())
            raise InputError(f"{file}.csv: no row has {described}")
        return found[0]


def read_files(folder: Path) -> AgoraFiles:
    """Read the files of a folder.

    Raises:
        CannotRunError: If a file is missing.
    """
    tables = {}
    for name in NAMES:
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise CannotRunError(f"{path}: no such file; give the folder of the data set with --data")
        with os_errors(path):
            tables[name] = pd.read_csv(path)
    return AgoraFiles(tables)
