"""IATI 2.03 in: activities of anybody as rows of the ledger, each fault at its activity, all or nothing."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from sogdia.articles.claim import Amount, Claim
from sogdia.errors import CannotRunError, Fault, FaultsError, clip
from sogdia.ledger.iati import FINANCE_CODES, OWN, SECTOR_CODES, alpha2, schema
from sogdia.ledger.matching import match_claims
from sogdia.ledger.names import words_of
from sogdia.ledger.patch import ORDER, Patch, Row, patch_of, tidy
from sogdia.ledger.subjects import sectors_of
from sogdia.region import Region
from sogdia.tables import table_schemas

LARGEST_FILE = 64 * 2**20
MUSD = 1e6
_PLEDGES, _COMMITMENTS, _PAYMENTS = ("12", "13"), ("2", "11"), ("3", "4")
_CANCELLED = "5"
_FUNDING, _EXTENDING = "1", "3"
_NEARLY_ALL = 0.99


@dataclass
class Imported:
    """What an IATI file holds for the ledger.

    Attributes:
        rows: Rows by table, as text cells.
        left_out: Identifier of each activity that becomes no row, and why.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in ORDER})
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def patch(self) -> Patch:
        """The rows as a patch."""
        return patch_of(self.rows)


def read_iati(path: Path, region: Region) -> Imported:
    """Read activities as rows of the ledger.

    An activity that carries its own row, as :func:`sogdia.ledger.iati.export_iati` writes it, comes back as
    that row. Any other becomes a deal: its funding organisation (else the extending, else the reporting
    one) is the partner, its commitments the sum, else its disbursements, else its pledges, each turned into
    dollars at the rate of its year. One whose country is not of the ledger, or that the ledger has already,
    is left out and listed. Nothing outside the file is looked at: no entity is expanded and no network
    used.

    Args:
        path: The XML file.
        region: The region whose parties, rates and rows are meant.

    Raises:
        FaultsError: Every fault of every activity, with line and identifier; then nothing is read.
        CannotRunError: If the file cannot be read.
    """
    root = _parsed(path)
    faults = _schema_faults(root, path.name)
    if faults:
        raise FaultsError(faults)
    reader = _Reader(path.name, region)
    for element in root.findall("iati-activity"):
        reader.activity(element)
    for own in root.findall(f"{{{OWN}}}row"):
        reader.own_row(own, "the file")
    if reader.faults:
        raise FaultsError(reader.faults)
    return reader.found


def _parsed(path: Path) -> Any:
    from lxml import etree

    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST_FILE else b""
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    if size > LARGEST_FILE:
        problem = f"the file holds {size / 2**20:,.0f} MiB; at most {LARGEST_FILE // 2**20} are read"
        raise FaultsError([Fault(path.name, None, None, problem, "split it", "iati")])
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line = error.lineno or None
        raise FaultsError([Fault(path.name, line, None, f"not XML: {error.msg}", "", "iati")]) from error
    if root.getroottree().docinfo.doctype:
        problem = "a document type declaration: IATI has none, and entities are not expanded"
        raise FaultsError([Fault(path.name, 1, None, problem, "delete it", "iati")])
    return root


def _schema_faults(root: Any, name: str) -> list[Fault]:
    """What the schema refuses, at the activity it is in."""
    judge = schema()
    if judge.validate(root):
        return []
    begins = [(element.sourceline or 0, _identifier(element)) for element in root.findall("iati-activity")]
    faults = []
    for error in judge.error_log:
        inside = [key for line, key in begins if line <= error.line]
        where = f"activity {inside[-1]}" if inside else None
        faults.append(Fault(name, error.line, where, error.message, "", "iati"))
    return faults


def _identifier(element: Any) -> str:
    return tidy(element.findtext("iati-identifier") or "", 80) or "without an identifier"


