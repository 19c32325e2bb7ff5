"""``sogdia plan-from``: a plan drafted from an article."""

from __future__ import annotations

from typing import Annotated

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.options import (
    ArticleArgument,
    EndpointOption,
    ModelOption,
    OutFileOption,
    Reader,
    ReaderOption,
    RegionOption,
)

OpensOption = Annotated[
    int | None,
    typer.Option(
        "--opens",
        min=1950,
        max=2100,
        help="Year for projects without a published one; that of the reference scenario if not given.",
    ),
]
PublishedOption = Annotated[
    bool,
    typer.Option("--published-only", help="No project without a published year, and no payer is assumed."),
]


def plan_from(
    article: ArticleArgument,
    out: OutFileOption = None,
    opens: OpensOption = None,
    published_only: PublishedOption = False,
    region: RegionOption = DEFAULT_REGION,
    reader: ReaderOption = Reader.RULES,
    endpoint: EndpointOption = None,
    model: ModelOption = None,
) -> None:
    """Draft a plan from an article: its projects, partners and dates, as brief takes them.

    The plan can be run as it is: sogdia case --plan plan.yaml. Comments at its end list what was not used.
    """
    from sogdia.api import read_article
    from sogdia.files import output_file, write_file
    from sogdia.ledger.draft_plan import unused_lines

    reading = read_article(article, region, reader=reader.value, endpoint=endpoint, model=model)
    draft = reading.draft_plan(opening_year=opens, published_only=published_only)
    if out is None:
        typer.echo(draft.text, nl=False)
        return
    with output_file(out) as file:
        write_file(file, draft.text)
    names = ", ".join(choice.project for choice in draft.plan.projects)
    typer.echo(f"{out}: {len(draft.plan.projects)} projects" + (f" ({names})" if names else ""))
    for line in unused_lines(draft):
        typer.echo(f"not used: {line}")
