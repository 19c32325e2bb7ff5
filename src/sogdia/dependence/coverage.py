"""Channels of loss for which the region has data."""

from __future__ import annotations

from sogdia.case import Case
from sogdia.dependence.engine_runs import has_power
from sogdia.dependence.study import WithdrawalStudy
from sogdia.dependence.trade_channels import AID, ORDER, REMITTANCES
from sogdia.dependence.withdrawal import members_of
from sogdia.trade.composition import composition_of

MEASURED, NOT_MEASURED = "measured", "not measured"
TRANSIT_INCOME, ENERGY, CAPITAL = "transit_income", "energy", "capital"
NEVER = ("customs_union", "foreign_investment", "technology")
"""Channels without a model: tariffs outside a customs union, income of investors, machines and skills."""
CHANNELS = (*ORDER, TRANSIT_INCOME, ENERGY, CAPITAL, *NEVER)
"""Channels of loss in the order of tables."""
NEEDS_SECTORS = ("services", "rents", REMITTANCES, AID)
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
    if channel == TRANSIT_INCOME:
        return len(case.table("transit_costs")) > 0
    return has_power(case) if channel == ENERGY else True


def _has_transfer(study: WithdrawalStudy, home: str, partner: str, kind: str) -> bool:
    case = study.baseline
    members = set(members_of(case, (partner,))) & set(case.table("economies")["iso3"])
    if not members or (kind == REMITTANCES and _receives_none(case, home)):
        return True
    rows = case.table("income_transfers")
    own = (rows["kind"] == kind) & (rows["receiver"] == home) & rows["payer"].isin(members)
    return bool(own.any())


def _receives_none(case: Case, home: str) -> bool:
    macro = case.table("macro")
    own = macro[(macro["iso3"] == home) & (macro["item"] == ZERO_REMITTANCES)]
    return len(own) > 0 and float(own["value"].max()) == 0.0
