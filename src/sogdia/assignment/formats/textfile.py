"""Text files of other programs: their contents, and drafts of files to write."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sogdia.assignment.demand import Demand
from sogdia.assignment.network import Network
from sogdia.errors import CannotRunError, Fault, FaultsError
from sogdia.files import read_bytes, replacing

_INTEGER = re.compile(r"(-?\d+)(?:\.0+)?")
_OTHER_ENCODINGS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, eq=False)
class ImportedNetwork:
    """Contents of a network's files.

    Attributes:
        network: The network.
        demand: The demand, if a file of it was given.
        skipped: Flow within one zone, which is not assigned.
        notes: Remarks on the files, as text.
    """

    network: Network
    demand: Demand | None
    skipped: float = 0.0
    notes: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """Read a text file with lines ended by line feeds.

    Bytes that are not UTF-8 become replacement characters, which no number has: comments may have them.

    Raises:
        CannotRunError: If it cannot be read.
        FaultsError: If it is not text, or UTF-16 or UTF-32.
    """
    data = read_bytes(path).removeprefix(codecs.BOM_UTF8)
    if data.startswith(_OTHER_ENCODINGS) or b"\0" in data:
        raise FaultsError([Fault(path.name, 1, None, "not UTF-8 text", "save as UTF-8", "encoding")])
    return data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


def integer_ids(names: Sequence[str]) -> list[str]:
    """Return names, whole numbers without ``.0`` if all of them are numbers.

    pandas writes a column of whole numbers with an empty cell as 1.0, 2.0 and so on.

    >>> integer_ids(["1.0", "", "12.0"]), integer_ids(["1.0", "a"])
    (['1', '', '12'], ['1.0', 'a'])
    """
    matches = [_INTEGER.fullmatch(name) for name in names]
    if not all(match or not name for match, name in zip(matches, names, strict=True)):
        return list(names)
    return [match[1] if match else name for match, name in zip(matches, names, strict=True)]


@contextmanager
def draft_of(path: Path | str) -> Iterator[Path]:
    """Provide a draft that replaces a file of an existing folder once it is complete.

    Raises:
        CannotRunError: If the folder does not exist or cannot be written to.
    """
    target = Path(path)
    if not target.parent.is_dir():
        raise CannotRunError(f"{target.parent}: no such folder")
    with replacing(target) as draft:
        yield draft
