"""Commands and the extras that they need, checked before a command begins."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from typer.core import TyperCommand

from sogdia.api.progress import Waiting
from sogdia.errors import FaultsError, InputError
from sogdia.extras import require_extras

NEEDED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "assign": ("freight",),
        "brief": ("report",),
        "calibrate demand": ("freight",),
        "calibrate empties": ("freight",),
        "calibrate freight": ("freight",),
        "calibrate power": ("power",),
        "compare": ("study",),
        "counterfactual": ("trade",),
        "dependence": ("study",),
        "ensemble": ("uncertainty",),
        "freight": ("freight",),
        "gravity": ("gravity",),
        "ledger import": ("ledger",),
        "ledger match": ("ledger",),
        "ledger propose": ("ledger",),
        "partners": ("study",),
        "plan-from": ("ledger",),
        "portfolio": ("portfolio", "study"),
        "power": ("power",),
        "project-values": ("study",),
        "read": ("ledger",),
        "resume": ("study",),
        "rm": ("study",),
        "run": ("study",),
        "serve": ("web",),
        "status": ("study",),
        "trade": ("trade",),
        "validate": ("freight", "power"),
    }
)
"""Extras of each command that needs some; options may need more, and say so."""
NEEDED_BY_FORMAT: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "xlsx": ("report",),
        "gpkg": ("study", "geo"),
        "geojson": ("study",),
        "parquet": ("study",),
        "csv": ("study",),
        "pypsa": ("power",),
        "gmns": ("freight",),
        "omx": ("freight", "omx"),
    }
)
"""Extras of each format of ``sogdia export``."""


SILENT: Final = frozenset({"serve", "version"})
"""Commands without lines of progress: they end at once, or say themselves that they run."""


class Command(TyperCommand):
    """A command that names missing extras before it begins, and says that it runs after two seconds."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the words of the command line.

        Raises:
            InputError: If a path is empty, as of a variable that is not set; it would be the current folder.
        """
        is_empty = any(word == "" or (word.startswith("--") and word.endswith("=")) for word in args)
        rest = super().parse_args(ctx, args)
        for parameter in self.params if is_empty else ():
            if ctx.params.get(parameter.name or "") == Path() and not {".", "./"} & set(args):
                name = next((each for each in parameter.opts if each.startswith("--")), parameter.name)
                raise InputError(f"{name}: the path is empty; name a file or folder")
        return rest

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises:
            CannotRunError: If an extra is not installed.
            InputError: If the input is invalid; options are named as the user typed them.
        """
        name = name_of(ctx)
        require_extras(NEEDED.get(name, ()), f"the command {name}")
        is_shown = name not in SILENT and not (ctx.params.get("quiet") or ctx.params.get("as_json"))
        try:
            with Waiting(name, is_shown):
                return super().invoke(ctx)
        except FaultsError:
            raise
        except InputError as error:
            argument, colon, problem = str(error).partition(": ")
            option = self._option_of(argument) if colon else None
            if option is None:
                raise
            raise InputError(f"{option}: {problem}") from error

    def _option_of(self, argument: str) -> str | None:
        """Return the option of an argument of our functions, as it was typed; ``None`` if it has none."""
        for parameter in self.params:
            spellings = [*parameter.opts, *parameter.secondary_opts]
            if parameter.name == argument and spellings[0].startswith("--"):
                typed = [each for each in spellings for word in sys.argv if word.split("=")[0] == each]
                return typed[0] if typed else spellings[0]
        return None


def name_of(ctx: Any) -> str:
    """Return the words of a command after that of the program, which may be ``python -m sogdia``."""
    words: list[str] = []
    while ctx.parent is not None:
        words.append(str(ctx.info_name))
        ctx = ctx.parent
    return " ".join(reversed(words))
