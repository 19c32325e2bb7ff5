"""The public names are exactly these; each function has an example, and documents import no deeper module."""

from __future__ import annotations

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

import sogdia
import sogdia.api

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "docs" / "worked_example.ipynb"]
CLASSES = {"Case", "Plan", "Region", "Scenario"}
FUNCTIONS = {
    "brief",
    "build_case",
    "check_pack",
    "compare",
    "ensemble",
    "load_plan",
    "load_region",
    "load_scenario",
    "optimise",
    "project_values",
    "read_article",
    "run",
    "run_dependence",
    "run_freight",
    "run_power",
    "run_trade",
}
DEEP_IMPORT = re.compile(r"(?:from|import)\s+(sogdia(?:\.\w+){2,})")


def names_in_stub(package: str) -> set[str]:
    """Names that the ``__init__.pyi`` of a package exports."""
    path = ROOT / "src" / Path(*package.split(".")) / "__init__.pyi"
    return {
        alias.asname or alias.name
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def test_public_names_are_exactly_these() -> None:
    assert set(sogdia.__all__) == CLASSES | FUNCTIONS | {"__version__"}
    assert set(dir(sogdia)) >= set(sogdia.__all__)


@pytest.mark.parametrize("package", ["sogdia", "sogdia.api"])
def test_stub_declares_every_public_name(package: str) -> None:
    names: list[str] = vars(import_module(package))["__all__"]
    assert names_in_stub(package) == set(names) - {"__version__"}


@pytest.mark.parametrize("package", ["sogdia", "sogdia.api"])
def test_public_name_is_the_same_after_all_modules_are_imported(package: str) -> None:
    for path in (ROOT / "src" / "sogdia" / "api").glob("[a-z]*.py"):
        import_module(f"sogdia.api.{path.stem}")
    module = import_module(package)
    assert [name for name in vars(module)["__all__"] if inspect.ismodule(getattr(module, name))] == []


def test_unknown_name_raises_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'run_everything'"):
        getattr(sogdia, "run_everything")  # noqa: B009
    with pytest.raises(AttributeError, match="no attribute 'run_everything'"):
        getattr(sogdia.api, "run_everything")  # noqa: B009


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_public_function_has_arguments_errors_and_an_example(name: str) -> None:
    text = inspect.getdoc(getattr(sogdia, name)) or ""
    for part in ("Args:", "Returns:", "Raises:", "Example:"):
        assert part in text, f"{name} lacks {part}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_page_imports_no_module_deeper_than_one_dot(page: Path) -> None:
    assert DEEP_IMPORT.findall(page.read_text("utf-8")) == []
