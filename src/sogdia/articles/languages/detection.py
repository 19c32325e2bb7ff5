"""Detect the language of a text: by its script, and by function words if several share it."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

ENGLISH: Final = "en"
RU: Final = "ru"
UNKNOWN: Final = ""
READ: Final = (ENGLISH, RU)
"""Languages that claims are read from."""
_WINDOW = 20_000
"""Characters that the language is detected by."""
_SHARE = 0.05
"""Share of function words in any text of a language; running text has three to ten times as many."""
_FEWEST = 8
"""Words below which a text in Latin letters may be a fragment of English."""
_BG = "bg"
_OTHER_LETTERS = frozenset("әғқңөұүһіїєґўҳҷӣӯјљњћђџѕќѓ")
"""Cyrillic letters of other languages than ru and bg."""
_FEW_LETTERS = 0.005
_KANA = 0.1
"""Share of kana among the signs of a text with Han signs that makes it ja."""
_WORD = re.compile(r"[^\W\d_]+(?:['ʻʼ’][^\W\d_]+)?")


@cache
def _function_words() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """Return the function words by language, by script; none for a script that serves one large language."""
    text = files(__package__ or "").joinpath("function_words.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, frozenset[str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(row["script"], {})[row["language"]] = frozenset(row["words"].split())
    return found


@lru_cache(maxsize=65536)
def _script(sign: str) -> str:
    return unicodedata.name(sign, "").partition(" ")[0].partition("-")[0]


def language_of(text: str) -> str:
    """Return the language of a text by its code in ISO 639-1; empty if it is not known.

    Args:
        text: The text; its first part is used. A few words in Latin letters count as English.

    >>> language_of("Банк выделит кредит на ремонт дорог"), language_of("中国银行将提供贷款")
    ('ru', 'zh')
    """
    return _language_of(text[:_WINDOW])


@lru_cache(maxsize=16)
def _language_of(part: str) -> str:
    scripts = Counter(_script(sign) for sign in part if sign.isalpha())
    if not scripts:
        return ENGLISH
    kana = scripts["HIRAGANA"] + scripts["KATAKANA"]
    chinese = scripts["CJK"] + kana
    main, count = scripts.most_common(1)[0]
    if chinese >= count:
        return "ja" if kana > _KANA * chinese else "zh"
    languages = _function_words().get(main, {})
    if len(languages) == 1:
        return next(iter(languages))
    return _by_words(part, main)


def _has_other_letters(text: str) -> bool:
    """Return whether a text has more letters that ru lacks than a few foreign names bring."""
    letters = [sign for sign in text.lower() if sign.isalpha()]
    return sum(sign in _OTHER_LETTERS for sign in letters) > _FEW_LETTERS * len(letters)


def _by_words(text: str, script: str) -> str:
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    shares = {
        language: sum(word in known for word in words) / len(words)
        for language, known in _function_words().get(script, {}).items()
    }
    best = max(shares, key=lambda language: shares[language], default=UNKNOWN)
    if script == "CYRILLIC" and not _has_other_letters(text):
        return best if best == _BG and shares[best] > max(_SHARE, 2 * shares[RU]) else RU
    if best and shares[best] >= _SHARE:
        return best
    return ENGLISH if script == "LATIN" and len(words) <= _FEWEST else UNKNOWN


def language_name(code: str) -> str:
    """Return the English name of a language; a text for one that is not known.

    Args:
        code: Code in ISO 639-1.
    """
    from babel import Locale

    return str(Locale("en").languages.get(code, code)) if code else "a language that is not known"
