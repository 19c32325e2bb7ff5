"""What changes: flows and corridors, trade and welfare; power has a module of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.charts import bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.maps import difference_map, flow_map, sheet_of
from sogdia.report.parts import Column, Section, Table
from sogdia.report.sections.power import mix_picture, power_tables, power_words
from sogdia.report.style import Picture
from sogdia.report.wording import fixed, listed, number
from sogdia.tables import cell

T_PER_MT = 1e6
MOST_PLACES, MOST_PAIRS = 10, 10
WORTH_TELLING_PCT, WORTH_TELLING_MT = 0.005, 0.05
LEAST_WAIT_H = 0.5
STATIONS = {"crossing": "border", "transfer": "terminal"}


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    pictures = _maps(inputs)
    pictures["welfare"] = _welfare_picture(inputs)
    pictures["mix"] = mix_picture(inputs)
    tables = {
        "corridors": _corridors(inputs),
        "journeys": _journeys(inputs),
        "places": _places(inputs),
        "welfare": _welfare(inputs),
        "pairs": _pairs(inputs),
        **power_tables(inputs),
    }
    words: dict[str, Any] = {
        **_moved(inputs, figures), **_gainers(inputs), **power_words(inputs, figures),
        "whose": inputs.told_of, "one": len(inputs.homes) == 1,
    }  # fmt: skip
    return Section(
        "changes", "What changes", words, {k: t for k, t in tables.items() if len(t.frame)}, pictures
    )


def _both(inputs: BriefInputs, name: str) -> list[pd.DataFrame]:
    return [inputs.table(plan, inputs.calm, name) for plan in (inputs.against, inputs.plan)]


def _touching(inputs: BriefInputs) -> pd.DataFrame:
    """Links that touch the region, ``tonnes_before`` and ``tonnes_after``."""
    known, places = inputs.region.table("links"), inputs.region.table("places")
    own = set(places.index[places["iso3"].isin(inputs.region.home)])
    near = known.loc[known[["from", "to"]].isin(own).any(axis=1), "id"]
    before, after = (table[["link", "tonnes"]] for table in _both(inputs, "links"))
    both = after.merge(before, on="link", how="outer", suffixes=("_after", "_before")).fillna(0.0)
    return both[both["link"].isin(set(near))]


def _moved(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """The busiest line of the region, and how far the plan moves its lines."""
    both = _touching(inputs)
    change = (both["tonnes_after"] - both["tonnes_before"]) / T_PER_MT
    origin = Origin("tonnes both ways on the links that touch the region", inputs.both("links"))
    most, least = max(float(change.max()), 0.0), min(float(change.min()), 0.0)
    figures.add("link_busiest", float(both["tonnes_after"].max()) / T_PER_MT, "Mt/a", origin)
    figures.add("link_more", most, "Mt/a", origin)
    figures.add("link_less", -least, "Mt/a", origin)
    return {"more": most >= WORTH_TELLING_MT, "less": -least >= WORTH_TELLING_MT}


def _gainers(inputs: BriefInputs) -> dict[str, Any]:
    """Who gains, who loses, and whom the plan hardly touches."""
    own = inputs.effect()
    gain, lose = own["gdp_pct"] > WORTH_TELLING_PCT, own["gdp_pct"] < -WORTH_TELLING_PCT
    groups = {"gain": own[gain], "lose": own[lose], "same": own[~gain & ~lose]}
    return {
        "who": {name: listed(group["name"].tolist()) for name, group in groups.items() if len(group)},
        "many": [name for name, group in groups.items() if len(group) > 1],
    }


def _maps(inputs: BriefInputs) -> dict[str, Picture]:
    sheet = sheet_of(inputs.region)
    before, after = (table[["link", "tonnes"]] for table in _both(inputs, "links"))
    both = _touching(inputs)
    busiest = float(both["tonnes_after"].max()) / T_PER_MT
    flows = flow_map(
        sheet,
        after,
        "flows",
        f"Tonnes a year on every link with the plan, {inputs.year}; the wider, the more.",
        f"Map of freight with the plan in {inputs.year}; the busiest line of the region carries "
        f"{number(busiest)} million tonnes a year.",
    )
    moved = (both["tonnes_after"] - both["tonnes_before"]) / T_PER_MT
    change = difference_map(
        sheet,
        before,
        after,
        _marks(inputs),
        name="moved",
        title=f"What the plan moves on links of the region: tonnes with it less without it, {inputs.year}. "
        "Squares: where projects are, by their number in the table of projects.",
        alt=f"Map of changes of freight: links of the region gain up to {number(max(moved.max(), 0.0))} "
        f"million tonnes a year and lose up to {number(max(-moved.min(), 0.0))} million.",
    )
    return {"flows": flows, "moved": change}


def _marks(inputs: BriefInputs) -> pd.DataFrame:
    """Where the plan's projects are: the plants and links that they open, by their number in the plan."""
    effects, plants = inputs.region.table("project_effects"), inputs.region.table("plants")
    links, places = inputs.region.table("links"), inputs.region.table("places")
    rows = []
    for n, choice in enumerate(inputs.plan.projects, 1):
        touched = effects[effects["project"] == choice.project]
        spots = []
        for table, key in zip(touched["table"], touched["row"].astype(str), strict=True):
            if table == "plants" and key in plants.index and pd.notna(cell(plants, key, "lat")):
                spots.append((float(cell(plants, key, "lat")), float(cell(plants, key, "lon"))))
            elif table == "links" and key in links.index:
                ends = places.loc[[links.at[key, "from"], links.at[key, "to"]]]
                spots.append((float(ends["lat"].mean()), float(ends["lon"].mean())))
        if spots:
            lat, lon = spots[len(spots) // 2]
            rows.append((str(n), lat, lon))
    return pd.DataFrame(rows, columns=["name", "lat", "lon"])


def _corridors(inputs: BriefInputs) -> Table:
    before, after = _both(inputs, "corridors")
    frame = after[["corridor", "name"]].copy()
    frame["before"], frame["after"] = before["home_t"] / T_PER_MT, after["home_t"] / T_PER_MT
    frame["change"] = frame["after"] - frame["before"]
    frame["share"] = after["home_share_pct"]
    frame["all"] = after["tonnes"] / T_PER_MT
    columns = (
        Column("name", "Corridor"),
        Column("before", "Own trade, without", "million t a year", "number", 2),
        Column("after", "with the plan", "million t a year", "number", 2),
        Column("change", "change", "million t a year", "change", 2),
        Column("share", "Share of own trade, with the plan", "%", "number", 2),
        Column("all", "All goods, with the plan", "million t a year", "number", 1),
    )
    rows = tuple(f"corridors/{code}" for code in frame["corridor"])
    origin = Origin("counted at each corridor's gates, both ways", inputs.both("corridors"), rows)
    note = (
        "Own trade is what the region's countries sell and buy. Trade inside the region and with neighbours "
        "passes no corridor's gate, so shares do not sum to 100. All goods: those of others too, also where "
        "they never come near the region, as on the oceans."
    )
    return Table("corridors", "Corridors", columns, frame, origin, note)


def _journeys(inputs: BriefInputs) -> Table:
    before, after = _both(inputs, "journeys")
    keys = ["from", "to", "corridor"]
    frame = after.merge(before[[*keys, "days", "usd_per_teu"]], on=keys, how="left", suffixes=("", "_before"))
    new = frame["days_before"].isna()
    frame[["observed_days", "observed_usd"]] = frame[["observed_days", "observed_usd"]].mask(new, "")
    places = inputs.region.table("places")["name"]
    frame["way"] = [
        f"{places[start]}–{places[end]}" for start, end in zip(frame["from"], frame["to"], strict=True)
    ]
    columns = (
        Column("way", "From–to"),
        Column("name", "Corridor"),
        Column("days_before", "Time, without", "days", "number", 0),
        Column("days", "with the plan", "days", "number", 0),
        Column("observed_days", "observed", "days"),
        Column("usd_per_teu_before", "Cost, without", "USD a TEU", "number", -1),
        Column("usd_per_teu", "with the plan", "USD a TEU", "number", -1),
        Column("observed_usd", "observed", "USD a TEU"),
    )
    origin = Origin("one container door to door, queues of the year included", inputs.both("journeys"))
    note = (
        "TEU: a twenty-foot container. Observed: what operators and statistics told of such journeys; "
        "some of it was used to calibrate. A dash: there is no such way without the plan."
    )
    return Table("journeys", "Through journeys", columns, frame, origin, note)


def _places(inputs: BriefInputs) -> Table:
    before, after = _both(inputs, "stations")
    known = inputs.region.table("places")
    keys = ["place", "country", "kind", "mode"]
    both = after.merge(before, on=keys, how="outer", suffixes=("_after", "_before"))
    both[["tonnes_after", "tonnes_before"]] = both[["tonnes_after", "tonnes_before"]].fillna(0.0)
    home = both["country"].isin(inputs.region.home)
    both = both[home & both["kind"].isin(["crossing", "transfer"])].copy()
    both["before"], both["after"] = both["tonnes_before"] / T_PER_MT, both["tonnes_after"] / T_PER_MT
    both["change"] = both["after"] - both["before"]
    order = both["change"].abs().sort_values(ascending=False).index
    both = both.loc[order].head(MOST_PLACES)
    both["name"] = known["name"].reindex(both["place"]).to_numpy()
    both["what"] = both["kind"].map(STATIONS) + ", " + both["mode"].str.replace(">", " to ")
    waits = float(np.nanmax(both[["queue_h_before", "queue_h_after"]].to_numpy(dtype=float), initial=0.0))
    columns: tuple[Column, ...] = (
        Column("name", "Place"),
        Column("what", "What"),
        Column("before", "Goods, without", "million t a year", "number", 2),
        Column("after", "with the plan", "million t a year", "number", 2),
        Column("change", "change", "million t a year", "change", 2),
    )
    origin = Origin("tonnes through borders and terminals of the region", inputs.both("stations"))
    note = (
        "Goods also change between ways of nearly the same cost: changes far from the plan's works can be "
        "of that kind."
    )
    if waits >= LEAST_WAIT_H:
        columns += (
            Column("queue_h_before", "Wait, without", "hours", "number", 0),
            Column("queue_h_after", "with the plan", "hours", "number", 0),
        )
    else:
        note += " At none of these places do they wait half an hour or more for want of capacity."
    return Table("places", "Borders and terminals that change most", columns, both, origin, note)


def _welfare(inputs: BriefInputs) -> Table:
    frame = inputs.effect().reset_index()
    spread = inputs.effects.groupby("economy")["gdp_pct"].agg(["min", "max"])
    frame = frame.join(spread, on="economy")
    frame["rest_musd"] = frame["gain_musd"] - frame["power_musd"]
    columns = (
        Column("name", "Country"),
        Column("gain_musd", "Real spending on goods", "USD million a year", "change", 0),
        Column("power_musd", "of it by the cost of power", "USD million a year", "change", 0),
        Column("rest_musd", "by transport and trade", "USD million a year", "change", 0),
        Column("gdp_pct", "in all", "% of GDP", "change", 2),
        Column("min", "least of the scenarios", "% of GDP", "change", 2),
        Column("max", "most of them", "% of GDP", "change", 2),
    )
    rows = tuple(f"economies/{home}" for home in inputs.homes)
    origin = Origin(
        "runs with the plan less without it", inputs.both("economies") + inputs.both("power_link"), rows
    )
    note = (
        "A gain is above zero, a loss below. The cost of power is net of what is earned with power sold "
        "abroad: a country that earned with power that its neighbours lacked earns less once they lack it no "
        "more."
    )
    return Table("welfare", "Who gains and who loses", columns, frame, origin, note)


def _welfare_picture(inputs: BriefInputs) -> Picture:
    frame = inputs.effect().reset_index()
    told = "; ".join(
        f"{row['name']} {fixed(row['gdp_pct'], 2, sign=True)}" for row in frame.to_dict("records")
    )
    return bars(
        frame,
        "welfare",
        label="name",
        series=(("gdp_pct", "change"),),
        unit="per cent of GDP a year",
        alt=f"Change of real spending on goods, per cent of GDP: {told}.",
        caption=f"What the plan adds to real spending on goods, {inputs.year}, under “{inputs.calm.title}”.",
        sign=True,
    )


def _pairs(inputs: BriefInputs) -> Table:
    before, after = _both(inputs, "flows")
    keys = ["exporter", "importer"]
    sums = [table.groupby(keys, as_index=False)["after_musd"].sum() for table in (before, after)]
    frame = sums[1].merge(sums[0], on=keys, suffixes=("", "_before"))
    own = frame["exporter"].isin(inputs.homes) | frame["importer"].isin(inputs.homes)
    frame = frame[own & (frame["exporter"] != frame["importer"])].copy()
    frame["change"] = frame["after_musd"] - frame["after_musd_before"]
    frame["pct"] = 100.0 * frame["change"] / frame["after_musd_before"]
    frame = frame.loc[frame["change"].abs().sort_values(ascending=False).index].head(MOST_PAIRS)
    frame["from"], frame["to"] = inputs.named(list(frame["exporter"])), inputs.named(list(frame["importer"]))
    columns = (
        Column("from", "From"),
        Column("to", "To"),
        Column("after_musd_before", "Trade, without", "USD million a year", "number", 0),
        Column("after_musd", "with the plan", "USD million a year", "number", 0),
        Column("change", "change", "USD million a year", "change", 0),
        Column("pct", "change", "%", "change", 1),
    )
    origin = Origin("value of goods traded, all commodities", inputs.both("flows"))
    return Table("pairs", "Trade that changes most", columns, frame, origin)
