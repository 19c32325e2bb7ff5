"""All hours of a year against its mean days."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Case
from sogdia.power import PowerResult

from .systems import line, plant, reservoir, solve_system, system


def test_all_hours_cost_the_same_as_mean_days_without_storage(isle_case: Case) -> None:
    plants = [plant("A", "low", 60, 10), plant("B", "high", 90, 70)]
    lines = [line("ab", "A", "B", 40, 0.95, 1.0)]

    def year(**more: object) -> PowerResult:
        snapshots = system(isle_case, {"A": 1.0}, [], **more).snapshots  # type: ignore[arg-type]
        wave = 30.0 + 10.0 * np.sin(snapshots.hour / 24.0 * 2.0 * np.pi) + snapshots.month
        return solve_system(isle_case, {"A": wave, "B": 1.5 * wave}, plants, lines, **more)

    days, hours, points = year(), year(hours=8760), year(hours=8760, solver="ipm")
    assert hours.solver.objective_usd == pytest.approx(days.solver.objective_usd, rel=1e-9)
    assert points.solver.objective_usd == pytest.approx(days.solver.objective_usd, rel=1e-6)


def test_simplex_and_interior_point_methods_agree_on_all_hours_with_a_reservoir(isle_case: Case) -> None:
    """The start from mean days does not change the optimum."""
    snapshots = system(isle_case, {"A": 1.0}, [], hours=8760).snapshots
    week = np.where(np.arange(8760) // 24 % 7 < 5, 70.0, 40.0) + 5.0 * np.cos(
        snapshots.hour / 24.0 * 2.0 * np.pi
    )
    plants = [plant("A", "low", 50, 10), plant("A", "high", 60, 70)]
    water = [reservoir("A", 40, 20, np.full(8760, 8.0))]
    objectives = [
        solve_system(
            isle_case, {"A": week}, plants, water=water, hours=8760, solver=solver
        ).solver.objective_usd
        for solver in ("simplex", "ipm")
    ]
    assert objectives[0] == pytest.approx(objectives[1], rel=1e-6)
