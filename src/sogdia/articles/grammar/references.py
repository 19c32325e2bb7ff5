"""Resolve references: the second pass of reading, which completes frames from the sentences before them.

A work that only refers back ("the plant", "the project", "it") is the nearest work before it of a compatible
sector. A missing partner is that of the same work, or the party that a pronoun or a general noun ("the bank",
"the company") refers to. Carrying on stops where the text says so: a country that acts itself, "on its own",
"instead", "without", a work given up, a new item.
"""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import ClaimType, Status
from sogdia.articles.gazetteer import Gazetteer
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    is_actor,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.project_mentions import ProjectMention, is_generic
from sogdia.articles.grammar.roles import actors_of
from sogdia.articles.grammar.topics import purpose_of, topic_of
from sogdia.articles.grammar.view import SentenceView

_WITHOUT_WORK: frozenset[ClaimType] = frozenset(
    ("debt", "trade", "remittances", "aggregate_investment", "visit_summit", "policy_threat")
)
_PURPOSE = re.compile(
    r"\b(?:for|to (?:help|build|upgrade|support|finance|fund|improve|modernise|modernize))\s", re.IGNORECASE
)
_POWER = ("solar", "wind", "hydro", "gas", "nuclear", "other", "")
_COMPATIBLE: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"plants?|stations?|complex|blocks?|units?|farms?|parks?|factory|refinery", (*_POWER, "mining")),
    (r"lines?|sections?|stretch", ("rail", "grid", "gas", "road", "")),
    (r"railways?|railroad|trains", ("rail",)),
    (r"roads?|highways?|motorways?|expressway|bridge|tunnel|bypass", ("road", "rail", "")),
    (r"ports?|terminals?|hub|airport|yard|ships", ("port", "logistics", "")),
    (r"pipelines?", ("gas", "other", "")),
    (r"dams?|reservoir|canals?|waterway", ("hydro", "other", "")),
    (r"grid|network|cables?", ("grid", "")),
    (r"mines?|fields?", ("mining", "gas", "")),
)
_MUTUAL = re.compile(
    r"\b(?:the two (?:countries|sides|states|neighbours)|bilateral|mutual|deliveries|in accordance with)\b",
    re.IGNORECASE,
)
_FLOW = re.compile(
    r"(?:The\s|These\s|Such\s)?(?:volumes?|deliver(?:y|ies)|suppl(?:y|ies)|shipments?)\b", re.IGNORECASE
)
_OF_THAT = re.compile(r"Of (?:that|this|these|the total|which|it|the (?:sum|amount|money))\b", re.IGNORECASE)
"""Opening of a sentence about a part of the amount before it."""
_NEXT_OF_LIST = re.compile(r"The (?:first|second|third|fourth|other|last)\b", re.IGNORECASE)
"""Opening of a sentence about one of the loans that the article's bank has announced."""
_GOVERNMENT = re.compile(
    r"(?:^|[,;]\s(?:and\s|while\s)?)(?:[Tt]he\s)?(?:[A-Z]\w+\s)?[Gg]overnment(?:\sof\s(?:the\s)?(?:[A-Z]\w+\s?)+)?\s$"
)
"""The government as the subject of a verb."""
_FAR = 2
"""Sentences after which a lender without a reference to a work is no longer about it."""
_NO_CARRY = ("debt", "remittances", "transit_stat")
_MOST_WORKS = 8
_PROPER = re.compile(r"((?:[A-Z][\w'’-]+)(?:\s[A-Z][\w'’-]+)*)\s[a-z]")
_SHORTEST_NAME = 4
_PRONOUN_OBJECT = re.compile(r"\b(?:for|into|on)\s(it)\b")


