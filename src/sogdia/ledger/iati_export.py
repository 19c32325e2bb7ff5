"""Export the ledger as IATI 2.03 activities.

A project is an activity of hierarchy 1, a deal one of hierarchy 2 below it. Only deals that count have a
transaction, at their stage, so that the totals of the file count nothing twice. Next to the elements of the
standard each activity carries its row in an element of Sogdia's namespace, which the standard allows, so
that an export can be imported without loss.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sogdia.codes import (
    ANNOUNCED,
    CONSTRUCTION,
    OPERATING,
)
from sogdia.errors import InputError, clip
from sogdia.files import write_file
from sogdia.ledger.accounts import (
    classify_deals,
)
from sogdia.ledger.iati_codes import (
    ACCOUNTABLE,
    DEAL_STATUS_CODES,
    EXTENDING,
    FINANCE_CODES,
    FUNDING,
    IMPLEMENTING,
    ORGANISATION_CODES,
    PROJECT_STATUS_CODES,
    ROW_NAMESPACE,
    SECTOR_CODES,
    TRANSACTION_CODES,
    VERSION,
    alpha2,
    schema,
)
from sogdia.region import Region, read_pack

REPORTER = "XX-SOGDIA"
"""Identifier of the reporting organisation if the user gives none; it is in no register."""
IDENTIFIER = re.compile(r"[^\s/&|?\x00-\x1f\x7f-\xa0\u2000-\u206f\ufeff]+")
"""Identifier of an organisation or activity, by the standard."""
REGION_VOCABULARY = "99"
"""IATI code of a vocabulary of the reporting organisation."""
_DAY_LENGTH = len("2025-01-01")
Row = Mapping[str, str]


def export_iati(region: Region, path: Path, *, reporter: str = REPORTER, name: str = "") -> int:
    """Write the projects and deals of the ledger as IATI 2.03.

    Args:
        region: The region.
        path: The XML file.
        reporter: Identifier of the reporting organisation; identifiers of activities begin with it.
        name: Its name; "Sogdia" and the region's title if not given.

    Returns:
        Number of activities.

    Raises:
        InputError: If the ledger has neither projects nor deals, or the identifier is not one of IATI.
        CannotRunError: If the file cannot be written.
    """
    from lxml import etree

    if not IDENTIFIER.fullmatch(reporter):
        raise InputError(
            f"reporter: {clip(reporter)} is no identifier of IATI; expected letters, digits and signs "
            "without blanks and / & | ?"
        )
    root = activities(region, reporter, name or f"Sogdia, {region.title}")
    if not root.findall("iati-activity"):
        raise InputError(f"{region.name} has no project or deal; IATI needs at least one activity")
    schema().assertValid(root)
    write_file(path, etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))
    return len(root.findall("iati-activity"))


def activities(region: Region, reporter: str, name: str) -> Any:
    """Return the root element with the activities, followed by the rows of cited sources.

    Args:
        region: The region.
        reporter: Identifier of the reporting organisation.
        name: Its name.
    """
    from lxml import etree

    raw = read_pack(region.folder).raw
    rows = {
        table: [dict(zip(raw[table].header, cells, strict=True)) for cells in raw[table].rows]
        for table in ("sources", "projects", "deals")
    }
    sources = {row["id"]: row for row in rows["sources"]}
    parties = region.table("parties")
    writer = _ActivityWriter(
        reporter,
        name,
        sources,
        dict(zip(parties["code"], parties["name"], strict=True)),
        dict(zip(parties["code"], parties["kind"], strict=True)),
        max((row["date"] for row in sources.values() if row["date"]), default="2000-01-01"),
    )
    root = etree.Element("iati-activities", nsmap={"sogdia": ROW_NAMESPACE}, version=VERSION)
    root.set("generated-datetime", f"{_day(writer.latest)}T00:00:00Z")
    names = {row["id"]: row["name"] for row in rows["projects"]}
    counts = classify_deals(region.table("deals"))["counts"]
    for row in rows["projects"]:
        writer.project(root, row)
    for row in rows["deals"]:
        writer.deal(root, row, names.get(row["project"], ""), bool(counts[row["id"]]))
    cited = {
        key for table in ("projects", "deals") for row in rows[table] for key in row["source"].split(";")
    }
    for key in sorted(cited & sources.keys()):
        _add_row(root, "sources", sources[key])
    return root


@dataclass(frozen=True)
class _ActivityWriter:
    """Data that every activity uses.

    Attributes:
        reporter: Identifier of the reporting organisation.
        name: Its name.
        sources: Rows of ``sources`` by id.
        party_names: Names of parties by code.
        party_kinds: Kinds of parties by code.
        latest: Latest date of the sources.
    """

    reporter: str
    name: str
    sources: Mapping[str, Row]
    party_names: Mapping[str, str]
    party_kinds: Mapping[str, str]
    latest: str

    def project(self, root: Any, row: Row) -> None:
        """Add the activity of a project."""
        activity = self._activity(root, row, "1", row["name"], row["note"] or row["name"])
        partners = [code for code in row["partners"].split(";") if code]
        for code in partners:
            self._party(activity, FUNDING, code)
        if row["contractor"]:
            _organisation(activity, IMPLEMENTING, row["contractor"], "")
        if not partners and not row["contractor"]:
            for code in row["iso3"].split(";"):
                self._party(activity, ACCOUNTABLE, code)
        _child(activity, "activity-status", code=PROJECT_STATUS_CODES[row["status"]])
        has_ended = row["status"] == OPERATING
        has_started = has_ended or row["status"] == CONSTRUCTION
        dates = [
            ("2" if has_started else "1", row["start_year"]),
            ("4" if has_ended else "3", row["completion_year"]),
        ]
        if not any(year for _, year in dates):
            dates = [("1", row["announced_year"] or self._source_date(row))]
        for kind, year in dates:
            if year:
                _date(activity, kind, year)
        self._location(activity, row["iso3"])
        _sector(activity, row["sector"])
        self._documents(activity, row)
        _add_row(activity, "projects", row)

    def deal(self, root: Any, row: Row, project: str, counts: bool) -> None:
        """Add the activity of a deal, with a transaction if it counts and its amount is published."""
        recipients = ", ".join(self.party_names[code] for code in row["recipient"].split(";"))
        title = f"{self.party_names[row['partner']]} to {recipients}: {project or row['sector']}"
        activity = self._activity(root, row, "2", title, row["note"] or title)
        self._party(activity, FUNDING, row["partner"])
        if row["counterparty"]:
            _organisation(activity, EXTENDING, row["counterparty"], "")
        _child(activity, "activity-status", code=DEAL_STATUS_CODES[row["status"]])
        date = row["year"] or self._source_date(row)
        _date(activity, "1" if row["status"] == ANNOUNCED else "2", date)
        self._location(activity, row["recipient"])
        _sector(activity, row["sector"])
        if row["instrument"] in FINANCE_CODES:
            _child(activity, "default-finance-type", code=FINANCE_CODES[row["instrument"]])
        if counts and row["amount_musd"]:
            transaction = _child(activity, "transaction", ref=row["id"])
            _child(transaction, "transaction-type", code=TRANSACTION_CODES[row["status"]])
            _child(transaction, "transaction-date", **{"iso-date": _day(date)})
            value = _child(transaction, "value", currency="USD", **{"value-date": _day(date)})
            value.text = _dollars(row["amount_musd"])
        self._documents(activity, row)
        if row["project"]:
            _child(activity, "related-activity", ref=f"{self.reporter}-{row['project']}", type="1")
        _add_row(activity, "deals", row)

    def _activity(self, root: Any, row: Row, level: str, title: str, text: str) -> Any:
        activity = _child(root, "iati-activity", hierarchy=level, **{"default-currency": "USD"})
        activity.set("{http://www.w3.org/XML/1998/namespace}lang", "en")
        _child(activity, "iati-identifier").text = f"{self.reporter}-{row['id']}"
        reporting = _child(
            activity, "reporting-org", ref=self.reporter, type="80", **{"secondary-reporter": "1"}
        )
        _narrative(reporting, self.name)
        _narrative(_child(activity, "title"), title)
        _narrative(_child(activity, "description", type="1"), text)
        return activity

    def _party(self, activity: Any, role: str, code: str) -> None:
        _organisation(activity, role, self.party_names[code], ORGANISATION_CODES[self.party_kinds[code]])

    def _source_date(self, row: Row) -> str:
        """Return the latest date of a row's sources, or else of the ledger."""
        dates = [self.sources[key]["date"] for key in row["source"].split(";") if key in self.sources]
        return max(filter(None, dates), default=self.latest)

    def _location(self, activity: Any, cell: str) -> None:
        """Add one country by its code; several as a region, because their shares are not published."""
        codes = cell.split(";")
        if len(codes) == 1 and alpha2(codes[0]):
            country = _child(activity, "recipient-country", code=alpha2(codes[0]))
            _narrative(country, self.party_names[codes[0]])
            return
        region = _child(activity, "recipient-region", code=cell, vocabulary=REGION_VOCABULARY)
        region.set("vocabulary-uri", ROW_NAMESPACE)
        _narrative(region, ", ".join(self.party_names[code] for code in codes))

    def _documents(self, activity: Any, row: Row) -> None:
        for key in row["source"].split(";"):
            source = self.sources.get(key)
            if source and source["url"]:
                link = _child(activity, "document-link", url=source["url"], format="text/html")
                _narrative(_child(link, "title"), source["title"])
                _child(link, "category", code="A12")


