"""Read records from YAML files (:mod:`sogdia.tables.yaml_text`), with the line of every error."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from sogdia.case import shocks
from sogdia.case.plan import FORMER_KEYS, Finance, NewProject, ProjectChoice
from sogdia.errors import Fault, FaultsError, did_you_mean, nearest
from sogdia.model_errors import problem_of
from sogdia.tables.yaml_text import KeyPath, read_yaml

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
    content, lines = read_yaml(path, name, "project")
    if "name" in content:
        fix = "delete it: the name of a plan or scenario is that of its file"
        raise FaultsError([Fault(name, lines[("name",)], "name", "no such key", fix, "key")])
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
