"""A case with the goods of another: ways may run elsewhere and be barred to others, trade is the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Longs
from sogdia.assignment.network import Codes
from sogdia.case import Case
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
    names, klass = _classes(known.demand.codes, bans)
    extra = np.ascontiguousarray(list(closed_to(names, network, bans).values()))
    demand = known.demand.reclassed(names, klass, extra, np.ones(len(names)))
    others, of_flow = _classes(known.flow_codes, bans)
    flows = known.flows.assign(
        **{"class": pd.Series(others, dtype="str").take(of_flow).set_axis(known.flows.index)}
    )
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


def _classes(codes: Codes, bans: Bans) -> tuple[list[str], Longs]:
    """Classes under other restrictions, sorted, and that of each row, looked up once for all rows alike."""
    ends = [np.array([name.rpartition("/")[2] for name in names]) for _, names in codes[:2]]
    goods = np.array([name.partition("|")[0] for name in codes[2][1]])
    parts = [pd.factorize(names) for names in (*ends, goods)]
    exporter, importer, commodity = (part[0][code] for part, (code, _) in zip(parts, codes, strict=True))
    sizes = [len(part[1]) for part in parts]
    key = (exporter * sizes[1] + importer) * sizes[2] + commodity
    alike, row = np.unique(key, return_inverse=True)
    at = (alike // (sizes[1] * sizes[2]), alike // sizes[2] % sizes[1], alike % sizes[2])
    told = (part[1][code].tolist() for part, code in zip(parts, at, strict=True))
    names, number = np.unique(np.array(bans.classes(*told)), return_inverse=True)
    return [str(name) for name in names], np.asarray(number[row], dtype=np.int64)
