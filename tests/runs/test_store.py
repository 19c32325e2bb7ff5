"""The store: runs are written completely or not at all, whatever is killed, full, forbidden or damaged."""

from __future__ import annotations

import errno
import os
import random
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sogdia.cli.main import app
from sogdia.errors import CannotRunError, DamagedError, InputError, UnknownNameError
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version

from .forked import fork

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

POINTS = 20
"""Random points at which a writing process is killed."""


def metadata_of(run: str, **fields: Any) -> RunMetadata:
    known = {
        "run": run, "kind": "joint", "region": "isles", "plan": "as_is", "scenario": "reference",
        "year": 2030, "parts": {"version": "1"}, "settings": {}, "created": "2030-01-01T00:00:00+00:00",
        "seconds": 1.0,
    }  # fmt: skip
    return RunMetadata.model_validate(known | fields)


def tables_of(number: int) -> dict[str, pd.DataFrame]:
    drawn = np.random.default_rng(number).normal(size=20_000)
    return {
        "economies": pd.DataFrame({"economy": ["A", "B"], "home": [True, False], "gain": [drawn[0], np.nan]}),
        "links": pd.DataFrame({"link": [f"l{n}" for n in range(drawn.size)], "tonnes": drawn}),
    }


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_tables_are_read_as_written(store: Store) -> None:
    table = pd.DataFrame(
        {
            "name": pd.Series(["Кыргызстан", "", "a,b"], dtype="str"),
            "count": pd.Series([1, None, 3], dtype="Int64"),
            "there": pd.Series([True, None, False], dtype="boolean"),
            "kind": pd.Categorical(["x", "y", "x"]),
            "cost": [np.inf, np.nan, -0.0],
        }
    )
    store.write(metadata_of("a" * 64), {"types": table, "empty": table.iloc[:0].drop(columns="kind")})
    pd.testing.assert_frame_equal(store.read("a" * 64, "types"), table)
    pd.testing.assert_frame_equal(store.read("a" * 64, "empty"), table.iloc[:0].drop(columns="kind"))
    assert store.metadata("a" * 64).tables["types"].rows == 3


def test_run_of_another_store_version_is_damaged(store: Store) -> None:
    store.write(metadata_of("a" * 64), tables_of(1))
    path = next(store.folder.rglob("run.json"))
    path.write_text(
        path.read_text("utf-8").replace('"store_version": 2', '"store_version": 1'), encoding="utf-8"
    )
    assert store.damaged() == ["a" * 64]
    with pytest.raises(DamagedError, match="written by another version"):
        store.metadata("a" * 64)


def test_missing_folder_is_an_empty_store(store: Store) -> None:
    assert store.run_keys() == []
    assert store.all_metadata() == []
    assert "a" * 64 not in store
    assert not store.folder.exists()
    with pytest.raises(UnknownNameError):
        store.metadata("a" * 64)


def test_second_writer_keeps_the_first_run(store: Store) -> None:
    store.write(metadata_of("b" * 64, seconds=1.0), tables_of(1))
    again = store.write(metadata_of("b" * 64, seconds=9.0), tables_of(1))
    assert again.seconds == 1.0
    assert list((store.folder / "partial").iterdir()) == []


def test_removed_run_leaves_no_files(store: Store) -> None:
    store.write(metadata_of("c" * 64), tables_of(1))
    store.remove("c" * 64)
    assert store.run_keys() == []
    assert list((store.folder / "partial").iterdir()) == []
    with pytest.raises(UnknownNameError):
        store.remove("c" * 64)


def test_changed_file_raises(store: Store) -> None:
    store.write(metadata_of("d" * 64), tables_of(1))
    path = next(store.folder.rglob("links.parquet"))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CannotRunError, match=r"changed since Sogdia wrote it.*sogdia rm dddddddddddd"):
        store.read("d" * 64, "links")
    next(store.folder.rglob("run.json")).write_text("{", encoding="utf-8")
    with pytest.raises(CannotRunError, match="changed since Sogdia wrote it"):
        store.metadata("d" * 64)


