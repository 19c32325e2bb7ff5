"""Progress on a terminal, in a notebook and by callback."""

from __future__ import annotations

import re
import sys
import time
from types import ModuleType

import pytest

from sogdia.api import Progress
from sogdia.api.progress import Waiting, line_of

PAUSE_S = 0.01
"""Pause between reads: a line that is written during one would be lost."""


def test_callback_gets_finished_total_and_text() -> None:
    calls: list[tuple[int, int, str]] = []
    with Progress(2, lambda *call: calls.append(call)) as bar:
        bar.stage("first")
        bar.step("first")
        bar.step("second")
        bar.at(5, 9, "third")
    assert calls == [(0, 2, "first"), (1, 2, "first"), (2, 2, "second"), (5, 9, "third")]


def test_false_has_no_output(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(1) as bar:
        bar.step("one")
    assert capsys.readouterr() == ("", "")


def test_standard_error_in_a_file_gets_no_bar(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress(1, True) as bar:
        bar.step("one")
    assert capsys.readouterr() == ("", "")


def test_standard_error_in_a_file_gets_lines_while_a_job_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sogdia.api.progress.FIRST_S", 1e-3)
    monkeypatch.setattr("sogdia.api.progress.NEXT_S", 1e-3)
    lines: list[str] = []
    with Progress(2, True) as bar:
        bar.step("one")
        while not lines:
            time.sleep(PAUSE_S)
            lines = [line for line in capsys.readouterr().err.splitlines() if line.endswith("one")]
    assert re.fullmatch(r"\d+ s: 1 of 2, about \d+ s left, one", lines[-1])


def lines_of_waiting(capsys: pytest.CaptureFixture[str], *, in_bar: bool) -> list[str]:
    """Return the lines of a command that shows no progress until some appear, or those next to a bar."""
    lines: list[str] = []
    with Progress(1, in_bar) as bar:
        bar.stage("rules")
        capsys.readouterr()  # a line may come before the stage has a name
        with Waiting("check", show=True):
            while not lines:
                time.sleep(PAUSE_S)
                lines = capsys.readouterr().err.splitlines()
    capsys.readouterr()
    return lines


def test_command_without_progress_of_its_own_says_that_it_runs(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_S", "NEXT_S", "WAITING_S"):
        monkeypatch.setattr(f"sogdia.api.progress.{name}", 1e-3)
    for in_bar, text in ((False, "check"), (True, "rules")):
        assert {re.sub(r"^\d+ s", "N s", line) for line in lines_of_waiting(capsys, in_bar=in_bar)} == {
            f"N s: {text}"
        }
    with Waiting("check", show=False):
        assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("finished", "total", "expected"),
    [
        (2, 6, "30 s: 2 of 6, about 60 s left, freight"),
        (0, 6, "30 s: 0 of 6, freight"),
        (6, 6, "30 s: 6 of 6, freight"),
        (0, 1, "30 s: freight"),
    ],
)
def test_line_has_the_time_left_once_steps_are_finished(finished: int, total: int, expected: str) -> None:
    assert line_of(30.0, finished, total, "freight") == expected


def test_notebook_gets_an_html_bar_that_is_removed(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []

    class ZMQInteractiveShell:
        pass

    class Handle:
        def update(self, content: dict[str, str], *, raw: bool) -> None:
            assert raw
            shown.append(content["text/html"])

    def display(content: dict[str, str], *, raw: bool, display_id: bool) -> Handle:
        assert raw
        assert display_id
        shown.append(content["text/html"])
        return Handle()

    ipython, displays = ModuleType("IPython"), ModuleType("IPython.display")
    ipython.get_ipython = ZMQInteractiveShell  # type: ignore[attr-defined]
    displays.display = display  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", displays)
    with Progress(2, True) as bar:
        bar.step("a < b")
    assert shown == [
        "<progress value=0 max=2></progress> 0 of 2 ",
        "<progress value=1 max=2></progress> 1 of 2 a &lt; b",
        "",
    ]
