"""Rule that decides which rows of ``deals`` enter a sum."""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from sogdia.case.editor import Mask
from sogdia.codes import CANCELLED

COUNTED_ROLES: Final = ("total", "tranche")
"""Roles whose rows enter a sum; a part, a repeat or an aggregate would count money twice."""


def counted_deals(deals: pd.DataFrame) -> Mask:
    """Select the deals that enter a sum: a total or a tranche that is not cancelled.

    Args:
        deals: Rows of ``deals``.

    Returns:
        Mask over the rows, (rows,).
    """
    return np.asarray(
        (deals["role"].isin(COUNTED_ROLES) & (deals["status"] != CANCELLED)).to_numpy(dtype=bool)
    )