def test_deleted_table_is_damaged(store: Store) -> None:
    store.write(metadata_of("d" * 64), tables_of(1))
    next(store.folder.rglob("links.parquet")).unlink()
    with pytest.raises(DamagedError, match=r"changed since Sogdia wrote it.*sogdia rm dddddddddddd"):
        store.read("d" * 64, "links")


@pytest.mark.parametrize("place", [4, 1000, -20])
def test_changed_file_of_the_same_size_raises(store: Store, place: int) -> None:
    store.write(metadata_of("d" * 64), tables_of(1))
    path = next(store.folder.rglob("links.parquet"))
    data = bytearray(path.read_bytes())
    data[place] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(DamagedError, match=r"changed since Sogdia wrote it.*sogdia rm dddddddddddd"):
        store.read("d" * 64, "links")


def test_query_of_a_damaged_table_says_so(store: Store) -> None:
    store.write(metadata_of("d" * 64), tables_of(1))
    path = next(store.folder.rglob("links.parquet"))
    path.write_bytes(b"x" * path.stat().st_size)
    with pytest.raises(DamagedError, match="a table of the store is damaged"):
        store.query("SELECT * FROM links")


def test_unreadable_run_is_listed_and_does_not_block_others(store: Store) -> None:
    for digit in "ab":
        store.write(metadata_of(digit * 64), tables_of(1))
    path = store.folder / "runs" / f"run={'a' * 64}" / "run.json"
    path.write_text('{"run": "of an old layout"}', encoding="utf-8")
    assert [each.run for each in store.all_metadata()] == ["b" * 64]
    assert store.damaged() == ["a" * 64]
    assert len(store.query("SELECT * FROM runs")) == 1
    with pytest.raises(CannotRunError, match="sogdia rm aaaaaaaaaaaa"):
        store.find("aaaa")
    listed = CliRunner().invoke(app, ["ls", "--runs", "--store", str(store.folder)])
    assert listed.exit_code == 0
    assert "aaaaaaaaaaaa cannot be read; sogdia rm --older" in listed.stderr
    removed = CliRunner().invoke(app, ["rm", "aaaaaaaaaaaa", "--store", str(store.folder)])
    assert removed.stdout == "removed aaaaaaaaaaaa  cannot be read\n"
    assert store.run_keys() == ["b" * 64]


def test_runs_are_found_by_the_start_of_a_key_and_by_label(store: Store) -> None:
    store.write(metadata_of("1234" + "a" * 60, plan="x"), tables_of(1))
    store.write(metadata_of("1234" + "b" * 60, plan="y"), tables_of(1))
    assert store.find("1234a").plan == "x"
    assert store.find("x/reference").plan == "x"
    assert store.find("y/reference/2030").run.startswith("1234b")
    assert store.find(f"{store.find('1234b').region}:y/reference").run.startswith("1234b")
    with pytest.raises(UnknownNameError):
        store.find("elsewhere:y/reference")
    with pytest.raises(InputError, match="2 runs begin with '1234'"):
        store.find("1234")
    with pytest.raises(UnknownNameError, match="did you mean x/reference/2030"):
        store.find("x/referense")


def test_label_of_several_runs_is_refused_with_what_they_differ_in(store: Store) -> None:
    packs = {digit: {"region": digit * 64, "plan": "7" * 64, "version": engine_version()} for digit in "ab"}
    for digit, parts in packs.items():
        store.write(metadata_of(digit * 64, parts=parts), tables_of(1))
    name = store.find("aaaa").label
    with pytest.raises(InputError) as caught:
        store.find(name)
    lines = str(caught.value).splitlines()
    assert lines[0] == f"2 runs are called {name!r}; name one by the start of its id:"
    assert {line.split()[0] + " " + line.partition("pack")[2] for line in lines[1:]} == {
        "aaaaaaaaaaaa  aaaaaaaa",
        "bbbbbbbbbbbb  bbbbbbbb",
    }
    assert store.find("bbbb").run == "b" * 64


