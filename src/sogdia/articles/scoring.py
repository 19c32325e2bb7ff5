"""Score extracted claims against a gold file: precision, recall and F1 by field and by type of claim."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from sogdia.articles.claim import CLAIM_TYPES, Claim
from sogdia.articles.gazetteer import Gazetteer, fold
from sogdia.errors import CannotRunError, Fault, FaultsError
from sogdia.files import os_errors

GOLD_FIELDS = (
    "claim_type", "partner", "recipient", "project", "amount_musd", "capacity_mw", "length_km",
    "date_or_year", "status", "sentence", "other_quantity",
)  # fmt: skip
"""Columns of a gold file."""
FRAME = "type, partner, recipient, project"
"""Score of the four identifying fields together: all of them must be correct."""
SCORED_FIELDS = (
    "claim_type", "partner", "recipient", "project", "amount_musd", "capacity_mw", "length_km",
    "date_or_year", "status",
)  # fmt: skip
TYPE_NAMES: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            ("loan", "credit", "grant", "guarantee", "equity", "bond", "disbursement"), "finance"
        ),
        **dict.fromkeys(("terms", "loan_terms"), "finance_terms"),
        **dict.fromkeys(("contract", "order", "purchase", "sale", "tender", "concession"), "deal"),
        **dict.fromkeys(("memorandum", "mou", "treaty", "protocol", "accord"), "agreement"),
        **dict.fromkeys(
            ("investment", "package", "portfolio", "pledge", "aggregate"), "aggregate_investment"
        ),
        **dict.fromkeys(("visit", "summit", "meeting"), "visit_summit"),
        **dict.fromkeys(("threat", "sanction", "sanctions", "tariff", "policy"), "policy_threat"),
        **dict.fromkeys(("transit", "traffic", "freight"), "transit_stat"),
        **dict.fromkeys(("export", "exports", "import", "imports", "turnover"), "trade"),
        **dict.fromkeys(("gas", "supply"), "gas_supply"),
        **dict.fromkeys(("construction", "plant", "opening"), "project"),
        "remittance": "remittances",
        "external_debt": "debt",
    }
)
"""Other names of claim types in gold files, each with the type that it is scored as."""
TOLERANCE = 0.01
"""Relative difference up to which two figures count as equal."""


@dataclass(frozen=True, slots=True)
class GoldClaim:
    """A row of a gold file.

    Attributes:
        cells: Cells by column.
        sentence: Number of its sentence.
    """

    cells: Mapping[str, str]
    sentence: int


@dataclass
class Count:
    """Counts of one field or type.

    Attributes:
        correct: Extracted values that agree with the gold file.
        extracted: Extracted values.
        gold: Values in the gold file.
    """

    correct: int = 0
    extracted: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the extracted values that is correct; 1 if there are none."""
        return self.correct / self.extracted if self.extracted else 1.0

    @property
    def recall(self) -> float:
        """Share of the gold values that is extracted; 1 if there are none."""
        return self.correct / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        total = self.extracted + self.gold
        return 2 * self.correct / total if total else 1.0

    def plus(self, other: Count) -> Count:
        """Return the sum of two counts.

        Args:
            other: The other count.
        """
        return Count(self.correct + other.correct, self.extracted + other.extracted, self.gold + other.gold)


@dataclass(frozen=True)
class Score:
    """Score of the claims of one or more articles.

    Attributes:
        fields: Count of each field, and of the four identifying fields together as :data:`FRAME`.
        types: Count of :data:`FRAME` for each type of claim.
        missed: Gold rows without a claim, or with one that differs in the four fields.
        spurious: Claims without a gold row, or with one that differs in the four fields.
    """

    fields: Mapping[str, Count]
    types: Mapping[str, Count]
    missed: tuple[str, ...] = field(default=())
    spurious: tuple[str, ...] = field(default=())

    def plus(self, other: Score) -> Score:
        """Return the score of both sets of articles together.

        Args:
            other: The other score.
        """
        return Score(
            {key: self.fields[key].plus(other.fields[key]) for key in self.fields},
            {key: self.types.get(key, Count()).plus(other.types.get(key, Count())) for key in CLAIM_TYPES},
            self.missed + other.missed,
            self.spurious + other.spurious,
        )


