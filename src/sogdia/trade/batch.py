"""Many counterfactuals of one baseline, from one set of tables to one set of tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.codes import EVERY
from sogdia.errors import Fault, FaultsError
from sogdia.tables.summary import ShortRepr
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.frames import LINE, Frame
from sogdia.trade.results import TradeResult
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve_many
from sogdia.trade.welfare import decompose_welfare

COUNTERFACTUAL = "counterfactual"
"""Column that names the counterfactual of a row of shocks or results."""


@dataclass(frozen=True, eq=False, repr=False)
class Batch(ShortRepr):
    """Solved counterfactuals by name.

    Attributes:
        results: Result of each counterfactual, in the order of the changes.
    """

    results: Mapping[str, TradeResult]

    def economies(self) -> pd.DataFrame:
        """Return results by counterfactual and economy."""
        return self._table(TradeResult.economies)

    def sectors(self) -> pd.DataFrame:
        """Return results by counterfactual, sector and economy."""
        return self._table(TradeResult.sectors)

    def flows(self) -> pd.DataFrame:
        """Return trade by counterfactual, exporter, importer and sector."""
        return self._table(TradeResult.flows)

    def welfare(self) -> pd.DataFrame:
        """Return the parts of welfare by counterfactual and economy."""
        return self._table(decompose_welfare)

    def capacities(self) -> pd.DataFrame:
        """Return capacities by counterfactual and owner of their rents."""
        return self._table(TradeResult.capacities)

    def report(self) -> pd.DataFrame:
        """Return the rules applied to each result."""
        return self._table(TradeResult.report)

    def _table(self, of: Callable[[TradeResult], pd.DataFrame]) -> pd.DataFrame:
        tables = []
        for name, result in self.results.items():
            table = of(result)
            table.insert(0, COUNTERFACTUAL, name)
            tables.append(table)
        filled = [table for table in tables if len(table)]
        return pd.concat(filled or tables[:1], ignore_index=True)


def solve_batch(
    baseline: Baseline, changes: Mapping[str, Change], settings: TradeSettings | None = None
) -> Batch:
    """Solve named counterfactuals in parallel, each as by :func:`sogdia.trade.solve`.

    Args:
        baseline: Base year, shared by all.
        changes: Change of each counterfactual, by name, as from :func:`read_changes`.
        settings: As for :func:`sogdia.trade.solve`.

    Raises:
        NotConvergedError: For the first counterfactual that does not reach the tolerance.
        InputError: If a change does not fit the baseline.
    """
    return Batch(dict(zip(changes, solve_many(baseline, changes.values(), settings), strict=True)))


def has_names(*tables: pd.DataFrame | None) -> bool:
    """Return whether a table of shocks names counterfactuals."""
    return any(table is not None and COUNTERFACTUAL in table for table in tables)


def read_changes(
    baseline: Baseline,
    costs: pd.DataFrame | None = None,
    tariffs: pd.DataFrame | None = None,
    productivity: pd.DataFrame | None = None,
    **others: pd.DataFrame | None,
) -> dict[str, Change]:
    """Read the changes of many counterfactuals; all faults are reported together.

    Args:
        baseline: Base year.
        costs: As for :meth:`sogdia.trade.Change.from_frames`, with a column ``counterfactual``. Rows of the
            counterfactual ``*``, and tables without the column, apply to all.
        tariffs: The same for tariffs.
        productivity: The same for productivity.
        **others: The same for ``labour``, ``wedges``, ``transfers`` and ``capacities``.

    Returns:
        Changes by name, in the order in which the names first appear.

    Raises:
        FaultsError: If names are missing, unknown or repeated, or values out of range.
    """
    faults: list[Fault] = []
    tables = {"costs": costs, "tariffs": tariffs, "productivity": productivity, **others}
    given = {name: _with_lines(table, name) for name, table in tables.items() if table is not None}
    names: dict[str, None] = {}
    for table in given.values():
        if COUNTERFACTUAL in table:
            frame = Frame(table, table.attrs["file"], faults)
            frame.names(COUNTERFACTUAL)
            names |= dict.fromkeys(name for name in frame.texts(COUNTERFACTUAL) if name not in ("", EVERY))
    if not names and not faults:
        faults.append(Fault("costs", 1, COUNTERFACTUAL, "no counterfactual is named", "", "column"))
    changes = {}
    for name in names:
        parts = {key: _rows_of(table, name) for key, table in given.items()}
        try:
            changes[name] = Change.from_frames(baseline, **parts)
        except FaultsError as error:
            faults += [fault for fault in error.faults if fault not in faults]
    if faults:
        raise FaultsError(faults)
    return changes


def _with_lines(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return a table whose index is the line of each row, so that a part of it keeps its lines."""
    out = table.set_axis(pd.Index(Frame(table, name).lines, name=LINE))
    out.attrs = {"file": name, **table.attrs}
    return out


def _rows_of(table: pd.DataFrame, name: str) -> pd.DataFrame:
    """Return the rows of a counterfactual and those of all."""
    if COUNTERFACTUAL not in table:
        return table
    texts = Frame(table, name).texts(COUNTERFACTUAL)
    out = table[texts.isin([name, EVERY])].drop(columns=COUNTERFACTUAL)
    out.attrs = dict(table.attrs)
    return out
