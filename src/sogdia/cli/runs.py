"""``sogdia run``, ``status``, ``resume``, ``compare``, ``rm``: studies and their stored runs."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.progress import Progress
from sogdia.cli.tables import Columns, rich_table, wide_console, write_tables
from sogdia.errors import InputError
from sogdia.files import output_folder, writable_folder

FAILED = 1
LEAST_MOVED_T = 0.5
"""Tonnes a year by which a link must change to be printed."""
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of the store; $SOGDIA_STORE or the user's data folder otherwise."),
]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write the result as JSON.")]
StudyArgument = Annotated[Path, typer.Argument(help="A study.yaml.", metavar="STUDY")]


class Place(StrEnum):
    """Where runs are done."""

    HERE = "here"
    PROCESSES = "processes"
    RAY = "ray"


WorkersOption = Annotated[
    int, typer.Option("--workers", min=1, help="Runs at once; results are the same for any number.")
]
PlaceOption = Annotated[
    Place, typer.Option("--executor", help="In this process (one worker), local processes, or Ray.")
]
AddressOption = Annotated[
    str, typer.Option("--address", help="Ray: address of a running cluster, or auto; else one is started.")
]


def opened_store(folder: Path | None) -> Any:
    """The store of a folder, or the default one."""
    from sogdia.runs.default_store import default_store
    from sogdia.runs.store import Store

    return Store(folder or default_store())


def run(
    study: StudyArgument,
    store: StoreOption = None,
    workers: WorkersOption = 1,
    executor: PlaceOption = Place.PROCESSES,
    address: AddressOption = "",
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the measures as CSV.")] = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run a study: plans x scenarios x years. What the store has is not done again.

    Each run is stored as soon as it is done; a study that was cut off goes on where it was.
    Exit code 0: all done. 1: a run did not converge, or the input has faults. 2: could not run.
    """
    from sogdia.runs.definition import open_study
    from sogdia.runs.executor import make_executor
    from sogdia.runs.scheduler import measure_runs, run_study

    kept = opened_store(store)
    opened = open_study(study)
    if out is not None:
        writable_folder(out)
    threads = max(1, (os.cpu_count() or 2) // workers)
    place = make_executor(executor.value, workers, address or None)
    found = []
    with Progress(len(opened.runs), shown=not (quiet or as_json)) as progress:
        progress.stage("base")
        for done in run_study(opened, kept, place, threads=threads):
            found.append(done)
            progress.step(done.label)
    table = measure_runs(opened, kept)
    if out is not None:
        with output_folder(out) as part:
            write_tables({"measures": table}, part)
    failed = [done for done in found if done.error]
    if as_json:
        _write({"study": opened.study.name, "store": str(kept.folder), "runs": [vars(d) for d in found],
                "measures": _records(table)})  # fmt: skip
    else:
        _print_measures(table)
        fresh = sum(done.fresh and not done.error for done in found)
        typer.echo(f"{fresh} runs done, {len(found) - fresh - len(failed)} were there; store {kept.folder}")
        for done in failed:
            typer.echo(f"sogdia: {done.label}: {done.error}", err=True)
    if failed:
        raise typer.Exit(FAILED)


def status(study: StudyArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """Say which runs of a study the store has."""
    from sogdia.runs.definition import open_study

    kept, opened = opened_store(store), open_study(study)
    rows = [
        {"run": each.run, "label": each.label, "done": each.run in kept} for each in opened.runs
    ]  # fmt: skip
    done = sum(bool(row["done"]) for row in rows)
    if as_json:
        _write({"study": opened.study.name, "store": str(kept.folder), "done": done, "runs": rows})
        return
    for row in rows:
        typer.echo(f"{'done   ' if row['done'] else 'to do  '} {str(row['run'])[:12]}  {row['label']}")
    typer.echo(f"{done} of {len(rows)} done; store {kept.folder}")


def compare(
    first: Annotated[
        str, typer.Argument(help="Run compared with: the start of its id, or plan/scenario/year.")
    ],
    second: Annotated[str, typer.Argument(help="Run looked at, likewise.")],
    store: StoreOption = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for differences as CSV and links.geojson.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Set two stored runs side by side: measures, economies, corridors, links; second less first."""
    from sogdia.runs.compare import compare as compared
    from sogdia.runs.compare import geojson_text

    kept = opened_store(store)
    heads = [kept.find(told) for told in (first, second)]
    tables = [kept.tables(head.run) for head in heads]
    found = compared(tables[0], tables[1], (heads[0].label, heads[1].label))
    if out is not None:
        with output_folder(out) as part:
            write_tables({"measures": found.measures, **found.tables}, part)
            (part / "links.geojson").write_text(geojson_text(found), encoding="utf-8")
    if as_json:
        _write({"first": found.first, "second": found.second, "measures": _records(found.measures)})
        return
    _print_comparison(found, *(head.run[:12] for head in heads))


def rm(
    runs: Annotated[
        list[str] | None, typer.Argument(help="Runs: starts of ids, or plan/scenario/year.")
    ] = None,
    older: Annotated[
        bool,
        typer.Option(
            "--older", help="All runs made by another version of the engines, and what cannot be read."
        ),
    ] = False,
    store: StoreOption = None,
) -> None:
    """Take runs out of the store."""
    from sogdia.runs.version import engine_version

    kept = opened_store(store)
    if not runs and not older:
        raise InputError("name runs to take away, or --older; sogdia ls --runs lists them")
    chosen = dict.fromkeys(kept.match(told) for told in runs or [])
    labels = {head.run: head.label for head in kept.heads()}
    if older:
        now = engine_version()
        chosen |= dict.fromkeys(head.run for head in kept.heads() if head.parts.get("version") != now)
        chosen |= dict.fromkeys(kept.damaged())
    for each in chosen:
        kept.remove(each)
        typer.echo(f"removed {each[:12]}  {labels.get(each, 'cannot be read')}")


def list_runs(store: Path | None, as_json: bool) -> None:
    """Print the runs of a store."""
    kept = opened_store(store)
    heads = kept.heads()
    if as_json:
        _write([head.model_dump(mode="json") for head in heads])
        return
    for head in heads:
        typer.echo(f"{head.run[:12]}  {head.made}  {head.seconds:6.1f} s  {head.label}")
    typer.echo(f"{len(heads)} runs; store {kept.folder}")
    for each in kept.damaged():
        typer.echo(f"sogdia: {each[:12]} cannot be read; sogdia rm --older takes such runs away", err=True)


def _print_measures(table: Any) -> None:
    shown: Columns = (
        ("plan", "plan", ""),
        ("scenario", "scenario", ""),
        ("year", "year", "d"),
        ("measure", "measure", ""),
        ("of", "of", ""),
        ("value", "value", "n"),
        ("effect", "effect of the plan", "+n"),
        ("unit", "unit", ""),
    )
    wide_console().print(rich_table("Measures", table, shown))


def _print_comparison(found: Any, first: str, second: str) -> None:
    console = wide_console()
    console.print(f"{found.second} ({second}) less {found.first} ({first})", highlight=False)
    measures: Columns = (
        ("measure", "measure", ""),
        ("of", "of", ""),
        ("first", "first", "n"),
        ("second", "second", "n"),
        ("difference", "difference", "+n"),
        ("difference_pct", "%", "+,.1f"),
        ("unit", "unit", ""),
    )
    console.print(rich_table("Measures", found.measures, measures))
    links = found.tables["links"]
    moved = links["tonnes_difference"].abs()
    largest = moved[moved >= LEAST_MOVED_T].sort_values(ascending=False, kind="stable").index[:12]
    if largest.empty:
        console.print("No link carries more or less.")
        return
    columns: Columns = (
        ("link", "link", ""),
        ("mode", "mode", ""),
        ("tonnes_first", "first, t/a", ",.0f"),
        ("tonnes_second", "second, t/a", ",.0f"),
        ("tonnes_difference", "difference, t/a", "+,.0f"),
    )
    console.print(rich_table("Links that change most", links.loc[largest], columns))


def _records(table: Any) -> list[dict[str, Any]]:
    return list(json.loads(table.to_json(orient="records")))


def _write(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))