def read_gold(path: str | Path) -> tuple[GoldClaim, ...]:
    """Read a gold file.

    Args:
        path: A CSV file with the columns of :data:`GOLD_FIELDS`.

    Raises:
        CannotRunError: If it cannot be read.
        FaultsError: If a column is missing or a claim type is unknown; all errors at once.
    """
    file = Path(path)
    try:
        with os_errors(path), file.open(encoding="utf-8", newline="") as stream:
            reader = csv.DictReader(stream)
            header = tuple(reader.fieldnames or ())
            rows = list(reader)
    except UnicodeDecodeError as error:
        raise CannotRunError(f"{path}: not UTF-8 text; save the gold file as UTF-8") from error
    needed = "a gold file has the columns " + ", ".join(GOLD_FIELDS)
    faults = [
        Fault(file.name, 1, name, "the column is missing", needed)
        for name in GOLD_FIELDS
        if name not in header
    ]
    gold = []
    for line, row in enumerate(rows, start=2):
        stated = (row.get("claim_type") or "").strip()
        row["claim_type"] = TYPE_NAMES.get(_type_key(stated), _type_key(stated))
        if row["claim_type"] not in CLAIM_TYPES:
            problem = f"{stated!r} is not a type of claim"
            faults.append(Fault(file.name, line, "claim_type", problem, _known_types()))
        number = (row.get("sentence") or "").strip()
        if not number.isdigit():
            problem = f"{number!r} is not a sentence number"
            faults.append(Fault(file.name, line, "sentence", problem, "a number from 1"))
        else:
            gold.append(GoldClaim({key: (row.get(key) or "").strip() for key in GOLD_FIELDS}, int(number)))
    if faults:
        raise FaultsError(faults)
    return tuple(gold)


def _type_key(name: str) -> str:
    return re.sub(r"[\s-]+", "_", name.lower())


def _known_types() -> str:
    others = ", ".join(f"{name} as {kind}" for name, kind in TYPE_NAMES.items())
    return "one of " + ", ".join(CLAIM_TYPES) + f"; also {others}"


