"""Runs of the engines for many cases: each state of freight and trade once, each state of power once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

import sogdia
from sogdia.case import Case, Plan, Scenario, build_case
from sogdia.power import PowerModel, PowerSettings, power_inputs
from sogdia.power.zones import zones_of
from sogdia.region import Region
from sogdia.study.base import Base, make_base
from sogdia.study.coupling import couple
from sogdia.study.executor import Executor
from sogdia.study.settings import StudySettings
from sogdia.study.store import RunHead, Store
from sogdia.study.withdrawals import (
    FUEL,
    POWER,
    fuel_by_origin,
    goods_by_home,
    power_by_home,
)
from sogdia.study.withdrawals_keys import goods_key, ground_key, power_key
from sogdia.study.withdrawals_structure import SUPPLY, goods_structure, power_structure

Tables = dict[str, pd.DataFrame]
Progress = Callable[[int, int, str], None]
"""Told of runs done, runs in all, and the one just done."""
CALM = "calm base"


@dataclass(frozen=True, eq=False)
class Shared:
    """What all runs of goods share.

    Attributes:
        region: The region.
        plan: The plan looked at.
        base: The calm base, assigned.
        settings: Settings.
        folder: Store of finished runs, if they are kept.
    """

    region: Region
    plan: Plan
    base: Base
    settings: StudySettings
    folder: Path | None


@dataclass(frozen=True)
class GoodsRun:
    """A run of goods to be made.

    Attributes:
        key: Its digest.
        ground: Digest of its ways and whom they are closed to; runs of one ground share its making.
        label: The case in words.
        scenario: What happens.
        structure: Whether who trades with whom and through which land is told too.
    """

    key: str
    ground: str
    label: str
    scenario: Scenario
    structure: bool


def make_chain(runs: tuple[GoodsRun, ...], shared: Shared) -> list[Tables]:
    """Make runs of one ground one after another; see :func:`make_goods`."""
    return [make_goods(run, shared) for run in runs]


def make_goods(run: GoodsRun, shared: Shared) -> Tables:
    """Make a run, or take it from the store; it is kept as soon as it is finished, whole or not at all.

    Raises:
        NotConvergedError: If a precision is not reached.
        InputError: If the case cannot be run.
        CannotRunError: If the store cannot be read or written.
    """
    store = None if shared.folder is None else Store(shared.folder)
    if store is not None and run.key in store:
        return store.tables(run.key)
    begun = time.perf_counter()
    case = build_case(shared.region, shared.plan, run.scenario)
    found = couple(case, shared.base, shared.settings)
    tables = {"homes": goods_by_home(found)}
    if run.structure:
        tables |= goods_structure(found)
    if store is not None:
        store.write(_head(run, case, shared, begun, found.convergence.residual), tables)
    return tables


def _head(run: GoodsRun, case: Case, shared: Shared, begun: float, residual: float) -> RunHead:
    return RunHead(
        run=run.key,
        region=case.region.name,
        plan=case.plan.name,
        scenario=run.label,
        year=case.year,
        parts={"case": case.digest, "base": shared.base.case.digest, "version": sogdia.__version__},
        settings=shared.settings.model_dump(mode="json"),
        made=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=time.perf_counter() - begun,
        figures={"residual": residual},
    )


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


def run_all(
    cases: Mapping[str, Case],
    calm: Case,
    *,
    study: StudySettings,
    power: PowerSettings,
    executor: Executor,
    folder: Path | None,
    structure: str,
    progress: Progress,
    without_power: Iterable[str] = (),
) -> Made:
    """Run cases of one plan, each engine once for each of its states.

    Args:
        cases: The cases, by name.
        calm: The calm base.
        study: Settings of freight and trade.
        power: Settings of power.
        executor: Where runs of goods are made.
        folder: Store of finished runs, if they are kept.
        structure: Name of the case whose structure is told.
        progress: Told of each run of goods.
        without_power: Cases whose power is not asked for.
    """
    keys = {name: goods_key(case, calm, study) for name, case in cases.items()}
    plain = keys[structure]
    keys = {name: f"{key}s" if key == plain else key for name, key in keys.items()}
    wanted: dict[str, GoodsRun] = {}
    for name, case in cases.items():
        run = GoodsRun(keys[name], ground_key(case, calm), name, case.scenario, keys[name] == keys[structure])
        wanted.setdefault(run.key, run)
    store = None if folder is None else Store(folder)
    kept = {key for key in wanted if store is not None and key in store}
    one = next(iter(cases.values()))
    tables = {key: store.tables(key) for key in sorted(kept)} if store is not None else {}
    missing = [run for key, run in wanted.items() if key not in kept]
    if missing:
        shared = Shared(one.region, one.plan, make_base(calm, study), study, folder)
        chains: dict[str, tuple[GoodsRun, ...]] = {}
        for run in missing:
            chains[run.ground] = (*chains.get(run.ground, ()), run)
        longest = sorted(chains.values(), key=len, reverse=True)
        for chain, found in zip(longest, executor.map(make_chain, longest, shared=shared), strict=True):
            for run, made in zip(chain, found, strict=True):
                tables[run.key] = made
                progress(len(tables), len(wanted), run.label)
    asked = {name: case for name, case in cases.items() if name not in set(without_power)}
    electric, count = _power({**asked, CALM: calm}, calm, power)
    calm_power = electric.pop(CALM)["homes"]
    goods = {name: tables[key] for name, key in keys.items()}
    return Made(goods, electric, calm_power, len(cases), len(wanted), len(kept), count)


def has_power(case: Case) -> bool:
    """Whether the region tells of the demand of a power system."""
    return not zones_of(case).table.empty


def no_power(homes: tuple[str, ...]) -> Tables:
    """Tables of a region that tells of no power system: all of it 0."""
    table = pd.DataFrame(0.0, index=range(len(homes)), columns=list(POWER))
    return {
        "homes": table.assign(home=list(homes)),
        "fuel": pd.DataFrame(columns=list(FUEL)),
        "supply": pd.DataFrame(columns=list(SUPPLY)),
    }


def _power(cases: Mapping[str, Case], calm: Case, settings: PowerSettings) -> tuple[dict[str, Tables], int]:
    """Solve power for each of its states on one programme."""
    homes = calm.region.home
    if not has_power(calm):
        return {name: no_power(homes) for name in cases}, 0
    model = PowerModel(power_inputs(calm, settings))
    keys = {name: power_key(case, calm) for name, case in cases.items()}
    found: dict[str, Tables] = {}
    for name, key in keys.items():
        if key in found:
            continue
        inputs = power_inputs(cases[name], settings)
        result = (model if model.inputs.alike(inputs) else PowerModel(inputs)).solve(inputs)
        found[key] = {
            "homes": power_by_home(result, homes),
            "fuel": fuel_by_origin(result, homes),
            **power_structure(result, homes),
        }
    return {name: found[key] for name, key in keys.items()}, len(found)
