"""Synthetic tables of deals for tests."""

from __future__ import annotations

from typing import Any

import pandas as pd
from hypothesis import strategies as st

from sogdia.ledger.accounts import STAGES
from sogdia.ledger.totals import deal_totals

MONEY = [f"{stage}_musd" for stage in STAGES]


def ledger(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a table of deals as a region has it, with ids by order and missing fields empty."""
    plain = {
        "partner": "XBKF",
        "recipient": "XAA",
        "sector": "port",
        "project": "",
        "year": 2025,
        "amount_musd": None,
        "instrument": "loan",
        "counterparty": "",
        "status": "signed",
        "role": "total",
        "basis": "reported",
        "source": "tale",
        "note": "",
    }
    full = [{"id": f"de_{i}", **plain, **row} for i, row in enumerate(rows)]
    frame = pd.DataFrame(full, columns=["id", *plain])
    frame["year"] = frame["year"].astype("Int64")
    frame["amount_musd"] = frame["amount_musd"].astype(float)
    return frame.set_index(frame["id"].rename("row"))


AMOUNTS = st.one_of(st.none(), st.integers(0, 4000).map(lambda quarter: quarter / 4))
DEALS = st.fixed_dictionaries(
    {
        "partner": st.sampled_from(["XBKF", "XAC", "XAB"]),
        "recipient": st.sampled_from(["XAA", "XAB", "XAA;XAB"]),
        "sector": st.sampled_from(["port", "rail"]),
        "year": st.sampled_from([None, 2024, 2025]),
        "amount_musd": AMOUNTS,
        "instrument": st.sampled_from(["loan", "grant"]),
        "status": st.sampled_from([*STAGES, "cancelled"]),
        "role": st.sampled_from(["total", "tranche", "aggregate"]),
    }
)
LEDGERS = st.lists(DEALS, max_size=12)


def sums(rows: list[dict[str, Any]]) -> list[float]:
    table = deal_totals(ledger(rows), ()).table
    return [float(table[name].sum()) for name in MONEY]
