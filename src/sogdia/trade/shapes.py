"""Convert user data frames to tidy form: matrices, and tables that apply to every economy."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from sogdia.codes import EVERY


def tidy_flows(table: pd.DataFrame) -> pd.DataFrame:
    """Return flows as ``exporter``, ``importer``, [``sector``,] ``value``.

    A frame without the columns ``exporter`` and ``importer`` is read as a matrix: its columns are importers,
    its index exporters, or exporters and sectors as two levels. A frame with a column ``exporter`` but
    neither ``importer`` nor ``value`` has one further column for each importer, as a matrix in a file does.
    """
    if {"exporter", "importer"} & set(map(str, table.columns)) or table.empty:
        return _wide_flows(table)
    if table.index.nlevels == 2:
        return _stack(table, ["exporter", "sector"], "importer", "value")
    if set(map(str, table.index)) == set(map(str, table.columns)):
        return _stack(table, ["exporter"], "importer", "value")
    return table


def _wide_flows(table: pd.DataFrame) -> pd.DataFrame:
    """Return a file with a column for each importer in tidy form; other tables as they are."""
    if {"importer", "value"} & set(map(str, table.columns)) or "exporter" not in table:
        return table
    return _melt(table, ("exporter", "sector"), "importer", "value")


def tidy_inputs(table: pd.DataFrame, column: str = "share") -> pd.DataFrame:
    """Return shares (or values) of inputs as ``economy``, ``sector``, ``input``, ``share`` (or ``value``).

    A frame without a column ``input`` is read as a matrix: its columns are the using sectors, its index the
    inputs, or economies and inputs. Without economies it applies to all. A frame with a column ``input`` but
    none of ``sector``, ``share``, ``value`` has one further column for each using sector, as a matrix in a
    file does. The figures of a matrix are in ``column``.
    """
    if "input" not in table and not table.empty:
        if table.index.nlevels == 2:
            return _stack(table, ["economy", "input"], "sector", column)
        if set(map(str, table.index)) == set(map(str, table.columns)):
            return _stack(table, ["input"], "sector", column).assign(economy=EVERY)
    if "input" in table and not {"sector", "share", "value"} & set(map(str, table.columns)):
        table = _melt(table, ("economy", "input"), "sector", column)
    return for_every_economy(table)


def for_every_economy(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table by economy; without that column its rows apply to all."""
    return table if "economy" in table or table.empty else table.assign(economy=EVERY)


def by_sector(theta: Any) -> float | Mapping[str, float]:
    """Return elasticities from a number, mapping, series by sector, or frame ``sector``, ``theta``."""
    if isinstance(theta, pd.DataFrame) and {"sector", "theta"} <= set(theta.columns):
        theta = theta.set_index("sector")["theta"]
    if isinstance(theta, pd.Series):
        theta = theta.to_dict()
    if isinstance(theta, Mapping):
        return {label(name): float(value) for name, value in theta.items()}
    return float(theta)


def label(name: Any) -> str:
    """Return a name as text; a float without fraction loses its decimal point.

    pandas reads a column of integer codes with missing cells as floats.
    """
    if isinstance(name, float) and name.is_integer():
        name = int(name)
    return str(name).strip()


def _melt(table: pd.DataFrame, rows: tuple[str, ...], columns: str, values: str) -> pd.DataFrame:
    """Return a matrix whose rows are named by columns in tidy form; each cell has the line of its row."""
    named = table.rename(columns={name: label(name) for name in table.columns})
    keys = [name for name in rows if name in named]
    tidy = named.melt(id_vars=keys, var_name=columns, value_name=values, ignore_index=False)
    tidy.attrs = dict(table.attrs)
    return tidy


def _stack(table: pd.DataFrame, rows: list[str], columns: str, values: str) -> pd.DataFrame:
    named = table.set_axis([label(name) for name in table.columns], axis=1).rename_axis(index=rows)
    tidy = named.reset_index().melt(id_vars=rows, var_name=columns, value_name=values)
    tidy.attrs = dict(table.attrs)
    return tidy
