"""Plans and scenarios in YAML: those a region ships and those a user writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from sogdia.case import shocks
from sogdia.case.plan import Finance, Plan, ProjectChoice, plan_faults
from sogdia.case.scenario import Scenario, scenario_faults
from sogdia.errors import CannotRunError, Fault, FaultsError, UnknownNameError, did_you_mean
from sogdia.region import Region

LARGEST_FILE = 2**20
KeyPath = tuple[str | int, ...]
M = TypeVar("M", bound=BaseModel)

_SHOCKS = {
    str(kind.model_fields["kind"].default): kind
    for kind in vars(shocks).values()
    if isinstance(kind, type) and issubclass(kind, shocks.Shock) and "kind" in kind.model_fields
}
"""Kinds of shock, by the word a scenario names them with."""


def shipped(region: Region, what: str) -> dict[str, Path]:
    """Plans (``what = "plans"``) or scenarios of a region, by name."""
    return {path.stem: path for path in sorted((region.folder / what).glob("*.yaml"))}


def load_plan(plan: str | Path, region: Region) -> Plan:
    """A plan by the name of one the region ships, or from a YAML file, with what it extends in it.

    Raises:
        FaultsError: If the file does not hold a plan that fits the region; all faults at once.
        UnknownNameError: If there is no such plan.
        CannotRunError: If the file cannot be read.
    """
    path = _find(plan, region, "plans")
    loaded, lines, name = _load(path, Plan)
    whole = _extended(loaded, region, (path.stem,), path)
    _raise_located(plan_faults(whole, region, name), lines)
    return whole


def load_scenario(scenario: str | Path, region: Region) -> Scenario:
    """A scenario by the name of one the region ships, or from a YAML file.

    Raises:
        FaultsError: If the file does not hold a scenario that fits the region; all faults at once.
        UnknownNameError: If there is no such scenario.
        CannotRunError: If the file cannot be read.
    """
    loaded, lines, name = _load(_find(scenario, region, "scenarios"), Scenario)
    _raise_located(scenario_faults(loaded, region, name), lines)
    return loaded


def check_library(region: Region) -> list[Fault]:
    """Faults of every plan and scenario that a region ships."""
    faults: list[Fault] = []
    for what, load in (("plans", load_plan), ("scenarios", load_scenario)):
        for path in shipped(region, what).values():
            try:
                load(path, region)
            except FaultsError as error:
                faults.extend(error.faults)
            except UnknownNameError as error:
                faults.append(Fault(f"{what}/{path.name}", None, None, str(error), "", "name"))
    return faults


def _find(name: str | Path, region: Region, what: str) -> Path:
    own = shipped(region, what)
    if isinstance(name, str) and name in own:
        return own[name]
    path = Path(name)
    if path.is_file():
        return path
    if path.suffix in (".yaml", ".yml") or "/" in str(name):
        raise CannotRunError(f"{name}: no such file")
    raise UnknownNameError(what[:-1], str(name), own)


def _extended(plan: Plan, region: Region, seen: tuple[str, ...], path: Path) -> Plan:
    """The plan with the projects of those it extends; its own choices and omissions come first."""
    choices = {}
    for name in plan.extends:
        if name in seen:
            problem = f"{' extends '.join((*seen, name))}: a plan cannot extend itself"
            raise FaultsError([Fault(path.name, None, "extends", problem, "", "extends")])
        base = _extended(_load(_find(name, region, "plans"), Plan)[0], region, (*seen, name), path)
        choices.update({choice.project: choice for choice in base.projects})
    choices.update({choice.project: choice for choice in plan.projects})
    kept = [choice for name, choice in choices.items() if name not in plan.without]
    return plan.model_copy(update={"projects": tuple(sorted(kept, key=lambda c: c.project)), "extends": ()})


def _load(path: Path, model: type[M]) -> tuple[M, Mapping[KeyPath, int], str]:
    name = f"{path.parent.name}/{path.name}" if path.parent.name in ("plans", "scenarios") else path.name
    content, lines = _read_yaml(path, name)
    try:
        return model.model_validate({**content, "name": path.stem}), lines, name
    except ValidationError as error:
        raise FaultsError([_model_fault(item, name, lines) for item in error.errors()]) from error


def _read_yaml(path: Path, name: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    if not data.strip():
        problem = (
            "the file is empty" if path.stat().st_size <= LARGEST_FILE else "the file is larger than 1 MiB"
        )
        raise FaultsError([Fault(name, None, None, problem, "", "yaml")])
    try:
        text = data.decode("utf-8-sig")
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader)):
            raise FaultsError(
                [Fault(name, None, None, "anchors and aliases are not read", "write it out", "yaml")]
            )
        node = yaml.compose(text, yaml.SafeLoader)
        lines: dict[KeyPath, int] = {}
        faults = list(_node_lines(node, (), lines, name))
        content = yaml.safe_load(text)
    except UnicodeDecodeError as error:
        raise FaultsError(
            [Fault(name, None, None, "not UTF-8 text", "save it as UTF-8", "encoding")]
        ) from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"not readable as YAML: {getattr(error, 'problem', None) or error}"
        raise FaultsError(
            [Fault(name, mark.line + 1 if mark else None, None, problem, "", "yaml")]
        ) from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        faults.append(Fault(name, 1, None, "a mapping of keys to values is wanted", "", "yaml"))
    if faults:
        raise FaultsError(faults)
    return content, lines


def _node_lines(node: yaml.Node | None, at: KeyPath, lines: dict[KeyPath, int], name: str) -> Iterator[Fault]:
    if node is None:
        return
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                yield Fault(name, key.start_mark.line + 1, word, "the key stands twice", "delete one", "yaml")
            seen.add(word)
            yield from _node_lines(value, (*at, word), lines, name)
            lines[(*at, word)] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            yield from _node_lines(value, (*at, i), lines, name)


def _line_of(at: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    for length in range(len(at), -1, -1):
        if at[:length] in lines:
            return lines[at[:length]]
    return None


def _model_fault(item: Any, name: str, lines: Mapping[KeyPath, int]) -> Fault:
    at: KeyPath = tuple(part for part in item["loc"] if part not in _SHOCKS)
    line = _line_of(at, lines)
    field = str(at[-1]) if at else None
    if item["type"] == "extra_forbidden":
        return Fault(name, line, field, "no such key", did_you_mean(str(field), _keys_at(item["loc"])), "key")
    if item["type"] == "union_tag_invalid":
        kind = str(item["ctx"]["tag"])
        return Fault(name, line, "kind", f"no shock is called {kind!r}", did_you_mean(kind, _SHOCKS), "name")
    if item["type"] == "union_tag_not_found":
        return Fault(name, line, "kind", "the shock has no kind", did_you_mean("", _SHOCKS), "key")
    return Fault(name, line, field, item["msg"].removeprefix("Value error, "), "", "value")


def _keys_at(loc: KeyPath) -> set[str]:
    """Keys that the record at ``loc`` may have."""
    kinds = [_SHOCKS[part] for part in loc if isinstance(part, str) and part in _SHOCKS]
    if kinds:
        return set(kinds[-1].model_fields)
    if "finance" in loc:
        return set(Finance.model_fields)
    if "projects" in loc and len(loc) > 1:
        return set(ProjectChoice.model_fields)
    return (set(Plan.model_fields) | set(Scenario.model_fields)) - {"name"}


def _raise_located(found: Iterator[tuple[KeyPath, Fault]], lines: Mapping[KeyPath, int]) -> None:
    faults = [
        Fault(fault.file, _line_of(at, lines), fault.field, fault.problem, fault.mend, fault.kind)
        for at, fault in found
    ]
    if faults:
        raise FaultsError(faults)
