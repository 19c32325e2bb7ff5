"""The commands. Each imports what it needs when it runs, so that ``--help`` is quick."""

from __future__ import annotations

import sys
from collections.abc import Callable

import typer

from sogdia.cli import calibrate, ledger, region, runs
from sogdia.cli.assign import assign
from sogdia.cli.brief import brief
from sogdia.cli.counterfactual import counterfactual
from sogdia.cli.dependence import dependence
from sogdia.cli.export import export
from sogdia.cli.freight import freight
from sogdia.cli.gravity import gravity
from sogdia.cli.plan_from import plan_from
from sogdia.cli.power import power
from sogdia.cli.read import read
from sogdia.cli.trade import RegionalTrade, trade
from sogdia.cli.validate import validate
from sogdia.errors import CannotRunError, SogdiaError

ERRORS, CANNOT_RUN, STOPPED = 1, 2, 130

app = typer.Typer(
    name="sogdia",
    help="Planning laboratory for regional connectivity: effects of a plan on freight, trade, electricity "
    "and debt, and on dependence on outside partners.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def version() -> None:
    """Print the version."""
    import sogdia

    typer.echo(sogdia.__version__)


def _add(panel: str, *commands: Callable[..., None]) -> None:
    """Add commands under a heading of the help."""
    for command in commands:
        app.command(rich_help_panel=panel)(command)


_add("Announcements", brief, read, plan_from)
app.add_typer(ledger.app, name="ledger", rich_help_panel="Announcements")
_add("Models", freight)
app.command(cls=RegionalTrade, rich_help_panel="Models")(trade)
_add("Models", power, dependence, counterfactual, gravity, assign)
app.command(name="partners", help="Alias of dependence.", rich_help_panel="Models")(dependence)
app.add_typer(calibrate.app, name="calibrate", rich_help_panel="Models")
_add("Models", validate)
_add("Studies", runs.run, runs.status, runs.compare, runs.rm, export)
app.command(
    name="resume",
    help="Alias of run: computes the runs that the store lacks.",
    rich_help_panel="Studies",
)(runs.run)
_add("Regions", region.ls, region.case, region.check, region.describe, region.new_region, region.refresh)


def main() -> None:
    """Run the command line; an error in the input becomes a message and an exit code."""
    try:
        _run()
    except CannotRunError as error:
        typer.echo(f"sogdia: {error}", err=True)
        sys.exit(CANNOT_RUN)
    except SogdiaError as error:
        typer.echo(f"sogdia: {error}", err=True)
        sys.exit(ERRORS)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(CANNOT_RUN)


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
