"""One-at-a-time sensitivity: set each uncertain assumption low and high, all others at their reference value.

The assumptions and their ranges are rows of the region pack: ``assumption_ranges``, in their order, and then
each contested figure of ``variants``. The span of a plan's effect between low and high ranks them (a tornado
diagram); interactions between assumptions are not measured.
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
    PowerCost,
    RateChange,
)
from sogdia.region import Region
from sogdia.runs.definition import LoadedStudy, Run, expand_study
from sogdia.runs.joint_jobs import ECONOMIES, economies_key
from sogdia.runs.store import Store

LEVELS = {"elasticities": "elasticity_level", "rents": "rent_level"}
"""Fields of a scenario for assumptions whose low and high figures are in their tables."""
ENDS = {"low": -1.0, "high": 1.0}
"""Levels at the ends of such a range."""
RANGES, VARIANTS = "assumption_ranges", "variants"
COLUMNS = (
    "assumption", "words", "low", "high", "effect_musd", "low_musd", "high_musd", "span_musd", "assumed_pct",
    "basis", "tables", "row", "error",
)  # fmt: skip


@dataclass(frozen=True)
class Assumption:
    """An uncertain assumption and its range.

    Attributes:
        name: Short name.
        words: Description.
        low: Description of the low value.
        high: Description of the high value; empty if there is a single alternative.
        scenarios: The reference scenario with the assumption low and, unless there is a single alternative,
            high.
        tables: Tables of the pack that hold it.
        row: Row of the pack that gives the range, as ``table/row``.
        basis: Basis of that row.
    """

    name: str
    words: str
    low: str
    high: str
    scenarios: tuple[Scenario, ...]
    tables: tuple[str, ...]
    row: str
    basis: str


def read_assumptions(region: Region, reference: Scenario, most: int) -> tuple[Assumption, ...]:
    """Read the assumptions that a pack lets vary: ranges first, then variants.

    Args:
        region: The region.
        reference: The reference scenario.
        most: Largest number of assumptions, variants among them.
    """
    assumptions = [_from_range(region, reference, row) for row in region.table(RANGES).to_dict("records")]
    for row in region.table(VARIANTS).to_dict("records"):
        name = str(row["id"])
        varied = reference.model_copy(update={"name": f"assumed_{name}", "variants": (name,)})
        assumptions.append(
            Assumption(
                name=name,
                words=str(row["title"]),
                low="its alternative holds",
                high="",
                scenarios=(varied,),
                tables=(VARIANTS,),
                row=f"{VARIANTS}/{name}",
                basis=str(row["basis"]),
            )
        )
    return tuple(assumptions[:most])


def _from_range(region: Region, reference: Scenario, row: Mapping[Any, Any]) -> Assumption:
    name, is_level = str(row["id"]), row["varies"] in LEVELS
    factors = dict(ENDS) if is_level else {end: float(row[f"{end}_factor"]) for end in ENDS}
    scenarios = tuple(
        reference.model_copy(update={"name": f"assumed_{name}_{end}", **_edits(region, row, factor)})
        for end, factor in factors.items()
    )
    return Assumption(
        name=name,
        words=str(row["title"]),
        low="low figures of the pack" if is_level else f"{100.0 * (1.0 - factors['low']):.3g} % less",
        high="high figures of the pack" if is_level else f"{100.0 * (factors['high'] - 1.0):.3g} % more",
        scenarios=scenarios,
        tables=tuple(str(row["tables"]).split(";")),
        row=f"{RANGES}/{name}",
        basis=str(row["basis"]),
    )


def _edits(region: Region, row: Mapping[Any, Any], factor: float) -> dict[str, Any]:
    """Return the fields of a scenario with the row's assumption times a factor, or at a level."""
    if row["varies"] in LEVELS:
        return {LEVELS[row["varies"]]: factor}
    if row["varies"] == "growth":
        return {"growth_factor": factor}
    return {"shocks": (_shock(region, row, factor),)}


