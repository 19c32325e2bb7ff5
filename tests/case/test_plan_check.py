"""Plans that do not match their region."""

from __future__ import annotations

import pytest

from sogdia import Plan, Region, build_case
from sogdia.errors import FaultsError

from .toy import plan, scenario


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (plan("pj_rial"), "plan project: no project is called 'pj_rial'; did you mean pj_rail"),
        (plan(excludes=["pj_wnd"]), "plan excludes: no project is called 'pj_wnd'; did you mean pj_wind"),
        (plan({"project": "pj_sun", "finance": [{"partner": "XBB"}]}), "no party is called 'XBB'"),
        (
            plan({"project": "pj_sun", "finance": [{"partner": "XBK", "lender_class": "bank_sofd"}]}),
            "no lender class is called 'bank_sofd'; did you mean bank_soft",
        ),
        (plan("pj_cable"), "pj_cable has no completion year of its own; give its opening_year"),
        (
            plan({"project": "pj_cable", "opening_year": 2030}, "pj_cable_big"),
            "pj_cable and pj_cable_big are alternatives; keep one of the two",
        ),
        (plan(extends=["other"]), "the plans that it extends are not merged"),
    ],
)  # fmt: skip
def test_plan_that_does_not_match_the_region_is_rejected(toy: Region, chosen: Plan, message: str) -> None:
    with pytest.raises(FaultsError) as caught:
        build_case(toy, chosen, scenario())
    assert message in str(caught.value)
    assert len(caught.value.faults) == 1
