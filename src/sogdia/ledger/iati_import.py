"""Import IATI activities as rows of the ledger, all of them or none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError
from pathlib import Path
from typing import Any

from sogdia.articles.claim import Amount, Claim
from sogdia.articles.exchange_rates import DOLLARS, ExchangeRates
from sogdia.codes import CANCELLED, REPORTED
from sogdia.errors import Fault, FaultsError, clip
from sogdia.ledger.accounts import AGGREGATE, TOTAL, TRANCHE
from sogdia.ledger.draft_rows import figure_text
from sogdia.ledger.iati_codes import FINANCE_CODES, ROW_NAMESPACE, SECTOR_CODES, alpha2
from sogdia.ledger.iati_families import Activity, assign_roles, related_activity
from sogdia.ledger.iati_file import identifier_of, parse_activities
from sogdia.ledger.iati_money import (
    Account,
    Money,
    Recipients,
    SharesError,
    accounts_of,
    money_of,
    planned_amounts,
    recipient_shares,
)
from sogdia.ledger.iati_partners import PartnerNames, SeveralPartnersError
from sogdia.ledger.matching import Matcher
from sogdia.ledger.patch import ORDER, Patch, Row, cell_text, patch_of
from sogdia.ledger.sectors import UNSPECIFIED_SECTOR, sectors_of
from sogdia.region import Region
from sogdia.tables import table_schemas
from sogdia.units import convert

_CANCELLED_STATUS = "5"
_FINANCE_FAMILIES = {"1": "grant", "4": "loan", "5": "equity", "7": "fdi"}
"""Instruments by the first digit of a finance type."""
_PERCENT_NOTED = 1.0
"""Percentage points by which the shares of recipients may miss 100 without a remark."""


@dataclass
class Imported:
    """Rows of an IATI file for the ledger.

    Attributes:
        rows: Rows by table, as text cells.
        left_out: Identifier of each activity that becomes no row, and the reason.
        notes: Identifier of an activity, and a remark on how its money is counted.
    """

    rows: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in ORDER})
    left_out: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)

    @property
    def patch(self) -> Patch:
        """The rows as a patch."""
        return patch_of(self.rows)


def read_iati(path: Path, region: Region, progress: Callable[[int, int], None] | None = None) -> Imported:
    """Read activities as rows of the ledger.

    An activity that carries a row, as :func:`sogdia.ledger.iati_export.export_iati` writes it, becomes that
    row. Any other becomes a deal for each recipient with a published share: its partner is the funding
    organisation, else the extending, else the reporting one; its amount follows
    :mod:`sogdia.ledger.iati_money`, each value converted to dollars at the rate of its year. Related
    activities are counted once, as in :mod:`sogdia.ledger.iati_families`. An activity outside the region, or
    one that the ledger has already, is left out and listed.

    Args:
        path: The XML file.
        region: The region with the parties, exchange rates and rows.
        progress: Called with the number of activities read and that of all.

    Raises:
        FaultsError: If activities have errors; all of them, with line and identifier.
        CannotRunError: If the file cannot be read, or is larger than 64 MiB.
    """
    root = parse_activities(path)
    reader = _Reader(path.name, region)
    activities = root.findall("iati-activity")
    for place, element in enumerate(activities, start=1):
        reader.activity(element)
        if progress is not None:
            progress(place, len(activities))
    for row in root.findall(f"{{{ROW_NAMESPACE}}}row"):
        reader.row(row, "the file")
    reader.count_once()
    if reader.faults:
        raise FaultsError(reader.faults)
    return reader.found


def _narrative(element: Any) -> str:
    return cell_text(" ".join(element.itertext()), 200)


class _Reader:
    """Rows and errors found so far."""

    def __init__(self, file: str, region: Region) -> None:
        self.file = file
        self.found = Imported()
        self.faults: list[Fault] = []
        self.home = {alpha2(code): code for code in region.home if alpha2(code)}
        self.partners = PartnerNames(region)
        self.rates = ExchangeRates(region)
        self.matcher = Matcher(region)
        self.sources: dict[str, str] = {}
        self.lines: dict[str, int] = {}
        self.deals: list[Activity] = []

    def fault(self, element: Any, problem: str, suggested_fix: str = "") -> None:
        """Record an error at an element of an activity."""
        activity = element if element.tag == "iati-activity" else next(element.iterancestors("iati-activity"))
        where = f"activity {identifier_of(activity)}"
        self.faults.append(Fault(self.file, element.sourceline, where, problem, suggested_fix, "iati"))

    def activity(self, element: Any) -> None:
        """Read an activity: the row it carries, or its deals."""
        key = identifier_of(element)
        row = element.find(f"{{{ROW_NAMESPACE}}}row")
        if row is not None:
            self.row(row, f"activity {key}")
            return
        if key in self.lines:
            self.fault(element, f"line {self.lines[key]} has an activity of this identifier", "delete one")
            return
        self.lines[key] = element.sourceline or 0
        before = len(self.faults)
        accounts = self._accounts(element, key)
        if accounts is None:
            return
        partner = self._partner(element)
        if len(self.faults) > before or not partner:
            return
        self._deals(element, key, partner, accounts)

    def count_once(self) -> None:
        """Give the rows of related activities roles that count their money once, and add all rows."""
        try:
            self.found.notes += assign_roles(self.deals)
        except CycleError as error:
            keys = ", ".join(dict.fromkeys(error.args[1]))
            problem = f"activities that are above one another: {clip(keys)}"
            fix = "correct the types of their related activities"
            self.faults.append(Fault(self.file, self.lines.get(error.args[1][0]), None, problem, fix, "iati"))
        self.found.rows["deals"] += [row for deal in self.deals for row in deal.rows]

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

    def _accounts(self, element: Any, key: str) -> dict[Recipients, Account] | None:
        """Return the transactions by recipients; ``None`` if none of them is in the region."""
        try:
            shares, total = recipient_shares(element, self.home)
        except SharesError as error:
            self.found.left_out.append((key, str(error)))
            return None
        names_country = element.find("recipient-country") is not None
        in_transactions = element.find("transaction/recipient-country") is not None
        if not (names_country or in_transactions):
            self.found.left_out.append((key, "no country is stated"))
            return None
        generated = element.getroottree().getroot().get("generated-datetime") or ""
        found = accounts_of(element, shares, self.home, self._musd, generated[:10])
        accounts = found.by_recipients
        if shares and not (accounts or found.elsewhere):
            recipients = tuple(sorted({code for share in shares for code in share.recipients}))
            accounts = {recipients: Account(is_published=all(share.is_published for share in shares))}
        if found.future:
            remark = f"transactions dated after the file was generated, not counted: {found.future}"
            self.found.notes.append((key, remark))
        if not accounts:
            codes = {item.get("code", "").upper() for item in element.iter("recipient-country")}
            three = ", ".join(sorted(codes & set(self.home.values())))
            reason = f"; IATI has codes of two letters, not {three}" if three else ""
            self.found.left_out.append((key, f"in no country of the region{reason}"))
            return None
        if found.unplaced:
            self.found.notes.append((key, "transactions without a country are not counted"))
        if names_country and abs(total - 100.0) > _PERCENT_NOTED:
            self.found.notes.append((key, f"the percentages of its recipients add up to {total:g} only"))
        if not all(account.is_published for account in accounts.values()):
            remark = "the share of countries outside the region is not published; its amount is never added"
            self.found.notes.append((key, remark))
        return accounts

    def _partner(self, element: Any) -> str:
        """Return the payer: the funding organisation, else the extending, else the reporting one."""
        try:
            partner = self.partners.payer(element)
        except SeveralPartnersError as error:
            problem = f"several partners ({error}), and their shares are not published"
            self.fault(element, problem, "name one funding organisation")
            return ""
        if not partner:
            names = "; ".join(sorted({_narrative(item) for item in element.findall("participating-org")}))
            fix = "add it to parties.csv or names.csv, or name one that is in them"
            self.fault(element, f"no organisation is a party of the ledger: {clip(names)}", fix)
        return partner

    def _musd(self, value: Any, currency: str, day: str) -> float | None:
        """Return a value in million dollars at the rate of its year; record an error if there is none."""
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

    def _deals(self, element: Any, key: str, partner: str, accounts: dict[Recipients, Account]) -> None:
        """Add a deal for each recipient of an activity."""
        deal = related_activity(element, key)
        self.deals.append(deal)
        planned = self._planned(element) if not any(item.entries for item in accounts.values()) else ""
        if planned:
            remark = "budgets or planned disbursements without a transaction; its amount stays empty"
            self.found.notes.append((key, remark))
        dates = [int(item.get("iso-date", "0")[:4]) for item in element.findall("activity-date")]
        is_cancelled = element.find("activity-status").get("code") == _CANCELLED_STATUS
        for recipients, account in accounts.items():
            money = money_of(account.entries)
            if money.musd is not None and money.musd < 0:
                problem = f"its transactions sum to {money.musd:g} million dollars, below 0"
                self.fault(element, problem, "correct the values")
            year = money.year if money.year is not None else min(dates, default=None)
            status = CANCELLED if is_cancelled else money.status
            money = Money(money.musd, status, year, money.remark or planned)
            suffix = f"_{'_'.join(recipients).lower()}" if len(accounts) > 1 else ""
            self._deal(element, deal, partner, recipients, account, money, suffix)

    def _planned(self, element: Any) -> str:
        """Return budgets and planned disbursements as text."""
        texts = []
        for tag in ("budget", "planned-disbursement"):
            sums: dict[str, float] = {}
            for _, amount, currency, _ in (item for item in planned_amounts(element) if item[0] == tag):
                sums[currency] = sums.get(currency, 0.0) + convert(amount, "USD", "USD million")
            named = tag.replace("-", " ")
            texts += [f"{named} of {amount:.6g} million {currency}" for currency, amount in sums.items()]
        return "; ".join([*texts, "not counted"]) if texts else ""

    def _deal(
        self,
        element: Any,
        deal: Activity,
        partner: str,
        recipients: Recipients,
        account: Account,
        money: Money,
        suffix: str,
    ) -> None:
        title = _narrative(element.find("title"))
        row, project = self._known(title, partner, recipients, money)
        deal.musd += (money.musd or 0.0) if account.is_published and money.status != CANCELLED else 0.0
        if row:
            deal.ledger_row = deal.ledger_row or row
            self.found.left_out.append((deal.key, f"the ledger has it as {row}"))
            return
        instrument = element.find("default-finance-type")
        code = instrument.get("code", "") if instrument is not None else ""
        reporting = _narrative(element.find("reporting-org"))
        digest = hashlib.sha256(deal.key.encode("utf-8", "replace")).hexdigest()[:8]
        role = AGGREGATE if not account.is_published else TRANCHE if project else TOTAL
        note = cell_text(f"IATI activity {deal.key}: {title}")
        if money.remark:
            note = f"{note}; role: {role}; {money.remark}"
        deal.rows.append(
            {
                "id": f"de_iati_{digest}{suffix}",
                "partner": partner,
                "recipient": ";".join(recipients),
                "sector": _sector(element, title),
                "project": project,
                "year": "" if money.year is None else str(money.year),
                "amount_musd": figure_text(money.musd),
                "instrument": _instrument(code),
                "counterparty": reporting,
                "status": money.status,
                "role": role,
                "basis": REPORTED,
                "source": self._source(element, reporting),
                "note": note,
            }
        )

    def _known(self, title: str, partner: str, recipients: Sequence[str], money: Money) -> tuple[str, str]:
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
        match = self.matcher.match(claim)
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
