"""Whatever is wrong in the frames is told, all at once, with the file, the line and the field."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import FaultsError, InputError, UnknownNameError
from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import two

FLOWS = ["exporter", "importer", "sector", "value"]
GOOD = [(i, j, k, 10.0 + 5.0 * (i == j)) for i in "AB" for j in "AB" for k in ("food", "fuel")]


def table(rows: list[tuple[object, ...]], columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns)


def told(act: Callable[[], object]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        act()
    return [str(fault) for fault in caught.value.faults]


def baseline() -> Baseline:
    return Baseline.from_frames(table(list(GOOD), FLOWS), 4.0)


def test_all_faults_of_the_flows_at_once_each_with_its_line() -> None:
    rows: list[tuple[object, ...]] = [
        *GOOD,
        ("A", "A", "food", -3),
        ("B", "", "fuel", 1),
        ("A", "B", "ore", "x"),
    ]
    given = table(rows, FLOWS)
    given.index = pd.Index(range(41, 41 + len(rows)), name="line")
    assert told(lambda: Baseline.from_frames(given, 4.0, file="flows.csv")) == [
        "flows.csv:50 importer: a name is missing",
        "flows.csv:51 value: x is not a number",
        "flows.csv:49 value: -3 is below 0",
        "flows.csv:49 sector: A A food stands in line 41 already",
    ]


@pytest.mark.parametrize("value", [np.nan, np.inf, -1.0, "much", None])
def test_a_value_that_is_none(value: float | str | None) -> None:
    given = two().astype(object).head(2)
    given.loc[given["value"] == 20.0, "value"] = value
    (fault,) = told(lambda: Baseline.from_frames(given, 4.0))[:1]
    assert fault.startswith("flows:3 value: ")


def test_missing_columns_are_named() -> None:
    faults = told(lambda: Baseline.from_frames(two().rename(columns={"value": "vlaue"}), 4.0))
    assert faults == ["flows:1 value: the column is missing; did you mean vlaue?"]
    faults = told(lambda: Baseline.from_frames(two().assign(sectr="x"), 4.0))
    assert faults == ["flows:1 sectr: 'sectr' is not read; did you mean sector?"]


def test_economies_that_sell_or_buy_nothing_or_nothing_at_home() -> None:
    rows = [("A", "A", 5.0), ("A", "B", 5.0), ("A", "C", 1.0), ("D", "A", 1.0), ("B", "A", 1.0)]
    assert told(lambda: Baseline.from_frames(table(list(rows), ["exporter", "importer", "value"]), 4.0)) == [
        "flows value: the domestic sales of B are missing; add rows with B as exporter and importer",
        "flows value: C sells nothing, so it has no income",
        "flows value: D buys nothing",
    ]


def test_no_rows_at_all() -> None:
    assert told(lambda: Baseline.from_frames(two().head(0), 4.0)) == ["flows: there are no rows"]


@pytest.mark.parametrize("theta", [0.0, -1.0, np.nan, np.inf])
def test_an_elasticity_that_is_none(theta: float) -> None:
    (fault,) = told(lambda: Baseline.from_frames(two(), theta))
    assert "is no trade elasticity: it must be a number above 0" in fault


def test_elasticities_of_other_sectors() -> None:
    assert told(lambda: Baseline.from_frames(table(list(GOOD), FLOWS), {"food": 4.0, "fule": 5.0})) == [
        "theta fule: the flows do not have this sector; did you mean fuel?",
        "theta fuel: the sector has no trade elasticity",
    ]


def test_tariffs() -> None:
    columns = ["exporter", "importer", "sector", "tariff_pct"]
    rows = [
        ("A", "B", "food", -1.0),
        ("A", "Bee", "food", 5.0),
        ("A", "A", "fuel", 5.0),
        ("A", "B", "fish", 1.0),
    ]
    given = table(list(rows), columns)
    assert told(lambda: Baseline.from_frames(table(list(GOOD), FLOWS), 4.0, tariffs=given)) == [
        "tariffs:3 importer: the flows do not have 'Bee'; did you mean B?",
        "tariffs:5 sector: the flows do not have 'fish'; one of food, fuel",
        "tariffs:2 tariff_pct: -1.0 is below 0",
        "tariffs:4 tariff_pct: 5.0 on domestic sales",
    ]


def test_shares_of_inputs_that_do_not_add_up() -> None:
    shares = [(i, k, 0.6) for i in "AB" for k in ("food", "fuel")]
    inputs = [(i, k, "food", 0.4) for i in "AB" for k in ("food", "fuel")]
    inputs[1] = ("A", "fuel", "food", 0.7)
    value_added = table(list(shares), ["economy", "sector", "share"])
    intermediate = table(list(inputs), ["economy", "sector", "input", "share"])
    flows = table(list(GOOD), FLOWS)
    assert told(
        lambda: Baseline.from_frames(flows, 4.0, value_added=value_added, intermediate=intermediate)
    ) == ["intermediate share: A fuel: value added 0.6 and inputs 0.7 do not sum to 1"]
    assert told(lambda: Baseline.from_frames(flows, 4.0, value_added=value_added.head(3)))[-1] == (
        "value_added share: B fuel sells, and has no share of value added"
    )
    (fault,) = told(lambda: Baseline.from_frames(flows, 4.0, value_added=value_added))[:1]
    assert fault.endswith("do not sum to 1; several sectors need the shares of inputs")


def test_inputs_beyond_what_is_bought() -> None:
    inputs = [(i, k, "fuel", 0.9) for i in "AB" for k in ("food", "fuel")]
    intermediate = table(list(inputs), ["economy", "sector", "input", "share"])
    assert told(lambda: Baseline.from_frames(table(list(GOOD), FLOWS), 4.0, intermediate=intermediate)) == [
        "intermediate share: A uses 45 of fuel as inputs and buys 25",
        "intermediate share: B uses 45 of fuel as inputs and buys 25",
    ]


def test_all_faults_of_a_change_at_once() -> None:
    costs = table([("A", "B", 0.0), ("A", "X", 2.0), ("A", "B", 3.0)], ["exporter", "importer", "factor"])
    productivity = table([("A", "food", np.inf), ("A", "gas", 1.0)], ["economy", "sector", "factor"])
    assert told(lambda: Change.from_frames(baseline(), costs, None, productivity)) == [
        "costs:4 importer: A B stands in line 2 already",
        "costs:3 importer: the flows do not have 'X'; one of A, B",
        "costs:2 factor: 0.0 is not above 0",
        "productivity:3 sector: the flows do not have 'gas'; one of food, fuel",
        "productivity:2 factor: inf is not a number",
    ]


def test_the_row_that_names_most_holds() -> None:
    rows = [("A", "B", "food", 4.0), ("*", "*", "all", 2.0), ("A", "B", "all", 3.0), ("*", "B", "fuel", 5.0)]
    columns = ["exporter", "importer", "sector", "factor"]
    for order in (rows, rows[::-1]):
        found = Change.from_frames(baseline(), table(list(order), columns)).cost_hat
        assert found.tolist() == [[[1.0, 4.0], [2.0, 1.0]], [[1.0, 5.0], [2.0, 1.0]]]


def test_arrays_that_do_not_fit() -> None:
    with pytest.raises(InputError, match="shape"):
        solve(baseline(), Change(np.ones((1, 2, 2))))
    with pytest.raises(InputError, match="out of range"):
        solve(baseline(), Change(np.zeros((2, 2, 2))))
    with pytest.raises(InputError, match="out of range"):
        solve(baseline(), Change(np.ones((2, 2, 2)), np.full((2, 2, 2), -0.1)))
    with pytest.raises(UnknownNameError, match="'Bee'"):
        solve(baseline(), Change.none(baseline()), TradeSettings(numeraire="Bee"))
