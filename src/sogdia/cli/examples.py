"""``sogdia examples``: the shipped example files in a folder of the user."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

FolderArgument = Annotated[Path, typer.Argument(help="Folder for the files; it is created.", metavar="[DIR]")]


def examples(folder: FolderArgument = Path("examples")) -> None:
    """Copy example plans, scenarios, studies, an article, a network and trade matrices into a folder.

    Lists the files, each with a command that reads it. A file there that differs is never replaced.
    """
    from sogdia.api.examples import TRIES, copy_examples

    written = copy_examples(folder)
    for name, arguments in TRIES.items():
        typer.echo(f"{folder / name}{'' if folder / name in written else ' (there already)'}")
        if arguments:
            words = [str(folder / word) if word in TRIES else word for word in arguments.split(" ")]
            typer.echo(f"    sogdia {shlex.join(words)}")
