"""Find a stored run by its label; two runs of one label differ in pack, definition, year or version."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeVar

from sogdia.errors import InputError, UnknownNameError

SHOWN_OF_KEY, SHOWN_OF_DIGEST, MOST_SHOWN = 12, 8, 12
JOINT = "joint"


class Labelled(Protocol):
    """Fields that a run is found by (:class:`sogdia.runs.store.RunMetadata`)."""

    @property
    def run(self) -> str:
        """Key."""
        ...

    @property
    def kind(self) -> str:
        """Kind of the run."""
        ...

    @property
    def region(self) -> str:
        """Name of the region."""
        ...

    @property
    def label(self) -> str:
        """``plan/scenario/year``."""
        ...

    @property
    def year(self) -> int:
        """Year of the case."""
        ...

    @property
    def created(self) -> str:
        """Time of its end."""
        ...

    @property
    def parts(self) -> Mapping[str, str]:
        """Digests that the key is made from, and the version of the engines."""
        ...


AnyRun = TypeVar("AnyRun", bound=Labelled)
DIFFERENCES: Final[Mapping[str, Callable[[Labelled], str]]] = {
    "region": lambda run: run.region,
    "pack": lambda run: run.parts.get("region", "")[:SHOWN_OF_DIGEST],
    "year": lambda run: str(run.year),
    "plan": lambda run: run.parts.get("plan", "")[:SHOWN_OF_DIGEST],
    "scenario": lambda run: run.parts.get("scenario", "")[:SHOWN_OF_DIGEST],
    "baseline": lambda run: run.parts.get("baseline_plan", "")[:SHOWN_OF_DIGEST],
    "settings": lambda run: run.parts.get("settings", "")[:SHOWN_OF_DIGEST],
    "version": lambda run: run.parts.get("version", ""),
}
"""Parts of a run in which two of one label may differ, as a message shows them."""


def find_by_label(name: str, runs: Sequence[AnyRun], version: str) -> AnyRun:
    """Return the run of a label, ``plan/scenario`` or ``plan/scenario/year``, or either after ``region:``.

    Runs of other versions of the engines count only if none of this version has the label.

    Args:
        name: The label.
        runs: Runs of the store.
        version: Version of the engines (:func:`sogdia.runs.version.engine_version`).

    Raises:
        UnknownNameError: If no run has the label.
        InputError: If several runs have it; the message lists them with what they differ in.
    """
    region, _, label = name.rpartition(":")
    joint = [run for run in runs if run.kind == JOINT]
    found = [
        run
        for run in joint
        if label in (run.label, run.label.rpartition("/")[0]) and region in ("", run.region)
    ]
    if not found:
        raise UnknownNameError("run", name, [run.label for run in joint])
    current = [run for run in found if run.parts.get("version") == version] or found
    if len(current) > 1:
        raise InputError(_choices(name, current))
    return current[0]


def _choices(name: str, runs: Sequence[Labelled]) -> str:
    """Return the message that lists runs of one label, the newest first, with what they differ in."""
    differ = [word for word, of in DIFFERENCES.items() if len({of(run) for run in runs}) > 1]
    ordered = sorted(runs, key=lambda run: run.created, reverse=True)
    lines = [
        f"  {run.run[:SHOWN_OF_KEY]}  {run.created}  "
        + ", ".join(f"{word} {DIFFERENCES[word](run)}" for word in differ)
        for run in ordered[:MOST_SHOWN]
    ]
    if len(ordered) > MOST_SHOWN:
        lines.append(f"  and {len(ordered) - MOST_SHOWN} more")
    head = f"{len(runs)} runs are called {name!r}; name one by the start of its id:"
    return "\n".join([head, *lines])
