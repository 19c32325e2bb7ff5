"""Find the names of a region pack in text: parties, lenders, companies, places and projects."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sogdia.articles.world import lending_states, union_members, world_names
from sogdia.region import Region

MentionKind = Literal[
    "country",
    "demonym",
    "seat",
    "person",
    "lender",
    "company",
    "home_company",
    "group",
    "place",
    "project",
]
_RANK: tuple[MentionKind, ...] = (
    "project", "lender", "company", "home_company", "person", "group", "country", "demonym", "seat", "place",
)  # fmt: skip
"""Precedence of the meanings of one name, highest first."""
_KINDS: Mapping[str, MentionKind] = {
    "country": "country", "demonym": "demonym", "lender": "lender", "seat": "seat", "company": "company",
}  # fmt: skip


_ALONE = 3
"""Times that a text names a country for each time that it names any other, if it is about that country."""
_PREDOMINANT = 2
"""Times that a text names its own country for each time that it names any other borrower."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name of the pack in a text.

    Attributes:
        kind: Kind of name.
        text: Text of the article.
        start: Start in the text.
        end: End in the text.
        parties: Codes of the parties it denotes or belongs to.
        row: Row of ``projects`` or ``corridors``, for projects.
        label: Name for reports.
    """

    kind: MentionKind
    text: str
    start: int
    end: int
    parties: tuple[str, ...]
    row: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class KnownProject:
    """A project or corridor of the pack, with the fields that reading uses.

    Attributes:
        row: Id of its row.
        label: Name for reports.
        parties: Codes of the countries it lies in.
        partners: Codes of its outside partners.
        sector: Its sector; ``corridor`` for corridors.
        capacity_mw: Power, if any.
        length_km: Length, if any.
    """

    row: str
    label: str
    parties: tuple[str, ...]
    partners: tuple[str, ...]
    sector: str
    capacity_mw: float | None = None
    length_km: float | None = None


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: MentionKind
    parties: tuple[str, ...]
    row: str
    label: str


def fold(text: str) -> str:
    """Return text of the same length without accents, with one kind of dash and of quotation mark.

    >>> fold("Ağrı’s İnşaat – Öz")
    "Agri's Insaat - Oz"
    """
    return text if text.isascii() else "".join(map(_fold_character, text))


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character in "‐‑‒–—−":
        return "-"
    if character in "‘’ʻʼ`´":
        return "'"
    if character == "ı":
        return "i"
    if "Ѐ" <= character <= "ӿ":
        return character
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isalpha() else character


class Gazetteer:
    """Names of a region pack, compiled to an Aho-Corasick automaton.

    Attributes:
        home: Codes of the home parties.
        world: Codes of the parties of kind ``world``, such as the rest of the world.
        institutions: Codes of international lenders.
        markets: Codes of the parties of kind ``market``: buyers of international bonds.
        projects: Projects and corridors by id.
    """

    def __init__(self, region: Region) -> None:
        self.home: tuple[str, ...] = region.home
        parties = region.table("parties")
        kinds = dict(zip(parties["code"], parties["kind"], strict=True))
        self.world: tuple[str, ...] = tuple(code for code, kind in kinds.items() if kind == "world")
        self.institutions: frozenset[str] = frozenset(
            code for code, kind in kinds.items() if kind == "institution"
        )
        self.markets: tuple[str, ...] = tuple(code for code, kind in kinds.items() if kind == "market")
        unions = {code for code, kind in kinds.items() if kind == "union"}
        self._members = {code: union for code, union in union_members().items() if union in unions} | {
            str(code): str(member).split(";")[0]
            for code, member in zip(parties["code"], parties["member_of"], strict=True)
            if member
        }
        self.projects: Mapping[str, KnownProject] = {item.row: item for item in _projects(region)}
        entries = dict(_entries(region, self.projects))
        self._automaton = _automaton(entries)
        self._foreign = _foreign_names([str(code) for code, kind in kinds.items() if kind == "country"])

    def is_home_text(self, mentions: Iterable[Mention]) -> bool:
        """Return whether a text names a home party or a project of the pack.

        Args:
            mentions: Names of the text.
        """
        return any(item.kind == "project" or set(item.parties) & set(self.home) for item in mentions)

    def for_text(self, mentions: Iterable[Mention], title: Iterable[Mention] = ()) -> Gazetteer:
        """Return the gazetteer for a text: on another region, the countries named that do not lend are home.

        If the headline names such countries, these alone are home. A text that names such a country twice as
        often as any home party is about that country.

        Args:
            mentions: Names of the text.
            title: Names of its headline.
        """
        found = list(mentions)
        lenders = {self.parent_party(code) for code in lending_states()} | self.institutions

        def borrowers(items: Iterable[Mention]) -> tuple[str, ...]:
            own = (item for item in items if item.kind in ("country", "demonym", "seat"))
            return tuple(dict.fromkeys(code for item in own for code in item.parties if code not in lenders))

        if self.is_home_text(found):
            counts = Counter(code for item in found for code in item.parties if code not in lenders)
            code, _ = max(counts.items(), key=lambda pair: pair[1], default=("", 0))
            most = max((counts[one] for one in self.home), default=0)
            is_about = code not in self.home and 0 < _PREDOMINANT * most <= counts[code]
            return self.with_home((code,)) if code and is_about else self
        other = self.with_home(borrowers(title) or _own_country(found, borrowers(found)) or borrowers(found))
        other.projects = {}
        return other

    def with_home(self, codes: tuple[str, ...]) -> Gazetteer:
        """Return a copy in which other parties are home.

        Args:
            codes: Their codes.
        """
        other = copy.copy(self)
        other.home = codes
        return other

    def parent_party(self, code: str) -> str:
        """Return the party that a party belongs to: a union for its members and banks, else itself.

        Args:
            code: Code of a party.
        """
        return self._members.get(code, code)

    def find(self, text: str) -> list[Mention]:
        """Return the names in a text in order, the longest of overlapping ones, none inside another."""
        plain = fold(text)
        found: list[tuple[int, int, _Entry]] = []
        for last, (length, entry) in self._automaton.iter(plain):
            start, end = last - length + 1, last + 1
            if _is_complete_word(plain, start, end):
                found.append((start, end, entry))
        found.sort(key=lambda item: (item[0] - item[1], item[0]))
        chosen: list[tuple[int, int, _Entry]] = []
        used = bytearray(len(text))
        for start, end, entry in found:
            if not any(used[start:end]):
                used[start:end] = b"\x01" * (end - start)
                chosen.append((start, end, entry))
        mentions = [
            Mention(entry.kind, text[start:end], start, end, entry.parties, entry.row, entry.label)
            for start, end, entry in chosen
        ]
        if any("Ѐ" <= character <= "ӿ" for character in text):
            mentions.extend(self._find_foreign(text))
        return sorted(mentions, key=lambda item: item.start)

    def _find_foreign(self, text: str) -> Iterator[Mention]:
        for match in self._foreign.finditer(text):
            parties = (self.parent_party(match.lastgroup or ""),)
            yield Mention("country", match.group(), match.start(), match.end(), parties)


def _own_country(mentions: Iterable[Mention], borrowers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the country that lends elsewhere but that a text is about.

    Args:
        mentions: Names of the text.
        borrowers: Countries of it that do not lend; of any, the text must name none nearly as often.
    """
    states = [item for item in mentions if item.kind in ("country", "demonym", "seat")]
    counts = Counter(code for item in states for code in item.parties)
    (code, most), *_ = [*counts.most_common(1), ("", 0)]
    others = max((counts[one] for one in counts if one != code), default=0)
    is_about = most > 1 and (not borrowers or most >= _ALONE * max(others, 1))
    return (code,) if is_about else ()


