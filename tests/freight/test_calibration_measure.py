"""Measurements and constants on the hand-made region, and an estimate whose answer is known."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sogdia import Case, Region
from sogdia.assignment.stochastic import sue
from sogdia.errors import InputError
from sogdia.freight import SETTINGS, build_supernetwork
from sogdia.freight.calibration import estimate, refits
from sogdia.freight.calibration.measure import Counter, Measurement, measurements_of
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.supernetwork.constants import Constants, apply_constants, border_costs_pct, thetas

PLAIN: dict[str, Any] = {
    "observation": "it", "observed": 1.0, "unit": "t/a", "use": "calibration", "sd_ln": 1.0, "sources": "s",
    "links": frozenset(), "places": (), "territory": "", "modes": frozenset(), "cargo": "",
    "exporters": frozenset(), "importers": frozenset(), "both_ways": False,
}  # fmt: skip


def measured(case: Case, **told: Any) -> float:
    """What the model of a case says at one measurement."""
    built = build_supernetwork(case, Constants())
    inputs = choice_inputs(built)
    found = sue(
        built.network,
        built.demand,
        SETTINGS,
        theta=inputs.theta,
        rules=inputs.rules,
        geometry=inputs.geometry,
        avoid=inputs.avoid,
    )
    counter = Counter((Measurement(**{**PLAIN, **told}),), built, found)
    return float(counter.read(built, found)[0])


@pytest.mark.parametrize(
    ("told", "tonnes"),
    [
        ({"kind": "link_flow"}, 9000 + 7000 + 5000),
        ({"kind": "link_flow", "exporters": frozenset(["XAA"])}, 9000),
        ({"kind": "link_flow", "exporters": frozenset(["XAA"]), "both_ways": True}, 9000 + 7000),
        ({"kind": "link_flow", "importers": frozenset(["XAA"])}, 7000),
        ({"kind": "link_flow", "territory": "XAC"}, 9000 + 7000),
        ({"kind": "link_flow", "modes": frozenset(["rail"])}, 0),
        ({"kind": "link_flow", "cargo": "dry_bulk"}, 0),
        ({"kind": "link_share", "importers": frozenset(["XAD"])}, 100),
        ({"kind": "station_flow", "places": ("p",), "modes": frozenset(["sea"])}, 21000),
        ({"kind": "transit_flow", "territory": "XAB"}, 21000),
        ({"kind": "transit_flow", "territory": "XAA"}, 5000 + 8000),
    ],
)
def test_counts_by_hand(borderland: Case, told: dict[str, Any], tonnes: float) -> None:
    """All that goes to or from d goes by the sea link from p; see the trade of the region."""
    assert measured(borderland, links=frozenset(["sea_p_d"]), **told) == pytest.approx(tonnes)


def test_journeys_by_hand(borderland: Case) -> None:
    """220 km at 22 km/h; 0.01 USD a tonne and km, 10 t a TEU."""
    told = {"places": ("p", "d"), "modes": frozenset(["sea"])}
    assert measured(borderland, kind="journey_time", **told) == pytest.approx(10 / 24)
    assert measured(borderland, kind="journey_cost", **told) == pytest.approx(220 * 0.01 * 10)


def test_a_journey_without_a_way_is_no_number(borderland: Case) -> None:
    by_land = frozenset(["sea", "road", "rail"])
    assert np.isfinite(measured(borderland, kind="journey_time", places=("a", "d"), modes=by_land))
    assert np.isnan(measured(borderland, kind="journey_time", places=("c", "d"), modes=frozenset(["sea"])))


def test_factors_reach_their_own_arcs_alone(borderland: Case) -> None:
    bare = build_supernetwork(borderland, Constants()).bare.arcs
    dear = apply_constants(bare, Constants(rail=2.0, rail_time=3.0, dwell_time=5.0))
    haul, rail = bare["kind"] == "haul", bare["mode"] == "rail"
    for mask, money, time in (
        (haul & rail, 2.0, 3.0),
        (haul & ~rail, 1.0, 1.0),
        (bare["kind"] == "crossing", 1.0, 5.0),
        (bare["kind"] == "transfer", 1.0, 5.0),
        (bare["kind"] == "pipeline", 1.0, 1.0),
    ):
        assert mask.any()
        assert np.allclose(
            dear.loc[mask, "usd_per_t_container"], money * bare.loc[mask, "usd_per_t_container"]
        )
        for column in ("time_h", "fixed", "scale"):
            assert np.allclose(dear.loc[mask, column], time * bare.loc[mask, column])


def test_borders_cost_a_share_of_value_and_more_where_a_party_is_named(borderland: Case) -> None:
    arcs = build_supernetwork(borderland, Constants()).bare.arcs
    pct = border_costs_pct(arcs, Constants(border_pct=1.0, border_pct_of={"XAC": 4.0}))
    crossing = (arcs["kind"] == "crossing").to_numpy()
    north = arcs["crossing_id"].str.startswith("ac/").to_numpy()
    assert (pct[~crossing] == 0.0).all()
    assert (pct[crossing & north] == 5.0).all()
    assert (pct[crossing & ~north] == 1.0).all()


def test_border_cost_in_the_unit_of_cost(borderland: Case) -> None:
    """Goods of 2,400 USD/t at 1 % a day are worth 1 USD/t/h: 2 % of value is 48 h."""
    free = build_supernetwork(borderland, Constants())
    dear = build_supernetwork(borderland, Constants(border_pct=2.0))
    k = free.demand.classes.index("all")
    crossing = (free.network.arcs["kind"] == "crossing").to_numpy()
    assert free.demand.extra is not None
    assert dear.demand.extra is not None
    open_arcs = np.isfinite(free.demand.extra[k])
    assert np.array_equal(open_arcs, np.isfinite(dear.demand.extra[k]))
    more = dear.demand.extra[k, open_arcs] - free.demand.extra[k, open_arcs]
    assert np.allclose(more[crossing[open_arcs]], 48.0)
    assert np.allclose(more[~crossing[open_arcs]], 0.0)


def test_theta_falls_with_the_root_of_value() -> None:
    goods = pd.DataFrame({"usd_per_t": [1000.0, 4000.0]}, index=["cheap", "dear"])
    found = thetas(("cheap", "dear", "dear"), goods, Constants(theta=0.06, theta_value=0.5))
    assert found == pytest.approx([0.06, 0.03, 0.03])


@pytest.mark.parametrize(
    "values", [{"nonsense": 1.0}, {"rail": -1.0}, {"rail/XAA": 1.0}, {"border_pct": float("nan")}]
)
def test_a_constant_that_cannot_be_is_told(values: dict[str, float]) -> None:
    with pytest.raises(InputError, match=r"calibration\.csv"):
        Constants().replaced(values)


def with_tables(case: Case, **tables: list[dict[str, Any]]) -> Case:
    """The case with rows of some tables in the place of its own."""
    frames = {name: case.table(name) for name in case.frames}
    for name, rows in tables.items():
        frame = pd.DataFrame(rows).reindex(columns=frames[name].columns)
        kept = {column: frames[name][column].dtype for column in frame.columns}
        for column, kind in kept.items():
            if kind == "str":
                frame[column] = frame[column].astype(object).fillna("")
        keys = ["engine", "parameter"] if name == "calibration" else None
        index = frame[keys].agg("/".join, axis=1) if keys else frame.iloc[:, 0]
        frames[name] = frame.astype(kept).set_axis(pd.Index(index, name="row"), axis=0)
    return replace(case, frames=MappingProxyType(frames))


def test_an_estimate_finds_what_the_observation_was_made_with(borderland: Case) -> None:
    """The sea journey costs 22 USD/TEU by the tables and 44 by the observation; validation says 88."""
    seen = {"what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU", "source": "example"}
    way = {"kind": "journey_cost", "places": "p;d", "modes": "sea", "sd_ln": 0.01}
    case = with_tables(
        borderland,
        observations=[
            {"id": "used", "value": 44.0, "use": "calibration", **seen},
            {"id": "kept", "value": 88.0, "use": "validation", **seen},
        ],
        measurements=[{"observation": "used", **way}, {"observation": "kept", **way}],
        calibration=[{"engine": "freight", "parameter": "sea", "prior": 1.0, "prior_sd_ln": 1.0}],
    )
    found = estimate(case, fresh=True)
    assert found.constants.sea == pytest.approx(2.0, rel=0.01)
    assert found.standard_error[0] == pytest.approx(0.01, rel=0.05)
    assert found.residual[1] == pytest.approx(np.log(0.5) / 0.01, rel=0.02)
    assert found.leverage[0] == pytest.approx(1.0, abs=0.001)
    assert np.isnan(found.leverage[1])


def test_a_row_fitted_without_is_told_by_the_other(borderland: Case) -> None:
    """Two counts of one journey: without the first the fit is the second, ln(40 / 44) / 0.1 off it."""
    seen = {"what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU", "source": "example"}
    way = {"kind": "journey_cost", "places": "p;d", "modes": "sea", "sd_ln": 0.1}
    case = with_tables(
        borderland,
        observations=[
            {"id": "one", "value": 44.0, "use": "calibration", **seen},
            {"id": "two", "value": 40.0, "use": "calibration", **seen},
        ],
        measurements=[{"observation": "one", **way}, {"observation": "two", **way}],
        calibration=[{"engine": "freight", "parameter": "sea", "prior": 1.0, "prior_sd_ln": 10.0}],
    )
    found = estimate(case, fresh=True)
    assert found.constants.sea == pytest.approx(np.sqrt(44 * 40) / 22, rel=1e-3)
    again = {name: (by_leverage, fitted) for name, by_leverage, fitted in refits(case, found, 2)}
    assert again["one"][1] == pytest.approx(np.log(40 / 44) / 0.1, rel=0.01)
    assert again["two"][1] == pytest.approx(np.log(44 / 40) / 0.1, rel=0.01)
    assert again["one"][0] == pytest.approx(again["one"][1], rel=0.02)


def test_a_case_with_nothing_to_estimate_says_so(borderland: Case) -> None:
    with pytest.raises(InputError, match="has prior and prior_sd_ln"):
        estimate(with_tables(borderland, calibration=[{"engine": "freight", "parameter": "sea"}]))


def test_every_observation_of_the_pack_is_measured_or_says_why_not(shipped: Region) -> None:
    observations, told = shipped.table("observations"), shipped.table("measurements")
    wanted = set(observations.index[observations["use"].isin(["calibration", "validation"])])
    assert set(told["observation"]) == wanted
    assert (told.loc[told["kind"] == "none", "note"].str.len() > 20).all()


def test_the_shipped_fit_holds_every_measurement(shipped_case: Case) -> None:
    fit = shipped_case.table("calibration_fit")
    fit = fit[fit["engine"] == "freight"]
    assert list(fit["observation"]) == [m.observation for m in measurements_of(shipped_case)]


@pytest.fixture(scope="module")
def shipped_case(shipped: Region) -> Case:
    from sogdia import Scenario, build_case, load_plan

    return build_case(shipped, load_plan("as_is", shipped), Scenario(title="Now", year=shipped.base_year))
