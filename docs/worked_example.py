"""Makes ``worked_example.ipynb``: a plan run, looked at and compared, in Python."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CELLS = (
    (
        "# A plan, step by step\n\nWhat the Middle Corridor plan would change in 2030 on the shipped region. "
        "Runs are kept in a store: the second time they are looked up.",
        "",
    ),
    (
        "",
        "import sogdia\nfrom sogdia.runs.stored_run import run_plan\n\n"
        'region = sogdia.load_region("central_asia")',
    ),
    (
        "Freight, trade and power of a year in which nothing is built:",
        "base = run_plan(region, year=2030)\nbase",
    ),
    ("The same year with the plan's projects:", 'plan = run_plan(region, "middle_corridor", year=2030)'),
    ("What the plan changes:", "difference = plan.compare(base)\ndifference"),
    (
        "Links that gain most, in tonnes a year:",
        'links = difference.tables["links"]\n'
        'links.nlargest(8, "tonnes_difference")[["link", "mode", "tonnes_first", "tonnes_second", '
        '"tonnes_difference"]]',
    ),
    (
        "Any table of any run can be asked in SQL:",
        "plan.store.query(\n"
        '    "SELECT plan, name, gain_musd FROM economies JOIN runs USING (run) "\n'
        '    "WHERE home ORDER BY plan, gain_musd DESC"\n)',
    ),
    (
        "Each run keeps every edit that made its case, with reason and source:",
        'plan.table("changes")[["cause", "table", "field", "action", "value", "reason", "source"]].head()',
    ),
)  # fmt: skip
"""Words and code of each step."""


def notebook() -> dict[str, Any]:
    """The notebook (nbformat 4.5), without outputs; ids of cells are their numbers."""
    cells: list[dict[str, Any]] = []
    for words, code in CELLS:
        for kind, text in (("markdown", words), ("code", code)):
            if text:
                cell = {"cell_type": kind, "id": f"cell-{len(cells)}", "metadata": {}, "source": text}
                cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


if __name__ == "__main__":
    path = Path(__file__).parent / "worked_example.ipynb"
    path.write_text(json.dumps(notebook(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
