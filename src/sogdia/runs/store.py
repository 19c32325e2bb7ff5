"""The store of runs: one Parquet data set per run, written whole or not at all, queried with DuckDB.

::

    STORE/
    ├── runs/run=ID/       a finished run: run.json, one Parquet file per table
    ├── partial/           runs being written; never read
    └── claims/            locks of runs being computed

A run comes into ``runs`` by renaming its folder, when every byte of it is on the disk: whoever looks sees
all of it or nothing, whenever a process is killed. Two processes that write the same run write the same
content; the second finds the first's in place and drops its own.
"""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from sogdia.errors import DamagedError, InputError, UnknownNameError
from sogdia.runs.store_disk import locked, storage_error, sync_folder, write_durably
from sogdia.runs.store_tables import frame_of, parquet_of, query_of

RUN_FILE, SUFFIX, PREFIX = "run.json", ".parquet", "run="
FORGOTTEN_S = 3600.0
"""Age at which a folder under ``partial`` was left by a process that is no more: writing takes seconds."""
SHORTEST_PREFIX = 4


class StoredTable(BaseModel):
    """A table of a stored run: its rows and the bytes of its file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    bytes: int


class RunHead(BaseModel):
    """What a stored run is, beside its tables.

    Attributes:
        run: Its id, a SHA-256 of all that decides its result.
        kind: ``joint`` for a run of freight, trade and power of a study, ``other`` for what others keep here.
        region: Name of the region.
        plan: Name of the plan.
        scenario: Name of the scenario.
        year: Year looked at.
        parts: The digests that the id was made from, and the version.
        settings: Settings, in full.
        made: When, UTC.
        seconds: How long it took.
        figures: Single figures worth keeping: residuals, rounds.
        tables: Its tables; filled in when it is stored.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    run: str
    kind: str = "other"
    region: str
    plan: str
    scenario: str
    year: int
    parts: Mapping[str, str]
    settings: Mapping[str, Any]
    made: str
    seconds: float
    figures: Mapping[str, float] = {}
    tables: Mapping[str, StoredTable] = {}

    @property
    def label(self) -> str:
        """The run in words, ``plan/scenario/year``."""
        return f"{self.plan}/{self.scenario}/{self.year}"


