"""What a home loses when partners leave: the engines run on a case edited so, measured home by home.

Two runs tell of a case. That of *goods* (freight coupled with trade, :func:`sogdia.coupling.couple`) tells
what real spending on goods changes by. That of *power* tells what the year of the power system costs the
country,

    ``E = C + M − X + VOLL · U + p · Q``

with C fuel and variable cost of its own plants, M what it pays for power from abroad, X what it earns with
power, U load not served, Q carbon dioxide and p its shadow price. Power does not enter trade here
(``power_to_trade`` is off): what it costs more is E, once.

Power over borders is paid as its contracts say (``earned_musd`` of the power system's exchanges), not at
the price of a neighbour's shortage.

Fuel of plants is bought in trade too, so its loss would count in both. The model of trade takes a good that
is lost for one among many: to the first order, spending F on it that must go elsewhere loses F / θ. That
much of the fuel that a case has lost is taken off again.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.coupling.lanes import positions
from sogdia.coupling.results import CoupledResult
from sogdia.power import PowerResult
from sogdia.power.components import PLANT, SHED
from sogdia.trade.goods import PAIR

Floats = npt.NDArray[np.float64]

HOURS_PER_DAY, MWH_PER_GWH, USD_PER_MUSD, T_PER_MT = 24.0, 1e3, 1e6, 1e6
GOODS = (
    "home", "gain_musd", "welfare_pct", "traded_t", "undelivered_t", "undelivered_musd", "days_longer",
)  # fmt: skip
POWER = (
    "home", "plants_musd", "imports_musd", "exports_musd", "unserved_gwh", "unserved_musd", "co2_mt",
)  # fmt: skip
FUEL = ("home", "carrier", "origin", "lost", "spent_musd")


def goods_by_home(found: CoupledResult) -> pd.DataFrame:
    """What a run of goods says of each home.

    Returns:
        ``home``; ``gain_musd`` and ``welfare_pct``, the change of real spending on goods against the base;
        ``traded_t``, what it sells and buys abroad by freight; ``undelivered_t`` and ``undelivered_musd``,
        what the base ships and the case has no way for; ``days_longer``, how much longer its goods travel
        than in the base, on lanes that are still used, weighted by their tonnes now.
    """
    homes = found.case.region.home
    table = found.economies().set_index("economy")
    gain, welfare = table["gain_musd"].to_dict(), table["welfare_pct"].to_dict()
    lanes, longer = found.base.lanes, _longer_h(found)
    shut = lanes.joined & np.isinf(found.carriage)
    price = np.append(found.base.trade.goods["usd_per_t"].to_numpy(dtype=np.float64), 0.0)[lanes.good]
    ends = [lanes.table[name].to_numpy() for name in PAIR]
    abroad = ends[0] != ends[1]
    rows = []
    for home in homes:
        own = abroad & ((ends[0] == home) | (ends[1] == home))
        lost, used = own & shut, own & np.isfinite(longer)
        tonnes = found.tonnes[used]
        hours = float((tonnes * longer[used]).sum() / tonnes.sum()) if tonnes.sum() > 0.0 else 0.0
        rows.append(
            (
                home,
                float(gain[home]),
                float(welfare[home]),
                float(found.tonnes[own & np.isfinite(found.carriage)].sum()),
                float(lanes.tonnes[lost].sum()),
                float((lanes.tonnes * price)[lost].sum() / USD_PER_MUSD),
                hours / HOURS_PER_DAY,
            )
        )
    return pd.DataFrame(rows, columns=list(GOODS))


def _longer_h(found: CoupledResult) -> Floats:
    """Hours that each lane takes longer than in the base, NaN where it is not used in both, (T,)."""
    lanes = found.base.lanes.table
    times = []
    for freight in (found.base.freight, found.freight):
        result = freight.result
        arcs = result.network.arcs["time_h"].to_numpy(dtype=np.float64)
        hours = arcs + result.delay[result.network.graph.group]
        classes = len(result.demand.classes)
        mean = result.loading.mean(np.ascontiguousarray(np.repeat(hours[None, :], classes, axis=0)))
        at = positions(lanes, freight.supernetwork.identified(result.demand))
        times.append(np.where(at >= 0, np.append(mean, np.nan)[at], np.nan))
    return np.asarray(times[1] - times[0])


def power_by_home(result: PowerResult, homes: tuple[str, ...]) -> pd.DataFrame:
    """What a run of power says of each home.

    Returns:
        ``home``; ``plants_musd``, fuel and variable cost of its plants without carbon; ``imports_musd`` and
        ``exports_musd``, what is paid for power over borders; ``unserved_gwh`` and ``unserved_musd``, the
        same at the value of lost load; ``co2_mt``.
    """
    rows, weight = result.inputs.generators, result.inputs.hourly.weight_h
    carbon = result.inputs.settings.co2_usd_per_t
    heat = (rows["co2_t_per_mwh_th"] / rows["efficiency"]).to_numpy(dtype=np.float64)
    made = weight @ result.generator_mw
    paid = made * (rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64) - carbon * heat)
    plant, shed = (rows["kind"] == PLANT).to_numpy(), (rows["kind"] == SHED).to_numpy()
    trade = result.exchanges
    bought, sold = (trade.groupby(side)["earned_musd"].sum() for side in ("importer", "exporter"))
    out = []
    for home in homes:
        own = (rows["iso3"] == home).to_numpy()
        out.append(
            (
                home,
                float(paid[own & plant].sum()) / USD_PER_MUSD,
                float(bought.get(home, 0.0)),
                float(sold.get(home, 0.0)),
                float(made[own & shed].sum()) / MWH_PER_GWH,
                float(paid[own & shed].sum()) / USD_PER_MUSD,
                float((made * heat)[own & plant].sum()) / T_PER_MT,
            )
        )
    return pd.DataFrame(out, columns=list(POWER))


def fuel_by_origin(result: PowerResult, homes: tuple[str, ...]) -> pd.DataFrame:
    """Fuel that plants of each home burn from abroad.

    Returns:
        ``home``, ``carrier``, ``origin``, ``lost`` (whether the case has lost it) and ``spent_musd``, the
        part of what plants of the carrier cost to run that the origin's share of their fuel is.
    """
    inputs = result.inputs
    rows = inputs.generators
    plant = rows["kind"] == PLANT
    spent = (inputs.hourly.weight_h @ result.generator_mw) * rows["cost_usd_per_mwh"] / USD_PER_MUSD
    whole = spent[plant].groupby([rows.loc[plant, "iso3"], rows.loc[plant, "carrier"]]).sum()
    parts = inputs.origins
    parts = parts[parts["iso3"].isin(homes) & (parts["origin"] != parts["iso3"])]
    keys = pd.MultiIndex.from_frame(parts[["iso3", "carrier"]])
    table = parts.rename(columns={"iso3": "home"})
    table["spent_musd"] = parts["share"].to_numpy() * whole.reindex(keys).fillna(0.0).to_numpy()
    return table[list(FUEL)].reset_index(drop=True)
