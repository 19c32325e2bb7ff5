"""Pieces of work that a study of dependence is made of, and how a worker makes them.

A run of *goods* is freight coupled with trade, a run of *power* the year of the power system. Each is
addressed by the digest of all it hangs on (:mod:`sogdia.dependence.run_keys`) and kept as soon as it is
finished, whole or not at all.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.coupling.baseline import CoupledBaseline
from sogdia.coupling.settings import CouplingSettings
from sogdia.coupling.solve import couple
from sogdia.dependence.home_results import fuel_by_origin, goods_by_home, power_by_home
from sogdia.dependence.structure import goods_structure, power_structure
from sogdia.power import PowerInputs, PowerModel, PowerResult, PowerSettings, build_power_inputs, solve
from sogdia.region import Region
from sogdia.runs.store import RunHead, Store
from sogdia.runs.version import engine_version

Tables = dict[str, pd.DataFrame]


@dataclass(frozen=True)
class GoodsRun:
    """A run of goods to be made.

    Attributes:
        key: Its digest.
        ground: Digest of its ways and whom they are closed to; runs of one ground share its making.
        label: The case in words.
        plan: The plan looked at.
        scenario: What happens.
        settings: Settings.
        structure: Whether who trades with whom and through which land is told too.
    """

    key: str
    ground: str
    label: str
    plan: Plan
    scenario: Scenario
    settings: CouplingSettings
    structure: bool


@dataclass(frozen=True)
class PowerRun:
    """A run of power to be made.

    Attributes:
        key: Its digest.
        label: The case in words.
        plan: The plan looked at.
        scenario: What happens.
        settings: Settings.
    """

    key: str
    label: str
    plan: Plan
    scenario: Scenario
    settings: PowerSettings


@dataclass(frozen=True)
class Piece:
    """Runs that one worker makes one after another: goods of one ground, or power.

    Attributes:
        runs: The runs.
    """

    runs: tuple[GoodsRun | PowerRun, ...]


@dataclass(eq=False)
class Shared:
    """What all runs share.

    Attributes:
        region: The region.
        base: The calm base, assigned; nothing where no goods are run.
        power: Power of the calm base; nothing where the region tells of none.
        folder: Store of finished runs, if they are kept.
        model: The programme of that power, which each process writes for itself when it first wants it.
    """

    region: Region
    base: CoupledBaseline | None
    power: PowerInputs | None
    folder: Path | None
    model: PowerModel | None = field(default=None, repr=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "model": None}


def make_piece(piece: Piece, shared: Shared) -> list[Tables]:
    """Make the runs of a piece, or take them from the store.

    Raises:
        NotConvergedError: If a precision is not reached.
        NoSolutionError: If a power system has no solution.
        InputError: If a case cannot be run.
        CannotRunError: If the store cannot be read or written.
    """
    return [_kept(run, shared) for run in piece.runs]


def _kept(run: GoodsRun | PowerRun, shared: Shared) -> Tables:
    store = None if shared.folder is None else Store(shared.folder)
    if store is not None and run.key in store:
        return store.tables(run.key)
    begun = time.perf_counter()
    case = build_case(shared.region, run.plan, run.scenario)
    tables, figures = _goods(run, case, shared) if isinstance(run, GoodsRun) else _power(run, case, shared)
    if store is not None:
        store.write(_head(run, case, time.perf_counter() - begun, figures), tables)
    return tables


def _goods(run: GoodsRun, case: Case, shared: Shared) -> tuple[Tables, dict[str, float]]:
    if shared.base is None:
        raise AssertionError(f"no base for {run.label}")
    found = couple(case, shared.base, run.settings)
    tables = {"homes": goods_by_home(found)}
    if run.structure:
        tables |= goods_structure(found)
    return tables, {"residual": found.convergence.residual}


def _power(run: PowerRun, case: Case, shared: Shared) -> tuple[Tables, dict[str, float]]:
    if shared.power is None:
        raise AssertionError(f"no power for {run.label}")
    if shared.model is None:
        shared.model = PowerModel(shared.power)
    inputs = build_power_inputs(case, run.settings)
    return power_tables(solve(inputs, shared.model), case.region.home), {}


def power_tables(result: PowerResult, homes: tuple[str, ...]) -> Tables:
    """What a run of power says of each home, its fuel and its supply."""
    return {
        "homes": power_by_home(result, homes),
        "fuel": fuel_by_origin(result, homes),
        **power_structure(result, homes),
    }


def _head(run: GoodsRun | PowerRun, case: Case, seconds: float, figures: dict[str, float]) -> RunHead:
    return RunHead(
        run=run.key,
        kind="goods" if isinstance(run, GoodsRun) else "power",
        region=case.region.name,
        plan=case.plan.name,
        scenario=run.label,
        year=case.year,
        parts={"case": case.digest, "version": engine_version()},
        settings=run.settings.model_dump(mode="json"),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=seconds,
        figures=figures,
    )
