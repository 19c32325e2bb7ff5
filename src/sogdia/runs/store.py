"""Store runs: one Parquet data set for each, written completely or not at all, queried with DuckDB.

::

    STORE/
    ├── runs/run=KEY/      a finished run: run.json, one Parquet file for each table
    ├── partial/           runs being written; never read
    └── claims/            locks of runs being computed

A run enters ``runs`` by renaming its folder once every byte is on the disk: a reader sees all of it or none,
whenever a process is killed. Two processes that write the same run write the same content; the second finds
the first's in place and drops its own.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any, Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from sogdia.errors import CannotRunError, DamagedError, InputError, UnknownNameError
from sogdia.files import locked, remove_abandoned, scratch_folder, sync_folder, write_durably
from sogdia.runs.run_names import find_by_label
from sogdia.runs.store_disk import store_errors
from sogdia.runs.store_tables import from_parquet, query_tables, to_parquet
from sogdia.runs.version import engine_version

RUN_FILE, SUFFIX, PREFIX, LOCK_SUFFIX = "run.json", ".parquet", "run=", ".lock"
ABANDONED_S = 3600.0
"""Age at which a folder under ``partial`` is abandoned: writing takes seconds."""
SHORTEST_PREFIX = 4
SHOWN_OF_KEY = 12


class StoredTable(BaseModel):
    """A table of a stored run: its rows, the bytes of its file, and their SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    bytes: int
    sha256: str = ""


