"""Rows of tables behind an assignment of freight that does not converge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from sogdia.errors import NotConvergedError, Overload
from sogdia.freight.inputs import Supernetwork

MOST_ROWS = 2


@contextmanager
def with_rows(supernetwork: Supernetwork) -> Iterator[None]:
    """Name the rows of tables whose capacities are most exceeded if an assignment does not converge.

    Args:
        supernetwork: Network and demand of a case.

    Raises:
        NotConvergedError: The error of the assignment, with file and line of these rows.
    """
    try:
        yield
    except NotConvergedError as error:
        named = [replace(each, rows=_rows(supernetwork, each)) for each in error.overloads]
        raise NotConvergedError(error.convergence, named) from None


def _rows(supernetwork: Supernetwork, overload: Overload) -> str:
    """Return the places of the rows of a capacity group, with ``;`` between."""
    arcs, region = supernetwork.network.arcs, supernetwork.case.region
    places = []
    for name in dict.fromkeys(rows[0] for rows in arcs.loc[arcs["group"] == overload.name, "rows"] if rows):
        table, _, key = name.partition("/")
        row = region.trace(table, key) if table in region.tables and key in region.table(table).index else {}
        if row.get("file"):
            places.append(f"{row['file']}:{row['line']}")
    more = f" and {len(places) - MOST_ROWS} more" if len(places) > MOST_ROWS else ""
    return ", ".join(places[:MOST_ROWS]) + more
