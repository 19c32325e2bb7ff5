r"""Compare a claim with a record field by field, and weigh the evidence that they match.

Record linkage after Fellegi and Sunter (1969, *A theory for record linkage*). In each field a pair has an
agreement level :math:`l` (agree, near, differ). With :math:`m_l` the probability of the level for a matching
pair and :math:`u_l` for a non-matching one, the match weight of the level is :math:`\log_2(m_l / u_l)` bits.
The :math:`m` are expert judgements, below. The :math:`u` are counted for each claim over all its candidates,
nearly all of which are non-matches, so that a rare partner or capacity weighs more than a common one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType

from sogdia.articles.claim import Amount, Claim
from sogdia.ledger.accounts import TRANCHE
from sogdia.ledger.name_similarity import Vocabulary, containment, name_words
from sogdia.ledger.records import CORRIDORS, DEALS, EVENTS, Record
from sogdia.ledger.sectors import UNSPECIFIED_SECTOR, sectors_of

AGREE, NEAR, DIFFER = "agree", "near", "differ"

M_PROBABILITIES: Mapping[str, Mapping[str, float]] = MappingProxyType(
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
        "aggregate": {AGREE: 0.93, DIFFER: 0.07},
    }
)
"""Probability ``m`` of each agreement level for a matching pair, by field."""
M_PROBABILITIES_BY_KIND: Mapping[tuple[str, str], Mapping[str, float]] = MappingProxyType(
    {
        (DEALS, "partner"): {AGREE: 0.84, NEAR: 0.1599, DIFFER: 0.0001},
        (TRANCHE, "partner"): {AGREE: 0.84, NEAR: 0.1599, DIFFER: 0.0001},
        (TRANCHE, "amount"): {AGREE: 0.8899, NEAR: 0.11, DIFFER: 0.0001},
        (EVENTS, "date"): {AGREE: 0.80, NEAR: 0.17, DIFFER: 0.03},
    }
)
"""The same for kinds of records in which a field discriminates more: a deal of another partner is another
deal, another amount for the same project is another tranche, and two summits of one kind differ by their
day."""

NAME_AGREES, NAME_NEAR, ACTOR_AGREES = 0.75, 0.4, 0.6
"""Shares of shared words from which names agree or are near, and from which actors agree."""
SIZE_TOLERANCE, SIZE_NEAR = 0.03, 0.15
"""Relative differences of capacities and lengths up to which they agree or are near."""
MAX_ROUNDING, MIN_ROUNDING = 0.05, 0.005
ABOUT, CURRENCY, BOUND = 0.10, 0.05, 0.25
"""Relative tolerances of "about", of the exchange rate of another day, and beyond a stated bound."""
MONEY_NEAR = 0.25
"""Relative distance from the range of an amount up to which another is near."""
DAYS_NEAR = 31
"""Days up to which two dates of an event are near."""
_EVENT_TYPES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "visit_summit": ("summit",),
        "agreement": ("agreement",),
        "deal": ("agreement",),
        "gas_supply": ("agreement",),
        "policy_threat": ("threat", "tariff", "sanction", "closure"),
    }
)
_AGREEMENTS = ("agreement", "gas_supply")


@dataclass(frozen=True)
class MatchContext:
    """Data for comparisons beyond the pair itself.

    Attributes:
        vocabulary: Weights of words among the candidates.
        unions: Union or owner of a party; a party without one is its own.
        project_sectors: Sector of each project of the region.
    """

    vocabulary: Vocabulary
    unions: Mapping[str, str]
    project_sectors: Mapping[str, str]

    def parents(self, codes: Sequence[str] | frozenset[str]) -> frozenset[str]:
        """Return parties with the members of a union replaced by the union."""
        return frozenset(self.unions.get(code, code) for code in codes)


def money_range(amount: Amount) -> tuple[float, float] | None:
    """Return the range of amounts that a stated amount may mean, in million dollars.

    An amount may be rounded by half of its last significant digit, at most 5 %. "About" allows 10 %, another
    currency 5 % more for the exchange rate, and a lower or upper bound 25 % beyond it.

    Returns:
        Lower and upper end; ``None`` if the amount has no value in dollars.

    >>> money_range(Amount("$2.3 billion", 2.3e9, "USD", "exact", 2300.0))
    (2250.0, 2350.0)
    """
    if amount.musd is None:
        return None
    stated = amount.musd
    rounding = _rounding(amount.value)
    if amount.bound == "about":
        rounding = max(rounding, ABOUT)
    if amount.rate != 1.0:
        rounding += CURRENCY
    low, high = stated * (1 - rounding), stated * (1 + rounding)
    if amount.bound == "at_least":
        high = stated * (1 + BOUND)
    elif amount.bound == "at_most":
        low = stated * (1 - BOUND)
    elif amount.bound == "between" and amount.upper is not None and amount.value > 0:
        high = stated * amount.upper / amount.value * (1 + rounding)
    return round(low, 6), round(high, 6)


def _rounding(value: float) -> float:
    """Return half of the last significant digit, as a share of the value."""
    digits = f"{value:.10e}"
    mantissa = digits.split("e")[0].rstrip("0")
    places = len(mantissa.split(".")[1]) if "." in mantissa else 0
    leading = float(digits.split("e")[0])
    if leading == 0:
        return MIN_ROUNDING
    return min(max(0.5 * 10.0**-places / abs(leading), MIN_ROUNDING), MAX_ROUNDING)


def money_level(amount: Amount | None, recorded: float | None) -> str:
    """Return the agreement level of an amount; empty if either side has none."""
    span = money_range(amount) if amount else None
    if span is None or recorded is None:
        return ""
    low, high = span
    if low <= recorded <= high:
        return AGREE
    return NEAR if low / (1 + MONEY_NEAR) <= recorded <= high * (1 + MONEY_NEAR) else DIFFER


def size_level(claimed: float | None, recorded: float | None) -> str:
    """Return the agreement level of a capacity or length; empty if either side has none."""
    if claimed is None or recorded is None or not recorded:
        return ""
    difference = abs(claimed / recorded - 1)
    return AGREE if difference <= SIZE_TOLERANCE else NEAR if difference <= SIZE_NEAR else DIFFER


def date_level(claim: Claim, record: Record) -> str:
    """Return the agreement level of the date: by day for an event, else by year; empty if one has none."""
    if claim.date is None or not record.dates:
        return ""
    if record.table == EVENTS:
        return _day_level(claim.date.start, claim.date.end, record.dates[0])
    years = [int(date[:4]) for date in record.dates]
    first, last = claim.date.year, int(claim.date.end[:4])
    difference = min(max(first - year, year - last, 0) for year in years)
    return AGREE if difference == 0 else NEAR if difference == 1 else DIFFER


def _day_level(start: str, end: str, recorded: str) -> str:
    shared = min(len(start), len(recorded))
    if start[:shared] <= recorded[:shared] <= end[:shared].ljust(shared, "~"):
        return AGREE
    return NEAR if shared > len("2025") and abs(_day(start) - _day(recorded)) <= DAYS_NEAR else DIFFER


def _day(date: str) -> int:
    parts = [int(part) for part in date.split("-")] + [15]
    return parts[0] * 365 + (parts[1] - 1) * 30 + parts[2]


def is_part(claim: Claim, record: Record, context: MatchContext) -> bool:
    """Return whether a claim covers fewer countries than a record, so that a smaller figure may be a part."""
    claimed, recorded = context.parents(claim.recipients), context.parents(record.recipients)
    return bool(claimed) and claimed < recorded - context.parents(claim.partners)


def _compare_figure(claim: Claim, record: Record, context: MatchContext, field: str) -> str:
    if field == "capacity":
        claimed, recorded = claim.capacity_mw, record.capacity_mw
    else:
        claimed, recorded = claim.length_km, record.length_km
    level = size_level(claimed, recorded)
    is_smaller = claimed is not None and recorded is not None and claimed < recorded
    return "" if is_smaller and level != AGREE and is_part(claim, record, context) else level


def _compare_sets(first: frozenset[str], second: frozenset[str]) -> str:
    if not first or not second:
        return ""
    return AGREE if first == second else NEAR if first & second else DIFFER


def _compare_project(claim: Claim, record: Record, context: MatchContext) -> str:
    if record.table == CORRIDORS:
        return "" if not claim.project_id else AGREE if claim.project_id in record.rows else DIFFER
    if claim.project_id not in context.project_sectors or record.table == EVENTS:
        return ""
    if not record.project:  # A deal without a project may belong to any.
        return NEAR
    return AGREE if claim.project_id == record.project else DIFFER


@lru_cache(maxsize=4096)
def distinctive_words(name: str) -> tuple[str, ...]:
    """Return the words of a name without those of its sector: the first word of "CKU railway".

    The sector is a field of its own. Text in brackets qualifies a name and is dropped. A name of sector words
    only keeps them.
    """
    words = name_words(re.sub(r"\([^)]*\)", " ", name)) or name_words(name)
    return tuple(word for word in words if not sectors_of(word)) or words


def _compare_actor(claim: Claim, record: Record, context: MatchContext) -> str:
    shares = [containment(name_words(actor), record.words, context.vocabulary) for actor in claim.actors]
    known = [share for share in shares if share is not None]
    return "" if not known else AGREE if max(known) >= ACTOR_AGREES else DIFFER


def _compare_partner(claim: Claim, record: Record, context: MatchContext) -> str:
    if record.table == EVENTS:
        named = context.parents((*claim.partners, *claim.recipients))
        return _compare_sets(named, context.parents(record.partners | record.recipients))
    claimed, recorded = context.parents(claim.partners), context.parents(record.partners)
    level = _compare_sets(claimed, recorded)
    is_reversed = claimed == context.parents(record.recipients) and recorded == context.parents(
        claim.recipients
    )
    return NEAR if level == DIFFER and is_reversed else level


def _compare_recipient(claim: Claim, record: Record, context: MatchContext) -> str:
    if record.table == EVENTS or claim.origin("recipients") in ("pack", "inferred"):
        return ""  # A country that the pack alone states is no second witness of the project.
    claimed, recorded = context.parents(claim.recipients), context.parents(record.recipients)
    if recorded and claimed == recorded - context.parents(claim.partners):
        return AGREE
    level = _compare_sets(claimed, recorded)
    is_reversed = claimed == context.parents(record.partners) and recorded == context.parents(claim.partners)
    return NEAR if level == DIFFER and is_reversed else level


def sectors_of_claim(claim: Claim, context: MatchContext) -> tuple[str, ...]:
    """Return the sector of a claim's project, or the sectors that its name mentions."""
    own = context.project_sectors.get(claim.project_id, UNSPECIFIED_SECTOR)
    return sectors_of(claim.project) if own == UNSPECIFIED_SECTOR else (own,)


