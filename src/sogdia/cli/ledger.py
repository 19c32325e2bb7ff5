"""``sogdia ledger``: claims matched with the ledger, rows proposed, totals, quality, IATI in and out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.commands import Command
from sogdia.cli.ledger_tables import (
    print_activities,
    print_calendar,
    print_matches,
    print_proposal,
    print_quality,
    print_totals,
)
from sogdia.cli.options import (
    ArticleArgument,
    EndpointOption,
    JsonOption,
    ModelOption,
    OutOption,
    QuietOption,
    Reader,
    ReaderOption,
    RegionOption,
    codes_in,
)
from sogdia.cli.output import print_json, records
from sogdia.errors import FaultsError, InputError

app = typer.Typer(no_args_is_help=True, help="Deals, projects and claims with their provenance.")


class Format(StrEnum):
    """Formats of the ledger."""

    IATI = "iati"
    CSV = "csv"
    XLSX = "xlsx"


CsvOption = Annotated[Path | None, typer.Option("--csv", help="CSV file to write the table to.")]
XlsxOption = Annotated[Path | None, typer.Option("--xlsx", help="Workbook to write the tables to.")]
ApplyOption = Annotated[bool, typer.Option("--apply", help="Add the rows to the pack, all or none.")]
IntoOption = Annotated[
    Path | None, typer.Option("--into", help="Folder for a copy of the pack with the rows added.")
]
UrlOption = Annotated[str, typer.Option("--url", help="Address of the article, for the table sources.")]
PatchArgument = Annotated[Path, typer.Argument(help="Folder of a patch, as propose or import writes it.")]
ByOption = Annotated[
    str,
    typer.Option(
        "--by", help="partner, partner_group, recipient, year, sector, status, instrument, project."
    ),
]
LendersOption = Annotated[
    bool,
    typer.Option("--lenders", help="A plant's loans under their lenders, the remainder under its builder."),
]
TableArgument = Annotated[str, typer.Argument(help="deals, projects or policy_events.")]
AsOfOption = Annotated[
    str, typer.Option("--as-of", help="Date that age counts to. Default: that of the latest document.")
]
ExportOption = Annotated[Path, typer.Option("--out", help="File to write to; a folder for csv.")]
FormatOption = Annotated[Format, typer.Option("--format", help="Format.")]
ReporterOption = Annotated[
    str, typer.Option("--reporting-org", help="IATI identifier of the publisher of the file.")
]
IatiArgument = Annotated[Path, typer.Argument(help="IATI 2.03 activities.")]
PatchOption = Annotated[Path, typer.Option("--out", help="Folder to write the rows to, as a patch.")]
OptionalArticleArgument = Annotated[
    str, typer.Argument(help="Article whose events are added. Default: none.")
]


def _save(tables: Mapping[str, Any], csv_file: Path | None, xlsx: Path | None) -> None:
    """Write the first table as CSV, all of them as a workbook."""
    if csv_file is not None:
        from sogdia.files import output_file, write_csv

        with output_file(csv_file) as file:
            write_csv(file, next(iter(tables.values())), for_excel=True)
    if xlsx is not None:
        from sogdia.files import output_file
        from sogdia.tables.workbook import write_workbook

        with output_file(xlsx) as file:
            write_workbook(tables, file)


@app.command(cls=Command)
def match(
    article: ArticleArgument,
    region: RegionOption = DEFAULT_REGION,
    as_json: JsonOption = False,
    csv_file: CsvOption = None,
    reader: ReaderOption = Reader.RULES,
    endpoint: EndpointOption = None,
    model: ModelOption = None,
) -> None:
    """Match each claim of an article with the ledger: same, update, conflict or new."""
    from sogdia.api import read_article
    from sogdia.ledger.matching import conflicts_table

    reading = read_article(article, region, reader=reader.value, endpoint=endpoint, model=model)
    _save({"matches": reading.matches}, csv_file, None)
    if as_json:
        matches = [{**asdict(each), "decided_by": each.decided_by} for each in reading.matching]
        sentences = [each.sentence for each in reading.aggregates]
        print_json({"article": reading.article.title, "matches": matches, "against_ledger": sentences})
        return
    conflicts = conflicts_table(reading.records, reading.matching)
    print_matches(reading.article, reading.matches, conflicts, reading.aggregates)


@app.command(cls=Command)
def propose(
    article: ArticleArgument,
    out: OutOption = None,
    apply: ApplyOption = False,
    into: IntoOption = None,
    url: UrlOption = "",
    region: RegionOption = DEFAULT_REGION,
    as_json: JsonOption = False,
    reader: ReaderOption = Reader.RULES,
    endpoint: EndpointOption = None,
    model: ModelOption = None,
) -> None:
    """Propose the rows that an article would add to the pack; the pack changes only with --apply.

    Exit code 0: finished. 1: the pack with the rows would have errors, and nothing was written.
    """
    from sogdia.api import read_article
    from sogdia.ledger.patch import apply_patch, patch_faults, patched_copy
    from sogdia.ledger.proposal import write_proposal
    from sogdia.region import check_changeable, read_pack

    if apply:
        check_changeable(region)
    reading = read_article(article, region, reader=reader.value, endpoint=endpoint, model=model)
    proposal = reading.propose(url=url)
    faults = patch_faults(proposal.patch, read_pack(region)) if proposal.patch.count else []
    if faults:
        raise FaultsError(faults)
    if out is not None:
        write_proposal(proposal, out)
    if into is not None:
        patched_copy(proposal.patch, region, into)
    if apply:
        apply_patch(proposal.patch, region)
    if as_json:
        rows = {table: list(map(dict, added)) for table, added in proposal.patch.rows.items()}
        review = {name: records(table) for name, table in proposal.review().items()}
        print_json({"source": proposal.source, "rows": rows, "applied": apply, **review})
        return
    print_proposal(proposal, out, into, region if apply else "")


@app.command(cls=Command)
def apply(folder: PatchArgument, region: RegionOption = DEFAULT_REGION) -> None:
    """Add the rows of a patch to a pack, all or none. A second time changes nothing."""
    from sogdia.ledger.patch import apply_patch, read_patch

    added = apply_patch(read_patch(folder), region)
    counts = ", ".join(f"{len(rows)} in {table}" for table, rows in added.rows.items())
    typer.echo(f"{region}: {added.count} rows added" + (f" ({counts})" if counts else "; all exist already"))


@app.command(cls=Command)
def totals(
    by: ByOption = "partner",
    lenders: LendersOption = False,
    region: RegionOption = DEFAULT_REGION,
    as_json: JsonOption = False,
    csv_file: CsvOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """Total the deals, with pledges, commitments and disbursements apart and nothing counted twice.

    Aggregates, parts, repeats and cancelled deals are left out; --json and --xlsx list them with the reason.
    """
    from sogdia.api import load_region
    from sogdia.ledger.totals import ledger_totals

    result = ledger_totals(load_region(region), list(codes_in([by])), lenders=lenders)
    left_out = result.left_out.reset_index(names="id")
    _save({"totals": result.table, "left out": left_out}, csv_file, xlsx)
    if as_json:
        content = {"by": result.by, "totals": records(result.table), "left_out": records(left_out)}
        print_json({**content, "remarks": result.remarks})
        return
    print_totals(result)


@app.command(cls=Command)
def quality(
    table: TableArgument = "deals",
    as_of: AsOfOption = "",
    region: RegionOption = DEFAULT_REGION,
    as_json: JsonOption = False,
    csv_file: CsvOption = None,
    xlsx: XlsxOption = None,
) -> None:
    """Score records by the number and kind of their sources, completeness and age."""
    from sogdia.api import load_region
    from sogdia.ledger.quality import record_quality

    if as_of and not _is_date(as_of):
        raise InputError(f"--as-of: {as_of!r} is not a date; write it as 2026-01-31")
    scored = record_quality(load_region(region), table, as_of).reset_index(names="id")
    _save({f"quality of {table}": scored}, csv_file, xlsx)
    if as_json:
        print_json(records(scored))
        return
    print_quality(table, scored)


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


@app.command(cls=Command)
def export(
    out: ExportOption,
    form: FormatOption = Format.IATI,
    reporter: ReporterOption = "XX-SOGDIA",
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Export the ledger as IATI 2.03, CSV or Excel; in IATI only deals that count have a transaction."""
    from sogdia.api import load_region
    from sogdia.extras import require_extra
    from sogdia.files import output_file, write_csv_folder
    from sogdia.ledger.accounts import ledger_tables
    from sogdia.tables.workbook import write_workbook

    loaded = load_region(region)
    if form is Format.IATI:
        require_extra("ledger", "the format iati")
        from sogdia.ledger.iati_export import export_iati

        with output_file(out) as file:
            count = export_iati(loaded, file, reporter=reporter)
        typer.echo(f"{out}: {count} activities, valid IATI 2.03")
    elif form is Format.CSV:
        write_csv_folder(out, ledger_tables(loaded))
    else:
        with output_file(out) as file:
            write_workbook(ledger_tables(loaded), file)


