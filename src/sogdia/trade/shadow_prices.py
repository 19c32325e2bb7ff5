"""Solve for scarcity rents under capacities: a complementarity problem around the equilibrium.

With ``u_g = ln(1 + ω_g)`` and the log excess ``h_g(u) = ln(q_g / most_g)`` of the equilibrium at these rents:
``0 ≤ u ⊥ −h(u) ≥ 0``, written as ``max(h, −u) = 0``. A semismooth Newton method (Qi & Sun 1993) takes the
capacities with ``h > −u`` as binding and the rents of the others as zero. Derivatives are finite differences,
updated by Broyden's formula while steps succeed; a step is halved until the largest residual falls. Where
none does, rents move by half of their excess over the trade elasticity.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sogdia.trade.arrays import Bools, Floats

TOLERANCE = 1e-8
"""Largest relative excess over a capacity, and largest ``ln(1 + ω)`` of one that does not bind."""
MAX_ROUNDS = 60
MAX_STEP = 1.0
"""Largest change of ``ln(1 + ω)`` in one step."""
DIFFERENCE = 1e-4
HALVINGS = 6
GOOD = 0.3
"""Part of the residual below which derivatives are updated rather than computed again."""


def solve_rents(excess: Callable[[Floats], Floats], elasticity: Floats) -> tuple[Floats, Floats]:
    """Solve ``0 ≤ u ⊥ −h(u) ≥ 0``; equations in the module's docstring.

    Args:
        excess: Log excess h over capacities at ``u = ln(1 + ω)``, (G,) each.
        elasticity: Trade elasticity of each group, for steps where Newton's method fails, (G,).

    Returns:
        u and the residual ``max(h, −u)`` of each capacity, within ``1e-8`` if solved.
    """
    rent = np.zeros(elasticity.size)
    over = excess(rent)
    jacobian: Floats | None = None
    known = np.zeros(rent.size, dtype=bool)
    for _ in range(MAX_ROUNDS):
        residual = np.abs(np.maximum(over, -rent)).max()
        if residual <= TOLERANCE:
            break
        binding = over > -rent
        if jacobian is None or (binding & ~known).any():
            jacobian, known = _derivatives(excess, rent, over, binding), binding
        step = _newton_step(jacobian, rent, over, binding)
        new, found = _search(excess, rent, step, float(residual))
        if found is None:
            new = np.maximum(rent + 0.5 * over / elasticity, 0.0)
            found, jacobian = excess(new), None
        elif np.abs(np.maximum(found, -new)).max() > GOOD * residual:
            jacobian = None
        else:
            moved = new - rent
            jacobian = jacobian + np.outer(found - over - jacobian @ moved, moved) / (moved @ moved)
        rent, over = new, found
    return rent, np.maximum(over, -rent)


def _derivatives(excess: Callable[[Floats], Floats], rent: Floats, over: Floats, binding: Bools) -> Floats:
    """Return the derivatives of the excess by the rents of binding capacities, (G, G)."""
    out = np.zeros((rent.size, rent.size))
    for g in np.flatnonzero(binding):
        moved = rent.copy()
        moved[g] += DIFFERENCE
        out[:, g] = (excess(moved) - over) / DIFFERENCE
    return out


def _newton_step(jacobian: Floats, rent: Floats, over: Floats, binding: Bools) -> Floats:
    """Return the step of all rents: those that do not bind end."""
    step = np.where(binding, 0.0, -rent)
    right = -(over + jacobian @ step)[binding]
    matrix = jacobian[np.ix_(binding, binding)]
    step[binding] = np.linalg.lstsq(matrix, right, rcond=None)[0]
    largest = np.abs(step).max()
    return np.asarray(step * min(1.0, MAX_STEP / largest) if largest > 0.0 else step)


def _search(
    excess: Callable[[Floats], Floats], rent: Floats, step: Floats, residual: float
) -> tuple[Floats, Floats | None]:
    """Return the first of the halved steps whose residual falls, and its excess; none if no step does."""
    part = 1.0
    for _ in range(HALVINGS):
        new = np.maximum(rent + part * step, 0.0)
        if np.array_equal(new, rent):
            break
        over = excess(new)
        if np.abs(np.maximum(over, -new)).max() <= (1.0 - 0.1 * part) * residual:
            return new, over
        part *= 0.5
    return rent, None
