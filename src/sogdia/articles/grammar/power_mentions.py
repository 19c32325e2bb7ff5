"""Find works that only their power names, without the noun of a work."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sogdia.articles.claim import Quantity
from sogdia.articles.gazetteer import Gazetteer, Mention
from sogdia.articles.grammar.project_mentions import ProjectMention, sector_of
from sogdia.articles.grammar.work_words import MONTHS

_POWER_OF = re.compile(
    r"\s(?:of\s)?(?:new\s|additional\s|installed\s)?(?P<kind>solar|wind|hydro\w*|nuclear|gas-fired|coal-fired|renewable|thermal)"
    r"(?:\sand\s(?:solar|wind))?(?:\s(?:power|energy|capacity|generation|generating\scapacity))?"
    r"(?!\s(?:and\s\w+\s)?(?:plants?|farms?|parks?|stations?|projects?|complex|units?)\b)\b"
)
_POWER_AT = re.compile(
    r"[^.;,()]{0,40}?\s(?:at|in|near)\s(?:the\s)?(?P<where>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+)?)"
)
_ADDS_POWER = re.compile(
    r"\b(?:build|builds|built|building|develop|develops|develop(?:ed|ing)|add|adds|added|adding|install\w*|construct\w*|commission\w*)"
    r"\s(?:up\sto\s|about\s|another\s|a\sfurther\s|some\s|over\s|an\sadditional\s)?$"
)


def works_of_power(
    text: str, found: Sequence[ProjectMention], mentions: Sequence[Mention], gazetteer: Gazetteer,
    quantities: Sequence[Quantity],
) -> Iterator[ProjectMention]:  # fmt: skip
    """Yield works that only their power names: "1,000 MW of wind power at Mingbulak", "develop 570 MW".

    Args:
        text: The sentence.
        found: Its works with a noun.
        mentions: Names of the pack in it.
        gazetteer: Names of the region pack.
        quantities: Its figures.
    """
    for item in quantities:
        if item.kind != "power" or any(one.start < item.end + 45 and item.start < one.end for one in found):
            continue
        rest = text[item.end :]
        kind = _POWER_OF.match(rest)
        if kind is None and not _ADDS_POWER.search(text[: item.start]):
            continue
        end = item.end + (kind.end() if kind else 0)
        place = _POWER_AT.match(text[end:])
        where = place["where"] if place and not re.match(MONTHS, place["where"]) else ""
        reach = end + (place.end() if where and place else 0)
        sort = kind["kind"].lower() if kind else ""
        inside = [one for one in mentions if item.end <= one.start < reach]
        if where and inside and all(one.kind in ("country", "demonym", "group") for one in inside):
            where = ""
        size = re.sub(r"\s*[-\s]?(?:megawatts?)", " MW", item.text)
        label = f"{where} {sort}".strip() if where else f"{size} {sort} plant".replace("  ", " ")
        parties = tuple(dict.fromkeys(code for one in inside for code in one.parties))
        home = tuple(code for code in parties if code in gazetteer.home)
        yield ProjectMention(label, "", item.start, end, False, False, home, (), sector_of(sort))
