"""Jobs: units of work that the scheduler runs, each stored under a key of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import pandas as pd

from sogdia.coupling.case_networks import TableDigests
from sogdia.region import Region
from sogdia.runs.context import RunContext
from sogdia.runs.store import RunMetadata, Store

Tables = Mapping[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class JobResult:
    """Result of a job, ready to be stored.

    Attributes:
        metadata: Description of the run; the scheduler fills in time and duration.
        tables: Its tables, by name.
    """

    metadata: RunMetadata
    tables: Tables


class Job(Protocol):
    """A unit of work with a key in the store; it travels to workers, so it holds definitions only."""

    @property
    def key(self) -> str:
        """Key in the store: a digest of all that decides the result."""
        ...

    @property
    def label(self) -> str:
        """Name for readers."""
        ...

    @property
    def kind(self) -> str:
        """Kind of the run, as in its metadata."""
        ...

    @property
    def stops_on_error(self) -> bool:
        """True if an error of this job ends all others; otherwise its report carries the message."""
        ...

    def is_stored(self, store: Store) -> bool:
        """Return true if the store has the result, or one that includes it."""
        ...

    def network_key(self, region: Region, digests: TableDigests, /) -> str:
        """Return the key of the network that the job uses; jobs with one key run one after another."""
        ...

    def compute(self, context: RunContext, threads: int, /) -> JobResult:
        """Compute the result; it must not depend on the number of threads.

        Raises:
            SogdiaError: If the case is invalid or an engine does not solve it.
        """
        ...


class Baseline(Protocol):
    """Definition of a baseline, solved once and shared by its jobs."""

    @property
    def key(self) -> str:
        """Digest of the definition."""
        ...

    @property
    def region(self) -> Region:
        """The region."""
        ...

    def make(self, threads: int) -> RunContext:
        """Solve the baseline.

        Raises:
            SogdiaError: If it is invalid or an engine does not solve it.
        """
        ...


@dataclass(frozen=True, eq=False)
class JobGroup:
    """Jobs that are compared with one baseline.

    Attributes:
        baseline: The baseline.
        jobs: The jobs.
        is_alone: True if no other group has the baseline, as of a sample of an ensemble: the worker that runs
            the jobs always solves it, and no other process gets it.
    """

    baseline: Baseline
    jobs: tuple[Job, ...]
    is_alone: bool = False


@dataclass(frozen=True)
class RunReport:
    """Report of a job: found in the store, computed, or failed.

    Attributes:
        key: Key of the job.
        label: Name for readers.
        kind: Kind of the run.
        seconds: Time it took its worker; 0 if it was stored.
        is_new: True if it was computed now.
        error: Message if it failed; else empty.
    """

    key: str
    label: str
    kind: str
    seconds: float = 0.0
    is_new: bool = False
    error: str = ""
