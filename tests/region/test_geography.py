"""Great-circle distances: published examples and arcs known exactly."""

from __future__ import annotations

import pytest

from sogdia.region import great_circle_km


def test_one_degree_of_the_equator_is_111_195_km() -> None:
    # 2 · π · 6371.0088 km / 360
    assert float(great_circle_km(0, 0, 0, 1)) == pytest.approx(111.195, abs=5e-4)
    assert float(great_circle_km(0, 179.5, 0, -179.5)) == pytest.approx(111.195, abs=5e-4)


def test_poles_are_half_a_great_circle_apart() -> None:
    assert float(great_circle_km(90, 0, -90, 0)) == pytest.approx(20015.115, abs=5e-3)
    assert float(great_circle_km(90, 12, -90, 77)) == pytest.approx(20015.115, abs=5e-3)
    assert float(great_circle_km(10, 20, 10, 20)) == 0.0


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        # Rosetta Code, "Haversine formula": Nashville (BNA) to Los Angeles (LAX), 2887.26 km at R = 6372.8.
        ((36.12, -86.67), (33.94, -118.40), 2887.2599506071 * 6371.0088 / 6372.8),
        # Movable Type Scripts, the south-western to the north-eastern tip of Britain: 968.9 km at R = 6371.
        (
            (50 + 3 / 60 + 59 / 3600, -(5 + 42 / 60 + 53 / 3600)),
            (58 + 38 / 60 + 38 / 3600, -(3 + 4 / 60 + 12 / 3600)),
            968.9,
        ),
    ],
)
def test_distance_equals_published_examples(
    start: tuple[float, float], end: tuple[float, float], km: float
) -> None:
    assert float(great_circle_km(*start, *end)) == pytest.approx(km, abs=0.05)


def test_arrays_of_points_return_arrays_of_distances() -> None:
    distances = great_circle_km([0, 0], [0, 0], [0, 1], [1, 0])
    assert distances.shape == (2,)
    assert distances[0] == pytest.approx(distances[1], rel=1e-12)
