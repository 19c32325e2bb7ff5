"""Public names of the packages of runs and coupling."""

from __future__ import annotations

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

SRC = Path(__file__).parents[2] / "src"
PACKAGES = ["sogdia.runs", "sogdia.coupling"]


@pytest.mark.parametrize("package", PACKAGES)
def test_stub_declares_every_public_name(package: str) -> None:
    stub = SRC / Path(*package.split(".")) / "__init__.pyi"
    declared = {
        alias.asname or alias.name
        for node in ast.parse(stub.read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert declared == set(vars(import_module(package))["__all__"])


@pytest.mark.parametrize("package", PACKAGES)
def test_public_name_is_not_hidden_by_a_module(package: str) -> None:
    for path in (SRC / Path(*package.split("."))).glob("[a-z]*.py"):
        import_module(f"{package}.{path.stem}")
    module = import_module(package)
    assert [name for name in vars(module)["__all__"] if inspect.ismodule(getattr(module, name))] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_unknown_name_raises(package: str) -> None:
    with pytest.raises(AttributeError, match="has no attribute 'nonsense'"):
        getattr(import_module(package), "nonsense")  # noqa: B009
