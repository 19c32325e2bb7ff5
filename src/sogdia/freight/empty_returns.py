"""Empty returns: what loaded vehicles pay for those that go back empty.

Vehicles that carry a cargo type over a link one way come back the other way, loaded or empty. With the loaded
flows v and v' of the two directions and the cost e of an empty run over a loaded one, the direction with more
loads pays for the empty vehicles of the other:

    ``φ = 1 + e · (1 − v' / v)`` where ``v > v'``, else 1.

The factor holds for line-haul charges. Flows depend on it, so that it is a fixed point of the assignment; the
table ``empty_returns`` stores it, and runs use the table. Without rows, returns cost nothing.

A line that opens later has no flow in the base year. Its factor is that of the base year's trade with every
planned line open, at the stored factors of the lines that operate. Without it a new line would carry goods at
the price of a full return, below that of an old line next to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import CONSTRUCTION, DERIVED, OPERATING, PLANNED
from sogdia.freight.results import FreightResult
from sogdia.freight.solve import assign_freight
from sogdia.freight.supernetwork.arcs import HAUL
from sogdia.freight.supernetwork.loads import Loads

LEAST_T = 50_000.0
"""Flow of a link, direction and cargo type, t/a, below which no factor is stored: an occasional lorry."""
CLOSE, MOST_ROUNDS = 0.02, 12
"""Largest change of a factor, weighted by flow, at which the rounds end, and their largest number."""
LATER = (CONSTRUCTION, PLANNED)
"""Status of a line that opens later."""
KEY = ["link", "to", "cargo"]
COLUMNS = [*KEY, "factor", "basis", "source", "note"]
_NONE = pd.Series(dtype=np.float64)


@dataclass(frozen=True, eq=False)
class EmptyReturns:
    """Factors at the fixed point.

    Attributes:
        table: Rows of ``empty_returns``.
        changes: Mean change of the factors by flow, after each round.
        empty_share: Empty vehicle-kilometres over loaded ones, by mode.
    """

    table: pd.DataFrame
    changes: tuple[float, ...]
    empty_share: pd.Series


def return_factor(tonnes: float, back_t: float, empty_cost: float) -> float:
    """Return the factor on the charges of one direction.

    >>> return_factor(100.0, 50.0, 0.6), return_factor(50.0, 100.0, 0.6)
    (1.3, 1.0)
    """
    return 1.0 + empty_cost * max(0.0, 1.0 - back_t / tonnes) if tonnes > 0.0 else 1.0


def loaded_flows(freight: FreightResult) -> pd.DataFrame:
    """Return tonnes of each link by direction and cargo type.

    Returns:
        ``link``, ``to``, ``cargo``, ``mode``, ``length_km``, ``tonnes``, ``back_t`` (of the other direction).
    """
    supernetwork = freight.supernetwork
    cargo = supernetwork.case.table("commodities")["cargo"]
    commodities = supernetwork.commodities_of(freight.result.demand.classes)
    of_class = cargo.reindex(commodities).to_numpy(dtype=object)
    arcs = freight.result.network.arcs
    links = supernetwork.case.table("links")[["from", "to"]]
    parts = []
    for name in sorted(set(of_class)):
        tonnes = freight.result.flows[of_class == name].sum(axis=0)
        parts.append(arcs[["link_id", "to", "kind", "mode", "length_km"]].assign(cargo=name, tonnes=tonnes))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["kind"].eq(HAUL)].rename(columns={"link_id": "link"})
    rows["to"] = rows["to"].map(supernetwork.nodes["place"])
    keys = [*KEY, "mode", "length_km"]
    summed = rows.groupby(keys)["tonnes"].sum().reset_index()
    ends = links.reindex(summed["link"])
    first, second = (ends[name].to_numpy(dtype=object) for name in ("from", "to"))
    other = np.where(summed["to"].to_numpy(dtype=object) == second, first, second)
    tonnes_of = summed.set_index(KEY)["tonnes"]
    back = pd.MultiIndex.from_arrays([summed["link"], other, summed["cargo"]])
    summed["back_t"] = tonnes_of.reindex(back).fillna(0.0).to_numpy(dtype=np.float64)
    return summed


def factors_of(flows: pd.DataFrame, loads: Loads) -> pd.DataFrame:
    """Return the flows with the ``factor`` of each row."""
    columns = (flows[name] for name in ("mode", "cargo", "tonnes", "back_t"))
    factors = [
        return_factor(float(tonnes), float(back), loads.empty_cost(str(mode), str(cargo)))
        for mode, cargo, tonnes, back in zip(*columns, strict=True)
    ]
    return flows.assign(factor=factors)


def settle_empty_returns(case: Case, progress: Callable[[str], None] | None = None) -> EmptyReturns:
    """Return the factors at which the assignment has the flows that they are calculated from.

    Each round assigns all freight at the factors of the one before, halfway to the new ones after the first.
    Factors of planned lines follow, with those of operating lines held.

    Args:
        case: The case whose flows count.
        progress: Called with a line after each round.
    """
    flows, changes = _settle(case, _NONE, progress)
    rows = [_stored(flows, case, "loaded flows of the base year, both ways")]
    links = case.table("links")
    planned = links.index[links["status"].isin(LATER)]
    if len(planned):
        held = flows.set_index(KEY)["factor"]
        opened, more = _settle(with_planned_lines(case), held, progress)
        changes += more
        opened = opened[opened["link"].isin(planned)]
        note = "loaded flows of the base year with every planned line open, both ways"
        rows.append(_stored(opened, case, note))
    table = pd.concat(rows, ignore_index=True).sort_values(KEY, ignore_index=True)
    return EmptyReturns(table, changes, _empty_share(flows))


def _settle(
    case: Case, held: pd.Series, progress: Callable[[str], None] | None
) -> tuple[pd.DataFrame, tuple[float, ...]]:
    """Return loaded flows with their factors at the fixed point, and the change of each round.

    Args:
        case: The case whose flows count.
        held: Factors that stay as they are.
        progress: Called with a line after each round.
    """
    loads, changes = Loads(case.table("loads")), []
    known = held
    while True:
        flows = factors_of(loaded_flows(assign_freight(with_factors(case, known))), loads)
        fixed = held.reindex(pd.MultiIndex.from_frame(flows[KEY])).to_numpy()
        flows["factor"] = np.where(np.isnan(fixed), flows["factor"], fixed)
        found = flows.set_index(KEY)["factor"]
        before = known.reindex(found.index).fillna(1.0)
        is_free = ~found.index.isin(held.index)
        weights = (flows["tonnes"] * flows["length_km"]).to_numpy(dtype=np.float64) * is_free
        change = float(np.average(np.abs(found - before), weights=weights)) if weights.any() else 0.0
        changes.append(change)
        if progress:
            progress(f"round {len(changes)}: mean change of the factors {change:.3f}")
        if change < CLOSE or len(changes) == MOST_ROUNDS:
            return flows, tuple(changes)
        known = found if len(changes) == 1 else (found + before) / 2.0


def _stored(flows: pd.DataFrame, case: Case, note: str) -> pd.DataFrame:
    """Return the rows of ``empty_returns`` of flows."""
    rows = flows[(flows["factor"] > 1.0) & (flows["tonnes"] >= LEAST_T)]
    rows = rows.assign(factor=rows["factor"].round(3), basis=DERIVED, source=_source(case), note=note)
    return rows[COLUMNS]


def with_planned_lines(case: Case) -> Case:
    """Return the case with every planned link, crossing and transfer in operation."""
    for name in ("links", "crossings", "transfers"):
        table = case.table(name)
        status = table["status"].where(~table["status"].isin(LATER), OPERATING)
        case = case.with_table(name, table.assign(status=status))
    return case


def with_factors(case: Case, factors: pd.Series) -> Case:
    """Return the case with a table of factors by link, end and cargo type."""
    rows = factors.rename("factor").rename_axis(KEY).reset_index() if len(factors) else pd.DataFrame()
    table = rows.reindex(columns=case.table("empty_returns").columns)
    return case.with_table("empty_returns", table)


def _source(case: Case) -> str:
    """Return the documents of the loads."""
    return ";".join(sorted({each for cell in case.table("loads")["source"] for each in str(cell).split(";")}))


def _empty_share(flows: pd.DataFrame) -> pd.Series:
    """Return empty over loaded vehicle-kilometres by mode, at equal loads of a cargo type both ways."""
    empty = (flows["tonnes"] - flows["back_t"]).clip(lower=0.0) * flows["length_km"]
    loaded = flows["tonnes"] * flows["length_km"]
    return empty.groupby(flows["mode"]).sum() / loaded.groupby(flows["mode"]).sum()
