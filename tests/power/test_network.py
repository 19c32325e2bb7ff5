"""The PyPSA network of a power system."""

from __future__ import annotations

import logging

import pytest

from sogdia import Case
from sogdia.power.network import build_network

from .systems import plant, system


def test_network_leaves_the_root_logger_as_it_was(isle_case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = system(isle_case, {"AAA": 10.0}, [plant("AAA", "gas", 20.0, 50.0)])
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.WARNING)
    build_network(inputs)
    assert logging.root.handlers == []
    assert logging.root.level == logging.WARNING
