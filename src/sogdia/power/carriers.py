"""Names and colours of carriers in charts and in exported networks.

Colours follow what readers of power statistics know: coal dark, gas brown, water blue, sun yellow, wind light
blue, shortage red. They differ in lightness, so that a stack is readable in grey.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class CarrierStyle:
    """Style of a carrier.

    Attributes:
        name: Name for readers.
        colour: Colour, as hexadecimal RGB.
    """

    name: str
    colour: str


STYLES = MappingProxyType(
    {
        "nuclear": CarrierStyle("Nuclear", "#8d6aa8"),
        "coal": CarrierStyle("Coal", "#3d3d3d"),
        "biomass": CarrierStyle("Biomass", "#5c7d3a"),
        "hydro": CarrierStyle("Hydropower", "#2a6fab"),
        "pumped_hydro": CarrierStyle("Pumped storage", "#5fa3d0"),
        "gas": CarrierStyle("Gas", "#b4815a"),
        "gas_ocgt": CarrierStyle("Gas, open cycle", "#d2ab88"),
        "oil": CarrierStyle("Oil", "#7a4b2c"),
        "wind": CarrierStyle("Wind", "#9bd0e6"),
        "solar": CarrierStyle("Solar", "#f2c530"),
        "battery": CarrierStyle("Battery", "#4fb58a"),
        "sells": CarrierStyle("Purchases from neighbours", "#c9a6cf"),
        "buys": CarrierStyle("Sales to neighbours", "#a9709f"),
        "imports": CarrierStyle("Net imports", "#c9a6cf"),
        "shed": CarrierStyle("Unserved", "#d62f2f"),
        "AC": CarrierStyle("Interconnector", "#5b6673"),
    }
)
"""Styles by carrier, in the order of a stack from the bottom."""
OTHER_COLOUR = "#a8b0b9"
"""Colour of a carrier without a style of its own."""


def style_of(carrier: str) -> CarrierStyle:
    """Return the style of a carrier; one that is not in the table has its own name, in grey."""
    known = STYLES.get(carrier)
    return known or CarrierStyle(carrier.replace("_", " ").capitalize(), OTHER_COLOUR)


def in_stack_order(carriers: Iterable[str]) -> list[str]:
    """Return carriers in the order of a stack, those without a style last."""
    order = {name: number for number, name in enumerate(STYLES)}
    return sorted(set(carriers), key=lambda name: (order.get(name, len(order)), name))
