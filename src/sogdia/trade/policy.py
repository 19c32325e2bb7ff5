"""What policy adds to the cost of a good: the table ``barriers`` of a case, good by good.

A row for a commodity holds for that commodity, a row for ``all`` for every commodity of the pair without a
row of its own, and for goods that are not split. A row for one commodity of a pair that is not split
touches nothing, and is told in the remarks. The table has no leak: a prohibited good is cut off.

``nontariff_factor`` multiplies the non-tariff part n of the trade cost, of which no pack has a level. It is
read out of trade itself: by gravity, the mean cost both ways between i and j over that of trade at home is
(Head & Ries 2001; Novy 2013)

    ``T_ij = (X_ii X_jj / (X_ij X_ji))^(1 / 2θ)``

and n is what carriage, other policy costs and tariffs do not explain of it,
``1 + n_ij = max(1, T_ij / ((1 + a_ij)(1 + t_ij)))`` with a and t weighted by value over goods and both ways.
A factor f changes the cost of the pair by ``(1 + f n) / (1 + n)``; where nothing is sold one way, n is
infinite and the cost is multiplied by f.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.trade.goods import PAIR, TOTAL

Floats = npt.NDArray[np.float64]
_FREE = {"tariff_pct": 0.0, "cost_pct": 0.0, "nontariff_factor": 1.0, "prohibited": False}


@dataclass(frozen=True, eq=False)
class Policy:
    """Barriers of a case on R goods.

    Attributes:
        tariff_pct: Duty on the value of the goods, per cent, (R,).
        cost: Other cost as a share of their value, (R,).
        factor: Factor on the non-tariff part of the cost, (R,).
        prohibited: Whether the trade is forbidden, (R,).
        remarks: Barriers that touch nothing, in words.
    """

    tariff_pct: Floats
    cost: Floats
    factor: Floats
    prohibited: npt.NDArray[np.bool_]
    remarks: tuple[str, ...]


def policy_of(case: Case, goods: pd.DataFrame) -> Policy:
    """The barriers of a case on goods (:func:`sogdia.trade.goods.goods_of`)."""
    rows = case.table("barriers")
    keys = [*PAIR, "commodity"]
    known = rows.drop_duplicates(keys).set_index(keys)[list(_FREE)]
    own = known.reindex(pd.MultiIndex.from_frame(goods[keys]))
    general = known.reindex(pd.MultiIndex.from_frame(goods[PAIR].assign(commodity=TOTAL)))
    has_own = pd.MultiIndex.from_frame(goods[keys]).isin(known.index)
    found = {
        name: np.where(has_own, own[name].to_numpy(dtype=object), general[name].to_numpy(dtype=object))
        for name in _FREE
    }
    filled = {
        name: np.array([usual if pd.isna(cell) else cell for cell in found[name]], dtype=type(usual))
        for name, usual in _FREE.items()
    }
    return Policy(
        filled["tariff_pct"],
        filled["cost_pct"] / 100.0,
        filled["nontariff_factor"],
        filled["prohibited"].astype(np.bool_),
        _idle(list(known.index), goods),
    )


def _idle(barred: list[tuple[str, str, str]], goods: pd.DataFrame) -> tuple[str, ...]:
    sold = set(zip(*(goods[name] for name in (*PAIR, "commodity")), strict=True))
    pairs = {key[:2] for key in sold}
    return tuple(
        f"barrier on {commodity} from {exporter} to {importer}: the pair is not split, or sells none"
        for exporter, importer, commodity in barred
        if commodity != TOTAL
        and (exporter, importer) in pairs
        and (exporter, importer, commodity) not in sold
    )


def nontariff_part(goods: pd.DataFrame, carriage: Floats, policy: Policy, theta: float) -> Floats:
    """The non-tariff part n of the cost of each good's pair, (R,); infinite where trade goes one way only.

    Args:
        goods: Goods, those sold at home included.
        carriage: Cost of carriage as a share of value, (R,).
        policy: Barriers that held when the goods were sold.
        theta: Trade elasticity of goods as a whole.
    """
    names = sorted(set(goods["exporter"]) | set(goods["importer"]))
    place = {name: n for n, name in enumerate(names)}
    i = goods["exporter"].map(place).to_numpy(dtype=np.int64)
    j = goods["importer"].map(place).to_numpy(dtype=np.int64)
    value = goods["value_musd"].to_numpy(dtype=np.float64)
    sales, told = np.zeros((len(names),) * 2), np.zeros((len(names),) * 2)
    np.add.at(sales, (i, j), value)
    np.add.at(told, (i, j), value * (1.0 + carriage + policy.cost) * (1.0 + policy.tariff_pct / 100.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        home = np.diag(sales)
        whole = (home[:, None] * home[None, :] / (sales * sales.T)) ** (0.5 / theta)
        mean = (told + told.T) / (sales + sales.T)
        part = np.maximum(0.0, whole / mean - 1.0)
    return np.asarray(part[i, j])


def nontariff_ratio(part: Floats, before: Floats, after: Floats) -> Floats:
    """Change of cost ``(1 + f n) / (1 + n)`` with f the factor after over that before, (R,)."""
    ratio = np.divide(after, before, out=np.ones_like(after), where=before > 0.0)
    with np.errstate(invalid="ignore"):
        inside = (1.0 + ratio * part) / (1.0 + part)
    return np.where(np.isinf(part), ratio, inside)