@app.command(cls=Command, name="import")
def import_file(
    file: IatiArgument,
    out: PatchOption,
    region: RegionOption = DEFAULT_REGION,
    quiet: QuietOption = False,
) -> None:
    """Import IATI activities as rows of a patch; an error names its activity, and nothing is written."""
    from sogdia.api import load_region
    from sogdia.api.progress import Progress
    from sogdia.ledger.iati_import import read_iati
    from sogdia.ledger.patch import missing_rows, patch_faults, write_patch
    from sogdia.region import read_pack

    with Progress(1, not quiet) as progress:
        activities = read_iati(
            file, load_region(region), lambda read, count: progress.at(read, count, "activities")
        )
    pack = read_pack(region)
    fresh = missing_rows(activities.patch, pack)
    faults = patch_faults(fresh, pack) if fresh.count else []
    if faults:
        raise FaultsError(faults)
    write_patch(fresh, out)
    known = activities.patch.count - fresh.count
    typer.echo(f"{out}: {fresh.count} rows new to {region}; {known} exist already")
    print_activities("left out", activities.left_out)
    print_activities("sogdia: note", activities.notes, err=True)


@app.command(cls=Command)
def calendar(
    article: OptionalArticleArgument = "",
    region: RegionOption = DEFAULT_REGION,
    as_json: JsonOption = False,
    csv_file: CsvOption = None,
) -> None:
    """List agreements, summits and threats, each with the model inputs that it can change."""
    from sogdia.api import load_region, read_article
    from sogdia.ledger.diplomatic_calendar import calendar as list_events

    claims = read_article(article, region).records if article else ()
    table = list_events(load_region(region), claims)
    _save({"calendar": table}, csv_file, None)
    if as_json:
        print_json(records(table))
        return
    print_calendar(table)
