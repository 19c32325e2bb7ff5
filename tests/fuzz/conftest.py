"""Counts of what became of the changed files, printed at the end of the run."""

from __future__ import annotations

from collections import Counter

import pytest

KEY = "fuzz"
RESULTS = ("read", "refused", "failed")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    counts: dict[str, Counter[str]] = {}
    for report in (*terminalreporter.stats.get("passed", []), *terminalreporter.stats.get("failed", [])):
        for key, value in getattr(report, "user_properties", []):
            if key == KEY and report.when == "call":
                name, found = value
                counts.setdefault(name, Counter()).update(found)
    if not counts:
        return
    terminalreporter.write_sep("-", "changed files of each door")
    terminalreporter.write_line(f"{'door':<22}" + "".join(f"{result:>9}" for result in RESULTS))
    for name, found in counts.items():
        terminalreporter.write_line(f"{name:<22}" + "".join(f"{found[result]:>9,}" for result in RESULTS))
