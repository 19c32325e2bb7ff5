"""Region packs: sourced data of a region, checked when read and frozen."""

from sogdia.region.check import check_pack, check_read_pack, rule_faults
from sogdia.region.describe import describe, describe_markdown
from sogdia.region.descriptor import RegionBlock, build_descriptor, write_descriptor
from sogdia.region.geography import great_circle_km
from sogdia.region.listing import LISTED, list_rows
from sogdia.region.pack import Pack, check_changeable, find_pack, read_pack, shipped_regions
from sogdia.region.region import Region, load_region, region_of
from sogdia.region.scaffold import new_region, refresh_descriptor

__all__ = [
    "LISTED",
    "Pack",
    "Region",
    "RegionBlock",
    "build_descriptor",
    "check_changeable",
    "check_pack",
    "check_read_pack",
    "describe",
    "describe_markdown",
    "find_pack",
    "great_circle_km",
    "list_rows",
    "load_region",
    "new_region",
    "read_pack",
    "refresh_descriptor",
    "region_of",
    "rule_faults",
    "shipped_regions",
    "write_descriptor",
]
