"""Measure the server under load: clients that read tables and maps of stored runs without pause.

    python -m benchmarks.web [--store DIR] [--region REGION] [--clients 50] [--seconds 60] [--pause 0]

The store needs two runs of the region. Each client asks for one of many tables and maps at random, over a
connection of its own, and asks again as soon as it has the answer, or after a pause. Targets: no error, the
95th percentile under 300 ms, memory after the first quarter growing by less than a tenth.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

import numpy as np

TARGET_MS, TARGET_GROWTH = 300.0, 0.1
TABLES = ("links", "stations", "flows", "costs", "sectors", "transit", "power_generation", "power_flows")
FILTERS = ("", "&sort=-tonnes", "&offset=50", "&search=a", "&mode=rail")
OK = b"200"
SEED = 7


@dataclass
class Load:
    """Answers of one run of the benchmark."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    received: int = 0


def paths(address: str) -> list[tuple[str, str]]:
    """Return kinds and paths of requests for the runs of the store."""
    with urlopen(f"{address}/api/v1/runs", timeout=60) as answer:  # noqa: S310 (our own server)
        runs = [run["id"] for run in json.loads(answer.read())]
    if len(runs) < 2:
        sys.exit("the store has fewer than two runs of the region: sogdia run study.yaml --store DIR")
    found = [("map", "/api/v1/map/base")]
    for run in runs:
        found += [
            ("map", f"/api/v1/runs/{run}/map"),
            ("runs", "/api/v1/runs"),
            ("runs", f"/api/v1/runs/{run}"),
        ]
        for table in TABLES:
            columns = filters_of(address, run, table)
            found += [
                ("table", f"/api/v1/runs/{run}/tables/{table}?limit={limit}{each}")
                for limit in (50, 200, 1000)
                for each in columns
            ]
    for first, second in pairwise(runs):
        found.append(("map", f"/api/v1/runs/{first}/map?minus={second}"))
        found.append(("comparison", f"/api/v1/compare?runs={second},{first}"))
        found.append(("table", f"/api/v1/compare/tables/links?run={first}&minus={second}&limit=200"))
    return found


def filters_of(address: str, run: str, table: str) -> list[str]:
    """Return the filters whose column a table has."""
    with urlopen(f"{address}/api/v1/runs/{run}/tables/{table}?limit=1", timeout=60) as answer:  # noqa: S310
        names = {column["name"] for column in json.loads(answer.read())["columns"]}
    needed = {"&sort=-tonnes": "tonnes", "&mode=rail": "mode"}
    return [each for each in FILTERS if needed.get(each, next(iter(names))) in names]


async def client(
    address: str, chosen: Sequence[tuple[str, str]], until: float, pause_s: float, load: Load, seed: int
) -> None:
    """Ask at random until a time."""
    host = urlsplit(address)
    draw = random.Random(seed)  # noqa: S311 (of a benchmark)
    reader, writer = await asyncio.open_connection(host.hostname, host.port)
    try:
        while time.perf_counter() < until:
            kind, path = draw.choice(chosen)
            begun = time.perf_counter()
            writer.write(
                f"GET {path} HTTP/1.1\r\nHost: {host.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
            )
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
            load.received += len(await reader.readexactly(length))
            load.seconds.setdefault(kind, []).append(time.perf_counter() - begun)
            if head.split()[1] != OK:
                load.errors.append(f"{path}: {head.split()[1].decode()}")
            await asyncio.sleep(pause_s)
    except (OSError, EOFError) as error:
        load.errors.append(f"{type(error).__name__}: {error}")
    finally:
        writer.close()


async def watch(process: int, until: float, sizes: list[float]) -> None:
    """Note the memory of the server once a second (Linux)."""
    status = Path(f"/proc/{process}/status")
    while time.perf_counter() < until:
        lines = status.read_text("utf-8").splitlines()
        sizes.append(next(float(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")))
        await asyncio.sleep(1.0)


async def run_load(address: str, process: int, arguments: argparse.Namespace) -> tuple[Load, list[float]]:
    """Let all clients ask; return what they saw, and the server's memory in MB by second."""
    load, sizes = Load(), list[float]()
    chosen = paths(address)
    until = time.perf_counter() + arguments.seconds
    clients = [
        client(address, chosen, until, arguments.pause, load, SEED + number)
        for number in range(arguments.clients)
    ]
    await asyncio.gather(watch(process, until, sizes), *clients)
    return load, sizes


def show(load: Load, sizes: list[float], arguments: argparse.Namespace) -> bool:
    """Print times by kind of request, errors and memory; return whether the targets are met."""
    every = np.array([each for kind in load.seconds.values() for each in kind]) * 1e3
    rate, size = len(every) / arguments.seconds, load.received / max(len(every), 1) / 1e3
    print(f"{arguments.clients} clients, {arguments.seconds:g} s, pause {arguments.pause:g} s: ", end="")
    print(f"{len(every):,} answers, {rate:,.0f} a second, {size:,.0f} kB each on average")
    for kind, seconds in sorted(load.seconds.items()):
        p50, p95, p99 = np.percentile(np.array(seconds) * 1e3, (50, 95, 99))
        print(f"  {kind:<12} {len(seconds):8,}  median {p50:6.0f} ms  95 % {p95:6.0f} ms  99 % {p99:6.0f} ms")
    p95 = float(np.percentile(every, 95))
    settled = sizes[len(sizes) // 4]
    growth = sizes[-1] / settled - 1.0
    print(f"  95th percentile of all {p95:.0f} ms (target {TARGET_MS:.0f} ms)")
    memory = ", ".join(f"{size:.0f} MB" for size in (sizes[0], settled, sizes[-1]))
    print(f"  memory at the start, after a quarter and at the end: {memory}")
    print(f"  {len(load.errors)} errors" + "".join(f"\n    {each}" for each in load.errors[:5]))
    return p95 < TARGET_MS and not load.errors and growth < TARGET_GROWTH


def main() -> None:
    """Start a server, load it, print the figures; exit code 1 if a target is missed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--store", help="folder of stored runs; the default one if not given")
    parser.add_argument("--region", default="central_asia")
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--pause", type=float, default=0.0, help="seconds before the next request")
    arguments = parser.parse_args()
    words = ["serve", "--region", arguments.region, "--port", "0", "--no-browser", "--read-only"]
    words += ["--store", arguments.store] if arguments.store else []
    server = subprocess.Popen(
        [sys.executable, "-m", "sogdia", *words],
        stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONUNBUFFERED": "1"},
    )  # fmt: skip
    try:
        assert server.stdout is not None  # noqa: S101 (asked for above)
        address = next(line.split()[1] for line in server.stdout if line.startswith("open ")).rstrip("/")
        load, sizes = asyncio.run(run_load(address, server.pid, arguments))
    finally:
        server.terminate()
        server.wait(timeout=30)
    sys.exit(0 if show(load, sizes, arguments) else 1)


if __name__ == "__main__":
    main()
