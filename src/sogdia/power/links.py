"""Lines between zones and to neighbours: one component a direction."""

from __future__ import annotations

import pandas as pd

from sogdia.case import Case
from sogdia.power.constants import PowerConstants
from sogdia.power.costs import ANY, BORDER, CIRCUIT, PowerCosts
from sogdia.power.zones import Zones, line_ends

OPERATING = "operating"
THERE, BACK = ">", "<"


class _Borders:
    """Buses of the neighbours: one for each border that has prices of its own, else one for all."""

    def __init__(self, case: Case) -> None:
        table = case.table("power_boundaries")
        names = [boundary_bus(*pair) for pair in zip(table["iso3"], table["border"], strict=True)]
        self._known = set(names)
        self.selling = {name for name, side in zip(names, table["side"], strict=True) if side == "sells"}

    def bus(self, neighbour: str, country: str) -> str:
        own = boundary_bus(neighbour, country)
        return own if own in self._known else neighbour if neighbour in self._known else ""


def boundary_bus(neighbour: str, border: str) -> str:
    """Name of a neighbour's bus: at one border, or for all of them."""
    return neighbour if border == ANY else f"{neighbour}/{border}"


def links_of(
    case: Case, zones: Zones, costs: PowerCosts, constants: PowerConstants
) -> tuple[pd.DataFrame, tuple[str, ...], tuple[str, ...]]:
    """Every line in both directions, the neighbours they lead to, and what was left out.

    A line carries up to its capacity either way, loses a part and pays a charge for what enters it; between
    two modelled countries a premium too, below which no trade takes place: it goes by contracts of a year
    between state companies that see to their own load first. Prices of neighbours are prices at the border
    and hold theirs. A line that does not operate carries nothing, nor does one from a neighbour that sells
    nothing. A line to a country for which ``power_boundaries`` has no price is left out.

    Returns:
        By name (``<line>>`` and ``<line><``): ``line``, ``iso3`` (where it starts), ``bus0``, ``bus1``,
        ``p_nom_mw``,
        ``efficiency``, ``cost_usd_per_mwh``; then neighbours; then remarks.

    Raises:
        InputError: If the zones do not say where a line ends.
    """
    lines = case.table("interconnectors").sort_index()
    borders = _Borders(case)
    rows, neighbours, remarks = [], set(), []
    for line, row in zip(lines.index, lines.to_dict("records"), strict=True):
        ends = line_ends(zones, str(line), row["from_iso3"], row["to_iso3"])
        if ends is None:
            remarks.append(f"line {line} joins no two buses: inside one zone, or beyond the modelled grid")
            continue
        countries = (str(row["from_iso3"]), str(row["to_iso3"]))
        buses = [
            end if end in zones.table.index else borders.bus(end, other)
            for end, other in zip(ends, countries[::-1], strict=True)
        ]
        if "" in buses:
            told = countries[buses.index("")]
            remarks.append(f"line {line} is left out: power_boundaries.csv has no price of {told}")
            continue
        neighbours.update(set(buses) - set(zones.table.index))
        abroad = countries[0] != countries[1] and all(bus in zones.table.index for bus in buses)
        there, back = (countries[0], *buses, THERE), (countries[1], *buses[::-1], BACK)
        for iso3, bus0, bus1, mark in (there, back):
            works = row["status"] == OPERATING and (bus0 in zones.table.index or bus0 in borders.selling)
            known = float(row["capacity_mw"]) if works else 0.0
            charge = costs.get(CIRCUIT, "vom_usd_per_mwh", iso3, 0.0)
            if abroad:
                premium = costs.get(BORDER, "vom_usd_per_mwh", iso3, 0.0)
                charge += premium * constants.of("border", iso3, str(line))
            kept = costs.get(CIRCUIT, "efficiency", iso3, 1.0)
            capacity = known * constants.of("line", iso3, str(line))
            rows.append((f"{line}{mark}", line, iso3, bus0, bus1, capacity, kept, charge))
    columns = ["name", "line", "iso3", "bus0", "bus1", "p_nom_mw", "efficiency", "cost_usd_per_mwh"]
    table = pd.DataFrame(rows, columns=columns).set_index("name")
    return table, tuple(sorted(neighbours)), tuple(remarks)