class Store:
    """A folder of runs. Making one touches no disk; a folder that is not there is an empty store.

    Args:
        folder: Where it is.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def __contains__(self, run: str) -> bool:
        return (self._home(run) / RUN_FILE).is_file()

    def runs(self) -> list[str]:
        """Ids of all finished runs, sorted."""
        try:
            found = [path.name for path in (self.folder / "runs").iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise storage_error(error, self.folder, "read") from error
        return sorted(name.removeprefix(PREFIX) for name in found if name.startswith(PREFIX))

    def head(self, run: str) -> RunHead:
        """What a run is.

        Raises:
            UnknownNameError: If it is not in the store.
            CannotRunError: If somebody changed its files.
        """
        path = self._home(run) / RUN_FILE
        try:
            return RunHead.model_validate_json(path.read_bytes())
        except FileNotFoundError as error:
            raise UnknownNameError("run", run, [each[:12] for each in self.runs()]) from error
        except ValidationError as error:
            raise _damaged(path, run) from error
        except OSError as error:
            raise storage_error(error, self.folder, "read") from error

    def heads(self) -> list[RunHead]:
        """All runs that can be read, by region, plan, scenario, year and time.

        One removed meanwhile is left out, and so are those of :meth:`damaged`: a run that nobody can read
        does not stand in the way of the others.
        """
        found = []
        for run in self.runs():
            with suppress(UnknownNameError, DamagedError):
                found.append(self.head(run))
        return sorted(found, key=lambda head: (head.region, head.plan, head.scenario, head.year, head.made))

    def damaged(self) -> list[str]:
        """Ids of runs that somebody changed, or that a version with another layout wrote."""
        found = []
        for run in self.runs():
            try:
                self.head(run)
            except UnknownNameError:
                continue
            except DamagedError:
                found.append(run)
        return found

    def read(self, run: str, table: str) -> pd.DataFrame:
        """A table of a run, as it was written.

        Raises:
            UnknownNameError: If there is no such run or table.
            CannotRunError: If somebody changed its file.
        """
        known = self.head(run).tables
        if table not in known:
            raise UnknownNameError("table of the run", table, known)
        path = self._path(run, table)
        try:
            data = path.read_bytes()
        except OSError as error:
            raise storage_error(error, self.folder, "read") from error
        if len(data) != known[table].bytes:
            raise _damaged(path, run)
        return frame_of(data)

    def tables(self, run: str) -> dict[str, pd.DataFrame]:
        """Every table of a run."""
        return {name: self.read(run, name) for name in self.head(run).tables}

    def write(self, head: RunHead, tables: Mapping[str, pd.DataFrame]) -> RunHead:
        """Put a run into the store, whole or not at all.

        Args:
            head: What it is.
            tables: Its tables, by name.

        Returns:
            The head as stored; that of the run already there, if one is.

        Raises:
            CannotRunError: If the disk is full or may not be written.
        """
        content = {name: parquet_of(table) for name, table in tables.items()}
        sizes = {name: StoredTable(rows=len(tables[name]), bytes=len(data)) for name, data in content.items()}
        whole = head.model_copy(update={"tables": sizes})
        try:
            self._put(whole, content)
        except OSError as error:
            raise storage_error(error, self.folder, "written") from error
        return self.head(head.run)

    def _put(self, head: RunHead, content: Mapping[str, bytes]) -> None:
        for name in ("runs", "partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        partial = Path(tempfile.mkdtemp(prefix=f"{head.run[:12]}-", dir=self.folder / "partial"))
        try:
            for name, data in content.items():
                write_durably(partial / f"{name}{SUFFIX}", data)
            write_durably(partial / RUN_FILE, head.model_dump_json(indent=1).encode())
            sync_folder(partial)
            partial.chmod(0o755)
            try:
                partial.rename(self._home(head.run))
            except OSError:
                if head.run not in self:
                    raise
            sync_folder(self.folder / "runs")
        finally:
            shutil.rmtree(partial, ignore_errors=True)

    def remove(self, run: str) -> None:
        """Take a run out of the store; it vanishes at once, whole.

        Raises:
            UnknownNameError: If it is not there.
            CannotRunError: If the store may not be written.
        """
        if run not in self:
            raise UnknownNameError("run", run, [each[:12] for each in self.runs()])
        try:
            (self.folder / "partial").mkdir(parents=True, exist_ok=True)
            aside = Path(tempfile.mkdtemp(prefix=f"{run[:12]}-gone-", dir=self.folder / "partial"))
            self._home(run).rename(aside / "run")
            shutil.rmtree(aside, ignore_errors=True)
        except OSError as error:
            raise storage_error(error, self.folder, "written") from error

    def tidy(self) -> int:
        """Remove what killed processes left half-written more than an hour ago; how many folders."""
        count = 0
        with suppress(OSError):
            for path in (self.folder / "partial").iterdir():
                if time.time() - path.stat().st_mtime > FORGOTTEN_S:
                    shutil.rmtree(path, ignore_errors=True)
                    count += 1
        return count

    @contextmanager
    def claim(self, run: str) -> Iterator[None]:
        """Be the only process on this store that computes a run; waits while another one does.

        A claim ends with its process, however that ends. Look again whether the run is in the store once
        the claim is had.

        Raises:
            CannotRunError: If the store may not be written.
        """
        path = self.folder / "claims" / f"{run}.lock"
        stack = ExitStack()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path))
        except OSError as error:
            raise storage_error(error, self.folder, "written") from error
        with stack:
            yield
            if run in self:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def find(self, told: str) -> RunHead:
        """A run by the beginning of its id or by ``plan/scenario`` or ``plan/scenario/year``.

        Of several runs with the same label the newest is meant.

        Raises:
            UnknownNameError: If nothing fits.
            InputError: If several ids begin so.
            CannotRunError: If somebody changed its files.
        """
        return self.head(self.match(told))

    def match(self, told: str) -> str:
        """The id of the run that :meth:`find` finds, whether it can be read or not."""
        fitting = [run for run in self.runs() if run.startswith(told)] if len(told) >= SHORTEST_PREFIX else []
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise InputError(f"{len(fitting)} runs begin with {told!r}; give more of the id")
        heads = self.heads()
        joint = [head for head in heads if head.kind == "joint"]
        labelled = [head for head in joint if told in (head.label, head.label.rpartition("/")[0])]
        if not labelled:
            raise UnknownNameError("run", told, [head.label for head in joint])
        return max(labelled, key=lambda head: head.made).run

    def query(self, sql: str, runs: Sequence[str] | None = None) -> pd.DataFrame:
        """Ask DuckDB about the tables of runs: each is a view with the column ``run``, beside ``runs``.

        Args:
            sql: A query, such as ``SELECT run, sum(gain_musd) FROM economies WHERE home GROUP BY run``.
            runs: Ids to look at; all where not given.

        Raises:
            InputError: If DuckDB does not understand it.
            UnknownNameError: If a run is not there.
        """
        heads = self.heads() if runs is None else [self.head(run) for run in runs]
        files: dict[str, list[Path]] = {}
        for head in heads:
            for name in head.tables:
                files.setdefault(name, []).append(self._path(head.run, name))
        return query_of(sql, files, pd.DataFrame([_row(head) for head in heads], columns=list(RUN_COLUMNS)))

    def _home(self, run: str) -> Path:
        return self.folder / "runs" / f"{PREFIX}{run}"

    def _path(self, run: str, table: str) -> Path:
        return self._home(run) / f"{table}{SUFFIX}"


RUN_COLUMNS = ("run", "kind", "region", "plan", "scenario", "year", "made", "seconds", "version")


def _row(head: RunHead) -> dict[str, Any]:
    told = {name: getattr(head, name) for name in RUN_COLUMNS if name != "version"}
    return {**told, "version": head.parts.get("version", "")}


def _damaged(path: Path, run: str) -> DamagedError:
    return DamagedError(
        f"{path}: not as Sogdia wrote it; take the run away (sogdia rm {run[:12]}) and make it again"
    )
