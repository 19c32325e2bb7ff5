"""Which projects, when, with which partner's money: the search over portfolios of a region."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

import sogdia
from sogdia.api import plots
from sogdia.api.portfolio_file import LoadedPortfolio, load_portfolio
from sogdia.api.portfolio_money import money_of_options, problem_of
from sogdia.api.portfolio_search import check_limits, search
from sogdia.api.portfolio_tables import tables_of
from sogdia.api.portfolio_values import SetEvaluator
from sogdia.api.progress import Progress, ProgressLike
from sogdia.api.result import Headline, Result
from sogdia.api.runs import StoreLike, open_store
from sogdia.case import Plan, ProjectChoice, build_case
from sogdia.dependence.coalitions import run_withdrawals
from sogdia.dependence.settings import DependenceSettings
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.withdrawal import partners_of
from sogdia.extras import require_extra
from sogdia.runs.executor import Executor, make_executor
from sogdia.runs.store import RunMetadata, Store
from sogdia.runs.version import engine_version
from sogdia.uncertainty.project_sets import HORIZON, ProjectSets, SetScenario

LOG = logging.getLogger(__name__)
KIND, BASE_KIND, BASE_LOSSES = "portfolio", "portfolio_baseline", "base_losses"


@dataclass(frozen=True, eq=False, repr=False)
class PortfolioRun(Result):
    """Best portfolios of a region.

    Attributes:
        loaded: The portfolio file with all that it names.
        metadata: Description of the stored run.
        frames: Tables by name.
    """

    loaded: LoadedPortfolio
    metadata: RunMetadata
    frames: Mapping[str, pd.DataFrame]

    @property
    def title(self) -> str:
        """One line: title of the file, region and year."""
        definition = self.loaded.definition
        return f"{definition.title}: {self.loaded.region.name} {definition.year}"

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Tables by name (:data:`sogdia.portfolio.tables.TABLES`)."""
        return self.frames

    @property
    def recommended(self) -> Plan:
        """The recommended portfolio as a plan, with its finance."""
        table = self.frames["portfolio_choices"]
        entries = {entry.project: entry for entry in self.loaded.definition.projects}
        choices = []
        for row in table[table["portfolio"] == 1].to_dict("records"):
            option = next(each for each in entries[row["project"]].options if each.name == row["option"])
            choices.append(
                ProjectChoice(
                    project=row["project"], opening_year=int(row["opening_year"]), finance=option.finance
                )
            )
        name = f"{self.loaded.definition.name or 'portfolio'}_recommended"
        return Plan(name=name, title=f"{self.loaded.definition.title}: recommended", projects=tuple(choices))

    def brief(self, out: str | Path = "portfolio") -> tuple[Path, ...]:
        """Write a portfolio brief: ``portfolio.html``, ``portfolio.pdf`` and ``portfolio.xlsx``.

        Args:
            out: Folder, created if it does not exist.

        Returns:
            The files.

        Raises:
            CannotRunError: If a library is not installed, or a file cannot be written.
        """
        require_extra("report", "the portfolio brief")
        from sogdia.api.portfolio_briefs import write_brief_of

        return write_brief_of(self.loaded, self.metadata.label, self.frames, out).files

    def remarks(self) -> tuple[str, ...]:
        """Say how well the answer is known: sets run in full, error of the approximation, runs saved."""
        errors, runs = self.frames["portfolio_errors"], self.frames["portfolio_runs"]
        near = self.frames["portfolio_projects"]
        widest = near[near["within_pct"] == near["within_pct"].max()]
        lines = []
        if len(errors):
            by_pairs = (errors["second_order_musd_a"] - errors["benefit_musd_a"]).abs()
            by_singles = (errors["first_order_musd_a"] - errors["benefit_musd_a"]).abs()
            scale = float(errors["benefit_musd_a"].abs().median()) or 1.0
            loss = (errors["second_order_pct"] - errors["loss_pct"]).abs().max()
            lines.append(
                f"{len(errors)} sets of projects were run in full in every scenario. Singles and pairs miss "
                f"their yearly benefit by {by_pairs.median():,.0f} USD million at the median "
                f"({100.0 * by_pairs.median() / scale:.1f} %) and {by_pairs.max():,.0f} at most; singles "
                f"alone by {by_singles.median():,.0f} and {by_singles.max():,.0f}. The largest loss is "
                f"missed by {loss:.2f} points of GDP at most."
            )
        lines += [
            f"{row['engine']}: {row['run']:,} runs for {row['requested']:,} values, {row['saved']:,} saved"
            for row in runs.to_dict("records")
        ]
        inside = ", ".join(widest[widest["in_all"]]["name"]) or "none"
        lines.append(f"No-regret, in all portfolios within {near['within_pct'].max():g} %: {inside}")
        return tuple(lines)

    def headline(self) -> Iterable[Headline]:
        """Yield the figures of the recommended portfolio, and what each project costs."""
        front = self.frames["portfolio_front"]
        row = front.to_dict("records")[0]
        for name, label, unit in (
            ("npv_musd", "Net present value", "USD million"),
            ("npv_low_musd", "Net present value, low", "USD million"),
            ("npv_high_musd", "Net present value, high", "USD million"),
            ("worst_loss_pct", "Largest loss by one partner's withdrawal", "% of GDP"),
            ("co2_mt", "Carbon dioxide, change", "Mt/a"),
            ("own_money_musd", "Own money", "USD million"),
            ("debt_pv_musd", "Present value of new debt", "USD million"),
        ):
            yield label, "", float(row[name]), unit
        choices = self.frames["portfolio_choices"]
        for each in choices[choices["portfolio"] == 1].to_dict("records"):
            yield f"Cost, {each['option']}", each["name"], float(each["cost_musd"]), "USD million"

    def plot(self) -> Any:
        """Draw the projects of the recommended portfolio by their cost, as bars.

        Raises:
            CannotRunError: If matplotlib is not installed.
        """
        table = self.frames["portfolio_choices"]
        table = table[table["portfolio"] == 1]
        return plots.bar_plot(table, "name", "cost_musd", "Recommended projects", "USD million")


