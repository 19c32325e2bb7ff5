"""The result of a run: who made what, what flowed, at which price, what was missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.arrays import Floats
from sogdia.power.components import BUYS, PLANT, SELLS, SHED
from sogdia.power.inputs import PowerInputs
from sogdia.power.profiles import YIELDS
from sogdia.power.program import Program
from sogdia.power.solver import Solution, Solve

MWH_PER_GWH, USD_PER_MUSD, T_PER_MT = 1e3, 1e6, 1e6
HYDRO = "hydro"
LEAST_SHED_MW = 1e-3
"""Load below which an hour does not count as short."""


@dataclass(frozen=True, eq=False)
class PowerResult:
    """A solved year. Energies are of the year, weighted by what each snapshot stands for.

    Attributes:
        inputs: What was solved.
        program: The programme.
        solution: Its solution.
    """

    inputs: PowerInputs
    program: Program
    solution: Solution

    @property
    def solve(self) -> Solve:
        """How HiGHS ended: status, objective, iterations, seconds."""
        return self.solution.solve

    @cached_property
    def generator_mw(self) -> Floats:
        """Output of each row of ``inputs.generators``, (T, G)."""
        return self._values("Generator-p", list(self.inputs.generators.index))

    @cached_property
    def hydro_mw(self) -> Floats:
        """Output of each reservoir, (T, S)."""
        return self._values("StorageUnit-p_dispatch", list(self.inputs.reservoirs.index))

    @cached_property
    def flow_mw(self) -> Floats:
        """What enters each row of ``inputs.links``, (T, L)."""
        return self._values("Link-p", list(self.inputs.links.index))

    @cached_property
    def price_usd_per_mwh(self) -> pd.DataFrame:
        """Marginal price by snapshot and bus: what one more MWh of load there would cost."""
        places = self.program.rows["Bus-nodal_balance"]
        names = list(self.program.row_names["Bus-nodal_balance"])
        duals = self.solution.duals[places] / self.inputs.hourly.weight_h[:, None]
        frame = pd.DataFrame(duals, index=self.inputs.hourly.snapshots, columns=names)
        return frame[[name for name in self.inputs.buses if name in names]]

    def _values(self, kind: str, names: list[str]) -> Floats:
        if not names:
            return np.zeros((len(self.inputs.hourly.snapshots), 0))
        at = {name: number for number, name in enumerate(self.program.column_names[kind])}
        places = self.program.columns[kind][:, [at[name] for name in names]]
        return np.asarray(self.solution.values[places], dtype=np.float64)

    def _year(self, values: Floats) -> Floats:
        """Sum over the year, (N,)."""
        return np.asarray(self.inputs.hourly.weight_h @ values, dtype=np.float64)

    @cached_property
    def generation(self) -> pd.DataFrame:
        """What each carrier makes in each zone.

        Returns:
            ``zone``, ``iso3``, ``carrier``, ``capacity_mw``, ``generation_gwh``, ``available_gwh``,
            ``co2_mt``,
            ``curtailed_gwh``, ``capacity_factor``.
        """
        rows = self.inputs.generators
        chosen = ((rows["kind"] != SHED) & (rows["kind"] != SELLS) & (rows["kind"] != BUYS)).to_numpy()
        plants = rows[chosen]
        made = self._year(self.generator_mw[:, chosen])
        size = self._capacity(plants)
        could = self._year(self.inputs.p_max[:, chosen]) * size
        co2 = made * (plants["co2_t_per_mwh_th"] / plants["efficiency"]).to_numpy()
        thermal = pd.DataFrame(
            {
                "zone": plants["bus"],
                "iso3": plants["iso3"],
                "carrier": plants["carrier"],
                "capacity_mw": size,
                "generation_gwh": made / MWH_PER_GWH,
                "available_gwh": could / MWH_PER_GWH,
                "co2_mt": co2 / T_PER_MT,
            }
        )
        table = pd.concat([thermal, self._hydro()], ignore_index=True)
        summed = table.groupby(["zone", "iso3", "carrier"], as_index=False).sum()
        spilled = summed["carrier"].isin([*YIELDS, HYDRO])
        summed["curtailed_gwh"] = (
            (summed["available_gwh"] - summed["generation_gwh"]).where(spilled, 0.0).clip(lower=0.0)
        )
        whole = summed["capacity_mw"] * float(self.inputs.hourly.weight_h.sum()) / MWH_PER_GWH
        summed["capacity_factor"] = (summed["generation_gwh"] / whole).where(whole > 0, 0.0)
        return summed

    def _capacity(self, plants: pd.DataFrame) -> Floats:
        size = plants["p_nom_mw"].to_numpy(dtype=np.float64).copy()
        built = self.program.columns.get("Generator-p_nom")
        if built is not None:
            at = {
                name: int(place)
                for name, place in zip(self.program.column_names["Generator-p_nom"], built, strict=True)
            }
            for number, name in enumerate(plants.index):
                if name in at:
                    size[number] = self.solution.values[at[name]]
        return size

    def _hydro(self) -> pd.DataFrame:
        water = self.inputs.reservoirs
        return pd.DataFrame(
            {
                "zone": water["bus"],
                "iso3": water["iso3"],
                "carrier": HYDRO,
                "capacity_mw": water["p_nom_mw"],
                "generation_gwh": self._year(self.hydro_mw) / MWH_PER_GWH,
                "available_gwh": self._year(self.inputs.inflow_mw) / MWH_PER_GWH,
                "co2_mt": 0.0,
            }
        )

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What each line carries in each direction.

        Returns:
            ``line``, ``from_bus``, ``to_bus``, ``sent_gwh``, ``received_gwh``, ``capacity_mw``, ``full_h``.
        """
        links = self.inputs.links
        sent = self._year(self.flow_mw) / MWH_PER_GWH
        limit = links["p_nom_mw"].to_numpy()
        full = (self.flow_mw >= limit - LEAST_SHED_MW) & (limit > 0)
        return pd.DataFrame(
            {
                "line": links["line"].to_numpy(),
                "from_bus": links["bus0"].to_numpy(),
                "to_bus": links["bus1"].to_numpy(),
                "sent_gwh": sent,
                "received_gwh": sent * links["efficiency"].to_numpy(),
                "capacity_mw": limit,
                "full_h": self._year(full.astype(np.float64)),
            }
        )

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """``zone``, ``iso3``, ``unserved_gwh``, ``unserved_h`` (hours with some), ``worst_mw``."""
        rows = self.inputs.generators
        chosen = (rows["kind"] == SHED).to_numpy()
        shed = self.generator_mw[:, chosen]
        return pd.DataFrame(
            {
                "zone": rows.loc[chosen, "bus"].to_numpy(),
                "iso3": rows.loc[chosen, "iso3"].to_numpy(),
                "unserved_gwh": self._year(shed) / MWH_PER_GWH,
                "unserved_h": self._year((shed > LEAST_SHED_MW).astype(np.float64)),
                "worst_mw": shed.max(axis=0, initial=0.0),
            }
        )

    @cached_property
    def exchanges(self) -> pd.DataFrame:
        """Trade over borders.

        What is earned is what leaves times the price on the sender's side, summed over hours; a neighbour's
        purchase earns the step's price.

        Returns:
            ``exporter``, ``importer`` (codes of countries), ``sent_gwh``, ``received_gwh``, ``earned_musd``.
        """
        links = self.inputs.links
        country = {str(z): str(c) for z, c in self.inputs.zones.table["iso3"].items()}
        exporter = [country.get(bus, bus.partition("/")[0]) for bus in links["bus0"]]
        importer = [country.get(bus, bus.partition("/")[0]) for bus in links["bus1"]]
        price = self.price_usd_per_mwh.reindex(columns=self.inputs.buses).fillna(0.0)
        at_border = np.column_stack(
            [
                price[bus0 if bus0 in country else bus1]
                for bus0, bus1 in zip(links["bus0"], links["bus1"], strict=True)
            ]
        )
        beyond = np.column_stack([price[bus1] for bus1 in links["bus1"]])
        paid = np.where(
            [bus not in country for bus in links["bus1"]], beyond * links["efficiency"].to_numpy(), at_border
        )
        table = pd.DataFrame(
            {
                "exporter": exporter,
                "importer": importer,
                "sent_gwh": self._year(self.flow_mw) / MWH_PER_GWH,
                "received_gwh": self._year(self.flow_mw) * links["efficiency"].to_numpy() / MWH_PER_GWH,
                "earned_musd": self._year(self.flow_mw * paid) / USD_PER_MUSD,
            }
        )
        table = table[table["exporter"] != table["importer"]]
        return table.groupby(["exporter", "importer"], as_index=False).sum()

    @cached_property
    def countries(self) -> pd.DataFrame:
        """The year of each country.

        ``price_usd_per_mwh`` is the mean of hourly prices weighted by load, ``cost_musd`` fuel, variable
        cost and carbon
        of the country's own plants.
        """
        zones = self.inputs.zones.table
        codes = sorted(set(zones["iso3"]))
        trade = self.exchanges
        made, short = self.generation, self.unserved
        load = pd.DataFrame(
            self.inputs.load_mw * self.inputs.hourly.weight_h[:, None], columns=list(zones.index)
        )
        prices = self.price_usd_per_mwh[list(zones.index)].to_numpy()
        paid = (
            pd.Series((load.to_numpy() * prices).sum(axis=0), index=zones.index).groupby(zones["iso3"]).sum()
        )
        demand = pd.Series(load.sum().to_numpy(), index=zones.index).groupby(zones["iso3"]).sum()
        rows = self.inputs.generators
        chosen = (rows["kind"] == PLANT).to_numpy()
        spent = self._year(self.generator_mw[:, chosen]) * rows.loc[chosen, "cost_usd_per_mwh"].to_numpy()
        cost = pd.Series(spent, index=rows.loc[chosen, "iso3"]).groupby(level=0).sum()
        table = pd.DataFrame(index=pd.Index(codes, name="iso3"))
        table["demand_gwh"] = demand / MWH_PER_GWH
        table["generation_gwh"] = made.groupby("iso3")["generation_gwh"].sum()
        table["imports_gwh"] = trade.groupby("importer")["received_gwh"].sum()
        table["exports_gwh"] = trade.groupby("exporter")["sent_gwh"].sum()
        table["unserved_gwh"] = short.groupby("iso3")["unserved_gwh"].sum()
        table["co2_mt"] = made.groupby("iso3")["co2_mt"].sum()
        table["cost_musd"] = cost / USD_PER_MUSD
        table["price_usd_per_mwh"] = paid / demand
        table["export_earnings_musd"] = trade.groupby("exporter")["earned_musd"].sum()
        return table.reindex(codes).fillna(0.0).reset_index()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the year, by name; prices by hour and bus as one row each."""
        prices = self.price_usd_per_mwh.melt(
            ignore_index=False, var_name="bus", value_name="price_usd_per_mwh"
        )
        return {
            "countries": self.countries,
            "generation": self.generation,
            "unserved": self.unserved,
            "exchanges": self.exchanges,
            "flows": self.flows,
            "prices": prices.rename_axis(index="snapshot").reset_index(),
        }
