"""Rows of the ledger as records for matching: one shape for projects, deals, events and corridors."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

import pandas as pd

from sogdia.ledger.accounts import AGGREGATE, PART, TRANCHE
from sogdia.ledger.name_similarity import Vocabulary, containment, name_words
from sogdia.region import Region

PROJECTS, DEALS, EVENTS, CORRIDORS = "projects", "deals", "policy_events", "corridors"
"""Tables that claims are matched with."""
_MAX_TRANCHES = 5
"""Largest number of tranches of one partner and project that are tried together."""
_LISTED = 0.7
"""Share of the words of a listed name that its project must hold."""


@dataclass(frozen=True, slots=True)
class Record:
    """A row, or several rows taken together.

    Attributes:
        table: ``projects``, ``deals``, ``policy_events`` or ``corridors``.
        rows: Ids of the rows; more than one for tranches or listed projects together.
        project: Project that it is or belongs to.
        words: Words of its names.
        partners: Outside parties; the actors of an event.
        recipients: Home parties; the targets of an event.
        sector: Sector; empty for an event.
        amount_musd: Amount of a deal or cost of a project, million US dollars.
        capacity_mw: Power.
        length_km: Length.
        dates: Its years or dates, earliest first.
        kind: Instrument of a deal, type of an event, empty for a project.
        status: Status.
        is_aggregate: Whether its amount is a total of many deals.
        opening_year: Year in which a project opened or opens.
        source: Ids of its sources.
        is_tranche: Whether it is one of several deals that add up.
    """

    table: str
    rows: tuple[str, ...]
    project: str = ""
    words: frozenset[str] = frozenset()
    partners: frozenset[str] = frozenset()
    recipients: frozenset[str] = frozenset()
    sector: str = ""
    amount_musd: float | None = None
    capacity_mw: float | None = None
    length_km: float | None = None
    dates: tuple[str, ...] = ()
    kind: str = ""
    status: str = ""
    is_aggregate: bool = False
    opening_year: int | None = None
    source: tuple[str, ...] = ()
    is_tranche: bool = False

    @property
    def row_kind(self) -> str:
        """Its table, or ``tranche``."""
        return TRANCHE if self.is_tranche else self.table

    @property
    def key(self) -> str:
        """Ids of the rows, joined by ``;``."""
        return ";".join(self.rows)


def project_records(region: Region) -> tuple[Record, ...]:
    """Return the projects of a region as records, by id."""
    frame = region.table(PROJECTS).sort_index()
    return tuple(_project(row) for row in frame.to_dict("records"))


def _project(row: Mapping[Any, Any]) -> Record:
    unit, size = row["capacity_unit"], _number(row["capacity"])
    years = [row[name] for name in ("announced_year", "start_year", "completion_year")]
    return Record(
        table=PROJECTS,
        rows=(row["id"],),
        project=row["id"],
        words=frozenset(name_words(f"{row['name']} {row['id']} {row['contractor']}")),
        partners=_codes(row["partners"]),
        recipients=_codes(row["iso3"]),
        sector=row["sector"],
        amount_musd=_number(row["capex_musd"]),
        capacity_mw=size if unit == "MW" else None,
        length_km=size if unit == "km" else None,
        dates=tuple(str(year) for year in years if not pd.isna(year)),
        status=row["status"],
        opening_year=None if pd.isna(years[2]) else int(years[2]),
        source=tuple(sorted(_codes(row["source"]))),
    )


def deal_records(region: Region) -> tuple[Record, ...]:
    """Return the deals of a region as records, by id, then tranches of one partner and project together."""
    frame = region.table(DEALS).sort_index()
    projects = {record.project: record for record in project_records(region)}
    single = [_deal(row, projects) for row in frame.to_dict("records")]
    tranches: dict[tuple[str, str], list[Record]] = {}
    for record, role in zip(single, frame["role"], strict=True):
        if role == TRANCHE and record.project and record.amount_musd is not None:
            tranches.setdefault((";".join(sorted(record.partners)), record.project), []).append(record)
    return (*single, *(joint for group in tranches.values() for joint in _joint_tranches(group)))


def _deal(row: Mapping[Any, Any], projects: Mapping[str, Record]) -> Record:
    project = projects.get(row["project"])
    own = name_words(f"{row['counterparty']} {row['note'].split('role:')[0]} {row['sector']}", numbers=False)
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
        is_aggregate=row["role"] == AGGREGATE or (row["role"] == PART and not row["project"]),
        source=tuple(sorted(_codes(row["source"]))),
        is_tranche=row["role"] == TRANCHE,
    )


def _joint_tranches(group: list[Record]) -> Iterator[Record]:
    """Yield totals of two or more tranches: an article may state one loan where the ledger has its parts."""
    if len(group) > _MAX_TRANCHES:
        return
    for size in range(2, len(group) + 1):
        for chosen in combinations(group, size):
            yield _joint(chosen)


def listed_projects(name: str, records: Sequence[Record], vocabulary: Vocabulary) -> Record | None:
    """Return the projects that a name lists, as one record: "Hill and Bay wind" is two wind farms.

    Args:
        name: The name.
        records: Single projects.
        vocabulary: Weights of words.

    Returns:
        Their total under all their ids; ``None`` if the name is not a list of distinct projects.
    """
    parts = [part for part in re.split(r"\s*(?:,|;|&|\band\b)\s*", name) if part]
    if len(parts) < 2:
        return None
    found = [_best_named(part, records, vocabulary) for part in parts]
    chosen = {record.project: record for record in found if record is not None}
    if len(chosen) < len(parts):
        return None
    return _joint([chosen[key] for key in sorted(chosen)])


def _best_named(part: str, records: Sequence[Record], vocabulary: Vocabulary) -> Record | None:
    words = name_words(part)
    shares = [(containment(words, record.words, vocabulary) or 0.0, record) for record in records]
    best = max((share for share, _ in shares), default=0.0)
    named = [record for share, record in shares if share == best]
    return named[0] if best >= _LISTED and len(named) == 1 else None


def _joint(group: Sequence[Record]) -> Record:
    """Return records taken together: figures added, names and parties united."""

    def total(values: Sequence[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return sum(known) if len(known) == len(values) else None

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
        opening_year=first.opening_year if len({record.opening_year for record in group}) == 1 else None,
        source=tuple(sorted({key for record in group for key in record.source})),
    )


def corridor_records(region: Region) -> tuple[Record, ...]:
    """Return the corridors of a region as records, by id; a corridor has only its name."""
    frame = region.table(CORRIDORS).sort_index()
    return tuple(
        Record(
            table=CORRIDORS,
            rows=(row["id"],),
            words=frozenset(name_words(f"{row['name']} {row['id']}")),
        )
        for row in frame.to_dict("records")
    )


def event_records(region: Region) -> tuple[Record, ...]:
    """Return the policy events of a region as records, by id."""
    frame = region.table(EVENTS).sort_index()
    return tuple(
        Record(
            table=EVENTS,
            rows=(row["id"],),
            words=frozenset(name_words(f"{row['what']} {row['magnitude']} {row['note']}", numbers=False)),
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
