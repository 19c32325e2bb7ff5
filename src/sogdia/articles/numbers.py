"""Numbers as articles write them: 4.7 billion, 4,7 млрд, 1,821, half a billion, twelve."""

from __future__ import annotations

import re

_WORDS = {
    "half a": 0.5,
    "a quarter of a": 0.25,
    "a": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
}
_SCALES = {
    1e3: ("thousand", "k", "тыс", "тысяч", "тысячи", "тысяча"),
    1e6: ("million", "millions", "mln", "mn", "m", "млн", "миллион", "миллиона", "миллионов"),
    1e9: ("billion", "billions", "bln", "bn", "b", "млрд", "миллиард", "миллиарда", "миллиардов"),
    1e12: ("trillion", "trillions", "trln", "trn", "tn", "трлн", "триллион", "триллиона", "триллионов"),
}
_SCALE_OF = {word: factor for factor, words in _SCALES.items() for word in words}

DIGITS = r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
"""A figure in digits, with marks of thousands or decimals."""
NUMBER = rf"(?:{DIGITS}|" + "|".join(re.escape(word) for word in sorted(_WORDS, key=len, reverse=True)) + ")"
"""A figure in digits or in words."""
SCALE = "(?:" + "|".join(sorted(_SCALE_OF, key=len, reverse=True)) + r")(?![^\W\d_])\.?"
"""A word or letter that multiplies the figure before it."""
_THOUSANDS = re.compile(r"\d{1,3}(?:[ ,]\d{3})+(?:\.\d+)?")


def number(text: str) -> float:
    """The value of what :data:`NUMBER` found.

    >>> number("1,821"), number("4,7"), number("half a"), number("12 500")
    (1821.0, 4.7, 0.5, 12500.0)
    """
    word = " ".join(text.lower().split())
    if word in _WORDS:
        return float(_WORDS[word])
    if _THOUSANDS.fullmatch(word):
        return float(word.replace(",", "").replace(" ", ""))
    return float(word.replace(",", "."))


def scale(text: str | None) -> float:
    """The factor that a scale word stands for, 1 for none.

    >>> scale("bn"), scale("млрд"), scale(None)
    (1000000000.0, 1000000000.0, 1.0)
    """
    return _SCALE_OF[text.lower().rstrip(".")] if text else 1.0
