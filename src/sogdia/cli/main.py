"""The commands. Each imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import errno
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from sogdia.cli import calibrate, ledger, region, runs
from sogdia.cli.assign import assign
from sogdia.cli.brief import brief
from sogdia.cli.commands import Command
from sogdia.cli.counterfactual import counterfactual
from sogdia.cli.dependence import dependence
from sogdia.cli.doctor import doctor
from sogdia.cli.ensemble import ensemble
from sogdia.cli.examples import examples
from sogdia.cli.export import export
from sogdia.cli.freight import freight
from sogdia.cli.gravity import gravity
from sogdia.cli.plan_from import plan_from
from sogdia.cli.portfolio import portfolio
from sogdia.cli.power import power
from sogdia.cli.project_values import project_values
from sogdia.cli.read import read
from sogdia.cli.serve import serve
from sogdia.cli.terminal import flush_output, prepare_environment, prepare_streams
from sogdia.cli.tidy import tidy
from sogdia.cli.trade import RegionalTrade, trade
from sogdia.cli.validate import validate
from sogdia.errors import CannotRunError, InputError, SogdiaError, clip
from sogdia.extras import extra_of, install_message

ERRORS, CANNOT_RUN, STOPPED = 1, 2, 130
SYSTEM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
"""Errors of a disk or stream that may occur anywhere, and are no mistake of ours."""
PATHS = {errno.ENAMETOOLONG, errno.ELOOP}
"""Errors of a path that the user typed, which any look at it may raise."""
LOG = "--log"

app = typer.Typer(
    name="sogdia",
    help="Planning laboratory for regional connectivity: effects of a plan on freight, trade, electricity "
    "and debt, and on dependence on outside partners.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(is_given: bool) -> None:
    if is_given:
        import sogdia

        typer.echo(sogdia.__version__)
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", help="Print the version.", callback=_print_version, is_eager=True)
]
LogOption = Annotated[
    Path | None, typer.Option(LOG, help="File that messages of libraries are added to. Default: none.")
]


@app.callback()
def options(version: VersionOption = False, log: LogOption = None) -> None:  # noqa: ARG001 (its callback)
    """Options before or after any command."""
    if log is not None:
        from sogdia.logs import log_to_file

        log_to_file(log)


@app.command(cls=Command)
def version() -> None:
    """Print the version."""
    import sogdia

    typer.echo(sogdia.__version__)


def _add(panel: str, *commands: Callable[..., None]) -> None:
    """Add commands under a heading of the help."""
    for command in commands:
        app.command(cls=Command, rich_help_panel=panel)(command)


_add("Announcements", brief, read, plan_from)
app.add_typer(ledger.app, name="ledger", rich_help_panel="Announcements")
_add("Models", freight)
app.command(cls=RegionalTrade, rich_help_panel="Models")(trade)
_add("Models", power, dependence, counterfactual, gravity, assign)
app.command(cls=Command, name="partners", help="Alias of dependence.", rich_help_panel="Models")(dependence)
app.add_typer(calibrate.app, name="calibrate", rich_help_panel="Models")
_add("Models", validate)
_add("Studies", runs.run, ensemble, project_values, portfolio, runs.status, runs.compare, runs.rm, export)
app.command(
    cls=Command,
    name="resume",
    help="Alias of run: computes the runs that the store lacks.",
    rich_help_panel="Studies",
)(runs.run)
_add(
    "Regions", region.ls, region.case, region.check, region.describe, region.new_region, region.refresh, tidy
)
_add("Workbench", serve)
_add("Installation", doctor, examples)


def main() -> None:
    """Run the command line; an error in the input becomes a message and an exit code."""
    prepare_streams()
    prepare_environment()
    try:
        try:
            sys.argv[1:] = log_first(sys.argv[1:])
            _run()
        finally:
            flush_output()
    except CannotRunError as error:
        _fail(str(error), CANNOT_RUN)
    except SogdiaError as error:
        _fail(str(error), ERRORS)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        extra = extra_of(library)
        if extra is None:
            raise
        _fail(install_message("this command", [extra], [library]), CANNOT_RUN)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(CANNOT_RUN)
    except OSError as error:
        if error.errno in PATHS:
            _fail(f"{clip(str(error.filename))}: {error.strerror}", CANNOT_RUN)
        if error.errno not in SYSTEM:
            raise
        _fail(f"{error.filename or 'standard output'}: cannot be written: {error.strerror}", CANNOT_RUN)


def _fail(message: str, code: int) -> NoReturn:
    typer.echo(f"sogdia: {message}", err=True)
    sys.exit(code)


def log_first(words: list[str]) -> list[str]:
    """Return the words of the command line with the options for all commands in front.

    Raises:
        InputError: If the file is missing.
    """
    end = words.index("--") if "--" in words else len(words)
    first, rest, place = list[str](), list[str](), 0
    while place < end:
        word = words[place]
        count = 2 if word == LOG else 1
        if place + count > end:
            raise InputError(f"{LOG}: the file is missing; name one after it")
        chosen = first if word == LOG or word.startswith(f"{LOG}=") else rest
        chosen += words[place : place + count]
        place += count
    return [*first, *rest, *words[end:]]


def _run() -> None:
    """Run the command; report an interruption by Ctrl-C, also in compiled code."""
    try:
        app()
    except SystemExit as error:
        if error.code != STOPPED:
            raise
    except SystemError as error:
        # A kernel that returns while an interrupt is pending.
        if not isinstance(error.__cause__, KeyboardInterrupt):
            raise
    else:
        return
    typer.echo("sogdia: interrupted; finished runs are in the store", err=True)
    sys.exit(STOPPED)
