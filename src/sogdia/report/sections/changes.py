"""What changes: flows and corridors, trade and welfare, power."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.charts import bars
from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.maps import difference_map, flow_map, sheet_of
from sogdia.report.parts import Column, Section, Table
from sogdia.report.style import Picture
from sogdia.report.wording import number
from sogdia.tables import cell

T_PER_MT, GWH_PER_TWH = 1e6, 1e3
MOST_PLACES, MOST_PAIRS = 10, 12
WORTH_TELLING_PCT = 0.05


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    pictures = _maps(inputs)
    pictures["welfare"] = _welfare_picture(inputs)
    pictures["mix"] = _mix_picture(inputs)
    tables = {
        "corridors": _corridors(inputs),
        "journeys": _journeys(inputs),
        "places": _places(inputs),
        "welfare": _welfare(inputs),
        "pairs": _pairs(inputs),
        "power": _power(inputs),
    }
    words: dict[str, Any] = {"year": str(inputs.year), "calm": inputs.calm.title}
    _earnings(inputs, figures, words)
    return Section(
        "changes", "What changes", words, {k: t for k, t in tables.items() if len(t.frame)}, pictures
    )


def _both(inputs: BriefInputs, name: str) -> list[pd.DataFrame]:
    return [inputs.table(plan, inputs.calm, name) for plan in (inputs.against, inputs.plan)]


def _maps(inputs: BriefInputs) -> dict[str, Picture]:
    sheet = sheet_of(inputs.region)
    before, after = (table[["link", "tonnes"]] for table in _both(inputs, "links"))
    largest = after.nlargest(1, "tonnes")
    flows = flow_map(
        sheet,
        after,
        "flows",
        f"Tonnes a year on every link with the plan, {inputs.year}.",
        f"Map of freight with the plan in {inputs.year}; the widest line carries "
        f"{number(float(largest['tonnes'].sum()) / T_PER_MT)} million tonnes a year.",
    )
    both = after.merge(before, on="link", how="outer", suffixes=("_after", "_before")).fillna(0.0)
    moved = both["tonnes_after"] - both["tonnes_before"]
    change = difference_map(
        sheet,
        before,
        after,
        _marks(inputs),
        name="moved",
        title=f"What the plan moves: tonnes with it less without it, {inputs.year}. Numbers: the projects'.",
        alt=f"Map of changes of freight: links gain up to {number(float(moved.max()) / T_PER_MT)} million "
        f"tonnes a year and lose up to {number(-float(moved.min()) / T_PER_MT)} million.",
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
        Column("share", "Share of own trade", "%", "number", 2),
        Column("all", "All goods, with", "million t a year", "number", 1),
    )
    rows = tuple(f"corridors/{code}" for code in frame["corridor"])
    origin = Origin("counted at each corridor's gates, both ways", inputs.both("corridors"), rows)
    note = (
        "Own trade is what the region's countries sell and buy. Trade inside the region and with neighbours "
        "passes no corridor's gate, so shares do not sum to 100."
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
        Column("usd_per_teu_before", "Cost, without", "USD a TEU", "number", 0),
        Column("usd_per_teu", "with the plan", "USD a TEU", "number", 0),
        Column("observed_usd", "observed", "USD a TEU"),
    )
    origin = Origin("one container door to door, queues of the year included", inputs.both("journeys"))
    note = "Observed: what operators and statistics told of such journeys; some of it was used to calibrate."
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
    both["what"] = both["kind"] + ", " + both["mode"].str.replace(">", " to ")
    columns = (
        Column("name", "Place"),
        Column("what", "What"),
        Column("before", "Goods, without", "million t a year", "number", 2),
        Column("after", "with the plan", "million t a year", "number", 2),
        Column("change", "change", "million t a year", "change", 2),
        Column("queue_h_before", "Wait, without", "hours", "number", 0),
        Column("queue_h_after", "with the plan", "hours", "number", 0),
    )
    origin = Origin("tonnes through borders and terminals of the region", inputs.both("stations"))
    return Table("places", "Borders and terminals that change most", columns, both, origin)


def _welfare(inputs: BriefInputs) -> Table:
    frame = inputs.effect().reset_index()
    spread = inputs.effects.groupby("economy")["gdp_pct"].agg(["min", "max"])
    frame = frame.join(spread, on="economy")
    frame["rest_musd"] = frame["gain_musd"] - frame["power_musd"]
    columns = (
        Column("name", "Country"),
        Column("gain_musd", "Real spending on goods", "USD million a year", "change", 0),
        Column("power_musd", "of it by cheaper power", "USD million a year", "change", 0),
        Column("rest_musd", "by carriage, and how trade answers", "USD million a year", "change", 0),
        Column("gdp_pct", "of GDP", "%", "change", 2),
        Column("min", "least of all scenarios", "% of GDP", "change", 2),
        Column("max", "most", "% of GDP", "change", 2),
    )
    rows = tuple(f"economies/{home}" for home in inputs.homes)
    origin = Origin(
        "runs with the plan less without it", inputs.both("economies") + inputs.both("power_link"), rows
    )
    note = (
        "The part of power is what the power used in the year costs less, trade with neighbours in power "
        "included; a country that earned with power that its neighbours lacked earns less once they lack it "
        "no more."
    )
    return Table("welfare", "Who gains", columns, frame, origin, note)


def _welfare_picture(inputs: BriefInputs) -> Picture:
    frame = inputs.effect().reset_index()
    told = "; ".join(f"{row['name']} {number(row['gdp_pct'], sign=True)}" for row in frame.to_dict("records"))
    return bars(
        frame,
        "welfare",
        label="name",
        series=(("gdp_pct", "change"),),
        unit="per cent of GDP a year",
        alt=f"Change of real spending on goods, per cent of GDP: {told}.",
        caption=f"What the plan adds to real spending on goods, {inputs.year}, {inputs.calm.title}.",
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


def _power(inputs: BriefInputs) -> Table:
    before, after = (table.set_index("iso3") for table in _both(inputs, "power_countries"))
    homes = [home for home in inputs.homes if home in after.index]
    rows = []
    known = [table.to_dict("index") for table in (before, after)]
    for home in homes:
        old, new = known[0][home], known[1][home]
        rows.append(
            {
                "name": inputs.names[home],
                "demand": float(new["demand_gwh"]) / GWH_PER_TWH,
                "made_before": float(old["generation_gwh"]) / GWH_PER_TWH,
                "made": float(new["generation_gwh"]) / GWH_PER_TWH,
                "net_before": float(old["net_imports_gwh"]) / GWH_PER_TWH,
                "net": float(new["net_imports_gwh"]) / GWH_PER_TWH,
                "unserved_before": float(old["unserved_gwh"]),
                "unserved": float(new["unserved_gwh"]),
                "co2": float(new["co2_mt"] - old["co2_mt"]),
                "earned": float(new["export_earnings_musd"] - old["export_earnings_musd"]),
            }
        )
    columns = (
        Column("name", "Country"),
        Column("demand", "Load", "TWh", "number", 1),
        Column("made_before", "Made, without", "TWh", "number", 1),
        Column("made", "with", "TWh", "number", 1),
        Column("net_before", "Net imports, without", "TWh", "change", 1),
        Column("net", "with", "TWh", "change", 1),
        Column("unserved_before", "Not served, without", "GWh", "number", 0),
        Column("unserved", "with", "GWh", "number", 0),
        Column("co2", "CO₂, change", "Mt", "change", 1),
        Column("earned", "Earned abroad, change", "USD million", "change", 0),
    )
    origin = Origin("dispatch of the year at least cost", inputs.both("power_countries"))
    return Table("power", "Power", columns, pd.DataFrame(rows, columns=[c.key for c in columns]), origin)


def _mix_picture(inputs: BriefInputs) -> Picture:
    frames = []
    for name, table in zip(("without", "with"), _both(inputs, "power_generation"), strict=True):
        own = table[table["iso3"].isin(inputs.homes)]
        frames.append((own.groupby("carrier")["generation_gwh"].sum() / GWH_PER_TWH).rename(name))
    frame = pd.concat(frames, axis=1).fillna(0.0)
    frame = frame[(frame > WORTH_TELLING_PCT).any(axis=1)].sort_values("with", ascending=False).reset_index()
    told = "; ".join(
        f"{row['carrier']} {number(row['without'])} and {number(row['with'])}"
        for row in frame.to_dict("records")
    )
    return bars(
        frame,
        "mix",
        label="carrier",
        series=(("without", "without the plan"), ("with", "with the plan")),
        unit="TWh a year",
        alt=f"Power made by source, TWh a year without and with the plan: {told}.",
        caption=f"Power made in the countries of the brief by source, {inputs.year}.",
    )


def _earnings(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    before, after = _both(inputs, "power_countries")
    own = [float(t.loc[t["iso3"].isin(inputs.homes), "export_earnings_musd"].sum()) for t in (before, after)]
    origin = Origin("earned with power sold abroad", inputs.both("power_countries"))
    figures.add("power_earned", abs(own[1] - own[0]), "USD million", origin)
    words["earns_more"] = own[1] >= own[0]
