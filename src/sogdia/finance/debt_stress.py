"""Debt burden over years, in the outlook and under stress tests, without and with the plan's loans.

Tests follow the Guidance Note on the Bank-Fund Debt Sustainability Framework for Low Income Countries (2018):
growth and exports one standard deviation lower in the second and third year, a depreciation of 30 % in the
second year, and contingent liabilities of 5 + 2 % of GDP in the second year.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.case import Case
from sogdia.errors import InputError, UnknownNameError
from sogdia.finance.claims import Claim, assumed_terms, plan_claims, stock_claims
from sogdia.finance.debt_burden import LIC_DSF, MEASURES
from sogdia.finance.debt_outlook import EXPORTS_SD, GROWTH_SD, Outlook, latest, outlook
from sogdia.finance.debt_path import DebtPath, debt_path, no_debt
from sogdia.finance.debt_settings import DebtSettings
from sogdia.finance.lenders import replacement_lender
from sogdia.finance.loans import outstanding_payments
from sogdia.finance.owner_payments import owner_payments
from sogdia.finance.tables import OWED, STRESS

Floats = npt.NDArray[np.float64]

BASELINE, GROWTH, EXPORTS, DEPRECIATION, CONTINGENT = (
    "baseline",
    "growth",
    "exports",
    "depreciation",
    "contingent",
)
TESTS = (BASELINE, GROWTH, EXPORTS, DEPRECIATION, CONTINGENT)
"""Tests, the outlook without a shock first."""
THRESHOLD = "pv_external_debt_threshold_pct_gdp"
"""Item of ``macro`` with the threshold that identifies the country's debt-carrying capacity."""


@dataclass(frozen=True, eq=False)
class HomeDebt:
    """Debt of a home country over the years of its path.

    Attributes:
        outlook: GDP, exports, revenue, domestic debt.
        claims: Claims on the country with their paths.
        owners: Payments to owners of plants by year, USD million, (T,).
        is_known: True if a figure of today's external debt is known.
    """

    outlook: Outlook
    claims: tuple[tuple[Claim, DebtPath], ...]
    owners: Floats
    is_known: bool

    def external(self, *, with_plan: bool) -> DebtPath:
        """Sum the claims of external lenders."""
        return self._sum(
            claim for claim, _ in self.claims if not claim.is_domestic and self._is_in(claim, with_plan)
        )

    def domestic(self, *, with_plan: bool) -> Floats:
        """Sum the outlook's domestic debt and what projects owe to domestic lenders, (T,)."""
        chosen = (claim for claim, _ in self.claims if claim.is_domestic and self._is_in(claim, with_plan))
        return np.asarray(self.outlook.domestic + self._sum(chosen).outstanding)

    @staticmethod
    def _is_in(claim: Claim, with_plan: bool) -> bool:
        return with_plan or claim.kind != "plan"

    def _sum(self, chosen: Iterable[Claim]) -> DebtPath:
        ids = {id(claim) for claim in chosen}
        paths = [path for claim, path in self.claims if id(claim) in ids]
        return sum(paths, no_debt(len(self.outlook.gdp)))


def debt_of_homes(case: Case, settings: DebtSettings | None = None) -> dict[str, HomeDebt]:
    """Follow the debt of each home country over the years of the path.

    Args:
        case: The case.
        settings: Settings; the default ones if not given.

    Returns:
        Debt by home country. The path of a country begins in the year after its newest figure of debt.

    Raises:
        UnknownNameError: If a ceiling is for a country that is no home country.
    """
    chosen, stock, plan = settings or DebtSettings(), stock_claims(case), plan_claims(case)
    for code in chosen.ceilings:
        if code not in case.region.home:
            raise UnknownNameError("home country", code, case.region.home)
    base = case.region.table("economies").set_index("iso3")["year"].to_dict()
    debts = {}
    for home in case.region.home:
        own = [claim for claim in stock if claim.home == home]
        first = 1 + max([claim.year for claim in own] or [int(base[home])])
        view = outlook(case, home, first, chosen)
        growth = view.growth if chosen.borrowing == "gdp_share" else np.zeros(chosen.years)
        paths = [
            (claim, debt_path(claim, first, growth, lends_again=chosen.borrowing != "none")) for claim in own
        ]
        steady = np.zeros(chosen.years)
        paths += [(claim, debt_path(claim, first, steady)) for claim in plan if claim.home == home]
        paid = owner_payments(case, first, chosen.years)
        sums = paid[paid["home"] == home].groupby("year")["payment_musd"].sum()
        owners = sums.reindex(range(first, first + chosen.years), fill_value=0.0).to_numpy(dtype=np.float64)
        debts[home] = HomeDebt(view, tuple(paths), owners, bool(own))
    return debts


