"""Results of a run by home country: real expenditure, and the cost of the electricity system.

A case has two runs. The *goods* run couples freight with trade (:func:`sogdia.coupling.couple`) and gives the
change of real expenditure. The *electricity* run gives the yearly cost of the electricity system to
the country,

    ``E = C + M − X + VOLL · U``

with C fuel and variable cost of its own plants and capital of those built in addition to the plan, M payments
for imports of electricity, X earnings from exports and U unserved energy. Carbon dioxide harms the world, not
the country alone: its shadow price is part of an appraisal (:mod:`sogdia.dependence.solve`) and of no loss.
The cost of electricity does not enter trade here (``power_to_trade`` is off), so E is counted once.

Cross-border electricity is paid by contract and at spot prices (``earned_musd`` of the exchanges), not at a
neighbour's scarcity price.

Fuel for plants is also bought in trade, so that its loss would count in both runs;
:mod:`sogdia.dependence.fuel` subtracts it once.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.case.shocks import Withdrawal
from sogdia.coupling.lanes import lane_hours
from sogdia.coupling.results import CoupledResult
from sogdia.finance.appraisal import rule_of_half
from sogdia.freight import INCOMES, transit_income_sums
from sogdia.power import PowerResult
from sogdia.power.generators import CANDIDATE, PLANT, SHED
from sogdia.trade.goods import PAIR

Floats = npt.NDArray[np.float64]

HOURS_PER_DAY, MWH_PER_GWH, USD_PER_MUSD, T_PER_MT = 24.0, 1e3, 1e6, 1e6
GOODS = (
    "home", "gain_musd", "welfare_pct", "traded_t", "undelivered_t", "undelivered_musd", "days_longer",
    "transit_musd", "transit_low_musd", "transit_high_musd", "users_musd", "customs_musd",
)  # fmt: skip
POWER = (
    "home", "plants_musd", "imports_musd", "exports_musd", "unserved_gwh", "unserved_musd", "co2_mt",
)  # fmt: skip
FUEL = ("home", "carrier", "origin", "lost", "spent_musd")


def goods_by_home(result: CoupledResult) -> pd.DataFrame:
    """Compute the results of a goods run for each home country.

    Returns:
        ``home``; ``gain_musd`` and ``welfare_pct``, the change of real expenditure from the
        baseline; ``traded_t``, exports and imports carried as freight; ``undelivered_t`` and
        ``undelivered_musd``, freight of the baseline that no open path of the case can carry;
        ``days_longer``, the added journey time on lanes still in use, weighted by their tonnes in the case;
        ``transit_musd`` and its low and high values, the change of transit income from the baseline
        (:func:`sogdia.freight.transit_income_sums`), without freight of parties that have withdrawn;
        ``users_musd``, the saving of freight users by the rule of half, half of it at each end of a lane
        abroad; ``customs_musd``, the change of tariff revenue.
    """
    homes = result.case.region.home
    table = result.economies().set_index("economy")
    gain, welfare = table["gain_musd"].to_dict(), table["welfare_pct"].to_dict()
    lanes, longer = result.baseline.lanes, _longer_h(result)
    shut = lanes.is_connected & np.isinf(result.carriage)
    price = np.append(result.baseline.trade.goods["usd_per_t"].to_numpy(dtype=np.float64), 0.0)[lanes.good]
    ends = [lanes.table[name].to_numpy() for name in PAIR]
    abroad = ends[0] != ends[1]
    transit = _transit_change(result).loc[list(homes)].to_numpy(dtype=np.float64)
    customs = (table["tariff_revenue"] - table["tariff_revenue_before"]).to_dict()
    users = _users(result)
    rows = []
    for k, home in enumerate(homes):
        own = abroad & ((ends[0] == home) | (ends[1] == home))
        lost, used = own & shut, own & np.isfinite(longer)
        tonnes = result.tonnes[used]
        hours = float((tonnes * longer[used]).sum() / tonnes.sum()) if tonnes.sum() > 0.0 else 0.0
        rows.append(
            (
                home,
                float(gain[home]),
                float(welfare[home]),
                float(result.tonnes[own & np.isfinite(result.carriage)].sum()),
                float(lanes.tonnes[lost].sum()),
                float((lanes.tonnes * price)[lost].sum() / USD_PER_MUSD),
                hours / HOURS_PER_DAY,
                *map(float, transit[k]),
                float(users[own].sum() / 2.0 / USD_PER_MUSD),
                float(customs[home]),
            )
        )
    return pd.DataFrame(rows, columns=list(GOODS))


def traded_tonnes(result: CoupledResult) -> pd.DataFrame:
    """Return freight between a home country and another economy: ``home``, ``economy``, ``tonnes`` a year."""
    lanes, homes = result.baseline.lanes, result.case.region.home
    table = lanes.table[list(PAIR)].assign(tonnes=np.where(np.isfinite(result.carriage), result.tonnes, 0.0))
    table = table[table["exporter"] != table["importer"]]
    parts = [
        table[table[own].isin(homes)].rename(columns={own: "home", other: "economy"})
        for own, other in (PAIR, PAIR[::-1])
    ]
    summed = pd.concat(parts).groupby(["home", "economy"], as_index=False)["tonnes"].sum()
    return pd.DataFrame(summed)


def _users(result: CoupledResult) -> Floats:
    """Return the saving of users of each lane by the rule of half, USD a year, (T,); 0 if closed."""
    lanes = result.baseline.lanes
    is_open = lanes.is_connected & np.isfinite(result.carriage)
    costs = tuple(np.where(is_open, cost, 0.0) for cost in (lanes.cost, result.carriage))
    quantities = tuple(np.where(is_open, tonnes, 0.0) for tonnes in (lanes.tonnes, result.tonnes))
    return rule_of_half((quantities[0], quantities[1]), (costs[0], costs[1]))


def _transit_change(result: CoupledResult) -> pd.DataFrame:
    """Return the change of each home country's transit income from the baseline, by name of ``INCOMES``."""
    after = transit_income_sums(result.freight, withdrawn_parties(result.case))
    return (after - result.baseline.transit_incomes)[list(INCOMES)]


