"""Anderson mixing for fixed points ``y = Φ(y)`` of an expensive map without known derivatives."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
RIDGE = 1e-12
"""Ridge of the least-squares problem, relative to the largest squared difference."""


class AndersonMixing:
    """Next points of a fixed-point iteration from the last ones (Anderson 1965; Walker & Ni 2011).

    With residuals ``r_n = Φ(y_n) − y_n`` and the last m differences ``ΔY``, ``ΔR`` of points and residuals,
    the next point is ``y_n + β r_n − (ΔY + β ΔR) γ``, where γ minimises ``‖r_n − ΔR γ‖₂``. With m = 0 this
    is damping by β.

    ``scipy.optimize.anderson`` calls Φ itself until one tolerance is reached. Here the caller does, as it
    changes the accuracy of Φ and restarts the mixing between points.
    """

    def __init__(self, depth: int = 3, damping: float = 1.0) -> None:
        """Start without points; ``depth`` is m, ``damping`` is β."""
        self._depth = depth
        self._damping = damping
        self._points: list[Floats] = []
        self._residuals: list[Floats] = []

    def next_point(self, point: Floats, image: Floats) -> Floats:
        """Return the point to try after ``point``, whose image under Φ is ``image``; (n,) each."""
        self._points = [*self._points, point][-(self._depth + 1) :]
        self._residuals = [*self._residuals, image - point][-(self._depth + 1) :]
        latest = self._residuals[-1]
        damped = np.asarray(point + self._damping * latest)
        if len(self._points) == 1:
            return damped
        point_steps = np.diff(np.array(self._points), axis=0)
        residual_steps = np.diff(np.array(self._residuals), axis=0)
        normal = residual_steps @ residual_steps.T
        normal += np.eye(len(residual_steps)) * (RIDGE * max(float(normal.max()), np.finfo(float).tiny))
        weights = np.linalg.solve(normal, residual_steps @ latest)
        return np.asarray(damped - weights @ (point_steps + self._damping * residual_steps))
