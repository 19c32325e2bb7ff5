"""Plans and scenarios of the workbench: those that the region ships, and those saved in the store's folder.

A saved one is a YAML file ``STORE/plans/NAME.yaml`` or ``STORE/scenarios/NAME.yaml``, as the command line
takes it. A request names it by NAME alone: no path comes from outside. A plan may extend shipped plans and
saved ones (``NAME.yaml``), and no other file.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from sogdia.case import Plan, Scenario, load_plan, load_scenario
from sogdia.case.model import Model
from sogdia.case.new_projects import with_new_projects
from sogdia.errors import CannotRunError, Fault, FaultsError, InputError, SogdiaError, UnknownNameError
from sogdia.files import scratch_folder, write_file
from sogdia.region import Region
from sogdia.tables.yaml_text import DEEPEST, LARGEST_FILE, read_yaml
from sogdia.web.workbench import Workbench

Kind = Literal["plans", "scenarios"]
NAME_PATTERN: Final = r"^[a-z0-9][a-z0-9_]{0,59}$"
"""Names under which the workbench saves: the stem of a file on any system."""
SUFFIX: Final = ".yaml"
MOST_SAVED: Final = 500
WIDTH: Final = 100
LOADERS: Final[Mapping[Kind, Callable[[Path | str, Region], Model]]] = {
    "plans": load_plan,
    "scenarios": load_scenario,
}


@dataclass(frozen=True)
class Entry:
    """A plan or scenario of the library.

    Attributes:
        name: Its name.
        path: Its file.
        is_saved: True if it was saved here; false if the region ships it.
    """

    name: str
    path: Path
    is_saved: bool


@dataclass(frozen=True)
class Checked:
    """A plan or scenario as text, checked against the region.

    Attributes:
        name: Its name.
        text: The YAML.
        content: The keys of the YAML, before plans that it extends are merged; empty if it is not YAML.
        record: The plan or scenario; ``None`` if there are errors.
        faults: All errors.
    """

    name: str
    text: str
    content: Mapping[str, Any] = field(default_factory=dict)
    record: Model | None = None
    faults: tuple[Fault, ...] = ()


def shipped_files(region: Region, kind: Kind) -> Mapping[str, Path]:
    """Return the files of plans or scenarios that a region ships, by name."""
    return region.plans if kind == "plans" else region.scenarios


def entries(bench: Workbench, kind: Kind) -> Iterator[Entry]:
    """Yield saved plans or scenarios, then those that the region ships, each sorted by name."""
    yield from (Entry(path.stem, path, is_saved=True) for path in _saved(bench, kind))
    yield from (Entry(name, path, is_saved=False) for name, path in shipped_files(bench.region, kind).items())


def find_entry(bench: Workbench, kind: Kind, name: str) -> Entry:
    """Return a plan or scenario by its name.

    Raises:
        UnknownNameError: If there is none of the name.
    """
    found = {entry.name: entry for entry in entries(bench, kind)}
    if name not in found:
        raise UnknownNameError(kind.removesuffix("s"), name, found)
    return found[name]


def source_of(bench: Workbench, kind: Kind, name: str) -> str:
    """Return what a command takes for a plan or scenario: the name of a shipped one, else its path.

    Raises:
        UnknownNameError: If there is none of the name.
    """
    entry = find_entry(bench, kind, name)
    return str(entry.path) if entry.is_saved else entry.name


def write_yaml(content: Mapping[str, Any]) -> str:
    """Write the keys of a plan or scenario as YAML.

    Raises:
        InputError: If the content is nested too deeply.
    """
    _check_depth(content, DEEPEST)
    return yaml.safe_dump(dict(content), sort_keys=False, allow_unicode=True, width=WIDTH)


def check_text(bench: Workbench, kind: Kind, name: str, text: str) -> Checked:
    """Check the YAML of a plan or scenario by the rules of the command line.

    Args:
        bench: State of the server.
        kind: Plans or scenarios.
        name: Its name.
        text: The YAML.

    Returns:
        The record, or all errors.
    """
    data = text.encode(errors="replace")
    file = f"{kind}/{name}{SUFFIX}"
    if len(data) > LARGEST_FILE:
        return Checked(
            name, "", faults=(Fault(file, None, None, "the text is larger than 1 MiB", "", "yaml"),)
        )
    with scratch_folder() as scratch:
        path = scratch / kind / f"{name}{SUFFIX}"
        path.parent.mkdir()
        path.write_bytes(data)
        try:
            content, lines = read_yaml(path, file, "project")
            if has_lone_surrogate(content):
                fault = Fault(
                    file, None, None, "a text has half a character", "delete the escape \\uD…", "yaml"
                )
                return Checked(name, text, faults=(fault,))
            _copy_extended(bench, content, lines, path)
            record = LOADERS[kind](path, bench.region)
        except FaultsError as error:
            return Checked(name, text, _content(path, file), faults=error.faults)
        except SogdiaError as error:
            return Checked(name, text, faults=(Fault(file, None, None, str(error), "", "name"),))
    return Checked(name, text, content, record)


def open_entry(bench: Workbench, kind: Kind, name: str) -> Checked:
    """Read and check a plan or scenario of the library.

    Raises:
        UnknownNameError: If there is none of the name.
        CannotRunError: If its file cannot be read.
    """
    entry = find_entry(bench, kind, name)
    try:
        text = entry.path.read_bytes()[: LARGEST_FILE + 1].decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise CannotRunError(f"{entry.path.name}: {error.strerror}") from error
    return check_text(bench, kind, name, text)


def save_text(bench: Workbench, kind: Kind, name: str, text: str) -> Checked:
    """Save a plan or scenario, unless it has errors.

    Raises:
        FaultsError: If it has errors; all are listed.
        InputError: If the region ships one of the name, or too many are saved.
        CannotRunError: If it cannot be written.
    """
    if name in shipped_files(bench.region, kind):
        raise InputError(f"the region ships {name}; save it under another name")
    checked = check_text(bench, kind, name, text)
    if checked.faults:
        raise FaultsError(checked.faults)
    saved = _saved(bench, kind)
    if len(saved) >= MOST_SAVED and name not in {path.stem for path in saved}:
        raise InputError(f"{MOST_SAVED} {kind} are saved; delete one first")
    folder = _folder(bench, kind)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CannotRunError(f"{folder}: {error.strerror}") from error
    write_file(folder / f"{name}{SUFFIX}", text)
    return checked


def delete_entry(bench: Workbench, kind: Kind, name: str) -> None:
    """Delete a saved plan or scenario.

    Raises:
        UnknownNameError: If there is none of the name.
        InputError: If the region ships it.
        CannotRunError: If it cannot be deleted.
    """
    entry = find_entry(bench, kind, name)
    if not entry.is_saved:
        raise InputError(f"the region ships {name}; only saved {kind} can be deleted")
    try:
        entry.path.unlink(missing_ok=True)
    except OSError as error:
        raise CannotRunError(f"{entry.path.name}: {error.strerror}") from error


def region_with(bench: Workbench, *plans: Plan) -> Region:
    """Return the region with the rows that plans state themselves."""
    return with_new_projects(bench.region, *plans)


def plan_of(bench: Workbench, name: str) -> Plan:
    """Load a plan of the library.

    Raises:
        UnknownNameError: If there is none of the name.
        FaultsError: If it has errors.
    """
    return load_plan(_path_or_name(bench, "plans", name), bench.region)


def scenario_of(bench: Workbench, name: str) -> Scenario:
    """Load a scenario of the library.

    Raises:
        UnknownNameError: If there is none of the name.
        FaultsError: If it has errors.
    """
    return load_scenario(_path_or_name(bench, "scenarios", name), bench.region)


def _path_or_name(bench: Workbench, kind: Kind, name: str) -> Path | str:
    entry = find_entry(bench, kind, name)
    return entry.path if entry.is_saved else entry.name


def _folder(bench: Workbench, kind: Kind) -> Path:
    return bench.settings.store / kind


def _saved(bench: Workbench, kind: Kind) -> list[Path]:
    folder = _folder(bench, kind)
    shipped = shipped_files(bench.region, kind)
    found = folder.glob(f"*{SUFFIX}") if folder.is_dir() else ()
    return sorted(
        path
        for path in found
        if re.match(NAME_PATTERN, path.stem) and path.is_file() and path.stem not in shipped
    )


def _content(path: Path, file: str) -> Mapping[str, Any]:
    """Return the keys of a file that has errors; none if it is not YAML."""
    try:
        return read_yaml(path, file, "project")[0]
    except FaultsError:
        return {}


def _copy_extended(
    bench: Workbench, content: Mapping[str, Any], lines: Mapping[Any, int], path: Path
) -> None:
    """Copy the saved plans that a draft extends next to it; refuse every other file.

    Raises:
        FaultsError: If the draft names a file that is neither a shipped nor a saved plan.
    """
    named = content.get("extends")
    requested = [name for name in named if isinstance(name, str)] if isinstance(named, list) else []
    saved = {file.name: file for file in _saved(bench, "plans")}
    shipped = shipped_files(bench.region, "plans")
    faults = [
        Fault(
            f"plans/{path.name}", lines.get(("extends", name)), "extends",
            f"neither a plan of the region nor a saved one is called {name!r}",
            "write the name of a shipped plan, or NAME.yaml of a saved one", "name",
        )
        for name in requested
        if name not in shipped and name not in saved
    ]  # fmt: skip
    if faults:
        raise FaultsError(faults)
    for name in requested:
        target = path.parent / name
        if name in saved and not target.exists():
            shutil.copyfile(saved[name], target)
            inner, inner_lines = read_yaml(target, f"plans/{name}", "project")
            _copy_extended(bench, inner, inner_lines, target)


def has_lone_surrogate(content: Any) -> bool:
    """Check whether a text in content has half a character, which neither UTF-8 nor JSON can carry."""
    if isinstance(content, str):
        return any("\ud800" <= sign <= "\udfff" for sign in content)
    if isinstance(content, Mapping):
        return any(has_lone_surrogate(each) for pair in content.items() for each in pair)
    return isinstance(content, list) and any(map(has_lone_surrogate, content))


def _check_depth(content: Any, left: int) -> None:
    """Check that content is not nested too deeply to be written.

    Raises:
        InputError: If it is.
    """
    if left < 0:
        raise InputError("the content is nested too deeply")
    children = content.values() if isinstance(content, Mapping) else content
    if isinstance(content, list | tuple | Mapping):
        for child in children:
            _check_depth(child, left - 1)
