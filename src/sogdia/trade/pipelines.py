"""Find the goods whose trade ends because all pipelines that carried them are closed.

A pipeline carries its product from each country on its route to each later one. Trade of a pair in that
product depends on the pipelines between the two: if all that operated in the baseline are closed in the case,
it ends. Trade of a pair without a direct pipeline (by ship, or through a chain of pipelines) is unchanged. A
new pipeline neither creates trade nor lowers its cost: pipeline transport has no price in the model.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd

from sogdia.case import Case
from sogdia.codes import OPERATING
from sogdia.trade.arrays import Bools

Key = tuple[str, str, str]


def has_lost_pipelines(base: Case, case: Case, table: pd.DataFrame) -> Bools:
    """Return whether each row had pipelines in the baseline and has none left in the case, (R,).

    Args:
        base: Baseline case.
        case: Case under study.
        table: ``exporter``, ``importer`` and ``commodity``. Freight among them can use another path: the
            caller masks it.
    """
    lost = _connected(base) - _connected(case)
    if not lost:
        return np.zeros(len(table), dtype=np.bool_)
    keys = zip(table["exporter"], table["importer"], table["commodity"], strict=True)
    return np.array([key in lost for key in keys], dtype=np.bool_)


def _connected(case: Case) -> set[Key]:
    """Return exporter, importer and product of each pair that an operating pipeline connects."""
    lines = case.table("pipelines")
    economies = set(case.table("economies")["iso3"])
    parties = case.table("parties").set_index("code")["member_of"].fillna("").to_dict()
    operating = lines[lines["status"] == OPERATING]
    connected: set[Key] = set()
    for via, product in zip(operating["via_iso3"], operating["product"], strict=True):
        route = [_economies(code, economies, str(parties.get(code, ""))) for code in str(via).split(";")]
        for first, second in combinations(route, 2):
            connected |= {(a, b, str(product)) for a in first for b in second if a != b}
    return connected


def _economies(code: str, economies: set[str], member_of: str) -> set[str]:
    """Return the economy of the model that a country is, or is a member of."""
    return ({code} | set(member_of.split(";"))) & economies
