"""Compare names as a person reads them: by letter shape, without case, accents and invisible characters."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

NEAREST_SHOWN = 3
_LOOK_ALIKE = str.maketrans(
    "АВЕЅІЈКМНОРСТУХавеѕіјкмнорстухԁһԛԝⅼΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιοκνρτυχ",
    "ABESIJKMHOPCTYXabesijkmhopctyxdhqwlABEZHIKMNOPTYXaiokvptyx",
)
"""Cyrillic and Greek letters with the shape of a Latin one."""
_SEPARATORS = str.maketrans("_-–—", "    ")
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Marks of writing direction: a name with one is displayed in another order than it is compared."""


@lru_cache(maxsize=2**16)
def fold(name: str) -> str:
    r"""Return a name for comparison: two names that look the same have the same.

    >>> fold("\N{CYRILLIC CAPITAL LETTER ES}HN"), fold("chn\N{ZERO WIDTH SPACE}"), fold("Kok_Aral")
    ('chn', 'chn', 'kok aral')
    """
    plain = unicodedata.normalize("NFKC", name).translate(_LOOK_ALIKE)
    plain = unicodedata.normalize("NFKD", plain).translate(_SEPARATORS)
    shown = (sign for sign in plain if unicodedata.category(sign) not in ("Cf", "Cc", "Mn", "Zl", "Zp"))
    return " ".join("".join(shown).casefold().split())


def hidden_characters(name: str) -> Iterator[str]:
    """Yield descriptions of characters of a name that are invisible, or look like Latin letters."""
    has_latin = any("a" <= sign <= "z" for sign in name.lower())
    for sign in dict.fromkeys(name):
        category = unicodedata.category(sign)
        label = unicodedata.name(sign, f"U+{ord(sign):04X}").lower()
        if category in ("Cf", "Cc", "Zl", "Zp", "Co", "Cn"):
            yield f"it has an invisible character ({label})"
        elif has_latin and sign != sign.translate(_LOOK_ALIKE):
            yield f"its letter {sign!r} is not Latin ({label})"


def repeated_names(names: Iterable[str]) -> list[str]:
    """Return the names that occur several times, in order."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


def has_override(text: str) -> bool:
    """Return whether a text has marks that change the order in which it is displayed."""
    return not _OVERRIDES.isdisjoint(text)


def nearest_names(name: str, valid: Iterable[str], aliases: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the valid names nearest to a name, best first, at most three.

    A valid name that looks the same comes first, then those of which it is an alias, then similar ones.

    Args:
        name: The name.
        valid: Valid names.
        aliases: Valid names by their other names, folded.
    """
    names = sorted(set(valid))
    if not names:
        return []
    known = set(names)
    by_fold: dict[str, list[str]] = {}
    for each in names:
        by_fold.setdefault(fold(each), []).append(each)
    key = fold(name)
    found = [*by_fold.get(key, ()), *(each for each in aliases.get(key, ()) if each in known)]
    if not found:
        found = difflib.get_close_matches(name, names, n=NEAREST_SHOWN, cutoff=0.5)
        folded = difflib.get_close_matches(key, by_fold, n=NEAREST_SHOWN, cutoff=0.5)
        found += [each for text in folded for each in by_fold[text]]
        spoken = [text for text, codes in aliases.items() if known.intersection(codes)]
        similar = difflib.get_close_matches(key, spoken, n=1, cutoff=0.8)
        found = [each for text in similar for each in aliases[text] if each in known] + found
    return list(dict.fromkeys(found))[:NEAREST_SHOWN]
