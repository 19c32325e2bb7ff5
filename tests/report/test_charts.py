"""Charts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import draw_bars, draw_matrix, draw_ranges, draw_stacked_bars


def test_charts_have_text_alternatives() -> None:
    frame = pd.DataFrame({"n": ["a", "b"], "x": [1.0, -2.0], "low": [0.5, -3.0], "high": [2.0, -1.0]})
    texts: Any = {"unit": "km", "alt": "a chart", "caption": "c"}
    pictures = [
        draw_bars(frame, "one", label="n", series=(("x", "x"),), sign=True, **texts),
        draw_bars(frame, "two", label="n", series=(("x", "x"), ("low", "y")), **texts),
        draw_ranges(frame, "three", label="n", at="x", low="low", high="high", **texts),
        draw_stacked_bars(
            ["a", "b"], [("p", [1.0, -1.0]), ("q", [2.0, 1.0])], "km", name="four", alt="a chart", caption="c"
        ),
        draw_matrix(
            ["a"], ["p", "q"], np.array([[1.0, np.nan]]), "km", name="five", alt="a chart", caption="c"
        ),
    ]
    for picture in pictures:
        assert 'role="img" aria-label="a chart"' in picture.svg
        assert "script" not in picture.svg
