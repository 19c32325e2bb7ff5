"""Names in the language ru: those of CLDR, of lenders, and of the pack by transliteration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sogdia.articles.gazetteer import Gazetteer, Mention, MentionKind
from sogdia.articles.languages.ru.lexicon import Word, plain, rows_of
from sogdia.region import Region

_ADJECTIVE = re.compile(r"(?:ск|цк)(?:ий|ая|ое|ие|ого|ому|им|ом|ой|ую|их|ими)$")
_ENDING = re.compile(
    r"(?:ского|ской|ская|ские|ских|скую|скому|ским|ском|ами|ями|ого|ому|ах|ях|ам|ям|ом|ем|ой|ей|ою|ью|ов|ев|ы|и|а|я|о|е|у|ю|ь|й)$"
)
_SUFFIX = re.compile(r"(?:ин|ов|ев)$")
"""Suffix between the name of a place and the ending of its adjective."""
_LATIN = (
    *(("щ", "S"), ("ш", "S"), ("ч", "C"), ("дж", "J"), ("ж", "J"), ("ц", "ts"), ("х", "k"), ("ю", "iu")),
    *(("я", "ia"), ("ё", "e"), ("э", "e"), ("й", "i"), ("ы", "i"), ("ъ", ""), ("ь", ""), ("кс", "ks")),
    *zip("абвгдезиклмнопрстуф", "abvgdeziklmnoprstuf", strict=True),
)  # fmt: skip
_SOUNDS = (
    *(("sh", "S"), ("ch", "C"), ("dzh", "J"), ("zh", "J"), ("kh", "k"), ("ye", "e"), ("yu", "iu")),
    *(("ya", "ia"), ("x", "ks"), ("y", "i"), ("j", "J"), ("q", "k"), ("w", "v"), ("c", "k"), ("h", "k")),
)
_KIND_OF_PLACE = re.compile(r"\s(?:port|station|border station|crossing|border)$")
_SHORTEST = 4
_LONG = 6
"""Letters from which a word may be an adjective."""
_OF_PACK: tuple[MentionKind, ...] = ("company", "home_company", "lender", "place", "seat")
_CAPITAL_KINDS = ("country", "seat", "lender", "group")


@dataclass(frozen=True, slots=True)
class _Name:
    stems: tuple[str, ...]
    kind: MentionKind
    parties: tuple[str, ...]
    label: str


def skeleton(word: str) -> str:
    """Return the sounds of a word in Cyrillic or Latin letters, roughly: the same for spellings of one name.

    >>> skeleton("Жамбыл"), skeleton("Zhambyl")
    ('Jambil', 'Jambil')
    """
    text = plain(word)
    for old, new in _LATIN if re.search("[а-я]", text) else _SOUNDS:
        text = text.replace(old, new)
    sounds = re.sub(r"(.)\1+", r"\1", re.sub(r"[^A-Za-z]", "", text))
    short = sounds.rstrip("aeiou")
    return short if len(short) >= _SHORTEST else sounds


def skeletons(word: str) -> Iterator[str]:
    """Yield the skeletons of a Cyrillic word without its ending, the longest first.

    Args:
        word: The word, in any case.
    """
    seen = skeleton(word)
    yield seen
    short = _ENDING.sub("", plain(word))
    for form in (short, _SUFFIX.sub("", short)):
        if skeleton(form) != seen and len(form) >= _SHORTEST:
            seen = skeleton(form)
            yield seen


class LocalNames:
    """Names of a region and of the world in the language ru.

    Attributes:
        by_skeleton: Name of the pack by the skeleton of its single word.
    """

    def __init__(self, region: Region, gazetteer: Gazetteer) -> None:
        self._names: dict[str, list[_Name]] = {}
        for name in _world(gazetteer):
            self._names.setdefault(plain(name.stems[0])[:3], []).append(name)
        self.by_skeleton: Mapping[str, _Name] = dict(_pack(region, gazetteer))

    def find(self, words: Sequence[Word]) -> list[Mention]:
        """Return the names among the words of a sentence, the longest of those at one place.

        Args:
            words: Words of the sentence.
        """
        found: list[Mention] = []
        index = 0
        while index < len(words):
            name = self._at(words, index) or self._of_pack(words, index)
            if name is None:
                index += 1
                continue
            last = words[index + len(name.stems) - 1]
            text = " ".join(word.text for word in words[index : index + len(name.stems)])
            found.append(Mention(name.kind, text, words[index].start, last.end, name.parties, "", name.label))
            index += len(name.stems)
        return found

    def _at(self, words: Sequence[Word], index: int) -> _Name | None:
        first = words[index].text
        fitting = [
            name
            for name in self._names.get(plain(first)[:3], ())
            if _is_at(name, words[index : index + len(name.stems)])
        ]
        return max(fitting, key=lambda name: (len(name.stems), len(name.stems[0])), default=None)

    def _of_pack(self, words: Sequence[Word], index: int) -> _Name | None:
        word = words[index]
        if not word.text[0].isupper() or len(word.text) < _SHORTEST or word.text[0].isascii():
            return None
        return next(
            (self.by_skeleton[each] for each in skeletons(word.text) if each in self.by_skeleton), None
        )


def _is_at(name: _Name, words: Sequence[Word]) -> bool:
    if len(words) < len(name.stems) or (name.kind in _CAPITAL_KINDS and not words[0].text[0].isupper()):
        return False
    return all(_has_stem(word.text, stem) for word, stem in zip(words, name.stems, strict=True))


def _has_stem(text: str, stem: str) -> bool:
    if stem.isupper():
        return text == stem
    return plain(text).startswith(plain(stem)) and len(text) - len(stem) <= 3


def _world(gazetteer: Gazetteer) -> Iterator[_Name]:
    import pycountry
    from babel import Locale
    from babel.numbers import get_territory_currencies

    rows = list(rows_of("names.csv"))
    skipped = {row["stems"] for row in rows if row["kind"] == "skip"}
    for row in rows:
        if row["kind"] == "skip":
            continue
        kind: MentionKind = row["kind"]  # type: ignore[assignment]
        parties = gazetteer.home if row["code"] == "*" else (gazetteer.parent_party(row["code"]),)
        yield _Name(tuple(row["stems"].split()), kind, parties, row["stems"])
    locale = Locale("ru")
    users: dict[str, set[str]] = {}
    for item in pycountry.countries:
        code = str(item.alpha_3)
        for currency in get_territory_currencies(item.alpha_2):
            users.setdefault(str(currency), set()).add(code)
        name = re.sub(r"\s*\(.*", "", locale.territories.get(item.alpha_2, ""))
        if len(name) >= _SHORTEST and "-" not in name[1:3] and name not in skipped:
            stems = tuple(_stem(word) for word in name.split())
            yield _Name(stems, "country", (gazetteer.parent_party(code),), name)
    for currency, codes in users.items():
        word = locale.currencies.get(currency, "").split(" ")[0]
        if len(codes) == 1 and _ADJECTIVE.search(word):
            yield _Name((word[:-2],), "demonym", (gazetteer.parent_party(next(iter(codes))),), word)


def _stem(word: str) -> str:
    """Return a word of a name without its ending in the nominative."""
    if word.isupper():
        return word
    short = re.sub(r"(?:ая|ий|ый|ое|ые)$", "", word) if len(word) > _LONG else word
    short = short if short != word else re.sub(r"[аяьйоеи]$", "", word)
    return short if len(short) >= _SHORTEST else word


def _pack(region: Region, gazetteer: Gazetteer) -> Iterator[tuple[str, _Name]]:
    names = region.table("names")
    for row in names[names["kind"].isin(_OF_PACK)].itertuples():
        codes = tuple(gazetteer.parent_party(code) for code in str(row.parties).split(";") if code)
        if codes and (key := _key(str(row.name))):
            yield key, _Name((str(row.name),), str(row.kind), codes, str(row.name))  # type: ignore[arg-type]
    for row in region.table("places").itertuples():
        if key := _key(_KIND_OF_PLACE.sub("", str(row.name))):
            yield (
                key,
                _Name((str(row.name),), "place", (gazetteer.parent_party(str(row.iso3)),), str(row.name)),
            )


def _key(name: str) -> str:
    """Return the skeleton of a name of one word; empty for others and for short ones."""
    found = skeleton(name) if " " not in name and len(name) > _SHORTEST else ""
    return found if len(found) >= _SHORTEST else ""


@lru_cache(maxsize=4)
def names_of(region: Region, gazetteer: Gazetteer) -> LocalNames:
    """Return the names of a region in the language ru, which take some time to build.

    Args:
        region: The region.
        gazetteer: Its gazetteer, for the article.
    """
    return LocalNames(region, gazetteer)
