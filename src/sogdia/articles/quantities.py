"""Find figures with units: money, power, energy, length, mass, gas, shares, years and counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from sogdia.articles.claim import Bound, Quantity, QuantityKind
from sogdia.articles.numbers import DIGITS, NUMBER, SCALE, parse_number, scale_factor

_BOUNDS: dict[Bound, str] = {
    "at_least": r"(?:just |well |slightly )?(?:over|above)|more than|at least|no less than|not less than|"
    r"exceeding|in excess of|upwards of|более(?: чем)?|свыше|не менее|больше",
    "at_most": r"up to|as much as|less than|under|below|no more than|not more than|at most|до|не более|менее",
    "about": r"about|around|some|approximately|roughly|nearly|near|almost|close to|an estimated|circa|"
    r"около|почти|"
    r"примерно|порядка|приблизительно",
}
_BOUND = re.compile(
    r"(?:\b(?:"
    + "|".join(f"(?P<{name}>{words})" for name, words in _BOUNDS.items())
    + r")|(?P<tilde>[~≈]))\s*(?:the |a |an )?$",
    re.IGNORECASE,
)
_WINDOW = 24
_CHANGE = re.compile(
    r"\b(?:cut|r[io]se|risen|rais\w+|increas\w+|gr[eo]wn?|fall|fell|fallen|drop\w*|reduc\w+|lower\w*|shr[aiu]nk|"
    r"slash\w*|climb\w*|swell\w*|swollen|jump\w*|up|down)\b[^.;]{0,60}?\bfrom\s(?:about\s|some\s)?$",
    re.IGNORECASE,
)
"""Words before a change "from A to B", which is no range."""

_SYMBOLS = {
    "$": "USD", "us$": "USD", "usd": "USD", "u.s.$": "USD", "€": "EUR", "eur": "EUR", "£": "GBP",
    "gbp": "GBP", "¥": "CNY", "cny": "CNY", "rmb": "CNY", "cn¥": "CNY", "jpy": "JPY", "jp¥": "JPY",
    "₽": "RUB", "rub": "RUB", "₸": "KZT", "kzt": "KZT", "kgs": "KGS", "uzs": "UZS", "tjs": "TJS",
    "tmt": "TMT", "chf": "CHF", "₺": "TRY", "aed": "AED", "sar": "SAR", "inr": "INR", "₹": "INR",
    "krw": "KRW", "₩": "KRW", "xdr": "XDR", "zar": "ZAR", "pkr": "PKR", "ngn": "NGN", "₦": "NGN",
}  # fmt: skip
_OTHER_CODES = """
    KWD QAR OMR BHD EGP IQD IRR JOD AFN NPR LKR BDT MMK THB VND IDR PHP MYR SGD KHR MNT GEL AMD AZN BYN UAH
    RSD PLN HUF CZK BGN SEK NOK DKK AUD CAD NZD BRL MXN KES UGX TZS ETB MZN ZMW MWK AOA GHS XOF XAF
    RWF BWP TND DZD HKD TWD
