"""The base year of the shipped tables of sectors, through the public door, and shocks on it."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

from sogdia import Region
from sogdia.codes import ANY, EVERY
from sogdia.trade import Baseline, Change, TradeResult, solve
from sogdia.trade.arrays import Floats

RUSSIA = "RUS"
ALLIES = ("EUU", "GBR", "USA", "JPN", "KOR", "CHE")
"""Economies of the pack that imposed sanctions on Russia in 2022, Ukraine left out."""
SERVICES = ("construction", "other_services", "tourism", "transport")
ENERGY = ("coal", "crude_oil", "natural_gas", "oil_products")
HOME = ("KAZ", "KGZ", "TJK", "TKM", "UZB")


def sector_world(region: Region, horizon: str, study: str = "recommended") -> Baseline:
    """Return the base year of the pack's sectors with the elasticities of a study.

    Inputs, tariffs, specific factors and named transfers are those of the pack. Sectors without trade abroad
    have no elasticity; theirs, 1, has no effect.
    """
    flows = region.table("sector_flows").rename(columns={"value_musd": "value"})
    rows = region.table("elasticities")
    chosen = rows[(rows["study"] == study) & (rows["horizon"] == horizon)]
    theta = dict.fromkeys(flows["sector"].astype(str), 1.0)
    theta |= dict(zip(chosen["sector"].astype(str), chosen["value"].astype(float), strict=True))
    shares = region.table("input_shares").rename(columns={"iso3": "economy"})
    used = shares.groupby(["economy", "sector"], as_index=False)["share"].sum()
    rents = region.table("specific_factors").rename(columns={"iso3": "economy"})
    rents["economy"] = rents["economy"].replace(ANY, EVERY)
    named = region.table("income_transfers").rename(columns={"value_musd": "value"})
    return Baseline.from_frames(
        flows[["exporter", "importer", "sector", "value"]],
        theta,
        tariffs=region.table("sector_tariffs")[["exporter", "importer", "sector", "tariff_pct"]],
        value_added=used.assign(share=1.0 - used["share"]),
        intermediate=shares[["economy", "sector", "input", "share"]],
        specific=rents[["economy", "sector", "value_added_share", "supply_elasticity"]],
        transfers=named[["payer", "receiver", "kind", "value"]],
    )


def cost_between(
    baseline: Baseline, senders: tuple[str, ...], factor: float, except_sectors: tuple[str, ...] = ()
) -> Floats:
    """Return cost shocks on the trade of senders with Russia in both directions; ``inf`` ends it."""
    cost = np.ones(baseline.flow.shape)
    target = baseline.economies.index(RUSSIA)
    other = [baseline.economies.index(name) for name in senders]
    hit = [k for k, name in enumerate(baseline.sectors) if name not in except_sectors]
    cost[np.ix_(hit, [target], other)] = factor
    cost[np.ix_(hit, other, [target])] = factor
    return cost


def decouple(
    baseline: Baseline,
    senders: tuple[str, ...] = ALLIES,
    factor: float = np.inf,
    except_sectors: tuple[str, ...] = (),
) -> dict[str, float]:
    """Return welfare, per cent, if trade of the senders with Russia costs more; by default it ends."""
    return welfare(solve(baseline, Change(cost_between(baseline, senders, factor, except_sectors))))


def stop_trade(baseline: Baseline, partner: str, others: tuple[str, ...]) -> dict[str, float]:
    """Return welfare, per cent, if one economy no longer trades with others."""
    cost = np.ones(baseline.flow.shape)
    one = baseline.economies.index(partner)
    rest = [baseline.economies.index(name) for name in others]
    cost[:, one, rest] = np.inf
    cost[:, rest, one] = np.inf
    return welfare(solve(baseline, Change(cost)))


def welfare(result: TradeResult) -> dict[str, float]:
    """Return welfare by economy, per cent."""
    table = result.economies()
    return dict(zip(table["economy"], table["welfare_pct"], strict=True))


def share_of_goods_trade(baseline: Baseline, flow: Floats, partners: tuple[str, ...]) -> float:
    """Return the share of partners in Russia's exports and imports of goods."""
    goods = [k for k, name in enumerate(baseline.sectors) if name not in SERVICES]
    target = baseline.economies.index(RUSSIA)
    with_partners = [baseline.economies.index(name) for name in partners]
    both = flow[goods][:, target, :].sum(axis=0) + flow[goods][:, :, target].sum(axis=0)
    both[target] = 0.0
    return float(both[with_partners].sum() / both.sum())


def before_sanctions(baseline: Baseline, union_share: float) -> tuple[Baseline, float]:
    """Return the base year before the sanctions, and the factor on costs that leads back from it.

    Costs of the allies' trade with Russia are lower by one factor on all sectors and allies, in both
    directions, such that the Union has a given share of Russia's trade in goods; nothing else is fitted.
    """

    def at(factor: float) -> TradeResult:
        return solve(baseline, Change(cost_between(baseline, ALLIES, factor)))

    def miss(factor: float) -> float:
        return share_of_goods_trade(baseline, at(factor).flow, ("EUU",)) - union_share

    factor = float(brentq(miss, 0.2, 1.0, xtol=1e-4))
    return at(factor).to_baseline(), 1.0 / factor


def mean_loss(baseline: Baseline, lost: dict[str, float], economies: tuple[str, ...]) -> float:
    """Return the mean of welfare changes, weighted by final expenditure."""
    weights = {name: baseline.final_expenditure[baseline.economies.index(name)] for name in economies}
    return float(sum(lost[name] * weights[name] for name in economies) / sum(weights.values()))


def first_order_gain(baseline: Baseline, change: Change, result: TradeResult) -> Floats:
    """Return the gain by economy in USD million to first order, from changes of prices and volumes alone.

    ``Σ_m X_jmk dln c_jk − Σ_i X_ijk dln(c_ik τ_ijk) + Σ_i t_ijk X_ijk dln x_ijk``, abroad only: terms of
    trade and tariffs on the change of volume x. The envelope theorem makes it independent of how inputs,
    labour and specific factors adjust.
    """
    apart = ~np.eye(len(baseline.economies), dtype=bool)
    flow = baseline.flow * apart
    price = np.log(result.cost_hat)[:, :, None] + np.log(change.cost_hat)
    with np.errstate(divide="ignore", invalid="ignore"):
        volume = np.where(flow > 0.0, np.log(result.flow / baseline.flow), 0.0) - price
    sold = (flow * np.log(result.cost_hat)[:, :, None]).sum(axis=(0, 2))
    return np.asarray(sold + (flow * (baseline.tariff * volume - price)).sum(axis=(0, 1)))
