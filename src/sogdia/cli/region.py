"""``sogdia check``, ``describe``, ``new-region``, ``refresh``, ``case``, ``ls``: packs, plans, scenarios."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.options import (
    JsonOption,
    OutOption,
    PlanOption,
    RegionOption,
    ScenarioOption,
    StoreOption,
    YearOption,
)
from sogdia.cli.output import note_unused, print_json, records
from sogdia.errors import CannotRunError, InputError, SogdiaError, render_faults

FAULTS = 1


class Format(StrEnum):
    """Formats of the data dictionary."""

    MARKDOWN = "markdown"
    JSON = "json"


RegionArgument = Annotated[
    str, typer.Argument(help="Name of a shipped region, or the folder of a pack.", metavar="REGION")
]
FormatOption = Annotated[Format, typer.Option("--format", help="Format.")]
SourceOption = Annotated[
    str | None,
    typer.Option("--from", help="Pack to copy: name of a shipped region, or a folder.", metavar="REGION"),
]
KindArgument = Annotated[
    str | None,
    typer.Argument(
        help="Rows to list: parties, partners, places, links, crossings, plants, interconnectors, projects, "
        "corridors, commodities, variants; shocks, the kinds of shock; uncertain, the uncertain figures.",
        metavar="[KIND]",
    ),
]
NearOption = Annotated[
    str, typer.Option("--near", help="Only rows near a place, by its key or name; the nearest first.")
]
WithinOption = Annotated[float, typer.Option("--within", min=0.0, help="Largest distance with --near, km.")]
NewFolderArgument = Annotated[Path, typer.Argument(help="Folder to create.")]
FolderArgument = Annotated[Path, typer.Argument(help="Folder of a pack.")]
RunsOption = Annotated[bool, typer.Option("--runs", help="List the runs of a store instead.")]


def check(pack: RegionArgument = DEFAULT_REGION, as_json: JsonOption = False) -> None:
    """Check a region pack with its plans and scenarios, and list all errors.

    Exit code 0: no errors. 1: errors. 2: could not run.
    """
    from sogdia.api.progress import Progress
    from sogdia.case import check_library
    from sogdia.region import check_read_pack, read_pack, region_of

    try:
        read = read_pack(pack)
    except SogdiaError as error:
        raise CannotRunError(str(error)) from error
    with Progress(0, not as_json) as progress:
        progress.stage("tables")
        faults = check_read_pack(read)
        if not faults:
            region = region_of(read)
            progress.expect(len(region.plans) + len(region.scenarios))
            faults = check_library(region, progress.step)
    if as_json:
        rows = [fault.as_dict() for fault in faults]
        print_json({"pack": str(read.folder), "clean": not faults, "faults": rows})
    elif faults:
        typer.echo(render_faults(faults))
        count = f"{len(faults):,} error{'' if len(faults) == 1 else 's'}"
        typer.echo(f"{count} in {read.folder.resolve().name}", err=True)
    else:
        rows_read = sum(len(table.data) for table in read.tables.values())
        typer.echo(f"{read.folder.resolve().name}: no errors ({len(read.tables)} tables, {rows_read:,} rows)")
    if faults:
        raise typer.Exit(FAULTS)


def describe(pack: RegionArgument = DEFAULT_REGION, form: FormatOption = Format.MARKDOWN) -> None:
    """Describe a region's data: every table and field, and the shares reported, derived and assumed."""
    from sogdia.api import load_region
    from sogdia.region import describe as describe_region
    from sogdia.region import describe_markdown

    region = load_region(pack)
    if form is Format.JSON:
        print_json(describe_region(region))
    else:
        typer.echo(describe_markdown(region), nl=False)


def new_region(folder: NewFolderArgument, source: SourceOption = None) -> None:
    """Create a region pack: with example rows to be filled, or as a copy of another pack to be edited."""
    from sogdia.region import new_region as create

    verb = "fill" if source is None else "edit"
    typer.echo(f"{create(folder, source)}: created; {verb} its tables, then run: sogdia check {folder}")


def refresh(folder: FolderArgument) -> None:
    """Update the table schemas in a pack's descriptor to those of this version."""
    from sogdia.region import refresh_descriptor

    typer.echo(f"{refresh_descriptor(folder)}: schemas updated to those of this version")


