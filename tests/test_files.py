"""Files of a command come together or not at all."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest

from sogdia.errors import CannotRunError, InputError
from sogdia.files import output_folder

Usage = namedtuple("Usage", "total used free")


def test_files_come_together_and_leave_others_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "old.csv").write_text("", encoding="utf-8")
    with output_folder(tmp_path) as part:
        (part / "network").mkdir()
        (part / "network" / "new.csv").write_text("", encoding="utf-8")
        (part / "a.csv").write_text("a", encoding="utf-8")
        assert not (tmp_path / "a.csv").exists()
    names = sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*"))
    assert names == ["a.csv", "mine.txt", "network", "network/new.csv"]


def half_written(folder: Path, error: Exception) -> None:
    with output_folder(folder) as part:
        (part / "a.csv").write_text("half of i", encoding="utf-8")
        raise error


@pytest.mark.parametrize(
    ("error", "free", "kind", "words"),
    [
        (OSError(28, "No space left on device"), 2**30, CannotRunError, "cannot be written: No space left"),
        (RuntimeError("NetCDF: HDF error"), 1000, CannotRunError, "the disk is full; nothing was written"),
        (RuntimeError("a mistake of ours"), 2**30, RuntimeError, "a mistake of ours"),
        (InputError("a run is of another region"), 1000, InputError, "another region"),
    ],
    ids=["full", "library", "ours", "user"],
)
def test_nothing_stays_of_what_fails(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    free: int,
    kind: type[Exception],
    words: str,
) -> None:
    monkeypatch.setattr("sogdia.files.shutil.disk_usage", lambda _: Usage(2**31, 0, free))
    (tmp_path / "a.csv").write_text("of yesterday", encoding="utf-8")
    with pytest.raises(kind, match=words):
        half_written(tmp_path, error)
    assert [path.name for path in tmp_path.iterdir()] == ["a.csv"]
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == "of yesterday"


def test_a_message_names_the_folder_that_was_asked_for(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError) as raised, output_folder(tmp_path) as part:
        raise CannotRunError(f"{part / 'links.geojson'}: Input/output error")
    assert str(raised.value) == f"{tmp_path / 'links.geojson'}: Input/output error"
