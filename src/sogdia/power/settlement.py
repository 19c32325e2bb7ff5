"""Settle the flows of a year: contracted volumes at contract prices, swaps without money, the rest on spot.

With f_lt the energy that enters direction l of a line in snapshot t and E the energy that flows in the season
of a contract on its lines, the contract takes the share

``κ = min(volume, E) / E``

of each snapshot's flow. Where energy passes a third country, E is the least of its lines, and the contract
price holds on each: the third country pays and receives it. Energy that does not flow is not paid, also under
take or pay. Of swaps both ways between two countries in one year, only what is returned counts as swapped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.power.arrays import Bools, Floats, Ints
from sogdia.power.contracts import Contract
from sogdia.units import MWH_PER_GWH


@dataclass(frozen=True, eq=False)
class Settlement:
    """Energy and money of all hours that a snapshot represents, by direction of a line, (T, L) each.

    Attributes:
        contracted_mwh: Energy at contract prices.
        swapped_mwh: Energy that is swapped.
        contracts_usd: Money paid for contracted energy.
        spot_mwh: Energy beyond contracts and swaps.
    """

    contracted_mwh: Floats
    swapped_mwh: Floats
    contracts_usd: Floats
    spot_mwh: Floats


def is_in_season(month: Ints, first: int, last: int) -> Bools:
    """Return whether each month is from ``first`` to ``last``, over the turn of the year if later."""
    after, before = month >= first, month <= last
    return np.asarray(after & before if first <= last else after | before, dtype=np.bool_)


def settle(
    flow_mwh: Floats,
    month: Ints,
    directions: pd.DataFrame,
    contracts: Sequence[Contract],
) -> Settlement:
    """Settle the flows of a year.

    Args:
        flow_mwh: Energy that enters each direction of a line in each snapshot, (T, L).
        month: Month of each snapshot, (T,).
        directions: Each direction of a line: ``line``, ``exporter``, ``importer`` (countries of its ends).
        contracts: Contracts in the order in which they take energy.

    Returns:
        Contracted, swapped and spot energy.
    """
    contracted, swapped, paid = (np.zeros_like(flow_mwh) for _ in range(3))
    left = flow_mwh.copy()
    returned = _returned_share(flow_mwh, month, directions, contracts)
    for contract in contracts:
        season = is_in_season(month, contract.from_month, contract.to_month)
        legs = contract_legs(contract, directions)
        volume = _volume_mwh(contract, left, season, legs) * returned.get(contract.name, 1.0)
        for leg in legs if volume > 0.0 else ():
            part = np.where(season[:, None] & leg[None, :], left, 0.0)
            taken = part * (volume / float(part.sum()))
            left = np.maximum(left - taken, 0.0)
            if contract.is_swap:
                swapped += taken
            else:
                contracted += taken
                paid += taken * contract.usd_per_mwh
    return Settlement(contracted, swapped, paid, left)


def contract_legs(contract: Contract, directions: pd.DataFrame) -> list[Bools]:
    """Return the directions of each leg of a contract, (L,) each; none if a line of it is not modelled."""
    exporter, importer = directions["exporter"].to_numpy(), directions["importer"].to_numpy()
    if not contract.lines:
        return [np.asarray((exporter == contract.seller) & (importer == contract.buyer), dtype=np.bool_)]
    legs: list[Bools] = []
    country = contract.seller
    for line in contract.lines:
        leg = np.asarray((directions["line"].to_numpy() == line) & (exporter == country), dtype=np.bool_)
        if not leg.any():
            return []
        legs.append(leg)
        country = str(importer[leg][0])
    return legs


def _volume_mwh(contract: Contract, left: Floats, season: Bools, legs: Sequence[Bools]) -> float:
    """Return the energy of a contract: its volume, or what flows on the leg that has least."""
    flows = min((float(left[np.ix_(season, leg)].sum()) for leg in legs), default=0.0)
    return flows if contract.gwh_a is None else min(contract.gwh_a * MWH_PER_GWH, flows)


def _returned_share(
    flow_mwh: Floats, month: Ints, directions: pd.DataFrame, contracts: Sequence[Contract]
) -> Mapping[str, float]:
    """Return the share of each swap that is returned, where two countries have swaps in both directions."""
    swaps = [contract for contract in contracts if contract.is_swap]
    volume: dict[tuple[str, str], float] = {}
    for swap in swaps:
        season = is_in_season(month, swap.from_month, swap.to_month)
        pair = (swap.seller, swap.buyer)
        legs = contract_legs(swap, directions)
        volume[pair] = volume.get(pair, 0.0) + _volume_mwh(swap, flow_mwh, season, legs)
    shares = {}
    for swap in swaps:
        own, back = volume[swap.seller, swap.buyer], volume.get((swap.buyer, swap.seller))
        if back is not None and own > back:
            shares[swap.name] = back / own
    return shares
