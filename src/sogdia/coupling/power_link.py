"""Pass the change of the mean cost of electricity on to the cost of goods that a country sells.

The mean cost of the electricity that a country's customers receive is, in USD/MWh,

    ``c̄ = (C + M − E) / (Q − U)``

with C fuel, variable cost and carbon of its own plants and the capital of those built in addition to the
plan, M the cost of imported electricity, E the earnings of exported electricity, Q load and U unserved
energy, all of the year. Trade is paid by contract and at spot prices (:mod:`sogdia.power.settlement`). The
unit cost of the country's goods, relative to the baseline, is then

    ``ĉ = 1 + s (c̄' / c̄ − 1) = 1 + Q (c̄' − c̄) / Y``,  ``s = Q c̄ / Y``

with Q the load served in the baseline and Y the country's sales of goods, at home and abroad: the share s of
electricity in unit cost, times the relative change of its mean cost. All electricity counts, also that of
households and services, so the change of real spending is, in money and to the first order, the change of the
cost of the power system. The trade model takes 1 / ĉ as a change of productivity.

Costs counted elsewhere are left out. Unserved energy is valued at the value of lost load. Capital of new
plants and lines is part of the plan's finance; the annual cost of new capacity in addition to the plan is
part of C. Electricity is not a good of the trade model, so its exports and imports count here alone. Fuel is
such a
good: if a case cuts off a country's purchases from an origin, the trade model counts the loss of that
origin's fuel, and the mean cost here is that of a power system which still has it; the tables of the power
system show the loss in full.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.coupling.tables import POWER_LINK
from sogdia.coupling.trade_costs import PolicyTerms
from sogdia.power.inputs import PowerInputs
from sogdia.power.results import PowerResult
from sogdia.trade.inputs import TradeInputs
from sogdia.units import UNITS

MWH_PER_GWH = 1e3
USD_PER_MUSD = UNITS["USD million"].factor


def mean_cost(result: PowerResult) -> pd.DataFrame:
    """Compute the electricity served and its mean cost, by country.

    Returns:
        By ``iso3``: ``served_gwh`` and ``usd_per_mwh``, c̄ of the module; countries that serve none are
        left out.
    """
    table = result.countries.set_index("iso3")
    imports = result.exchanges.groupby("importer")["earned_musd"].sum().reindex(table.index).fillna(0.0)
    served = table["demand_gwh"] - table["unserved_gwh"]
    cost = table["cost_musd"] + imports - table["export_earnings_musd"]
    out = pd.DataFrame({"served_gwh": served, "usd_per_mwh": cost * USD_PER_MUSD / (served * MWH_PER_GWH)})
    return out[out["served_gwh"] > 0.0]


def unit_costs(before: PowerResult, after: PowerResult, trade: TradeInputs) -> pd.DataFrame:
    """Compute the change of unit cost of each country's goods by the mean cost of its electricity.

    Args:
        before: Power system of the baseline.
        after: Power system of the case, with the fuel whose loss the trade model counts.
        trade: Trade of the baseline, over whose sales the cost is spread.

    Returns:
        Table :data:`sogdia.coupling.tables.POWER_LINK`; one row for each country of both models.
    """
    sales = trade.goods.groupby("exporter")["value_musd"].sum()
    table = mean_cost(before).join(mean_cost(after)["usd_per_mwh"].rename("after_usd_per_mwh"), how="inner")
    table = table.join(sales.rename("sales_musd"), how="inner")
    table = table.rename(columns={"usd_per_mwh": "before_usd_per_mwh"})
    energy_mwh, sales_usd = table["served_gwh"] * MWH_PER_GWH, table["sales_musd"] * USD_PER_MUSD
    table["share_pct"] = 100.0 * energy_mwh * table["before_usd_per_mwh"] / sales_usd
    change = table["after_usd_per_mwh"] - table["before_usd_per_mwh"]
    table["cost_hat"] = 1.0 + energy_mwh * change / sales_usd
    return POWER_LINK.frame(table.rename_axis("economy").reset_index())


def with_traded_fuel(inputs: PowerInputs, trade: TradeInputs, terms: PolicyTerms) -> Case | None:
    """Restore the fuel whose loss the trade model counts; return ``None`` if there is none.

    The trade model counts an origin's fuel if the case cuts off any good that the country buys there.
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
    is_restored = np.asarray(pd.MultiIndex.from_frame(fuels[keys]).isin(counted))
    origin = fuels["iso3"].where(is_restored, fuels["origin"])
    fuels = fuels.assign(origin=origin, pipelines=fuels["pipelines"].where(~is_restored, ""))
    return replace(inputs.case, frames=MappingProxyType({**inputs.case.frames, "power_fuels": fuels}))
