"""Options that several commands share."""

from __future__ import annotations

from typing import Annotated

import typer

DEFAULT_REGION = "central_asia"
PackOption = Annotated[str, typer.Option("--region", help="A shipped region's name, or a folder.")]
