"""Read records from YAML files, with the line of every key for error messages.

Aliases, anchors and tags of YAML are rejected: they can expand without bound or create objects. A bare
``no`` or ``on``, which YAML reads as a truth value, is an error too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from sogdia.case import shocks
from sogdia.case.model import KeyPath
from sogdia.case.plan import FORMER_KEYS, Finance, NewProject, ProjectChoice
from sogdia.errors import Fault, FaultsError, did_you_mean, nearest
from sogdia.files import os_errors
from sogdia.model_errors import problem_of
from sogdia.names import has_override

LARGEST_FILE = 2**20
DEEPEST = 20
YES_OR_NO = "tag:yaml.org,2002:bool"
M = TypeVar("M", bound=BaseModel)

SHOCKS = {
    str(kind.model_fields["kind"].default): kind
    for kind in vars(shocks).values()
    if isinstance(kind, type) and issubclass(kind, shocks.Shock) and "kind" in kind.model_fields
}
"""Kinds of shock, by their name in a scenario."""


def load_yaml(path: Path, model: type[M]) -> tuple[M, Mapping[KeyPath, int], str]:
    """Load a record from a YAML file.

    Args:
        path: The file; its stem becomes the record's ``name``.
        model: Type of the record; ``name`` is one of its fields, and not a key of the file.

    Returns:
        The record, the line of each key, and the file's name for messages.

    Raises:
        FaultsError: If the file is not such a record; it lists all errors.
        CannotRunError: If the file cannot be read.
    """
    name = f"{path.parent.name}/{path.name}" if path.parent.name in ("plans", "scenarios") else path.name
    if not path.stem.isprintable():
        problem = f"the name {path.stem!r} has invisible characters or a line break"
        raise FaultsError([Fault(ascii(name), None, None, problem, "rename the file", "name")])
    content, lines = _read_yaml(path, name)
    try:
        return model.model_validate({**content, "name": path.stem}), lines, name
    except ValidationError as error:
        raise FaultsError([_model_fault(item, model, name, lines) for item in error.errors()]) from error


def line_of(at: KeyPath, lines: Mapping[KeyPath, int]) -> int | None:
    """Return the line of a key path, or of its nearest ancestor in the file."""
    written = (written_key(at[0], lines), *at[1:]) if at and isinstance(at[0], str) else at
    for length in range(len(written), -1, -1):
        if written[:length] in lines:
            return lines[written[:length]]
    return None


def written_key(key: str, lines: Mapping[KeyPath, int]) -> str:
    """Return a top-level key as the file writes it: under its name, or a former name."""
    for former, name in FORMER_KEYS.items():
        if key == name and (former,) in lines:
            return former
    return key


def _read_yaml(path: Path, name: str) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    text = _read_text(path, name)
    try:
        # The parser in C is many times as fast; the one in Python has the clearer messages.
        return _parsed(text, name, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FaultsError:
        return _parsed(text, name, yaml.SafeLoader)


def _parsed(text: str, name: str, kind: Any) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    lines: dict[KeyPath, int] = {}
    content: Any = None
    try:
        faults = list(_rejected_events(text, name, kind))
        if not faults:
            loader = kind(text)
            node = loader.get_single_node()
            faults.extend(_node_lines(node, (), lines, name))
            content = loader.construct_document(node) if node else None
    except RecursionError as error:
        raise FaultsError([Fault(name, None, None, "nested too deeply", "", "yaml")]) from error
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        words = getattr(error, "problem", None) or getattr(error, "reason", None) or error
        line = mark.line + 1 if mark else None
        raise FaultsError([Fault(name, line, None, f"not readable as YAML: {words}", "", "yaml")]) from error
    if not faults and not (isinstance(content, dict) and all(isinstance(key, str) for key in content)):
        faults.append(Fault(name, 1, None, "not a mapping of keys to values", "", "yaml"))
    if not faults and "name" in content:
        fix = "delete it: the name of a plan or scenario is that of its file"
        faults.append(Fault(name, lines[("name",)], "name", "no such key", fix, "key"))
    if faults:
        raise FaultsError(faults)
    return content, lines


def _read_text(path: Path, name: str) -> str:
    with os_errors(path), path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
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


def _rejected_events(text: str, name: str, kind: Any) -> Iterator[Fault]:
    """Yield what YAML allows and a plan does not need: aliases, tags, deep nesting."""
    depth = 0
    for event in yaml.parse(text, kind):
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
    """Record the line of each key and item; an item is also recorded under its name, if it has one."""
    if node is None:
        return
    lines[at] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            word = str(key.value)
            if word in seen:
                line = key.start_mark.line + 1
                yield Fault(name, line, word, "the key is given twice", "delete one", "yaml")
            seen.add(word)
            yield from _node_lines(value, (*at, word), lines, name)
            lines[(*at, word)] = key.start_mark.line + 1
    elif has_override(str(node.value)):
        problem, fix = f"{node.value[:40]!r} has marks of writing direction", "delete them"
        yield Fault(name, lines[at], str(at[-1]) if at else None, problem, fix, "yaml")
    elif at[-1:] == ("title",) and len(str(node.value).splitlines()) > 1:
        problem = f"{node.value[:40]!r} has a line break"
        yield Fault(name, lines[at], "title", problem, "write it on one line", "yaml")
    elif node.tag == YES_OR_NO:
        problem, fix = f"YAML reads {node.value} as yes or no", "no key takes that; put a word in quotes"
        yield Fault(name, lines[at], str(at[-1]) if at else None, problem, fix, "yaml")
    elif isinstance(node, yaml.SequenceNode):
        for i, value in enumerate(node.value):
            item_lines: dict[KeyPath, int] = {}
            yield from _node_lines(value, (), item_lines, name)
            for label in (i, _label(value)):
                lines.update({(*at, label, *rest): line for rest, line in item_lines.items()})


def _label(item: yaml.Node) -> str:
    """Return the name of an item of a list: its own text, or its project."""
    if isinstance(item, yaml.MappingNode):
        names = [str(value.value) for key, value in item.value if key.value == "project"]
        return names[0] if names else ""
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""


def _model_fault(item: Any, model: type[BaseModel], name: str, lines: Mapping[KeyPath, int]) -> Fault:
    loc: KeyPath = item["loc"]
    in_shock = loc[:1] == ("shocks",) and len(loc) > 2
    at = (*loc[:2], *loc[3:]) if in_shock else loc
    line = line_of(at, lines)
    field = next((part for part in reversed(at) if isinstance(part, str)), None)
    if item["type"] == "extra_forbidden":
        if len(loc) == 1 and field in FORMER_KEYS and FORMER_KEYS[field] in model.model_fields:
            current = FORMER_KEYS[field]
            return Fault(name, line, field, f"the same key as {current}", f"keep {current}", "key")
        return Fault(name, line, field, "no such key", _key_hint(str(field), _keys_at(loc, model)), "key")
    if item["type"] == "union_tag_invalid":
        kind = str(item["ctx"]["tag"])
        line = line_of((*at, "kind"), lines)
        return Fault(name, line, "kind", f"no shock is called {kind!r}", did_you_mean(kind, SHOCKS), "name")
    if item["type"] == "union_tag_not_found":
        return Fault(name, line, "kind", "the shock has no kind", did_you_mean("", SHOCKS), "key")
    return Fault(name, line, written_key(field, lines) if field else None, problem_of(item), "", "value")


def _key_hint(key: str, keys: set[str]) -> str:
    """Suggest the nearest key; a former name is suggested only if it is near."""
    former = {old for old, name in FORMER_KEYS.items() if name in keys}
    return did_you_mean(key, keys | former if nearest(key, former) else keys)


def _keys_at(loc: KeyPath, model: type[BaseModel]) -> set[str]:
    """Return the keys that the record at ``loc`` may have."""
    if loc[0] == "shocks" and len(loc) > 2:
        return set(SHOCKS[str(loc[2])].model_fields)
    if loc[0] == "projects" and len(loc) > 2:
        record = Finance if "finance" in loc[:-1] else NewProject if "new" in loc[:-1] else ProjectChoice
        return set(record.model_fields)
    owner = model
    for part in loc[:-1]:
        if part in owner.model_fields:
            owner = next(_models_in(owner.model_fields[str(part)].annotation), owner)
    written = {name for name, field in owner.model_fields.items() if not field.exclude}
    return written - ({"name"} if owner is model else set())


def _models_in(kind: Any) -> Iterator[type[BaseModel]]:
    """Yield the records that a type consists of."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        yield kind
    for part in get_args(kind):
        yield from _models_in(part)
