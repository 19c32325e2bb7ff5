"""Classify the deals of a ledger: which rows count in totals, which never do, and how rows are linked.

The rules are those of AidData's TUFF (Custer et al., 2023, *Tracking Chinese Development Finance: AidData's
TUFF 3.0 Methodology*) and of IATI: pledge, commitment and disbursement are never added to one another;
tranches of one deal add up; a part of another row, a repeat of it and an aggregate of many deals are never
counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from sogdia.case.deals import counted_deals
from sogdia.codes import ANNOUNCED, CANCELLED, DISBURSED, SIGNED
from sogdia.errors import Fault
from sogdia.region import Region

TOTAL: Final = "total"
TRANCHE: Final = "tranche"
PART: Final = "part_of"
REPEAT: Final = "reannouncement"
AGGREGATE: Final = "aggregate"
"""Roles of a deal."""
STAGES = (ANNOUNCED, SIGNED, DISBURSED)
"""Pledge, commitment, disbursement. A row is in one of them, and moves on when the money does."""
LINKED_ROLES = (PART, REPEAT)
"""Roles whose note names the row they are part of or repeat."""
EXCLUSION_REASONS: Mapping[str, str] = MappingProxyType(
    {
        PART: "is inside another row",
        REPEAT: "repeats another row or is superseded by it",
        AGGREGATE: "is an envelope, a stock or a total of many deals",
        CANCELLED: "is cancelled",
    }
)
_LINK = re.compile(r"\b(?:within|same deal as|superseded by|contradicts) ([a-z0-9_]+)")
"""Phrases by which a note names the other row."""


def classify_deals(deals: pd.DataFrame) -> pd.DataFrame:
    """Add to each deal whether it counts in totals.

    Args:
        deals: Rows of ``deals``, indexed by id.

    Returns:
        The same rows with ``counts`` (whether the row counts in totals), ``reason`` (why it does not; empty
        if it does) and ``parent`` (id of the row that a part or a repeat belongs to; empty if none is
        named).
    """
    frame = deals.copy(deep=False)
    role, status = frame["role"], frame["status"]
    frame["counts"] = counted_deals(frame)
    reasons = [
        EXCLUSION_REASONS[CANCELLED] if state == CANCELLED else EXCLUSION_REASONS.get(part, "")
        for part, state in zip(role, status, strict=True)
    ]
    frame["reason"] = pd.array(reasons, dtype="str")
    frame["parent"] = pd.array(_parents(frame), dtype="str")
    return frame


def _parents(frame: pd.DataFrame) -> list[str]:
    parents = []
    for role, note in zip(frame["role"], frame["note"], strict=True):
        named = _LINK.findall(note) if role in LINKED_ROLES else []
        parents.append(named[-1] if named else "")
    return parents


def account_faults(deals: pd.DataFrame, file: str = "deals.csv") -> list[Fault]:
    """Return parts and repeats that name no row, a missing row, or one another in a circle.

    Args:
        deals: Rows of ``deals``, indexed by id.
        file: Name of the file for messages.
    """
    frame = classify_deals(deals)
    parents: dict[str, str] = dict(zip(frame.index, frame["parent"], strict=True))
    faults = []
    for row, role in zip(frame.index, frame["role"], strict=True):
        problem = _link_problem(row, parents) if role in LINKED_ROLES else ""
        if problem:
            fix = "write in note: role: within ID, or role: same deal as ID"
            faults.append(Fault(file, None, "note", f"{row} is {role} and {problem}", fix, "account"))
    return faults


def _link_problem(row: str, parents: Mapping[str, str]) -> str:
    if not parents[row]:
        return "its note names no other row"
    seen = {row}
    here = row
    while parents.get(here):
        here = parents[here]
        if here not in parents:
            return f"its note names {here}, which does not exist"
        if here in seen:
            return f"its note leads back to {here}"
        seen.add(here)
    return ""


def suspected_duplicates(deals: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of counted rows with the same partner, recipient, project, amount and instrument.

    Tranches may be equal and are not compared. Rows without project or amount are not compared either.

    Returns:
        One row a pair: ``first``, ``second``, ``partner``, ``recipient``, ``project``, ``amount_musd``.
    """
    frame = classify_deals(deals)
    frame = frame[frame["counts"] & (frame["role"] == TOTAL)]
    frame = frame[(frame["project"] != "") & frame["amount_musd"].notna()]
    keys = ["partner", "recipient", "project", "amount_musd", "instrument"]
    rows: list[dict[str, object]] = []
    for values, group in frame.groupby(keys, sort=True):
        ids = sorted(group.index)
        shared = dict(zip(keys[:4], values[:4], strict=True))
        rows.extend({"first": ids[0], "second": other, **shared} for other in ids[1:])
    return pd.DataFrame(rows, columns=["first", "second", *keys[:4]])


def split_by_lender(deals: pd.DataFrame) -> pd.DataFrame:
    r"""Return counted money by lender: the parts of a row under their own partners, the rest under the row's.

    A ``total`` may be the cost of a plant under the partner that builds it, with the loans of other lenders
    as its parts. Each row of amount :math:`W` with parts :math:`p_i` becomes the parts and a rest
    :math:`W - \sum_i p_i`, all at the stage of the row, because the parts are not counted at their own
    stage. Sums over all rows do not change. If the parts exceed the row, or its amount is not published, the
    row stays as it is.

    Args:
        deals: Rows of ``deals``, indexed by id.

    Returns:
        Rows of ``deals`` that all count; a part keeps its own key.
    """
    frame = classify_deals(deals)
    counted = frame[frame["counts"]]
    inside = frame[(frame["role"] == PART) & (frame["status"] != CANCELLED)]
    inside = inside[inside["parent"].isin(counted.index) & inside["amount_musd"].notna()]
    part_sums = inside.groupby("parent")["amount_musd"].sum()
    parent_amounts = counted["amount_musd"].reindex(part_sums.index)
    split = part_sums.index[np.asarray(part_sums.to_numpy() <= parent_amounts.to_numpy())]
    parts = inside[inside["parent"].isin(split)].copy()
    parts["status"] = counted["status"].reindex(parts["parent"]).to_numpy()
    rest = counted.copy()
    rest.loc[split, "amount_musd"] = (parent_amounts - part_sums).loc[split]
    joined = pd.concat([rest, parts]).sort_index()
    joined["counts"] = True
    return joined


def ledger_tables(
    region: Region, names: Iterable[str] = ("deals", "projects", "policy_events", "sources")
) -> dict[str, pd.DataFrame]:
    """Return the tables of the ledger for CSV and Excel; deals with the columns of :func:`classify_deals`."""
    tables = {name: region.table(name).reset_index(drop=True) for name in names}
    if "deals" in tables:
        tables["deals"] = classify_deals(region.table("deals")).reset_index(drop=True)
    return tables
