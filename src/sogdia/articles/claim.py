"""Claims read from articles: type, parties, project, amounts, date, status, modality and position.

All classes are frozen. Codes and ids are those of the region pack; names and quotations are the article's.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

ClaimType = Literal[
    "project",
    "deal",
    "finance",
    "finance_terms",
    "agreement",
    "aggregate_investment",
    "debt",
    "trade",
    "gas_supply",
    "transit_stat",
    "remittances",
    "visit_summit",
    "policy_threat",
]
CLAIM_TYPES: tuple[ClaimType, ...] = ClaimType.__args__  # type: ignore[attr-defined]
"""Types of claim, in the order of reports."""

Status = Literal[
    "",
    "interest",
    "planned",
    "announced",
    "unconfirmed",
    "approved",
    "signed",
    "construction",
    "operating",
    "disbursed",
    "delivered",
    "outstanding",
    "reported",
    "held",
    "threatened",
    "suspended",
    "cancelled",
]
"""Stage of the project, deal or event that a claim is about, as the article states it."""

Modality = Literal[
    "says", "threatens", "plans", "agrees", "signs", "finances", "builds", "operates", "cancels"
]
"""Modality: how the sentence presents the claim, by the kind of its verb."""

Bound = Literal["exact", "about", "at_least", "at_most", "between"]
"""How a figure bounds the quantity it states."""

OriginKind = Literal["stated", "resolved", "pack", "inferred"]
"""Origin of a field: stated in the sentence, resolved from another sentence, known by the region pack alone,
or inferred without words for it."""

QuantityKind = Literal[
    "money",
    "power",
    "energy",
    "length",
    "mass",
    "gas",
    "share",
    "years",
    "voltage",
    "containers",
    "count",
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit, as text and as a number.

    Attributes:
        kind: Quantity measured.
        text: Text of the article.
        value: Value in ``unit``; the lower end of a range.
        unit: MW, MWh, km, t, bcm, %, a, kV, TEU, a currency code for money, or the noun counted.
        bound: Exact, about, lower bound, upper bound or range.
        start: Start in the sentence.
        end: End in the sentence.
        upper: Upper end of a range.
        rate_of: Denominator of a rate (``year``, ``kwh``); empty for a stock.
    """

    kind: QuantityKind
    text: str
    value: float
    unit: str
    bound: Bound
    start: int
    end: int
    upper: float | None = None
    rate_of: str = ""


@dataclass(frozen=True, slots=True)
class Amount:
    """A stated amount of money, and its value in million US dollars.

    Attributes:
        text: Text of the article.
        value: Amount in units of ``currency``; the lower end of a range.
        currency: ISO 4217 code.
        bound: Exact, about, lower bound, upper bound or range.
        musd: Amount in million US dollars; ``None`` if the pack has no rate of the currency.
        rate: Dollars per unit of the currency, 1 for dollars; ``None`` if there is no rate.
        rate_year: Year of the rate; ``None`` for dollars.
        upper: Upper end of a range, in units of ``currency``.
    """

    text: str
    value: float
    currency: str
    bound: Bound
    musd: float | None
    rate: float | None = 1.0
    rate_year: int | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """A date or span of time, at the stated precision.

    Attributes:
        start: ``2025``, ``2025-06`` or ``2025-06-14``.
        end: The same form; equal to ``start`` for a single date.
        text: Text it was resolved from; empty if it is taken from the context.
    """

    start: str
    end: str
    text: str = ""

    def __str__(self) -> str:
        return self.start if self.start == self.end else f"{self.start}/{self.end}"

    @property
    def year(self) -> int:
        """Year in which it begins."""
        return int(self.start[:4])


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a field of a claim comes from.

    Attributes:
        field: Name of the field of :class:`Claim`.
        kind: Kind of origin.
        sentence: Number of the sentence that states it; 0 if none does.
    """

    field: str
    kind: OriginKind
    sentence: int = 0


SAFE_DISTANCE = 3
"""Sentences up to which a field resolved from another sentence is safe."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: one statement of an article about a project, deal, amount or event.

    Attributes:
        number: Number in the article, from 1.
        type: Type of claim.
        partners: Codes of the outside parties that lend, build, buy, visit or threaten.
        recipients: Codes of the parties that receive, host or are targeted.
        project: Name of the project or subject; empty if none is stated.
        project_id: Its row of ``projects`` or ``corridors``; empty if it is not in the pack.
        amount: Stated amount of money, or ``None``.
        capacity_mw: Stated power, or ``None``.
        length_km: Stated length, or ``None``.
        date: Date or period, resolved against the article's date, or ``None``.
        status: Stage of the project, deal or event.
        modality: How the sentence presents it.
        speaker: Person or body quoted, as the article names them; empty for the article's own voice.
        actors: Companies, lenders and officials named, as the article names them.
        instrument: loan, grant, guarantee, equity, bond, agreement, or empty.
        aggregate: Whether the amount is a total of many deals, which must not be added to its parts.
        others: Further quantities.
        sentence: Number of its sentence.
        start: Start in the article's text.
        end: End in the article's text.
        quote: Text of the sentence.
        origins: Origin of each field that has a value; a field without one counts as stated.
        confidence: Probability that type, partners, recipients and project are all read correctly, as of
            :mod:`sogdia.articles.origins`; 1 for a claim that was not read from text.
        reader: ``rules``, or ``model`` with the name of the model that joined its fields.
    """

    number: int
    type: ClaimType
    partners: tuple[str, ...]
    recipients: tuple[str, ...]
    project: str = ""
    project_id: str = ""
    amount: Amount | None = None
    capacity_mw: float | None = None
    length_km: float | None = None
    date: Period | None = None
    status: Status = ""
    modality: Modality = "says"
    speaker: str = ""
    actors: tuple[str, ...] = ()
    instrument: str = ""
    aggregate: bool = False
    others: tuple[Quantity, ...] = ()
    sentence: int = 1
    start: int = 0
    end: int = 0
    quote: str = ""
    origins: tuple[Origin, ...] = ()
    confidence: float = 1.0
    reader: str = "rules"

    def origin(self, field: str) -> OriginKind:
        """Return the origin of a field; stated if none is recorded.

        Args:
            field: Name of the field.
        """
        return next((item.kind for item in self.origins if item.field == field), "stated")

    def is_safe(self, field: str) -> bool:
        """Return whether a field is stated, or resolved from the headline or a sentence close by.

        Args:
            field: Name of the field.
        """
        found = next((item for item in self.origins if item.field == field), None)
        if found is None or found.kind == "stated":
            return True
        near = found.sentence == 1 or abs(self.sentence - found.sentence) <= SAFE_DISTANCE
        return found.kind == "resolved" and near

    def as_dict(self) -> dict[str, Any]:
        """Return the claim as plain data, for JSON."""
        return asdict(self)
