"""Shocks on the transport network: closures, capacities, delays, rates."""

from __future__ import annotations

from sogdia.case.editor import EditReason, Mask, TableEditor
from sogdia.case.selection import NETWORK, select_interconnectors, select_network, select_pipelines
from sogdia.case.shock_edits.context import ShockContext
from sogdia.case.shocks import CapacityCut, Closure, DelayChange, RateChange, Selection
from sogdia.codes import ANY, CLOSED

_CAPACITIES = {
    "links": ("capacity_t",),
    "crossings": ("capacity_t",),
    "transfers": ("capacity_t", "capacity_teu"),
}
_CHARGES = {
    "crossings": ("cost_usd_per_teu", "cost_usd_per_vehicle", "cost_usd_per_t"),
    "transfers": ("cost_usd_per_teu", "cost_usd_per_t"),
}
_RATES = ("usd_per_tkm", "usd_per_teu_km", "usd_per_vehicle_km", "fixed_usd_per_t", "transit_usd_per_tkm")
SELECTION_KEYS = {"territory": "territories", "border": "borders", "place": "places", "link": "links"}
"""Key of a selection for each scope of ``restrictions`` that selects rows of the network."""


def close_network(context: ShockContext, shock: Closure) -> int:
    """Close the selected rows to all users, or a territory, border, place or link to some users."""
    if ANY not in shock.users:
        return _close_to_users(context, shock)
    masks: dict[str, Mask] = {}
    if "transport" in shock.systems:
        masks |= select_network(context.editor, shock)
    if "pipelines" in shock.systems:
        masks["pipelines"] = select_pipelines(context.editor, shock)
    if "power" in shock.systems:
        masks["interconnectors"] = select_interconnectors(context.editor, shock)
    for name, mask in masks.items():
        context.editor.set(name, mask, "status", CLOSED, context.reason)
    return sum(int(mask.sum()) for mask in masks.values())


def _close_to_users(context: ShockContext, shock: Closure) -> int:
    subjects = {scope: getattr(shock, key) for scope, key in SELECTION_KEYS.items()}
    (closed,) = ((scope, names) for scope, names in subjects.items() if names)
    return add_restrictions(context, *closed, shock.modes or (ANY,), shock.users)


def add_restrictions(
    context: ShockContext,
    scope: str,
    subjects: tuple[str, ...],
    modes: tuple[str, ...],
    users: tuple[str, ...],
    side: str = ANY,
) -> int:
    """Add rows to ``restrictions`` that close subjects to the trade of some economies, or one side of it.

    Returns:
        Number of rows added.
    """
    known = context.editor.frame("restrictions").index
    rows = []
    for subject in subjects:
        for mode in modes:
            for user in users:
                name = "_".join((scope, subject, mode, user)).lower().replace("/", "_")
                number = 0
                while (key := f"{name}_{number}") in known:
                    number += 1
                row = {
                    "id": key,
                    "scope": scope,
                    "subject": subject,
                    "mode": mode,
                    "users": user,
                    "side": side,
                }
                rows.append({**row, "from_year": context.year, "to_year": context.year})
    return context.editor.add("restrictions", rows, context.reason)


def apply_restrictions(editor: TableEditor, year: int) -> None:
    """Close what restrictions of the pack close to all users in a year.

    Restrictions on the trade of some economies stay rows: only an assignment by economy can apply
    them. So do restrictions on an operator, which no table of the network names.
    """
    rows = editor.frame("restrictions")
    started = rows["from_year"] <= year
    in_force = started & (rows["to_year"].isna() | (rows["to_year"] >= year)) & (rows["users"] == ANY)
    in_force &= rows["scope"].isin(list(SELECTION_KEYS))
    for row in rows[in_force.fillna(False)].to_dict("records"):
        modes = () if row["mode"] == ANY else (row["mode"],)
        selection = Selection.model_validate(
            {
                SELECTION_KEYS[row["scope"]]: (row["subject"],),
                "modes": modes,
                "reason": row["note"] or row["id"],
            }
        )
        reason = EditReason(f"restriction {row['id']}", selection.reason, row["source"])
        for name, mask in select_network(editor, selection).items():
            editor.set(name, mask, "status", CLOSED, reason)


def change_capacity(context: ShockContext, shock: CapacityCut) -> int:
    """Multiply the known capacities of the selected rows; unknown ones stay unknown."""
    edited = 0
    for name, mask in select_network(context.editor, shock).items():
        for field in _CAPACITIES[name]:
            edited += context.editor.scale(name, mask, field, shock.factor, context.reason)
    return edited


def change_delay(context: ShockContext, shock: DelayChange) -> int:
    """Change dwell times and charges of crossings and transfers, and speeds of links, where selected."""
    editor, masks, reason = context.editor, select_network(context.editor, shock), context.reason
    scaled = [(name, "dwell_h", shock.dwell_factor) for name in NETWORK[1:]]
    scaled += [(name, field, shock.cost_factor) for name in NETWORK[1:] for field in _CHARGES[name]]
    scaled += [("links", "speed_kmh", shock.speed_factor)]
    edited = 0
    for name, field, factor in scaled:
        edited += editor.scale(name, masks[name], field, factor, reason) if factor != 1.0 else 0
    for name in NETWORK[1:]:
        if shock.dwell_add_h:
            edited += editor.shift(name, masks[name], "dwell_h", shock.dwell_add_h, reason)
    return edited


def change_rates(context: ShockContext, shock: RateChange) -> int:
    """Multiply the active rates of modes, scopes and cargos."""
    rates = context.editor.frame("rates")
    mask = rates["active"].fillna(False).to_numpy(dtype=bool)
    for field, requested in (("mode", shock.modes), ("scope", shock.scopes), ("cargo", shock.cargos)):
        if requested:
            mask = mask & rates[field].isin(list(requested)).to_numpy(dtype=bool)
    return sum(context.editor.scale("rates", mask, field, shock.factor, context.reason) for field in _RATES)
