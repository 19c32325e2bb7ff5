"""Tables of losses of a withdrawal study: channels, ranges, shares of partners, interactions, headline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from sogdia.codes import MEASURED, NOT_MEASURED
from sogdia.dependence.coalitions import WithdrawalResults
from sogdia.dependence.coverage import (
    CAPITAL,
    CHANNELS,
    CUSTOMS_UNION,
    ENERGY,
    FOREIGN_INVESTMENT,
    REFINANCING,
    TRANSIT_INCOME,
    is_measured,
)
from sogdia.dependence.games import interactions, pivotality, sampled_shapley, shapley
from sogdia.dependence.horizons import HorizonName
from sogdia.dependence.study import case_name
from sogdia.dependence.tables import CHANNELS as CHANNELS_TABLE
from sogdia.dependence.tables import HEADLINE, PAIRS, RANGES, SHARES
from sogdia.dependence.trade_channels import ORDER

Floats = npt.NDArray[np.float64]
RESIDUAL, JOINT, TRADE = "residual", "joint", "trade"


def gdp_of(runs: WithdrawalResults) -> dict[str, float]:
    """Return the GDP of each economy in the year, USD million."""
    table = runs.study.case.table("economies").set_index("iso3")["gdp_musd"].astype(float)
    return {str(code): float(value) for code, value in table.items()}


def _solo(runs: WithdrawalResults) -> pd.DataFrame:
    alone = runs.losses[runs.losses["size"] == 1]
    return alone.rename(columns={"partners": "partner"})


def channels_table(runs: WithdrawalResults) -> pd.DataFrame:
    """Return table :data:`sogdia.dependence.tables.CHANNELS`; empty if losses are not split.

    The residual is the joint loss less the sum of the channels.
    """
    study, gdp = runs.study, gdp_of(runs)
    if not (study.settings.channels and study.is_withdrawal):
        return CHANNELS_TABLE.frame([])
    gains = {horizon: _gains(runs, horizon) for horizon in study.horizons}
    rows = []

    @cache
    def measures(home: str, partner: str, channel: str) -> bool:
        return is_measured(study, home, partner, channel)

    for row in _solo(runs).to_dict("records"):
        home, partner, horizon = str(row["home"]), str(row["partner"]), str(row["horizon"])
        gain = gains[row["horizon"]]
        name = case_name((partner,))
        steps = [gain[case_name(()), "", home], *(gain[name, channel, home] for channel in ORDER)]
        parts, joint = channel_losses(steps, row), float(row["loss_musd"])
        for channel in CHANNELS:
            measured = measures(home, partner, channel)
            loss = parts.get(channel, float("nan")) if measured else float("nan")
            status = MEASURED if measured else NOT_MEASURED
            rows.append((horizon, home, partner, channel, loss, 100.0 * loss / gdp[home], status))
        for channel, loss in ((RESIDUAL, joint - sum(parts.values())), (JOINT, joint)):
            rows.append((horizon, home, partner, channel, loss, 100.0 * loss / gdp[home], MEASURED))
    return CHANNELS_TABLE.frame(rows)


def channel_losses(steps: Sequence[float], row: Mapping[Any, Any]) -> dict[str, float]:
    """Return the loss by channel of a single partner, USD million.

    A lost fuel is in the channel of trade and, as far as plants burn it, in that of energy: the first is
    without what the second counts.

    Args:
        steps: Gain without the withdrawal, then with the changes up to each channel of ``ORDER``.
        row: Row of :data:`sogdia.dependence.tables.LOSSES`.
    """
    parts = {channel: steps[n] - steps[n + 1] for n, channel in enumerate(ORDER)}
    parts[TRADE] -= float(row["fuel_twice_musd"])
    parts[TRANSIT_INCOME] = float(row["transit_income_musd"])
    for channel in (ENERGY, CAPITAL, CUSTOMS_UNION, REFINANCING, FOREIGN_INVESTMENT):
        parts[channel] = float(row[f"{channel}_musd"])
    return parts


def _gains(runs: WithdrawalResults, horizon: HorizonName) -> dict[tuple[str, str, str], float]:
    """Return the gain by case, channel (empty for no withdrawal) and home country."""
    tables = runs.trade[horizon]
    trade = tables["trade"][tables["trade"]["case"] == case_name(())].assign(channel="")
    every = pd.concat([trade, tables["channels"].rename(columns={"partner": "case"})])
    keys = every[["case", "channel", "home"]].itertuples(index=False, name=None)
    return dict(zip(keys, every["gain_musd"].astype(float), strict=True))


_ENDS = (
    ("transit income low", "transit_income_musd", "transit_income_low_musd"),
    ("transit income high", "transit_income_musd", "transit_income_high_musd"),
    ("foreign investment low", "foreign_investment_musd", "foreign_investment_low_musd"),
    ("foreign investment high", "foreign_investment_musd", "foreign_investment_high_musd"),
    ("national tariffs low", "customs_union_musd", "customs_union_low_musd"),
    ("national tariffs high", "customs_union_musd", "customs_union_high_musd"),
    ("national tariffs with terms of trade", "customs_union_musd", "customs_union_rerun_musd"),
    ("standing debt recalled", "refinancing_musd", "refinancing_recalled_musd"),
)
"""Assumptions that change one part of the loss, the part, and the column that replaces it."""


def ranges_table(runs: WithdrawalResults) -> pd.DataFrame:
    """Return table :data:`sogdia.dependence.tables.RANGES`: the loss with one assumption changed."""
    gdp, rows = gdp_of(runs), []
    partners = {case_name((partner,)): partner for partner in runs.study.partners}
    solo = {
        (str(row["horizon"]), str(row["home"]), str(row["partner"])): row
        for row in _solo(runs).to_dict("records")
    }
    for name in runs.study.horizons:
        horizon = str(name)
        for row in runs.trade[name]["ranges"].to_dict("records"):
            home, partner = str(row["home"]), partners[str(row["partner"])]
            own = solo[horizon, home, partner]
            counted = float(own["goods_musd"]) + float(own["fuel_twice_musd"])
            loss = float(own["loss_musd"]) - counted + float(row["loss_musd"])
            rows.append((horizon, home, partner, row["assumption"], loss, 100.0 * loss / gdp[home]))
    if rows:
        for (horizon, home, partner), own in solo.items():
            for assumption, part, column in _ENDS:
                loss = float(own["loss_musd"]) - float(own[part]) + float(own[column])
                rows.append((horizon, home, partner, assumption, loss, 100.0 * loss / gdp[home]))
    return RANGES.frame(rows)


def headline_table(runs: WithdrawalResults, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return table :data:`sogdia.dependence.tables.HEADLINE`."""
    gdp, rows, names = gdp_of(runs), [], runs.study.case.table("economies").set_index("iso3")["name"]
    grouped = ranges.groupby(["horizon", "home", "partner"])["loss_pct"]
    span = {key: (float(own.min()), float(own.max())) for key, own in grouped}
    for horizon in runs.study.horizons:
        for home in runs.study.case.region.home:
            own = runs.losses[(runs.losses["home"] == home) & (runs.losses["horizon"] == horizon)]
            alone = {
                str(row["partners"]): float(row["loss_pct"])
                for row in own[own["size"] == 1].to_dict("records")
            }
            worst = max(alone, key=lambda name: alone[name])
            ends = {name: _ends(span.get((horizon, home, name)), loss) for name, loss in alone.items()}
            low, high = ends[worst]
            rivals = [name for name in alone if name != worst and ends[name][1] >= low]
            everyone = max(own.to_dict("records"), key=lambda row: int(row["size"]))
            rows.append(
                (
                    horizon, home, str(names[home]), worst, alone[worst], low, high, ";".join(rivals),
                    float(everyone["loss_pct"]), gdp[home],
                )
            )  # fmt: skip
    return HEADLINE.frame(rows)


