"""Files: atomic writing, one message for every error of the system."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pandas as pd
import pytest

from sogdia.errors import CannotRunError, InputError
from sogdia.files import (
    RECORD,
    csv_bytes,
    os_errors,
    output_file,
    output_folder,
    read_bytes,
    replacing,
    scratch_folder,
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


@pytest.fixture
def full_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that is full after the first bytes of a file ``b.csv``."""
    write = Path.write_bytes

    def fail(path: Path, data: bytes) -> int:
        if path.name != "b.csv":
            return write(path, data)
        write(path, data[:4])
        raise FULL

    monkeypatch.setattr(Path, "write_bytes", fail)


@pytest.mark.usefixtures("full_disk")
def test_failed_write_csv_folder_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("old", encoding="utf-8")
    with pytest.raises(CannotRunError, match="cannot be written: No space left"):
        write_csv_folder(tmp_path, {"a": FRAME, "b": FRAME})
    assert names_in(tmp_path) == ["a.csv"]
    assert (tmp_path / "a.csv").read_text("utf-8") == "old"


@pytest.mark.usefixtures("full_disk")
def test_failed_write_csv_keeps_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("old", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"b\.csv: cannot be written: No space left"):
        write_csv(tmp_path / "b.csv", FRAME)
    assert names_in(tmp_path) == ["b.csv"]
    assert (tmp_path / "b.csv").read_text("utf-8") == "old"


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


def export(folder: Path, *names: str, text: str = "ours", obsolete: tuple[str, ...] = ()) -> None:
    """Write files as an export does."""
    with output_folder(folder, obsolete=obsolete) as draft:
        for name in names:
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_text(f"{text} {name}", encoding="utf-8")


