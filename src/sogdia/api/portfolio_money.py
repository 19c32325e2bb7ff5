"""Money of the options of a portfolio: costs, debt, grant element, and the problem that limits them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sogdia.api.portfolio_file import LimitEntries, LoadedPortfolio
from sogdia.case import Case, Plan, ProjectChoice, build_case
from sogdia.errors import InputError
from sogdia.finance.appraisal import DEFAULT_RATE, npv
from sogdia.finance.offers import Offer, offer_of, withdrawal_loss
from sogdia.finance.plan_appraisal import COSTS, HORIZON_A, RESIDUAL, PlanFlows, plan_flows
from sogdia.finance.plan_capex import plan_capex
from sogdia.finance.tables import BENEFITS
from sogdia.portfolio import Group, Limit, Option, Prerequisite, Problem, Project, YearLimit

OWN_MONEY, DEBT, COST = "own_money_musd", "debt_pv_musd", "cost_musd"


@dataclass(frozen=True, eq=False)
class OptionMoney:
    """Money of an option, USD million.

    Attributes:
        offer: Amounts of its finance.
        opening_year: Year in which the project opens.
        annuity: Present value of a benefit of 1 a year.
        npv: Economic cost at 6 % in the decision year, with its residual value, and the grant element of its
            loans; negative for a net cost.
        npv_low: The same at the worse ends of costs.
        npv_high: The same at the better ends.
        works: Shares of the cost by year of works.
        losses: Yearly loss by partner that withdraws its finance.
    """

    offer: Offer
    opening_year: int
    annuity: float
    npv: float
    npv_low: float
    npv_high: float
    works: Mapping[int, float]
    losses: Mapping[str, float]


def money_of_options(
    loaded: LoadedPortfolio, case: Case, partners: Sequence[str]
) -> tuple[tuple[OptionMoney, ...], ...]:
    """Compute the money of every option of every project.

    Args:
        loaded: The portfolio file.
        case: The baseline case.
        partners: Partners whose withdrawal is measured.

    Raises:
        InputError: If the cost of a project is not known, or all of it is spent before the decision year.
    """
    rows, problems = [], []
    for i, entry in enumerate(loaded.definition.projects):
        options = []
        try:
            for k, option in enumerate(entry.options):
                offer = offer_of(case, entry.project, option.finance, loaded.homes)
                year = loaded.opening_year(i, k)
                flows, works = _flows(loaded, entry.project, year)
                middle, worse, better = (_present(flows, end, loaded.homes, offer) for end in range(3))
                wait = max(year - flows.first, 0)
                annuity = npv([0.0] * wait + [1.0] * HORIZON_A, DEFAULT_RATE)
                losses = {partner: withdrawal_loss(case, offer, partner) for partner in partners}
                options.append(OptionMoney(offer, year, annuity, middle, worse, better, works, losses))
        except InputError as error:
            problems.append(str(error))
        rows.append(tuple(options))
    if problems:
        raise InputError("\n".join(problems))
    return tuple(rows)


def _flows(loaded: LoadedPortfolio, project: str, year: int) -> tuple[PlanFlows, dict[int, float]]:
    """Return the economic flows of one project that opens in a year, and shares of its cost by year."""
    choice = ProjectChoice(project=project, opening_year=year)
    plan = Plan(name="one_project", title="One project", projects=(choice,))
    case = build_case(loaded.region, plan, loaded.scenarios[0])
    flows = plan_flows(case, BENEFITS.frame([]))
    if flows is None:
        raise InputError(
            f"{project}: no cost is left to decide on (all of it is spent before the newest deal, "
            "or no model measures what the project changes); leave it out"
        )
    capex = plan_capex(case)
    total = float(capex["capex_musd"].sum())
    return flows, {int(r["year"]): float(r["capex_musd"]) / total for r in capex.to_dict("records")}


def _present(flows: PlanFlows, end: int, homes: Sequence[str], offer: Offer) -> float:
    """Return the present value of costs and residual value for some home countries, and the grant element.

    Ends of ranges are known for all home countries together: they are divided as the middle is.
    """
    names = (*COSTS, RESIDUAL)
    every = sum(npv(flows.steps[name][end], DEFAULT_RATE) for name in names)
    middle = sum(npv(flows.steps[name][0], DEFAULT_RATE) for name in names)
    own = sum(
        npv(flow, DEFAULT_RATE)
        for (name, home), flow in flows.homes.items()
        if name in names and home in homes
    )
    return (every * own / middle if middle else 0.0) + offer.grant


def problem_of(loaded: LoadedPortfolio, money: Sequence[Sequence[OptionMoney]]) -> Problem:
    """State the problem: projects with the amounts of their options, and limits.

    A limit on a partner's share s_p is ``Σ (a_p − s_p Σ_q a_q) ≤ 0`` over the chosen options.
    """
    limits, definition = loaded.definition.limits, loaded.definition
    shares = _shares(limits, money)
    projects = []
    for entry, row in zip(definition.projects, money, strict=True):
        options = []
        for option, each in zip(entry.options, row, strict=True):
            offer = each.offer
            abroad = sum(offer.by_partner.values())
            amounts = {COST: offer.home_cost, OWN_MONEY: offer.own_money, DEBT: offer.pv}
            amounts |= {f"{DEBT} {home}": offer.pv_by_home.get(home, 0.0) for home in loaded.homes}
            amounts |= {f"money {p}": offer.by_partner.get(p, 0.0) for p in limits.partner_money_musd}
            amounts |= {f"excess {p}": offer.by_partner.get(p, 0.0) - s * abroad for p, s in shares.items()}
            cash = {OWN_MONEY: {year: part * offer.own_money for year, part in each.works.items()}}
            options.append(Option(option.name, each.opening_year, amounts, cash))
        projects.append(Project(entry.project, tuple(options)))
    return Problem(
        tuple(projects),
        (*_money_limits(limits, money), *_share_limits(loaded, shares)),
        tuple(Group(group) for group in definition.alternatives),
        tuple(Prerequisite(e.project, other) for e in definition.projects for other in e.needs),
        definition.must_have,
    )


def _shares(limits: LimitEntries, money: Sequence[Sequence[OptionMoney]]) -> dict[str, float]:
    named = {partner for row in money for each in row for partner in each.offer.by_partner}
    shares = (
        {} if limits.partner_share_pct is None else dict.fromkeys(sorted(named), limits.partner_share_pct)
    )
    return {partner: pct / 100.0 for partner, pct in {**shares, **limits.partner_shares_pct}.items()}


def _money_limits(limits: LimitEntries, money: Sequence[Sequence[OptionMoney]]) -> list[Limit | YearLimit]:
    found: list[Limit | YearLimit] = []
    if limits.own_money_musd is not None:
        name = f"own money at most {limits.own_money_musd:,.10g} USD million"
        found.append(Limit(OWN_MONEY, most=limits.own_money_musd, name=name))
    if limits.own_money_by_year_musd is not None:
        years = sorted({year for row in money for each in row for year in each.works})
        name = f"own money at most {limits.own_money_by_year_musd:,.10g} USD million in each year"
        found.append(YearLimit(OWN_MONEY, dict.fromkeys(years, limits.own_money_by_year_musd), name))
    if limits.debt_pv_musd is not None:
        name = f"present value of new debt at most {limits.debt_pv_musd:,.10g} USD million"
        found.append(Limit(DEBT, most=limits.debt_pv_musd, name=name))
    for home, most in limits.debt_pv_by_home_musd.items():
        name = f"present value of new debt of {home} at most {most:,.10g} USD million"
        found.append(Limit(f"{DEBT} {home}", most=most, name=name))
    return found


def _share_limits(loaded: LoadedPortfolio, shares: Mapping[str, float]) -> list[Limit]:
    names = loaded.region.table("partners")["name"].to_dict()
    money = [
        Limit(
            f"money {partner}",
            most=most,
            name=f"money of {names.get(partner, partner)} at most {most:,.10g} USD million",
        )
        for partner, most in loaded.definition.limits.partner_money_musd.items()
    ]
    return [
        *money,
        *(Limit(
            f"excess {partner}", most=0.0,
            name=f"share of {names.get(partner, partner)} in foreign money at most {100.0 * share:.10g} %",
        )
        for partner, share in shares.items()),
    ]  # fmt: skip
