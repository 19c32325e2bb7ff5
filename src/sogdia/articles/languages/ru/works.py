"""Works in sentences of the language ru: plants, lines, ports; linked to the pack by the names of places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from sogdia.articles.gazetteer import Gazetteer, KnownProject, Mention
from sogdia.articles.grammar.project_mentions import ProjectMention, sector_of
from sogdia.articles.languages.ru.lexicon import Word, plain, sector_of_adjective
from sogdia.articles.languages.ru.names import skeleton, skeletons

_ADJECTIVE = re.compile(r"(?:ый|ий|ой|ая|яя|ое|ее|ые|ие|ого|его|ому|ему|ым|им|ом|ем|ую|юю|ых|их|ыми|ими)$")
_TAIL = re.compile(
    r"(?:\s?(?:[«\"][^«»\"]{2,40}[»\"]|№\s?\d+|[А-ЯЁ][\w-]*(?:\s?[—–-]\s?[А-ЯЁ][\w-]*)+|[А-ЯЁ][а-яё][\w-]*|"
    r"(?:в|во|на|до|близ)\s(?:порту\s)?[А-ЯЁ][\w-]+(?:\s(?:области|районе|регионе|крае))?))+"
)
_CHAIN = re.compile(r"\s?[—–-]\s?")
_PLACED = re.compile(
    r"\s(?:мощностью|протяж[её]нностью|длиной)\s[^,.;]{2,20}?(?:МВт|ГВт|км|километр\w*)\s"
    r"(?P<place>(?:в|на|до|близ)\s[А-ЯЁ][\w-]+(?:\s(?:области|районе|регионе|крае))?)"
)
"""A size between a work and its place."""
_PLURAL = re.compile(r"(?:ых|их|ые|ие|ыми|ими)$")
_LINKED = frozenset(("hydro", "nuclear", "solar", "wind", "rail", "road", "gas", "grid"))
"""Sectors in which a name of a place identifies a project; a port may have several terminals."""
_MOST_ADJECTIVES = 3
_NEW = re.compile(r"(?:\bвтор\w+|\bтреть\w+|\bещё\b|\bеще\b|\bнов\w+|\bдруг\w+)\s(?:\w+\s)?$", re.IGNORECASE)
_PROJECT = re.compile(r"проект\w{0,3}", re.IGNORECASE)
_COMMON = frozenset(
    ("power", "plant", "wind", "farm", "solar", "railway", "road", "line", "station", "region")
)


def find_works(
    text: str, words: Sequence[Word], mentions: Sequence[Mention], gazetteer: Gazetteer
) -> list[ProjectMention]:
    """Return the works of a sentence in order; one without a name or place may refer to an earlier one.

    Args:
        text: The sentence.
        words: Its words.
        mentions: Names in it.
        gazetteer: Names of the region pack.
    """
    found: list[ProjectMention] = []
    for index, word in enumerate(words):
        if found and word.start < found[-1].end:
            continue
        if word.sector and not _is_adjective(word.text) and not _is_in_name(word, mentions):
            found.append(_work(text, words, index, mentions, gazetteer))
        elif _PROJECT.fullmatch(word.text):
            found.append(ProjectMention(word.text, "", word.start, word.end, is_anaphoric=True))
    named = [item for item in found if not _PROJECT.fullmatch(item.label)]
    return named or found[:1]


def _is_adjective(text: str) -> bool:
    return bool(_ADJECTIVE.search(plain(text)))


def _is_in_name(word: Word, mentions: Sequence[Mention]) -> bool:
    return any(
        item.kind in ("lender", "company") and item.start <= word.start < item.end for item in mentions
    )


def _work(
    text: str, words: Sequence[Word], index: int, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> ProjectMention:
    head, start = words[index], words[index].start
    sector = head.sector
    taken = {item.start for item in mentions if item.kind in ("demonym", "company", "lender", "country")}
    adjectives: list[str] = []
    for word in reversed(words[max(0, index - _MOST_ADJECTIVES) : index]):
        if not _is_adjective(word.text) or word.start in taken or text[word.end : start].strip():
            break
        start = word.start
        adjectives.append(word.text)
        sector = sector_of_adjective(word.text) or sector
    if head.sector == "road" and sector == "rail":
        sector = "rail"
    tail = _TAIL.match(text, head.end)
    end = tail.end() if tail else head.end
    end += len(number.group()) if (number := re.match(r"-\d+", text[end:])) else 0
    label = text[start:end]
    placed = None if tail else _PLACED.match(text, head.end)
    if placed is not None:
        label, end = f"{label} {placed['place']}", placed.end()
    inside = [item for item in mentions if start <= item.start < end]
    parties = tuple(dict.fromkeys(code for item in inside for code in item.parties))
    is_named = bool(tail or placed) or any(word[0].isupper() for word in adjectives)
    is_new = bool(_NEW.search(text[:start])) or any(_PLURAL.search(plain(word)) for word in adjectives)
    project = _known(label, sector, parties, gazetteer) if is_named else None
    if project is not None:
        return ProjectMention(
            project.label, project.row, start, end, parties=project.parties, partners=project.partners,
            sector=project.sector,
        )  # fmt: skip
    home = tuple(code for code in parties if code in gazetteer.home)
    return ProjectMention(label, "", start, end, not (is_named or is_new), False, home, (), sector)


def _known(label: str, sector: str, parties: tuple[str, ...], gazetteer: Gazetteer) -> KnownProject | None:
    """Return the only project of the pack that has a name of the label, its sector and its countries."""
    if len(_CHAIN.split(label)) > 1 and len(parties) > 1:
        same = [
            item
            for item in gazetteer.projects.values()
            if set(item.parties) == set(parties) and item.sector == sector
        ]
        return same[0] if len(same) == 1 else None
    if sector not in _LINKED:
        return None
    names = {each for word in re.findall(r"[А-ЯЁ][а-яё]{3,}", label) for each in skeletons(word)}
    number = re.search(r"\d+", label)
    fitting = []
    for item in gazetteer.projects.values():
        if (
            sector not in ("", "other")
            and item.sector not in ("other", sector)
            and sector_of(item.label) != sector
        ):
            continue
        if item.sector != "corridor" and names & _skeletons_of(item.label):
            fitting.append(item)
    if len(fitting) > 1 and number:
        fitting = [item for item in fitting if re.search(rf"\b{number.group()}\b", item.label)]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=2000)
def _skeletons_of(label: str) -> frozenset[str]:
    words = re.findall(r"[A-Za-z]{4,}", label)
    return frozenset(skeleton(word) for word in words if word.lower() not in _COMMON)
