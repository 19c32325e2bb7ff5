"""Money of an IATI activity by recipients: its shares of countries, transactions, budgets.

Rules of IATI 2.03 (International Aid Transparency Initiative, activity standard):

- An outgoing and an incoming commitment are two ends of one commitment, so they are never added: outgoing
  ones count, incoming ones only if there is no outgoing one. The same holds for pledges. Disbursements and
  expenditures are different money, and add up.
- A transaction belongs to the country that it names. Otherwise it is divided by the percentages of the
  activity.
- Budgets and planned disbursements are plans, not commitments, and are never added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sogdia.codes import ANNOUNCED, DISBURSED, SIGNED
from sogdia.ledger.iati_codes import TRANSACTION_STAGES

PERCENT_TOLERANCE = 1.0
"""Percentage points by which the shares of an activity may miss 100."""
DISBURSED_SHARE = 0.99
"""Share of the commitments from which a deal counts as disbursed."""
_READ_TYPES = frozenset(kind for groups in TRANSACTION_STAGES.values() for kinds in groups for kind in kinds)
Recipients = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """Part of an activity's money that goes to recipients.

    Attributes:
        recipients: Home countries.
        share: Their share together, from 0 to 1.
        is_published: Whether the share is theirs alone. Otherwise countries outside the region have an
            unknown part of it.
    """

    recipients: Recipients
    share: float
    is_published: bool = True


class SharesError(Exception):
    """The shares of an activity's countries are contradictory; its text is the reason."""


def recipient_shares(element: Any, home: Mapping[str, str]) -> tuple[list[Share], float]:
    """Return how an activity's money is divided among the home countries.

    A single country without a percentage has all of the money. Of several, the one without a percentage has
    the rest; several without percentages share the rest in an unpublished proportion.

    Args:
        element: The activity.
        home: Home countries by their two-letter codes.

    Returns:
        The shares of home countries, and the sum of all published and implied percentages.

    Raises:
        SharesError: If the percentages exceed 100.
    """
    items = [(item.get("code", "").upper(), item.get("percentage")) for item in _recipients(element)]
    stated: dict[str, float] = {}
    rest = []
    for code, text in items:
        if text is None or not text.strip():
            rest.append(code)
        else:
            stated[code] = stated.get(code, 0.0) + float(text)
    total = sum(stated.values())
    if total > 100.0 + PERCENT_TOLERANCE:
        raise SharesError(f"the percentages of its recipients add up to {total:g}")
    shares = [Share((home[code],), part / 100.0) for code, part in stated.items() if code in home and part]
    left = max(100.0 - total, 0.0)
    known = tuple(sorted({home[code] for code in rest if code in home}))
    if known and left:
        is_alone = len(known) == len(set(rest))
        shares.append(Share(known, left / 100.0, is_alone))
    return shares, 100.0 if rest else total


def _recipients(element: Any) -> list[Any]:
    """Return countries and regions; regions of one vocabulary, since each vocabulary repeats the others."""
    regions = element.findall("recipient-region")
    first = regions[0].get("vocabulary", "1") if regions else ""
    same = [item for item in regions if item.get("vocabulary", "1") == first]
    return [*element.findall("recipient-country"), *same]


@dataclass(frozen=True, slots=True)
class Entry:
    """A transaction, or the part of it that goes to recipients.

    Attributes:
        kind: Transaction type.
        amount: Amount in the stated currency.
        currency: Currency.
        musd: Amount in million dollars.
        year: Year of its value.
    """

    kind: str
    amount: float
    currency: str
    musd: float
    year: int


@dataclass
class Account:
    """Transactions of an activity for the same recipients.

    Attributes:
        entries: The transactions.
        is_published: Whether all of this money goes to the recipients.
    """

    entries: list[Entry] = field(default_factory=list)
    is_published: bool = True


@dataclass(frozen=True, slots=True)
class Accounts:
    """Transactions of an activity.

    Attributes:
        by_recipients: Accounts of home countries.
        unplaced: Number of transactions without a country.
        elsewhere: Number of transactions for countries or regions outside the region.
        future: Number of transactions dated after the file was generated, which are not counted.
    """

    by_recipients: dict[Recipients, Account]
    unplaced: int
    elsewhere: int
    future: int = 0


@dataclass(frozen=True, slots=True)
class Money:
    """Money of a deal.

    Attributes:
        musd: Amount, million dollars; ``None`` without a transaction.
        status: Stage: announced, signed or disbursed.
        year: Year of the first transaction that counts.
        remark: Further figures, as text; empty if there is none.
    """

    musd: float | None
    status: str
    year: int | None
    remark: str = ""