def _is_complete_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1] if start else " "
    after = text[end] if end < len(text) else " "
    if before.isalnum() or before == "_" or after == "_":
        return False
    return not after.isalnum() or (
        after == "s" and not text[end + 1 : end + 2].isalnum() and text[end - 1].isupper()
    )


def _automaton(entries: Mapping[str, _Entry]) -> Any:
    from ahocorasick import Automaton

    automaton = Automaton()
    for name, entry in entries.items():
        for form in _forms(name, entry.kind):
            if not automaton.exists(form) or automaton.get(form)[1].kind == entry.kind:
                automaton.add_word(form, (len(form), entry))
    automaton.make_automaton()
    return automaton


def _forms(name: str, kind: MentionKind) -> Iterator[str]:
    plain = fold(name)
    yield plain
    if kind == "project":
        yield plain[0].upper() + plain[1:]
        yield " ".join(word[0].upper() + word[1:] for word in plain.split())
    if kind == "demonym" and plain.endswith(("an", "i")):
        yield f"{plain}s"
    if len(plain) > 4 and kind in ("country", "seat", "place", "demonym"):
        yield plain.upper()


def _entries(region: Region, projects: Mapping[str, KnownProject]) -> Iterator[tuple[str, _Entry]]:
    """Yield the names of a region with their meanings, each with that of the highest precedence."""
    found: dict[str, _Entry] = {}
    parties = region.table("parties").set_index("code")
    unions = set(parties.index[parties["kind"] == "union"])
    members = {code: union for code, union in union_members().items() if union in unions}
    members |= {str(code): str(own) for code, own in parties["member_of"].items() if own}

    def add(name: str, entry: _Entry) -> None:
        known = found.get(name)
        if known is None or _RANK.index(entry.kind) < _RANK.index(known.kind):
            found[name] = entry

    def parent(code: str) -> str:
        return str(members.get(code) or code).split(";")[0]

    for table in ("places", "plants"):
        for name, code in region.table(table)[["name", "iso3"]].itertuples(index=False):
            short = re.sub(r"\s*\(.*", "", name)
            short = re.sub(
                r" (?:port|station|border station|crossing|road crossing|pass|valley|border)$", "", short
            )
            if table == "places" and len(short) > 2:
                add(short, _Entry("place", (parent(code),), "", short))
    for row in _rows(region, "parties"):
        kind: MentionKind = "lender" if row.kind == "institution" else "country"
        if row.kind in ("country", "union", "institution"):
            add(row.name, _Entry(kind, (parent(row.code),), "", row.name))
    for row in _rows(region, "names"):
        codes = tuple(parent(code) for code in str(row.parties).split(";") if code)
        project = projects.get(row.row)
        label = row.name if row.short or project is None else project.label
        add(row.name, _Entry(row.kind, codes, row.row if project else "", label))
    for item in projects.values():
        for name in {item.label, _full_name(region, item)}:
            if name not in found:
                add(name, _Entry("project", (), item.row, item.label))
    pack = set(found)
    for name, world_kind, code in world_names():
        if name not in pack:
            add(name, _Entry(_KINDS[world_kind], (parent(code),), "", name))
    yield from found.items()


