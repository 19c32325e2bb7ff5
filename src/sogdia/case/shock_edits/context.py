"""Context that the functions of shocks edit in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sogdia.case.editor import EditReason, Mask, TableEditor
from sogdia.tables import cell


@dataclass
class ShockContext:
    """Tables and conditions of one shock.

    Attributes:
        editor: Working copies of the tables.
        finance: Finance of the plan's projects, changed in place.
        year: The scenario's year.
        reason: Reason that is logged with each edit.
    """

    editor: TableEditor
    finance: pd.DataFrame
    year: int
    reason: EditReason

    def codes_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """Return the codes of parties and of the members of partners, each once, in order."""
        partners = self.editor.frame("partners")
        codes: list[str] = []
        for name in names:
            members = str(cell(partners, name, "members")).split(";") if name in partners.index else [name]
            codes.extend(code for code in members if code not in codes)
        return tuple(codes)

    def economies(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return those of the codes that trade as economies of their own."""
        known = set(self.editor.frame("economies")["iso3"])
        return tuple(code for code in codes if code in known)

    def territories(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Return those of the codes whose territory has a place: members of a union do, a bank does not."""
        known = set(self.editor.frame("places")["iso3"])
        return tuple(code for code in codes if code in known)


def member_mask(cells: pd.Series[str], codes: Iterable[str]) -> Mask:
    """Select the rows whose ``;`` list holds one of the codes."""
    requested = set(codes)
    return np.array([bool(requested & set(text.split(";"))) for text in cells], dtype=bool)
