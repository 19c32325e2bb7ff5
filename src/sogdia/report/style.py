"""How pictures look: colours that the colour-blind and a grey printer tell apart, and SVG that stands alone.

Colours are of Okabe & Ito (2008) and differ in lightness as well as in hue; lines that mean different things
also differ in dashes, and bars carry their figures.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK, SOFT, FAINT = "#1d2733", "#5b6673", "#c9ced6"
DARK, MIDDLE, LIGHT = "#0b4f7d", "#e08a1e", "#8cc4e8"
"""Dark blue, orange and light blue: 33, 63 and 76 per cent lightness."""
LAND, HOME_LAND, WATER = "#f1efe9", "#ffffff", "#dfe9f0"
POINTS_PER_INCH = 72.0
WIDTH_IN = 7.2
"""Width of a full-width picture: that of the printed page."""

_SETTINGS: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 8.5,
    "axes.edgecolor": SOFT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 9.0,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 8.0,
    "ytick.labelsize": 8.0,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8.0,
    "hatch.linewidth": 0.6,
    "text.hinting": "none",
    "svg.fonttype": "path",
    "svg.hashsalt": "sogdia",
    "figure.facecolor": "white",
}


class Drawing(Figure):
    """A matplotlib figure that notebooks show without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=2.0 * POINTS_PER_INCH)
        return buffer.getvalue()


@dataclass(frozen=True)
class Picture:
    """A drawing for the brief.

    Attributes:
        name: Short name, unique in a brief.
        svg: The drawing, to stand in a page.
        alt: What it shows, in words, for who cannot see it.
        caption: Line under it.
        wide: Whether it keeps a least width on small screens and is moved sideways there.
        drawing: The matplotlib figure.
    """

    name: str
    svg: str
    alt: str
    caption: str
    wide: bool
    drawing: Drawing = field(repr=False, compare=False)


@contextmanager
def figure(width_in: float, height_in: float) -> Iterator[Drawing]:
    """A figure in the style of the brief; it is drawn without any window or global state."""
    with rc_context(_SETTINGS):
        drawn = Drawing(figsize=(width_in, height_in), dpi=POINTS_PER_INCH)
        FigureCanvasAgg(drawn)
        yield drawn


def box_of(artist: Artist, drawn: Figure) -> tuple[float, float, float, float]:
    """The box that something drawn takes, in points of the page: left, bottom, right, top."""
    canvas = drawn.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        raise TypeError("make the figure with sogdia.report.style.figure")
    renderer: Any = canvas
    box = artist.get_window_extent(renderer.get_renderer())
    return float(box.x0), float(box.y0), float(box.x1), float(box.y1)


def picture(drawn: Drawing, name: str, alt: str, caption: str, *, wide: bool = True) -> Picture:
    """Turn a figure into a picture; call it inside :func:`figure`."""
    buffer = io.StringIO()
    drawn.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(name, _inline(buffer.getvalue(), name, alt), alt, caption, wide, drawn)


def _inline(svg: str, name: str, alt: str) -> str:
    """The drawing as an element of a page: ids of its own, told in words, coordinates cut short."""
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<metadata>.*?</metadata>\s*", "", body, flags=re.DOTALL)
    body = re.sub(r"<!--.*?-->\s*", "", body, flags=re.DOTALL)
    body = re.sub(r'\b(id|xlink:href|clip-path)="(url\(#|#)?', rf'\1="\2{name}-', body)
    body = re.sub(r"url\(#(?!" + re.escape(name) + r")", f"url(#{name}-", body)
    body = re.sub(r"(?<![\d.])([1-9]\d*\.\d)\d+", r"\1", body)
    body = re.sub(r"\s*\n\s*", "\n", body)
    size = re.search(r'<svg[^>]*?width="([\d.]+)pt"', body)
    head = f'<svg role="img" aria-label="{escape(alt, quote=True)}"'
    body = re.sub(r'(<svg[^>]*?) height="[\d.]+pt"', r"\1", body, count=1)
    body = re.sub(r'(<svg[^>]*?) width="[\d.]+pt"', r"\1", body, count=1)
    width = f' style="max-width:{float(size.group(1)):.0f}pt"' if size else ""
    return body.replace("<svg", f"{head}{width}", 1)
