"""Counterfactuals of trade compared with gegravity, and their time at the size of a region.

    python -m benchmarks.trade [--peer PYTHON] [--repeats N] [--only NAME ...]

``PYTHON`` is the interpreter of an environment with gegravity; this one if not given. Both
get the same table, elasticity and change of trade costs: the European Union's enlargement as of 2000 in the
world of 44 economies, read in place from ``../shared/bench/trade`` or where ``SOGDIA_BENCH`` says. Every run
is a process of its own; ours and theirs take turns. *Seconds* are of the counterfactual alone: for ours
``solve`` from arrays to the checked result, for theirs ``define_experiment`` and ``simulate`` on a model
whose baseline is ready. Welfare of both is held to the published answer of Stata's ge_gravity with the
same rule for imbalances, spending a fixed multiple of output.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks import BENCH, ROOT

FILE = "ge_gravity_wiod44_2000.csv"
THETA = 4.0
WARM = 50
RENTED = "region with rents"
"""Size whose first five sectors have a specific factor with 60 % of value added."""
SIZES = {
    "region": (17, 28, False),
    "region with inputs": (22, 28, True),
    RENTED: (22, 28, True),
    "inputs": (40, 31, True),
}
BATCHED = ("region", "region with inputs", RENTED)
"""Sizes whose counterfactuals are also solved in one call."""
MANY = 1000


def ours() -> dict[str, Any]:
    """The enlargement by Sogdia: first in this process, and then warm."""
    import pandas as pd

    begun = time.perf_counter()
    from sogdia.trade import Baseline, Change, TradeSettings, solve

    imported = time.perf_counter() - begun
    table = pd.read_csv(BENCH / "trade" / FILE)
    flows = table.rename(columns={"trade": "value"})[["exporter", "importer", "value"]]
    baseline = Baseline.from_frames(flows, THETA)
    costs = table[["exporter", "importer"]].assign(factor=np.exp(-table["eu_effect"] / THETA))
    change = Change.from_frames(baseline, costs)
    settings = TradeSettings(imbalance="multiplicative")
    begun = time.perf_counter()
    result = solve(baseline, change, settings)
    first = time.perf_counter() - begun
    times = timed(lambda: solve(baseline, change, settings), WARM)
    known = table.drop_duplicates("exporter").set_index("exporter")["w_mult"]
    welfare = dict(zip(baseline.economies, result.welfare_hat.tolist(), strict=True))
    return {"import": imported, "first": first, "warm": times, "welfare": welfare, "known": known.to_dict()}


def theirs() -> dict[str, Any]:
    """The enlargement by gegravity: best of three experiments on one model."""
    import gegravity
    import pandas as pd

    table = pd.read_csv(BENCH / "trade" / FILE)
    table["year"] = "2000"
    table["Y"] = table.groupby("exporter")["trade"].transform("sum")
    table["E"] = table.groupby("importer")["trade"].transform("sum")
    # Trade costs of the base that give back the observed trade: ln(X_ij Y / (Y_i E_j)) with coefficient 1.
    table["level"] = np.log(
        table["trade"] * table.drop_duplicates("exporter")["Y"].sum() / table["Y"] / table["E"]
    )
    data = gegravity.BaselineData(
        table[["exporter", "importer", "year", "trade", "Y", "E", "level"]],
        imp_var_name="importer",
        exp_var_name="exporter",
        year_var_name="year",
        trade_var_name="trade",
        expend_var_name="E",
        output_var_name="Y",
    )
    costs = gegravity.CostCoeffs(
        pd.DataFrame([{"var": "level", "coeff": 1.0, "ste": 0.0}]),
        identifier_col="var",
        coeff_col="coeff",
        stderr_col="ste",
    )
    effect = table.set_index(["exporter", "importer"])["eu_effect"]
    base, times = [], []
    # A model can be simulated once: it calls the reference economy by another name until then.
    for _ in range(3):
        begun = time.perf_counter()
        model = gegravity.OneSectorGE(
            data,
            year="2000",
            reference_importer="USA",
            expend_var_name="E",
            output_var_name="Y",
            sigma=THETA + 1.0,
            cost_variables=["level"],
            cost_coeff_values=costs,
            quiet=True,
        )
        model.build_baseline()
        base.append(time.perf_counter() - begun)
        experiment = model.baseline_data.copy()
        ends = [experiment[end].str.removeprefix("ZZZ_") for end in ("exporter", "importer")]
        experiment["level"] += effect.reindex(pd.MultiIndex.from_arrays(ends)).to_numpy()
        begun = time.perf_counter()
        model.define_experiment(experiment)
        model.simulate()
        times.append(time.perf_counter() - begun)
    name = "welfare statistic"
    found = model.country_results
    # Their statistic is welfare before over welfare after, by Arkolakis, Costinot & Rodríguez-Clare.
    columns = [column for column in found.columns if name in column.lower()]
    welfare = (1.0 / found[columns[0]]).to_dict() if columns else {}
    return {"base": min(base), "warm": times, "welfare": welfare, "columns": list(found.columns)}


def sizes() -> dict[str, Any]:
    """Random worlds of the sizes that are promised, with a partner cut off from everyone."""
    from sogdia.trade import Baseline, solve, solve_many

    out: dict[str, Any] = {}
    for name, (sectors, size, chained) in SIZES.items():
        rng = np.random.default_rng(1)
        mass = np.exp(rng.normal(0.0, 1.5, size))
        flow = np.exp(rng.normal(0.0, 1.5, (sectors, size, size))) * mass[:, None] * mass * 0.1 / mass.sum()
        flow *= rng.random(flow.shape) > 0.4
        ends = np.arange(size)
        flow[:, ends, ends] = mass * np.exp(rng.normal(0.0, 0.3, (sectors, size)))
        inputs, share = None, None
        if chained:
            inputs = rng.uniform(0.0, 1.0, (size, sectors, sectors))
            inputs *= 0.5 / inputs.sum(axis=1, keepdims=True)
            used = np.einsum("isk,ki->si", inputs, flow.sum(axis=2))
            inputs *= np.minimum(1.0, (0.9 * flow.sum(axis=1) / used).min(axis=0))[:, None, None]
            share = 1.0 - inputs.sum(axis=1).T
        baseline = Baseline.from_arrays(
            tuple(f"e{i:02}" for i in range(size)),
            tuple(f"s{k:02}" for k in range(sectors)),
            flow,
            rng.uniform(2.0, 8.0, sectors),
            None,
            share,
            inputs,
            specific_share=_specific_share(share) if name == RENTED else None,
        )
        changes = [_shock(rng, flow.shape) for _ in range(MANY)]
        begun = time.perf_counter()
        result = solve(baseline, changes[0])
        out[f"{name} first"] = time.perf_counter() - begun
        out[f"{name} one"] = statistics.median(timed(lambda: solve(baseline, changes[1]), 10))  # noqa: B023
        out[f"{name} iterations"] = result.convergence.iterations
        if name in BATCHED:
            begun, used_before = time.perf_counter(), time.process_time()
            solve_many(baseline, changes)
            out[f"{name} each of {MANY}"] = (time.perf_counter() - begun) / MANY
            out[f"{name} each of {MANY}, processor"] = (time.process_time() - used_before) / MANY
    return out


def _specific_share(value_added_share: Any) -> Any:
    """Return the shares of specific factors in costs, (S, N)."""
    out = np.zeros_like(value_added_share)
    out[:5] = 0.6 * value_added_share[:5]
    return out


def cuts() -> dict[str, Any]:
    """Every partner and pair of the shipped region cut off, and thousands of counterfactuals at once."""
    from sogdia import build_case, load_plan, load_region, load_scenario
    from sogdia.trade import Change, TradeSettings, solve_many
    from sogdia.trade.composition import Composition
    from sogdia.trade.inputs import build_trade_inputs

    region = load_region("central_asia")
    case = build_case(region, load_plan("as_is", region), load_scenario("reference", region))
    out: dict[str, Any] = {}
    names: tuple[Composition, ...] = ("one_sector", "aggregates", "sectors")
    for composition in names:
        baseline = build_trade_inputs(case, composition).baseline
        changes = [Change(cost) for cost in _cut_off(baseline.flow.shape)]
        for rule in ("additive", "multiplicative"):
            begun = time.perf_counter()
            found = solve_many(baseline, changes, TradeSettings(imbalance=rule))
            name = f"{composition}, {rule}: "
            out[f"{name}cut off and solved"] = sum(result.convergence.converged for result in found)
            out[f"{name}each"] = (time.perf_counter() - begun) / len(found)
    rng = np.random.default_rng(1)
    shape = baseline.flow.shape
    many = [_shock(rng, shape) for _ in range(3 * MANY)]
    begun = time.perf_counter()
    solve_many(baseline, many)
    out[f"{len(many)} random ones, {shape[1]} x {shape[0]}: each"] = (time.perf_counter() - begun) / len(many)
    return out


def _cut_off(shape: tuple[int, ...]) -> list[Any]:
    """Costs that part each economy from all others, and each pair."""
    out, size = [], shape[1]
    for i in range(size):
        for j in range(i, size):
            cost = np.ones(shape)
            if i == j:
                cost[:, i, :] = cost[:, :, i] = np.inf
                cost[:, i, i] = 1.0
            else:
                cost[:, i, j] = cost[:, j, i] = np.inf
            out.append(cost)
    return out


def _shock(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    from sogdia.trade import Change

    cost = np.exp(rng.normal(0.0, 0.1, shape))
    withdrawn = rng.integers(shape[1])
    cost[:, withdrawn, :] = cost[:, :, withdrawn] = np.inf
    ends = np.arange(shape[1])
    cost[:, ends, ends] = 1.0
    return Change(cost)


def timed(act: Callable[[], object], times: int) -> list[float]:
    """Seconds of each of some calls."""
    found = []
    for _ in range(times):
        begun = time.perf_counter()
        act()
        found.append(time.perf_counter() - begun)
    return found


RUNS: dict[str, Callable[[], dict[str, Any]]] = {"ours": ours, "theirs": theirs, "sizes": sizes, "cuts": cuts}


def child(name: str, python: str, *, cold: bool = False) -> dict[str, Any]:
    """Return the record of a run in a process of its own; ``cold``: with an empty compile cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **({"NUMBA_CACHE_DIR": folder} if cold else {})}
        command = [python, "-m", "benchmarks.trade", "--run", name]
        process = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False
        )
    if process.returncode != 0:
        return {"failed": process.stderr.strip().splitlines()[-1:]}
    found: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return found