def _rows(region: Region, table: str) -> Iterator[Any]:
    """Yield the rows of a table, with its columns as attributes."""
    yield from region.table(table).itertuples()


def _full_name(region: Region, item: KnownProject) -> str:
    table = region.table("corridors" if item.sector == "corridor" else "projects")
    return str(table.at[item.row, "name"])


def _projects(region: Region) -> Iterator[KnownProject]:
    names = region.table("names")
    short = (
        names.loc[(names["kind"] == "project") & names["short"]]
        .drop_duplicates("row")
        .set_index("row")["name"]
    )
    for row in _rows(region, "projects"):
        partners = tuple(code for code in str(row.partners).split(";") if code)
        size = float(row.capacity) if row.capacity == row.capacity and row.capacity else None
        yield KnownProject(
            row.id,
            str(short.get(row.id, row.name)),
            tuple(str(row.iso3).split(";")),
            partners,
            str(row.sector),
            size if row.capacity_unit == "MW" else None,
            size if row.capacity_unit == "km" else None,
        )
    for row in _rows(region, "corridors"):
        yield KnownProject(row.id, str(short.get(row.id, row.name)), (), (), "corridor")


def _foreign_names(codes: list[str]) -> re.Pattern[str]:
    """Return the pattern of country names in Cyrillic with case endings, its groups named by their codes.

    The names are those of the locale data of Babel. One pattern for all takes one pass over a long text.
    """
    import pycountry
    from babel import Locale

    territories = Locale("ru").territories
    stems = {}
    for code in codes:
        country = pycountry.countries.get(alpha_3=code)
        name = territories.get(country.alpha_2) if country else None
        if name and " " not in name:
            stems[code] = name[:-1] if name[-1] in "аяьй" else name
    names = "|".join(f"(?P<{code}>{re.escape(stem)})" for code, stem in stems.items())
    return re.compile(rf"(?<!\w)(?:{names or '(?!)'})[а-яё]{{0,3}}(?!\w)", re.IGNORECASE)
