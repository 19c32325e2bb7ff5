"""Write the keys of plans and scenarios as pages, from the models that check the files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from sogdia.case.plan import Finance, NewProject, Plan, ProjectChoice
from sogdia.case.scenario import Scenario
from sogdia.case.shocks import AnyShock

_WORDS = {"string": "text", "integer": "whole number", "number": "number"}
_LIMITS = (
    ("minimum", "at least {:g}"),
    ("exclusiveMinimum", "above {:g}"),
    ("maximum", "at most {:g}"),
    ("exclusiveMaximum", "below {:g}"),
)


def plan_page() -> str:
    """Return the keys of a plan, of its projects and of their finance."""
    parts = (
        (Plan, "A plan"),
        (ProjectChoice, "Each of `projects`"),
        (Finance, "Each of `finance`"),
        (NewProject, "A project of your own: `new`"),
    )
    return "\n".join(f"### {title}\n\n{_summary(model)}\n\n{_keys(model)}\n" for model, title in parts)


def scenario_page() -> str:
    """Return the keys of a scenario and of every kind of shock."""
    pages = [f"### A scenario\n\n{_summary(Scenario)}\n\n{_keys(Scenario)}\n"]
    for shock in get_args(get_args(AnyShock)[0]):
        kind = shock.model_fields["kind"].default
        pages.append(f"### Shock: `{kind}`\n\n{_summary(shock)}\n\n{_keys(shock)}\n")
    return "\n".join(pages)


def _summary(model: type[BaseModel]) -> str:
    return _plain((inspect.getdoc(model) or "").split("\n\nAttributes:")[0])


def _keys(model: type[BaseModel]) -> str:
    """Return the table of keys: meanings from the docstrings, values from the types."""
    meanings: dict[str, str] = {"kind": "Kind of shock."}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel):
            meanings |= _attributes(base.__doc__ or "")
    schema = model.model_json_schema()
    lines = ["| key | value | default | meaning |", "|:--|:--|:--|:--|"]
    keys = sorted(schema["properties"].items(), key=lambda item: item[0] != "kind")
    for name, declared in keys:
        if name == "name":
            continue
        is_required = name in schema.get("required", ()) or "const" in declared
        default = "required" if is_required else _default(declared.get("default"))
        lines.append(f"| `{name}` | {_value(declared)} | {default} | {meanings[name]} |")
    return "\n".join(lines)


def _attributes(docstring: str) -> dict[str, str]:
    _, _, block = inspect.cleandoc(docstring).partition("Attributes:\n")
    attributes = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", block, re.MULTILINE)
    return {name: _plain(re.sub(r"\s+", " ", text)) for name, text in attributes}


def _plain(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def _value(declared: Mapping[str, Any]) -> str:
    if "anyOf" in declared:
        return _value(next(item for item in declared["anyOf"] if item.get("type") != "null"))
    if "const" in declared:
        return f"`{declared['const']}`"
    if "enum" in declared:
        return "one of " + ", ".join(f"`{word}`" for word in declared["enum"])
    if "$ref" in declared:
        return "record"
    if declared.get("type") == "object":
        return "lists of rows by table"
    if declared.get("type") == "array":
        items = declared["items"]
        if "enum" in items:
            return "list of " + ", ".join(f"`{word}`" for word in items["enum"])
        return "list of names" if items.get("type") == "string" else "list of records"
    limits = ", ".join(words.format(declared[key]) for key, words in _LIMITS if key in declared)
    return _WORDS[declared["type"]] + (f", {limits}" if limits else "")


def _default(value: Any) -> str:
    if value is None or value in ("", [], ()):
        return "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
