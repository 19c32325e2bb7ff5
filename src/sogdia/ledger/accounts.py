"""The deals of a ledger as accounts: which rows count, which never do, and how rows hang together.

The rules are those of AidData's TUFF (Custer et al., 2023, *Tracking Chinese Development Finance: AidData's
TUFF 3.0 Methodology*) and of IATI: pledge, commitment and disbursement stay apart; tranches of one deal add
up; a part of another row, a repeat of it and an aggregate of many never do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case.deals import counted_deals
from sogdia.codes import CANCELLED
from sogdia.errors import Fault

STAGES = ("announced", "signed", "disbursed")
"""How far money is: pledge, commitment, disbursement. A row is in one of them and moves on as money does."""
LINKED_ROLES = ("part_of", "reannouncement")
"""Roles whose note names the row they are part of or repeat."""
WHY_LEFT_OUT: Mapping[str, str] = MappingProxyType(
    {
        "part_of": "is inside another row",
        "reannouncement": "repeats another row or is superseded by it",
        "aggregate": "is an envelope, a stock or a sum of many deals",
        CANCELLED: "is cancelled",
    }
)
_NAMED = re.compile(r"\b(?:within|same deal as|superseded by|contradicts) ([a-z0-9_]+)")
"""How a note names the other row."""


def judged_deals(deals: pd.DataFrame) -> pd.DataFrame:
    """Deals with what the accounts make of each.

    Args:
        deals: Rows of ``deals``, indexed by id.

    Returns:
        The same rows with ``counts`` (whether the row may stand in a sum), ``why`` (why not, in words) and
        ``whole`` (the row that a part or a repeat belongs to; empty where none is named).
    """
    frame = deals.copy(deep=False)
    role, status = frame["role"], frame["status"]
    frame["counts"] = counted_deals(frame)
    reasons = [
        WHY_LEFT_OUT[CANCELLED] if state == CANCELLED else WHY_LEFT_OUT.get(part, "")
        for part, state in zip(role, status, strict=True)
    ]
    frame["why"] = pd.array(reasons, dtype="str")
    frame["whole"] = pd.array(_wholes(frame), dtype="str")
    return frame


def _wholes(frame: pd.DataFrame) -> list[str]:
    found = []
    for role, note in zip(frame["role"], frame["note"], strict=True):
        named = _NAMED.findall(note) if role in LINKED_ROLES else []
        found.append(named[-1] if named else "")
    return found


def account_faults(deals: pd.DataFrame, file: str = "deals.csv") -> list[Fault]:
    """What keeps accounts from adding up: parts and repeats that name no row, an unknown one, or a circle.

    Args:
        deals: Rows of ``deals``, indexed by id.
        file: Name of the file for messages.
    """
    frame = judged_deals(deals)
    whole: dict[str, str] = dict(zip(frame.index, frame["whole"], strict=True))
    faults = []
    for row, role in zip(frame.index, frame["role"], strict=True):
        if role not in LINKED_ROLES:
            continue
        problem = _link_problem(row, whole)
        if problem:
            fix = "write in note: role: within ID, or role: same deal as ID"
            faults.append(Fault(file, None, "note", f"{row} is {role} and {problem}", fix, "account"))
    return faults


def _link_problem(row: str, whole: Mapping[str, str]) -> str:
    if not whole[row]:
        return "its note names no other row"
    seen = {row}
    here = row
    while whole.get(here):
        here = whole[here]
        if here not in whole:
            return f"its note names {here}, which is not there"
        if here in seen:
            return f"its note leads back to {here}"
        seen.add(here)
    return ""


def suspected_repeats(deals: pd.DataFrame) -> pd.DataFrame:
    """Counted rows that look like one deal told twice: same partner, recipient, project, sum and instrument.

    Tranches are meant to stand side by side and may be alike; a row with neither project nor sum says too
    little to be suspected.

    Returns:
        One row a pair: ``first``, ``second``, ``partner``, ``recipient``, ``project``, ``amount_musd``.
    """
    frame = judged_deals(deals)
    frame = frame[frame["counts"] & (frame["role"] == "total")]
    frame = frame[(frame["project"] != "") & frame["amount_musd"].notna()]
    keys = ["partner", "recipient", "project", "amount_musd", "instrument"]
    rows: list[dict[str, object]] = []
    for values, group in frame.groupby(keys, sort=True):
        ids = sorted(group.index)
        told = dict(zip(keys[:4], values[:4], strict=True))
        rows.extend({"first": ids[0], "second": other, **told} for other in ids[1:])
    return pd.DataFrame(rows, columns=["first", "second", *keys[:4]])


def by_lender(deals: pd.DataFrame) -> pd.DataFrame:
    r"""Counted money by who gives it: parts of a whole under their own partner, the rest under the whole's.

    A ``total`` may be the cost of a whole plant under the partner that builds it, with other lenders' loans
    as its parts. Sums over all rows stay as they are: each whole :math:`W` with parts :math:`p_i` becomes
    the parts and a rest :math:`W - \sum_i p_i`, all in the stage of the whole, for the parts were never
    counted in theirs. Where the parts exceed the whole, or its sum is not known, the whole stays as it is.

    Args:
        deals: Rows of ``deals``, indexed by id.

    Returns:
        Rows of ``deals`` that all count, parts with the key of their own row.
    """
    frame = judged_deals(deals)
    counted = frame[frame["counts"]]
    inside = frame[(frame["role"] == "part_of") & (frame["status"] != CANCELLED)]
    inside = inside[inside["whole"].isin(counted.index) & inside["amount_musd"].notna()]
    sums = inside.groupby("whole")["amount_musd"].sum()
    whole_sums = counted["amount_musd"].reindex(sums.index)
    split = sums.index[np.asarray(sums.to_numpy() <= whole_sums.to_numpy())]
    parts = inside[inside["whole"].isin(split)].copy()
    parts["status"] = counted["status"].reindex(parts["whole"]).to_numpy()
    rest = counted.copy()
    rest.loc[split, "amount_musd"] = (whole_sums - sums).loc[split]
    joined = pd.concat([rest, parts]).sort_index()
    joined["counts"] = True
    return joined
