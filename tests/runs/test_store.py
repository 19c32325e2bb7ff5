"""The store: written whole or not at all, whatever is killed, full, forbidden or broken."""

from __future__ import annotations

import errno
import os
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sogdia.cli.main import app
from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.runs.store import RunHead, Store

pytest.importorskip("pyarrow")
pytest.importorskip("duckdb")

POINTS = 20
"""Random points at which a writing process is killed."""


def head_of(run: str, **told: Any) -> RunHead:
    known = {
        "run": run, "kind": "joint", "region": "isles", "plan": "as_is", "scenario": "calm", "year": 2030,
        "parts": {"version": "1"}, "settings": {}, "made": "2030-01-01T00:00:00+00:00", "seconds": 1.0,
    }  # fmt: skip
    return RunHead.model_validate(known | told)


def tables_of(number: int) -> dict[str, pd.DataFrame]:
    drawn = np.random.default_rng(number).normal(size=20_000)
    return {
        "economies": pd.DataFrame({"economy": ["A", "B"], "home": [True, False], "gain": [drawn[0], np.nan]}),
        "links": pd.DataFrame({"link": [f"l{n}" for n in range(drawn.size)], "tonnes": drawn}),
    }


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_what_is_read_is_what_was_written(store: Store) -> None:
    odd = pd.DataFrame(
        {
            "name": pd.Series(["Кыргызстан", "", "a,b"], dtype="str"),
            "count": pd.Series([1, None, 3], dtype="Int64"),
            "there": pd.Series([True, None, False], dtype="boolean"),
            "kind": pd.Categorical(["x", "y", "x"]),
            "cost": [np.inf, np.nan, -0.0],
        }
    )
    store.write(head_of("a" * 64), {"odd": odd, "empty": odd.iloc[:0].drop(columns="kind")})
    pd.testing.assert_frame_equal(store.read("a" * 64, "odd"), odd)
    pd.testing.assert_frame_equal(store.read("a" * 64, "empty"), odd.iloc[:0].drop(columns="kind"))
    assert store.head("a" * 64).tables["odd"].rows == 3


def test_a_store_that_is_not_there_is_empty(store: Store) -> None:
    assert store.runs() == []
    assert store.heads() == []
    assert "a" * 64 not in store
    assert not store.folder.exists()
    with pytest.raises(UnknownNameError):
        store.head("a" * 64)


def test_a_second_writer_finds_the_first_ones_run(store: Store) -> None:
    store.write(head_of("b" * 64, seconds=1.0), tables_of(1))
    again = store.write(head_of("b" * 64, seconds=9.0), tables_of(1))
    assert again.seconds == 1.0
    assert list((store.folder / "partial").iterdir()) == []


def test_a_run_that_is_removed_is_gone_whole(store: Store) -> None:
    store.write(head_of("c" * 64), tables_of(1))
    store.remove("c" * 64)
    assert store.runs() == []
    assert list((store.folder / "partial").iterdir()) == []
    with pytest.raises(UnknownNameError):
        store.remove("c" * 64)


def test_a_file_that_somebody_cut_is_told_of(store: Store) -> None:
    store.write(head_of("d" * 64), tables_of(1))
    path = next(store.folder.rglob("links.parquet"))
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(CannotRunError, match=r"not as Sogdia wrote it.*sogdia rm dddddddddddd"):
        store.read("d" * 64, "links")
    next(store.folder.rglob("run.json")).write_text("{", encoding="utf-8")
    with pytest.raises(CannotRunError, match="not as Sogdia wrote it"):
        store.head("d" * 64)


def test_a_run_that_cannot_be_read_is_named_and_stands_in_nobodys_way(store: Store) -> None:
    for digit in "ab":
        store.write(head_of(digit * 64), tables_of(1))
    head = store.folder / "runs" / f"run={'a' * 64}" / "run.json"
    head.write_text('{"run": "of a layout of long ago"}', encoding="utf-8")
    assert [each.run for each in store.heads()] == ["b" * 64]
    assert store.damaged() == ["a" * 64]
    assert len(store.query("SELECT * FROM runs")) == 1
    with pytest.raises(CannotRunError, match="sogdia rm aaaaaaaaaaaa"):
        store.find("aaaa")
    listed = CliRunner().invoke(app, ["ls", "--runs", "--store", str(store.folder)])
    assert listed.exit_code == 0
    assert "aaaaaaaaaaaa cannot be read; sogdia rm --older" in listed.stderr
    gone = CliRunner().invoke(app, ["rm", "aaaaaaaaaaaa", "--store", str(store.folder)])
    assert gone.stdout == "removed aaaaaaaaaaaa  cannot be read\n"
    assert store.runs() == ["b" * 64]


