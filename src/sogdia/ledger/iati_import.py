"""Import IATI 2.03 activities as rows of the ledger, all of them or none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sogdia.articles.claim import Amount, Claim
from sogdia.articles.exchange_rates import DOLLARS, ExchangeRates
from sogdia.codes import (
    ANNOUNCED,
    CANCELLED,
    DISBURSED,
    REPORTED,
    SIGNED,
)
from sogdia.errors import Fault, FaultsError, clip
from sogdia.files import read_bytes
from sogdia.ledger.accounts import (
    AGGREGATE,
    TOTAL,
    TRANCHE,
)
from sogdia.ledger.draft_rows import figure_text
from sogdia.ledger.iati_codes import (
    EXTENDING,
    FINANCE_CODES,
    FUNDING,
    ROW_NAMESPACE,
    SECTOR_CODES,
    TRANSACTION_STAGES,
    alpha2,
    schema,
)
from sogdia.ledger.matching import match_claims
from sogdia.ledger.name_similarity import name_words
from sogdia.ledger.patch import ORDER, Patch, Row, cell_text, patch_of
from sogdia.ledger.sectors import UNSPECIFIED_SECTOR, sectors_of
from sogdia.region import Region
from sogdia.tables import table_schemas
from sogdia.units import convert

MAX_BYTES = 64 * 2**20
_CANCELLED_STATUS = "5"
_CHILD = "2"
"""Type of a related activity."""
_DISBURSED_SHARE = 0.99
"""Share of the commitments from which a deal counts as disbursed."""
_FINANCE_FAMILIES = {"1": "grant", "4": "loan", "5": "equity", "7": "fdi"}
"""Instruments by the first digit of a finance type."""


@dataclass
class Imported:
    """Rows of an IATI file for the ledger.

    Attributes:
        rows: Rows by table, as text cells.
        left_out: Identifier of each activity that becomes no row, and the reason.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in ORDER})
    left_out: list[tuple[str, str]] = field(default_factory=list)

    @property
    def patch(self) -> Patch:
        """The rows as a patch."""
        return patch_of(self.rows)


@dataclass(frozen=True, slots=True)
class _Money:
    """Amount in million dollars, status and year of an activity."""

    musd: float | None
    status: str
    year: int | None


def read_iati(path: Path, region: Region) -> Imported:
    """Read activities as rows of the ledger.

    An activity that carries a row, as :func:`sogdia.ledger.iati_export.export_iati` writes it, becomes that
    row. Any other becomes a deal: its partner is the funding organisation, else the extending, else the
    reporting one; its amount is the sum of the commitments, else of the disbursements, else of the pledges,
    each converted to dollars at the rate of its year. An activity outside the region, or one that the
    ledger has already, is left out and listed. Entities are not expanded, and no network is used.

    Args:
        path: The XML file.
        region: The region with the parties, exchange rates and rows.

    Raises:
        FaultsError: If activities have errors; all of them, with line and identifier.
        CannotRunError: If the file cannot be read, or is larger than 64 MiB.
    """
    root = _parsed(path)
    faults = _schema_faults(root, path.name)
    if faults:
        raise FaultsError(faults)
    reader = _Reader(path.name, region)
    for element in root.findall("iati-activity"):
        reader.activity(element)
    for row in root.findall(f"{{{ROW_NAMESPACE}}}row"):
        reader.row(row, "the file")
    if reader.faults:
        raise FaultsError(reader.faults)
    return reader.found


def _parsed(path: Path) -> Any:
    from lxml import etree

    data = read_bytes(path, MAX_BYTES)
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
    """Return the violations of the schema, each at its activity."""
    validator = schema()
    if validator.validate(root):
        return []
    starts = [(element.sourceline or 0, _identifier(element)) for element in root.findall("iati-activity")]
    faults = []
    for error in validator.error_log:
        inside = [key for line, key in starts if line <= error.line]
        where = f"activity {inside[-1]}" if inside else None
        faults.append(Fault(name, error.line, where, error.message, "", "iati"))
    return faults


def _identifier(element: Any) -> str:
    return cell_text(element.findtext("iati-identifier") or "", 80) or "without an identifier"


def _narrative(element: Any) -> str:
    return cell_text(" ".join(element.itertext()), 200)


