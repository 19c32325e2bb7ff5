"""Loss of income where a partner no longer invests: foreign capital that is not renewed and does not grow.

A partner's direct investment F, of table ``partner_exposure``, wears out at the rate δ and grows with GDP at
the rate g. Without new investment for T years the country lacks, of what it would have,

    ``ΔK = (1 − c) F [1 − ((1 − δ) / (1 + g))^T] − A``

with the part c that other investors replace from the tenth year on (linear before) and the equity A of the
plan's projects, which the country replaces by borrowing (:mod:`sogdia.finance.finance_losses`). Output is
Cobb–Douglas in capital ``K = κ Y``. Owners earn the marginal product ``α / κ`` less depreciation, and the
profit tax τ on it. The country loses output, less what it no longer pays to owners and for renewal:

    ``Y [1 − (1 − ΔK / K)^α] − [δ + (1 − τ)(α / κ − δ)] ΔK``,  to first order ``τ (α / κ − δ) ΔK``

(MacDougall 1960: gains of the host are the tax and the wages that a marginal investment raises). The capital
that is there stays and goes on to pay its owners. Power plants of the partner, and equity in projects that
build plants, are left out: the power system counts them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sogdia.case import Case
from sogdia.case.growth import GrowthPaths, growth_factor, growth_paths
from sogdia.case.projects import home_finance_shares
from sogdia.finance.appraisal_values import appraisal_value
from sogdia.finance.sources import EQUITY, instrument_of

STOCK, IN_POWER = "fdi_stock", "fdi_stock_power"
"""Channels of ``partner_exposure``: direct investment, and the part of it in power plants."""
SHARE, OUTPUT_RATIO, DEPRECIATION, TAX, REPLACED = (
    "capital_share_pct",
    "capital_output_a",
    "depreciation_pct_a",
    "profit_tax_pct",
    "investment_replaced_pct",
)
"""Items of ``appraisal_values``: 100 α, κ, 100 δ, 100 τ, 100 c."""
FULL_A = 10.0
"""Years after which other investors have replaced the part c."""
End = Literal["value", "low", "high"]
"""Middle of the parameters, and the ends at which the loss is least and largest."""
ENDS: tuple[End, ...] = ("value", "low", "high")
_OTHER: Mapping[End, End] = {"value": "value", "low": "high", "high": "low"}


@dataclass(frozen=True)
class Technology:
    """Technology and taxes of a country, as fractions.

    Attributes:
        share: Share of capital in output, α.
        output_ratio: Capital over yearly output, κ.
        depreciation: Part of the capital that is worn out a year, δ.
        tax: Tax on profits, τ.
        replaced: Part of a partner's investment that others replace, c.
    """

    share: float
    output_ratio: float
    depreciation: float
    tax: float
    replaced: float

    @classmethod
    def of(cls, case: Case, home: str, end: End = "value") -> Technology:
        """Return the technology of a country; NaN where ``appraisal_values`` lacks a row.

        Args:
            case: The case.
            home: The country.
            end: Middle, or the end of all ranges at which the loss is least or largest.
        """
        other = _OTHER[end]
        share, tax = (getattr(appraisal_value(case, item, home), end) / 100.0 for item in (SHARE, TAX))
        replaced = getattr(appraisal_value(case, REPLACED, home), other) / 100.0
        ratio = getattr(appraisal_value(case, OUTPUT_RATIO, home), other)
        return cls(share, ratio, appraisal_value(case, DEPRECIATION, home).value / 100.0, tax, replaced)

    def lost_output(self, capital: float, output: float) -> float:
        """Return output lost with capital, ``Y [1 − (1 − ΔK / K)^α]``, in the unit of the output."""
        lacking = min(capital / (self.output_ratio * output), 1.0)
        return float(output * (1.0 - (1.0 - lacking) ** self.share))

    def lost_income(self, capital: float, output: float) -> float:
        """Return income lost with capital: lost output less payments to owners and for renewal."""
        net = self.share / self.output_ratio - self.depreciation
        paid = self.depreciation + (1.0 - self.tax) * net
        return self.lost_output(capital, output) - paid * capital


class Lost(NamedTuple):
    """Foreign capital that is missing, USD million, and what it would yield, USD million a year."""

    capital: float
    output: float
    income: float


@dataclass(frozen=True, eq=False)
class Investment:
    """Direct investment in a home country, outside power plants, in the year of a case.

    Attributes:
        home: The country.
        stock: Direct investment by party, USD million.
        equity: Equity in projects of the plan by party, USD million.
        output: Gross domestic product, USD million a year.
        technology: Technology by end of its ranges.
        paths: Growth paths.
        scale: Multiplies growth rates.
        year: Year of the case.
    """

    home: str
    stock: Mapping[str, float]
    equity: Mapping[str, float]
    output: float
    technology: Mapping[End, Technology]
    paths: GrowthPaths
    scale: float
    year: int

    def lost(self, parties: Collection[str], years: int, end: End = "value") -> Lost:
        """Return what is lost without new investment of parties.

        Args:
            parties: Parties that no longer invest, each once.
            years: Years T since the withdrawal.
            end: Middle of the parameters, or the ends at which the loss is least or largest.
        """
        stock = sum(self.stock.get(party, 0.0) for party in parties)
        if stock <= 0.0 or years <= 0:
            return Lost(0.0, 0.0, 0.0)
        technology = self.technology[end]
        grown = growth_factor(self.paths, self.home, "gdp", self.year - years, self.year, self.scale)
        lacking = stock * (1.0 - (1.0 - technology.depreciation) ** years / grown)
        replaced = technology.replaced * min(years / FULL_A, 1.0)
        equity = sum(self.equity.get(party, 0.0) for party in parties)
        capital = max((1.0 - replaced) * lacking - equity, 0.0)
        output = technology.lost_output(capital, self.output)
        return Lost(capital, output, technology.lost_income(capital, self.output))


def investment_of_homes(case: Case) -> dict[str, Investment]:
    """Return the direct investment in each home country.

    The newest figure of each party is taken and grown with the country's GDP to the year of the case.
    """
    paths = growth_paths(case.table("growth"))
    scale = 0.0 if case.scenario.growth == "none" else case.scenario.growth_factor
    gdp = case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    equity, found = _plan_equity(case), {}
    rows = case.table("partner_exposure")
    rows = rows[rows["channel"].isin((STOCK, IN_POWER)) & rows["value_musd"].notna()]
    newest = rows.sort_values("year", kind="stable").groupby(["iso3", "partner", "channel"]).tail(1)
    for home in case.region.home:
        stock: dict[str, float] = {}
        for row in newest[newest["iso3"] == home].to_dict("records"):
            year, party = min(int(row["year"]), case.year), str(row["partner"])
            value = growth_factor(paths, home, "gdp", year, case.year, scale) * float(row["value_musd"])
            stock[party] = stock.get(party, 0.0) + (value if row["channel"] == STOCK else -value)
        known = {party: max(value, 0.0) for party, value in stock.items()}
        technology = {end: Technology.of(case, home, end) for end in ENDS}
        found[home] = Investment(
            home, known, equity.get(home, {}), float(gdp[home]), technology, paths, scale, case.year
        )
    return found


def _plan_equity(case: Case) -> dict[str, dict[str, float]]:
    """Return the equity of parties in projects that build no power plant, by home country, USD million."""
    effects, projects = case.table("project_effects"), case.table("projects")
    sites, carriers = projects["iso3"], set(case.table("plants")["carrier"])
    builds = set(effects.loc[effects["table"] == "plants", "project"])
    builds |= set(projects.index[projects["sector"].isin(carriers)])
    finance = case.finance[case.finance["amount_musd"].notna() & ~case.finance["project"].isin(builds)]
    found: dict[str, dict[str, float]] = {}
    for source in finance.to_dict("records"):
        if instrument_of(case, source) not in EQUITY:
            continue
        for home, share in home_finance_shares(str(sites.get(source["project"], "")), case.region.home):
            own, party = found.setdefault(home, {}), str(source["partner"])
            own[party] = own.get(party, 0.0) + share * float(source["amount_musd"])
    return found
