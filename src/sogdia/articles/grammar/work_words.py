"""Patterns of the words that name a work: its noun, its kind, its place and its sector."""

from __future__ import annotations

import re

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
SORT = (
    r"solar|wind|heat|district heating|metro|water supply|rural|"
    r"hydro(?:power|electric)?|nuclear|gas|coal|thermal|heat and power|heating|"
    r"combined heat and power|combined-cycle|"
    r"gas-fired|coal-fired|gas engine|gas-steam|pumped-storage|photovoltaic|power|electric|"
    r"electricity|rail|railway|railroad|"
    r"freight|dry|sea|deep-sea|container|cargo|logistics|toll|ring|transmission|oil|water|"
    r"copper|gold|tungsten|uranium|"
    r"chemical|cement|steel|urea|fertili[sz]er|polyethylene|data|battery|storage|and battery|"
    r"and wind|and solar|"
    r"critical minerals|minerals|lithium|passenger|high-speed|green|treatment|drinking|waste|"
    r"car|glass|textile|international|distribution|irrigation|grain|hydrogen|wastewater|sewage|"
    r"desalination|assembly|parliament|school|government"
)
HEAD = (
    r"plants?|stations?|(?<=wind )farms?|(?<=solar )farms?|(?<=solar )parks?|(?<=wind )parks?|"
    r"railway|railroad|rail line|rail link|lines?|highway|roads?|motorway|expressway|bridge|"
    r"tunnel|seaport|port|terminal|hub|yard|airport|pipelines?|cables?|cable projects?|"
    r"substation|refinery|mines?|smelter|"
    r"(?:second |double )?track|tankers|vessels|ferries|turbines|"
    r"canals?|reservoir|field|grid|bypass|projects?|complex|scheme|venture|locomotives|"
    r"aircraft|jets|trains|ships|wagons|"
    r"cent(?:re|er)s?|factory|dam|cascade|section|stretch|chps?|hpps?|dreamliners|helicopters|"
    r"infrastructure|facility|electrification|hospitals?|university|metro|tramway|waterway|block|"
    r"extension|(?<=parliament )building|(?<=school )building|(?<=government )building|"
    r"reactors?|interconnector|breakwater|(?<=MW )units?"
)
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
