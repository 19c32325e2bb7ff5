"""Model values at observations, computed by hand on the small region."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sogdia import Case, Region, Scenario, build_case, load_plan
from sogdia.assignment.stochastic import sue
from sogdia.freight import SETTINGS, build_supernetwork
from sogdia.freight.calibration.measurements import Counter, Measurement, read_measurements
from sogdia.freight.route_choice import choice_inputs
from sogdia.freight.supernetwork.constants import Constants

DEFAULTS: dict[str, Any] = {
    "observation": "it", "observed": 1.0, "unit": "t/a", "use": "calibration", "sd_ln": 1.0, "sources": "s",
    "links": frozenset(), "places": (), "territory": "", "modes": frozenset(), "cargo": "",
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
        ({"kind": "transit_flow", "territory": "XAB"}, 21000),
        ({"kind": "transit_flow", "territory": "XAA"}, 5000 + 8000),
    ],
)
def test_counts_by_hand(borderland: Case, fields: dict[str, Any], tonnes: float) -> None:
    """All trade of d uses the sea link from p; see the trade of the region."""
    assert measured(borderland, links=frozenset(["sea_p_d"]), **fields) == pytest.approx(tonnes)


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


def test_shipped_fit_has_every_measurement(base_case: Case) -> None:
    fit = base_case.table("calibration_fit")
    fit = fit[fit["engine"] == "freight"]
    assert list(fit["observation"]) == [m.observation for m in read_measurements(base_case)]


@pytest.fixture(scope="module")
def base_case(shipped: Region) -> Case:

    return build_case(shipped, load_plan("as_is", shipped), Scenario(title="Now", year=shipped.base_year))
