"""Maps and bars of results, drawn as in the brief."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from sogdia.extras import require_extra
from sogdia.region import Region

FLOW = ["link", "tonnes"]
NO_MARKS = pd.DataFrame({"lat": [], "lon": [], "number": [], "name": []})


def flow_plot(region: Region, links: pd.DataFrame) -> Any:
    """Draw a map of freight flows.

    Args:
        region: The region.
        links: ``link`` and ``tonnes``, t/a.

    Raises:
        CannotRunError: If matplotlib is not installed.
    """
    require_extra("report", "a plot")
    from sogdia.report.maps import build_base_map, draw_flows

    return draw_flows(
        build_base_map(region), links[FLOW], "flows", "Freight, t/a", "map of freight flows"
    ).drawing


def difference_plot(region: Region, before: pd.DataFrame, after: pd.DataFrame) -> Any:
    """Draw a map of the change of freight flows.

    Args:
        region: The region.
        before: ``link`` and ``tonnes`` of the baseline, t/a.
        after: ``link`` and ``tonnes`` of the run, t/a.

    Raises:
        CannotRunError: If matplotlib is not installed.
    """
    require_extra("report", "a plot")
    from sogdia.report.maps import build_base_map, draw_effects

    return draw_effects(
        build_base_map(region), before[FLOW], after[FLOW], NO_MARKS,
        name="difference", title="Change of freight, t/a", alt="map of changes of freight flows",
    ).drawing  # fmt: skip


def power_plots(result: Any, title: str, first: date | None = None) -> Mapping[str, Any]:
    """Draw a year of electricity (:func:`sogdia.report.power_pictures.draw_power_year`).

    Args:
        result: :class:`sogdia.power.PowerResult`.
        title: Region, year, plan and scenario, for the captions.
        first: First day of the dispatch; by default that of the week with the highest load.

    Returns:
        :class:`sogdia.report.style.Picture` by name.

    Raises:
        CannotRunError: If matplotlib is not installed.
        InputError: If no snapshot is on the first day.
    """
    require_extra("report", "a plot")
    from sogdia.power.positions import bus_positions
    from sogdia.report.power_pictures import draw_power_year
    from sogdia.report.power_year import PowerYear

    region, buses = result.inputs.case.region, bus_positions(result.inputs)
    year = PowerYear(region, result.hourly_tables(), buses, title)
    return draw_power_year(year, None if first is None else pd.Timestamp(first))


def bar_plot(table: pd.DataFrame, label: str, column: str, legend: str, unit: str) -> Any:
    """Draw one bar a row, with its figure.

    Args:
        table: One row a bar.
        label: Column of the names.
        column: Column of the values; falls are drawn in the second colour.
        legend: What the values are.
        unit: Their unit.

    Raises:
        CannotRunError: If matplotlib is not installed.
    """
    require_extra("report", "a plot")
    from sogdia.report.charts import draw_bars

    return draw_bars(
        table, "bars", label=label, series=[(column, legend)], unit=f"{legend}, {unit}", alt=legend,
        caption=legend, sign=True,
    ).drawing  # fmt: skip


def stacked_plot(names: Sequence[str], parts: Mapping[str, Sequence[float]], unit: str) -> Any:
    """Draw bars of parts, one bar a name.

    Raises:
        CannotRunError: If matplotlib is not installed.
    """
    require_extra("report", "a plot")
    from sogdia.report.charts import draw_stacked_bars

    return draw_stacked_bars(names, list(parts.items()), unit, name="stacked", alt=unit, caption=unit).drawing


def matrix_plot(table: pd.DataFrame, unit: str) -> Any:
    """Draw a table in shades, darker for more.

    Args:
        table: Values, (R, C), with names as index and columns.
        unit: Their unit.

    Raises:
        CannotRunError: If matplotlib is not installed.
    """
    require_extra("report", "a plot")
    from sogdia.report.charts import draw_matrix

    values = table.to_numpy(dtype=np.float64)
    rows, columns = list(map(str, table.index)), list(map(str, table.columns))
    return draw_matrix(rows, columns, values, unit, name="matrix", alt=unit, caption=unit).drawing
