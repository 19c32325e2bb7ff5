"""Plants, lines, ports and other works in a sentence: rows of the pack, or put together from their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sogdia.articles.claim import Quantity
from sogdia.articles.gazetteer import Gazetteer, KnownProject, Mention, folded

_SECTORS = (
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
_SORT = (
    r"solar|wind|hydro(?:power|electric)?|nuclear|gas|coal|thermal|heat and power|heating|"
    r"combined heat and power|combined-cycle|"
    r"gas-fired|coal-fired|gas engine|gas-steam|pumped-storage|photovoltaic|power|electric|"
    r"electricity|rail|railway|railroad|"
    r"freight|dry|sea|deep-sea|container|cargo|logistics|toll|ring|transmission|oil|water|"
    r"copper|gold|tungsten|uranium|"
    r"chemical|cement|steel|urea|fertili[sz]er|polyethylene|data|battery|storage|and battery|"
    r"and wind|and solar|"
    r"critical minerals|minerals|lithium|passenger|high-speed|green|treatment|drinking|waste|"
    r"car|glass|textile|international"
)
_HEAD = (
    r"plants?|stations?|(?<=wind )farms?|(?<=solar )farms?|(?<=solar )parks?|(?<=wind )parks?|"
    r"railway|railroad|rail line|rail link|lines?|highway|roads?|motorway|expressway|bridge|"
    r"tunnel|seaport|port|terminal|hub|yard|airport|pipelines?|cables?|cable projects?|"
    r"substation|refinery|mines?|smelter|"
    r"canals?|reservoir|field|grid|bypass|projects?|complex|scheme|venture|locomotives|"
    r"aircraft|jets|trains|ships|wagons|"
    r"cent(?:re|er)s?|factory|dam|cascade|section|stretch|chps?|hpps?|dreamliners|helicopters|"
    r"infrastructure|facility|electrification"
)
_WORK = re.compile(
    rf"(?P<mods>(?:(?:\d[\d.,]*[\s-]?(?:kV|MW|GW|km|megawatt|gigawatt|kilomet(?:re|er)))[\s-]+)?"
    rf"(?:\d+[\s-]kV\s|(?:[A-Z0-9][\w'.]*(?:-[A-Za-z]\w*|-\d)*)\s+|"
    rf"(?:{_SORT})[\s-]+){{0,6}})(?P<head>(?i:{_HEAD}))\b"
    rf"(?P<tail>(?:,)?\s(?:at|in|near|of|from|between|to|linking|around)\s(?:the\s)?"
    rf"(?P<where>[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)?(?:(?:,\s|\sand\s|\sto\s)[A-Z][\w'-]+)*))?"
)
_BARE = re.compile(
    r"^(?:the|this|that|its|their|whole|a|new)?\s*(?:project|scheme|line|plant|station|road|"
    r"pipeline|section|stretch|port|"
    r"infrastructure|facility|field|railway|airport|network|grid|bridge|road|dam|refinery|"
    r"lines|projects|plants|ships|trains|complex|mine|terminal|highway|hub|tunnel)s?$",
    re.IGNORECASE,
)
_GENERIC = re.compile(r"projects?|infrastructure|scheme|facilit(?:y|ies)|complex", re.IGNORECASE)
_SHORT = (
    (re.compile(r"(?:combined )?heat and power (?:plants|stations)"), "CHPs"),
    (re.compile(r"(?:combined )?heat and power (?:plant|station)"), "CHP"),
    (re.compile(r"\b(solar|wind|hydropower|nuclear|gas|coal) power (plants?|stations?|farms?)"), r"\1 \2"),
)


@dataclass(frozen=True, slots=True)
class Work:
    """Something built, run or bought, named in a sentence.

    Attributes:
        label: Name for reports.
        row: Row of the pack it is known as; several joined by ``;``; empty where not known.
        start: Where it begins in the sentence.
        end: Where it ends.
        bare: Whether it is only pointed back to ("the line").
        plural: Whether it is many things without a name of their own ("roads").
        parties: States it lies in, as far as its name or row says.
        partners: Outside partners of its row.
        sector: Its sector in the pack's words.
    """

    label: str
    row: str
    start: int
    end: int
    bare: bool = False
    plural: bool = False
    parties: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    sector: str = ""


def find_works(text: str, mentions: Sequence[Mention], gazetteer: Gazetteer) -> list[Work]:
    """Every work in a sentence, in order; known ones that stand side by side are one."""
    found = _joined([_known(item, gazetteer) for item in mentions if item.kind == "project"], text)
    for match in _WORK.finditer(folded(text)):
        start = match.start() + len(match["mods"]) - len(match["mods"].lstrip())
        end = match.end()
        inside = [work for work in found if start < work.end and work.start < end]
        if _goes_on(text, match):
            continue
        if inside or _is_a_firm(mentions, match.start("head")):
            continue
        found.append(_unknown(text, match, start, mentions, gazetteer))
    return sorted(found, key=lambda work: work.start)


def _goes_on(text: str, match: re.Match[str]) -> bool:
    """Whether a capital head is only a word of a longer name: the Road of an initiative."""
    rest = text[match.end("head") :]
    return match["head"][0].isupper() and bool(re.match(r"\s[A-Z]\w+", rest)) and not match["tail"]


def _is_a_firm(mentions: Sequence[Mention], start: int) -> bool:
    """Whether the head of a would-be work is part of a name: a port that is a firm."""
    kinds = ("company", "home_company", "lender", "person")
    return any(item.kind in kinds and item.start <= start < item.end for item in mentions)


def _known(mention: Mention, gazetteer: Gazetteer) -> Work:
    item = gazetteer.projects[mention.row]
    return Work(
        mention.label, item.row, mention.start, mention.end,
        parties=item.parties, partners=item.partners, sector=item.sector,
    )  # fmt: skip


def _joined(works: list[Work], text: str) -> list[Work]:
    """Known works side by side as one: "Bash and Dzhankeldy"."""
    out: list[Work] = []
    for work in works:
        last = out[-1] if out else None
        if last and re.fullmatch(r",? and |, ", text[last.end : work.start]) and last.sector == work.sector:
            if last.row == work.row:
                continue
            first = re.sub(rf" {last.sector}$", "", last.label)
            label = f"{first} and {work.label}"
            out[-1] = Work(
                label, f"{last.row};{work.row}", last.start, work.end,
                parties=tuple(dict.fromkeys((*last.parties, *work.parties))),
                partners=tuple(dict.fromkeys((*last.partners, *work.partners))), sector=work.sector,
            )  # fmt: skip
        elif last and re.fullmatch(r" \(| \((?:also )?known as (?:the )?", text[last.end : work.start]):
            continue
        else:
            out.append(work)
    return out


def _unknown(
    text: str, match: re.Match[str], start: int, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> Work:
    end = match.end()
    core = text[start : match.end("head")]
    names = [item for item in mentions if item.start >= start and item.end <= match.end("head")]
    where = match["where"] or ""
    placed = [item for item in mentions if item.start >= match.end("head") and item.end <= end]
    states = [item for item in (*names, *placed) if item.kind in ("country", "demonym", "group", "seat")]
    if where and (
        match["head"] in ("section", "stretch") or (placed and all(m.kind != "place" for m in placed))
    ):
        where = (
            "" if placed and all(item.kind in ("country", "demonym", "group") for item in placed) else where
        )
    size = re.match(
        r"\d[\d.,]*[\s-]?(?:kV|MW|GW|km|megawatt|gigawatt|kilomet(?:re|er))[\s-]*", core, re.IGNORECASE
    )
    kind = core[size.end() :] if size else core
    for item in states:
        kind = re.sub(rf"(?<!-)\b{re.escape(item.text)}(?:'s|’s)?\s(?!-)", "", kind)
    kind = re.sub(r"^(?:The|A|An|This|Its|In|For|New|And|On|First|Second)\s+", "", kind)
    if where or re.search(r"[A-Z]", kind):
        for pattern, short in _SHORT:
            kind = pattern.sub(short, kind)
    kind = re.sub(r"^\d+\s(?=[a-z])", "", kind)
    named = bool(re.search(r"[A-Z]", re.sub(r"CHPs?|HPPs?", "", kind)))
    pointed = bool(re.search(r"\b(?:the|this|that|its|their)\s$", text[:start])) and " " not in kind.strip()
    bare = not where and not named and size is None and (bool(_BARE.match(kind)) or pointed)
    plural = (kind.endswith("s") and not named and not where) or kind in ("infrastructure",)
    label = kind.strip()
    if where and not named:
        label = f"{where} {label}"
    elif where:
        label = f"{label} {where}" if len(where) < 40 else label
    elif not named and not size and (front := _fronted(text, start, mentions)):
        label, where = f"{front} {label}", front
    elif size and not named:
        unit = re.sub(r"megawatt", "MW", size.group().strip(" -"), flags=re.IGNORECASE)
        label = f"{re.sub(r'[-]', ' ', unit)} {label}"
    parties = tuple(dict.fromkeys(code for item in (*names, *placed) for code in item.parties))
    work = Work(label, "", start, end, bare, plural, _home(parties, gazetteer), (), sector_of(core))
    return linked(work, (), gazetteer) if (named or where) else work


def _fronted(text: str, start: int, mentions: Sequence[Mention]) -> str:
    """The place that a sentence opens with: "At Aktau, two firms are building a hub"."""
    for item in mentions:
        if (
            item.kind == "place"
            and item.end < start
            and re.search(r"(?:^|[.;]\s)(?:At|In|Near)\s$", text[: item.start])
        ):
            return item.text
    return ""


def _home(parties: Iterable[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    return tuple(code for code in parties if code in gazetteer.home)


def sector_of(words: str) -> str:
    """The sector that the words of a work speak of; empty for none."""
    low = words.lower()
    for sector, pattern in _SECTORS:
        if re.search(rf"\b(?:{pattern})\b", low):
            return sector
    return ""


_COMMON = frozenset({
    "and", "and/or", "at", "bypass", "capital", "central", "chp", "city", "company", "corridor",
    "development", "dry", "east", "energy", "farm", "first", "from", "gas", "group", "heat", "highway",
    "hpp", "hydropower", "in", "international", "large", "line", "near", "new", "north", "nuclear",
    "of", "phase", "pipeline", "plant", "port", "power", "project", "railway", "region", "road",
    "second", "section", "small", "solar", "south", "station", "terminal", "the", "to", "west", "wind",
})  # fmt: skip


def _tokens(words: str) -> set[str]:
    return {token for token in re.findall(r"[a-z0-9]+", folded(words).lower()) if len(token) > 2} - _COMMON


def linked(work: Work, sizes: Sequence[Quantity], gazetteer: Gazetteer, partners: Sequence[str] = ()) -> Work:
    """The work with the row of the pack it plainly is: a name and sector or size alike, or all but the name.

    Args:
        work: A work without a row.
        sizes: Power and length told of it.
        gazetteer: Names of the pack.
        partners: Outside parties told of it.
    """
    best: list[KnownProject] = []
    named: list[KnownProject] = []
    mine = _tokens(work.label)
    power = next((item.value for item in sizes if item.kind == "power"), None)
    length = next((item.value for item in sizes if item.kind == "length"), None)
    for item in gazetteer.projects.values():
        if item.sector == "corridor" or (work.parties and not set(work.parties) & set(item.parties)):
            continue
        alike = _close(power, item.capacity_mw) or _close(length, item.length_km)
        same_sector = work.sector in ("", "other", item.sector)
        common = mine & _tokens(item.label)
        if power and item.capacity_mw and not alike:
            continue
        if common and (alike or (same_sector and work.sector)):
            named.append(item)
        elif alike and same_sector and set(partners) & set(item.partners) and work.parties:
            best.append(item)
    chosen = named or best
    if len(chosen) > 1:
        chosen = [item for item in chosen if set(partners) & set(item.partners)] or chosen
    if len(chosen) != 1:
        return work
    item = chosen[0]
    label = item.label if named else work.label
    parties = tuple(item.parties) if named else work.parties
    return Work(label, item.row, work.start, work.end, False, False, parties, item.partners, item.sector)


def _close(told: float | None, known: float | None) -> bool:
    return told is not None and known is not None and abs(told - known) <= 0.02 * known


def is_generic(work: Work) -> bool:
    """Whether only a general word names it: a project, infrastructure."""
    return bool(_GENERIC.fullmatch(work.label))
