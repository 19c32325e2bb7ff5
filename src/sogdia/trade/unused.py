"""Rows of shocks that change no flow: the pair that they name does not trade in the base year."""

from __future__ import annotations

import pandas as pd

from sogdia.trade.baseline import Baseline

ENDS = ("exporter", "importer")


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
