"""Routes of a plan's money: finance, debt path, payments by year and payee; no engine runs for them."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import Annotated
from weakref import WeakKeyDictionary

import pandas as pd
from fastapi import APIRouter, Depends, Path, Request, Response

from sogdia.case import build_case, counterfactual, reference_plan
from sogdia.errors import UnknownNameError
from sogdia.finance.plan_finance import plan_money
from sogdia.finance.tables import TABLES
from sogdia.web.formats import Format, columns_of
from sogdia.web.library import NAME_PATTERN, plan_of, region_with, scenario_of
from sogdia.web.models import TableInfo
from sogdia.web.selection import FormatQuery, Selection, selection_of
from sogdia.web.tables import FILTERS, TABLE_ANSWERS, TableSource, TableText, table_answer
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1/money", tags=["money"])
Chosen = Annotated[Selection, Depends(selection_of)]
"""Selection of rows that a request asks for."""
Name = Annotated[str, Path(pattern=NAME_PATTERN)]
PREFIX = "money_"
MOST_CACHED = 6
"""Plans whose tables are cached."""
Frames = Mapping[str, pd.DataFrame]


class MoneyTables:
    """Tables of the last plans, each computed once."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, Frames] = OrderedDict()
        self._lock = Lock()

    def get(self, bench: Workbench, plan: str, scenario: str) -> tuple[str, Frames]:
        """Return the digest of the case and its tables (:func:`sogdia.finance.plan_finance.plan_money`).

        Costs and money of a plan are those of the projects that it decides itself, as in a run.

        Raises:
            UnknownNameError: If there is no such plan or scenario.
            FaultsError: If it has errors.
        """
        chosen, conditions = plan_of(bench, plan), scenario_of(bench, scenario)
        with self._lock:
            region = region_with(bench, chosen, conditions.projects_as_plan)
            _, (evaluated,) = counterfactual([chosen], reference_plan(region), region)
            case = build_case(region, evaluated, conditions)
            if case.digest not in self._known:
                self._known[case.digest] = plan_money(case, None)
                while len(self._known) > MOST_CACHED:
                    self._known.popitem(last=False)
            return case.digest, self._known[case.digest]


_MONEY: WeakKeyDictionary[Workbench, MoneyTables] = WeakKeyDictionary()


@router.get("/{plan}/{scenario}")
def money(bench: Bench, plan: Name, scenario: Name) -> list[TableInfo]:
    """List the tables of a plan's money under a scenario; the first request computes them."""
    _, frames = _tables(bench).get(bench, plan, scenario)
    return [
        TableInfo(name=name, title=declared.title, description=declared.meaning, rows=len(frame))
        for name, frame in frames.items()
        for declared in [TABLES[PREFIX + name]]
    ]


@router.get(
    "/{plan}/{scenario}/tables/{table}",
    responses=TABLE_ANSWERS,
    openapi_extra=FILTERS,
    response_class=Response,
)
def money_table(
    request: Request, bench: Bench, plan: Name, scenario: Name, table: str, chosen: Chosen,
    form: FormatQuery = Format.JSON,
) -> Response:  # fmt: skip
    """Return a table of a plan's money, in pages or as a file."""
    digest, frames = _tables(bench).get(bench, plan, scenario)
    if table not in frames:
        raise UnknownNameError("table of the money", table, frames)
    declared = TABLES[PREFIX + table]
    pack = bench.region
    origin = f"plan {plan}, scenario {scenario}; region {pack.name}, digest {pack.digest[:12]}"
    source = TableSource(
        TableText(table, declared.title, declared.meaning, origin),
        (digest,),
        lambda: frames[table],
        lambda frame: columns_of(frame, declared),
        declared,
    )
    return table_answer(request, bench, source, chosen, form)


def _tables(bench: Workbench) -> MoneyTables:
    return _MONEY.setdefault(bench, MoneyTables())
