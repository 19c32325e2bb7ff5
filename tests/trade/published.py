"""Published results that are too large for the repository, read from the folder of published cases.

The folder is that of :mod:`bench`.
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
FILE = "ge_gravity_wiod44_2000.csv"


@lru_cache
def published_table() -> pd.DataFrame:
    """Return flows of 2000, the agreement's effect, and ge_gravity's counterfactual flows and welfare."""
    return pd.read_csv(bench_path("trade", FILE))


@lru_cache
def enlargement() -> tuple[Baseline, Change]:
    """Return the world of 2000 and the cost shocks of the European Union's enlargement."""
    table = published_table()
    flows = table.rename(columns={"trade": "value"})[["exporter", "importer", "value"]]
    baseline = Baseline.from_frames(flows, THETA)
    pairs = table[table["eu_effect"] != 0.0]
    costs = pairs[["exporter", "importer"]].assign(factor=np.exp(-pairs["eu_effect"] / THETA))
    return baseline, Change.from_frames(baseline, costs)


def welfare(column: str) -> npt.NDArray[np.float64]:
    """Return published welfare of each economy, in the baseline's order."""
    by_name = published_table().drop_duplicates("exporter").set_index("exporter")[column]
    return by_name.reindex(list(enlargement()[0].economies)).to_numpy()


def flows(column: str) -> npt.NDArray[np.float64]:
    """Return published counterfactual trade, exporters by importers."""
    names = list(enlargement()[0].economies)
    table = published_table().pivot_table(index="exporter", columns="importer", values=column)
    return table.reindex(index=names, columns=names).to_numpy()
