"""Load of a year: network losses, a project that cuts them, and suppressed demand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from breaking import PackCopy

from sogdia import Case, Plan, Scenario, build_case, load_region
from sogdia.errors import InputError
from sogdia.power import build_power_inputs
from sogdia.power.costs import PowerCosts, lost_load_tiers
from sogdia.power.demand import country_loads, suppressed_mw
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import HOURS_PER_YEAR

DEMAND_2030 = 500.0 * 1.03**9
"""Demand of the isle XAA, grown from the record of 2021, GWh."""


def case_of(pack: PackCopy, *projects: str, year: int = 2030) -> Case:
    """Return a case of the pack with some of its projects."""
    region = load_region(pack.folder)
    plan = Plan.model_validate({"title": "Test", "projects": [{"project": name} for name in projects]})
    return build_case(region, plan, Scenario(title="Then", year=year), past=True)


def with_losses(pack: PackCopy, share_pct: str) -> PackCopy:
    pack.add("electricity", "XAA", "2021", "losses_pct", share_pct)
    return pack


def test_losses_of_the_record_are_part_of_its_demand(pack: PackCopy) -> None:
    load = country_loads(case_of(with_losses(pack, "20")))["XAA"]
    assert load.served_gwh == pytest.approx(DEMAND_2030)
    assert load.loss_share == pytest.approx(0.2)


def test_project_that_cuts_losses_lowers_load_and_keeps_final_consumption(pack: PackCopy) -> None:
    """0.8 of the load before and 0.9 of that after are the same consumption."""
    with_losses(pack, "20").add(
        "project_effects", "hill_wind", "electricity", "XAA/2021/losses_pct", "scale", "value", "0.5"
    )
    assert not pack.faults()
    without, with_project = (country_loads(case_of(pack, *names))["XAA"] for names in ((), ("hill_wind",)))
    assert with_project.served_gwh == pytest.approx(DEMAND_2030 * 8.0 / 9.0)
    final = [load.served_gwh * (1.0 - (load.loss_share or 0.0)) for load in (without, with_project)]
    assert final[1] == pytest.approx(final[0])


def test_losses_of_all_that_is_supplied_are_refused(pack: PackCopy) -> None:
    case = case_of(with_losses(pack, "100"))
    with pytest.raises(
        InputError, match=r"electricity\.csv: losses_pct of XAA is 100; expected a share from 0"
    ):
        country_loads(case)


def test_suppressed_demand_is_load_after_the_record_only(pack: PackCopy) -> None:
    pack.add("electricity", "XAA", "2020", "suppressed_gwh", "40")
    later, recorded = (country_loads(case_of(pack, year=year))["XAA"] for year in (2030, 2021))
    assert (later.served_gwh, later.suppressed_gwh) == pytest.approx((DEMAND_2030, 40.0))
    assert (recorded.served_gwh, recorded.suppressed_gwh) == (500.0, 0.0)


def test_suppressed_demand_has_the_shape_of_load_in_its_months(pack: PackCopy) -> None:
    """From November to February: 120 days; twice the load has twice the suppressed demand."""
    pack.add("electricity", "XAA", "2020", "suppressed_gwh", "72")
    pack.add("electricity", "XAA", "2020", "suppressed_from_month", "11")
    pack.add("electricity", "XAA", "2020", "suppressed_to_month", "2")
    loads = country_loads(case_of(pack))
    served = np.tile([1.0, 2.0], HOURS_PER_YEAR // 2)[:, None]
    zones = pd.DataFrame({"iso3": ["XAA"], "share": [1.0]})
    added = suppressed_mw(zones, served, loads)[:, 0]
    assert added[:2] == pytest.approx([72e3 / (120 * 24) / 1.5, 2 * 72e3 / (120 * 24) / 1.5])
    assert added.sum() == pytest.approx(72e3)
    assert not added[24 * 59 : 24 * 304].any()


def test_suppressed_demand_is_cut_in_the_first_tier(reference_case: Case) -> None:
    inputs = build_power_inputs(reference_case, PowerSettings(hours=8760))
    suppressed = float(inputs.demand["suppressed_gwh"]["TJK"]) * 1e3
    load = float(inputs.load_mw[:, list(inputs.zones.table.index).index("TJK")].sum())
    rationing = lost_load_tiers(PowerCosts(reference_case), "TJK")[0]
    at = list(inputs.generators.index).index("TJK rationing")
    cut = float(inputs.p_max[:, at].sum() * inputs.generators["p_nom_mw"].iloc[at])
    assert suppressed > 0
    assert cut == pytest.approx(suppressed + rationing.share * (load - suppressed))
