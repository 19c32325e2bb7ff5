"""A case with the goods of another: ways may run elsewhere and be barred to others, trade is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.freight.model import Demand
from sogdia.freight.supernetwork.build import (
    Supernetwork,
    bare_network,
    closed_to,
    countries,
    with_constants,
)
from sogdia.freight.supernetwork.constants import constants_of
from sogdia.freight.supernetwork.restrictions import Bans

GOODS = ("commodities", "economies", "places", "trade", "zones")
"""Tables from which demand is made."""
WAYS = ("crossings", "links", "rates", "transfers")
"""Tables from which, with the former and pipelines, the network is made."""


def variant_of(known: Supernetwork, case: Case) -> Supernetwork | None:
    """The supernetwork of a case that trades the same goods as another.

    It is what :func:`sogdia.freight.supernetwork.build_supernetwork` makes, sooner, and with the rows of
    demand in the order of the other's.

    Args:
        known: The other.
        case: The case.

    Returns:
        The supernetwork; ``None`` where goods differ.

    Raises:
        InputError: If nothing operates, a mode has no rate, or a constant is out of range.
    """
    if not _same(known.case, case, GOODS):
        return None
    network, remarks = known.bare, known.remarks
    if not (_same(known.case, case, WAYS) and _same_pipelines(known.case, case)):
        network, remarks = bare_network(case)
    bans = Bans(case, network.arcs, countries(case))
    table = known.demand.table.assign(**{"class": _classes(known.demand.table, bans)})
    names = sorted(set(table["class"].unique()))
    extra = np.ascontiguousarray(list(closed_to(names, network, bans).values()))
    demand = Demand(table, tuple(names), extra, np.ones(len(names)))
    flows = known.flows.assign(**{"class": _classes(known.flows, bans)})
    built = replace(
        known, case=case, network=network, demand=demand, flows=flows, remarks=remarks, bare=network
    )
    return with_constants(built, constants_of(case))


def _same(first: Case, second: Case, names: tuple[str, ...]) -> bool:
    return all(_equal(first.frames[name], second.frames[name]) for name in names)


def _same_pipelines(first: Case, second: Case) -> bool:
    """Whether lines of goods that are freight are the same."""
    freight = first.table("commodities")["freight"].astype(bool)
    goods = set(freight.index[freight])
    lines = (case.table("pipelines") for case in (first, second))
    return _equal(*(rows[rows["product"].isin(goods)] for rows in lines))


def _equal(first: pd.DataFrame, second: pd.DataFrame) -> bool:
    return first is second or first.equals(second)


def _classes(table: pd.DataFrame, bans: Bans) -> pd.Series[str]:
    """Class of each row under other restrictions, looked up once for all rows alike."""
    found = [pd.factorize(table[column]) for column in ("origin", "destination", "class")]
    ends = [np.array([str(zone).rpartition("/")[2] for zone in names]) for _, names in found[:2]]
    goods = np.array([str(name).partition("|")[0] for _, names in found[2:] for name in names])
    parts = [pd.factorize(names) for names in (*ends, goods)]
    exporter, importer, commodity = (part[0][codes] for part, (codes, _) in zip(parts, found, strict=True))
    sizes = [len(part[1]) for part in parts]
    key = (exporter * sizes[1] + importer) * sizes[2] + commodity
    alike, row = np.unique(key, return_inverse=True)
    told = pd.DataFrame(
        {
            "exporter": parts[0][1][alike // (sizes[1] * sizes[2])],
            "importer": parts[1][1][alike // sizes[2] % sizes[1]],
            "commodity": parts[2][1][alike % sizes[2]],
        }
    )
    return pd.Series(bans.classes(told), dtype="str").take(row).set_axis(table.index)
