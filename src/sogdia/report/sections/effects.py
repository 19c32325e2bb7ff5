"""Build the section on effects: freight and corridors, trade and real spending, electricity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.coupling.tables import FLOWS
from sogdia.freight.tables import CORRIDORS, JOURNEYS, STATIONS
from sogdia.report.charts import draw_bars
from sogdia.report.declared_columns import PLAN, Shown, compare
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.maps import build_base_map, draw_effects, draw_flows
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.sections.electricity import electricity_context, electricity_pictures, electricity_tables
from sogdia.report.sections.project_values import (
    add_project_values,
    draw_project_values,
    project_tables,
)
from sogdia.report.sections.samples import interval_columns, interval_note, with_intervals
from sogdia.report.sections.transit import transit_table
from sogdia.report.style import Picture
from sogdia.report.wording import MUSD_A, format_fixed, format_number, join_names
from sogdia.tables import cell
from sogdia.units import T_PER_MT

MAX_PLACES, MAX_PAIRS = 10, 10
MATERIAL_PCT, MATERIAL_MT = 0.005, 0.05
"""Effects below these, in per cent of GDP and million tonnes a year, are reported as not material."""
MIN_QUEUE_H = 0.5
STATION_KINDS = {"crossing": "border crossing", "transfer": "terminal"}
LINK_NOUNS = {"rail": "railway", "road": "road", "sea": "sea link", "ferry": "ferry"}


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    pictures = _maps(inputs)
    pictures["spending"] = _draw_spending(inputs)
    pictures |= electricity_pictures(inputs) | draw_project_values(inputs)
    tables = {
        "corridors": _corridors(inputs),
        "journeys": _journeys(inputs),
        "places": _places(inputs),
        "spending": _spending(inputs),
        "transit_income": transit_table(inputs),
        "pairs": _pairs(inputs),
        **electricity_tables(inputs),
        **project_tables(inputs),
    }
    context: dict[str, Any] = {
        **_freight(inputs, figures), **_gainers(inputs), **electricity_context(inputs, figures),
        "countries": inputs.countries, "is_single": len(inputs.homes) == 1,
        "projects": add_project_values(inputs, figures),
    }  # fmt: skip
    return Section(
        "effects", "Effects on freight, trade and electricity", context, drop_empty(tables), pictures
    )


def _region_links(inputs: BriefInputs) -> pd.DataFrame:
    """Return the links with an end in the region: ``link``, ``tonnes_baseline``, ``tonnes_plan``."""
    known, places = inputs.region.table("links"), inputs.region.table("places")
    own = set(places.index[places["iso3"].isin(inputs.region.home)])
    near = known.loc[known[["from", "to"]].isin(own).any(axis=1), "id"]
    baseline, plan = (table[["link", "tonnes"]] for table in inputs.tables("links"))
    both = plan.merge(baseline, on="link", how="outer", suffixes=("_plan", "_baseline")).fillna(0.0)
    return both[both["link"].isin(set(near))]


def _freight(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the region's busiest link and those with the largest increase and decrease."""
    both = _region_links(inputs)
    effect = (both["tonnes_plan"] - both["tonnes_baseline"]) / T_PER_MT
    origin = Origin(
        "tonnes in both directions on the links with an end in the region", inputs.run_labels("links")
    )
    tonnes = both["tonnes_plan"]
    increase, decrease = max(float(effect.max()), 0.0), min(float(effect.min()), 0.0)
    figures.add("link_busiest", float(tonnes.max()) / T_PER_MT, "Mt/a", origin)
    figures.add("link_more", increase, "Mt/a", origin)
    figures.add("link_less", -decrease, "Mt/a", origin)
    rows = {"busiest": tonnes.idxmax(), "more": effect.idxmax(), "less": effect.idxmin()}
    return {
        "has_increase": increase >= MATERIAL_MT,
        "has_decrease": -decrease >= MATERIAL_MT,
        "links": {name: _link_name(inputs, str(both.at[row, "link"])) for name, row in rows.items()},
    }


