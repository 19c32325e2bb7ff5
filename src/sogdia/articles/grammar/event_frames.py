"""Detect claims without an amount: visits, threats, agreements, construction, transit and gas supply."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sogdia.articles.claim import Quantity, Status
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar import lexicon
from sogdia.articles.grammar.annotations import (
    AnnotatedSentence,
    home_mentions,
    outside_mentions,
    party_codes,
)
from sogdia.articles.grammar.frames import Frame
from sogdia.articles.grammar.project_mentions import ProjectMention, is_generic
from sogdia.articles.grammar.topics import event_name, gas_topic, topic_of

_WEAK = re.compile(r"\b(?:may|might|could|perhaps|likely|would like|should|if)\b", re.IGNORECASE)
_PAST_TALK = re.compile(r"\bafter (?:talks|meetings|negotiations)\b", re.IGNORECASE)
_LEADERS = re.compile(
    r"\b(?:president|minister|premier|chancellor|leaders?|secretary|envoy|commissioner|king|"
    r"delegation|heads? of state|"
    r"foreign ministers|presidents|crown prince|emir|summit)\b",
    re.IGNORECASE,
)
_MEETING = re.compile(
    r"\b(?:summits?|state visits?|visits?|visited|visiting|meetings?|met|hosted|hosts|toured|"
    r"tour of|trip to)\b",
    re.IGNORECASE,
)
_CAPACITY = re.compile(
    r"\b(?:capacity|design|designed|able to|up to .* once|expected?|could|would|will)\b", re.IGNORECASE
)
PHASES = {
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "first": "1",
    "second": "2",
    "third": "3",
    "fourth": "4",
}
_ALL = re.compile(r"\b(?:countries|anyone|any country|nations|states|whoever|buyers|firms)\b")


_KIND = re.compile(
    r"\b(?:secondary )?(?:sanctions?|tariffs?|duties|embargo|export ban|blacklist\w*)\b", re.IGNORECASE
)


def event_frames(
    annotated: AnnotatedSentence, projects: list[ProjectMention], frames: list[Frame], gazetteer: Gazetteer
) -> list[Frame]:
    """Return the frames of a sentence that rest on a verb or noun, not on an amount, power or length.

    Args:
        annotated: The annotated sentence.
        projects: Its project mentions.
        frames: Frames of its amounts and sizes.
        gazetteer: Names of the region pack.
    """
    found: list[Frame] = []
    found += _flows(annotated, projects)
    found += _terms(annotated, frames)
    found += _trade(annotated, frames, gazetteer)
    found += _threats(annotated, gazetteer)
    found += _tenders(annotated, projects)
    if not frames and not found:
        found += _agreements(annotated, projects, gazetteer)
    if not frames and not any(item.claim_type in ("agreement", "deal", "policy_threat") for item in found):
        meetings = list(_meetings(annotated, gazetteer))
        if meetings:
            return [*found, *meetings]
    claimed = {frame.project.start for frame in (*frames, *found) if frame.project}
    found += _projects(annotated, projects, claimed, bool(frames or found), gazetteer)
    return found


def _flows(annotated: AnnotatedSentence, projects: list[ProjectMention]) -> Iterator[Frame]:
    """Yield goods transported and gas supplied."""
    gas = [item for item in annotated.quantities if item.kind == "gas"]
    if gas:
        clause = annotated.clause_text(gas[0].start)
        if not re.search(r"\bcapacity\b", clause) and lexicon.SUPPLY.search(annotated.text):
            yield Frame("gas_supply", gas[0].start, gas[0].end, topic=gas_topic(annotated), others=gas)
            return
        project = next(
            (
                item
                for item in reversed(projects)
                if item.end <= gas[0].start and not is_generic(item) and not item.is_anaphoric
            ),
            None,
        )
        if project is not None:
            yield Frame("project", gas[0].start, gas[0].end, project=project, others=gas)
        return
    goods = [item for item in annotated.quantities if _is_goods(item)]
    if (
        goods
        and lexicon.TRANSPORT.search(annotated.text)
        and not _CAPACITY.search(annotated.clause_text(goods[0].start))
    ):
        project = next(
            (item for item in projects if item.row),
            next((item for item in projects if item.is_anaphoric), None),
        )
        yield Frame(
            "transit_stat",
            goods[0].start,
            goods[0].end,
            project=project,
            topic=_port(annotated) if project is None else "",
            others=goods,
        )


def _port(annotated: AnnotatedSentence) -> str:
    """Return the place that handled the goods, or "transit"."""
    return next((item.text for item in annotated.mentions if item.kind == "place"), "transit")


def _is_goods(item: Quantity) -> bool:
    return item.kind in ("mass", "containers") or (
        item.kind == "count"
        and bool(re.fullmatch(r"(?:\w+ )?(?:containers|trains|wagons|trucks|teus?)", item.unit))
    )


def _terms(annotated: AnnotatedSentence, frames: list[Frame]) -> Iterator[Frame]:
    """Yield the terms of a loan, or shares of a capital, without an amount."""
    if any(frame.money for frame in frames):
        return
    figures = [item for item in annotated.quantities if item.kind in ("years", "share")]
    match = lexicon.LEND.search(annotated.text)
    if not figures or match is None or lexicon.DEBT_STRONG.search(annotated.text):
        return
    shares = [item for item in figures if item.kind == "share"]
    if lexicon.TERMS.search(annotated.text):
        yield Frame("finance_terms", match.start(), match.end(), others=figures)
    elif shares and re.search(r"\b(?:share capital|equity|stake|shares)\b", annotated.text):
        yield Frame("finance", match.start(), match.end(), others=figures)


def _trade(annotated: AnnotatedSentence, frames: list[Frame], gazetteer: Gazetteer) -> Iterator[Frame]:
    match = lexicon.TRADE_PARTNER.search(annotated.text)
    if (
        match
        and not any(frame.claim_type == "trade" for frame in frames)
        and outside_mentions(annotated, gazetteer.home)
    ):
        name = re.sub(r"^\w+'?s\s", "", match.group())
        yield Frame("trade", match.start(), match.end(), topic=name)


def _threats(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> Iterator[Frame]:
    match = lexicon.THREAT.search(annotated.text)
    if match is None or re.search(
        r"\b(?:under|despite|because of|amid|since|evad\w+|avoid\w*|circumvent\w*)\s(?:\w+\s)?$",
        annotated.text[: match.start()],
    ):
        return
    if not re.search(
        r"\b(?:threaten\w*|warn\w*|impos\w+|announc\w+|list(?:s|ed)|adopt\w+|slap\w*|put|set|"
        r"sanctioned|blacklisted|rais\w+|hit|"
        r"propos\w+|draft|brought|introduc\w+|levied|levy|extend\w*|named|placed)\b",
        annotated.text,
        re.IGNORECASE,
    ):
        return
    verb = re.search(r"\b(?:threaten\w*|warn\w*)\b", annotated.text, re.IGNORECASE)
    kind = _KIND.search(annotated.text, verb.end() if verb else 0) or _KIND.search(annotated.text)
    rest = annotated.text[match.start() :]
    about = re.search(r"\btrad(?:e|ing)(?: ties)? with ([A-Z]\w+)", annotated.text)
    aim = re.search(r"\b(?:on|against)\s(?:the\s)?((?:[A-Z]?[\w'’-]+\s?){1,4})", rest)
    topic = (kind.group().lower() if kind else "threat") + (
        f" on trade with {about[1]}" if about else f" on {aim[1].strip()}" if aim else ""
    )
    home = party_codes(home_mentions(annotated, gazetteer.home))
    wide = bool(_ALL.search(annotated.text)) or not home
    yield Frame(
        "policy_threat",
        match.start(),
        match.end(),
        topic=topic,
        recipients=gazetteer.world if wide and not home else home,
    )


def _agreements(
    annotated: AnnotatedSentence, projects: list[ProjectMention], gazetteer: Gazetteer
) -> Iterator[Frame]:
    """Yield an agreement signed, without a figure."""
    paper, verb = lexicon.AGREEMENT_DOCUMENT.search(annotated.text), lexicon.SIGNED.search(annotated.text)
    if paper is not None and verb is None and annotated.text.startswith("- "):
        verb = paper
    if paper is None or verb is None or _WEAK.search(annotated.text[: verb.start()]):
        return
    outside = outside_mentions(annotated, gazetteer.home)
    if not outside and not home_mentions(annotated, gazetteer.home):
        return
    named = [
        item
        for item in projects
        if not item.is_anaphoric and not is_generic(item) and not item.is_plural and item.sector != "corridor"
    ]
    if lexicon.SUSPENDED.search(annotated.text) and named:
        return
    if named:
        yield Frame("deal", verb.start(), verb.end(), project=named[0])
        return
    corridor = next((item for item in projects if item.sector == "corridor"), None)
    topic = "" if corridor else topic_of(annotated, paper.end())
    if not corridor and not topic and re.search(r"\bgas\b", annotated.text):
        topic = gas_topic(annotated)
    yield Frame("agreement", verb.start(), verb.end(), project=corridor, topic=topic)


def _tenders(annotated: AnnotatedSentence, projects: list[ProjectMention]) -> Iterator[Frame]:
    match = re.search(
        r"\b(?:(?:won|awarded|given) (?:the |a )?(?:tender|contract)|"
        r"(?:was |were )?(?:chosen|selected|picked))\b",
        annotated.text,
    )
    low, high = annotated.clause_span(match.start()) if match else (0, 0)
    if match is None or any(
        low <= item.start < high and item.kind == "money" for item in annotated.quantities
    ):
        return
    project = next((item for item in projects if low <= item.start < high and not item.is_anaphoric), None)
    phase = re.search(r"\bphase (\w+)|\b(\w+) phase\b", annotated.text[match.end() : high])
    before = next((item for item in projects if item.end <= match.start() and "phase" in item.label), None)
    status: Status = "announced"
    if project is None and phase and before:
        number = PHASES.get((phase[1] or phase[2]).lower(), phase[1] or phase[2])
        label = re.sub(r"phase \w+", f"phase {number}", before.label)
        project = replace(before, label=label, row="")
    yield Frame("deal", match.start(), match.end(), project=project, status=status)


def _projects(
    annotated: AnnotatedSentence,
    projects: list[ProjectMention],
    claimed: set[int],
    has_claims: bool,
    gazetteer: Gazetteer,
) -> Iterator[Frame]:
    """Yield projects started, opened, planned or proposed."""
    outside = outside_mentions(annotated, gazetteer.home)
    firms = [item for item in annotated.mentions if item.kind == "company"]
    rows = {project.row for project in projects if project.start in claimed and project.row}
    for project in projects:
        if project.start in claimed or (project.row and project.row in rows) or is_generic(project):
            continue
        clause = annotated.clause_text(project.start)
        verb = (
            lexicon.BUILD.search(clause)
            or lexicon.BUILD.search(annotated.text)
            or lexicon.INTEREST.search(clause)
        )
        if verb is None or (has_claims and not _has_own_clause(annotated, project, projects, claimed)):
            continue
        if project.is_anaphoric or (
            project.sector == "corridor"
            and not (lexicon.BUILD.search(clause) or lexicon.INTEREST.search(clause))
        ):
            continue
        if (
            project.is_plural
            and not firms
            and not (outside and re.search(r"\b(?:newly )?(?:planned|proposed)\b", clause))
        ):
            continue
        if not project.row and not (outside or firms or home_mentions(annotated, gazetteer.home)):
            continue
        if not project.row and not project.is_plural and not re.search(r"[A-Z]", project.label):
            continue
        claimed.add(project.start)
        rows.add(project.row)
        yield Frame("project", project.start, project.end, project=project)
    if not has_claims and not any(not item.is_anaphoric for item in projects):
        yield from _anaphoric_projects(annotated, projects)


def _anaphoric_projects(annotated: AnnotatedSentence, projects: list[ProjectMention]) -> Iterator[Frame]:
    """Yield work started or completed on the project of the context: "Work began on 27 December"."""
    started = re.search(
        r"\b(?:works?|construction|building|operations?|"
        r"commercial service)\s(?:\w+\s){0,2}?(?:began|started|starts|begins|resumed|stopped|"
        r"is due|"
        r"is to start|will (?:start|begin)|has (?:begun|started))\b|\b(?:broke ground|ground was broken)\b",
        annotated.text,
        re.IGNORECASE,
    )
    reported = (
        projects
        and annotated.dates
        and (
            lexicon.BUILD.search(annotated.text)
            or lexicon.SUSPENDED.search(annotated.text)
            or lexicon.CANCELLED.search(annotated.text)
        )
    )
    if started or reported:
        match = started or lexicon.BUILD.search(annotated.text)
        span = (match.start(), match.end()) if match else (0, len(annotated.text))
        yield Frame("project", *span, project=None, others=[])


def _has_own_clause(
    annotated: AnnotatedSentence, project: ProjectMention, projects: list[ProjectMention], claimed: set[int]
) -> bool:
    """Return whether a project is in a clause of its own, apart from projects that have a claim."""
    low, high = annotated.clause_span(project.start)
    return (
        not any(low <= item.start < high for item in projects if item.start in claimed)
        and bool(lexicon.BUILD.search(annotated.text[low:high]) or low > 0)
        and not any(low <= q.start < high for q in annotated.quantities if q.kind == "money")
    )


def _meetings(annotated: AnnotatedSentence, gazetteer: Gazetteer) -> Iterator[Frame]:
    match = _MEETING.search(annotated.text)
    if match is None or _PAST_TALK.search(annotated.text):
        return
    outside = outside_mentions(annotated, gazetteer.home)
    homes: list[Mention] = home_mentions(annotated, gazetteer.home)
    people = any(item.kind == "person" for item in annotated.mentions) or bool(
        _LEADERS.search(annotated.text)
    )
    if not people or not (outside or homes):
        return
    if not outside and not re.search(r"\bsummit\b", annotated.text, re.IGNORECASE):
        return
    name = event_name(annotated, match)
    if name:
        yield Frame("visit_summit", match.start(), match.end(), topic=name)
