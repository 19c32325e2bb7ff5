"""Limits that no portfolio can respect together: a smallest conflicting set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from sogdia.errors import InputError
from sogdia.logs import silent_output
from sogdia.portfolio.arrays import Bools, Floats
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.limits import Limit
from sogdia.portfolio.linear import Rows, SolverError, maximise


class InfeasibleError(InputError):
    """No portfolio respects all limits; ``conflict`` is a smallest set that no portfolio respects.

    Usually helps: loosen one limit of the set as far as the message says.

    Attributes:
        conflict: Names of the limits in conflict.
    """

    def __init__(self, conflict: Sequence[str], hints: Sequence[str] = ()) -> None:
        self.conflict = tuple(conflict)
        lines = [
            "no portfolio respects all limits; "
            + ("this one cannot hold:" if len(self.conflict) == 1 else f"these {len(conflict)} conflict:"),
            *(f"  {name}" for name in self.conflict),
            *hints,
        ]
        super().__init__("\n".join(lines))


@dataclass(frozen=True)
class Conflict:
    """A smallest set of limits that no portfolio respects.

    Attributes:
        names: Their names.
        hints: For each limit on an amount, how far it must be loosened if the others hold, as text.
    """

    names: tuple[str, ...]
    hints: tuple[str, ...]


def smallest_conflict(system: LinearSystem) -> Conflict | None:
    """Find a set of limits of least number that no portfolio respects; ``None`` if there is no conflict.

    Implicit hitting sets (Ignatiev, Previti, Liffiton & Marques-Silva 2015): a set of limits conflicts if it
    meets the complement of every set that can hold together. A smallest set that meets those found so far is
    tried; if it can hold, it is grown until no further limit can be added, and its complement is found too.
    """
    limits = tuple(dict.fromkeys(system.names))
    member = np.array([[name == limit for name in system.names] for limit in limits]).reshape(
        len(limits), len(system.names)
    )

    def holds(chosen: Bools) -> bool:
        active = np.asarray(member[chosen].any(axis=0))
        return maximise(system, np.zeros(len(system.problem.options)), active=active) is not None

    if is_feasible(system):
        return None
    complements: list[Bools] = []
    while True:
        chosen = smallest_hitting_set(np.array(complements).reshape(-1, len(limits)))
        if not holds(chosen):
            break
        for k in range(len(limits)):
            if not chosen[k]:
                wider = chosen.copy()
                wider[k] = True
                if holds(wider):
                    chosen = wider
        complements.append(~chosen)
    names = tuple(limits[k] for k in np.flatnonzero(chosen))
    return Conflict(names, _hints(system, member, chosen))


def is_feasible(system: LinearSystem) -> bool:
    """Return whether any portfolio respects a linear system."""
    return maximise(system, np.zeros(len(system.problem.options))) is not None


def infeasible(system: LinearSystem) -> InfeasibleError:
    """Return the error with a smallest conflicting set of a system that no portfolio respects."""
    conflict = smallest_conflict(system)
    if conflict is None:
        raise SolverError("HiGHS found no portfolio in a search, and then one without it")
    return InfeasibleError(conflict.names, conflict.hints)


def smallest_hitting_set(sets: Bools) -> Bools:
    """Find a smallest set of elements that meets every set, (E,).

    Args:
        sets: Elements of each set, (M, E).
    """
    if not len(sets):
        return np.zeros(sets.shape[1], dtype=np.bool_)
    with silent_output():
        found = milp(
            np.ones(sets.shape[1]),
            integrality=np.ones(sets.shape[1], dtype=np.int64),
            bounds=Bounds(0.0, 1.0),
            constraints=LinearConstraint(sets.astype(np.float64), 1.0, np.inf),
        )
    return np.asarray(found.x) > 0.5


def _hints(system: LinearSystem, member: Bools, chosen: Bools) -> tuple[str, ...]:
    """Suggest for each limit on an amount how far to loosen it while the others of the conflict hold.

    The number is rounded so that the limit can hold with it. A project that must be built has no such number.
    """
    amounts = {limit.label for limit in system.problem.limits if isinstance(limit, Limit)}
    hints = []
    for k in np.flatnonzero(chosen):
        rows = np.flatnonzero(member[k])
        if len(rows) != 1 or system.names[rows[0]] not in amounts:
            continue
        others = member[chosen & (np.arange(len(chosen)) != k)].any(axis=0)
        line: Floats = system.matrix[rows[0]]
        name, upper, lower = system.names[rows[0]], system.upper[rows[0]], system.lower[rows[0]]
        for sign, bound, word in ((-1.0, upper, "at least"), (1.0, lower, "at most")):
            if not np.isfinite(bound):
                continue
            best = maximise(system, sign * line, _none(line), active=others)
            if best is not None and (best.value < sign * bound - 1e-9 * max(1.0, abs(bound))):
                value = _rounded(sign * best.value, -sign)
                hints.append(f"if the others hold, {name!r} must be {word} {value:,.10g}")
    return tuple(hints)


def _rounded(value: float, direction: float) -> float:
    """Round to five digits, upward for a positive direction, so that a limit with the number can hold."""
    if value == 0.0:
        return 0.0
    step = 10.0 ** (np.floor(np.log10(abs(value))) - 4.0)
    rounding = np.ceil if direction > 0.0 else np.floor
    return float(rounding(value / step - direction * 1e-6) * step)


def _none(line: Floats) -> Rows:
    return Rows(np.empty((0, line.size)), np.empty(0), np.empty(0))


def conflicting_results(names: Sequence[str], violated: Bools) -> tuple[str, ...]:
    """Find a smallest set of limits on results of which every portfolio violates one.

    Args:
        names: Names of the E limits.
        violated: Which of them each portfolio violates, (N, E); none respects all.
    """
    patterns = np.unique(violated, axis=0)
    return tuple(names[int(k)] for k in np.flatnonzero(smallest_hitting_set(patterns)))
