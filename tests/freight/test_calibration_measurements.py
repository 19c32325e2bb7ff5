"""Model values at observations, computed by hand on the small region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.assignment.stochastic import sue
from sogdia.errors import InputError
from sogdia.freight import SETTINGS, build_supernetwork
from sogdia.freight.calibration.measurements import Counter, Measurement, read_measurements
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.supernetwork.constants import Constants

from .test_calibration_estimate import with_tables

DEFAULTS: dict[str, Any] = {
    "observation": "it", "observed": 1.0, "unit": "t/a", "use": "calibration", "sd_ln": 1.0, "sources": "s",
    "links": frozenset(), "of_links": frozenset(), "pipelines": frozenset(), "places": (), "territory": "",
    "modes": frozenset(), "cargo": "", "commodities": frozenset(),
    "exporters": frozenset(), "importers": frozenset(), "both_directions": False,
}  # fmt: skip


def measured(case: Case, **fields: Any) -> float:
    """Return the value of a case's model at one measurement."""
    built = build_supernetwork(case, Constants())
    inputs = choice_inputs(built)
    solution = sue(
        built.network,
        built.demand,
        SETTINGS,
        theta=inputs.theta,
        rules=inputs.rules,
        group_of_class=inputs.group_of_class,
        avoid=inputs.avoid,
    )
    counter = Counter((Measurement(**{**DEFAULTS, **fields}),), built, solution)
    return float(counter.read(built, solution)[0])


@pytest.mark.parametrize(
    ("fields", "tonnes"),
    [
        ({"kind": "link_flow"}, 9000 + 7000 + 5000),
        ({"kind": "link_flow", "exporters": frozenset(["XAA"])}, 9000),
        ({"kind": "link_flow", "exporters": frozenset(["XAA"]), "both_directions": True}, 9000 + 7000),
        ({"kind": "link_flow", "importers": frozenset(["XAA"])}, 7000),
        ({"kind": "link_flow", "territory": "XAC"}, 9000 + 7000),
        ({"kind": "link_flow", "modes": frozenset(["rail"])}, 0),
        ({"kind": "link_flow", "cargo": "dry_bulk"}, 0),
        ({"kind": "link_share", "importers": frozenset(["XAD"])}, 100),
        ({"kind": "station_flow", "places": ("p",), "modes": frozenset(["sea"])}, 21000),
        ({"kind": "link_flow", "commodities": frozenset(["all"])}, 9000 + 7000 + 5000),
        ({"kind": "link_flow", "commodities": frozenset(["grain"])}, 0),
        ({"kind": "link_flow", "pipelines": frozenset(["oil_c_b"])}, 21000 + 1_000_000),
        ({"kind": "territory_flow", "territory": "XAD"}, 21000),
        ({"kind": "territory_flow", "territory": "XAB", "exporters": frozenset(["XAA"])}, 10000 + 9000),
        ({"kind": "territory_flow", "territory": "XAD", "modes": frozenset(["rail"])}, 0),
        (
            {"kind": "territory_share", "territory": "XAD", "importers": frozenset(["XAA"])},
            100 * 7 / (12 + 20 + 7),
        ),
        ({"kind": "transit_flow", "territory": "XAB"}, 21000),
        ({"kind": "transit_flow", "territory": "XAA"}, 5000 + 8000),
    ],
)
def test_counts_by_hand(borderland: Case, fields: dict[str, Any], tonnes: float) -> None:
    """All trade of d uses the sea link from p; see the trade of the region."""
    assert measured(borderland, links=frozenset(["sea_p_d"]), **fields) == pytest.approx(tonnes)


