"""What a study of dependence says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from sogdia.dependence.sentences import sentences
from sogdia.dependence.settings import DependenceSettings
from sogdia.errors import InputError, UnknownNameError


@dataclass(frozen=True, eq=False)
class DependenceResult:
    """Whom each home depends on and what it would lose; losses are positive, a year, in the case's year.

    Attributes:
        region: Name of the region.
        plan: Name of the plan.
        scenario: Name of the scenario.
        year: Year looked at.
        homes: Name of each home by code.
        partners: Name of each partner by id, in order of rank.
        settings: What was asked for.
        losses: One row a coalition that was run and home: ``coalition`` (mask; partner n of ``partners`` is
            bit n), ``partners`` (ids, ``;`` between), ``size``, ``home``, ``name``, ``loss_musd``,
            ``loss_pct`` (of GDP), its parts ``goods_musd``, ``energy_musd``, ``capital_musd``,
            ``fuel_twice_musd`` (taken off energy), and beside money ``undelivered_t``, ``trade_lost_t``,
            ``days_longer``, ``unserved_gwh``, ``refinance_musd``.
        channels: Each partner alone: ``home``, ``partner``, ``channel`` (``trade``, ``transit``, ``energy``,
            ``capital``, ``residual``, ``joint``), ``loss_musd``, ``loss_pct``. Empty for levels of pressure.
        shares: ``home``, ``partner``, ``name``, ``shapley_musd``, ``shapley_pct``, ``standard_error_pct``,
            ``solo_pct``, ``last_in_pct``, ``pivotality``; without coalitions ``solo_pct`` alone is told.
        pairs: ``home``, ``partner``, ``other``, ``interaction_pct``: above 0 they stand in for each other.
        headline: ``home``, ``name``, ``worst_partner``, ``worst_pct`` (L*), ``all_pct``, ``gdp_musd``.
        exposure: Structure, see :func:`sogdia.dependence.exposure.exposure_of`.
        concentration: ``home``, ``channel``, ``measure``, ``hhi``, ``hhi_normalised``,
            ``effective_partners``, ``theil``, ``theil_between``, ``theil_within``, ``hirschman``, ``cr1``,
            ``largest``.
        eu: The Commission's indicators by home and commodity.
        rows: Rows of the region that each exposure stands on: ``home``, ``channel``, ``partner``, ``row``.
        money: Tables of the plan's money, by name (:mod:`sogdia.finance.plan_finance`).
        engine: Cases, runs made, taken from the store and saved by sharing, seconds.
        remarks: What a reader should know.
    """

    region: str
    plan: str
    scenario: str
    year: int
    homes: Mapping[str, str]
    partners: Mapping[str, str]
    settings: DependenceSettings
    losses: pd.DataFrame
    channels: pd.DataFrame
    shares: pd.DataFrame
    pairs: pd.DataFrame
    headline: pd.DataFrame
    exposure: pd.DataFrame
    concentration: pd.DataFrame
    eu: pd.DataFrame
    rows: pd.DataFrame
    money: Mapping[str, pd.DataFrame]
    engine: Mapping[str, float]
    remarks: tuple[str, ...]

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name; those of money start with ``money_``."""
        own = {
            "headline": self.headline,
            "shares": self.shares,
            "channels": self.channels,
            "losses": self.losses,
            "pairs": self.pairs,
            "exposure": self.exposure,
            "concentration": self.concentration,
            "eu": self.eu,
            "rows": self.rows,
        }
        return {**own, **{f"money_{name}": table for name, table in self.money.items()}}

    def solo(self) -> pd.DataFrame:
        """Rows of ``losses`` in which one partner leaves, with ``partner``."""
        alone = self.losses[self.losses["size"] == 1]
        return alone.assign(partner=alone["partners"]).reset_index(drop=True)

    def sentences(self, home: str) -> tuple[str, ...]:
        """The two or three sentences an analyst would write of a home.

        Raises:
            UnknownNameError: If it is no home of the region.
        """
        if home not in self.homes:
            raise UnknownNameError("economy of the region", home, self.homes)
        return sentences(
            home, self.homes[home], self.partners, self.headline, self.shares, self.channels, self.solo()
        )


def compare_dependence(after: DependenceResult, before: DependenceResult) -> pd.DataFrame:
    """What changed in dependence from one plan to another, by partner and channel.

    Returns:
        ``home``, ``partner``, ``what`` (``loss`` by channel and jointly, in per cent of GDP; ``shapley``,
        likewise; ``share`` by channel, in per cent of the channel), ``channel``, ``before_pct``,
        ``after_pct``, ``change_pct``.

    Raises:
        InputError: If the two are not of the same partners, homes and year.
    """
    if (after.homes, after.partners, after.year) != (before.homes, before.partners, before.year):
        raise InputError("two studies of dependence compare only with the same homes, partners and year")
    kinds = (("loss", "channels", "loss_pct"), ("shapley", "shares", "shapley_pct"))
    found = [
        _side_by_side(before.tables()[name].assign(what=what), after.tables()[name].assign(what=what), value)
        for what, name, value in kinds
    ]
    shares = _side_by_side(_all_shares(before), _all_shares(after), "share_pct")
    table = pd.concat([*found, shares], ignore_index=True)
    table["change_pct"] = table["after_pct"] - table["before_pct"]
    return table[["home", "partner", "what", "channel", "before_pct", "after_pct", "change_pct"]]


def _all_shares(result: DependenceResult) -> pd.DataFrame:
    rows = result.exposure
    rows = rows[rows["partner"].isin(list(result.partners)) & (rows["measure"] == "all")]
    return rows.assign(what="share")


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame, value: str) -> pd.DataFrame:
    """A value of both, 0 where one has no row."""
    keys = ["home", "partner", "what", "channel"]
    sides = []
    for table in (before, after):
        told = table if "channel" in table else table.assign(channel="joint")
        sides.append(told.groupby(keys)[value].sum())
    return pd.DataFrame({"before_pct": sides[0], "after_pct": sides[1]}).fillna(0.0).reset_index()