def test_runs_are_found_by_the_start_of_an_id_and_by_label(store: Store) -> None:
    store.write(head_of("1234" + "a" * 60, plan="x"), tables_of(1))
    store.write(head_of("1234" + "b" * 60, plan="y", made="2030-01-01T00:00:00+00:00"), tables_of(1))
    store.write(head_of("5678" + "b" * 60, plan="y", made="2031-01-01T00:00:00+00:00"), tables_of(1))
    assert store.find("1234a").plan == "x"
    assert store.find("x/calm").plan == "x"
    assert store.find("y/calm/2030").run.startswith("5678"), "the newest of several"
    with pytest.raises(InputError, match="2 runs begin with '1234'"):
        store.find("1234")
    with pytest.raises(UnknownNameError, match="did you mean x/calm/2030"):
        store.find("x/calmy")


def test_duckdb_sees_all_runs(store: Store) -> None:
    for number in (1, 2):
        store.write(head_of(str(number) * 64, year=2030 + number), tables_of(number))
    sums = store.query("SELECT run, sum(tonnes) AS t FROM links GROUP BY run ORDER BY run")
    assert list(sums["run"]) == ["1" * 64, "2" * 64]
    assert sums["t"].tolist() == pytest.approx([tables_of(n)["links"]["tonnes"].sum() for n in (1, 2)])
    joined = store.query("SELECT year FROM runs JOIN economies USING (run) WHERE home ORDER BY year")
    assert joined["year"].tolist() == [2031, 2032]
    assert len(store.query("SELECT * FROM links", ["1" * 64])) == 20_000
    with pytest.raises(InputError, match="views: economies, links, runs"):
        store.query("SELECT * FROM lynks")


def test_what_was_left_half_written_long_ago_is_tidied(store: Store) -> None:
    for name, age in (("old", 7200.0), ("new", 10.0)):
        folder = store.folder / "partial" / name
        folder.mkdir(parents=True)
        then = folder.stat().st_mtime - age
        os.utime(folder, (then, then))
    assert store.tidy() == 1
    assert [path.name for path in (store.folder / "partial").iterdir()] == ["new"]


KILLED = """
import os, random, signal, sys
from pathlib import Path
from runs.test_store import head_of, tables_of
from sogdia.runs.store import Store

store, at, lines = Store(Path(sys.argv[1])), int(sys.argv[2]), [0]

def counted(frame, event, _):
    if "/runs/store" not in frame.f_code.co_filename.replace(os.sep, "/"):
        return None
    lines[0] += event == "line"
    if lines[0] == at:
        os.kill(os.getpid(), signal.SIGKILL)
    return counted

tables_of(0)
store.runs()
sys.settrace(counted)
for number in range(6):
    run = f"{number:064d}"
    with store.claim(run):
        if run not in store:
            store.write(head_of(run), tables_of(number))
            with open(sys.argv[3], "a") as log:
                log.write(f"{run}\\n")
sys.settrace(None)
print(lines[0])
"""