def compare(peer: str, repeats: int) -> None:
    """Ours and theirs in turns, and how far their answers are apart."""
    pairs = [(child("ours", sys.executable), child("theirs", peer)) for _ in range(repeats)]
    mine, other = pairs[-1]
    if "failed" in mine or "failed" in other:
        print(f"ours {mine.get('failed', 'ran')}, gegravity {other.get('failed', 'ran')}")
        return
    fast = statistics.median(time_ for run, _ in pairs for time_ in run["warm"])
    slow = min(time_ for _, run in pairs for time_ in run["warm"])
    print("one agreement, 44 economies, one sector")
    print(
        f"  ours, warm (median)      {fast * 1e3:10.3f} ms   first in a process {mine['first'] * 1e3:.1f} ms"
    )
    print(f"  gegravity, warm (best)   {slow * 1e3:10.1f} ms   its baseline {other['base'] * 1e3:.1f} ms")
    print(f"  ratio                    {slow / fast:10,.0f}")
    known = mine["known"]
    names = list(known)
    for label, found in (("ours", mine["welfare"]), ("gegravity", other["welfare"])):
        if found:
            apart = max(abs(found[name] - known[name]) for name in names)
            print(f"  welfare, {label:<10} from ge_gravity's, largest difference {apart:.1e}")


def _print(figures: dict[str, Any]) -> None:
    for name, figure in figures.items():
        text = f"{figure * 1e3:10.2f} ms" if isinstance(figure, float) else f"{figure:>10}"
        print(f"  {name:<44}{text}")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", default=sys.executable, help="interpreter with gegravity")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=["compare", "sizes", "cuts", "cold"], default=None)
    parser.add_argument("--run", choices=list(RUNS), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.run:
        print(json.dumps(RUNS[arguments.run]()))
        return
    parts = arguments.only or ["compare", "sizes", "cuts", "cold"]
    if "compare" in parts:
        compare(arguments.peer, arguments.repeats)
    if "sizes" in parts:
        print("random worlds, a partner cut off: 28 economies x 17 sectors, 28 x 22 and 31 x 40 with inputs")
        _print(child("sizes", sys.executable))
    if "cuts" in parts:
        print("the shipped region: each of 28 economies, then each of 378 pairs, parted from the rest")
        _print(child("cuts", sys.executable))
    if "cold" in parts:
        found = child("ours", sys.executable, cold=True)
        first = f"after {found['first']:.1f} s" if "first" in found else f"none, {found['failed']}"
        print(f"nothing compiled before: first solution {first}")


if __name__ == "__main__":
    main()
