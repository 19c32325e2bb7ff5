"""Albers' projection and the window of a region."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia.region import Region
from sogdia.report.outlines import area
from sogdia.report.projection import Albers, albers_of, extent_of, frame_of


def test_albers_equals_snyders_example() -> None:
    """Snyder (1987), Map projections: a working manual, p. 291: the sphere of radius 1."""
    projection = Albers(29.5, 45.5, -96.0, 23.0)
    x, y = projection(-75.0, 35.0)
    assert projection.cone == pytest.approx(0.6028370, abs=5e-8)
    assert float(x) == pytest.approx(0.2952720, abs=5e-8)
    assert float(y) == pytest.approx(0.2416774, abs=5e-8)


def test_projection_preserves_areas() -> None:
    """Area of one degree by one degree on the sphere: Δλ (sin φ₂ − sin φ₁)."""
    projection = Albers(37.0, 53.0, 68.0, 45.0)
    for lat in (36.0, 45.0, 55.0):
        lon = np.array([70.0, 71.0, 71.0, 70.0])
        ring = np.column_stack(projection(lon, np.array([lat, lat, lat + 1.0, lat + 1.0])))
        true = np.radians(1.0) * (np.sin(np.radians(lat + 1.0)) - np.sin(np.radians(lat)))
        assert area(ring) == pytest.approx(true, rel=2e-3)


def test_map_contains_every_home_place(shipped: Region) -> None:
    extent = extent_of(shipped)
    projection = albers_of(extent)
    left, bottom, right, top = frame_of(extent, projection)
    places = shipped.table("places")
    own = places[places["iso3"].isin(shipped.home)]
    x, y = projection(own["lon"].to_numpy(float), own["lat"].to_numpy(float))
    assert ((x > left) & (x < right) & (y > bottom) & (y < top)).all()
