"""Plants of a partner that withdraws: they run on under local control, or close where their rows say so."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sogdia.case.deals import counted_deals
from sogdia.case.editor import TableEditor
from sogdia.case.projects import COST
from sogdia.case.shock_edits.context import ShockContext
from sogdia.codes import ANY, CLOSED, OPERATING

STAKES = ("equity", "fdi")
"""Instruments of deals that give a share of a project."""


def majority_owners(editor: TableEditor) -> dict[str, str]:
    """Return the majority owner of each plant that has a foreign one.

    The table ``plants`` names it first among the owners. Otherwise it is the holder of more than half of the
    cost of the project that opens the plant, by equity and direct investment; the stake of several parties
    in one deal is divided equally. A smaller share, a builder or a lender does not decide whether a plant
    runs.
    """
    effects, plants = editor.frame("project_effects"), editor.frame("plants")
    held, cost = _stakes(editor.frame("deals")), editor.frame("projects")[COST]
    owners = {str(plant): codes.split(";")[0] for plant, codes in plants["owner"].items() if codes}
    opened = effects[(effects["table"] == "plants") & effects["project"].isin(list(held))]
    for plant, project in zip(opened["row"], opened["project"], strict=True):
        holder, amount = max(held[project].items(), key=lambda item: (item[1], item[0]))
        known = 0.0 if pd.isna(cost[project]) else float(cost[project])
        if amount > max(known, sum(held[project].values())) / 2.0:
            owners.setdefault(str(plant), holder)
    return owners


def _stakes(deals: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the stakes in each project by party, USD million."""
    is_known = deals["instrument"].isin(STAKES) & deals["amount_musd"].notna()
    stakes = deals[is_known.to_numpy(dtype=bool) & counted_deals(deals)]
    held: dict[str, dict[str, float]] = {}
    columns = (stakes[name] for name in ("project", "partner", "amount_musd"))
    for project, partners, amount in zip(*columns, strict=True):
        codes = partners.split(";")
        for code in codes:
            holders = held.setdefault(project, {})
            holders[code] = holders.get(code, 0.0) + float(amount) / len(codes)
    return held


@dataclass(frozen=True, slots=True)
class LocalControl:
    """Terms on which a plant runs on without its owner.

    Attributes:
        keeps: Share of its capacity that runs on.
        needs_owner: Whether it closes, because no other operator can run it.
    """

    keeps: float = 1.0
    needs_owner: bool = False


def local_control(table: pd.DataFrame, owner: str, carrier: str, years: int) -> LocalControl:
    """Return the terms of an owner's plants of one carrier after its withdrawal.

    Rows of the owner come before those of ``any``. Among them the latest that is not after ``years``
    applies. Without such a row the plants keep all their capacity.

    Args:
        table: Table ``power_withdrawals``.
        owner: Code of the majority owner.
        carrier: Carrier of the plants.
        years: Years since the withdrawal.
    """
    due = table[(table["carrier"] == carrier) & (table["years_since"] <= years)].sort_values("years_since")
    for partner in (owner, ANY):
        rows = due[due["partner"] == partner]
        if len(rows):
            row = rows.iloc[-1]
            return LocalControl(float(row["keeps_pct"]) / 100.0, bool(row["needs_owner"]))
    return LocalControl()


def release_plants(
    context: ShockContext, members: tuple[str, ...], homes: tuple[str, ...], years: int
) -> int:
    """Put the plants that a partner owns in home countries under local control.

    A plant is the partner's if its majority owner is a member. It keeps a share of its capacity and has no
    foreign owner any more, or closes.

    Returns:
        Number of edits.
    """
    editor, edited = context.editor, 0
    plants, owners = editor.frame("plants"), majority_owners(editor)
    owner = pd.Series([owners.get(str(name), "") for name in plants.index], index=plants.index)
    is_affected = owner.isin(members) & plants["iso3"].isin(homes) & (plants["status"] == OPERATING)
    groups = set(zip(owner[is_affected], plants["carrier"][is_affected], strict=True))
    for code, carrier in sorted(groups):
        rows = (is_affected & (owner == code) & (plants["carrier"] == carrier)).to_numpy(dtype=bool)
        terms = local_control(editor.frame("power_withdrawals"), code, carrier, years)
        if terms.needs_owner:
            edited += editor.set("plants", rows, "status", CLOSED, context.reason)
            continue
        for field in ("capacity_mw", "storage_mwh"):
            edited += editor.scale("plants", rows, field, terms.keeps, context.reason)
        edited += editor.set("plants", rows, "owner", "", context.reason)
    return edited
