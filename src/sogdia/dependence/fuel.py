"""Fuel that both the trade model and the power system count, when a case cuts off an origin.

A rerun of the trade model in which the fuel is still bought shows what its loss costs there. Of that, the
part that power plants burn is counted by the power system as well, ``D = min(1, F / M) · ΔW``, with spending
F of plants on the fuel newly lost, imports M of it and the gain ΔW of the rerun.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.inputs import TradeInputs

COMMODITIES: Mapping[str, str] = MappingProxyType(
    {"gas": "natural_gas", "gas_ocgt": "natural_gas", "coal": "coal", "nuclear": "chemicals_fertiliser"}
)
"""Commodity of the trade model that each carrier of the power system burns."""
KEYS = ["home", "commodity"]


def lost_legs(
    inputs: TradeInputs, leg_hat: Floats, before: Floats, homes: Collection[str]
) -> dict[str, Bools]:
    """Return the legs of imports of home countries that are newly cut off, by commodity of a fuel, (L,).

    Args:
        inputs: Trade of the baseline.
        leg_hat: Change of the cost of each leg, (L,).
        before: The same without the withdrawal.
        homes: Home countries.
    """
    table = inputs.legs.table
    cut = np.isinf(leg_hat) & np.isfinite(before)
    cut &= (table["importer"].isin(homes) & ~table["exporter"].isin(homes)).to_numpy(dtype=np.bool_)
    legs = {
        name: cut & (table["commodity"] == name).to_numpy(dtype=np.bool_)
        for name in dict.fromkeys(COMMODITIES.values())
    }
    return {name: mask for name, mask in legs.items() if mask.any()}


def imports_of(inputs: TradeInputs, legs: Bools, homes: Collection[str]) -> list[float]:
    """Return the value of some legs by home country that buys, USD million."""
    entries, table = inputs.entries, inputs.legs.table
    passed = entries.first >= 0
    value = np.bincount(entries.first[passed], weights=entries.value[passed], minlength=len(table))
    bought = pd.Series(np.where(legs, value, 0.0)).groupby(table["importer"].to_numpy()).sum()
    return [float(bought.get(home, 0.0)) for home in homes]


def fuel_counted_twice(before: pd.DataFrame, after: pd.DataFrame, reruns: pd.DataFrame) -> dict[str, float]:
    """Return D of the module by home country, USD million.

    Args:
        before: ``home``, ``carrier``, ``origin``, ``lost``, ``spent_musd`` without the withdrawal.
        after: The same with it.
        reruns: ``home``, ``commodity``, ``gain_musd`` and ``imports_musd`` of reruns with the fuel.
    """
    if reruns.empty:
        return {}
    keys = ["home", "carrier", "origin"]
    both = before.merge(after[[*keys, "lost"]], on=keys, suffixes=("_before", ""))
    lost = both[both["lost"].astype(bool) & ~both["lost_before"].astype(bool)]
    lost = lost.assign(commodity=lost["carrier"].map(dict(COMMODITIES)))
    spent = lost.groupby(KEYS, as_index=False)["spent_musd"].sum().merge(reruns, on=KEYS)
    bought = spent["imports_musd"].to_numpy(dtype=np.float64)
    share = np.divide(spent["spent_musd"], bought, out=np.zeros_like(bought), where=bought > 0.0)
    counted = np.minimum(1.0, share) * spent["gain_musd"]
    return {str(home): float(value) for home, value in counted.groupby(spent["home"]).sum().items()}
