"""Anderson's mixing for fixed points ``y = Φ(y)`` of which Φ is dear and no derivative is known."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RIDGE = 1e-12
"""Part of the largest square by which the least squares are kept regular."""


class Anderson:
    """Next points of a fixed-point iteration, from those seen (Anderson 1965; Walker & Ni 2011).

    With residuals ``r_n = Φ(y_n) − y_n`` and the last m differences of both, the next point is
    ``y_n + β r_n − (ΔY + β ΔR) γ``, γ minimising ``‖r_n − ΔR γ‖₂``. With m = 0 this is damping by β.
    """

    def __init__(self, depth: int = 3, damping: float = 1.0) -> None:
        self._depth = depth
        self._damping = damping
        self._points: list[Floats] = []
        self._residuals: list[Floats] = []

    def following(self, point: Floats, image: Floats) -> Floats:
        """The point to try after ``point``, whose image under Φ is ``image``; both (n,)."""
        self._points = [*self._points, point][-(self._depth + 1) :]
        self._residuals = [*self._residuals, image - point][-(self._depth + 1) :]
        latest = self._residuals[-1]
        plain = np.asarray(point + self._damping * latest)
        if len(self._points) == 1:
            return plain
        moves = np.diff(np.array(self._points), axis=0)
        turns = np.diff(np.array(self._residuals), axis=0)
        normal = turns @ turns.T
        normal += np.eye(len(turns)) * (RIDGE * max(float(normal.max()), np.finfo(float).tiny))
        weights = np.linalg.solve(normal, turns @ latest)
        return np.asarray(plain - weights @ (moves + self._damping * turns))
