"""Find the predicates of a sentence: verbs, nouns and adjectives of the frame table, with tense and voice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sogdia.articles.gazetteer import fold
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frame_table import FormKind, FrameType, Part, WordForm, frame_types, word_forms
from sogdia.articles.grammar.function_words import (
    ADJECTIVE,
    ADVERBS,
    AUXILIARIES,
    BE,
    COUNTERFACTUAL,
    DETERMINERS,
    DO,
    HAVE,
    MODALS,
    NEGATION,
    PREPOSITIONS,
    PRONOUNS,
)

Stage = Literal["done", "now", "going", "ahead", "infinitive", "gerund", "denied", "noun"]
"""How an act is presented; an infinitive or gerund takes its status from the word that governs it."""

_TOKEN = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*(?:'(?!\w))?|\S")
_DEFERRED = re.compile(
    r"[^.;,]{0,60}?\b(?:before|until|till|earlier|yet|this year|this month|unless|by\s\d|in\s\d{4})\b",
    re.IGNORECASE,
)
_GAP = 8
_COMPLETE = 100
_SUBJECT = 12


@dataclass(frozen=True, slots=True)
class Token:
    """A word or sign of a sentence.

    Attributes:
        text: In lower case, without accents.
        start: Start in the sentence.
        end: End in the sentence.
        is_name: Whether it is part of a name, a figure or a date.
    """

    text: str
    start: int
    end: int
    is_name: bool


@dataclass(frozen=True, slots=True)
class Predicate:
    """A word of the frame table in a sentence.

    Attributes:
        lemma: Its lemma.
        frame: Its frame.
        part: Part of speech.
        start: Start in the sentence.
        end: End in the sentence.
        stage: How the act is presented.
        is_passive: Whether its subject is the thing acted on.
        group_start: Start of its auxiliaries.
        governor: Number of the predicate that governs it in the list of the sentence; -1 for none.
        is_refused: Whether a denied act is one that will not be done, not one that is still open.
    """

    lemma: str
    frame: FrameType
    part: Part
    start: int
    end: int
    stage: Stage
    is_passive: bool = False
    group_start: int = 0
    governor: int = -1
    is_refused: bool = False


def tokens_of(annotated: AnnotatedSentence) -> list[Token]:
    """Return the tokens of a sentence; those of names, figures and dates are marked.

    Args:
        annotated: The annotated sentence.
    """
    hidden = [(item.start, item.end) for item in annotated.mentions if item.kind != "demonym"]
    hidden += [(item.start, item.end) for item in annotated.projects]
    hidden += [(item.start, item.end) for item in annotated.quantities if item.kind != "count"]
    hidden += [(item.start, item.end) for item in annotated.dates]
    marked = bytearray(len(annotated.text) + 1)
    for start, end in hidden:
        marked[start:end] = b"\x01" * (end - start)
    return [
        Token(_lower(match.group()), match.start(), match.end(), bool(marked[match.start()]))
        for match in _TOKEN.finditer(fold(annotated.text))
    ]


def _lower(word: str) -> str:
    """Return a word in lower case, except the month that is spelled as a modal verb."""
    return word if word == "May" else word.lower()


def find_predicates(annotated: AnnotatedSentence) -> list[Predicate]:
    """Return the predicates of a sentence in order, each with the predicate that governs it.

    Args:
        annotated: The annotated sentence.
    """
    tokens = tokens_of(annotated)
    forms = word_forms()
    found: list[Predicate] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        if token.is_name or token.text not in forms:
            index += 1
            continue
        chosen = _chosen(tokens, index, forms[token.text])
        if chosen is None:
            index += 1
            continue
        form, last = chosen
        found.append(_in_part(_predicate(tokens, index, last, form, annotated), annotated))
        index += form.words.index("...") if "..." in form.words else last - index + 1
    return _governed(found, tokens)


def _in_part(item: Predicate, annotated: AnnotatedSentence) -> Predicate:
    """Return an act of finishing as one under way if a share goes with it: "58 percent complete"."""
    if item.frame.name not in ("open", "build") or item.part == "noun":
        return item
    text = annotated.text
    for share in annotated.quantities:
        is_partial = share.kind == "share" and share.value < _COMPLETE
        before = text[share.end : item.start]
        is_ahead = share.end <= item.start and re.fullmatch(
            r"[\s-]+(?:of the works? (?:is|are|was|were) )?", before
        )
        follows = share.start >= item.end and re.fullmatch(
            r"\s(?:about |some |nearly |over )?", text[item.end : share.start]
        )
        if is_partial and (is_ahead or follows):
            stage: Stage = item.stage if item.stage in ("ahead", "denied") else "now"
            return replace(item, frame=frame_types()["progress"], stage=stage)
    return item


def _chosen(tokens: list[Token], index: int, forms: Sequence[WordForm]) -> tuple[WordForm, int] | None:
    """Return the longest form that begins at a token and fits its position, with the last token of it."""
    fitting = [(form, last) for form in forms if (last := _last_token(tokens, index, form.words)) is not None]
    if not fitting:
        return None
    longest = max(len(form.words) for form, _ in fitting)
    fitting = [(form, last) for form, last in fitting if len(form.words) == longest]
    others = [item for item in fitting if item[0].part != "verb"]
    for form, last in fitting:
        if form.part == "verb" and _is_verb(tokens, index, last, form.kind, has_noun=bool(others)):
            return form, last
    return others[0] if others else None


def _last_token(tokens: list[Token], index: int, words: tuple[str, ...]) -> int | None:
    position, number = index, 0
    while number < len(words):
        if words[number] == "...":
            rest = words[number + 1 :]
            for start in range(position, min(position + _GAP, len(tokens))):
                if tuple(token.text for token in tokens[start : start + len(rest)]) == rest:
                    return start + len(rest) - 1
            return None
        if position >= len(tokens) or tokens[position].text != words[number]:
            return None
        if number and tokens[position].is_name:
            return None
        position, number = position + 1, number + 1
    return position - 1


def _is_verb(tokens: list[Token], index: int, last: int, kind: FormKind, *, has_noun: bool) -> bool:
    """Return whether a form that may be a verb is one in its position, by the words next to it."""
    before = tokens[index - 1].text if index and not tokens[index - 1].is_name else ""
    follows_name = index > 0 and tokens[index - 1].is_name and not tokens[index - 1].text.endswith("'s")
    after = tokens[last + 1] if last + 1 < len(tokens) else None
    if kind in ("past", "participle", "ed"):
        return not (has_noun and before in DETERMINERS)
    in_noun_position = _is_noun_position(tokens, index)
    if kind == "ing":
        return not has_noun or not (in_noun_position or (after is not None and after.text in ("of", "from")))
    if _follows_auxiliary(tokens, index):
        return True
    if in_noun_position or before in BE:
        return False
    opens_object = after is not None and (after.is_name or after.text in DETERMINERS or after.text == "$")
    if kind == "s":
        return not has_noun or opens_object or follows_name
    if before == "and" and any(token.text in MODALS | {"to"} for token in tokens[max(0, index - 12) : index]):
        return not has_noun or opens_object
    return before in PRONOUNS or (before.endswith("s") and (opens_object or not has_noun)) or (
        before in ("and", "or") and opens_object
    )  # fmt: skip


def _follows_auxiliary(tokens: list[Token], index: int) -> bool:
    """Return whether a modal verb, a form of "do" or "to" comes before a word, adverbs and negation apart."""
    while index and (tokens[index - 1].text in ADVERBS | NEGATION or tokens[index - 1].text.endswith("ly")):
        index -= 1
    return index > 0 and tokens[index - 1].text in MODALS | DO | {"to"}


def _is_noun_position(tokens: list[Token], index: int) -> bool:
    if index == 0:
        return False
    before = tokens[index - 1]
    if before.is_name:
        return before.text.endswith("'s")
    if before.text == "each" and index > 1 and tokens[index - 2].text in BE | HAVE | MODALS:
        return False
    return (
        before.text in DETERMINERS
        or before.text in PREPOSITIONS
        or before.text.endswith(("'s", "s'"))
        or bool(ADJECTIVE.match(before.text) and before.text not in AUXILIARIES)
    )


def _predicate(
    tokens: list[Token], index: int, last: int, form: WordForm, annotated: AnnotatedSentence
) -> Predicate:
    end = tokens[last].end if "..." not in form.words else tokens[index].end
    base = Predicate(
        form.lemma, form.frame, form.part, tokens[index].start, end, "noun", group_start=tokens[index].start
    )
    if form.part == "noun":
        return base
    first = index
    while (
        first
        and not tokens[first - 1].is_name
        and (
            _is_auxiliary(tokens[first - 1].text)
            or [tokens[first - 1].text, tokens[first].text] in (["about", "to"], ["going", "to"])
        )
    ):
        first -= 1
    words = [token.text for token in tokens[first:index]]
    while words and words[0] in ADVERBS - {"yet"}:
        words.pop(0)
        first += 1
    if (
        any(token.text in ("no", "none", "neither") for token in tokens[max(0, first - 4) : first])
        or ([token.text for token in tokens[max(0, first - 3) : first]][:2] == ["not", "one"])
        or (form.part == "verb" and words and _has_negative_subject(tokens, first))
    ):
        words.append("not")
    stage, is_passive = _stage(words, form.kind if form.part == "verb" else "ed")
    if form.part == "adjective":
        return replace(base, stage="denied" if stage == "denied" else "now", group_start=tokens[first].start)
    if stage == "done" and not words and form.kind in ("ed", "participle"):
        is_passive = form.kind == "participle" or _is_reduced(tokens, index, last, annotated)
    return replace(
        base, stage=stage, is_passive=is_passive, group_start=tokens[first].start,
        is_refused=stage == "denied" and _is_refused(words, annotated.text[end:]),
    )  # fmt: skip


def _is_refused(words: list[str], rest: str) -> bool:
    """Return whether an act will not be done at all: "will not lend", but not "will not open before 2027"."""
    is_will = bool({"will", "shall", "won't", "going"} & set(words))
    return is_will and not _DEFERRED.match(rest)


def _has_negative_subject(tokens: list[Token], first: int) -> bool:
    """Return whether the subject before a verb is denied: "No loan for the airport has been signed"."""
    for index in range(first - 1, max(-1, first - _SUBJECT), -1):
        word = tokens[index].text
        if word in ("no", "none", "neither", "nobody"):
            opens = index == 0 or tokens[index - 1].text in (",", ";", "-", "–", "—", "and", "but", "that")
            return opens and (word != "nobody" or first - index == 1)
        if word in (",", ";", ":", "which", "that", "who"):
            return False
    return False


def _is_auxiliary(word: str) -> bool:
    return word in AUXILIARIES or (word.endswith("ly") and len(word) > 4)


def _stage(words: list[str], kind: FormKind) -> tuple[Stage, bool]:
    """Return stage and voice of a verb from its auxiliaries and its form."""
    known = set(words)
    is_participle = kind in ("ed", "participle")
    is_passive = is_participle and bool(known & BE)
    if known & NEGATION or any(word.endswith("n't") for word in words) or ({"yet", "to"} <= known):
        return "denied", is_passive
    if "to" in known:
        before = set(words[: words.index("to")])
        return ("ahead" if before & (BE | HAVE | MODALS) else "infinitive"), is_passive
    if known & COUNTERFACTUAL and "have" in known and is_participle:
        return "denied", is_passive
    if known & MODALS:
        return "ahead", is_passive
    if kind == "ing":
        return ("going" if known & BE else "gerund"), False
    if known & BE and is_participle and not known & HAVE:
        if "being" in known:
            return "going", True
        return ("done" if known & {"was", "were"} else "now"), True
    if known & HAVE or kind in ("past", "ed", "participle"):
        return "done", is_passive
    return "now", False


def _is_reduced(tokens: list[Token], index: int, last: int, annotated: AnnotatedSentence) -> bool:
    """Return whether a bare participle follows its noun: "the plant built by", "a loan signed in May"."""
    after = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if after == "by":
        return True
    if index and tokens[index - 1].text in DETERMINERS:
        return True
    ends = {item.end for item in annotated.projects}
    ends |= {item.end for item in annotated.quantities if item.kind == "money"}
    thing = index and tokens[index - 1].end in ends
    noun = index and any(form.part == "noun" for form in word_forms().get(tokens[index - 1].text, ()))
    return bool((thing or noun) and (after in PREPOSITIONS or after in (",", ".", ";", "")))


def _governed(found: list[Predicate], tokens: list[Token]) -> list[Predicate]:
    """Return predicates with the governor of each infinitive and gerund: the predicate before it."""
    out: list[Predicate] = []
    for number, item in enumerate(found):
        governor = -1
        if item.stage in ("infinitive", "gerund") and number:
            previous = number - 1
            if previous and found[previous].part == "adjective" and not found[previous].frame.complement:
                previous -= 1
            before = found[previous]
            between = [token for token in tokens if before.end <= token.start < item.group_start]
            limit = 9 if item.stage == "infinitive" else 3
            if len(between) <= limit and not any(token.text in (";", ":") for token in between):
                governor = previous
        if item.part == "verb" and item.stage == "now" and out and _continues(out[-1], item, tokens):
            out.append(replace(item, stage=out[-1].stage, governor=out[-1].governor))
            continue
        out.append(replace(item, governor=governor))
    return out


def _continues(before: Predicate, item: Predicate, tokens: list[Token]) -> bool:
    """Return whether a verb goes on with the auxiliary of the one before it: "will open and cost"."""
    between = [token.text for token in tokens if before.end <= token.start < item.start]
    is_bare = any(token.start == item.start and token.text == item.lemma.split()[0] for token in tokens)
    return before.stage in ("ahead", "infinitive") and is_bare and between[-1:] == ["and"]
