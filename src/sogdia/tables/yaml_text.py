"""Read YAML as plain data, with the line of every key for error messages.

Aliases, anchors and tags of YAML are rejected: they can expand without bound or create objects. A bare
``no`` or ``on``, which YAML reads as a truth value, is an error too.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sogdia.errors import Fault, FaultsError
from sogdia.files import os_errors
from sogdia.names import has_override

KeyPath = tuple[str | int, ...]
"""Keys from the top of a file to a value; an item of a list is named by its number or its name."""
LARGEST_FILE = 2**20
DEEPEST = 20
YES_OR_NO = "tag:yaml.org,2002:bool"


def read_yaml(path: Path, name: str, label: str = "") -> tuple[dict[str, Any], dict[KeyPath, int]]:
    """Read a mapping of keys to values.

    Args:
        path: The file.
        name: Its name for messages.
        label: Key that names an item of a list, next to its number.

    Returns:
        The content, and the line of each key and item.

    Raises:
        FaultsError: If the file is not such YAML; it lists all errors.
        CannotRunError: If the file cannot be read.
    """
    text = _read_text(path, name)
    try:
        # The parser in C is many times as fast; the one in Python has the clearer messages.
        return _parsed(text, name, label, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except FaultsError:
        return _parsed(text, name, label, yaml.SafeLoader)


def _parsed(text: str, name: str, label: str, kind: Any) -> tuple[dict[str, Any], dict[KeyPath, int]]:
    lines: dict[KeyPath, int] = {}
    content: Any = None
    try:
        faults = list(_rejected_events(text, name, kind))
        if not faults:
            loader = kind(text)
            node = loader.get_single_node()
            faults.extend(_node_lines(node, (), lines, name, label))
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


def _node_lines(
    node: yaml.Node | None, at: KeyPath, lines: dict[KeyPath, int], name: str, label: str
) -> Iterator[Fault]:
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
            yield from _node_lines(value, (*at, word), lines, name, label)
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
            yield from _node_lines(value, (), item_lines, name, label)
            for key in (i, _name_of(value, label)):
                lines.update({(*at, key, *rest): line for rest, line in item_lines.items()})


def _name_of(item: yaml.Node, label: str) -> str:
    """Return the name of an item of a list: its own text, or the value of its label."""
    if isinstance(item, yaml.MappingNode):
        names = [str(value.value) for key, value in item.value if key.value == label]
        return names[0] if names else ""
    return str(item.value) if isinstance(item, yaml.ScalarNode) else ""
