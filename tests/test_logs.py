"""Output of compiled code to standard output is dropped."""

from __future__ import annotations

import ctypes
import os
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from sogdia.errors import CannotRunError
from sogdia.logs import LOG_VARIABLE, flush_compiled, log_to_file, silent_output

LIBRARY = ctypes.CDLL("ucrtbase" if sys.platform == "win32" else None)


def print_compiled(text: bytes) -> None:
    """Print as compiled code does, past the output of Python."""
    LIBRARY.printf(b"%s\n", text)


def test_output_of_compiled_code_is_dropped_in_the_block_alone(capfd: pytest.CaptureFixture[str]) -> None:
    print_compiled(b"before")
    with suppress(ValueError), silent_output():
        print_compiled(b"within")
        raise ValueError
    print_compiled(b"after")
    flush_compiled()
    assert capfd.readouterr() == ("before\nafter\n", "")


def test_messages_are_added_to_no_file_of_another_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(LOG_VARIABLE, raising=False)
    (tmp_path / "links.csv").write_text("id,from,to\n", encoding="utf-8")
    with pytest.raises(CannotRunError, match=r"links\.csv: is no file of messages; nothing was added"):
        log_to_file(tmp_path / "links.csv")
    assert LOG_VARIABLE not in os.environ


def test_output_returns_after_the_last_of_blocks_in_several_threads(
    capfd: pytest.CaptureFixture[str],
) -> None:
    first, second = threading.Event(), threading.Event()

    def other() -> None:
        with silent_output():
            first.set()
            second.wait(10.0)
            print_compiled(b"within")

    thread = threading.Thread(target=other)
    thread.start()
    with silent_output():
        assert first.wait(10.0)
    second.set()
    thread.join()
    print_compiled(b"after")
    flush_compiled()
    assert capfd.readouterr().out == "after\n"
