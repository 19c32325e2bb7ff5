"""Build the section on dependence: exposure, losses from withdrawal, Shapley values, baseline and plan."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from sogdia.dependence.sentences import CHANNEL_WORDS, largest_channel, not_measured
from sogdia.dependence.tables import EXPOSURE, LOSSES, SHARES
from sogdia.report.charts import draw_matrix, draw_stacked_bars
from sogdia.report.declared_columns import Shown, compare
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs, Dependence
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.style import Picture
from sogdia.report.wording import capitalise, format_count, format_number, join_names
from sogdia.tables import cell

CHANNELS = {"trade": "trade", "transit": "transit", "energy": "electricity and fuel", "capital": "debt"}
LOSS_PARTS = {
    "goods_musd": "trade and transfers",
    "energy_musd": "electricity and fuel",
    "capital_musd": "more costly finance",
    "customs_union_musd": "the end of a customs union",
    "refinancing_musd": "loans that are no longer renewed",
    "foreign_investment_musd": "foreign investment that is not made",
}
"""Parts of a loss and their names."""
MATERIAL_PCT = 0.05
"""Difference of a loss, per cent of GDP, below which it is reported as unchanged."""
RESOLUTION_PCT = 0.005
"""Loss, per cent of GDP, below which no loss is reported."""
MAX_LOSSES, MAX_CHANNELS, MAX_PAIRS = 12, 50, 5
SHARE_KEYS = ["home", "channel", "partner"]
TITLE = "Dependence on partners"
LOSS_PCT = Shown(LOSSES.column("loss_pct"), decimals=2, has_effect=True)
LOSS_MUSD = Shown(LOSSES.column("loss_musd"), decimals=0)
SHARE = Shown(EXPOSURE.column("share_pct"), decimals=1, has_effect=True)
_IN_SAMPLES = (
    Column("loss_pct_low", "in samples, low", "% of GDP", "number", 2),
    Column("loss_pct_high", "in samples, high", "% of GDP", "number", 2),
)
PHYSICAL = (
    Shown(LOSSES.column("undelivered_t"), unit="Mt/a", decimals=2),
    Shown(LOSSES.column("days_longer"), decimals=1, kind="effect"),
    Shown(LOSSES.column("unserved_gwh"), decimals=0),
    Shown(LOSSES.column("refinance_musd"), decimals=0),
)


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    dependence = inputs.dependence
    if dependence is None:
        return Section("dependence", TITLE, {"is_assessed": False})
    early, dependence = (dependence.at(each) for each in (dependence.horizons[0], dependence.horizons[-1]))
    losses = _losses_of_single(inputs, dependence)
    context: dict[str, Any] = {
        "is_assessed": True,
        "partners": ", ".join(dependence.plan.partners.values()),
        "without_loss": _partners_without_loss(losses),
        "joint": _joint_loss(inputs, figures, dependence),
        "homes": _largest_losses(inputs, figures, losses, dependence, early),
        "missing": not_measured(dependence.plan.channels),
        "increases": _pairs_with_effect(losses, increase=True),
        "decreases": _pairs_with_effect(losses, increase=False),
        "remarks": [f"{capitalise(inputs.with_names(line))}." for line in dependence.plan.remarks],
    }
    tables = {
        "losses": _losses(losses, dependence),
        "channels": _channels(inputs, early, dependence),
        "exposure": _exposure(inputs, dependence),
        "shapley": _shapley(inputs, dependence),
        "physical": _physical(inputs, dependence),
    }
    pictures = {
        "exposure": _draw_exposure(inputs, dependence),
        "losses": _draw_losses(losses, dependence),
        "shapley": _draw_shapley(inputs, dependence),
    }
    return Section("dependence", TITLE, context, drop_empty(tables), pictures)


def _run_labels(inputs: BriefInputs) -> tuple[str, ...]:
    return tuple(
        f"{plan.name}/{inputs.reference.name}/{inputs.year}: each partner withdrawn" for plan in inputs.plans
    )


def _partners_without_loss(losses: pd.DataFrame) -> str:
    """Return the partners whose withdrawal costs no country a loss within the resolution of the models."""
    largest = losses.groupby("name", sort=False)["loss_pct_plan"].max()
    names = largest.index[largest < RESOLUTION_PCT].tolist()
    return join_names(names) if names else ""


def _losses_of_single(inputs: BriefInputs, dependence: Dependence) -> pd.DataFrame:
    """Return losses from the withdrawal of one partner by home and partner, baseline and plan."""
    baseline, plan = (
        result.solo().set_index(["home", "partner"]) for result in (dependence.baseline, dependence.plan)
    )
    table = compare(baseline, plan, (LOSS_PCT, LOSS_MUSD), list(LOSS_PARTS)).reset_index()
    table = table[table["home"].isin(inputs.homes)].copy()
    table["country"] = inputs.names_of(table["home"].tolist())
    table["name"] = table["partner"].map(dict(dependence.plan.partners))
    if dependence.intervals is not None:
        own = dependence.intervals[["home", "partner", *(column.key for column in _IN_SAMPLES)]]
        table = table.merge(own, on=["home", "partner"], how="left")
    return table.reset_index(drop=True)


def _largest_losses(
    inputs: BriefInputs, figures: Figures, losses: pd.DataFrame, late: Dependence, early: Dependence
) -> list[dict[str, str | bool]]:
    """Add the largest loss of each home from the withdrawal of one partner, with its range."""
    found: list[dict[str, str | bool]] = []
    heads = late.plan.headline.set_index("home").to_dict("index")
    first = early.plan.solo().set_index(["home", "partner"])["loss_pct"].to_dict()
    for home in inputs.homes:
        own = losses[losses["home"] == home].sort_values("loss_pct_plan", ascending=False)
        if own.empty:
            continue
        worst, head = own.to_dict("records")[0], heads[home]
        rows = (f"economies/{home}", f"partners/{worst['partner']}")
        origin = Origin(
            "yearly loss relative to GDP if that partner alone withdraws", _run_labels(inputs), rows
        )
        ends = {"before": worst["loss_pct_baseline"], "after": worst["loss_pct_plan"]}
        texts = {
            figures.add(f"worst_{home}_{name}", float(value), "% of GDP", origin).text
            for name, value in ends.items()
        }
        figures.add(f"worst_{home}_first", float(first[home, worst["partner"]]), "% of GDP", origin)
        figures.add(f"worst_{home}_musd", float(worst["loss_musd_plan"]), "USD million", origin)
        has_range = not np.isnan(float(head["worst_low_pct"]))
        if has_range:
            each = Origin("the same with one assumption changed at a time", _run_labels(inputs)[1:], rows)
            for name in ("low", "high"):
                figures.add(f"worst_{home}_{name}", float(head[f"worst_{name}_pct"]), "% of GDP", each)
        rivals = [late.plan.partners[key] for key in str(head["rivals"]).split(";") if key]
        found.append(
            {
                "home": home, "country": str(worst["country"]), "partner": str(worst["name"]),
                "main_part": _main_part(late.plan.channels, home, str(worst["partner"]), worst),
                "is_unchanged": len(texts) == 1, "has_range": has_range,
                "rivals": join_names(rivals) if rivals else "",
            }
        )  # fmt: skip
    return found


def _main_part(channels: pd.DataFrame, home: str, partner: str, loss: Mapping[Hashable, Any]) -> str:
    """Return the channel (the part, without channels) that is more than half of a loss; empty if none is."""
    largest = largest_channel(channels[channels["home"] == home], partner)
    if largest is not None:
        return largest[0] if largest[1] > 0.5 * float(loss["loss_pct_plan"]) else ""
    part = max(LOSS_PARTS, key=lambda name: float(loss[name]))
    return LOSS_PARTS[part] if float(loss[part]) > 0.5 * float(loss["loss_musd_plan"]) > 0.0 else ""


def _channels(inputs: BriefInputs, early: Dependence, late: Dependence) -> Table:
    """Return the loss by channel of the partner whose withdrawal costs each home most, at both horizons."""
    worst = late.plan.headline.set_index("home")["worst_partner"].to_dict()
    keys = ["home", "channel"]
    sides = []
    for result in (early.plan, late.plan):
        own = result.channels
        own = own[own["home"].isin(inputs.homes) & (own["partner"] == own["home"].map(worst))]
        sides.append(own.set_index(keys)["loss_pct"])
    table = pd.DataFrame({"early": sides[0], "late": sides[1]}).reset_index()
    table = table[table["channel"].isin(list(CHANNEL_WORDS))].dropna(subset=["early", "late"], how="all")
    sizes = table[["early", "late"]].abs().max(axis=1)
    order = pd.DataFrame({"home": table["home"].map(inputs.homes.index), "size": -sizes}, index=table.index)
    shown = order[sizes >= MATERIAL_PCT].sort_values(["home", "size"], kind="stable")
    table = table.loc[shown.index].reset_index(drop=True)
    table["country"] = inputs.names_of(table["home"].tolist())
    table["partner"] = table["home"].map(worst).map(dict(late.plan.partners))
    table["channel"] = table["channel"].map(CHANNEL_WORDS)
    first, last = (next(iter(each.plan.horizons.values())) for each in (early, late))
    columns = (
        Column("country", "Country"),
        Column("partner", "Withdrawn partner"),
        Column("channel", "Channel"),
        Column("early", capitalise(first), "% of GDP", kind="number", decimals=2),
        Column("late", capitalise(last), "% of GDP", kind="number", decimals=2),
    )
    origin = Origin("reruns of the trade model, the power system and finance", _run_labels(inputs)[1:])
    note = (
        "Channels are switched on one after the other. Those without data are left out, and are no zero; "
        f"so are those below {MATERIAL_PCT} per cent in both years."
    )
    return Table("channels", "Largest loss by channel", columns, table, origin, note, max_rows=MAX_CHANNELS)


def _joint_loss(inputs: BriefInputs, figures: Figures, dependence: Dependence) -> dict[str, Any]:
    """Add the largest loss of a country from the withdrawal of all partners together."""
    baseline, plan = (result.headline.set_index("home") for result in (dependence.baseline, dependence.plan))
    home = str(plan["all_pct"].reindex(list(inputs.homes)).idxmax())
    origin = Origin(
        "yearly loss relative to GDP if all partners withdraw", _run_labels(inputs), (f"economies/{home}",)
    )
    figures.add("all_before", float(cell(baseline, home, "all_pct")), "% of GDP", origin)
    figures.add("all_after", float(cell(plan, home, "all_pct")), "% of GDP", origin)
    return {"country": inputs.names[home], "has_several": len(dependence.plan.partners) > 1}


def _pairs_with_effect(losses: pd.DataFrame, *, increase: bool) -> str:
    """Return the pairs of home and partner whose loss the plan raises or lowers, the largest effect first."""
    sign = 1.0 if increase else -1.0
    table = losses[sign * losses["loss_pct_effect"] > MATERIAL_PCT]
    table = table.reindex(table["loss_pct_effect"].abs().sort_values(ascending=False).index)
    pairs = [f"{row['country']} on {row['name']}" for row in table.head(MAX_PAIRS).to_dict("records")]
    return join_names(pairs) if pairs else ""


def _losses(losses: pd.DataFrame, dependence: Dependence) -> Table:
    columns = (
        Column("country", "Country"),
        Column("name", "Withdrawn partner"),
        *LOSS_PCT.columns(),
        *(() if dependence.intervals is None else _IN_SAMPLES),
        *LOSS_MUSD.columns(),
    )
    rows = tuple(f"partners/{partner}" for partner in dependence.plan.partners)
    origin = Origin("freight, trade, electricity and finance computed with each partner withdrawn", (), rows)
    note = (
        "Largest losses first. Losses are yearly, relative to GDP of the year of analysis, with the plan "
        "held fixed. A negative loss is a gain. A negative effect means that the plan reduces dependence."
    )
    if dependence.intervals is not None:
        note += (
            " In samples: ends of the 80 % interval of the loss with the plan over "
            f"{int(dependence.intervals['count'].max())} samples of all uncertain figures, of the partners "
            "that some country depends on most."
        )
    table = losses.sort_values("loss_pct_plan", ascending=False, kind="stable", ignore_index=True)
    return Table(
        "losses", "Losses from the withdrawal of one partner", columns, table, origin, note,
        max_rows=MAX_LOSSES,
    )  # fmt: skip


def _exposure(inputs: BriefInputs, dependence: Dependence) -> Table:
    baseline, plan = (_shares(dependence, result) for result in ("baseline", "plan"))
    index = plan.index.union(baseline.index)
    baseline, plan = (table.reindex(index, fill_value=0.0) for table in (baseline, plan))
    table = compare(baseline, plan, (SHARE,)).reset_index()
    table = table[table["home"].isin(inputs.homes)].copy()
    table["country"] = inputs.names_of(table["home"].tolist())
    table["channel_name"] = table["channel"].map(CHANNELS)
    table["name"] = table["partner"].map(dict(dependence.plan.partners))
    columns = (
        Column("country", "Country"),
        Column("channel_name", "Channel"),
        Column("name", "Partner"),
        *SHARE.columns(),
    )
    rows = tuple(f"partners/{partner}" for partner in dependence.plan.partners)
    origin = Origin(
        "share of each partner in trade, transit, electricity and debt of each country",
        _run_labels(inputs), rows,
    )  # fmt: skip
    note = (
        "Trade: value of exports and imports. Transit: tonnes of the country's trade through the partner's "
        "territory. Electricity and fuel: electricity imported from the partner or generated with its fuel. "
        "Debt: present value owed to the partner; if a country's debt by creditor is not known, new loans of "
        "the plan only."
    )
    table = table.sort_values(["home", "channel", "share_pct_plan"], ascending=[True, True, False])
    return Table("exposure", "Shares of partners by channel", columns, table, origin, note, max_rows=0)


def _shares(dependence: Dependence, plan: str) -> pd.DataFrame:
    """Return the share of each partner by home and channel, all measures of a channel together."""
    result = dependence.baseline if plan == "baseline" else dependence.plan
    exposure = result.exposure
    rows = exposure[exposure["partner"].isin(list(dependence.plan.partners)) & exposure["measure"].eq("all")]
    return rows.groupby(SHARE_KEYS)[["share_pct"]].sum()


def _draw_exposure(inputs: BriefInputs, dependence: Dependence) -> Picture:
    baseline, plan = (_shares(dependence, name)["share_pct"] for name in ("baseline", "plan"))
    names, values, effects = [], [], []
    with_creditors = set(dependence.plan.money["stock"]["home"].astype(str))
    for channel, label in CHANNELS.items():
        for home in inputs.homes:
            keys = [(home, channel, partner) for partner in dependence.plan.partners]
            after, before = ([float(table.get(key, 0.0)) for key in keys] for table in (plan, baseline))
            is_known = channel != "capital" or home in with_creditors
            names.append(f"{inputs.names[home]}, {label}")
            values.append(after if is_known else [float("nan")] * len(keys))
            effects.append([b - a for a, b in zip(before, after, strict=True)] if is_known else values[-1])
    shares = np.array(values)
    row, column = np.unravel_index(int(np.nanargmax(shares)), shares.shape)
    partners = list(dependence.plan.partners.values())
    return draw_matrix(
        names, partners, shares, "per cent of the channel", name="exposure",
        alt=f"Shares of {format_count(len(partners), 'partner')} in trade, transit, electricity and debt of "
        f"each country with the plan. The largest is the share of {partners[column]} in {names[row]}: "
        f"{format_number(float(shares[row, column]))} per cent.",
        caption="Share of each partner with the plan; below it, the effect of the plan in percentage points. "
        "A dash means that the country's debt by creditor is not known.",
        effects=np.array(effects),
    )  # fmt: skip


def _draw_losses(losses: pd.DataFrame, dependence: Dependence) -> Picture:
    values = losses.pivot(index="country", columns="partner", values="loss_pct_plan")
    effects = losses.pivot(index="country", columns="partner", values="loss_pct_effect")
    countries, partners = losses["country"].drop_duplicates().tolist(), list(dependence.plan.partners)
    largest = losses.sort_values("loss_pct_plan", ascending=False).head(3).to_dict("records")
    listed = "; ".join(
        f"{row['country']} without {row['name']} {format_number(row['loss_pct_plan'])}" for row in largest
    )
    return draw_matrix(
        countries, list(dependence.plan.partners.values()),
        values.loc[countries, partners].to_numpy(dtype=np.float64), "per cent of GDP a year",
        name="withdrawal",
        alt=f"Loss from the withdrawal of one partner with the plan. The largest, per cent of GDP: {listed}.",
        caption="Loss if that partner alone withdraws, with the plan; below it, the effect of the plan in "
        "percentage points.",
        effects=effects.loc[countries, partners].to_numpy(dtype=np.float64),
    )  # fmt: skip


def _shapley(inputs: BriefInputs, dependence: Dependence) -> Table:
    table = dependence.plan.shares
    table = table[table["home"].isin(inputs.homes) & table["shapley_pct"].notna()].copy()
    table["country"] = inputs.names_of(table["home"].tolist())
    columns = (
        Column("country", "Country"),
        Column("name", "Partner"),
        *(
            Shown(SHARES.column(name), decimals=2).column()
            for name in ("solo_pct", "shapley_pct", "last_in_pct", "pivotality")
        ),
    )
    origin = Origin(
        "withdrawal of every coalition of partners; Shapley values sum to the loss if all withdraw",
        _run_labels(inputs)[1:],
    )
    note = (
        "Solo loss: all other partners remain. Last-in loss: all others have withdrawn. The Shapley value is "
        "the mean over all orders of withdrawal. Pivotality is the share of coalitions in which the partner "
        "alone raises the loss above the tolerance."
    )
    return Table("shapley", "Loss from joint withdrawal by partner", columns, table, origin, note, max_rows=0)


def _draw_shapley(inputs: BriefInputs, dependence: Dependence) -> Picture:
    table = dependence.plan.shares[dependence.plan.shares["home"].isin(inputs.homes)]
    values = table.pivot(index="home", columns="partner", values="shapley_pct").fillna(0.0)
    parts = [
        (name, [float(values[partner][home]) for home in inputs.homes])
        for partner, name in dependence.plan.partners.items()
    ]
    totals = "; ".join(
        f"{inputs.names[home]} {format_number(sum(part[n] for _, part in parts))}"
        for n, home in enumerate(inputs.homes)
    )
    return draw_stacked_bars(
        inputs.names_of(inputs.homes), parts, "per cent of GDP a year", name="shapley",
        alt=f"Loss if all partners withdraw, by partner (Shapley values), per cent of GDP: {totals}.",
        caption="Loss if all partners withdraw together, by partner (Shapley values), with the plan.",
    )  # fmt: skip


def _physical(inputs: BriefInputs, dependence: Dependence) -> Table:
    """Return physical effects of the withdrawal that costs each home most."""
    solo = dependence.plan.solo()
    solo = solo[solo["home"].isin(inputs.homes)].sort_values("loss_pct", ascending=False)
    table = solo.drop_duplicates("home").copy()
    table["country"] = inputs.names_of(table["home"].tolist())
    table["partner_name"] = table["partner"].map(dict(dependence.plan.partners))
    for shown in PHYSICAL:
        table[shown.name] = shown.converted(table[shown.name])
    columns = (
        Column("country", "Country"),
        Column("partner_name", "Withdrawn partner"),
        *(shown.column() for shown in PHYSICAL),
    )
    origin = Origin(
        "run with that partner withdrawn minus the run without withdrawal", _run_labels(inputs)[1:]
    )
    return Table(
        "physical", "Physical effects of the withdrawal with the largest loss", columns, table, origin
    )
