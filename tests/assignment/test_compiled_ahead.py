"""A process compiles kernels of route choice ahead, by the types of a region, and ends with its parent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sogdia.assignment import compiled_ahead
from sogdia.assignment.compiled_ahead import start_compiling
from sogdia.region import new_region

SIGNATURES = """
import importlib, json, pkgutil, sys
import sogdia.assignment.kernels as kernels
from numba.core.dispatcher import Dispatcher
from sogdia.assignment.compiled_ahead import solve_small

def counts():
    names = [each.name for each in pkgutil.iter_modules(kernels.__path__)]
    modules = [importlib.import_module(f"{kernels.__name__}.{name}") for name in names]
    found = {id(value): value for module in modules for value in vars(module).values()
             if isinstance(value, Dispatcher)}
    return {one.py_func.__qualname__: len(one.signatures) for one in found.values() if one.signatures}

solve_small()
ahead = counts()
from sogdia.api import run_freight
run_freight(sys.argv[1])
print(json.dumps([ahead, counts()]))
"""
ENDLESS = """
import time
from sogdia.assignment import compiled_ahead
compiled_ahead.solve_small = lambda: [print("ready", flush=True), time.sleep(3600)]
compiled_ahead.main()
"""


def test_kernels_compiled_ahead_are_those_of_a_region_by_the_same_types(tmp_path: Path) -> None:
    region = new_region(tmp_path / "small")
    ended = subprocess.run(
        [sys.executable, "-c", SIGNATURES, str(region)], check=True, capture_output=True, text=True
    )
    ahead, after = json.loads(ended.stdout)
    assert {"missing_paths", "load", "rows_by_od_group", "bundles_of", "path_sizes"} <= set(ahead)
    assert "paths_from" not in ahead, "the command compiles it at the same time"
    assert "paths_from" in after
    assert {name: count for name, count in after.items() if count > 1} == {}


def test_process_ends_when_the_pipe_of_its_parent_is_closed() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.stdin.close()
        assert process.wait() == 0


def test_process_is_stopped_at_the_end_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_ahead, "_processors", lambda: 2)
    monkeypatch.setattr(compiled_ahead, "CACHED", True)
    process = start_compiling()
    assert process is not None
    compiled_ahead._stop(process)
    assert process.returncode is not None


@pytest.mark.parametrize(("name", "value"), [("CACHED", False), ("_processors", lambda: 1)])
def test_no_process_without_a_cache_or_a_second_processor(
    monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(compiled_ahead, "_processors", lambda: 2)
    monkeypatch.setattr(compiled_ahead, "CACHED", True)
    monkeypatch.setattr(compiled_ahead, name, value)
    assert start_compiling() is None
