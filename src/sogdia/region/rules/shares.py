"""Shares: the zones of an economy."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

TOLERANCE = 1e-6
_SET = ["iso3", "role", "commodity", "partner"]


def zone_shares_sum_to_one(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Each set of zones (economy, role, commodity, partner) sums to 1."""
    zones = tables["zones"]
    frame = zones.data.reset_index(drop=True)
    for name, group in frame.groupby(_SET, sort=False):
        total = float(group["share"].sum())
        if abs(total - 1.0) > TOLERANCE:
            problem = f"the {len(group)} shares of {'/'.join(map(str, name))} sum to {total:.6g}, not 1"
            yield row_fault(zones, int(group.index[0]), "share", problem, "correct the set", "shares")


def every_economy_has_zones(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Every economy has the set that stands in for all others: both, all, any."""
    zones = tables["zones"].data
    general = zones[(zones["role"] == "both") & (zones["commodity"] == "all") & (zones["partner"] == "any")]
    economies = tables["economies"]
    for position, code in enumerate(economies.data["iso3"]):
        if code not in set(general["iso3"]):
            problem = f"{code} has no zones for role both, commodity all, partner any"
            yield row_fault(economies, position, "iso3", problem, "add them to zones.csv", "zones")
