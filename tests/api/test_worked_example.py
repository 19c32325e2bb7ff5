"""The notebook of the documentation is what its script writes, and runs."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


def test_notebook_is_what_its_script_writes_and_runs(
    monkeypatch: pytest.MonkeyPatch, shared_folder: Path
) -> None:
    nbclient = pytest.importorskip("nbclient")
    nbformat = pytest.importorskip("nbformat")
    monkeypatch.syspath_prepend(str(DOCS))
    from worked_example import notebook

    text = (DOCS / "worked_example.ipynb").read_text("utf-8")
    assert json.loads(text) == notebook()
    content = nbformat.reads(text, as_version=4)
    monkeypatch.setenv("SOGDIA_STORE", str(shared_folder / "store_of_shipped_runs"))
    if sys.platform == "win32":
        pytest.skip("the kernel's event loop warns on Windows")
    client = nbclient.NotebookClient(content, timeout=300, kernel_name="python3")
    client.execute()
    outputs = [output for cell in content.cells for output in cell.get("outputs", ())]
    shown = [str(output) for output in outputs]
    assert any("Gain of the home countries" in text for text in shown)
    assert any("middle_corridor" in text for text in shown)
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
