"""Numbers as articles write them: 4.7 billion, 4,7 млрд, 1,821, half a billion, twelve."""

from __future__ import annotations

import re

_PHRASES = {
    "half a": 0.5,
    "one and a half": 1.5,
    "two and a half": 2.5,
    "three and a half": 3.5,
    "a quarter of a": 0.25,
    "a": 1,
}
_SMALL = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMERALS = {word: value for value, word in enumerate(_SMALL, start=1)}
_NUMERALS |= {word: 10 * value for value, word in enumerate(_TENS, start=2)}
_WORDS = _PHRASES | _NUMERALS
_BELOW_HUNDRED = f"(?:(?:{'|'.join(_TENS)})(?:[ -](?:{'|'.join(_SMALL[:9])}))?|{'|'.join(reversed(_SMALL))})"
_NUMERAL = f"(?:(?:a|{_BELOW_HUNDRED}) hundred(?: and {_BELOW_HUNDRED})?|{_BELOW_HUNDRED})"
_SCALES = {
    1e3: ("thousand", "k", "тыс", "тысяч", "тысячи", "тысяча"),
    1e5: ("lakh", "lakhs"),
    1e6: (
        *("million", "millions", "mln", "mn", "m", "mio", "milyon"),
        *("млн", "миллион", "миллиона", "миллионов"),
    ),
    1e7: ("crore", "crores"),
    1e9: (
        *("billion", "billions", "bln", "bn", "b", "mrd", "mlrd", "milyar", "milliard", "milliards"),
        *("млрд", "миллиард", "миллиарда", "миллиардов"),
    ),
    1e12: (
        *("trillion", "trillions", "trln", "trn", "tn", "trilyon", "lakh crore", "lakh crores"),
        *("трлн", "триллион", "триллиона", "триллионов"),
    ),
}
_SCALE_OF = {word: factor for factor, words in _SCALES.items() for word in words}

DIGITS = r"\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
"""Pattern of a figure in digits, with separators of thousands or decimals."""
NUMBER = (
    rf"(?:{DIGITS}|"
    + "|".join(re.escape(word) for word in sorted(_PHRASES, key=len, reverse=True) if word != "a")
    + rf"|\b{_NUMERAL}\b|\ba\b)"
)
"""Pattern of a figure in digits or as a numeral up to nine hundred and ninety-nine."""
SCALE = "(?:" + "|".join(sorted(_SCALE_OF, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
"""Pattern of a word or letter that multiplies the figure before it."""
_CONTINENTAL = re.compile(r"\d{1,3}(?:\.\d{3})+,\d+")
_THOUSANDS = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?")


def parse_number(text: str) -> float:
    """Return the value of a figure that :data:`NUMBER` matches.

    >>> parse_number("1,821"), parse_number("4,7"), parse_number("half a"), parse_number("12 500")
    (1821.0, 4.7, 0.5, 12500.0)
    >>> parse_number("thirty-five"), parse_number("three hundred and seventy-one")
    (35.0, 371.0)
    """
    word = " ".join(text.lower().split())
    if word in _WORDS:
        return float(_WORDS[word])
    if word[0].isalpha():
        hundreds, found, rest = word.rpartition(" hundred")
        units = sum(
            _NUMERALS[part] for part in re.split(r"[ -]", rest if found else word) if part in _NUMERALS
        )
        return units + (100 * parse_number(hundreds) if found else 0.0)
    if _CONTINENTAL.fullmatch(word):
        return float(word.replace(".", "").replace(",", "."))
    if _THOUSANDS.fullmatch(word):
        return float(word.replace(",", "").replace(" ", ""))
    return float(word.replace(",", "."))


def scale_factor(text: str | None) -> float:
    """Return the factor of a scale word, 1 for none.

    >>> scale_factor("bn"), scale_factor("млрд"), scale_factor(None)
    (1000000000.0, 1000000000.0, 1.0)
    """
    return _SCALE_OF[text.lower().rstrip(".")] if text else 1.0
