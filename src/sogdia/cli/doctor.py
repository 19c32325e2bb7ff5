"""``sogdia doctor``: what works on this machine, and why other parts do not."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import typer

from sogdia.cli.commands import NEEDED
from sogdia.cli.options import JsonOption
from sogdia.cli.output import print_json

FREE_MB = 500.0
"""Free space below which a study may not finish."""
LEAST_WIDTH = 80


@dataclass(frozen=True)
class Check:
    """One part of the installation.

    Attributes:
        part: Kind of part: environment, extra or command.
        name: Its name.
        works: Whether it works.
        note: Details; the reason and a suggested fix if it does not work.
    """

    part: str
    name: str
    works: bool
    note: str = ""


def doctor(as_json: JsonOption = False) -> None:
    """List what works on this machine, and for other parts the reason and the line that installs them.

    Every optional library is imported and a page is printed to PDF, which takes some seconds.
    Exit code 0, whatever is missing.
    """
    checks = [*_environment(), *_extras(), *_commands()]
    if as_json:
        print_json([asdict(check) for check in checks])
        return
    part = ""
    for check in checks:
        if check.part != part:
            part = check.part
            typer.echo(f"{part}:")
        state = "works  " if check.works else "missing"
        typer.echo(f"  {state}  {check.name}" + (f": {check.note}" if check.note else ""))


def _environment() -> Iterator[Check]:
    import platform

    import sogdia
    from sogdia.region.stamp import cache_folder
    from sogdia.runs.locations import default_store

    yield Check("environment", "sogdia", True, f"{sogdia.__version__} in {Path(sogdia.__file__).parent}")
    yield Check("environment", "Python", True, f"{platform.python_version()} on {platform.platform()}")
    yield _folder("store of runs", default_store, "SOGDIA_STORE")
    yield _folder("cache", cache_folder, "SOGDIA_CACHE")
    yield _temporary()
    yield _kernels()
    yield _terminal()
    yield _pdf()


def _folder(name: str, place: Callable[[], Path], variable: str) -> Check:
    from sogdia.errors import CannotRunError
    from sogdia.files import writable_folder

    try:
        return Check("environment", name, True, str(writable_folder(place())))
    except CannotRunError as error:
        fix = "" if variable in str(error) else f"; set {variable} to a folder that can be written"
        return Check("environment", name, False, f"{error}{fix}")


def _temporary() -> Check:
    import shutil
    import tempfile

    try:
        place = tempfile.gettempdir()
        free = shutil.disk_usage(place).free / 1e6
    except OSError as error:
        return Check("environment", "temporary files", False, f"{error}; set TMPDIR to a folder with room")
    note = f"{place}, {free:,.0f} MB free"
    if free < FREE_MB:
        return Check("environment", "temporary files", False, f"{note}; make room, or set TMPDIR")
    return Check("environment", "temporary files", True, note)


def _kernels() -> Check:
    from sogdia.numerics.compiled import CACHED

    if CACHED:
        return Check("environment", "cache of compiled code", True)
    note = "no folder for it can be written, so each start compiles again; set NUMBA_CACHE_DIR"
    return Check("environment", "cache of compiled code", False, note)


def _terminal() -> Check:
    import shutil
    import sys

    from sogdia.cli.terminal import has_all_letters

    encoding, width = getattr(sys.stdout, "encoding", "none"), shutil.get_terminal_size().columns
    notes = [f"{encoding}, {width} columns"]
    if not has_all_letters():
        notes.append("letters that it lacks are shown as plain ones; set PYTHONIOENCODING=utf-8")
    if width < LEAST_WIDTH:
        notes.append("tables continue in further blocks")
    return Check("environment", "terminal", True, "; ".join(notes))


def _pdf() -> Check:
    from sogdia.files import scratch_folder
    from sogdia.report.pdf import write_pdf

    with scratch_folder() as folder:
        reason = write_pdf("<!DOCTYPE html><title>Page</title><p>Page.</p>", folder / "page.pdf")
    return Check("environment", "PDF of a brief", not reason, reason)


BROKEN = (ImportError, OSError, RuntimeError, AttributeError, TypeError, ValueError, SystemError)
"""Errors with which the import of a damaged or incompatible library fails."""


def _extras() -> Iterator[Check]:
    from importlib import import_module
    from importlib.metadata import PackageNotFoundError, version

    from sogdia.extras import LIBRARIES, install_message, missing_libraries

    for extra, libraries in LIBRARIES.items():
        missing = missing_libraries(extra)
        if missing:
            yield Check("extras", extra, False, install_message("it", [extra], missing))
            continue
        notes, works = [], True
        for library in libraries:
            try:
                module = import_module(library)
            except BROKEN as error:
                works = False
                notes.append(f"{library} is installed and cannot be imported ({error}); install it again")
                continue
            try:
                notes.append(f"{library} {getattr(module, '__version__', None) or version(library)}")
            except PackageNotFoundError:
                notes.append(library)
        yield Check("extras", extra, works, ", ".join(notes))


def _commands() -> Iterator[Check]:
    from sogdia.extras import install_message, missing_libraries

    for command, extras in sorted(NEEDED.items()):
        lacking = {extra: names for extra in extras if (names := missing_libraries(extra))}
        libraries = list(dict.fromkeys(name for names in lacking.values() for name in names))
        note = install_message("it", list(lacking), libraries) if lacking else ""
        yield Check("commands", command, not lacking, note)