class _Reader:
    """Rows and errors found so far."""

    def __init__(self, file: str, region: Region) -> None:
        self.file = file
        self.region = region
        self.found = Imported()
        self.faults: list[Fault] = []
        parties = region.table("parties")
        self.names: dict[str, str] = dict(zip(parties["code"], parties["name"], strict=True))
        self.by_alpha2 = {alpha2(code): code for code in self.names if alpha2(code)}
        self.rates = ExchangeRates(region)
        self.sources: dict[str, str] = {}

    def fault(self, element: Any, problem: str, suggested_fix: str = "") -> None:
        """Record an error at an element of an activity."""
        activity = element if element.tag == "iati-activity" else next(element.iterancestors("iati-activity"))
        where = f"activity {_identifier(activity)}"
        self.faults.append(Fault(self.file, element.sourceline, where, problem, suggested_fix, "iati"))

    def activity(self, element: Any) -> None:
        """Read an activity: the row it carries, or a deal."""
        row = element.find(f"{{{ROW_NAMESPACE}}}row")
        if row is not None:
            self.row(row, f"activity {_identifier(element)}")
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

    def row(self, element: Any, where: str) -> None:
        """Read a row in elements of Sogdia's namespace."""
        table = element.get("table", "")
        if table not in ORDER:
            problem = f"the table {clip(table)} is unknown"
            self.faults.append(Fault(self.file, element.sourceline, where, problem, "", "iati"))
            return
        cells = {
            cell.get("name", ""): cell.text or "" for cell in element.findall(f"{{{ROW_NAMESPACE}}}cell")
        }
        unknown = sorted(set(cells) - set(table_schemas()[table].field_names))
        for name in unknown:
            problem = f"the field {clip(name)} is unknown"
            self.faults.append(Fault(self.file, element.sourceline, where, problem, "", "iati"))
        if not unknown:
            self.found.rows[table].append(cells)

    def _recipients(self, element: Any) -> tuple[str, ...] | None:
        """Return the countries of an activity; ``None`` if it has none, or none of the region."""
        items = [*element.findall("recipient-country"), *element.findall("transaction/recipient-country")]
        codes = {item.get("code", "").upper() for item in items}
        known = sorted(self.by_alpha2[code] for code in codes if code in self.by_alpha2)
        if not codes:
            self.found.left_out.append((_identifier(element), "no country is stated"))
            return None
        if not set(known) & set(self.region.home):
            self.found.left_out.append((_identifier(element), "in no country of the region"))
            return None
        return tuple(known)

    def _partner(self, element: Any) -> str:
        """Return the payer: the funding organisation, else the extending, else the reporting one."""
        by_role: dict[str, list[Any]] = {}
        for item in element.findall("participating-org"):
            by_role.setdefault(item.get("role", ""), []).append(item)
        for candidates in (
            by_role.get(FUNDING, []),
            by_role.get(EXTENDING, []),
            [element.find("reporting-org")],
        ):
            codes = {code for code in map(self._party, candidates) if code}
            if len(codes) == 1:
                return codes.pop()
            if len(codes) > 1:
                partners = ", ".join(sorted(codes))
                problem = f"several partners ({partners}), and their shares are not published"
                self.fault(candidates[0], problem, "name one funding organisation")
                return ""
        names = "; ".join(sorted({_narrative(item) for item in element.findall("participating-org")}))
        fix = "add it to parties.csv, or name one that is in it"
        self.fault(element, f"no organisation is a party of the ledger: {clip(names)}", fix)
        return ""

    def _party(self, organisation: Any) -> str:
        """Return the party of an organisation: by its name, else by the country of its identifier."""
        name = set(name_words(_narrative(organisation)))
        contained = [
            (len(words), code)
            for code, words in ((code, set(name_words(text))) for code, text in self.names.items())
            if words and words <= name
        ]
        if contained:
            return max(contained)[1]
        prefix = re.match(r"([A-Z]{2})-", organisation.get("ref", "") or "")
        return self.by_alpha2.get(prefix.group(1), "") if prefix else ""

    def _money(self, element: Any) -> _Money:
        sums, years = self._transactions(element)
        dates = [int(item.get("iso-date", "0")[:4]) for item in element.findall("activity-date")]
        committed, disbursed = sums.get(SIGNED), sums.get(DISBURSED)
        if committed is not None:
            is_disbursed = disbursed is not None and disbursed >= _DISBURSED_SHARE * committed
            amount: float | None = committed
            status = DISBURSED if is_disbursed else SIGNED
        elif disbursed is not None:
            amount, status = disbursed, DISBURSED
        else:
            amount, status = sums.get(ANNOUNCED), ANNOUNCED
        if element.find("activity-status").get("code") == _CANCELLED_STATUS:
            status = CANCELLED
        if amount is not None and amount < 0:
            problem = f"its transactions sum to {amount:g} million dollars, below 0"
            self.fault(element, problem, "correct the values")
        return _Money(amount, status, min(years or dates, default=None))

    def _transactions(self, element: Any) -> tuple[dict[str, float], list[int]]:
        """Return the sums of transactions by stage, in million dollars, and their years."""
        sums: dict[str, float] = {}
        years = []
        for item in element.findall("transaction"):
            kind, value = item.find("transaction-type").get("code", ""), item.find("value")
            day = value.get("value-date") or item.find("transaction-date").get("iso-date", "")
            currency = value.get("currency") or element.get("default-currency") or ""
            stage = next((name for name, codes in TRANSACTION_STAGES if kind in codes), "")
            if not stage:
                continue
            musd = self._musd(value, currency, day)
            if musd is not None:
                sums[stage] = sums.get(stage, 0.0) + musd
                years.append(int(day[:4]))
        return sums, years

    def _musd(self, value: Any, currency: str, day: str) -> float | None:
        amount = float((value.text or "").strip())
        if currency == DOLLARS:
            return convert(amount, "USD", "USD million")
        if not currency:
            self.fault(value, "no currency is stated", "add currency or default-currency")
            return None
        found = self.rates.nearest(currency, int(day[:4]))
        if found is None:
            problem = f"no rate of {currency} in exchange_rates"
            self.fault(value, problem, "add it, or convert the value to dollars")
            return None
        return convert(amount * found[0], "USD", "USD million")

    def _deal(self, element: Any, partner: str, recipients: Sequence[str], money: _Money) -> None:
        key, title = _identifier(element), _narrative(element.find("title"))
        row, project = self._known(title, partner, recipients, money)
        if row:
            self.found.left_out.append((key, f"the ledger has it as {row}"))
            return
        instrument = element.find("default-finance-type")
        code = instrument.get("code", "") if instrument is not None else ""
        reporting = _narrative(element.find("reporting-org"))
        digest = hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:8]
        self.found.rows["deals"].append(
            {
                "id": f"de_iati_{digest}",
                "partner": partner,
                "recipient": ";".join(recipients),
                "sector": _sector(element, title),
                "project": project,
                "year": "" if money.year is None else str(money.year),
                "amount_musd": figure_text(money.musd),
                "instrument": _instrument(code),
                "counterparty": reporting,
                "status": money.status,
                "role": AGGREGATE if _has_children(element) else TRANCHE if project else TOTAL,
                "basis": REPORTED,
                "source": self._source(element, reporting),
                "note": cell_text(f"IATI activity {key}: {title}"),
            }
        )

    def _known(self, title: str, partner: str, recipients: Sequence[str], money: _Money) -> tuple[str, str]:
        """Return the row of the ledger that a deal matches, and its project; each empty if there is none."""
        amount = None
        if money.musd is not None:
            value = convert(money.musd, "USD million", "USD")
            amount = Amount(title, value, DOLLARS, "exact", money.musd)
        claim = Claim(
            number=1,
            type="finance",
            partners=(partner,),
            recipients=tuple(recipients),
            project=title,
            amount=amount,
            status=money.status,  # type: ignore[arg-type]  # Statuses of deals are statuses of claims.
            quote=title,
        )
        (match,) = match_claims((claim,), self.region)
        return match.row, match.project

    def _source(self, element: Any, reporting: str) -> str:
        """Return the id of an activity's source: the file, as its reporting organisation published it."""
        if reporting not in self.sources:
            stamp = element.getroottree().getroot().get("generated-datetime") or ""
            slug = re.sub(r"[^a-z0-9]+", "", reporting.lower().encode("ascii", "ignore").decode())[:16]
            digest = hashlib.sha256(f"{reporting}{stamp}".encode("utf-8", "replace")).hexdigest()[:8]
            row = {
                "id": "_".join(filter(None, ("iati", slug, digest))),
                "title": cell_text(f"IATI activities of {reporting}"),
                "publisher": reporting or "not stated",
                "date": stamp[:10],
            }
            self.sources[reporting] = row["id"]
            self.found.rows["sources"].append(row)
        return self.sources[reporting]


def _sector(element: Any, title: str) -> str:
    by_code = {code: sector for sector, code in SECTOR_CODES.items()}
    codes = [item.get("code", "") for item in element.findall("sector") if item.get("vocabulary", "1") == "1"]
    known = {by_code[code] for code in codes if code in by_code} - {UNSPECIFIED_SECTOR}
    named = sectors_of(title)
    if len(known) == 1:
        return known.pop()
    return named[0] if len(named) == 1 else UNSPECIFIED_SECTOR


def _instrument(code: str) -> str:
    exact = {value: name for name, value in FINANCE_CODES.items()}
    if code in exact:
        return exact[code]
    return _FINANCE_FAMILIES.get(code[:1], "agreement") if len(code) == 3 else "agreement"


def _has_children(element: Any) -> bool:
    """Return whether the activities below an activity repeat its money."""
    return any(item.get("type") == _CHILD for item in element.findall("related-activity"))