def killed_at(point: int, folder: Path, log: Path) -> subprocess.CompletedProcess[str]:
    place = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-c", KILLED, str(folder), str(point), str(log)],
        env=os.environ | {"PYTHONPATH": place},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_at_twenty_random_points_it_goes_on_and_loses_nothing(tmp_path: Path) -> None:
    whole = killed_at(-1, tmp_path / "whole", tmp_path / "all.log")
    assert whole.returncode == 0, whole.stderr
    lines = int(whole.stdout)
    folder, log = tmp_path / "store", tmp_path / "finished.log"
    seen: set[str] = set()
    points = random.Random(20261125)
    killed = 0
    for _ in range(POINTS):
        left = lines * (6 - len(seen)) // 6
        done = killed_at(points.randint(1, max(left, 1)), folder, log)
        killed += done.returncode == -9
        assert done.returncode in (0, -9), done.stderr
        store = Store(folder)
        now = set(store.runs())
        told = set(log.read_text("utf-8").split()) if log.exists() else set()
        assert seen | told <= now, "a finished run is lost"
        for run in now:
            for name, table in tables_of(int(run)).items():
                pd.testing.assert_frame_equal(store.read(run, name), table)
        seen = now
        if len(seen) == 6:
            folder, log, seen = tmp_path / f"store{killed}", tmp_path / f"finished{killed}.log", set()
    assert killed > POINTS // 2
    last = killed_at(-1, folder, log)
    assert last.returncode == 0, last.stderr
    assert len(Store(folder).runs()) == 6


@pytest.mark.skipif(sys.platform == "win32", reason="counts writers through a log that both append to")
def test_two_processes_do_each_run_once(tmp_path: Path) -> None:
    place = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", KILLED, str(tmp_path / "store"), "-1", str(tmp_path / "log")]
    both = [
        subprocess.Popen(command, env=os.environ | {"PYTHONPATH": place}, stdout=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [one.wait() for one in both] == [0, 0]
    written = (tmp_path / "log").read_text("utf-8").split()
    assert sorted(written) == [f"{number:064d}" for number in range(6)], "each once"
    assert len(Store(tmp_path / "store").runs()) == 6


def test_a_claim_is_waited_for(store: Store) -> None:
    order: list[str] = []
    inside, leave = threading.Event(), threading.Event()

    def first() -> None:
        with store.claim("e" * 64):
            inside.set()
            leave.wait(10.0)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert inside.wait(10.0)
    threading.Timer(0.2, leave.set).start()
    with store.claim("e" * 64):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_an_error_of_the_work_itself_passes_a_claim_unchanged(store: Store) -> None:
    with pytest.raises(FileNotFoundError, match="of the work"), store.claim("e" * 64):
        raise FileNotFoundError("of the work")


FULL = """
import resource, signal, sys
from pathlib import Path
from runs.test_store import head_of, tables_of
from sogdia.errors import CannotRunError
from sogdia.runs.store import Store

store = Store(Path(sys.argv[1]))
store.write(head_of("0" * 64), {"small": tables_of(0)["economies"]})
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, resource.RLIM_INFINITY))
try:
    store.write(head_of("1" * 64), tables_of(1))
except CannotRunError as error:
    print(error)
assert store.runs() == ["0" * 64]
assert list((store.folder / "partial").iterdir()) == []
assert len(store.read("0" * 64, "small")) == 2
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs a limit on the size of files")
def test_a_disk_that_takes_no_more_is_told_of_and_nothing_is_lost(tmp_path: Path) -> None:
    place = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "store")],
        env=os.environ | {"PYTHONPATH": place},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "the disk is full" in done.stdout
    assert "make room, or remove runs" in done.stdout


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "may not be written .*choose another one with --store"),
        (errno.EACCES, "may not be written .*choose another one with --store"),
        (errno.EIO, "cannot be written"),
    ],
)
def test_each_error_of_a_disk_has_its_words(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def refusing(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", refusing)
    with pytest.raises(CannotRunError, match=words):
        store.write(head_of("f" * 64), tables_of(1))
    assert store.runs() == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders are forbidden otherwise there")
def test_a_folder_that_may_not_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    folder.mkdir()
    folder.chmod(0o555)
    if os.access(folder, os.W_OK):
        pytest.skip("this user may write everywhere")
    with pytest.raises(CannotRunError, match="may not be written"), Store(folder).claim("a" * 64):
        pass
    with pytest.raises(CannotRunError, match="may not be written"):
        Store(folder).write(head_of("a" * 64), tables_of(1))


def test_a_file_where_the_store_should_be(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("", encoding="utf-8")
    with pytest.raises(CannotRunError, match="cannot be written"):
        Store(tmp_path / "store").write(head_of("a" * 64), tables_of(1))
