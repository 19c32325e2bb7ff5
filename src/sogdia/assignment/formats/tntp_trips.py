"""Trip tables in TNTP: ``Origin i``, then ``j : flow;`` pairs."""

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
from sogdia.errors import Fault, clip

SHARE = 1e-3
"""Part by which the sum of trips may differ from what the head says, unmentioned."""

_TAGS = re.compile(r"^[ \t]*<([^>\n]*)>([^\n]*)", re.MULTILINE)
_COMMENT = re.compile(r"~[^\n]*")
_ORIGIN = re.compile(r"\borigin\b", re.IGNORECASE)
_TOKEN = re.compile(r"[:;]|[^\s:;]+")


@dataclass(frozen=True, eq=False)
class Pairs:
    """Trips as numbers: origin, destination and flow, (P,) each; their lines where these were looked for."""

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
        network: The network, or none where it has faults: then only the trips are looked at.
        zones: How many zones the network's file tells of.
        faults: Takes up what is wrong.

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
    told = head.get("NUMBER OF ZONES")
    if told is not None and count is not None and told != count:
        line = _line_of(text, "NUMBER OF ZONES")
        problem = f"{told:,.0f} zones are told; the network has {count:,.0f}"
        faults.append(Fault(file, line, "NUMBER OF ZONES", problem, "", "metadata"))
        count = max(told, count)
    pairs = _fast(text)
    if pairs is None or not _sound(pairs, count):
        pairs = _slow(text, file, faults)
        _check(pairs, count, file, faults)
    if network is None or len(faults) > before:
        return None, 0.0, ()
    notes = []
    total, wanted = float(pairs.flow.sum()), head.get("TOTAL OD FLOW")
    if wanted is not None and abs(total - wanted) > SHARE * max(abs(wanted), 1e-9):
        notes.append(f"{file}: TOTAL OD FLOW is {wanted:g} and the trips add up to {total:g}")
    within = pairs.origin == pairs.target
    skipped = float(pairs.flow[within].sum())
    kept = ~within & (pairs.flow > 0.0)
    names = np.array(["", *map(str, range(1, len(network.nodes) + 1))], dtype=object)
    table = pd.DataFrame(
        {
            "origin": names[pairs.origin[kept].astype(np.int64)],
            "destination": names[pairs.target[kept].astype(np.int64)],
            "flow": pairs.flow[kept],
        }
    )
    return make_demand(table, network, file=file), skipped, tuple(notes)


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
    """The text without tags and comments, its lines where they were."""
    body = _TAGS.sub("", text)
    return _COMMENT.sub("", body) if "~" in body else body


def _fast(text: str) -> Pairs | None:
    """The trips of a file that is as it should be, or nothing."""
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
        found = np.array(targets, dtype=np.float64), np.array(flows, dtype=np.float64)
    except ValueError:
        return None
    return Pairs(np.repeat(starts, counts), *found)


def _sound(pairs: Pairs, zones: float | None) -> bool:
    if not (np.isfinite(pairs.flow) & (pairs.flow >= 0.0)).all():
        return False
    most = np.inf if zones is None else zones
    return all(
        ((ends >= 1.0) & (ends <= most) & (ends % 1.0 == 0.0)).all() for ends in (pairs.origin, pairs.target)
    )


def _slow(text: str, file: str, faults: list[Fault]) -> Pairs:
    """The trips with their lines, word by word; what is no trip is told."""
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
            faults.append(Fault(file, line, None, f"{clip(' '.join(words))} before any Origin", "", "trips"))
        else:
            problem = f"{clip(' '.join(words))} is no trip: destination : flow"
            faults.append(Fault(file, line, None, problem, "", "trips"))
        waiting.clear()

    wants_origin = False
    for number, line in enumerate(_body(text).split("\n"), start=1):
        for word in _TOKEN.findall(line):
            if wants_origin:
                origin, wants_origin = _number(word, file, "origin", number, faults), False
            elif word.lower() == "origin":
                settle(number)
                wants_origin = True
            elif word == ";":
                settle(number)
            else:
                # A pair that lacks its semicolon ends where the next destination stands.
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
        for i in np.flatnonzero(~((ends >= 1.0) & (ends <= most) & (ends % 1.0 == 0.0))):
            problem = f"no zone is numbered {ends[i]:g}" + (
                "" if zones is None else f": there are {zones:,.0f}"
            )
            faults.append(Fault(file, int(lines[i]), name, problem, "", "zone"))
    for i in np.flatnonzero(~(np.isfinite(pairs.flow) & (pairs.flow >= 0.0))):
        problem = f"{pairs.flow[i]:g} is no flow: a finite number of at least 0 is wanted"
        faults.append(Fault(file, int(lines[i]), "flow", problem, "", "flow"))
