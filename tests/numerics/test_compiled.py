"""A kernel is compiled if code newer than its source is stored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

pytest.importorskip("numba")

SOURCE = """\
import numba

@numba.njit(cache=True)
def twice(value):
    return 2 * value
"""


def test_kernel_is_compiled_after_its_first_call_and_until_its_source_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import import_module

    from sogdia.numerics.compiled import CACHED, is_compiled

    if not CACHED:
        pytest.skip("no folder for compiled code")
    source = tmp_path / "own_kernel_of_this_test.py"
    source.write_text(SOURCE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    kernel = import_module(source.stem).twice
    assert not is_compiled(kernel)
    assert kernel(2) == 4
    assert is_compiled(kernel)
    os.utime(source, (2e9, 2e9))
    assert not is_compiled(kernel)
