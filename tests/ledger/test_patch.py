"""Patches: added completely or not at all, idempotent, and no other byte changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.case import check_library
from sogdia.errors import CannotRunError, FaultsError, InputError
from sogdia.files.drafts import LOCK
from sogdia.ledger.patch import (
    Patch,
    apply_patch,
    cell_text,
    patch_faults,
    patch_of,
    patched_copy,
    read_patch,
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
    "note": 'quote: "a light, at last"',
}


def patch() -> Patch:
    return patch_of({"deals": [DEAL], "sources": [SOURCE], "projects": [PROJECT]})


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def home(isles_home: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(isles_home, tmp_path / "isles"))


def test_rows_are_appended_and_the_pack_is_valid(home: Path) -> None:
    before = bytes_of(home)
    assert apply_patch(patch(), home).count == 3
    after = bytes_of(home)
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"deals.csv", "projects.csv", "sources.csv"}
    assert all(after[name].startswith(before[name]) for name in changed), "existing rows keep their bytes"
    assert check_pack(home) == []
    region = load_region(home)
    assert check_library(region) == []
    assert region.table("deals").loc["de_far_light", "amount_musd"] == 12.5


def test_second_application_changes_no_byte(home: Path) -> None:
    apply_patch(patch(), home)
    once = bytes_of(home)
    assert apply_patch(patch(), home).count == 0
    assert bytes_of(home) == once


def test_invalid_patch_is_not_applied(home: Path) -> None:
    before = bytes_of(home)
    lost = patch_of({"deals": [{**DEAL, "project": "pj_no_such"}], "sources": [SOURCE]})
    with pytest.raises(FaultsError) as caught:
        apply_patch(lost, home)
    assert [(fault.file, fault.field) for fault in caught.value.faults] == [("deals.csv", "project")]
    assert bytes_of(home) == before


def test_other_row_of_the_same_id_is_refused(home: Path) -> None:
    apply_patch(patch(), home)
    before = bytes_of(home)
    with pytest.raises(FaultsError, match=r"already exists with '12\.5', not '13'"):
        apply_patch(patch_of({"deals": [{**DEAL, "amount_musd": "13"}]}), home)
    assert bytes_of(home) == before


@pytest.mark.parametrize("breaks_at", [1, 2, 3])
def test_failed_replacement_restores_all_files(
    home: Path, monkeypatch: pytest.MonkeyPatch, breaks_at: int
) -> None:
    before, calls, replace = bytes_of(home), [], Path.replace

    def fails_once(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == breaks_at:
            raise OSError(28, "No space left on device", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fails_once)
    with pytest.raises(CannotRunError, match="nothing was changed"):
        apply_patch(patch(), home)
    assert bytes_of(home) == before


def test_pack_changed_by_another_process_is_not_written(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = patch_faults

    def change_pack(*arguments: object) -> object:
        with (home / "deals.csv").open("a", encoding="utf-8") as file:
            file.write("far_bank_ferry_2,XBKF,XAA,port,,2021,1,loan,,signed,total,assumed,tale,made up\n")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("sogdia.ledger.patch.patch_faults", change_pack)
    with pytest.raises(CannotRunError, match="changed by another process"):
        apply_patch(patch(), home)
    assert "de_far_light" not in (home / "deals.csv").read_text("utf-8")


def test_patch_is_read_back_as_written(tmp_path: Path) -> None:
    files = write_patch(patch(), tmp_path / "patch")
    assert [path.name for path in files] == ["sources.csv", "projects.csv", "deals.csv"]
    assert read_patch(tmp_path / "patch").rows == patch().rows
    write_patch(patch_of({"sources": [SOURCE]}), tmp_path / "patch")
    assert sorted(path.name for path in (tmp_path / "patch").glob("*.csv")) == ["sources.csv"]


def test_corrected_patch_is_not_overwritten(tmp_path: Path) -> None:
    write_patch(patch(), tmp_path)
    path = tmp_path / "projects.csv"
    path.write_text(path.read_text("utf-8").replace("Lighthouse", "Old lighthouse"), "utf-8")
    before = bytes_of(tmp_path)
    for again in (patch(), patch_of({"sources": [SOURCE]})):
        with pytest.raises(CannotRunError, match=r"projects\.csv is not as Sogdia wrote it"):
            write_patch(again, tmp_path)
    assert bytes_of(tmp_path) == before


def test_shipped_region_is_not_changed_by_its_name() -> None:
    with pytest.raises(InputError, match="central_asia is a shipped region, part of the installation"):
        apply_patch(patch(), "central_asia")


APPLY = """
import sys
from sogdia.ledger.patch import apply_patch, patch_of
from ledger.test_patch import DEAL, PROJECT, SOURCE

n = sys.argv[2]
rows = {"sources": [{**SOURCE, "id": "ar_press_" + n}], "deals": [
    {**DEAL, "id": "de_far_" + n, "project": "", "source": "ar_press_" + n, "amount_musd": n}
]}
print("ready", flush=True)
sys.stdin.readline()
apply_patch(patch_of(rows), sys.argv[1])
"""


def test_patches_applied_at_once_lose_no_row(home: Path) -> None:
    tests = str(Path(__file__).parents[1])
    started = [
        subprocess.Popen(
            [sys.executable, "-c", APPLY, str(home), str(number)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join((tests, *sys.path))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in (1, 2)
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in started:
        process.communicate(timeout=120.0)
    assert [process.returncode for process in started] == [0, 0]
    deals = load_region(home).table("deals")
    assert sorted(deals.loc[[f"de_far_{number}" for number in (1, 2)], "amount_musd"]) == [1.0, 2.0]
    assert not (home / LOCK).exists()


def test_patch_with_wrong_columns_or_no_rows_is_refused(tmp_path: Path) -> None:
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


def test_patch_is_not_written_into_a_pack(home: Path) -> None:
    with pytest.raises(InputError, match="is a region pack"):
        write_patch(patch(), home)


def test_patched_copy_does_not_change_the_pack(home: Path, tmp_path: Path) -> None:
    before = bytes_of(home)
    assert patched_copy(patch(), home, tmp_path / "copy").count == 3
    assert bytes_of(home) == before
    assert check_pack(tmp_path / "copy") == []
    with pytest.raises(InputError, match="exists already"):
        patched_copy(patch(), home, tmp_path / "copy")
    lost = patch_of({"deals": [DEAL]})
    with pytest.raises(FaultsError):
        patched_copy(lost, home, tmp_path / "lost")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "isles"]


@given(st.text(max_size=500))
def test_any_text_becomes_a_valid_cell(text: str) -> None:
    cell = cell_text(text)
    assert cell == cell.strip()
    assert cell.isprintable()
    assert len(cell) <= 400
    assert not cell.startswith(("=", "+", "-", "@"))


def test_valid_patch_has_no_faults(home: Path) -> None:
    assert patch_faults(patch(), read_pack(home)) == []
