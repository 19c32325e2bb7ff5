"""Find the predicates of a sentence: verbs, nouns and adjectives of the frame table, with tense and voice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sogdia.articles.gazetteer import fold
from sogdia.articles.grammar.annotations import AnnotatedSentence
from sogdia.articles.grammar.frame_table import FormKind, FrameType, Part, WordForm, word_forms

Stage = Literal["done", "now", "going", "ahead", "infinitive", "gerund", "denied", "noun"]
"""How an act is presented; an infinitive or gerund takes its status from the word that governs it."""

_TOKEN = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*(?:'(?!\w))?|\S")
_GAP = 8


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MODALS = _words(
    """
    will would shall should may might can could must ll won't wouldn't cannot
    """
)
_BE = _words(
    """
    is are was were be been being isn't aren't wasn't weren't
    """
)
_HAVE = _words(
    """
    has have had having hasn't haven't hadn't
    """
)
_DO = _words(
    """
    do does did don't doesn't didn't
    """
)
_NEGATION = _words(
    """
    not never no neither nor hardly
    """
)
_ADVERBS = _words(
    """
    also already just now soon then since still again yet both all jointly even once first recently
    ever so far finally separately however itself themselves instead
    """
)
_AUXILIARIES = _MODALS | _BE | _HAVE | _DO | _NEGATION | _ADVERBS | {"to"}
_DETERMINERS = _words(
    """
    a an the this that these those its their his her our any some another no each every first second
    third  fourth new further such two three four five six seven eight nine ten several many more most
    other largest  main total joint final next last own whole fresh big large small long old main key
    """
)
_PREPOSITIONS = _words(
    """
    of in on for with by from at under over into through after before during without against about as
    between among per towards toward despite via since until till within across along near worth on
    following including
    """
)
_ADJECTIVE = re.compile(r".*(?:al|ic|ive|ous|ful|able|ible|ary|ese|ian|ish|ern|ean|less|ly|an|term)$")
_PRONOUNS = _words(
    """
    it they we he she who which that you i both
    """
)


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
        found.append(_predicate(tokens, index, last, form, annotated))
        index += form.words.index("...") if "..." in form.words else last - index + 1
    return _governed(found, tokens)


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
        return not (has_noun and before in _DETERMINERS)
    in_noun_position = _is_noun_position(tokens, index)
    if kind == "ing":
        return not has_noun or not (in_noun_position or (after is not None and after.text in ("of", "from")))
    if _follows_auxiliary(tokens, index):
        return True
    if in_noun_position or before in _BE:
        return False
    opens_object = after is not None and (after.is_name or after.text in _DETERMINERS or after.text == "$")
    if kind == "s":
        return not has_noun or opens_object or follows_name
    if before == "and" and any(
        token.text in _MODALS | {"to"} for token in tokens[max(0, index - 12) : index]
    ):
        return not has_noun or opens_object
    return before in _PRONOUNS or (before.endswith("s") and (opens_object or not has_noun)) or (
        before in ("and", "or") and opens_object
    )  # fmt: skip


def _follows_auxiliary(tokens: list[Token], index: int) -> bool:
    """Return whether a modal verb, a form of "do" or "to" comes before a word, adverbs apart."""
    while index and (tokens[index - 1].text in _ADVERBS or tokens[index - 1].text.endswith("ly")):
        index -= 1
    return index > 0 and tokens[index - 1].text in _MODALS | _DO | {"to"}


def _is_noun_position(tokens: list[Token], index: int) -> bool:
    if index == 0:
        return False
    before = tokens[index - 1]
    if before.is_name:
        return before.text.endswith("'s")
    return (
        before.text in _DETERMINERS
        or before.text in _PREPOSITIONS
        or before.text.endswith(("'s", "s'"))
        or bool(_ADJECTIVE.match(before.text) and before.text not in _AUXILIARIES)
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
            or [tokens[first - 1].text, tokens[first].text] == ["about", "to"]
        )
    ):
        first -= 1
    words = [token.text for token in tokens[first:index]]
    while words and words[0] in _ADVERBS - {"yet"}:
        words.pop(0)
        first += 1
    if any(token.text in ("no", "none", "neither") for token in tokens[max(0, first - 4) : first]) or (
        [token.text for token in tokens[max(0, first - 3) : first]][:2] == ["not", "one"]
    ):
        words.append("not")
    stage, is_passive = _stage(words, form.kind if form.part == "verb" else "ed")
    if form.part == "adjective":
        return replace(base, stage="denied" if stage == "denied" else "now", group_start=tokens[first].start)
    if stage == "done" and not words and form.kind in ("ed", "participle"):
        is_passive = form.kind == "participle" or _is_reduced(tokens, index, last, annotated)
    return replace(base, stage=stage, is_passive=is_passive, group_start=tokens[first].start)


def _is_auxiliary(word: str) -> bool:
    return word in _AUXILIARIES or (word.endswith("ly") and len(word) > 4)


def _stage(words: list[str], kind: FormKind) -> tuple[Stage, bool]:
    """Return stage and voice of a verb from its auxiliaries and its form."""
    known = set(words)
    is_participle = kind in ("ed", "participle")
    is_passive = is_participle and bool(known & _BE)
    if known & _NEGATION or any(word.endswith("n't") for word in words) or ({"yet", "to"} <= known):
        return "denied", is_passive
    if "to" in known:
        before = set(words[: words.index("to")])
        return ("ahead" if before & (_BE | _HAVE | _MODALS) else "infinitive"), is_passive
    if known & _MODALS:
        return "ahead", is_passive
    if kind == "ing":
        return ("going" if known & _BE else "gerund"), False
    if known & _BE and is_participle and not known & _HAVE:
        if "being" in known:
            return "going", True
        return ("done" if known & {"was", "were"} else "now"), True
    if known & _HAVE or kind in ("past", "ed", "participle"):
        return "done", is_passive
    return "now", False


def _is_reduced(tokens: list[Token], index: int, last: int, annotated: AnnotatedSentence) -> bool:
    """Return whether a bare participle follows its noun: "the plant built by", "a loan signed in May"."""
    after = tokens[last + 1].text if last + 1 < len(tokens) else ""
    if after == "by":
        return True
    if index and tokens[index - 1].text in _DETERMINERS:
        return True
    ends = {item.end for item in annotated.projects}
    ends |= {item.end for item in annotated.quantities if item.kind == "money"}
    thing = index and tokens[index - 1].end in ends
    noun = index and any(form.part == "noun" for form in word_forms().get(tokens[index - 1].text, ()))
    return bool((thing or noun) and (after in _PREPOSITIONS or after in (",", ".", ";", "")))


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
