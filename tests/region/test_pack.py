"""Region packs by name or folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from breaking import DESCRIPTOR, PackCopy

from sogdia.errors import CannotRunError, UnknownNameError
from sogdia.region import check_pack, find_pack, load_region, shipped_regions


def test_pack_is_found_by_name_folder_or_descriptor(pack: PackCopy, tmp_path: Path) -> None:
    assert find_pack(pack.folder) == pack.folder
    assert find_pack(str(pack.folder)) == pack.folder
    assert find_pack(pack.folder / DESCRIPTOR) == pack.folder
    assert "central_asia" in shipped_regions()
    assert find_pack("central_asia") == shipped_regions()["central_asia"]
    with pytest.raises(UnknownNameError, match="did you mean central_asia"):
        check_pack("central_aisa")
    with pytest.raises(CannotRunError, match="no such folder"):
        check_pack(tmp_path / "nowhere")
    with pytest.raises(CannotRunError, match=r"it has no datapackage\.json"):
        check_pack(tmp_path)
    with pytest.raises(CannotRunError):
        check_pack("a" * 300)
    with pytest.raises(CannotRunError):
        check_pack(tmp_path / ("a" * 300))
    with pytest.raises(UnknownNameError):
        load_region("a\0b")
