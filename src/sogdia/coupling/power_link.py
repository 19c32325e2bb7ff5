"""Pass the change of the mean cost of electricity on to the cost of what a country produces.

The mean cost of the electricity that a country's customers receive is, in USD/MWh,

    ``c̄ = (C + M − E) / (Q − U)``

with C fuel, variable cost and carbon of its own plants and the capital of those built in addition to the
plan, M the cost of imported electricity, E the earnings of exported electricity, Q load and U unserved
energy, all of the year. Trade is paid by contract and at spot prices (:mod:`sogdia.power.settlement`). The
cost of the load of the baseline changes by ``m = Q (c̄' − c̄)``, with Q the load served there. The sector
electricity, with sales Y, passes it on,

    ``ĉ = 1 + m_s / Y``,  ``m_s = min(|m|, Y / 2) · sign(m)``

and what exceeds half of its sales, as where customers pay a small part of the cost, is spread over the
country's sales of all sectors. Without a sector of electricity all of it is. All electricity counts, also
that of households and services, so the change of real spending is, in money and to the first order, the
change of the cost of the power system. The trade model takes 1 / ĉ as a change of productivity.

Costs counted elsewhere are left out. Unserved energy is valued at the value of lost load. Capital of new
plants and lines is part of the plan's finance; the annual cost of new capacity in addition to the plan is
part of C. Trade in electricity of the countries of the power system keeps its cost in the trade model, and is
not cut off there: its change is in M and E. Fuel is traded in the trade model: if a case cuts off a country's
purchases from an origin, the trade model counts the loss of that origin's fuel, and the mean cost here is
that of a power system which still has it; the tables of the power system show the loss in full.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.coupling.tables import POWER_LINK
from sogdia.coupling.trade_costs import ELECTRICITY, PolicyTerms
from sogdia.power.inputs import PowerInputs
from sogdia.power.results import PowerResult
from sogdia.trade.inputs import TradeInputs
from sogdia.units import UNITS

MWH_PER_GWH = 1e3
MOST_OF_SALES = 0.5
"""Most of the sales of electricity by which its cost changes; the rest is spread over all sectors."""
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
    baseline = trade.baseline
    sector = electricity_sector(trade)
    sold = baseline.output.sum(axis=0)
    own = sold if sector == ALL_GOODS else baseline.output[baseline.sectors.index(sector)]
    sales = pd.DataFrame({"sales_musd": own, "all": sold}, index=list(baseline.economies))
    table = mean_cost(before).join(mean_cost(after)["usd_per_mwh"].rename("after_usd_per_mwh"), how="inner")
    table = table.join(sales, how="inner").rename(columns={"usd_per_mwh": "before_usd_per_mwh"})
    energy_mwh, sales_usd = table["served_gwh"] * MWH_PER_GWH, table["sales_musd"] * USD_PER_MUSD
    table["share_pct"] = 100.0 * energy_mwh * table["before_usd_per_mwh"] / sales_usd
    change = energy_mwh * (table["after_usd_per_mwh"] - table["before_usd_per_mwh"])
    most = sales_usd if sector == ALL_GOODS else MOST_OF_SALES * sales_usd
    passed = change.clip(-most, most)
    table["cost_hat"] = 1.0 + passed / sales_usd
    table["rest_hat"] = 1.0 + (change - passed) / (table["all"] * USD_PER_MUSD)
    table = table.drop(columns=["all"]).rename_axis("economy").reset_index()
    return POWER_LINK.frame(table.assign(sector=sector))


def electricity_sector(trade: TradeInputs) -> str:
    """Return the sector of the trade model that holds electricity; ``all`` if none does."""
    return trade.group.get(ELECTRICITY, ALL_GOODS)


def unit_cost_map(link: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Return changes of unit cost by economy and sector from table :data:`POWER_LINK`."""
    found: dict[tuple[str, str], float] = {}
    for row in link.to_dict("records"):
        for sector, factor in ((row["sector"], row["cost_hat"]), (ALL_GOODS, row["rest_hat"])):
            key = str(row["economy"]), str(sector)
            found[key] = found.get(key, 1.0) * float(factor)
    return found


def with_traded_fuel(inputs: PowerInputs, trade: TradeInputs, terms: PolicyTerms) -> Case | None:
    """Restore the fuel whose loss the trade model counts; return ``None`` if there is none.

    The trade model counts an origin's fuel if the case cuts off any good that the country buys there.
    """
    goods = trade.goods[terms.cut_goods]
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
