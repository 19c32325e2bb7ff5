"""Name the subject of a claim without a project: a sector of investment, a meeting or a good."""

from __future__ import annotations

import re

from sogdia.articles.gazetteer import Mention
from sogdia.articles.grammar.annotations import AnnotatedSentence

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
    r"from\b|by\b|and\b|to\b|is\b|was\b|has\b|will\b|are\b|were\b|lies\b|remains?\b)[\w'-]+){0,4})"
)
_NOUN_PHRASE = (
    r"(?:(?:the|a|an|its|their|new|more)\s)?(?P<what>[a-z][\w'-]*(?:(?:\s|,\s(?=[a-z]+,?\sand\s))(?!in\b|at\b|from\b|by\b|to\b|"
    r"is\b|was\b|has\b|will\b|are\b|were\b|with\b|through\b|under\b|which\b|that\b|on\b|for\b|as\b|near\b|"
    r"across\b|over\b|worth\b|while\b|when\b|after\b|so\b|between\b|against\b|during\b)[\w'-]+){0,6}"
    r"(?:\sin\s(?:the\s)?(?:\w+\s)?[A-Z][\w'-]+(?:\s[A-Z][\w'-]+)*)?)"
)
_PURPOSE_ACT = re.compile(
    r"^[^.;()]{0,60}?\bto\s(?:help\s|further\s|partly\s|\w+ly\s)?(?:improve|moderni[sz]e|upgrade|renew|expand|extend|rehabilitate|"
    r"repair|restore|reconstruct|build|develop|support|strengthen|digitali[sz]e|digiti[sz]e|finance|fund|renovate|replace|"
    r"refurbish|buy|purchase|construct|install|equip|protect|boost|promote|connect|electrify|complete)\s"
    + _NOUN_PHRASE
)
_NO_PURPOSE = re.compile(
    r"\b(?:phases?|stages?|projects?|lines?|works?|construction|completion|purposes?|years?|"
    r"months?|it|them|first time|year|"
    r"rest|same|pair|both|plants?|country|region|line|dam|station|example|instance|studies|"
    r"study|preparations?)\b",
    re.IGNORECASE,
)


def purpose_of(annotated: AnnotatedSentence, position: int, *, with_acts: bool = True) -> str:
    """Return the purpose of an amount from the words after it; empty if they only refer back.

    Args:
        annotated: The annotated sentence.
        position: End of the amount.
        with_acts: Whether an infinitive gives it too, such as "to improve water supply".
    """
    rest = annotated.text[position:]
    found = _PURPOSE.match(rest) or (_PURPOSE_ACT.match(rest) if with_acts else None)
    if found is None or _NO_PURPOSE.search(found["what"]) or re.search(r"\d", found["what"]):
        return ""
    what = re.sub(r"^(?:the|a|its|new)\s", "", found["what"])
    return re.sub(r"^\w+(?:ion|ing|ment|al|air|ade|work)\sof\s(?:the\s)?", "", what)


def topic_of(annotated: AnnotatedSentence, position: int) -> str:
    """Return the sector of a claim, from the words after its evidence or its clause; empty if none is named.

    Args:
        annotated: The annotated sentence.
        position: End of the claim's amount or agreement.
    """
    low, high = annotated.clause_span(max(0, position - 1))
    found = _LIST.search(annotated.text, position, high) or _LIST.search(annotated.text, low, high)
    if found is None:
        return ""
    return _SHORTER.sub(r"\1", found["field"])


_GOODS = re.compile(
    r"\b(?P<good>gas|oil|uranium|electricity|grain|cotton|gold|copper|coal|wheat|fertili[sz]ers?|cars?)\b",
    re.IGNORECASE,
)
_ROUTE = re.compile(r"\b(?:through|via)\s(?:the\s)?(?P<route>[A-Z]\w+)")
_SELLS = re.compile(r"\b(?:export\w*|earn\w*|sales|sold|revenues?)\b", re.IGNORECASE)
_DIRECTIONS = {
    **dict.fromkeys(("export", "ship", "sell", "earn", "supply"), "exports"),
    **dict.fromkeys(("import", "buy", "purchase", "order"), "imports"),
}
_BUYS = re.compile(r"\bimport\w*|\bbought\b", re.IGNORECASE)


def goods_of(annotated: AnnotatedSentence, verb: str = "") -> str:
    """Return the traded good with its direction, such as "gas exports"; "trade" if no good is named.

    Args:
        annotated: The annotated sentence.
        verb: Verb of the claim, which decides the direction if it has one.
    """
    good = _GOODS.search(annotated.text)
    projects = " ".join(project.label for project in annotated.projects)
    name = good["good"].lower() if good else "gas" if re.search(r"\bgas\b", projects) else ""
    if not name and any(item.kind in ("energy", "power") for item in annotated.quantities):
        name = "electricity"
    if verb in _DIRECTIONS:
        return f"{name} {_DIRECTIONS[verb]}".strip()
    kind = (
        "exports" if _SELLS.search(annotated.text) else "imports" if _BUYS.search(annotated.text) else "trade"
    )
    return f"{name} {kind}".strip()


