"""Results of sets of projects to second order, exact where a set is known.

A model that sees m of the projects gets for a set S the result

    ``v(S) ≈ v(∅) + Σ_i Δ_i + Σ_{i<j} I_ij``,  Δ_i = v({i}) − v(∅),  I_ij = v({i,j}) − v({i}) − v({j}) + v(∅)

(the second-order truncation of a high-dimensional model representation; Sobol' 1993; Rabitz & Aliş 1999). A
set whose own result is known gets its residual as well, so that its value is the model's. With a weight w_i
of each project, such as the present value of a yearly 1 from its opening, an interaction has the smaller
weight of its two projects and a residual the smallest of the set: it lasts while all of them are open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np

from sogdia.portfolio.arrays import Bools, Floats
from sogdia.portfolio.evaluation import unique_rows

Members = frozenset[int]


@dataclass(eq=False)
class SecondOrder:
    """Results of one model in one scenario for sets of projects.

    Attributes:
        seen: Positions of the projects that the model sees, ascending.
        empty: Results without any of them, v(∅), (R,).
        singles: Effects Δ, (m, R).
        pairs: Interactions I of pairs of positions, (R,) each; a pair that is left out has none.
        known: Results of sets run in full, (R,) each.
    """

    seen: tuple[int, ...]
    empty: Floats
    singles: Floats
    pairs: Mapping[tuple[int, int], Floats]
    known: dict[Members, Floats] = field(default_factory=dict)

    @classmethod
    def fit(cls, seen: tuple[int, ...], results: Mapping[Members, Floats]) -> SecondOrder:
        """Take effects and interactions from results of the empty set, of every single, and of pairs.

        Args:
            seen: Positions of the projects that the model sees.
            results: Results by set, (R,) each; larger sets become known ones.
        """
        empty = results[frozenset()]
        alone = {i: results[frozenset({i})] - empty for i in seen}
        pairs = {
            (i, j): results[frozenset({i, j})] - empty - alone[i] - alone[j]
            for i, j in combinations(seen, 2)
            if frozenset({i, j}) in results
        }
        singles = np.array([alone[i] for i in seen]).reshape(len(seen), len(empty))
        known = {members: value for members, value in results.items() if len(members) > 2}
        return cls(seen, empty, singles, pairs, known)

    def approximate(self, members: Members) -> Floats:
        """Return the second-order result of a set, without its residual, (R,)."""
        own = [k for k, i in enumerate(self.seen) if i in members]
        total = self.empty + self.singles[own].sum(axis=0)
        for (i, j), extra in self.pairs.items():
            if i in members and j in members:
                total = total + extra
        return np.asarray(total)

    def first_order(self, members: Members) -> Floats:
        """Return ``v(∅) + Σ_i Δ_i`` of a set, (R,)."""
        own = [k for k, i in enumerate(self.seen) if i in members]
        return np.asarray(self.empty + self.singles[own].sum(axis=0))

    def changes(self, built: Bools, weights: Floats) -> Floats:
        """Compute the weighted change from the empty set, for portfolios (N, n) with weights (N, n).

        Returns:
            ``Σ_i w_i Δ_i + Σ_{i<j} min(w_i, w_j) I_ij + min_i w_i [v(S) − ṽ(S)]``, (N, R), the last term for
            known sets.
        """
        seen = list(self.seen)
        shown = built[:, seen]
        total = np.asarray((shown * weights[:, seen]) @ self.singles)
        if self.pairs:
            first, second = (np.array([pair[k] for pair in self.pairs]) for k in (0, 1))
            both = built[:, first] & built[:, second]
            least = np.minimum(weights[:, first], weights[:, second])
            total += (both * least) @ np.array(list(self.pairs.values()))
        if self.known and len(shown):
            total += self._residuals(shown) * self._least(shown, weights[:, seen])[:, None]
        return total

    def _residuals(self, shown: Bools) -> Floats:
        rows, position = unique_rows(shown.astype(np.int64))
        residual = np.zeros((len(rows), len(self.empty)))
        for k, row in enumerate(rows):
            members = frozenset(self.seen[m] for m in np.flatnonzero(row))
            if members in self.known:
                residual[k] = self.known[members] - self.approximate(members)
        return residual[position]

    @staticmethod
    def _least(shown: Bools, weights: Floats) -> Floats:
        least = np.where(shown, weights, np.inf).min(axis=1, initial=np.inf)
        return np.where(np.isfinite(least), least, 0.0)