"""
"""Codes of ISO 4217 without a symbol of their own that are no word of English."""
_SYMBOLS |= {code.lower(): code for code in _OTHER_CODES.split()}
_CURRENCY_WORDS = {
    r"(?:u\.?s\.?|american)?[ -]*dollars?|dolar\w*": "USD",
    r"(?:американск\w+ )?доллар\w*(?: сша)?|долл\.?(?: сша)?": "USD",
    r"euros?|евро|avro": "EUR", r"yuan|renminbi|юан\w+": "CNY", r"yen|иен\w*": "JPY",
    r"pounds?(?: sterling)?": "GBP", r"roubles?|rubles?|рубл\w+": "RUB", r"tenge|тенге": "KZT",
    r"soms?|сом(?:ов|а)?": "KGS", r"soums?|sums?(?! of)|сум(?:ов|а)?": "UZS", r"somoni|сомони": "TJS",
    r"manats?|манат\w*": "TMT", r"swiss francs?": "CHF", r"liras?": "TRY", r"dirhams?": "AED",
    r"riyals?": "SAR", r"rupees?": "INR", r"won": "KRW", r"rand": "ZAR", r"naira": "NGN",
}  # fmt: skip
_CURRENCY_BEFORE = {
    r"(?i:euros?|avro)": "EUR", r"(?i:u\.?s\.? )?(?i:dollars?)": "USD", r"(?i:yuan|renminbi)": "CNY",
    r"(?i:yen)": "JPY", r"(?i:rou?bles?)": "RUB", r"(?i:tenge)": "KZT", r"(?i:rupees?)|Rs\.?|₹": "INR",
    r"(?i:liras?)": "TRY", r"(?i:dirhams?)": "AED", r"(?i:riyals?)": "SAR", r"R|(?i:rand)": "ZAR",
    r"(?i:naira)": "NGN",
}  # fmt: skip
"""Currencies as words before their figure; only with a scale after it, so that "Euro 2024" is no money."""
_CODES = "|".join(symbol.upper() for symbol in _SYMBOLS if len(symbol) == 3 and symbol.isalpha())
_SYMBOL = "(?:" + "|".join(re.escape(s) for s in sorted(_SYMBOLS, key=len, reverse=True)) + ")"
_WORD = "(?:" + "|".join(_CURRENCY_WORDS) + ")"
_TO = r"\s*(?:-|–|—|to|and|до)\s*"
_BEFORE = re.compile(
    rf"(?<![^\W\d_])(?P<cur>{_SYMBOL})\s?(?P<low>{DIGITS})(?:[\s-]?(?P<lscale>{SCALE}))?"
    rf"(?:{_TO}(?:(?:{_SYMBOL})\s?)?(?P<high>\d[\d.,]*\d|\d)(?:[\s-]?(?P<hscale>{SCALE})))?"
    rf"(?:[\s-](?P<own>{_WORD})\b)?",
    re.IGNORECASE,
)
_NAMED_BEFORE = re.compile(
    rf"(?<![\w.])(?P<cur>{'|'.join(_CURRENCY_BEFORE)})\s?(?P<low>{DIGITS})"
    rf"(?:{_TO}(?P<high>\d[\d.,]*\d|\d))?[\s-]?(?P<lscale>(?i:{SCALE}))"
)
_AFTER = re.compile(
    rf"(?<![\w.,$€£¥])(?P<low>{NUMBER})(?:[\s-]?(?P<lscale>{SCALE}))?"
    rf"(?:{_TO}(?P<high>\d[\d.,]*\d|\d)(?:[\s-]?(?P<hscale>{SCALE}))?)?[\s-]?(?:of )?"
    rf"(?P<cur>{_WORD}|(?-i:{_CODES})|€|₽|₸|\$)(?![^\W\d_])",
    re.IGNORECASE,
)
_BARE = re.compile(
    rf"(?<![\w.,$€£¥-])(?P<low>{NUMBER})\s?(?P<lscale>{SCALE})(?=\s*(?:[,.;:)\]—–]|$|(?:was|is|"
    rf"were|are|for|of|in|from|to|and|"
    r"by|on|as|at|each|more|over|under|with|via|through|but|this|last|went|goes|will|would|"
    r"came|is|из|на|в|и|для)\b))",
    re.IGNORECASE,
)
_GIVEN = re.compile(
    rf"(?:\b(?:lend|lends|lent|gave|gives?|set aside|provid\w+|allocat\w+|approv\w+|pledg\w+|promis\w+|"
    rf"paid|pays|invest\w+|contribut\w+|add(?:ed|s)?|borrow\w+|ow(?:es|ed))\s"
    rf"(?:about\s|another\s|a further\s|some\s|up to\s)?)"
    rf"(?P<low>{NUMBER})\s?(?P<lscale>million|billion|bn|mln)(?=\s*(?:[,.;:)]|$|(?:for|of|to|from|and|in)\b))",
    re.IGNORECASE,
)
_UNITS: tuple[tuple[QuantityKind, str, str, float], ...] = (
    ("energy", r"twh|terawatt[\s-]?hours?|твт[\s·*-]?ч\w*", "MWh", 1e6),
    ("energy", r"gwh|gigawatt[\s-]?hours?|гвт[\s·*-]?ч\w*", "MWh", 1e3),
    ("energy", r"mwh|megawatt[\s-]?hours?|мвт[\s·*-]?ч\w*", "MWh", 1.0),
    ("energy", r"kwh|kilowatt[\s-]?hours?|квт[\s·*-]?ч\w*", "MWh", 1e-3),
    ("power", r"gw|gigawatts?|гвт|гигаватт\w*", "MW", 1e3),
    ("power", r"mwp?|megawatts?|мвт|мегаватт\w*", "MW", 1.0),
    ("power", r"kw|kilowatts?|квт|киловатт\w*", "MW", 1e-3),
    ("voltage", r"kv|kilovolts?|кв|киловольт\w*", "kV", 1.0),
    ("length", r"kms?|kilomet(?:re|er)s?|км|километр\w*", "km", 1.0),
    ("length", r"miles?|миль", "km", 1.609344),
    ("gas", r"bcm", "bcm", 1e9),
    ("gas", r"(?:cubic|cu\.?) ?(?:met(?:re|er)s?|m)|m3|m³|cbm", "bcm", 1.0),
    ("gas", r"куб(?:ометр\w*|ических метров|\. ?м\.?)", "bcm", 1.0),
    ("mass", r"(?:metric )?tons?|tonnes?|тонн\w*", "t", 1.0),
    ("mass", r"mt", "t", 1e6),
    ("share", r"per ?cent|percentage points?|%|процент\w*", "%", 1.0),
    ("years", r"years?|лет|год(?:а|ов)", "a", 1.0),
    ("containers", r"teus?|twenty-foot (?:equivalent )?units?|дфэ", "TEU", 1.0),
)  # fmt: skip
_UNIT = "|".join(f"(?P<u{index}>{words})" for index, (_, words, _, _) in enumerate(_UNITS))
_MEASURE = re.compile(
    rf"(?<![\w.,$€£¥])(?P<low>{NUMBER})(?:{_TO}(?P<high>\d[\d.,]*\d|\d))?[\s-]?"
    rf"(?:(?P<lscale>{SCALE})[\s-]?)?(?:of )?(?:{_UNIT})(?![^\W\d_])",
    re.IGNORECASE,
)
_COUNT = re.compile(
    rf"(?<![\w.,$€£¥-])(?P<low>(?i:{NUMBER}))\s(?:(?P<lscale>thousand|million)\s)?"
    rf"(?P<noun>(?:[a-z-]+\s)?(?!(?:was|is|has|this|its|as)\b)[a-z-]+s)\b"
)
_RATE = re.compile(
    r"^\s*(?:(?:a|an|per|each|every|в)\s|/)\s*(?P<per>year|annum|month|day|kwh|mwh|"
    r"kilowatt-hour|tonne|ton|km|kilometre|"
    r"barrel|год)\b|^\s*(?P<annual>annually|yearly|p\.a\.)",
    re.IGNORECASE,
)


def find_quantities(text: str, currency: str = "") -> list[Quantity]:
    """Return the figures with units of a sentence, in order, none inside another.

    Args:
        text: The sentence.
        currency: Currency of the amount before the sentence: "has set aside 500 million" takes it.

    >>> [(q.value, q.unit, q.bound) for q in find_quantities("It paid over $1.5bn for a 250-megawatt plant.")]
    [(1500000000.0, 'USD', 'at_least'), (250.0, 'MW', 'exact')]
    """
    found: list[Quantity] = []
    for finder in (_money_before, _money_named_before, _measures, _money_after):
        for item in finder(text):
            _add(found, item)
    if currency and not any(item.kind == "money" for item in found):
        for match in _GIVEN.finditer(text):
            item = _quantity("money", match, currency)
            start = match.start("low")
            _add(found, replace(item, start=start, text=text[start : item.end].strip()))
    if any(item.kind == "money" for item in found):
        for item in _bare_money(text, found):
            _add(found, item)
    for item in _counts(text):
        _add(found, item)
    return [_with_rate(_with_bound(item, text), text) for item in sorted(found, key=lambda item: item.start)]


def _add(found: list[Quantity], item: Quantity) -> None:
    if all(item.end <= other.start or other.end <= item.start for other in found):
        found.append(item)


def _quantity(kind: QuantityKind, match: re.Match[str], unit: str, factor: float = 1.0) -> Quantity:
    groups = match.groupdict()
    low_scale, high_scale = groups.get("lscale"), groups.get("hscale")
    high = groups.get("high")
    low = parse_number(match["low"]) * scale_factor(low_scale or (high_scale if high else None)) * factor
    upper = parse_number(high) * scale_factor(high_scale or low_scale) * factor if high else None
    if upper is not None and high and _CHANGE.search(match.string[: match.start()]):
        low, upper = upper, None
    if upper is not None and upper <= low:
        upper = None
    bound: Bound = "between" if upper is not None else "exact"
    return Quantity(kind, match.group().strip(), low, unit, bound, match.start(), match.end(), upper)


def _money_before(text: str) -> Iterator[Quantity]:
    for match in _singles(_BEFORE, text):
        unit = (
            _currency(match["own"])
            if match["own"] and match["cur"] == "$"
            else _SYMBOLS[match["cur"].lower()]
        )
        yield _quantity("money", match, unit)


def _singles(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Yield the matches of a pattern; "A and B" is a range after "between" alone, else two amounts."""
    position = 0
    while match := pattern.search(text, position):
        joint = re.search(r"\s+and\s+", match.group()) if match["high"] else None
        if joint and not re.search(r"\bbetween\s(?:about\s|some\s)?$", text[: match.start()], re.IGNORECASE):
            first = pattern.match(text, match.start(), match.start() + joint.start())
            if first:
                yield first
            position = match.start() + joint.end()
            continue
        yield match
        position = max(match.end(), position + 1)


