"""Patterns of the words that name a work: its noun, its kind, its place and its sector."""

from __future__ import annotations

import csv
import re
from importlib.resources import files

SECTORS = (
    ("nuclear", r"nuclear|atomic"),
    ("solar", r"solar|photovoltaic|pv"),
    ("wind", r"wind"),
    ("hydro", r"hydro\w*|hpps?|dam|pumped"),
    ("gas", r"gas|combined[- ]cycle|ccgt"),
    ("rail", r"rail\w*|locomotives|line"),
    ("road", r"roads?|highway|motorway|expressway|bridge"),
    ("port", r"port|seaport|terminal|ships"),
    ("grid", r"grid|transmission|cable|interconnector|substation|kv"),
    ("logistics", r"hub|yard|dry port|airport|logistics|aircraft|jets"),
    ("mining", r"mine|tungsten|minerals|uranium|copper|gold"),
    ("other", r"heat|chps?|thermal|coal|refinery|urea|polyethylene|factory|smelter|plant"),
)


def _patterns(kind: str) -> str:
    text = files(__package__ or "").joinpath("work_words.csv").read_text(encoding="utf-8")
    return "|".join(row["pattern"] for row in csv.DictReader(text.splitlines()) if row["kind"] == kind)


SORT = _patterns("sort")
"""Kinds of works before their noun, of ``work_words.csv``: "solar", "district heating"."""
HEAD = _patterns("head")
"""Nouns of works, of ``work_words.csv``."""
BODY = (
    r"(?:Bank|Ministry|Minister|Republic|University|Government|City|Company|Port|President|State|Kingdom|"
    r"Gulf|Sea|House|Board)\b"
)
"""First words of names "X of Y" that denote no work."""
PROJECT = re.compile(
    rf"(?<!\w)(?P<mods>(?:(?:\d[\d.,]*[\s-]?(?:kV|MW|GW|km|megawatt|gigawatt|kilomet(?:re|er)))[\s-]+)?"
    rf"(?:\d+[\s-]kV\s|(?!{BODY})[A-Z][a-z]+\sof\s(?=[A-Z])|(?:[A-Z0-9][\w'.]*(?:-[A-Za-z]\w*|-\d)*)\s+|"
    rf"(?:{SORT})[\s-]+){{0,6}})(?P<head>(?i:{HEAD}))\b"
    rf"(?P<tail>(?:,)?\s(?:at|in|near|of|from|between|to|into|linking|around|on)\s(?:the\s)?"
    rf"(?P<where>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?(?:(?:,\s|\sand\s|(?:\sin\s[A-Z][\w'-]+)?\sto\s)[A-Z][\w'-]+)*))?"
)
NAME_AFTER = re.compile(r",\s(?P<name>[A-Z][\w'’-]+(?:\s(?:[A-Z][\w'’-]+|\d+))*)(?=\s\(|,)")
"""A name between commas or before a bracket, after the noun of a work."""
MONTHS = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b"
)
"""Names of months and days, which are no places."""
