"""Positions and voltages of buses, for maps and exported networks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS, ANY
from sogdia.power.system import PowerInputs
from sogdia.region.geography import great_circle_km

TOWARDS = 0.1
"""Share of the way from a neighbour's place to its zones at which a second bus there is drawn."""


def bus_positions(inputs: PowerInputs) -> pd.DataFrame:
    """Return the position of every bus.

    A zone lies where ``power_zones`` puts it. The only zone of a country lies at the centre of its places,
    weighted by their shares in ``zones``. A neighbour's bus lies at its place nearest to the zones that it is
    connected to: at the border, not in the middle of a large country.

    Returns:
        By bus: ``iso3``, ``name``, ``lat``, ``lon``; no position if the country has no places.
    """
    zones = inputs.zones.table
    places = inputs.case.table("places")
    shares = inputs.case.table("zones")
    shares = shares[shares["commodity"].eq(ALL_GOODS) & shares["partner"].eq(ANY)]
    weight = shares.groupby("place")["share"].sum()
    rows: dict[str, tuple[str, str, float, float]] = {}
    for zone, row in zip(map(str, zones.index), zones.to_dict("records"), strict=True):
        lat, lon = float(row["lat"]), float(row["lon"])
        if np.isnan(lat) or np.isnan(lon):
            lat, lon = _centre(places[places["iso3"] == row["iso3"]], weight)
        rows[zone] = (str(row["iso3"]), str(row["name"]), lat, lon)
    names = inputs.case.table("parties")["name"]
    for bus in inputs.neighbours:
        iso3 = bus.partition("/")[0]
        connected = inputs.links[["bus0", "bus1"]][inputs.links["bus0"] == bus]["bus1"]
        ends = [rows[str(zone)][2:] for zone in connected if str(zone) in zones.index]
        lat, lon = _nearest(places[places["iso3"] == iso3], ends)
        if (lat, lon) in {row[2:] for row in rows.values()}:
            # Two borders of one neighbour share a place: the second bus moves towards its own zones.
            lat, lon = _between((lat, lon), ends)
        rows[bus] = (iso3, str(names.get(iso3, iso3)), lat, lon)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["iso3", "name", "lat", "lon"])


def _centre(places: pd.DataFrame, weight: pd.Series[float]) -> tuple[float, float]:
    """Return the weighted mean position; of all places alike if none has a weight."""
    if places.empty:
        return np.nan, np.nan
    shares = weight.reindex(places.index).fillna(0.0).to_numpy(dtype=np.float64)
    if shares.sum() == 0.0:
        shares = np.ones(len(places))
    position = places[["lat", "lon"]].to_numpy(dtype=np.float64)
    lat, lon = np.average(position, axis=0, weights=shares).tolist()
    return lat, lon


def _between(place: tuple[float, float], ends: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the point at :data:`TOWARDS` of the way from a place to the mean of other positions."""
    if not ends:
        return place
    mean = np.mean(ends, axis=0)
    lat, lon = ((1.0 - TOWARDS) * np.array(place) + TOWARDS * mean).tolist()
    return lat, lon


def _nearest(places: pd.DataFrame, ends: list[tuple[float, float]]) -> tuple[float, float]:
    """Return the position of the place with the least total distance from the ends."""
    if places.empty or not ends:
        return np.nan, np.nan
    position = places[["lat", "lon"]].to_numpy(dtype=np.float64)
    distance = sum(great_circle_km(position[:, 0], position[:, 1], lat, lon) for lat, lon in ends)
    lat, lon = position[int(np.argmin(np.nan_to_num(distance)))].tolist()
    return lat, lon


def bus_voltages(inputs: PowerInputs) -> pd.Series[float]:
    """Return the highest voltage of the interconnectors at each bus, kV; NaN where none is known."""
    lines = inputs.case.table("interconnectors")
    links = inputs.links
    voltage = lines["voltage_kv"].reindex(links["line"]).to_numpy(dtype=np.float64, na_value=np.nan)
    at = pd.concat([pd.Series(voltage, index=links[end].to_numpy()) for end in ("bus0", "bus1")])
    return at.groupby(level=0).max().reindex(inputs.buses).astype(float)