def _money_named_before(text: str) -> Iterator[Quantity]:
    for match in _NAMED_BEFORE.finditer(text):
        unit = next(code for words, code in _CURRENCY_BEFORE.items() if re.fullmatch(words, match["cur"]))
        yield _quantity("money", match, unit)


def _money_after(text: str) -> Iterator[Quantity]:
    for match in _singles(_AFTER, text):
        yield _quantity("money", match, _SYMBOLS.get(match["cur"].lower()) or _currency(match["cur"]))


def _currency(word: str) -> str:
    for pattern, code in _CURRENCY_WORDS.items():
        if re.fullmatch(pattern, word, re.IGNORECASE):
            return code
    raise AssertionError(f"{word!r} matches no currency pattern")


def _bare_money(text: str, found: list[Quantity]) -> Iterator[Quantity]:
    """Yield amounts without a currency of their own: "12 billion euros, of which 3 billion"."""
    amounts = [item for item in found if item.kind == "money"]
    for match in _BARE.finditer(text):
        nearest = min(amounts, key=lambda item: abs(item.start - match.start()))
        yield _quantity("money", match, nearest.unit)


def _measures(text: str) -> Iterator[Quantity]:
    for match in _MEASURE.finditer(text):
        index = next(i for i in range(len(_UNITS)) if match[f"u{i}"] is not None)
        kind, _, unit, factor = _UNITS[index]
        item = _quantity(kind, match, unit, factor)
        if kind == "gas":
            item = replace(item, value=item.value / 1e9, upper=item.upper / 1e9 if item.upper else None)
        yield item


def _counts(text: str) -> Iterator[Quantity]:
    for match in _COUNT.finditer(text):
        yield _quantity("count", match, match["noun"])


def _with_bound(item: Quantity, text: str) -> Quantity:
    match = _BOUND.search(text[max(0, item.start - _WINDOW) : item.start])
    if match is None or item.bound == "between":
        return item
    name: Bound = next((name for name in _BOUNDS if match[name]), "about")
    return replace(item, bound=name, start=item.start, text=f"{match.group().strip()} {item.text}")


def _with_rate(item: Quantity, text: str) -> Quantity:
    match = _RATE.match(text[item.end : item.end + _WINDOW])
    if match is None:
        return item
    return replace(item, rate_of=(match["per"] or "year").lower())
