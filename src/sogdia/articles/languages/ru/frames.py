"""Frames of sentences in the language ru: the first row of ``frames.csv`` that fits gives the type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from sogdia.articles.claim import ClaimType, Quantity, Status
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.languages.ru.lexicon import Word, rows_of
from sogdia.articles.languages.ru.references import Context
from sogdia.articles.languages.ru.sentence import ReadSentence

_PRONOUN = re.compile(r"(?:её|ее|его|их|она|он|оно|они)\s", re.IGNORECASE)
_MAKING = frozenset(("build", "open", "start", "suspend", "cancel", "plan"))
_FIGURES = frozenset(("energy", "money", "gas", "mass", "containers", "power", "length"))
LIST_ITEM = re.compile(r"[—–•*-]\s")


@cache
def _frame_rows() -> tuple[tuple[str, frozenset[str], frozenset[str], str, str, str], ...]:
    return tuple(
        (
            row["figure"],
            frozenset(row["any"].split()),
            frozenset(row["none"].split()),
            row["work"],
            row["type"],
            row["status"],
        )
        for row in rows_of("frames.csv")
    )


def _type_of(
    figure: str, classes: frozenset[str], *, has_work: bool, is_certain: bool = False
) -> tuple[str, str] | None:
    """Return type and fixed status of the first row that fits; ``None`` if none fits.

    Args:
        figure: Kind of the figure, or ``event``.
        classes: Classes of the words around it.
        has_work: Whether there is a work.
        is_certain: Whether only rows that need a word fit.
    """
    for kind, some, none, work, claim_type, status in _frame_rows():
        if is_certain and not some:
            continue
        if kind != figure or (some and not some & classes) or none & classes:
            continue
        if (work == "yes" and not has_work) or (work == "no" and has_work):
            continue
        return claim_type, status
    return None


def heading_of(one: ReadSentence) -> tuple[str, str] | None:
    """Return type and status that the heading of a list gives its items; ``None`` for other sentences."""
    if not one.annotated.text.endswith(":") or any(q.kind == "money" for q in one.annotated.quantities):
        return None
    chosen = _type_of("money", one.classes(0, len(one.annotated.text)), has_work=False, is_certain=True)
    return (chosen[0], status_of(chosen[0], one.words)) if chosen else None  # type: ignore[arg-type]


def find_frames(one: ReadSentence, context: Context) -> Iterator[Frame]:
    """Yield a frame of each figure that makes a claim, or else one of the event of the sentence."""
    annotated, has_context = one.annotated, context.project is not None
    is_found = False
    for figure in annotated.quantities:
        if figure.kind not in _FIGURES:
            continue
        low, high = annotated.clause_span(figure.start)
        has_work = bool(annotated.projects) or figure.kind in ("power", "length")
        has_work = has_work or (figure.kind == "money" and has_context)
        chosen = _type_of(figure.kind, one.classes(low, high), has_work=has_work, is_certain=True)
        if figure.kind == "money" and context.heading and LIST_ITEM.match(annotated.text):
            chosen = context.heading
        chosen = chosen or _type_of(figure.kind, one.classes(0, len(annotated.text)), has_work=has_work)
        chosen = chosen or _by_giver(figure, annotated)
        if chosen is None:
            continue
        is_found = True
        frame = Frame(chosen[0], figure.start, figure.end, status=chosen[1] or None)  # type: ignore[arg-type]
        _add_figure(frame, figure)
        frame.aggregate = frame.claim_type == "aggregate_investment"
        yield frame
    acts = [word for word in one.words if word.tense and word.classes]
    is_denied = bool(acts) and all(word.tense == "denied" for word in acts)
    if not is_found and not is_denied:
        classes = one.classes(0, len(annotated.text))
        has_work = bool(annotated.projects) or (has_context and _refers(one, classes))
        chosen = _type_of("event", classes, has_work=has_work)
        if chosen is not None and chosen[0]:
            position = next((word.start for word in one.words if word.tense), 0)
            yield Frame(chosen[0], position, position, status=chosen[1] or None)  # type: ignore[arg-type]


def _refers(one: ReadSentence, classes: frozenset[str]) -> bool:
    """Return whether a sentence without a work is about the last one: by its subject or a pronoun."""
    opening = one.words[0].classes if one.words else frozenset()
    is_pronoun = bool(_PRONOUN.match(one.annotated.text)) and bool(classes & _MAKING)
    return is_pronoun or "terms" in classes or "construction" in classes or bool(
        opening & {"contract", "document"}
    )  # fmt: skip


def is_claim(frame: Frame) -> bool:
    """Return whether an event says enough: it has a party outside, or a work with a name."""
    if frame.money or frame.power or frame.length or frame.others:
        return True
    if frame.claim_type == "agreement":
        return bool(frame.partners) or frame.project is not None
    if frame.claim_type != "project":
        return True
    work = frame.project
    return (
        bool(frame.partners)
        or frame.is_project_carried
        or (work is not None and (bool(work.row) or bool(re.search(r"\W[А-ЯЁA-Z]", work.label))))
    )


def _by_giver(figure: Quantity, annotated: AnnotatedSentence) -> tuple[str, str] | None:
    """Return the type of an amount that only its giver explains: a loan of a lender, else an aggregate."""
    kinds = {item.kind for item in annotated.mentions if item.kind in ("lender", "country", "demonym")}
    if figure.kind != "money" or not kinds:
        return None
    return ("finance" if "lender" in kinds else "aggregate_investment"), ""


def _add_figure(frame: Frame, figure: Quantity) -> None:
    if figure.kind == "money":
        frame.money = figure
    elif figure.kind == "power":
        frame.power = figure
    elif figure.kind == "length":
        frame.length = figure
    else:
        frame.others.append(figure)


def is_same(one: Frame, other: Frame) -> bool:
    """Return whether two frames of a sentence are one claim: one project, and not two amounts."""
    pair = {one.claim_type, other.claim_type}
    kinds = len(pair) == 1 or pair <= {"project", "deal", "finance"}
    works = (one.project.start if one.project else -1, other.project.start if other.project else -1)
    return kinds and not (one.money and other.money) and not other.others and works[0] == works[1]


@cache
def _status_rows() -> tuple[tuple[str, str, frozenset[str], frozenset[str]], ...]:
    return tuple(
        (row["type"], row["status"], frozenset(row["classes"].split()), frozenset(row["tenses"].split()))
        for row in rows_of("statuses.csv")
    )


def status_of(claim_type: ClaimType, words: Sequence[Word]) -> Status:
    """Return the status of the first row whose classes the words have in one of its tenses."""
    for kind, status, classes, tenses in _status_rows():
        if kind in ("*", claim_type) and any(
            word.classes & classes and word.tense != "denied" and ("*" in tenses or word.tense in tenses)
            for word in words
        ):
            return status  # type: ignore[return-value]
    return ""
