"""JSON on standard output, and folders for results."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

from sogdia.cli.terminal import has_all_letters

MOST_NOTES = 20
"""Notes on what changes nothing that are printed."""


def records(table: Any) -> list[dict[str, Any]]:
    """Return a data frame as plain rows; a number that is not finite becomes ``None``."""
    return [{str(name): plain(cell) for name, cell in row.items()} for row in table.to_dict("records")]


def plain(value: Any) -> Any:
    """Return a cell as JSON has it: finite numbers with all their digits, dates as text."""
    if isinstance(value, str | bool | int) or value is None:
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if hasattr(value, "isoformat"):
        return value.isoformat() if value == value else None
    return plain(value.item()) if hasattr(value, "item") else str(value)


def print_json(content: Any) -> None:
    """Print plain data as JSON, without NaN or infinity."""
    # Where the stream lacks letters they are escaped, so that no other program reads changed names.
    plain = not has_all_letters()
    typer.echo(json.dumps(content, ensure_ascii=plain, indent=2, allow_nan=False))


def check_folder(out: Path | None) -> None:
    """Check before a computation that its result can be written.

    Raises:
        CannotRunError: If it is a file, or cannot be written.
    """
    if out is not None:
        from sogdia.files import writable_folder

        writable_folder(out)


def note_unused(*cases: Any) -> None:
    """Print a note on standard error on each project or shock that changes nothing, once for all cases.

    Args:
        cases: Cases, or other objects with ``plan``, ``scenario``, ``region`` and ``year``.
    """
    from sogdia.case import idle_remarks, plan_remarks, shock_remarks, with_new_projects

    notes: list[str] = []
    for case in cases:
        notes += plan_remarks(case.plan, case.region, case.year)
        opened = case.scenario.projects_as_plan
        region = with_new_projects(case.region, opened)
        notes += plan_remarks(opened, region, case.year, of="scenario")
        notes += shock_remarks(case.scenario)
        notes += idle_remarks(case.region, case.plan, case.scenario)
    each_once = list(dict.fromkeys(notes))
    for remark in each_once[:MOST_NOTES]:
        print_note(remark)
    if len(each_once) > MOST_NOTES:
        print_note(f"and {len(each_once) - MOST_NOTES:,} more notes of this kind")


def print_note(text: str) -> None:
    """Print a note on standard error."""
    typer.echo(f"sogdia: note: {text}", err=True)


@contextmanager
def showing(text: str, *, show: bool) -> Iterator[None]:
    """Show that a computation of one step runs: a bar on a terminal, else lines after two seconds."""
    from sogdia.api.progress import Progress

    with Progress(1, show) as progress:
        progress.stage(text)
        yield


FIRST_KERNELS = {
    "paths": ("sogdia.assignment.kernels.trees", "new_labels"),
    "given paths": ("sogdia.assignment.kernels.logit", "load"),
    "bushes": ("sogdia.assignment.kernels.bush", "initialise_bushes"),
    "trade": ("sogdia.trade.kernels.equilibrium", "evaluate"),
}
"""Module and name of a kernel that each kind of computation calls."""


def note_compiling(kind: str = "paths") -> None:
    """Print a note on standard error if the kernels are to be compiled before the first figure.

    Args:
        kind: Kind of computation; for that with generated paths another process compiles some of the kernels.
    """
    module, name = FIRST_KERNELS[kind]
    try:
        kernel = getattr(import_module(module), name)
    except ImportError:
        return  # the command itself names the missing extra
    from sogdia.numerics.compiled import is_compiled

    if not is_compiled(kernel):
        print_note("first start: the kernels are compiled, which takes up to a minute")
        if kind == "paths":
            from sogdia.assignment.compiled_ahead import start_compiling

            start_compiling()
