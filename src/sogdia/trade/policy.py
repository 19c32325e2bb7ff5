"""Read trade policy from the table ``barriers``: tariffs, other costs, non-tariff barriers, prohibitions.

A row for a commodity applies to that commodity. A row for ``all`` applies to every commodity of the pair
without a row of its own, and to goods not split by commodity. A row for one commodity of a pair that is not
split has no effect and is listed in the remarks. A prohibition is complete: the good is cut off.

``nontariff_factor`` multiplies the non-tariff part n of the trade cost. Its level is inferred from trade: by
gravity, the geometric mean of trade costs between i and j in both directions, relative to home trade, is
(Head & Ries 2001; Novy 2013)

    ``T_ij = (X_ii X_jj / (X_ij X_ji))^(1 / 2θ)``

and n is the part of it not explained by transport a, other policy costs and tariffs t,
``1 + n_ij = max(1, T_ij / ((1 + a_ij)(1 + t_ij)))``, with a and t weighted by value over goods and both
directions. A factor f changes the cost of the pair by ``(1 + f n) / (1 + n)``. Where trade flows in one
direction only, n is infinite and the cost changes by f.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.goods import PAIR

_NO_BARRIER = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False}


@dataclass(frozen=True, eq=False)
class Policy:
    """Trade policy of a case on R goods.

    Attributes:
        tariff_pct: Tariff on value, per cent, (R,).
        cost_share: Other policy costs as a share of value, (R,).
        nontariff_factor: Factor on the non-tariff part of the trade cost, (R,).
        prohibited: True where trade is prohibited, (R,).
        remarks: Barriers without effect.
    """

    tariff_pct: Floats
    cost_share: Floats
    nontariff_factor: Floats
    prohibited: Bools
    remarks: tuple[str, ...]


def read_policy(case: Case, goods: pd.DataFrame) -> Policy:
    """Read the barriers of a case on goods (:func:`sogdia.trade.goods.read_goods`)."""
    rows = case.table("barriers")
    keys = [*PAIR, "commodity"]
    barriers = rows.drop_duplicates(keys).set_index(keys)[list(_NO_BARRIER)]
    own = barriers.reindex(pd.MultiIndex.from_frame(goods[keys]))
    general = barriers.reindex(pd.MultiIndex.from_frame(goods[PAIR].assign(commodity=ALL_GOODS)))
    has_own = pd.MultiIndex.from_frame(goods[keys]).isin(barriers.index)
    cells = {
        name: np.where(has_own, own[name].to_numpy(dtype=object), general[name].to_numpy(dtype=object))
        for name in _NO_BARRIER
    }
    filled = {
        name: np.array([default if pd.isna(cell) else cell for cell in cells[name]], dtype=type(default))
        for name, default in _NO_BARRIER.items()
    }
    return Policy(
        filled["tariff_pct"],
        filled["cost_pct"] / 100.0,
        filled["nontariff_factor"],
        filled["prohibited"].astype(np.bool_),
        _remarks(list(barriers.index), goods),
    )


def _remarks(barriers: list[tuple[str, str, str]], goods: pd.DataFrame) -> tuple[str, ...]:
    """List barriers on a commodity that the pair does not trade separately."""
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


def nontariff_cost(goods: pd.DataFrame, transport_cost: Floats, policy: Policy, theta: float) -> Floats:
    """Infer the non-tariff part n of each good's trade cost, (R,); infinite where trade is one-way.

    Args:
        goods: Goods, home sales included.
        transport_cost: Transport cost as a share of value, (R,).
        policy: Base-year policy.
        theta: Trade elasticity of all goods.
    """
    names = sorted(set(goods["exporter"]) | set(goods["importer"]))
    position = {name: n for n, name in enumerate(names)}
    i = goods["exporter"].map(position).to_numpy(dtype=np.int64)
    j = goods["importer"].map(position).to_numpy(dtype=np.int64)
    value = goods["value_musd"].to_numpy(dtype=np.float64)
    sales, paid = np.zeros((len(names),) * 2), np.zeros((len(names),) * 2)
    np.add.at(sales, (i, j), value)
    tariff = policy.tariff_pct / 100.0
    np.add.at(paid, (i, j), value * (1.0 + transport_cost + policy.cost_share) * (1.0 + tariff))
    with np.errstate(divide="ignore", invalid="ignore"):
        home = np.diag(sales)
        total = (home[:, None] * home[None, :] / (sales * sales.T)) ** (0.5 / theta)
        explained = (paid + paid.T) / (sales + sales.T)
        nontariff = np.maximum(0.0, total / explained - 1.0)
    return np.asarray(nontariff[i, j])


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
