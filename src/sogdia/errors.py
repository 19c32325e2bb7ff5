"""The exceptions of Sogdia, and the record of one fault in what a user brought.

::

    SogdiaError
    ├── InputError            what the user brought does not hold: exit code 1
    │   ├── FaultsError       a pack, plan or scenario with faults, all of them listed
    │   └── UnknownNameError  a name nobody declared; the nearest valid ones are offered
    └── CannotRunError        nothing could be examined at all (no such folder): exit code 2

A user's mistake becomes one of these and is shown as a message. Any other exception is a mistake of
Sogdia's own and keeps its traceback.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

NEAREST_SHOWN = 3
ALIKE_SHOWN = 20
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one place, with what would mend it.

    Attributes:
        file: File name as the user knows it, relative to the pack.
        line: Line in the file, counted from 1 with the header, or ``None`` for the whole file.
        field: Column or key the fault is in, or ``None`` for the whole row or file.
        problem: What is wrong, in words.
        mend: What would mend it, in words; empty where the problem says so already.
        kind: Short fixed name of the check, for programs.
    """

    file: str
    line: int | None
    field: str | None
    problem: str
    mend: str = ""
    kind: str = "fault"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.field:
            place = f"{place} {self.field}"
        return f"{place}: {self.problem}" + (f" ({self.mend})" if self.mend else "")

    def as_dict(self) -> dict[str, str | int | None]:
        """The fault as plain data, for JSON."""
        return asdict(self)


def render_faults(faults: Sequence[Fault]) -> str:
    """All faults, one a line; of faults alike in file, field and kind the first twenty and a count."""
    seen: dict[tuple[str, str | None, str], int] = {}
    for fault in faults:
        key = (fault.file, fault.field, fault.kind)
        seen[key] = seen.get(key, 0) + 1
    shown: dict[tuple[str, str | None, str], int] = {}
    lines = []
    for fault in faults:
        key = (fault.file, fault.field, fault.kind)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= ALIKE_SHOWN:
            lines.append(str(fault))
        elif shown[key] == ALIKE_SHOWN + 1:
            place = f"{fault.file} {fault.field}" if fault.field else fault.file
            lines.append(f"{place}: and {seen[key] - ALIKE_SHOWN:,} more faults of this kind")
    return "\n".join(lines)


def nearest(name: str, valid: Iterable[str]) -> list[str]:
    """The valid names most like ``name``, best first, at most three."""
    return difflib.get_close_matches(name, sorted(set(valid)), n=NEAREST_SHOWN, cutoff=0.5)


def did_you_mean(name: str, valid: Iterable[str]) -> str:
    """A hint naming the nearest valid names, or all of them where they are few and none is near."""
    names = sorted(set(valid))
    close = nearest(name, names)
    if close:
        return "did you mean " + " or ".join(close) + "?"
    if 0 < len(names) <= 12:
        return "one of " + ", ".join(names)
    return ""


def clip(text: str) -> str:
    """``text`` in quotes, cut where it is too long for a message."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "...")


class SogdiaError(Exception):
    """Base of every error Sogdia raises on purpose."""


class InputError(SogdiaError):
    """What the user brought does not hold. The message says where and what would mend it."""


class FaultsError(InputError):
    """A region pack, plan or scenario has faults; all are in ``faults``.

    Usually helps: run ``sogdia check`` on the pack and mend the cells it names.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = f"{len(self.faults)} fault" + ("" if len(self.faults) == 1 else "s")
        super().__init__(f"{render_faults(self.faults)}\n{count}")


class UnknownNameError(InputError):
    """A name that nothing declares; the message offers the nearest valid names."""

    def __init__(self, what: str, name: str, valid: Iterable[str]) -> None:
        self.name = name
        names = sorted(set(valid))
        hint = did_you_mean(name, names)
        super().__init__(f"no {what} is called {name!r}" + (f"; {hint}" if hint else ""))


class CannotRunError(SogdiaError):
    """Nothing could be examined: a folder that is not there, a file that may not be read."""