def _organisation(activity: Any, role: str, name: str, kind: str) -> None:
    organisation = _child(activity, "participating-org", role=role, **({"type": kind} if kind else {}))
    _narrative(organisation, name)


def _date(activity: Any, kind: str, date: str) -> None:
    element = _child(activity, "activity-date", type=kind, **{"iso-date": _day(date)})
    if len(date) < _DAY_LENGTH:
        _narrative(element, f"published as {date}")


def _sector(activity: Any, sector: str) -> None:
    _narrative(_child(activity, "sector", vocabulary="1", code=SECTOR_CODES[sector]), sector)


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, tag, **attributes)


def _narrative(parent: Any, text: str) -> None:
    _child(parent, "narrative").text = text


def _add_row(parent: Any, table: str, row: Row) -> None:
    """Add a row of the pack in elements of Sogdia's namespace."""
    element = _child(parent, f"{{{ROW_NAMESPACE}}}row", table=table)
    for name, text in row.items():
        if text:
            _child(element, f"{{{ROW_NAMESPACE}}}cell", name=name).text = text


def _day(date: str) -> str:
    """Return the first day of a year or month; a day unchanged."""
    return date + "-01-01"[len(date) - 4 :] if len(date) < _DAY_LENGTH else date


def _dollars(musd: str) -> str:
    """Return the dollars of an amount in million dollars, without rounding."""
    from decimal import Decimal

    return format((Decimal(musd) * 1_000_000).normalize(), "f")
