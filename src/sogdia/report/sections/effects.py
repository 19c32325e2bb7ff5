"""Build the section on effects: freight and corridors, trade and real spending, electricity."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import draw_bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.maps import build_base_map, draw_effects, draw_flows
from sogdia.report.parts import Column, Section, Table, drop_empty
from sogdia.report.sections.electricity import draw_generation, electricity_context, electricity_tables
from sogdia.report.style import Picture
from sogdia.report.wording import format_fixed, format_number, join_names
from sogdia.tables import cell

T_PER_MT = 1e6
MAX_PLACES, MAX_PAIRS = 10, 10
MATERIAL_PCT, MATERIAL_MT = 0.005, 0.05
"""Effects below these, in per cent of GDP and million tonnes a year, are reported as not material."""
MIN_QUEUE_H = 0.5
STATIONS = {"crossing": "border crossing", "transfer": "terminal"}


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    pictures = _maps(inputs)
    pictures["spending"] = _draw_spending(inputs)
    pictures["generation"] = draw_generation(inputs)
    tables = {
        "corridors": _corridors(inputs),
        "journeys": _journeys(inputs),
        "places": _places(inputs),
        "spending": _spending(inputs),
        "pairs": _pairs(inputs),
        **electricity_tables(inputs),
    }
    context: dict[str, Any] = {
        **_freight(inputs, figures), **_gainers(inputs), **electricity_context(inputs, figures),
        "countries": inputs.countries, "is_single": len(inputs.homes) == 1,
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
    """Add the region's busiest link and the largest increase and decrease on a link."""
    both = _region_links(inputs)
    effect = (both["tonnes_plan"] - both["tonnes_baseline"]) / T_PER_MT
    origin = Origin(
        "tonnes in both directions on the links with an end in the region", inputs.run_labels("links")
    )
    increase, decrease = max(float(effect.max()), 0.0), min(float(effect.min()), 0.0)
    figures.add("link_busiest", float(both["tonnes_plan"].max()) / T_PER_MT, "Mt/a", origin)
    figures.add("link_more", increase, "Mt/a", origin)
    figures.add("link_less", -decrease, "Mt/a", origin)
    return {"has_increase": increase >= MATERIAL_MT, "has_decrease": -decrease >= MATERIAL_MT}


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
    for number, choice in enumerate(inputs.plan.projects, 1):
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
    baseline, plan = inputs.tables("corridors")
    frame = plan[["corridor", "name"]].copy()
    frame["baseline"], frame["plan"] = baseline["home_t"] / T_PER_MT, plan["home_t"] / T_PER_MT
    frame["effect"] = frame["plan"] - frame["baseline"]
    frame["share"] = plan["home_share_pct"]
    frame["all"] = plan["tonnes"] / T_PER_MT
    columns = (
        Column("name", "Corridor"),
        Column("baseline", "Own trade, baseline", "Mt/a", "number", 2),
        Column("plan", "plan", "Mt/a", "number", 2),
        Column("effect", "effect", "Mt/a", "effect", 2),
        Column("share", "Share of own trade, plan", "%", "number", 2),
        Column("all", "All goods, plan", "Mt/a", "number", 1),
    )
    rows = tuple(f"corridors/{code}" for code in frame["corridor"])
    origin = Origin(
        "tonnes in both directions at the gates of each corridor", inputs.run_labels("corridors"), rows
    )
    note = (
        "Own trade is the exports and imports of the region's countries. Trade within the region and with "
        "neighbours does not pass a gate of a corridor, so shares do not sum to 100 per cent. All goods "
        "include the trade of other economies, also far from the region, for example at sea."
    )
    return Table("corridors", "Freight by corridor", columns, frame, origin, note)


