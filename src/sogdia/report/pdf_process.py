"""Write one page as PDF by WeasyPrint, as a process of its own: ``python -P pdf_process.py PAGE PDF``.

Pango ends its process without an exception where it finds no fonts; then the caller is not affected. The file
imports nothing of Sogdia, so that it starts quickly.
"""

from __future__ import annotations

import sys
import warnings

MISSING = 3
"""Exit code if WeasyPrint or one of its libraries is not installed."""


def main(source: str, target: str) -> int:
    """Write ``target`` from the HTML file ``source``; return the exit code."""
    warnings.simplefilter("ignore")
    try:
        from weasyprint import HTML  # type: ignore[import-untyped]
    except (ImportError, OSError):
        return MISSING
    with open(source, encoding="utf-8") as file:  # noqa: PTH123 (pathlib would take longer to import)
        HTML(string=file.read()).write_pdf(target)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
