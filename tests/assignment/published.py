"""Published networks that are too large for the repository, read from the folder of published cases.

They are in its subfolder ``freight`` (:mod:`bench`). Smaller ones are in :mod:`cases`, as tables.
Source: Transportation Networks for Research Core Team, Transportation Networks for Research,
https://github.com/bstabler/TransportationNetworks.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench import bench_path

from sogdia.assignment import Demand, Network, read_tntp


@dataclass(frozen=True)
class Instance:
    """A network in TNTP: its files, the factors of its cost, and its published user equilibrium."""

    folder: str
    stem: str
    objective: float = float("nan")
    total_cost: float = float("nan")
    demand: float = float("nan")
    toll: float = 0.0
    distance: float = 0.0

    def file(self, kind: str) -> Path:
        return bench_path("freight", "tntp", self.folder, f"{self.stem}_{kind}.tntp")

    def read(self) -> tuple[Network, Demand]:
        network, demand = read_tntp(
            self.file("net"), self.file("trips"), toll_factor=self.toll, distance_factor=self.distance
        )
        assert demand is not None
        return network, demand


SIOUX_FALLS = Instance("SiouxFalls", "SiouxFalls", 4_231_335.28710744, 7_480_225.344921, 360_600.0)
ANAHEIM = Instance("Anaheim", "Anaheim", 1_286_032.171096, 1_419_913.851059, 104_694.4)
BARCELONA = Instance("Barcelona", "Barcelona", 1_265_654.922032, 1_365_715.683787, 184_679.561)
CHICAGO_SKETCH = Instance(
    "Chicago-Sketch", "ChicagoSketch", 17_313_018.738748, 18_935_450.261583, 1_137_493.44, 0.02, 0.04
)
EASTERN_MASSACHUSETTS = Instance("Eastern-Massachusetts", "EMA", demand=65_576.375)
BRAESS = Instance("Braess-Example", "Braess", 386.0, 552.0, 6.0)
WITH_ANSWERS = (SIOUX_FALLS, ANAHEIM, BARCELONA, CHICAGO_SKETCH)
ALL = (*WITH_ANSWERS, EASTERN_MASSACHUSETTS, BRAESS)
