"""Results of a dependence study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from sogdia.dependence.sentences import sentences
from sogdia.dependence.settings import DependenceSettings
from sogdia.errors import InputError, UnknownNameError
from sogdia.tables.summary import ShortRepr


@dataclass(frozen=True, eq=False, repr=False)
class DependenceResult(ShortRepr):
    """Dependence of each home country on partners; losses are yearly and positive, in the case's year.

    Attributes:
        region: Name of the region.
        plan: Name of the plan.
        scenario: Name of the scenario.
        year: Year of the case.
        homes: Name of each home country by code.
        partners: Name of each partner by id, in order of rank.
        horizons: Words for each horizon by name, in order of time.
        settings: Settings of the study.
        losses: Loss of each coalition that was run (:data:`sogdia.dependence.tables.LOSSES`).
        channels: Loss of each partner alone by channel (:data:`sogdia.dependence.tables.CHANNELS`); empty for
            levels of pressure.
        ranges: The same with one assumption changed (:data:`sogdia.dependence.tables.RANGES`).
        shares: Shapley value, solo and last-in loss by partner (:data:`sogdia.dependence.tables.SHARES`);
            without coalitions the solo loss alone.
        pairs: Interaction of pairs of partners (:data:`sogdia.dependence.tables.PAIRS`).
        headline: Largest solo loss L* and joint loss (:data:`sogdia.dependence.tables.HEADLINE`).
        exposure: Structure (:data:`sogdia.dependence.tables.EXPOSURE`).
        concentration: Concentration of exposure (:data:`sogdia.dependence.tables.CONCENTRATION`).
        eu: The European Commission's indicators (:data:`sogdia.dependence.tables.EU`).
        rows: Rows of the region behind each exposure (:data:`sogdia.dependence.tables.ROWS`).
        money: Tables of the plan's finance, by name (:mod:`sogdia.finance.plan_finance`).
        engine: Number of cases, of runs, of cached runs and of runs saved by sharing; seconds.
        remarks: Notes for readers: what is not published, what was assumed.
    """

    region: str
    plan: str
    scenario: str
    year: int
    homes: Mapping[str, str]
    partners: Mapping[str, str]
    horizons: Mapping[str, str]
    settings: DependenceSettings
    losses: pd.DataFrame
    channels: pd.DataFrame
    ranges: pd.DataFrame
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
        """Return every table by name; those of finance start with ``money_``."""
        own = {
            "headline": self.headline,
            "shares": self.shares,
            "channels": self.channels,
            "ranges": self.ranges,
            "losses": self.losses,
            "pairs": self.pairs,
            "exposure": self.exposure,
            "concentration": self.concentration,
            "eu": self.eu,
            "rows": self.rows,
        }
        return {**own, **{f"money_{name}": table for name, table in self.money.items()}}

    def at(self, horizon: str) -> DependenceResult:
        """Return the result with the losses of one horizon alone.

        Raises:
            UnknownNameError: If the study does not have the horizon.
        """
        if horizon not in self.horizons:
            raise UnknownNameError("horizon", horizon, self.horizons)
        names = ("losses", "channels", "ranges", "shares", "pairs", "headline")
        tables = {name: getattr(self, name) for name in names}
        own: dict[str, Any] = {
            name: table[table["horizon"] == horizon].reset_index(drop=True) for name, table in tables.items()
        }
        return replace(self, horizons={horizon: self.horizons[horizon]}, **own)

    def solo(self) -> pd.DataFrame:
        """Return the rows of ``losses`` for the withdrawal of one partner, with ``partner``."""
        alone = self.losses[self.losses["size"] == 1]
        return alone.assign(partner=alone["partners"]).reset_index(drop=True)

    def sentences(self, home: str) -> tuple[str, ...]:
        """Write the sentences that state the main results for a home country.

        Raises:
            UnknownNameError: If it is not a home country of the region.
        """
        if home not in self.homes:
            raise UnknownNameError("economy of the region", home, self.homes)
        return sentences(
            home, self.homes[home], self.partners, self.horizons, self.headline, self.shares, self.channels,
            self.solo(),
        )  # fmt: skip


def compare_dependence(after: DependenceResult, before: DependenceResult) -> pd.DataFrame:
    """Compute the change of dependence from one plan to another, by partner and channel.

    Returns:
        ``horizon`` (empty for shares), ``home``, ``partner``, ``what`` (``loss`` by channel and jointly and
        ``shapley``, in per cent of GDP; ``share`` by channel, in per cent of the channel), ``channel``,
        ``before_pct``, ``after_pct``, ``change_pct``.

    Raises:
        InputError: If the studies differ in partners, home countries or year.
    """
    if _subject(after) != _subject(before):
        raise InputError(
            "dependence studies can be compared only for the same home countries, partners, horizons and year"
        )
    kinds = (("loss", "channels", "loss_pct"), ("shapley", "shares", "shapley_pct"))
    tables = [
        _side_by_side(before.tables()[name].assign(what=what), after.tables()[name].assign(what=what), value)
        for what, name, value in kinds
    ]
    shares = _side_by_side(_all_shares(before), _all_shares(after), "share_pct")
    table = pd.concat([*tables, shares], ignore_index=True)
    table["change_pct"] = table["after_pct"] - table["before_pct"]
    return table[["horizon", "home", "partner", "what", "channel", "before_pct", "after_pct", "change_pct"]]


def _subject(result: DependenceResult) -> tuple[object, ...]:
    return result.homes, result.partners, result.horizons, result.year


def _all_shares(result: DependenceResult) -> pd.DataFrame:
    rows = result.exposure
    rows = rows[rows["partner"].isin(list(result.partners)) & (rows["measure"] == "all")]
    return rows.assign(what="share", horizon="")


def _side_by_side(before: pd.DataFrame, after: pd.DataFrame, value: str) -> pd.DataFrame:
    """Align a value of two results, 0 for a missing row; rows that are not measured are left out."""
    keys = ["horizon", "home", "partner", "what", "channel"]
    sides = []
    for table in (before, after):
        by_channel = table if "channel" in table else table.assign(channel="joint")
        sides.append(by_channel[by_channel[value].notna()].groupby(keys)[value].sum())
    return pd.DataFrame({"before_pct": sides[0], "after_pct": sides[1]}).fillna(0.0).reset_index()