def money_owed(case: Case, debts: Mapping[str, HomeDebt]) -> pd.DataFrame:
    """List what each home country owes and pays, by payee and year.

    Returns:
        Table :data:`sogdia.finance.tables.OWED`: lenders, and owners of plants.
    """
    rows: list[tuple[Any, ...]] = []
    for home, debt in debts.items():
        first, years = debt.outlook.first, len(debt.outlook.gdp)
        groups: dict[tuple[str, str, bool, bool], DebtPath] = {}
        for claim, path in debt.claims:
            key = (claim.party, str(claim.kind), claim.is_company, claim.is_domestic)
            groups[key] = groups[key] + path if key in groups else path
        for key, path in groups.items():
            columns = (path.principal, path.interest, path.service, path.lent, path.outstanding, path.pv)
            table = np.column_stack(columns)
            years_owed = np.flatnonzero(table.any(axis=1))
            rows += [(home, *key, first + int(t), *map(float, table[t])) for t in years_owed]
        paid = owner_payments(case, first, years)
        paid = paid[(paid["home"] == home) & paid["payment_musd"].notna()]
        sums = paid.groupby(["party", "kind", "year"], as_index=False)["payment_musd"].sum()
        for party, kind, year, amount in sums.itertuples(index=False):
            rows.append((home, party, kind, False, False, year, 0.0, 0.0, amount, 0.0, 0.0, 0.0))
    return OWED.frame(rows)


def debt_stress(
    case: Case, debts: Mapping[str, HomeDebt], settings: DebtSettings | None = None
) -> pd.DataFrame:
    """Compare debt burden indicators with thresholds over the path, in each test.

    A shock lowers the denominators of ratios (:class:`sogdia.finance.debt_outlook.Outlook`). What the state
    loses in revenue in the two years of a shortfall, and the external part of contingent liabilities, is
    borrowed on the terms of the lender that a country turns to
    (:func:`sogdia.finance.lenders.replacement_lender`) and renewed.

    Returns:
        Table :data:`sogdia.finance.tables.STRESS`. A shock whose size is not known has no rows.
    """
    chosen, rows = settings or DebtSettings(), []
    for home, debt in debts.items():
        capacity, thresholds = thresholds_of(case, home, chosen)
        for test in TESTS:
            shocked = _shock(case, debt, test, chosen)
            if shocked is None or not debt.is_known:
                continue
            before, after = (indicators(shocked, with_plan=with_plan) for with_plan in (False, True))
            for measure in MEASURES:
                limit = thresholds.get(measure, float("nan"))
                for step, (low, value) in enumerate(zip(before[measure], after[measure], strict=True)):
                    if np.isnan(value):
                        continue
                    year = debt.outlook.first + step
                    rows.append(
                        (
                            home,
                            test,
                            measure,
                            year,
                            capacity,
                            float(low),
                            float(value),
                            limit,
                            bool(value > limit),
                        )
                    )
    return STRESS.frame(rows)


