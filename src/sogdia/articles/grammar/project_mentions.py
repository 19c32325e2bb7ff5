"""Find projects in a sentence: plants, lines, ports; rows of the pack, or names built from the words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sogdia.articles.claim import Quantity
from sogdia.articles.gazetteer import Gazetteer, KnownProject, Mention, fold
from sogdia.articles.grammar.noun_phrases import (
    determiner_of,
    fronted_place,
    is_firm_in_plural,
    modifiers_of,
    place_after,
    possessor_of,
    without_empty_capitals,
)
from sogdia.articles.grammar.work_words import MONTHS, NAME_AFTER, PROJECT, SECTORS

_SIZE = re.compile(r"\d[\d.,]*[\s-]?(?:kV|MW|GW|km|megawatt|gigawatt|kilomet(?:re|er))[\s-]*", re.IGNORECASE)
_INDEFINITE = re.compile(r"\b(?:an?|another|second|third|fourth|one|new)\s(?:\w+\s)?$", re.IGNORECASE)
_ANAPHORIC = re.compile(
    r"^(?:the|this|that|its|their|whole|a|new)?\s*(?:project|scheme|line|plant|station|road|"
    r"pipeline|section|stretch|port|"
    r"infrastructure|facility|field|railway|airport|network|grid|bridge|road|dam|refinery|"
    r"(?:second |double |new )?track|lines|projects|plants|ships|trains|complex|mine|"
    r"terminal|highway|hub|tunnel)s?$",
    re.IGNORECASE,
)
_VEHICLE = re.compile(
    r"locomotives|aircraft|jets|trains|ships|wagons|helicopters|dreamliners|tankers|vessels|ferries|turbines",
    re.IGNORECASE,
)
_LINEAR = re.compile(
    r"line|rail|road|way|pipeline|cable|link|tunnel|canal|track|section|stretch|extension", re.IGNORECASE
)
_INDUSTRY = re.compile(
    r"\b(?:smelter|refinery|factory|mill|works|urea|cement|steel|fertili[sz]er|chemical|coal|thermal|heat\w*|chps?|glass|"
    r"textile|polyethylene|battery|treatment|waste)\b",
    re.IGNORECASE,
)
"""Words of works of the sector ``other`` that are no power station of another kind."""
_FUND = re.compile(
    r"(?:Investment|Credit|Financ\w+|Lending|Guarantee|Loan|Trust|Grant|Adjustment)\s(?:Facility|Scheme|Project)",
)
"""Names of funds, which are no works."""
_MONEY_FACILITY = re.compile(
    r"\b(?:secured|unsecured|loan|credit|term|revolving|lending|financing|funding|guarantee|overdraft|swap|debt|grant|"
    r"syndicated|liquidity)\s$"
)
"""Words before "facility" as a form of loan."""
_BARE_PLURAL = re.compile(
    r"roads|railways|highways|bridges|pipelines|airports|ports|power plants|power stations"
)
_ROUTES = ("rail", "road", "grid")
"""Sectors whose works are named by their two ends, so that one end in common is not enough."""
_GENERIC = re.compile(r"projects?|infrastructure|scheme|facilit(?:y|ies)|complex", re.IGNORECASE)
_SHORT = (
    (re.compile(r"(?:combined )?heat and power (?:plants|stations)"), "CHPs"),
    (re.compile(r"(?:combined )?heat and power (?:plant|station)"), "CHP"),
    (re.compile(r"\b(solar|wind|hydropower|nuclear|gas|coal) power (plants?|stations?|farms?)"), r"\1 \2"),
)


@dataclass(frozen=True, slots=True)
class ProjectMention:
    """A project or asset named in a sentence.

    Attributes:
        label: Name for reports.
        row: Its row of the pack; several joined by ``;``; empty if it is not in the pack.
        start: Start in the sentence.
        end: End in the sentence.
        is_anaphoric: Whether it only refers back to a project ("the line").
        is_plural: Whether it denotes several assets without a name ("roads").
        parties: Countries it lies in, by its name or row.
        partners: Outside partners of its row.
        sector: Its sector, by the codes of the pack.
    """

    label: str
    row: str
    start: int
    end: int
    is_anaphoric: bool = False
    is_plural: bool = False
    parties: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    sector: str = ""


def find_project_mentions(
    text: str, mentions: Sequence[Mention], gazetteer: Gazetteer, quantities: Sequence[Quantity] = ()
) -> list[ProjectMention]:
    """Return the project mentions of a sentence in order; adjacent known projects become one mention.

    Args:
        text: The sentence.
        mentions: Names of the pack in it.
        gazetteer: Names of the region pack.
        quantities: Its figures; no sum of money becomes a part of a name.
    """
    found = _joined([_known_mention(item, gazetteer) for item in mentions if item.kind == "project"], text)
    for match in PROJECT.finditer(_without_sums(fold(text), quantities)):
        start = match.start() + len(match["mods"]) - len(match["mods"].lstrip())
        end = match.end()
        inside = [project for project in found if start < project.end and project.start < end]
        if _is_part_of_longer_name(text, match):
            continue
        if inside or _is_part_of_firm(mentions, match.start("head")):
            continue
        new = _new_mention(text, match, start, mentions, gazetteer)
        found.append(_with_apposition(text, new, mentions, gazetteer))
    return sorted(found, key=lambda project: project.start)


def _with_apposition(
    text: str, project: ProjectMention, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> ProjectMention:
    """Return a work without a name with the name that explains it: "another dam, Egiin Gol (315 MW)"."""
    name = NAME_AFTER.match(text, project.end)
    if name is None or re.search(r"[A-Z]", project.label) or project.is_plural:
        return project
    if any(
        item.start < name.end("name") and name.start("name") < item.end
        for item in mentions
        if item.kind != "place"
    ):
        return project
    named = replace(
        project,
        label=f"{name['name']} {project.label}",
        end=name.end("name"),
        is_anaphoric=False,
        is_plural=False,
    )
    return link_to_pack(named, (), gazetteer)


def _without_sums(text: str, quantities: Sequence[Quantity]) -> str:
    """Return a text of the same length with its sums of money blanked."""
    for item in quantities:
        if item.kind == "money":
            text = text[: item.start] + "$" * (item.end - item.start) + text[item.end :]
    return text


def _is_part_of_longer_name(text: str, match: re.Match[str]) -> bool:
    """Return whether a head is part of the name of a fund, or a capitalised one of another longer name."""
    rest = text[match.end("head") :]
    before = text[: match.start("head")]
    if _FUND.search(match.group()) or (_MONEY_FACILITY.search(before) and match["head"] == "facility"):
        return True
    if match["head"] == "facility" and re.match(r"\s(?:agreements?|letter)\b", rest):
        return True
    if is_firm_in_plural(match["mods"], match["head"]):
        return True
    return match["head"][0].isupper() and bool(re.match(r"\s[A-Z]\w+", rest)) and not match["tail"]


def _is_part_of_firm(mentions: Sequence[Mention], start: int) -> bool:
    """Return whether the head of a candidate is part of the name of a company, such as a port operator."""
    kinds = ("company", "home_company", "lender", "person")
    return any(item.kind in kinds and item.start <= start < item.end for item in mentions)


def _known_mention(mention: Mention, gazetteer: Gazetteer) -> ProjectMention:
    item = gazetteer.projects[mention.row]
    return ProjectMention(
        mention.label, item.row, mention.start, mention.end,
        parties=item.parties, partners=item.partners, sector=item.sector,
    )  # fmt: skip


def _joined(projects: list[ProjectMention], text: str) -> list[ProjectMention]:
    """Join adjacent known projects to one mention: "Bash and Dzhankeldy"."""
    out: list[ProjectMention] = []
    for project in projects:
        last = out[-1] if out else None
        if (
            last
            and re.fullmatch(r",? and |, ", text[last.end : project.start])
            and last.sector == project.sector
        ):
            if last.row == project.row:
                continue
            first = re.sub(rf" {last.sector}$", "", last.label)
            label = f"{first} and {project.label}"
            out[-1] = ProjectMention(
                label, f"{last.row};{project.row}", last.start, project.end,
                parties=tuple(dict.fromkeys((*last.parties, *project.parties))),
                partners=tuple(dict.fromkeys((*last.partners, *project.partners))), sector=project.sector,
            )  # fmt: skip
        elif last and re.fullmatch(r" \(| \((?:also )?known as (?:the )?", text[last.end : project.start]):
            continue
        else:
            out.append(project)
    return out


def _new_mention(
    text: str, match: re.Match[str], start: int, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> ProjectMention:
    end = match.end()
    article = re.match(r"(?:The|A|An|This|Its|Their)\s", text[start:end])
    start += article.end() if article else 0
    core = text[start : match.end("head")]
    names = [item for item in mentions if item.start >= start and item.end <= match.end("head")]
    placed = [item for item in mentions if item.start >= match.end("head") and item.end <= end]
    states = [item for item in (*names, *placed) if item.kind in ("country", "demonym", "group", "seat")]
    where = _place_of(match, placed)
    size = _SIZE.match(core)
    kind = _sort_of(core[size.end() :] if size else core, states, is_placed=bool(where))
    kind = without_empty_capitals(kind, text[:start])
    named = bool(re.search(r"[A-Z]", re.sub(r"CHPs?|HPPs?", "", kind)))
    if not where and not named:
        where = place_after(text, match.end("head"), mentions) or possessor_of(text[:start], mentions)
    if not where and not named and _INDEFINITE.search(text[:start]) and not _GENERIC.fullmatch(kind):
        later = re.match(r"[^.;()]{0,50}?\b(?:at|in|near)\s(?P<where>[A-Z][\w'-]+)(?!\$)\b", text[end:])
        where = later["where"] if later and not re.match(MONTHS, later["where"]) else ""
    is_anaphoric = not where and not named and _refers_back(text[:start], kind, has_size=size is not None)
    is_plural = (kind.endswith("s") and not named and not where) or kind in ("infrastructure",)
    label = kind.strip()
    where = re.sub(r"\s(?:to|and)\s\S+['’]s$", "", where)
    if re.match(MONTHS, where):
        where = ""
    if where and not named:
        label = f"{where} {label}"
    elif where:
        link = " in" if re.match(r",?\s(?:at|in|near)\s", match["tail"] or "") else ""
        label = f"{label}{link} {where}" if len(where) < 40 else label
    elif not named and (front := fronted_place(text, start, mentions)):
        label, where, is_anaphoric = f"{front} {label}", front, False
    elif not size and not named and not is_anaphoric:
        label = f"{modifiers_of(text[:start])} {label}".strip()
    elif size and not named:
        unit = re.sub(r"megawatt", "MW", size.group().strip(" -"), flags=re.IGNORECASE)
        label = f"{re.sub(r'[-]', ' ', unit)} {label}"
    parties = tuple(dict.fromkeys(code for item in (*names, *placed) for code in item.parties))
    project = ProjectMention(
        label, "", start, end, is_anaphoric, is_plural, _home(parties, gazetteer), (), sector_of(core)
    )
    return link_to_pack(project, (), gazetteer) if (named or where) else project


def _place_of(match: re.Match[str], placed: Sequence[Mention]) -> str:
    """Return the place after a project's noun, unless it only gives the country."""
    where = match["where"] or ""
    if _VEHICLE.fullmatch(match["head"]):
        return ""
    is_route = bool(
        re.search(r"\s(?:to|into|between|linking|from)\s", match["tail"] or "")
        and _LINEAR.search(match["head"])
    )
    is_country = bool(placed) and all(item.kind in ("country", "demonym", "group") for item in placed)
    return "" if is_country and not is_route else where


