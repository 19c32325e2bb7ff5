"""First start of an installation: time of ``sogdia freight`` without compiled kernels, and with them.

    python -m benchmarks.cold_start [--region REGION] [--kernels] [--runs N]

Each cold start has an empty folder of compiled code of its own, and the warm start after it has what the cold
one stored. The region is that of ``sogdia new-region`` if none is named. The bar for a cold start is 6 s.
``--kernels`` adds the processor time of each kernel, without that of kernels compiled for it, and
its signatures; a kernel with two is compiled twice.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.processes import Usage, run_measured

BAR_S = 6.0
RESULT = "KERNELS_JSON"


def main() -> None:
    """Run it."""
    arguments = _arguments()
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        region = arguments.region
        if not region:
            region = str(place / "small")
            run_measured(["new-region", region], place / "output.txt")
        words = ["freight", "--region", region]
        print(f"{'start':<8}{'seconds':>10}{'processor time, s':>20}")
        for number in range(arguments.runs):
            kernels = {"NUMBA_CACHE_DIR": str(place / f"kernels_{number}")}
            for start in ("cold", "warm"):
                used: Usage = run_measured(words, place / "output.txt", kernels)
                print(f"{start:<8}{used.seconds:>10.1f}{used.cpu_s:>20.1f}", flush=True)
        print(f"bar of a cold start: {BAR_S:.0f} s")
        if arguments.kernels:
            _print_kernels(words, place)


def _print_kernels(words: list[str], place: Path) -> None:
    """Print the processor time of each kernel of a cold start."""
    output = place / "kernels.json"
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(place / "kernels"), RESULT: str(output)}
    code = "from benchmarks.cold_start import run_listening; run_listening()"
    subprocess.run(
        [sys.executable, "-c", code, *words], check=True, stdout=subprocess.DEVNULL, env=environment
    )
    rows = json.loads(output.read_text("utf-8"))
    print(f"{'kernel':<58}{'compiled, s':>12}{'signatures':>12}")
    for kernel, (seconds, count) in sorted(rows.items(), key=lambda item: -item[1][0]):
        print(f"{kernel:<58}{seconds:>12.2f}{count:>12}")
    seconds, signatures = map(sum, zip(*rows.values(), strict=True))
    print(f"{'all':<58}{seconds:>12.2f}{signatures:>12}")


def run_listening() -> None:
    """Run ``sogdia`` in this process and write the time of each kernel compiled in it."""
    from numba.core import event

    import sogdia.__main__

    seconds: defaultdict[str, float] = defaultdict(float)
    counts: defaultdict[str, int] = defaultdict(int)
    starts, inner = list[float](), [0.0]

    class Listener(event.Listener):
        """Time of each kernel, without that of the kernels compiled for it."""

        def on_start(self, event: Any) -> None:  # noqa: ARG002
            starts.append(time.process_time())
            inner.append(0.0)

        def on_end(self, event: Any) -> None:
            function = event.data["dispatcher"].py_func
            name = f"{function.__module__}.{function.__qualname__}"
            taken = time.process_time() - starts.pop()
            seconds[name] += taken - inner.pop()
            inner[-1] += taken
            counts[name] += 1

    with event.install_listener("numba:compile", Listener()):
        try:
            sogdia.__main__.main()
        finally:
            rows = {name: (seconds[name], counts[name]) for name in seconds}
            Path(os.environ[RESULT]).write_text(json.dumps(rows), "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--region", default="", help="name or folder of a region")
    parser.add_argument("--kernels", action="store_true", help="time of each kernel")
    parser.add_argument("--runs", type=int, default=1, help="cold starts, each with a warm one after it")
    return parser.parse_args()


if __name__ == "__main__":
    main()
