"""Members of partners and shares of exposure."""

from __future__ import annotations

from collections.abc import Iterator

from sogdia.errors import Fault
from sogdia.names import repeated_names
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

ROUNDING_PCT = 1.0


def check_partner_members(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that no party is a member of a partner twice, or of two default partners."""
    partners = tables["partners"]
    owner: dict[str, str] = {}
    frame = partners.data
    default = frame["default"].fillna(False)
    for position, (name, members, is_default) in enumerate(
        zip(frame["id"], frame["members"], default, strict=True)
    ):
        codes = [code for code in members.split(";") if code]
        for code in repeated_names(codes):
            problem = f"{code} is a member of {name} twice"
            yield row_fault(partners, position, "members", problem, "name it once", "overlap")
        if not is_default:
            continue
        for code in dict.fromkeys(codes):
            if code in owner:
                problem = f"{code} is a member of {owner[code]} too"
                yield row_fault(
                    partners, position, "members", problem, "remove it from one of the two", "overlap"
                )
            owner[code] = name


def check_exposure_shares(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that the shares of one economy, channel and year sum to at most 100 %."""
    exposure = tables["partner_exposure"]
    frame = exposure.data.reset_index(drop=True)
    for name, group in frame.groupby(["iso3", "channel", "year"], sort=False):
        total = float(group["share_pct"].sum())
        if total > 100.0 + ROUNDING_PCT:
            problem = f"the shares of {'/'.join(map(str, name))} sum to {total:.4g} %"
            yield row_fault(
                exposure, int(group.index[0]), "share_pct", problem, "at most 100 % is possible", "shares"
            )
