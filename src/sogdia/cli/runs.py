"""``sogdia run``, ``status``, ``resume``, ``compare``, ``rm``: studies and their stored runs."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from types import SimpleNamespace
from typing import Annotated, Any

import typer

from sogdia.cli.options import JsonOption, OutOption, QuietOption, StoreOption, WorkersOption
from sogdia.cli.output import check_folder, note_compiling, note_unused, print_json, print_note, records
from sogdia.cli.tables import Column, page, print_table
from sogdia.errors import InputError

FAILED = 1
SHOWN_OF_DIGEST = 8
LEAST_CHANGE_T, MOST_LINKS = 0.5, 12
"""Tonnes a year by which a link must change to be printed, and how many links are."""


class Place(StrEnum):
    """Executors of runs."""

    HERE = "here"
    PROCESSES = "processes"
    RAY = "ray"


StudyArgument = Annotated[Path, typer.Argument(help="Study file, YAML.", metavar="STUDY")]
ExecutorOption = Annotated[
    Place, typer.Option("--executor", help="This process (one worker), local processes, or Ray.")
]
AddressOption = Annotated[
    str,
    typer.Option("--address", help="Ray: address of a running cluster, or auto; otherwise one is started."),
]
BaselineArgument = Annotated[
    str, typer.Argument(help="Baseline: the start of a run's id, or plan/scenario/year.", metavar="BASELINE")
]
RunArgument = Annotated[str, typer.Argument(help="Run compared with it, likewise.", metavar="RUN")]
RunsArgument = Annotated[list[str] | None, typer.Argument(help="Runs: starts of ids, or plan/scenario/year.")]
OlderOption = Annotated[
    bool, typer.Option("--older", help="All runs of other engine versions, and those that cannot be read.")
]


def run(
    study: StudyArgument,
    store: StoreOption = None,
    workers: WorkersOption = 1,
    executor: ExecutorOption = Place.PROCESSES,
    address: AddressOption = "",
    out: OutOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run a study: plans x scenarios x years. Finished runs are stored, and an interrupted study continues.

    Exit code 0: all finished. 1: a run did not converge, or the input has errors. 2: could not run.
    """
    from sogdia.api.progress import Progress
    from sogdia.api.runs import open_store
    from sogdia.files import write_csv_folder
    from sogdia.runs.definition import load_study
    from sogdia.runs.executor import make_executor
    from sogdia.runs.studies import measure_runs, run_study

    cache, opened = open_store(store), load_study(study)
    check_folder(out)
    count = workers or 1
    threads = max(1, (os.cpu_count() or 2) // count)
    place = make_executor(executor.value, count, address or None)
    reports = []
    note_unused(*_cases_of(opened))
    if not (quiet or as_json):
        note_compiling()
    with Progress(len(opened.runs), not (quiet or as_json)) as progress:
        progress.stage("baseline")
        for report in run_study(opened, cache, place, threads=threads):
            reports.append(report)
            progress.step(report.label)
    table = measure_runs(opened, cache)
    if out is not None:
        write_csv_folder(out, {"measures": table})
    failed = [report for report in reports if report.error]
    if as_json:
        runs = [_report_fields(report) for report in reports]
        head = {"study": opened.definition.name, "store": str(cache.folder)}
        print_json({**head, "runs": runs, "measures": records(table)})
    else:
        print_table(page(), "Measures", table, _MEASURES)
        fresh = sum(report.is_new and not report.error for report in reports)
        stored = len(reports) - fresh - len(failed)
        typer.echo(f"{fresh} runs finished, {stored} found in the store; store {cache.folder}")
        for report in failed:
            typer.echo(f"sogdia: {report.label}: {report.error}", err=True)
    if failed:
        raise typer.Exit(FAILED)


def _cases_of(study: Any) -> list[Any]:
    """Return the plan, scenario and year of each run of a study."""
    return [
        SimpleNamespace(plan=each.plan, scenario=each.scenario, region=study.region, year=each.scenario.year)
        for each in study.runs
    ]


def status(study: StudyArgument, store: StoreOption = None, as_json: JsonOption = False) -> None:
    """List the runs of a study, finished and missing."""
    from sogdia.api.runs import open_store
    from sogdia.runs.definition import load_study

    cache, opened = open_store(store), load_study(study)
    rows = [{"run": each.key, "label": each.label, "finished": each.key in cache} for each in opened.runs]
    finished = sum(bool(row["finished"]) for row in rows)
    if as_json:
        head = {"study": opened.definition.name, "store": str(cache.folder)}
        print_json({**head, "finished": finished, "runs": rows})
        return
    for row in rows:
        state = "finished" if row["finished"] else "missing "
        typer.echo(f"{state} {str(row['run'])[:12]}  {row['label']}")
    typer.echo(f"{finished} of {len(rows)} finished; store {cache.folder}")


def compare(
    baseline: BaselineArgument,
    run: RunArgument,
    store: StoreOption = None,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare two stored runs, run minus baseline: measures, economies, corridors, links.

    --out writes the differences as CSV, and those of links as links.geojson too.
    """
    from sogdia.api import compare as compare_runs
    from sogdia.files import output_folder, write_csv, write_file
    from sogdia.runs.comparison import geojson_text

    result = compare_runs(run, baseline, store=store)
    difference = result.difference
    for remark in result.remarks:
        print_note(remark)
    if out is not None:
        with output_folder(out) as draft:
            for name, table in result.tables.items():
                write_csv(draft / f"{name}.csv", table)
            write_file(draft / "links.geojson", geojson_text(difference))
    if as_json:
        names = {"first": difference.first, "second": difference.second}
        print_json({**names, "measures": records(difference.measures)})
        return
    _print_comparison(difference, *(each.metadata.run[:12] for each in (result.baseline, result.run)))


def rm(runs: RunsArgument = None, older: OlderOption = False, store: StoreOption = None) -> None:
    """Remove runs from the store."""
    from sogdia.api.runs import open_store
    from sogdia.runs.version import engine_version

    cache = open_store(store)
    if not runs and not older:
        raise InputError("name runs to remove, or give --older; sogdia ls --runs lists them")
    chosen = dict.fromkeys(cache.match(name) for name in runs or [])
    labels = {head.run: head.label for head in cache.all_metadata()}
    if older:
        now = engine_version()
        chosen |= dict.fromkeys(head.run for head in cache.all_metadata() if head.parts.get("version") != now)
        chosen |= dict.fromkeys(cache.damaged())
    for each in chosen:
        cache.remove(each)
        typer.echo(f"removed {each[:12]}  {labels.get(each, 'cannot be read')}")


def list_runs(store: Path | None, as_json: bool) -> None:
    """Print the runs of a store."""
    from sogdia.api.runs import open_store

    cache = open_store(store)
    heads = cache.all_metadata()
    if as_json:
        print_json([head.model_dump(mode="json") for head in heads])
        return
    for head in heads:
        pack, version = head.parts.get("region", "")[:SHOWN_OF_DIGEST], head.parts.get("version", "")
        typer.echo(
            f"{head.run[:12]}  {head.created}  {head.seconds:6.1f} s  {head.region} {pack}  {version}  "
            f"{head.label}"
        )
    typer.echo(f"{len(heads)} runs; store {cache.folder}")
    for each in cache.damaged():
        typer.echo(f"sogdia: {each[:12]} cannot be read; sogdia rm --older removes such runs", err=True)


def _report_fields(report: Any) -> dict[str, Any]:
    """Return the fields of a run's report for JSON."""
    return {
        "run": report.key,
        "label": report.label,
        "seconds": report.seconds,
        "fresh": report.is_new,
        "error": report.error,
    }


_MEASURES = (
    Column("plan", "plan"),
    Column("scenario", "scenario"),
    Column("year", "year", "d"),
    Column("measure", "measure"),
    Column("of", "of"),
    Column("value", "value", "n"),
    Column("effect", "effect of the plan", "+n"),
    Column("unit", "unit"),
)
_DIFFERENCES = (
    Column("measure", "measure"),
    Column("of", "of"),
    Column("first", "baseline", "n"),
    Column("second", "run", "n"),
    Column("difference", "difference", "+n"),
    Column("difference_pct", "%", "+,.1f"),
    Column("unit", "unit"),
)
_INTERVAL = (
    Column("low", "difference, 10 %", "+n"),
    Column("median", "median", "+n"),
    Column("high", "90 %", "+n"),
)
_LINKS = (
    Column("link", "link"),
    Column("mode", "mode"),
    Column("tonnes_first", "baseline, t/a", ",.0f"),
    Column("tonnes_second", "run, t/a", ",.0f"),
    Column("tonnes_difference", "difference, t/a", "+,.0f"),
)


def _print_comparison(difference: Any, first: str, second: str) -> None:
    console = page()
    console.print(f"{difference.second} ({second}) minus {difference.first} ({first})")
    has_intervals = "median" in difference.measures
    columns = (*_DIFFERENCES, *_INTERVAL) if has_intervals else _DIFFERENCES
    print_table(console, "Measures", difference.measures, columns)
    if not has_intervals:
        console.print("No interval: the store has no ensemble of the run (sogdia ensemble).")
    links = difference.tables["links"]
    change = links["tonnes_difference"].abs()
    largest = change[change >= LEAST_CHANGE_T].sort_values(ascending=False, kind="stable").index[:MOST_LINKS]
    if largest.empty:
        console.print("No link carries more or less.")
        return
    print_table(console, "Links that change most", links.loc[largest], _LINKS)
