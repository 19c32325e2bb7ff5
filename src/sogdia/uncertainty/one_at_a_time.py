"""Which assumptions the plan's effect hangs on: each is set low and high, one at a time, all else as it is.

What is varied, and how far, are rows of the pack: ``assumption_ranges``, in their order, and then each
contested figure that the pack keeps as a variant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
from sogdia.runs.definition import OpenedStudy, Run, opened
from sogdia.runs.short_runs import TABLE, is_there, short_id
from sogdia.runs.store import Store

RANGES, VARIANTS = "assumption_ranges", "variants"
COLUMNS = (
    "assumption", "words", "low", "high", "effect_musd", "low_musd", "high_musd", "span_musd", "assumed_pct",
    "basis", "tables", "row", "error",
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
        row: Row of the pack that says so, as ``table/row``.
        basis: How that row's range was had.
    """

    name: str
    words: str
    low: str
    high: str
    scenarios: tuple[Scenario, ...]
    tables: tuple[str, ...]
    row: str
    basis: str


def assumptions_of(region: Region, calm: Scenario, most: int) -> tuple[Assumption, ...]:
    """What the pack says can be varied, at most so many: ranges of assumptions, then variants.

    Args:
        region: The region.
        calm: The scenario in which nothing befalls.
        most: How many, variants among them.
    """
    found = [_ranged(region, calm, row) for row in region.table(RANGES).to_dict("records")]
    for row in region.table(VARIANTS).to_dict("records"):
        name = str(row["id"])
        changed = calm.model_copy(update={"name": f"assumed_{name}", "variants": (name,)})
        told, place = "its alternative holds", f"{VARIANTS}/{name}"
        found.append(
            Assumption(
                name, str(row["title"]), told, "", (changed,), (VARIANTS,), place, str(row["basis"])
            )
        )  # fmt: skip
    return tuple(found[:most])


def _ranged(region: Region, calm: Scenario, row: Mapping[Any, Any]) -> Assumption:
    name, ends = str(row["id"]), {end: float(row[f"{end}_factor"]) for end in ("low", "high")}
    scenarios = tuple(
        calm.model_copy(update={"name": f"assumed_{name}_{end}", **_varied(region, row, factor)})
        for end, factor in ends.items()
    )
    return Assumption(
        name=name,
        words=str(row["title"]),
        low=f"{100.0 * (1.0 - ends['low']):.3g} % less",
        high=f"{100.0 * (ends['high'] - 1.0):.3g} % more",
        scenarios=scenarios,
        tables=tuple(str(row["tables"]).split(";")),
        row=f"{RANGES}/{name}",
        basis=str(row["basis"]),
    )


def _varied(region: Region, row: Mapping[Any, Any], factor: float) -> dict[str, Any]:
    """What of a calm scenario is another where the row's assumption is multiplied."""
    if row["varies"] == "growth":
        return {"growth_factor": factor}
    return {"shocks": (_shock(region, row, factor),)}


def _shock(region: Region, row: Mapping[Any, Any], factor: float) -> AnyShock:
    why = {"reason": f"one assumption at a time: {row['title']}", "source": row["source"]}
    by_mode = {**why, "modes": _listed(row["modes"])}
    at_home = {**by_mode, "territories": region.home}
    match row["varies"]:
        case "rates":
            return RateChange(**by_mode, factor=factor)
        case "dwell":
            return DelayChange(**at_home, dwell_factor=factor)
        case "charges":
            return DelayChange(**at_home, cost_factor=factor)
        case "capacity":
            return CapacityCut(**at_home, factor=factor)
        case "demand":
            return DemandChange(**why, factor=factor)
        case "fuel_price":
            return FuelPrice(**why, carriers=_listed(row["carriers"]) or _burnt(region), factor=factor)
        case "inflow":
            return DryYear(**why, factor=factor)
    raise ValueError(f"{row['id']}: nothing is known of how {row['varies']} varies")


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


def _burnt(region: Region) -> tuple[str, ...]:
    """Carriers whose fuel has a price."""
    costs = region.table("power_costs")
    return tuple(sorted(set(costs.loc[costs["item"].str.startswith("fuel"), "carrier"].astype(str))))


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
        assumed; ``basis`` of its range; ``tables``; ``row``, of the pack; ``error``.
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
                "basis": item.basis, "tables": ", ".join(item.tables), "row": item.row, "error": trouble,
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
