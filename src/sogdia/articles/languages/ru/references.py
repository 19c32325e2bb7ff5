"""Context of a sentence in the language ru: the works and parties that a later sentence refers to."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import ProjectMention
from sogdia.articles.languages.ru.lexicon import plain
from sogdia.articles.languages.ru.sentence import ReadSentence


@dataclass
class Context:
    """Facts of earlier sentences: the work and the parties that a later sentence may refer to."""

    default: tuple[str, ...]
    project: ProjectMention | None = None
    partners: tuple[str, ...] = ()
    lenders: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    works: list[ProjectMention] = field(default_factory=list)
    places: dict[str, tuple[str, ...]] = field(default_factory=dict)
    frames: list[Frame] = field(default_factory=list)
    heading: tuple[str, str] | None = None

    def remember(self, work: ProjectMention) -> None:
        """Take a work as the last one."""
        self.project = work
        self.works = [work, *(item for item in self.works if item.label != work.label)]


def project_of(frame: Frame, one: ReadSentence, context: Context) -> ProjectMention | None:
    """Return the work of a frame: the nearest of its sentence, or the one that it refers to."""
    works = one.annotated.projects
    earlier = context.project
    if not works:
        is_carried = frame.claim_type in ("project", "deal", "finance", "finance_terms") or bool(
            one.words and one.words[0].classes & {"document", "contract"}
        )
        return earlier if is_carried else None
    low, high = one.annotated.clause_span(frame.position)
    inside = [work for work in works if low <= work.start < high] or list(works)
    nearest = min(inside, key=lambda work: (work.is_anaphoric, abs(work.start - frame.position)))
    if not nearest.is_anaphoric:
        return nearest
    return _referent(nearest, context) or (None if not nearest.sector else nearest)


def _referent(mention: ProjectMention, context: Context) -> ProjectMention | None:
    """Return the last work that a bare mention may refer to: any for "the project", else of its kind."""
    words = mention.label.split()
    if not mention.sector:
        return context.project
    is_bare = len(words) == 1
    for work in context.works:
        names = {plain(word) for word in re.findall(r"[^\W\d]{3,}", work.label)}
        has_head = plain(words[-1]) in names or any(name.endswith(plain(words[-1])) for name in names)
        if has_head and (
            is_bare or {plain(word) for word in words} <= names or work.sector == mention.sector
        ):
            return work
        if work.row and _are_alike(mention.sector, work.sector):
            return work
        if not is_bare and work.sector == mention.sector:
            return work
    last = context.project
    return last if is_bare and last is not None and _are_alike(mention.sector, last.sector) else None


def _are_alike(one: str, other: str) -> bool:
    """Return whether two sectors may be of one work: "the plant" may be solar, "the road" a railway."""
    plants = {"other", "hydro", "solar", "wind", "nuclear", "gas", "thermal"}
    lines = {"road", "rail"}
    return one == other or (one == "other" and other in plants) or (one in lines and other in lines) or (
        {one, other} <= {"grid", "rail", "gas"}
    )  # fmt: skip


def update_context(context: Context, one: ReadSentence, gazetteer: Gazetteer) -> None:
    """Take over the works and parties of a sentence.

    Args:
        context: The context, which changes.
        one: The sentence.
        gazetteer: Names of the region pack.
    """
    for frame in context.frames:
        is_loan = frame.claim_type == "finance"
        if frame.project is not None and not frame.is_project_carried:
            if context.project is None or context.project.label != frame.project.label:
                context.partners, context.lenders = (), ()
            context.remember(frame.project)
        elif frame.project is not None:
            context.remember(frame.project)
        if frame.project is not None and is_loan:
            context.lenders = frame.partners or context.lenders
        elif frame.project is not None and not set(frame.partners or ()) <= gazetteer.institutions:
            context.partners = frame.partners or context.partners
        context.outside = frame.partners or context.outside
        if frame.recipients and len(frame.recipients) < max(3, len(gazetteer.home)):
            context.recipients = frame.recipients
            if frame.project is not None:
                context.places[frame.project.label] = frame.recipients
    works = [work for work in one.annotated.projects if not work.is_anaphoric]
    if works and not context.frames:
        context.partners = ()
        context.remember(works[-1])
        own = [code for item in one.annotated.mentions for code in item.parties if code in gazetteer.home]
        context.recipients = tuple(dict.fromkeys(own)) or context.recipients