def test_run_of_this_version_comes_before_those_of_others(store: Store) -> None:
    for digit, version in (("a", engine_version()), ("b", "0.1+old"), ("c", "0.2+old")):
        store.write(metadata_of(digit * 64, parts={"version": version}), tables_of(1))
    name = store.find("aaaa").label
    assert store.find(name).run == "a" * 64
    store.remove("a" * 64)
    with pytest.raises(InputError, match=r"(?s)version 0.*version 0"):
        store.find(name)


def test_duckdb_sees_all_runs(store: Store) -> None:
    for number in (1, 2):
        store.write(metadata_of(str(number) * 64, year=2030 + number), tables_of(number))
    sums = store.query("SELECT run, sum(tonnes) AS t FROM links GROUP BY run ORDER BY run")
    assert list(sums["run"]) == ["1" * 64, "2" * 64]
    assert sums["t"].tolist() == pytest.approx([tables_of(n)["links"]["tonnes"].sum() for n in (1, 2)])
    joined = store.query("SELECT year FROM runs JOIN economies USING (run) WHERE home ORDER BY year")
    assert joined["year"].tolist() == [2031, 2032]
    assert len(store.query("SELECT * FROM links", ["1" * 64])) == 20_000
    with pytest.raises(InputError, match="views: economies, links, runs"):
        store.query("SELECT * FROM lynks")


def test_abandoned_partial_folders_are_removed(store: Store) -> None:
    for name, age in (("old", 7200.0), ("new", 10.0)):
        folder = store.folder / "partial" / name
        folder.mkdir(parents=True)
        then = folder.stat().st_mtime - age
        os.utime(folder, (then, then))
    assert store.tidy() == 1
    assert [path.name for path in (store.folder / "partial").iterdir()] == ["new"]


def write_runs(folder: Path, point: int, log: Path) -> None:
    """Write six runs, and be killed at a line of the code that stores them; log the number of lines."""
    store, lines = Store(folder), 0

    def counted(frame: FrameType, event: str, _: object) -> Any:
        nonlocal lines
        path = frame.f_code.co_filename.replace(os.sep, "/")
        if "/runs/store" not in path and "/sogdia/files/" not in path:
            return None
        lines += event == "line"
        if lines == point:
            os.kill(os.getpid(), signal.SIGKILL)
        return counted

    tables_of(0)
    store.run_keys()
    sys.settrace(counted)
    for number in range(6):
        run = f"{number:064d}"
        with store.claim(run):
            if run not in store:
                store.write(metadata_of(run), tables_of(number))
                with log.open("a", encoding="utf-8") as file:
                    file.write(f"{run}\n")
    sys.settrace(None)
    log.with_suffix(".lines").write_text(str(lines), encoding="utf-8")


def exit_code_of_writer(folder: Path, point: int, log: Path) -> int | None:
    process = fork(write_runs, folder, point, log)
    process.join()
    return process.exitcode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_writer_killed_at_twenty_random_points_resumes_and_loses_no_run(tmp_path: Path) -> None:
    assert exit_code_of_writer(tmp_path / "complete", -1, tmp_path / "all.log") == 0
    lines = int((tmp_path / "all.lines").read_text("utf-8"))
    folder, log = tmp_path / "store", tmp_path / "finished.log"
    seen: set[str] = set()
    points = random.Random(20261125)
    killed = 0
    for _ in range(POINTS):
        remaining = lines * (6 - len(seen)) // 6
        code = exit_code_of_writer(folder, points.randint(1, max(remaining, 1)), log)
        killed += code == -signal.SIGKILL
        assert code in (0, -signal.SIGKILL)
        store = Store(folder)
        now = set(store.run_keys())
        logged = set(log.read_text("utf-8").split()) if log.exists() else set()
        assert seen | logged <= now, "a finished run is lost"
        for run in now:
            for name, table in tables_of(int(run)).items():
                pd.testing.assert_frame_equal(store.read(run, name), table)
        seen = now
        if len(seen) == 6:
            folder, log, seen = tmp_path / f"store{killed}", tmp_path / f"finished{killed}.log", set()
    assert killed > POINTS // 2
    assert exit_code_of_writer(folder, -1, log) == 0
    assert len(Store(folder).run_keys()) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="counts writers through a log that both append to")
