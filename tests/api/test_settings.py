"""Settings from arguments."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from sogdia.api.settings import validated
from sogdia.assignment import AssignmentSettings
from sogdia.errors import InputError
from sogdia.power import PowerSettings
from sogdia.trade import TradeSettings


def test_valid_values_make_settings() -> None:
    assert validated(TradeSettings, {"imbalance": "multiplicative"}).imbalance == "multiplicative"


def test_invalid_value_is_named_with_its_field_or_argument() -> None:
    with pytest.raises(InputError, match=r"^imbalance: .*, not 'none'$"):
        validated(TradeSettings, {"imbalance": "none"})
    with pytest.raises(InputError, match=r"^closure: .*, not 'none'$"):
        validated(TradeSettings, {"imbalance": "none"}, {"imbalance": "closure"})


@pytest.mark.parametrize(
    ("model", "field"),
    [
        (AssignmentSettings, "theta"), (AssignmentSettings, "path_size"), (PowerSettings, "co2_cap_mt"),
        (PowerSettings, "voll_usd_per_mwh"), (PowerSettings, "price_cap_usd_per_mwh"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_figure_of_the_settings_is_finite(model: type[BaseModel], field: str, value: float) -> None:
    with pytest.raises(InputError, match=f"^{field}: "):
        validated(model, {field: value})


def test_scale_of_the_logit_leaves_costs_finite() -> None:
    with pytest.raises(InputError, match=r"^theta: "):
        validated(AssignmentSettings, {"theta": 1e308})
