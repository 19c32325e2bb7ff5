"""Patches: put in whole or not at all, once however often, and nothing else is touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.case import check_library
from sogdia.errors import CannotRunError, FaultsError, InputError
from sogdia.ledger.patch import (
    Patch,
    apply_patch,
    patch_faults,
    patch_of,
    patched_copy,
    read_patch,
    tidy,
    write_patch,
)
from sogdia.region import check_pack, load_region, read_pack

SOURCE = {"id": "ar_press_1", "title": "A headline, with a comma", "publisher": "Press", "date": "2025-11"}
PROJECT = {
    "id": "pj_lighthouse",
    "name": "Lighthouse",
    "iso3": "XAA",
    "sector": "port",
    "status": "planned",
    "basis": "reported",
    "source": "ar_press_1",
}
DEAL = {
    "id": "de_far_light",
    "partner": "XBKF",
    "recipient": "XAA",
    "sector": "port",
    "project": "pj_lighthouse",
    "year": "2025",
    "amount_musd": "12.5",
    "instrument": "loan",
    "status": "signed",
    "role": "total",
    "basis": "reported",
    "source": "ar_press_1",
    "note": 'told: "a light, at last"',
}


def patch() -> Patch:
    return patch_of({"deals": [DEAL], "sources": [SOURCE], "projects": [PROJECT]})


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def home(isles_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(isles_home, tmp_path / "isles"))


def test_it_is_put_in_after_what_stands_and_the_check_accepts_it(home: Path) -> None:
    before = bytes_of(home)
    assert apply_patch(patch(), home).count == 3
    after = bytes_of(home)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"deals.csv", "projects.csv", "sources.csv"}
    assert all(after[name].startswith(before[name]) for name in changed), "standing rows keep their bytes"
    assert check_pack(home) == []
    region = load_region(home)
    assert check_library(region) == []
    assert region.table("deals").loc["de_far_light", "amount_musd"] == 12.5


def test_a_second_time_changes_nothing(home: Path) -> None:
    apply_patch(patch(), home)
    once = bytes_of(home)
    assert apply_patch(patch(), home).count == 0
    assert bytes_of(home) == once


def test_what_the_check_refuses_is_not_put_in(home: Path) -> None:
    before = bytes_of(home)
    lost = patch_of({"deals": [{**DEAL, "project": "pj_no_such"}], "sources": [SOURCE]})
    with pytest.raises(FaultsError) as caught:
        apply_patch(lost, home)
    assert [(fault.file, fault.field) for fault in caught.value.faults] == [("deals.csv", "project")]
    assert bytes_of(home) == before


def test_another_row_of_the_same_name_is_refused(home: Path) -> None:
    apply_patch(patch(), home)
    before = bytes_of(home)
    with pytest.raises(FaultsError, match=r"stands already with '12\.5', not '13'"):
        apply_patch(patch_of({"deals": [{**DEAL, "amount_musd": "13"}]}), home)
    assert bytes_of(home) == before


@pytest.mark.parametrize("breaks_at", [1, 2, 3])
def test_a_failure_half_way_leaves_all_as_it_was(
    home: Path, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    before, calls, real = bytes_of(home), [], Path.replace

    def fails_once(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == breaks_at:
            raise OSError(28, "No space left on device", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)
    with pytest.raises(CannotRunError, match="nothing was changed"):
        apply_patch(patch(), home)
    assert bytes_of(home) == before


def test_a_pack_that_someone_else_changes_meanwhile_is_left_alone(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = patch_faults

    def meanwhile(*told: object) -> object:
        with (home / "deals.csv").open("a", encoding="utf-8") as file:
            file.write("far_bank_ferry_2,XBKF,XAA,port,,2021,1,loan,,signed,total,assumed,tale,made up\n")
        return real(*told)  # type: ignore[arg-type]

    monkeypatch.setattr("sogdia.ledger.patch.patch_faults", meanwhile)
    with pytest.raises(CannotRunError, match="changed by someone else"):
        apply_patch(patch(), home)
    assert "de_far_light" not in (home / "deals.csv").read_text("utf-8")


def test_it_is_read_back_as_written(tmp_path: Path) -> None:
    files = write_patch(patch(), tmp_path / "patch")
    assert [path.name for path in files] == ["sources.csv", "projects.csv", "deals.csv"]
    assert read_patch(tmp_path / "patch").rows == patch().rows
    write_patch(patch_of({"sources": [SOURCE]}), tmp_path / "patch")
    assert sorted(path.name for path in (tmp_path / "patch").iterdir()) == ["sources.csv"]


def test_a_patch_with_another_column_or_none_is_refused(tmp_path: Path) -> None:
    write_patch(patch(), tmp_path)
    path = tmp_path / "sources.csv"
    path.write_text(path.read_text("utf-8").replace("publisher", "printer"), "utf-8")
    with pytest.raises(FaultsError) as caught:
        read_patch(tmp_path)
    assert {fault.field for fault in caught.value.faults} == {"publisher", "printer"}
    with pytest.raises(CannotRunError, match="no rows of"):
        read_patch(tmp_path / "..")
    with pytest.raises(CannotRunError, match="no such folder"):
        read_patch(tmp_path / "nowhere")


def test_a_pack_is_no_place_for_a_patch(home: Path) -> None:
    with pytest.raises(InputError, match="is a region pack"):
        write_patch(patch(), home)


def test_a_copy_leaves_the_pack_alone(home: Path, tmp_path: Path) -> None:
    before = bytes_of(home)
    assert patched_copy(patch(), home, tmp_path / "made").count == 3
    assert bytes_of(home) == before
    assert check_pack(tmp_path / "made") == []
    with pytest.raises(InputError, match="there already"):
        patched_copy(patch(), home, tmp_path / "made")
    lost = patch_of({"deals": [DEAL]})
    with pytest.raises(FaultsError):
        patched_copy(lost, home, tmp_path / "lost")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["isles", "made"]


@given(st.text(max_size=500))
def test_any_text_becomes_a_cell_that_the_check_lets_stand(text: str) -> None:
    cell = tidy(text)
    assert cell == cell.strip()
    assert cell.isprintable()
    assert len(cell) <= 400
    assert not cell.startswith(("=", "+", "-", "@"))


def test_the_check_sees_a_patch_as_it_sees_a_pack(home: Path) -> None:
    assert patch_faults(patch(), read_pack(home)) == []
