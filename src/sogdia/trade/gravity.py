"""Fit trade flows to bilateral trade costs and totals: structural gravity.

For each sector, with output Y_i of exporters, purchases E_j of importers and trade costs t_ij (Anderson & van
Wincoop 2003):

- ``X_ij = (Y_i E_j / Y) (t_ij / (Π_i P_j))^−θ``
- outward multilateral resistance ``Π_i^−θ = Σ_j (t_ij / P_j)^−θ E_j / Y``
- inward multilateral resistance ``P_j^−θ = Σ_i (t_ij / Π_i)^−θ Y_i / Y``

So ``X = a K b`` by rows and columns with ``K = t^−θ``: the flows are the one matrix with these row and column
sums in which no other pattern than that of the costs remains. Iterated proportional fitting (Deming & Stephan
1940) and, near the solution, Newton's method on the column sums find it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.codes import ALL_GOODS
from sogdia.errors import Fault, FaultsError, InputError
from sogdia.trade.arrays import Floats
from sogdia.trade.flows import Labels, read_pairs, read_theta
from sogdia.trade.frames import Frame, Limits, by_detail
from sogdia.trade.negatives import AdjustedCell

FACTOR, EFFECT = "factor", "effect"
FIT_TOLERANCE = 1e-12
"""Largest deviation of a column sum from its total, relative to the largest total of the sector."""
MAX_FIT_ITERATIONS = 2000
ACCEPTABLE = 1e-9
"""Deviation at which a fit that no longer improves is accepted."""
SAME_TOTAL = 1e-9
"""Relative difference of world output and purchases that is no difference."""


@dataclass(frozen=True, eq=False)
class GravityFit:
    """Flows with given totals, S sectors and N economies.

    Attributes:
        flow: Flows X_ij, in the currency of the totals, (S, N, N).
        outward: Outward multilateral resistance Π, (S, N); 1 without output.
        inward: Inward multilateral resistance P, (S, N); 1 without purchases. One factor between Π and P is
            free: the mean of ln Π, weighted by output, equals that of ln P, weighted by purchases, so that
            both agree where costs are symmetric and trade is balanced.
        deviation: Largest deviation of a column sum, relative to the largest total of the sector, (S,).
    """

    flow: Floats
    outward: Floats
    inward: Floats
    deviation: Floats


def fit_flows(kernel: Floats, output: Floats, purchases: Floats, theta: Floats) -> GravityFit:
    """Fit flows to totals; equations in the module's docstring.

    Args:
        kernel: ``K = t^−θ``, or flows of a base year times the change of ``t^−θ``; 0 without trade,
            (S, N, N).
        output: Sales of exporters, (S, N).
        purchases: Purchases of importers, net of tariffs, (S, N); their sum is that of output.
        theta: Trade elasticities, (S,).

    Returns:
        The fit; where no flows of a sector have these totals, ``deviation`` is above ``1e-9``, and
        resistances are 1.
    """
    flow = np.zeros_like(kernel)
    outward, inward = np.ones_like(output), np.ones_like(output)
    deviation = np.zeros(len(theta))
    for k, elasticity in enumerate(theta):
        world = output[k].sum()
        if world <= 0.0:
            continue
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            # Totals that no flows have drive factors to their limits; the deviation reports it.
            a, b, deviation[k] = _fit(kernel[k], output[k], purchases[k])
            flow[k] = a[:, None] * kernel[k] * b
            if not deviation[k] <= ACCEPTABLE:
                continue
            log_outward = np.log(a * world / output[k]) / elasticity
            log_inward = np.log(b / purchases[k]) / elasticity
        sold, bought = output[k] > 0.0, purchases[k] > 0.0
        log_outward, log_inward = np.where(sold, log_outward, 0.0), np.where(bought, log_inward, 0.0)
        shift = (output[k] @ log_outward - purchases[k] @ log_inward) / world / 2.0
        outward[k] = np.exp(np.where(sold, log_outward - shift, 0.0))
        inward[k] = np.exp(np.where(bought, log_inward + shift, 0.0))
    return GravityFit(flow, outward, inward, deviation)


def _fit(kernel: Floats, output: Floats, purchases: Floats) -> tuple[Floats, Floats, float]:
    """Return the factors of rows and columns, (N,) each, and the relative deviation of column sums."""
    scale = purchases.max()
    is_bought = purchases > 0.0
    log_column = np.where(is_bought, 0.0, -np.inf)
    best, best_deviation = log_column, np.inf
    for _ in range(MAX_FIT_ITERATIONS):
        flow, excess = _at(kernel, output, purchases, log_column)
        deviation = float(np.abs(excess).max() / scale)
        if deviation < best_deviation:
            best, best_deviation = log_column, deviation
        if deviation <= FIT_TOLERANCE or not np.isfinite(deviation):
            break
        newton = _newton(flow, output, excess, is_bought)
        trial = np.where(is_bought, log_column + newton, -np.inf)
        if np.abs(_at(kernel, output, purchases, trial)[1]).max() < 0.5 * np.abs(excess).max():
            log_column = trial
            continue
        sums = flow.sum(axis=0)
        step = np.zeros_like(sums)
        can_move = is_bought & (sums > 0.0)
        step[can_move] = np.log(purchases[can_move] / sums[can_move])
        if not np.abs(step).max() > 0.0:
            break
        log_column = log_column + step
    column = np.exp(best - best.max())
    return _rows(kernel, output, column), column, best_deviation


def _rows(kernel: Floats, output: Floats, column: Floats) -> Floats:
    total = kernel @ column
    return np.asarray(np.divide(output, total, out=np.zeros_like(total), where=total > 0.0))


def _at(kernel: Floats, output: Floats, purchases: Floats, log_column: Floats) -> tuple[Floats, Floats]:
    """Return flows with exact row sums, and the excess of their column sums."""
    # The largest factor is 1, so that no power overflows; rows are scaled to their totals in any case.
    column = np.exp(log_column - log_column.max())
    flow = _rows(kernel, output, column)[:, None] * kernel * column
    return flow, flow.sum(axis=0) - purchases


def _newton(flow: Floats, output: Floats, excess: Floats, is_bought: np.ndarray) -> Floats:
    """Return Newton's step of the log column factors; one factor common to all columns is free."""
    inverse = np.divide(1.0, output, out=np.zeros_like(output), where=output > 0.0)
    sums = flow.sum(axis=0)
    jacobian = np.diag(sums) - flow.T @ (inverse[:, None] * flow)
    jacobian += np.outer(sums, sums) / sums.sum()
    jacobian[np.diag_indices_from(jacobian)] += np.where(is_bought & (sums > 0.0), 0.0, 1.0)
    try:
        step = np.linalg.solve(jacobian, -excess)
    except np.linalg.LinAlgError:
        return np.zeros_like(excess)
    return np.asarray(np.where(np.isfinite(step), step, 0.0))


