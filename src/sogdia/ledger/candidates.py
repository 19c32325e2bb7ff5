"""Candidate records of claims, and the match weights of all of them at once.

Levels of a field depend on few parts of a claim, such as its partners. A column of levels is therefore stored
by those parts: claims of a long file share most of their columns.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np
import numpy.typing as npt

from sogdia.articles.claim import Amount, Claim
from sogdia.ledger.match_weights import (
    COMPARISONS,
    M_PROBABILITIES,
    M_PROBABILITIES_BY_KIND,
    MONEY_NEAR,
    NAME_AGREES,
    NAME_NEAR,
    MatchContext,
    distinctive_words,
    is_part,
    money_range,
    sectors_of_claim,
)
from sogdia.ledger.name_index import NameIndex
from sogdia.ledger.records import Record

UNKNOWN = -1
"""Level of a field that the claim or the record lacks."""
LEVELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: tuple(levels) for name, levels in M_PROBABILITIES.items()}
)
"""Agreement levels of each field in order; a column of levels holds their places."""
Column = npt.NDArray[np.int8]
Bits = npt.NDArray[np.float64]

_PARTS: Mapping[str, Callable[[Claim, MatchContext], object]] = MappingProxyType(
    {
        "project": lambda claim, _: claim.project_id,
        "actor": lambda claim, _: claim.actors,
        "partner": lambda claim, _: (claim.partners, claim.recipients),
        "recipient": lambda claim, _: (claim.partners, claim.recipients, claim.origin("recipients")),
        "sector": sectors_of_claim,
        "capacity": lambda claim, _: (claim.capacity_mw, claim.partners, claim.recipients),
        "length": lambda claim, _: (claim.length_km, claim.partners, claim.recipients),
        "date": lambda claim, _: None if claim.date is None else (claim.date.start, claim.date.end),
        "kind": lambda claim, _: (claim.type, claim.instrument),
        "aggregate": lambda claim, _: claim.aggregate,
    }
)
"""Parts of a claim that the level of a field depends on; names and amounts have columns of their own."""


class Candidates:
    """Records that claims are compared with.

    Args:
        records: The records.
        context: Data for comparisons.

    Attributes:
        records: The records.
        context: Data for comparisons.
        is_single: Whether each is one row of the ledger.
        order: Place of each in the order of its ids.
    """

    def __init__(self, records: Sequence[Record], context: MatchContext) -> None:
        self.records = tuple(records)
        self.is_single = np.array([len(record.rows) == 1 for record in self.records], dtype=bool)
        self.order = np.argsort(
            np.array([";".join(record.rows) for record in self.records], dtype=str), kind="stable"
        ).argsort()
        self.context = context
        self._names = NameIndex([record.words for record in self.records], context.vocabulary)
        self._has_project = np.array([bool(record.project) for record in self.records], dtype=bool)
        self._amounts = np.array(
            [np.nan if record.amount_musd is None else record.amount_musd for record in self.records]
        )
        self._places = np.arange(len(self.records))
        self._m_bits = {name: self._probabilities(name) for name in M_PROBABILITIES}
        self._columns: dict[tuple[str, object], tuple[Column, Bits]] = {}
        self._parts: dict[object, npt.NDArray[np.bool_]] = {}

    def levels(self, claim: Claim) -> dict[str, tuple[Column, Bits]]:
        r"""Return the agreement level and match weight of each field by record.

        ``u`` of a level is ``(count + 1/2) / (known + 1/2 · levels)`` over the records with the field.

        Args:
            claim: The claim.

        Returns:
            By field, levels as places in :data:`LEVELS` or ``UNKNOWN``, and weights in bits, 0 if unknown.
        """
        found = {}
        for name in M_PROBABILITIES:
            if name == "name":
                found[name] = self._with_bits(name, self._name_levels(claim))
            elif name == "amount":
                found[name] = self._with_bits(name, self._amount_levels(claim))
            else:
                found[name] = self._stored(name, claim)
        return found

    def name_shares(self, claim: Claim) -> npt.NDArray[np.float64]:
        """Return the share of a claim's name that each record holds, 0 for a claim without a name.

        Args:
            claim: The claim.
        """
        shares = self._names.shares(distinctive_words(claim.project))
        return np.zeros(len(self.records)) if shares is None else shares

    def amount_differences(self, claim: Claim) -> npt.NDArray[np.float64]:
        """Return the relative difference of the two amounts by record; 0 if either is not published.

        Args:
            claim: The claim.
        """
        if claim.amount is None or not claim.amount.musd:
            return np.zeros(len(self.records))
        differences = np.abs(self._amounts / claim.amount.musd - 1)
        return np.where(np.isnan(self._amounts) | (self._amounts == 0), 0.0, differences)

    def _probabilities(self, name: str) -> npt.NDArray[np.float64]:
        """Return ``log2(m)`` of each level by record, and 0 for an unknown level."""
        rows = []
        for record in self.records:
            m = M_PROBABILITIES_BY_KIND.get((record.row_kind, name), M_PROBABILITIES[name])
            rows.append([*(math.log2(m[level]) for level in LEVELS[name]), 0.0])
        return np.array(rows).reshape(len(self.records), len(LEVELS[name]) + 1)

    def _with_bits(self, name: str, column: Column) -> tuple[Column, Bits]:
        """Return levels with their match weights."""
        count = len(LEVELS[name])
        counts = np.bincount(column + 1, minlength=count + 1)[1:]
        u = (counts + 0.5) / (counts.sum() + 0.5 * count)
        m_bits = self._m_bits[name][self._places, column]
        return column, m_bits - np.array([*np.log2(u), 0.0])[column]

    def _stored(self, name: str, claim: Claim) -> tuple[Column, Bits]:
        key = (name, _PARTS[name](claim, self.context))
        if key not in self._columns:
            places = {level: place for place, level in enumerate(LEVELS[name])} | {"": UNKNOWN}
            compare = COMPARISONS[name]
            column = np.array(
                [places[compare(claim, record, self.context)] for record in self.records], dtype=np.int8
            )
            self._columns[key] = self._with_bits(name, column)
        return self._columns[key]

    def _name_levels(self, claim: Claim) -> Column:
        shares = self._names.shares(distinctive_words(claim.project))
        if shares is None:
            return np.full(len(self.records), UNKNOWN, dtype=np.int8)
        levels = np.where(shares >= NAME_AGREES, 0, np.where(shares >= NAME_NEAR, 1, 2)).astype(np.int8)
        if claim.project_id in self.context.project_sectors:
            levels[self._has_project] = UNKNOWN
        return levels

    def _amount_levels(self, claim: Claim) -> Column:
        span = money_range(claim.amount) if claim.amount else None
        if span is None:
            return np.full(len(self.records), UNKNOWN, dtype=np.int8)
        low, high = span
        recorded = self._amounts
        is_near = (low / (1 + MONEY_NEAR) <= recorded) & (recorded <= high * (1 + MONEY_NEAR))
        levels = np.where((low <= recorded) & (recorded <= high), 0, np.where(is_near, 1, 2)).astype(np.int8)
        levels[np.isnan(recorded)] = UNKNOWN
        musd = claim.amount.musd if isinstance(claim.amount, Amount) else None
        if musd is not None:
            levels[(musd < recorded) & (levels > 0) & self._covers_part(claim)] = UNKNOWN
        return levels

    def _covers_part(self, claim: Claim) -> npt.NDArray[np.bool_]:
        key = (claim.partners, claim.recipients)
        if key not in self._parts:
            self._parts[key] = np.array(
                [is_part(claim, record, self.context) for record in self.records], dtype=bool
            )
        return self._parts[key]
