"""The headline: what the plan changes, in a few sentences, with the range and not only the point."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Section
from sogdia.report.wording import between, counted
from sogdia.tables import cell

NOTHING_PCT = 0.005
"""Part of GDP below which a gain is told as nothing that the models can tell from noise."""
T_PER_MT = 1e6
WORTH_TELLING_MT = 0.05
"""Change, in million tonnes, below which carbon dioxide and freight are told as the same."""


def make(inputs: BriefInputs, figures: Figures) -> Section:
    """Write it."""
    count, late = len(inputs.plan.projects), len(inputs.late)
    costs = inputs.costs_musd
    words: dict[str, Any] = {
        "subject": f"{counted(count, 'project')} of {inputs.source}",
        "against": inputs.against.title,
        "homes": inputs.told_of,
        "year": str(inputs.year),
        "late": counted(late, "of the projects opens", "of the projects open") if late else "",
        "late_capex": float(costs.reindex(inputs.late).sum()) > 0.0,
        "blank": bool(costs.isna().any()),
    }
    _gains(inputs, figures, words)
    _range(inputs, figures, words)
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
    power = float(cell(total, inputs.calm.name, "power_musd"))
    saved = Origin(
        "what the power that each country uses costs less with the plan", inputs.both("power_link")
    )
    figures.add("gain_power", power, "USD million", saved, sign=True)
    figures.add("gain_rest", calm - power, "USD million", origin, sign=True)
    words["rises"] = calm >= 0.0
    words["worth_telling"] = abs(100.0 * calm / gdp) >= NOTHING_PCT
    own = inputs.effect()
    _ends(own, inputs, figures, words)


def _range(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    """The least and the most that the gain may be: of all scenarios, of all assumptions, and of both."""
    runs = tuple(run for scenario in inputs.scenarios for run in inputs.both("economies", scenario))
    found = {"scenarios": inputs.effects.groupby("scenario")["gain_musd"].sum().tolist()}
    told = {"scenarios": counted(len(inputs.scenarios), "scenario")}
    if inputs.sensitivity is not None:
        ends = inputs.sensitivity[["low_musd", "high_musd"]].to_numpy(dtype=float)
        found["assumptions"] = [*ends[np.isfinite(ends)].tolist(), float(inputs.effect()["gain_musd"].sum())]
        varied = int(np.isfinite(ends).any(axis=1).sum())
        told["assumptions"] = f"{counted(varied, 'assumption')} set low and high, one at a time"
    words["differs"] = {}
    whole = [value for values in found.values() for value in values]
    for name, values in {"whole": whole, **found}.items():
        over = told.get(name) or " and ".join(told.values())
        origin = Origin(f"the same, the least and the most of {over}", runs if name == "scenarios" else ())
        low, high = min(values), max(values)
        figures.add(f"gain_{name}_low", low, "USD million", origin)
        text = between(low, high, "USD million")
        words["differs"][name] = " to " in text
        figures.add(f"gain_{name}_high", high, "USD million", origin, text=text)
    words["over"] = told if len(inputs.scenarios) > 1 else {k: told[k] for k in told if k != "scenarios"}
    words["ranged"] = words["differs"]["whole"]


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
        told = share > NOTHING_PCT if word == "most" else share < -NOTHING_PCT
        words[f"{word}_told"] = told and len(own) > 1
    _why(str(own["gdp_pct"].idxmin()), inputs, figures, words)


def _why(home: str, inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    """Whether it is power sold abroad that makes a country worse off, and how much less it earns with it."""
    row = inputs.effect().to_dict("index")[home]
    earned = []
    for plan in (inputs.against, inputs.plan):
        table = inputs.table(plan, inputs.calm, "power_countries").set_index("iso3")["export_earnings_musd"]
        earned.append(float(table.get(home, 0.0)))
    lost = earned[0] - earned[1]
    words["least_sells_less"] = float(row["power_musd"]) < 0.5 * float(row["gain_musd"]) and lost > 0.0
    origin = Origin(f"earned by {row['name']} with power sold abroad", inputs.both("power_countries"))
    figures.add("least_earned", lost, "USD million", origin)


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
    words["corridor_moves"] = abs(float(moved[code])) / T_PER_MT >= WORTH_TELLING_MT
    figures.add("corridor_change", abs(float(moved[code])) / T_PER_MT, "Mt/a", origin)
    figures.add("corridor_after", float(cell(tables[1], code, "home_t")) / T_PER_MT, "Mt/a", origin)
    figures.add("corridor_share", float(cell(tables[1], code, "home_share_pct")), "%", origin)


def _power(inputs: BriefInputs, figures: Figures, words: dict[str, Any]) -> None:
    sums = []
    for plan in (inputs.against, inputs.plan):
        table = inputs.table(plan, inputs.calm, "power_countries")
        sums.append(table[table["iso3"].isin(inputs.homes)][["unserved_gwh", "co2_mt"]].sum())
    origin = Origin("demand for power that cannot be met in the year", inputs.both("power_unserved"))
    figures.add("unserved_before", float(sums[0]["unserved_gwh"]), "GWh/a", origin)
    figures.add("unserved_after", float(sums[1]["unserved_gwh"]), "GWh/a", origin)
    co2 = Origin("carbon dioxide of power plants", inputs.both("power_countries"))
    change = float(sums[1]["co2_mt"] - sums[0]["co2_mt"])
    figures.add("co2_change", abs(change), "Mt/a", co2)
    words["co2_falls"] = change < 0.0
    words["short_before"] = max(float(each["unserved_gwh"]) for each in sums) >= 1.0
    words["co2_moves"] = abs(change) >= WORTH_TELLING_MT


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
