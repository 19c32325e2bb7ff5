"""Solve a dependence study: from the runs of its coalitions to its tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case, Plan, build_case, counterfactual, reference_plan
from sogdia.dependence.coalitions import (
    TRANSIT,
    Progress,
    WithdrawalResults,
    energy_cost,
    read_withdrawals,
    run_withdrawals,
)
from sogdia.dependence.engine_runs import has_power
from sogdia.dependence.exposure import concentration_of, eu_of, exposure_of
from sogdia.dependence.exposure_rows import rows_of
from sogdia.dependence.horizons import HORIZONS
from sogdia.dependence.loss_tables import (
    channels_table,
    headline_table,
    pairs_table,
    ranges_table,
    shares_table,
)
from sogdia.dependence.results import DependenceResult
from sogdia.dependence.settings import CO2_USD_PER_T, DependenceSettings
from sogdia.dependence.study import WithdrawalStudy, run_name
from sogdia.dependence.withdrawal import WITHDRAWAL
from sogdia.files import scratch_folder
from sogdia.finance.appraisal_values import CO2_PRICE, ELECTRICITY_PRICE, appraisal_value
from sogdia.finance.plan_appraisal import CARBON, CUSTOMS, ELECTRICITY, GOODS, INCREMENTAL, USERS
from sogdia.finance.plan_appraisal import TRANSIT as TRANSIT_LINE
from sogdia.finance.plan_finance import plan_finance, plan_money
from sogdia.finance.tables import BENEFITS
from sogdia.runs.executor import Executor
from sogdia.runs.store import Store

Floats = npt.NDArray[np.float64]


def dependence(
    case: Case,
    settings: DependenceSettings | None = None,
    *,
    base: Plan | None = None,
    executor: Executor | None = None,
    folder: Path | None = None,
    progress: Progress = lambda _finished, _all, _label: None,
) -> DependenceResult:
    """Compute the dependence of each home country: exposure, withdrawal losses, coalitions, finance.

    Args:
        case: Region, plan and scenario, without withdrawals.
        settings: Settings; by default the withdrawal of every coalition of the default partners.
        base: Plan of the baseline; the committed projects if not given
            (:func:`sogdia.case.reference_plan`). Projects of the plan are taken out of it.
        executor: Where jobs run; in this process if not given. The result is the same bit for bit.
        folder: Folder of the store of finished runs (:class:`sogdia.runs.Store`), from which a killed study
            resumes; if not given, they are stored only for the time of the call.
        progress: Called after each job: number of finished jobs, number of all, label.

    Raises:
        UnknownNameError: If a partner, level or home does not exist.
        InputError: If a case cannot be run.
        NotConvergedError: If a tolerance is not reached; the error has the record.
        CannotRunError: If the store cannot be used, or a worker ends without a result.
    """
    study = withdrawal_study(case, settings or DependenceSettings(), base)
    with scratch_folder() as temporary:
        store = Store(temporary if folder is None else folder)
        return _dependence_result(run_withdrawals(study, store, executor, progress))


def withdrawal_study(case: Case, settings: DependenceSettings, base: Plan | None = None) -> WithdrawalStudy:
    """Define the study of a case: projects of its plan are taken out of the baseline.

    Args:
        case: As in :func:`dependence`.
        settings: Settings.
        base: As in :func:`dependence`.
    """
    chosen = base or reference_plan(case.region)
    baseline, (plan,) = counterfactual([case.plan], chosen, case.region)
    return WithdrawalStudy(build_case(case.region, plan, case.scenario), settings, baseline)


def read_dependence(study: WithdrawalStudy, store: Store) -> DependenceResult:
    """Compute dependence from a store that has all runs of the study.

    Raises:
        UnknownNameError: If a run is not in the store.
        CannotRunError: If the store cannot be read.
    """
    return _dependence_result(read_withdrawals(study, store))


def _dependence_result(runs: WithdrawalResults) -> DependenceResult:
    case, chosen = runs.study.case, runs.study.settings
    last = run_name(runs.study.horizons[-1], ())
    goods, power = runs.engines.goods[last], runs.engines.power[last]
    money = plan_money(case, _benefits(runs, chosen), chosen.debt)
    capital = money | {"finance": plan_finance(case, case.finance)}
    exposure = exposure_of(case, goods["trade"], goods["transit"], power["supply"], capital)
    economies = case.table("economies").set_index("iso3")["name"]
    losses = runs.losses.assign(name=runs.losses["home"].map(economies))
    ranges = ranges_table(runs)
    return DependenceResult(
        region=case.region.name,
        plan=case.plan.name or case.plan.title,
        scenario=case.scenario.name or case.scenario.title,
        year=case.year,
        **labels_of(runs.study),
        settings=chosen,
        losses=losses[losses["coalition"] != 0].reset_index(drop=True),
        channels=channels_table(runs),
        ranges=ranges,
        shares=shares_table(runs),
        pairs=pairs_table(runs),
        headline=headline_table(runs, ranges),
        exposure=exposure,
        concentration=concentration_of(case, exposure),
        eu=eu_of(case, goods["trade"]),
        rows=rows_of(case, goods["transit"], goods["used_rows"], power["supply"], capital),
        money=money,
        engine=_engine(runs),
        remarks=_remarks(case, capital, chosen),
    )


def labels_of(study: WithdrawalStudy) -> dict[str, dict[str, str]]:
    """Return names for readers: ``homes`` by code, ``partners`` by id in order of rank, ``horizons`` by name.

    Raises:
        UnknownNameError: If a partner does not exist.
        InputError: If there is none.
    """
    economies = study.case.table("economies").set_index("iso3")["name"]
    partners = study.case.table("partners")["name"]
    return {
        "homes": {home: str(economies[home]) for home in study.case.region.home},
        "partners": {partner: str(partners[partner]) for partner in study.partners},
        "horizons": {name: HORIZONS[name].label for name in study.horizons},
    }


def _benefits(runs: WithdrawalResults, settings: DependenceSettings) -> pd.DataFrame | None:
    """Return the benefits of the plan in the reference scenario; ``None`` under shocks."""
    if runs.study.case.scenario.shocks or runs.study.case.plan.digest == runs.study.baseline.plan.digest:
        return None
    horizons = runs.study.horizons
    goods = runs.engines.goods[run_name(horizons[-1], ())]["homes"].set_index("home")
    before, after = (
        table.set_index("home")
        for table in (runs.engines.baseline_power, runs.engines.power[run_name(horizons[0], ())]["homes"])
    )
    return plan_benefits(runs.study.case, goods, before, after, settings.co2_usd_per_t)


def plan_benefits(
    case: Case,
    goods: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    co2_usd_per_t: float = CO2_USD_PER_T,
) -> pd.DataFrame:
    """Return :func:`benefit_lines` at the prices of ``appraisal_values``.

    Args:
        case: The case with the plan.
        goods: As in :func:`benefit_lines`.
        before: Power system of the baseline by home country.
        after: The same with the plan.
        co2_usd_per_t: Middle price of carbon dioxide; low and high are those of the table, if it has them.
    """
    prices = appraisal_value(case, CO2_PRICE)
    ends = (co2_usd_per_t, co2_usd_per_t) if np.isnan(prices.low) else (prices.low, prices.high)
    served = appraisal_value(case, ELECTRICITY_PRICE)
    return benefit_lines(goods, before, after, (co2_usd_per_t, *ends), served)


def benefit_lines(
    goods: pd.DataFrame,
    before: pd.DataFrame,
    after: pd.DataFrame,
    co2_usd_per_t: tuple[float, float, float],
    served_usd_per_kwh: tuple[float, float, float],
) -> pd.DataFrame:
    """Return the lines of a plan's yearly benefit to each home country.

    Real spending contains no receipts of carriers: charges on freight are a cost of the trade that
    pays them. Income from freight in transit, which foreigners trade, is in none of the other lines. Energy
    that is served with the plan and was not without it (incremental) is at willingness to pay; the rest of
    the cost of supply that is saved (non-incremental) at resource cost.

    Args:
        goods: ``gain_musd``, ``users_musd``, ``customs_musd`` and changes of transit income against the
            baseline, by home country.
        before: Cost and emissions of the power system in the baseline, by home country.
        after: The same with the plan.
        co2_usd_per_t: Price of carbon dioxide: middle, low, high.
        served_usd_per_kwh: Willingness to pay for energy that was not served: middle, low, high; the value of
            lost load if the first is NaN.

    Returns:
        Table :data:`sogdia.finance.tables.BENEFITS`.
    """
    transit = goods[list(TRANSIT)]
    at_lost_load = before["unserved_musd"] - after["unserved_musd"]
    saved = energy_cost(before) - energy_cost(after) - at_lost_load
    served = before["unserved_gwh"] - after["unserved_gwh"]
    avoided = before["co2_mt"] - after["co2_mt"]
    rows: list[tuple[str, str, float, float, float]] = []
    for home in map(str, goods.index):
        certain = {
            GOODS: float(goods["gain_musd"][home]),
            ELECTRICITY: float(saved[home]),
            USERS: float(goods["users_musd"][home]),
            CUSTOMS: float(goods["customs_musd"][home]),
        }
        rows += [(home, line, value, value, value) for line, value in certain.items()]
        lost = float(at_lost_load[home])
        prices = np.array(served_usd_per_kwh) * float(served[home])
        rows.append(_line(home, INCREMENTAL, np.full(3, lost) if np.isnan(prices[0]) else prices))
        rows.append(_line(home, CARBON, np.array(co2_usd_per_t) * float(avoided[home])))
        values = transit.loc[[home]].to_numpy(dtype=np.float64)[0]
        rows.append((home, TRANSIT_LINE, float(values[0]), float(values.min()), float(values.max())))
    return BENEFITS.frame(rows)


def _line(home: str, line: str, values: Floats) -> tuple[str, str, float, float, float]:
    return home, line, float(values[0]), float(values.min()), float(values.max())


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
    remarks = [] if has_power(case) else ["the region has no electricity demand: losses of energy are 0"]
    finance, stock = money["finance"], money["stock"]
    unknown = sorted(set(finance.loc[finance["amount_musd"].isna(), "project"]))
    if unknown:
        remarks.append(
            f"the finance of {len(unknown)} projects is not published and not counted: {', '.join(unknown)}"
        )
    unpublished = finance[finance["lent"].astype(bool) & ~finance["terms_known"].astype(bool)]
    if len(unpublished):
        projects = ", ".join(sorted(set(unpublished["project"])))
        remarks.append(f"loan terms are not published; loans are valued at par: {projects}")
    without = [home for home in case.region.home if home not in set(stock["home"])]
    if without:
        remarks.append(
            f"debt by lender is not published for {', '.join(without)}: capital covers the plan's new "
            "loans alone"
        )
    if settings.pressure.level != WITHDRAWAL:
        level = settings.pressure.level
        remarks.append(f"partners exert pressure at the level {level}; losses are not split by channel")
    return tuple(remarks)
