"""From power to trade: what a change of the mean cost of power makes of the cost of what a country sells.

The mean cost of the power that a country's customers get is, in USD/MWh,

    ``c̄ = (C + M − E) / (Q − U)``

with C fuel, variable cost and carbon of its own plants, M what imported power is paid, E what exported
power earns, Q load and U load not served, all of the year. Hours are priced at the sender's end of a line.
What it produces then costs, over what it cost before,

    ``ĉ = 1 + s (c̄' / c̄ − 1) = 1 + Q (c̄' − c̄) / Y``,  ``s = Q c̄ / Y``

Q being the load served in the base and Y the country's sales of goods, at home and abroad: the share s of
power in the unit cost, times the relative change of its mean cost. All power counts, that of homes and of
services too, so that the change of real spending is, in money and to the first order, what the power system
costs more. The trade model takes 1 / ĉ as a change of productivity.

What is told elsewhere is left out. Power not served has its own value, of lost load. Capital of new plants
and lines is money, not running cost. Electricity is no group of goods in trade, so its exports and imports
count here alone. Fuel is: where a case cuts off a country's purchases from an origin, trade counts the loss
of that origin's fuel, and the mean cost here is that of a power system which still has it; the tables of the
power system show the loss in full.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.coupling.trade_costs import Terms
from sogdia.power.inputs import PowerInputs
from sogdia.power.results import PowerResult
from sogdia.trade.inputs import TradeInputs

MWH_PER_GWH, USD_PER_MUSD = 1e3, 1e6
COLUMNS = (
    "economy", "served_gwh", "before_usd_per_mwh", "after_usd_per_mwh", "sales_musd", "share_pct", "cost_hat",
)  # fmt: skip


def mean_cost(result: PowerResult) -> pd.DataFrame:
    """Power served and its mean cost, by country.

    Returns:
        By ``iso3``: ``served_gwh`` and ``usd_per_mwh``, c̄ of the module; no row where nothing is served.
    """
    table = result.countries.set_index("iso3")
    paid = result.exchanges.groupby("importer")["earned_musd"].sum().reindex(table.index).fillna(0.0)
    served = table["demand_gwh"] - table["unserved_gwh"]
    spent = table["cost_musd"] + paid - table["export_earnings_musd"]
    out = pd.DataFrame({"served_gwh": served, "usd_per_mwh": spent * USD_PER_MUSD / (served * MWH_PER_GWH)})
    return out[out["served_gwh"] > 0.0]


def unit_costs(before: PowerResult, after: PowerResult, trade: TradeInputs) -> pd.DataFrame:
    """Change of the cost of what each country sells, by the change of the mean cost of its power.

    Args:
        before: Power of the base.
        after: Power of the case, with the fuel whose loss trade counts.
        trade: Trade of the base, whose sales the cost is spread over.

    Returns:
        ``economy``, ``served_gwh`` (in the base), ``before_usd_per_mwh``, ``after_usd_per_mwh``,
        ``sales_musd``, ``share_pct`` (of power in unit cost, s) and ``cost_hat``, ĉ; one row a country of
        both models.
    """
    sales = trade.goods.groupby("exporter")["value_musd"].sum()
    table = mean_cost(before).join(mean_cost(after)["usd_per_mwh"].rename("after_usd_per_mwh"), how="inner")
    table = table.join(sales.rename("sales_musd"), how="inner")
    table = table.rename(columns={"usd_per_mwh": "before_usd_per_mwh"})
    energy_mwh, worth_usd = table["served_gwh"] * MWH_PER_GWH, table["sales_musd"] * USD_PER_MUSD
    table["share_pct"] = 100.0 * energy_mwh * table["before_usd_per_mwh"] / worth_usd
    moved = table["after_usd_per_mwh"] - table["before_usd_per_mwh"]
    table["cost_hat"] = 1.0 + energy_mwh * moved / worth_usd
    return table.rename_axis("economy").reset_index()[list(COLUMNS)]


def with_traded_fuel(inputs: PowerInputs, trade: TradeInputs, terms: Terms) -> Case | None:
    """The case with the fuel that its power system has lost and trade counts; ``None`` where there is none.

    Trade counts an origin's fuel where the case cuts off any good that the country buys there.
    """
    goods = trade.goods[terms.cut]
    cut = pd.MultiIndex.from_arrays([goods["exporter"], goods["importer"]])
    lost = inputs.origins[inputs.origins["lost"].to_numpy(dtype=bool)]
    keys = ["iso3", "carrier", "origin"]
    counted = pd.MultiIndex.from_frame(
        lost.loc[pd.MultiIndex.from_frame(lost[["origin", "iso3"]]).isin(cut), keys]
    )
    if not len(counted):
        return None
    fuels = inputs.case.table("power_fuels")
    kept = np.asarray(pd.MultiIndex.from_frame(fuels[keys]).isin(counted))
    own = fuels["iso3"].where(kept, fuels["origin"])
    fuels = fuels.assign(origin=own, pipelines=fuels["pipelines"].where(~kept, ""))
    return replace(inputs.case, frames=MappingProxyType({**inputs.case.frames, "power_fuels": fuels}))