def gold_row(claim: Claim) -> dict[str, str]:
    """Return a claim as a row of a gold file.

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
    """Score claims against a gold file; each gold row is paired with the most similar claim of its sentence.

    Args:
        claims: The extracted claims.
        gold: The rows of the gold file.
        gazetteer: Names of the pack, by which two names of one project count as equal.
    """
    extracted = [(gold_row(claim), claim.project_id) for claim in claims]
    agree = _field_comparison(gazetteer)
    paired = _pair(gold, extracted, agree)
    fields = {name: Count() for name in (*SCORED_FIELDS, FRAME)}
    types: dict[str, Count] = {name: Count() for name in CLAIM_TYPES}
    missed, spurious = [], []
    for number, row in enumerate(gold):
        cells, row_id = extracted[paired[number]] if number in paired else ({}, "")
        is_correct = _count(fields, row.cells, cells, row_id, agree)
        types[row.cells["claim_type"]].gold += 1
        if cells:
            types[cells["claim_type"]].extracted += 1
        if is_correct:
            types[row.cells["claim_type"]].correct += 1
        else:
            missed.append(_line(row.cells))
            if cells:
                spurious.append(_line(cells))
    for index, (cells, _) in enumerate(extracted):
        if index not in paired.values():
            _count(fields, {}, cells, "", agree)
            types[cells["claim_type"]].extracted += 1
            spurious.append(_line(cells))
    return Score(fields, types, tuple(missed), tuple(spurious))


def correct_fields(
    claims: Iterable[Claim], gold: Sequence[GoldClaim], gazetteer: Gazetteer
) -> list[frozenset[str]]:
    """Return the identifying fields of each claim that agree with its gold row; none without a gold row.

    Args:
        claims: The extracted claims.
        gold: The rows of the gold file.
        gazetteer: Names of the pack, by which two names of one project count as equal.
    """
    extracted = [(gold_row(claim), claim.project_id) for claim in claims]
    agree = _field_comparison(gazetteer)
    rows = {index: gold[number].cells for number, index in _pair(gold, extracted, agree).items()}
    return [
        frozenset(name for name in SCORED_FIELDS[:4] if agree(name, rows[index][name], cells[name], row_id))
        if index in rows else frozenset()
        for index, (cells, row_id) in enumerate(extracted)
    ]  # fmt: skip


Agree = Callable[[str, str, str, str], bool]
"""Comparison of a field: its name, the gold value, the extracted value and the project row of the claim."""


def _pair(
    gold: Sequence[GoldClaim], extracted: Sequence[tuple[Mapping[str, str], str]], agree: Agree
) -> dict[int, int]:
    """Pair gold rows with claims of the same sentence, the most similar first."""
    candidates = sorted(
        (-_similarity(row.cells, cells, row_id, agree), number, index)
        for number, row in enumerate(gold)
        for index, (cells, row_id) in enumerate(extracted)
        if int(cells["sentence"]) == row.sentence
    )
    paired: dict[int, int] = {}
    for value, number, index in candidates:
        if value < 0 and number not in paired and index not in paired.values():
            paired[number] = index
    return paired


def score_rows(result: Score) -> list[dict[str, str | int | float]]:
    """Return a score as rows: item, precision, recall, F1 and the counts, without types that never occur.

    Args:
        result: The score.
    """
    counts = [*result.fields.items(), *((f"type {name}", count) for name, count in result.types.items())]
    return [
        {
            "item": item,
            "precision": round(count.precision, 4),
            "recall": round(count.recall, 4),
            "f1": round(count.f1, 4),
            "correct": count.correct,
            "extracted": count.extracted,
            "gold": count.gold,
        }
        for item, count in counts
        if count.extracted or count.gold
    ]


def _count(
    fields: Mapping[str, Count], gold: Mapping[str, str], cells: Mapping[str, str], row_id: str, agree: Agree
) -> bool:
    """Add one pair to the counts, and return whether its four identifying fields are all correct."""
    correct = []
    for name in SCORED_FIELDS:
        expected, value = gold.get(name, ""), cells.get(name, "")
        agrees = bool(gold and cells) and agree(name, expected, value, row_id)
        if name in SCORED_FIELDS[:4]:
            correct.append(agrees)
        if expected or (not value and name == "claim_type" and gold):
            fields[name].gold += 1
        if value:
            fields[name].extracted += 1
        if agrees and expected and value:
            fields[name].correct += 1
    fields[FRAME].gold += bool(gold)
    fields[FRAME].extracted += bool(cells)
    fields[FRAME].correct += all(correct)
    return all(correct)


def _similarity(gold: Mapping[str, str], cells: Mapping[str, str], row_id: str, agree: Agree) -> float:
    weights = dict.fromkeys(SCORED_FIELDS, 1.0) | {
        "claim_type": 2.0,
        "amount_musd": 2.5,
        "capacity_mw": 1.5,
        "length_km": 1.5,
    }
    return sum(
        weight * (1.0 if gold[name] and cells[name] else 0.1)
        for name, weight in weights.items()
        if agree(name, gold[name], cells[name], row_id)
    )


def _field_comparison(gazetteer: Gazetteer) -> Agree:
    from rapidfuzz.fuzz import token_set_ratio

    def plain(name: str) -> str:
        words = fold(re.sub(r"\(.*?\)", " ", name)).lower()
        words = re.sub(r"\b(?:farm|plant|station|power|project|the|of)\b", " ", words)
        return " ".join(re.findall(r"[^\W_]+", words))

    def agree(name: str, gold: str, value: str, row_id: str) -> bool:
        if name in ("partner", "recipient"):
            return set(gold.split(";")) == set(value.split(";"))
        if name == "project":
            if not gold or not value:
                return gold == value
            row = next((item.row for item in gazetteer.find(gold) if item.row), "")
            if row and row in row_id.split(";"):
                return True
            return bool(token_set_ratio(plain(gold), plain(value)) >= _NAMES_AGREE)
        if name in ("amount_musd", "capacity_mw", "length_km"):
            return bool(gold and value) and abs(float(gold) - float(value)) <= TOLERANCE * abs(float(gold))
        if name == "date_or_year":
            return bool(gold and value) and (gold.startswith(value) or value.startswith(gold[:4]))
        return gold == value

    return agree


_NAMES_AGREE = 65
"""Token-set ratio, of 100, from which two project names count as equal."""


def _line(cells: Mapping[str, str]) -> str:
    return " | ".join(f"{cells.get(name, '')}" for name in ("sentence", *SCORED_FIELDS))
