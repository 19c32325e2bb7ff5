"""Shares of the zones of an economy."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.codes import ALL_GOODS, ANY, BOTH
from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

TOLERANCE = 1e-6
_KEYS = ["iso3", "role", "commodity", "partner"]


def check_zone_shares(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares of each economy, role, commodity and partner sum to 1."""
    zones = tables["zones"]
    frame = zones.data.reset_index(drop=True)
    for name, group in frame.groupby(_KEYS, sort=False):
        total = float(group["share"].sum())
        if abs(total - 1.0) > TOLERANCE:
            problem = f"the {len(group)} shares of {'/'.join(map(str, name))} sum to {total:.6g}, not 1"
            yield row_fault(zones, int(group.index[0]), "share", problem, "correct the shares", "shares")


def check_zones_of_economies(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that every economy has the general zones: role both, commodity all, partner any."""
    zones = tables["zones"].data
    general = zones[(zones["role"] == BOTH) & (zones["commodity"] == ALL_GOODS) & (zones["partner"] == ANY)]
    economies = tables["economies"]
    for position, code in enumerate(economies.data["iso3"]):
        if code not in set(general["iso3"]):
            problem = f"{code} has no zones for role both, commodity all, partner any"
            yield row_fault(economies, position, "iso3", problem, "add them to zones.csv", "zones")
