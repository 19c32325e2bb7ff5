"""Losses that grow with the years since a withdrawal: foreign investment, debt that falls due; and duties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.dependence.customs_union import lost_duties
from sogdia.dependence.horizons import HORIZONS, HorizonName
from sogdia.dependence.study import WithdrawalStudy, case_name
from sogdia.dependence.withdrawal import members_of
from sogdia.finance.foreign_investment import Investment, investment_of_homes
from sogdia.finance.refinancing import Renewal, refinancing_loss, renewals_of_homes

CUSTOMS, REFINANCING, INVESTMENT = "customs_union_musd", "refinancing_musd", "foreign_investment_musd"
LASTING = (CUSTOMS, REFINANCING, INVESTMENT)
"""Losses that are part of the joint loss."""
RECALLED, INVESTMENT_LOW, INVESTMENT_HIGH, OUTPUT = (
    "refinancing_recalled_musd",
    "foreign_investment_low_musd",
    "foreign_investment_high_musd",
    "output_lost_musd",
)
"""The same at the ends of their range, and the output that lost capital would produce."""
CUSTOMS_ENDS = ("customs_union_low_musd", "customs_union_high_musd", "customs_union_rerun_musd")
"""Loss by the end of a customs union at low and high national tariffs, and by a rerun of the trade model."""
COLUMNS = (*LASTING, RECALLED, INVESTMENT_LOW, INVESTMENT_HIGH, *CUSTOMS_ENDS, OUTPUT)


@dataclass(frozen=True, eq=False)
class Exposures:
    """Debt and foreign capital of home countries.

    Attributes:
        investment: Direct investment by home country.
        renewals: Debt that lenders renew by home country.
    """

    investment: Mapping[str, Investment]
    renewals: Mapping[str, tuple[Renewal, ...]]

    @classmethod
    def of(cls, study: WithdrawalStudy) -> Exposures:
        """Return those of a study's case."""
        return cls(investment_of_homes(study.case), renewals_of_homes(study.case, study.settings.debt))


def lasting_losses(
    study: WithdrawalStudy,
    horizon: HorizonName,
    partners: tuple[str, ...],
    exposures: Exposures,
    tariffs: pd.DataFrame,
) -> pd.DataFrame:
    """Return the losses of :data:`COLUMNS` by home country; 0 for levels of pressure.

    Args:
        study: The study.
        horizon: The horizon.
        partners: Withdrawn partners.
        exposures: Debt and investment of the home countries.
        tariffs: Gains by national tariffs (:data:`sogdia.dependence.trade_jobs.TARIFFS`).

    Raises:
        InputError: If no lender remains.
    """
    case, rate = study.case, study.settings.rate
    zero, rows = dict.fromkeys(COLUMNS, 0.0), {}
    since, parties = study.settings.pressure.years_since, members_of(case, partners)
    years = HORIZONS[horizon].years_since if since is None else since
    affected = study.pressure.homes if study.is_withdrawal and partners else ()
    duties = lost_duties(case, parties, affected)
    own = tariffs[tariffs["case"] == case_name(partners)].set_index("home")
    gains = own.reindex(case.region.home)[["gain_musd", "low_musd", "high_musd", "rerun_musd"]].fillna(0.0)
    ended = gains.mul(-1.0).add(duties, axis=0).set_axis([CUSTOMS, *CUSTOMS_ENDS], axis=1)
    for home in case.region.home:
        if home not in affected:
            rows[home] = zero
            continue
        invested, debt = exposures.investment[home], exposures.renewals[home]
        middle = invested.lost(parties, years)
        refinanced = refinancing_loss(case, home, debt, parties, years, rate)
        rows[home] = {
            **{str(name): float(ended[name][home]) for name in ended},
            REFINANCING: refinanced.renewed,
            INVESTMENT: middle.income,
            RECALLED: refinanced.recalled,
            INVESTMENT_LOW: invested.lost(parties, years, "low").income,
            INVESTMENT_HIGH: invested.lost(parties, years, "high").income,
            OUTPUT: middle.output,
        }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))
    return table.rename_axis("home")