class RunMetadata(BaseModel):
    """Description of a stored run, the content of ``run.json``.

    Attributes:
        store_version: Version of the layout that it was written with: files, and fields of ``run.json``.
        run: Its key, a SHA-256 of all that decides its result.
        kind: ``joint`` for freight, trade and the power system; ``economies`` if only these are stored;
            ``goods`` and ``power`` for one of dependence.
        region: Name of the region.
        plan: Name of the plan.
        scenario: Name of the scenario.
        year: Year of the case.
        parts: The digests that the key is made from, and the version of the engines.
        settings: Settings, in full.
        created: Time of its end, UTC.
        seconds: Time it took.
        figures: Residuals and numbers of rounds.
        tables: Its tables; filled in when it is stored.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    store_version: Literal[2] = 2
    run: str
    kind: str
    region: str
    plan: str
    scenario: str
    year: int
    parts: Mapping[str, str]
    settings: Mapping[str, Any]
    created: str = ""
    seconds: float = 0.0
    figures: Mapping[str, float] = {}
    tables: Mapping[str, StoredTable] = {}

    @property
    def label(self) -> str:
        """``plan/scenario/year``."""
        return f"{self.plan}/{self.scenario}/{self.year}"


class Store:
    """A folder of runs. Making the object touches no disk; a folder that does not exist is an empty store.

    Args:
        folder: The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)

    def __contains__(self, key: str) -> bool:
        return (self._run_folder(key) / RUN_FILE).is_file()

    def run_keys(self) -> list[str]:
        """Return the keys of all finished runs, sorted.

        Raises:
            CannotRunError: If the store is a file, or cannot be read.
        """
        runs = self.folder / "runs"
        if self.folder.exists() and not self.folder.is_dir():
            raise CannotRunError(f"the store {self.folder} is a file: give a folder with --store")
        with store_errors(self.folder, "read"):
            names = [path.name for path in runs.iterdir()] if runs.exists() else []
        return sorted(name.removeprefix(PREFIX) for name in names if name.startswith(PREFIX))

    def metadata(self, key: str) -> RunMetadata:
        """Return the description of a run.

        Raises:
            UnknownNameError: If it is not in the store.
            DamagedError: If its file was changed, or another version wrote it.
            CannotRunError: If it cannot be read.
        """
        path = self._run_folder(key) / RUN_FILE
        try:
            with store_errors(self.folder, "read"):
                content = path.read_bytes()
        except CannotRunError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise self._unknown(key) from error
            raise
        try:
            return RunMetadata.model_validate_json(content)
        except ValidationError as error:
            raise _damaged(path, key) from error

    def all_metadata(self) -> list[RunMetadata]:
        """Return all runs that can be read, by region, plan, scenario, year and time.

        Runs that are removed meanwhile are left out, as are those of :meth:`damaged`.
        """
        found = []
        for key in self.run_keys():
            with suppress(UnknownNameError, DamagedError):
                found.append(self.metadata(key))
        return sorted(found, key=lambda run: (run.region, run.plan, run.scenario, run.year, run.created))

    def damaged(self) -> list[str]:
        """Return the keys of runs whose files were changed, or that another version of the store wrote."""
        found = []
        for key in self.run_keys():
            try:
                self.metadata(key)
            except UnknownNameError:
                continue
            except DamagedError:
                found.append(key)
        return found

    def read(self, key: str, table: str) -> pd.DataFrame:
        """Return a table of a run, as it was written.

        Raises:
            UnknownNameError: If the store has no such run or table.
            DamagedError: If its file was changed or deleted.
        """
        stored = self.metadata(key).tables
        if table not in stored:
            raise UnknownNameError("table of the run", table, stored)
        path = self._table_path(key, table)
        try:
            with store_errors(self.folder, "read"):
                data = path.read_bytes()
        except CannotRunError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise (_damaged(path, key) if key in self else self._unknown(key)) from error
            raise
        if len(data) != stored[table].bytes or stored[table].sha256 not in ("", _digest(data)):
            raise _damaged(path, key)
        return from_parquet(data)

    def tables(self, key: str) -> dict[str, pd.DataFrame]:
        """Return every table of a run."""
        return {name: self.read(key, name) for name in self.metadata(key).tables}

    def write(self, metadata: RunMetadata, tables: Mapping[str, pd.DataFrame]) -> RunMetadata:
        """Store a run, completely or not at all.

        Args:
            metadata: Its description.
            tables: Its tables, by name.

        Returns:
            The description as stored; that of the run already in the store, if there is one.

        Raises:
            CannotRunError: If the disk is full or may not be written.
        """
        content = {name: to_parquet(table) for name, table in tables.items()}
        sizes = {
            name: StoredTable(rows=len(tables[name]), bytes=len(data), sha256=_digest(data))
            for name, data in content.items()
        }
        with store_errors(self.folder, "written"):
            self._write(metadata.model_copy(update={"tables": sizes}), content)
        return self.metadata(metadata.run)

    def _write(self, metadata: RunMetadata, content: Mapping[str, bytes]) -> None:
        for name in ("runs", "partial"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        prefix = f"{metadata.run[:SHOWN_OF_KEY]}-"
        with scratch_folder(self.folder / "partial", prefix) as scratch:
            partial = scratch / "run"
            partial.mkdir(mode=0o755)
            for name, data in content.items():
                write_durably(partial / f"{name}{SUFFIX}", data)
            write_durably(partial / RUN_FILE, metadata.model_dump_json(indent=1).encode())
            sync_folder(partial)
            try:
                partial.rename(self._run_folder(metadata.run))
            except OSError:
                if metadata.run not in self:
                    raise
            sync_folder(self.folder / "runs")

    def remove(self, key: str) -> None:
        """Remove a run; it disappears at once, with all its tables.

        Raises:
            UnknownNameError: If it is not in the store.
            CannotRunError: If the store may not be written.
        """
        if key not in self:
            raise self._unknown(key)
        with store_errors(self.folder, "written"):
            (self.folder / "partial").mkdir(parents=True, exist_ok=True)
            prefix = f"{key[:SHOWN_OF_KEY]}-removed-"
            with scratch_folder(self.folder / "partial", prefix) as aside:
                self._run_folder(key).rename(aside / "run")

    def tidy(self) -> int:
        """Remove partial folders that killed processes left; return their number. Locks of theirs go too.

        On a file system without locks, and of older versions, they are those of over an hour ago.
        """
        count = remove_abandoned(self.folder / "partial", "")
        for path in (self.folder / "claims").glob(f"*{LOCK_SUFFIX}"):
            with suppress(OSError), locked(path, waits=False, remains=False):
                pass
        with suppress(OSError):
            for path in (self.folder / "partial").iterdir():
                if time.time() - path.stat().st_mtime > ABANDONED_S:
                    shutil.rmtree(path, ignore_errors=True)
                    count += 1
        return count

    @contextmanager
    def claim(self, key: str) -> Iterator[None]:
        """Hold the right to compute a run, alone among all processes on this store; wait for it if needed.

        A claim ends with its process, however that ends. Check again that the run is missing once you hold
        the claim.

        Raises:
            CannotRunError: If the store may not be written.
        """
        path = self.folder / "claims" / f"{key}{LOCK_SUFFIX}"
        stack = ExitStack()
        with store_errors(self.folder, "written"):
            path.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(locked(path, remains=False))
        with stack:
            yield

    def find(self, name: str) -> RunMetadata:
        """Return a run by the start of its key, or its label (:func:`~sogdia.runs.run_names.find_by_label`).

        Raises:
            UnknownNameError: If no run matches.
            InputError: If several keys start so, or several runs have the label.
            DamagedError: If its file was changed.
        """
        return self.metadata(self.match(name))

    def match(self, name: str) -> str:
        """Return the key of the run that :meth:`find` returns, even if it is damaged."""
        is_prefix = len(name) >= SHORTEST_PREFIX
        matches = [key for key in self.run_keys() if is_prefix and key.startswith(name)]
        if len(matches) == 1:
            return matches[0]
        if matches:
            raise InputError(f"{len(matches)} runs begin with {name!r}; give more of the key")
        return find_by_label(name, self.all_metadata(), engine_version()).run

    def query(self, sql: str, keys: Sequence[str] | None = None) -> pd.DataFrame:
        """Query the tables of runs with DuckDB: each is a view with the column ``run``, next to ``runs``.

        Args:
            sql: A query, such as ``SELECT run, sum(gain_musd) FROM economies WHERE home GROUP BY run``.
            keys: Runs to query; all if not given.

        Raises:
            InputError: If the query is invalid.
            UnknownNameError: If a run is not in the store.
        """
        runs = self.all_metadata() if keys is None else [self.metadata(key) for key in keys]
        files: dict[str, list[Path]] = {}
        for run in runs:
            for name in run.tables:
                files.setdefault(name, []).append(self._table_path(run.run, name))
        return query_tables(sql, files, pd.DataFrame([_row(run) for run in runs], columns=list(RUN_COLUMNS)))

    def _run_folder(self, key: str) -> Path:
        return self.folder / "runs" / f"{PREFIX}{key}"

    def _table_path(self, key: str, table: str) -> Path:
        return self._run_folder(key) / f"{table}{SUFFIX}"

    def _unknown(self, key: str) -> UnknownNameError:
        return UnknownNameError("run", key, [each[:SHOWN_OF_KEY] for each in self.run_keys()])


RUN_COLUMNS = ("run", "kind", "region", "plan", "scenario", "year", "created", "seconds", "version")


def _row(run: RunMetadata) -> dict[str, Any]:
    fields = {name: getattr(run, name) for name in RUN_COLUMNS if name != "version"}
    return {**fields, "version": run.parts.get("version", "")}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _damaged(path: Path, key: str) -> DamagedError:
    return DamagedError(
        f"{path}: changed since Sogdia wrote it, or written by another version; remove the run (sogdia rm "
        f"{key[:SHOWN_OF_KEY]}) and run it again"
    )
