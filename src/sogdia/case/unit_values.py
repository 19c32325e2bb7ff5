"""Value of a tonne of traded goods, by exporter, importer and commodity.

A row of ``unit_values`` may name an economy, a group of economies or ``any`` on each side. The row that names
the exporter most precisely is used, since the value of a tonne depends first on who makes the goods; among
these, the row that names the importer most precisely. Without a row, the value of ``commodities`` holds.
"""

from __future__ import annotations

from itertools import product

import pandas as pd

from sogdia.case.case import Case
from sogdia.codes import ANY

VALUES = ["usd_per_t", "low_usd_per_t", "high_usd_per_t"]


class UnitValues:
    """Look-up of values per tonne of a case.

    Args:
        table: Table ``unit_values``.
        commodities: Table ``commodities``.
        economies: Table ``economies``, for the groups.
    """

    def __init__(self, table: pd.DataFrame, commodities: pd.DataFrame, economies: pd.DataFrame) -> None:
        self._group = dict(zip(economies["iso3"].astype(str), economies["group"].astype(str), strict=True))
        self._usual = {str(name): float(value) for name, value in commodities["usd_per_t"].items()}
        keys = zip(*(table[name].astype(str) for name in ("exporter", "importer", "commodity")), strict=True)
        values = zip(*(table[name].astype(float) for name in VALUES), strict=True)
        self._rows = dict(zip(keys, values, strict=True))

    def of(self, flows: pd.DataFrame) -> pd.DataFrame:
        """Return the value per tonne of flows and its 80 % interval.

        Args:
            flows: ``exporter``, ``importer``, ``commodity``, (F,).

        Returns:
            ``usd_per_t``, ``low_usd_per_t``, ``high_usd_per_t``, USD/t, by the index of the flows; no
            interval where the value is that of the commodity.
        """
        columns = (flows[name].astype(str).tolist() for name in ("exporter", "importer", "commodity"))
        rows = [self._find(*key) for key in zip(*columns, strict=True)]
        return pd.DataFrame(rows, columns=VALUES, index=flows.index, dtype="float64")

    def _find(self, exporter: str, importer: str, commodity: str) -> tuple[float, ...]:
        for pair in product(self._names(exporter), self._names(importer)):
            found = self._rows.get((*pair, commodity))
            if found is not None:
                return found
        return (self._usual[commodity], float("nan"), float("nan"))

    def _names(self, economy: str) -> tuple[str, str, str]:
        return (economy, self._group.get(economy, economy), ANY)


def unit_values_of(case: Case) -> UnitValues:
    """Return the look-up of a case's values per tonne."""
    return UnitValues(case.table("unit_values"), case.table("commodities"), case.table("economies"))
