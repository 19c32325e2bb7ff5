"""Read a case's table ``trade`` as goods: one row per exporter, importer and commodity, each flow once.

A pair whose trade is split by commodity enters by commodity group; any other pair, and home sales, as the
group ``all``. :mod:`sogdia.trade.composition` assigns goods to the sectors of the model.
"""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case, unit_values_of
from sogdia.codes import ALL_GOODS
from sogdia.errors import Fault, FaultsError
from sogdia.units import USD_PER_MUSD

PAIR = ["exporter", "importer"]


def read_goods(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read the goods of a case, and the balancing of commodity groups to the total of their pair.

    Where the groups of a pair do not sum to its row ``all``, that row applies: each group is multiplied by
    ``all / Σ groups``.

    Args:
        case: Region, plan and scenario.

    Returns:
        Goods: ``exporter``, ``importer``, ``commodity``, ``value_musd``, ``usd_per_t``, ``freight``, sorted
        by the first three. The value per tonne is that of the row before balancing, or of ``unit_values``
        where the row has no tonnes. Balancing: ``exporter``, ``importer``, ``total_musd``, ``split_musd``,
        ``factor``, one row per pair whose factor is not 1, in descending order of the factor.

    Raises:
        FaultsError: If an economy has no home sales.
    """
    table, commodities = case.table("trade"), case.table("commodities")
    _check_home_sales(table, case)
    keys = pd.MultiIndex.from_frame(table[PAIR])
    total = table[table["commodity"] == ALL_GOODS].groupby(PAIR)["value_musd"].sum()
    groups = table[table["commodity"] != ALL_GOODS].groupby(PAIR)["value_musd"].sum()
    groups = groups[groups > 0.0]
    counted = (table["commodity"] != ALL_GOODS).to_numpy() == keys.isin(groups.index)
    goods = table[counted & (table["value_musd"] > 0.0).to_numpy()].copy()
    own = goods["value_musd"] * USD_PER_MUSD / goods["tonnes"].where(goods["tonnes"] > 0.0)
    goods["usd_per_t"] = own.fillna(unit_values_of(case).of(goods)["usd_per_t"]).astype(float)
    goods["freight"] = goods["commodity"].map(commodities["freight"]).astype(bool)
    goods.loc[goods["exporter"] == goods["importer"], "freight"] = False
    balancing = pd.DataFrame({"total_musd": total, "split_musd": groups}).dropna()
    balancing["factor"] = balancing["total_musd"] / balancing["split_musd"]
    factor = balancing["factor"].reindex(pd.MultiIndex.from_frame(goods[PAIR])).fillna(1.0)
    goods["value_musd"] = goods["value_musd"].to_numpy(dtype=float) * factor.to_numpy(dtype=float)
    columns = [*PAIR, "commodity", "value_musd", "usd_per_t", "freight"]
    goods = goods[columns].sort_values([*PAIR, "commodity"], ignore_index=True)
    scaled = balancing[balancing["factor"] != 1.0].reset_index()
    return goods, scaled.sort_values("factor", ascending=False, ignore_index=True)


def _check_home_sales(table: pd.DataFrame, case: Case) -> None:
    home = table[(table["exporter"] == table["importer"]) & (table["value_musd"] > 0.0)]
    missing = sorted(set(case.table("economies")["iso3"]) - set(home["exporter"]))
    problem = "no home sales; expected a row with the economy as exporter and importer and a value > 0"
    if missing:
        raise FaultsError(
            [Fault("trade.csv", None, None, f"{name}: {problem}", "", "diagonal") for name in missing]
        )
