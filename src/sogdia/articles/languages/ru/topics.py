"""Subjects of claims without a work, in the language ru: a purpose, a document, a commodity, a visit."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from sogdia.articles.gazetteer import Mention
from sogdia.articles.languages.ru.lexicon import Word, plain, rows_of, stem_in
from sogdia.articles.languages.ru.phrases import closed_words, complement_end, is_adjective

_SHORT = 3
"""Letters up to which a word after the subject is a preposition."""
_OWN_SUBJECT: Mapping[str, str] = {
    "trade": "trade", "aggregate_investment": "aggregate",
    "visit_summit": "visit", "policy_threat": "threat",
    "agreement": "document contract", "deal": "contract",
}  # fmt: skip
"""Classes of the nouns that name the subject of a claim without a work."""
_OF_DOCUMENT = frozenset(("agreement", "deal", "finance"))
_ABOUT = frozenset(("о", "об", "обо", "по"))
_FOR = frozenset(("на", "для", "под", "в"))
_NO_PURPOSE = re.compile(
    r"(?:сумм|срок|услови|цел|процент|баз|рамк|основ|случа|размер|год|счет|момент|территори|долл|стран|прошл|нынешн|текущ|конец|начал|сторон|настоящ)"
)
_REFERS = re.compile(r"проект|объект|реализаци|работ|подготовк|сооружени|программ")
_ACTION = re.compile(r"(?P<stem>\w{3,}(?:ни|ци|ти|си))(?:е|я|ю|и|ем|ей)$")
_MAKING = re.compile(
    r"строительств|ремонт|прокладк|достройк|реконструкци|модернизаци|завершени|финансировани|расширени|возведени"
)
"""Nouns of making, which without a complement refer to the last work."""
_BODY = re.compile(r"[А-ЯЁ][\w-]+")
_NOT_IN_PURPOSE = frozenset(("country", "lender", "company", "demonym"))
_VISITOR = re.compile(r"[А-ЯЁ][а-яё-]+(?:\s[А-ЯЁ][а-яё-]+)+")


@cache
def _lemmas() -> Mapping[str, str]:
    return {plain(row["stem"]): row["lemma"] for row in rows_of("nouns.csv") if row["lemma"]}


def topic_of(claim_type: str, words: Sequence[Word], mentions: Sequence[Mention], text: str,
             dated: Sequence[tuple[int, int]], position: int) -> str:  # fmt: skip
    """Return the words that name the subject of a claim without a work; empty without any.

    Args:
        claim_type: Its type.
        words: Words of the sentence.
        mentions: Names in it.
        text: The sentence.
        dated: Spans of its dates.
        position: Start of the evidence of the claim.
    """
    if claim_type == "visit_summit" and (name := _visit(words, mentions, text)):
        return name
    if claim_type in _OF_DOCUMENT:
        found = _purpose(claim_type, words, mentions, text, dated, position)
        if found or claim_type == "finance":
            return found
    return _noun(claim_type, words, dated)


def _visit(words: Sequence[Word], mentions: Sequence[Mention], text: str) -> str:
    """Return "visit of NAME" for the person who travels."""
    if any(plain(word.text).startswith(("саммит", "встреч", "переговор")) for word in words):
        return ""
    taken = {item.start for item in mentions if item.kind != "person"}
    verb = next((word.start for word in words if "visit" in word.classes and word.tense), len(text))
    found = [match for match in _VISITOR.finditer(text) if match.start() not in taken and match.start() > 0]
    before = [match for match in found if match.start() < verb]
    for match in (before[-1:] or found[:1]) if found else list(_VISITOR.finditer(text[:verb]))[:1]:
        parts = match.group().split()
        name = parts[-1] if len(parts) < 2 or len(parts[0]) > 2 else " ".join(parts)
        return f"визит {name}{'а' if re.search('[бвгджзклмнпрстфхцчшщ]$', name) else ''}"
    return ""


def _purpose(
    claim_type: str, words: Sequence[Word], mentions: Sequence[Mention], text: str,
    dated: Sequence[tuple[int, int]], position: int,
) -> str:  # fmt: skip
    """Return what a loan or document is for: "развитие здравоохранения" of "кредит на развитие …"."""
    openers = _FOR if claim_type == "finance" else _ABOUT
    best: tuple[int, str] | None = None
    for index, word in enumerate(words[:-1]):
        if plain(word.text) not in openers or any(low <= word.start < high for low, high in dated):
            continue
        if claim_type != "finance" and not _follows_document(words, index):
            continue
        found = _phrase(words, index + 1, mentions, text, dated)
        if found and (plain(word.text) != "в" or claim_type != "finance"):
            distance = abs(word.start - position)
            if best is None or distance < best[0]:
                best = distance, found
    return best[1] if best else ""


def _follows_document(words: Sequence[Word], index: int) -> bool:
    near = words[max(0, index - 3) : index]
    return any(word.classes & {"document", "contract", "sign", "agree"} for word in near)


def _phrase(
    words: Sequence[Word], first: int, mentions: Sequence[Mention], text: str,
    dated: Sequence[tuple[int, int]],
) -> str:  # fmt: skip
    """Return the noun phrase that begins at a word, with a name after it; empty if there is none."""
    at = first
    while at < len(words) and is_adjective(words[at].text) and not _ACTION.fullmatch(plain(words[at].text)):
        if plain(words[at].text) in closed_words() or _NO_PURPOSE.match(plain(words[at].text)):
            return ""
        at += 1
    if at >= len(words):
        return ""
    head = words[at]
    form = plain(head.text)
    is_dated = any(low <= head.start < high for low, high in dated)
    if (
        form in closed_words() or _NO_PURPOSE.match(form) or is_dated or head.tense or len(form) < 4
        or head.text[0].isupper() or re.search(r"[^\s,]", text[words[first - 1].end : words[first].start])
    ):  # fmt: skip
        return ""
    last = complement_end(words, at + 1, text)
    end = words[last - 1].end
    action = _ACTION.fullmatch(form)
    is_bare = complement_end(words, at + 1, text) == at + 1 and at == first
    if _REFERS.match(form) or (_MAKING.match(form) and is_bare and not _BODY.match(text[head.end + 1 :])):
        return ""
    name = head.text
    if action:
        name = action["stem"] + ("е" if action["stem"].endswith(("ни", "ти")) else "я")
    elif form.endswith(("у", "ю")):
        name = name[:-1] + ("а" if form.endswith("у") else "я")
    before = text[words[first].start : head.start]
    tail = re.match(
        r"(?:\s(?:в|на)\s(?:[а-яё]+\s)?[А-ЯЁ][\w-]+(?:\s(?:области|районе))?|\s[А-ЯЁ][\w-]+(?:\s(?:области|района))?|\s[«\"][^»\"]{2,40}[»\"])+",
        text[end:],
    )
    rest = tail.group() if tail else ""
    blocked = [item for item in mentions if item.kind in _NOT_IN_PURPOSE]
    cut = min((item.start for item in blocked if end <= item.start < end + len(rest)), default=None)
    if cut is not None:
        rest = re.sub(r"\s(?:в|на)?\s?$", "", text[end:cut])
    return f"{before}{name}{text[head.end : end]}{rest}".strip()


def _noun(claim_type: str, words: Sequence[Word], dated: Sequence[tuple[int, int]]) -> str:
    """Return the noun that names the subject, in the nominative, with the word after it."""
    if claim_type == "transit_stat":
        return ""
    if claim_type == "gas_supply":
        return (
            "экспорт газа"
            if any(plain(word.text).startswith("экспорт") for word in words)
            else "поставки газа"
        )
    if claim_type == "remittances":
        is_money = any(plain(word.text).startswith("денежн") for word in words)
        return "денежные переводы" if is_money else "переводы мигрантов"
    subject = _OWN_SUBJECT.get(claim_type, "").split()
    for name in (subject, ["commodity", "gas"]) if claim_type == "trade" else (subject,):
        if found := _first_noun(frozenset(name), words, dated):
            return found
    return ""


def _first_noun(
    nouns: frozenset[str], words: Sequence[Word], dated: Sequence[tuple[int, int]]
) -> str:  # fmt: skip
    for index, (word, after) in enumerate(zip(words, (*words[1:], None), strict=True)):
        lemma = stem_in(plain(word.text), _lemmas())
        if not word.classes & nouns or word.tense or not lemma:
            continue
        is_added = (
            after is not None and after.text[0].islower() and not after.tense and len(after.text) > _SHORT
            and plain(after.text) not in closed_words() and " " not in lemma
            and not any(low <= after.start < high for low, high in dated)
        )  # fmt: skip
        before = (
            words[index - 1].text.lower()
            if index and plain(words[index - 1].text).startswith(("двусторонн", "взаимн"))
            else ""
        )
        name = f"{before} {lemma}".strip()
        return f"{name} {after.text}" if is_added and after else name
    return ""