def optimise(
    portfolio: LoadedPortfolio | Path | str,
    *,
    workers: int = 1,
    executor: Executor | None = None,
    store: StoreLike = None,
    progress: ProgressLike = False,
) -> PortfolioRun:
    """Find which projects to build, when, and with which partner's money.

    Freight, trade and the power system run for every project alone in every scenario, for every pair that one
    of them sees, and for the sets of projects that the search proposes. Partners change money, debt and
    dependence, which follow from the terms of the lenders without a run. Finished runs are stored.

    Args:
        portfolio: A portfolio file, or one that is loaded.
        workers: Processes.
        executor: Where runs are made, in place of ``workers``.
        store: A store or its folder; by default ``$SOGDIA_STORE`` or the user's data folder.
        progress: ``True`` for a progress bar, or a function of finished steps, all steps and a text.

    Returns:
        The front, the recommended portfolio and its alternatives, with ``tables`` and ``summary()``.

    Raises:
        FaultsError: If the file has errors; all are listed.
        InputError: If no portfolio respects all limits: a smallest conflicting set is named.
        NotConvergedError: If an engine does not converge.
        CannotRunError: If the store cannot be used.

    Example:
        >>> import sogdia
        >>> best = sogdia.optimise("examples/portfolio.yaml", workers=2)  # doctest: +SKIP
        >>> best.tables["portfolio_front"]  # doctest: +SKIP
    """
    require_extra("study", "the portfolio")
    require_extra("portfolio", "the portfolio")
    begun, cache = time.perf_counter(), open_store(store)
    loaded = portfolio if isinstance(portfolio, LoadedPortfolio) else load_portfolio(Path(portfolio))
    key = _key(loaded)
    if key not in cache:
        _compute(loaded, key, cache, executor or make_executor("processes", workers), progress, begun)
    LOG.info("portfolio %s found or stored as %s", loaded.definition.name, key)
    return PortfolioRun(loaded, cache.metadata(key), cache.tables(key))