def test_output_folder_replaces_its_files_and_keeps_others(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("own", encoding="utf-8")
    export(tmp_path, "a.csv", "network/old.csv", "network/both.csv", "b.csv")
    export(tmp_path, "a.csv", "network/new.csv", "network/both.csv", text="new", obsolete=("b.csv", "c.csv"))
    assert names_in(tmp_path) == [
        RECORD, "a.csv", "network", "network/both.csv", "network/new.csv", "own.txt",
    ]  # fmt: skip
    assert (tmp_path / "network" / "both.csv").read_text("utf-8") == "new network/both.csv"
    assert (tmp_path / "own.txt").read_text("utf-8") == "own"


@pytest.mark.parametrize(
    "theirs",
    [
        {"network/notes.txt": "mine"},
        {"network/deep/notes.txt": "mine"},
        {"a.csv": "mine"},
        {"b.csv": "mine"},
        {"network": "a file"},
        {"a.csv": "mine", "network/both.csv": "mine"},
    ],
    ids=lambda theirs: "+".join(theirs),
)
@pytest.mark.parametrize("is_edited", [False, True], ids=["own", "edited"])
def test_file_of_the_user_is_never_replaced_or_removed(
    tmp_path: Path, theirs: dict[str, str], is_edited: bool
) -> None:
    if is_edited and "network" not in theirs:
        export(tmp_path, "a.csv", "b.csv", "network/both.csv")
    for name, text in theirs.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    before = {
        name: (tmp_path / name).read_bytes() for name in names_in(tmp_path) if (tmp_path / name).is_file()
    }
    with pytest.raises(CannotRunError, match="not as Sogdia wrote") as raised:
        export(tmp_path, "a.csv", "network/both.csv", text="new", obsolete=("b.csv",))
    assert all(name in str(raised.value) for name in theirs)
    after = {
        name: (tmp_path / name).read_bytes() for name in names_in(tmp_path) if (tmp_path / name).is_file()
    }
    assert after == before


def test_file_with_the_new_content_already_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("ours a.csv", encoding="utf-8")
    export(tmp_path, "a.csv")
    export(tmp_path, "a.csv", text="new")
    assert (tmp_path / "a.csv").read_text("utf-8") == "new a.csv"


def test_named_file_is_replaced_only_if_sogdia_wrote_it(tmp_path: Path) -> None:
    def write(name: str, text: str) -> None:
        with output_file(tmp_path / "out" / name) as file:
            write_file(file, text)

    write("a.csv", "old")
    write("a.csv", "new")
    assert (tmp_path / "out" / "a.csv").read_text("utf-8") == "new"
    (tmp_path / "out" / "deals.csv").write_text("mine", encoding="utf-8")
    (tmp_path / "out" / "link.csv").symlink_to("deals.csv")
    for name in ("deals.csv", "link.csv"):
        with pytest.raises(CannotRunError, match=f"{name} is not as Sogdia wrote it; nothing was written"):
            write(name, "new")
    assert (tmp_path / "out" / "deals.csv").read_text("utf-8") == "mine"
    with pytest.raises(CannotRunError, match="is a folder; a file is needed"):
        write("", "new")


def test_hidden_files_of_a_desktop_do_not_hinder(tmp_path: Path) -> None:
    export(tmp_path, "network/a.csv")
    (tmp_path / "network" / ".DS_Store").write_bytes(b"")
    export(tmp_path, "network/a.csv", text="new")
    assert names_in(tmp_path / "network") == [".DS_Store", "a.csv"]


def test_damaged_record_makes_files_the_users(tmp_path: Path) -> None:
    export(tmp_path, "a.csv")
    (tmp_path / RECORD).write_text("[1, 2]", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"a\.csv is not as Sogdia wrote it"):
        export(tmp_path, "a.csv", text="new")


def test_export_killed_while_files_move_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path, "a.csv", "b.csv", text="old")
    replace, moved = Path.replace, []

    def killed(path: Path, target: Path) -> Path:
        moved.append(target.name)
        if target.name == "b.csv":
            raise KeyboardInterrupt
        return replace(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            export(tmp_path, "a.csv", "b.csv", text="new")
    assert moved == [RECORD, "a.csv", "b.csv"]
    assert [(tmp_path / name).read_text("utf-8")[:3] for name in ("a.csv", "b.csv")] == ["new", "old"]
    export(tmp_path, "a.csv", "b.csv", text="newest")
    assert (tmp_path / "b.csv").read_text("utf-8") == "newest b.csv"


def test_folder_is_checked_before_the_computation(tmp_path: Path) -> None:
    export(tmp_path, "network/a.csv")
    assert writable_folder(tmp_path, ("network", "b.csv")) == tmp_path
    (tmp_path / "network" / "mine.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"network/mine\.csv is not as Sogdia wrote it"):
        writable_folder(tmp_path, ("network", "b.csv"))


ABANDON = """
import os, sys
from pathlib import Path
from sogdia.files import scratch_folder
with scratch_folder(Path(sys.argv[1]), sys.argv[2]) as folder:
    (folder / "shared").write_bytes(b"x" * 1000)
    os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by a signal")
def test_folder_of_a_killed_process_is_removed_and_those_in_use_and_foreign_ones_stay(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", ABANDON, str(tmp_path), "sogdia-"], check=False)
    assert killed.returncode == -9
    (abandoned,) = tmp_path.iterdir()
    (tmp_path / "sogdia-mine").mkdir()
    (tmp_path / "sogdia-mine" / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "target").mkdir()
    (tmp_path / "sogdia-link").symlink_to(abandoned)
    with scratch_folder(tmp_path, "sogdia-") as used:
        (used / "a.txt").write_text("in use", encoding="utf-8")
        for owner in tmp_path.glob("sogdia-*/.sogdia-owner"):
            os.utime(owner, (0, 0))
        with scratch_folder(tmp_path, "sogdia-"):
            assert not abandoned.exists()
            assert (used / "a.txt").read_text("utf-8") == "in use"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sogdia-link", "sogdia-mine", "target"]


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("+7 495", "'+7 495"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("-12.5", "-12.5"),
        ("+1e-3", "+1e-3"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_cell_is_never_run_by_a_spreadsheet(text: str, cell: str) -> None:
    frame = pd.DataFrame({"=name": [text, "x"], "kind": pd.Categorical([text, "y"]), "value": [-1.0, 2.0]})
    written = pd.read_csv(io.BytesIO(csv_bytes(frame)), keep_default_na=False)
    assert list(written.columns) == ["'=name", "kind", "value"]
    assert [str(written.iloc[0, place]) for place in (0, 1)] == [cell, cell]
    assert written["value"].tolist() == [-1.0, 2.0]
    assert next(iter(frame.columns)) == "=name"


def test_csv_for_excel_begins_with_a_byte_order_mark(tmp_path: Path) -> None:
    write_csv(tmp_path / "a.csv", pd.DataFrame({"name": ["Şymkent"]}), for_excel=True)
    assert (tmp_path / "a.csv").read_bytes() == b"\xef\xbb\xbfname\n\xc5\x9eymkent\n"


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
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(2**31, 0, free))
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
