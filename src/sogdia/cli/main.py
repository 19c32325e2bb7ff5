"""The commands. Each imports what it needs when it runs, so that ``--help`` answers at once."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli import calibrate
from sogdia.cli.assign import assign
from sogdia.cli.brief import brief
from sogdia.cli.dependence import partners
from sogdia.cli.export import export
from sogdia.cli.freight import freight
from sogdia.cli.ledger import app as ledger
from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.plan_from import plan_from
from sogdia.cli.power import power
from sogdia.cli.read import read
from sogdia.cli.runs import StoreOption, compare, list_runs, rm, run, status
from sogdia.cli.trade import trade
from sogdia.cli.validate import validate
from sogdia.errors import CannotRunError, SogdiaError, render_faults

FAULTS, CANNOT_RUN, STOPPED = 1, 2, 130

app = typer.Typer(
    name="sogdia",
    help="Planning laboratory for regional connectivity: what a plan changes, what it costs, "
    "and on whom it makes a country depend.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

app.command()(assign)
app.command()(brief)
app.command()(freight)
app.command()(partners)
app.command()(power)
app.command()(read)
app.command()(export)
app.command()(trade)
app.command()(run)
app.command()(status)
app.command(name="resume", help="The same as run: what the store has is not done again.")(run)
app.command()(compare)
app.command()(rm)
app.command()(validate)
app.command(name="plan-from")(plan_from)
app.add_typer(ledger, name="ledger")
app.add_typer(calibrate.app, name="calibrate")


def main() -> None:
    """Run the command line; a user's mistake becomes a message and an exit code."""
    try:
        _run()
    except CannotRunError as error:
        typer.echo(f"sogdia: {error}", err=True)
        sys.exit(CANNOT_RUN)
    except SogdiaError as error:
        typer.echo(f"sogdia: {error}", err=True)
        sys.exit(FAULTS)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(CANNOT_RUN)


def _run() -> None:
    """Run the command; a stop by Ctrl-C is told, also where compiled code was at work."""
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
    typer.echo("sogdia: stopped; runs that were finished are kept in the store", err=True)
    sys.exit(STOPPED)


