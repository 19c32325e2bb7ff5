"""Shocks on the transport network: closures, capacities, delays, rates."""

from __future__ import annotations

from sogdia.case.effects.base import Setting
from sogdia.case.selection import NETWORK, selected, selected_cables, selected_pipelines
from sogdia.case.shocks import ANY, CapacityCut, Closure, DelayChange, RateChange, Selection
from sogdia.case.workbench import Mask, TableEditor, Why

CLOSED = "closed"
HOME = "home"
_CAPACITIES = {
    "links": ("capacity_t",),
    "crossings": ("capacity_t",),
    "transfers": ("capacity_t", "capacity_teu"),
}
_CHARGES = ("cost_usd_per_teu", "cost_usd_per_t")
_SCOPES = {"territory": "territories", "border": "borders", "place": "places", "link": "links"}
"""The key of a selection for each scope of ``restrictions`` that rows of the network can be chosen by."""


def close(setting: Setting, shock: Closure) -> int:
    """Close the chosen rows to everyone, or the chosen territory, border, place or link to some."""
    if ANY not in shock.users:
        return _restrict(setting, shock)
    masks: dict[str, Mask] = {}
    if "transport" in shock.systems:
        masks |= selected(setting.bench, shock)
    if "pipelines" in shock.systems:
        masks["pipelines"] = selected_pipelines(setting.bench, shock)
    if "power" in shock.systems:
        masks["interconnectors"] = selected_cables(setting.bench, shock)
    for name, mask in masks.items():
        setting.bench.set(name, mask, "status", CLOSED, setting.why)
    return sum(int(mask.sum()) for mask in masks.values())


def _restrict(setting: Setting, shock: Closure) -> int:
    named = {scope: getattr(shock, key) for scope, key in _SCOPES.items()}
    (chosen,) = ((scope, subjects) for scope, subjects in named.items() if subjects)
    return restrict(setting, *chosen, shock.modes or (ANY,), shock.users)


def restrict(
    setting: Setting, scope: str, subjects: tuple[str, ...], modes: tuple[str, ...], users: tuple[str, ...]
) -> int:
    """Add rows to ``restrictions`` that close subjects to the trade of some economies."""
    known = setting.bench.frame("restrictions").index
    rows = []
    for subject in subjects:
        for mode in modes:
            for user in users:
                name = "_".join((scope, subject, mode, user)).lower().replace("/", "_")
                number = 0
                while (key := f"{name}_{number}") in known:
                    number += 1
                row = {"id": key, "scope": scope, "subject": subject, "mode": mode, "users": user}
                rows.append({**row, "from_year": setting.year, "to_year": setting.year})
    return setting.bench.add("restrictions", rows, setting.why)


def apply_restrictions(bench: TableEditor, year: int) -> None:
    """Close what standing restrictions of the pack close to everyone in this year.

    Restrictions on the trade of some economies stay rows: only an assignment that knows whose
    goods it carries can heed them. So do those on an operator, whom no table of the network names.
    """
    rows = bench.frame("restrictions")
    begun = rows["from_year"] <= year
    going = begun & (rows["to_year"].isna() | (rows["to_year"] >= year)) & (rows["users"] == ANY)
    going &= rows["scope"].isin(list(_SCOPES))
    for row in rows[going.fillna(False)].to_dict("records"):
        modes = () if row["mode"] == ANY else (row["mode"],)
        choice = Selection.model_validate(
            {_SCOPES[row["scope"]]: (row["subject"],), "modes": modes, "reason": row["note"] or row["id"]}
        )
        why = Why(f"restriction {row['id']}", choice.reason, row["source"])
        for name, mask in selected(bench, choice).items():
            bench.set(name, mask, "status", CLOSED, why)


def cut_capacity(setting: Setting, shock: CapacityCut) -> int:
    """Multiply the known capacities of the chosen rows; unknown ones stay unknown."""
    touched = 0
    for name, mask in selected(setting.bench, shock).items():
        for field in _CAPACITIES[name]:
            touched += setting.bench.scale(name, mask, field, shock.factor, setting.why)
    return touched


def change_delay(setting: Setting, shock: DelayChange) -> int:
    """Change dwell and charges of the chosen crossings and transfers, and speeds of the chosen links."""
    bench, masks, why = setting.bench, selected(setting.bench, shock), setting.why
    scaled = [(name, "dwell_h", shock.dwell_factor) for name in NETWORK[1:]]
    scaled += [(name, field, shock.cost_factor) for name in NETWORK[1:] for field in _CHARGES]
    scaled += [("links", "speed_kmh", shock.speed_factor)]
    touched = 0
    for name, field, factor in scaled:
        touched += bench.scale(name, masks[name], field, factor, why) if factor != 1.0 else 0
    for name in NETWORK[1:]:
        touched += (
            bench.shift(name, masks[name], "dwell_h", shock.dwell_add_h, why) if shock.dwell_add_h else 0
        )
    return touched


def change_rates(setting: Setting, shock: RateChange) -> int:
    """Multiply the active rates of the chosen modes, scopes and cargos."""
    rates = setting.bench.frame("rates")
    mask = rates["active"].fillna(False).to_numpy(dtype=bool)
    for field, wanted in (("mode", shock.modes), ("scope", shock.scopes), ("cargo", shock.cargos)):
        if wanted:
            mask = mask & rates[field].isin(list(wanted)).to_numpy(dtype=bool)
    priced = mask & rates["usd_per_tkm"].notna().to_numpy(dtype=bool)
    touched = setting.bench.scale("rates", priced, "usd_per_tkm", shock.factor, setting.why)
    return touched + setting.bench.scale("rates", mask, "usd_per_teu_km", shock.factor, setting.why)
