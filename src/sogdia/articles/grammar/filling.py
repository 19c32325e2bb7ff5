"""What a claim in the making lacks, found in its sentence or before it: its work, its date, its speaker."""

from __future__ import annotations

import re
from dataclasses import replace

from sogdia.articles.claim import Period
from sogdia.articles.dates import DateMention
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import words as w
from sogdia.articles.grammar.drafts import Around, Draft
from sogdia.articles.grammar.marks import Marks, acts, insiders, outsiders, parties_of
from sogdia.articles.grammar.topics import goods_of, object_of, purpose_of, topic_of
from sogdia.articles.grammar.works import Work, is_generic

_PURPOSE = re.compile(
    r"\b(?:for|to (?:help|build|upgrade|support|finance|fund|improve|modernise|modernize))\s", re.IGNORECASE
)
_SPEAKERS = re.compile(
    r"\baccording to (?P<a>[^,.;]{3,60})|\b(?P<b>(?:[A-Z][\w.'’-]*\s?){1,5}|"
    r"officials in [A-Z]\w+|the [\w\s]{3,40}?)\s(?:said|says|told|stated|noted|"
    r"announced|reported|emphasi[sz]ed|stressed|added)\b|\bsaid (?P<c>(?:Mr\.?\s|Mrs\.?\s|"
    r"Ms\.?\s|the\s)?[A-Z]?[\w .'’-]{2,40}?)(?:,|\.|$)"
)


def work_of(draft: Draft, marks: Marks, around: Around) -> Work | None:
    """The work a claim is about, from before where its sentence only points back to it.

    Args:
        draft: The claim.
        marks: Its sentence.
        around: What was told before.
    """
    work = draft.work
    if work is not None and not work.bare and not (is_generic(work) and around.work):
        return work
    if draft.sort == "transit_stat" and around.corridor is not None:
        return around.corridor
    if draft.topic or draft.sort in (
        "debt",
        "trade",
        "remittances",
        "aggregate_investment",
        "visit_summit",
        "policy_threat",
    ):
        return None
    if around.work is None or w.BREAK.match(marks.text):
        return None
    near = marks.words(draft.place)
    rest = marks.text[draft.place :]
    if draft.sort == "project" and draft.money is not None and around.priced is not None:
        return around.priced
    if draft.sort == "finance" and (
        (_PURPOSE.search(rest) and topic_of(marks, draft.end)) or purpose_of(marks, draft.end)
    ):
        return None
    if draft.sort in ("agreement", "gas_supply", "deal") and not w.PRONOUN.match(marks.text):
        alone = not outsiders(marks, around.home) and marks.sentence.paragraph == around.paragraph
        return around.work if draft.sort == "agreement" and (marks.text.startswith("The ") or alone) else None
    named = {
        code
        for item in marks.mentions
        if item.kind in ("country", "demonym") and not _is_debtor(item)
        for code in item.parties
    }
    strange = (named & set(around.home)) - set(around.work.parties)
    if strange and not w.PRONOUN.match(near) and around.work.parties:
        return None
    return around.work


def _is_debtor(item: Mention) -> bool:
    return not item.parties


def date_of(draft: Draft, marks: Marks) -> Period | None:
    """When a claim was or will be: the date in its stretch, else the one the sentence opens with.

    Args:
        draft: The claim.
        marks: Its sentence.
    """
    low, high = marks.stretch(draft.place)
    near = [item for item in marks.dates if low <= item.start < high]
    if near:
        return min(near, key=lambda item: (_future_of(item, draft), abs(item.start - draft.place))).period
    opening = [item for item in marks.dates if item.start < 25]
    rest = opening or list(marks.dates)
    if rest and (len(marks.cuts) == 1 or opening or len(marks.dates) == 1):
        return rest[0].period
    return None


def _future_of(item: DateMention, draft: Draft) -> bool:
    return item.cue == "by" and draft.sort in ("deal", "finance", "agreement")


