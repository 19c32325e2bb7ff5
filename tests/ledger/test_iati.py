"""IATI out and in: valid by the standard's schema, back as it went out, nothing on error."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.errors import FaultsError
from sogdia.ledger.iati import export_iati, schema
from sogdia.ledger.iati_import import read_iati
from sogdia.ledger.totals import ledger_totals
from sogdia.region import Region, read_pack


@pytest.fixture(scope="module")
def exported(shipped: Region, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("iati") / "ledger.xml"
    assert export_iati(shipped, path) == len(shipped.table("projects")) + len(shipped.table("deals"))
    return path


def test_it_is_valid_and_its_transactions_sum_as_the_ledger_does(shipped: Region, exported: Path) -> None:
    from lxml import etree

    root = etree.parse(str(exported)).getroot()
    schema().assertValid(root)
    sums = {"12": 0.0, "2": 0.0, "3": 0.0}
    for item in root.iter("transaction"):
        sums[item.find("transaction-type").get("code")] += float(item.findtext("value")) / 1e6
    wanted = ledger_totals(shipped, ()).table.iloc[0]
    names = ("announced_musd", "signed_musd", "disbursed_musd")
    assert list(sums.values()) == pytest.approx([wanted[name] for name in names])


def test_it_comes_back_as_it_went_out(shipped: Region, exported: Path) -> None:
    rows, raw = read_iati(exported, shipped).patch.rows, read_pack(shipped.folder).raw
    for table in ("projects", "deals"):
        whole = [dict(zip(raw[table].header, cells, strict=True)) for cells in raw[table].rows]
        assert [dict(row) for row in rows[table]] == whole


def test_a_fault_is_told_at_its_activity(shipped: Region, exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    path.write_text(exported.read_text("utf-8").replace('<activity-status code="2"/>', "", 1), "utf-8")
    with pytest.raises(FaultsError) as caught:
        read_iati(path, shipped)
    assert caught.value.faults[0].field == "activity XX-SOGDIA-pj_cku"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("not xml", "not XML"),
        ('<!DOCTYPE a [<!ENTITY e "x">]><a>&e;</a>', "document type declaration"),
        ('<!DOCTYPE a SYSTEM "http://nowhere.invalid/a.dtd"><a/>', "document type declaration"),
    ],
)
def test_hostile_xml_is_refused(shipped: Region, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    with pytest.raises(FaultsError, match=words):
        read_iati(path, shipped)
