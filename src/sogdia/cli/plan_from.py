"""``sogdia plan-from``: a plan of what an article names."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError


def plan_from(
    article: Annotated[str, typer.Argument(help="Text or HTML file of an article, or - for standard input.")],
    out: Annotated[Path | None, typer.Option("--out", help="YAML file; printed where not given.")] = None,
    opens: Annotated[
        int | None,
        typer.Option("--opens", min=1950, max=2100, help="Year assumed for projects that have none."),
    ] = None,
    assume_payer: Annotated[
        bool, typer.Option("--assume-payer", help="The one partner named pays all where no sum is told.")
    ] = False,
    region: PackOption = DEFAULT_REGION,
) -> None:
    """Write a plan with the projects, partners and dates of an article, and list what it could not use.

    The plan runs as it is: sogdia case --plan plan.yaml. What was not used stands in comments at its end.
    """
    from sogdia.articles import read_article, read_claims
    from sogdia.ledger.plan_from import plan_from as make
    from sogdia.ledger.plan_from import unused_lines
    from sogdia.region import load_region

    loaded = load_region(region)
    opened = read_article(article)
    claims = read_claims(opened, loaded)
    draft = make(claims, loaded, told=opened.date, title=opened.title, opens=opens, assume_payer=assume_payer)
    if out is None:
        typer.echo(draft.text, nl=False)
        return
    try:
        out.write_text(draft.text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise CannotRunError(f"{out}: {error.strerror or error}") from error
    names = ", ".join(choice.project for choice in draft.plan.projects)
    typer.echo(f"{out}: {len(draft.plan.projects)} projects" + (f" ({names})" if names else ""))
    for line in unused_lines(draft):
        typer.echo(f"not used: {line}")