def test_two_processes_compute_each_run_once(tmp_path: Path) -> None:
    both = [fork(write_runs, tmp_path / "store", -1, tmp_path / "log") for _ in range(2)]
    for one in both:
        one.join()
    assert [one.exitcode for one in both] == [0, 0]
    written = (tmp_path / "log").read_text("utf-8").split()
    assert sorted(written) == [f"{number:064d}" for number in range(6)], "each once"
    assert len(Store(tmp_path / "store").run_keys()) == 6


def test_second_claim_waits_for_the_first(store: Store) -> None:
    order: list[str] = []
    inside, finish = threading.Event(), threading.Event()

    def first() -> None:
        with store.claim("e" * 64):
            inside.set()
            finish.wait(10.0)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10.0)
    threading.Timer(0.2, finish.set).start()
    with store.claim("e" * 64):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows locks by other means")
@pytest.mark.parametrize("number", [errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP])
def test_file_system_without_locks_is_tolerated(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    import fcntl

    def unsupported(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", unsupported)
    with store.claim("e" * 64), store.claim("e" * 64):
        store.write(metadata_of("e" * 64), tables_of(1))
    assert "e" * 64 in store


def test_claim_leaves_no_lock_after_success_failure_and_a_killed_process(store: Store) -> None:
    claims = store.folder / "claims"
    with store.claim("e" * 64):
        assert len(list(claims.iterdir())) == 1
    with suppress(OSError), store.claim("f" * 64):
        raise OSError(errno.ENOSPC, "made up")
    assert list(claims.iterdir()) == []
    (claims / f"{'a' * 64}.lock").touch()
    with store.claim("b" * 64):
        store.tidy()
        assert [path.name[0] for path in claims.iterdir()] == ["b"], "the lock of a killed process goes"


def test_store_that_is_a_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "runs.txt"
    path.write_text("no store", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"runs.txt is a file: give a folder"):
        Store(path).run_keys()


def test_error_of_the_work_passes_a_claim_unchanged(store: Store) -> None:
    with pytest.raises(FileNotFoundError, match="of the work"), store.claim("e" * 64):
        raise FileNotFoundError("of the work")


FULL = """
import resource, signal, sys
from pathlib import Path
from runs.test_store import metadata_of, tables_of
from sogdia.errors import CannotRunError
from sogdia.runs.store import Store

store = Store(Path(sys.argv[1]))
store.write(metadata_of("0" * 64), {"small": tables_of(0)["economies"]})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    store.write(metadata_of("1" * 64), tables_of(1))
except CannotRunError as error:
    print(error)
assert store.run_keys() == ["0" * 64]
assert list((store.folder / "partial").iterdir()) == []
assert len(store.read("0" * 64, "small")) == 2
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_full_disk_raises_and_loses_no_run(tmp_path: Path) -> None:
    place = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    process = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "store")],
        env=os.environ | {"PYTHONPATH": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert process.returncode == 0, process.stderr
    assert "the disk is full" in process.stdout
    assert "make room, or remove runs" in process.stdout


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "may not be written .*choose another one with --store"),
        (errno.EACCES, "may not be written .*choose another one with --store"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_disk_error_has_its_message(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refusing(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refusing)
    with pytest.raises(CannotRunError, match=words):
        store.write(metadata_of("f" * 64), tables_of(1))
    assert store.run_keys() == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders are forbidden otherwise there")
def test_read_only_folder_raises(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(CannotRunError, match="may not be written"), Store(folder).claim("a" * 64):
        pass
    with pytest.raises(CannotRunError, match="may not be written"):
        Store(folder).write(metadata_of("a" * 64), tables_of(1))


def test_file_in_place_of_the_store_raises(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("", encoding="utf-8")
    with pytest.raises(CannotRunError, match="cannot be written"):
        Store(tmp_path / "store").write(metadata_of("a" * 64), tables_of(1))
