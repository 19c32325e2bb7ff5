"""The exceptions of Sogdia, and the record of one error in a user's file.

::

    SogdiaError
    ├── InputError                user input is invalid: exit code 1
    │   ├── FaultsError           a pack, plan, scenario or table has errors; all are listed
    │   ├── UnknownNameError      a name is not declared; the message offers the nearest valid names
    │   └── NoSolutionError       a power system is infeasible or unbounded
    ├── NotConvergedError         an iteration stopped short of its tolerance: exit code 1
    └── CannotRunError            nothing could be examined, such as a missing folder: exit code 2
        └── DamagedError          a stored run was changed or has another layout

A user's mistake raises one of these and is shown as a message. Any other exception is a mistake in
Sogdia and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sogdia.names import hidden_characters, nearest_names

Aliases = Mapping[str, Iterable[str]]
LISTED_WHEN_FEW = 12
SIMILAR_SHOWN = 20
LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a user's file, with a suggested fix.

    Attributes:
        file: File name as the user knows it, relative to the pack.
        line: Line in the file, counted from 1 with the header; ``None`` if the error concerns the file.
        field: Column or key in error; ``None`` if the error concerns the row or the file.
        problem: The error, as text.
        suggested_fix: How to correct it, as text; empty if the problem implies it.
        kind: Short fixed name of the check, for programs.
    """

    file: str
    line: int | None
    field: str | None
    problem: str
    suggested_fix: str = ""
    kind: str = "fault"

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        if self.field:
            place = f"{place} {self.field}"
        return f"{place}: {self.problem}" + (f"; {self.suggested_fix}" if self.suggested_fix else "")

    def as_dict(self) -> dict[str, str | int | None]:
        """Return the error as plain data, for JSON."""
        return asdict(self)


def render_faults(faults: Sequence[Fault]) -> str:
    """Write errors one per line; of errors similar in file, field and kind the first twenty and a count."""
    totals: dict[tuple[str, str | None, str], int] = {}
    for fault in faults:
        key = (fault.file, fault.field, fault.kind)
        totals[key] = totals.get(key, 0) + 1
    shown: dict[tuple[str, str | None, str], int] = {}
    lines = []
    for fault in faults:
        key = (fault.file, fault.field, fault.kind)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= SIMILAR_SHOWN:
            lines.append(str(fault))
        elif shown[key] == SIMILAR_SHOWN + 1:
            place = f"{fault.file} {fault.field}" if fault.field else fault.file
            lines.append(f"{place}: and {totals[key] - SIMILAR_SHOWN:,} more errors of this kind")
    return "\n".join(lines)


def nearest(name: str, valid: Iterable[str], aliases: Aliases | None = None) -> list[str]:
    """Return the valid names most similar to ``name``, best first, at most three."""
    return nearest_names(name, valid, aliases or {})


def did_you_mean(name: str, valid: Iterable[str], aliases: Aliases | None = None) -> str:
    """Suggest the nearest valid names, or all of them if they are few and none is near.

    Args:
        name: The name.
        valid: Valid names.
        aliases: Valid names by their other names, such as titles, as :func:`sogdia.names.fold` writes them.
    """
    names = sorted(set(valid))
    close = nearest(name, names, aliases)
    if close:
        return "; ".join(["did you mean " + " or ".join(close) + "?", *hidden_characters(name)])
    if 0 < len(names) <= LISTED_WHEN_FEW:
        return "one of " + ", ".join(names)
    return ""


def clip(text: str) -> str:
    """Quote ``text`` for a message, shortened if it is long."""
    return repr(text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "...")


def _rebuild(kind: type[SogdiaError], args: tuple[Any, ...], state: dict[str, Any]) -> SogdiaError:
    error = kind.__new__(kind)
    error.args = args
    error.__dict__.update(state)
    return error


class SogdiaError(Exception):
    """Base of every error that Sogdia raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        # Subclasses build their message from other arguments; a worker process must hand them back intact.
        return _rebuild, (type(self), self.args, dict(self.__dict__))


class InputError(SogdiaError):
    """User input is invalid. The message says where, and suggests a fix."""


class FaultsError(InputError):
    """A region pack, plan, scenario or table has errors; all are in ``faults``.

    Usually helps: run ``sogdia check`` on the pack and correct the cells it names.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        count = f"{len(self.faults)} error" + ("" if len(self.faults) == 1 else "s")
        super().__init__(f"{render_faults(self.faults)}\n{count}")


class UnknownNameError(InputError):
    """A name is not declared; the message offers the nearest valid names."""

    def __init__(self, what: str, name: str, valid: Iterable[str]) -> None:
        self.name = name
        names = sorted(set(valid))
        hint = did_you_mean(name, names)
        super().__init__(f"no {what} is called {clip(name)}" + (f"; {hint}" if hint else ""))


class NoSolutionError(InputError):
    """A power system cannot meet its load under the constraints, or its cost is unbounded below.

    Usually helps: more capacity or lines at the places the message names, load shedding, a looser cap on
    emissions; if cost is unbounded, a limit on sales at a negative price.

    Attributes:
        status: Status that HiGHS reports.
        places: Constraints in conflict or variables without bound, worst first.
    """

    def __init__(self, status: str, message: str, places: tuple[str, ...]) -> None:
        self.status, self.places = status, places
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Overload:
    """A capacity far below the flow that is sent over it.

    Attributes:
        name: Name of the capacity.
        flow: Flow at the end of the iteration, in the unit of the capacity.
        capacity: The capacity.
        rows: Rows of tables that state it, with file and line; empty if not known.
    """

    name: str
    flow: float
    capacity: float
    rows: str = ""

    def __str__(self) -> str:
        place = f"{self.rows} " if self.rows else ""
        times = self.flow / self.capacity
        return f"{place}{self.name}: {self.flow:,.6g} on {self.capacity:,.6g} ({times:,.3g} times)"


class NotConvergedError(SogdiaError):
    """An iteration stopped short of its tolerance; its record is in ``convergence``.

    Usually helps: a looser tolerance, more iterations, or correcting data that make costs discontinuous.

    Attributes:
        convergence: Record of the iteration, a :class:`sogdia.numerics.Convergence`.
        overloads: Capacities most exceeded at its end.
    """

    def __init__(self, convergence: Any, overloads: Sequence[Overload] = ()) -> None:
        self.convergence, self.overloads = convergence, tuple(overloads)
        causes = f"; most exceeded: {'; '.join(map(str, overloads))}" if overloads else ""
        super().__init__(
            f"{convergence.measure} is {convergence.residual:.3g} after {convergence.iterations} iterations "
            f"and {convergence.seconds:.1f} s; the tolerance is {convergence.target:.3g}{causes}"
        )


class CannotRunError(SogdiaError):
    """Nothing could be examined: a folder does not exist, a file may not be read."""


class DamagedError(CannotRunError):
    """A stored run was changed outside Sogdia, or another version wrote it in another layout."""