def _sort_of(core: str, states: Sequence[Mention], *, is_placed: bool) -> str:
    """Return the name of a project without its size, articles and the countries it lies in."""
    for item in states:
        if item.kind == "seat":
            core = re.sub(rf"^{re.escape(item.text)}(?:'s|’s)\s", f"{item.text} ", core)
            continue
        core = re.sub(rf"(?<!-)\b{re.escape(item.text)}(?:'s|’s)?\s(?!-|[A-Z]\w+-[A-Z])", "", core)
    core = re.sub(
        r"^(?:(?:The|A|An|This|Its|In|For|New|And|On|First|Second|All|Both|Some|Most|Several|Another|Each|No|Two|Three|Four|Five|With|By|Under|To|Of|At)\s+)+",
        "",
        core,
    )
    if is_placed or re.search(r"[A-Z]", core):
        for pattern, short in _SHORT:
            core = pattern.sub(short, core)
    return re.sub(r"^\d+\s(?=[a-z])|^(?:19|20)\d\d\s+", "", core)


def _refers_back(before: str, kind: str, *, has_size: bool) -> bool:
    """Return whether a project without name and place refers back: "the plant", but not "a second plant"."""
    is_definite = bool(re.search(r"\b(?:the|this|that|these|those|its|their|both)\s$", before, re.IGNORECASE))
    if kind.strip() in ("unit", "units"):
        return True
    if _BARE_PLURAL.fullmatch(kind) and not is_definite:
        return False
    if has_size and not is_definite:
        return False
    if _INDEFINITE.search(before) and not _GENERIC.fullmatch(kind):
        return False
    if determiner_of(before) == "indefinite" and modifiers_of(before):
        return False
    return bool(_ANAPHORIC.match(kind)) or (is_definite and " " not in kind.strip())