def money_of(entries: Sequence[Entry]) -> Money:
    """Return amount and stage of the transactions of a deal.

    The amount is the sum of the commitments; if more was disbursed than committed, or no commitment is
    published, of the disbursements; else of the pledges. Commitments and disbursements in one currency are
    compared in it, so that a change of the exchange rate does not look like an open balance.

    Args:
        entries: The transactions.
    """
    committed, disbursed = _of_stage(entries, SIGNED), _of_stage(entries, DISBURSED)
    if committed and disbursed:
        ratio = _ratio(disbursed, committed)
        paid = sum(item.musd for item in disbursed)
        if ratio > 2.0 - DISBURSED_SHARE:
            owed = sum(item.musd for item in committed)
            return _money(disbursed, DISBURSED, f"commitments of {owed:.6g} million dollars are published")
        if ratio >= DISBURSED_SHARE:
            return _money(committed, DISBURSED)
        return _money(committed, SIGNED, f"{paid:.6g} million dollars disbursed")
    if committed:
        return _money(committed, SIGNED)
    if disbursed:
        return _money(disbursed, DISBURSED)
    return _money(_of_stage(entries, ANNOUNCED), ANNOUNCED)


def _of_stage(entries: Sequence[Entry], stage: str) -> list[Entry]:
    """Return the transactions of a stage: of the first group of types that has any."""
    is_outgoing = any(item.kind in TRANSACTION_STAGES[SIGNED][0] for item in entries)
    for place, kinds in enumerate(TRANSACTION_STAGES[stage]):
        if stage == DISBURSED and place and is_outgoing:
            break  # Funds received are not yet spent on what the activity has committed.
        found = [item for item in entries if item.kind in kinds]
        if found:
            return found
    return []


def _ratio(first: Sequence[Entry], second: Sequence[Entry]) -> float:
    """Return the ratio of two sums: in their currency if they have the same one, else in dollars."""
    if len({item.currency for item in (*first, *second)}) == 1:
        above, below = sum(item.amount for item in first), sum(item.amount for item in second)
    else:
        above, below = sum(item.musd for item in first), sum(item.musd for item in second)
    return above / below if below > 0 else float("inf") if above > 0 else 0.0


def _money(entries: Sequence[Entry], status: str, remark: str = "") -> Money:
    if not entries:
        return Money(None, status, None, remark)
    return Money(sum(item.musd for item in entries), status, min(item.year for item in entries), remark)


Convert = Callable[[Any, str, str], float | None]
"""Function from a value, its currency and its date to million dollars."""


def accounts_of(
    element: Any, shares: Sequence[Share], home: Mapping[str, str], convert: Convert, generated: str = ""
) -> Accounts:
    """Return the transactions of an activity by recipients.

    Args:
        element: The activity.
        shares: Shares of home countries in transactions that name no country.
        home: Home countries by their two-letter codes.
        convert: Conversion of values; those it returns ``None`` for are left out.
        generated: Date of the file; transactions after it are left out. Empty if it is not known.

    """
    accounts: dict[Recipients, Account] = {}
    unplaced = elsewhere = future = 0
    has_shares = element.find("recipient-country") is not None or element.find("recipient-region") is not None
    for item in element.findall("transaction"):
        kind, value = item.find("transaction-type").get("code", ""), item.find("value")
        if kind not in _READ_TYPES:
            continue
        if generated and item.find("transaction-date").get("iso-date", "")[:10] > generated:
            future += 1
            continue
        country = item.find("recipient-country")
        if country is not None:
            code = country.get("code", "").upper()
            parts: Sequence[Share] = [Share((home[code],), 1.0)] if code in home else []
        elif item.find("recipient-region") is not None:
            parts = []
        else:
            parts = shares
            unplaced += not has_shares
        if not parts:
            elsewhere += 1
            continue
        day = value.get("value-date") or item.find("transaction-date").get("iso-date", "")
        currency = value.get("currency") or element.get("default-currency") or ""
        musd = convert(value, currency, day)
        if musd is None:
            continue
        for part in parts:
            account = accounts.setdefault(part.recipients, Account())
            account.is_published &= part.is_published
            amount = float(value.text) * part.share
            account.entries.append(Entry(kind, amount, currency, musd * part.share, int(day[:4])))
    return Accounts(accounts, unplaced, elsewhere - unplaced, future)


def planned_amounts(element: Any) -> Iterator[tuple[str, float, str, str]]:
    """Yield the budgets and planned disbursements of an activity.

    Yields:
        Tag of the element, amount, currency and date of its value.
    """
    for tag in ("budget", "planned-disbursement"):
        for item in element.findall(tag):
            value = item.find("value")
            if value is not None and (value.text or "").strip():
                currency = value.get("currency") or element.get("default-currency") or ""
                yield tag, float(value.text), currency, value.get("value-date") or ""
