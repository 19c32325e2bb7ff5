"""Optional libraries that are not installed."""

from __future__ import annotations

import tomllib
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import sogdia
from sogdia.errors import CannotRunError
from sogdia.extras import CARRIED, LIBRARIES, extra_of, require_extra, require_extras
from sogdia.region import Region

ROOT = Path(__file__).parents[2]
DECLARED: dict[str, list[str]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"][
    "optional-dependencies"
]


def without(monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    """Let libraries be missing."""
    monkeypatch.setattr(
        "sogdia.extras.find_spec", lambda name: None if name in libraries else find_spec(name)
    )


@pytest.mark.parametrize("extra", sorted(LIBRARIES))
def test_installed_extra_is_accepted(extra: str) -> None:
    require_extra(extra, "a test")


@pytest.mark.parametrize("extra", sorted(set(DECLARED) - {"all"}))
def test_libraries_of_an_extra_are_those_that_it_declares(extra: str) -> None:
    requirements = [Requirement(line) for line in DECLARED[extra]]
    own = {canonicalize_name(each.name) for each in requirements if each.name != "sogdia"}
    carried = {name for each in requirements if each.name == "sogdia" for name in each.extras}
    providers = packages_distributions()
    assert {canonicalize_name(providers[name][0]) for name in LIBRARIES[extra]} == own
    assert set(CARRIED.get(extra, ())) == carried


@pytest.mark.parametrize(
    ("extra", "library"), [(extra, library) for extra, names in LIBRARIES.items() for library in names]
)
def test_each_missing_library_is_named_with_the_line_to_install(
    monkeypatch: pytest.MonkeyPatch, extra: str, library: str
) -> None:
    without(monkeypatch, library)
    with pytest.raises(CannotRunError) as raised:
        require_extra(extra, "a test")
    assert str(raised.value) == (
        f"a test needs the extra {extra} ({library} is not installed): pip install 'sogdia[{extra}]'"
    )


def test_library_of_a_carried_extra_is_missed_too(monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "numba", "highspy", "lxml")
    with pytest.raises(CannotRunError) as raised:
        require_extras(("report", "geo", "gravity"), "a test")
    assert str(raised.value) == (
        "a test needs the extras report and gravity (numba, highspy, lxml are not installed): "
        "pip install 'sogdia[report,gravity]'"
    )


def test_extra_of_a_library_is_found_by_any_module_of_it() -> None:
    assert [extra_of(name) for name in ("lxml.etree", "numba", "tables", "numpy", "sogdia", "")] == [
        "ledger", "freight", "omx", None, None, None,
    ]  # fmt: skip


def test_engine_without_its_extra_raises_before_it_starts(
    monkeypatch: pytest.MonkeyPatch, shipped: Region
) -> None:
    without(monkeypatch, "highspy")
    with pytest.raises(CannotRunError, match="electricity needs the extra power"):
        sogdia.run_power(shipped)