class _Reader:
    """The rows and faults found so far."""

    def __init__(self, file: str, region: Region) -> None:
        self.file = file
        self.region = region
        self.found = Imported()
        self.faults: list[Fault] = []
        parties = region.table("parties")
        self.names: dict[str, str] = dict(zip(parties["code"], parties["name"], strict=True))
        self.by_alpha2 = {alpha2(code): code for code in self.names if alpha2(code)}
        self.rates = _rates(region)
        self.sources: dict[str, str] = {}

    def fault(self, element: Any, problem: str, fix: str = "") -> None:
        """Note a fault at an element of an activity."""
        activity = element if element.tag == "iati-activity" else next(element.iterancestors("iati-activity"))
        where = f"activity {_identifier(activity)}"
        self.faults.append(Fault(self.file, element.sourceline, where, problem, fix, "iati"))

    def activity(self, element: Any) -> None:
        """One activity: its own row, or a deal."""
        own = element.find(f"{{{OWN}}}row")
        if own is not None:
            self.own_row(own, f"activity {_identifier(element)}")
            return
        before = len(self.faults)
        recipients = self._recipients(element)
        if recipients is None:
            return
        partner = self._partner(element)
        money = self._money(element)
        if len(self.faults) > before or not partner:
            return
        self._deal(element, partner, recipients, money)

    def own_row(self, own: Any, where: str) -> None:
        """A row in elements of our own, as it went out."""
        table = own.get("table", "")
        if table not in ORDER:
            self.faults.append(Fault(self.file, own.sourceline, where, f"no table {clip(table)}", "", "iati"))
            return
        cells = {cell.get("name", ""): cell.text or "" for cell in own.findall(f"{{{OWN}}}cell")}
        unknown = sorted(set(cells) - set(table_schemas()[table].field_names))
        for name in unknown:
            self.faults.append(Fault(self.file, own.sourceline, where, f"no field {clip(name)}", "", "iati"))
        if not unknown:
            self.found.rows[table].append(cells)

    def _recipients(self, element: Any) -> tuple[str, ...] | None:
        """Codes of the countries of an activity; ``None`` where none is of the ledger or one is unknown."""
        told = [*element.findall("recipient-country"), *element.findall("transaction/recipient-country")]
        codes = {item.get("code", "").upper() for item in told}
        known = sorted(self.by_alpha2[code] for code in codes if code in self.by_alpha2)
        if not codes:
            self.found.left_out.append((_identifier(element), "no country is told"))
            return None
        if not set(known) & set(self.region.home):
            self.found.left_out.append((_identifier(element), "in no country of the region"))
            return None
        return tuple(known)

    def _partner(self, element: Any) -> str:
        """Code of who pays: the funding organisation, else the extending, else the reporting one."""
        by_role: dict[str, list[Any]] = {}
        for item in element.findall("participating-org"):
            by_role.setdefault(item.get("role", ""), []).append(item)
        for candidates in (
            by_role.get(_FUNDING, []),
            by_role.get(_EXTENDING, []),
            [element.find("reporting-org")],
        ):
            codes = {code for code in map(self._party, candidates) if code}
            if len(codes) == 1:
                return codes.pop()
            if len(codes) > 1:
                told = ", ".join(sorted(codes))
                self.fault(candidates[0], f"several partners ({told}), and which pays what is not told")
                return ""
        told = "; ".join(sorted({self._narrative(item) for item in element.findall("participating-org")}))
        fix = "add it to parties.csv, or name one that is there"
        self.fault(element, f"no organisation is a party of the ledger: {clip(told)}", fix)
        return ""

    def _party(self, organisation: Any) -> str:
        """Party that an organisation is: by a name it bears, else by the country of its identifier."""
        name = set(words_of(self._narrative(organisation)))
        bearing = [
            (len(words), code)
            for code, words in ((code, set(words_of(text))) for code, text in self.names.items())
            if words and words <= name
        ]
        if bearing:
            return max(bearing)[1]
        prefix = re.match(r"([A-Z]{2})-", organisation.get("ref", "") or "")
        return self.by_alpha2.get(prefix.group(1), "") if prefix else ""

    @staticmethod
    def _narrative(element: Any) -> str:
        return tidy(" ".join(element.itertext()), 200)

    def _money(self, element: Any) -> tuple[float | None, str, int | None]:
        """Sum in million dollars, status and year of an activity."""
        sums: dict[str, float] = {}
        years = []
        for item in element.findall("transaction"):
            kind, value = item.find("transaction-type").get("code", ""), item.find("value")
            day = value.get("value-date") or item.find("transaction-date").get("iso-date", "")
            currency = value.get("currency") or element.get("default-currency") or ""
            stage = next((name for name, codes in _STAGES if kind in codes), "")
            if not stage:
                continue
            musd = self._musd(value, currency, day)
            if musd is not None:
                sums[stage] = sums.get(stage, 0.0) + musd
                years.append(int(day[:4]))
        dates = [int(item.get("iso-date", "0")[:4]) for item in element.findall("activity-date")]
        year = min(years or dates, default=None)
        signed, paid = sums.get("signed"), sums.get("disbursed")
        if signed is not None:
            status = "disbursed" if paid is not None and paid >= _NEARLY_ALL * signed else "signed"
            amount: float | None = signed
        elif paid is not None:
            amount, status = paid, "disbursed"
        else:
            amount, status = sums.get("announced"), "announced"
        if element.find("activity-status").get("code") == _CANCELLED:
            status = "cancelled"
        if amount is not None and amount < 0:
            self.fault(element, f"its transactions sum to {amount:g} million dollars, below 0")
        return amount, status, year

    def _musd(self, value: Any, currency: str, day: str) -> float | None:
        amount = float((value.text or "").strip())
        if currency == "USD":
            return amount / MUSD
        years = self.rates.get(currency, {})
        if not currency or not years:
            told = f"no rate of {currency} in exchange_rates" if currency else "no currency is told"
            self.fault(value, told, "add it, or turn the sum into dollars")
            return None
        year = min(years, key=lambda known: (abs(known - int(day[:4])), known))
        return amount * years[year] / MUSD

    def _deal(
        self,
        element: Any,
        partner: str,
        recipients: Sequence[str],
        money: tuple[float | None, str, int | None],
    ) -> None:
        amount, status, year = money
        key, title = _identifier(element), self._narrative(element.find("title"))
        known = self._known(title, partner, recipients, amount, status)
        if known[0]:
            self.found.left_out.append((key, f"the ledger has it as {known[0]}"))
            return
        instrument = element.find("default-finance-type")
        code = instrument.get("code", "") if instrument is not None else ""
        reporting = self._narrative(element.find("reporting-org"))
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:8]
        self.found.rows["deals"].append(
            {
                "id": f"de_iati_{digest}",
                "partner": partner,
                "recipient": ";".join(recipients),
                "sector": _sector(element, title),
                "project": known[1],
                "year": "" if year is None else str(year),
                "amount_musd": "" if amount is None else f"{amount:.6f}".rstrip("0").rstrip("."),
                "instrument": _instrument(code),
                "counterparty": reporting,
                "status": status,
                "role": "aggregate" if _has_children(element) else "tranche" if known[1] else "total",
                "basis": "reported",
                "source": self._source(element, reporting),
                "note": tidy(f"IATI activity {key}: {title}"),
            }
        )

    def _known(
        self, title: str, partner: str, recipients: Sequence[str], amount: float | None, status: str
    ) -> tuple[str, str]:
        """Row that the ledger has the money as, and its project; each empty where none is."""
        told = None if amount is None else Amount(title, amount * MUSD, "USD", "exact", amount)
        claim = Claim(
            *(1, "finance", (partner,), tuple(recipients), title, "", told, None, None, None),
            *(status, "says", "", (), "", False, (), 1, 0, 0, title),  # type: ignore[arg-type]
        )
        (match,) = match_claims((claim,), self.region)
        return match.row, match.project

    def _source(self, element: Any, reporting: str) -> str:
        """Source of an activity: the file, as its reporting organisation published it."""
        if reporting not in self.sources:
            stamp = element.getroottree().getroot().get("generated-datetime") or ""
            slug = re.sub(r"[^a-z0-9]+", "", reporting.lower().encode("ascii", "ignore").decode())[:16]
            digest = hashlib.sha256(f"{reporting}{stamp}".encode("utf-8", "replace")).hexdigest()[:8]
            row = {
                "id": "_".join(filter(None, ("iati", slug, digest))),
                "title": tidy(f"IATI activities of {reporting}"),
                "publisher": reporting or "not stated",
                "date": stamp[:10],
            }
            self.sources[reporting] = row["id"]
            self.found.rows["sources"].append(row)
        return self.sources[reporting]