def with_earlier_names(annotated: AnnotatedSentence, context: Context) -> AnnotatedSentence:
    """Return a sentence in which the bare name of an earlier work is a mention: "Rogun will have 3,600 MW".

    Args:
        annotated: The annotated sentence.
        context: What the preceding sentences establish.
    """
    found: list[ProjectMention] = []
    for work in context.works:
        name = _PROPER.match(work.label)
        if name is None or len(name[1]) < _SHORTEST_NAME or work.is_plural:
            continue
        for match in re.finditer(rf"(?<![\w-]){re.escape(name[1])}(?![\w-])", annotated.text):
            placed = re.search(r"\b(?:in|at|near|to|from|of|between|and)\s$", annotated.text[: match.start()])
            spans = [(one.start, one.end) for one in (*annotated.projects, *found)]
            spans += [(one.start, one.end) for one in annotated.mentions if one.kind != "place"]
            is_free = all(end <= match.start() or match.end() <= start for start, end in spans)
            if is_free and not placed:
                found.append(replace(work, start=match.start(), end=match.end(), is_anaphoric=False))
    if context.project is not None:
        found.extend(
            replace(context.project, start=match.start(1), end=match.end(1), is_anaphoric=False)
            for match in _PRONOUN_OBJECT.finditer(annotated.text)
        )
    if not found:
        return annotated
    works = sorted((*annotated.projects, *found), key=lambda item: item.start)
    return replace(annotated, projects=tuple(works))


def resolve_project(frame: Frame, annotated: AnnotatedSentence, context: Context) -> ProjectMention | None:
    """Return the project of a frame, from the context if its sentence only refers back to it.

    Args:
        frame: The frame.
        annotated: Its annotated sentence.
        context: What the preceding sentences establish.
    """
    project = frame.project
    if project is not None and not project.is_anaphoric and not (is_generic(project) and context.project):
        return project
    if frame.claim_type == "transit_stat" and context.corridor is not None:
        return context.corridor
    if frame.claim_type == "transit_stat" and project is None and lexicon.PRONOUN.match(annotated.text):
        return context.project
    if frame.topic or frame.claim_type in _WITHOUT_WORK:
        return None
    if project is not None and project.is_anaphoric:
        found = antecedent(project, context)
        return project if found is None and re.search(r"\d", project.label) else found
    if context.project is None or lexicon.TOPIC_BREAK.match(annotated.text):
        return None
    return _carried(frame, annotated, context)


def antecedent(project: ProjectMention, context: Context) -> ProjectMention | None:
    """Return the nearest work before a mention whose sector its noun may denote; ``None`` for none.

    Args:
        project: The mention that refers back.
        context: What the preceding sentences establish.
    """
    noun = project.label.split()[-1].lower() if project.label else ""
    sectors = next((kinds for words, kinds in _COMPATIBLE if re.fullmatch(words, noun)), None)
    works = context.works or ((context.project,) if context.project else ())
    for work in works:
        if sectors is None or work.sector in sectors or noun in work.label.lower():
            return work
    return None


def _carried(frame: Frame, annotated: AnnotatedSentence, context: Context) -> ProjectMention | None:
    """Return the work of the context for a frame whose sentence names none."""
    work = context.project
    if work is None:
        return None
    rest = annotated.text[frame.position :]
    is_strange = _names_other_state(frame, annotated, work, context)
    is_its = re.match(r"(?:Its|The)\s(?:\w+\s)?(?:phase|stage|unit|line|section|part)\b", annotated.text)
    if (
        frame.claim_type == "project"
        and frame.money is not None
        and context.priced
        and not (is_strange or is_its)
    ):
        return context.priced
    if _is_far(frame, annotated, context):
        return None
    if frame.claim_type == "finance" and (
        (_PURPOSE.search(rest) and topic_of(annotated, frame.end))
        or purpose_of(annotated, frame.end, with_acts=False)
    ):
        return None
    if frame.claim_type in ("agreement", "gas_supply", "deal") and not lexicon.PRONOUN.match(annotated.text):
        alone = (
            not outside_mentions(annotated, context.home)
            and annotated.sentence.paragraph == context.paragraph
        )
        is_same = frame.claim_type != "gas_supply" and (annotated.text.startswith("The ") or alone)
        return work if is_same else None
    return None if is_strange else work


def _names_other_state(
    frame: Frame, annotated: AnnotatedSentence, work: ProjectMention, context: Context
) -> bool:
    """Return whether the sentence of a frame is about another home country than that of a work."""
    named = {
        code
        for item in annotated.mentions
        if item.kind in ("country", "demonym") and item.parties
        for code in item.parties
    }
    strange = (named & set(context.home)) - set(work.parties)
    is_pronoun = lexicon.PRONOUN.match(annotated.clause_text(frame.position))
    return bool(strange and not is_pronoun and work.parties)


