"""Writes ``worked_example.ipynb``: a plan in ten lines of Python, then a closer look."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

CELLS = (
    (
        "# A plan in ten lines\n\n"
        "The effect of the Middle Corridor plan on freight, trade and electricity in 2030, compared with the "
        "same year without it: the committed projects alone. Runs are stored: the second time they are "
        "looked up.",
        "",
    ),
    (
        "",
        "import sogdia\n\n"
        'region = sogdia.load_region("central_asia")\n'
        'plan = sogdia.run(region, "middle_corridor", year=2030, progress=True)\n'
        "effect = plan.compare()\n"
        "effect.summary()",
    ),
    ("Gain of each country, and the change of freight on each link:", 'effect.plot("gains")'),
    ("", "effect.plot()"),
    (
        "## Tables\n\nEvery result has tables. The links that gain most freight, in tonnes a year:",
        'effect.tables["links"].nlargest(8, "tonnes_difference")[\n'
        '    ["link", "mode", "tonnes_first", "tonnes_second", "tonnes_difference"]\n'
        "]",
    ),
    (
        "Tables of all stored runs can be queried in SQL:",
        "plan.store.query(\n"
        '    "SELECT plan, name, gain_musd FROM economies JOIN runs USING (run) "\n'
        '    "WHERE home ORDER BY plan, gain_musd DESC"\n)',
    ),
    (
        "## Provenance\n\nA run keeps every edit that the plan and the scenario made to the region's tables, "
        "with reason and source:",
        'plan.tables["changes"][["cause", "table", "field", "action", "value", "reason", "source"]].head()',
    ),
    (
        "## An announcement\n\nAn article becomes claims, each with its match in the ledger of deals:",
        'article = sogdia.read_article("""Tashkent, 4 November 2025\n\n'
        "China and Kyrgyzstan signed an agreement to build the 250 MW Ak-Turpak solar plant for "
        "$230 million.\n"
        '""")\n'
        'article.claims[["claim_type", "partner", "recipient", "project", "amount_musd", "status"]]',
    ),
    ("", 'article.matches[["claim", "relation", "row", "score", "reason"]]'),
)  # fmt: skip
"""Text and code of each step."""


def notebook() -> dict[str, Any]:
    """Return the notebook (nbformat 4.5), without outputs; a cell's id is its number."""
    cells: list[dict[str, Any]] = []
    for text, code in CELLS:
        for kind, content in (("markdown", text), ("code", code)):
            if content:
                cell = {"cell_type": kind, "id": f"cell-{len(cells)}", "metadata": {}, "source": content}
                cells.append(cell | ({"execution_count": None, "outputs": []} if kind == "code" else {}))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


if __name__ == "__main__":
    path = Path(__file__).parent / "worked_example.ipynb"
    path.write_text(json.dumps(notebook(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
