"""Contracts: year and price, the energy that they take, swaps, deliveries through a third country."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case
from sogdia.power.contracts import Contract, read_contracts
from sogdia.power.settlement import Settlement, is_in_season, settle

from .systems import edited

MONTH = np.arange(1, 13)
ROW: dict[str, Any] = {
    "seller": "A", "buyer": "B", "line": "", "gwh_a": np.nan, "from_month": pd.NA, "to_month": pd.NA,
    "usd_per_mwh": 20.0, "indexation_pct_a": np.nan, "swap": False, "from_year": 2020, "until_year": pd.NA,
}  # fmt: skip


def table(**rows: dict[str, Any]) -> pd.DataFrame:
    """Return a table of contracts by name; cells not given are those of ``ROW``."""
    frame = pd.DataFrame([ROW | row for row in rows.values()], index=pd.Index(rows, name="id"))
    return frame.astype({"until_year": "Int64", "from_month": "Int64", "to_month": "Int64"})


def contract(name: str = "ab", **more: Any) -> Contract:
    """Return a contract of A with B on all lines and in all months at 20 USD/MWh."""
    given: dict[str, Any] = {
        "seller": "A", "buyer": "B", "lines": (), "gwh_a": None, "from_month": 1, "to_month": 12,
        "usd_per_mwh": 20.0, "is_swap": False,
    }  # fmt: skip
    return Contract(name=name, **{**given, **more})


def settled(flows: dict[str, list[float]], *contracts: Contract) -> Settlement:
    """Settle monthly flows, MWh, named ``line:exporter:importer``."""
    ends = [name.split(":") for name in flows]
    directions = pd.DataFrame(ends, columns=["line", "exporter", "importer"])
    return settle(np.column_stack(list(flows.values())), MONTH, directions, contracts)


FLAT = [1000.0] * 12


@pytest.mark.parametrize(
    ("first", "last", "months"), [(4, 9, [4, 5, 6, 7, 8, 9]), (11, 2, [1, 2, 11, 12]), (3, 3, [3])]
)
def test_season_may_pass_the_turn_of_the_year(first: int, last: int, months: list[int]) -> None:
    assert MONTH[is_in_season(MONTH, first, last)].tolist() == months


def test_price_is_indexed_from_its_first_year(isle_case: Case) -> None:
    rows = table(
        indexed={"from_year": isle_case.year - 2, "indexation_pct_a": 10.0},
        over={"until_year": isle_case.year - 1},
        ahead={"from_year": isle_case.year + 1},
        last={"until_year": isle_case.year},
    )
    read = {one.name: one.usd_per_mwh for one in read_contracts(edited(isle_case, power_contracts=rows))}
    assert read == pytest.approx({"indexed": 20.0 * 1.1**2, "last": 20.0})


def test_contracts_through_a_third_country_and_on_named_lines_come_first(isle_case: Case) -> None:
    rows = table(any={}, fixed={"gwh_a": 5.0}, named={"line": "ab"}, transit={"line": "ac;cb"})
    read = read_contracts(edited(isle_case, power_contracts=rows))
    assert [one.name for one in read] == ["transit", "named", "fixed", "any"]
    assert read[0].lines == ("ac", "cb")


def test_volume_is_paid_at_the_contract_price_and_the_rest_is_spot() -> None:
    result = settled({"ab:A:B": FLAT}, contract(gwh_a=3.0, from_month=7, to_month=12))
    assert result.contracted_mwh.sum(axis=0) == pytest.approx([3000.0])
    assert result.contracts_usd.sum(axis=0) == pytest.approx([60_000.0])
    assert result.spot_mwh[:, 0] == pytest.approx([1000.0] * 6 + [500.0] * 6)


def test_energy_that_does_not_flow_is_not_paid() -> None:
    result = settled({"ab:A:B": FLAT, "ba:B:A": FLAT}, contract(gwh_a=50.0))
    assert result.contracted_mwh.sum(axis=0) == pytest.approx([12_000.0, 0.0])
    assert result.spot_mwh.sum(axis=0) == pytest.approx([0.0, 12_000.0])


def test_price_without_a_volume_holds_for_what_fixed_volumes_leave() -> None:
    contracts = contract("fixed", gwh_a=2.0), contract("open", usd_per_mwh=50.0)
    result = settled({"ab:A:B": FLAT}, *contracts)
    assert result.contracts_usd.sum(axis=0) == pytest.approx([2000 * 20 + 10_000 * 50])


def test_third_country_pays_and_receives_the_contract_price() -> None:
    flows = {"ac:A:C": FLAT, "cb:C:B": [500.0] * 12, "ab:A:B": FLAT}
    result = settled(flows, contract(lines=("ac", "cb"), gwh_a=8.0))
    assert result.contracted_mwh.sum(axis=0) == pytest.approx([6000.0, 6000.0, 0.0])
    paid = result.contracts_usd.sum(axis=0)
    assert paid == pytest.approx([120_000.0, 120_000.0, 0.0])
    assert result.spot_mwh.sum(axis=0) == pytest.approx([6000.0, 0.0, 12_000.0])


def test_contract_on_a_line_that_is_not_modelled_takes_no_energy() -> None:
    result = settled({"ab:A:B": FLAT}, contract(lines=("ac", "cb")))
    assert result.contracted_mwh.sum(axis=0) == pytest.approx([0.0])
    assert result.spot_mwh.sum() == pytest.approx(12_000.0)


def test_swapped_energy_moves_no_money() -> None:
    result = settled({"ab:A:B": FLAT}, contract(gwh_a=5.0, is_swap=True, usd_per_mwh=0.0))
    assert result.swapped_mwh.sum(axis=0) == pytest.approx([5000.0])
    assert result.contracts_usd.sum(axis=0) == pytest.approx([0.0])
    assert result.contracted_mwh.sum(axis=0) == pytest.approx([0.0])


def test_only_what_is_returned_counts_as_swapped() -> None:
    out = contract("out", gwh_a=6.0, is_swap=True, to_month=6)
    back = contract("back", seller="B", buyer="A", gwh_a=6.0, is_swap=True, from_month=7)
    result = settled({"ab:A:B": FLAT, "ba:B:A": [200.0] * 12}, out, back)
    assert result.swapped_mwh.sum(axis=0) == pytest.approx([1200.0, 1200.0])
    assert result.spot_mwh.sum(axis=0) == pytest.approx([12_000.0 - 1200.0, 1200.0])


def test_order_of_lines_does_not_matter_and_energy_is_conserved() -> None:
    rng = np.random.default_rng(7)
    names = ["ab:A:B", "ab2:A:B", "ac:A:C", "cb:C:B", "ba:B:A"]
    flows = {name: rng.uniform(0, 900, 12).tolist() for name in names}
    contracts = (
        contract("t", lines=("ac", "cb"), gwh_a=1.0, from_month=5, to_month=9),
        contract("f", gwh_a=4.0, from_month=10, to_month=3),
        contract("s", seller="B", buyer="A", gwh_a=2.0, is_swap=True),
    )
    result, other = settled(flows, *contracts), settled(dict(reversed(flows.items())), *contracts)
    sent = np.array([sum(flow) for flow in flows.values()])
    total = result.contracted_mwh + result.swapped_mwh + result.spot_mwh
    assert total.sum(axis=0) == pytest.approx(sent)
    assert other.contracts_usd[:, ::-1] == pytest.approx(result.contracts_usd)