def _compute(
    loaded: LoadedPortfolio, key: str, store: Store, executor: Executor, progress: ProgressLike, begun: float
) -> None:
    """Search, and store the tables."""
    partners = partners_of(loaded.region, loaded.definition.partners)
    settings = DependenceSettings(partners=partners, coalitions=False, channels=False, horizons=(HORIZON,))
    case = build_case(loaded.region, loaded.baseline, loaded.scenarios[0])
    money = money_of_options(loaded, case, partners)
    check_limits(problem_of(loaded, money))
    own = [SetScenario(each.name, each) for each in loaded.scenarios]
    without = [SetScenario(f"withdrawal of {name}", loaded.scenarios[0], name) for name in partners]
    with Progress(1, progress) as bar:
        sets = ProjectSets(
            loaded.region,
            loaded.baseline,
            loaded.choices,
            (*own, *without),
            settings,
            store,
            executor,
            bar.step,
        )
        bar.stage("dependence of the baseline")
        losses = _base_losses(WithdrawalStudy(case, settings, loaded.baseline), loaded.homes, store, executor)
        gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)[list(loaded.homes)].sum()
        base = {name: 100.0 * losses[name] / float(gdp) for name in partners}
        evaluator = SetEvaluator(loaded, sets, money, len(own), base, float(gdp))
        bar.expect(most_states(len(loaded.choices), len(own) + len(without), loaded.definition.verified))
        bar.stage("projects alone and in pairs")
        evaluator.screen()
        found = search(loaded, money, evaluator, bar.stage)
        bar.stage("tables")
        frames = tables_of(found)
    metadata = RunMetadata(
        run=key,
        kind=KIND,
        region=loaded.region.name,
        plan=loaded.definition.name or "portfolio",
        scenario=loaded.scenarios[0].name,
        year=loaded.definition.year,
        parts={"region": loaded.region.digest, "version": engine_version()},
        settings=loaded.definition.model_dump(mode="json"),
        seconds=time.perf_counter() - begun,
        figures={"rounds": float(found.rounds)},
    )
    store.write(metadata, frames)


def most_states(projects: int, scenarios: int, verified: int) -> int:
    """Return about how many runs of the engines a search takes, for a progress bar."""
    return scenarios * (1 + projects) + projects * (projects - 1) // 4 + 2 * scenarios * verified


def _base_losses(
    study: WithdrawalStudy, homes: Sequence[str], store: Store, executor: Executor
) -> Mapping[str, float]:
    """Return the loss by each partner's withdrawal in the baseline, all channels, USD million a year."""
    settings = study.settings.model_dump_json()
    parts = (BASE_KIND, study.case.digest, settings, engine_version())
    key = hashlib.sha256(";".join(parts).encode()).hexdigest()
    if key not in store:
        losses = run_withdrawals(study, store, executor).losses
        metadata = RunMetadata(
            run=key, kind=BASE_KIND, region=study.case.region.name, plan=study.case.plan.name,
            scenario=study.case.scenario.name, year=study.case.year, parts={"version": engine_version()},
            settings={},
        )  # fmt: skip
        store.write(metadata, {BASE_LOSSES: losses[losses["size"] == 1].reset_index(drop=True)})
    table = store.read(key, BASE_LOSSES)
    sums = table[table["home"].isin(list(homes))].groupby("partners")["loss_musd"].sum()
    return {str(name): float(value) for name, value in sums.items()}


@cache
def _search_version() -> str:
    """Return the digest of the code of the search and of money, which no engine has."""
    package = Path(sogdia.__file__).parent
    paths = [
        path for part in ("finance", "portfolio", "uncertainty") for path in (package / part).rglob("*.py")
    ]
    total = hashlib.sha256()
    for path in sorted([*paths, *(package / "api").glob("portfolio*.py")]):
        total.update(path.read_bytes())
    return total.hexdigest()


def _key(loaded: LoadedPortfolio) -> str:
    """Return the digest of all that decides the result."""
    scenarios = ";".join(each.digest for each in loaded.scenarios)
    own = loaded.definition
    parts = (
        KIND, loaded.region.digest, loaded.baseline.digest, scenarios, own.model_dump_json(),
        engine_version(), _search_version(),
    )  # fmt: skip
    return hashlib.sha256(";".join(parts).encode()).hexdigest()
