"""Rows of the ledger as records a claim can be held against: one shape for projects, deals and events."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from sogdia.ledger.names import Vocabulary, containment, words_of
from sogdia.region import Region

PROJECTS, DEALS, EVENTS, CORRIDORS = "projects", "deals", "policy_events", "corridors"
TRANCHE = "tranche"
"""Kind of row of a deal that is one of several for one project."""
_MOST_TRANCHES = 5
"""Tranches of one partner and project that are tried together; more have not been seen."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row, or tranches of one deal taken together.

    Attributes:
        table: ``projects``, ``deals``, ``policy_events`` or ``corridors``.
        rows: Keys of the rows, more than one for tranches together.
        project: Project it is or belongs to.
        words: Words by which it is known.
        partners: Outside parties; of an event its actors.
        recipients: Parties it happens to or in; of an event its targets.
        sector: Sector, empty for an event.
        amount_musd: Sum of money, or cost.
        capacity_mw: Power.
        length_km: Length.
        dates: Years or dates that tell of it, earliest first.
        kind: Instrument of a deal, type of an event, empty for a project.
        status: How far it is.
        many: Whether it is a sum of many things.
        opens: Year a project is or was ready.
        source: Documents it rests on.
        tranche: Whether it is one of several deals that add up.
    """

    table: str
    rows: tuple[str, ...]
    project: str
    words: frozenset[str]
    partners: frozenset[str]
    recipients: frozenset[str]
    sector: str
    amount_musd: float | None
    capacity_mw: float | None
    length_km: float | None
    dates: tuple[str, ...]
    kind: str
    status: str
    many: bool
    opens: int | None
    source: tuple[str, ...]
    tranche: bool = False

    @property
    def kind_of_row(self) -> str:
        """Its table, or that it is a tranche."""
        return TRANCHE if self.tranche else self.table

    @property
    def key(self) -> str:
        """Keys of the rows with ``;`` between them."""
        return ";".join(self.rows)


_LISTED = 0.7
"""Share of the words of an item of a list that its project holds."""
_EMPTY = Record(
    table="",
    rows=(),
    project="",
    words=frozenset(),
    partners=frozenset(),
    recipients=frozenset(),
    sector="",
    amount_musd=None,
    capacity_mw=None,
    length_km=None,
    dates=(),
    kind="",
    status="",
    many=False,
    opens=None,
    source=(),
)


def project_records(region: Region) -> tuple[Record, ...]:
    """Every project of a region, by id."""
    frame = region.table(PROJECTS).sort_index()
    return tuple(_project(row) for row in frame.to_dict("records"))


def _project(row: Mapping[Any, Any]) -> Record:
    unit, size = row["capacity_unit"], _number(row["capacity"])
    years = [row[name] for name in ("announced_year", "start_year", "completion_year")]
    return Record(
        table=PROJECTS,
        rows=(row["id"],),
        project=row["id"],
        words=frozenset(words_of(f"{row['name']} {row['id']} {row['contractor']}")),
        partners=_codes(row["partners"]),
        recipients=_codes(row["iso3"]),
        sector=row["sector"],
        amount_musd=_number(row["capex_musd"]),
        capacity_mw=size if unit == "MW" else None,
        length_km=size if unit == "km" else None,
        dates=tuple(str(year) for year in years if not pd.isna(year)),
        kind="",
        status=row["status"],
        many=False,
        opens=None if pd.isna(years[2]) else int(years[2]),
        source=tuple(sorted(_codes(row["source"]))),
    )


def deal_records(region: Region) -> tuple[Record, ...]:
    """Every deal of a region, by id, then tranches of one partner and project taken together."""
    frame = region.table(DEALS).sort_index()
    projects = {record.project: record for record in project_records(region)}
    single = [_deal(row, projects) for row in frame.to_dict("records")]
    tranches: dict[tuple[str, str], list[Record]] = {}
    for record, role in zip(single, frame["role"], strict=True):
        if role == TRANCHE and record.project and record.amount_musd is not None:
            tranches.setdefault((";".join(sorted(record.partners)), record.project), []).append(record)
    return (*single, *(whole for group in tranches.values() for whole in _together(group)))


def _deal(row: Mapping[Any, Any], projects: Mapping[str, Record]) -> Record:
    project = projects.get(row["project"])
    own = words_of(f"{row['counterparty']} {row['note'].split('role:')[0]} {row['sector']}", numbers=False)
    return Record(
        table=DEALS,
        rows=(row["id"],),
        project=row["project"],
        words=frozenset(own) | (project.words if project else frozenset()),
        partners=_codes(row["partner"]),
        recipients=_codes(row["recipient"]),
        sector=row["sector"],
        amount_musd=_number(row["amount_musd"]),
        capacity_mw=project.capacity_mw if project else None,
        length_km=project.length_km if project else None,
        dates=() if pd.isna(row["year"]) else (str(row["year"]),),
        kind=row["instrument"],
        status=row["status"],
        many=row["role"] == "aggregate" or (row["role"] == "part_of" and not row["project"]),
        opens=None,
        source=tuple(sorted(_codes(row["source"]))),
        tranche=row["role"] == TRANCHE,
    )


def _together(group: list[Record]) -> Iterator[Record]:
    """Sums of two or more tranches: an article tells one loan where the ledger has its parts."""
    if len(group) > _MOST_TRANCHES:
        return
    for size in range(2, len(group) + 1):
        for chosen in combinations(group, size):
            yield _summed(chosen)


def named_together(name: str, records: Sequence[Record], known: Vocabulary) -> Record | None:
    """Projects that a name lists, as one record: "Hill and Bay wind" is two wind farms.

    Args:
        name: The name told.
        records: Single projects.
        known: How telling words are.

    Returns:
        Their sums under all their keys, or ``None`` where the name is no list of projects, each its own.
    """
    parts = [part for part in re.split(r"\s*(?:,|;|&|\band\b)\s*", name) if part]
    if len(parts) < 2:
        return None
    found = [_best_named(part, records, known) for part in parts]
    chosen = {record.project: record for record in found if record is not None}
    if len(chosen) < len(parts):
        return None
    return _summed([chosen[key] for key in sorted(chosen)])


def _best_named(part: str, records: Sequence[Record], known: Vocabulary) -> Record | None:
    words = words_of(part)
    shares = [(containment(words, record.words, known) or 0.0, record) for record in records]
    best = max((share for share, _ in shares), default=0.0)
    alike = [record for share, record in shares if share == best]
    return alike[0] if best >= _LISTED and len(alike) == 1 else None


def _summed(group: Sequence[Record]) -> Record:
    def total(values: Sequence[float | None]) -> float | None:
        told = [value for value in values if value is not None]
        return sum(told) if len(told) == len(values) else None

    first = group[0]
    return replace(
        first,
        rows=tuple(row for record in group for row in record.rows),
        words=frozenset().union(*(record.words for record in group)),
        partners=frozenset().union(*(record.partners for record in group)),
        recipients=frozenset().union(*(record.recipients for record in group)),
        amount_musd=total([record.amount_musd for record in group]),
        capacity_mw=total([record.capacity_mw for record in group]),
        length_km=total([record.length_km for record in group]),
        dates=tuple(sorted({date for record in group for date in record.dates})),
        status=first.status if len({record.status for record in group}) == 1 else "",
        opens=first.opens if len({record.opens for record in group}) == 1 else None,
        source=tuple(sorted({key for record in group for key in record.source})),
    )


def corridor_records(region: Region) -> tuple[Record, ...]:
    """Every corridor of a region, by id; it is known by its name alone."""
    frame = region.table(CORRIDORS).sort_index()
    return tuple(
        replace(
            _EMPTY,
            table=CORRIDORS,
            rows=(row["id"],),
            words=frozenset(words_of(f"{row['name']} {row['id']}")),
        )
        for row in frame.to_dict("records")
    )


def event_records(region: Region) -> tuple[Record, ...]:
    """Every policy event of a region, by id."""
    frame = region.table(EVENTS).sort_index()
    return tuple(
        replace(
            _EMPTY,
            table=EVENTS,
            rows=(row["id"],),
            words=frozenset(words_of(f"{row['what']} {row['magnitude']} {row['note']}", numbers=False)),
            partners=_codes(row["actor"]),
            recipients=_codes(row["target"]),
            dates=(row["date"],),
            kind=row["type"],
            source=tuple(sorted(_codes(row["source"]))),
        )
        for row in frame.to_dict("records")
    )


def _codes(cell: str) -> frozenset[str]:
    return frozenset(code for code in cell.split(";") if code)


def _number(cell: Any) -> float | None:
    return None if pd.isna(cell) else float(cell)