def _write(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


@app.command()
def check(
    pack: Annotated[
        str, typer.Argument(help="A shipped region's name, or the folder of a pack.")
    ] = DEFAULT_REGION,
    as_json: Annotated[bool, typer.Option("--json", help="Write the faults as JSON.")] = False,
) -> None:
    """Check a region pack with its plans and scenarios: all faults at once.

    Exit code 0: clean. 1: faults. 2: could not run.
    """
    from sogdia.case import check_library
    from sogdia.region import check_read_pack, read_pack, region_of

    try:
        read = read_pack(pack)
    except SogdiaError as error:
        raise CannotRunError(str(error)) from error
    faults = check_read_pack(read) or check_library(region_of(read))
    if as_json:
        _write(
            {"pack": str(read.folder), "clean": not faults, "faults": [fault.as_dict() for fault in faults]}
        )
    elif faults:
        typer.echo(render_faults(faults))
        typer.echo(f"{len(faults):,} fault{'' if len(faults) == 1 else 's'} in {read.folder.name}", err=True)
    else:
        rows = sum(len(table.data) for table in read.tables.values())
        typer.echo(f"{read.folder.name}: clean ({len(read.tables)} tables, {rows:,} rows)")
    if faults:
        raise typer.Exit(FAULTS)


@app.command()
def describe(
    pack: Annotated[
        str, typer.Argument(help="A shipped region's name, or the folder of a pack.")
    ] = DEFAULT_REGION,
    form: Annotated[str, typer.Option("--format", help="markdown or json.")] = "markdown",
) -> None:
    """Print the data dictionary of a region, and how much of it is reported, derived, assumed."""
    from sogdia.region import describe as describe_region
    from sogdia.region import describe_markdown, load_region

    if form not in ("markdown", "json"):
        raise typer.BadParameter(f"{form!r} is neither markdown nor json", param_hint="--format")
    region = load_region(pack)
    if form == "json":
        _write(describe_region(region))
    else:
        typer.echo(describe_markdown(region), nl=False)


@app.command(name="new-region")
def new_region(folder: Annotated[Path, typer.Argument(help="Folder to make.")]) -> None:
    """Make a new region pack on example rows; it passes the check and waits to be filled."""
    from sogdia.region import new_region as make

    made = make(folder)
    typer.echo(f"{made}: made; fill its tables, then run: sogdia check {folder}")


@app.command()
def refresh(folder: Annotated[Path, typer.Argument(help="Folder of a pack.")]) -> None:
    """Write the declared table schemas into a pack's descriptor, keeping all else it says."""
    from sogdia.region import refresh_descriptor

    typer.echo(f"{refresh_descriptor(folder)}: schemas are those of this version")


@app.command()
def case(
    plan: Annotated[str, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")] = "as_is",
    scenario: Annotated[
        str, typer.Option("--scenario", help="A shipped scenario's name, or a YAML file.")
    ] = "reference",
    region: PackOption = DEFAULT_REGION,
    year: Annotated[
        int | None,
        typer.Option("--year", min=1950, max=2100, help="Year looked at, instead of the scenario's."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write the edited tables to, as CSV.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the changes as JSON.")] = False,
) -> None:
    """Join region, plan and scenario, and print every edit that makes: what, why and by which source."""
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.region import load_region

    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    if year is not None:
        happens = happens.at(year)
    built = build_case(loaded, load_plan(plan, loaded), happens)
    if out is not None:
        built.write_csv(out)
    changes = built.changes_table()
    if as_json:
        head = {"region": loaded.name, "plan": built.plan.name, "scenario": happens.name, "year": built.year}
        _write({**head, "digest": built.digest, "changes": changes.to_dict("records")})
        return
    _print_changes(built.digest, changes)


def _print_changes(digest: str, changes: Any) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text

    console = Console()
    for (cause, reason), edits in changes.groupby(["cause", "reason"], sort=False):
        console.print(Text.assemble((cause, "bold"), ": ", reason))
        table = Table.grid(padding=(0, 2))
        for row in edits.itertuples():
            which = row.first_row if row.rows == 1 else f"{row.rows:,} rows"
            edit = f"{row.action} {row.value}" if row.field else "add"
            table.add_row(Text(f"{row.table}.{row.field}".rstrip("."), "cyan"), Text(edit), Text(which))
        console.print(Padding(table, (0, 0, 0, 2)))
    console.print(f"{len(changes)} edits; case {digest[:16]}", highlight=False)


@app.command()
def ls(
    region: PackOption = DEFAULT_REGION,
    runs: Annotated[bool, typer.Option("--runs", help="The runs of a store instead.")] = False,
    store: StoreOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the runs as JSON.")] = False,
) -> None:
    """List the shipped regions, and the plans and scenarios of one; or the runs of a store."""
    if runs:
        list_runs(store, as_json)
        return
    from sogdia.case import load_plan, load_scenario, shipped
    from sogdia.region import load_region, shipped_regions

    loaded = load_region(region)
    plans = {name: load_plan(name, loaded) for name in shipped(loaded, "plans")}
    scenarios = {name: load_scenario(name, loaded) for name in shipped(loaded, "scenarios")}
    width = max(map(len, (*plans, *scenarios)), default=0)
    typer.echo("regions: " + ", ".join(shipped_regions()))
    typer.echo(f"plans of {loaded.title}:")
    for name, chosen in plans.items():
        typer.echo(f"  {name:<{width}}  {chosen.title} ({len(chosen.projects)} projects)")
    typer.echo(f"scenarios of {loaded.title}:")
    for name, happens in scenarios.items():
        typer.echo(f"  {name:<{width}}  {happens.title} ({happens.year})")


@app.command()
def version() -> None:
    """Print the version."""
    import sogdia

    typer.echo(sogdia.__version__)
