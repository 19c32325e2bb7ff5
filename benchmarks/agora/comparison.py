"""Solve the published inputs with Sogdia and with plain PyPSA, and compare the two solutions."""

from __future__ import annotations

import contextlib
import io
import logging
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from benchmarks.agora.files import AgoraFiles
from benchmarks.agora.pypsa_model import build_network
from benchmarks.agora.sogdia_model import BUSES, AgoraInputs
from sogdia import Case
from sogdia.power import PowerResult, plan_and_dispatch, solve

KEYS = ["country", "carrier"]
MWH_PER_TWH = 1e6


@dataclass(frozen=True, eq=False)
class Comparison:
    """Two solutions of one power system.

    Attributes:
        objective_usd: Objective of Sogdia and of PyPSA.
        seconds: Time of both, from the files to the solution.
        generation: By country and carrier: capacity (MW) and generation (TWh) of both.
        prices: By zone: mean marginal price of both, weighted by load, USD/MWh.
    """

    objective_usd: tuple[float, float]
    seconds: tuple[float, float]
    generation: pd.DataFrame
    prices: pd.DataFrame

    @property
    def objective_difference(self) -> float:
        """Relative difference of the objectives."""
        one, other = self.objective_usd
        return abs(one - other) / abs(other)

    @property
    def generation_difference(self) -> float:
        """Largest difference of generation of a carrier in a country, over the generation of the country."""
        gap = (self.generation["sogdia_twh"] - self.generation["pypsa_twh"]).abs()
        return float((gap / self.generation.groupby("country")["pypsa_twh"].transform("sum")).max())

    @property
    def price_difference(self) -> float:
        """Largest relative difference of the mean price of a zone."""
        return float((self.prices["sogdia"] / self.prices["pypsa"] - 1.0).abs().max())


def compare(files: AgoraFiles, case: Case, *, expansion: bool = False, step: int = 1) -> Comparison:
    """Solve both models and compare them.

    Args:
        files: Published inputs.
        case: Case that gives the year and a name; none of its tables is used.
        expansion: Allow both to build.
        step: Every ``step``-th hour is a snapshot and represents ``step`` hours.
    """
    chosen: dict[str, str] = {"solver": "ipm", "run_crossover": "off"} if expansion else {}
    with _quiet():
        begun = time.perf_counter()
        inputs = AgoraInputs(files).build(case, expansion=expansion, step=step)
        ours = plan_and_dispatch(inputs) if expansion else solve(inputs)
        middle = time.perf_counter()
        network = build_network(files, expansion=expansion, step=step)
        network.optimize(solver_name="highs", log_to_console=False, progress=False, **chosen)
        seconds = (middle - begun, time.perf_counter() - middle)
    generation = _ours(ours).merge(_theirs(network), on=KEYS, how="outer").fillna(0.0)
    prices = _prices(ours, network)
    return Comparison((ours.solver.objective_usd, float(network.objective)), seconds, generation, prices)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Suppress the output of PyPSA and linopy, and PyPSA's warnings on its own use of pandas."""
    level = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)


def _ours(result: PowerResult) -> pd.DataFrame:
    table = result.generation.assign(country=result.generation["iso3"])
    sums = table.groupby(KEYS, as_index=False)[["capacity_mw", "generation_gwh"]].sum()
    sums["generation_gwh"] /= 1e3
    return sums.set_axis([*KEYS, "sogdia_mw", "sogdia_twh"], axis=1)


def _theirs(network: Any) -> pd.DataFrame:
    """Return capacity and generation of electricity of PyPSA's components."""
    weight = network.snapshot_weightings["generators"]
    parts = []
    for component, output, bus, factor in (
        ("generators", "p", "bus", 1.0),
        ("storage_units", "p", "bus", 1.0),
        ("links", "p1", "bus1", -1.0),
    ):
        static = getattr(network, component)
        rows = static[static[bus].isin(BUSES) & ~static["carrier"].isin(["unserved", "line"])]
        energy = getattr(network, f"{component}_t")[output][rows.index].mul(weight, axis=0).sum()
        efficiency = rows["efficiency"] if component == "links" else 1.0
        parts.append(
            pd.DataFrame(
                {
                    "country": rows[bus].map(BUSES).str[:3],
                    "carrier": rows["carrier"],
                    "pypsa_mw": rows["p_nom_opt"] * efficiency,
                    "pypsa_twh": factor * energy / MWH_PER_TWH,
                }
            )
        )
    return pd.concat(parts).groupby(KEYS, as_index=False).sum()


def _prices(result: PowerResult, network: Any) -> pd.DataFrame:
    weight = network.snapshot_weightings["objective"]
    rows = []
    for node, zone in BUSES.items():
        if zone not in result.price_usd_per_mwh:
            continue
        load = network.loads_t.p_set[f"load {node}"].to_numpy() * weight.to_numpy()
        ours, theirs = result.price_usd_per_mwh[zone], network.buses_t.marginal_price[node]
        rows.append(
            (zone, *(float((prices.to_numpy() * load).sum() / load.sum()) for prices in (ours, theirs)))
        )
    return pd.DataFrame(rows, columns=["zone", "sogdia", "pypsa"]).set_index("zone")
