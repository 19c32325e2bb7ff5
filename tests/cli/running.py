"""One call of the command line in this process, and JSON as the standard has it."""

from __future__ import annotations

import json
import sys
from typing import Any, NamedTuple

import pytest

from sogdia.cli import main


class Run(NamedTuple):
    """Exit code, standard output and standard error of a call."""

    code: int | str
    out: str
    err: str


class Cli:
    """The command line.

    Args:
        capsys: Captured output.
        patch: Used to set ``sys.argv``.
        first: Words that every call begins with.
    """

    def __init__(
        self,
        capsys: pytest.CaptureFixture[str],
        patch: pytest.MonkeyPatch,
        first: tuple[object, ...] = (),
    ) -> None:
        self._capsys, self._patch, self._first = capsys, patch, first

    def __call__(self, *words: object) -> Run:
        self._patch.setattr(sys, "argv", ["sogdia", *map(str, (*self._first, *words))])
        with pytest.raises(SystemExit) as ended:
            main()
        return Run(ended.value.code or 0, *self._capsys.readouterr())

    def command(self, *words: object) -> Cli:
        """The same with words that every call begins with."""
        return Cli(self._capsys, self._patch, (*self._first, *words))


def strict_json(text: str) -> Any:
    """Parse JSON without NaN and Infinity."""

    def refuse(word: str) -> None:
        raise AssertionError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)
