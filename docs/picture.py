"""Make ``docs/pictures/check.svg`` from what the command line prints."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich.console import Console
from rich.text import Text

WORDS = ("case", "--plan", "announced_2025", "--scenario", "pressure_on_china_ties")
PICTURE = Path(__file__).parent / "pictures" / "check.svg"
WIDTH, FIRST, LAST = 100, 20, 24


def printed() -> list[Text]:
    """The lines of the command's output, the middle left out."""
    coloured = {"COLUMNS": str(WIDTH), "FORCE_COLOR": "1", "TERM": "xterm", "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "sogdia", *WORDS],
        capture_output=True,
        check=True,
        encoding="utf-8",
        env=os.environ | coloured,
    )
    lines = [Text.from_ansi(line.rstrip()) for line in done.stdout.splitlines()]
    left_out = len(lines) - FIRST - LAST
    if left_out > 0:
        gap = Text(f"  … {left_out} lines left out of this picture …", style="italic")
        lines[FIRST : FIRST + left_out] = [gap]
    return lines


def main() -> None:
    """Draw the terminal; the fonts are the reader's own, none is fetched."""
    console = Console(record=True, width=WIDTH, file=io.StringIO())
    console.print(Text("$ sogdia " + " ".join(WORDS), style="bold"))
    for line in printed():
        console.print(line)
    drawn = console.export_svg(title="sogdia")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text("\n".join(line.rstrip() for line in drawn.splitlines()) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
