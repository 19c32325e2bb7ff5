"""What a case's table ``trade`` holds, as goods: one row an exporter, an importer and a commodity, once.

A pair that is split by commodity counts by its groups, any other pair and an economy's sales at home as the
group ``all``. Goods are told apart as finely as the table does; how they are put into the sectors of the
model is the matter of :mod:`sogdia.trade.composition`.
"""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.errors import Fault, FaultsError

TOTAL = "all"
PAIR = ["exporter", "importer"]


def goods_of(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Goods of a case, and what was done to make groups add up to the pair's total.

    Where the groups of a pair do not sum to its row ``all``, that row holds: what is missing (or too much)
    is taken to be made up as the groups that are there, so each is multiplied by ``all / Σ groups``.

    Args:
        case: Region, plan and scenario.

    Returns:
        Goods (``exporter``, ``importer``, ``commodity``, ``value_musd``, ``usd_per_t``, ``freight``), in the
        order of the pair's codes and the commodity; value per tonne is the row's own, before that factor, and
        the commodity's where the row has no tonnes. And a table ``exporter``, ``importer``, ``total_musd``,
        ``split_musd``, ``factor`` of the pairs whose groups missed the total.

    Raises:
        FaultsError: If an economy has no row of sales at home.
    """
    table, commodities = case.table("trade"), case.table("commodities")
    _assert_diagonal(table, case)
    keys = pd.MultiIndex.from_frame(table[PAIR])
    whole = table[table["commodity"] == TOTAL].groupby(PAIR)["value_musd"].sum()
    groups = table[table["commodity"] != TOTAL].groupby(PAIR)["value_musd"].sum()
    groups = groups[groups > 0.0]
    kept = (table["commodity"] != TOTAL).to_numpy() == keys.isin(groups.index)
    goods = table[kept & (table["value_musd"] > 0.0).to_numpy()].copy()
    own = goods["value_musd"] * 1e6 / goods["tonnes"].where(goods["tonnes"] > 0.0)
    usual = goods["commodity"].map(commodities["usd_per_t"]).astype(float)
    goods["usd_per_t"] = own.fillna(usual).astype(float)
    goods["freight"] = goods["commodity"].map(commodities["freight"]).astype(bool)
    goods.loc[goods["exporter"] == goods["importer"], "freight"] = False
    missed = pd.DataFrame({"total_musd": whole, "split_musd": groups}).dropna()
    missed["factor"] = missed["total_musd"] / missed["split_musd"]
    factor = missed["factor"].reindex(pd.MultiIndex.from_frame(goods[PAIR])).fillna(1.0)
    goods["value_musd"] = goods["value_musd"].to_numpy(dtype=float) * factor.to_numpy(dtype=float)
    columns = [*PAIR, "commodity", "value_musd", "usd_per_t", "freight"]
    goods = goods[columns].sort_values([*PAIR, "commodity"], ignore_index=True)
    off = missed[missed["factor"] != 1.0].reset_index()
    return goods, off.sort_values("factor", ascending=False, ignore_index=True)


def _assert_diagonal(table: pd.DataFrame, case: Case) -> None:
    at_home = table[(table["exporter"] == table["importer"]) & (table["value_musd"] > 0.0)]
    lacking = sorted(set(case.table("economies")["iso3"]) - set(at_home["exporter"]))
    problem = "no row of sales at home above 0: trade wants the economy as exporter and importer"
    if lacking:
        raise FaultsError(
            [Fault("trade.csv", None, None, f"{name}: {problem}", "", "diagonal") for name in lacking]
        )