def case(
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    region: RegionOption = DEFAULT_REGION,
    year: YearOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Build a case from region, plan and scenario, and list every edit with its reason and source.

    --out writes the edited tables as CSV.
    """
    from sogdia.api import build_case

    built = build_case(region, plan, scenario, year)
    note_unused(built)
    if out is not None:
        built.write_csv(out)
    changes = built.changes_table()
    if as_json:
        head = {
            "region": built.region.name,
            "plan": built.plan.name,
            "scenario": built.scenario.name,
            "year": built.year,
        }
        print_json({**head, "digest": built.digest, "changes": changes.to_dict("records")})
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


def ls(
    kind: KindArgument = None,
    region: RegionOption = DEFAULT_REGION,
    near: NearOption = "",
    within: WithinOption = 300.0,
    runs: RunsOption = False,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the shipped regions with plans and scenarios of one; rows of a table; or the runs of a store.

    sogdia ls links --near PLACE lists the links with an end near it.
    """
    if (kind is None and near) or (runs and kind is not None):
        raise InputError("--near needs a list, such as sogdia ls links --near PLACE; --runs takes none")
    if runs:
        from sogdia.cli.runs import list_runs
        from sogdia.extras import require_extra

        require_extra("study", "the store of runs")
        list_runs(store, as_json)
    elif kind == "shocks":
        _list_shocks(near, as_json)
    elif kind == "uncertain":
        from sogdia.cli.uncertain import print_uncertain

        print_uncertain(region, as_json)
    elif kind is not None:
        _list_rows(kind, region, near, within, as_json)
    else:
        _list_library(region, as_json)


def _list_library(region: str, as_json: bool) -> None:
    """Print the shipped regions, and the plans and scenarios of one."""
    from sogdia.api import load_region
    from sogdia.case import load_plan, load_scenario
    from sogdia.region import shipped_regions

    loaded = load_region(region)
    plans = {name: load_plan(name, loaded) for name in loaded.plans}
    scenarios = {name: load_scenario(name, loaded) for name in loaded.scenarios}
    if as_json:
        print_json(
            {
                "regions": list(shipped_regions()),
                "plans": {name: plan.title for name, plan in plans.items()},
                "scenarios": {name: scenario.title for name, scenario in scenarios.items()},
            }
        )
        return
    width = max(map(len, (*plans, *scenarios)), default=0)
    typer.echo("regions: " + ", ".join(shipped_regions()))
    typer.echo(f"plans of {loaded.title}:")
    for name, plan in plans.items():
        typer.echo(f"  {name:<{width}}  {plan.title} ({len(plan.projects)} projects)")
    typer.echo(f"scenarios of {loaded.title}:")
    for name, scenario in scenarios.items():
        typer.echo(f"  {name:<{width}}  {scenario.title} ({scenario.year})")


def _list_rows(kind: str, region: str, near: str, within_km: float, as_json: bool) -> None:
    """Print the rows of a table by key, those near a place if one is given."""
    from sogdia.api import load_region
    from sogdia.cli.tables import Column, page, print_table
    from sogdia.region import list_rows

    table = list_rows(load_region(region), kind, near, within_km).reset_index()
    if as_json:
        print_json(records(table))
        return
    forms = {"length_km": "n", "capacity_mw": "n", "capex_musd": "n", "dwell_h": "n", "distance_km": ",.0f"}
    shown = table.assign(**{name: _text(table[name]) for name in table.columns if name not in forms})
    print_table(page(), "", shown, [Column(name, name, forms.get(name, "")) for name in table.columns])
    where = f" within {within_km:g} km of {near}" if near else ""
    typer.echo(f"{len(table)} {kind}{where}", err=True)


def _text(column: Any) -> list[str]:
    """Return cells as text, a missing one empty."""
    return ["" if cell is None or cell != cell else str(cell) for cell in column.astype(object).fillna("")]


def _list_shocks(near: str, as_json: bool) -> None:
    """Print the kinds of shock with their keys."""
    from sogdia.case.yaml_file import SHOCKS

    if near:
        raise InputError("--near applies to rows with places, not to kinds of shock")
    kinds = {
        name: {"meaning": (model.__doc__ or "").split("\n", 1)[0].rstrip("."), "keys": _keys(model)}
        for name, model in SHOCKS.items()
    }
    if as_json:
        print_json(kinds)
        return
    for name, entry in kinds.items():
        typer.echo(f"{name}: {entry['meaning']}\n    keys: {', '.join(entry['keys'])}")


def _keys(model: Any) -> list[str]:
    """Return the keys of a kind of shock, those that must be given first."""
    fields = {name: field for name, field in model.model_fields.items() if name != "kind"}
    return sorted(fields, key=lambda name: not fields[name].is_required())
