"""Which assumptions the plan's effect hangs on: each is set low and high, one at a time, all else as it is.

What is varied is what the packs assume most: growth, rates of carriage, times and charges at borders, known
capacities, demand for power, prices of fuel, water; and each contested figure that the pack keeps as a
variant. The ranges are judgements of this module, the same for every region, and told beside the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import pandas as pd

from sogdia.case import Plan, Scenario
from sogdia.case.shocks import (
    AnyShock,
    CapacityCut,
    DelayChange,
    DemandChange,
    DryYear,
    FuelPrice,
    RateChange,
)
from sogdia.region import Region
from sogdia.study.definition import OpenedStudy, Run, Study, opened
from sogdia.study.executor import Executor
from sogdia.study.runs import Done, make_bench, missing_runs, run_one, run_study
from sogdia.study.store import Store

Mode = Literal["rail", "road", "sea", "ferry"]
LAND: tuple[Mode, ...] = ("rail", "road")
SMALL = 4
"""Runs against one base up to which they are made one after another, beside those of other bases."""
REASON = "one assumption varied at a time"
COLUMNS = (
    "assumption", "words", "low", "high", "effect_musd", "low_musd", "high_musd", "span_musd", "assumed_pct",
    "tables", "error",
)  # fmt: skip


@dataclass(frozen=True)
class Assumption:
    """Something assumed, and how far it may be off.

    Attributes:
        name: Short name.
        words: What it is.
        low: How the lower value is told.
        high: How the higher value is told; empty where there is one alternative.
        scenarios: The calm scenario with it low and, where there is one, high.
        tables: Tables of the pack that it stands in.
    """

    name: str
    words: str
    low: str
    high: str
    scenarios: tuple[Scenario, ...]
    tables: tuple[str, ...]


def assumptions_of(region: Region, calm: Scenario, most: int) -> tuple[Assumption, ...]:
    """What can be varied of a region, at most so many: shared assumptions and the pack's variants.

    Args:
        region: The region.
        calm: The scenario in which nothing befalls.
        most: How many, variants among them.
    """
    found = [_growth(calm), *(_shaken(calm, *item) for item in _shocks(region))]
    contested = region.table("variants")
    for name, title in zip(contested.index, contested["title"].astype(str), strict=True):
        changed = calm.model_copy(update={"name": f"assumed_{name}", "variants": (str(name),)})
        told = "the pack's choice"
        found.append(Assumption(str(name), title, told, "", (changed,), ("variants",)))
    return tuple(found[:most])


def _growth(calm: Scenario) -> Assumption:
    scenarios = tuple(
        calm.model_copy(update={"name": f"assumed_growth_{word}", "growth_factor": factor})
        for word, factor in (("low", 0.5), ("high", 1.5))
    )
    return Assumption(
        "growth",
        "Growth of economies, trade and demand",
        "half",
        "half as much again",
        scenarios,
        ("growth",),
    )


_Shock = Callable[[float], AnyShock]
_Item = tuple[str, str, float, _Shock, tuple[str, ...]]


def _shocks(region: Region) -> list[_Item]:
    """Name, words, relative range, shock by factor, tables."""
    home = tuple(region.home)
    costs = region.table("power_costs")
    burnt = tuple(sorted(set(costs.loc[costs["item"].str.startswith("fuel"), "carrier"].astype(str))))
    items: list[_Item] = [
        (
            "rates", "Cost of carriage by rail and road", 0.2,
            lambda f: RateChange(reason=REASON, modes=LAND, factor=f), ("rates",),
        ),
        (
            "dwell", "Time at borders and terminals of the region", 0.3,
            lambda f: DelayChange(reason=REASON, territories=home, dwell_factor=f),
            ("crossings", "transfers"),
        ),
        (
            "charges", "Charges at borders and terminals of the region", 0.3,
            lambda f: DelayChange(reason=REASON, territories=home, cost_factor=f), ("crossings", "transfers"),
        ),
        (
            "capacity", "Known capacities in the region", 0.2,
            lambda f: CapacityCut(reason=REASON, territories=home, factor=f), ("links", "crossings"),
        ),
        (
            "demand", "Demand for power", 0.05,
            lambda f: DemandChange(reason=REASON, factor=f), ("growth", "electricity"),
        ),
        ("water", "Water in the "
        "reservoirs", 0.1, lambda f: DryYear(reason=REASON, factor=f), ("power_reservoirs",)),
    ]  # fmt: skip
    if burnt:
        items.insert(
            5,
            (
                "fuel", "Price of fuel for power", 0.3,
                lambda f: FuelPrice(reason=REASON, carriers=burnt, factor=f), ("power_costs",),
            ),
        )  # fmt: skip
    return items


def _shaken(
    calm: Scenario, name: str, words: str, part: float, shock: _Shock, tables: tuple[str, ...]
) -> Assumption:
    scenarios = tuple(
        calm.model_copy(update={"name": f"assumed_{name}_{word}", "shocks": (shock(factor),)})
        for word, factor in (("low", 1.0 - part), ("high", 1.0 + part))
    )
    return Assumption(name, words, f"{100 * part:.0f} % less", f"{100 * part:.0f} % more", scenarios, tables)


def sensitivity_of(
    region: Region,
    plan: Plan,
    against: Plan,
    assumptions: Sequence[Assumption],
    study: Study,
    homes: Sequence[str],
    store: Store,
    executor: Executor,
    threads: int,
    told: Callable[[str, str], None],
) -> pd.DataFrame:
    """The plan's effect on real spending in the homes, with each assumption low and high.

    Args:
        region: The region.
        plan: The plan.
        against: The plan it is compared with.
        assumptions: What is varied.
        study: The study whose settings hold.
        homes: Economies summed over.
        store: Where runs are kept.
        executor: Where runs are made.
        threads: Threads of each run.
        told: Told of each run.

    Returns:
        :data:`COLUMNS`, the largest span first: ``low_musd`` and ``high_musd`` are the effect then (NaN
        where there is no run), ``span_musd`` the largest distance from the effect as assumed or between
        the two, ``assumed_pct`` the part of the tables' rows that is assumed, ``error`` why a run failed.

    Raises:
        CannotRunError: If the store cannot be written.
    """
    scenarios = [scenario for item in assumptions for scenario in item.scenarios]
    runs = opened(study, region, against, [plan], scenarios)
    errors = _run(runs, store, executor, threads, told)
    rows = []
    for item in assumptions:
        effects = [_effect(runs, store, plan, against, scenario, homes) for scenario in item.scenarios]
        trouble = "; ".join(errors[s.name] for s in item.scenarios if s.name in errors)
        first, last = effects[0], effects[-1] if len(effects) > 1 else float("nan")
        tables = [region.table(name) for name in item.tables]
        count = sum(len(table) for table in tables)
        assumed = sum(int((table["basis"] == "assumed").sum()) for table in tables)
        rows.append(
            {
                "assumption": item.name, "words": item.words, "low": item.low, "high": item.high,
                "low_musd": first, "high_musd": last, "assumed_pct": 100.0 * assumed / max(count, 1),
                "tables": ", ".join(item.tables), "error": trouble,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def same_base(assumptions: Sequence[Assumption], calm: Scenario) -> list[Scenario]:
    """The scenarios of assumptions that leave the calm base as it is: those that are shocks."""
    digest = calm.model_copy(update={"shocks": ()}).digest
    everything = [scenario for item in assumptions for scenario in item.scenarios]
    return [s for s in everything if s.model_copy(update={"shocks": ()}).digest == digest]


@dataclass(frozen=True, eq=False)
class _Shared:
    """What groups of runs share.

    Attributes:
        study: The study.
        folder: Folder of the store.
        threads: Threads of each run.
    """

    study: OpenedStudy
    folder: Path
    threads: int


def _run_group(runs: list[Run], shared: _Shared) -> list[Done]:
    """Make a calm base and the runs against it, one after another."""
    bench = make_bench(shared.study, runs[0], shared.folder, shared.threads)
    return [run_one(run, bench) for run in runs]


def _run(
    runs: OpenedStudy, store: Store, executor: Executor, threads: int, told: Callable[[str, str], None]
) -> dict[str, str]:
    """Make the runs; those that need a base of their own go side by side, base and all."""
    groups: dict[str, list[Run]] = {}
    for run in missing_runs(runs, store):
        groups.setdefault(run.calm.digest, []).append(run)
    errors = {}
    large = [run for group in groups.values() if len(group) > SMALL for run in group]
    small = [group for group in groups.values() if len(group) <= SMALL]
    shared = _Shared(runs, store.folder.resolve(), threads)
    done = run_study(replace(runs, runs=tuple(large)), store, executor, threads=threads) if large else ()
    found = executor.map(_run_group, small, shared=shared) if small else ()
    for finished in (done, *found):
        for each in finished:
            told("assumptions", each.label)
            if each.error:
                errors[each.label.split("/")[1]] = each.error
    return errors


def _effect(
    runs: OpenedStudy, store: Store, plan: Plan, against: Plan, scenario: Scenario, homes: Sequence[str]
) -> float:
    gains = {}
    for run in runs.runs:
        if run.scenario.name == scenario.name and run.run in store:
            table = store.read(run.run, "economies").set_index("economy")["gain_musd"].astype(float)
            gains[run.plan.name] = float(table.reindex(list(homes)).sum())
    if {plan.name, against.name} <= set(gains):
        return gains[plan.name] - gains[against.name]
    return float("nan")


def ranked(table: pd.DataFrame, effect_musd: float) -> pd.DataFrame:
    """The table with the effect as assumed and the span it gives, the largest span first."""
    values = table[["low_musd", "high_musd"]].assign(effect=effect_musd)
    whole = table.assign(
        effect_musd=effect_musd, span_musd=values.max(axis=1, skipna=True) - values.min(axis=1, skipna=True)
    )
    return whole.sort_values("span_musd", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
