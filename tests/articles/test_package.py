"""Public names of ``sogdia.articles``."""

from __future__ import annotations

import subprocess
import sys

import sogdia.articles


def test_every_public_name_exists() -> None:
    for name in sogdia.articles.__all__:
        assert getattr(sogdia.articles, name) is not None


def test_import_loads_no_library() -> None:
    code = "import sys, sogdia.articles; print('pandas' in sys.modules, 'lxml' in sys.modules)"
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert result.stdout.split() == ["False", "False"]
