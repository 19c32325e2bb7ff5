"""Tables of ``sogdia ledger``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from sogdia.cli.tables import MISSING, Column, columns_of, page, print_table
from sogdia.errors import SIMILAR_SHOWN

_COLOURS = {"same": "green", "update": "cyan", "conflict": "red", "new": "yellow", "statistic": "dim"}
_WORST = 15


def _columns(table: str, *names: str, forms: Mapping[str, str] | None = None) -> tuple[Column, ...]:
    from sogdia.ledger.tables import TABLES

    return columns_of(TABLES[table], *names, forms=forms)


def print_activities(label: str, found: Sequence[tuple[str, str]], *, err: bool = False) -> None:
    """Print remarks on activities: of each remark the first twenty activities, and a count of the others."""
    by_remark: dict[str, list[str]] = {}
    for activity, remark in found:
        by_remark.setdefault(remark, []).append(activity)
    for remark, activities in by_remark.items():
        for activity in activities[:SIMILAR_SHOWN]:
            typer.echo(f"{label}: {activity}: {remark}", err=err)
        if len(activities) > SIMILAR_SHOWN:
            typer.echo(f"{label}: and {len(activities) - SIMILAR_SHOWN:,} more: {remark}", err=err)


def print_matches(article: Any, table: Any, conflicts: Any, comparisons: Any) -> None:
    """Print claims with their matches, conflicts, and aggregate amounts next to the ledger's."""
    from rich.text import Text

    console = page()
    console.print(Text.assemble((article.title or article.name, "bold"), f"  {article.date or 'no date'}"))
    shown = table.assign(
        type=table["type"].str.replace("_", " "),
        parties=[
            f"{partners or MISSING} > {recipients or MISSING}"
            for partners, recipients in zip(table["partners"], table["recipients"], strict=True)
        ],
        row=table["row"].str.replace(";", " "),
        score=table["score"].where(table["row"] != ""),
        reason=[_reason(row) for row in table.to_dict("records")],
    )
    forms = {"score": ".2f", "reading": ".2f"}
    claim, kind, subject, relation, row, score, reading, reason = _columns(
        *("matches", "claim", "type", "subject", "relation", "row", "score", "reading", "reason"), forms=forms
    )
    relation = replace(relation, colours=_COLOURS)
    columns = (claim, kind, Column("parties", "Parties"), subject, relation, row, score, reading, reason)
    print_table(console, "", shown, columns)
    if len(conflicts):
        console.print()
        fields = _columns("conflicts", "row", "field", "recorded", "claimed")
        print_table(console, "Conflicts", conflicts, fields)
    for item in comparisons:
        console.print(Text.assemble(f"\nclaim {item.claim}: ", (item.sentence, "italic")))


def _reason(row: Mapping[str, Any]) -> str:
    """Return the reason of a match; of the same deal the fields that agree."""
    agreeing = [item.removesuffix(" agrees") for item in row["decided_by"].split(", ") if "agrees" in item]
    return f"by {', '.join(agreeing)}" if row["relation"] == "same" and agreeing else str(row["reason"])


def print_proposal(proposal: Any, out: Path | None, into: Path | None, applied: str) -> None:
    """Print the rows that would be added, by table, then the claims that add none, with the reason."""
    from rich.text import Text

    console = page()
    console.print(Text.assemble(("Article: ", "bold"), proposal.source))
    for table, rows in proposal.patch.rows.items():
        console.print(Text(f"\n{table}: {len(rows)} to add", "bold"))
        for row in rows:
            cells = [f"{name} {value}" for name, value in row.items() if value and name not in _NOT_SHOWN]
            console.print(Text.assemble((f"  {row['id']}", "yellow"), f"  {', '.join(cells)}"))
    if not proposal.patch.count:
        console.print("nothing to add")
    if len(proposal.left_out):
        console.print()
        columns = _columns("left_out", "claim", "subject", "reason")
        print_table(console, "Claims that add no row", proposal.left_out, columns)
    if out is not None:
        console.print(f"\n{out}: rows written; decisions for a reader are in {out / 'review'}")
    if into is not None:
        console.print(f"{into}: copy of the pack with the rows added")
    if applied:
        console.print(f"{applied}: rows added to the pack")


_NOT_SHOWN = frozenset(("id", "basis", "source", "note"))


def print_totals(result: Any) -> None:
    """Print totals by stage, and a line of totals over all groups at the end."""
    import pandas as pd

    console, table = page(), result.table
    keys = [name for name in table.columns if name in result.by] or ["all"]
    money = [name for name in table.columns if name.endswith("_musd")]
    counts = ["deals", "without_amount"]
    if "status" not in result.by and len(table) > 1:
        sums = table[[*money, *counts]].sum().to_dict()
        total = {**dict.fromkeys(keys, ""), keys[0]: "all", **sums}
        table = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    columns = (
        *(Column(name, name.replace("_", " ")) for name in keys),
        *(Column(name, name.removesuffix("_musd").replace("_", " "), ",.1f") for name in money),
        *(Column(name, name.replace("_", " "), "d") for name in counts),
    )
    shown = table.assign(**{name: table[name].where(table[name] != 0.0) for name in money})
    print_table(console, "Million dollars of the year of each deal", shown, columns)
    reasons = result.left_out["reason"].value_counts()
    listed = "; ".join(f"{count} of which each {reason}" for reason, count in reasons.items())
    rows = f"{len(result.left_out)} rows, {listed}" if listed else "no row"
    console.print(f"\nStages are not added to one another. Left out: {rows}.")
    for remark in result.remarks:
        console.print(f"note: {remark}")


def print_quality(table: str, scored: Any) -> None:
    """Print the distribution of scores, then the records with the lowest."""
    console = page()
    low, middle, high = scored["score"].quantile([0.1, 0.5, 0.9])
    console.print(
        f"{len(scored)} {table}: median score {middle:.0f} of 100; 80 % between {low:.0f} and {high:.0f}"
    )
    worst = scored.sort_values("score", kind="stable").head(_WORST)
    names = [str(name) for name in worst.columns]
    columns = _columns("quality", *names, forms={**dict.fromkeys(names[1:], ".2f"), "score": ".0f"})
    print_table(console, "Lowest scores", worst, columns)


def print_calendar(table: Any) -> None:
    """Print agreements, summits and threats."""
    names = ("date", "type", "actors", "targets", "what", "claims", "changes")
    print_table(page(), "", table, _columns("calendar", *names))
