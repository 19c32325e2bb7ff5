"""Read trip tables in TNTP: ``Origin i``, then ``j : flow;`` pairs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sogdia.assignment.demand import Demand, make_demand
from sogdia.assignment.formats.textfile import read_text
from sogdia.assignment.kernels.arrays import Floats, Longs
from sogdia.assignment.network import Network
from sogdia.errors import SIMILAR_SHOWN, Fault, clip

SHARE = 1e-3
"""Relative difference of the sum of trips from the metadata above which there is a note."""

_TAGS = re.compile(r"^[ \t]*<([^>\n]*)>([^\n]*)", re.MULTILINE)
_COMMENT = re.compile(r"~[^\n]*")
_ORIGIN = re.compile(r"\borigin\b", re.IGNORECASE)
_FIRST_ORIGIN = re.compile(r"\A\s*origin\s+\d", re.IGNORECASE)
_TOKEN = re.compile(r"[:;]|[^\s:;]+")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Trips as numbers: origin, destination and flow, (P,) each; their lines if read word by word."""

    origin: Floats
    target: Floats
    flow: Floats
    line: Longs | None = None


def read_trips(
    path: Path, network: Network | None, zones: int | None, faults: list[Fault]
) -> tuple[Demand | None, float, tuple[str, ...]]:
    """Read trips between zones numbered from 1.

    Args:
        path: The file.
        network: The network, or ``None`` if it has faults: then only the trips are checked.
        zones: Number of zones in the metadata of the network.
        faults: List to which faults are added.

    Returns:
        Demand, flow within zones that was skipped, and notes.
    """
    text, file, before = read_text(path), path.name, len(faults)
    head = _head(text, file, faults)
    count = (
        zones
        if zones is not None
        else (head.get("NUMBER OF ZONES") if network is None else len(network.zones))
    )
    stated = head.get("NUMBER OF ZONES")
    if stated is not None and count is not None and stated != count:
        line = _line_of(text, "NUMBER OF ZONES")
        problem, fix = f"{stated:,.0f} zones", f"expected {count:,.0f} as in the network"
        faults.append(Fault(file, line, "NUMBER OF ZONES", problem, fix, "metadata"))
        count = max(stated, count)
    pairs = _read_regular(text)
    if pairs is None or not _is_valid(pairs, count):
        pairs = _read_by_word(text, file, faults)
        _check(pairs, count, file, faults)
    if network is None or len(faults) > before:
        return None, 0.0, ()
    notes = []
    total, stated_total = float(pairs.flow.sum()), head.get("TOTAL OD FLOW")
    if stated_total is not None and abs(total - stated_total) > SHARE * max(abs(stated_total), 1e-9):
        notes.append(f"{file}: TOTAL OD FLOW is {stated_total:g} and the trips add up to {total:g}")
    notes += _repeated(pairs, text, file)
    within = pairs.origin == pairs.target
    skipped = float(pairs.flow[within].sum())
    assigned = ~within & (pairs.flow > 0.0)
    names = np.array(["", *map(str, range(1, len(network.nodes) + 1))], dtype=object)
    table = pd.DataFrame(
        {
            "origin": names[pairs.origin[assigned].astype(np.int64)],
            "destination": names[pairs.target[assigned].astype(np.int64)],
            "flow": pairs.flow[assigned],
        }
    )
    return make_demand(table, network, file=file), skipped, tuple(notes)


def has_trips(text: str) -> bool:
    """Return whether a text has a trip table: an origin before any link."""
    return _FIRST_ORIGIN.search(_body(text)) is not None


def _repeated(pairs: Pairs, text: str, file: str) -> list[str]:
    """Return a note on pairs that occur several times, whose flows are added up."""
    keys = np.column_stack([pairs.origin, pairs.target])
    _, first, counts = np.unique(keys, axis=0, return_index=True, return_counts=True)
    if not (counts > 1).any():
        return []
    located = pairs if pairs.line is not None else _read_by_word(text, file, [])
    is_first = np.zeros(len(keys), dtype=np.bool_)
    is_first[first] = True
    again = int(np.flatnonzero(~is_first)[0])
    line = 0 if located.line is None else int(located.line[again])
    place = f"{pairs.origin[again]:.0f} to {pairs.target[again]:.0f} in line {line}"
    count = int((counts > 1).sum())
    named = "1 pair occurs" if count == 1 else f"{count:,} pairs occur"
    return [f"{file}: {named} several times and are added up, the first from {place}"]


def _head(text: str, file: str, faults: list[Fault]) -> dict[str, float]:
    values: dict[str, float] = {}
    for match in _TAGS.finditer(text):
        tag = " ".join(match[1].upper().split())
        if tag not in ("NUMBER OF ZONES", "TOTAL OD FLOW"):
            continue
        words = match[2].partition("~")[0].split()
        try:
            values[tag] = float(words[0]) if words else np.nan
        except ValueError:
            values[tag] = np.nan
        if not np.isfinite(values[tag]):
            line = text.count("\n", 0, match.start(1)) + 1
            problem = f"{clip(match[2].strip())} is not a number"
            faults.append(Fault(file, line, tag, problem, "", "metadata"))
            del values[tag]
    return values


