"""Text files of others: reading them whole, and writing so that no half of one is ever seen."""

from __future__ import annotations

import codecs
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sogdia.assignment.demand import Demand
from sogdia.assignment.network import Network
from sogdia.errors import CannotRunError, Fault, FaultsError

_OTHER_ENCODINGS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, eq=False)
class Opened:
    """What files held.

    Attributes:
        network: The network.
        demand: The demand, where a file of it was given.
        skipped: Flow within one zone, which is not assigned.
        notes: What the reader should know of the files, in words.
    """

    network: Network
    demand: Demand | None
    skipped: float = 0.0
    notes: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """The text of a file with lines ended by line feeds.

    Bytes that are not UTF-8 become marks that no number has: names in comments may have them.

    Raises:
        CannotRunError: If there is no such file or it may not be read.
        FaultsError: If it is no text in a common encoding.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise CannotRunError(f"{path}: no such file") from error
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror}") from error
    data = data.removeprefix(codecs.BOM_UTF8)
    if data.startswith(_OTHER_ENCODINGS) or b"\0" in data:
        raise FaultsError([Fault(path.name, 1, None, "no UTF-8 text", "save as UTF-8", "encoding")])
    return data.decode("utf-8", errors="replace").replace("\r\n", "\n").replace("\r", "\n")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``path`` once all is written.

    Raises:
        CannotRunError: If the folder is not there or may not be written to.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".sogdia-", dir=path.parent) as folder:
            draft = Path(folder) / path.name
            yield draft
            draft.replace(path)
    except OSError as error:
        raise CannotRunError(f"{path}: {error.strerror or error}") from error
