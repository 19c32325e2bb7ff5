"""Plans and scenarios in YAML: those a region ships and those a user writes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from sogdia.case import shocks
from sogdia.case.model import KeyPath
from sogdia.case.plan import Finance, Plan, ProjectChoice, plan_faults
from sogdia.case.scenario import Scenario, scenario_faults
from sogdia.errors import CannotRunError, Fault, FaultsError, SogdiaError, UnknownNameError, did_you_mean
from sogdia.region import Region

LARGEST_FILE = 2**20
DEEPEST = 20
YES_OR_NO = "tag:yaml.org,2002:bool"
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
    whole, faults = _whole_plan(_find(plan, region, "plans"), region, ())
    if faults:
        raise FaultsError(faults)
    return whole


def load_scenario(scenario: str | Path, region: Region) -> Scenario:
    """A scenario by the name of one the region ships, or from a YAML file.

    Raises:
        FaultsError: If the file does not hold a scenario that fits the region; all faults at once.
        UnknownNameError: If there is no such scenario.
        CannotRunError: If the file cannot be read.
    """
    loaded, lines, name = load_yaml(_find(scenario, region, "scenarios"), Scenario)
    faults = _located(scenario_faults(loaded, region, name), lines)
    if faults:
        raise FaultsError(faults)
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


def _find(name: str | Path, region: Region, what: str, beside: Path = Path()) -> Path:
    own = shipped(region, what)
    if isinstance(name, str) and name in own:
        return own[name]
    path = beside / name
    with suppress(OSError):
        if path.is_file():
            return path
    if path.suffix in (".yaml", ".yml") or "/" in str(name):
        raise CannotRunError(f"{name}: no such file")
    raise UnknownNameError(what[:-1], str(name), own)


def _whole_plan(path: Path, region: Region, above: tuple[Path, ...]) -> tuple[Plan, list[Fault]]:
    """A plan with what it extends in it, and the faults of all their files.

    Args:
        path: The plan's file.
        region: The region it is made for.
        above: Files of the plans that extend this one.
    """
    own, lines, name = load_yaml(path, Plan)
    chain = (*above, path.resolve())
    bases: list[Plan] = []
    faults: list[Fault] = []
    for other in own.extends:
        line = _line_of(("extends", other), lines)
        try:
            there = _find(other, region, "plans", path.parent)
        except SogdiaError as error:
            faults.append(Fault(name, line, "extends", str(error), "", "name"))
            continue
        if there.resolve() in chain:
            problem = f"{' extends '.join((*(file.stem for file in chain), there.stem))}, which never ends"
            faults.append(Fault(name, line, "extends", problem, "take one of them out", "extends"))
            continue
        base, found = _whole_plan(there, region, chain)
        bases.append(base)
        faults.extend(found)
    whole, contested = _joined(own, bases if not faults else [])
    located = _located(plan_faults(whole, region, name), lines)
    for project in contested:
        problem = f"the plans it extends do not agree on {project}"
        fix = "name it here, under projects or without"
        located.append(Fault(name, _line_of(("extends",), lines), "extends", problem, fix, "extends"))
    return whole, [*faults, *located]


def _joined(own: Plan, bases: Sequence[Plan]) -> tuple[Plan, list[str]]:
    """A plan with its bases' choices and omissions under its own, and what the bases do not agree on."""
    decided = {choice.project for choice in own.projects} | set(own.without)
    said: dict[str, dict[str, ProjectChoice | None]] = {}
    for base in bases:
        for choice in base.projects:
            said.setdefault(choice.project, {}).setdefault(choice.digest, choice)
        for name in base.without:
            said.setdefault(name, {})[""] = None
    heard = {project: list(words.values()) for project, words in said.items() if project not in decided}
    contested = sorted(project for project, words in heard.items() if len(words) > 1)
    built = [words[0] for words in heard.values() if words[0] is not None]
    omitted = [project for project, words in heard.items() if words[0] is None]
    projects = tuple(sorted((*own.projects, *built), key=lambda choice: choice.project))
    changes = {"projects": projects, "without": tuple(sorted({*own.without, *omitted})), "extends": ()}
    return own.model_copy(update=changes), contested


def load_yaml(path: Path, model: type[M]) -> tuple[M, Mapping[KeyPath, int], str]:
    """A record from a YAML file, called as the file is, with the line of each key and the file's name.

    Args:
        path: The file.
        model: What it holds; ``name`` is one of its fields, and no key of the file.

    Raises:
        FaultsError: If the file does not hold one; all faults at once.
        CannotRunError: If the file cannot be read.
    """
    name = f"{path.parent.name}/{path.name}" if path.parent.name in ("plans", "scenarios") else path.name
    content, lines = _read_yaml(path, name)
    try:
        return model.model_validate({**content, "name": path.stem}), lines, name
    except ValidationError as error:
        raise FaultsError([_model_fault(item, model, name, lines) for item in error.errors()]) from error


