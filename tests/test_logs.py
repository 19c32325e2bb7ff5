"""Output of compiled code to standard output is dropped."""

from __future__ import annotations

import ctypes
import sys
import threading
from contextlib import suppress

import pytest

from sogdia.logs import flush_compiled, silent_output

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
