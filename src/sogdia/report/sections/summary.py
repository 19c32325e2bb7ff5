"""The headline: what the plan changes, in a few sentences, with the range and not only the point."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Section
from sogdia.report.wording import between, counted, listed
from sogdia.tables import cell

NOTHING_PCT = 0.005
"""Part of GDP below which a gain is told as nothing that the models can tell from noise."""
T_PER_MT = 1e6


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    words: dict[str, Any] = {
        "plan": inputs.plan.title,
        "against": inputs.against.title,
        "projects": counted(len(inputs.plan.projects), "project"),
        "homes": listed(inputs.named(inputs.homes)),
        "scenarios": counted(len(inputs.scenarios), "scenario"),
        "calm": inputs.calm.title,
        "year": str(inputs.year),
    }
    _gains(inputs, figures, words)
    _corridor(inputs, figures, words)
    _power(inputs, figures, words)
    words["bound"] = _bound(inputs)
    return Section("summary", "In short", words)


def _gains(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    effects = inputs.effects
    total = effects.groupby("scenario", sort=False)[["gain_musd", "power_musd"]].sum()
    gdp = sum(inputs.gdp_musd[home] for home in inputs.homes)
    calm = float(cell(total, inputs.calm.name, "gain_musd"))
    origin = Origin(
        "real spending on goods with the plan less without it, summed over the countries",
        inputs.both("economies"), inputs.project_rows(),
    )  # fmt: skip
    figures.add("gain", abs(calm), "USD million", origin)
    figures.add("gain_pct", abs(100.0 * calm / gdp), "% of GDP", origin)
    runs = tuple(run for scenario in inputs.scenarios for run in inputs.both("economies", scenario))
    spread = Origin("the same under every scenario: the least and the most", runs)
    low, high = float(total["gain_musd"].min()), float(total["gain_musd"].max())
    figures.add("gain_low", low, "USD million", spread)
    figures.add("gain_high", high, "USD million", spread, text=between(low, high, "USD million"))
    power = float(cell(total, inputs.calm.name, "power_musd"))
    saved = Origin(
        "what the power that each country uses costs less with the plan", inputs.both("power_link")
    )
    figures.add("gain_power", power, "USD million", saved, sign=True)
    figures.add("gain_rest", calm - power, "USD million", origin, sign=True)
    words["rises"] = calm >= 0.0
    words["tiny"] = abs(100.0 * calm / gdp) < NOTHING_PCT
    own = inputs.effect()
    _ends(own, inputs, figures, words)


def _ends(own: pd.DataFrame, inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    """Who gains most and who loses, relative to GDP."""
    for word, code in (("most", own["gdp_pct"].idxmax()), ("least", own["gdp_pct"].idxmin())):
        row = own.to_dict("index")[str(code)]
        origin = Origin(
            f"real spending on goods in {row['name']} with the plan less without it, over its GDP",
            inputs.both("economies"), (f"economies/{code}",),
        )  # fmt: skip
        share = float(row["gdp_pct"])
        figures.add(f"{word}_pct", share, "% of GDP", origin, sign=True)
        figures.add(f"{word}_musd", float(row["gain_musd"]), "USD million", origin, sign=True)
        words[f"{word}_name"] = str(row["name"])
        words[f"{word}_told"] = share > NOTHING_PCT if word == "most" else share < -NOTHING_PCT
    words["apart"] = words["most_name"] != words["least_name"]


def _corridor(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    """The corridor whose traffic of the region's own trade changes most."""
    tables = [
        inputs.table(plan, inputs.calm, "corridors").set_index("corridor")
        for plan in (inputs.against, inputs.plan)
    ]
    moved = tables[1]["home_t"] - tables[0]["home_t"]
    code = str(moved.abs().idxmax())
    origin = Origin(
        "tonnes of the region's own trade counted at the corridor's gates",
        inputs.both("corridors"), (f"corridors/{code}",),
    )  # fmt: skip
    words["corridor"] = str(cell(tables[1], code, "name"))
    words["corridor_more"] = float(moved[code]) > 0.0
    words["corridor_new"] = float(cell(tables[0], code, "home_t")) == 0.0
    figures.add("corridor_change", abs(float(moved[code])) / T_PER_MT, "Mt/a", origin)
    figures.add("corridor_after", float(cell(tables[1], code, "home_t")) / T_PER_MT, "Mt/a", origin)
    figures.add("corridor_share", float(cell(tables[1], code, "home_share_pct")), "%", origin)


def _power(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    sums = []
    for plan in (inputs.against, inputs.plan):
        table = inputs.table(plan, inputs.calm, "power_countries")
        sums.append(table[table["iso3"].isin(inputs.homes)][["unserved_gwh", "co2_mt"]].sum())
    origin = Origin("load that the power system cannot serve in the year", inputs.both("power_unserved"))
    figures.add("unserved_before", float(sums[0]["unserved_gwh"]), "GWh/a", origin)
    figures.add("unserved_after", float(sums[1]["unserved_gwh"]), "GWh/a", origin)
    co2 = Origin("carbon dioxide of power plants", inputs.both("power_countries"))
    change = float(sums[1]["co2_mt"] - sums[0]["co2_mt"])
    figures.add("co2_change", abs(change), "Mt/a", co2)
    words["co2_falls"] = change < 0.0
    words["short_before"] = float(sums[0]["unserved_gwh"]) >= 1.0


def _bound(inputs: BriefInputs) -> dict[str, str]:
    """The home told of that would lose most if one partner left, and which; figures are of the section."""
    if inputs.dependence is None:
        return {}
    headline = inputs.dependence.after.headline
    own = headline[headline["home"].isin(inputs.homes)].sort_values("worst_pct", ascending=False)
    row = own.to_dict("records")[0]
    partners = inputs.dependence.after.partners
    return {
        "home": str(row["home"]), "country": str(row["name"]), "partner": partners[str(row["worst_partner"])],
    }  # fmt: skip