def _link_name(inputs: BriefInputs, link: str) -> str:
    """Return the mode of a link and the places at its ends."""
    links, names = inputs.region.table("links"), inputs.region.table("places")["name"].to_dict()
    mode, start, end = (str(links.at[link, column]) for column in ("mode", "from", "to"))
    return f"{LINK_NOUNS[mode]} from {names[start]} to {names[end]}"


def _gainers(inputs: BriefInputs) -> dict[str, Any]:
    """Return the countries that gain, that lose, and without a material effect."""
    own = inputs.effect()
    gain, lose = own["gdp_pct"] > MATERIAL_PCT, own["gdp_pct"] < -MATERIAL_PCT
    groups = {"gain": own[gain], "lose": own[lose], "neither": own[~gain & ~lose]}
    return {
        "groups": {name: join_names(group["name"].tolist()) for name, group in groups.items() if len(group)},
        "plural": [name for name, group in groups.items() if len(group) > 1],
    }


def _maps(inputs: BriefInputs) -> dict[str, Picture]:
    base = build_base_map(inputs.region)
    baseline, plan = (table[["link", "tonnes"]] for table in inputs.tables("links"))
    both = _region_links(inputs)
    busiest = float(both["tonnes_plan"].max()) / T_PER_MT
    flows = draw_flows(
        base,
        plan,
        "flows",
        f"Freight by link with the plan in {inputs.year}; line width is proportional to tonnes a year.",
        f"Map of freight with the plan in {inputs.year}. The busiest link of the region carries "
        f"{format_number(busiest)} million tonnes a year.",
    )
    effect = (both["tonnes_plan"] - both["tonnes_baseline"]) / T_PER_MT
    effects = draw_effects(
        base,
        baseline,
        plan,
        _project_points(inputs),
        name="effects",
        title=f"Effect of the plan on freight by link of the region in {inputs.year}, plan minus baseline. "
        "Squares mark projects by their number in the table of projects.",
        alt="Map of the effect of the plan on freight. The largest increase on a link of the region is "
        f"{format_number(max(effect.max(), 0.0))} million tonnes a year, the largest decrease "
        f"{format_number(max(-effect.min(), 0.0))} million tonnes a year.",
    )
    return {"flows": flows, "effects": effects}


