"""Options that several commands share, each declared once with one meaning."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

RegionOption = Annotated[
    str, typer.Option("--region", help="Name of a shipped region, or the folder of a pack.")
]
PlanOption = Annotated[
    str | None,
    typer.Option("--plan", help="Name of a shipped plan, or a YAML file. Default: the committed projects."),
]
ScenarioOption = Annotated[
    str, typer.Option("--scenario", help="Name of a shipped scenario, or a YAML file.")
]
YearOption = Annotated[
    int | None,
    typer.Option("--year", min=1950, max=2100, help="Year to evaluate, in place of the scenario's."),
]
BaselineOption = Annotated[
    str | None,
    typer.Option(
        "--baseline",
        "--base",
        help="Plan of the baseline: same year, no shocks, without the projects of the plan. Default: the "
        "committed projects.",
    ),
]
HomeOption = Annotated[
    list[str] | None,
    typer.Option("--home", help="Home country by code; repeat, or separate by commas. Default: all."),
]
WorkersOption = Annotated[
    int | None,
    typer.Option("--workers", min=1, help="Processes for runs; results do not depend on the number."),
]
ThreadsOption = Annotated[
    int | None,
    typer.Option("--threads", min=1, help="Threads of one computation; results do not depend on the number."),
]
OldWorkersOption = Annotated[int | None, typer.Option("--workers", min=1, hidden=True)]
"""Old spelling of ``--threads`` in commands without runs; deprecated, to be removed in the next release."""
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of stored runs. Default: $SOGDIA_STORE, or the user's data folder."),
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder to write the result to.")]
OutFileOption = Annotated[Path | None, typer.Option("--out", help="File to write the result to.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="Show no progress.")]
ArticleArgument = Annotated[
    str, typer.Argument(help="Text or HTML file of an article, or - for standard input.")
]


class Reader(StrEnum):
    """Readers of articles."""

    RULES = "rules"
    MODEL = "model"


ReaderOption = Annotated[
    Reader,
    typer.Option("--reader", help="Rules, offline; or a model of your own, which the text is sent to."),
]
EndpointOption = Annotated[
    str | None,
    typer.Option(
        "--endpoint",
        help="Address like http://localhost:11434/v1, for --reader model. Default: $SOGDIA_MODEL_ENDPOINT. "
        "Its key is read from $SOGDIA_MODEL_KEY.",
    ),
]
ModelOption = Annotated[
    str | None,
    typer.Option("--model", help="Name of the model, for --reader model. Default: $SOGDIA_MODEL."),
]


class Mode(StrEnum):
    """Modes of the power system, as in its settings."""

    DISPATCH = "dispatch"
    EXPANSION = "expansion"


ModeOption = Annotated[
    Mode,
    typer.Option(
        "--mode", help="Electricity: dispatch, or expansion to build capacity beyond the margin too."
    ),
]


def threads_of(threads: int | None, workers: int | None) -> int | None:
    """Return the number of threads, and warn where it is given by its old name."""
    if workers is None:
        return threads
    typer.echo("sogdia: note: --workers is now --threads; the old name will be removed", err=True)
    return threads or workers


def codes_in(values: Iterable[str] | None) -> tuple[str, ...]:
    """Return the codes of an option that may be repeated or hold several, separated by commas."""
    return tuple(code.strip() for value in values or () for code in value.split(",") if code.strip())
