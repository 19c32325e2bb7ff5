"""``sogdia ledger``: claims against the ledger, rows proposed, totals, quality, IATI in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.ledger_tables import print_matches, print_proposal, print_quality, print_totals
from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError, InputError

app = typer.Typer(no_args_is_help=True, help="Claims, deals and projects with their provenance.")

Article = Annotated[str, typer.Argument(help="Text or HTML file of an article, or - for standard input.")]
Json = Annotated[bool, typer.Option("--json", help="Write JSON.")]
CsvFile = Annotated[Path | None, typer.Option("--csv", help="Write the table to this CSV file.")]
XlsxFile = Annotated[Path | None, typer.Option("--xlsx", help="Write the tables to this workbook.")]


def _read(article: str, region: str) -> tuple[Any, Any, Any]:
    from sogdia.articles import read_article, read_claims
    from sogdia.region import load_region

    loaded = load_region(region)
    opened = read_article(article)
    return opened, read_claims(opened, loaded), loaded


def _json(table: Any) -> Any:
    return json.loads(table.to_json(orient="records", force_ascii=False))


def _say(content: Any) -> None:
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2))


def _save(tables: dict[str, Any], csv_file: Path | None, xlsx: Path | None) -> None:
    """The first table as CSV, all of them as a workbook."""
    from sogdia.tables.workbook import write_workbook

    if csv_file is not None:
        try:
            next(iter(tables.values())).to_csv(csv_file, index=False, lineterminator="\n")
        except OSError as error:
            raise CannotRunError(f"{csv_file}: {error.strerror or error}") from error
    if xlsx is not None:
        write_workbook(tables, xlsx)


@app.command()
def match(
    article: Article,
    region: PackOption = DEFAULT_REGION,
    as_json: Json = False,
    csv_file: CsvFile = None,
) -> None:
    """Hold each claim of an article against the ledger: same, update, contradiction or new."""
    from dataclasses import asdict

    from sogdia.ledger.comparison import answers
    from sogdia.ledger.matching import match_claims, matches_table, side_by_side

    opened, claims, loaded = _read(article, region)
    matches = match_claims(claims, loaded, told=opened.date)
    table = matches_table(claims, matches)
    _save({"matches": table}, csv_file, None)
    sums = answers(claims, loaded)
    if as_json:
        told = [{**asdict(found), "decided_by": found.deciding} for found in matches]
        _say({"article": opened.title, "matches": told, "against_ledger": [item.sentence for item in sums]})
        return
    print_matches(opened, table, side_by_side(claims, matches), sums)


@app.command()
def propose(
    article: Article,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the patch and its review.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put the rows into the pack, all or none.")] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="Put the rows into a copy of the pack, made here.")
    ] = None,
    url: Annotated[str, typer.Option("--url", help="Address of the article, for its row of sources.")] = "",
    region: PackOption = DEFAULT_REGION,
    as_json: Json = False,
) -> None:
    """Write the rows that an article would add to the pack; nothing in the pack changes without --apply.

    Exit code 0: done. 1: the pack with the rows would have faults, and nothing was written.
    """
    from sogdia.errors import FaultsError
    from sogdia.ledger.patch import apply_patch, patch_faults, patched_copy
    from sogdia.ledger.proposal import propose as make
    from sogdia.ledger.proposal import write_proposal
    from sogdia.region import read_pack

    opened, claims, loaded = _read(article, region)
    made = make(opened, claims, loaded, url=url)
    faults = patch_faults(made.patch, read_pack(region)) if made.patch.count else []
    if faults:
        raise FaultsError(faults)
    if out is not None:
        write_proposal(made, out)
    if into is not None:
        patched_copy(made.patch, region, into)
    if apply:
        apply_patch(made.patch, region)
    if as_json:
        rows = {table: list(map(dict, found)) for table, found in made.patch.rows.items()}
        review = {name: _json(table) for name, table in made.review().items()}
        _say({"source": made.source, "rows": rows, "applied": apply, **review})
        return
    print_proposal(made, out, into, region if apply else "")


@app.command()
def apply(
    folder: Annotated[Path, typer.Argument(help="Folder of a patch, as propose or import write it.")],
    region: PackOption = DEFAULT_REGION,
) -> None:
    """Put the rows of a patch into a pack: all of them or none. A second time changes nothing."""
    from sogdia.ledger.patch import apply_patch, read_patch

    added = apply_patch(read_patch(folder), region)
    told = ", ".join(f"{len(rows)} in {table}" for table, rows in added.rows.items())
    typer.echo(f"{region}: {added.count} rows added" + (f" ({told})" if told else "; all were there already"))


@app.command()
def totals(
    by: Annotated[
        str,
        typer.Option(
            "--by", help="partner, partner_group, recipient, year, sector, status, instrument, project."
        ),
    ] = "partner",
    lenders: Annotated[
        bool,
        typer.Option("--lenders", help="A plant's loans under their lenders, the rest under its builder."),
    ] = False,
    region: PackOption = DEFAULT_REGION,
    as_json: Json = False,
    csv_file: CsvFile = None,
    xlsx: XlsxFile = None,
) -> None:
    """Sum the deals that count: pledges, commitments and disbursements apart, nothing twice.

    Aggregates, parts, repeats and cancelled deals are never added; the rows left out are listed in --json and
    --xlsx with the reason.
    """
    from sogdia.ledger.totals import ledger_totals
    from sogdia.region import load_region

    groupings = [name.strip() for name in by.split(",") if name.strip()]
    found = ledger_totals(load_region(region), groupings, lenders=lenders)
    left_out = found.left_out.reset_index(names="id")
    _save({"totals": found.table, "left out": left_out}, csv_file, xlsx)
    if as_json:
        told = {"by": found.by, "totals": _json(found.table), "left_out": _json(left_out)}
        _say({**told, "remarks": found.remarks})
        return
    print_totals(found)


@app.command()
def quality(
    table: Annotated[str, typer.Argument(help="deals, projects or policy_events.")] = "deals",
    as_of: Annotated[
        str,
        typer.Option("--as-of", help="Date that age counts to; the pack's latest document where not said."),
    ] = "",
    region: PackOption = DEFAULT_REGION,
    as_json: Json = False,
    csv_file: CsvFile = None,
    xlsx: XlsxFile = None,
) -> None:
    """Score records by their sources, the kind of these, completeness and age."""
    from sogdia.ledger.quality import record_quality
    from sogdia.region import load_region

    if as_of and not _is_date(as_of):
        raise InputError(f"--as-of wants a date such as 2026-01-31, not {as_of!r}")
    scored = record_quality(load_region(region), table, as_of).reset_index(names="id")
    _save({f"quality of {table}": scored}, csv_file, xlsx)
    if as_json:
        _say(_json(scored))
        return
    print_quality(table, scored)


def _is_date(text: str) -> bool:
    import datetime as dt

    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


@app.command()
def export(
    out: Annotated[Path, typer.Option("--out", help="File; a folder for csv.")],
    form: Annotated[str, typer.Option("--format", help="iati, csv or xlsx.")] = "iati",
    reporter: Annotated[
        str, typer.Option("--reporting-org", help="IATI identifier of who publishes the file.")
    ] = "XX-SOGDIA",
    region: PackOption = DEFAULT_REGION,
) -> None:
    """Write the ledger as IATI 2.03, CSV or Excel; in IATI only deals that count have a transaction."""
    from sogdia.cli.tables import write_tables
    from sogdia.ledger.iati import export_iati, ledger_tables
    from sogdia.region import load_region
    from sogdia.tables.workbook import write_workbook

    loaded = load_region(region)
    if form == "iati":
        typer.echo(f"{out}: {export_iati(loaded, out, reporter=reporter)} activities, valid IATI 2.03")
    elif form == "csv":
        write_tables(ledger_tables(loaded), out)
    elif form == "xlsx":
        write_workbook(ledger_tables(loaded), out)
    else:
        raise InputError(f"--format is iati, csv or xlsx, not {form!r}")


@app.command(name="import")
def import_file(
    file: Annotated[Path, typer.Argument(help="IATI 2.03 activities.")],
    out: Annotated[Path, typer.Option("--out", help="Folder for the rows, as a patch.")],
    region: PackOption = DEFAULT_REGION,
) -> None:
    """Read IATI activities as rows of a patch; a fault is told at its activity and nothing is written."""
    from sogdia.errors import FaultsError
    from sogdia.ledger.iati_import import read_iati
    from sogdia.ledger.patch import missing_rows, patch_faults, write_patch
    from sogdia.region import load_region, read_pack

    found = read_iati(file, load_region(region))
    pack = read_pack(region)
    fresh = missing_rows(found.patch, pack)
    faults = patch_faults(fresh, pack) if fresh.count else []
    if faults:
        raise FaultsError(faults)
    write_patch(fresh, out)
    typer.echo(f"{out}: {fresh.count} rows new to {region}; {found.patch.count - fresh.count} there already")
    for activity, why in found.left_out:
        typer.echo(f"left out: {activity}: {why}")


@app.command()
def calendar(
    article: Annotated[
        str, typer.Argument(help="An article whose acts are put in; none where left out.")
    ] = "",
    region: PackOption = DEFAULT_REGION,
    as_json: Json = False,
    csv_file: CsvFile = None,
) -> None:
    """List agreements, summits and threats, each with what of the models it can reach."""
    from sogdia.cli.tables import rich_table, wide_console
    from sogdia.ledger.calendar import calendar as make
    from sogdia.region import load_region

    claims = _read(article, region)[1] if article else ()
    table = make(load_region(region), claims)
    _save({"calendar": table}, csv_file, None)
    if as_json:
        _say(_json(table))
        return
    names = ("date", "type", "actors", "targets", "what", "claims", "changes")
    wide_console().print(rich_table("", table, tuple((name, name, "") for name in names)))
