"""New region packs: valid when created, and never partly written."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.errors import CannotRunError, InputError, UnknownNameError
from sogdia.region import Region, check_pack, load_region, new_region, scaffold


def test_new_region_is_valid(tmp_path: Path) -> None:
    folder = new_region(tmp_path / "deep" / "New_Isles")
    assert folder == tmp_path / "deep" / "New_Isles"
    assert check_pack(folder) == []
    region = load_region(folder)
    assert (region.name, region.title, region.base_year) == ("new_isles", "New Isles", 2023)
    assert region.home == ("XAA",)
    assert set(region.table("economies")["basis"]) == {"assumed"}
    assert sorted(path.name for path in folder.parent.iterdir()) == ["New_Isles"]
    assert (folder / "plans" / "as_is.yaml").is_file()
    assert (folder / "scenarios" / "reference.yaml").is_file()


def test_copy_has_the_content_of_its_source_and_a_name_of_its_own(tmp_path: Path, isles: Region) -> None:
    copy = load_region(new_region(tmp_path / "mine", isles.folder))
    assert (copy.name, copy.title) == ("mine", isles.title)
    assert copy.digest == isles.digest
    assert {**copy.plans}.keys() == {**isles.plans}.keys()
    assert {**copy.scenarios}.keys() == {**isles.scenarios}.keys()


def test_copy_of_an_unknown_pack_is_refused_before_writing(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean central_asia"):
        new_region(tmp_path / "mine", "central_asai")
    assert list(tmp_path.iterdir()) == []


def test_empty_folder_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "isles").mkdir()
    assert check_pack(new_region(tmp_path / "isles")) == []


def test_folder_with_content_is_rejected_and_unchanged(tmp_path: Path) -> None:
    target = tmp_path / "isles"
    target.mkdir()
    (target / "own.txt").write_text("own", encoding="utf-8")
    with pytest.raises(InputError, match="not an empty folder; nothing was written"):
        new_region(target)
    assert [path.name for path in target.iterdir()] == ["own.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["isles"]
    with pytest.raises(InputError, match="not an empty folder"):
        new_region(target / "own.txt")


@pytest.mark.parametrize(
    "name", ["_isles", "-isles", ".isles", "остров", "a/..", "is;les", "a\0b", "is\nles"]
)
def test_invalid_name_is_rejected_before_writing(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="use letters, digits"):
        new_region(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_failed_creation_removes_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "datapackage.json")

    monkeypatch.setattr(scaffold, "write_descriptor", full)
    with pytest.raises(CannotRunError, match="No space left"):
        new_region(tmp_path / "isles")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_cannot_be_created_raises(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotRunError):
        new_region(tmp_path / "file" / "isles")
    with pytest.raises(CannotRunError):
        new_region(tmp_path / ("a" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
