"""Many-start local search, with a surrogate that orders the neighbours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from sogdia.portfolio.arrays import Choices, Floats
from sogdia.portfolio.conflicts import infeasible
from sogdia.portfolio.feasible import LinearSystem
from sogdia.portfolio.linear import maximise
from sogdia.portfolio.moves import neighbours, random_feasible
from sogdia.portfolio.proofs import Proof
from sogdia.portfolio.settings import PortfolioSettings
from sogdia.portfolio.surrogate import fit, propose

Score = Callable[[Choices], Floats]
"""Gain of portfolios (N, n), larger is better; −∞ if a limit on results is violated."""
TIE = 1e-9
"""Relative difference of gains that is a tie."""
REFIT = 64
"""New portfolios after which the surrogate is fitted again."""
PROPOSALS = 8


@dataclass(eq=False)
class Archive:
    """Portfolios scored so far; each is scored once.

    Attributes:
        score: The score.
        gains: Gain by portfolio.
    """

    score: Score
    gains: dict[bytes, float] = field(default_factory=dict)

    def __call__(self, choices: Choices) -> Floats:
        """Return the gains of portfolios, (N,)."""
        rows = np.ascontiguousarray(choices, dtype=np.int16)
        keys = [row.tobytes() for row in rows]
        missing = {key: i for i, key in enumerate(keys) if key not in self.gains}
        if missing:
            found = self.score(rows[list(missing.values())])
            self.gains.update(zip(missing, found.tolist(), strict=True))
        return np.array([self.gains[key] for key in keys], dtype=np.float64)

    def table(self) -> tuple[Choices, Floats]:
        """Return all portfolios with their gains, (N, n) and (N,)."""
        rows = np.array([np.frombuffer(key, dtype=np.int16) for key in self.gains], dtype=np.int16)
        return rows, np.array(list(self.gains.values()), dtype=np.float64)

    def has(self, choices: Choices) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which portfolios are scored already, (N,)."""
        rows = np.ascontiguousarray(choices, dtype=np.int16)
        return np.array([row.tobytes() in self.gains for row in rows], dtype=np.bool_)


@dataclass(frozen=True, eq=False)
class Found:
    """The best portfolio of a search.

    Attributes:
        choice: (n,).
        gain: Its gain.
        proof: Number of starts and how many found it.
    """

    choice: Choices
    gain: float
    proof: Proof


def search(
    system: LinearSystem,
    archive: Archive,
    settings: PortfolioSettings,
    seeds: Choices | None = None,
    together: tuple[tuple[int, ...], ...] = (),
) -> Found:
    """Search for the portfolio with the largest gain.

    Starts are the seeds, the best proposals of the surrogate, and random portfolios. Each is improved until
    no neighbour (add, drop, change partner or year, swap, bundle) is better; batches of neighbours are
    evaluated in the order of the surrogate's estimates, and the first batch with a better one is taken.

    Args:
        system: Linear limits.
        archive: Score, with portfolios scored already.
        settings: Number of starts, size of batches, most evaluations.
        seeds: Portfolios to start from, (N, n); those that violate a limit are left out.
        together: Bundles of projects, by position.

    Raises:
        InfeasibleError: If no portfolio respects the linear limits.
    """
    generator = np.random.default_rng(settings.seed)
    n = len(system.problem.projects)
    starts = np.empty((0, n), dtype=np.int16) if seeds is None else np.asarray(seeds, dtype=np.int16)
    starts = starts[system.feasible(starts)]
    if not len(starts):
        starts = _random_start(system, generator)[None]
    archive(starts)
    _learn(system, archive, settings)
    ends: list[tuple[float, bytes]] = []
    known, gains = archive.table()
    starts = np.unique(np.vstack([known[np.argsort(-gains)[: settings.starts // 3 + 1]], starts]), axis=0)
    starts = starts[np.argsort(-archive(starts), kind="stable")][: max(1, 2 * settings.starts // 3)]
    for k in range(settings.starts):
        start = starts[k] if k < len(starts) else _random_start(system, generator)
        end = _climb(system, archive, settings, start, together)
        ends.append((float(archive(end[None])[0]), end.tobytes()))
        if len(archive.gains) >= settings.evaluations:
            break
    # The climbs have taught the surrogate what is near the optimum: its proposals are tried once more.
    _learn(system, archive, settings)
    known, gains = archive.table()
    end = _climb(system, archive, settings, known[int(np.argmax(gains))], together)
    ends[-1] = max(ends[-1], (float(archive(end[None])[0]), end.tobytes()))
    known, gains = archive.table()
    at = int(np.argmax(gains))
    near = TIE * max(1.0, abs(float(gains[at]))) if np.isfinite(gains[at]) else 0.0
    found_by = sum(gain >= gains[at] - near for gain, _ in ends)
    proof = Proof("search", portfolios=len(known), starts=len(ends), found_by=found_by)
    return Found(known[at], float(gains[at]), proof)


def _random_start(system: LinearSystem, generator: np.random.Generator) -> Choices:
    row = random_feasible(system, generator, tries=5)
    if row is not None:
        return row
    best = maximise(system, generator.normal(size=len(system.problem.options)))
    if best is None:
        raise infeasible(system)
    return best.choice


def _learn(system: LinearSystem, archive: Archive, settings: PortfolioSettings) -> None:
    """Evaluate proposals of the surrogate, fitted again each round, until rounds bring no improvement."""
    generator = np.random.default_rng(settings.seed + 1)
    missing = len(system.problem.options) + 2 - len(archive.gains)
    if missing > 0:
        archive(np.array([_random_start(system, generator) for _ in range(missing)]))
    idle = 0
    while idle < settings.rounds and len(archive.gains) < settings.evaluations:
        known, gains = archive.table()
        if not np.isfinite(gains).any():
            return
        best = float(gains.max())
        proposals = propose(fit(system.problem, known, gains), system, known, PROPOSALS)
        if not len(proposals):
            return
        improved = float(archive(proposals).max()) > best + TIE * max(1.0, abs(best))
        idle = 0 if improved else idle + 1


def _climb(
    system: LinearSystem,
    archive: Archive,
    settings: PortfolioSettings,
    start: Choices,
    together: tuple[tuple[int, ...], ...],
) -> Choices:
    """Improve a portfolio (n,) until no neighbour is better, or evaluations run out."""
    now, gain = start, float(archive(start[None])[0])
    fitted = -REFIT
    model = None
    while True:
        around = neighbours(system, now, together)
        if not len(around):
            return now
        if len(archive.gains) - fitted >= REFIT:
            known, gains = archive.table()
            model = fit(system.problem, known, gains) if np.isfinite(gains).any() else None
            fitted = len(archive.gains)
        is_known = archive.has(around)
        best, at = _best(archive, around[is_known], gain)
        fresh = around[~is_known]
        if model is not None and len(fresh):
            fresh = fresh[np.argsort(-model.predict(fresh), kind="stable")]
        for begin in range(0, min(len(fresh), settings.neighbours), settings.batch):
            if at is not None or len(archive.gains) >= settings.evaluations:
                break
            best, at = _best(archive, fresh[begin : begin + settings.batch], gain)
        if at is None:
            return now
        now, gain = at, best


def _best(archive: Archive, rows: Choices, gain: float) -> tuple[float, Choices | None]:
    """Return the best of some portfolios if it is better than a gain."""
    if not len(rows):
        return gain, None
    gains = archive(rows)
    k = int(np.argmax(gains))
    margin = TIE * max(1.0, abs(gain)) if np.isfinite(gain) else 0.0
    return (float(gains[k]), rows[k]) if gains[k] > gain + margin else (gain, None)
