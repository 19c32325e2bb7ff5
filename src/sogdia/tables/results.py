"""Result tables, each declared once next to the code that produces it.

Labels of the command line, brief and workbook, units, data dictionary, keys of comparisons and the columns
that a study may measure follow from the declaration.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

import pandas as pd

from sogdia.units import UNITS

ResultType = Literal["string", "number", "integer", "boolean", "date", "datetime"]


@dataclass(frozen=True, slots=True)
class ResultColumn:
    """A column of a result table.

    Attributes:
        name: Name, which ends in the unit (``cost_usd_per_t``).
        type: Frictionless type.
        unit: Symbol of :data:`sogdia.units.UNITS`; ``1`` for a pure number, empty for text.
        label: Heading for readers, without the unit.
        meaning: Meaning, in one sentence.
        is_key: True if it is part of the key of a row.
        is_compared: True if a comparison of two runs subtracts it; false for coordinates, for example.
    """

    name: str
    type: ResultType
    unit: str
    label: str
    meaning: str
    is_key: bool = False
    is_compared: bool = True

    def __post_init__(self) -> None:
        """Check the unit.

        Raises:
            AssertionError: If the unit is not known: a mistake of the producer.
        """
        if self.unit and self.unit not in UNITS:
            raise AssertionError(f"unknown unit {self.unit!r} of column {self.name}")

    @property
    def heading(self) -> str:
        """Label with its unit, ``Tonnes, t/a``."""
        return f"{self.label}, {self.unit}" if self.unit not in ("", "1") else self.label


def text(name: str, label: str, meaning: str, *, key: bool = False) -> ResultColumn:
    """Declare a column of text."""
    return ResultColumn(name, "string", "", label, meaning, is_key=key)


def number(
    name: str, unit: str, label: str, meaning: str, *, key: bool = False, compared: bool = True
) -> ResultColumn:
    """Declare a column of numbers."""
    return ResultColumn(name, "number", unit, label, meaning, is_key=key, is_compared=compared)


def integer(name: str, unit: str, label: str, meaning: str, *, key: bool = False) -> ResultColumn:
    """Declare a column of whole numbers."""
    return ResultColumn(name, "integer", unit, label, meaning, is_key=key)


def flag(name: str, label: str, meaning: str, *, key: bool = False) -> ResultColumn:
    """Declare a column of true and false."""
    return ResultColumn(name, "boolean", "", label, meaning, is_key=key)


@dataclass(frozen=True, slots=True)
class ResultTable:
    """A result table.

    Attributes:
        name: Its name, as in a stored run.
        title: Title for readers.
        meaning: Meaning of a row, in one sentence.
        columns: Its columns, in order.
    """

    name: str
    title: str
    meaning: str
    columns: tuple[ResultColumn, ...]

    def __post_init__(self) -> None:
        """Check that columns have different names.

        Raises:
            AssertionError: If two have one name: a mistake of the producer.
        """
        if len(set(self.column_names)) != len(self.columns):
            raise AssertionError(f"table {self.name} declares a column twice")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names of its columns, in order."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that identify a row."""
        return tuple(column.name for column in self.columns if column.is_key)

    @property
    def compared(self) -> tuple[str, ...]:
        """Numeric columns that a comparison of two runs subtracts."""
        return tuple(
            column.name
            for column in self.columns
            if column.type in ("number", "integer") and column.is_compared and not column.is_key
        )

    def column(self, name: str) -> ResultColumn:
        """Return a column by its name.

        Raises:
            KeyError: If the table declares no such column.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.name} declares no column {name}")

    def difference(
        self, first: pd.DataFrame, second: pd.DataFrame, sides: tuple[str, str] = ("first", "second")
    ) -> pd.DataFrame:
        """Return the numbers of two frames of the table by key; a row that one lacks counts as zeros there.

        Args:
            first: The one frame.
            second: The other; it may lack columns, as a frame of another version does.
            sides: Names of the two.

        Returns:
            The key, then ``COLUMN_SIDE`` of both and ``COLUMN_difference``, second less first.
        """
        keys = list(self.key)
        numbers = [name for name in self.compared if name in first.columns and name in second.columns]
        sums = [
            table.astype(dict.fromkeys(numbers, float)).groupby(keys, sort=False)[numbers].sum(min_count=1)
            for table in (first, second)
        ]
        rows = sums[0].index.union(sums[1].index, sort=False)
        before, after = (table.reindex(rows, fill_value=0.0) for table in sums)
        out = pd.DataFrame(index=rows)
        for name in numbers:
            out[f"{name}_{sides[0]}"], out[f"{name}_{sides[1]}"] = before[name], after[name]
            change = after[name] - before[name]
            out[f"{name}_difference"] = change.where(before[name] != after[name], 0.0)
        return out.reset_index()

    def frame(self, rows: pd.DataFrame | Iterable[Any]) -> pd.DataFrame:
        """Return rows as a data frame with the declared columns in their order.

        Args:
            rows: A frame with the declared columns, or rows of values in the declared order.

        Raises:
            AssertionError: If the columns or the length of a row differ from the declaration: a mistake of
                the producer.
        """
        names = list(self.column_names)
        if not isinstance(rows, pd.DataFrame):
            return self._frame_of_rows(list(rows), names)
        if set(rows.columns) != set(names):
            differing = ", ".join(sorted(map(str, set(rows.columns) ^ set(names))))
            raise AssertionError(f"table {self.name}: declared and given columns differ in {differing}")
        return rows[names]

    def _frame_of_rows(self, rows: list[Any], names: list[str]) -> pd.DataFrame:
        lengths = {len(row) for row in rows} - {len(names)}
        if lengths:
            raise AssertionError(
                f"table {self.name}: a row has {min(lengths)} values, {len(names)} are declared"
            )
        return pd.DataFrame(rows, columns=names)

    def schema(self) -> dict[str, Any]:
        """Return the declaration as a Frictionless Table Schema."""
        fields = [
            {"name": c.name, "type": c.type, "title": c.label, "description": c.meaning}
            | ({"unit": c.unit} if c.unit else {})
            for c in self.columns
        ]
        return {"fields": fields} | ({"primaryKey": list(self.key)} if self.key else {})


def declared(*tables: ResultTable) -> Mapping[str, ResultTable]:
    """Return tables by name.

    Raises:
        AssertionError: If two have one name.
    """
    found = {table.name: table for table in tables}
    if len(found) != len(tables):
        raise AssertionError("two result tables have one name")
    return MappingProxyType(found)


def package_of(name: str, tables: Mapping[str, ResultTable], suffix: str = "csv") -> dict[str, Any]:
    """Return tables as the descriptor of a Frictionless Data Package, one file a table.

    Args:
        name: Name of the package.
        tables: Tables by name.
        suffix: Suffix of the files, which is also their format: ``csv`` or ``parquet``.
    """
    return {
        "profile": "tabular-data-package" if suffix == "csv" else "data-package",
        "name": name,
        "resources": [
            {
                "name": table.name,
                "path": f"{table.name}.{suffix}",
                "format": suffix,
                "title": table.title,
                "description": table.meaning,
                "schema": table.schema(),
            }
            for table in tables.values()
        ],
    }