_STAGES = (("announced", _PLEDGES), ("signed", _COMMITMENTS), ("disbursed", _PAYMENTS))


def _rates(region: Region) -> dict[str, dict[int, float]]:
    found: dict[str, dict[int, float]] = {}
    for currency, year, rate in region.table("exchange_rates")[
        ["currency", "year", "usd_per_unit"]
    ].itertuples(index=False):
        found.setdefault(str(currency), {})[int(year)] = float(rate)
    return found


def _sector(element: Any, title: str) -> str:
    by_code = {code: sector for sector, code in SECTOR_CODES.items()}
    told = [item.get("code", "") for item in element.findall("sector") if item.get("vocabulary", "1") == "1"]
    known = {by_code[code] for code in told if code in by_code} - {"other"}
    named = sectors_of(title)
    if len(known) == 1:
        return known.pop()
    return named[0] if len(named) == 1 else "other"


def _instrument(code: str) -> str:
    exact = {value: name for name, value in FINANCE_CODES.items()}
    if code in exact:
        return exact[code]
    families = {"1": "grant", "4": "loan", "5": "equity", "7": "fdi"}
    return families.get(code[:1], "agreement") if len(code) == 3 else "agreement"


def _has_children(element: Any) -> bool:
    """Whether the money of an activity is told again by those below it."""
    return any(item.get("type") == "2" for item in element.findall("related-activity"))


def left_out_table(found: Imported) -> pd.DataFrame:
    """Activities that become no row, and why."""
    return pd.DataFrame(found.left_out, columns=["activity", "why"])
