"""Options that several commands share."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from sogdia.errors import CannotRunError

DEFAULT_REGION = "central_asia"
PackOption = Annotated[str, typer.Option("--region", help="A shipped region's name, or a folder.")]


def writable_folder(folder: Path) -> Path:
    """A folder to write into, made where it is not there: asked before long work, not after.

    Raises:
        CannotRunError: If a file stands there, or nothing can be written into it.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except (FileExistsError, NotADirectoryError) as error:
        raise CannotRunError(f"{folder}: a file stands there; --out wants a folder") from error
    except OSError as error:
        raise CannotRunError(f"{folder}: cannot be written: {error.strerror or error}") from error
    return folder
