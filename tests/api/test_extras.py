"""Optional libraries that are not installed."""

from __future__ import annotations

import pytest

import sogdia
from sogdia.api import extras
from sogdia.api.extras import LIBRARY_OF_EXTRA, require_extra
from sogdia.errors import CannotRunError
from sogdia.region import Region


@pytest.mark.parametrize("extra", sorted(LIBRARY_OF_EXTRA))
def test_installed_extra_is_accepted(extra: str) -> None:
    require_extra(extra, "a test")


@pytest.mark.parametrize("extra", sorted(LIBRARY_OF_EXTRA))
def test_missing_extra_raises_with_its_command(monkeypatch: pytest.MonkeyPatch, extra: str) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    with pytest.raises(
        CannotRunError, match=rf"a test needs the extra {extra}: pip install 'sogdia\[{extra}\]'"
    ):
        require_extra(extra, "a test")


def test_engine_without_its_extra_raises_before_it_starts(
    monkeypatch: pytest.MonkeyPatch, shipped: Region
) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    with pytest.raises(CannotRunError, match="electricity needs the extra power"):
        sogdia.run_power(shipped)
