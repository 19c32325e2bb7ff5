"""A run, or the difference of two, as one page of HTML that needs no other file and no script."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any, Final

import pandas as pd

from sogdia.api import compare
from sogdia.api.result import Result
from sogdia.runs.result_tables import RESULT_TABLES
from sogdia.runs.store import RunMetadata
from sogdia.tables.results import ResultTable
from sogdia.web.formats import columns_of
from sogdia.web.workbench import Workbench

SHOWN: Final = (
    "corridors", "economies", "transit", "stations", "links", "power_countries", "power_generation",
    "power_prices",
)  # fmt: skip
"""Tables on the page, in order."""
MOST_ROWS: Final = 200
EXPONENT_FROM: Final = 1e4
"""Size from which four digits would be written with an exponent."""
STYLE: Final = (
    "body{font:15px/1.45 system-ui,sans-serif;color:#1b2733;max-width:72rem;margin:2rem auto;padding:0 1rem}"
    "h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}svg{max-width:100%;height:auto}"
    "table{border-collapse:collapse;font-size:.85rem}.scroll{overflow-x:auto}"
    "th,td{padding:.25rem .6rem;border-bottom:1px solid #d8dee4;text-align:left;white-space:nowrap}"
    ".number{text-align:right;font-variant-numeric:tabular-nums}.note{color:#56636f;font-size:.85rem}"
)


def view_page(bench: Workbench, run: str, minus: str | None, address: str) -> str:
    """Return the page.

    Args:
        bench: State of the server.
        run: Id of a run.
        minus: Id of the run that is subtracted; ``None`` for the run alone.
        address: Address of the view in the workbench.
    """
    own = bench.run(run)
    result: Result = own if minus is None else compare(own, bench.run(minus))
    heads = [bench.head(key) for key in (run, minus) if key is not None]
    notes = getattr(result, "remarks", ())
    parts = [
        f"<h1>{escape(result.title)}</h1>",
        *(f'<p class="note">{escape(text)}</p>' for text in (*map(_source, heads), *notes)),
        _section("Headline figures", _table(result.summary(), None)),
        *_pictures(result),
        *_tables(result.tables),
        f'<p class="note">Made with Sogdia; this view in the workbench: {escape(address)}</p>',
    ]
    title = f"<title>{escape(result.title)}</title>"
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width">{title}'
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="en"><head>{head}<style>{STYLE}</style></head><body>{body}</body></html>'
    )


def _source(head: RunMetadata) -> str:
    digest, version = (head.parts.get(part, "") for part in ("region", "version"))
    region = f"region {head.region}, digest {digest[:12]}"
    return f"Run {head.run[:12]}, {head.label}; {region}; {version}; {head.created}"


def _section(title: str, content: str) -> str:
    return f"<h2>{escape(title)}</h2>{content}"


def _pictures(result: Any) -> Iterable[str]:
    for kind, title in (("flows", "Freight flows"), ("gains", "Gains")):
        sink = io.StringIO()
        result.plot(kind).savefig(sink, format="svg", bbox_inches="tight", metadata={"Date": None})
        svg = sink.getvalue()
        yield _section(title, svg[svg.index("<svg") :])


def _tables(tables: Mapping[str, pd.DataFrame]) -> Iterable[str]:
    for name in SHOWN:
        if name in tables:
            declared, frame = RESULT_TABLES[name], tables[name]
            rest = len(frame) - MOST_ROWS
            note = f'<p class="note">{rest:,} more rows are in the workbench.</p>' if rest > 0 else ""
            meaning = f'<p class="note">{escape(declared.meaning)}</p>'
            yield _section(declared.title, meaning + _table(frame.head(MOST_ROWS), declared) + note)


def _table(frame: pd.DataFrame, declared: ResultTable | None) -> str:
    columns = columns_of(frame, declared)
    heads = "".join(
        f'<th class="{column.kind}">{escape(", ".join(filter(None, (column.label, column.unit))))}</th>'
        for column in columns
    )
    rows = "".join(
        f"<tr>{''.join(_cell(value, column.kind) for value, column in zip(row, columns, strict=True))}</tr>"
        for row in frame.itertuples(index=False)
    )
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cell(value: Any, kind: str) -> str:
    if kind == "number":
        text = f"{value:,.4g}" if abs(value) < EXPONENT_FROM else f"{value:,.0f}"
        return f'<td class="number">{"–" if value != value else text}</td>'
    return f"<td>{escape(str(value))}</td>"
