"""Published answers, read in place: nothing of them is in the repository.

They lie in ``../shared/bench/trade`` beside the repository, or in ``trade`` where ``SOGDIA_BENCH`` says.
Source: Stata's ge_gravity (T. Zylkin; Baier, Yotov & Zylkin 2019) on WIOD 2016, from the R package GEGravity.
"""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sogdia.trade import Baseline, Change

ROOT = Path(__file__).parents[2]
THETA = 4.0


def bench() -> Path:
    """The folder of published answers, wherever the variable points: at it, beside it, or above it."""
    told = os.environ.get("SOGDIA_BENCH")
    if told is None:
        return ROOT.parent / "shared" / "bench" / "trade"
    folders = (Path(told), Path(told) / "trade", Path(told).parent / "trade")
    return next((folder for folder in folders if (folder / ANSWERS).is_file()), folders[0])


ANSWERS = "ge_gravity_wiod44_2000.csv"


@lru_cache
def answers() -> pd.DataFrame:
    path = bench() / ANSWERS
    if not path.is_file():
        pytest.skip(f"{path} is not there: published answers are not part of the repository")
    return pd.read_csv(path)


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
