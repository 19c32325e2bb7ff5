"""What the functions of shocks are handed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case.workbench import Mask, TableEditor, Why
from sogdia.tables import cell


@dataclass
class Setting:
    """Where a shock acts.

    Attributes:
        bench: Working copies of the tables.
        finance: Who pays for the plan's projects.
        year: The scenario's year.
        why: What asked for the edits.
    """

    bench: TableEditor
    finance: pd.DataFrame
    year: int
    why: Why

    def members(self, names: Iterable[str]) -> tuple[str, ...]:
        """Codes that parties and partners stand for, each once, in order."""
        partners = self.bench.frame("partners")
        codes: list[str] = []
        for name in names:
            found = str(cell(partners, name, "members")).split(";") if name in partners.index else [name]
            codes.extend(code for code in found if code not in codes)
        return tuple(codes)

    def economies(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of the codes that trade as economies of their own."""
        known = set(self.bench.frame("economies")["iso3"])
        return tuple(code for code in codes if code in known)

    def lands(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Those of the codes in whose land a place lies: a bank has none, a union's members have."""
        known = set(self.bench.frame("places")["iso3"])
        return tuple(code for code in codes if code in known)


def member_mask(cells: pd.Series[str], codes: Iterable[str]) -> Mask:
    """Rows whose ``;`` list holds one of the codes."""
    wanted = set(codes)
    return np.array([bool(wanted & set(text.split(";"))) for text in cells], dtype=bool)
