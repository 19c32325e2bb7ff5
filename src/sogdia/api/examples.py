"""Example files that the package ships: plans, a scenario, studies, an article, a network, trade matrices."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from sogdia.errors import CannotRunError
from sogdia.files import os_errors, read_bytes, write_file

TRIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "announcement.txt": "brief announcement.txt --out brief",
        "own_projects.yaml": "freight --plan own_projects.yaml --base committed",
        "border_closed.yaml": "freight --scenario border_closed.yaml",
        "study.yaml": "run study.yaml",
        "portfolio.yaml": "portfolio portfolio.yaml --brief brief",
        "network/braess_net.tntp": "assign --net network/braess_net.tntp --trips network/braess_trips.tntp",
        "network/braess_trips.tntp": "",
        "trade/flows.csv": "counterfactual --flows trade/flows.csv --change trade/change.csv --theta 4",
        "trade/change.csv": "",
    }
)
"""Arguments of ``sogdia`` that read a shipped file, by its path; empty if those of the file before it do."""


def copy_examples(folder: Path) -> tuple[Path, ...]:
    """Copy the example files into a folder; those there that are equal stay.

    Args:
        folder: Folder of the user; it is created.

    Returns:
        The files that were written.

    Raises:
        CannotRunError: If a file of the same name has other content, or a file cannot be read or written;
            no file is replaced.
    """
    source = files("sogdia").joinpath("examples")
    contents = {folder / name: source.joinpath(*name.split("/")).read_bytes() for name in TRIES}
    with os_errors(folder):
        present = [path for path in contents if path.is_symlink() or path.exists()]
        same = {path for path in present if path.is_file() and read_bytes(path) == contents[path]}
    changed = [path for path in present if path not in same]
    if changed:
        names = ", ".join(str(path.relative_to(folder)) for path in changed)
        raise CannotRunError(
            f"{folder}: not replaced, as they differ from the examples: {names}; name another folder"
        )
    written = tuple(path for path in contents if path not in same)
    for path in written:
        with os_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        write_file(path, contents[path])
    return written
