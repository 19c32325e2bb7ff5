"""The example region with money, electricity and three projects to choose from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from runs.powered import add_rows, write_powered_isles

from sogdia.region import refresh_descriptor

OWN = {"name": "own money"}
BANK = {
    "name": "bank",
    "finance": [{"partner": "XBKF", "lender_class": "far_state_bank", "share_pct": 60}],
}
INVESTOR = {"name": "investor", "finance": [{"partner": "XAC", "share_pct": 80}]}
PROJECTS = [
    {"project": "ferry_far_line", "options": [BANK, OWN]},
    {"project": "hill_wind", "options": [OWN, INVESTOR]},
    {"project": "strait_cable", "options": [OWN, BANK]},
]
DRY = """title: Dry
year: 2035
shocks:
- {kind: dry_year, factor: 0.5, economies: [XAB], reason: a test}
"""


def write_isles(folder: Path, isles: Path) -> Path:
    """Write the pack: its engines suffice without the fuel of the mainland, and a bond market lends."""
    write_powered_isles(folder, isles)
    engines = {"name": "More engines", "carrier": "oil", "capacity_mw": 400, "status": "operating"}
    place = {"lat": 0, "lon": -150, "source": "tale"}
    add_rows(
        folder, "plants", [{"id": f"more_{c.lower()}", "iso3": c, **engines, **place} for c in ("XAA", "XAB")]
    )
    add_rows(folder, "parties", [{"code": "XMK", "name": "The market", "kind": "market", "source": "tale"}])
    bond = {"lender_class": "bond", "partner": "XMK", "currency": "USD", "interest_pct": 8, "fee_pct": 0.5}
    terms = {"maturity_a": 10, "grace_a": 3, "tied_pct": 0, "collateral": "no", "cross_default": "yes"}
    add_rows(folder, "lending_terms", [{**bond, **terms, "year": 2021, "source": "tale"}])
    fuels = folder / "power_fuels.csv"
    ours = "XAA,oil,XAA,0.8,,assumed,tale,made up for tests\nXAA,oil,XAC,0.2,"
    fuels.write_text(fuels.read_text("utf-8").replace("XAA,oil,XAC,1,", ours), "utf-8")
    refresh_descriptor(folder)
    return folder


def write_choice(folder: Path, **changes: Any) -> Path:
    """Write a portfolio file on the pack ``isles`` of a folder, and a scenario with half of the rain."""
    (folder / "dry.yaml").write_text(DRY, encoding="utf-8")
    path = folder / "choice.yaml"
    content: dict[str, Any] = {
        "title": "Three projects", "region": "isles", "baseline": "as_is", "year": 2035,
        "scenarios": ["reference", "dry.yaml"], "limits": {"own_money_musd": 110}, "projects": PROJECTS,
        "objectives": ["npv", "autonomy", "regret"],
    }  # fmt: skip
    path.write_text(json.dumps(content | changes, indent=1), encoding="utf-8")
    return path
