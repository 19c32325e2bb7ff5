"""Rows of shocks that change no flow: the pair that they name does not trade in the base year."""

from __future__ import annotations

import pandas as pd

from sogdia.trade.baseline import Baseline

ENDS = ("exporter", "importer")


LARGEST_FACTOR = 10.0
"""Factor on trade costs above which it may be a percentage; above all in published counterfactuals."""


def remarks_on_factors(shock: pd.DataFrame) -> list[str]:
    """Return remarks on a shock of trade costs that changes nothing, or by an unlikely factor.

    Args:
        shock: Checked table; ``factor`` is on trade costs, and infinite where trade stops.
    """
    if shock.empty:
        return ["it has no rows, so it changes nothing"]
    if "factor" not in shock.columns:
        return []
    factors = pd.to_numeric(shock["factor"])
    if (factors == 1.0).all():
        return ["every factor is 1, so it changes nothing"]
    large = factors[(factors > LARGEST_FACTOR) & (factors < float("inf"))]
    if large.empty:
        return []
    return [f"a factor of {large.max():g} on trade costs; is it a percentage? 1.1 is 10 % more"]


def rows_without_trade(baseline: Baseline, shock: pd.DataFrame) -> list[str]:
    """Return the pairs of a shock without trade in the base year, in order, each once.

    Exact hat algebra keeps a flow of zero at zero, so such a row changes nothing. A row with ``*`` for an end
    is not reported, since it covers pairs with trade too.

    Args:
        baseline: Base year.
        shock: Checked table with ``exporter``, ``importer`` and, for some, ``sector``.

    Returns:
        ``exporter to importer``, with the sector where one is named.
    """
    economies = {name: number for number, name in enumerate(baseline.economies)}
    sectors = {name: number for number, name in enumerate(baseline.sectors)}
    found: dict[str, None] = {}
    for row in shock.to_dict("records"):
        ends = [str(row[name]).strip() for name in ENDS]
        if not set(ends) <= economies.keys() or ends[0] == ends[1]:
            continue
        sector = str(row.get("sector", "")).strip()
        chosen = [sectors[sector]] if sector in sectors else list(sectors.values())
        if not baseline.flow[chosen, economies[ends[0]], economies[ends[1]]].any():
            found[f"{ends[0]} to {ends[1]}" + (f" in {sector}" if sector in sectors else "")] = None
    return list(found)
