"""Projection, outlines, labels and pictures."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.region import Region
from sogdia.report import outlines as atlas
from sogdia.report.charts import bars, matrix, ranges, stacked
from sogdia.report.labels import Wanted, inside, overlaps, placed
from sogdia.report.maps import difference_map, flow_map, sheet_of
from sogdia.report.outlines import MISSING, area, clip, middle
from sogdia.report.projection import Albers, albers_of, extent_of, frame_of


def test_albers_is_that_of_snyders_worked_example() -> None:
    """Snyder (1987), Map projections: a working manual, p. 291: the sphere of radius 1."""
    projection = Albers(29.5, 45.5, -96.0, 23.0)
    x, y = projection(-75.0, 35.0)
    assert projection.cone == pytest.approx(0.6028370, abs=5e-8)
    assert float(x) == pytest.approx(0.2952720, abs=5e-8)
    assert float(y) == pytest.approx(0.2416774, abs=5e-8)


def test_the_projection_keeps_areas() -> None:
    """A small square of one degree: area on the sphere is Δλ (sin φ₂ − sin φ₁)."""
    projection = Albers(37.0, 53.0, 68.0, 45.0)
    for lat in (36.0, 45.0, 55.0):
        lon = np.array([70.0, 71.0, 71.0, 70.0])
        ring = np.column_stack(projection(lon, np.array([lat, lat, lat + 1.0, lat + 1.0])))
        true = np.radians(1.0) * (np.sin(np.radians(lat + 1.0)) - np.sin(np.radians(lat)))
        assert area(ring) == pytest.approx(true, rel=2e-3)


def test_every_place_of_the_region_is_on_its_map(shipped: Region) -> None:
    extent = extent_of(shipped)
    projection = albers_of(extent)
    left, bottom, right, top = frame_of(extent, projection)
    places = shipped.table("places")
    own = places[places["iso3"].isin(shipped.home)]
    x, y = projection(own["lon"].to_numpy(float), own["lat"].to_numpy(float))
    assert ((x > left) & (x < right) & (y > bottom) & (y < top)).all()


def test_clipping_a_square_leaves_what_is_inside() -> None:
    square = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    assert area(clip(square, (0.0, 0.0, 5.0, 0.5))) == pytest.approx(0.5)
    assert len(clip(square, (2.0, 2.0, 3.0, 3.0))) == 0


def test_the_middle_of_a_hook_lies_in_it() -> None:
    hook = np.array([[0, 0], [10, 0], [10, 10], [9, 10], [9, 1], [0, 1]], dtype=float)
    x, y = middle(hook)
    assert (0 < x < 10 and 0 < y < 1) or (9 < x < 10 and 0 < y < 10)


_BOX = st.tuples(*[st.floats(0, 100)] * 2, st.floats(1, 30), st.floats(1, 10), st.sampled_from([-1.0, 3.0]))


@given(st.lists(_BOX, max_size=12), st.lists(st.tuples(*[st.floats(0, 90)] * 2), max_size=3))
def test_no_label_hides_another(wanted: list[tuple[float, ...]], marks: list[tuple[float, float]]) -> None:
    frame = (0.0, 0.0, 100.0, 100.0)
    taken = [(x, y, x + 8.0, y + 8.0) for x, y in marks]
    boxes = [box for box in placed([Wanted(*one) for one in wanted], frame, taken) if box is not None]
    assert all(inside(box, frame) for box in boxes)
    everything = [*boxes, *taken]
    for n, box in enumerate(boxes):
        assert not any(overlaps(box, other) for k, other in enumerate(everything) if k != n)


@pytest.fixture(scope="module")
def links(shipped: Region) -> pd.DataFrame:
    names = shipped.table("links")["id"]
    return pd.DataFrame({"link": names.to_numpy(), "tonnes": np.linspace(0.0, 5e7, len(names))})


def test_maps_say_what_they_show_and_stand_alone(shipped: Region, links: pd.DataFrame) -> None:
    sheet = sheet_of(shipped)
    less = links.assign(tonnes=links["tonnes"][::-1].to_numpy())
    marks = pd.DataFrame({"name": ["1"], "lat": [45.0], "lon": [70.0]})
    drawn = [
        flow_map(sheet, links, "flows", "Flows.", 'Map of "flows"'),
        difference_map(sheet, less, links, marks, name="moved", title="Moved.", alt="Map of changes"),
    ]
    assert 'aria-label="Map of &quot;flows&quot;"' in drawn[0].svg
    ids = [found for picture in drawn for found in re.findall(r'\bid="([^"]+)"', picture.svg)]
    assert len(ids) == len(set(ids))
    for picture in drawn:
        used = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', picture.svg))
        assert used <= set(ids)
        assert len(picture.svg) < 450_000
        assert "boundar" in picture.caption.lower() or picture.caption.endswith(MISSING)


def test_without_the_atlas_the_map_says_so(
    shipped: Region, links: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "_topology", lambda: None)
    picture = flow_map(sheet_of(shipped), links, "flows", "Flows.", "Map")
    assert picture.caption.endswith(MISSING)
    assert "<svg" in picture.svg


def test_charts_carry_their_figures_and_alternatives() -> None:
    frame = pd.DataFrame({"n": ["a", "b"], "x": [1.0, -2.0], "low": [0.5, -3.0], "high": [2.0, -1.0]})
    words: Any = {"unit": "km", "alt": "told", "caption": "c"}
    drawn = [
        bars(frame, "one", label="n", series=(("x", "x"),), sign=True, **words),
        bars(frame, "two", label="n", series=(("x", "x"), ("low", "y")), **words),
        ranges(frame, "three", label="n", at="x", low="low", high="high", **words),
        stacked(
            ["a", "b"], [("p", [1.0, -1.0]), ("q", [2.0, 1.0])], "km", name="four", alt="told", caption="c"
        ),
        matrix(["a"], ["p", "q"], np.array([[1.0, np.nan]]), "km", name="five", alt="told", caption="c"),
    ]
    for picture in drawn:
        assert 'role="img" aria-label="told"' in picture.svg
        assert "script" not in picture.svg