def speaker_of(marks: Marks) -> str:
    """Who says so, as the article names them; empty for its own voice.

    Args:
        marks: The sentence.
    """
    match = _SPEAKERS.search(marks.text)
    if match is None:
        return ""
    return next(group for group in match.groups() if group).strip()


def moved_on(around: Around, marks: Marks, drafts: list[Draft], gazetteer: Gazetteer) -> Around:
    """What is to be known of a sentence when the next is read.

    Args:
        around: What was told before it.
        marks: The sentence.
        drafts: Its claims, filled.
        gazetteer: Names of the pack.
    """
    home = gazetteer.home
    told = [draft.work for draft in drafts if draft.work and not draft.work.bare]
    named = [
        work
        for work in marks.works
        if not work.bare and not work.plural and not is_generic(work) and work.sector != "corridor"
    ]
    work = told[0] if told else (named[0] if named and named[0].row else around.work)
    outside = [item for item in outsiders(marks, home) if item.kind != "demonym" or acts(marks.text, item)]
    partners = next((draft.partners for draft in drafts if draft.partners and draft.work), None)
    if partners is None:
        partners = around.partners if work is around.work else ()
    elif work is around.work and around.partners:
        partners = (
            tuple(dict.fromkeys((*around.partners, *partners)))
            if _all_lend(partners, gazetteer)
            else partners
        )
    recipients = next((draft.recipients for draft in drafts if draft.recipients), None)
    if recipients is None:
        found = insiders(marks, home)
        recipients = parties_of(found) or around.recipients
    subject = outside[0].parties if outside else around.subject
    named_lenders = [item for item in outside if item.kind == "lender"]
    firms = [item for item in outside if item.kind in ("company", "lender")]
    priced = next((draft.work for draft in drafts if draft.work and draft.money), around.priced)
    corridor = next((item for item in reversed(marks.works) if item.sector == "corridor"), around.corridor)
    return replace(
        around, work=work, partners=partners or (), recipients=recipients, subject=subject, priced=priced,
        bank=around.bank or parties_of([item for item in named_lenders if "Bank" in item.text][:1]),
        lender=named_lenders[-1].parties if named_lenders else around.lender,
        actor=firms[0].text if firms else around.actor,
        topic=next((draft.topic for draft in drafts if draft.topic), around.topic),
        sort=drafts[-1].sort if drafts else None, corridor=corridor,
    )  # fmt: skip


def name_topic(draft: Draft, marks: Marks, around: Around) -> str:
    """Words for what a claim without a work is about; empty where nothing tells.

    Args:
        draft: The claim.
        marks: Its sentence.
        around: What was told before.
    """
    if draft.sort == "gas_supply":
        return around.topic if draft.topic == "gas supply" and around.topic.startswith("gas") else draft.topic
    if draft.sort == "trade":
        return draft.topic or goods_of(marks)
    if draft.sort == "agreement" and re.match(
        r"The (?:contract|agreement|deal|pact|memorandum|treaty)\b", marks.text
    ):
        return around.topic
    if draft.sort == "aggregate_investment" and re.search(
        r"\b(?:portfolio|group total)\b", marks.text, re.IGNORECASE
    ):
        firm = next((item.text for item in marks.mentions if item.kind == "company"), around.actor)
        return f"{firm.split()[0]} portfolio" if firm else ""
    if draft.sort == "deal":
        firm = next((item.text for item in marks.mentions if item.kind == "company"), "")
        field = topic_of(marks, draft.end)
        return object_of(marks) or (f"{firm} {field}" if firm and field else field)
    if draft.sort == "aggregate_investment":
        low, high = marks.stretch(draft.place)
        corridor = next(
            (item.label for item in marks.works if item.sector == "corridor" and low <= item.start < high), ""
        )
        if corridor:
            return corridor
    topic = topic_of(marks, draft.end)
    return topic or (purpose_of(marks, draft.end) if draft.sort == "finance" else "")


def _all_lend(partners: tuple[str, ...], gazetteer: Gazetteer) -> bool:
    return set(partners) <= gazetteer.institutions