def read_gravity(
    costs: pd.DataFrame,
    output: pd.DataFrame,
    expenditure: pd.DataFrame | None,
    theta: float | Mapping[str, float],
    file: str,
) -> tuple[Labels, Floats, Floats, list[AdjustedCell]]:
    """Read trade costs and totals and fit flows to them; all faults are reported together.

    Args:
        costs: ``exporter``, ``importer``, [``sector``,] and ``factor`` (t > 0; ``inf`` without trade) or
            ``effect`` (the effect on log trade, ``−θ ln t``; ``-inf`` without trade). ``*`` is every other
            economy. Home sales without a row have the cost 1; every other pair needs a row.
        output: ``economy``, [``sector``,] ``value``: sales at home and abroad.
        expenditure: The same for purchases of all uses, net of tariffs; ``None``: trade is balanced in each
            sector. If their sum over the world is not that of output, they are scaled to it.
        theta: Trade elasticity, of all sectors or by sector.
        file: Name of the costs in messages.

    Returns:
        Economies and sectors; flows, (S, N, N); elasticities, (S,); cells of expenditure that were scaled.

    Raises:
        FaultsError: If a name, total or cost is missing or invalid.
        InputError: If no flows have these totals, for lack of pairs that trade.
    """
    faults: list[Fault] = []
    totals = {"output": output, "expenditure": output if expenditure is None else expenditure}
    frames = {name: Frame(table, table.attrs.get("file", name), faults) for name, table in totals.items()}
    labels = _read_labels(frames, faults)
    if faults:
        raise FaultsError(faults)
    sold, bought = (_read_total(frame, labels) for frame in frames.values())
    elasticity = read_theta(theta, labels[1], faults)
    effect = _read_effects(Frame(costs, file, faults), labels, elasticity)
    faults += _total_faults(sold, bought, labels, frames)
    if faults:
        raise FaultsError(faults)
    world, spent = sold.sum(axis=1), bought.sum(axis=1)
    factor = np.divide(world, spent, out=np.ones_like(world), where=spent > 0.0)
    rows: list[AdjustedCell] = []
    for k, j in np.argwhere((np.abs(factor - 1.0) > SAME_TOTAL)[:, None] & (bought > 0.0)):
        cell = ("scaled to world output", "expenditure", labels[0][j], "", labels[1][k], "")
        rows.append((*cell, float(bought[k, j]), float(bought[k, j] * factor[k])))
    bought = bought * factor[:, None]
    shift = np.max(effect, axis=(1, 2), keepdims=True, initial=-700.0)
    fit = fit_flows(np.exp(effect - shift), sold, bought, elasticity)
    for k in np.flatnonzero(fit.deviation > ACCEPTABLE):
        j = int(np.abs(fit.flow[k].sum(axis=0) - bought[k]).argmax())
        raise InputError(
            f"{file}: {labels[1][k]}: no flows have these totals; purchases of {labels[0][j]} miss by "
            f"{fit.deviation[k]:.1e} of the largest; let more pairs trade, or correct the totals"
        )
    return labels, fit.flow, elasticity, rows


