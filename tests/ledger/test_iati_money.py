"""Money of IATI activities: each amount by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.errors import FaultsError
from sogdia.ledger.iati_import import Imported, read_iati
from sogdia.ledger.iati_money import Entry, money_of
from sogdia.ledger.patch import patch_faults
from sogdia.region import Region, read_pack

HEAD = '<?xml version="1.0" encoding="UTF-8"?><iati-activities version="2.03">'


def transaction(kind: str, millions: float, country: str = "", currency: str = "", year: int = 2020) -> str:
    place = "" if not country else f'<recipient-country code="{country}"/>'
    place = '<recipient-region code="298"/>' if country == "region" else place
    stated = f' currency="{currency}"' if currency else ""
    return (
        f'<transaction><transaction-type code="{kind}"/><transaction-date iso-date="{year}-05-01"/>'
        f'<value value-date="{year}-05-01"{stated}>{millions * 1e6:.0f}</value>{place}</transaction>'
    )


def activity(
    *transactions: str, key: str = "XM-1", where: str = '<recipient-country code="KG"/>', more: str = ""
) -> str:
    return (
        f'<iati-activity default-currency="USD"><iati-identifier>{key}</iati-identifier>'
        '<reporting-org ref="XM" type="40"><narrative>Asian Development Bank</narrative></reporting-org>'
        "<title><narrative>Water supply in three districts</narrative></title>"
        "<description><narrative>x</narrative></description>"
        '<participating-org role="1"><narrative>Asian Development Bank</narrative></participating-org>'
        f'<activity-status code="2"/><activity-date type="2" iso-date="2020-01-01"/>{where}'
        f"{''.join(transactions)}{more}</iati-activity>"
    )


Reader = Callable[..., Imported]


@pytest.fixture
def imported(shipped: Region, tmp_path: Path) -> Reader:
    def read(*activities: str) -> Imported:
        path = tmp_path / "a.xml"
        path.write_text(f"{HEAD}{''.join(activities)}</iati-activities>", "utf-8")
        return read_iati(path, shipped)

    return read


def counted(found: Imported) -> dict[str, float]:
    """Million dollars by recipients of the rows that count in totals."""
    sums: dict[str, float] = {}
    for row in found.rows["deals"]:
        if row["role"] in ("total", "tranche") and row["amount_musd"]:
            sums[row["recipient"]] = sums.get(row["recipient"], 0.0) + float(row["amount_musd"])
    return sums


@pytest.mark.parametrize(
    ("transactions", "musd", "status"),
    [
        ([("2", 100.0), ("11", 100.0)], 100.0, "signed"),
        ([("11", 100.0)], 100.0, "signed"),
        ([("2", 60.0), ("2", 40.0), ("11", 90.0)], 100.0, "signed"),
        ([("12", 50.0), ("13", 50.0)], 50.0, "announced"),
        ([("2", 100.0), ("3", 40.0)], 100.0, "signed"),
        ([("2", 100.0), ("3", 60.0), ("4", 40.0)], 100.0, "disbursed"),
        ([("3", 60.0), ("4", 40.0)], 100.0, "disbursed"),
        ([("1", 70.0)], 70.0, "disbursed"),
        ([("1", 70.0), ("3", 30.0)], 30.0, "disbursed"),
        ([("2", 100.0), ("1", 100.0)], 100.0, "signed"),
        ([("2", 30.0), ("3", 80.0)], 80.0, "disbursed"),
        ([("2", 100.0), ("2", -20.0), ("6", 15.0)], 80.0, "signed"),
    ],
)
def test_two_ends_of_a_transaction_count_once(
    transactions: list[tuple[str, float]], musd: float, status: str
) -> None:
    money = money_of([Entry(kind, amount * 1e6, "USD", amount, 2020) for kind, amount in transactions])
    assert money.musd == pytest.approx(musd)
    assert money.status == status


def test_disbursement_in_its_currency_completes_a_commitment() -> None:
    """EUR 100 million, committed at 1.2 and paid at 1.0 dollars, is disbursed in full."""
    committed = Entry("2", 100e6, "EUR", 120.0, 2018)
    paid = Entry("3", 100e6, "EUR", 100.0, 2022)
    assert (money_of([committed, paid]).musd, money_of([committed, paid]).status) == (120.0, "disbursed")
    in_dollars = Entry("3", 60e6, "USD", 60.0, 2022)
    assert money_of([committed, in_dollars]).status == "signed"
    assert "60 million dollars disbursed" in money_of([committed, in_dollars]).remark


def countries(*shares: tuple[str, str]) -> str:
    items = (f'<recipient-country code="{code}"{percent}/>' for code, percent in shares)
    return "".join(items)


REST = '<recipient-region code="298" percentage="50"/>'


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (countries(("KG", ' percentage="10"'), ("NG", ' percentage="90"')), {"KGZ": 10.0}),
        (countries(("KG", ' percentage="29"'), ("TJ", ' percentage="71"')), {"KGZ": 29.0, "TJK": 71.0}),
        (countries(("KG", ""), ("TJ", "")), {"KGZ;TJK": 100.0}),
        (countries(("KG", ""), ("NG", ' percentage="75"')), {"KGZ": 25.0}),
        (countries(("KG", ' percentage="40"')), {"KGZ": 40.0}),
        (countries(("KG", ' percentage="0"'), ("TJ", ' percentage="100"')), {"TJK": 100.0}),
        (countries(("KG", ""), ("NG", "")), {}),
        (countries(("kg", ' percentage="50"')) + REST, {"KGZ": 50.0}),
        (
            countries(("KG", ' percentage="50"')) + REST
            + '<recipient-region code="X" vocabulary="99" percentage="50"/>',
            {"KGZ": 50.0},
        ),
        (countries(("KG", "")) + '<recipient-region code="298"/>', {}),
    ],
)  # fmt: skip
def test_recipient_counts_by_its_percentage(imported: Reader, where: str, expected: dict[str, float]) -> None:
    found = imported(activity(transaction("2", 100.0), where=where))
    assert counted(found) == pytest.approx(expected)
    if not expected:
        assert [row["role"] for row in found.rows["deals"]] == ["aggregate"]
        assert "not published" in found.notes[0][1]


def test_percentages_above_a_hundred_leave_the_activity_out(imported: Reader) -> None:
    where = countries(("KG", ' percentage="80"'), ("NG", ' percentage="80"'))
    found = imported(activity(transaction("2", 100.0), where=where))
    assert found.patch.count == 0
    assert found.left_out == [("XM-1", "the percentages of its recipients add up to 160")]


@pytest.mark.parametrize(
    ("transactions", "expected"),
    [
        ([("2", 1.0, "KG"), ("2", 99.0, "NG")], {"KGZ": 1.0}),
        ([("2", 1.0, "KG"), ("2", 5.0, "TJ")], {"KGZ": 1.0, "TJK": 5.0}),
        ([("2", 1.0, "KG"), ("2", 9.0, "region")], {"KGZ": 1.0}),
        ([("2", 1.0, "KG"), ("2", 9.0, "")], {"KGZ": 1.0}),
        ([("2", 9.0, "NG")], {}),
    ],
)
def test_transaction_belongs_to_its_own_country(
    imported: Reader, transactions: list[tuple[str, float, str]], expected: dict[str, float]
) -> None:
    found = imported(activity(*(transaction(*each) for each in transactions), where=""))
    assert counted(found) == pytest.approx(expected)


def test_value_of_another_country_needs_no_rate(imported: Reader) -> None:
    found = imported(activity(transaction("2", 1.0, "KG"), transaction("2", 9.0, "NG", "NGN"), where=""))
    assert counted(found) == {"KGZ": 1.0}


def test_budget_without_a_transaction_is_noted(imported: Reader) -> None:
    budget = (
        '<budget><period-start iso-date="2020-01-01"/><period-end iso-date="2020-12-31"/>'
        '<value value-date="2020-01-01">40000000</value></budget>'
    )
    head, tail = activity().split("</iati-activity>")
    found = imported(f"{head}{budget}</iati-activity>{tail}")
    (row,) = found.rows["deals"]
    assert row["amount_musd"] == ""
    assert "budget of 40 million USD; not counted" in row["note"]
    assert "budgets" in found.notes[0][1]


def related(kind: str, key: str) -> str:
    return f'<related-activity type="{kind}" ref="{key}"/>'


@pytest.mark.parametrize(
    ("family", "expected"),
    [
        ({"P": (100.0, ""), "C": (100.0, related("1", "P"))}, 100.0),
        ({"P": (100.0, related("2", "C")), "C": (100.0, "")}, 100.0),
        ({"P": (100.0, ""), "C": (60.0, related("1", "P")), "D": (40.0, related("1", "P"))}, 100.0),
        ({"P": (100.0, ""), "C": (30.0, related("1", "P"))}, 100.0),
        ({"P": (50.0, ""), "C": (30.0, related("1", "P")), "D": (40.0, related("1", "P"))}, 70.0),
        ({"P": (100.0, related("2", "not in the file"))}, 100.0),
        ({"P": (100.0, ""), "C": (90.0, related("1", "P")), "E": (90.0, related("1", "C"))}, 100.0),
        (
            {"P": (100.0, ""), "C": (90.0, related("1", "P")),
             "E": (113.0, related("1", "C") + related("1", "P"))},
            113.0,
        ),
        ({"P": (100.0, ""), "Q": (100.0, ""), "C": (200.0, related("1", "P") + related("1", "Q"))}, 200.0),
        ({"P": (100.0, ""), "C": (100.0, related("5", "P"))}, 100.0),
        ({"P": (100.0, ""), "C": (100.0, related("3", "P"))}, 200.0),
    ],
)  # fmt: skip
def test_family_counts_once(imported: Reader, family: dict[str, tuple[float, str]], expected: float) -> None:
    activities = [
        activity(transaction("2", musd), key=key, more=links) for key, (musd, links) in family.items()
    ]
    assert counted(imported(*activities)) == pytest.approx({"KGZ": expected})
    assert counted(imported(*reversed(activities))) == pytest.approx({"KGZ": expected})


def test_funds_passed_on_count_once(imported: Reader) -> None:
    provider = '<provider-org provider-activity-id="XM-1"><narrative>x</narrative></provider-org>'
    receipt = transaction("11", 60.0).replace("</transaction>", f"{provider}</transaction>")
    found = imported(activity(transaction("2", 100.0)), activity(receipt, key="XM-2"))
    assert counted(found) == {"KGZ": 100.0}


def test_part_names_a_row_of_the_file(imported: Reader, shipped: Region) -> None:
    child = activity(transaction("2", 30.0), key="XM-2", more=related("1", "XM-1"))
    found = imported(activity(transaction("2", 100.0)), child)
    parent, part = found.rows["deals"]
    assert (part["role"], part["note"].endswith(f"role: within {parent['id']}")) == ("part_of", True)
    assert patch_faults(found.patch, read_pack(shipped.folder)) == []


def test_activities_above_one_another_are_an_error(imported: Reader) -> None:
    first = activity(transaction("2", 1.0), key="XM-1", more=related("1", "XM-2"))
    second = activity(transaction("2", 1.0), key="XM-2", more=related("1", "XM-1"))
    with pytest.raises(FaultsError, match="above one another: 'XM-"):
        imported(first, second)
    with pytest.raises(FaultsError, match="has an activity of this identifier"):
        imported(activity(transaction("2", 1.0)), activity(transaction("2", 1.0)))