def _is_far(frame: Frame, annotated: AnnotatedSentence, context: Context) -> bool:
    """Return whether the work was left sentences ago, and a new lender opens another subject."""
    is_titled = context.titled_work is not None and context.project is context.titled_work
    if is_titled or frame.claim_type != "finance" or lexicon.PRONOUN.match(annotated.text):
        return False
    return annotated.sentence.number - context.work_sentence > _FAR and bool(
        outside_mentions(annotated, context.home)
    )


def partners_from_context(frame: Frame, view: SentenceView, context: Context) -> tuple[str, ...]:
    """Return the partners of a claim whose sentence gives none, from the sentences before it.

    Args:
        frame: The frame; its project is already resolved.
        view: Its sentence.
        context: What the preceding sentences establish.
    """
    if context.listed:
        return context.listed
    if frame.claim_type in ("trade", "gas_supply", "agreement") and _MUTUAL.search(view.text):
        return context.subject
    if frame.claim_type == "gas_supply" and _FLOW.match(view.text):
        return context.subject
    if frame.is_own_money or frame.claim_type in _NO_CARRY or _acts_alone(frame, view, context):
        return ()
    if found := _referent(frame, view, context):
        return found
    if context.titled_lender and frame.claim_type in ("finance", "finance_terms"):
        return context.titled_lender
    if frame.claim_type == "policy_threat" or (
        (lexicon.PRONOUN.match(view.text) or _OF_THAT.match(view.text) or _has_pronoun(frame, view))
        and frame.claim_type in ("finance", "aggregate_investment", "agreement", "deal")
    ):
        return context.subject
    project = frame.project
    if project is None:
        own = any(item.kind == "home_company" for item in view.annotated.mentions)
        carries = frame.claim_type in ("finance", "aggregate_investment", "deal") and not own
        return context.subject if carries else ()
    if frame.claim_type in ("project", "deal", "agreement"):
        return context.builders.get(project.label, ())
    same = context.project is not None and (
        (context.project.row == project.row and bool(project.row)) or context.project.label == project.label
    )
    return context.partners if same else ()


def _has_pronoun(frame: Frame, view: SentenceView) -> bool:
    """Return whether the subject of an act is a pronoun inside its sentence: "where it lends, it gave"."""
    act = frame.act
    is_giver = act is not None and act.frame.agent == "partner" and not act.is_passive
    return bool(act and is_giver and re.search(r"\b(?:it|they)\s$", view.text[: act.group_start]))


def _acts_alone(frame: Frame, view: SentenceView, context: Context) -> bool:
    """Return whether the sentence says that the country acts itself."""
    if lexicon.ALONE.search(view.annotated.clause_text(frame.position)):
        return True
    act = frame.act
    if act is None or act.frame.agent != "partner" or act.is_passive:
        return False
    if frame.claim_type == "finance":
        return bool(_GOVERNMENT.search(view.text[: act.group_start]))
    return bool(actors_of(view, act, home_mentions(view.annotated, context.home)))


def _referent(frame: Frame, view: SentenceView, context: Context) -> tuple[str, ...]:
    """Return the party that a general noun refers to: "the Bank", "the lender", "the company"."""
    text = view.text
    if frame.claim_type in ("finance", "finance_terms", "aggregate_investment", "deal"):
        if context.bank and re.search(r"\b[Tt]he Bank\b", text):
            return context.bank
        if context.lender and re.search(r"\bthe (?:bank|lender|fund)\b", text, re.IGNORECASE):
            return context.lender
    if frame.claim_type == "finance" and context.bank and _NEXT_OF_LIST.match(text):
        return context.bank
    if context.firm and frame.claim_type in ("project", "deal") and re.match(r"(?:Its|Their)\b", text):
        return context.firm
    if context.firm and re.search(
        r"\bthe (?:company|firm|group|contractor|consortium|investor|developer)\b", text, re.IGNORECASE
    ):
        return context.firm
    return ()


