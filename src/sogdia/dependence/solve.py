"""A study of dependence from its runs to its tables."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case, Plan
from sogdia.dependence.coalitions import (
    NO_PROJECTS,
    Progress,
    WithdrawalResults,
    WithdrawalStudy,
    case_name,
    energy_cost,
    read_withdrawals,
    run_withdrawals,
)
from sogdia.dependence.engine_runs import has_power
from sogdia.dependence.exposure import concentration_of, eu_of, exposure_of
from sogdia.dependence.exposure_rows import rows_of
from sogdia.dependence.games import interactions, pivotality, sampled_shapley, shapley
from sogdia.dependence.results import DependenceResult
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.withdrawal import WITHDRAWAL
from sogdia.finance.plan_finance import plan_money
from sogdia.runs.executor import Executor
from sogdia.runs.store import Store

Floats = npt.NDArray[np.float64]
SHARES = (
    "home", "partner", "name", "shapley_musd", "shapley_pct", "standard_error_pct", "solo_pct", "last_in_pct",
    "pivotality",
)  # fmt: skip


def dependence(
    case: Case,
    settings: DependenceSettings | None = None,
    *,
    base: Plan = NO_PROJECTS,
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress = lambda _done, _all, _label: None,
) -> DependenceResult:
    """Whom each home of a case depends on: structure, withdrawal by channel, coalitions, the plan's money.

    Args:
        case: Region, plan and scenario, with all partners there.
        settings: Settings; every coalition of the default partners that leaves where not given.
        base: Plan of the baseline.
        executor: Where jobs run; in this process if not given. The result is the same bit for bit.
        folder: Folder of the store of finished runs (:class:`sogdia.runs.Store`), from which a killed study
            resumes; if not given, they are stored only for the time of the call.
        progress: Called after each job: number of finished jobs, number of all, label.

    Raises:
        UnknownNameError: If a partner, level or home is not there.
        InputError: If a case cannot be run.
        NotConvergedError: If a precision is not reached; the record is in it.
        CannotRunError: If the store cannot be used, or a worker ends without a result.
    """
    study = WithdrawalStudy(case, settings or DependenceSettings(), base)
    with TemporaryDirectory(prefix="sogdia-", ignore_cleanup_errors=True) as temporary:
        store = Store(Path(temporary) if folder is None else folder)
        return _dependence_result(run_withdrawals(study, store, executor, progress))


def read_dependence(study: WithdrawalStudy, store: Store) -> DependenceResult:
    """Compute dependence from a store that has all runs of the study.

    Raises:
        UnknownNameError: If a run is not in the store.
        CannotRunError: If the store cannot be read.
    """
    return _dependence_result(read_withdrawals(study, store))


def _dependence_result(runs: WithdrawalResults) -> DependenceResult:
    case, chosen = runs.study.case, runs.study.settings
    goods, power = runs.engines.goods[case_name(())], runs.engines.power[case_name(())]
    money = plan_money(case, _benefit(runs, chosen))
    exposure = exposure_of(case, goods["trade"], goods["transit"], power["supply"], money)
    names = {str(key): str(name) for key, name in case.table("partners")["name"].items()}
    told = case.table("economies").set_index("iso3")["name"]
    homes = {str(code): str(name) for code, name in told.items()}
    losses = runs.losses.assign(name=runs.losses["home"].map(homes))
    shares = _shares(runs, chosen, names)
    return DependenceResult(
        region=case.region.name,
        plan=case.plan.name or case.plan.title,
        scenario=case.scenario.name or case.scenario.title,
        year=case.year,
        homes={home: str(homes[home]) for home in case.region.home},
        partners={partner: str(names[partner]) for partner in runs.study.partners},
        settings=chosen,
        losses=losses[losses["coalition"] != 0].reset_index(drop=True),
        channels=_channels(runs, chosen),
        shares=shares,
        pairs=_pairs(runs),
        headline=_headline(runs, homes),
        exposure=exposure,
        concentration=concentration_of(case, exposure),
        eu=eu_of(case, goods["trade"]),
        rows=rows_of(case, goods["transit"], goods["used_rows"], power["supply"], money),
        money=money,
        engine=_engine(runs),
        remarks=_remarks(case, money, chosen),
    )


def _benefit(runs: WithdrawalResults, settings: DependenceSettings) -> float | None:
    """What the plan gives the homes a year against its base, in calm times; nothing elsewhere."""
    if runs.study.case.scenario.shocks or runs.study.case.plan.digest == runs.study.baseline.plan.digest:
        return None
    gain = float(runs.engines.goods[case_name(())]["homes"]["gain_musd"].sum())
    before, after = (runs.engines.baseline_power, runs.engines.power[case_name(())]["homes"])
    cost = (
        energy_cost(after, settings.co2_usd_per_t).sum() - energy_cost(before, settings.co2_usd_per_t).sum()
    )
    return gain - float(cost)


def _table(runs: WithdrawalResults, column: str) -> Floats:
    """Table v: rows by coalition that was run and columns by home."""
    wide = runs.losses.pivot(index="coalition", columns="home", values=column)
    return wide[list(runs.study.case.region.home)].to_numpy(dtype=np.float64)


def _whole(runs: WithdrawalResults) -> bool:
    return len(runs.study.coalitions) == 1 << len(runs.study.partners)


def _shares(runs: WithdrawalResults, settings: DependenceSettings, names: dict[str, str]) -> pd.DataFrame:
    homes, n = runs.study.case.region.home, len(runs.study.partners)
    tables = {column: _table(runs, column) for column in ("loss_musd", "loss_pct")}
    place = {mask: row for row, mask in enumerate(sorted(runs.study.coalitions))}
    nothing = np.full((n, len(homes)), np.nan)
    found = dict.fromkeys(("shapley_musd", "shapley_pct", "standard_error_pct", "pivotality"), nothing)
    pct = tables["loss_pct"]
    if _whole(runs):
        found["shapley_musd"], found["shapley_pct"] = shapley(tables["loss_musd"]), shapley(pct)
        found["standard_error_pct"] = np.zeros_like(nothing)
        found["pivotality"] = pivotality(pct, settings.tolerance_pct)
    elif runs.study.orders is not None:
        money, part = (
            sampled_shapley({mask: table[row] for mask, row in place.items()}.__getitem__, runs.study.orders)
            for table in tables.values()
        )
        found["shapley_musd"], found["shapley_pct"] = money.values, part.values
        found["standard_error_pct"] = part.standard_errors
    whole = (1 << n) - 1
    found["solo_pct"] = np.array([pct[place[1 << p]] for p in range(n)])
    known = [whole - (1 << p) in place for p in range(n)]
    found["last_in_pct"] = np.array(
        [pct[place[whole]] - pct[place[whole - (1 << p)]] if known[p] else nothing[p] for p in range(n)]
    )
    rows = [
        {
            "home": home,
            "partner": partner,
            "name": names[partner],
            **{k: float(v[p, h]) for k, v in found.items()},
        }
        for h, home in enumerate(homes)
        for p, partner in enumerate(runs.study.partners)
    ]
    return pd.DataFrame(rows, columns=list(SHARES))


def _pairs(runs: WithdrawalResults) -> pd.DataFrame:
    names = ["home", "partner", "other", "interaction_pct"]
    n = len(runs.study.partners)
    if not _whole(runs) or n < 2:
        return pd.DataFrame(columns=names)
    table = interactions(_table(runs, "loss_pct"))
    rows = [
        (home, runs.study.partners[p], runs.study.partners[q], float(table[p, q, h]))
        for h, home in enumerate(runs.study.case.region.home)
        for p in range(n)
        for q in range(p + 1, n)
    ]
    return pd.DataFrame(rows, columns=names)


def _headline(runs: WithdrawalResults, homes: dict[str, str]) -> pd.DataFrame:
    gdp = runs.study.case.table("economies").set_index("iso3")["gdp_musd"].astype(float).to_dict()
    rows = []
    for home in runs.study.case.region.home:
        own = runs.losses[runs.losses["home"] == home]
        alone = own[own["size"] == 1]
        worst = max(alone.to_dict("records"), key=lambda row: float(row["loss_pct"]))
        everyone = max(own.to_dict("records"), key=lambda row: int(row["size"]))
        losses = (float(worst["loss_pct"]), float(everyone["loss_pct"]))
        rows.append((home, homes[home], str(worst["partners"]), *losses, float(gdp[home])))
    names = ["home", "name", "worst_partner", "worst_pct", "all_pct", "gdp_musd"]
    return pd.DataFrame(rows, columns=names)


def _channels(runs: WithdrawalResults, settings: DependenceSettings) -> pd.DataFrame:
    names = ["home", "partner", "channel", "loss_musd", "loss_pct"]
    if not settings.channels or settings.pressure.level != WITHDRAWAL:
        return pd.DataFrame(columns=names)
    gdp = runs.study.case.table("economies").set_index("iso3")["gdp_musd"].astype(float).to_dict()
    reruns = runs.by_rerun.set_index(["home", "partner", "channel"])["loss_musd"].to_dict()
    rows = []
    for row in runs.losses[runs.losses["size"] == 1].to_dict("records"):
        home, partner = str(row["home"]), str(row["partners"])
        parts = {
            "trade": float(reruns[(home, partner, "trade")]),
            "transit": float(reruns[(home, partner, "transit")] - reruns[(home, partner, "trade")]),
            "energy": float(row["energy_musd"]),
            "capital": float(row["capital_musd"]),
        }
        parts["residual"] = float(row["loss_musd"]) - sum(parts.values())
        parts["joint"] = float(row["loss_musd"])
        for channel, loss in parts.items():
            rows.append((home, partner, channel, loss, 100.0 * loss / float(gdp[home])))
    return pd.DataFrame(rows, columns=names)


def _engine(runs: WithdrawalResults) -> dict[str, float]:
    engines = runs.engines
    return {
        "coalitions": float(len(runs.study.coalitions)),
        "cases": float(engines.cases),
        "goods_runs": float(engines.goods_runs),
        "goods_kept": float(engines.goods_cached),
        "power_runs": float(engines.power_runs),
        "saved": float(engines.saved),
        "seconds": runs.seconds,
    }


def _remarks(case: Case, money: dict[str, pd.DataFrame], settings: DependenceSettings) -> tuple[str, ...]:
    found = [] if has_power(case) else ["no power system is told of: losses of energy are 0"]
    finance, stock = money["finance"], money["stock"]
    unknown = sorted(set(finance.loc[finance["amount_musd"].isna(), "project"]))
    if unknown:
        found.append(f"money of {len(unknown)} projects is not told and not counted: {', '.join(unknown)}")
    untold = finance[finance["lent"].astype(bool) & ~finance["terms_known"].astype(bool)]
    if len(untold):
        told = ", ".join(sorted(set(untold["project"])))
        found.append(f"terms of loans are not published and taken as worth their face: {told}")
    without = [home for home in case.region.home if home not in set(stock["home"])]
    if without:
        found.append(
            f"debt by lender is not told for {', '.join(without)}: capital there is the plan's new "
            "loans alone"
        )
    if settings.pressure.level != WITHDRAWAL:
        level = settings.pressure.level
        found.append(f"partners press at the level {level}; losses are not parted by channel")
    return tuple(found)
