"""Published answers, read in place: nothing of them is in the repository.

They are in ``trade`` of the folder of published cases (:mod:`bench`).
Source: Stata's ge_gravity (T. Zylkin; Baier, Yotov & Zylkin 2019) on WIOD 2016, from the R package GEGravity.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd
from bench import bench_path

from sogdia.trade import Baseline, Change

THETA = 4.0


ANSWERS = "ge_gravity_wiod44_2000.csv"


@lru_cache
def answers() -> pd.DataFrame:
    return pd.read_csv(bench_path("trade", ANSWERS))


@lru_cache
def enlargement() -> tuple[Baseline, Change]:
    """The world of 2000 and the European Union's enlargement."""
    table = answers()
    flows = table.rename(columns={"trade": "value"})[["exporter", "importer", "value"]]
    baseline = Baseline.from_frames(flows, THETA)
    pairs = table[table["eu_effect"] != 0.0]
    costs = pairs[["exporter", "importer"]].assign(factor=np.exp(-pairs["eu_effect"] / THETA))
    return baseline, Change.from_frames(baseline, costs)


def welfare(column: str) -> npt.NDArray[np.float64]:
    """Published welfare of each economy, in the baseline's order."""
    by_name = answers().drop_duplicates("exporter").set_index("exporter")[column]
    return by_name.reindex(list(enlargement()[0].economies)).to_numpy()


def flows(column: str) -> npt.NDArray[np.float64]:
    """Published trade, exporters by importers."""
    names = list(enlargement()[0].economies)
    table = answers().pivot_table(index="exporter", columns="importer", values=column)
    return table.reindex(index=names, columns=names).to_numpy()
