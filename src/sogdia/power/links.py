"""Interconnectors between zones and to neighbours: one link per direction."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import ANY, OPERATING
from sogdia.power.arrays import Floats
from sogdia.power.constants import CALIBRATION_YEARS, PowerConstants
from sogdia.power.contracts import Contract, read_contracts
from sogdia.power.costs import BORDER, OVERHEAD_LINE, PowerCosts
from sogdia.power.monthly import months_between
from sogdia.power.snapshots import DAYS, HOURS_PER_DAY, MONTHS
from sogdia.power.zones import Zones, line_ends
from sogdia.units import MWH_PER_GWH

FORWARD, BACKWARD = ">", "<"
"""Suffixes of the names of a line's two links."""


class _BoundaryBuses:
    """Buses of neighbours: one per border with prices of its own, else one per neighbour."""

    def __init__(self, case: Case) -> None:
        table = case.table("power_boundaries")
        names = [boundary_bus(*pair) for pair in zip(table["iso3"], table["border"], strict=True)]
        self._names = set(names)
        self.selling = {name for name, side in zip(names, table["side"], strict=True) if side == "sells"}

    def bus(self, neighbour: str, country: str) -> str:
        """Return the bus of a neighbour at the border of a country; empty if it has no price."""
        own = boundary_bus(neighbour, country)
        return own if own in self._names else neighbour if neighbour in self._names else ""


def boundary_bus(neighbour: str, border: str) -> str:
    """Return the name of a neighbour's bus at one border, or at all of them."""
    return neighbour if border == ANY else f"{neighbour}/{border}"


def build_links(
    case: Case, zones: Zones, costs: PowerCosts, constants: PowerConstants
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[str, ...]]:
    """Return every line in both directions, the neighbours' buses, and remarks on omitted lines.

    A line carries up to its capacity in each direction, with losses and a charge on the energy that enters
    it. Between two modelled countries a premium is added, below which no trade takes place: annual contracts
    between state companies that serve their own load first. Prices of neighbours are prices at the border and
    include it. A line that does not operate has no capacity, nor has one from a neighbour that does not sell.
    A line to a country without a price in ``power_boundaries`` is omitted.

    The constant of a line is the part of its capacity that the contracts of the calibration used. In later
    years a line carries at least the contracts of the year, up to its capacity (:func:`contracted_mw`).

    Returns:
        Links by name (``<line>>`` and ``<line><``): ``line``, ``iso3`` (country of the start), ``bus0``,
        ``bus1``, ``p_nom_mw``, ``efficiency``, ``cost_usd_per_mwh``. Buses of neighbours. Remarks.

    Raises:
        InputError: If the zone of an end cannot be determined.
    """
    lines = case.table("interconnectors").sort_index()
    boundaries = _BoundaryBuses(case)
    rows, neighbours, remarks = [], set(), []
    for line, row in zip(lines.index, lines.to_dict("records"), strict=True):
        ends = line_ends(zones, str(line), row["from_iso3"], row["to_iso3"])
        if ends is None:
            remarks.append(f"line {line} is omitted: within one zone, or outside the modelled network")
            continue
        countries = (str(row["from_iso3"]), str(row["to_iso3"]))
        buses = [
            end if end in zones.table.index else boundaries.bus(end, other)
            for end, other in zip(ends, countries[::-1], strict=True)
        ]
        if "" in buses:
            country = countries[buses.index("")]
            remarks.append(f"line {line} is omitted: power_boundaries.csv has no price for {country}")
            continue
        neighbours.update(set(buses) - set(zones.table.index))
        is_cross_border = countries[0] != countries[1] and all(bus in zones.table.index for bus in buses)
        forward, backward = (countries[0], *buses, FORWARD), (countries[1], *buses[::-1], BACKWARD)
        for iso3, bus0, bus1, suffix in (forward, backward):
            has_source = bus0 in zones.table.index or bus0 in boundaries.selling
            capacity = float(row["capacity_mw"]) if row["status"] == OPERATING and has_source else 0.0
            charge = costs.get(OVERHEAD_LINE, "vom_usd_per_mwh", iso3, 0.0)
            if is_cross_border:
                premium = costs.get(BORDER, "vom_usd_per_mwh", iso3, 0.0)
                charge += premium * constants.get("border", iso3, str(line))
            efficiency = costs.get(OVERHEAD_LINE, "efficiency", iso3, 1.0)
            usable = capacity * constants.get("line", iso3, str(line))
            to = countries[1] if suffix == FORWARD else countries[0]
            terms = (bus0, bus1, usable, efficiency, charge, capacity, to)
            rows.append((f"{line}{suffix}", line, iso3, *terms))
    columns = ["name", "line", "iso3", "bus0", "bus1", "p_nom_mw", "efficiency", "cost_usd_per_mwh"]
    table = pd.DataFrame(rows, columns=[*columns, "capacity_mw", "to_iso3"]).set_index("name")
    if case.year > max(CALIBRATION_YEARS):
        need = contracted_mw(read_contracts(case), table)
        table["p_nom_mw"] = np.maximum(table["p_nom_mw"], np.minimum(table["capacity_mw"], need))
    return table[columns[1:]], tuple(sorted(neighbours)), tuple(remarks)


def contracted_mw(contracts: Sequence[Contract], directions: pd.DataFrame) -> Floats:
    """Return the largest mean power of a month that contracts send in each direction of a line, MW, (L,).

    A volume is delivered in equal amounts over its months. Where a contract names no line, the lines between
    the two countries share it by their usable capacity; where it names several, energy passes each in turn.

    Args:
        contracts: Contracts of the year.
        directions: Directions of lines: ``line``, ``iso3`` (start), ``to_iso3`` (end), ``p_nom_mw`` (usable).
    """
    total = np.zeros((MONTHS, len(directions)))
    start, end, line = (directions[name].to_numpy() for name in ("iso3", "to_iso3", "line"))
    usable = directions["p_nom_mw"].to_numpy(dtype=np.float64)
    for one in contracts:
        if one.gwh_a is None:
            continue
        months = months_between(one.from_month, one.to_month)
        mw = months * (one.gwh_a * MWH_PER_GWH / float(months @ DAYS) / HOURS_PER_DAY)
        if not one.lines:
            own = ((start == one.seller) & (end == one.buyer)) * usable
            total += mw[:, None] * own / max(float(own.sum()), 1.0)
        country = one.seller
        for name in one.lines:
            leg = (line == name) & (start == country)
            total += mw[:, None] * leg
            country = str(end[leg][0]) if leg.any() else ""
    return np.asarray(total.max(axis=0))
