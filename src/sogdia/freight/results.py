"""Result of a freight assignment: corridors, bottlenecks, transit, ports and borders, journeys, links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.assignment.kernels.arrays import Bools, Floats
from sogdia.assignment.results import AssignmentResult
from sogdia.case import unit_values_of
from sogdia.codes import ALL_GOODS
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.journeys import find_journey, has_stations, main_mode, observed_ranges
from sogdia.freight.route_choice import gate_mask
from sogdia.freight.supernetwork.arcs import CROSSING, HAUL, PIPELINE_HAUL, TRANSFER
from sogdia.freight.supernetwork.constants import HOURS_PER_DAY, PER_CENT
from sogdia.freight.supernetwork.demand import PAIR, tonnes_by_pair
from sogdia.freight.supernetwork.loads import Loads
from sogdia.freight.supernetwork.restrictions import CLASS_COLUMNS
from sogdia.freight.tables import BOTTLENECKS, CORRIDORS, JOURNEYS, LINKS, STATIONS, TRANSIT
from sogdia.tables import list_items
from sogdia.tables.summary import ShortRepr

G_PER_KG = 1000.0
KEY_OF_KIND = {
    HAUL: "link_id",
    CROSSING: "crossing_id",
    TRANSFER: "transfer_id",
    PIPELINE_HAUL: "pipeline_id",
}
"""Column of arcs with the key of the row that a kind of arc is built from."""


@dataclass(frozen=True, eq=False, repr=False)
class FreightResult(ShortRepr):
    """Assigned freight of a case.

    Attributes:
        supernetwork: Network and demand.
        result: The assignment.
    """

    supernetwork: Supernetwork
    result: AssignmentResult

    @cached_property
    def _demand(self) -> pd.DataFrame:
        """Delivered demand with exporter, importer and commodity."""
        return self.supernetwork.identified(self.result.demand)

    def undelivered(self) -> pd.DataFrame:
        """Return demand without a path and its value.

        Returns:
            ``exporter``, ``importer``, ``commodity``, ``tonnes``, ``value_musd``: as a share of
            the pair's tonnes and value.
        """
        table, nodes = self.result.undelivered.copy(), self.supernetwork.nodes
        table["exporter"] = table["origin"].map(nodes["economy"])
        table["importer"] = table["destination"].map(nodes["economy"])
        table["commodity"] = table["class"].map(self.supernetwork.classes["commodity"])
        case = self.supernetwork.case
        pairs = tonnes_by_pair(
            case.table("trade"), case.table("commodities"), unit_values_of(case), case.table("demand_factors")
        )
        summed = table.groupby(PAIR, as_index=False)[["flow"]].sum().rename(columns={"flow": "tonnes"})
        traded = summed[PAIR].merge(pairs, on=PAIR, how="left")
        summed["value_musd"] = summed["tonnes"] * traded["value_musd"] / traded["tonnes"]
        return summed.sort_values("tonnes", ascending=False, ignore_index=True)

    def corridor_shares(self, pairs: pd.DataFrame | None = None) -> pd.DataFrame:
        """Return tonnes and share through the gates of each corridor, of all demand or of some pairs.

        Args:
            pairs: ``exporter`` and ``importer`` of the demand to count; all if not given.

        Returns:
            ``corridor``, ``name``, ``tonnes``, ``share_pct`` (of the delivered demand counted).
        """
        table = self._demand
        counted = np.ones(len(table), dtype=bool)
        if pairs is not None:
            of_row, included = (
                pd.MultiIndex.from_arrays([each[name].astype(object) for name in ("exporter", "importer")])
                for each in (table, pairs)
            )
            counted = of_row.isin(included)
        flow = table["flow"].to_numpy(dtype=np.float64)
        total = float(flow[counted].sum())
        rows = []
        for key, name in self.supernetwork.case.table("corridors")["name"].items():
            tonnes = float((self._corridor_share[str(key)] * flow)[counted].sum())
            rows.append((str(key), str(name), tonnes, PER_CENT * tonnes / total if total else 0.0))
        return pd.DataFrame(rows, columns=["corridor", "name", "tonnes", "share_pct"])

    @cached_property
    def _corridor_share(self) -> Mapping[str, Floats]:
        """Share of each row of demand through the gates of each corridor, (T,) each."""
        gates = self.supernetwork.case.table("corridors")["gates"]
        sets = [gate_mask(self.supernetwork, str(cell)) for cell in gates]
        sets_of_arcs = np.array(sets, dtype=bool).reshape(len(sets), self.result.network.size)
        return dict(zip(map(str, gates.index), self.result.loading.each_share(sets_of_arcs), strict=True))

    def corridors(self) -> pd.DataFrame:
        """Return tonnes and share through each corridor, of all freight and of the trade of home countries.

        Returns:
            The columns of :data:`sogdia.freight.tables.CORRIDORS`.
        """
        case = self.supernetwork.case
        home, economies = set(case.region.home), list(case.table("economies")["iso3"])
        pairs = [(a, b) for a in economies for b in economies if a != b and (a in home or b in home)]
        own = self.corridor_shares(pd.DataFrame(pairs, columns=["exporter", "importer"]))
        return CORRIDORS.frame(
            self.corridor_shares().assign(home_t=own["tonnes"], home_share_pct=own["share_pct"])
        )

    def bottlenecks(self, most: int = 10) -> pd.DataFrame:
        """Return the capacities that cause most delay in total.

        Args:
            most: Number of rows.

        Returns:
            The columns of :data:`sogdia.freight.tables.BOTTLENECKS`.
        """
        network, delays = self.result.network, self.result.network.delays
        arcs = network.arcs.iloc[np.unique(network.graph.group, return_index=True)[1]]
        row = pd.Series("", index=arcs.index, dtype="str")
        for kind, column in KEY_OF_KIND.items():
            row = row.where(arcs["kind"] != kind, arcs[column])
        table = pd.DataFrame(
            {
                "group": network.groups,
                "territory": arcs["territory"].to_numpy(),
                "kind": arcs["kind"].to_numpy(),
                "row": row.to_numpy(),
                "place": arcs["place"].to_numpy(),
                "tonnes": self.result.group_flow,
                "domestic_t": delays.preload,
                "capacity_t": delays.capacity,
                "delay_h": self.result.delay,
            }
        )
        table = table[delays.kind > 0].copy()
        table["v_c"] = (table["tonnes"] + table["domestic_t"]) / table["capacity_t"]
        table["tonne_hours"] = table["tonnes"] * table["delay_h"]
        worst = table.sort_values("tonne_hours", ascending=False).head(most).reset_index(drop=True)
        return BOTTLENECKS.frame(worst)

    def transit(self) -> pd.DataFrame:
        """Return freight that passes a territory without starting or ending in it.

        Returns:
            The columns of :data:`sogdia.freight.tables.TRANSIT`.
        """
        arcs, table = self.result.network.arcs, self._demand
        total = self.result.flows.sum(axis=0)
        flow = table["flow"].to_numpy(dtype=np.float64)
        charges, home = self._charges_by_arc(), self.supernetwork.case.region.home
        own = (table["exporter"].isin(home) | table["importer"].isin(home)).to_numpy(dtype=bool)
        lengths = arcs["length_km"].to_numpy(dtype=np.float64)
        rows, is_haul = [], arcs["kind"].eq(HAUL).to_numpy(dtype=bool)
        territories = sorted(set(arcs.loc[is_haul, "territory"]))
        inside = np.array([arcs["territory"].eq(name) for name in territories], dtype=bool)
        inside = inside.reshape(len(territories), len(arcs))
        shares = self.result.loading.each_share(inside & is_haul)
        for territory, is_inside, share in zip(territories, inside, shares, strict=True):
            is_foreign = (table["exporter"] != territory) & (table["importer"] != territory)
            passing = share * flow * is_foreign.to_numpy(dtype=bool)
            tonne_km = float((total * lengths)[is_inside & is_haul].sum())
            rows.append(
                (territory, passing.sum(), passing[own].sum(), tonne_km, float(charges[is_inside].sum()))
            )
        return TRANSIT.frame(rows)

    def _charges_by_arc(self) -> Floats:
        """Return the charges of all freight on each arc, USD a year, (A,)."""
        return np.asarray((self.result.flows * self.supernetwork.charges).sum(axis=0))

    def stations(self) -> pd.DataFrame:
        """Return throughput and queue at ports, terminals and borders.

        Returns:
            The columns of :data:`sogdia.freight.tables.STATIONS`.
        """
        arcs, group = self.result.network.arcs, self.result.network.graph.group
        is_station = ((arcs["crossing_id"] != "") | (arcs["transfer_id"] != "")).to_numpy(dtype=bool)
        table = arcs.loc[is_station, ["place", "kind", "mode", "from_mode", "to_mode"]].reset_index(drop=True)
        table["country"] = table["place"].map(self.supernetwork.case.table("places")["iso3"])
        table["tonnes"] = self.result.flows.sum(axis=0)[is_station]
        capacity = arcs["capacity"].to_numpy(dtype=np.float64)[is_station]
        table["capacity_t"] = np.where(np.isfinite(capacity), capacity, np.nan)
        table["wait_t_h"] = table["tonnes"] * self.result.delay[group][is_station]
        keys = ["place", "country", "kind", "mode", "from_mode", "to_mode"]
        sums = {"tonnes": "sum", "capacity_t": "max", "wait_t_h": "sum"}
        summed = table.groupby(keys, as_index=False).agg(sums)
        summed["capacity_t"] = summed["capacity_t"].fillna(np.inf)
        summed["queue_h"] = summed["wait_t_h"] / summed["tonnes"].where(summed["tonnes"] > 0.0, 1.0)
        return STATIONS.frame(summed.drop(columns=["wait_t_h"]))

    def journeys_between(self, start: str, end: str) -> pd.DataFrame:
        """Return time and cost of one container from ``start`` to ``end`` by each corridor that is open.

        Returns:
            The columns of :data:`sogdia.freight.tables.JOURNEYS`; ``observed_days`` and ``observed_usd`` are
            of such journeys by the corridor's own main mode.
        """
        case, rows = self.supernetwork.case, []
        base = self.result.free_flow_costs[self._container_class()]
        t_per_teu = Loads(case.table("loads")).t_per_teu
        for key, row in case.table("corridors").iterrows():
            places = [start, *list_items(row["via"]), end]
            if not all(has_stations(self.supernetwork, place) for place in places):
                continue
            if not gate_mask(self.supernetwork, str(row["gates"])).any():
                continue
            journey = find_journey(self.supernetwork, places, base, self.result.delay)
            if journey is None:
                continue
            mode = main_mode(self.result.network, journey)
            rows.append(
                (
                    start,
                    end,
                    str(key),
                    str(row["name"]),
                    journey.time_h / HOURS_PER_DAY,
                    journey.usd_per_t * t_per_teu,
                    journey.length_km,
                    journey.changes,
                    journey.crossings,
                    journey.g_co2_per_t / G_PER_KG,
                    *observed_ranges(case, start, end, mode),
                )
            )
        return JOURNEYS.frame(rows)

    def journeys(self) -> pd.DataFrame:
        """Return every journey of the table ``journeys`` by every corridor that is open.

        Returns:
            The columns of :data:`sogdia.freight.tables.JOURNEYS`.
        """
        places = self.supernetwork.case.table("places").index
        ends = self.supernetwork.case.table("journeys")[["from", "to"]]
        tables = [
            self.journeys_between(start, end)
            for start, end in ends.itertuples(index=False)
            if start in places and end in places
        ]
        tables = [table for table in tables if len(table)]
        return pd.concat(tables, ignore_index=True) if tables else JOURNEYS.frame(())

    def _container_class(self) -> int:
        """Return the class by whose costs a container travels: unrestricted, containers, all goods."""
        cargo = self.supernetwork.case.table("commodities")["cargo"].to_dict()
        classes = self.supernetwork.classes.loc[list(self.result.demand.classes), list(CLASS_COLUMNS)]

        def rank(row: tuple[str, ...]) -> tuple[bool, bool, bool, str]:
            name, commodity, *profiles = row
            return profiles != ["", "", ""], cargo[commodity] != "container", commodity != ALL_GOODS, name

        ranks = [rank(row) for row in classes.itertuples(name=None)]
        return min(range(len(ranks)), key=ranks.__getitem__)

    def links(self) -> pd.DataFrame:
        """Return freight on each link of the region that the case has, in the order of its table.

        Returns:
            The columns of :data:`sogdia.freight.tables.LINKS`.
        """
        case, arcs = self.supernetwork.case, self.result.links()
        haul = arcs[arcs["kind"].eq(HAUL)]
        known = case.table("links").set_index("id")
        known = known[known.index.isin(haul["link_id"])]
        end = haul["to"].map(self.supernetwork.nodes["place"])
        is_forward: Bools = end.eq(haul["link_id"].map(known["to"])).to_numpy(dtype=bool)
        table = known[["from", "to", "mode", "length_km"]].rename_axis("link")
        for name, chosen in (("forward_t", is_forward), ("back_t", ~is_forward)):
            rows = haul[chosen]
            table[name] = rows["flow"].groupby(rows["link_id"]).sum().reindex(known.index).fillna(0.0)
        table["tonnes"] = table["forward_t"] + table["back_t"]
        by_link = haul.groupby("link_id")
        table["domestic_t"] = by_link["preload"].max().reindex(table.index).astype(np.float64)
        table["capacity_t"] = by_link["capacity"].max().reindex(table.index).astype(np.float64)
        table["v_c"] = by_link["v_c"].max().reindex(table.index)
        places = case.table("places").set_index("id")
        for side in ("from", "to"):
            for axis in ("lon", "lat"):
                table[f"{side}_{axis}"] = table[side].map(places[axis]).astype(np.float64)
        return LINKS.frame(table.reset_index())
