"""Efficiency of an ensemble from 1 to 8 workers and more, by simulation of the scheduler from measured times.

    python -m benchmarks.ensemble_scaling [REGION] [--plan PLAN] [--measured 8] [--samples 256 10000]

Some samples are run in this process, each with its baseline, and their processor time is measured; so are the
start of a worker and what the first process does for each sample. The scheduler gives the next sample to the
first idle worker. The simulation does the same with as many samples as asked for, their times drawn from the
measured ones, and prints

    efficiency = elapsed(1 worker) / (workers · elapsed(workers)).

The table omits what workers of one machine take from each other: caches and the bandwidth of memory.
"""

from __future__ import annotations

import argparse
import heapq
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from sogdia.api.brief_request import BriefRequest, resolve_request
from sogdia.runs.definition import expand_study
from sogdia.runs.executor_payload import pack
from sogdia.runs.job import JobGroup
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store
from sogdia.uncertainty.ensemble import Ensemble, make_ensemble
from sogdia.uncertainty.sample_jobs import sample_groups

WORKERS = (1, 2, 4, 8, 16, 64)
START = "import sogdia.runs.executor_worker, sogdia.uncertainty.sample_jobs, sogdia.coupling.joint"


def simulate(times: Sequence[float], workers: int, start_s: float, dispatch_s: float) -> float:
    """Return the time until the last of some items is finished.

    Args:
        times: Time of each item, in their order.
        workers: Number of workers; each starts when it gets its first item.
        start_s: Time that a worker takes to start.
        dispatch_s: Time of the first process for each item, one after another.
    """
    idle = [(0.0, False)] * min(workers, len(times))
    end = 0.0
    for number, seconds in enumerate(times, start=1):
        free, has_started = heapq.heappop(idle)
        finished = max(free, number * dispatch_s) + seconds + (0.0 if has_started else start_s)
        heapq.heappush(idle, (finished, True))
        end = max(end, finished)
    return end


def main() -> int:
    """Measure, simulate and print the table."""
    arguments = _arguments()
    ensemble = _ensemble(arguments.region, arguments.plan, arguments.measured + 1)
    times = _sample_times(ensemble)
    start, dispatch = _start_s(), _dispatch_s(ensemble)
    print(
        f"{len(times)} samples: {min(times):.1f} to {max(times):.1f} s of processor time, mean "
        f"{np.mean(times):.1f}; start of a worker {start:.1f} s; dispatch of a sample {1e3 * dispatch:.1f} ms"
    )
    print("samples  workers  elapsed, min  efficiency, %")
    rng = np.random.default_rng(1)
    for samples in arguments.samples:
        drawn = rng.choice(times, samples).tolist()
        alone = simulate(drawn, 1, start, dispatch)
        for workers in WORKERS:
            elapsed = simulate(drawn, workers, start, dispatch)
            share = 100.0 * alone / (workers * elapsed)
            print(f"{samples:>7}  {workers:>7}  {elapsed / 60.0:>12.1f}  {share:>13.1f}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Efficiency of an ensemble by simulation of the scheduler.")
    parser.add_argument("region", nargs="?", default="central_asia")
    parser.add_argument("--plan", default="announced_2025")
    parser.add_argument("--measured", type=int, default=8, help="samples that are run and measured")
    parser.add_argument("--samples", type=int, nargs="+", default=[256, 10_000])
    return parser.parse_args()


def _ensemble(region: str, plan: str, samples: int) -> Ensemble:
    request = resolve_request(BriefRequest(None, plan, None, ("reference",), (), None, region))
    study = expand_study(
        request.study.definition, request.region, request.baseline, [request.plan], [request.reference]
    )
    return make_ensemble(study, samples)


def _groups(ensemble: Ensemble) -> list[JobGroup]:
    """Return the jobs of each sample, without those of the pack's figures."""
    runs = [each.run for each in ensemble.runs if each.sample]
    settings = ensemble.study.definition.settings
    return sample_groups(ensemble.study.region, runs, settings, ensemble.tables)


def _sample_times(ensemble: Ensemble) -> list[float]:
    """Return the processor time of each sample but the first, which compiles and loads."""
    times = []
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        for group in _groups(ensemble):
            begun = time.process_time()
            reports = list(run_jobs([[group]], store, threads=1))
            times.append(time.process_time() - begun)
            errors = [report.error for report in reports if report.error]
            print(f"{reports[-1].label}: {times[-1]:.1f} s {'; '.join(errors)}", file=sys.stderr, flush=True)
    return times[1:]


def _start_s() -> float:
    """Return the processor time of a process that loads what a worker needs."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", START], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _dispatch_s(ensemble: Ensemble) -> float:
    """Return the processor time of the first process for a sample: to define it and to pack it."""
    begun = time.process_time()
    groups = _groups(ensemble)
    for group in groups:
        pack((group.jobs, group.baseline), (ensemble.study.region,))
    return (time.process_time() - begun) / len(groups)


if __name__ == "__main__":
    raise SystemExit(main())