def _compare_sector(claim: Claim, record: Record, context: MatchContext) -> str:
    named = sectors_of_claim(claim, context)
    if not named or record.sector in ("", UNSPECIFIED_SECTOR):
        return ""
    return AGREE if record.sector in named else DIFFER


def _compare_kind(claim: Claim, record: Record, _context: MatchContext) -> str:
    if record.table == EVENTS:
        types = _EVENT_TYPES.get(claim.type)
        return "" if types is None else AGREE if record.kind in types else DIFFER
    if claim.type in _AGREEMENTS and record.kind:
        return AGREE if record.kind == "agreement" else DIFFER
    if not claim.instrument or not record.kind:
        return ""
    return AGREE if claim.instrument == record.kind else DIFFER


def _compare_aggregate(claim: Claim, record: Record, _context: MatchContext) -> str:
    if not record.kind or record.table == EVENTS:
        return ""
    return AGREE if claim.aggregate == record.is_aggregate else DIFFER


COMPARISONS: Mapping[str, Callable[[Claim, Record, MatchContext], str]] = MappingProxyType(
    {
        "project": _compare_project,
        "actor": _compare_actor,
        "partner": _compare_partner,
        "recipient": _compare_recipient,
        "sector": _compare_sector,
        "capacity": partial(_compare_figure, field="capacity"),
        "length": partial(_compare_figure, field="length"),
        "date": lambda claim, record, _context: date_level(claim, record),
        "kind": _compare_kind,
        "aggregate": _compare_aggregate,
    }
)
"""Comparison of a field of :data:`M_PROBABILITIES`: its level, empty if one side lacks the field. Names and
amounts are compared with all records at once, in :mod:`sogdia.ledger.candidates`."""
