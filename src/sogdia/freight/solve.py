"""What an assignment of a region says: corridors, bottlenecks, transit, ports and borders."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.assignment.assign import assign
from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings
from sogdia.case import Case
from sogdia.freight.journeys import carriage, journey, observed
from sogdia.freight.route_choice import SETTINGS, choice_inputs
from sogdia.freight.supernetwork import Supernetwork, build_supernetwork
from sogdia.freight.supernetwork.demand import TOTAL
from sogdia.freight.supernetwork.terminals import TONNES_PER_TEU

HOURS_PER_DAY = 24.0


PRECISION, PATHS = SETTINGS.gap, SETTINGS.paths
JOURNEY = (
    "corridor",
    "name",
    "days",
    "usd_per_teu",
    "length_km",
    "changes",
    "borders",
    "co2_kg_per_t",
    "observed_days",
    "observed_usd",
)


def assign_case(case: Case, settings: AssignmentSettings | None = None) -> FreightResult:
    """Assign the freight of a case, with the choice model as calibrated.

    Args:
        case: Region, plan and scenario.
        settings: Path-size logit to a residual of 1e-4 where not given.

    Raises:
        NotConvergedError: If the precision is not reached; the record is in it.
        InputError: If nothing can be carried, or a mode has no rate.
    """
    supernetwork = build_supernetwork(case)
    chosen = settings or AssignmentSettings(algorithm="sue", gap=PRECISION, paths=PATHS)
    inputs = choice_inputs(supernetwork) if chosen.algorithm == "sue" else None
    return FreightResult(supernetwork, assign(supernetwork.network, supernetwork.demand, chosen, inputs))


@dataclass(frozen=True, eq=False)
class FreightResult:
    """A region's freight, assigned.

    Attributes:
        supernetwork: The case as network and demand.
        result: The assignment.
    """

    supernetwork: Supernetwork
    result: AssignmentResult

    def undelivered(self) -> pd.DataFrame:
        """Demand without a path, with the value of the goods that stay where they are.

        Returns:
            ``exporter``, ``importer``, ``commodity``, ``tonnes``, ``value_musd`` by value per tonne.
        """
        table = self.result.undelivered.copy()
        prices = self.supernetwork.case.table("commodities")["usd_per_t"]
        table["exporter"] = table["origin"].str.split("/").str[-1]
        table["importer"] = table["destination"].str.split("/").str[-1]
        table["commodity"] = table["class"].str.split("|").str[0]
        table["value_musd"] = table["flow"] * table["commodity"].map(prices).astype(float) / 1e6
        keys = ["exporter", "importer", "commodity"]
        summed = table.groupby(keys, as_index=False)[["flow", "value_musd"]].sum()
        return summed.rename(columns={"flow": "tonnes"}).sort_values(
            "tonnes", ascending=False, ignore_index=True
        )

    def corridors(self, between: pd.DataFrame | None = None) -> pd.DataFrame:
        """Tonnes and share through the gates of each corridor, of all demand or of some of it.

        Args:
            between: Demand to look at: ``exporter``, ``importer`` pairs; all where not given.

        Returns:
            ``corridor``, ``name``, ``tonnes``, ``share_pct`` (of the demand looked at, delivered).
        """
        table = self._with_economies()
        chosen = np.ones(len(table), dtype=bool)
        if between is not None:
            wanted = set(zip(between["exporter"], between["importer"], strict=True))
            chosen = np.array(
                [pair in wanted for pair in zip(table["exporter"], table["importer"], strict=True)]
            )
        flow = table["flow"].to_numpy(dtype=np.float64)
        whole = float(flow[chosen].sum())
        rows = []
        for key, row in self.supernetwork.case.table("corridors").iterrows():
            share = self.result.loading.share(self._gates(str(row["gates"])))
            tonnes = float((share * flow)[chosen].sum())
            rows.append((str(key), str(row["name"]), tonnes, 100.0 * tonnes / whole if whole else 0.0))
        return pd.DataFrame(rows, columns=["corridor", "name", "tonnes", "share_pct"])

    def _gates(self, links: str) -> Bools:
        wanted = {f"links/{link}" for link in links.split(";")}
        cells = self.result.network.arcs["rows"].str.split(";")
        return np.array([bool(wanted & set(cell)) for cell in cells], dtype=np.bool_)

    def _with_economies(self) -> pd.DataFrame:
        """Demand with ``exporter`` and ``importer``, as categories: each is compared with every territory."""
        table = self.result.demand.table.copy()
        for end, economy in (("origin", "exporter"), ("destination", "importer")):
            zone_of, zones = pd.factorize(table[end])
            code, names = pd.factorize(pd.Index([str(zone).rpartition("/")[2] for zone in zones], dtype=str))
            table[economy] = pd.Categorical.from_codes(code[zone_of], names)
        return table

    def bottlenecks(self, most: int = 10) -> pd.DataFrame:
        """The groups with a capacity that delay goods most, by hours in all."""
        network, result = self.result.network, self.result
        delays = network.delays
        first = np.unique(network.graph.group, return_index=True)[1]
        arcs = network.arcs.iloc[first]
        table = pd.DataFrame(
            {
                "group": network.groups,
                "territory": arcs["territory"].to_numpy(),
                "tonnes": result.group_flow,
                "capacity_t": delays.capacity,
                "delay_h": result.delay,
            }
        )
        table = table[delays.kind > 0].copy()
        table["v_c"] = table["tonnes"] / table["capacity_t"]
        table["tonne_hours"] = table["tonnes"] * table["delay_h"]
        return table.sort_values("tonne_hours", ascending=False).head(most).reset_index(drop=True)

    def transit(self) -> pd.DataFrame:
        """Goods that pass a territory without starting or ending in it, by territory.

        Returns:
            ``territory``, ``transit_t``, ``home_t`` (of it, the region's own trade), ``tonne_km`` (of all
            goods on its links) and ``usd`` (carriage on its links, charges at its borders and terminals).
        """
        arcs, table = self.result.network.arcs, self._with_economies()
        total = self.result.flows.sum(axis=0)
        flow = table["flow"].to_numpy(dtype=np.float64)
        money, home = self._money_by_arc(), self.supernetwork.case.region.home
        own = (table["exporter"].isin(home) | table["importer"].isin(home)).to_numpy(dtype=bool)
        rows = []
        for territory in sorted(set(arcs["territory"])):
            inside = ((arcs["territory"] == territory) & (arcs["kind"] == "haul")).to_numpy(dtype=bool)
            if not inside.any():
                continue
            share = self.result.loading.share(inside)
            foreign = (table["exporter"] != territory) & (table["importer"] != territory)
            here = (arcs["territory"] == territory).to_numpy(dtype=bool)
            lengths = arcs["length_km"].to_numpy(dtype=np.float64)
            passing = share * flow * foreign.to_numpy(dtype=bool)
            carried = float((total * lengths)[inside].sum())
            rows.append((territory, passing.sum(), passing[own].sum(), carried, float(money[here].sum())))
        return pd.DataFrame(rows, columns=["territory", "transit_t", "home_t", "tonne_km", "usd"])

    def _money_by_arc(self) -> Floats:
        """US dollars a year paid on each arc by all goods."""
        arcs, demand = self.result.network.arcs, self.result.demand
        cargo = self.supernetwork.case.table("commodities")["cargo"].to_dict()
        money = np.zeros(self.result.network.size)
        for k, name in enumerate(demand.classes):
            column = f"usd_per_t_{cargo[name.partition('|')[0]]}"
            money += self.result.flows[k] * arcs[column].to_numpy(dtype=np.float64)
        return money

    def stations(self) -> pd.DataFrame:
        """Throughput and queue at ports, terminals and borders.

        Returns:
            ``place``, ``country``, ``kind`` (``crossing`` or ``transfer``), ``mode``, ``tonnes``,
            ``capacity_t`` (the largest known of its directions and berths, with all that shares them;
            infinite where none is known) and ``queue_h``, the mean wait beyond the usual dwell, weighted
            by tonnes.
        """
        arcs, group = self.result.network.arcs, self.result.network.graph.group
        first = arcs["rows"].str.split(";").str[0].str.split("/")
        told = arcs["kind"].isin(["transfer", "crossing"]) & first.str[0].isin(["transfers", "crossings"])
        chosen = told.to_numpy(dtype=bool)
        table = pd.DataFrame(
            {
                "place": first[chosen].str[1].to_numpy(),
                "country": first[chosen]
                .str[1]
                .map(self.supernetwork.case.table("places")["iso3"])
                .to_numpy(),
                "kind": arcs["kind"][chosen].to_numpy(),
                "mode": arcs["mode"][chosen].to_numpy(),
                "tonnes": self.result.flows.sum(axis=0)[chosen],
                "capacity_t": arcs["capacity"][chosen]
                .where(np.isfinite(arcs["capacity"][chosen]))
                .to_numpy(),
                "queue_h": self.result.delay[group][chosen],
            }
        )
        table["waited"] = table["tonnes"] * table["queue_h"]
        keys = ["place", "country", "kind", "mode"]
        sums = {"tonnes": "sum", "capacity_t": "max", "waited": "sum"}
        summed = table.groupby(keys, as_index=False).agg(sums)
        summed["capacity_t"] = summed["capacity_t"].fillna(np.inf)
        summed["queue_h"] = summed["waited"] / summed["tonnes"].where(summed["tonnes"] > 0.0, 1.0)
        return summed.drop(columns=["waited"])

    def journeys(self, start: str, end: str) -> pd.DataFrame:
        """Time and cost of one container from ``start`` to ``end`` by each corridor.

        Returns:
            ``corridor``, ``name``, ``days``, ``usd_per_teu``, ``length_km``, ``changes``, ``borders``,
            ``co2_kg_per_t``, and ``observed_days`` and ``observed_usd`` told of such journeys by the
            corridor's own kind of carriage; a corridor that is not open has no row.
        """
        network, rows = self.result.network, []
        base = self.result.base[self._boxed()]
        for key, row in self.supernetwork.case.table("corridors").iterrows():
            places = [start, *str(row["via"]).split(";"), end]
            if any(not any(node.startswith(f"{place}/") for node in network.nodes) for place in places):
                continue
            if not self._gates(str(row["gates"])).any():
                continue
            way = journey(network, places, base, self.result.delay)
            if way is None:
                continue
            rows.append(
                (
                    str(key),
                    str(row["name"]),
                    way.time_h / HOURS_PER_DAY,
                    way.usd_per_t * TONNES_PER_TEU,
                    way.length_km,
                    way.changes,
                    way.crossings,
                    way.g_co2_per_t / 1000.0,
                    *observed(self.supernetwork.case, start, end, carriage(network, way)),
                )
            )
        return pd.DataFrame(rows, columns=list(JOURNEY))

    def _boxed(self) -> int:
        """Class whose costs a container's journey is judged by: unrestricted, all goods rather than some."""
        cargo = self.supernetwork.case.table("commodities")["cargo"].to_dict()

        def rank(name: str) -> tuple[bool, bool, bool, str]:
            commodity, _, profile = name.partition("|")
            return profile != "", cargo[commodity] != "container", commodity != TOTAL, name

        classes = self.result.demand.classes
        return min(range(len(classes)), key=lambda k: rank(classes[k]))
