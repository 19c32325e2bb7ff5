"""Solve the base year once before a counterfactual: to end imbalances, or to reach an equilibrium.

Published work often measures a shock from a base year without deficits: it first ends them and then applies
the shock (Caliendo & Parro 2015, section 5). A base year with clipped final demand is no equilibrium, and is
solved once without a change as well, so that the shock alone separates the two equilibria.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import pandas as pd

from sogdia.trade.base_year_rules import NEGATIVE_FINAL
from sogdia.trade.baseline import Baseline
from sogdia.trade.change import Change
from sogdia.trade.settings import TradeSettings
from sogdia.trade.solve import solve

First = Literal["none", "keep", "zero"]


def rebase(baseline: Baseline, first: First = "zero", settings: TradeSettings | None = None) -> Baseline:
    """Return the base year of a counterfactual after a first solution without a shock.

    Args:
        baseline: Data of the base year.
        first: ``zero`` ends all imbalances; ``keep`` applies the imbalance rule of the settings, so that only
            clipped final demand moves; ``none`` returns the baseline.
        settings: Settings of the first solution. Its flows are in the base year's currency, value added of
            the world being the numeraire.

    Raises:
        NotConvergedError: If the tolerance is not reached.
    """
    if first == "none":
        return baseline
    settings = settings or TradeSettings()
    values = {"numeraire": "world"} | ({"imbalance": "zero"} if first == "zero" else {})
    found = solve(baseline, Change.none(baseline), settings.model_copy(update=values)).to_baseline()
    # The rules applied to the data are still those of this base year.
    known = baseline.report[baseline.report["rule"] == NEGATIVE_FINAL]
    report = pd.concat([known, found.report], ignore_index=True) if len(known) else found.report
    return replace(found, adjusted=baseline.adjustments, report=report)
