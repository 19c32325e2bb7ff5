"""Result tables of a year: generation, flows, prices, unserved energy, costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from sogdia.power.cascades import passing_mw
from sogdia.power.costs import BATTERY
from sogdia.power.exchange import cross_border_exchanges, line_flows
from sogdia.power.fleet import HYDRO
from sogdia.power.generators import BUYS, CANDIDATE, PLANT, SELLS, SHED
from sogdia.power.hourly import hourly_tables
from sogdia.power.potentials import potential_warnings
from sogdia.power.profiles import CAPACITY_FACTORS
from sogdia.power.scarcity import (
    SHORTAGE_MW,
    long_run_by_country,
    price_summary,
    result_warnings,
    unserved_mw,
)
from sogdia.power.solution import PowerSolution
from sogdia.power.supply import plant_output, supply_by_partner
from sogdia.power.tables import (
    BUILT,
    COSTS,
    COUNTRIES,
    DEMAND,
    GENERATION_TABLE,
    PRICES,
    TABLES,
    UNSERVED_TABLE,
)
from sogdia.tables.summary import ShortRepr
from sogdia.units import MWH_PER_GWH, T_PER_MT, USD_PER_MUSD


@dataclass(frozen=True, eq=False, repr=False)
class PowerResult(ShortRepr, PowerSolution):
    """A solved year and its tables, declared in :data:`sogdia.power.tables.TABLES`."""

    @cached_property
    def generation(self) -> pd.DataFrame:
        """Generation by zone and carrier (:data:`sogdia.power.tables.GENERATION_TABLE`)."""
        rows = self.inputs.generators
        is_plant = rows["kind"].isin([PLANT, CANDIDATE]).to_numpy()
        plants = rows[is_plant]
        generation = self.annual_sum(self.generator_mw[:, is_plant])
        capacity = plants["p_nom_mw"].to_numpy(dtype=np.float64)
        available = self.annual_sum(self.inputs.p_max[:, is_plant]) * capacity
        co2 = generation * (plants["co2_t_per_mwh_th"] / plants["efficiency"]).to_numpy(dtype=np.float64)
        thermal = pd.DataFrame(
            {
                "zone": plants["bus"],
                "iso3": plants["iso3"],
                "carrier": plants["carrier"],
                "capacity_mw": capacity,
                "generation_gwh": generation / MWH_PER_GWH,
                "available_gwh": available / MWH_PER_GWH,
                "co2_mt": co2 / T_PER_MT,
            }
        )
        table = pd.concat([thermal, self._hydro()], ignore_index=True)
        summed = table.groupby(["zone", "iso3", "carrier"], as_index=False).sum()
        is_curtailable = summed["carrier"].isin([*CAPACITY_FACTORS, HYDRO])
        unused = (summed["available_gwh"] - summed["generation_gwh"]).clip(lower=0.0)
        summed["curtailed_gwh"] = unused.where(is_curtailable, 0.0)
        at_capacity = summed["capacity_mw"] * float(self.inputs.snapshots.weight_h.sum()) / MWH_PER_GWH
        summed["capacity_factor"] = (summed["generation_gwh"] / at_capacity).where(at_capacity > 0, 0.0)
        return GENERATION_TABLE.frame(summed)

    def _hydro(self) -> pd.DataFrame:
        reservoirs = self.inputs.reservoirs
        return pd.DataFrame(
            {
                "zone": reservoirs["bus"],
                "iso3": reservoirs["iso3"],
                "carrier": HYDRO,
                "capacity_mw": reservoirs["p_nom_mw"],
                "generation_gwh": self.annual_sum(self.hydro_mw) / MWH_PER_GWH,
                "available_gwh": self.annual_sum(passing_mw(reservoirs, self.inputs.inflow_mw)) / MWH_PER_GWH,
                "co2_mt": 0.0,
            }
        )

    @cached_property
    def flows(self) -> pd.DataFrame:
        """Flows of each line and direction (:data:`sogdia.power.tables.FLOWS`)."""
        return line_flows(self, long_run_by_country(self, self.price_summary))

    @cached_property
    def exchanges(self) -> pd.DataFrame:
        """Cross-border trade (:data:`sogdia.power.tables.EXCHANGES`)."""
        return cross_border_exchanges(self, self.flows)

    @cached_property
    def unserved(self) -> pd.DataFrame:
        """Unserved energy by zone (:data:`sogdia.power.tables.UNSERVED_TABLE`)."""
        zones, shed = self.inputs.zones.table, unserved_mw(self)
        energy, load = self.annual_sum(shed), self.annual_sum(self.inputs.load_mw)
        return UNSERVED_TABLE.frame(
            pd.DataFrame(
                {
                    "zone": zones.index.to_numpy(),
                    "iso3": zones["iso3"].to_numpy(),
                    "unserved_gwh": energy / MWH_PER_GWH,
                    "unserved_h": self.annual_sum((shed > SHORTAGE_MW).astype(np.float64)),
                    "unserved_share": np.divide(energy, load, out=np.zeros_like(load), where=load > 0.0),
                    "worst_mw": shed.max(axis=0, initial=0.0),
                }
            )
        )

    @cached_property
    def price_summary(self) -> pd.DataFrame:
        """Prices with and without scarcity (:data:`sogdia.power.tables.PRICE_SUMMARY`)."""
        margin = 1.0 + self.inputs.settings.reserve_margin_pct / 100.0
        peak = self.inputs.reserve["peak_mw"]
        required = {str(iso3): margin * float(mw) for iso3, mw in peak.items()}
        return price_summary(self, self.filler.capacity_usd_per_mw, required)

    @cached_property
    def warnings(self) -> tuple[str, ...]:
        """Sentences on results that need care.

        See :func:`sogdia.power.scarcity.result_warnings` and
        :func:`sogdia.power.potentials.potential_warnings`.
        """
        names = self.inputs.zones.table["name"]
        above = potential_warnings(self.inputs.case, self.inputs.fleet, names)
        return (*result_warnings(self, self.unserved, self.price_summary), *above)

    @cached_property
    def plants(self) -> pd.DataFrame:
        """Generation by plant (:data:`sogdia.power.tables.PLANTS`)."""
        return plant_output(self)

    @cached_property
    def supply(self) -> pd.DataFrame:
        """Supply that depends on partners (:data:`sogdia.power.tables.SUPPLY`)."""
        return supply_by_partner(self, self.plants, self.generation, self.exchanges)

    @cached_property
    def built(self) -> pd.DataFrame:
        """Capacity built in addition to the plan's projects (:data:`sogdia.power.tables.BUILT`)."""
        columns = ["bus", "iso3", "carrier", "capital_usd_per_mw"]
        candidates = self.inputs.generators[self.inputs.is_candidate]
        batteries = self.inputs.batteries.assign(carrier=BATTERY)
        parts = pd.concat([candidates[columns], batteries[columns]])
        built = self.filler.series.reindex(parts.index).fillna(0.0).to_numpy(dtype=np.float64)
        return BUILT.frame(
            pd.DataFrame(
                {
                    "zone": parts["bus"].to_numpy(),
                    "iso3": parts["iso3"].to_numpy(),
                    "carrier": parts["carrier"].to_numpy(),
                    "built_mw": built,
                    "capital_musd": built
                    * parts["capital_usd_per_mw"].to_numpy(dtype=np.float64)
                    / USD_PER_MUSD,
                }
            )
        )

    @cached_property
    def costs(self) -> pd.DataFrame:
        """Components of the system cost (:data:`sogdia.power.tables.COSTS`).

        The total is the objective of the dispatch plus the annual cost of new capacity.
        """
        rows = self.inputs.generators
        spent = self.annual_sum(self.generator_mw) * rows["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        intensity = (rows["co2_t_per_mwh_th"] / rows["efficiency"]).to_numpy(dtype=np.float64)
        carbon = self.annual_sum(self.generator_mw) * intensity * self.inputs.settings.co2_usd_per_t
        kind = rows["kind"].to_numpy()
        is_plant = np.isin(kind, [PLANT, CANDIDATE])
        line_cost = self.inputs.links["cost_usd_per_mwh"].to_numpy(dtype=np.float64)
        parts = {
            "fuel_and_running": float((spent - carbon)[is_plant].sum()),
            "carbon_price": float(carbon[is_plant].sum()),
            "unserved_energy": float(spent[kind == SHED].sum()),
            "bought_from_neighbours": float(spent[kind == SELLS].sum()),
            "sold_to_neighbours": float(spent[kind == BUYS].sum()),
            "line_charges_and_premiums": float((self.annual_sum(self.flow_mw) * line_cost).sum()),
            "stored_water": float(self.stored_water_usd.sum()),
            "fuel_above_limits": sum(self.excess_usd_by_country().values()),
            "expansion_capital": float(self.built["capital_musd"].sum()) * USD_PER_MUSD,
        }
        table = pd.DataFrame({"item": [*parts, "total"], "cost_musd": [*parts.values(), sum(parts.values())]})
        return COSTS.frame(table.assign(cost_musd=table["cost_musd"] / USD_PER_MUSD + 0.0))

    @cached_property
    def countries(self) -> pd.DataFrame:
        """The year by country (:data:`sogdia.power.tables.COUNTRIES`)."""
        zones = self.inputs.zones.table
        codes = sorted(set(zones["iso3"]))
        trade, generation, unserved = self.exchanges, self.generation, self.unserved
        load = self.inputs.load_mw * self.inputs.snapshots.weight_h[:, None]
        prices = self.price_usd_per_mwh[list(zones.index)].to_numpy()
        by_zone = pd.DataFrame({"iso3": zones["iso3"], "load": load.sum(axis=0)})
        demand = by_zone.groupby("iso3")["load"].sum()
        paid = by_zone.assign(load=(load * prices).sum(axis=0)).groupby("iso3")["load"].sum()
        table = pd.DataFrame(index=pd.Index(codes, name="iso3"))
        table["demand_gwh"] = demand / MWH_PER_GWH
        table["generation_gwh"] = generation.groupby("iso3")["generation_gwh"].sum()
        table["imports_gwh"] = trade.groupby("importer")["received_gwh"].sum()
        table["exports_gwh"] = trade.groupby("exporter")["sent_gwh"].sum()
        table = table.fillna(0.0)
        table["net_imports_gwh"] = table["imports_gwh"] - table["exports_gwh"]
        table["unserved_gwh"] = unserved.groupby("iso3")["unserved_gwh"].sum()
        table["unserved_cost_musd"] = self._unserved_cost() / USD_PER_MUSD
        table["curtailed_gwh"] = generation.groupby("iso3")["curtailed_gwh"].sum()
        table["co2_mt"] = generation.groupby("iso3")["co2_mt"].sum()
        table["lifecycle_ghg_mt"] = table["co2_mt"] * pd.Series(self.inputs.lifecycle_ratio)
        capital = self.built.groupby("iso3")["capital_musd"].sum().reindex(table.index).fillna(0.0)
        table["capital_musd"] = capital
        table["cost_musd"] = (self._generation_cost() / USD_PER_MUSD).add(capital, fill_value=0.0)
        table["price_usd_per_mwh"] = (paid / demand).where(demand > 0, 0.0)
        table["export_earnings_musd"] = trade.groupby("exporter")["earned_musd"].sum()
        return COUNTRIES.frame(table.reindex(codes).fillna(0.0).reset_index())

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Load, network losses and suppressed demand (:data:`sogdia.power.tables.DEMAND`)."""
        demand, parts = self.countries.set_index("iso3")["demand_gwh"], self.inputs.demand
        losses = demand * parts["loss_share"].reindex(demand.index)
        table = pd.DataFrame(
            {
                "demand_gwh": demand,
                "losses_gwh": losses,
                "final_gwh": demand - losses,
                "suppressed_gwh": parts["suppressed_gwh"].reindex(demand.index),
            }
        )
        return DEMAND.frame(table.reset_index())

    def _generation_cost(self) -> pd.Series[float]:
        """Return the running cost of plants by country, with fuel above limits and stored water, USD."""
        rows = self.inputs.generators
        is_plant = rows["kind"].isin([PLANT, CANDIDATE]).to_numpy()
        spent = (
            self.annual_sum(self.generator_mw[:, is_plant]) * rows["cost_usd_per_mwh"][is_plant].to_numpy()
        )
        cost = pd.Series(spent, index=rows["iso3"][is_plant]).groupby(level=0).sum()
        water = pd.Series(self.stored_water_usd, index=self.inputs.reservoirs["iso3"], dtype=float)
        cost = cost.add(water.groupby(level=0).sum(), fill_value=0.0)
        return cost.add(pd.Series(self.excess_usd_by_country(), dtype=float), fill_value=0.0)

    def _unserved_cost(self) -> pd.Series[float]:
        """Return unserved energy at the value of lost load by country, USD."""
        rows = self.inputs.generators
        is_shed = (rows["kind"] == SHED).to_numpy()
        cost = self.annual_sum(self.generator_mw[:, is_shed]) * rows["cost_usd_per_mwh"][is_shed].to_numpy()
        return pd.Series(cost, index=rows["iso3"][is_shed]).groupby(level=0).sum()

    @cached_property
    def prices(self) -> pd.DataFrame:
        """Marginal price by snapshot and bus (:data:`sogdia.power.tables.PRICES`)."""
        long = self.price_usd_per_mwh.melt(ignore_index=False, var_name="bus", value_name="price_usd_per_mwh")
        return PRICES.frame(long.rename_axis(index="snapshot").reset_index())

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return every table of the year by name (:data:`sogdia.power.tables.TABLES`)."""
        return {name: getattr(self, name) for name in TABLES}

    def hourly_tables(self) -> Mapping[str, pd.DataFrame]:
        """Return tables by snapshot by name (:data:`sogdia.power.hourly.HOURLY_TABLES`)."""
        return hourly_tables(self)
