"""IATI export: valid by the schema of the standard, with the totals of the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.ledger.iati_codes import schema
from sogdia.ledger.totals import ledger_totals
from sogdia.region import Region


def test_export_is_valid_and_has_the_totals_of_the_ledger(shipped: Region, exported: Path) -> None:
    from lxml import etree

    root = etree.parse(str(exported)).getroot()
    schema().assertValid(root)
    sums = {"12": 0.0, "2": 0.0, "3": 0.0}
    for item in root.iter("transaction"):
        sums[item.find("transaction-type").get("code")] += float(item.findtext("value")) / 1e6
    expected = ledger_totals(shipped, ()).table.iloc[0]
    names = ("announced_musd", "signed_musd", "disbursed_musd")
    assert list(sums.values()) == pytest.approx([expected[name] for name in names])
