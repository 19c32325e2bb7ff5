"""Split a withdrawal's loss by trade into channels, by reruns of the trade model alone.

Costs of carriage are those of the joint run of freight and trade. The change of the cost of each leg, of
transfers and of labour is switched on channel by channel, each rerun with all channels before it, in the
order of :data:`ORDER`:

1. *trade*: exports to and imports from the partner end, other than the following two;
2. *services*: trade in services with the partner ends, tourism included;
3. *rents*: exports of sectors with a specific factor (crude, gas, coal, ores, gold, uranium) face the costs
   of the joint run: their buyers in the partner are lost, and routes to others are longer, full or closed;
4. *transit*: all other trade faces the costs of the joint run;
5. *aid*: grants of the partner end;
6. *remittances*: transfers R of migrants in the partner end. They return, and labour supply rises by
   ``L̂ = 1 + s R / V`` with labour income V: at wages of the base year they earn the part s of what they sent.
   Wages fall in the model as labour supply rises.

The loss of a channel is what its rerun adds. Losses therefore sum to that of the last rerun, which is the
joint one. Electricity of home economies is no part of it: the power system counts it.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ANY, RECOMMENDED
from sogdia.coupling.trade_costs import ELECTRICITY
from sogdia.trade.arrays import Bools, Floats, Ints
from sogdia.trade.baseline import Baseline
from sogdia.trade.inputs import TradeInputs
from sogdia.trade.results import TradeResult
from sogdia.trade.sector_data import BULLION, GOODS, NETWORK
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve
from sogdia.trade.wedges import Wedges

ORDER = ("trade", "services", "rents", "transit", "aid", "remittances")
"""Channels of the trade model in the order of their reruns."""
BY_LEG = ORDER[:4]
RENTS = "rents"
LEAST_THETA = 1.0 / 3.0
"""Least part of an elasticity that its low end keeps: some standard errors exceed the value."""
REMITTANCES, AID = "remittances", "aid"
"""Kinds of income transfers, and the channels they are."""


@dataclass(frozen=True, eq=False)
class Shock:
    """A withdrawal as a change of trade.

    Attributes:
        leg_hat: Change of the cost of each leg, (L,).
        tariff_pct: Tariff on each entry, per cent, (E,).
        wedges: Rents of hard capacities, part of the cost of legs.
        aid: Grants lost, USD million by payer and receiver, (N, N).
        remittances: Remittances lost, (N, N).
    """

    leg_hat: Floats
    tariff_pct: Floats
    wedges: Wedges
    aid: Floats
    remittances: Floats


@dataclass(frozen=True, eq=False)
class TradeWorld:
    """Trade of a baseline, with what its channels are made of.

    Attributes:
        inputs: Trade of the baseline.
        baseline: Base year of the solver; it may have other parameters than that of the inputs.
        case: The baseline case.
        settings: Settings of the trade model.
    """

    inputs: TradeInputs
    baseline: Baseline
    case: Case
    settings: TradeSettings

    @property
    def homes(self) -> Ints:
        """Position of each home country among the economies."""
        names = list(self.baseline.economies)
        return np.array([names.index(home) for home in self.case.region.home], dtype=np.int64)

    def lost_transfers(self, kind: str, payers: Collection[str], homes: Collection[str]) -> Floats:
        """Return transfers of a kind from payers to home countries, USD million, (N, N)."""
        names = {name: n for n, name in enumerate(self.baseline.economies)}
        lost = np.zeros((len(names), len(names)))
        if self.baseline.transfers is None:
            return lost
        rows = self.case.table("income_transfers")
        rows = rows[(rows["kind"] == kind) & rows["payer"].isin(payers) & rows["receiver"].isin(homes)]
        ends = tuple(rows[end].map(names).to_numpy(dtype=np.int64) for end in ("payer", "receiver"))
        np.add.at(lost, ends, rows["value_musd"].to_numpy(dtype=np.float64))
        return lost

    def solve(self, shock: Shock, earned: float, start: TradeResult | None = None) -> TradeResult:
        """Solve a withdrawal.

        Args:
            shock: The change of trade.
            earned: Earnings of returning migrants over the remittances lost.
            start: Result of a similar change.

        Raises:
            NotConvergedError: If the trade model does not converge.
        """
        change, _ = self.inputs.build_change(shock.leg_hat, shock.tariff_pct)
        if shock.wedges.rate.size:
            # A payment to an owner is no iceberg cost: the buyers' price stays.
            iceberg = change.cost_hat / (1.0 + shock.wedges.total(change.cost_hat.shape))
            change = replace(change, cost_hat=iceberg, wedges=shock.wedges)
        lost = shock.aid + shock.remittances
        if self.baseline.transfers is not None and lost.any():
            change = replace(change, transfers=np.maximum(self.baseline.transfers - lost, 0.0))
        at_home = earned * shock.remittances.sum(axis=0)
        if at_home.any():
            change = replace(change, labour=1.0 + at_home / self.baseline.labour_income)
        return solve(self.baseline, change, self.settings, start)

    def gains(self, result: TradeResult) -> Floats:
        """Return the equivalent variation of income of each home country, USD million."""
        before = self.baseline
        is_own = self.settings.imbalance == "multiplicative"
        level = before.disposable_income if is_own else before.final_expenditure
        return np.asarray((level * (result.welfare_hat - 1.0))[self.homes])


def between(table: pd.DataFrame, homes: Collection[str], partners: Collection[str]) -> Bools:
    """Return the rows of trade between home countries and partners, in either direction."""
    first, second = (table[end] for end in ("exporter", "importer"))
    outward = first.isin(homes) & second.isin(partners)
    inward = first.isin(partners) & second.isin(homes)
    return np.asarray((outward | inward).to_numpy(dtype=np.bool_))


def settled_legs(inputs: TradeInputs, homes: Collection[str]) -> Bools:
    """Return the legs of electricity with a home country, which the power system counts, (L,)."""
    table = inputs.legs.table
    is_home = table[["exporter", "importer"]].isin(homes).any(axis=1)
    return np.asarray((is_home & (table["sector"] == ELECTRICITY)).to_numpy(dtype=np.bool_))


def channels_of_legs(inputs: TradeInputs, homes: Collection[str], partners: Collection[str]) -> Ints:
    """Return the channel of each leg as its number in :data:`BY_LEG`, (L,).

    Args:
        inputs: Trade of the baseline.
        homes: Home countries.
        partners: Economies of the partner.
    """
    table = inputs.legs.table
    with_partner = between(table, homes, partners)
    channel = np.where(with_partner, BY_LEG.index("trade"), BY_LEG.index("transit"))
    if inputs.sectors is None:
        return channel.astype(np.int64)
    data = inputs.sectors
    is_service = ~table["sector"].map(data.kind).isin((GOODS, NETWORK, BULLION)).to_numpy(dtype=np.bool_)
    channel = np.where(with_partner & is_service, BY_LEG.index("services"), channel)
    number = {name: k for k, name in enumerate(data.sectors)}
    code = {name: n for n, name in enumerate(data.economies)}
    rent = data.specific_share[
        table["sector"].map(number).to_numpy(dtype=np.int64),
        table["exporter"].map(code).to_numpy(dtype=np.int64),
    ]
    from_home = table["exporter"].isin(homes).to_numpy(dtype=np.bool_)
    return np.where(from_home & (rent > 0.0), BY_LEG.index(RENTS), channel).astype(np.int64)


def channel_gains(
    world: TradeWorld, reference: Shock, joint: Shock, channel: Ints, earned: float
) -> list[tuple[str, Floats]]:
    """Return the gain of each home country after each channel is switched on, with all before it.

    Args:
        world: The world.
        reference: Trade without the withdrawal.
        joint: Trade with it.
        channel: Channel of each leg (:func:`channels_of_legs`).
        earned: Earnings of returning migrants over the remittances lost.

    Returns:
        Channels of :data:`ORDER` with gains, USD million.
    """
    out: list[tuple[str, Floats]] = []
    shock = reference
    for n, name in enumerate(ORDER):
        if name in BY_LEG:
            shock = replace(shock, leg_hat=np.where(channel <= n, joint.leg_hat, reference.leg_hat))
            if name == RENTS:
                shock = replace(shock, wedges=_rents_of_homes(world, joint.wedges))
            elif n == len(BY_LEG) - 1:
                shock = replace(shock, tariff_pct=joint.tariff_pct, wedges=joint.wedges)
        else:
            shock = replace(shock, **{name: getattr(joint, name)})
        out.append((name, world.gains(world.solve(shock, earned))))
    return out


def _rents_of_homes(world: TradeWorld, wedges: Wedges) -> Wedges:
    """Return the wedges on exports of home countries in sectors with a specific factor."""
    cell = np.isin(wedges.exporter, world.homes) & (world.baseline.rent[wedges.sector, wedges.exporter] > 0.0)
    names = ("sector", "exporter", "importer", "owner", "rate")
    return Wedges(*(getattr(wedges, name)[cell] for name in names))


def with_partners_cut(
    inputs: TradeInputs, leg_hat: Floats, homes: Collection[str], partners: Collection[str]
) -> Floats:
    """Return changes of costs with trade between home countries and partners at an end as well, (L,).

    Bullion is sold to the world, so that no policy between two economies touches it.
    """
    legs = inputs.legs
    cut = between(legs.table, homes, partners) & ~legs.world_traded
    return np.where(cut, np.inf, leg_hat)


def ranges_of(world: TradeWorld, earned: Sequence[float]) -> list[tuple[str, TradeWorld, float]]:
    """Return the world with one assumption changed at a time: name, world, earnings of returning migrants.

    Elasticities change by one standard error, down to a third of their value at most; shares of specific
    factors to the ends of their published range.

    Args:
        world: The world.
        earned: Earnings of returning migrants over the remittances lost: middle, low, high.
    """
    other = "additive" if world.settings.imbalance == "multiplicative" else "multiplicative"
    rule = world.settings.model_copy(update={"imbalance": other})
    out = [(f"imbalances {other}", replace(world, settings=rule), earned[0])]
    out += [(f"returning migrants {name}", world, earned[n]) for n, name in ((1, "low"), (2, "high"))]
    data = world.inputs.sectors
    if data is None:
        return out
    ends = ("low", "high")
    bases = [
        (f"elasticities {name}", replace(world.baseline, theta=theta))
        for name, theta in zip(ends, theta_range(world), strict=True)
    ]
    if world.inputs.composition == "sectors":
        bases += [
            (
                f"rents {name}",
                replace(world.baseline, specific_share=rent_shares(world, f"value_added_share_{name}")),
            )
            for name in ends
        ]
    return out + [(name, replace(world, baseline=base), earned[0]) for name, base in bases]


def theta_range(world: TradeWorld) -> tuple[Floats, Floats]:
    """Return trade elasticities less and plus one standard error, (S,) each.

    A coarser sector takes the mean relative error of its sectors.
    """
    table = world.case.table("elasticities")
    table = table[(table["study"] == RECOMMENDED) & (table["horizon"] == world.inputs.horizon)]
    relative = (table["standard_error"] / table["value"]).astype(float).fillna(0.0)
    by_group = relative.groupby(table["sector"].map(dict(world.inputs.group))).mean().to_dict()
    error = np.array([float(by_group.get(name, 0.0)) for name in world.baseline.sectors])
    theta = world.baseline.theta
    return theta * np.maximum(1.0 - error, LEAST_THETA), theta * (1.0 + error)


def rent_shares(world: TradeWorld, field: str) -> Floats:
    """Return the share of specific factors in costs by a column of table ``specific_factors``, (S, N)."""
    names = [
        {name: n for n, name in enumerate(each)}
        for each in (world.baseline.sectors, world.baseline.economies)
    ]
    table = world.case.table("specific_factors")
    share = np.zeros_like(world.baseline.value_added_share)
    for row in table.sort_values("iso3", key=lambda column: column != ANY, kind="stable").to_dict("records"):
        economy = slice(None) if row["iso3"] == ANY else names[1][str(row["iso3"])]
        share[names[0][str(row["sector"])], economy] = float(row[field])
    return share * world.baseline.value_added_share
