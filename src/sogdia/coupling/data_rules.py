"""Report what rules did to the data of trade: cells that balancing moved, and goods against sectors.

Table ``trade`` counts goods where they are bought and sold; ``sector_flows`` counts them from where they are
made to where they are used. Between two economies both agree if

    ``Σ_k trade_ijk = Σ_k flows_ijk − Σ_k entrepot_i·jk + Σ_k entrepot_ij·k + Σ_k entrepot_·ijk (recorded)``

over goods sectors, gas, bullion and electricity: less what goes from i to j by a hub, more what i sends to
the hub j, and what the hub i records as its sales to j.
"""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.coupling.tables import RECONCILIATION
from sogdia.tables import KEY_SEPARATOR
from sogdia.trade.goods import PAIR
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.sector_data import BULLION, GOODS, NETWORK
from sogdia.trade.tables import ADJUSTMENTS

_KEYS = {
    "sector_flows": ("economy", "partner", "sector"),
    "sector_outputs": ("economy", "sector"),
    "input_shares": ("economy", "sector", "input"),
}
"""Columns that the key of a row of each table names."""


def pack_adjustments(case: Case) -> pd.DataFrame:
    """Return what balancing moved when the pack was made, as :data:`sogdia.trade.tables.ADJUSTMENTS`."""
    rows = []
    for row in case.table("sector_adjustments").to_dict("records"):
        names = _KEYS.get(str(row["table"]), ("economy", "sector"))
        cells = dict.fromkeys(("economy", "partner", "sector", "input"), "")
        cells |= dict(zip(names, str(row["row"]).split(KEY_SEPARATOR), strict=False))
        head = (str(row["cause"]), f"{row['table']}.{row['field']}", *cells.values())
        rows.append((*head, float(row["first"]), float(row["final"])))
    return ADJUSTMENTS.frame(rows)


def reconcile(trade: TradeInputs) -> pd.DataFrame:
    """Compare trade in goods with that in sectors by pair (:data:`RECONCILIATION`); no rows in one sector."""
    if trade.sectors is None:
        return RECONCILIATION.frame([])
    kinds = trade.case.table("sectors").set_index("id")["kind"]
    counted = set(kinds.index[kinds.isin((GOODS, NETWORK, BULLION))])
    flows = trade.case.table("sector_flows")
    flows = flows[flows["sector"].isin(counted)]
    passing = trade.case.table("entrepot")
    recorded = passing[passing["recorded_by_hub"].astype(bool)]
    goods = trade.goods
    sums = {
        "goods_musd": goods.groupby(PAIR)["value_musd"].sum(),
        "sectors_musd": flows.groupby(PAIR)["value_musd"].sum(),
        "by_hub_musd": _sum(passing, "origin", "destination"),
        "to_hub_musd": _sum(passing, "origin", "hub"),
        "from_hub_musd": _sum(recorded, "hub", "destination"),
    }
    table = pd.DataFrame(sums).fillna(0.0).reset_index()
    table = table[table["exporter"] != table["importer"]]
    gross = table["sectors_musd"] - table["by_hub_musd"] + table["to_hub_musd"] + table["from_hub_musd"]
    table["difference_musd"] = gross - table["goods_musd"]
    table["difference_pct"] = 100.0 * (
        table["difference_musd"] / table["goods_musd"].where(table["goods_musd"] > 0)
    )
    return RECONCILIATION.frame(table.sort_values("difference_musd", key=abs, ascending=False))


def _sum(table: pd.DataFrame, start: str, end: str) -> pd.Series[float]:
    summed = table.groupby([start, end])["value_musd"].sum()
    return summed.rename_axis(PAIR)


def sector_rule(trade: TradeInputs) -> list[tuple[str, str, str, float, str]]:
    """Return a rule row if the pack has no trade by sector, so that one sector takes its place."""
    if trade.requested == trade.composition:
        return []
    meaning = f"sectors: the pack has no trade by sector, so {trade.requested} is {trade.composition}"
    return [("composition", "", ALL_GOODS, 1.0, meaning)]