def _ends(span: tuple[float, float] | None, loss: float) -> tuple[float, float]:
    return (np.nan, np.nan) if span is None else (min(span[0], loss), max(span[1], loss))


def _game(runs: WithdrawalResults, horizon: HorizonName, column: str) -> Floats:
    """Return the game v: rows by coalition that was run, columns by home country."""
    own = runs.losses[runs.losses["horizon"] == horizon]
    wide = own.pivot(index="coalition", columns="home", values=column)
    return wide[list(runs.study.case.region.home)].to_numpy(dtype=np.float64)


def _is_complete(runs: WithdrawalResults) -> bool:
    return len(runs.study.coalitions) == 1 << len(runs.study.partners)


def shares_table(runs: WithdrawalResults) -> pd.DataFrame:
    """Return table :data:`sogdia.dependence.tables.SHARES`."""
    parts = [_shares(runs, horizon) for horizon in runs.study.horizons]
    return SHARES.frame(pd.concat(parts, ignore_index=True))


def _shares(runs: WithdrawalResults, horizon: HorizonName) -> pd.DataFrame:
    study = runs.study
    homes, n = study.case.region.home, len(study.partners)
    names = study.case.table("partners")["name"]
    tables = {column: _game(runs, horizon, column) for column in ("loss_musd", "loss_pct")}
    place = {mask: row for row, mask in enumerate(sorted(study.coalitions))}
    missing = np.full((n, len(homes)), np.nan)
    values = dict.fromkeys(("shapley_musd", "shapley_pct", "standard_error_pct", "pivotality"), missing)
    pct = tables["loss_pct"]
    if _is_complete(runs):
        values["shapley_musd"], values["shapley_pct"] = shapley(tables["loss_musd"]), shapley(pct)
        values["standard_error_pct"] = np.zeros_like(missing)
        values["pivotality"] = pivotality(pct, study.settings.tolerance_pct)
    elif study.orders is not None:
        money, part = (
            sampled_shapley({mask: table[row] for mask, row in place.items()}.__getitem__, study.orders)
            for table in tables.values()
        )
        values["shapley_musd"], values["shapley_pct"] = money.values, part.values
        values["standard_error_pct"] = part.standard_errors
    everyone = (1 << n) - 1
    values["solo_pct"] = np.array([pct[place[1 << p]] for p in range(n)])
    known = [everyone - (1 << p) in place for p in range(n)]
    values["last_in_pct"] = np.array(
        [pct[place[everyone]] - pct[place[everyone - (1 << p)]] if known[p] else missing[p] for p in range(n)]
    )
    rows = [
        {
            "horizon": horizon, "home": home, "partner": partner, "name": str(names[partner]),
            **{k: float(v[p, h]) for k, v in values.items()},
        }
        for h, home in enumerate(homes)
        for p, partner in enumerate(study.partners)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def pairs_table(runs: WithdrawalResults) -> pd.DataFrame:
    """Return table :data:`sogdia.dependence.tables.PAIRS`."""
    study, n = runs.study, len(runs.study.partners)
    if not _is_complete(runs) or n < 2:
        return PAIRS.frame([])
    rows = []
    for horizon in study.horizons:
        table = interactions(_game(runs, horizon, "loss_pct"))
        rows += [
            (horizon, home, study.partners[p], study.partners[q], float(table[p, q, h]))
            for h, home in enumerate(study.case.region.home)
            for p in range(n)
            for q in range(p + 1, n)
        ]
    return PAIRS.frame(rows)
