"""The pictures of a year of electricity, and their files."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from sogdia.files import output_folder, write_file
from sogdia.report.power_dispatch import draw_dispatch
from sogdia.report.power_durations import draw_load_durations, draw_price_durations, draw_reservoir_levels
from sogdia.report.power_map import draw_line_loading
from sogdia.report.power_year import PowerYear
from sogdia.report.style import Picture

PAGE = "plots.html"
DOTS_PER_INCH = 160
STYLE = "body{font-family:sans-serif;max-width:54em;margin:2em auto;color:#1d2733}figure{margin:0 0 2.5em}"


def draw_power_year(year: PowerYear, first: pd.Timestamp | None = None) -> Mapping[str, Picture]:
    """Draw a year: dispatch of the region and of each country, durations, reservoirs, map of flows.

    Args:
        year: Solved year.
        first: First day of the dispatch; by default each has the week of its own highest load.

    Returns:
        Pictures by name; those of reservoirs and of the map only if the year has them.

    Raises:
        InputError: If no snapshot is on the first day.
    """
    pictures = [draw_dispatch(year, year.zones, "all countries", "dispatch", first)]
    pictures += [
        draw_dispatch(year, zones, year.country_name(iso3), f"dispatch_{iso3}", first)
        for iso3, zones in year.countries.items()
    ]
    pictures += [draw_load_durations(year), draw_price_durations(year)]
    pictures += [
        found for found in (draw_reservoir_levels(year), draw_line_loading(year)) if found is not None
    ]
    return MappingProxyType({picture.name: picture for picture in pictures})


def write_pictures(pictures: Mapping[str, Picture], folder: Path, title: str) -> tuple[Path, ...]:
    """Write pictures as PNG, and as one page with their captions.

    Args:
        pictures: Pictures by name.
        folder: Folder; created if it does not exist.
        title: Title of the page.

    Returns:
        The files.

    Raises:
        CannotRunError: If the folder cannot be written.
    """
    figures = "\n".join(
        f"<figure>{picture.svg}<figcaption>{escape(picture.caption)}</figcaption></figure>"
        for picture in pictures.values()
    )
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
    with output_folder(folder) as draft:
        for name, picture in pictures.items():
            picture.drawing.savefig(draft / f"{name}.png", dpi=DOTS_PER_INCH)
        body = f"<h1>{escape(title)}</h1>\n{figures}"
        page = f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>\n'
        write_file(draft / PAGE, page)
    return tuple(folder / name for name in (*(f"{name}.png" for name in pictures), PAGE))
