"""Frames as people have them, made tidy: matrices, and tables that hold for every economy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

ANY = "*"


def tidy_flows(table: pd.DataFrame) -> pd.DataFrame:
    """Flows as ``exporter``, ``importer``, [``sector``,] ``value``.

    A frame without the columns ``exporter`` and ``importer`` is taken as a matrix: importers are its columns,
    exporters its index, or exporters and sectors the two levels of it.
    """
    if {"exporter", "importer"} & set(map(str, table.columns)) or table.empty:
        return table
    if table.index.nlevels == 2:
        return _stacked(table, ["exporter", "sector"], "importer", "value")
    if set(map(str, table.index)) == set(map(str, table.columns)):
        return _stacked(table, ["exporter"], "importer", "value")
    return table


def tidy_inputs(table: pd.DataFrame) -> pd.DataFrame:
    """Shares (or values) of inputs as ``economy``, ``sector``, ``input``, ``share``.

    A frame without a column ``input`` is taken as a matrix: sectors that use are its columns, and its index
    has the sectors that are used, or economies and these. Without economies it holds for all.
    """
    if "input" not in table and not table.empty:
        if table.index.nlevels == 2:
            return _stacked(table, ["economy", "input"], "sector", "share")
        if set(map(str, table.index)) == set(map(str, table.columns)):
            return _stacked(table, ["input"], "sector", "share").assign(economy=ANY)
    return for_all(table)


def for_all(table: pd.DataFrame) -> pd.DataFrame:
    """A table by economy; without that column it holds for all."""
    return table if "economy" in table or table.empty else table.assign(economy=ANY)


def by_sector(theta: Any) -> float | Mapping[str, float]:
    """Elasticities from a number, a mapping, a series by sector, or a frame with ``sector``, ``theta``."""
    if isinstance(theta, pd.DataFrame) and {"sector", "theta"} <= set(theta.columns):
        theta = theta.set_index("sector")["theta"]
    if isinstance(theta, pd.Series):
        theta = theta.to_dict()
    if isinstance(theta, Mapping):
        return {label(name): float(value) for name, value in theta.items()}
    return float(theta)


def label(name: Any) -> str:
    """A name as text; whole numbers without a point, as a column with gaps would give them one."""
    if isinstance(name, float) and name.is_integer():
        name = int(name)
    return str(name).strip()


def _stacked(table: pd.DataFrame, rows: list[str], columns: str, values: str) -> pd.DataFrame:
    named = table.set_axis([label(name) for name in table.columns], axis=1).rename_axis(index=rows)
    tidy = named.reset_index().melt(id_vars=rows, var_name=columns, value_name=values)
    tidy.attrs = dict(table.attrs)
    return tidy