def _project_points(inputs: BriefInputs) -> pd.DataFrame:
    """Return ``name``, ``lat``, ``lon`` of projects, at the plants and links that they open."""
    effects, plants = inputs.region.table("project_effects"), inputs.region.table("plants")
    links, places = inputs.region.table("links"), inputs.region.table("places")
    rows = []
    for number, choice in enumerate(inputs.plan.own, 1):
        changed = effects[effects["project"] == choice.project]
        points = []
        for table, key in zip(changed["table"], changed["row"].astype(str), strict=True):
            if table == "plants" and key in plants.index and pd.notna(cell(plants, key, "lat")):
                points.append((float(cell(plants, key, "lat")), float(cell(plants, key, "lon"))))
            elif table == "links" and key in links.index:
                ends = places.loc[[links.at[key, "from"], links.at[key, "to"]]]
                points.append((float(ends["lat"].mean()), float(ends["lon"].mean())))
        if points:
            rows.append((str(number), *points[len(points) // 2]))
    return pd.DataFrame(rows, columns=["name", "lat", "lon"])


def _corridors(inputs: BriefInputs) -> Table:
    baseline, plan = (table.set_index("corridor") for table in inputs.tables("corridors"))
    trade = Shown(CORRIDORS.column("home_t"), unit="Mt/a", decimals=2, has_effect=True)
    share = Shown(CORRIDORS.column("home_share_pct"), decimals=2)
    total = Shown(CORRIDORS.column("tonnes"), unit="Mt/a", decimals=1, label="All freight")
    frame = compare(baseline, plan, (trade, share, total), ["name"])
    frame = with_intervals(inputs, frame, "corridors", "home_t", 1.0 / T_PER_MT)
    ends = interval_columns(inputs, "home_t", "Mt/a", 2)
    columns = (Column("name", "Corridor"), *trade.columns(), *ends, share.column(PLAN), total.column(PLAN))
    rows = tuple(f"corridors/{code}" for code in frame.index)
    origin = Origin(
        "tonnes in both directions at the gates of each corridor", inputs.run_labels("corridors"), rows
    )
    note = (
        "The region's trade is the exports and imports of its countries. Trade within the region and with "
        "neighbours does not pass a gate of a corridor, so shares do not sum to 100 per cent. All freight "
        "includes the trade of other economies, also far from the region, for example at sea."
    ) + interval_note(inputs)
    return Table("corridors", "Freight by corridor", columns, frame, origin, note)


def _journeys(inputs: BriefInputs) -> Table:
    keys = ["from", "to", "corridor"]
    baseline, plan = (table.set_index(keys) for table in inputs.tables("journeys"))
    time = Shown(JOURNEYS.column("days"), decimals=0)
    cost = Shown(JOURNEYS.column("usd_per_teu"), decimals=-1)
    frame = compare(baseline, plan, (time, cost), ["name", "observed_days", "observed_usd"]).reset_index()
    is_new = frame["days_baseline"].isna()
    frame[["observed_days", "observed_usd"]] = frame[["observed_days", "observed_usd"]].mask(is_new, "")
    places = inputs.region.table("places")["name"]
    frame["pair"] = [
        f"{places[start]}–{places[end]}" for start, end in zip(frame["from"], frame["to"], strict=True)
    ]
    columns = (
        Column("pair", "Origin–destination"),
        Column("name", "Corridor"),
        *time.columns(),
        Column("observed_days", "observed", time.columns()[0].unit),
        *cost.columns(),
        Column("observed_usd", "observed", cost.columns()[0].unit),
    )
    origin = Origin(
        "one container from door to door, including queues of the year", inputs.run_labels("journeys")
    )
    note = (
        "A TEU is a twenty-foot container. Observed values are those of operators and statistics; some were "
        "used for calibration. A dash in the baseline means that the path does not exist without the plan."
    )
    return Table("journeys", "Container journeys", columns, frame, origin, note)


def _places(inputs: BriefInputs) -> Table:
    keys = ["place", "country", "kind", "mode"]
    baseline, plan = (table.set_index(keys)[["tonnes", "queue_h"]] for table in inputs.tables("stations"))
    index = plan.index.union(baseline.index)
    baseline, plan = (table.reindex(index).fillna({"tonnes": 0.0}) for table in (baseline, plan))
    freight = Shown(STATIONS.column("tonnes"), unit="Mt/a", decimals=2, has_effect=True)
    queue = Shown(STATIONS.column("queue_h"), decimals=0)
    frame = compare(baseline, plan, (freight, queue)).reset_index()
    frame = frame[frame["country"].isin(inputs.region.home) & frame["kind"].isin(list(STATION_KINDS))]
    order = frame["tonnes_effect"].abs().sort_values(ascending=False, kind="stable").index
    frame = frame.loc[order].head(MAX_PLACES).copy()
    frame["name"] = inputs.region.table("places")["name"].reindex(frame["place"]).to_numpy()
    frame["type"] = frame["kind"].map(STATION_KINDS) + ", " + frame["mode"].str.replace(">", " to ")
    columns = (Column("name", "Place"), Column("type", "Type"), *freight.columns())
    origin = Origin(
        "tonnes through border crossings and terminals of the region", inputs.run_labels("stations")
    )
    note = (
        "Freight also shifts between paths of nearly equal cost. Effects far from the projects can be of "
        "this kind."
    )
    queues = frame[["queue_h_baseline", "queue_h_plan"]].to_numpy(dtype=float)
    if float(np.nanmax(queues, initial=0.0)) >= MIN_QUEUE_H:
        columns += queue.columns()
    else:
        note += " At none of these places does the queue reach half an hour."
    return Table(
        "places", "Border crossings and terminals with the largest effect", columns, frame, origin, note
    )


def _spending(inputs: BriefInputs) -> Table:
    frame = inputs.effect().reset_index()
    spread = inputs.effects.groupby("economy")["gdp_pct"].agg(["min", "max"])
    frame = frame.join(spread, on="economy").set_index("economy", drop=False)
    frame = with_intervals(inputs, frame, "economies", "gain_musd")
    columns = (
        Column("name", "Country"),
        Column("gain_musd", "Real spending", MUSD_A, "effect", 0),
        *interval_columns(inputs, "gain_musd", MUSD_A, 0),
        Column("trade_musd", "of which transport and trade", MUSD_A, "effect", 0),
        Column("power_musd", "of which cost of electricity", MUSD_A, "effect", 0),
        Column("gdp_pct", "relative to GDP", "% of GDP", "effect", 2),
        Column("min", "minimum over scenarios", "% of GDP", "effect", 2),
        Column("max", "maximum over scenarios", "% of GDP", "effect", 2),
    )
    rows = tuple(f"economies/{home}" for home in inputs.homes)
    origin = Origin(
        "runs with the plan minus runs of the baseline",
        inputs.run_labels("economies") + inputs.run_labels("power_link"), rows,
    )  # fmt: skip
    note = (
        "A positive value is a gain. Transport and trade are computed apart, at the cost of electricity of "
        "the baseline; the cost of electricity is the rest. It is net of export earnings: a country that "
        "exports electricity to neighbours in shortage earns less once the shortage ends. Real spending is "
        "what households and the state spend on all goods and services, home-made ones among them."
    ) + interval_note(inputs)
    return Table("spending", "Effect of the plan on real spending", columns, frame, origin, note)


def _draw_spending(inputs: BriefInputs) -> Picture:
    frame = inputs.effect().reset_index()
    values = "; ".join(
        f"{row['name']} {format_fixed(row['gdp_pct'], 2, sign=True)}" for row in frame.to_dict("records")
    )
    return draw_bars(
        frame,
        "spending",
        label="name",
        series=(("gdp_pct", "effect"),),
        unit="per cent of GDP a year",
        alt=f"Effect of the plan on real spending, per cent of GDP: {values}.",
        caption=f"Effect of the plan on real spending in {inputs.year}, scenario “{inputs.reference.title}”.",
        sign=True,
    )


def _pairs(inputs: BriefInputs) -> Table:
    keys = ["exporter", "importer"]
    baseline, plan = (table.groupby(keys)[["after_musd"]].sum() for table in inputs.tables("flows"))
    trade = Shown(FLOWS.column("after_musd"), decimals=0, has_effect=True, label="Trade", heading_unit=MUSD_A)
    frame = compare(baseline, plan, (trade,)).reset_index()
    own = frame["exporter"].isin(inputs.homes) | frame["importer"].isin(inputs.homes)
    frame = frame[own & (frame["exporter"] != frame["importer"])].copy()
    frame["effect_pct"] = 100.0 * frame["after_musd_effect"] / frame["after_musd_baseline"]
    frame = frame.loc[frame["after_musd_effect"].abs().sort_values(ascending=False).index].head(MAX_PAIRS)
    for end in keys:
        frame[f"{end}_name"] = inputs.names_of(list(frame[end]))
    columns = (
        Column("exporter_name", "Exporter"),
        Column("importer_name", "Importer"),
        *trade.columns(),
        Column("effect_pct", "relative effect", "%", "effect", 1),
    )
    origin = Origin("value of goods traded, all commodities", inputs.run_labels("flows"))
    return Table("pairs", "Trade flows with the largest effect", columns, frame, origin)