def _line_of(text: str, tag: str) -> int:
    match = re.search(r"<\s*" + tag.replace(" ", r"\s+") + r"\s*>", text, re.IGNORECASE)
    return text.count("\n", 0, match.start()) + 1 if match else 1


def _body(text: str) -> str:
    """Return the text without tags and comments, with the same lines."""
    body = _TAGS.sub("", text)
    return _COMMENT.sub("", body) if "~" in body else body


def _read_regular(text: str) -> Pairs | None:
    """Return the trips of a regular file, or ``None`` if it is irregular."""
    blocks = _ORIGIN.split(_body(text))
    if blocks[0].strip():
        return None
    origins, counts = [], []
    targets: list[str] = []
    flows: list[str] = []
    for block in blocks[1:]:
        words = block.replace(":", " : ").replace(";", " ").split()
        pairs = len(words) // 3
        if len(words) != 3 * pairs + 1 or words[2::3].count(":") != pairs or words.count(":") != pairs:
            return None
        origins.append(words[0])
        counts.append(pairs)
        targets += words[1::3]
        flows += words[3::3]
    try:
        starts = np.array(origins, dtype=np.float64)
        values = np.array(targets, dtype=np.float64), np.array(flows, dtype=np.float64)
    except ValueError:
        return None
    return Pairs(np.repeat(starts, counts), *values)


def _is_valid(pairs: Pairs, zones: float | None) -> bool:
    if not (np.isfinite(pairs.flow) & (pairs.flow >= 0.0)).all():
        return False
    most = np.inf if zones is None else zones
    return all(
        ((ends >= 1.0) & (ends <= most) & (ends == np.floor(ends))).all()
        for ends in (pairs.origin, pairs.target)
    )


def _read_by_word(text: str, file: str, faults: list[Fault]) -> Pairs:
    """Return the trips with their lines, read word by word; other words become faults."""
    rows: list[tuple[float, float, float, int]] = []
    origin: float | None = None
    waiting: list[tuple[str, int]] = []

    def settle(line: int) -> None:
        words = [word for word, _ in waiting]
        if not waiting:
            return
        if len(words) == 3 and words[1] == ":" and origin is not None:
            figures = [
                _number(words[i], file, name, line, faults) for i, name in ((0, "destination"), (2, "flow"))
            ]
            rows.append((origin, figures[0], figures[1], line))
        elif origin is None:
            faults.append(
                Fault(file, line, None, f"{clip(' '.join(words))} before the first Origin", "", "trips")
            )
        else:
            problem = f"{clip(' '.join(words))} is not a trip"
            faults.append(Fault(file, line, None, problem, "expected destination : flow", "trips"))
        waiting.clear()

    expects_origin = False
    for number, line in enumerate(_body(text).split("\n"), start=1):
        for word in _TOKEN.findall(line):
            if expects_origin:
                origin, expects_origin = _number(word, file, "origin", number, faults), False
            elif word.lower() == "origin":
                settle(number)
                expects_origin = True
            elif word == ";":
                settle(number)
            else:
                # A pair without its semicolon ends at the next destination.
                if len(waiting) == 3 and word != ":":
                    settle(waiting[0][1])
                waiting.append((word, number))
    settle(waiting[0][1] if waiting else 0)
    columns = np.array(rows, dtype=np.float64).reshape(-1, 4)
    return Pairs(columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 3].astype(np.int64))


def _number(word: str, file: str, name: str, line: int, faults: list[Fault]) -> float:
    try:
        return float(word)
    except ValueError:
        faults.append(Fault(file, line, name, f"{clip(word)} is not a number", "", "number"))
        return 1.0 if name != "flow" else 0.0


def _check(pairs: Pairs, zones: float | None, file: str, faults: list[Fault]) -> None:
    lines = pairs.line if pairs.line is not None else np.zeros(pairs.flow.size, np.int64)
    most = np.inf if zones is None else zones
    for name, ends in (("origin", pairs.origin), ("destination", pairs.target)):
        unknown = np.flatnonzero(~((ends >= 1.0) & (ends <= most) & (ends == np.floor(ends))))
        fix = "expected a whole number" + ("" if zones is None else f" from 1 to {zones:,.0f}")
        if unknown.size > SIMILAR_SHOWN:
            first = f"{ends[unknown[0]]:.15g}"
            problem = f"{unknown.size:,} trips name zones that the network does not have, the first {first}"
            fix = f"{fix}; are these trips of another network?"
            faults.append(Fault(file, int(lines[unknown[0]]), name, problem, fix, "zone"))
            continue
        faults += [Fault(file, int(lines[i]), name, f"no zone {ends[i]:.15g}", fix, "zone") for i in unknown]
    for i in np.flatnonzero(~(np.isfinite(pairs.flow) & (pairs.flow >= 0.0))):
        problem, fix = f"{pairs.flow[i]:g} is not a flow", "expected a finite number >= 0"
        faults.append(Fault(file, int(lines[i]), "flow", problem, fix, "flow"))
