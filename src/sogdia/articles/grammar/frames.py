"""Frames: claims under construction, and the context carried from one sentence to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sogdia.articles.claim import ClaimType, Quantity, Status
from sogdia.articles.grammar.predicates import Predicate
from sogdia.articles.grammar.project_mentions import ProjectMention


@dataclass
class Frame:
    """A claim under construction: the slots that its sentence fills, completed from the context later.

    Attributes:
        claim_type: Type of claim.
        position: Start of its evidence in the sentence: an amount, a figure or a verb.
        end: End of the evidence.
        money: Amount of money.
        project: Project it is about.
        topic: Subject, if it is about no project.
        power: Stated power.
        length: Stated length.
        others: Further quantities.
        status: Status, if the rule that found the frame determines it.
        partners: Partners, if the rule that found the frame determines them.
        recipients: Recipients, if the rule that found the frame determines them.
        aggregate: Whether the amount is a total of many projects or deals.
        superseded: Whether the article says that the figure no longer holds.
        is_own_money: Whether the country itself pays the amount.
        is_project_carried: Whether another sentence names the project.
        act: Verb that governs it, or the noun of an act; ``None`` if no word of the table does.
        head: Noun that names the amount or document, such as "loan"; ``None`` if none does.
        features: Features of its sentence, for the confidence of reading; ``None`` if no reader gives them.
    """

    claim_type: ClaimType
    position: int
    end: int
    money: Quantity | None = None
    project: ProjectMention | None = None
    topic: str = ""
    power: Quantity | None = None
    length: Quantity | None = None
    others: list[Quantity] = field(default_factory=list)
    status: Status | None = None
    partners: tuple[str, ...] | None = None
    recipients: tuple[str, ...] | None = None
    aggregate: bool = False
    superseded: bool = False
    is_own_money: bool = False
    is_project_carried: bool = False
    act: Predicate | None = None
    head: Predicate | None = None
    features: frozenset[str] | None = None


@dataclass
class Context:
    """Facts that the preceding sentences establish.

    Attributes:
        default: Recipients of an article that is about them throughout.
        project: Project mentioned last.
        work_sentence: Number of the last sentence about a work.
        partners: Outside partners last given for that project.
        recipients: Home parties mentioned last.
        subject: Party that acted last.
        titled: Countries that the headline names.
        home: Home parties of the region.
        bank: First bank named, the referent of "the Bank".
        paragraph: Paragraph of the last sentence.
        date: Last date, as the text of a period.
        listed: Party at the start of a list item.
        priced: Project that last had an amount of its own.
        lender: Lender named last.
        actor: Company or lender named last, as the article writes it.
        topic: Last subject that is no project.
        claim_type: Type of the last claim of the paragraph.
        corridor: Corridor named last.
        works: Works named so far, the last first.
        firm: Party of the company named last.
        status: Status of the last claim of the paragraph.
        builders: Parties that build each work, by its label.
        stages: Last status of each work, by its label.
        heading: Type of claim that the heading of a list names; ``None`` outside of a list.
        headed: Country that opens the paragraph, as in a round-up: "COUNTRY: the assembly approved".
        titled_work: Work that the headline names first.
        topic_sentence: Number of the last sentence whose claim has a subject that is no project.
        titled_lender: Lender that the headline names first.
        is_regional: Whether the article names all home parties together, by the name of their region.
    """

    default: tuple[str, ...] = ()
    project: ProjectMention | None = None
    work_sentence: int = 0
    partners: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    subject: tuple[str, ...] = ()
    titled: tuple[str, ...] = ()
    home: tuple[str, ...] = ()
    bank: tuple[str, ...] = ()
    paragraph: int = 0
    date: str = ""
    listed: tuple[str, ...] = ()
    priced: ProjectMention | None = None
    lender: tuple[str, ...] = ()
    actor: str = ""
    topic: str = ""
    claim_type: ClaimType | None = None
    corridor: ProjectMention | None = None
    works: tuple[ProjectMention, ...] = ()
    firm: tuple[str, ...] = ()
    status: Status = ""
    builders: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    stages: Mapping[str, Status] = field(default_factory=dict)
    heading: ClaimType | None = None
    headed: tuple[str, ...] = ()
    titled_work: ProjectMention | None = None
    topic_sentence: int = 0
    titled_lender: tuple[str, ...] = ()
    is_regional: bool = False