def _read_yaml(path: Path, name: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    text = _read_text(path, name)
    lines: dict[KeyPath, int] = {}
    content: Any = None
    try:
        faults = list(_odd_events(text, name))
        if not faults:
            loader = yaml.SafeLoader(text)
            node = loader.get_single_node()
            faults.extend(_node_lines(node, (), lines, name))
            content = loader.construct_document(node) if node else None
    except RecursionError as error:
        raise FaultsError([Fault(name, None, None, "nested too deeply", "", "yaml")]) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        problem = f"not readable as YAML: {words}"
        line = mark.line + 1 if mark else None
        raise FaultsError([Fault(name, line, None, problem, "", "yaml")]) from error
    if not faults and not (isinstance(content, dict) and all(isinstance(key, str) for key in content)):
        faults.append(Fault(name, 1, None, "a mapping of keys to values is wanted", "", "yaml"))
    if not faults and "name" in content:
        fix = "delete it: a plan or scenario is called as its file is"
        faults.append(Fault(name, lines[("name",)], "name", "no such key", fix, "key"))
    if faults:
        raise FaultsError(faults)
    return content, lines


def _read_text(path: Path, name: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
    fault = None
    if len(data) > LARGEST_FILE:
        fault = Fault(name, None, None, "the file is larger than 1 MiB", "", "yaml")
    elif not data.strip():
        fault = Fault(name, None, None, "the file is empty", "", "yaml")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fault = fault or Fault(name, None, None, "not UTF-8 text", "save it as UTF-8", "encoding")
    if fault:
        raise FaultsError([fault])
    return text


def _odd_events(text: str, name: str) -> Iterator[Fault]:
    """What YAML allows and a plan has no use for: aliases, which can grow without end, and tags."""
    depth = 0
    for event in yaml.parse(text, yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            yield Fault(name, line, None, "nested too deeply", "", "yaml")
            return
        if getattr(event, "anchor", None):
            yield Fault(name, line, None, "anchors and aliases are not read", "write it out", "yaml")
        tag = getattr(event, "tag", None)
        if tag:
            yield Fault(name, line, None, f"the tag {tag} is not read", "write the bare value", "yaml")


def _node_lines(node: yaml.Node | None, at: KeyPath, lines: dict[KeyPath, int], name: str) -> Iterator[Fault]:
    """Note the line of each key and item; an item that is a name, or has one, is found by it too."""
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
    elif node.tag == YES_OR_NO:
        problem, fix = f"YAML reads {node.value} as yes or no", "no key takes that; put a word in quotes"
        yield Fault(name, lines[at], str(at[-1]) if at else None, problem, fix, "yaml")
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            here: dict[KeyPath, int] = {}
            yield from _node_lines(value, (), here, name)
            for label in (i, _label(value)):
                lines.update({(*at, label, *rest): line for rest, line in here.items()})


def _label(item: yaml.Node) -> str:
    """The name of an item of a list: its own text, or its project's."""
    if isinstance(item, yaml.MappingNode):
        names = [str(value.value) for key, value in item.value if key.value == "project"]
        return names[0] if names else ""
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""


def _line_of(at: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    for length in range(len(at), -1, -1):
        if at[:length] in lines:
            return lines[at[:length]]
    return None


def _model_fault(item: Any, model: type[BaseModel], name: str, lines: Mapping[KeyPath, int]) -> Fault:
    loc: KeyPath = item["loc"]
    in_shock = loc[:1] == ("shocks",) and len(loc) > 2
    at = (*loc[:2], *loc[3:]) if in_shock else loc
    line = _line_of(at, lines)
    field = next((part for part in reversed(at) if isinstance(part, str)), None)
    if item["type"] == "extra_forbidden":
        return Fault(name, line, field, "no such key", did_you_mean(str(field), _keys_at(loc, model)), "key")
    if item["type"] == "union_tag_invalid":
        kind = str(item["ctx"]["tag"])
        line = _line_of((*at, "kind"), lines)
        return Fault(name, line, "kind", f"no shock is called {kind!r}", did_you_mean(kind, _SHOCKS), "name")
    if item["type"] == "union_tag_not_found":
        return Fault(name, line, "kind", "the shock has no kind", did_you_mean("", _SHOCKS), "key")
    return Fault(name, line, field, item["msg"].removeprefix("Value error, "), "", "value")


def _keys_at(loc: KeyPath, model: type[BaseModel]) -> set[str]:
    """Keys that the record at ``loc`` may have."""
    if loc[0] == "shocks" and len(loc) > 2:
        return set(_SHOCKS[str(loc[2])].model_fields)
    if loc[0] == "projects" and len(loc) > 2:
        return set((Finance if "finance" in loc[:-1] else ProjectChoice).model_fields)
    found = model
    for part in loc[:-1]:
        if part in found.model_fields:
            found = next(_models_in(found.model_fields[str(part)].annotation), found)
    return set(found.model_fields) - ({"name"} if found is model else set())


def _models_in(kind: Any) -> Iterator[type[BaseModel]]:
    """Records that a type is made of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models_in(part)


def _located(found: Iterator[tuple[KeyPath, Fault]], lines: Mapping[KeyPath, int]) -> list[Fault]:
    return [replace(fault, line=_line_of(at, lines)) for at, fault in found]
