"""Plants that set the price of a zone, and the hours of the year in which they do.

A plant between its minimum and its available capacity could produce one more MWh: its cost is the price of
its zone. Over a line that is neither empty nor full the price reaches the next zone, up to losses and
charges. Zones joined by such lines are one price area of a snapshot.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from sogdia.power.arrays import Bools, Floats
from sogdia.power.generators import BUYS, SHED
from sogdia.power.solution import PowerSolution
from sogdia.power.tables import MARGINAL

PARTLY_MW = 1e-3
"""Distance from a bound beyond which a plant or line counts as between its bounds."""
NEAR_USD_PER_MWH, NEAR_SHARE = 0.5, 0.02
"""Difference of cost and price up to which a plant of the zone itself sets the price."""
FAR_SHARE = 0.2
"""Same for a plant of another zone: losses and charges of the lines between lie in the difference."""
WATER, LIMIT = "stored water", "limit"
"""Carriers of hours without such a plant: a reservoir sets the price, or a limit such as a ramp does."""


def marginal_plants(solution: PowerSolution) -> pd.DataFrame:
    """Return the carriers that set the price of each zone, with their zone and the hours of the year.

    A plant of the zone counts first, then a reservoir of the zone, then a plant and a reservoir of its price
    area; the one whose cost is nearest to the price. Hours of a zone sum to those of the year.

    Returns:
        The columns of :data:`sogdia.power.tables.MARGINAL`.
    """
    inputs, prices = solution.inputs, solution.price_usd_per_mwh
    zones = inputs.zones.table["iso3"]
    area = _areas(solution, list(prices.columns))
    parts = []
    for zone in [str(name) for name in zones.index if name in prices.columns]:
        price = prices[zone].to_numpy(dtype=np.float64)
        carrier, place = _setters(solution, zone, price, area)
        parts.append(
            pd.DataFrame(
                {
                    "zone": zone, "iso3": str(zones[zone]), "carrier": carrier, "from_zone": place,
                    "hours_h": inputs.snapshots.weight_h, "price": price * inputs.snapshots.weight_h,
                }
            )
        )  # fmt: skip
    keys = ["zone", "iso3", "carrier", "from_zone"]
    table = pd.concat(parts, ignore_index=True).groupby(keys, as_index=False, sort=False).sum()
    table["price_usd_per_mwh"] = table["price"] / table["hours_h"]
    ordered = table.drop(columns="price").sort_values(
        ["zone", "hours_h"], ascending=[True, False], kind="stable"
    )
    return MARGINAL.frame(ordered.reset_index(drop=True))


def _setters(
    solution: PowerSolution, zone: str, price: Floats, area: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Return carrier and zone that set the price in each snapshot, (T,) each."""
    rows, reservoirs = solution.inputs.generators, solution.inputs.reservoirs
    is_partial, cost = _partial_generators(solution), _offers(solution)
    is_turning = _partial_reservoirs(solution)
    distance = np.abs(cost - price[:, None])
    carriers, places = rows["carrier"].to_numpy(dtype=object), rows["bus"].to_numpy(dtype=object)
    near = distance <= np.maximum(NEAR_USD_PER_MWH, NEAR_SHARE * np.abs(price))[:, None]
    far = distance <= np.maximum(NEAR_USD_PER_MWH, FAR_SHARE * np.abs(price))[:, None]
    own_area = area[zone].to_numpy()
    joined = area[list(places)].to_numpy() == own_area[:, None]
    basins = reservoirs["bus"].to_numpy(dtype=object)
    joined_water = area[list(basins)].to_numpy() == own_area[:, None]
    carrier = np.full(price.size, LIMIT, dtype=object)
    place = np.full(price.size, zone, dtype=object)
    # From the last resort to the first, each over the one before.
    if basins.size:
        water = is_turning & joined_water
        _write(water.any(axis=1), carrier, WATER, place, basins[water.argmax(axis=1)])
    for usable in (is_partial & far & joined, None, is_partial & near & (places == zone)[None, :]):
        if usable is None:
            own_water = (is_turning & (basins == zone)[None, :]).any(axis=1)
            _write(own_water, carrier, WATER, place, zone)
            continue
        best = np.where(usable, distance, np.inf).argmin(axis=1)
        _write(usable.any(axis=1), carrier, carriers[best], place, places[best])
    return carrier, place


def _write(
    chosen: Bools, carrier: np.ndarray, name: np.ndarray | str, place: np.ndarray, zone: np.ndarray | str
) -> None:
    carrier[chosen] = name if isinstance(name, str) else name[chosen]
    place[chosen] = zone if isinstance(zone, str) else zone[chosen]


def _partial_generators(solution: PowerSolution) -> Bools:
    """Return which generators are between their bounds, (T, G); unserved energy always is, up to all load."""
    capacity = solution.inputs.generators["p_nom_mw"].to_numpy(dtype=np.float64)
    least, most = solution.inputs.p_min * capacity, solution.inputs.p_max * capacity
    mw = solution.generator_mw
    is_shed = solution.inputs.generators["kind"].eq(SHED).to_numpy(dtype=bool)[None, :]
    return np.asarray((mw > least + PARTLY_MW) & ((mw < most - PARTLY_MW) | is_shed))


def _offers(solution: PowerSolution) -> Floats:
    """Return the price at which each generator produces one more MWh, or a neighbour buys less, (T, G)."""
    rows = solution.inputs.generators
    cost = rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64)[None, :] + solution.fuel_price_usd_per_mwh
    return np.where(rows["kind"].eq(BUYS).to_numpy(dtype=bool)[None, :], -cost, cost)


def _partial_reservoirs(solution: PowerSolution) -> Bools:
    """Return which reservoirs release water and could release more, (T, S)."""
    rows = solution.inputs.reservoirs
    most = (rows["p_nom_mw"] * rows["p_max"]).to_numpy(dtype=np.float64)
    return np.asarray((solution.hydro_mw > PARTLY_MW) & (solution.hydro_mw < most - PARTLY_MW))


def _areas(solution: PowerSolution, buses: list[str]) -> pd.DataFrame:
    """Return the number of each bus's price area in each snapshot, (T, B)."""
    links, flow = solution.inputs.links, solution.flow_mw
    capacity = links["p_nom_mw"].to_numpy(dtype=np.float64)
    snapshot, line = np.nonzero((flow > PARTLY_MW) & (flow < capacity - PARTLY_MW))
    position = {bus: n for n, bus in enumerate(buses)}
    ends = [
        np.array([position[str(bus)] for bus in links[side]], dtype=np.int64) for side in ("bus0", "bus1")
    ]
    start, end = (snapshot * len(buses) + each[line] for each in ends)
    size = flow.shape[0] * len(buses)
    joined = coo_array((np.ones(start.size, dtype=np.int8), (start, end)), shape=(size, size))
    labels = connected_components(joined, directed=False)[1]
    return pd.DataFrame(labels.reshape(flow.shape[0], len(buses)), columns=buses)
