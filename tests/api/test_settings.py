"""Settings from arguments."""

from __future__ import annotations

import pytest

from sogdia.api.settings import validated
from sogdia.errors import InputError
from sogdia.trade import TradeSettings


def test_valid_values_make_settings() -> None:
    assert validated(TradeSettings, {"imbalance": "multiplicative"}).imbalance == "multiplicative"


def test_invalid_value_is_named_with_its_field_or_argument() -> None:
    with pytest.raises(InputError, match=r"^imbalance: .*, not 'none'$"):
        validated(TradeSettings, {"imbalance": "none"})
    with pytest.raises(InputError, match=r"^closure: .*, not 'none'$"):
        validated(TradeSettings, {"imbalance": "none"}, {"imbalance": "closure"})
