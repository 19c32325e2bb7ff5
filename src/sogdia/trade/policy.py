"""Read trade policy from the table ``barriers``: tariffs, other costs, factors, prohibitions.

A row for a commodity applies to that commodity. A row for ``all`` applies to every commodity of the pair
without a row of its own, and to goods not split by commodity. A row for one commodity of a pair that is not
split has no effect and is listed in the remarks. A prohibition is complete: the good is cut off.

``nontariff_factor`` multiplies the non-tariff part n of the trade cost. Its level is inferred from trade: by
gravity, the geometric mean of trade costs between i and j in both directions, relative to home trade, is
(Head & Ries 2001; Novy 2013)

    ``T_ij = (X_ii X_jj / (X_ij X_ji))^(1 / 2θ)``

and n is the part of it not explained by transport a, other policy costs and tariffs t,
``1 + n_ij = max(1, T_ij / ((1 + a_ij)(1 + t_ij)))``, with a and t weighted by value over goods and both
directions. In sectors, T has the sector's flows and θ; a sector without home sales, or with trade in one
direction, takes that of the pair's trade in all sectors, with the mean θ. A factor f changes the cost by
``(1 + f n) / (1 + n)``. Where a pair's trade flows in one direction only, n is infinite and the cost changes
by f, which is also the most that any n can give.

``trade_factor`` is the share f of trade that remains at unchanged prices and incomes, as estimates of gravity
give the effect of a policy. Its cost follows from the elasticity of the sector, ``τ̂ = f^(−1/θ)``, so that the
same f cuts every sector by the same share, with any set of elasticities.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.goods import PAIR

_NO_BARRIER = {
    "tariff_pct": 0.0,
    "cost_pct": 0.0,
    "nontariff_factor": 1.0,
    "trade_factor": 1.0,
    "prohibited": False,
}


@dataclass(frozen=True, eq=False)
class Policy:
    """Trade policy of a case on R goods.

    Attributes:
        tariff_pct: Tariff on value, per cent, (R,).
        cost_share: Other policy costs as a share of value, (R,).
        nontariff_factor: Factor on the non-tariff part of the trade cost, (R,).
        trade_factor: Factor on trade at unchanged prices and incomes, (R,).
        prohibited: True where trade is prohibited, (R,).
        remarks: Barriers without effect.
    """

    tariff_pct: Floats
    cost_share: Floats
    nontariff_factor: Floats
    trade_factor: Floats
    prohibited: Bools
    remarks: tuple[str, ...]


def read_policy(case: Case, goods: pd.DataFrame) -> Policy:
    """Read the barriers of a case.

    Args:
        case: Region, plan and scenario.
        goods: Rows with ``exporter``, ``importer`` and ``commodity``: goods, legs or entries, R of them.
    """
    rows = case.table("barriers")
    keys = [*PAIR, "commodity"]
    barriers = rows.drop_duplicates(keys).set_index(keys)[list(_NO_BARRIER)]
    own = barriers.index.get_indexer(pd.MultiIndex.from_frame(goods[keys]))
    general = barriers.index.get_indexer(pd.MultiIndex.from_frame(goods[PAIR].assign(commodity=ALL_GOODS)))
    row = np.where(own >= 0, own, general)
    filled = {}
    for name, default in _NO_BARRIER.items():
        known = barriers[name].fillna(default).to_numpy(dtype=type(default))
        filled[name] = np.append(known, default)[row]
    return Policy(
        filled["tariff_pct"],
        filled["cost_pct"] / 100.0,
        filled["nontariff_factor"],
        filled["trade_factor"],
        filled["prohibited"].astype(np.bool_),
        _remarks(list(barriers.index), goods),
    )


def _remarks(barriers: list[tuple[str, str, str]], goods: pd.DataFrame) -> tuple[str, ...]:
    """List barriers on a commodity that the pair does not trade separately."""
    if all(commodity == ALL_GOODS for _, _, commodity in barriers):
        return ()
    traded = set(zip(*(goods[name] for name in (*PAIR, "commodity")), strict=True))
    pairs = {key[:2] for key in traded}
    return tuple(
        f"barrier on {commodity} from {exporter} to {importer} has no effect: "
        "the pair's trade is not split by commodity, or has none of it"
        for exporter, importer, commodity in barriers
        if commodity != ALL_GOODS
        and (exporter, importer) in pairs
        and (exporter, importer, commodity) not in traded
    )


def nontariff_cost(flow: Floats, theta: Floats, explained: Floats) -> Floats:
    """Infer the non-tariff part n of the trade cost of each cell, (S, N, N); infinite where trade is one-way.

    Args:
        flow: Trade by sector, exporter and importer, home sales on the diagonal, (S, N, N).
        theta: Trade elasticities, (S,).
        explained: Trade cost that transport, other policy costs and tariffs explain,
            ``(1 + a)(1 + t)``, mean of both directions, (S, N, N).
    """
    own = _gravity_cost(flow, theta[:, None, None])
    both = flow + flow.transpose(0, 2, 1)
    traded = both.sum(axis=0)
    share = np.divide(both, traded, out=np.zeros_like(both), where=traded > 0.0)
    mean_theta = np.where(traded > 0.0, (share * theta[:, None, None]).sum(axis=0), 1.0)
    pair = _gravity_cost(flow.sum(axis=0)[None], mean_theta[None])
    pair_explained = (share * explained).sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        of_pair = np.where(traded > 0.0, pair[0] / pair_explained, np.inf)
        total = np.where(np.isnan(own), of_pair, own / explained)
    return np.asarray(np.maximum(0.0, np.where(np.isnan(total), np.inf, total) - 1.0))


def _gravity_cost(flow: Floats, theta: Floats) -> Floats:
    """Return T of the module, (S, N, N); infinite in one-way trade.

    Not a number in a sector without home sales, or, among several sectors, where it goes one way.
    """
    home = np.diagonal(flow, axis1=1, axis2=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = home[:, :, None] * home[:, None, :] / (flow * flow.transpose(0, 2, 1))
        total = ratio ** (0.5 / theta)
    unknown = ~(ratio > 0.0) | (np.isinf(ratio) & (len(flow) > 1))
    return np.asarray(np.where(unknown, np.nan, total))


def nontariff_cost_hat(nontariff: Floats, before: Floats, after: Floats) -> Floats:
    """Return the cost shock of non-tariff barriers, ``(1 + f n) / (1 + n)``, (R,).

    Args:
        nontariff: Non-tariff part n of the trade cost, (R,).
        before: Base-year factor, (R,).
        after: Counterfactual factor, (R,); f is its ratio to ``before``.
    """
    ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0.0)
    with np.errstate(invalid="ignore"):
        finite = (1.0 + ratio * nontariff) / (1.0 + nontariff)
    return np.where(np.isinf(nontariff), ratio, finite)


def trade_factor_cost_hat(theta: Floats, before: Floats, after: Floats) -> Floats:
    """Return the cost shock that changes trade by a factor at unchanged prices, ``(f' / f)^(−1/θ)``, (L,).

    Args:
        theta: Trade elasticity of each leg's sector, (L,).
        before: Base-year factor f, (L,).
        after: Counterfactual factor f', (L,).
    """
    return np.asarray((after / before) ** (-1.0 / theta))
