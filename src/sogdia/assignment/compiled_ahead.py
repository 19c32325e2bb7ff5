"""A process that compiles kernels while the first command of an installation reads its input.

numba compiles one kernel at a time in a process. The command compiles those of path generation first.
Meanwhile the process solves a small assignment over given paths, which compiles those of route choice, and
the command takes these from numba's cache. Each looks into the cache before it compiles, so that results are
the same with the process, without it, and if it ends at any moment.
"""

from __future__ import annotations

import atexit
import os
import subprocess  # noqa: S404 (starts this module)
import sys
import threading

import numpy as np
import pandas as pd

from sogdia.assignment.demand import make_demand
from sogdia.assignment.kernels.path_search import ODGroups
from sogdia.assignment.network import make_network
from sogdia.assignment.path_arcs import concatenate_paths
from sogdia.assignment.path_sets import PathRules, _path_set
from sogdia.assignment.settings import AssignmentSettings
from sogdia.assignment.stochastic import sue
from sogdia.numerics.compiled import CACHED

MODULE = "sogdia.assignment.compiled_ahead"


def start_compiling() -> subprocess.Popen[bytes] | None:
    """Start the process, which ends with this one at the latest.

    Returns:
        The process; ``None`` if compiled code cannot be stored, or there is one processor.
    """
    if not CACHED or _processors() < 2:
        return None
    try:
        # -P: a file numba.py in the current folder is not imported.
        process = subprocess.Popen(  # noqa: S603 (our own module)
            [sys.executable, "-P", "-m", MODULE],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError:
        return None
    atexit.register(_stop, process)
    return process


def _processors() -> int:
    """Return the number of processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.communicate()


def solve_small() -> None:
    """Solve an assignment that calls the kernels of route choice, and then those that add a missing path."""
    arcs = pd.DataFrame({"from": ["a", "a", "b"], "to": ["c", "b", "c"], "free_flow_cost": [9.0, 1.0, 1.0]})
    arcs = arcs.assign(delay="conical", delay_scale=1.0, capacity=10.0, delay_power=4.0)
    network = make_network(arcs)
    table = pd.DataFrame({"origin": ["a"], "destination": ["c"], "class": ["all"], "flow": [1.0]})
    demand = make_demand(table, network, class_cost={"all": np.ones(3)}, value_of_time={"all": 1.0})
    group_of_class, at = np.zeros(1, np.int32), network.positions(pd.Series(["a", "c"]))
    od_groups = ODGroups(at[:1], group_of_class, at[1:])
    one, arc = np.ones(1, np.int32), np.zeros(1, np.int32)
    found = concatenate_paths([(one, one, arc)], network.size)
    paths = _path_set(network, group_of_class, od_groups, found, np.ones((1, network.size)), 1)
    sue(network, demand, AssignmentSettings(algorithm="sue"), paths=paths, rules=PathRules(tolerance=0.02))


def _end_with_parent() -> None:
    """End at once when the command has ended, however it ended: then its end of the pipe is closed."""
    os.read(0, 1)
    os._exit(0)


def main() -> None:
    """Compile; end when done, or with the command."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    solve_small()


if __name__ == "__main__":
    main()
