"""Files: atomic writing, one message for every error of the system."""

from __future__ import annotations

import os
import sys
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

from sogdia.errors import CannotRunError, InputError
from sogdia.files import (
    os_errors,
    output_folder,
    read_bytes,
    replacing,
    sync_folder,
    writable_folder,
    write_csv,
    write_csv_folder,
    write_durably,
    write_file,
)

Usage = namedtuple("Usage", "total used free")
FRAME = pd.DataFrame({"id": ["a", "b"], "flow_t": [1.5, 2.0]})
CSV = b"id,flow_t\na,1.5\nb,2.0\n"
FULL = OSError(28, "No space left on device")


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


@pytest.mark.parametrize(
    ("error", "action", "message"),
    [
        (FileNotFoundError(2, "No such file or directory", "a.csv"), "", "a.csv: no such file or folder"),
        (FileNotFoundError(2, "No such file or directory"), "", "PLACE: no such file or folder"),
        (PermissionError(13, "Permission denied", "a.csv"), "", "a.csv: Permission denied"),
        (FULL, "cannot be written", "PLACE: cannot be written: No space left on device"),
        (OSError("odd"), "", "PLACE: odd"),
    ],
)
def test_system_error_becomes_a_message_with_the_file(error: OSError, action: str, message: str) -> None:
    with pytest.raises(CannotRunError) as raised, os_errors("PLACE", action):
        raise error
    assert str(raised.value) == message
    assert raised.value.__cause__ is error


def test_other_errors_pass_unchanged() -> None:
    with pytest.raises(ValueError, match="a mistake"), os_errors("PLACE"):
        raise ValueError("a mistake")


def test_read_bytes_returns_the_content(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(CSV)
    assert read_bytes(tmp_path / "a.csv") == CSV
    assert read_bytes(tmp_path / "a.csv", limit=len(CSV)) == CSV


def test_read_bytes_rejects_a_missing_a_large_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match=r"missing\.csv: no such file or folder"):
        read_bytes(tmp_path / "missing.csv")
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(3 * 2**20)
    with pytest.raises(CannotRunError, match=r"the file has 3\.0 MiB; at most 2\.0 MiB are read"):
        read_bytes(tmp_path / "large.csv", limit=2 * 2**20)
    with pytest.raises(CannotRunError):
        read_bytes(tmp_path)


@pytest.mark.parametrize("content", ["naïve\r\n", "naïve\r\n".encode()])
def test_write_file_writes_bytes_or_utf8_text(tmp_path: Path, content: bytes | str) -> None:
    path = tmp_path / "deep" / "a.txt"
    write_file(path, content)
    assert path.read_bytes() == "naïve\r\n".encode()
    write_file(path, "new")
    assert path.read_bytes() == b"new"
    assert names_in(tmp_path) == ["deep", "deep/a.txt"]


def test_write_file_into_a_file_names_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"file.*: cannot be written"):
        write_file(tmp_path / "file" / "a.txt", "new")
    with pytest.raises(CannotRunError, match="is a folder; a file is needed"):
        write_file(tmp_path, "new")


