"""Memory of valid packs: a pack is checked once, and a cache that cannot be used is ignored."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from breaking import PackCopy

from sogdia.errors import Fault, FaultsError
from sogdia.region import Pack, check_read_pack, load_region, stamp


class Counter:
    """Counts how often packs are checked."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        monkeypatch.setattr("sogdia.region.region.check_read_pack", self)

    def __call__(self, read: Pack) -> list[Fault]:
        self.count += 1
        return check_read_pack(read)


def test_valid_pack_is_checked_once(pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    checks = Counter(monkeypatch)
    first = load_region(pack.folder)
    assert checks.count == 1
    assert load_region(pack.folder).digest == first.digest
    assert checks.count == 1
    pack.set("sources", 2, "title", "Another tale")
    load_region(pack.folder)
    assert checks.count == 2
    pack.edit_descriptor(lambda content: content.update(version="0.2.0"))
    load_region(pack.folder)
    assert checks.count == 3


def test_unchanged_pack_is_read_once_and_a_changed_one_again(pack: PackCopy) -> None:
    first = load_region(pack.folder)
    assert load_region(pack.folder) is first
    pack.set("sources", 2, "title", "Another tale")
    changed = load_region(pack.folder)
    assert changed.digest != first.digest
    pack.edit_descriptor(lambda content: content.update(title="The other isles"))
    assert load_region(pack.folder).title == "The other isles"
    pack.set("links", 4, "length_km", "-1")
    with pytest.raises(FaultsError):
        load_region(pack.folder)
    pack.path("links").unlink()
    with pytest.raises(FaultsError, match=r"links\.csv: no such file"):
        load_region(pack.folder)


def test_each_of_three_packs_has_its_own_region(isles_home: Path, tmp_path: Path) -> None:
    folders = [shutil.copytree(isles_home, tmp_path / name) for name in ("one", "two", "three")]
    for _ in range(2):
        assert [load_region(folder).folder for folder in folders] == folders


def test_invalid_pack_is_not_remembered(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    pack.set("zones", 2, "share", "0.5")
    for _ in range(2):
        with pytest.raises(FaultsError):
            load_region(pack.folder)
    assert not (tmp_path / "cache").exists()


def test_changed_checks_check_the_pack_again(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    checks = Counter(monkeypatch)
    load_region(pack.folder)
    monkeypatch.setattr(stamp, "_checks_digest", lambda: "other checks")
    load_region(pack.folder)
    assert checks.count == 2


@pytest.mark.parametrize("where", ["file/cache", "a" * 300, "missing"])
def test_unusable_cache_is_ignored(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / where))
    if where == "missing":
        (tmp_path / where).mkdir(mode=0o500)  # read only, but for root
    checks = Counter(monkeypatch)
    assert load_region(pack.folder).digest == load_region(pack.folder).digest
    assert checks.count == 2 or where == "missing"


def test_cache_without_permission_is_ignored(pack: PackCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(Path, "touch", refuse)
    assert load_region(pack.folder).name == "isles"
