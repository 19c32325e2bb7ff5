"""Claims in the making: what a sentence gives, before what is missing is filled from around it."""

from __future__ import annotations

from dataclasses import dataclass, field

from sogdia.articles.claim import ClaimType, Quantity, Status
from sogdia.articles.grammar.works import Work


@dataclass
class Draft:
    """A claim in the making.

    Attributes:
        sort: Type of claim.
        place: Where in the sentence it stands: its sum, its figure or its verb.
        end: Where that ends.
        money: The sum.
        work: What it is about.
        topic: Words for what it is about, where it is no work.
        power: Power told.
        length: Length told.
        others: Further figures.
        status: Status, where the way it was found tells.
        partners: Partners, where the way it was found tells.
        recipients: Recipients, where the way it was found tells.
        aggregate: Whether it counts many things together.
        superseded: Whether the article says that it no longer holds.
    """

    sort: ClaimType
    place: int
    end: int
    money: Quantity | None = None
    work: Work | None = None
    topic: str = ""
    power: Quantity | None = None
    length: Quantity | None = None
    others: list[Quantity] = field(default_factory=list)
    status: Status | None = None
    partners: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    aggregate: bool = False
    superseded: bool = False


@dataclass
class Around:
    """What the sentences before have told.

    Attributes:
        default: Recipients of an article that is about them throughout.
        work: The work last spoken of.
        partners: Outside parties that it was last told to have.
        recipients: Parties of the region last named.
        subject: The party that last acted.
        home: The parties of the region.
        titled: States that the headline names.
        bank: The bank first named, which "the Bank" means.
        paragraph: The paragraph of the last sentence.
        date: The last date told, as words of a period.
        listed: The party at the head of a list item.
        priced: The work that last had a sum of its own.
        lender: The lender last named.
        actor: The firm or lender last named, in the article's words.
        topic: The last field spoken of that is no work.
        sort: Type of the last claim of the paragraph.
        corridor: The corridor last named.
    """

    default: tuple[str, ...] = ()
    work: Work | None = None
    partners: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    bank: tuple[str, ...] = ()
    paragraph: int = 0
    date: str = ""
    listed: tuple[str, ...] = ()
    priced: Work | None = None
    lender: tuple[str, ...] = ()
    actor: str = ""
    topic: str = ""
    sort: ClaimType | None = None
    corridor: Work | None = None
