"""``sogdia read``: an article to claims, as a table, CSV or JSON; or their score against a gold file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.options import (
    ArticleArgument,
    EndpointOption,
    ModelOption,
    Reader,
    ReaderOption,
    RegionOption,
)
from sogdia.cli.output import print_json, records

PAGE = 100


class Format(StrEnum):
    """Formats of claims."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


FormatOption = Annotated[Format, typer.Option("--format", help="Format of the claims.")]
ScoreOption = Annotated[
    Path | None, typer.Option("--score", help="Gold file (CSV) that the claims are compared with.")
]


def read(
    article: ArticleArgument,
    form: FormatOption = Format.TABLE,
    score: ScoreOption = None,
    region: RegionOption = DEFAULT_REGION,
    reader: ReaderOption = Reader.RULES,
    endpoint: EndpointOption = None,
    model: ModelOption = None,
) -> None:
    """Read an article into claims: parties, projects, amounts, dates, status, each with its sentence.

    Works offline, except with --reader model. With --score: precision, recall and F1 by field and type.
    """
    from sogdia.api import read_article
    from sogdia.articles.tables import CLAIMS, claim_row

    reading = read_article(article, region, reader=reader.value, endpoint=endpoint, model=model)
    if score is not None:
        _score(reading.records, score, reading.region, form)
    elif form is Format.JSON:
        head = {key: value for key, value in reading.article.as_dict().items() if key != "sentences"}
        found: dict[str, Any] = {"article": head, "claims": [claim.as_dict() for claim in reading.records]}
        if not reading.is_read:
            found["figures"] = records(reading.figures)
        print_json(found)
    elif form is Format.CSV:
        typer.echo(_csv(CLAIMS.column_names, map(claim_row, reading.records)), nl=False)
    else:
        _show(reading.article, reading.records)
        if not reading.is_read:
            _show_figures(reading.figures)


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    from sogdia.files.csv_text import text_cell

    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(
        {key: text_cell(cell) if isinstance(cell, str) else cell for key, cell in row.items()} for row in rows
    )
    return stream.getvalue()


def _show(article: Any, claims: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(width=PAGE)
    console.print(Text(article.title or "(no headline)", "bold"))
    head = [article.source, article.author and f"by {article.author}", str(article.date or "no date stated")]
    console.print(Text(" · ".join(part for part in head if part)))
    for remark in article.remarks:
        console.print(Text(remark, "italic"))
    if not claims:
        console.print("no claims")
        return
    sentence = 0
    for claim in claims:
        if claim.sentence != sentence:
            sentence = claim.sentence
            console.print()
            console.print(Text.assemble((f"[{sentence}] ", "cyan"), (claim.quote, "dim")), highlight=False)
        console.print(Text(_line(claim)), highlight=False)
    console.print(f"\n{len(claims)} claims in {len({claim.sentence for claim in claims})} sentences")


def _show_figures(figures: Any) -> None:
    """Print the figures of an article whose language is not read, with the states and dates next to them."""
    from rich.console import Console
    from rich.text import Text

    console = Console(width=PAGE)
    for row in figures.itertuples():
        value = f"{row.value:,.10g} {row.unit}" if row.text else ""
        shown = [part for part in (row.text, value, row.parties, row.dates) if part]
        console.print(Text(f"  [{row.sentence}] " + " | ".join(shown)), highlight=False)


def _line(claim: Any) -> str:
    parties = " → ".join(";".join(codes) or "?" for codes in (claim.partners, claim.recipients))
    shown = [f"  {claim.type}: {parties}", claim.project]
    if claim.amount is not None:
        shown.append(_money(claim.amount) + (", aggregate amount" if claim.aggregate else ""))
    shown.append(f"{claim.capacity_mw:,.10g} MW" if claim.capacity_mw is not None else "")
    shown.append(f"{claim.length_km:,.10g} km" if claim.length_km is not None else "")
    shown += [", ".join(item.text for item in claim.others), str(claim.date or ""), claim.status]
    shown.append(f"says {claim.speaker}" if claim.speaker else "")
    return " | ".join(part for part in shown if part)


_SIGNS = {"exact": "", "about": "about ", "at_least": "at least ", "at_most": "at most ", "between": "from "}


def _money(amount: Any) -> str:
    if amount.musd is None:
        return f"{amount.text} (no rate of {amount.currency})"
    shown = f"{_SIGNS[amount.bound]}{amount.musd:,.10g} million dollars"
    if amount.currency != "USD":
        return f"{amount.text} = {shown} at {amount.rate:g} of {amount.rate_year}"
    return shown


def _score(claims: Any, gold: Path, region: Any, form: Format) -> None:
    from rich.console import Console

    from sogdia.articles import Gazetteer, read_gold, score, score_rows

    result = score(claims, read_gold(gold), Gazetteer(region))
    rows = score_rows(result)
    if form is Format.JSON:
        print_json({"scores": rows, "missed": result.missed, "spurious": result.spurious})
        return
    if form is Format.CSV:
        typer.echo(_csv(tuple(rows[0]), rows), nl=False)
        return
    console = Console(width=PAGE)
    heads = f"{'precision':>9} {'recall':>9} {'F1':>9} {'correct':>9} {'extracted':>9} {'gold':>6}"
    console.print(f"{'':36} {heads}")
    for row in rows:
        figures = f"{row['precision']:9.3f} {row['recall']:9.3f} {row['f1']:9.3f}"
        counts = f"{row['correct']:9} {row['extracted']:9} {row['gold']:6}"
        console.print(f"{row['item']:36} {figures} {counts}", highlight=False)
    for sign, lines in (("missing", result.missed), ("not in the gold file", result.spurious)):
        for line in lines:
            console.print(f"{sign}: {line}", highlight=False, markup=False)
