"""Maps of freight."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from sogdia.region import Region
from sogdia.report import outlines as atlas
from sogdia.report.maps import build_base_map, draw_effects, draw_flows
from sogdia.report.outlines import MISSING


@pytest.fixture(scope="module")
def links(shipped: Region) -> pd.DataFrame:
    names = shipped.table("links")["id"]
    return pd.DataFrame({"link": names.to_numpy(), "tonnes": np.linspace(0.0, 5e7, len(names))})


def test_maps_have_alternatives_and_unique_ids(shipped: Region, links: pd.DataFrame) -> None:
    base = build_base_map(shipped)
    baseline = links.assign(tonnes=links["tonnes"][::-1].to_numpy())
    projects = pd.DataFrame({"name": ["1"], "lat": [45.0], "lon": [70.0]})
    pictures = [
        draw_flows(base, links, "flows", "Flows.", 'Map of "flows"'),
        draw_effects(base, baseline, links, projects, name="effects", title="Effects.", alt="Map of effects"),
    ]
    assert 'aria-label="Map of &quot;flows&quot;"' in pictures[0].svg
    ids = [name for picture in pictures for name in re.findall(r'\bid="([^"]+)"', picture.svg)]
    assert len(ids) == len(set(ids))
    for picture in pictures:
        used = set(re.findall(r'(?:xlink:href="#|url\(#)([^")]+)', picture.svg))
        assert used <= set(ids)
        assert len(picture.svg) < 450_000
        assert "boundar" in picture.caption.lower() or picture.caption.endswith(MISSING)


def test_map_without_atlas_has_a_note(
    shipped: Region, links: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(atlas, "_topology", lambda: None)
    picture = draw_flows(build_base_map(shipped), links, "flows", "Flows.", "Map")
    assert picture.caption.endswith(MISSING)
    assert "<svg" in picture.svg
