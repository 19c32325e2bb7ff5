"""Commands killed at random moments: nothing finished is lost, no half file, no orphan, nothing left over.

``SOGDIA_FAULTS`` is the number of kills (``make faults``: 40), spread over the commands.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from faults.commands import COMMANDS, Started, inputs, left_over, still_shared, visible
from sogdia.runs.store import Store

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/stat").exists(), reason="looks at processes through /proc"
)
KILLS = int(os.environ.get("SOGDIA_FAULTS") or 0)
SAMPLE = {"export": 1, "propose": 1}
"""Kills of each command in the short run; ``test_killed_run`` has those of ``sogdia run``."""


def kills_of(name: str) -> int:
    return -(-KILLS // len(COMMANDS)) if KILLS else SAMPLE.get(name, 0)


@pytest.mark.parametrize("name", [name for name in COMMANDS if kills_of(name)])
def test_killed_command_loses_no_run_and_leaves_no_half_file(
    name: str, isles_home: Path, tmp_path: Path
) -> None:
    pytest.importorskip("duckdb")
    case, moments, shared = COMMANDS[name], random.Random(name), set[str]()
    folder, finished, cut = inputs(tmp_path / "0", isles_home), set[str](), 0
    for number in range(kills_of(name)):
        if case.is_complete(folder):
            folder, finished = inputs(tmp_path / str(number + 1), isles_home), set[str]()
        started = Started(folder, case.words)
        cut += started.kill_after(moments.uniform(0.3, 1.0) * case.seconds)
        shared |= started.shared
        assert started.orphans() == []
        assert case.problem(folder) == ""
        now = set(Store(folder / "store").run_keys())
        assert finished <= now, "a finished run is lost"
        finished = now
    written = {path: path.read_bytes() for path in visible(folder / "out") if path.suffix == ".csv"}
    Started(folder, case.words).finish()
    assert case.is_complete(folder)
    assert case.problem(folder) == ""
    assert finished <= set(Store(folder / "store").run_keys())
    assert {path: path.read_bytes() for path in written} == written, "a file written before the kill differs"
    assert left_over(folder) == []
    assert still_shared(shared) == []
    assert cut or not KILLS, "no command was killed before its end"
