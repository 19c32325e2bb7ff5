"""Whom we depend on: exposure, what leaving partners would cost, and how that is shared, before and after."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import matrix, stacked
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs, Dependence
from sogdia.report.parts import Column, Section, Table
from sogdia.report.style import Picture
from sogdia.report.wording import capital, counted, listed, number
from sogdia.tables import cell

CHANNELS = {"trade": "trade", "transit": "transit", "energy": "power and fuel", "capital": "debt"}
WAYS = {
    "goods_musd": "goods it can no longer buy, sell or carry",
    "energy_musd": "power and fuel",
    "capital_musd": "money to be borrowed elsewhere",
}
"""Parts of a loss in words."""
MOVED_PCT = 0.05
"""Change of a loss, per cent of GDP, below which it is told as the same."""
NOTHING_PCT = 0.005
"""Loss, per cent of GDP, below which a partner is told as one whose leaving costs nothing."""
T_PER_MT = 1e6
MOST_LOSSES = 12


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    found = inputs.dependence
    if found is None:
        return Section("dependence", "Whom we depend on", {"studied": False})
    solo = _solo(inputs, found)
    words: dict[str, Any] = {
        "studied": True,
        "partners": ", ".join(found.after.partners.values()),
        "harmless": _harmless(solo),
        "together": _together(inputs, figures, found),
        "homes": _homes(inputs, figures, solo),
        "worse": _moved(solo, more=True),
        "better": _moved(solo, more=False),
        "remarks": [f"{capital(inputs.plain(line))}." for line in found.after.remarks],
    }
    tables = {
        "losses": _losses(solo, found),
        "exposure": _exposure(inputs, found),
        "shapley": _shapley(inputs, found),
        "beside": _beside(inputs, found),
    }
    pictures = {
        "exposure": _exposure_picture(inputs, found),
        "losses": _losses_picture(solo, found),
        "shapley": _shapley_picture(inputs, found),
    }
    kept = {name: table for name, table in tables.items() if len(table.frame)}
    return Section("dependence", "Whom we depend on", words, kept, pictures)


def _runs(inputs: BriefInputs) -> tuple[str, ...]:
    return tuple(
        f"{plan.name}/{inputs.calm.name}/{inputs.year}: each partner gone"
        for plan in (inputs.against, inputs.plan)
    )


def _harmless(solo: pd.DataFrame) -> str:
    """Partners whose leaving costs no country anything that can be told."""
    most = solo.groupby("name", sort=False)["loss_pct_after"].max()
    return listed(most.index[most < NOTHING_PCT].tolist()) if (most < NOTHING_PCT).any() else ""


def _solo(inputs: BriefInputs, found: Dependence) -> pd.DataFrame:
    """Loss when one partner leaves, before and after, by home told of and partner."""
    keys, values = ["home", "partner"], ["loss_pct", "loss_musd"]
    before = found.before.solo()[[*keys, *values]]
    after = found.after.solo()[[*keys, *values, *WAYS]]
    table = after.merge(before, on=keys, suffixes=("_after", "_before"))
    table = table[table["home"].isin(inputs.homes)].copy()
    table["country"] = inputs.named(table["home"].tolist())
    table["name"] = table["partner"].map(dict(found.after.partners))
    table["change_pct"] = table["loss_pct_after"] - table["loss_pct_before"]
    table["change_musd"] = table["loss_musd_after"] - table["loss_musd_before"]
    return table.reset_index(drop=True)


def _homes(inputs: BriefInputs, figures: Figures, solo: pd.DataFrame) -> list[dict[str, str | bool]]:
    """The partner whose leaving costs each home most, with and without the plan."""
    told: list[dict[str, str | bool]] = []
    for home in inputs.homes:
        own = solo[solo["home"] == home].sort_values("loss_pct_after", ascending=False).to_dict("records")
        if not own:
            continue
        worst = own[0]
        rows = (f"economies/{home}", f"partners/{worst['partner']}")
        origin = Origin("loss of home GDP a year when that partner alone leaves", _runs(inputs), rows)
        texts = set()
        for when in ("before", "after"):
            figure = figures.add(f"worst_{home}_{when}", float(worst[f"loss_pct_{when}"]), "% of GDP", origin)
            texts.add(figure.text)
        figures.add(f"worst_{home}_musd", float(worst["loss_musd_after"]), "USD million", origin)
        told.append(
            {
                "home": home, "country": str(worst["country"]), "partner": str(worst["name"]),
                "way": _way(worst), "same": len(texts) == 1,
            }
        )  # fmt: skip
    return told


def _way(loss: Mapping[Hashable, Any]) -> str:
    """What most of a loss comes by, in words; empty where no part is more than half of it."""
    part = max(WAYS, key=lambda name: float(loss[name]))
    return WAYS[part] if float(loss[part]) > 0.5 * float(loss["loss_musd_after"]) > 0.0 else ""


def _together(inputs: BriefInputs, figures: Figures, found: Dependence) -> dict[str, Any]:
    """The country that would lose most if all partners left at once, with and without the plan."""
    tables = [result.headline.set_index("home") for result in (found.before, found.after)]
    home = str(tables[1]["all_pct"].reindex(list(inputs.homes)).idxmax())
    origin = Origin(
        "loss of home GDP a year when all the partners leave", _runs(inputs), (f"economies/{home}",)
    )
    for when, table in zip(("before", "after"), tables, strict=True):
        figures.add(f"all_{when}", float(cell(table, home, "all_pct")), "% of GDP", origin)
    return {"country": inputs.names[home], "many": len(found.after.partners) > 1}


def _moved(solo: pd.DataFrame, *, more: bool) -> str:
    """Pairs of home and partner whose loss rises (or falls) by the plan, the largest change first."""
    sign = 1.0 if more else -1.0
    table = solo[sign * solo["change_pct"] > MOVED_PCT]
    table = table.reindex(table["change_pct"].abs().sort_values(ascending=False).index)
    return listed([f"{row['country']} on {row['name']}" for row in table.head(5).to_dict("records")])


def _losses(solo: pd.DataFrame, found: Dependence) -> Table:
    columns = (
        Column("country", "Country"),
        Column("name", "If it leaves"),
        Column("loss_pct_before", "Loss, without", "% of GDP", "number", 2),
        Column("loss_pct_after", "with the plan", "% of GDP", "number", 2),
        Column("change_pct", "change", "points", "change", 2),
        Column("loss_musd_before", "Loss, without", "USD million a year", "number", 0),
        Column("loss_musd_after", "with the plan", "USD million a year", "number", 0),
    )
    rows = tuple(f"partners/{partner}" for partner in found.after.partners)
    origin = Origin("freight, trade, power and money run again with each partner gone", (), rows)
    note = (
        "The largest losses first. Losses are annual, of GDP of the year, with the plan held fixed; a "
        "loss below zero is a gain, and a change below zero means that the plan makes the country depend "
        "less."
    )
    table = solo.sort_values("loss_pct_after", ascending=False, kind="stable", ignore_index=True)
    return Table(
        "losses", "What it would cost if a partner left", columns, table, origin, note, most=MOST_LOSSES
    )


def _exposure(inputs: BriefInputs, found: Dependence) -> Table:
    keys = ["home", "channel", "partner"]
    sums = [_shares(result.exposure, list(found.after.partners)) for result in (found.before, found.after)]
    table = sums[1].merge(sums[0], on=keys, how="outer", suffixes=("_after", "_before")).fillna(0.0)
    table = table[table["home"].isin(inputs.homes)].copy()
    table["country"], table["what"] = inputs.named(table["home"].tolist()), table["channel"].map(CHANNELS)
    table["name"] = table["partner"].map(dict(found.after.partners))
    table["change"] = table["share_pct_after"] - table["share_pct_before"]
    columns = (
        Column("country", "Country"),
        Column("what", "Channel"),
        Column("name", "Partner"),
        Column("share_pct_before", "Share, without", "%", "number", 1),
        Column("share_pct_after", "with the plan", "%", "number", 1),
        Column("change", "change", "points", "change", 1),
    )
    rows = tuple(f"partners/{partner}" for partner in found.after.partners)
    origin = Origin("shares of each home's trade, transit, power and debt", _runs(inputs), rows)
    note = (
        "Trade: value sold and bought. Transit: tonnes of own trade through its territory. Power and fuel: "
        "power made of its fuel or bought from it. Debt: present value of what is owed to it; where a "
        "country's debt by lender is not known, the plan's new loans alone."
    )
    table = table.sort_values(["home", "channel", "share_pct_after"], ascending=[True, True, False])
    return Table("exposure", "Shares of partners", columns, table, origin, note, most=0)


def _shares(exposure: pd.DataFrame, partners: list[str]) -> pd.DataFrame:
    rows = exposure[exposure["partner"].isin(partners) & exposure["measure"].eq("all")]
    return rows.groupby(["home", "channel", "partner"], as_index=False)[["share_pct"]].sum()


def _exposure_picture(inputs: BriefInputs, found: Dependence) -> Picture:
    tables = [
        _shares(result.exposure, list(found.after.partners)).set_index(["home", "channel", "partner"])[
            "share_pct"
        ]
        for result in (found.before, found.after)
    ]
    names, values, changes = [], [], []
    indebted = set(found.after.money["stock"]["home"].astype(str))
    for channel, words in CHANNELS.items():
        for home in inputs.homes:
            keys = [(home, channel, partner) for partner in found.after.partners]
            after, before = ([float(table.get(key, 0.0)) for key in keys] for table in tables[::-1])
            known = channel != "capital" or home in indebted
            names.append(f"{inputs.names[home]}, {words}")
            values.append(after if known else [float("nan")] * len(keys))
            changes.append([b - a for a, b in zip(before, after, strict=True)] if known else values[-1])
    most = np.array(values)
    row, column = np.unravel_index(int(np.nanargmax(most)), most.shape)
    partners = list(found.after.partners.values())
    return matrix(
        names, partners, most, "per cent of the channel", name="exposure",
        alt=f"Shares of {counted(len(partners), 'partner')} in trade, transit, power and debt of each "
        f"country with the plan; the largest is {partners[column]} in {names[row]}, "
        f"{number(float(most[row, column]))} per cent.",
        caption="Share of each partner with the plan; the small figure is the change by the plan, in points. "
        "A dash: the country's debt by lender is not known.",
        changes=np.array(changes),
    )  # fmt: skip


def _losses_picture(solo: pd.DataFrame, found: Dependence) -> Picture:
    wide = solo.pivot(index="country", columns="partner", values="loss_pct_after")
    moved = solo.pivot(index="country", columns="partner", values="change_pct")
    countries, partners = solo["country"].drop_duplicates().tolist(), list(found.after.partners)
    first = solo.sort_values("loss_pct_after", ascending=False).head(3).to_dict("records")
    told = "; ".join(
        f"{row['country']} without {row['name']} {number(row['loss_pct_after'])}" for row in first
    )
    return matrix(
        countries, list(found.after.partners.values()),
        wide.loc[countries, partners].to_numpy(dtype=np.float64), "per cent of GDP a year", name="withdrawal",
        alt=f"Loss of GDP when one partner leaves, with the plan; the largest: {told} per cent.",
        caption="Loss when that partner alone leaves, with the plan; the small figure is the change by "
        "the plan, in points.",
        changes=moved.loc[countries, partners].to_numpy(dtype=np.float64),
    )  # fmt: skip


def _shapley(inputs: BriefInputs, found: Dependence) -> Table:
    table = found.after.shares
    table = table[table["home"].isin(inputs.homes) & table["shapley_pct"].notna()].copy()
    table["country"] = inputs.named(table["home"].tolist())
    columns = (
        Column("country", "Country"),
        Column("name", "Partner"),
        Column("solo_pct", "Leaves alone", "% of GDP", "number", 2),
        Column("shapley_pct", "Share of the whole", "% of GDP", "number", 2),
        Column("last_in_pct", "Leaves last", "% of GDP", "number", 2),
        Column("pivotality", "Pivotal", "share of coalitions", "number", 2),
    )
    origin = Origin(
        "every coalition of the partners run; Shapley values sum to the loss when all leave",
        _runs(inputs)[1:],
    )
    note = (
        "Leaves alone: nobody else has gone. Leaves last: all others have. The share of the whole "
        "(Shapley) is the "
        "mean over all orders. Pivotal: part of the coalitions in which it alone tips the loss over "
        "the tolerance."
    )
    return Table("shapley", "How the loss is shared when several leave", columns, table, origin, note, most=0)


def _shapley_picture(inputs: BriefInputs, found: Dependence) -> Picture:
    table = found.after.shares[found.after.shares["home"].isin(inputs.homes)]
    wide = table.pivot(index="home", columns="partner", values="shapley_pct").fillna(0.0)
    parts = [
        (name, [float(wide[partner][home]) for home in inputs.homes])
        for partner, name in found.after.partners.items()
    ]
    told = "; ".join(
        f"{inputs.names[home]} {number(sum(values[n] for _, values in parts))}"
        for n, home in enumerate(inputs.homes)
    )
    return stacked(
        inputs.named(inputs.homes), parts, "per cent of GDP a year", name="shapley",
        alt=f"Loss when all partners leave, shared among them by Shapley values, per cent of GDP: {told}.",
        caption="Loss when all the partners leave at once, shared among them (Shapley values), with "
        "the plan.",
    )  # fmt: skip


def _beside(inputs: BriefInputs, found: Dependence) -> Table:
    """Physical figures of the worst partner of each home."""
    solo = found.after.solo()
    solo = solo[solo["home"].isin(inputs.homes)].sort_values("loss_pct", ascending=False)
    table = solo.drop_duplicates("home").copy()
    table["country"] = inputs.named(table["home"].tolist())
    table["partner_name"] = table["partner"].map(dict(found.after.partners))
    table["undelivered"] = table["undelivered_t"] / T_PER_MT
    columns = (
        Column("country", "Country"),
        Column("partner_name", "Worst partner"),
        Column("undelivered", "Goods without a way", "million t a year", "number", 2),
        Column("days_longer", "Goods travel longer", "days", "change", 1),
        Column("unserved_gwh", "Demand for power not met, more", "GWh a year", "number", 0),
        Column("refinance_musd", "To borrow elsewhere", "USD million", "number", 0),
    )
    origin = Origin("the run in which that partner leaves less the run in which all stay", _runs(inputs)[1:])
    return Table("beside", "What money does not show: the worst partner gone", columns, table, origin)