def test_modes_of_a_change_at_the_port_share_its_freight(borderland: Case) -> None:
    """Freight reaches the sea at p by road or by rail, and each way is a link and a change of mode."""
    by_mode = {
        mode: measured(borderland, kind="transfer_flow", places=("p",), modes=frozenset([mode, "sea"]))
        for mode in ("road", "rail")
    }
    assert sum(by_mode.values()) == pytest.approx(21_000)
    assert min(by_mode.values()) > 1_000
    for mode, tonnes in by_mode.items():
        link = frozenset([f"{mode}_b_p"])
        assert measured(borderland, kind="link_flow", links=link) == pytest.approx(tonnes)
        other = frozenset({"rail_b_p", "road_b_p"} - link)
        share = measured(borderland, kind="link_share", links=link, of_links=other)
        assert share == pytest.approx(100 * tonnes / 21_000), "of the corridors, not of all trade"


OBSERVED = {"value": 1.0, "use": "calibration", "mode": "sea", "year": 2023, "what": "flow_t", "source": "s"}


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kind": "link_flow"}, r"measurements\.csv: it links: empty; expected links or pipelines"),
        ({"kind": "link_share"}, "it links: empty; link_share needs it"),
        ({"kind": "territory_flow"}, "it territory: empty; territory_flow needs it"),
        ({"kind": "station_flow", "places": "p"}, "it modes: empty; station_flow needs it"),
        ({"kind": "transfer_flow", "places": "p", "modes": "rail"}, "it modes: 'rail'; expected two"),
        ({"kind": "transit_flow", "territory": "XAA", "sd_ln": np.nan}, "it sd_ln: empty; expected a number"),
    ],
)
def test_row_that_counts_no_freight_is_refused(
    borderland: Case, fields: dict[str, Any], message: str
) -> None:
    row = {"observation": "it", "t_per_unit": 1.0, "sd_ln": 0.1, **fields}
    case = with_tables(borderland, observations=[{"id": "it", "unit": "t/a", **OBSERVED}], measurements=[row])
    with pytest.raises(InputError, match=message):
        read_measurements(case)


def test_count_of_vehicles_is_compared_as_tonnes(borderland: Case) -> None:
    row = {"observation": "it", "kind": "link_flow", "links": "sea_p_d", "t_per_unit": 60.0, "sd_ln": 0.1}
    seen = {"id": "it", "unit": "vehicles/a", **OBSERVED, "value": 37_300.0}
    (measurement,) = read_measurements(with_tables(borderland, observations=[seen], measurements=[row]))
    assert (measurement.observed, measurement.unit) == (37_300 * 60, "t/a")


def test_journeys_by_hand(borderland: Case) -> None:
    """220 km at 22 km/h; 0.01 USD a tonne and km, 10 t a TEU."""
    fields = {"places": ("p", "d"), "modes": frozenset(["sea"])}
    assert measured(borderland, kind="journey_time", **fields) == pytest.approx(10 / 24)
    assert measured(borderland, kind="journey_cost", **fields) == pytest.approx(220 * 0.01 * 10)


def test_journey_without_a_path_is_nan(borderland: Case) -> None:
    all_modes = frozenset(["sea", "road", "rail"])
    assert np.isfinite(measured(borderland, kind="journey_time", places=("a", "d"), modes=all_modes))
    assert np.isnan(measured(borderland, kind="journey_time", places=("c", "d"), modes=frozenset(["sea"])))


def test_every_shipped_observation_is_measured_or_has_a_reason(shipped: Region) -> None:
    observations, measurements = shipped.table("observations"), shipped.table("measurements")
    required = set(observations.index[observations["use"].isin(["calibration", "validation"])])
    assert set(measurements["observation"]) == required
    assert (measurements.loc[measurements["kind"] == "none", "note"].str.len() > 20).all()


def test_rows_of_one_subject_have_one_use(shipped: Region) -> None:
    observations = shipped.table("observations")
    used = observations[observations["use"] != "context"]
    assert (used.groupby("subject")["use"].nunique() == 1).all()


def test_shipped_fit_has_every_measurement(base_case: Case) -> None:
    fit = base_case.table("calibration_fit")
    fit = fit[fit["engine"] == "freight"]
    assert list(fit["observation"]) == [m.observation for m in read_measurements(base_case)]


@pytest.fixture(scope="module")
def base_case(shipped: Region) -> Case:

    return build_case(shipped, load_plan("as_is", shipped), Scenario(title="Now", year=shipped.base_year))