def gas_topic(annotated: AnnotatedSentence) -> str:
    """Return a name for a gas flow: swap, transit, exports, imports or supply, with its route.

    Args:
        annotated: The annotated sentence.
    """
    kind = next(
        (
            word
            for word in ("swap", "transit", "exports", "imports")
            if re.search(rf"\b{word}s?\b", annotated.text)
        ),
        "supply",
    )
    kind = "exports" if kind == "supply" and re.search(r"\bexported\b", annotated.text) else kind
    kind = (
        "imports" if kind == "supply" and re.search(r"\b(?:bought|buys|imported)\b", annotated.text) else kind
    )
    good = "natural gas" if "natural gas" in annotated.text else "gas"
    route = _ROUTE.search(annotated.text)
    return f"{good} {kind} via {route['route']}" if route else f"{good} {kind}"


_OBJECT = re.compile(
    r"\b(?:sells?|sold|suppl(?:y|ies|ied)|buys?|bought|deliver\w*|orders?|ordered|"
    r"purchase\w*)\s(?:to\s)?(?P<what>(?!to\b|from\b|agreements?\b|contracts?\b|deals?\b)[\w' -]{3,40}?)"
    r"\s(?:worth|for|from|under|in|to|at|totall?ing|valued)\b"
)


def object_of(annotated: AnnotatedSentence) -> str:
    """Return the object of a sale or order in the words of the sentence; empty if it has none.

    Args:
        annotated: The annotated sentence.
    """
    found = _OBJECT.search(annotated.text)
    return (
        re.sub(r"^(?:up to|the|a|an|some|about|\d+|six|four|two|three|ten)\s", "", found["what"]).strip()
        if found
        else ""
    )


_TITLED = re.compile(
    r"\b(?:[Pp]resident|[Mm]inister|[Pp]remier|[Cc]hancellor|[Ss]ecretary|[Cc]ommissioner|[Ee]nvoy|[Kk]ing|[Ee]mir|"
    r"[Cc]rown [Pp]rince|[Ss]peaker|[Aa]mbassador|[Ll]eader|[Gg]overnor),?\s"
    r"(?P<name>[A-Z][\w'’-]+(?:\s[A-Z][\w'’-]+){0,3})"
)
"""An office and the name of the person that holds it."""


def _titled(annotated: AnnotatedSentence) -> list[Mention]:
    """Return the persons that a sentence names after their office; no name of the pack is one."""
    known = [(item.start, item.end) for item in annotated.mentions]
    return [
        Mention("person", match["name"], match.start("name"), match.end("name"), ())
        for match in _TITLED.finditer(annotated.text)
        if all(end <= match.start("name") or match.end("name") <= start for start, end in known)
    ]


def event_name(annotated: AnnotatedSentence, match: re.Match[str]) -> str:
    """Return a name for a visit or meeting: the visitor, or the title of the summit.

    Args:
        annotated: The annotated sentence.
        match: Verb or noun of the event.
    """
    text = annotated.text
    if re.match(r"summit|meeting", match.group(), re.IGNORECASE):
        for title in _TITLE.finditer(text):
            if title.start() <= match.start() < title.end():
                name = title.group().strip()
                while _LEADING.match(name):
                    name = _LEADING.sub("", name)
                if name.lower() not in ("summit", "meeting"):
                    return name
    people = [item for item in annotated.mentions if item.kind == "person"] or _titled(annotated)
    before = [item for item in people if item.end <= match.end()]
    of_person = next(
        (
            item
            for item in people
            if re.fullmatch(r"\sof\s.{0,40}?", annotated.text[match.end() : item.start])
        ),
        None,
    )
    if of_person is not None and match.group().lower().startswith(("visit", "tour", "trip")):
        return f"{of_person.text} visit"
    is_journey = not re.match(
        r"meet|summit|talk|confer|receiv|host|welcom|discuss|spoke|negotiat|dined",
        match.group(),
        re.IGNORECASE,
    )
    if is_journey and before:
        return f"{before[-1].text} visit"
    if match.group().lower().startswith(("visit", "state", "tour", "trip", "is ", "are ")):
        host = next((item for item in annotated.mentions if item.start < match.start()), None)
        return f"{host.text} visit" if host else "visit"
    if not people:
        guest = next(
            (
                item
                for item in annotated.mentions
                if item.kind in ("lender", "company", "country", "seat", "demonym")
            ),
            None,
        )
        what = "delegation" if "delegation" in text else "meeting"
        return f"{guest.text} {what}" if guest else match.group().lower()
    if len(people) > 1:
        return f"{people[0].text} and {people[1].text} meeting"
    return f"{people[0].text} meeting" if people else match.group().lower()
