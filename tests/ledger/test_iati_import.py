"""IATI import: an export comes back unchanged, and a file with an error adds nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.errors import FaultsError
from sogdia.ledger.iati_import import read_iati
from sogdia.region import Region, read_pack


def test_export_is_imported_without_loss(shipped: Region, exported: Path) -> None:
    rows, raw = read_iati(exported, shipped).patch.rows, read_pack(shipped.folder).raw
    for table in ("projects", "deals"):
        expected = [dict(zip(raw[table].header, cells, strict=True)) for cells in raw[table].rows]
        assert [dict(row) for row in rows[table]] == expected


def test_error_is_reported_at_its_activity(shipped: Region, exported: Path, tmp_path: Path) -> None:
    path = tmp_path / "broken.xml"
    path.write_text(exported.read_text("utf-8").replace('<activity-status code="2"/>', "", 1), "utf-8")
    with pytest.raises(FaultsError) as caught:
        read_iati(path, shipped)
    assert caught.value.faults[0].field == "activity XX-SOGDIA-pj_cku"


FOREIGN = """\
<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2026-05-01T00:00:00Z">
  <iati-activity default-currency="EUR">
    <iati-identifier>XM-DAC-1</iati-identifier>
    <reporting-org ref="XM-DAC" type="10"><narrative>Ministry</narrative></reporting-org>
    <title><narrative>Suusamyr wind farm</narrative></title>
    <description><narrative>A wind farm</narrative></description>
    <participating-org role="1" type="10"><narrative>Republic of India</narrative></participating-org>
    <activity-status code="2"/>
    <activity-date iso-date="2024-03-01" type="2"/>
    <recipient-country code="{country}"/>
    <sector vocabulary="1" code="23240"/>
    <default-finance-type code="421"/>
    <transaction>
      <transaction-type code="2"/><transaction-date iso-date="2024-03-01"/>
      <value value-date="2024-03-01"{currency}>50000000</value>
    </transaction>
  </iati-activity>
</iati-activities>
"""


def test_foreign_activity_becomes_a_deal_at_the_rate_of_its_year(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="KG", currency=""), "utf-8")
    (deal,) = read_iati(path, shipped).patch.rows["deals"]
    assert (deal["partner"], deal["recipient"], deal["sector"], deal["instrument"]) == (
        "IND", "KGZ", "wind", "loan",
    )  # fmt: skip
    assert (deal["year"], deal["status"], float(deal["amount_musd"])) == ("2024", "signed", 50 * 1.082)


def test_activity_outside_the_region_is_left_out(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="BR", currency=""), "utf-8")
    found = read_iati(path, shipped)
    assert found.patch.count == 0
    assert found.left_out == [("XM-DAC-1", "in no country of the region")]


def test_unknown_currency_is_an_error(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="KG", currency=' currency="XAU"'), "utf-8")
    with pytest.raises(FaultsError, match="no rate of XAU"):
        read_iati(path, shipped)


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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            '<iati-activities version="1.05"/>',
            "version '1.05' is not read; ask its publisher for version 2.03",
        ),
        ('<iati-activities version="2.04"/>', "version '2.04' is not read"),
        ("<iati-activities/>", "no IATI version is stated"),
        ('<iati-organisations version="2.03"/>', "its root element is 'iati-organisations'"),
        (
            '<result><iati-activities version="2.03"/></result>',
            "save the element iati-activities in it as a file of its own",
        ),
    ],
)
def test_other_version_is_named(shipped: Region, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "a.xml"
    path.write_text(text, "utf-8")
    with pytest.raises(FaultsError, match=words):
        read_iati(path, shipped)


def test_earlier_version_of_the_same_elements_is_read(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="KG", currency="").replace('"2.03"', '"2.01"'), "utf-8")
    assert len(read_iati(path, shipped).rows["deals"]) == 1


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("50000000", "50,000,000", "value: '50,000,000' is not a number; write digits with a decimal point"),
        (' value-date="2024-03-01"', "", "value: value-date is missing; add the attribute value-date"),
        (
            'iso-date="2024-03-01"/>\n      <value', 'iso-date="2024-02-30"/>\n      <value',
            "iso-date: '2024-02-30' is not a date; write year-month-day",
        ),
    ],
)  # fmt: skip
def test_violation_of_the_schema_is_in_plain_words(
    shipped: Region, tmp_path: Path, old: str, new: str, message: str
) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="KG", currency="").replace(old, new, 1), "utf-8")
    with pytest.raises(FaultsError) as caught:
        read_iati(path, shipped)
    (fault,) = caught.value.faults
    assert message in str(fault)
    assert "xs:" not in str(fault)


def test_code_of_three_letters_is_named_as_the_reason(shipped: Region, tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(FOREIGN.format(country="KGZ", currency=""), "utf-8")
    reason = "in no country of the region; IATI has codes of two letters, not KGZ"
    assert read_iati(path, shipped).left_out == [("XM-DAC-1", reason)]


def test_transaction_after_the_date_of_the_file_is_not_counted(shipped: Region, tmp_path: Path) -> None:
    text = FOREIGN.format(country="KG", currency="")
    start, end = text.index("    <transaction>"), text.index("  </iati-activity>")
    later = text[start:end].replace("2024-03-01", "2199-03-01")
    path = tmp_path / "a.xml"
    path.write_text(text[:end] + later + text[end:], "utf-8")
    found = read_iati(path, shipped)
    (deal,) = found.patch.rows["deals"]
    assert float(deal["amount_musd"]) == 50 * 1.082
    assert found.notes == [("XM-DAC-1", "transactions dated after the file was generated, not counted: 1")]