def thresholds_of(case: Case, home: str, settings: DebtSettings) -> tuple[str, dict[str, float]]:
    """Return the debt-carrying capacity of a country and its thresholds, per cent by indicator.

    The threshold of the present value of external debt over GDP, a row of ``macro``, identifies the capacity.
    A ceiling of the user replaces that threshold; a country outside the framework has no other.
    """
    known = latest(case, THRESHOLD).get(home)
    limit = None if known is None else known[1]
    rated = [(name, rule) for name, rule in LIC_DSF.items() if rule["pv_external_gdp_pct"] == limit]
    capacity, thresholds = (str(rated[0][0]), dict(rated[0][1])) if rated else ("", {})
    if not rated and limit is not None:
        thresholds = {"pv_external_gdp_pct": limit}
    if home in settings.ceilings:
        thresholds["pv_external_gdp_pct"] = settings.ceilings[home]
    return capacity, thresholds


def indicators(debt: HomeDebt, *, with_plan: bool) -> dict[str, Floats]:
    """Return debt burden indicators by year, per cent: ratios to the GDP, exports and revenue of the year."""
    view, external = debt.outlook, debt.external(with_plan=with_plan)
    owed = external.pv + debt.domestic(with_plan=with_plan)
    return {
        "pv_external_gdp_pct": 100.0 * external.pv / view.gdp,
        "pv_external_exports_pct": 100.0 * external.pv / view.exports,
        "service_exports_pct": 100.0 * external.service / view.exports,
        "service_revenue_pct": 100.0 * external.service / view.revenue,
        "pv_total_gdp_pct": 100.0 * owed / view.gdp,
        "paid_abroad_exports_pct": 100.0 * (external.service + debt.owners) / view.exports,
    }


def _shock(case: Case, debt: HomeDebt, test: str, settings: DebtSettings) -> HomeDebt | None:
    """Return the debt under a test; ``None`` if the size of its shock is not known."""
    view, start = debt.outlook, settings.shock_year - 1
    shortfall, lost = slice(start, start + 2), np.zeros(len(view.gdp))
    if test == BASELINE:
        return debt
    if test == DEPRECIATION:
        return replace(debt, outlook=view.with_depreciation(settings.depreciation_pct, start))
    if test == CONTINGENT:
        amount = settings.contingent_pct_gdp / 100.0 * view.gdp[start]
        external = debt.external(with_plan=False).outstanding[start]
        total = external + np.nan_to_num(view.domestic[start])
        share = external / total if total > 0.0 else 1.0
        lost[start] = share * amount
        added = np.where(np.arange(len(lost)) >= start, (1.0 - share) * amount, 0.0)
        return _borrow(
            case, replace(debt, outlook=replace(view, domestic=view.domestic + added)), lost, settings
        )
    size = latest(case, GROWTH_SD if test == GROWTH else EXPORTS_SD).get(view.home)
    if size is None:
        return None
    name = "gdp" if test == GROWTH else "exports"
    lower = view.with_shortfall(name, size[1], shortfall)
    missing = view.revenue - lower.revenue
    if test == EXPORTS:
        missing = view.revenue / view.gdp * (view.exports - lower.exports)
    lost[shortfall] = np.nan_to_num(missing[shortfall])
    return _borrow(case, replace(debt, outlook=lower), lost, settings)


def _borrow(case: Case, debt: HomeDebt, amounts: Floats, settings: DebtSettings) -> HomeDebt:
    """Add loans of amounts by year, on the terms of the lender that the country turns to.

    Each amount is a portfolio of all remaining lives, so that a bond does not fall due in one year.
    """
    view = debt.outlook
    try:
        lender = replacement_lender(case, view.home)
    except InputError:
        # Without a market in the pack the loan is at par.
        lender = ""
    terms, known = assumed_terms(case, lender)
    party = str(case.table("lending_terms")["partner"].get(lender, ""))
    added = []
    for step in np.flatnonzero(amounts > 0.0):
        year, amount = view.first + int(step), float(amounts[step])
        claim = Claim(
            view.home,
            party,
            "outstanding",
            False,
            False,
            amount,
            year,
            terms,
            known,
            outstanding_payments(terms),
        )
        again = settings.borrowing != "none"
        added.append((claim, debt_path(claim, view.first, np.zeros(len(amounts)), lends_again=again)))
    return replace(debt, claims=(*debt.claims, *added))