def test_write_csv_has_no_index_and_unix_line_ends(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", FRAME)
    assert (tmp_path / "a.csv").read_bytes() == CSV
    assert names_in(tmp_path) == ["a.csv"]


def test_write_csv_folder_returns_its_files(tmp_path: Path) -> None:
    paths = write_csv_folder(tmp_path / "out", {"a": FRAME, "b": FRAME.iloc[:0]})
    assert paths == [tmp_path / "out" / "a.csv", tmp_path / "out" / "b.csv"]
    assert paths[0].read_bytes() == CSV
    assert paths[1].read_bytes() == b"id,flow_t\n"


class FailingFrame:
    def to_csv(self, path: Path, *, index: bool, lineterminator: str) -> None:
        assert not index
        path.write_text("part of it" + lineterminator, encoding="utf-8")
        raise FULL


def test_failed_write_csv_folder_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    with pytest.raises(CannotRunError, match="cannot be written: No space left"):
        write_csv_folder(tmp_path, {"a": FRAME, "b": FailingFrame()})
    assert names_in(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text("utf-8") == "old"


def test_failed_write_csv_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"a\.csv: cannot be written: No space left"):
        write_csv(tmp_path / "a.csv", FailingFrame())
    assert names_in(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text("utf-8") == "old"


def test_draft_has_the_suffix_and_replaces_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "map.gpkg"
    path.write_text("old", encoding="utf-8")
    with replacing(path) as draft:
        assert draft.name == "map.gpkg"
        draft.write_text("new", encoding="utf-8")
        assert path.read_text("utf-8") == "old"
    assert path.read_text("utf-8") == "new"
    assert names_in(tmp_path) == ["map.gpkg"]


def write_half(path: Path, error: BaseException) -> None:
    with replacing(path) as draft:
        draft.write_text("part", encoding="utf-8")
        raise error


@pytest.mark.parametrize("error", [ValueError("a mistake"), KeyboardInterrupt()], ids=["error", "interrupt"])
def test_failed_draft_keeps_the_old_file(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(type(error)):
        write_half(path, error)
    assert path.read_text("utf-8") == "old"
    assert names_in(tmp_path) == ["a.txt"]


def test_output_folder_replaces_its_files_and_keeps_others(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("own", encoding="utf-8")
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "old.csv").write_text("", encoding="utf-8")
    with output_folder(tmp_path) as draft:
        (draft / "network").mkdir()
        (draft / "network" / "new.csv").write_text("", encoding="utf-8")
        (draft / "a.csv").write_text("a", encoding="utf-8")
        assert not (tmp_path / "a.csv").exists()
    assert names_in(tmp_path) == ["a.csv", "network", "network/new.csv", "own.txt"]


def write_part(folder: Path, error: Exception) -> None:
    with output_folder(folder) as draft:
        (draft / "a.csv").write_text("part of i", encoding="utf-8")
        raise error


@pytest.mark.parametrize(
    ("error", "free", "kind", "message"),
    [
        (FULL, 2**30, CannotRunError, "cannot be written: No space left"),
        (RuntimeError("NetCDF: HDF error"), 1000, CannotRunError, "the disk is full; nothing was written"),
        (RuntimeError("a mistake of ours"), 2**30, RuntimeError, "a mistake of ours"),
        (InputError("a run is of another region"), 1000, InputError, "another region"),
    ],
    ids=["full", "library", "ours", "user"],
)
def test_failed_output_folder_keeps_the_old_files(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    free: int,
    kind: type[Exception],
    message: str,
) -> None:
    monkeypatch.setattr("sogdia.files.shutil.disk_usage", lambda _: Usage(2**31, 0, free))
    (tmp_path / "a.csv").write_text("of yesterday", encoding="utf-8")
    with pytest.raises(kind, match=message):
        write_part(tmp_path, error)
    assert names_in(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "of yesterday"


def test_message_names_the_destination_and_not_the_draft(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError) as raised, output_folder(tmp_path) as draft:
        raise CannotRunError(f"{draft / 'links.geojson'}: Input/output error")
    assert str(raised.value) == f"{tmp_path / 'links.geojson'}: Input/output error"


def test_writable_folder_is_created(tmp_path: Path) -> None:
    assert writable_folder(tmp_path / "deep" / "out") == tmp_path / "deep" / "out"
    assert names_in(tmp_path) == ["deep", "deep/out"]


@pytest.mark.parametrize("name", ["file", "file/out"])
def test_writable_folder_rejects_a_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(CannotRunError, match=f"{name}: is a file; give a folder"):
        writable_folder(tmp_path / name)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind")
def test_writable_folder_rejects_a_read_only_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o500)
    with pytest.raises(CannotRunError, match="cannot be written: Permission denied"):
        writable_folder(tmp_path / "out")


def test_write_durably_writes_a_new_file_only(tmp_path: Path) -> None:
    data = b"x" * (2**17 + 1)
    write_durably(tmp_path / "a.bin", data)
    assert (tmp_path / "a.bin").read_bytes() == data
    with pytest.raises(FileExistsError):
        write_durably(tmp_path / "a.bin", b"other")
    assert (tmp_path / "a.bin").read_bytes() == data


def test_sync_folder_accepts_a_folder(tmp_path: Path) -> None:
    sync_folder(tmp_path)
    with pytest.raises(FileNotFoundError):
        sync_folder(tmp_path / "missing")
