"""Positions and voltages of buses."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.power import PowerResult
from sogdia.power.positions import bus_positions, bus_voltages
from sogdia.region.geography import great_circle_km

from .systems import plant, system


def test_zone_lies_where_its_row_puts_it(reference: PowerResult) -> None:
    position = bus_positions(reference.inputs).loc["KAZ_north"]
    row = reference.inputs.case.table("power_zones").set_index("id").loc["KAZ_north"]
    assert (position["lat"], position["lon"]) == (row["lat"], row["lon"])


def test_only_zone_of_a_country_lies_among_its_places(reference: PowerResult) -> None:
    position = bus_positions(reference.inputs).loc["UZB"]
    places = reference.inputs.case.table("places")
    own = places[places["iso3"] == "UZB"]
    assert own["lat"].min() < position["lat"] < own["lat"].max()
    assert own["lon"].min() < position["lon"] < own["lon"].max()


def test_neighbour_lies_at_its_nearest_place(reference: PowerResult) -> None:
    positions = bus_positions(reference.inputs)
    bus, zone = positions.loc["RUS/GEO"], positions.loc["GEO"]
    places = reference.inputs.case.table("places")
    own = places[places["iso3"] == "RUS"]
    distances = great_circle_km(own["lat"], own["lon"], zone["lat"], zone["lon"])
    distance = great_circle_km(bus["lat"], bus["lon"], zone["lat"], zone["lon"])
    assert float(distance) == pytest.approx(distances.min())


def test_country_without_places_has_no_position(isle_case: Case) -> None:
    inputs = system(isle_case, {"NOWHERE": 1.0}, [plant("NOWHERE", "gas", 2.0, 10.0)])
    assert bus_positions(inputs)[["lat", "lon"]].isna().to_numpy().all()


def test_voltage_of_a_bus_is_the_highest_of_its_lines(reference: PowerResult) -> None:
    lines = reference.inputs.case.table("interconnectors")
    ends = lines[(lines["from_iso3"] == "KGZ") | (lines["to_iso3"] == "KGZ")]
    assert bus_voltages(reference.inputs)["KGZ"] == ends["voltage_kv"].max()


def test_bus_without_lines_has_no_voltage(isle_case: Case) -> None:
    inputs = system(isle_case, {"A": 1.0}, [plant("A", "gas", 2.0, 10.0)])
    assert np.isnan(bus_voltages(inputs)["A"])
