"""Runs of the engines for many cases: each state of freight and trade once, each state of power once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from sogdia.case import Case
from sogdia.coupling.baseline import make_baseline
from sogdia.coupling.settings import CouplingSettings
from sogdia.dependence.home_results import FUEL, POWER
from sogdia.dependence.jobs import GoodsRun, Piece, PowerRun, Shared, Tables, make_piece
from sogdia.dependence.run_keys import Contents, goods_key, ground_key, power_key
from sogdia.dependence.structure import SUPPLY
from sogdia.power import PowerSettings, build_power_inputs
from sogdia.power.zones import build_zones
from sogdia.runs.executor import Executor
from sogdia.runs.store import Store

Progress = Callable[[int, int, str], None]
"""Told of runs done, runs in all, and the one just done."""
CALM = "calm base"
POWER_AT_ONCE = 4
"""Runs of power that are one piece of work."""


@dataclass(frozen=True, eq=False)
class Wanted:
    """The runs that cases ask for, each once.

    Attributes:
        calm: The calm base, which all are measured against.
        goods: Key of each case's run of goods, by name of the case.
        power: Key of each case's run of power, likewise; none where no power is told of.
        runs: All runs, by key.
        power_settings: Settings of power.
        unpowered: Cases with power asked for in a region that tells of none.
    """

    calm: Case
    goods: Mapping[str, str]
    power: Mapping[str, str]
    runs: Mapping[str, GoodsRun | PowerRun]
    power_settings: PowerSettings
    unpowered: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Made:
    """What the engines said of many cases.

    Attributes:
        goods: Tables of each case's run of freight and trade, by name of the case.
        power: Tables of each case's run of power, likewise.
        calm_power: What the run of power of the calm base says of each home.
        cases: How many cases there were.
        goods_runs: How many runs of freight and trade that took.
        goods_kept: How many of them were taken from the store.
        power_runs: How many runs of power.
    """

    goods: Mapping[str, Tables]
    power: Mapping[str, Tables]
    calm_power: pd.DataFrame
    cases: int
    goods_runs: int
    goods_kept: int
    power_runs: int

    @property
    def saved(self) -> int:
        """Engine runs that sharing saved: one of goods a case, and one of power where it is asked for."""
        return self.cases + len(self.power) - self.goods_runs - self.power_runs


def wanted_runs(
    cases: Mapping[str, Case],
    calm: Case,
    *,
    study: CouplingSettings,
    power: PowerSettings,
    structure: str,
    without_power: Iterable[str] = (),
) -> Wanted:
    """The runs that cases of one plan ask for.

    Args:
        cases: The cases, by name.
        calm: The calm base.
        study: Settings of freight and trade.
        power: Settings of power.
        structure: Name of the case whose structure is told.
        without_power: Cases whose power is not asked for.
    """
    contents = Contents()
    plain = goods_key(cases[structure], calm, study, contents)
    goods: dict[str, str] = {}
    runs: dict[str, GoodsRun | PowerRun] = {}
    for name, case in cases.items():
        key = goods_key(case, calm, study, contents)
        told = key == plain
        goods[name] = f"{key}s" if told else key
        if goods[name] not in runs:
            ground = ground_key(case, calm, contents)
            runs[goods[name]] = GoodsRun(goods[name], ground, name, case.plan, case.scenario, study, told)
    asked = {name: case for name, case in cases.items() if name not in set(without_power)} | {CALM: calm}
    if not has_power(calm):
        return Wanted(calm, goods, {}, runs, power, tuple(asked))
    electric = {name: power_key(case, calm, power, contents) for name, case in asked.items()}
    for name, key in electric.items():
        runs.setdefault(key, PowerRun(key, name, asked[name].plan, asked[name].scenario, power))
    return Wanted(calm, goods, electric, runs, power, ())


def pieces_of(wanted: Wanted, store: Store | None) -> list[Piece]:
    """What the store does not have, as pieces of work: goods of one ground together, the most first."""
    missing = [run for key, run in wanted.runs.items() if store is None or key not in store]
    chains: dict[str, tuple[GoodsRun, ...]] = {}
    for run in missing:
        if isinstance(run, GoodsRun):
            chains[run.ground] = (*chains.get(run.ground, ()), run)
    power = [run for run in missing if isinstance(run, PowerRun)]
    return [
        *(Piece(chain) for chain in sorted(chains.values(), key=len, reverse=True)),
        *(Piece(tuple(power[at : at + POWER_AT_ONCE])) for at in range(0, len(power), POWER_AT_ONCE)),
    ]


def run_all(wanted: Wanted, *, executor: Executor, folder: Path | None, progress: Progress) -> Made:
    """Make all runs that the store does not have, each engine once for each of its states.

    Args:
        wanted: The runs.
        executor: Where runs are made.
        folder: Store of finished runs, if they are kept.
        progress: Told of each run.

    Raises:
        NotConvergedError: If a precision is not reached.
        NoSolutionError: If a power system has no solution.
        CannotRunError: If the store cannot be used, or a worker ends without a result.
    """
    store = None if folder is None else Store(folder)
    pieces = pieces_of(wanted, store)
    missing = {run.key: run for piece in pieces for run in piece.runs}
    tables: dict[str, Tables] = {}
    if store is not None:
        tables = {key: store.tables(key) for key in wanted.runs if key not in missing}
    if pieces:
        shared = _shared(wanted, list(missing.values()), folder)
        for piece, found in zip(pieces, executor.map(make_piece, pieces, shared=shared), strict=True):
            for run, made in zip(piece.runs, found, strict=True):
                tables[run.key] = made
                progress(len(tables), len(wanted.runs), run.label)
    goods = {name: tables[key] for name, key in wanted.goods.items()}
    power = {name: tables[key] for name, key in wanted.power.items()}
    power |= {name: no_power(wanted.calm.region.home) for name in wanted.unpowered}
    calm_power = power.pop(CALM)["homes"]
    kinds = [isinstance(run, GoodsRun) for run in wanted.runs.values()]
    kept = sum(isinstance(run, GoodsRun) and key not in missing for key, run in wanted.runs.items())
    return Made(goods, power, calm_power, len(goods), sum(kinds), kept, len(kinds) - sum(kinds))


def _shared(wanted: Wanted, missing: list[GoodsRun | PowerRun], folder: Path | None) -> Shared:
    calm, goods = wanted.calm, [run for run in missing if isinstance(run, GoodsRun)]
    base = make_baseline(calm, goods[0].settings) if goods else None
    power = build_power_inputs(calm, wanted.power_settings) if len(goods) < len(missing) else None
    return Shared(calm.region, base, power, folder)


def has_power(case: Case) -> bool:
    """Whether the region tells of the demand of a power system."""
    return not build_zones(case).table.empty


def no_power(homes: tuple[str, ...]) -> Tables:
    """Tables of a region that tells of no power system: all of it 0."""
    table = pd.DataFrame(0.0, index=range(len(homes)), columns=list(POWER))
    return {
        "homes": table.assign(home=list(homes)),
        "fuel": pd.DataFrame(columns=list(FUEL)),
        "supply": pd.DataFrame(columns=list(SUPPLY)),
    }
