"""Random changes of files: bytes, lines, tokens, encodings, exchanged and missing files.

A change knows no format. Words of a format, and of hostile input in general, come as a dictionary; a change
puts them where the file has a word or number.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

from fuzz.words import HOSTILE

Files = dict[str, bytes]
TOKEN = re.compile(rb"[A-Za-z_][\w-]*|-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
LARGEST = 300_000
"""Bytes of a changed file: a reader's work is bounded by them, so that time is too."""


def _place(generator: random.Random, data: bytes) -> int:
    return generator.randrange(len(data) + 1)


def _lines(data: bytes, edit: Callable[[list[bytes]], object]) -> bytes:
    lines = data.splitlines(keepends=True) or [b""]
    edit(lines)
    return b"".join(lines)


def line_deleted(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return _lines(data, lambda lines: lines.pop(generator.randrange(len(lines))))


def line_repeated(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    times = generator.choice((1, 1, 2, 300))
    return _lines(
        data,
        lambda lines: lines.insert(generator.randrange(len(lines)), generator.choice(lines) * times),
    )


def lines_shuffled(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return _lines(data, generator.shuffle)


def truncated(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return data[: _place(generator, data)]


def part_deleted(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    begin = _place(generator, data)
    return data[:begin] + data[begin + generator.randrange(1, 40) :]


def part_repeated(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    begin = _place(generator, data)
    part = data[begin : begin + generator.randrange(1, 200)]
    return data[:begin] + part * generator.choice((2, 3, 1000)) + data[begin:]


def parts_exchanged(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    a, b, c, d = sorted(_place(generator, data) for _ in range(4))
    return data[:a] + data[c:d] + data[b:c] + data[a:b] + data[d:]


def random_bytes(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    changed = bytearray(data)
    for _time in range(generator.randrange(1, 6)):
        at = _place(generator, bytes(changed))
        changed[at : at + generator.randrange(4)] = generator.randbytes(generator.randrange(4))
    return bytes(changed)


def word_replaced(generator: random.Random, data: bytes, words: Sequence[bytes]) -> bytes:
    """Put a hostile word, a word of the format or another word of the file in place of one to three words."""
    for _ in range(generator.choice((1, 1, 1, 2, 3))):
        found = list(TOKEN.finditer(data))
        if not found:
            return generator.choice(HOSTILE)
        match = generator.choice(found)
        own = [generator.choice(found)[0]]
        word = generator.choice(generator.choice((HOSTILE, words or HOSTILE, own)))
        data = data[: match.start()] + word + data[match.end() :]
    return data


def number_changed(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    found = [match for match in TOKEN.finditer(data) if match[0][:1] not in b"_" and match[0][-1:].isdigit()]
    if not found:
        return data + b"1"
    match = generator.choice(found)
    change = generator.choice((b"-%s", b"%s0000", b"0.0000%s", b"%s.5", b"%s%s", b"1e%s", b"0"))
    text = change % ((match[0],) * change.count(b"%s"))
    return data[: match.start()] + text + data[match.end() :]


def word_inserted(generator: random.Random, data: bytes, words: Sequence[bytes]) -> bytes:
    at = _place(generator, data)
    return data[:at] + generator.choice((*HOSTILE, *words)) + data[at:]


def encoded_otherwise(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    text = data.decode("utf-8", "replace")
    codec = generator.choice(("utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "utf-7"))
    return text.encode(codec, "replace")


def line_ends_changed(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    return data.replace(b"\n", generator.choice((b"\r\n", b"\r", b"\n\n", b" \n", b"\x0b", b"")))


def separators_changed(generator: random.Random, data: bytes, _: Sequence[bytes]) -> bytes:
    old = generator.choice((b",", b";", b"\t", b" ", b":", b"<", b'"', b"-", b"."))
    return data.replace(old, generator.choice((b";", b",", b"\t", b"", b"|", old * 2)))


def emptied(generator: random.Random, _: bytes, words: Sequence[bytes]) -> bytes:
    return generator.choice((b"", b"\n", b" \n\n", b"\xef\xbb\xbf", b"\0" * 100, *HOSTILE, *words))


CHANGES = (
    line_deleted, line_repeated, lines_shuffled, truncated, part_deleted, part_repeated, parts_exchanged,
    random_bytes, word_replaced, word_replaced, word_replaced, word_replaced, number_changed, number_changed,
    word_inserted, encoded_otherwise, line_ends_changed, separators_changed, emptied,
)  # fmt: skip
"""Changes of a file; those of words come oftenest, since a reader's depth is reached by them."""


def mutated(
    generator: random.Random, files: Mapping[str, bytes], words: Sequence[bytes], fixed: frozenset[str]
) -> tuple[Files, str]:
    """Return the files with one to three changes, and the names of the changes.

    Args:
        generator: Source of chance.
        files: Valid files by name.
        words: Words of the format.
        fixed: Files that are not text: only their bytes change.
    """
    changed, names = dict(files), []
    for _ in range(generator.choice((1, 1, 1, 2, 3))):
        name = generator.choice(sorted(changed))
        other = generator.choice(sorted(changed))
        fate = generator.random()
        if fate < 0.03 and len(changed) > 1:
            del changed[name]
            names.append(f"{name} deleted")
        elif fate < 0.08 and other != name:
            changed[name], changed[other] = changed[other], changed[name]
            names.append(f"{name} and {other} exchanged")
        else:
            kinds = (random_bytes, truncated, part_deleted, emptied) if name in fixed else CHANGES
            change = generator.choice(kinds)
            changed[name] = change(generator, changed[name], words)[:LARGEST]
            names.append(f"{change.__name__} of {name}")
    return changed, ", ".join(names)
