"""Short summaries of objects for notebooks."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.tables.summary import MAX_REPR, ShortRepr


@dataclass(frozen=True, eq=False, repr=False)
class Result(ShortRepr):
    name: str
    table: pd.DataFrame
    values: npt.NDArray[np.float64]
    rows: tuple[int, ...]
    hidden: int = field(default=7, repr=False)


def test_repr_has_sizes_instead_of_values() -> None:
    result = Result("freight", pd.DataFrame({"a": [1, 2]}), np.zeros((3, 4)), (5, 6))
    assert repr(result) == (
        "Result(name='freight', table=<DataFrame 2 x 1>, values=<ndarray 3 x 4>, rows=<tuple of 2>)"
    )


def test_long_field_is_cut() -> None:
    result = Result("x" * 1000, pd.DataFrame(), np.zeros(1), ())
    assert len(repr(result)) < MAX_REPR + 120
    assert "x…" in repr(result)