def _home(parties: Iterable[str], gazetteer: Gazetteer) -> tuple[str, ...]:
    return tuple(code for code in parties if code in gazetteer.home)


def sector_of(text: str) -> str:
    """Return the sector that a project's name indicates; empty for none."""
    low = text.lower()
    for sector, pattern in SECTORS:
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


@lru_cache(maxsize=4096)
def _name_tokens(label: str) -> frozenset[str]:
    """Return the distinctive words of the capitalised part of a name."""
    named = re.match(r"(?P<own>.*[A-Z].*) in [A-Z]", label)
    text = " ".join(re.findall(r"[A-Z][\w'’-]+", named["own"] if named else label))
    return (
        frozenset(token for token in re.findall(r"[a-z0-9]+", fold(text).lower()) if len(token) > 2) - _COMMON
    )


def link_to_pack(
    project: ProjectMention, sizes: Sequence[Quantity], gazetteer: Gazetteer, partners: Sequence[str] = ()
) -> ProjectMention:
    """Link a project mention to a row of the pack: by name with sector or size, or by all but the name.

    Args:
        project: A mention without a row.
        sizes: Power and length stated for it.
        gazetteer: Names of the region pack.
        partners: Outside parties stated for it.

    Returns:
        The mention with its row, or unchanged if no row or more than one matches.
    """
    best: list[KnownProject] = []
    named: list[KnownProject] = []
    mine = _name_tokens(project.label)
    is_open = project.sector == "other" and not _INDUSTRY.search(project.label)
    power = next((item.value for item in sizes if item.kind == "power"), None)
    length = next((item.value for item in sizes if item.kind == "length"), None)
    for item in gazetteer.projects.values():
        if item.sector == "corridor" or (project.parties and not set(project.parties) & set(item.parties)):
            continue
        alike = _is_close(power, item.capacity_mw) or _is_close(length, item.length_km)
        same_sector = project.sector in ("", item.sector) or is_open
        theirs = _name_tokens(item.label)
        common = mine & theirs
        if project.sector in _ROUTES and not alike and len(common) == 1 and len(mine) > 1 and len(theirs) > 1:
            continue
        if power and item.capacity_mw and not alike:
            continue
        if common and (alike or (same_sector and project.sector)):
            named.append(item)
        elif alike and same_sector and set(partners) & set(item.partners) and project.parties:
            best.append(item)
    chosen = named or best
    if len(chosen) > 1:
        chosen = [item for item in chosen if set(partners) & set(item.partners)] or chosen
    if len(chosen) != 1:
        return project
    item = chosen[0]
    label = item.label if named else project.label
    parties = tuple(item.parties) if named else project.parties
    return ProjectMention(
        label, item.row, project.start, project.end, False, False, parties, item.partners, item.sector
    )


def _is_close(stated: float | None, known: float | None) -> bool:
    return stated is not None and known is not None and abs(stated - known) <= 0.02 * known


def is_generic(project: ProjectMention) -> bool:
    """Return whether only a general word names it, such as "project" or "infrastructure"."""
    return bool(_GENERIC.fullmatch(project.label))
