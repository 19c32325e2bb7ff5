"""``sogdia read``: an article to claims, as a table, CSV or JSON; or its score against a gold file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption

PAGE = 100
FORMATS = ("table", "csv", "json")


def read(
    article: Annotated[str, typer.Argument(help="Text or HTML file of an article, or - for standard input.")],
    form: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    score: Annotated[
        Path | None, typer.Option("--score", help="Gold file (CSV) to set the claims against.")
    ] = None,
    region: PackOption = DEFAULT_REGION,
) -> None:
    """Read an article: what is claimed, by whom, how firmly, and where it stands.

    Nothing is looked up on a network. With --score: precision, recall and F1 by field and type.
    """
    from sogdia.articles import read_article, read_claims
    from sogdia.region import load_region

    if form not in FORMATS:
        raise typer.BadParameter(f"{form!r} is none of {', '.join(FORMATS)}", param_hint="--format")
    loaded = load_region(region)
    opened = read_article(article)
    claims = read_claims(opened, loaded)
    if score is not None:
        _score(claims, score, loaded, form)
    elif form == "json":
        head = {key: value for key, value in opened.as_dict().items() if key != "sentences"}
        content = {"article": head, "claims": [claim.as_dict() for claim in claims]}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
    elif form == "csv":
        typer.echo(_csv(claims), nl=False)
    else:
        _show(opened, claims)


def _csv(claims: Any) -> str:
    from sogdia.articles import GOLD_FIELDS, gold_row

    stream = io.StringIO()
    further = (
        "project_id", "amount_text", "currency", "bound", "rate", "rate_year", "date_until", "modality",
        "speaker", "actors", "instrument", "aggregate", "start", "end", "quote",
    )  # fmt: skip
    writer = csv.DictWriter(stream, (*GOLD_FIELDS, *further), lineterminator="\n")
    writer.writeheader()
    for claim in claims:
        amount = claim.amount
        writer.writerow(
            gold_row(claim)
            | {
                "project_id": claim.project_id,
                "amount_text": amount.text if amount else "",
                "currency": amount.currency if amount else "",
                "bound": amount.bound if amount else "",
                "rate": amount.rate if amount else "",
                "rate_year": amount.rate_year if amount else "",
                "date_until": claim.date.end if claim.date else "",
                "modality": claim.modality,
                "speaker": claim.speaker,
                "actors": ";".join(claim.actors),
                "instrument": claim.instrument,
                "aggregate": "yes" if claim.aggregate else "no",
                "start": claim.start,
                "end": claim.end,
                "quote": claim.quote,
            }
        )
    return stream.getvalue()


def _show(article: Any, claims: Any) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(width=PAGE)
    console.print(Text(article.title or "(no headline)", "bold"))
    head = [article.source, article.author and f"by {article.author}", str(article.date or "no date told")]
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


def _line(claim: Any) -> str:
    parties = " → ".join(";".join(codes) or "?" for codes in (claim.partners, claim.recipients))
    told = [f"  {claim.type}: {parties}", claim.project]
    if claim.amount is not None:
        told.append(_money(claim.amount) + (", counts many things together" if claim.aggregate else ""))
    told.append(f"{claim.capacity_mw:,.10g} MW" if claim.capacity_mw is not None else "")
    told.append(f"{claim.length_km:,.10g} km" if claim.length_km is not None else "")
    told += [", ".join(item.text for item in claim.others), str(claim.date or ""), claim.status]
    told.append(f"says {claim.speaker}" if claim.speaker else "")
    return " | ".join(part for part in told if part)


_SIGNS = {"exact": "", "about": "about ", "at_least": "at least ", "at_most": "at most ", "between": "from "}


def _money(amount: Any) -> str:
    if amount.musd is None:
        return f"{amount.text} (no rate of {amount.currency})"
    shown = f"{_SIGNS[amount.bound]}{amount.musd:,.10g} million dollars"
    if amount.currency != "USD":
        return f"{amount.text} = {shown} at {amount.rate:g} of {amount.rate_year}"
    return shown


def _score(claims: Any, gold: Path, region: Any, form: str) -> None:
    from rich.console import Console

    from sogdia.articles import Gazetteer, read_gold, score, score_rows

    result = score(claims, read_gold(gold), Gazetteer(region))
    rows = score_rows(result)
    if form == "json":
        content = {"scores": rows, "missed": result.missed, "spurious": result.spurious}
        typer.echo(json.dumps(content, ensure_ascii=False, indent=2))
        return
    if form == "csv":
        stream = io.StringIO()
        writer = csv.DictWriter(stream, tuple(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        typer.echo(stream.getvalue(), nl=False)
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
