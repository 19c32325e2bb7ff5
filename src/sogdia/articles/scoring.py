"""What was read set against a gold file: precision, recall and F1 by field and by type of claim."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sogdia.articles.claim import CLAIM_TYPES, Claim
from sogdia.articles.gazetteer import Gazetteer, folded
from sogdia.errors import CannotRunError, Fault, FaultsError

GOLD_FIELDS = (
    "claim_type", "partner", "recipient", "project", "amount_musd", "capacity_mw", "length_km",
    "date_or_year", "status", "sentence", "other_quantity",
)  # fmt: skip
FRAME = "type, partner, recipient, project"
SCORED = (
    "claim_type", "partner", "recipient", "project", "amount_musd", "capacity_mw", "length_km",
    "date_or_year", "status",
)  # fmt: skip
TOLERANCE = 0.01
"""Share by which two figures may differ and be the same."""


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """A row of a gold file.

    Attributes:
        cells: Its cells by column.
        sentence: Number of its sentence.
    """

    cells: Mapping[str, str]
    sentence: int


@dataclass
class Count:
    """How often something was right, read wrongly, and missed.

    Attributes:
        right: Read and in the gold file.
        read: Read.
        gold: In the gold file.
    """

    right: int = 0
    read: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of what was read that is right; 1 where nothing was read."""
        return self.right / self.read if self.read else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold file that was read; 1 where it holds nothing."""
        return self.right / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.read + self.gold
        return 2 * self.right / total if total else 1.0

    def plus(self, other: Count) -> Count:
        """Both counts together.

        Args:
            other: The other.
        """
        return Count(self.right + other.right, self.read + other.read, self.gold + other.gold)


@dataclass(frozen=True)
class Score:
    """What came of setting claims against a gold file.

    Attributes:
        fields: A count for each field, and for the four together as :data:`FRAME`.
        types: A count of the four together for each type of claim.
        missed: Rows of the gold file with no claim, or with one that differs in the four.
        spurious: Claims with no row, or with one that differs in the four.
    """

    fields: Mapping[str, Count]
    types: Mapping[str, Count]
    missed: tuple[str, ...] = field(default=())
    spurious: tuple[str, ...] = field(default=())

    def plus(self, other: Score) -> Score:
        """Both scores together.

        Args:
            other: The other.
        """
        return Score(
            {key: self.fields[key].plus(other.fields[key]) for key in self.fields},
            {key: self.types.get(key, Count()).plus(other.types.get(key, Count())) for key in CLAIM_TYPES},
            self.missed + other.missed,
            self.spurious + other.spurious,
        )


def read_gold(path: str | Path) -> tuple[GoldClaim, ...]:
    """The rows of a gold file.

    Args:
        path: A CSV file with the columns of :data:`GOLD_FIELDS`.

    Raises:
        CannotRunError: If it may not be read.
        FaultsError: If a column is missing or a row is of no known type, all faults at once.
    """
    file = Path(path)
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            header = tuple(reader.fieldnames or ())
            rows = list(reader)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotRunError(f"{path}: {getattr(error, 'strerror', None) or 'no text'}") from error
    faults = [
        Fault(
            file.name,
            1,
            name,
            "the column is missing",
            "a gold file has the columns " + ", ".join(GOLD_FIELDS),
        )
        for name in GOLD_FIELDS
        if name not in header
    ]
    gold = []
    for line, row in enumerate(rows, start=2):
        if (row.get("claim_type") or "") not in CLAIM_TYPES:
            faults.append(
                Fault(file.name, line, "claim_type", f"{row.get('claim_type')!r} is no type of claim")
            )
        number = (row.get("sentence") or "").strip()
        if not number.isdigit():
            faults.append(Fault(file.name, line, "sentence", f"{number!r} is no number of a sentence"))
        else:
            gold.append(GoldClaim({key: (row.get(key) or "").strip() for key in GOLD_FIELDS}, int(number)))
    if faults:
        raise FaultsError(faults)
    return tuple(gold)


def gold_row(claim: Claim) -> dict[str, str]:
    """A claim as a row of a gold file.

    Args:
        claim: The claim.
    """
    return {
        "claim_type": claim.type,
        "partner": ";".join(claim.partners),
        "recipient": ";".join(claim.recipients),
        "project": claim.project,
        "amount_musd": _figure(claim.amount.musd if claim.amount else None),
        "capacity_mw": _figure(claim.capacity_mw),
        "length_km": _figure(claim.length_km),
        "date_or_year": str(claim.date.start) if claim.date else "",
        "status": claim.status,
        "sentence": str(claim.sentence),
        "other_quantity": ", ".join(item.text for item in claim.others),
    }


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def score(claims: Iterable[Claim], gold: Sequence[GoldClaim], gazetteer: Gazetteer) -> Score:
    """Set claims against a gold file; each row takes the claim of its sentence that is most like it.

    Args:
        claims: What was read.
        gold: The rows of the gold file.
        gazetteer: Names of the pack, by which two names of one project are known as one.
    """
    read = [(gold_row(claim), claim.project_id) for claim in claims]
    same = _comparison(gazetteer)
    pairs = sorted(
        (
            (-_likeness(row.cells, mine, known, same), number, index)
            for number, row in enumerate(gold)
            for index, (mine, known) in enumerate(read)
            if abs(int(mine["sentence"]) - row.sentence) == 0
        ),
    )
    matched: dict[int, int] = {}
    for value, number, index in pairs:
        if value < 0 and number not in matched and index not in matched.values():
            matched[number] = index
    fields = {name: Count() for name in (*SCORED, FRAME)}
    types: dict[str, Count] = {name: Count() for name in CLAIM_TYPES}
    missed, spurious = [], []
    for number, row in enumerate(gold):
        mine, known = read[matched[number]] if number in matched else ({}, "")
        right = _tally(fields, row.cells, mine, known, same)
        types[row.cells["claim_type"]].gold += 1
        if mine:
            types[mine["claim_type"]].read += 1
        if right:
            types[row.cells["claim_type"]].right += 1
        else:
            missed.append(_shown(row.cells))
            if mine:
                spurious.append(_shown(mine))
    for index, (mine, _) in enumerate(read):
        if index not in matched.values():
            _tally(fields, {}, mine, "", same)
            types[mine["claim_type"]].read += 1
            spurious.append(_shown(mine))
    return Score(fields, types, tuple(missed), tuple(spurious))


Same = Callable[[str, str, str, str], bool]


def score_rows(result: Score) -> list[dict[str, str | int | float]]:
    """A score as rows: what, precision, recall, F1 and the three counts; types that nothing has are left out.

    Args:
        result: The score.
    """
    counts = [*result.fields.items(), *((f"type {name}", count) for name, count in result.types.items())]
    return [
        {
            "what": what,
            "precision": round(count.precision, 4),
            "recall": round(count.recall, 4),
            "f1": round(count.f1, 4),
            "right": count.right,
            "read": count.read,
            "gold": count.gold,
        }
        for what, count in counts
        if count.read or count.gold
    ]


def _tally(
    fields: Mapping[str, Count], gold: Mapping[str, str], mine: Mapping[str, str], known: str, same: Same
) -> bool:
    """Count one pair; whether its type, partner, recipient and project are all right."""
    right = []
    for name in SCORED:
        told, got = gold.get(name, ""), mine.get(name, "")
        agrees = bool(gold and mine) and same(name, told, got, known)
        if name in SCORED[:4]:
            right.append(agrees)
        if told or (not got and name == "claim_type" and gold):
            fields[name].gold += 1
        if got:
            fields[name].read += 1
        if agrees and told and got:
            fields[name].right += 1
    fields[FRAME].gold += bool(gold)
    fields[FRAME].read += bool(mine)
    fields[FRAME].right += all(right)
    return all(right)


def _likeness(gold: Mapping[str, str], mine: Mapping[str, str], known: str, same: Same) -> float:
    weights = dict.fromkeys(SCORED, 1.0) | {
        "claim_type": 2.0,
        "amount_musd": 2.5,
        "capacity_mw": 1.5,
        "length_km": 1.5,
    }
    return sum(
        weight * (1.0 if gold[name] and mine[name] else 0.1)
        for name, weight in weights.items()
        if same(name, gold[name], mine[name], known)
    )


def _comparison(gazetteer: Gazetteer) -> Same:
    from rapidfuzz.fuzz import token_set_ratio

    def plain(name: str) -> str:
        words = folded(re.sub(r"\(.*?\)", " ", name)).lower()
        words = re.sub(r"\b(?:farm|plant|station|power|project|the|of)\b", " ", words)
        return " ".join(re.findall(r"[a-z0-9]+", words))

    def same(name: str, gold: str, mine: str, known: str) -> bool:
        if name in ("partner", "recipient"):
            return set(gold.split(";")) == set(mine.split(";"))
        if name == "project":
            if not gold or not mine:
                return gold == mine
            row = next((item.row for item in gazetteer.find(gold) if item.row), "")
            if row and row in known.split(";"):
                return True
            return bool(token_set_ratio(plain(gold), plain(mine)) >= 65)
        if name in ("amount_musd", "capacity_mw", "length_km"):
            return bool(gold and mine) and abs(float(gold) - float(mine)) <= TOLERANCE * abs(float(gold))
        if name == "date_or_year":
            return bool(gold and mine) and (gold.startswith(mine) or mine.startswith(gold[:4]))
        return gold == mine

    return same


def _shown(cells: Mapping[str, str]) -> str:
    return " | ".join(f"{cells.get(name, '')}" for name in ("sentence", *SCORED))