def _read_labels(frames: dict[str, Frame], faults: list[Fault]) -> Labels:
    economies: set[str] = set()
    sectors: set[str] = set()
    for frame in frames.values():
        has_sectors = "sector" in frame.table
        if not frame.has(("economy", *(("sector",) if has_sectors else ()), "value")):
            continue
        if frame.table.empty:
            faults.append(Fault(frame.file, None, None, "there are no rows", "", "empty"))
        economies |= set(frame.names("economy"))
        sectors |= set(frame.names("sector")) if has_sectors else {ALL_GOODS}
    return tuple(sorted(economies)), tuple(sorted(sectors))


def _read_total(frame: Frame, labels: Labels) -> Floats:
    """Read output or expenditure, (S, N); a cell without a row is 0."""
    out = np.zeros((len(labels[1]), len(labels[0])))
    known = [{name: i for i, name in enumerate(names)} for names in labels]
    has_sectors = "sector" in frame.table
    frame.check_unique(("economy", *(("sector",) if has_sectors else ())))
    values = frame.numbers("value", Limits())
    economy = frame.codes("economy", known[0])
    sector = frame.codes("sector", known[1]) if has_sectors else np.zeros(len(values), dtype=np.int64)
    if not has_sectors and labels[1] != (ALL_GOODS,):
        problem = "the column is missing, and the other table has sectors"
        frame.faults.append(Fault(frame.file, 1, "sector", problem, "", "column"))
    if not frame.faults:
        out[sector, economy] = values
    return out


def _total_faults(sold: Floats, bought: Floats, labels: Labels, frames: dict[str, Frame]) -> list[Fault]:
    faults = []
    for j, name in enumerate(labels[0]):
        for (table, frame), total in zip(frames.items(), (sold, bought), strict=True):
            if not frame.faults and total[:, j].sum() <= 0.0:
                faults.append(Fault(frame.file, None, "value", f"{name} has no {table}", "", f"no-{table}"))
    for k, name in enumerate(labels[1]):
        if not frames["output"].faults and (sold[k].sum() > 0.0) != (bought[k].sum() > 0.0):
            problem = f"{name} has output {sold[k].sum():g} and expenditure {bought[k].sum():g} in the world"
            faults.append(Fault(frames["output"].file, None, "value", problem, "", "no-sector"))
    return faults


def _read_effects(frame: Frame, labels: Labels, theta: Floats) -> Floats:
    """Read effects on log trade ``−θ ln t``, (S, N, N); add faults for pairs without a row."""
    size = len(labels[0])
    out = np.full((len(labels[1]), size, size), np.nan)
    diagonal = np.arange(size)
    out[:, diagonal, diagonal] = 0.0
    column = cost_column(frame.table)
    numbers = read_pairs(frame, labels, column)
    if numbers is None:
        return out
    values = read_costs(frame, column)
    if frame.faults:
        return out
    for row in by_detail(*numbers):
        cells = cells_of(*(int(codes[row]) for codes in numbers))
        home = out[:, diagonal, diagonal].copy()
        value = values[row]
        out[cells] = value if column == EFFECT else -theta[cells[0]][:, None, None] * np.log(value)
        if min(numbers[1][row], numbers[2][row]) < 0:
            out[:, diagonal, diagonal] = home
    for k, i, j in np.argwhere(np.isnan(out)):
        sector = "" if len(labels[1]) == 1 else f" of {labels[1][k]}"
        problem = f"no cost from {labels[0][i]} to {labels[0][j]}{sector}"
        frame.faults.append(Fault(frame.file, None, column, problem, "add a row, or one with *", "missing"))
    return out


def cost_column(table: pd.DataFrame) -> str:
    """Return the column of trade costs: a factor, or the effect on log trade."""
    return EFFECT if EFFECT in table and FACTOR not in table else FACTOR


def read_costs(frame: Frame, column: str) -> Floats:
    """Return the trade costs of a column; add faults.

    A factor is above 0 and may be ``inf``; an effect may be ``-inf``: no trade.
    """
    if column == FACTOR:
        return frame.numbers(column, Limits(is_open_below=True, allow_infinite=True))
    values = frame.numbers(column, Limits(minimum=-np.inf, allow_infinite=True))
    frame.add_faults(np.isposinf(values), column, "{} is out of range; expected a finite effect", "high")
    return values


def cells_of(sector: int, exporter: int, importer: int) -> tuple[slice, slice, slice]:
    """Return the cells of a row: a slice for each number, of all for a wildcard."""
    sectors, exporters, importers = (
        slice(None) if n < 0 else slice(n, n + 1) for n in (sector, exporter, importer)
    )
    return sectors, exporters, importers
