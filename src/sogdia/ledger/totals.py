"""Total the deals of a ledger by partner, recipient, year, sector or status, each deal once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.errors import InputError, did_you_mean
from sogdia.ledger.accounts import (
    STAGES,
    account_faults,
    classify_deals,
    split_by_lender,
    suspected_duplicates,
)
from sogdia.region import Region

GROUPINGS = ("partner", "partner_group", "recipient", "year", "sector", "status", "instrument", "project")
"""Groupings of totals."""
NOT_STATED = "not stated"
_LEFT_OUT_COLUMNS = (
    *("partner", "recipient", "project", "year", "amount_musd", "status", "role", "reason", "parent"),
)


@dataclass(frozen=True)
class Totals:
    """Totals of counted deals.

    Attributes:
        by: The groupings.
        table: One row per group: the groupings, then ``announced_musd``, ``signed_musd`` and
            ``disbursed_musd`` (or ``amount_musd`` if ``status`` is a grouping), ``deals`` (number of counted
            rows) and ``without_amount`` (number of those whose amount is not published, which add nothing).
        left_out: Rows that do not count, by id, with ``reason`` and ``parent``.
        remarks: Errors and suspected duplicates of the ledger.
    """

    by: tuple[str, ...]
    table: pd.DataFrame
    left_out: pd.DataFrame
    remarks: tuple[str, ...]


def ledger_totals(region: Region, by: Sequence[str] = ("partner",), *, lenders: bool = False) -> Totals:
    """Total the counted deals of a region.

    Args:
        region: The region.
        by: Groupings, any of :data:`GROUPINGS`, none twice.
        lenders: Whether the loans of a plant count under their lenders and only the rest under its builder.

    Returns:
        The totals. A deal with several recipients counts under all of them together, because their shares are
        not published.

    Raises:
        InputError: If a grouping is unknown or listed twice.
    """
    deals = region.table("deals")
    partners = region.table("partners")
    groups = {
        code: str(name)
        for name, members, default in zip(
            partners["id"], partners["members"], partners["default"].fillna(False), strict=True
        )
        if default
        for code in members.split(";")
    }
    return deal_totals(deals, by, groups=groups, lenders=lenders, file=region.tables["deals"].file)


def deal_totals(
    deals: pd.DataFrame,
    by: Sequence[str] = ("partner",),
    *,
    groups: Mapping[str, str] = MappingProxyType({}),
    lenders: bool = False,
    file: str = "deals.csv",
) -> Totals:
    r"""Total counted deals, each once, at its stage.

    For each group :math:`g` and stage :math:`s`, :math:`T_{gs} = \sum_{i \in g,\, s_i = s} a_i` over the rows
    :math:`i` whose role is total or tranche and which are not cancelled. Stages are never added to one
    another: a pledge is not a commitment, and a commitment is not a disbursement.

    Args:
        deals: Rows of ``deals``, indexed by id.
        by: Groupings.
        groups: Group of each party, for ``partner_group``; a party without one is its own group.
        lenders: As in :func:`ledger_totals`.
        file: Name of the file for messages.

    Raises:
        InputError: If a grouping is unknown or listed twice.
    """
    keys = _checked(by)
    frame = classify_deals(deals)
    counted = split_by_lender(deals) if lenders else frame[frame["counts"]]
    left_out = frame[~frame.index.isin(counted.index)]
    table = _sums(_labelled(counted, keys, groups), keys)
    remarks = [str(fault) for fault in account_faults(deals, file)]
    remarks += [
        f"{first} and {second} may be one deal entered twice; both count"
        for first, second in suspected_duplicates(deals)[["first", "second"]].itertuples(index=False)
    ]
    return Totals(tuple(keys), table, left_out[list(_LEFT_OUT_COLUMNS)], tuple(remarks))


def _checked(by: Sequence[str]) -> list[str]:
    for name in by:
        if name not in GROUPINGS:
            raise InputError(f"totals cannot be grouped by {name!r}; {did_you_mean(name, GROUPINGS)}")
    if len(set(by)) < len(by):
        raise InputError(f"a grouping is listed twice in {', '.join(by)}; list each once")
    return list(by)


def _labelled(frame: pd.DataFrame, keys: Sequence[str], groups: Mapping[str, str]) -> pd.DataFrame:
    labels = {}
    for key in keys:
        if key == "partner_group":
            labels[key] = [groups.get(code, code) for code in frame["partner"]]
        elif key == "year":
            labels[key] = [NOT_STATED if year is pd.NA else str(year) for year in frame["year"]]
        else:
            labels[key] = [text or NOT_STATED for text in frame[key]]
    if not keys:
        labels["all"] = ["all"] * len(frame)
    return pd.DataFrame(
        {
            **{key: pd.array(values, dtype="str") for key, values in labels.items()},
            "stage": frame["status"].to_numpy(),
            "amount_musd": frame["amount_musd"].to_numpy(dtype=float),
        }
    )


def _sums(rows: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    keys = list(keys) or ["all"]
    if "status" in keys:
        columns = {"amount_musd": rows["amount_musd"].fillna(0.0)}
    else:
        columns = {
            f"{stage}_musd": rows["amount_musd"].fillna(0.0).where(rows["stage"] == stage, 0.0)
            for stage in STAGES
        }
    work = rows[keys].assign(
        **columns, deals=1, without_amount=rows["amount_musd"].isna().to_numpy().astype(np.int64)
    )
    return work.groupby(keys, sort=True, as_index=False).sum()
