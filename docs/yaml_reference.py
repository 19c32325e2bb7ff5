"""The keys of plans and scenarios as pages, read from the models that judge the files."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel

from sogdia.case.plan import Finance, Plan, ProjectChoice
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
    """Keys of a plan, of each project in it and of each payer."""
    parts = ((Plan, "A plan"), (ProjectChoice, "Each of `projects`"), (Finance, "Each of `finance`"))
    return "\n".join(f"### {title}\n\n{_summary(model)}\n\n{_keys(model)}\n" for model, title in parts)


def scenario_page() -> str:
    """Keys of a scenario and of every kind of shock."""
    pages = [f"### A scenario\n\n{_summary(Scenario)}\n\n{_keys(Scenario)}\n"]
    for shock in get_args(get_args(AnyShock)[0]):
        kind = shock.model_fields["kind"].default
        pages.append(f"### Shock: `{kind}`\n\n{_summary(shock)}\n\n{_keys(shock)}\n")
    return "\n".join(pages)


def _summary(model: type[BaseModel]) -> str:
    return _plain((inspect.getdoc(model) or "").split("\n\nAttributes:")[0])


def _keys(model: type[BaseModel]) -> str:
    """The table of keys: what each means, from the docstrings, and what it takes, from its type."""
    meanings: dict[str, str] = {"kind": "Which shock this is."}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel):
            meanings |= _attributes(base.__doc__ or "")
    schema = model.model_json_schema()
    lines = ["| key | takes | where not said | meaning |", "|:--|:--|:--|:--|"]
    keys = sorted(schema["properties"].items(), key=lambda item: item[0] != "kind")
    for name, told in keys:
        if name == "name":
            continue
        must = name in schema.get("required", ()) or "const" in told
        default = "must be said" if must else _default(told.get("default"))
        lines.append(f"| `{name}` | {_takes(told)} | {default} | {meanings[name]} |")
    return "\n".join(lines)


def _attributes(docstring: str) -> dict[str, str]:
    _, _, block = inspect.cleandoc(docstring).partition("Attributes:\n")
    found = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", block, re.MULTILINE)
    return {name: _plain(re.sub(r"\s+", " ", text)) for name, text in found}


def _plain(text: str) -> str:
    return text.replace("``", "`").replace("|", "\\|")


def _takes(told: Mapping[str, Any]) -> str:
    if "anyOf" in told:
        return _takes(next(item for item in told["anyOf"] if item.get("type") != "null"))
    if "const" in told:
        return f"`{told['const']}`"
    if "enum" in told:
        return "one of " + ", ".join(f"`{word}`" for word in told["enum"])
    if told.get("type") == "array":
        items = told["items"]
        if "enum" in items:
            return "list of " + ", ".join(f"`{word}`" for word in items["enum"])
        return "list of names" if items.get("type") == "string" else "list of records"
    limits = ", ".join(words.format(told[key]) for key, words in _LIMITS if key in told)
    return _WORDS[told["type"]] + (f", {limits}" if limits else "")


def _default(value: Any) -> str:
    if value is None or value in ("", [], ()):
        return "none"
    if isinstance(value, (list, tuple)):
        return ", ".join(f"`{item}`" for item in value)
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"
