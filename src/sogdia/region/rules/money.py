"""Partners and exposures."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

ROUNDING_PCT = 1.0


def partners_do_not_overlap(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """No party belongs to two of the partners that are taken by default."""
    partners = tables["partners"]
    owner: dict[str, str] = {}
    frame = partners.data
    default = frame["default"].fillna(False)
    for position, (name, members, taken) in enumerate(
        zip(frame["id"], frame["members"], default, strict=True)
    ):
        if not taken:
            continue
        for code in filter(None, members.split(";")):
            if code in owner:
                problem = f"{code} is a member of {owner[code]} already"
                yield row_fault(
                    partners, position, "members", problem, "default partners share nobody", "overlap"
                )
            owner[code] = name


def exposures_stay_within_the_whole(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """The shares of one economy, channel and year do not sum above the whole."""
    exposure = tables["partner_exposure"]
    frame = exposure.data.reset_index(drop=True)
    for name, group in frame.groupby(["iso3", "channel", "year"], sort=False):
        total = float(group["share_pct"].sum())
        if total > 100.0 + ROUNDING_PCT:
            problem = f"the shares of {'/'.join(map(str, name))} sum to {total:.4g} %"
            yield row_fault(exposure, int(group.index[0]), "share_pct", problem, "at most 100", "shares")
