"""Words for what a claim is about where no work is named: a field of investment, a meeting, a good."""

from __future__ import annotations

import re

from sogdia.articles.grammar.marks import Marks

_FIELDS = (
    r"renewable energy(?: infrastructure)?|renewables|green energy|clean energy|raw materials|"
    r"critical (?:raw )?materials|critical minerals|"
    r"rare earths|transport(?:ation)?(?: links)?|logistics|energy|power generation|"
    r"power grids?|electricity|grid|roads?|railways?|"
    r"water(?: supply| management)?|irrigation|agriculture|mining|oil and gas|gas|oil|uranium|"
    r"digital\w*(?: connectivity)?|"
    r"satellite internet|telecommunications|artificial intelligence|infrastructure|"
    r"connectivity|climate|health\w*|education|"
    r"housing|small business(?:es)?|aircraft|aviation|locomotives|trains|nuclear energy|hydropower|industry|"
    r"trade|security|tourism|textiles|chemicals|banking|metals|copper|gold|budget support|"
    r"energy reform|small hydropower"
)
_LIST = re.compile(
    rf"\b(?:in|on|for|into|covering|towards?|across|to develop|development of|"
    rf"spanning)\s(?:the\s)?(?:\w+['’]s\s)?"
    rf"(?:[A-Z]\w+(?:['’]s)?\s)?(?:its\s|new\s|developing\s|(?:the\s)?\w+(?:ion|ment|ing|"
    rf"upgrade|repair)\sof\s(?:the\s)?(?:[A-Z]\w+\s)?)?"
    rf"(?P<field>(?:{_FIELDS})(?:(?:,\s|,?\sand\s)(?:{_FIELDS}))*)\b",
    re.IGNORECASE,
)
_SHORTER = re.compile(r"^(renewable energy) infrastructure$", re.IGNORECASE)
_TITLE = re.compile(
    r"(?:(?:first|second|third|fourth|fifth|sixth|inaugural|annual)\s)?(?:[A-Z][\w+-]*(?:\s|"
    r"-))*?(?:[A-Z][\w+.-]*\s){0,5}"
    r"(?:[Ss]ummit|[Mm]eeting)\b"
)
_LEADING = re.compile(r"^(?:At|The|A|In|During|After|Recent|On|This|Before|For)\s")


_PURPOSE = re.compile(
    r"^[^.;,()]{0,40}?\bfor\s(?P<what>(?:the\s|a\s|its\s|new\s)?[a-z][\w'-]*(?:\s(?!in\b|at\b|"
    r"from\b|by\b|and\b|to\b)[\w'-]+){0,4})"
)
_NO_PURPOSE = re.compile(
    r"\b(?:phases?|stages?|projects?|lines?|works?|construction|completion|purposes?|years?|"
    r"months?|it|them|first time|year|"
    r"rest|same|pair|both|plants?|country|region|line|dam|station|example|instance|studies|"
    r"study|preparations?)\b",
    re.IGNORECASE,
)


def purpose_of(marks: Marks, place: int) -> str:
    """What money is for, in the words after it; empty where they only point back to what was spoken of.

    Args:
        marks: The sentence.
        place: Where the sum ends.
    """
    found = _PURPOSE.match(marks.text[place:])
    if found is None or _NO_PURPOSE.search(found["what"]) or re.search(r"\d", found["what"]):
        return ""
    return re.sub(r"^(?:the|a|its|new)\s", "", found["what"])


def topic_of(marks: Marks, place: int) -> str:
    """The field that a claim is about, in its stretch or after it; empty where none is told.

    Args:
        marks: The sentence.
        place: Where the claim's sum or paper ends.
    """
    low, high = marks.stretch(max(0, place - 1))
    found = _LIST.search(marks.text, place, high) or _LIST.search(marks.text, low, high)
    if found is None:
        return ""
    return _SHORTER.sub(r"\1", found["field"])


_GOODS = re.compile(
    r"\b(?P<good>gas|oil|uranium|electricity|grain|cotton|gold|copper|coal|wheat|fertili[sz]ers?|cars?)\b",
    re.IGNORECASE,
)
_WAY = re.compile(r"\b(?:through|via)\s(?:the\s)?(?P<way>[A-Z]\w+)")
_SELLS = re.compile(r"\b(?:export\w*|earn\w*|sales|sold|revenues?)\b", re.IGNORECASE)
_BUYS = re.compile(r"\bimport\w*|\bbought\b", re.IGNORECASE)


def goods_of(marks: Marks) -> str:
    """What is sold or bought, in two words: "gas exports"; "trade" where no good is named.

    Args:
        marks: The sentence.
    """
    good = _GOODS.search(marks.text)
    works = " ".join(work.label for work in marks.works)
    name = good["good"].lower() if good else "gas" if "gas" in works else ""
    kind = "exports" if _SELLS.search(marks.text) else "imports" if _BUYS.search(marks.text) else "trade"
    return f"{name} {kind}".strip()


def gas_topic(marks: Marks) -> str:
    """A name for a flow of gas: a swap, a transit or a supply, with the way it takes.

    Args:
        marks: The sentence.
    """
    kind = next((word for word in ("swap", "transit", "exports", "imports") if word in marks.text), "supply")
    kind = "exports" if kind == "supply" and re.search(r"\bexported\b", marks.text) else kind
    way = _WAY.search(marks.text)
    return f"gas {kind} via {way['way']}" if way else f"gas {kind}"


_OBJECT = re.compile(
    r"\b(?:sells?|sold|suppl(?:y|ies|ied)|buys?|bought|deliver\w*|orders?|ordered|"
    r"purchase\w*)\s(?:to\s)?(?P<what>(?!to\b|from\b)[\w' -]{3,40}?)"
    r"\s(?:worth|for|from|under|in|to|at|totall?ing|valued)\b"
)


def object_of(marks: Marks) -> str:
    """What is sold or ordered, in the words of the sentence; empty where it is not told.

    Args:
        marks: The sentence.
    """
    found = _OBJECT.search(marks.text)
    return (
        re.sub(r"^(?:up to|the|a|an|some|about|\d+|six|four|two|three|ten)\s", "", found["what"]).strip()
        if found
        else ""
    )


def event_name(marks: Marks, match: re.Match[str]) -> str:
    """A name for a visit or a meeting: whose visit it is, or the title of the summit.

    Args:
        marks: The sentence.
        match: The verb or noun that tells of it.
    """
    text = marks.text
    if re.match(r"summit|meeting", match.group(), re.IGNORECASE):
        for title in _TITLE.finditer(text):
            if title.start() <= match.start() < title.end():
                name = title.group().strip()
                while _LEADING.match(name):
                    name = _LEADING.sub("", name)
                if name.lower() not in ("summit", "meeting"):
                    return name
    people = [item for item in marks.mentions if item.kind == "person"]
    before = [item for item in people if item.end <= match.end()]
    if match.group().lower().startswith(("visit", "state", "tour", "trip")):
        if before:
            return f"{before[-1].text} visit"
        host = next((item for item in marks.mentions if item.start < match.start()), None)
        return f"{host.text} visit" if host else "visit"
    if not people:
        guest = next(
            (
                item
                for item in marks.mentions
                if item.kind in ("lender", "company", "country", "seat", "demonym")
            ),
            None,
        )
        what = "delegation" if "delegation" in text else "meeting"
        return f"{guest.text} {what}" if guest else match.group().lower()
    if len(people) > 1:
        return f"{people[0].text} and {people[1].text} meeting"
    return f"{people[0].text} meeting" if people else match.group().lower()
