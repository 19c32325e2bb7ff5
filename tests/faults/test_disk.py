"""Full and read-only disks, damaged stores and those of other versions: one message, older files stay."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fuzz.doors import RefusedError, command
from fuzz.seeds import ROOT

from faults.commands import has_row, inputs, visible
from sogdia.errors import DamagedError
from sogdia.region import check_pack
from sogdia.runs.store import RUN_FILE, Store

pytest.importorskip("duckdb")
pytestmark = pytest.mark.skipif("SOGDIA_FAULTS" not in os.environ, reason="of make faults")
FILLER = "filler"
KIBIBYTES = 2048


class Disk:
    """A small disk of its own.

    Args:
        folder: Its folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, kibibytes: int) -> None:
        """Fill the disk but for some space."""
        self.empty()
        free = shutil.disk_usage(self.folder).free
        (self.folder / FILLER).write_bytes(bytes(free - kibibytes * 1024))

    def empty(self) -> None:
        (self.folder / FILLER).unlink(missing_ok=True)

    def protect(self) -> None:
        """Make the disk read-only."""
        subprocess.run(["mount", "-o", "remount,ro", str(self.folder)], check=True)

    def files(self) -> dict[Path, bytes]:
        """Return all files but the filler and the locks of runs, which are empty."""
        return {
            path: path.read_bytes()
            for path in sorted(self.folder.rglob("*"))
            if path.is_file() and path.name != FILLER and path.suffix != ".lock"
        }


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={KIBIBYTES}k", "tmpfs", str(folder)]
    try:
        mounted = subprocess.run(mount, check=False, capture_output=True)
    except OSError:
        pytest.skip("no mount")
    if mounted.returncode:
        pytest.skip("only root may mount a disk")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(scope="module")
def home(isles_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with the inputs and a store of two finished runs."""
    folder = inputs(tmp_path_factory.mktemp("faults"), isles_home)
    export(folder, folder / "out")
    return folder


def export(home: Path, out: Path) -> None:
    words = ("--region", home / "region", "--plan", home / "plan.yaml", "--store", home / "store")
    command("export", "--format", "csv", *words, "--out", out)


def words_of(name: str, home: Path, disk: Path) -> tuple[object, ...]:
    """Return a command that writes to the disk."""
    stored = ("--region", home / "region", "--plan", home / "plan.yaml", "--store", home / "store")
    return {
        "csv": ("export", "--format", "csv", *stored, "--out", disk / "csv"),
        "xlsx": ("export", "--format", "xlsx", *stored, "--out", disk / "xlsx"),
        "parquet": ("export", "--format", "parquet", *stored, "--out", disk / "parquet"),
        "ledger": (
            "ledger", "export", "--format", "xlsx", "--region", home / "isles", "--out", disk / "l.xlsx",
        ),
        "rows": ("ledger", "apply", home / "rows", "--region", disk / "isles"),
        "flows": (
            "assign", "--net", home / "net.tntp", "--trips", home / "trips.tntp", "--out", disk / "flows.csv",
        ),
        "store": (
            "export", "--format", "csv", *stored[:-2], "--store", disk / "store", "--year", "2031",
            "--out", home / "out",
        ),
    }[name]  # fmt: skip


WRITERS = ("csv", "xlsx", "parquet", "ledger", "rows", "flows", "store")


def prepare(name: str, home: Path, disk: Disk) -> None:
    """Put older files in the place of those to be written."""
    if name == "rows":
        for path in visible(home / "isles"):
            if path.is_file():
                (disk.folder / "isles").mkdir(exist_ok=True)
                (disk.folder / "isles" / path.name).write_bytes(path.read_bytes())
    elif name == "flows":
        for part in ("net", "trips"):
            data = (ROOT / "src" / "sogdia" / "examples" / "network" / f"braess_{part}.tntp").read_bytes()
            (home / f"{part}.tntp").write_bytes(data)
        command(*words_of(name, home, disk.folder))
    elif name != "store":
        command(*words_of(name, home, disk.folder))


@pytest.mark.parametrize("name", WRITERS)
def test_full_disk_is_one_message_and_older_files_stay(name: str, home: Path, disk: Disk) -> None:
    prepare(name, home, disk)
    older = disk.files()
    for kibibytes in (0, 4, 12):
        disk.fill(kibibytes)
        try:
            command(*words_of(name, home, disk.folder))
        except RefusedError as error:
            line = str(error).splitlines()[-1]
            assert line.startswith("sogdia: ")
            assert "disk is full" in line or "No space left" in line
            assert disk.files() == older
        else:
            assert kibibytes, f"{name} fits on a full disk"
            break
    disk.empty()
    command(*words_of(name, home, disk.folder))
    if name == "rows":
        assert has_row(disk.folder)
        assert check_pack(disk.folder / "isles") == []


@pytest.mark.parametrize("name", WRITERS)
def test_read_only_disk_is_one_message(name: str, home: Path, disk: Disk) -> None:
    prepare(name, home, disk)
    older = disk.files()
    disk.protect()
    with pytest.raises(RefusedError) as raised:
        command(*words_of(name, home, disk.folder))
    line = str(raised.value).splitlines()[-1]
    assert "ead-only" in line
    assert str(disk.folder) in line
    assert disk.files() == older


def with_a_byte_changed(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


DAMAGES: dict[str, Callable[[bytes], bytes | None]] = {
    "byte changed": with_a_byte_changed,
    "cut": lambda data: data[:-7],
    "emptied": lambda _: b"",
    "zeros": lambda data: bytes(len(data)),
    "other version": lambda data: data.replace(b'"store_version": 2', b'"store_version": 1'),
    "newer version": lambda data: data.replace(b'"store_version": 2', b'"store_version": 3'),
    "key more": lambda data: data.replace(b'"store_version": 2', b'"more": 1, "store_version": 2'),
    "deleted": lambda _: None,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_run_is_named_and_the_others_work(damage: str, home: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(home, tmp_path / "home"))
    store = Store(folder / "store")
    key, other = store.run_keys()[:2]
    run = folder / "store" / "runs" / f"run={key}"
    is_of_the_run = "version" in damage or damage == "key more"
    path = run / (RUN_FILE if is_of_the_run else "economies.parquet")
    data = path.read_bytes()
    changed = DAMAGES[damage](data)
    assert changed != data
    if changed is None:
        path.unlink()
    else:
        path.write_bytes(changed)
    with pytest.raises(DamagedError, match="remove the run"):
        store.tables(key)
    assert store.tables(other)
    place = ("--region", folder / "region", "--store", store.folder)
    for words in (
        ("export", "--format", "csv", "--run", key[:12], *place, "--out", tmp_path / "out"),
        ("compare", key[:12], other[:12], "--store", store.folder),
    ):
        with pytest.raises(RefusedError, match=key[:12]):
            command(*words)
    command("ls", "--runs", "--store", store.folder)
    command("rm", key[:12], "--store", store.folder)
    export(folder, tmp_path / "again")
    assert store.tables(key)
