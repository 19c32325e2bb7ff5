"""A new region passes the check from the first minute, and nothing is ever half written."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.errors import CannotRunError, InputError
from sogdia.region import check_pack, load_region, new_region, scaffold


def test_a_new_region_passes_the_check_and_loads(tmp_path: Path) -> None:
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


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "isles").mkdir()
    assert check_pack(new_region(tmp_path / "isles")) == []


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    target = tmp_path / "isles"
    target.mkdir()
    (target / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="not an empty folder; nothing was written"):
        new_region(target)
    assert [path.name for path in target.iterdir()] == ["mine.txt"]
    assert [path.name for path in tmp_path.iterdir()] == ["isles"]
    with pytest.raises(InputError, match="not an empty folder"):
        new_region(target / "mine.txt")


@pytest.mark.parametrize(
    "name", ["_isles", "-isles", ".isles", "остров", "a/..", "is;les", "a\0b", "is\nles"]
)
def test_a_name_that_the_check_would_refuse_is_refused_first(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="plain letters"):
        new_region(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "datapackage.json")

    monkeypatch.setattr(scaffold, "write_descriptor", full)
    with pytest.raises(CannotRunError, match="No space left"):
        new_region(tmp_path / "isles")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(CannotRunError):
        new_region(tmp_path / "file" / "isles")
    with pytest.raises(CannotRunError):
        new_region(tmp_path / ("a" * 300))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
