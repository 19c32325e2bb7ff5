"""Charges of each class on each arc: tariff class of its commodity, own trade or transit.

Charges of arc a on a cargo type are tariff and others (fees, handling). The tariff is line-haul or, where
freight enters a territory by a mode, the fixed part of that mode's rate. For class k

    ``m_ak = others + tariff · f · π``, or ``others + transit · π`` in transit where its rate is known,

with the factor f of the commodity in ``tariff_classes`` and π of its rail service. A class is in transit in
all territories but those of its tariff profile, which are the territories with a rate of transit in which its
pair of economies trades.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.freight.supernetwork.arcs import TRANSFER
from sogdia.freight.supernetwork.loads import CARGO_TYPES
from sogdia.freight.supernetwork.nodes import RAIL

SEPARATOR = "+"
PARTS = ("", "tariff_", "transit_")
"""Prefixes of the columns of arcs with all charges, the tariff of own trade and that of transit."""


def tariff_modes(arcs: pd.DataFrame) -> pd.Series:
    """Return the mode whose tariff each arc pays, (A,): that entered, at a transfer."""
    return arcs["mode"].where(arcs["kind"] != TRANSFER, arcs["to_mode"])


def transit_territories(arcs: pd.DataFrame) -> Mapping[str, frozenset[str]]:
    """Return the territories with a rate of transit by cargo type."""
    return {
        cargo: frozenset(
            arcs.loc[arcs[f"transit_usd_per_t_{cargo}"] != arcs[f"tariff_usd_per_t_{cargo}"], "territory"]
        )
        for cargo in CARGO_TYPES
    }


def tariff_profile(pair: Iterable[str], territories: frozenset[str]) -> str:
    """Return the territories of a pair of economies that have a rate of transit, as one text."""
    return SEPARATOR.join(sorted(territories & set(pair)))


def class_charges(
    arcs: pd.DataFrame,
    classes: pd.DataFrame,
    cargo_of: Mapping[str, str],
    tariff_classes: pd.DataFrame,
    price_of: Callable[[str, str], float],
) -> Floats:
    """Return the charges of each class on each arc, USD/t, (K, A).

    Args:
        arcs: Arcs of a supernetwork.
        classes: Classes: ``commodity``, ``tariff_profile``, ``service``.
        cargo_of: Cargo type of each commodity.
        tariff_classes: The table of that name.
        price_of: Factor on rail tariffs by service and cargo type.
    """
    columns = (tariff_classes["mode"], tariff_classes["commodity"], tariff_classes["factor"])
    factor_of = {(str(mode), str(name)): float(f) for mode, name, f in zip(*columns, strict=True)}
    mode_of_arc, modes = pd.factorize(tariff_modes(arcs))
    out = np.empty((len(classes), len(arcs)))
    outside = {profile: _outside(arcs, profile) for profile in set(classes["tariff_profile"])}
    is_rail = (np.asarray(modes) == RAIL)[mode_of_arc]
    money = {
        cargo: [arcs[f"{part}usd_per_t_{cargo}"].to_numpy(dtype=np.float64) for part in PARTS]
        for cargo in {cargo_of[commodity] for commodity in classes["commodity"]}
    }
    rows = zip(classes["commodity"], classes["tariff_profile"], classes["service"], strict=True)
    for k, (commodity, profile, service) in enumerate(rows):
        price = np.where(is_rail, price_of(service, cargo_of[commodity]), 1.0)
        total, tariff, transit = money[cargo_of[commodity]]
        factor = np.array([factor_of.get((str(mode), commodity), 1.0) for mode in modes])[mode_of_arc]
        is_transit = outside[profile] & (transit != tariff)
        own = total + (price * factor - 1.0) * tariff
        out[k] = np.where(is_transit, total - tariff + price * transit, own)
    return out


def _outside(arcs: pd.DataFrame, profile: str) -> Bools:
    """Return the arcs outside the territories of a tariff profile, (A,)."""
    return ~arcs["territory"].isin(profile.split(SEPARATOR)).to_numpy(dtype=np.bool_)
