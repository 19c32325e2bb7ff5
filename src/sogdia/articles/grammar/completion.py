"""Complete the frames of a sentence: project, subject, parties and status, also from the context."""

from __future__ import annotations

from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frames import Context, Frame
from sogdia.articles.grammar.parties import home_sides, is_bond, partners_of
from sogdia.articles.grammar.recipients import recipients_of
from sogdia.articles.grammar.references import partners_from_context, resolve_project
from sogdia.articles.grammar.slot_filling import choose_topic
from sogdia.articles.grammar.view import SentenceView

_SHARES_PARTIES = ("finance", "deal", "aggregate_investment")
_BETWEEN_STATES = ("finance", "debt", "trade", "gas_supply", "deal")
_HAS_TOPIC = ("finance", "aggregate_investment", "deal", "trade", "agreement", "gas_supply")


def complete_status(frame: Frame, context: Context) -> None:
    """Take an open status from the sentence before, or from what was last said of the work.

    Args:
        frame: The frame.
        context: What the preceding sentences establish.
    """
    if frame.status:
        return
    goes_on = frame.act is None or frame.act.frame.name in ("join", "amount")
    if goes_on and frame.claim_type == context.claim_type and not frame.is_own_money:
        frame.status = context.status
    if not frame.status and frame.claim_type == "project" and frame.project is not None:
        frame.status = context.stages.get(frame.project.label, "")


def fill(frame: Frame, frames: list[Frame], view: SentenceView, context: Context) -> None:
    """Fill project, topic and parties of a frame from its sentence and the context.

    Args:
        frame: The frame.
        frames: All frames of its sentence.
        view: Its sentence.
        context: What the preceding sentences establish.
    """
    annotated, gazetteer = view.annotated, view.gazetteer
    earlier = next(
        (item for item in frames if item is not frame and item.recipients and item.position < frame.position),
        None,
    )
    if frame.claim_type == "finance" and frame.head is not None and is_bond(frame, view):
        frame.topic = view.text[frame.head.start : frame.head.end]
    _fill_project(frame, annotated, context, earlier)
    recipients = recipients_of(frame, annotated, context, gazetteer)
    partners = frame.partners or partners_of(frame, view)
    if not partners and frame.claim_type in _BETWEEN_STATES:
        partners, others = home_sides(frame, view)
        if partners:
            recipients = others or tuple(code for code in context.recipients if code not in partners)
    partners = partners or partners_from_context(frame, view, context)
    if earlier is not None and frame.claim_type in _SHARES_PARTIES:
        if frame.project is None or not frame.project.parties:
            recipients = earlier.recipients or recipients
        partners = partners or (earlier.partners or () if not frame.is_own_money else ())
    frame.recipients = tuple(code for code in recipients if code not in partners) or recipients
    frame.partners = tuple(code for code in partners if code not in frame.recipients)
    if frame.claim_type == "debt":
        frame.recipients = frame.recipients or context.default


def _fill_project(
    frame: Frame, annotated: AnnotatedSentence, context: Context, earlier: Frame | None
) -> None:
    own = frame.project
    frame.project = resolve_project(frame, annotated, context)
    frame.is_project_carried = frame.project is not own
    if (
        earlier is not None
        and earlier.claim_type == "aggregate_investment"
        and frame.project is context.project
    ):
        # An amount stated with an aggregate does not belong to the project of an earlier sentence.
        frame.project = None
    is_next = annotated.sentence.number - context.topic_sentence == 1
    if (
        own is None
        and is_next
        and frame.claim_type == "finance"
        and frame.project is context.project
        and not frame.topic
    ):
        # Money goes on with the purpose of the money before it, not with an older work.
        frame.project, frame.topic = None, context.topic
    if earlier is not None and earlier.topic and earlier.project is None and frame.is_project_carried and (
        earlier.claim_type == frame.claim_type == "finance"
    ):  # fmt: skip
        # A second lender in a sentence pays for the purpose of the first, not for an earlier work.
        frame.project, frame.topic = None, earlier.topic
    if (
        frame.project is None
        and (not frame.topic or frame.claim_type == "gas_supply")
        and frame.claim_type in _HAS_TOPIC
    ):
        frame.topic = choose_topic(frame, annotated, context)
        if earlier is not None and not frame.topic and earlier.claim_type == frame.claim_type == "finance":
            frame.topic = earlier.topic
