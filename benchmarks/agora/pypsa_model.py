"""A plain PyPSA network of the published inputs, written without Sogdia.

Fuels are buses with a supply, thermal plants are links from fuel to electricity, and a line is one link with
both signs, as in the publishers' own PyPSA model.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pypsa

from benchmarks.agora.files import DISCOUNT_RATE, LOST_LOAD_USD_PER_MWH, YEAR, ZONES, AgoraFiles

PROFILES = {"PHOT": "solar_cf", "WTON": "wind_cf", "HROR": "run_of_river_cf", "HDAM": "run_of_river_cf"}
CARRIERS = {
    "Solar": "solar", "Wind": "wind", "Water": "hydro", "Gas": "gas", "Oil": "oil", "Bio": "biomass",
    "Uranium": "nuclear",
}  # fmt: skip
"""Carriers of the comparison; all others are coal."""
UNLIMITED_MW = 1e6


def build_network(files: AgoraFiles, *, expansion: bool = False, step: int = 1) -> Any:
    """Build the network of the year; every ``step``-th hour is a snapshot and represents ``step`` hours."""
    with pypsa.option_context("api.legacy_string_dtype", False):
        network = _network(files)
        if expansion:
            _add_candidates(network, files)
        network.set_snapshots(network.snapshots[::step])
    network.snapshot_weightings.loc[:, :] = float(step)
    return network


def _network(files: AgoraFiles) -> Any:
    network: Any = pypsa.Network()
    shape = files["hourly"]["kaz_load_over_mean"]
    network.set_snapshots(pd.RangeIndex(len(shape), name="hour"))
    for row in files.rows("loads", year=YEAR):
        node, mean = row["node"], row["total_load__mwh"] / len(shape)
        network.add("Bus", node)
        network.add("Load", f"load {node}", bus=node, p_set=(shape / shape.mean() * mean).to_numpy())
        _add_supply(network, f"unserved {node}", node, "unserved", LOST_LOAD_USD_PER_MWH)
    for row in files.rows("generators"):
        _add_generator(network, files, row)
    for row in files.rows("thermal_plants"):
        _add_thermal(network, files, row)
    for row in files.rows("interconnectors"):
        start, end = (row[bus].removesuffix("_HVELEC") for bus in ("bus0", "bus1"))
        if not end.endswith("LVELEC"):
            limits = {name: row[name] for name in ("p_min_pu", "p_max_pu", "efficiency", "marginal_cost")}
            size = row["p_nom"] + row[f"p_nom_min_{YEAR}"]
            network.add("Link", row["link"], bus0=start, bus1=end, carrier="line", p_nom=size, **limits)
    return network


def _add_supply(network: Any, name: str, bus: str, carrier: str, price: float) -> None:
    network.add("Generator", name, bus=bus, carrier=carrier, p_nom=UNLIMITED_MW, marginal_cost=price)


def _size(files: AgoraFiles, row: dict[str, Any], name: str) -> float:
    retired = sum(float(found[str(YEAR)]) for found in files.rows("retirements", name=name))
    return float(row["p_nom"]) + float(row[f"p_nom_min_{YEAR}"]) - retired


def _profile(files: AgoraFiles, node: str, kind: str) -> Any:
    return files["hourly"][f"{ZONES[node]}_{PROFILES[kind]}"].clip(upper=1.0).to_numpy()


def _cost(files: AgoraFiles, country: str, kind: str) -> dict[str, Any]:
    return files.row("plant_costs", country=country, powerplant_type=kind.replace("_RETRO", ""), year=YEAR)


def _add_generator(network: Any, files: AgoraFiles, row: dict[str, Any]) -> None:
    size, node, kind = _size(files, row, row["name"]), row["node"], row["type"]
    if size == 0.0 or kind not in PROFILES:
        return
    carrier, profile = CARRIERS[row["carrier"]], _profile(files, node, kind)
    if kind == "HDAM":
        hours = files.row("technologies", technology="HDAM", country=row["country"])["max_hours"]
        network.add(
            "StorageUnit", row["name"], bus=node, carrier=carrier, p_nom=size, p_min_pu=0.0,
            max_hours=float(hours), inflow=profile * size, cyclic_state_of_charge=True,
        )  # fmt: skip
        return
    price = _cost(files, row["country"], kind)["vom__usd_mwh"]
    network.add(
        "Generator", row["name"], bus=node, carrier=carrier, p_nom=size, p_max_pu=profile, marginal_cost=price
    )


def _add_thermal(network: Any, files: AgoraFiles, row: dict[str, Any]) -> None:
    size = _size(files, row, row["link"])
    if size > 0.0:
        node = row["bus1"].removesuffix("_HVELEC")
        kind = (row["country"], row["type"], row["carrier"])
        _add_conversion(network, files, row["link"], row["bus0"], node, kind, {"p_nom": size})


def _add_conversion(
    network: Any,
    files: AgoraFiles,
    name: str,
    fuel: str,
    node: str,
    kind: tuple[str, str, str],
    size: dict[str, Any],
) -> None:
    """Add a link from fuel to electricity; sizes are of electricity, PyPSA's are of fuel."""
    country, technology, carrier = kind
    if fuel not in network.buses.index:
        price = files.row("fuel_supplies", bus=fuel, year=YEAR)["fuel_cost__usd_mwh"]
        network.add("Bus", fuel)
        _add_supply(network, f"supply {fuel}", fuel, "fuel", price)
    row = files.row("technologies", country=country, technology=technology, carrier=carrier)
    efficiency = float(row["efficiency"])
    variable = _cost(files, country, technology)["vom__usd_mwh"]
    if "p_nom" in size:
        size = {"p_nom": size["p_nom"] / efficiency}
    else:
        size = {**size, "capital_cost": size["capital_cost"] * efficiency}
    network.add(
        "Link", name, bus0=fuel, bus1=node, carrier=CARRIERS.get(carrier, "coal"), p_max_pu=row["p_max_pu"],
        efficiency=efficiency, marginal_cost=variable * efficiency, **size,
    )  # fmt: skip


def _add_candidates(network: Any, files: AgoraFiles) -> None:
    """Add sun, wind and gas that may be built at each node, at annuity and fixed cost."""
    for row in files.rows("loads", year=YEAR):
        node, country = row["node"], row["country"]
        for kind, carrier in (("PHOT", "solar"), ("WTON", "wind"), ("CCGT", "gas")):
            cost = _cost(files, country, kind)
            rate, years = DISCOUNT_RATE, cost["life__years"]
            capital = cost["cap__usd_mw"] * rate / (1 - 1 / (1 + rate) ** years) + cost["fom__usd_mwa"]
            free = {"p_nom_extendable": True, "capital_cost": capital}
            name = f"{node} new {carrier}"
            if kind == "CCGT":
                _add_conversion(network, files, name, f"{country}_GASN", node, (country, kind, "Gas"), free)
            else:
                network.add(
                    "Generator", name, bus=node, carrier=carrier, p_max_pu=_profile(files, node, kind),
                    marginal_cost=cost["vom__usd_mwh"], **free,
                )  # fmt: skip
