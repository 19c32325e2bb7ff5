"""Lists of rows: all, or those near a place, with distances by hand."""

from __future__ import annotations

import math

import pytest

from sogdia.errors import UnknownNameError
from sogdia.region import LISTED, Region, list_rows

DEGREE_KM = 6371.0088 * math.pi / 180.0
"""A degree of the equator or of a meridian on the mean sphere."""


@pytest.mark.parametrize("table", LISTED)
def test_list_without_a_place_has_every_row(isles: Region, table: str) -> None:
    assert list(list_rows(isles, table).index) == list(isles.table(table).index)


@pytest.mark.parametrize("near", ["north_port", "North Port", " NORTH PORT "])
def test_places_near_one_come_in_order_of_their_distance(isles: Region, near: str) -> None:
    found = list_rows(isles, "places", near, within_km=120.0)
    expected = {"north_port": 0.0, "hill_town": 0.5, "south_port": 1.0}
    assert list(found.index) == list(expected)
    assert found["distance_km"].tolist() == pytest.approx([DEGREE_KM * d for d in expected.values()])


def test_link_is_as_near_as_its_nearest_end(isles: Region) -> None:
    found = list_rows(isles, "links", "east_bay", within_km=DEGREE_KM * 0.2 + 1e-6)
    expected = {"road_south_east": 0.0, "ferry_north_south": 0.2, "ferry_south_far": 0.2}
    assert found["distance_km"].to_dict() == pytest.approx({k: DEGREE_KM * d for k, d in expected.items()})


def test_project_is_as_near_as_a_row_that_it_edits(isles: Region) -> None:
    found = list_rows(isles, "projects", "hill_town", within_km=10.0)
    assert found["distance_km"].to_dict() == pytest.approx({"hill_wind": 0.0})
    wide = list_rows(isles, "projects", "hill_town", within_km=100.0)
    assert wide["distance_km"].to_dict() == pytest.approx(
        {"hill_wind": 0.0, "ferry_far_line": DEGREE_KM * 0.5}
    )


def test_plant_without_coordinates_is_not_near(isles: Region) -> None:
    found = list_rows(isles, "plants", "north_port", within_km=20000.0)
    assert set(found.index) == {"north_oil", "hill_wind_1"}


@pytest.mark.parametrize(
    ("table", "near", "message"),
    [
        ("plcaes", "", "no list is called 'plcaes'; did you mean places"),
        ("parties", "north_port", "no list of rows with places is called 'parties'"),
        ("links", "nroth_port", "no place is called 'nroth_port'; did you mean north_port"),
    ],
)
def test_unknown_list_or_place_is_named(isles: Region, table: str, near: str, message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        list_rows(isles, table, near)
