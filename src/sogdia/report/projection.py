"""Project a region's window to the plane by Albers' equal-area conic projection."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sogdia.errors import InputError
from sogdia.region import Region

Floats = npt.NDArray[np.float64]
MARGIN_EAST_WEST, MARGIN_NORTH_SOUTH = 0.30, 0.22
"""Shares of the span of home places added on each side, so that the routes out of the region are visible."""
MIN_SPAN_DEG = 2.0
PARALLELS_FROM_EDGE = 1.0 / 6.0
"""Position of the standard parallels between the edges: a sixth, as usual (Snyder 1987, p. 99)."""


@dataclass(frozen=True)
class Extent:
    """A window in degrees."""

    west: float
    south: float
    east: float
    north: float


def extent_of(region: Region) -> Extent:
    """Return the window with all places of the home countries and a margin.

    Raises:
        InputError: If no place lies in a home country.
    """
    places = region.table("places")
    own = places[places["iso3"].isin(region.home)]
    if own.empty:
        raise InputError("places.csv: no place lies in a home country, so no map can be drawn; add one")
    lon, lat = own["lon"].to_numpy(dtype=float), own["lat"].to_numpy(dtype=float)
    wide = max(float(lon.max() - lon.min()), MIN_SPAN_DEG) * MARGIN_EAST_WEST
    high = max(float(lat.max() - lat.min()), MIN_SPAN_DEG) * MARGIN_NORTH_SOUTH
    return Extent(
        float(lon.min()) - wide,
        max(float(lat.min()) - high, -80.0),
        float(lon.max()) + wide,
        min(float(lat.max()) + high, 80.0),
    )


@dataclass(frozen=True)
class Albers:
    """Albers' equal-area conic projection of the unit sphere (Snyder 1987, eqs 14-1 to 14-6).

    ``ρ = √(C − 2n sin φ)/n``, ``θ = n(λ − λ₀)``, ``x = ρ sin θ``, ``y = ρ₀ − ρ cos θ`` with
    ``n = (sin φ₁ + sin φ₂)/2`` and ``C = cos² φ₁ + 2n sin φ₁``.

    Attributes:
        first_deg: Standard parallel φ₁.
        second_deg: Standard parallel φ₂.
        meridian_deg: Central meridian λ₀.
        origin_deg: Latitude of y = 0.
    """

    first_deg: float
    second_deg: float
    meridian_deg: float
    origin_deg: float

    @property
    def cone(self) -> float:
        """Constant n of the cone, kept away from 0, where parallels lie on both sides of the equator."""
        n = (math.sin(math.radians(self.first_deg)) + math.sin(math.radians(self.second_deg))) / 2.0
        return n if abs(n) > 1e-3 else math.copysign(1e-3, n)

    def __call__(self, lon: npt.ArrayLike, lat: npt.ArrayLike) -> tuple[Floats, Floats]:
        """Project longitude and latitude in degrees to the plane, in radii of the sphere."""
        n = self.cone
        first = math.radians(self.first_deg)
        constant = math.cos(first) ** 2 + 2.0 * n * math.sin(first)
        phi = np.radians(np.asarray(lat, dtype=np.float64))
        radius = np.sqrt(np.maximum(constant - 2.0 * n * np.sin(phi), 0.0)) / n
        at_origin = math.sqrt(max(constant - 2.0 * n * math.sin(math.radians(self.origin_deg)), 0.0)) / n
        theta = n * np.radians(np.asarray(lon, dtype=np.float64) - self.meridian_deg)
        return np.asarray(radius * np.sin(theta)), np.asarray(at_origin - radius * np.cos(theta))


def albers_of(extent: Extent) -> Albers:
    """Return the projection whose standard parallels lie a sixth of the window from its edges."""
    span = extent.north - extent.south
    return Albers(
        extent.south + PARALLELS_FROM_EDGE * span,
        extent.north - PARALLELS_FROM_EDGE * span,
        (extent.west + extent.east) / 2.0,
        (extent.south + extent.north) / 2.0,
    )


def frame_of(extent: Extent, projection: Albers) -> tuple[float, float, float, float]:
    """Return the rectangle of a window in the plane: left, bottom, right, top.

    The sides are those at the middle latitude, so that the frame excludes the far corners.
    """
    lon = np.linspace(extent.west, extent.east, 33)
    middle = (extent.south + extent.north) / 2.0
    _, top = projection(lon, np.full(33, extent.north))
    _, bottom = projection(lon, np.full(33, extent.south))
    x, _ = projection(np.array([extent.west, extent.east]), np.full(2, middle))
    return float(x[0]), float(bottom.min()), float(x[1]), float(np.median(top))
