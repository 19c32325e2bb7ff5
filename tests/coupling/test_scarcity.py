"""Shadow prices of hard capacities: by hand, by a root finder, and with the trade that responds."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from freight.borderland import PROVENANCE, changed, with_rows
from scipy.optimize import brentq

from sogdia import Case
from sogdia.coupling import CoupledBaseline, CoupledResult, CouplingSettings, couple, make_baseline
from sogdia.coupling.kernels.local_flows import complementary
from sogdia.coupling.local_prices import MOST_SWEEPS, SWEPT, Anchor, LocalChoice, LocalFlows, LocalModel
from sogdia.coupling.scarcity import EXCESS, capacity_name
from sogdia.coupling.solve import _Loop
from sogdia.errors import InputError
from sogdia.freight.hard_capacity import hard_capacities
from sogdia.freight.inputs import Supernetwork
from sogdia.trade.settings import TradeSettings

THETA, CAPACITY = 0.2, 50.0
ADDITIVE = TradeSettings(imbalance="additive")


def local(
    share: list[float],
    uses: list[list[float]],
    elasticity: float,
    saved: float = 0.0,
    supply: float | None = None,
) -> LocalModel:
    """Return one row of 100 tonnes of a good that costs 400 USD/t, with some paths to go.

    With a ``supply`` elasticity, 300 of the 400 USD/t are the exporter's price.
    """
    one, count = np.ones(1), 0 if supply is None else 1
    anchor = Anchor(
        np.zeros(len(uses[0])), 100.0 * one, 400.0 * one, elasticity * one,
        np.array([count - 1]), 300.0 * one, np.full(count, supply or 0.0),
    )  # fmt: skip
    queue = saved * np.array(uses)[:, 0]
    zero = np.zeros(1, np.int64)
    return LocalModel(LocalChoice(zero, zero, np.array(uses), np.array(share), queue, THETA * one), anchor)


def clearing(model: LocalModel, *capacity: float) -> list[float]:
    price, _ = model.clearing_prices(np.zeros(len(capacity)), np.array(capacity))
    return [float(each) for each in price]


def test_price_closes_the_gap_of_cost_between_two_routes() -> None:
    # Shares 0.8 and 0.2 are a gap of ln(4)/θ; half of the freight on each is a gap of 0.
    assert clearing(local([0.8, 0.2], [[1.0], [0.0]], 0.0), CAPACITY) == [pytest.approx(log(4.0) / THETA)]


def test_uses_of_some_rows_are_those_of_their_patterns() -> None:
    uses = np.array([[1.0, 0.0], [0.0, 0.0], [2.0, 1.0], [0.0, 3.0], [1.0, 1.0]])
    first, rows = np.array([0, 2, 4]), np.arange(3)
    choice = LocalChoice(rows, first, uses, np.full(5, 0.5), np.zeros(5), np.full(3, THETA))
    part = choice.subset(np.array([0, 2]))
    again = LocalChoice(part.rows, part.first, part.uses, part.share, part.queue, part.theta)
    assert part.uses.tolist() == [[1.0, 0.0], [0.0, 0.0], [1.0, 1.0]]
    for given, found in zip(part.used, again.used, strict=True):
        assert given.tolist() == found.tolist()


def test_queue_that_vanishes_raises_the_price_by_its_cost() -> None:
    model = local([0.8, 0.2], [[1.0], [0.0]], 0.0, saved=3.0)
    assert clearing(model, CAPACITY) == [pytest.approx(log(4.0) / THETA + 3.0)]


def test_price_with_tonnes_that_respond_is_that_of_a_root_finder() -> None:
    def flow(price: float) -> float:
        weight = 0.8 * exp(-THETA * price)
        added = -log(weight + 0.2) / THETA
        return float(100.0 * ((400.0 + added) / 400.0) ** -5.0 * weight / (weight + 0.2))

    price = brentq(lambda x: flow(x) - CAPACITY, 0.0, 100.0)
    found = clearing(local([0.8, 0.2], [[1.0], [0.0]], 5.0), CAPACITY)
    assert found == [pytest.approx(price, abs=1e-3)]
    assert price < log(4.0) / THETA


def test_price_takes_the_rent_of_a_supply_that_responds_little() -> None:
    # Half of the tonnes: buyers of elasticity 13 pay 2^(1/13) as much, sellers get 2^(−1/ε).
    model = local([1.0], [[1.0]], 13.0, supply=0.8)
    price, supplied = model.clearing_prices(np.zeros(1), np.array([CAPACITY]))
    assert 1.0 + supplied[0] == pytest.approx(0.5 ** (1.0 / 0.8), rel=1e-3)
    assert price[0] == pytest.approx(400.0 * (2.0 ** (1.0 / 13.0) - 1.0) - 300.0 * supplied[0], rel=1e-3)
    assert price[0] > 5.0 * clearing(local([1.0], [[1.0]], 13.0), CAPACITY)[0]


def test_choice_at_other_prices_by_hand() -> None:
    model = local([0.8, 0.2], [[1.0], [0.0]], 0.0)
    change, uses, share = model.choice.at(np.array([log(4.0) / THETA]))
    # The first path loses three quarters of its weight: 0.2 and 0.2 are left.
    assert share == pytest.approx([0.5, 0.5])
    assert uses[0] == pytest.approx([0.5])
    assert change == pytest.approx([-log(0.4) / THETA])


def test_of_two_capacities_in_line_only_the_tighter_one_has_a_price() -> None:
    in_line = local([0.8, 0.2], [[1.0, 1.0], [0.0, 0.0]], 0.0)
    assert clearing(in_line, 60.0, CAPACITY) == [0.0, pytest.approx(log(4.0) / THETA)]


def test_capacity_above_its_freight_has_no_price() -> None:
    assert clearing(local([0.8, 0.2], [[1.0], [0.0]], 5.0), 81.0) == [0.0]


def test_price_of_a_capacity_that_no_path_uses_any_more_falls_to_zero() -> None:
    empty, count = np.zeros(0), np.zeros(0, np.int64)
    choice = LocalChoice(count, count, np.zeros((0, 1)), empty, empty, empty)
    model = LocalModel(choice, Anchor(np.zeros(1), empty, empty, empty, count, empty, empty))
    price, _ = model.clearing_prices(np.array([30.0]), np.array([CAPACITY]))
    assert price.tolist() == [0.0]


def test_complementarity_by_hand() -> None:
    matrix = np.array([[2.0, 1.0], [1.0, 2.0]])
    # Both priced: 2x + y = 3, x + 2y = 3. One free: its condition would need a price below 0.
    zero = np.zeros(2)

    def solved(first: float, second: float, lower: float, upper: float = 9.0) -> list[float]:
        constant, least, most = np.array([first, second]), zero + lower, zero + upper
        return [*map(float, complementary(matrix, constant, zero, least, most, MOST_SWEEPS, SWEPT))]

    assert solved(3.0, 3.0, 0.0) == pytest.approx([1.0, 1.0])
    assert solved(4.0, 1.0, 0.0) == pytest.approx([2.0, 0.0])
    # With a lower bound below the solution there is no condition: 2x + y = 4, x + 2y = 1.
    assert solved(4.0, 1.0, -1.0) == pytest.approx([7 / 3, -2 / 3])
    # At an upper bound: x = 1, and 2y = 1 − 1.
    assert solved(4.0, 1.0, -1.0, upper=1.0) == pytest.approx([1.0, 0.0])


def crowded(draw: np.random.Generator) -> tuple[LocalModel, npt.NDArray[np.float64]]:
    """Return rows with some paths to go and costly ones, and capacities down to a thousandth of use."""
    rows, capacities, supplies, paths = 40, 6, 3, 5
    first = np.arange(rows) * paths
    uses = (draw.random((rows * paths, capacities)) < 0.35).astype(np.float64)
    share, around = draw.random(rows * paths) ** 3, first + paths - 1
    uses[around], share[around] = 0.0, 10.0 ** -draw.uniform(5, 40, rows)
    share /= np.repeat(np.add.reduceat(share, first), paths)
    cost = draw.uniform(100, 900, rows)
    anchor = Anchor(
        np.zeros(capacities), draw.uniform(1e4, 1e6, rows), cost, draw.uniform(0, 12, rows),
        draw.integers(-1, supplies, rows), cost * draw.uniform(0.5, 0.95, rows),
        draw.uniform(0.1, 2, supplies),
    )  # fmt: skip
    theta = draw.uniform(0.01, 0.08, rows)
    choice = LocalChoice(np.arange(rows), first, uses, share, np.zeros(rows * paths), theta)
    model = LocalModel(choice, anchor)
    used = model.evaluate(np.zeros(capacities + supplies)).flow[:capacities]
    return model, np.maximum(used, 1e5) * 10.0 ** -draw.uniform(0, 3.5, capacities)


@pytest.mark.parametrize("seed", range(20))
def test_prices_far_above_a_step_are_found_in_few_evaluations(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, capacity = crowded(np.random.default_rng(seed))
    counted: list[None] = []
    evaluate = LocalModel.evaluate

    def counting(self: LocalModel, x: npt.NDArray[np.float64]) -> LocalFlows:
        counted.append(None)
        return evaluate(self, x)

    monkeypatch.setattr(LocalModel, "evaluate", counting)
    prices, supplied = model.clearing_prices(np.zeros(capacity.size), capacity)
    excess = evaluate(model, np.concatenate([prices, supplied])).flow[: capacity.size] / capacity - 1.0
    assert np.where(prices > 0.0, np.abs(excess), excess).max() < 1e-5
    assert len(counted) <= 60


def welfare(found: CoupledResult) -> dict[str, float]:
    table = found.economies()
    return dict(zip(table["economy"], table["welfare_pct"], strict=True))


def limited(
    case: Case, capacity_t: float | None, row: str = "oil_c_b", owner: str = "", **cells: Any
) -> Case:
    """Return the case with a hard capacity on the oil pipeline, of one owner or of two."""
    hard = {
        "id": "north_oil", "table": "pipelines", "rows": row, "mode": "", "commodity": "",
        "capacity_t": capacity_t, "domestic_t": None, **cells, **PROVENANCE,
    }  # fmt: skip
    shares = {owner: 1.0} if owner else {"XAA": 0.75, "XAC": 0.25}
    owners = [
        {"key": name, "capacity": "north_oil", "owner": name, "share": share, **PROVENANCE}
        for name, share in shares.items()
    ]
    return with_rows(with_rows(case, "hard_capacities", [hard], "id"), "capacity_owners", owners, "key")


def pipeline_flow(found: CoupledResult) -> float:
    links = found.freight.result.links()
    return float(links.loc[links["kind"] == "pipeline", "flow"].sum())


def narrower(case: Case, capacity_mt: float) -> Case:
    return changed(case, {("pipelines", "oil_c_b", "capacity_mt"): capacity_mt})


@pytest.fixture(scope="module")
def oil_base(borderland: Case) -> CoupledBaseline:
    return make_baseline(limited(borderland, None))


def test_flow_ends_at_the_capacity_and_its_price_rations(borderland: Case, oil_base: CoupledBaseline) -> None:
    narrow = limited(narrower(borderland, 0.5), None)
    found, free = couple(narrow, oil_base), couple(narrower(borderland, 0.5), oil_base)
    assert pipeline_flow(free) > 510_000.0
    assert pipeline_flow(found) == pytest.approx(500_000.0, rel=EXCESS)
    table = found.shadow_prices().set_index("owner")
    assert table["price_usd_per_t"]["XAA"] == table["price_usd_per_t"]["XAC"]
    assert table["price_usd_per_t"]["XAA"] > 0.0
    rent = table["price_usd_per_t"]["XAA"] * pipeline_flow(found) / 1e6
    assert table["rent_musd"]["XAA"] == pytest.approx(0.75 * rent, rel=2 * EXCESS)
    assert found.convergence.converged


def test_flow_barely_above_a_capacity_has_a_price_so_that_effects_are_smooth(
    borderland: Case, oil_base: CoupledBaseline
) -> None:
    narrow = narrower(borderland, 0.5)
    free = pipeline_flow(couple(narrow, oil_base))
    prices = []
    for part in (2e-4, 5e-4, 1e-3):
        found = couple(limited(narrow, free / (1.0 + part)), oil_base)
        assert pipeline_flow(found) == pytest.approx(free / (1.0 + part), rel=EXCESS)
        prices.append(float(found.shadow_prices()["price_usd_per_t"].iloc[0]))
    # The price of a small excess is proportional to it, within the tolerance of flows.
    assert prices[1] / prices[2] == pytest.approx(0.5, abs=0.25)
    assert 0.0 < prices[0] < prices[1] < prices[2]


def test_shadow_price_is_a_column_of_its_own_not_part_of_carriage(
    borderland: Case, oil_base: CoupledBaseline
) -> None:
    found = couple(limited(narrower(borderland, 0.5), None), oil_base)
    price = found.shadow_prices()["price_usd_per_t"].iloc[0]
    costs = found.costs().set_index("commodity")
    oil = costs.loc["crude_oil"]
    # Oil has the pipeline and the railway: a tonne pays the price on the part that flows by pipe.
    assert 0.0 < oil["shadow_usd_per_t"] < price
    good = found.baseline.trade.goods["commodity"].eq("crude_oil").to_numpy()
    mean = found.baseline.lanes.mean(found.carriage, len(good))[good]
    assert oil["after_usd_per_t"] + oil["shadow_usd_per_t"] == pytest.approx(mean[0])
    assert (costs["shadow_usd_per_t"].drop("crude_oil").fillna(0.0) == 0.0).all()


def test_table_names_the_pipeline_or_the_goods_and_their_mode(
    borderland: Case, oil_base: CoupledBaseline
) -> None:
    narrow = limited(narrower(borderland, 0.5), None)
    pipeline = str(narrow.table("pipelines").at["oil_c_b", "name"])
    assert set(couple(narrow, oil_base).shadow_prices()["name"]) == {pipeline}
    rail = {"table": "economies", "mode": "rail", "commodity": "crude_oil"}
    loaded = limited(borderland, 300_000.0, row="XAC", **rail)
    goods = str(loaded.table("commodities").at["crude_oil", "name"])
    economy = str(loaded.table("economies").set_index("iso3").at["XAC", "name"])
    row = loaded.table("hard_capacities").to_dict("index")["north_oil"]
    assert capacity_name(loaded, row) == f"{goods} by rail, {economy}"
    assert capacity_name(loaded, {**row, "mode": "rail;road"}) == f"{goods} by rail and road, {economy}"
    zone = {**row, "table": "zones", "rows": "c/XAC", "mode": ""}
    assert capacity_name(loaded, zone) == f"{goods} of " + str(loaded.table("places").at["c", "name"])
    port = {**row, "table": "transfers", "rows": "ac/rail/ferry;ac/ferry/rail"}
    assert capacity_name(loaded, port) == str(loaded.table("places").at["ac", "name"]) + ", port"


def test_prices_do_not_depend_on_the_costs_that_the_loop_starts_from(
    borderland: Case, oil_base: CoupledBaseline, monkeypatch: pytest.MonkeyPatch
) -> None:
    narrow = limited(narrower(borderland, 0.5), None)
    found = couple(narrow, oil_base)

    def higher_cost(loop: _Loop) -> Any:
        return np.where(loop.network.is_open, 1.3 * loop.baseline.lanes.cost, np.inf)

    monkeypatch.setattr(_Loop, "start", property(higher_cost))
    other = couple(narrow, oil_base)
    assert other.convergence.steps[0].residual > 0.1
    assert other.prices.price == pytest.approx(found.prices.price, rel=2e-3)
    assert other.tonnes == pytest.approx(found.tonnes, rel=2e-3)


def test_loop_that_starts_from_another_solution_ends_at_the_same_prices(
    borderland: Case, oil_base: CoupledBaseline
) -> None:
    narrow, other = limited(narrower(borderland, 0.5), None), CouplingSettings(trade=ADDITIVE)
    found, start = couple(narrow, oil_base), couple(narrow, oil_base, other)
    assert start.prices.price != pytest.approx(found.prices.price, rel=1e-4)
    warm = couple(narrow, oil_base, start=start)
    assert warm.convergence.iterations < found.convergence.iterations
    assert warm.prices.price == pytest.approx(found.prices.price, rel=2e-3)
    assert warm.tonnes == pytest.approx(found.tonnes, rel=2e-3)
    with pytest.raises(InputError, match="a solution of another network"):
        couple(narrower(borderland, 0.6), oil_base, start=start)


def test_rent_is_income_of_its_owners(borderland: Case, oil_base: CoupledBaseline) -> None:
    narrow = narrower(borderland, 0.5)
    found, idle = (
        couple(limited(narrow, None), oil_base),
        couple(limited(narrow, None, owner="XAD"), oil_base),
    )
    names = oil_base.trade.baseline.economies
    rent = dict(zip(names, found.trade.scarcity_received.tolist(), strict=True))
    assert rent["XAA"] == pytest.approx(3.0 * rent["XAC"])
    assert rent["XAB"] == rent["XAD"] == 0.0
    assert sum(rent.values()) == pytest.approx(found.shadow_prices()["rent_musd"].sum(), rel=1e-3)
    wide, elsewhere = welfare(found), welfare(idle)
    assert wide["XAA"] > elsewhere["XAA"]
    assert wide["XAD"] < elsewhere["XAD"]


def test_capacity_above_the_flow_leaves_the_result_unchanged(
    borderland: Case, oil_base: CoupledBaseline
) -> None:
    slow = changed(borderland, {("crossings", "ac/XAC/XAA/rail", "dwell_h"): 90.0})
    found, free = couple(limited(slow, None), oil_base), couple(slow, oil_base)
    assert (found.tonnes == free.tonnes).all()
    assert (found.carriage == free.carriage).all()
    assert (found.value == free.value).all()
    assert found.shadow_prices().empty


def test_capacity_of_a_case_is_at_least_the_use_of_the_baseline(borderland: Case) -> None:
    tight = limited(borderland, 400_000.0)
    base = make_baseline(tight)
    found = couple(tight, base)
    # The pipeline carries more than its capacity in the baseline: the unchanged case has no price.
    assert pipeline_flow(found) > 900_000.0
    assert found.convergence.iterations == 1
    assert found.shadow_prices().empty


def test_loading_of_a_commodity_in_an_economy_limits_that_commodity_only(borderland: Case) -> None:
    case = limited(borderland, 300_000.0, row="XAC", table="economies", mode="rail", commodity="crude_oil")
    network = make_baseline(case).freight.supernetwork
    hard = hard_capacities(network)
    arcs = network.network.arcs[hard.arcs[0]]
    assert set(arcs["territory"]) == {"XAC"}
    assert {label.split("/")[1] for label in arcs["to"]} == {"rail"}
    limits = network.classes.loc[list(network.demand.classes), "commodity"].to_numpy()[hard.classes[0]]
    assert set(limits) == {"crude_oil"}
    assert hard.capacity.tolist() == [300_000.0]


def test_tonne_that_changes_between_two_limited_modes_is_loaded_once(borderland: Case) -> None:
    rows = {"row": "XAA", "table": "economies", "commodity": "crude_oil"}
    networks = {
        mode: make_baseline(limited(borderland, 300_000.0, mode=mode, **rows)).freight.supernetwork
        for mode in ("rail", "road", "rail;road")
    }
    loaded = {
        mode: {(arc["from"], arc["to"]) for _, arc in network.network.arcs[arcs_of(network)].iterrows()}
        for mode, network in networks.items()
    }
    both = loaded["rail"] | loaded["road"]
    changes = {ends for ends in both if {"rail", "road"} <= set("/".join(ends).split("/"))}
    assert changes
    assert loaded["rail;road"] == both - changes


def arcs_of(network: Supernetwork) -> Any:
    return hard_capacities(network).arcs[0]


def test_zone_sends_its_capacity_by_whichever_path(borderland: Case, small_base: CoupledBaseline) -> None:
    # A narrower pipeline makes the case another network; its freight may take the railway.
    field = {"row": "c/XAC", "table": "zones", "commodity": "crude_oil"}
    found = couple(limited(narrower(borderland, 0.9), 600_000.0, **field), small_base)
    oil = found.costs().set_index("commodity").loc["crude_oil"]
    price = found.shadow_prices().set_index("owner")["price_usd_per_t"]["XAA"]
    sold = found.flows().set_index("commodity").loc["crude_oil", "after_t"]
    assert sold == pytest.approx(600_000.0, rel=EXCESS)
    # Every tonne pays it, whatever its path; other goods of the zone pay none.
    assert oil["shadow_usd_per_t"] == pytest.approx(price)
    assert price > 0.0
    assert (found.costs().query("commodity != 'crude_oil'")["shadow_usd_per_t"].fillna(0.0) == 0.0).all()


def test_domestic_use_is_taken_from_the_capacity(borderland: Case) -> None:
    narrow = narrower(borderland, 0.5)
    for stated, own in ((None, 500_000.0), (400_000.0, 400_000.0)):
        network = make_baseline(limited(narrow, stated, domestic_t=150_000.0)).freight.supernetwork
        assert hard_capacities(network).capacity.tolist() == [pytest.approx(own - 150_000.0)]