def _journeys(inputs: BriefInputs) -> Table:
    baseline, plan = inputs.tables("journeys")
    keys = ["from", "to", "corridor"]
    frame = plan.merge(
        baseline[[*keys, "days", "usd_per_teu"]], on=keys, how="left", suffixes=("", "_baseline")
    )
    is_new = frame["days_baseline"].isna()
    frame[["observed_days", "observed_usd"]] = frame[["observed_days", "observed_usd"]].mask(is_new, "")
    places = inputs.region.table("places")["name"]
    frame["pair"] = [
        f"{places[start]}–{places[end]}" for start, end in zip(frame["from"], frame["to"], strict=True)
    ]
    columns = (
        Column("pair", "Origin–destination"),
        Column("name", "Corridor"),
        Column("days_baseline", "Time, baseline", "days", "number", 0),
        Column("days", "plan", "days", "number", 0),
        Column("observed_days", "observed", "days"),
        Column("usd_per_teu_baseline", "Cost, baseline", "USD/TEU", "number", -1),
        Column("usd_per_teu", "plan", "USD/TEU", "number", -1),
        Column("observed_usd", "observed", "USD/TEU"),
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
    baseline, plan = inputs.tables("stations")
    known = inputs.region.table("places")
    keys = ["place", "country", "kind", "mode"]
    both = plan.merge(baseline, on=keys, how="outer", suffixes=("_plan", "_baseline"))
    both[["tonnes_plan", "tonnes_baseline"]] = both[["tonnes_plan", "tonnes_baseline"]].fillna(0.0)
    home = both["country"].isin(inputs.region.home)
    both = both[home & both["kind"].isin(list(STATIONS))].copy()
    both["baseline"], both["plan"] = both["tonnes_baseline"] / T_PER_MT, both["tonnes_plan"] / T_PER_MT
    both["effect"] = both["plan"] - both["baseline"]
    order = both["effect"].abs().sort_values(ascending=False).index
    both = both.loc[order].head(MAX_PLACES)
    both["name"] = known["name"].reindex(both["place"]).to_numpy()
    both["type"] = both["kind"].map(STATIONS) + ", " + both["mode"].str.replace(">", " to ")
    queues = both[["queue_h_baseline", "queue_h_plan"]].to_numpy(dtype=float)
    columns: tuple[Column, ...] = (
        Column("name", "Place"),
        Column("type", "Type"),
        Column("baseline", "Freight, baseline", "Mt/a", "number", 2),
        Column("plan", "plan", "Mt/a", "number", 2),
        Column("effect", "effect", "Mt/a", "effect", 2),
    )
    origin = Origin(
        "tonnes through border crossings and terminals of the region", inputs.run_labels("stations")
    )
    note = (
        "Freight also shifts between paths of nearly equal cost. Effects far from the projects can be of "
        "this kind."
    )
    if float(np.nanmax(queues, initial=0.0)) >= MIN_QUEUE_H:
        columns += (
            Column("queue_h_baseline", "Queue, baseline", "hours", "number", 0),
            Column("queue_h_plan", "plan", "hours", "number", 0),
        )
    else:
        note += " At none of these places does the queue reach half an hour."
    return Table(
        "places", "Border crossings and terminals with the largest effect", columns, both, origin, note
    )


def _spending(inputs: BriefInputs) -> Table:
    frame = inputs.effect().reset_index()
    spread = inputs.effects.groupby("economy")["gdp_pct"].agg(["min", "max"])
    frame = frame.join(spread, on="economy")
    frame["rest_musd"] = frame["gain_musd"] - frame["power_musd"]
    columns = (
        Column("name", "Country"),
        Column("gain_musd", "Real spending on goods", "USD million a year", "effect", 0),
        Column("power_musd", "of which cost of electricity", "USD million a year", "effect", 0),
        Column("rest_musd", "of which transport and trade", "USD million a year", "effect", 0),
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
        "A positive value is a gain. The cost of electricity is net of export earnings: a country that "
        "exports electricity to neighbours in shortage earns less once the shortage ends."
    )
    return Table("spending", "Effect of the plan on real spending on goods", columns, frame, origin, note)


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
        alt=f"Effect of the plan on real spending on goods, per cent of GDP: {values}.",
        caption=f"Effect of the plan on real spending on goods in {inputs.year}, "
        f"scenario “{inputs.reference.title}”.",
        sign=True,
    )


def _pairs(inputs: BriefInputs) -> Table:
    keys = ["exporter", "importer"]
    baseline, plan = (
        table.groupby(keys, as_index=False)["after_musd"].sum() for table in inputs.tables("flows")
    )
    frame = plan.merge(baseline, on=keys, suffixes=("", "_baseline"))
    own = frame["exporter"].isin(inputs.homes) | frame["importer"].isin(inputs.homes)
    frame = frame[own & (frame["exporter"] != frame["importer"])].copy()
    frame["effect"] = frame["after_musd"] - frame["after_musd_baseline"]
    frame["pct"] = 100.0 * frame["effect"] / frame["after_musd_baseline"]
    frame = frame.loc[frame["effect"].abs().sort_values(ascending=False).index].head(MAX_PAIRS)
    frame["from"], frame["to"] = (
        inputs.names_of(list(frame["exporter"])),
        inputs.names_of(list(frame["importer"])),
    )
    columns = (
        Column("from", "Exporter"),
        Column("to", "Importer"),
        Column("after_musd_baseline", "Trade, baseline", "USD million a year", "number", 0),
        Column("after_musd", "plan", "USD million a year", "number", 0),
        Column("effect", "effect", "USD million a year", "effect", 0),
        Column("pct", "relative effect", "%", "effect", 1),
    )
    origin = Origin("value of goods traded, all commodities", inputs.run_labels("flows"))
    return Table("pairs", "Trade flows with the largest effect", columns, frame, origin)
