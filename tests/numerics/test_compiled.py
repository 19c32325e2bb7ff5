"""A kernel is compiled if code newer than its source is stored."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sogdia.cli.output import FIRST_KERNELS, note_compiling

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


@pytest.mark.parametrize("kind", sorted(FIRST_KERNELS))
def test_first_start_of_each_kind_of_computation_says_that_it_compiles(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[str] = []
    monkeypatch.setattr("sogdia.assignment.compiled_ahead.start_compiling", lambda: started.append(kind))
    for is_compiled, notes in ((True, 0), (False, 1)):
        monkeypatch.setattr("sogdia.numerics.compiled.is_compiled", lambda _, known=is_compiled: known)
        note_compiling(kind)
        assert capsys.readouterr().err.count("first start: the kernels are compiled") == notes
    assert started == (["paths"] if kind == "paths" else [])
