"""Estimate gravity by Poisson pseudo-maximum likelihood (PPML) with pyfixest.

``E[X_ij] = exp(β z_ij + fixed effects)`` (Silva & Tenreyro 2006): zero trade counts, and the estimate
is consistent under heteroskedasticity. With fixed effects of exporters and of importers the fitted trade has
the observed totals of both, and the fixed effects are the multilateral resistances of structural gravity
(Fally 2015): :meth:`sogdia.trade.Baseline.from_costs` gives the fitted trade back from the effects and the
totals.

The estimator is pyfixest's (the extra ``gravity``), with its check for separated observations; Sogdia reads
the data and turns coefficients into trade costs.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sogdia.errors import CannotRunError, FaultsError, InputError
from sogdia.tables.summary import ShortRepr
from sogdia.trade.arrays import Bools, Floats
from sogdia.trade.flows import ENDS
from sogdia.trade.frames import Frame, Limits
from sogdia.trade.tables import ESTIMATES

IDENTITY = (*ENDS, "sector", "year")
"""Columns that identify a row of effects, where the data have them."""
NEEDS_EXTRA = "gravity estimation needs the extra gravity: pip install 'sogdia[gravity]'"
CLUSTERS = ("exporter^importer",)
TOLERANCE = 1e-10
MOST_ITERATIONS = 200
MOST_CLUSTERS = 2


@dataclass(frozen=True, eq=False, repr=False)
class GravityEstimate(ShortRepr):
    """Coefficients of trade costs, and the effects that they imply.

    Attributes:
        coefficients: One row per covariate (:data:`sogdia.trade.tables.ESTIMATES`).
        effects: ``exporter``, ``importer``, ``sector`` and ``year`` where the data have them, ``effect``: the
            effect of trade costs on log trade, ``β z`` and fixed effects of pairs, ``−θ ln t``, and ``−inf``
            for pairs that never trade; ``fitted``: fitted trade, empty for rows that the estimator left out.
        fixed_effects: Fixed effects, as given.
        clusters: Clusters of standard errors, as given.
        observations: Rows in use.
        left_out: Rows left out: a level of a fixed effect has one row, or no trade.
        pseudo_r2: Pseudo R² (McFadden).
    """

    coefficients: pd.DataFrame
    effects: pd.DataFrame
    fixed_effects: tuple[str, ...]
    clusters: tuple[str, ...]
    observations: int
    left_out: int
    pseudo_r2: float

    def partial_effect(self, changes: pd.DataFrame) -> pd.DataFrame:
        """Return the partial effect of changed covariates, for :meth:`sogdia.trade.Change.from_frames`.

        Args:
            changes: ``exporter``, ``importer``, ``sector`` (optional), and a column with the change of each
                covariate that changes; ``*`` and ``all`` as for shocks.

        Returns:
            The same rows with ``effect = β Δz``, without rows of no effect.

        Raises:
            FaultsError: If a column is missing or not a number.
            InputError: If no column is a covariate of the estimate.
        """
        frame = Frame(changes, changes.attrs.get("file", "changes"))
        known = self.coefficients.set_index("covariate")["coefficient"]
        names = [name for name in known.index if name in changes]
        if not names:
            raise InputError(
                f"{frame.file}: no column is a covariate of the estimate: {', '.join(known.index)}"
            )
        effect = np.zeros(len(changes))
        if frame.has(ENDS):
            for name in names:
                effect = effect + known[name] * frame.numbers(name, Limits(minimum=-np.inf))
        if frame.faults:
            raise FaultsError(frame.faults)
        keys = [name for name in (*ENDS, "sector") if name in changes]
        out: pd.DataFrame = changes[keys].assign(effect=effect)[effect != 0.0]
        out.attrs = dict(changes.attrs)
        return out


def estimate_gravity(
    data: pd.DataFrame,
    covariates: Sequence[str],
    *,
    value: str = "value",
    fixed_effects: Sequence[str] = ENDS,
    clusters: Sequence[str] = CLUSTERS,
    file: str = "data",
) -> GravityEstimate:
    """Estimate the effect of covariates on trade by PPML with fixed effects.

    Args:
        data: ``exporter``, ``importer``, the value of trade (zeros included), covariates, and other columns
            for fixed effects. Home sales may be among the rows.
        covariates: Columns of numbers, in logs where an elasticity is meant.
        value: Column of trade.
        fixed_effects: Columns, or several joined by ``^``: ``exporter^year``.
        clusters: Clusters of standard errors, one or two, in the same form. Standard errors have pyfixest's
            small-sample correction ``G / (G − 1) · (N − 1) / (N − K)``, G being the smaller number of
            clusters and K the number of parameters without fixed effects nested in clusters.
        file: Name of the data in messages.

    Raises:
        FaultsError: If a column is missing, or a cell is not a number in range.
        InputError: If a covariate is collinear with the others and the fixed effects, or no estimate exists.
        CannotRunError: If the extra ``gravity`` is not installed.
    """
    _check_terms(covariates, fixed_effects, clusters)
    frame = Frame(data, data.attrs.get("file", file))
    table = _numbers(frame, covariates, value, (*fixed_effects, *clusters))
    fit = _checked_fit(table, frame.file, covariates, fixed_effects, clusters)
    with np.errstate(divide="ignore"):
        # A covariate that explains trade exactly has no standard error.
        tidy = fit.tidy().loc[[f"z{n}" for n in range(len(covariates))]]
    coefficients = ESTIMATES.frame(
        [(name, *map(float, row)) for name, row in zip(covariates, tidy.to_numpy(), strict=True)]
    )
    design = table[[f"z{n}" for n in range(len(covariates))]].to_numpy()
    is_used = np.isin(np.arange(len(table)), fit._data["row"])
    effect = design @ tidy["Estimate"].to_numpy(dtype=np.float64)
    effect = effect + _pair_effects(fit, table, is_used, fixed_effects)
    fitted = np.full(len(table), np.nan)
    fitted[is_used] = fit._Y_hat_response
    keys = [name for name in IDENTITY if name in data]
    effects = pd.DataFrame({name: frame.texts(name).to_numpy() for name in keys})
    return GravityEstimate(
        coefficients,
        effects.assign(effect=effect, fitted=fitted),
        tuple(fixed_effects),
        tuple(clusters),
        int(fit._N),
        len(table) - int(fit._N),
        float(fit._pseudo_r2),
    )


def _checked_fit(
    table: pd.DataFrame,
    file: str,
    covariates: Sequence[str],
    fixed_effects: Sequence[str],
    clusters: Sequence[str],
) -> Any:
    """Return the fit of a table; an estimate that does not exist is an error."""
    if not _is_identified(table, len(fixed_effects)):
        raise InputError(
            f"{file}: no estimate: each row is the only one of a fixed effect, or of one without "
            f"trade; use fewer fixed effects or more rows"
        )
    fit = _fit(table, len(covariates), len(fixed_effects), len(clusters))
    dropped = [covariates[int(name[1:])] for name in fit._collin_vars]
    if dropped:
        raise InputError(
            f"{file}: {', '.join(dropped)}: collinear with the other covariates and the fixed effects; "
            f"leave it out, or use fewer fixed effects"
        )
    return fit


def _check_terms(covariates: Sequence[str], fixed_effects: Sequence[str], clusters: Sequence[str]) -> None:
    if not covariates:
        raise InputError("covariates: none is named; name at least one column")
    if not fixed_effects:
        raise InputError("fixed_effects: none is named; those of exporter and importer are usual")
    if not 1 <= len(clusters) <= MOST_CLUSTERS:
        raise InputError(f"clusters: {len(clusters)} are named; name one or two")
    repeated = {name for name in covariates if list(covariates).count(name) > 1}
    if repeated:
        raise InputError(f"covariates: {', '.join(sorted(repeated))} is named twice")


def _numbers(frame: Frame, covariates: Sequence[str], value: str, terms: Sequence[str]) -> pd.DataFrame:
    """Return the data as ``y``, covariates ``z0``…, numbers of fixed effects and clusters ``g0``…, ``row``.

    Raises:
        FaultsError: If a column is missing, or a cell is not a number in range.
    """
    parts = [part for term in terms for part in term.split("^")]
    if not frame.has(tuple(dict.fromkeys((*ENDS, value, *covariates, *parts)))):
        raise FaultsError(frame.faults)
    columns: dict[str, Any] = {"y": frame.numbers(value, Limits())}
    for n, name in enumerate(covariates):
        columns[f"z{n}"] = frame.numbers(name, Limits(minimum=-np.inf))
    for part in dict.fromkeys(parts):
        frame.add_faults((frame.texts(part) == "").to_numpy(dtype=bool), part, "the name is missing", "name")
    for n, term in enumerate(terms):
        names = pd.DataFrame({part: frame.texts(part) for part in term.split("^")})
        columns[f"g{n}"] = names.groupby(list(names.columns), sort=False).ngroup().to_numpy()
    if frame.faults:
        raise FaultsError(frame.faults)
    return pd.DataFrame(columns).assign(row=np.arange(len(frame.table)))


def _is_identified(table: pd.DataFrame, effects: int) -> bool:
    """Return whether rows are left without those that a fixed effect fits exactly.

    These are the only rows of a level, and the rows of a level without trade, until there are none of either.
    pyfixest ends the process where it drops all rows.
    """
    rows = table
    while len(rows):
        fitted = np.zeros(len(rows), dtype=np.bool_)
        for n in range(effects):
            level = rows.groupby(f"g{n}")["y"]
            fitted |= ((level.transform("size") == 1) | (level.transform("max") == 0.0)).to_numpy(dtype=bool)
        if not fitted.any():
            return True
        rows = rows[~fitted]
    return False


def _fit(table: pd.DataFrame, covariates: int, effects: int, clusters: int) -> Any:
    """Return pyfixest's fit."""
    try:
        from pyfixest import fepois
        from pyfixest.errors import NonConvergenceError
    except ImportError as error:
        raise CannotRunError(NEEDS_EXTRA) from error
    formula = " + ".join(f"z{n}" for n in range(covariates))
    absorbed = " + ".join(f"g{n}" for n in range(effects))
    cluster = " + ".join(f"g{effects + n}" for n in range(clusters))
    with warnings.catch_warnings():
        # pandas deprecates calls that the library makes; rows that it drops are counted in the result.
        warnings.simplefilter("ignore")
        try:
            return fepois(
                f"y ~ {formula} | {absorbed}",
                data=table,
                vcov={"CRV1": cluster},
                separation_check=["fe", "ir"],
                fixef_tol=TOLERANCE,
                iwls_tol=TOLERANCE,
                iwls_maxiter=MOST_ITERATIONS,
            )
        except NonConvergenceError as error:
            raise InputError(f"PPML does not converge in {MOST_ITERATIONS} iterations: {error}") from error
        except (ValueError, np.linalg.LinAlgError) as error:
            raise InputError(f"PPML has no estimate on these data: {error}") from error


def _pair_effects(fit: Any, table: pd.DataFrame, is_used: Bools, fixed_effects: Sequence[str]) -> Floats:
    """Return the sum of fixed effects of pairs, which are part of trade costs, (rows,).

    Pairs whose rows were all left out never trade: their effect is −inf.
    """
    out = np.zeros(len(table))
    of_pairs = [n for n, term in enumerate(fixed_effects) if set(ENDS) <= set(term.split("^"))]
    if not of_pairs:
        return out
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        levels = fit.fixef()
    for n in of_pairs:
        # The level without an entry is the one that the others are relative to.
        known = {str(name): float(size) for name, size in levels[f"C(g{n})"].items()}
        traded = set(table.loc[is_used, f"g{n}"])
        out += np.array([known.get(str(code), 0.0) if code in traded else -np.inf for code in table[f"g{n}"]])
    return out
