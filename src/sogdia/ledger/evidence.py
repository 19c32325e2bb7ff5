r"""Field by field: how a claim and a record compare, and how many bits that says of their being one thing.

Record linkage after Fellegi and Sunter (1969, *A theory for record linkage*). In each field a pair is on one
level :math:`l` (agree, near, differ). With :math:`m_l` the chance of the level for a pair that is one thing
and :math:`u_l` for a pair that is not, the level says :math:`\log_2(m_l / u_l)` bits. The :math:`m` are
judged, below; the :math:`u` are counted anew for each claim over all its candidates, almost all of which
are other things, so that a rare partner or an odd capacity says more than a common one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from sogdia.articles.claim import Amount, Claim
from sogdia.ledger.names import Vocabulary, containment, words_of
from sogdia.ledger.records import CORRIDORS, DEALS, EVENTS, TRANCHE, Record
from sogdia.ledger.subjects import sectors_of

AGREE, NEAR, DIFFER = "agree", "near", "differ"

CHANCES: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {
        "project": {AGREE: 0.90, NEAR: 0.08, DIFFER: 0.02},
        "name": {AGREE: 0.70, NEAR: 0.18, DIFFER: 0.12},
        "actor": {AGREE: 0.60, DIFFER: 0.40},
        "partner": {AGREE: 0.82, NEAR: 0.16, DIFFER: 0.02},
        "recipient": {AGREE: 0.80, NEAR: 0.17, DIFFER: 0.03},
        "sector": {AGREE: 0.92, DIFFER: 0.08},
        "amount": {AGREE: 0.80, NEAR: 0.12, DIFFER: 0.08},
        "capacity": {AGREE: 0.88, NEAR: 0.04, DIFFER: 0.08},
        "length": {AGREE: 0.88, NEAR: 0.04, DIFFER: 0.08},
        "date": {AGREE: 0.65, NEAR: 0.20, DIFFER: 0.15},
        "kind": {AGREE: 0.85, DIFFER: 0.15},
        "many": {AGREE: 0.93, DIFFER: 0.07},
    }
)
"""Chance of each level where claim and record are one thing, by field."""
CHANCES_OF: Mapping[tuple[str, str], Mapping[str, float]] = MappingProxyType(
    {
        (DEALS, "partner"): {AGREE: 0.84, NEAR: 0.1599, DIFFER: 0.0001},
        (TRANCHE, "partner"): {AGREE: 0.84, NEAR: 0.1599, DIFFER: 0.0001},
        (TRANCHE, "amount"): {AGREE: 0.8899, NEAR: 0.11, DIFFER: 0.0001},
        (EVENTS, "date"): {AGREE: 0.80, NEAR: 0.17, DIFFER: 0.03},
    }
)
"""The same where the kind of record makes a field more telling: money of another partner is other money,
another sum for the same project is another tranche of it, and two summits of one kind differ by their
day."""

NAME_AGREES, NAME_NEAR, ACTOR_AGREES = 0.75, 0.4, 0.6
SIZE_TOLERANCE, SIZE_NEAR = 0.03, 0.15
"""Capacities and lengths are rounded when told."""
ROUNDING_MOST, ROUNDING_LEAST = 0.05, 0.005
ABOUT, CURRENCY, BOUND = 0.10, 0.05, 0.25
"""What "about" allows; what a rate of another day allows; how far beyond a bound a sum still is."""
MONEY_NEAR = 0.25
DAYS_NEAR = 31
_EVENT_KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "visit_summit": ("summit",),
        "agreement": ("agreement",),
        "deal": ("agreement",),
        "gas_supply": ("agreement",),
        "policy_threat": ("threat", "tariff", "sanction", "closure"),
    }
)
ANY_SECTOR = "other"
"""Sector of an envelope for many things, and of what no word of the vocabulary fits: it says nothing."""
_AGREEMENTS = ("agreement", "gas_supply")


@dataclass(frozen=True)
class Look:
    """What comparing needs besides the pair.

    Attributes:
        known: How telling words are among the candidates.
        unions: The union or bank's owner a party is counted with; a party of none stands for itself.
        projects: The region's projects, each with its sector.
    """

    known: Vocabulary
    unions: Mapping[str, str]
    projects: Mapping[str, str]

    def joined(self, codes: Sequence[str] | frozenset[str]) -> frozenset[str]:
        """Parties, members of a union under the union."""
        return frozenset(self.unions.get(code, code) for code in codes)


def money_range(amount: Amount) -> tuple[float, float] | None:
    """Sums in million dollars that an amount as told may mean, or ``None`` where it has none in dollars.

    A sum told with few digits may be rounded by half of its last one, at most 5 %; "about" allows 10 %; a
    sum in another currency 5 % more for the rate; a lower or upper bound a quarter beyond it.

    >>> money_range(Amount("$2.3 billion", 2.3e9, "USD", "exact", 2300.0))
    (2250.0, 2350.0)
    """
    if amount.musd is None:
        return None
    told = amount.musd
    rounding = _rounding(amount.value)
    if amount.bound == "about":
        rounding = max(rounding, ABOUT)
    if amount.rate != 1.0:
        rounding += CURRENCY
    low, high = told * (1 - rounding), told * (1 + rounding)
    if amount.bound == "at_least":
        high = told * (1 + BOUND)
    elif amount.bound == "at_most":
        low = told * (1 - BOUND)
    elif amount.bound == "between" and amount.upper is not None and amount.value > 0:
        high = told * amount.upper / amount.value * (1 + rounding)
    return round(low, 6), round(high, 6)


def _rounding(value: float) -> float:
    """Half of the last digit told, as a share of the value."""
    digits = f"{value:.10e}"
    mantissa = digits.split("e")[0].rstrip("0")
    places = len(mantissa.split(".")[1]) if "." in mantissa else 0
    leading = float(digits.split("e")[0])
    if leading == 0:
        return ROUNDING_LEAST
    return min(max(0.5 * 10.0**-places / abs(leading), ROUNDING_LEAST), ROUNDING_MOST)


def money_level(amount: Amount | None, recorded: float | None) -> str:
    """Level of a sum, empty where either side has none."""
    span = money_range(amount) if amount else None
    if span is None or recorded is None:
        return ""
    low, high = span
    if low <= recorded <= high:
        return AGREE
    return NEAR if low / (1 + MONEY_NEAR) <= recorded <= high * (1 + MONEY_NEAR) else DIFFER


def size_level(claimed: float | None, recorded: float | None) -> str:
    """Level of a capacity or a length, empty where either side has none."""
    if claimed is None or recorded is None or not recorded:
        return ""
    apart = abs(claimed / recorded - 1)
    return AGREE if apart <= SIZE_TOLERANCE else NEAR if apart <= SIZE_NEAR else DIFFER


def date_level(claim: Claim, record: Record) -> str:
    """Level of the date: of an event by month and day, of anything else by year."""
    if claim.date is None or not record.dates:
        return ""
    if record.table == EVENTS:
        return _day_level(claim.date.start, claim.date.end, record.dates[0])
    years = [int(date[:4]) for date in record.dates]
    first, last = claim.date.year, int(claim.date.end[:4])
    apart = min(max(first - year, year - last, 0) for year in years)
    return AGREE if apart == 0 else NEAR if apart == 1 else DIFFER


def _day_level(start: str, end: str, recorded: str) -> str:
    shared = min(len(start), len(recorded))
    if start[:shared] <= recorded[:shared] <= end[:shared].ljust(shared, "~"):
        return AGREE
    return NEAR if shared > len("2025") and abs(_day(start) - _day(recorded)) <= DAYS_NEAR else DIFFER


def _day(date: str) -> int:
    parts = [int(part) for part in date.split("-")] + [15]
    return parts[0] * 365 + (parts[1] - 1) * 30 + parts[2]


def is_part(claim: Claim, record: Record, look: Look) -> bool:
    """Whether a claim speaks of fewer countries than a record, so that a smaller figure may be its part."""
    asked, there = look.joined(claim.recipients), look.joined(record.recipients)
    return bool(asked) and asked < there - look.joined(claim.partners)


def _figure(claim: Claim, record: Record, look: Look, field: str) -> str:
    if field == "amount":
        told, recorded = claim.amount.musd if claim.amount else None, record.amount_musd
        level = money_level(claim.amount, recorded)
    elif field == "capacity":
        told, recorded = claim.capacity_mw, record.capacity_mw
        level = size_level(told, recorded)
    else:
        told, recorded = claim.length_km, record.length_km
        level = size_level(told, recorded)
    smaller = told is not None and recorded is not None and told < recorded
    return "" if smaller and level != AGREE and is_part(claim, record, look) else level


def _sets(first: frozenset[str], second: frozenset[str]) -> str:
    if not first or not second:
        return ""
    return AGREE if first == second else NEAR if first & second else DIFFER


def _project(claim: Claim, record: Record, look: Look) -> str:
    if record.table == CORRIDORS:
        return "" if not claim.project_id else AGREE if claim.project_id in record.rows else DIFFER
    if claim.project_id not in look.projects or record.table == EVENTS:
        return ""
    if not record.project:  # money whose row names no project may still be this one's
        return NEAR
    return AGREE if claim.project_id == record.project else DIFFER


def _name(claim: Claim, record: Record, look: Look) -> str:
    if claim.project_id in look.projects and record.project:
        return ""
    share = containment(telling_words(claim.project), record.words, look.known)
    if share is None:
        return ""
    return AGREE if share >= NAME_AGREES else NEAR if share >= NAME_NEAR else DIFFER


def telling_words(name: str) -> tuple[str, ...]:
    """Words of a name but for those of its sector, which is a field of its own: of "CKU railway" the first.

    What stands in brackets qualifies a name and is no part of it. A name of sectors alone keeps its words.
    """
    words = words_of(re.sub(r"\([^)]*\)", " ", name)) or words_of(name)
    return tuple(word for word in words if not sectors_of(word)) or words


def _actor(claim: Claim, record: Record, look: Look) -> str:
    shares = [containment(words_of(actor), record.words, look.known) for actor in claim.actors]
    told = [share for share in shares if share is not None]
    return "" if not told else AGREE if max(told) >= ACTOR_AGREES else DIFFER


def _partner(claim: Claim, record: Record, look: Look) -> str:
    if record.table == EVENTS:
        named = look.joined((*claim.partners, *claim.recipients))
        return _sets(named, look.joined(record.partners | record.recipients))
    asked, there = look.joined(claim.partners), look.joined(record.partners)
    level = _sets(asked, there)
    turned = asked == look.joined(record.recipients) and there == look.joined(claim.recipients)
    return NEAR if level == DIFFER and turned else level


def _recipient(claim: Claim, record: Record, look: Look) -> str:
    if record.table == EVENTS:
        return ""
    asked, there = look.joined(claim.recipients), look.joined(record.recipients)
    if there and asked == there - look.joined(claim.partners):
        return AGREE
    level = _sets(asked, there)
    turned = asked == look.joined(record.partners) and there == look.joined(claim.partners)
    return NEAR if level == DIFFER and turned else level


def _sector(claim: Claim, record: Record, look: Look) -> str:
    own = look.projects.get(claim.project_id, ANY_SECTOR)
    named = sectors_of(claim.project) if own == ANY_SECTOR else (own,)
    told = bool(named) and record.sector not in ("", ANY_SECTOR)
    return "" if not told else AGREE if record.sector in named else DIFFER


def _kind(claim: Claim, record: Record, _look: Look) -> str:
    if record.table == EVENTS:
        wanted = _EVENT_KINDS.get(claim.type)
        return "" if wanted is None else AGREE if record.kind in wanted else DIFFER
    if claim.type in _AGREEMENTS and record.kind:
        return AGREE if record.kind == "agreement" else DIFFER
    if not claim.instrument or not record.kind:
        return ""
    return AGREE if claim.instrument == record.kind else DIFFER


def _many(claim: Claim, record: Record, _look: Look) -> str:
    if not record.kind or record.table == EVENTS:
        return ""
    return AGREE if claim.aggregate == record.many else DIFFER


LEVELS: Mapping[str, Callable[[Claim, Record, Look], str]] = MappingProxyType(
    {
        "project": _project,
        "name": _name,
        "actor": _actor,
        "partner": _partner,
        "recipient": _recipient,
        "sector": _sector,
        "amount": partial(_figure, field="amount"),
        "capacity": partial(_figure, field="capacity"),
        "length": partial(_figure, field="length"),
        "date": lambda claim, record, _look: date_level(claim, record),
        "kind": _kind,
        "many": _many,
    }
)
"""How each field of :data:`CHANCES` is compared; empty where one side says nothing."""


def bits(claim: Claim, records: Sequence[Record], look: Look) -> list[dict[str, tuple[str, float]]]:
    """Level and bits of every field that both sides tell, for each candidate.

    ``u`` of a level is ``(count + 1/2) / (known + 1/2 · levels)`` over the candidates that tell the field.
    """
    levels = {name: [compare(claim, record, look) for record in records] for name, compare in LEVELS.items()}
    found: list[dict[str, tuple[str, float]]] = [{} for _ in records]
    for name, column in levels.items():
        chances = CHANCES[name]
        kinds = [CHANCES_OF.get((record.kind_of_row, name), chances) for record in records]
        told = sum(level != "" for level in column)
        if not told:
            continue
        unlike = {level: (column.count(level) + 0.5) / (told + 0.5 * len(chances)) for level in chances}
        for place, level in enumerate(column):
            if level:
                found[place][name] = (level, math.log2(kinds[place][level] / unlike[level]))
    return found
