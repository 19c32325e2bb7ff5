"""Works in sentences of the language ru: plants, lines, ports; linked to the pack by the names of places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache

from sogdia.articles.gazetteer import Gazetteer, KnownProject, Mention
from sogdia.articles.grammar.project_mentions import ProjectMention, sector_of
from sogdia.articles.languages.ru.lexicon import (
    LONGEST_ENDING,
    Word,
    plain,
    rows_of,
    sector_of_adjective,
    stem_in,
)
from sogdia.articles.languages.ru.names import skeleton, skeletons
from sogdia.articles.languages.ru.phrases import (
    Gender,
    closed_words,
    complement_end,
    is_adjective,
    is_plural,
    nominative_adjective,
    plural,
)

_NAME = r"[А-ЯЁA-Z][\w'’]*(?:-[\w]+)*"
_CHAIN = re.compile(r"\s?[—–-]\s?")
_APPOSITION = re.compile(
    rf"\s?(?:[«\"][^«»\"]{{2,40}}[»\"]|№\s?\d+|-\d+|{_NAME}(?:\s?[—–-]\s?{_NAME})+|"
    rf"{_NAME}(?:\s(?:области|района|края|региона))?|\d{{2,4}}\s(?:кВ|киловольт)\b)"
)
_PLACE = re.compile(
    rf"\s(?:(?:в|во|на|до|близ|под|через|около|из|от|к|у)\s(?:[а-яё]+\s){{0,1}}{_NAME}|и\s{_NAME}|между\s{_NAME})"
    rf"(?:\s?[—–-]\s?{_NAME})*(?:\s{_NAME})?(?:\s(?:области|районе|районах|регионе|крае|провинции|округе))?"
)
_SIZE = re.compile(
    r"\s(?:(?:общей|суммарной|установленной|проектной|годовой|полной)\s)?"
    r"(?:мощностью|протяж[её]нностью|длиной|стоимостью|на|в|за)\s(?:[а-яё]+\s)?\d[\d\s,.]{0,10}"
    r"(?:млн\s|млрд\s|тыс\.?\s|тысяч\s|миллион\w*\s|миллиард\w*\s)?"
    r"(?:МВт|ГВт|кВт|кВ|мегаватт\w*|гигаватт\w*|км\b|километр\w*|долларов|евро|юаней|тонн\w*)"
    r"(?:\s(?:США|в год))?"
)
"""A size between a work and its place."""
_LINKED = frozenset(("hydro", "nuclear", "solar", "wind", "rail", "road", "gas", "grid"))
_PLANT = re.compile(r"станци|ТЭС|ТЭЦ|ГРЭС|ПГУ|энергоблок")
"""Sectors in which a name of a place identifies a project; a port may have several terminals."""
_POWER = frozenset(("hydro", "solar", "wind", "nuclear"))
_POWER_NAME = re.compile(r"power plant|combined cycle|CCGT|GRES|CHP|gas plant|thermal", re.IGNORECASE)
_MOST_ADJECTIVES = 3
_NEW = re.compile(r"(?:\bвтор\w+|\bтреть\w+|\bещё\b|\bеще\b|\bнов\w+|\bдруг\w+)\s(?:\w+\s)?$", re.IGNORECASE)
_REFERENCE = re.compile(r"(?:проект|объект|стройк)\w{0,3}", re.IGNORECASE)
_POINTING = re.compile(r"(?:эт\w{1,3}|данн\w+|сам\w{0,2})", re.IGNORECASE)
_COUNTS = frozenset(("два", "две", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять"))
_FIVE_OR_MORE = frozenset(("пять", "шесть", "семь", "восемь", "девять", "десять"))
"""Numbers that a genitive plural follows, which is its own label."""
_FOREIGN_KINDS = ("demonym", "company", "lender", "country")
_COMMON = frozenset(
    ("power", "plant", "wind", "farm", "solar", "railway", "road", "line", "station", "region")
)


@cache
def _heads() -> Mapping[str, tuple[str, Gender]]:
    """Return lemma and gender of the heads of works by their stem."""
    return {
        plain(row["stem"]): (row["lemma"], row["gender"])  # type: ignore[misc]
        for row in rows_of("works.csv")
    }


@cache
def _weak_heads() -> frozenset[str]:
    """Return the lemmas of heads that need an adjective, complement or name to be a work."""
    return frozenset(row["lemma"] for row in rows_of("works.csv") if row["weak"] == "yes")


@cache
def _goods() -> frozenset[str]:
    """Return the lemmas of heads that are goods, which refer to no earlier work."""
    return frozenset(row["lemma"] for row in rows_of("works.csv") if row["weak"] == "goods")


@cache
def _stems() -> Mapping[str, str]:
    return {stem: stem for stem in _heads()}


def head_of(text: str) -> tuple[str, Gender] | None:
    """Return lemma and gender of the head of a work; ``None`` for any other word.

    >>> head_of("электростанцией")
    ('электростанция', 'f')
    """
    stem = stem_in(plain(text), _stems(), LONGEST_ENDING - 1)
    stem = stem or stem_in(plain(text).partition("-")[0], _stems(), LONGEST_ENDING - 1)
    return _heads()[stem] if stem else None


def find_works(
    text: str, words: Sequence[Word], mentions: Sequence[Mention], gazetteer: Gazetteer
) -> list[ProjectMention]:
    """Return the works of a sentence in order; one without a name or place may refer to an earlier one.

    Args:
        text: The sentence.
        words: Its words.
        mentions: Names in it.
        gazetteer: Names of the region pack.
    """
    found: list[ProjectMention] = []
    for index, word in enumerate(words):
        if found and word.start < found[-1].end:
            continue
        if word.sector and not word.tense and not _is_in_name(word, mentions):
            if not (is_adjective(word.text) and head_of(word.text) is None) and not _is_alone(text, word):
                work = _work(text, words, index, mentions, gazetteer)
                if work.label not in _weak_heads():
                    found.append(work)
        elif _REFERENCE.fullmatch(word.text):
            found.append(_referring(text, words, index))
    found += _bare_names(text, found, gazetteer)
    found.sort(key=lambda item: item.start)
    named = [item for item in found if not _REFERENCE.fullmatch(item.label)]
    return named or found[:1]


def _is_alone(text: str, word: Word) -> bool:
    """Return whether a word is a part of another name, such as a hyphenated one."""
    return text[word.start - 1 : word.start] in ("-", "«") and not text[word.start].isupper()


def _referring(text: str, words: Sequence[Word], index: int) -> ProjectMention:
    """Return "the project", with its name in quotation marks if it has one."""
    word = words[index]
    quoted = re.match(r"\s[«\"][^«»\"]{2,40}[»\"]", text[word.end :])
    if quoted is None:
        return ProjectMention(word.text, "", word.start, word.end, is_anaphoric=True)
    start, label = word.start, f"проект{quoted.group()}"
    if index and is_adjective(words[index - 1].text) and text[words[index - 1].end : start] == " ":
        start = words[index - 1].start
        label = f"{nominative_adjective(words[index - 1].text.lower(), 'm')} {label}"
    return ProjectMention(label, "", start, word.end + quoted.end(), sector="other")


def _is_in_name(word: Word, mentions: Sequence[Mention]) -> bool:
    return any(
        item.kind in ("lender", "company") and item.start <= word.start < item.end for item in mentions
    )


def _adjectives(
    text: str, words: Sequence[Word], index: int, taken: frozenset[int]
) -> tuple[int, list[str], bool]:
    """Return start, adjectives and whether a pronoun points back, of the words before a head."""
    adjectives: list[str] = []
    start, points = words[index].start, False
    for word in reversed(words[max(0, index - _MOST_ADJECTIVES) : index]):
        form = plain(word.text)
        if text[word.end : start] != " ":
            break
        if _POINTING.fullmatch(word.text) and form in closed_words():
            points = True
            break
        is_count = form in _COUNTS
        if (not is_adjective(word.text) and not is_count) or word.start in taken or form in closed_words():
            break
        start = word.start
        adjectives.insert(0, word.text)
        if is_count:
            break
    return start, adjectives, points


def _label(adjectives: Sequence[str], head: str, rest: str) -> str:
    """Return adjectives and head in the nominative, with the rest as in the text."""
    known = head_of(head)
    if known is None:
        return " ".join((*adjectives, head)) + rest
    if any(plain(word) in _FIVE_OR_MORE for word in adjectives):
        return " ".join((*adjectives, head)).lower() + rest
    lemma, gender = known
    many = is_plural(head, lemma, gender) or any(plain(word) in _COUNTS for word in adjectives)
    many = many or any(re.search(r"(?:ых|их|ые|ие|ыми|ими)$", plain(word)) for word in adjectives)
    of: Gender = "p" if many else gender
    first = [
        word.lower() if plain(word) in _COUNTS else nominative_adjective(word, of) for word in adjectives
    ]
    if first and adjectives[0][0].isupper() and not adjectives[0][1:2].isupper() and len(adjectives) > 1:
        first[0] = first[0][0].upper() + first[0][1:]
    name = plural(lemma) if many else lemma
    return " ".join((*first, name)) + rest


def _tail(text: str, words: Sequence[Word], index: int, mentions: Sequence[Mention]) -> tuple[int, str, bool]:
    """Return end and text of what follows a head, and whether it names it: complements, names, place."""
    last = complement_end(words, index + 1, text)
    end = words[last - 1].end
    rest, is_named = text[words[index].end : end], last > index + 1
    blocked = {
        item.start for item in mentions if item.kind in (*_FOREIGN_KINDS, "group", "home_company", "person")
    }
    while True:
        found = _APPOSITION.match(text, end)
        first = found.end() - len(found.group().lstrip()) if found else 0
        if found is None or (first in blocked and not re.search(r"\s?[—–]\s?|\w-[А-ЯЁ]", found.group())):
            break
        rest, end, is_named = rest + _without_subject(found.group(), first, blocked), found.end(), True
        inner = re.match(r"\s[а-яё]+(?=\s[А-ЯЁA-Z«])", text[end:])
        if inner is not None and head_of(inner.group().strip()) is not None:
            rest, end = rest + inner.group(), end + inner.end()
    while True:
        size = _SIZE.match(text, end)
        at = size.end() if size else end
        place = _PLACE.match(text, at)
        if place is None or _names_state(place, blocked) or (
            not is_named and place.group().startswith(" и ")
        ):  # fmt: skip
            break
        rest, end, is_named = rest + place.group(), place.end(), True
    return end, rest, is_named


def _without_subject(name: str, first: int, blocked: set[int]) -> str:
    """Return a chain of names without the state after it, which is the subject of the next clause."""
    cut = next((item for item in sorted(blocked) if first < item < first + len(name)), None)
    if cut is None or _CHAIN.search(name[cut - first - 3 : cut - first + 1]) is not None:
        return name
    return name[: len(name) - (len(name.lstrip()) - (cut - first))].rstrip()


def _names_state(place: re.Match[str], blocked: set[int]) -> bool:
    """Return whether a state or company follows the preposition itself."""
    first = re.search(r"[А-ЯЁA-Z]", place.group())
    words = place.group().split()
    is_direct = bool(first) and len(words) > 1 and words[1][0].isupper()
    return is_direct and first is not None and place.start() + first.start() in blocked


def _work(
    text: str, words: Sequence[Word], index: int, mentions: Sequence[Mention], gazetteer: Gazetteer
) -> ProjectMention:
    head = words[index]
    taken = frozenset(item.start for item in mentions if item.kind in _FOREIGN_KINDS)
    start, adjectives, points = _adjectives(text, words, index, taken)
    sector = head.sector
    for word in adjectives:
        sector = sector_of_adjective(word) or sector
    end, rest, is_named = _tail(text, words, index, mentions)
    if not is_named and adjectives and not points:
        rest += _nearby_place(text, start, end, mentions)
    label = _label(adjectives, head.text, rest)
    inside = [item for item in mentions if start <= item.start < end]
    parties = tuple(dict.fromkeys(code for item in inside for code in item.parties))
    is_named = (
        is_named
        or bool(rest)
        or any(word[0].isupper() and (start > 0 or "ск" in word[-5:]) for word in adjectives)
    )
    is_new = bool(_NEW.search(text[:start])) or any(
        re.search(r"(?:ых|их|ые|ие|ыми|ими)$", plain(word)) or _NEW.search(f"{word} ") for word in adjectives
    )
    project = _known(label, sector, parties, gazetteer) if is_named and not points else None
    inner = [
        word for word in words[index + 1 :] if word.start < end and word.sector and word.sector != sector
    ]
    for item in inner if project is None and is_named and not points else ():
        project = project or _known(label, "rail" if "железн" in label else item.sector, parties, gazetteer)
    if project is not None:
        return _of_pack(project, label, start, end)
    home = tuple(code for code in parties if code in gazetteer.home)
    lemma = (head_of(head.text) or ("",))[0]
    is_anaphoric = points or not (is_named or is_new or lemma in _goods())
    return ProjectMention(label, "", start, end, is_anaphoric, False, home, (), sector)


def _of_pack(project: KnownProject, label: str, start: int, end: int) -> ProjectMention:
    """Return a work of the pack under the name that the text gives it."""
    return ProjectMention(
        label, project.row, start, end, parties=project.parties, partners=project.partners,
        sector=project.sector,
    )  # fmt: skip


def _nearby_place(text: str, start: int, end: int, mentions: Sequence[Mention]) -> str:
    """Return the place in the clause of a work that has none of its own."""
    low = max((match.end() for match in re.finditer(r"[;:]\s", text[:start])), default=0)
    found = list(
        re.finditer(
            rf"\s(?:в|на|близ|под)\s{_NAME}(?:\s(?:области|районе|регионе|крае|провинции)(?:\s{_NAME}\sобласти)?)?",
            text[low:],
        )
    )
    blocked = [item for item in mentions if item.kind in (*_FOREIGN_KINDS, "seat", "group", "home_company")]
    fitting = [
        item
        for item in found
        if not any(low + item.start() <= each.start < low + item.end() for each in blocked)
        and not (low + item.start() < end and start < low + item.end())
    ]
    near = min(
        fitting,
        key=lambda item: min(abs(low + item.start() - end), abs(low + item.end() - start)),
        default=None,
    )
    return near.group() if near else ""


def _known(label: str, sector: str, parties: tuple[str, ...], gazetteer: Gazetteer) -> KnownProject | None:
    """Return the only project of the pack that has a name of the label, its sector and its countries."""
    if len(_CHAIN.split(label)) > 1 and len(parties) > 1:
        same = [
            item
            for item in gazetteer.projects.values()
            if set(item.parties) | set(item.partners) >= set(parties) and item.sector == sector
            and set(parties) >= set(item.parties)
        ]  # fmt: skip
        return same[0] if len(same) == 1 else None
    is_plant = sector == "other" and bool(_PLANT.search(label))
    if sector not in _LINKED and not is_plant:
        return None
    names = {each for word in re.findall(r"[А-ЯЁ][а-яё]{3,}", label) for each in skeletons(word)}
    number = re.search(r"\d+", label)
    fitting: list[KnownProject] = []
    for item in gazetteer.projects.values():
        if is_plant and item.sector not in _POWER and not _POWER_NAME.search(item.label):
            continue
        if (
            sector not in ("", "other")
            and item.sector not in ("other", sector)
            and sector_of(item.label) != sector
        ):
            continue
        if item.sector != "corridor" and names & _skeletons_of(item.label):
            fitting.append(item)
    if len(fitting) > 1:
        shared = {item.row: len(names & _skeletons_of(item.label)) for item in fitting}
        fitting = [item for item in fitting if shared[item.row] == max(shared.values())]
    if len(fitting) > 1 and number:
        fitting = [item for item in fitting if re.search(rf"\b{number.group()}\b", item.label)]
    return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=2000)
def _skeletons_of(label: str) -> frozenset[str]:
    words = re.findall(r"[A-Za-z]{4,}", label)
    return frozenset(skeleton(word) for word in words if word.lower() not in _COMMON)


def _bare_names(text: str, found: Sequence[ProjectMention], gazetteer: Gazetteer) -> Iterator[ProjectMention]:
    """Yield works of the pack named without a head: by a name with a number, or by an abbreviation."""
    names = _numbered(tuple(sorted((item.label, item.row) for item in gazetteer.projects.values())))
    for match in re.finditer(
        r"(?P<name>[А-ЯЁ][а-яё]{3,}(?:-[А-ЯЁ][а-яё]+)*)-(?P<number>\d)\b|\b[А-ЯЁ]{4,6}\b", text
    ):
        if any(item.start <= match.start() < item.end for item in found):
            continue
        keys = [f"{each} {match['number']}" for each in skeletons(match["name"])] if match["name"] else []
        keys = keys or [skeleton(match.group())]
        row = next((names[key] for key in keys if key in names), "")
        if row:
            yield _of_pack(gazetteer.projects[row], match.group(), match.start(), match.end())


@lru_cache(maxsize=4)
def _numbered(labels: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return rows of the pack by the skeleton of a name with a number, and of an abbreviation."""
    found: dict[str, str] = {}
    for label, row in labels:
        for match in re.finditer(r"\b([A-Z][a-z]{3,})[- ](\d)\b|\b([A-Z]{4,6})\b", label):
            key = f"{skeleton(match[1])} {match[2]}" if match[1] else skeleton(match[3])
            found.setdefault(key, row)
    return found
