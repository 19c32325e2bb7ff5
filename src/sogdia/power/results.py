"""The result of a run: who made what, what flowed, at which price, what was missing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.components import BUYS, FREE, PLANT, SELLS, SHED
from sogdia.power.exchange import exchanges_of, flows_of
from sogdia.power.fleet import HYDRO
from sogdia.power.profiles import YIELDS
from sogdia.power.reservoirs import BATTERY
from sogdia.power.solution import MWH_PER_GWH, T_PER_MT, USD_PER_MUSD, PowerSolution
from sogdia.power.supply import plant_output, supply_of

LEAST_SHED_MW = 1e-3
"""Load below which an hour does not count as short."""


@dataclass(frozen=True, eq=False)
class PowerResult(PowerSolution):
    """A solved year and its tables; :data:`sogdia.power.tables.TABLES` declares their columns."""

    @cached_property
    def generation(self) -> pd.DataFrame:
        """What each carrier makes in each zone."""
        rows = self.inputs.generators
        chosen = rows["kind"].isin([PLANT, FREE]).to_numpy()
        plants = rows[chosen]
        made = self.year(self.generator_mw[:, chosen])
        size = self.capacity_mw[chosen]
        could = self.year(self.inputs.p_max[:, chosen]) * size
        co2 = made * (plants["co2_t_per_mwh_th"] / plants["efficiency"]).to_numpy(dtype=np.float64)
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
        left = (summed["available_gwh"] - summed["generation_gwh"]).clip(lower=0.0)
        summed["curtailed_gwh"] = left.where(spilled, 0.0)
        whole = summed["capacity_mw"] * float(self.inputs.hourly.weight_h.sum()) / MWH_PER_GWH
        summed["capacity_factor"] = (summed["generation_gwh"] / whole).where(whole > 0, 0.0)
        return summed

    def _hydro(self) -> pd.DataFrame:
        water = self.inputs.reservoirs
        return pd.DataFrame(
            {
                "zone": water["bus"],
                "iso3": water["iso3"],
                "carrier": HYDRO,
                "capacity_mw": water["p_nom_mw"],
                "generation_gwh": self.year(self.hydro_mw) / MWH_PER_GWH,
                "available_gwh": self.year(self.inputs.inflow_mw) / MWH_PER_GWH,
                "co2_mt": 0.0,
            }
        )

    @cached_property
    def flows(self) -> pd.DataFrame:
        """What each line carries in each direction, and what is earned by it."""
        return flows_of(self)

    @cached_property
    def exchanges(self) -> pd.DataFrame:
        """Trade over borders, by exporter and importer."""
        return exchanges_of(self, self.flows)

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """Load that goes unserved, by zone."""
        rows = self.inputs.generators
        chosen = (rows["kind"] == SHED).to_numpy()
        shed = self.generator_mw[:, chosen]
        return pd.DataFrame(
            {
                "zone": rows["bus"][chosen].to_numpy(),
                "iso3": rows["iso3"][chosen].to_numpy(),
                "unserved_gwh": self.year(shed) / MWH_PER_GWH,
                "unserved_h": self.year((shed > LEAST_SHED_MW).astype(np.float64)),
                "worst_mw": shed.max(axis=0, initial=0.0),
            }
        )

    @cached_property
    def plants(self) -> pd.DataFrame:
        """What each plant makes."""
        return plant_output(self)

    @cached_property
    def supply(self) -> pd.DataFrame:
        """Supply of each country that hangs on a partner: fuel, imports, owners, builders."""
        return supply_of(self, self.plants, self.generation, self.exchanges)

    @cached_property
    def built(self) -> pd.DataFrame:
        """What an expansion built in each zone, and its cost of a year."""
        rows = self.inputs.generators
        cells = self.inputs.batteries
        free = rows[rows["kind"] == FREE]
        size = {**self.built_mw("Generator-p_nom"), **self.built_mw("StorageUnit-p_nom")}
        parts = pd.concat([free[["bus", "iso3", "carrier", "capital_usd_per_mw"]], self._cells(cells)])
        built = np.array([size[name] for name in parts.index], dtype=np.float64)
        return pd.DataFrame(
            {
                "zone": parts["bus"].to_numpy(),
                "iso3": parts["iso3"].to_numpy(),
                "carrier": parts["carrier"].to_numpy(),
                "built_mw": built,
                "capital_musd": built * parts["capital_usd_per_mw"].to_numpy(dtype=np.float64) / USD_PER_MUSD,
            }
        )

    @staticmethod
    def _cells(cells: pd.DataFrame) -> pd.DataFrame:
        return cells.assign(carrier=BATTERY)[["bus", "iso3", "carrier", "capital_usd_per_mw"]]

    @cached_property
    def costs(self) -> pd.DataFrame:
        """The cost of the system taken apart, USD million.

        The total is the objective, but that load unserved counts at each country's own value of it and not
        at the region's highest (:attr:`sogdia.power.inputs.PowerInputs.bid_usd_per_mwh`).
        """
        rows = self.inputs.generators
        spent = self.year(self.generator_mw) * rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        burnt = (rows["co2_t_per_mwh_th"] / rows["efficiency"]).to_numpy(dtype=np.float64)
        carbon = self.year(self.generator_mw) * burnt * self.inputs.settings.co2_usd_per_t
        kind = rows["kind"].to_numpy()
        plants = np.isin(kind, [PLANT, FREE])
        lines = self.year(self.flow_mw) * self.inputs.links["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        parts = {
            "fuel_and_running": float((spent - carbon)[plants].sum()),
            "carbon_price": float(carbon[plants].sum()),
            "unserved_load": float(spent[kind == SHED].sum()),
            "bought_from_neighbours": float(spent[kind == SELLS].sum()),
            "sold_to_neighbours": float(spent[kind == BUYS].sum()),
            "charges_and_premiums_of_lines": float(lines.sum()),
            "capital_of_what_is_built": float(self.built["capital_musd"].sum()) * USD_PER_MUSD,
        }
        return pd.DataFrame(
            {"item": [*parts, "total"], "cost_musd": [*parts.values(), sum(parts.values())]}
        ).assign(cost_musd=lambda table: table["cost_musd"] / USD_PER_MUSD + 0.0)

    @cached_property
    def countries(self) -> pd.DataFrame:
        """The year of each country."""
        zones = self.inputs.zones.table
        codes = sorted(set(zones["iso3"]))
        trade, made, short = self.exchanges, self.generation, self.unserved
        load = self.inputs.load_mw * self.inputs.hourly.weight_h[:, None]
        prices = self.price_usd_per_mwh[list(zones.index)].to_numpy()
        by_zone = pd.DataFrame({"iso3": zones["iso3"], "load": load.sum(axis=0)})
        demand = by_zone.groupby("iso3")["load"].sum()
        paid = by_zone.assign(load=(load * prices).sum(axis=0)).groupby("iso3")["load"].sum()
        rows = self.inputs.generators
        chosen = (rows["kind"] == PLANT).to_numpy()
        spent = self.year(self.generator_mw[:, chosen]) * rows["cost_usd_per_mwh"][chosen].to_numpy()
        cost = pd.Series(spent, index=rows["iso3"][chosen]).groupby(level=0).sum()
        table = pd.DataFrame(index=pd.Index(codes, name="iso3"))
        table["demand_gwh"] = demand / MWH_PER_GWH
        table["generation_gwh"] = made.groupby("iso3")["generation_gwh"].sum()
        table["imports_gwh"] = trade.groupby("importer")["received_gwh"].sum()
        table["exports_gwh"] = trade.groupby("exporter")["sent_gwh"].sum()
        table = table.fillna(0.0)
        table["net_imports_gwh"] = table["imports_gwh"] - table["exports_gwh"]
        table["unserved_gwh"] = short.groupby("iso3")["unserved_gwh"].sum()
        table["curtailed_gwh"] = made.groupby("iso3")["curtailed_gwh"].sum()
        table["co2_mt"] = made.groupby("iso3")["co2_mt"].sum()
        table["lifecycle_ghg_mt"] = table["co2_mt"] * pd.Series(self.inputs.lifecycle)
        table["cost_musd"] = cost / USD_PER_MUSD
        table["price_usd_per_mwh"] = (paid / demand).where(demand > 0, 0.0)
        table["export_earnings_musd"] = trade.groupby("exporter")["earned_musd"].sum()
        return table.reindex(codes).fillna(0.0).reset_index()

    @cached_property
    def prices(self) -> pd.DataFrame:
        """Marginal price by hour and bus, one row each."""
        long = self.price_usd_per_mwh.melt(ignore_index=False, var_name="bus", value_name="price_usd_per_mwh")
        return long.rename_axis(index="snapshot").reset_index()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of the year, by name."""
        return {
            "countries": self.countries,
            "generation": self.generation,
            "unserved": self.unserved,
            "exchanges": self.exchanges,
            "flows": self.flows,
            "supply": self.supply,
            "costs": self.costs,
            "built": self.built,
            "plants": self.plants,
            "prices": self.prices,
        }
