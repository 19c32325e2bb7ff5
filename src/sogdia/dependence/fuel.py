"""Fuel that both the trade model and the power system count, when a case cuts off an origin."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ALL_GOODS
from sogdia.coupling.settings import CouplingSettings
from sogdia.trade.composition import composition_of
from sogdia.trade.sector_data import NETWORK, RECOMMENDED

COMMODITIES: Mapping[str, str] = MappingProxyType(
    {"gas": "natural_gas", "gas_ocgt": "natural_gas", "coal": "coal", "nuclear": "chemicals_fertiliser"}
)
"""Commodity of the trade model that each carrier of the power system burns."""


def fuel_elasticities(case: Case, settings: CouplingSettings) -> dict[str, float]:
    """Return the trade elasticity of each carrier's fuel: that of its sector, or of all goods in one sector.

    A commodity in several sectors takes the one that lines carry before the first of the others.
    """
    general = float(case.table("commodities")["elasticity"][ALL_GOODS])
    if composition_of(case, settings.composition) == "one_sector":
        return dict.fromkeys(COMMODITIES, general)
    kinds = case.table("sectors").set_index("id")["kind"]
    rows = case.table("sector_commodities")
    is_line = rows["sector"].map(kinds).eq(NETWORK)
    sectors = rows.assign(is_line=is_line).sort_values("is_line", ascending=False, kind="stable")
    sector_of = sectors.drop_duplicates("commodity").set_index("commodity")["sector"].to_dict()
    table = case.table("elasticities")
    table = table[(table["study"] == RECOMMENDED) & (table["horizon"] == settings.horizon)]
    known = dict(zip(table["sector"], table["value"].astype(float), strict=True))
    return {
        carrier: known.get(sector_of.get(commodity, ""), general)
        for carrier, commodity in COMMODITIES.items()
    }


def fuel_counted_twice(
    before: pd.DataFrame, after: pd.DataFrame, elasticity: Mapping[str, float], general: float
) -> dict[str, float]:
    """Return D: imported fuel newly lost, over the elasticity of trade, USD million by home country.

    To first order the loss of a supplier with spending F costs ``F / θ`` (Arkolakis, Costinot &
    Rodríguez-Clare 2012).

    Args:
        before: ``home``, ``carrier``, ``origin``, ``lost``, ``spent_musd`` without the withdrawal.
        after: The same with it.
        elasticity: Trade elasticity by carrier.
        general: Elasticity of other carriers.
    """
    keys = ["home", "carrier", "origin"]
    both = before.merge(after[[*keys, "lost"]], on=keys, suffixes=("_before", ""))
    lost = both[both["lost"].astype(bool) & ~both["lost_before"].astype(bool)]
    theta = np.array([elasticity.get(name, general) for name in lost["carrier"]])
    spent = (lost["spent_musd"] / theta).groupby(lost["home"]).sum()
    return {str(home): float(value) for home, value in spent.items()}
