"""What ``sogdia ledger`` prints: tables for people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sogdia.cli.tables import rich_table, wide_console

_COLOURS = {"same": "green", "update": "cyan", "contradiction": "red", "new": "yellow", "statistic": "dim"}
_WORST = 15


def print_matches(article: Any, table: Any, contradictions: Any, sums: Any) -> None:
    """Claims and what the ledger knows of each, then contradictions, then sums beside the ledger's."""
    from rich.table import Table
    from rich.text import Text

    console = wide_console()
    console.print(Text.assemble((article.title or article.name, "bold"), f"  {article.date or 'no date'}"))
    shown = Table(box=None, pad_edge=False)
    for heading in ("", "claim", "parties", "of", "relation", "row", "score", "why"):
        shown.add_column(heading, overflow="fold", justify="right" if heading in ("", "score") else "left")
    for row in table.to_dict("records"):
        parties = f"{row['partners'] or '–'} > {row['recipients'] or '–'}"
        score = f"{row['score']:.2f}" if row["row"] else ""
        relation = Text(row["relation"], _COLOURS[row["relation"]])
        agreeing = [
            item.removesuffix(" agrees") for item in row["decided_by"].split(", ") if "agrees" in item
        ]
        why = row["why"] if row["relation"] != "same" or not agreeing else f"by {', '.join(agreeing)}"
        shown.add_row(
            *(str(row["claim"]), row["type"].replace("_", " "), parties, row["told_of"]),
            *(relation, row["row"].replace(";", " "), score, why),
        )
    console.print(shown)
    if len(contradictions):
        columns = (("row", "contradicted", ""), ("field", "in", ""), ("recorded", "the ledger says", ""))
        console.print(
            rich_table("\nSide by side", contradictions, (*columns, ("claimed", "the article", "")))
        )
    for item in sums:
        console.print(Text.assemble(f"\nclaim {item.claim}: ", (item.sentence, "italic")))


def print_proposal(made: Any, out: Path | None, into: Path | None, applied: str) -> None:
    """Rows that would be added, table by table, then what adds none and why."""
    from rich.table import Table
    from rich.text import Text

    console = wide_console()
    console.print(Text.assemble(("Article: ", "bold"), made.source))
    for table, rows in made.patch.rows.items():
        console.print(Text(f"\n{table}: {len(rows)} to add", "bold"))
        for row in rows:
            told = [f"{name} {value}" for name, value in row.items() if value and name not in _UNSAID]
            console.print(Text.assemble((f"  {row['id']}", "yellow"), f"  {', '.join(told)}"))
    if not made.patch.count:
        console.print("nothing to add")
    if len(made.left_out):
        left = Table(title="\nAdds no row", title_justify="left", box=None, pad_edge=False)
        for heading in ("claim", "of", "why"):
            left.add_column(heading, overflow="fold")
        for row in made.left_out.to_dict("records"):
            left.add_row(str(row["claim"]), row["what"], row["why"])
        console.print(left)
    if out is not None:
        console.print(f"\n{out}: rows written; what a reader must decide is in {out / 'review'}")
    if into is not None:
        console.print(f"{into}: a copy of the pack with the rows in it")
    if applied:
        console.print(f"{applied}: rows are in the pack")


_UNSAID = frozenset(("id", "basis", "source", "note"))


def print_totals(found: Any) -> None:
    """Totals by stage; a line of sums over all groups at the end."""
    from rich.table import Table

    console = wide_console()
    keys = [name for name in found.table.columns if name in found.by] or ["all"]
    money = [name for name in found.table.columns if name.endswith("_musd")]
    shown = Table(
        title="Million dollars of the year of each deal", title_justify="left", box=None, pad_edge=False
    )
    for name in keys:
        shown.add_column(name.replace("_", " "))
    for name in (*money, "deals", "without_amount"):
        shown.add_column(name.removesuffix("_musd").replace("_", " "), justify="right")
    for row in found.table.to_dict("records"):
        sums = [f"{row[name]:,.1f}" if row[name] else "–" for name in money]
        shown.add_row(*(row[name] for name in keys), *sums, f"{row['deals']}", f"{row['without_amount']}")
    if "status" not in found.by and len(found.table) > 1:
        sums = [f"{found.table[name].sum():,.1f}" for name in money]
        counts = [str(found.table[name].sum()) for name in ("deals", "without_amount")]
        shown.add_section()
        shown.add_row("all", *[""] * (len(keys) - 1), *sums, *counts, style="bold")
    console.print(shown)
    reasons = found.left_out["why"].value_counts()
    told = "; ".join(f"{count} of which each {why}" for why, count in reasons.items())
    rows = f"{len(found.left_out)} rows, {told}" if told else "no row"
    console.print(f"\nStages are not added to one another. Left out: {rows}.")
    for remark in found.remarks:
        console.print(f"note: {remark}")


def print_quality(table: str, scored: Any) -> None:
    """How scores are spread, then the records that are founded worst."""
    console = wide_console()
    low, middle, high = scored["score"].quantile([0.1, 0.5, 0.9])
    console.print(
        f"{len(scored)} {table}: score {middle:.0f} of 100 in the middle, {low:.0f} to {high:.0f} for most"
    )
    worst = scored.sort_values("score", kind="stable").head(_WORST)
    columns = [("id", "founded worst", "")]
    columns += [(name, name, ".0f" if name == "score" else ".2f") for name in worst.columns if name != "id"]
    console.print(rich_table("", worst, tuple(columns)))
