"""Rows of a table that a request asks for: filters, search, order, page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, Final

import pandas as pd
from fastapi import Query, Request

from sogdia.errors import InputError, UnknownNameError, clip
from sogdia.web.formats import Format

RESERVED: Final = frozenset(
    {"sort", "search", "limit", "offset", "format", "columns", "run", "minus", "near", "within_km"}
)
"""Parameters that are not filters."""
COMPARISONS: Final[Mapping[str, Callable[[pd.Series, float], pd.Series]]] = MappingProxyType(
    {
        "gt": lambda values, bound: values > bound,
        "gte": lambda values, bound: values >= bound,
        "lt": lambda values, bound: values < bound,
        "lte": lambda values, bound: values <= bound,
    }
)
"""Filters ``column__gt=1`` of numbers."""
MOST_FILTERS = 30
TRUE, FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


@dataclass(frozen=True)
class Selection:
    """A part of a table.

    Attributes:
        filters: Values by column, with ``__gt`` and so on for bounds; several values of one column: any.
        search: Text that a cell contains, in any case; empty for none.
        sort: Column, with a minus for descending order; empty for the table's own order.
        columns: Columns; all if none is given.
        limit: Most rows.
        offset: Rows left out before.
    """

    filters: tuple[tuple[str, tuple[str, ...]], ...] = ()
    search: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    limit: int = 100
    offset: int = 0


SearchQuery = Annotated[str, Query(max_length=100, description="Text that a cell contains, in any case.")]
SortQuery = Annotated[
    str, Query(max_length=100, description="Column to sort by, with a minus for descending order.")
]
ColumnsQuery = Annotated[
    str, Query(max_length=2000, description="Columns, separated by commas. Default: all.")
]
LimitQuery = Annotated[int, Query(ge=1, le=1_000_000, description="Most rows; pages have at most 10,000.")]
OffsetQuery = Annotated[int, Query(ge=0, le=1_000_000_000, description="Rows left out before.")]
FormatQuery = Annotated[Format, Query(alias="format", description="Format; files have all rows.")]


def selection_of(
    request: Request,
    search: SearchQuery = "",
    sort: SortQuery = "",
    columns: ColumnsQuery = "",
    limit: LimitQuery = 100,
    offset: OffsetQuery = 0,
) -> Selection:
    """Return the selection that a request asks for; every other parameter is a filter ``column=value``.

    Raises:
        InputError: If there are too many filters.
    """
    names = dict.fromkeys(name for name in request.query_params if name not in RESERVED)
    if len(names) > MOST_FILTERS:
        raise InputError(f"the request has {len(names)} filters; at most {MOST_FILTERS} are read")
    filters = tuple((name, tuple(request.query_params.getlist(name))) for name in names)
    chosen = tuple(dict.fromkeys(name.strip() for name in columns.split(",") if name.strip()))
    return Selection(filters, search, sort, chosen, limit, offset)


def select_rows(frame: pd.DataFrame, selection: Selection) -> pd.DataFrame:
    """Return the rows that pass the filters, in order, before paging.

    Raises:
        UnknownNameError: If a filter, the order or a column names no column of the table.
        InputError: If a value does not fit its column.
    """
    passing = pd.Series(True, index=frame.index)
    for name, values in selection.filters:
        passing &= _passes(frame, name, values)
    if selection.search:
        passing &= _contains(frame, selection.search)
    rows = frame[passing.to_numpy()]
    if selection.sort:
        column = selection.sort.removeprefix("-")
        _check_columns(frame, [column])
        rows = rows.sort_values(
            column, ascending=not selection.sort.startswith("-"), kind="stable", na_position="last"
        )
    if selection.columns:
        _check_columns(frame, selection.columns)
        rows = rows[list(selection.columns)]
    return rows


def _check_columns(frame: pd.DataFrame, names: Iterable[str]) -> None:
    for name in names:
        if name not in frame.columns:
            raise UnknownNameError("column of the table", name, map(str, frame.columns))


def _passes(frame: pd.DataFrame, name: str, values: tuple[str, ...]) -> pd.Series:
    column, _, comparison = name.partition("__")
    _check_columns(frame, [column])
    series = frame[column]
    if comparison in COMPARISONS:
        if not pd.api.types.is_numeric_dtype(series):
            raise InputError(f"{name}: the column {column} is not of numbers; filter it with {column}=value")
        passing = pd.Series(True, index=frame.index)
        for value in values:
            # A value that is not known passes no bound.
            passing &= COMPARISONS[comparison](series, _number(name, value)).fillna(False).astype(bool)
        return passing
    if comparison == "ne":
        return ~_equals(series, column, values)
    if comparison:
        raise UnknownNameError("comparison", comparison, (*COMPARISONS, "ne"))
    return _equals(series, column, values)


def _equals(series: pd.Series, name: str, values: tuple[str, ...]) -> pd.Series:
    if pd.api.types.is_bool_dtype(series):
        return series.isin([_truth(name, value) for value in values])
    if pd.api.types.is_numeric_dtype(series):
        return series.isin([_number(name, value) for value in values])
    return series.astype(str).isin(values)


def _number(name: str, value: str) -> float:
    try:
        return float(value)
    except ValueError as error:
        raise InputError(f"{name}: {clip(value)} is not a number") from error


def _truth(name: str, value: str) -> bool:
    if value.casefold() in TRUE | FALSE:
        return value.casefold() in TRUE
    raise InputError(f"{name}: {clip(value)} is neither true nor false")


def _contains(frame: pd.DataFrame, text: str) -> pd.Series:
    found = pd.Series(False, index=frame.index)
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            cells = frame[name].astype(str).str
            found |= cells.contains(text, case=False, regex=False).fillna(False).astype(bool)
    return found
