"""Contracts for cross-border electricity that hold in the year of a case."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from sogdia.case import Case
from sogdia.power.snapshots import MONTHS

JANUARY = 1


@dataclass(frozen=True, slots=True)
class Contract:
    """A contract in one year.

    Attributes:
        name: Row of ``power_contracts``.
        seller: Country that delivers.
        buyer: Country that receives.
        lines: Lines in the order in which energy passes them; none for all lines between the two.
        gwh_a: Volume of the year; ``None`` if the price holds for all that flows.
        from_month: First month of delivery.
        to_month: Last month; before the first if delivery runs over the turn of the year.
        usd_per_mwh: Price of the year; zero for a swap.
        is_swap: Whether energy is returned and no money moves.
    """

    name: str
    seller: str
    buyer: str
    lines: tuple[str, ...]
    gwh_a: float | None
    from_month: int
    to_month: int
    usd_per_mwh: float
    is_swap: bool


def read_contracts(case: Case) -> tuple[Contract, ...]:
    """Return the contracts of the case's year, in the order in which they take energy.

    The price is ``price · (1 + indexation / 100) ** (year − from_year)``. Deliveries through a third country
    come first, then those that name a line, then those on all lines; within each, fixed volumes come before
    prices without a volume, and then the name decides.
    """
    table = case.table("power_contracts")
    is_begun = table["from_year"] <= case.year
    is_over = table["until_year"].fillna(case.year) < case.year
    contracts = _contracts(table[(is_begun & ~is_over).to_numpy(dtype=bool)], case.year)
    return tuple(sorted(contracts, key=lambda one: (-len(one.lines), one.gwh_a is None, one.name)))


def all_contracts(case: Case) -> list[Contract]:
    """Return the contracts of all years, in table order, with the prices of the case's year."""
    return _contracts(case.table("power_contracts"), case.year)


def _contracts(table: pd.DataFrame, year: int) -> list[Contract]:
    rows = zip(table.index, table.to_dict("records"), strict=True)
    return [_contract(str(name), row, year) for name, row in rows]


def _contract(name: str, row: Mapping[Hashable, Any], year: int) -> Contract:
    growth = 1.0 + _number(row["indexation_pct_a"], 0.0) / 100.0
    return Contract(
        name=name,
        seller=str(row["seller"]),
        buyer=str(row["buyer"]),
        lines=tuple(filter(None, str(row["line"]).split(";"))),
        gwh_a=None if pd.isna(row["gwh_a"]) else float(row["gwh_a"]),
        from_month=int(_number(row["from_month"], JANUARY)),
        to_month=int(_number(row["to_month"], MONTHS)),
        usd_per_mwh=_number(row["usd_per_mwh"], 0.0) * growth ** (year - int(row["from_year"])),
        is_swap=bool(row["swap"]),
    )


def _number(cell: Any, default: float) -> float:
    return default if pd.isna(cell) else float(cell)
