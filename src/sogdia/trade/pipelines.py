"""Goods that go by pipeline but are no freight: cut off where every line that carried them is shut.

A line carries its product from each country it passes to each country after it. What two economies trade
of the product hangs on the lines that run from one to the other; when all that ran in the base are out of
use, the trade ends. Trade of a pair that no line joins (ships, chains of lines) is left alone, and a new
line neither makes trade nor cheapens it: a pipeline has no price here.
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case

RUNNING = "operating"
Key = tuple[str, str, str]


def shut_off(base: Case, case: Case, goods: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each good has lost every pipeline it had, (R,).

    Args:
        base: The case whose trade the goods are.
        case: The case looked at.
        goods: Goods (:func:`sogdia.trade.goods.goods_of`).
    """
    lost = _joined(base) - _joined(case)
    keys = zip(goods["exporter"], goods["importer"], goods["commodity"], strict=True)
    found = np.array([key in lost for key in keys], dtype=np.bool_)
    return np.asarray(found & ~goods["freight"].to_numpy(dtype=np.bool_))


def _joined(case: Case) -> set[Key]:
    """Exporter, importer and product of each pair that a running line joins."""
    lines = case.table("pipelines")
    economies = set(case.table("economies")["iso3"])
    parties = case.table("parties").set_index("code")["member_of"].fillna("").to_dict()
    joined: set[Key] = set()
    for via, product in zip(
        *(lines.loc[lines["status"] == RUNNING, name] for name in ("via_iso3", "product")), strict=True
    ):
        passed = [_economies(code, economies, str(parties.get(code, ""))) for code in str(via).split(";")]
        for first, second in combinations(passed, 2):
            joined |= {(a, b, str(product)) for a in first for b in second if a != b}
    return joined


def _economies(code: str, economies: set[str], member_of: str) -> set[str]:
    """The economy that a country is, or is part of."""
    return ({code} | set(member_of.split(";"))) & economies
