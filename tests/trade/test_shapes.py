"""Matrices and other table layouts give the same baseline as tidy frames."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia.errors import FaultsError
from sogdia.trade import Baseline, Change, TradeSettings, solve

from .worlds import TIGHT, frame_of, random_world, thetas_of, two


@pytest.fixture(scope="module")
def world() -> Baseline:
    return random_world(5, sectors=2, size=4, with_inputs=True, empty=0.0)


def shares(world: Baseline) -> tuple[pd.DataFrame, pd.DataFrame]:
    added = [
        (i, k, world.value_added_share[b, a])
        for a, i in enumerate(world.economies)
        for b, k in enumerate(world.sectors)
    ]
    assert world.input_share is not None
    used = [
        (i, k, s, world.input_share[a, c, b])
        for a, i in enumerate(world.economies)
        for b, k in enumerate(world.sectors)
        for c, s in enumerate(world.sectors)
    ]
    return (
        pd.DataFrame(added, columns=["economy", "sector", "share"]),
        pd.DataFrame(used, columns=["economy", "sector", "input", "share"]),
    )


def assert_same(first: Baseline, second: Baseline) -> None:
    assert first.flow == pytest.approx(second.flow)
    assert first.value_added_share == pytest.approx(second.value_added_share)
    assert (first.input_share is None) == (second.input_share is None)
    if first.input_share is not None and second.input_share is not None:
        assert first.input_share == pytest.approx(second.input_share)
    assert first.tariff == pytest.approx(second.tariff)


def test_matrix_of_flows_equals_tidy_flows() -> None:
    matrix = two().pivot_table(index="exporter", columns="importer", values="value")
    assert_same(Baseline.from_frames(matrix, 4.0), Baseline.from_frames(two(), 4.0))


def test_matrix_by_exporter_and_sector_equals_tidy_flows(world: Baseline) -> None:
    tidy = frame_of(world)
    matrix = tidy.pivot_table(index=["exporter", "sector"], columns="importer", values="value").fillna(0.0)
    theta = thetas_of(world)
    assert_same(Baseline.from_frames(matrix, theta), Baseline.from_frames(tidy, theta))


def test_inputs_as_matrix_values_or_for_all_equal_tidy_shares(world: Baseline) -> None:
    flows, theta, (added, used) = frame_of(world), thetas_of(world), shares(world)
    tidy = Baseline.from_frames(flows, theta, value_added=added, intermediate=used)
    assert_same(tidy, world)
    matrix = used.pivot_table(index=["economy", "input"], columns="sector", values="share")
    assert_same(Baseline.from_frames(flows, theta, value_added=added, intermediate=matrix), tidy)
    sold = world.output.T.ravel()
    values = [
        added.assign(value=added["share"] * sold),
        used.assign(value=used["share"] * np.repeat(sold, 2)),
    ]
    values = [table.drop(columns="share") for table in values]
    assert_same(Baseline.from_frames(flows, theta, value_added=values[0], intermediate=values[1]), tidy)
    matrix = values[1].pivot_table(index=["economy", "input"], columns="sector", values="value")
    assert_same(Baseline.from_frames(flows, theta, value_added=values[0], intermediate=matrix), tidy)
    for_all = [table[table["economy"] == "e00"].drop(columns="economy") for table in (added, used)]
    given = Baseline.from_frames(flows, theta, value_added=for_all[0], intermediate=for_all[1])
    assert given.value_added_share == pytest.approx(np.repeat(world.value_added_share[:, :1], 4, axis=1))
    square = for_all[1].pivot_table(index="input", columns="sector", values="share")
    assert_same(Baseline.from_frames(flows, theta, value_added=for_all[0], intermediate=square), given)


def test_costs_that_differ_from_sales_are_reported(world: Baseline) -> None:
    added, used = shares(world)
    wrong = [table.rename(columns={"share": "value"}) for table in (added, used)]
    with pytest.raises(FaultsError, match="e00 s00: costs are 1 and sales"):
        Baseline.from_frames(frame_of(world), thetas_of(world), value_added=wrong[0], intermediate=wrong[1])


def test_elasticities_as_frame_or_series_are_read(world: Baseline) -> None:
    tidy, theta = frame_of(world), thetas_of(world)
    series = pd.Series(theta)
    frame = series.rename_axis("sector").rename("theta").reset_index()
    for given in (series, frame, theta):
        assert Baseline.from_frames(tidy, given).theta == pytest.approx(world.theta)


def test_numeric_names_are_text_and_other_columns_are_ignored() -> None:
    table = two().replace({"A": 4, "B": 31}).assign(year=2014, note="x", exporter_name="y")
    for given in (table, table.astype({"exporter": float})):
        baseline = Baseline.from_frames(given, 4.0)
        assert baseline.economies == ("31", "4")
    costs = pd.DataFrame({"exporter": [4], "importer": [31], "factor": [1.1], "source": ["z"]})
    assert Change.from_frames(baseline, costs).cost_hat[0, 1, 0] == 1.1


def test_tariff_factor_and_tariff_inclusive_values_equal_percentages() -> None:
    percent = pd.DataFrame([("A", "B", 25.0)], columns=["exporter", "importer", "tariff_pct"])
    factor = pd.DataFrame([("A", "B", 1.25)], columns=["exporter", "importer", "tariff_factor"])
    assert_same(
        Baseline.from_frames(two(), 4.0, tariffs=percent), Baseline.from_frames(two(), 4.0, tariffs=factor)
    )
    paid = two()
    paid.loc[(paid["exporter"] == "A") & (paid["importer"] == "B"), "value"] *= 1.25
    net = Baseline.from_frames(paid, 4.0, tariffs=percent, tariffs_included=True)
    assert_same(net, Baseline.from_frames(two(), 4.0, tariffs=percent))


def test_negative_final_demand_is_reported_or_clipped() -> None:
    # A uses 90 of food as inputs but buys 80 of it.
    food = [("A", "A", 60.0), ("A", "B", 30.0), ("B", "A", 20.0), ("B", "B", 50.0)]
    fuel = [("A", "A", 90.0), ("B", "B", 80.0), ("B", "A", 10.0)]
    rows = [(i, j, k, x) for k, table in (("food", food), ("fuel", fuel)) for i, j, x in table]
    flows = pd.DataFrame(rows, columns=["exporter", "importer", "sector", "value"])
    used = pd.DataFrame([("A", "food", "food", 0.5), ("A", "fuel", "food", 0.5)],
                        columns=["economy", "sector", "input", "share"])  # fmt: skip
    added = [(i, k, 0.5 if i == "A" else 1.0) for i in "AB" for k in ("food", "fuel")]
    value_added = pd.DataFrame(added, columns=["economy", "sector", "share"])
    with pytest.raises(FaultsError, match="A uses 90 of food as inputs but buys 80"):
        Baseline.from_frames(flows, 4.0, value_added=value_added, intermediate=used)
    clipped = Baseline.from_frames(flows, 4.0, value_added=value_added, intermediate=used, final="clipped")
    assert "negative final demand" in set(clipped.report["rule"])
    assert clipped.final_demand[:, 0] == pytest.approx([0.0, clipped.value_added[0] + clipped.imbalance[0]])
    start = solve(clipped, Change.none(clipped), TIGHT).to_baseline()
    again = solve(start, Change.none(start), TradeSettings())
    assert again.flow == pytest.approx(start.flow, rel=1e-8)