def withdrawn_parties(case: Case) -> tuple[str, ...]:
    """Return the parties whose trade or transit a shock of the case withdraws."""
    members = case.table("partners")["members"].astype(str).to_dict()
    shocks = [each for each in case.scenario.shocks if isinstance(each, Withdrawal)]
    partners = [each.partner for each in shocks if {"trade", "transit"} & set(each.channels)]
    return tuple(dict.fromkeys(code for name in partners for code in members.get(name, name).split(";")))


def _longer_h(result: CoupledResult) -> Floats:
    """Compute the added hours of each lane from the baseline; NaN unless both use it, (T,)."""
    baseline = result.baseline
    return lane_hours(baseline.lanes.table, result.freight) - baseline.hours


def power_by_home(result: PowerResult, homes: tuple[str, ...]) -> pd.DataFrame:
    """Compute the results of an electricity run for each home country.

    Returns:
        ``home``; ``plants_musd``, fuel and variable cost of its plants without carbon, and the annual capital
        cost of capacity built in addition to the plan; ``imports_musd`` and
        ``exports_musd``, payments for cross-border electricity; ``unserved_gwh`` and ``unserved_musd``,
        unserved energy and its cost at the value of lost load; ``co2_mt``.
    """
    rows, weight = result.inputs.generators, result.inputs.snapshots.weight_h
    carbon = result.inputs.settings.co2_usd_per_t
    heat = (rows["co2_t_per_mwh_th"] / rows["efficiency"]).to_numpy(dtype=np.float64)
    generated_mwh = weight @ result.generator_mw
    cost_usd = generated_mwh * (rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64) - carbon * heat)
    plant, shed = (rows["kind"].isin(kinds).to_numpy() for kinds in ([PLANT, CANDIDATE], [SHED]))
    capital = result.built.groupby("iso3")["capital_musd"].sum()
    trade = result.exchanges
    imports, exports = (trade.groupby(side)["earned_musd"].sum() for side in ("importer", "exporter"))
    out = []
    for home in homes:
        own = (rows["iso3"] == home).to_numpy()
        out.append(
            (
                home,
                float(cost_usd[own & plant].sum()) / USD_PER_MUSD + float(capital.get(home, 0.0)),
                float(imports.get(home, 0.0)),
                float(exports.get(home, 0.0)),
                float(generated_mwh[own & shed].sum()) / MWH_PER_GWH,
                float(cost_usd[own & shed].sum()) / USD_PER_MUSD,
                float((generated_mwh * heat)[own & plant].sum()) / T_PER_MT,
            )
        )
    return pd.DataFrame(out, columns=list(POWER))


def fuel_by_origin(result: PowerResult, homes: tuple[str, ...]) -> pd.DataFrame:
    """Compute the foreign fuel that plants of each home country burn.

    Returns:
        ``home``, ``carrier``, ``origin``, ``lost`` (true if the case has lost the origin) and ``spent_musd``,
        the origin's share of the running cost of the carrier's plants.
    """
    inputs = result.inputs
    rows = inputs.generators
    plant = rows["kind"].isin([PLANT, CANDIDATE])
    spent = (inputs.snapshots.weight_h @ result.generator_mw) * rows["cost_usd_per_mwh"] / USD_PER_MUSD
    total = spent[plant].groupby([rows.loc[plant, "iso3"], rows.loc[plant, "carrier"]]).sum()
    parts = inputs.origins
    parts = parts[parts["iso3"].isin(homes) & (parts["origin"] != parts["iso3"])]
    keys = pd.MultiIndex.from_frame(parts[["iso3", "carrier"]])
    table = parts.rename(columns={"iso3": "home"})
    table["spent_musd"] = parts["share"].to_numpy() * total.reindex(keys).fillna(0.0).to_numpy()
    return table[list(FUEL)].reset_index(drop=True)
