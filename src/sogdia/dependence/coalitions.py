"""Run the withdrawal of partners, alone and together, and measure the loss of each home country.

Every coalition S of partners is a case of its own: the plan and the scenario with the partners of S
withdrawn. Its loss for a home country, a year, in money of the baseline and as a share of GDP, is

    ``v(S) = [W(∅) − W(S)] + [E(S) − E(∅)] − D(S) + [K(S) − K(∅)] + [F(∅) − F(S)] + J(S) + B(S) + Z(S)``

with W the gain of real spending from trade at the costs of freight, with transfers and labour
(:mod:`sogdia.dependence.trade_channels`), E the cost of the power system
(:mod:`sogdia.dependence.home_results`), D the fuel that both would count, K the yearly cost of lost finance
(:mod:`sogdia.finance.finance_losses`), and F the income from freight in transit. J, B and Z are what lacking
foreign investment, debt that falls due and the end of a customs union cost
(:mod:`sogdia.dependence.lasting_losses`). The portfolio is fixed; ∅ is the plan and scenario without
withdrawals.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from sogdia.dependence.engine_runs import EngineResults, read_results
from sogdia.dependence.fuel import fuel_counted_twice
from sogdia.dependence.horizons import HorizonName
from sogdia.dependence.jobs import Tables, WithdrawalBaseline
from sogdia.dependence.lasting_losses import COLUMNS, LASTING, Exposures, lasting_losses
from sogdia.dependence.study import WithdrawalStudy, case_name, run_name
from sogdia.dependence.trade_jobs import Carriage
from sogdia.dependence.withdrawal import members_of
from sogdia.finance.finance_losses import capital_losses
from sogdia.runs.executor import Executor
from sogdia.runs.job import JobGroup
from sogdia.runs.scheduler import run_jobs
from sogdia.runs.store import Store

Progress = Callable[[int, int, str], None]
"""Called with the number of finished jobs, the number of all, and the label of the last."""
LOSSES = (
    "home", "loss_musd", "loss_pct", "goods_musd", "energy_musd", "capital_musd", "fuel_twice_musd",
    "undelivered_t", "trade_lost_t", "days_longer", "unserved_gwh", "refinance_musd", "transit_income_musd",
    "transit_income_low_musd", "transit_income_high_musd", *COLUMNS,
)  # fmt: skip
TRANSIT = ("transit_musd", "transit_low_musd", "transit_high_musd")
"""Columns of transit income of a run of freight and trade."""


@dataclass(frozen=True, eq=False)
class WithdrawalResults:
    """Results of a withdrawal study.

    Attributes:
        study: The study.
        losses: One row for each horizon, coalition and home country: ``horizon``, ``coalition``,
            ``partners``, ``size`` and :data:`LOSSES`.
        trade: Tables of :class:`sogdia.dependence.trade_jobs.TradeJob` by horizon.
        engines: Results of the engines.
        seconds: Time it took.
    """

    study: WithdrawalStudy
    losses: pd.DataFrame
    trade: dict[HorizonName, Tables]
    engines: EngineResults
    seconds: float


def run_withdrawals(
    study: WithdrawalStudy,
    store: Store,
    executor: Executor | None = None,
    progress: Progress = lambda _finished, _all, _label: None,
) -> WithdrawalResults:
    """Run every coalition of a study, each state of each engine once.

    Args:
        study: The study.
        store: The store.
        executor: Where jobs run; in this process if not given.
        progress: Called after each job.

    Raises:
        InputError: If a case is invalid.
        NotConvergedError: If a model does not converge.
        CannotRunError: If the store cannot be used, or a worker ends without a result.
    """
    started = time.perf_counter()
    progress(0, 1, "cases of the coalitions")
    required = study.required
    new: set[str] = set()
    total = len(required.goods_jobs) + len(required.power_jobs) + len(study.horizons)
    progress(0, total, "the baseline")
    batches = required.batches(required.own_baseline(store))
    count = 0
    for count, report in enumerate(run_jobs(batches, store, executor, threads=1), start=1):
        progress(count, total, report.label)
        if report.is_new:
            new.add(report.key)
    progress(count, total, "channels")
    trade = _run_trade(study, store, executor)
    progress(total, total, "losses")
    engines = read_results(required, store, _count(study), new)
    return _withdrawal_results(study, engines, trade, time.perf_counter() - started)


def read_withdrawals(study: WithdrawalStudy, store: Store) -> WithdrawalResults:
    """Read the results of a study whose runs of the engines are all in the store.

    The trade model is solved here where the store lacks it: it takes seconds.

    Raises:
        UnknownNameError: If a run is not in the store.
        NotConvergedError: If the trade model does not converge.
        CannotRunError: If the store cannot be read.
    """
    trade = _run_trade(study, store, None)
    return _withdrawal_results(study, read_results(study.required, store, _count(study)), trade, 0.0)


def _count(study: WithdrawalStudy) -> int:
    return len(study.coalitions) * len(study.horizons)


def _run_trade(study: WithdrawalStudy, store: Store, executor: Executor | None) -> dict[HorizonName, Tables]:
    """Run the jobs of the trade model at the costs of finished runs, and return their tables."""
    jobs = study.trade_jobs({})
    if any(job.key not in store for job in jobs.values()):
        carriage = {key: Carriage.from_tables(store.tables(key)) for key in study.required.goods_jobs}
        jobs = study.trade_jobs(carriage)
        group = JobGroup(WithdrawalBaseline(study.baseline, None, None), tuple(jobs.values()))
        for _ in run_jobs([[group]], store, executor, threads=1):
            pass
    return {horizon: store.tables(job.key) for horizon, job in jobs.items()}


def _withdrawal_results(
    study: WithdrawalStudy, engines: EngineResults, trade: dict[HorizonName, Tables], seconds: float
) -> WithdrawalResults:
    losses = []
    finance, exposures = _finance(study), Exposures.of(study)
    for horizon in study.horizons:
        gain = trade[horizon]["trade"].pivot(index="home", columns="case", values="gain_musd")
        for mask, partners in study.coalitions.items():
            lasting = lasting_losses(study, horizon, partners, exposures, trade[horizon]["tariffs"])
            reruns = trade[horizon]["fuel"]
            table = _losses(study, horizon, partners, finance, lasting, engines, gain, reruns)
            for name, value in (
                ("size", len(partners)),
                ("partners", ";".join(partners)),
                ("coalition", mask),
            ):
                table.insert(0, name, value)
            table.insert(0, "horizon", horizon)
            losses.append(table)
    return WithdrawalResults(study, pd.concat(losses, ignore_index=True), trade, engines, seconds)


def _finance(study: WithdrawalStudy) -> dict[tuple[str, ...], pd.DataFrame]:
    """Return the losses of finance by coalition and home country: they are the same at each horizon."""
    return {
        partners: capital_losses(study.finance_case(partners), partners, study.settings.rate).set_index(
            "home"
        )
        for partners in study.coalitions.values()
    }


def _losses(
    study: WithdrawalStudy,
    horizon: HorizonName,
    partners: tuple[str, ...],
    finance: dict[tuple[str, ...], pd.DataFrame],
    lasting: pd.DataFrame,
    engines: EngineResults,
    gain: pd.DataFrame,
    reruns: pd.DataFrame,
) -> pd.DataFrame:
    """Return the losses of each home country from a coalition at a horizon.

    Args:
        study: The study.
        horizon: The horizon.
        partners: Withdrawn partners.
        finance: Losses of finance by coalition.
        lasting: Losses of :func:`sogdia.dependence.lasting_losses.lasting_losses`.
        engines: Results of the engines.
        gain: Gains by trade, home countries by case, USD million.
        reruns: Gains of reruns with lost fuel, by case.
    """
    case = study.case
    after, before = (run_name(horizon, study.sharing(each)) for each in (partners, ()))
    goods, goods_before = (engines.goods[key]["homes"].set_index("home") for key in (after, before))
    gain = gain.reindex(goods.index)
    names = [run_name(horizon, study.powered_by(each)) for each in (partners, ())]
    power, power_before = (engines.power[key]["homes"].set_index("home") for key in names)
    fuels = [engines.power[key]["fuel"] for key in reversed(names)]
    reruns = reruns[reruns["case"] == case_name(partners)]
    fuel_twice = fuel_counted_twice(fuels[0], fuels[1], reruns)
    capital, capital_before = finance[partners], finance[()]
    table = pd.DataFrame(index=goods.index)
    table["fuel_twice_musd"] = table.index.map(fuel_twice).fillna(0.0).astype(float)
    # A lost fuel that plants burn is a loss of the power system, not of trade.
    table["goods_musd"] = gain[case_name(())] - gain[case_name(partners)] - table["fuel_twice_musd"]
    table["energy_musd"] = energy_cost(power) - energy_cost(power_before)
    table["capital_musd"] = capital["capital_musd"] - capital_before["capital_musd"]
    lost = pd.DataFrame({name: goods_before[name] - goods[name] for name in TRANSIT})
    table["transit_income_musd"] = lost["transit_musd"]
    table["transit_income_low_musd"], table["transit_income_high_musd"] = lost.min(axis=1), lost.max(axis=1)
    for name in COLUMNS:
        table[name] = lasting[name]
    parts = ["goods_musd", "energy_musd", "capital_musd", "transit_income_musd", *LASTING]
    table["loss_musd"] = table[parts].sum(axis=1)
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    table["loss_pct"] = 100.0 * table["loss_musd"] / gdp.reindex(table.index)
    table["undelivered_t"] = goods["undelivered_t"] - goods_before["undelivered_t"]
    without = members_of(case, partners) if study.is_withdrawal else ()
    traded = _traded(engines.goods[before]["traded"], ()) - _traded(engines.goods[after]["traded"], without)
    table["trade_lost_t"] = traded.reindex(table.index).fillna(0.0)
    table["days_longer"] = goods["days_longer"] - goods_before["days_longer"]
    table["unserved_gwh"] = power["unserved_gwh"] - power_before["unserved_gwh"]
    table["refinance_musd"] = capital["refinance_musd"] - capital_before["refinance_musd"]
    return table.reset_index()[list(LOSSES)]


def _traded(table: pd.DataFrame, without: tuple[str, ...]) -> pd.Series[float]:
    """Return tonnes of freight by home country, those to and from some economies left out."""
    left = table["tonnes"].where(~table["economy"].isin(without), 0.0)
    return left.groupby(table["home"]).sum()


def energy_cost(power: pd.DataFrame) -> pd.Series[float]:
    """Return E of :mod:`sogdia.dependence.home_results`, USD million a year."""
    return power["plants_musd"] + power["imports_musd"] - power["exports_musd"] + power["unserved_musd"]
