"""Channels of loss for which the region has data."""

from __future__ import annotations

import math

from sogdia.case import Case
from sogdia.dependence.customs_union import NATIONAL, TABLE, ended_unions, is_minority
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.trade_channels import AID, ORDER, REMITTANCES
from sogdia.dependence.withdrawal import members_of
from sogdia.finance.debt_stock import CHANNEL as DEBT
from sogdia.finance.foreign_investment import STOCK, Technology
from sogdia.trade.composition import composition_of

TRANSIT_INCOME, ENERGY, CAPITAL = "transit_income", "energy", "capital"
CUSTOMS_UNION, REFINANCING, FOREIGN_INVESTMENT = "customs_union", "refinancing", "foreign_investment"
NEVER = ("technology",)
"""Channels without a model: machines and skills, whose spread no data of the region give by partner."""
CHANNELS = (
    *ORDER, TRANSIT_INCOME, CUSTOMS_UNION, ENERGY, CAPITAL, REFINANCING, FOREIGN_INVESTMENT, *NEVER,
)  # fmt: skip
"""Channels of loss in the order of tables."""
NEEDS_SECTORS = ("services", "rents", CUSTOMS_UNION, REMITTANCES, AID)
"""Channels that trade in one sector has not."""
ZERO_REMITTANCES = "remittances_musd"


def is_measured(study: WithdrawalStudy, home: str, partner: str, channel: str) -> bool:
    """Return whether the region has the data of a channel for a home country and a partner.

    A transfer without a row is not zero but unknown, unless the partner has no economy, or table ``macro``
    says that the home country receives none.
    """
    case = study.baseline
    if channel in NEVER:
        return False
    has_sectors = composition_of(case, study.settings.study.composition) != "one_sector"
    if channel in NEEDS_SECTORS and not has_sectors:
        return False
    if channel in (REMITTANCES, AID):
        return _has_transfer(study, home, partner, channel)
    if channel == CUSTOMS_UNION:
        return _has_tariffs(case, home, partner)
    if channel == REFINANCING:
        return _is_exposed(case, home, partner, DEBT)
    if channel == FOREIGN_INVESTMENT:
        return _has_investment(case, home, partner)
    if channel == TRANSIT_INCOME:
        return len(case.table("transit_costs")) > 0
    return study.has_power if channel == ENERGY else True


def _has_transfer(study: WithdrawalStudy, home: str, partner: str, kind: str) -> bool:
    case = study.baseline
    members = set(members_of(case, (partner,))) & set(case.table("economies")["iso3"])
    if not members or (kind == REMITTANCES and _receives_none(case, home)):
        return True
    rows = case.table("income_transfers")
    own = (rows["kind"] == kind) & (rows["receiver"] == home) & rows["payer"].isin(members)
    return bool(own.any())


def _has_tariffs(case: Case, home: str, partner: str) -> bool:
    """Return whether the tariffs of a home country without its customs union are known.

    A country in no union has no loss of its own; a table without unions says nothing.
    """
    if case.table(TABLE).empty:
        return False
    members = members_of(case, (partner,))
    ended = ended_unions(case, members, (home,))
    if home in ended:
        return not math.isnan(float(ended[home][NATIONAL["value"]]))
    return not is_minority(case, members, home)


def _has_investment(case: Case, home: str, partner: str) -> bool:
    """Return whether investment by a partner is known, and what capital produces; banks do not invest."""
    technology = Technology.of(case, home)
    if math.isnan(technology.share + technology.output_ratio + technology.depreciation + technology.tax):
        return False
    economies = set(case.table("economies")["iso3"]) & set(members_of(case, (partner,)))
    return not economies or _is_exposed(case, home, partner, STOCK)


def _is_exposed(case: Case, home: str, partner: str, channel: str) -> bool:
    """Return whether ``partner_exposure`` has a row of a channel for the partner."""
    rows = case.table("partner_exposure")
    own = (rows["iso3"] == home) & (rows["channel"] == channel)
    known = rows["value_musd"].notna() | (rows["share_pct"].notna() & (channel == DEBT))
    return bool((own & known & rows["partner"].isin(members_of(case, (partner,)))).any())


def _receives_none(case: Case, home: str) -> bool:
    macro = case.table("macro")
    own = macro[(macro["iso3"] == home) & (macro["item"] == ZERO_REMITTANCES)]
    return len(own) > 0 and float(own["value"].max()) == 0.0
