"""Generalised cost of each trade lane by part: charges, time, borders, queues, reliability, capacities."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Floats
from sogdia.freight.results import FreightResult
from sogdia.freight.supernetwork.arcs import CROSSING
from sogdia.freight.supernetwork.constants import PER_CENT, border_costs_pct
from sogdia.freight.supernetwork.reliability import spread_h
from sogdia.freight.tables import LANE_COSTS

LANE = ["exporter", "importer", "commodity"]


def lane_costs(freight: FreightResult) -> pd.DataFrame:
    """Return the mean generalised cost of a tonne on each lane, and its parts.

    For a class k with value of time ``vot_k`` the cost of an arc a is
    ``m_ak + vot_k (h_ak + D_a + r sd_ak) + b_a usd_per_t_k``: charges, free-flow time, delay, spread of time
    and cost of a border crossing (:mod:`sogdia.freight.supernetwork.constants`). Time at border crossings and
    ``b_a`` are the part ``border``, ``D_a`` is ``queue``, and what a full hard capacity adds is ``capacity``.
    Parts are summed along paths, averaged over paths by flow and over zones by tonnes; they sum to the cost.

    Returns:
        The columns of :data:`sogdia.freight.tables.LANE_COSTS`.
    """
    result = freight.result
    table = freight.supernetwork.identified(result.demand)
    keys = table[LANE].astype(str)
    tonnes = table["flow"].to_numpy(dtype=np.float64)
    sums = {"tonnes": tonnes} | {
        f"{part}_usd_per_t": result.loading.mean(values) * tonnes for part, values in _parts(freight)
    }
    summed = keys.assign(**sums).groupby(LANE, sort=False, as_index=False).sum()
    summed = summed[summed["tonnes"] > 0.0].reset_index(drop=True)
    columns = [name for name in sums if name != "tonnes"]
    summed[columns] = summed[columns].div(summed["tonnes"], axis=0)
    summed["usd_per_t"] = summed[columns].sum(axis=1)
    return LANE_COSTS.frame(summed)


def _parts(freight: FreightResult) -> Iterator[tuple[str, Floats]]:
    """Yield each part of the cost of arcs to classes, USD/t, (K, A)."""
    network, result, constants = freight.supernetwork, freight.result, freight.supernetwork.constants
    arcs, classes = network.network.arcs, result.demand.classes
    vot = result.demand.value_of_time[:, None]
    commodities = network.case.table("commodities")["usd_per_t"]
    usd_per_t = np.array([float(commodities[name]) for name in network.commodities_of(classes)])[:, None]
    is_crossing = arcs["kind"].eq(CROSSING).to_numpy(dtype=bool)
    hours = network.added_hours + network.network.free_flow_cost[None, :]
    time = hours * vot
    crossing = usd_per_t * border_costs_pct(arcs, constants)[None, :] / PER_CENT
    own = arcs["time_h"].to_numpy(dtype=np.float64)
    spread = np.array(
        [spread_h(arcs, own + added, constants.dwell_variation) for added in network.added_hours]
    )
    reliability = constants.reliability_ratio * spread * vot
    charges = np.broadcast_to(network.charges, time.shape)
    free_flow = np.where(np.isfinite(result.free_flow_costs), result.free_flow_costs, hours) * vot
    known = charges + time + crossing + reliability
    yield "money", np.ascontiguousarray(charges)
    yield "time", np.where(is_crossing, 0.0, time)
    yield "border", np.where(is_crossing, time, 0.0) + crossing
    yield "queue", np.ascontiguousarray(vot * result.delay[result.network.graph.group][None, :])
    yield "reliability", reliability
    capacity = np.where(np.isfinite(result.free_flow_costs), free_flow - known, 0.0)
    # Rounding of the sum above is not a price.
    yield "capacity", np.where(capacity > 1e-9 * known, capacity, 0.0)
