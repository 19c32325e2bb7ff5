"""Write styles of layers for QGIS (QML): width and size by tonnes, colour by mode."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as Xml  # noqa: S405 (written only)

COLOURS: Mapping[str, str] = {
    "rail": "0,68,136,255",
    "road": "187,85,102,255",
    "ferry": "102,153,204,255",
    "sea": "170,190,210,255",
}
"""Colours that differ for colour-blind readers and in grey."""
OTHER = "120,120,120,255"
OFFSET_MM: Mapping[str, str] = {"road": "0.8"}
"""Offset of a mode from others between the same places."""
MAX_WIDTH_MM, MAX_SIZE_MM = 4.0, 7.0


def _option(parent: Xml.Element, name: str, value: str, kind: str = "QString") -> Xml.Element:
    return Xml.SubElement(parent, "Option", {"name": name, "value": value, "type": kind})


def _symbol(
    symbols: Xml.Element, name: str, kind: str, layer: str, options: Mapping[str, str], sized: tuple[str, str]
) -> None:
    """Add a symbol of one layer with one property given by an expression."""
    symbol = Xml.SubElement(
        symbols, "symbol", {"name": name, "type": kind, "alpha": "1", "clip_to_extent": "1"}
    )
    symbol_layer = Xml.SubElement(
        symbol, "layer", {"class": layer, "enabled": "1", "pass": "0", "locked": "0"}
    )
    fixed = Xml.SubElement(symbol_layer, "Option", {"type": "Map"})
    for key, value in options.items():
        _option(fixed, key, value)
    properties = Xml.SubElement(symbol_layer, "data_defined_properties")
    outer = Xml.SubElement(properties, "Option", {"type": "Map"})
    _option(outer, "name", "")
    inner = Xml.SubElement(outer, "Option", {"name": "properties", "type": "Map"})
    one = Xml.SubElement(inner, "Option", {"name": sized[0], "type": "Map"})
    _option(one, "active", "true", "bool")
    _option(one, "expression", sized[1])
    _option(one, "type", "3", "int")
    _option(outer, "type", "collection")


def _by_tonnes(largest_t: float, largest_mm: float) -> str:
    return f'scale_linear(sqrt("tonnes"), 0, {max(largest_t, 1.0) ** 0.5:.6g}, 0.1, {largest_mm:g})'


def _document(renderer: Xml.Element) -> str:
    root = Xml.Element("qgis", {"version": "3.28.0", "styleCategories": "Symbology"})
    root.append(renderer)
    return Xml.tostring(root, encoding="unicode")


def line_style(modes: Sequence[str], largest_t: float) -> str:
    """Return the style of links: colour by mode, width by the square root of tonnes.

    Args:
        modes: Modes of the links.
        largest_t: Tonnes of the widest line; links with more are as wide.
    """
    renderer = Xml.Element("renderer-v2", {"type": "categorizedSymbol", "attr": "mode", "enableorderby": "0"})
    categories = Xml.SubElement(renderer, "categories")
    symbols = Xml.SubElement(renderer, "symbols")
    for number, mode in enumerate(modes):
        Xml.SubElement(
            categories,
            "category",
            {"value": mode, "label": mode, "symbol": str(number), "render": "true", "type": "string"},
        )
        options = {"line_color": COLOURS.get(mode, OTHER), "line_width": "0.4", "line_width_unit": "MM",
                   "capstyle": "round", "joinstyle": "round", "offset": OFFSET_MM.get(mode, "0"),
                   "offset_unit": "MM"}  # fmt: skip
        width = ("outlineWidth", _by_tonnes(largest_t, MAX_WIDTH_MM))
        _symbol(symbols, str(number), "line", "SimpleLine", options, width)
    return _document(renderer)


def point_style(largest_t: float) -> str:
    """Return the style of places: size by the square root of tonnes.

    Args:
        largest_t: Tonnes of the largest marker; places with more are as large.
    """
    renderer = Xml.Element("renderer-v2", {"type": "singleSymbol", "enableorderby": "0"})
    symbols = Xml.SubElement(renderer, "symbols")
    options = {"color": "255,255,255,180", "outline_color": "40,40,40,255", "outline_width": "0.3",
               "name": "circle", "size": "2", "size_unit": "MM"}  # fmt: skip
    _symbol(symbols, "0", "marker", "SimpleMarker", options, ("size", _by_tonnes(largest_t, MAX_SIZE_MM)))
    return _document(renderer)
