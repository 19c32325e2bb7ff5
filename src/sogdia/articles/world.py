"""Names of the countries of the world and of international lenders, for texts on other regions.

Names of countries are those of CLDR (through Babel). CLDR has no demonyms, but its names of currencies begin
with one (as do those of shillings and dinars), which is taken where one country alone has used the currency.
The table ``lenders.csv`` holds lenders with the party their money counts with, and demonyms and names that
CLDR lacks; ``companies.csv`` holds companies that work abroad, with the state of their seat.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

_SINCE, _UNTIL = dt.date(1950, 1, 1), dt.date(2024, 1, 1)
"""Years of the currencies whose names are read."""
_DEMONYM = re.compile(
    r"[A-Z][\w-]+(?:\s[A-Z][\w-]+)?(?:(?<=an)|(?<=se)|(?<=sh)|(?<=ch)|(?<=ss)|(?<=ot)|(?<=ne)|(?<=ai))|[A-Z][a-z]+(?:i|ic|ois|er)"
)
_SHORTEST = 4


@cache
def world_names() -> tuple[tuple[str, str, str], ...]:
    """Return names with kind (country, demonym, seat, lender or company) and the code of their party.

    >>> ("Kenya", "country", "KEN") in world_names(), ("Kenyan", "demonym", "KEN") in world_names()
    (True, True)
    """
    names = [*_countries(), *_demonyms(), *_listed(), *_companies()]
    known = {name for name, _, _ in names}
    return tuple(dict.fromkeys((*names, *(item for item in _cities() if item[0] not in known))))


@cache
def lending_states() -> frozenset[str]:
    """Return the codes of the parties with a national lender in the table."""
    return frozenset(code for _, kind, code in _listed() if kind == "lender")


def _listed() -> Iterator[tuple[str, str, str]]:
    text = files("sogdia.articles").joinpath("lenders.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["name"], row["kind"], row["code"]


@cache
def union_members() -> dict[str, str]:
    """Return the union that a country belongs to economically, by codes of both."""
    text = files("sogdia.articles").joinpath("unions.csv").read_text(encoding="utf-8")
    return {row["member"]: row["union"] for row in csv.DictReader(text.splitlines())}


def _companies() -> Iterator[tuple[str, str, str]]:
    text = files("sogdia.articles").joinpath("companies.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        yield row["name"], "company", row["code"]


def _codes() -> Iterator[tuple[str, str]]:
    import pycountry

    yield from ((str(item.alpha_2), str(item.alpha_3)) for item in pycountry.countries)


def _countries() -> Iterator[tuple[str, str, str]]:
    from babel import Locale

    territories = Locale("en").territories
    for short, code in _codes():
        name = territories.get(short, "")
        for form in {name, re.sub(r"\s*\(.*", "", name), name.replace("’", "'"), name.replace("&", "and")}:
            if len(form) >= _SHORTEST and " - " not in form:
                yield form, "country", code


def _cities() -> Iterator[tuple[str, str, str]]:
    """Yield the city of the time zone of each country with one zone, mostly its seat of government."""
    from babel.core import get_global

    codes = dict(_codes())
    zones: dict[str, list[str]] = {}
    for zone, short in get_global("zone_territories").items():
        if "/" in zone and short in codes:
            zones.setdefault(short, []).append(zone.rsplit("/", 1)[1].replace("_", " "))
    for short, cities in zones.items():
        if len(cities) == 1 and len(cities[0]) >= _SHORTEST:
            yield cities[0], "seat", codes[short]


def _demonyms() -> Iterator[tuple[str, str, str]]:
    from babel import Locale
    from babel.numbers import get_territory_currencies

    names = Locale("en").currencies
    users: dict[str, set[str]] = {}
    for short, code in _codes():
        for currency in get_territory_currencies(short, start_date=_SINCE, end_date=_UNTIL, tender=True):
            users.setdefault(str(currency), set()).add(code)
    countries = {name for name, _, _ in _countries()}
    for currency, codes in users.items():
        words = re.sub(r"\s*\(.*", "", names.get(currency, "")).split()
        demonym = " ".join(words[:-1])
        if len(codes) == 1 and demonym not in countries and _DEMONYM.fullmatch(demonym):
            yield demonym, "demonym", next(iter(codes))
