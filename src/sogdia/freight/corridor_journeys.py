"""Time and cost of the pack's journeys by each corridor, for comparisons."""

from __future__ import annotations

import pandas as pd

from sogdia.freight.solve import JOURNEY, FreightResult


def corridor_journeys(freight: FreightResult) -> pd.DataFrame:
    """Every journey of the table ``journeys`` by every corridor that is open.

    Args:
        freight: An assigned case.

    Returns:
        ``from``, ``to`` (places) and the columns of :meth:`sogdia.freight.solve.FreightResult.journeys`.
    """
    places = freight.supernetwork.case.table("places").index
    found = [
        freight.journeys(start, end).assign(**{"from": start, "to": end})
        for start, end in freight.supernetwork.case.table("journeys")[["from", "to"]].itertuples(index=False)
        if start in places and end in places
    ]
    columns = ["from", "to", *JOURNEY]
    whole = [table[columns] for table in found if len(table)]
    return pd.concat(whole, ignore_index=True) if whole else pd.DataFrame(columns=columns)
