"""Draw pictures in the style of the brief and write them as SVG for a page.

Colours are those of Okabe & Ito (2008), which differ in lightness as well as in hue, for colour-blind readers
and grey printers. Lines of different meaning also differ in dashes, and bars carry their values.
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
COUNTRY, HOME_COUNTRY, WATER = "#f1efe9", "#ffffff", "#dfe9f0"
POINTS_PER_INCH = 72.0
WIDTH_IN = 7.2
"""Width of a picture as wide as the printed page."""

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
    """Matplotlib figure that notebooks show without pyplot."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=2.0 * POINTS_PER_INCH)
        return buffer.getvalue()


@dataclass(frozen=True)
class Picture:
    """Picture of the brief.

    Attributes:
        name: Short name, unique in a brief.
        svg: SVG element for the page.
        alt: Text alternative.
        caption: Caption.
        wide: If true, small screens scroll the picture instead of shrinking it below a minimum width.
        drawing: Matplotlib figure.
    """

    name: str
    svg: str
    alt: str
    caption: str
    wide: bool
    drawing: Drawing = field(repr=False, compare=False)


@contextmanager
def figure(width_in: float, height_in: float) -> Iterator[Drawing]:
    """Provide a figure in the style of the brief, without windows or global state."""
    with rc_context(_SETTINGS):
        drawing = Drawing(figsize=(width_in, height_in), dpi=POINTS_PER_INCH)
        FigureCanvasAgg(drawing)
        yield drawing


def box_of(artist: Artist, drawing: Figure) -> tuple[float, float, float, float]:
    """Return the bounding box of an artist in points of the page: left, bottom, right, top."""
    canvas = drawing.canvas
    if not isinstance(canvas, FigureCanvasAgg):
        raise TypeError("the figure has no Agg canvas; create it with sogdia.report.style.figure")
    renderer: Any = canvas
    box = artist.get_window_extent(renderer.get_renderer())
    return float(box.x0), float(box.y0), float(box.x1), float(box.y1)


def picture(drawing: Drawing, name: str, alt: str, caption: str, *, wide: bool = True) -> Picture:
    """Write a figure as SVG; to be called within :func:`figure`."""
    buffer = io.StringIO()
    drawing.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return Picture(name, _inline(buffer.getvalue(), name, alt), alt, caption, wide, drawing)


def _inline(svg: str, name: str, alt: str) -> str:
    """Return SVG as an element of a page: unique ids, a text alternative, short coordinates."""
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
