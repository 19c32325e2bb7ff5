"""Run commands in one process in which some libraries are missing; print exit code and messages as JSON.

``python without_libraries.py LIBRARIES COMMANDS``: libraries separated by commas, commands as a JSON list of
lists of words.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import traceback
from typing import Any


class Missing:
    """Finder of modules that finds no library of a list."""

    def __init__(self, names: set[str]) -> None:
        self.names = names

    def find_spec(self, name: str, *_: Any) -> None:
        if name.partition(".")[0] in self.names:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def run(words: list[str]) -> dict[str, Any]:
    from sogdia.cli.main import main

    out, err = io.StringIO(), io.StringIO()
    sys.argv = ["sogdia", *words]
    code: Any = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            code = ended.code or 0
        except BaseException:  # noqa: BLE001 (a traceback is what is looked for)
            traceback.print_exc()
    return {"words": words, "code": code, "out": out.getvalue(), "err": err.getvalue()}


if __name__ == "__main__":
    sys.meta_path.insert(0, Missing(set(sys.argv[1].split(","))))
    results = [run(words) for words in json.loads(sys.argv[2])]
    print(json.dumps(results))  # noqa: T201 (read by the test)