def _shock(region: Region, row: Mapping[Any, Any], factor: float) -> AnyShock:
    cause = {"reason": f"one assumption at a time: {row['title']}", "source": row["source"]}
    by_mode = {**cause, "modes": _split(row["modes"])}
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
            return DemandChange(**cause, factor=factor)
        case "fuel_price":
            return FuelPrice(**cause, carriers=_split(row["carriers"]) or _fuels(region), factor=factor)
        case "capital_cost":
            return PowerCost(**cause, quantity="capital", carriers=_split(row["carriers"]), factor=factor)
        case "lost_load":
            return PowerCost(**cause, quantity="lost_load", factor=factor)
        case "inflow":
            return DryYear(**cause, factor=factor)
    raise ValueError(f"{row['id']}: no shock varies {row['varies']}")


def _split(cell: str) -> tuple[str, ...]:
    return tuple(part for part in cell.split(";") if part)


def _fuels(region: Region) -> tuple[str, ...]:
    """Return the energy carriers whose fuel has a price."""
    costs = region.table("power_costs")
    return tuple(sorted(set(costs.loc[costs["item"].str.startswith("fuel"), "carrier"].astype(str))))


def sensitivity_runs(
    study: LoadedStudy, plan: Plan, against: Plan, assumptions: Sequence[Assumption]
) -> tuple[Run, ...]:
    """Define the runs of a sensitivity: both plans in each scenario of the assumptions."""
    scenarios = [scenario for item in assumptions for scenario in item.scenarios]
    return expand_study(study.definition, study.region, against, [plan], scenarios).runs


def sensitivity(
    assumptions: Sequence[Assumption],
    runs: Sequence[Run],
    plan: Plan,
    against: Plan,
    region: Region,
    homes: Sequence[str],
    store: Store,
    errors: Mapping[str, str],
) -> pd.DataFrame:
    """Compute the plan's effect on real spending in the home countries with each assumption low and high.

    Args:
        assumptions: The assumptions.
        runs: Their runs (:func:`sensitivity_runs`).
        plan: The plan.
        against: The plan it is compared with.
        region: The region.
        homes: Home countries to sum over.
        store: The store with the runs.
        errors: Messages of the runs that failed, by :func:`sogdia.runs.joint_jobs.economies_key`.

    Returns:
        One row for each assumption: ``assumption``, ``words``, ``low``, ``high``; ``low_musd`` and
        ``high_musd``, the effect then (NaN if a run is missing); ``assumed_pct``, the share of its tables'
        rows with basis ``assumed``; ``basis`` of its range; ``tables``; ``row`` of the pack; ``error``.
    """
    rows = []
    for item in assumptions:
        effects = [_effect(runs, store, plan, against, scenario, homes) for scenario in item.scenarios]
        names = {scenario.name for scenario in item.scenarios}
        keys = [economies_key(run) for run in runs if run.scenario.name in names]
        low, high = effects[0], effects[-1] if len(effects) > 1 else float("nan")
        tables = [region.table(name) for name in item.tables]
        count = sum(len(table) for table in tables)
        assumed = sum(int((table["basis"] == "assumed").sum()) for table in tables)
        rows.append(
            {
                "assumption": item.name, "words": item.words, "low": item.low, "high": item.high,
                "low_musd": low, "high_musd": high, "assumed_pct": 100.0 * assumed / max(count, 1),
                "basis": item.basis, "tables": ", ".join(item.tables), "row": item.row,
                "error": "; ".join(errors[key] for key in keys if key in errors),
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def _effect(
    runs: Sequence[Run], store: Store, plan: Plan, against: Plan, scenario: Scenario, homes: Sequence[str]
) -> float:
    gains = {}
    for run in runs:
        key = run.key if run.key in store else economies_key(run)
        if run.scenario.name == scenario.name and key in store:
            gain = store.read(key, ECONOMIES).set_index("economy")["gain_musd"].astype(float)
            gains[run.plan.name] = float(gain.reindex(list(homes)).sum())
    if {plan.name, against.name} <= set(gains):
        return gains[plan.name] - gains[against.name]
    return float("nan")


def ranked(table: pd.DataFrame, effect_musd: float) -> pd.DataFrame:
    """Add the effect at reference values and the span of each assumption, the largest span first."""
    values = table[["low_musd", "high_musd"]].assign(effect=effect_musd)
    span = values.max(axis=1, skipna=True) - values.min(axis=1, skipna=True)
    out = table.assign(effect_musd=effect_musd, span_musd=span)
    return out.sort_values("span_musd", ascending=False, kind="stable", ignore_index=True)[list(COLUMNS)]
