"""What is read from an article: claims, each with what it says, how firmly, and where it stands.

Everything here is frozen. Codes and ids are those of the region pack; words are the article's own.
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
"""Every type of claim, in the order reports show them."""

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
"""How far the thing itself has come, as the article tells it."""

Modality = Literal[
    "says", "threatens", "plans", "agrees", "signs", "finances", "builds", "operates", "cancels"
]
"""What the sentence does: the kind of its verb."""

Bound = Literal["exact", "about", "at_least", "at_most", "between"]

QuantityKind = Literal[
    "money", "power", "energy", "length", "mass", "gas", "share", "years", "voltage", "boxes", "count"
]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure with its unit, as told and as a number.

    Attributes:
        kind: What it measures.
        text: The words of the article.
        value: The figure in ``unit``; of a range the lower end.
        unit: MW, MWh, km, t, bcm, %, a, kV, TEU, a currency code for money, or the thing counted.
        bound: Whether it is exact, about, a lower bound, an upper bound or a range.
        upper: Upper end of a range.
        start: Where it begins in the sentence.
        end: Where it ends in the sentence.
        rate_of: What it is per (``year``, ``unit of energy``), where it is a rate and no stock.
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
    """A sum of money as told, and in million US dollars.

    Attributes:
        text: The words of the article.
        value: The sum in whole units of ``currency``; of a range the lower end.
        currency: ISO 4217 code.
        bound: Whether it is exact, about, a bound or a range.
        musd: Million US dollars, ``None`` where the pack has no rate of the currency.
        rate: Dollars for one unit of the currency, 1 for dollars; ``None`` where the text itself told both.
        rate_year: Year of the rate, ``None`` for dollars.
        upper: Upper end of a range.
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
    """A date or span of time, as exact as it was told.

    Attributes:
        start: ``2025``, ``2025-06`` or ``2025-06-14``.
        end: The same form; equal to ``start`` for a single date.
        text: The words it was resolved from; empty where it is the date of what was told just before.
    """

    start: str
    end: str
    text: str = ""

    def __str__(self) -> str:
        return self.start if self.start == self.end else f"{self.start}/{self.end}"

    @property
    def year(self) -> int:
        """The year it begins in."""
        return int(self.start[:4])


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing an article says.

    Attributes:
        number: Its number in the article, from 1.
        type: What sort of claim it is.
        partners: Codes of the outside parties: who lends, builds, buys, visits, threatens.
        recipients: Codes of the parties it happens to or in.
        project: Name of the project, work or subject; empty where none is told.
        project_id: Row of ``projects`` or ``corridors`` it is known as; empty where it is not known.
        amount: Money, or ``None``.
        capacity_mw: Power, or ``None``.
        length_km: Length, or ``None``.
        date: When, resolved against the article's date, or ``None``.
        status: How far the thing has come.
        modality: What the sentence does.
        speaker: Who says so, as the article names them; empty for the article's own voice.
        actors: Companies, lenders and offices named as acting, as the article names them.
        instrument: loan, grant, guarantee, equity, agreement, or empty.
        aggregate: Whether the sum counts many things together and must not be added to its parts.
        others: Further figures told of it.
        sentence: Number of its sentence.
        start: Where it begins in the article's text.
        end: Where it ends in the article's text.
        quote: The sentence.
    """

    number: int
    type: ClaimType
    partners: tuple[str, ...]
    recipients: tuple[str, ...]
    project: str
    project_id: str
    amount: Amount | None
    capacity_mw: float | None
    length_km: float | None
    date: Period | None
    status: Status
    modality: Modality
    speaker: str
    actors: tuple[str, ...]
    instrument: str
    aggregate: bool
    others: tuple[Quantity, ...]
    sentence: int
    start: int
    end: int
    quote: str

    def as_dict(self) -> dict[str, Any]:
        """The claim as plain data, for JSON."""
        return asdict(self)