def update_context(
    context: Context, annotated: AnnotatedSentence, frames: list[Frame], gazetteer: Gazetteer
) -> Context:
    """Return the context for the next sentence.

    Args:
        context: What the sentences before it establish.
        annotated: The annotated sentence.
        frames: Its frames, completed.
        gazetteer: Names of the region pack.
    """
    home = gazetteer.home
    project = _project_for_next(context, annotated, frames)
    outside = [
        item
        for item in outside_mentions(annotated, home)
        if item.kind != "demonym" or is_actor(annotated.text, item)
    ]
    recipients = next(
        (frame.recipients for frame in frames if frame.recipients and set(frame.recipients) <= set(home)),
        None,
    )
    if recipients is None:
        recipients = party_codes(home_mentions(annotated, home)) or context.recipients
    lenders = [item for item in outside if item.kind == "lender"]
    firms = [item for item in outside if item.kind in ("company", "lender")]
    builders = [item for item in outside if item.kind in ("company", "demonym")]
    priced = next((frame.project for frame in frames if frame.project and frame.money), context.priced)
    corridor = next(
        (item for item in reversed(annotated.projects) if item.sector == "corridor"), context.corridor
    )
    return replace(
        context, project=project, work_sentence=_work_sentence(context, annotated, frames),
        partners=_partners_for_next(context, project, frames, gazetteer),
        recipients=recipients, subject=outside[0].parties if outside else context.subject, priced=priced,
        works=_works_for_next(context, annotated, frames, project),
        bank=context.bank or party_codes([item for item in lenders if "Bank" in item.text][:1]),
        lender=lenders[-1].parties if lenders else context.lender,
        firm=builders[-1].parties if builders else context.firm,
        actor=firms[0].text if firms else context.actor,
        topic=next((frame.topic for frame in frames if frame.topic), context.topic),
        topic_sentence=annotated.sentence.number if frames and all(
            frame.claim_type == "finance" and frame.topic and frame.project is None for frame in frames
        ) else context.topic_sentence,
        claim_type=frames[-1].claim_type if frames else None,
        builders=_builders_for_next(context, frames),
        stages=_stages_for_next(context, frames),
        status=(frames[-1].status or "") if frames else "", corridor=corridor,
    )  # fmt: skip


def _work_sentence(context: Context, annotated: AnnotatedSentence, frames: list[Frame]) -> int:
    """Return the number of the last sentence about the work of the context."""
    is_about = any(frame.project for frame in frames) or bool(annotated.projects)
    return annotated.sentence.number if is_about else context.work_sentence


def _project_for_next(
    context: Context, annotated: AnnotatedSentence, frames: list[Frame]
) -> ProjectMention | None:
    claimed = [frame.project for frame in frames if frame.project and not frame.project.is_anaphoric]
    if claimed:
        return claimed[0]
    named = [
        item
        for item in annotated.projects
        if not (item.is_anaphoric or item.is_plural or is_generic(item) or item.sector == "corridor")
    ]
    return named[0] if named and (named[0].row or context.project is None) else context.project


def _stages_for_next(context: Context, frames: list[Frame]) -> dict[str, Status]:
    new = {
        frame.project.label: frame.status
        for frame in frames
        if frame.project and frame.status and frame.claim_type == "project"
    }
    return {**context.stages, **new}


def _builders_for_next(context: Context, frames: list[Frame]) -> dict[str, tuple[str, ...]]:
    """Return the parties that build each work; none once an act gives it up. Lenders are no builders."""
    found = dict(context.builders)
    for frame in frames:
        if frame.project is None:
            continue
        if frame.status == "cancelled":
            found.pop(frame.project.label, None)
        elif frame.claim_type != "finance" and frame.partners:
            found[frame.project.label] = frame.partners
    return found


def _works_for_next(
    context: Context, annotated: AnnotatedSentence, frames: list[Frame], project: ProjectMention | None
) -> tuple[ProjectMention, ...]:
    """Return the works named so far, the last first."""
    new = [frame.project for frame in frames if frame.project and not frame.project.is_anaphoric]
    new += [item for item in annotated.projects if not item.is_anaphoric and item.sector != "corridor"]
    new += [project] if project else []
    seen = {item.label: item for item in (*new, *context.works)}
    return tuple(seen.values())[:_MOST_WORKS]


def _partners_for_next(
    context: Context, project: ProjectMention | None, frames: list[Frame], gazetteer: Gazetteer
) -> tuple[str, ...]:
    """Return the partners of the work of the context; none once an act gives it up."""
    if any(frame.status == "cancelled" and frame.project is project for frame in frames):
        return ()
    partners = next((frame.partners for frame in frames if frame.partners and frame.project), None)
    if partners is None:
        return context.partners if project is context.project else ()
    if project is context.project and context.partners and set(partners) <= gazetteer.institutions:
        return tuple(dict.fromkeys((*context.partners, *partners)))
    return partners
