"""Constants and demand estimated in turns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sogdia import Case
from sogdia.freight.calibration import estimate_jointly
from sogdia.freight.inputs import build_supernetwork

from .test_matrix import FLOW, counted

CONSTANT = {"engine": "freight", "parameter": "sea", "prior": 1.0, "prior_sd_ln": 1.0}
PRICE = {"what": "cost_usd_per_teu", "mode": "sea", "year": 2023, "unit": "USD/TEU", "source": "example"}


def both(borderland: Case, *, count: float, second: float | None = None) -> Case:
    """Return the case with a price of twice the charges by sea, and counts of the exports of XAA."""
    flow: dict[str, Any] = {"kind": "link_flow", "links": "sea_p_d", "exporters": "XAA", "t_per_unit": 1.0}
    counts = {"one": count} if second is None else {"one": count, "two": second}
    prices = [{"id": "price", "value": 44.0, "use": "calibration", **PRICE}]
    journey = {"observation": "price", "kind": "journey_cost", "places": "p;d", "modes": "sea", "sd_ln": 0.01}
    return counted(
        borderland,
        used=count,
        observations=prices
        + [{"id": name, "value": value, "use": "calibration", **FLOW} for name, value in counts.items()],
        measurements=[journey] + [{"observation": name, "sd_ln": 0.05, **flow} for name in counts],
        calibration=[CONSTANT],
    )


def test_turns_meet_price_and_counts_and_the_sum_falls(borderland: Case) -> None:
    found = estimate_jointly(both(borderland, count=36_000.0, second=36_000.0))
    assert found.is_settled
    assert found.misfits[-1] < found.misfits[0]
    assert found.constants.constants.sea == pytest.approx(2.0, rel=0.01)
    assert found.demand is not None
    pairs = found.demand.pairs
    factor = float(pairs.loc[pairs["exporter"] == "XAA", "factor"].max())
    assert factor > 2.0
    supernetwork = build_supernetwork(found.case)
    assert supernetwork.constants.sea == pytest.approx(2.0, rel=0.01)
    flows = supernetwork.identified(supernetwork.demand)
    tonnes = flows.loc[(flows["exporter"] == "XAA") & (flows["importer"] == "XAD"), "flow"].sum()
    assert tonnes == pytest.approx(9_000.0 * factor, rel=1e-3)


def test_counts_that_do_not_support_factors_leave_the_constants(borderland: Case) -> None:
    """One count alone: left out, it is predicted by the tonnes of trade, no better than without factors."""
    lines: list[str] = []
    found = estimate_jointly(both(borderland, count=18_000.0), progress=lines.append)
    assert found.demand is None
    assert found.is_settled
    assert found.misfits == (found.constants.misfit,)
    assert lines[-1] == "the counts do not predict each other better with factors: none are taken"
    assert len(found.case.table("demand_factors")) == 0
    assert np.isfinite(found.constants.misfit)
