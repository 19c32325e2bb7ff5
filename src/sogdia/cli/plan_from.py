"""``sogdia plan-from``: a plan drafted from an article."""

from __future__ import annotations

from typing import Annotated

import typer

from sogdia.api.defaults import DEFAULT_REGION
from sogdia.cli.options import ArticleArgument, OutFileOption, RegionOption

OpensOption = Annotated[
    int | None,
    typer.Option("--opens", min=1950, max=2100, help="Year for projects that the article gives no year."),
]
PayerOption = Annotated[
    bool,
    typer.Option("--assume-payer", help="The one partner named pays all where no amount is stated."),
]


def plan_from(
    article: ArticleArgument,
    out: OutFileOption = None,
    opens: OpensOption = None,
    assume_payer: PayerOption = False,
    region: RegionOption = DEFAULT_REGION,
) -> None:
    """Draft a plan from an article: its projects, partners and dates.

    The plan can be run as it is: sogdia case --plan plan.yaml. Comments at its end list what was not used.
    """
    from sogdia.api import read_article
    from sogdia.files import write_file
    from sogdia.ledger.draft_plan import unused_lines

    draft = read_article(article, region).draft_plan(opening_year=opens, assume_payer=assume_payer)
    if out is None:
        typer.echo(draft.text, nl=False)
        return
    write_file(out, draft.text)
    names = ", ".join(choice.project for choice in draft.plan.projects)
    typer.echo(f"{out}: {len(draft.plan.projects)} projects" + (f" ({names})" if names else ""))
    for line in unused_lines(draft):
        typer.echo(f"not used: {line}")
