"""Which assumptions the plan's effect hangs on: each is set low and high, one at a time, all else as it is.

What is varied is what the packs assume most: growth, rates of carriage, times and charges at borders, known
capacities, demand for power, prices of fuel, water; and each contested figure that the pack keeps as a
variant. The ranges are judgements of this module, the same for every region, and told beside the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from sogdia.report.batch import TABLE, is_there, short_id
from sogdia.study.definition import OpenedStudy, Run, opened
from sogdia.study.store import Store

Mode = Literal["rail", "road", "sea", "ferry"]
LAND: tuple[Mode, ...] = ("rail", "road")
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


def runs_of(
    study: OpenedStudy, plan: Plan, against: Plan, assumptions: Sequence[Assumption]
) -> tuple[Run, ...]:
    """The runs that assumptions ask for: both plans in each of their scenarios."""
    scenarios = [scenario for item in assumptions for scenario in item.scenarios]
    return opened(study.study, study.region, against, [plan], scenarios).runs


def sensitivity_of(
    assumptions: Sequence[Assumption],
    runs: Sequence[Run],
    plan: Plan,
    against: Plan,
    region: Region,
    homes: Sequence[str],
    store: Store,
    errors: Mapping[str, str],
) -> pd.DataFrame:
    """The plan's effect on real spending in the homes, with each assumption low and high.

    Args:
        assumptions: What was varied.
        runs: The runs made for it (:func:`runs_of`).
        plan: The plan.
        against: The plan it is compared with.
        region: The region.
        homes: Economies summed over.
        store: Where the runs are.
        errors: Why runs could not be made, by label.

    Returns:
        One row an assumption: ``assumption``, ``words``, ``low``, ``high``; ``low_musd`` and ``high_musd``,
        the effect then (NaN where there is no run); ``assumed_pct``, the part of its tables' rows that is
        assumed; ``tables``; ``error``.
    """
    rows = []
    for item in assumptions:
        effects = [_effect(runs, store, plan, against, scenario, homes) for scenario in item.scenarios]
        names = {scenario.name for scenario in item.scenarios}
        trouble = "; ".join(why for label, why in errors.items() if label.split("/")[1] in names)
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


def _effect(
    runs: Sequence[Run], store: Store, plan: Plan, against: Plan, scenario: Scenario, homes: Sequence[str]
) -> float:
    gains = {}
    for run in runs:
        if run.scenario.name == scenario.name and is_there(run, store, short=True):
            place = run.run if run.run in store else short_id(run)
            table = store.read(place, TABLE).set_index("economy")["gain_musd"].astype(float)
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
