"""Build the summary: effect of the plan with its range, largest gains and losses, main drivers."""

from __future__ import annotations

from typing import Any

import numpy as np

from sogdia.report.figures import Figures, Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Section
from sogdia.report.sections.samples import add_gain_interval
from sogdia.report.wording import format_count, format_range
from sogdia.tables import cell
from sogdia.units import convert

RESOLUTION_PCT = 0.005
"""Share of GDP below which the models do not resolve an effect."""
MATERIAL_MT = 0.05
"""Difference in million tonnes a year below which emissions and freight are reported as unchanged."""
MATERIAL_GWH = 1.0
"""Unserved energy below which electricity demand is reported as met."""


def build(inputs: BriefInputs, figures: Figures) -> Section:
    """Build the section."""
    count, late = len(inputs.plan.own), len(inputs.late_projects)
    modelled = set(inputs.region.table("project_effects")["project"].astype(str))
    outside = sum(choice.project not in modelled for choice in inputs.plan.own)
    costs = inputs.costs_musd
    context: dict[str, Any] = {
        "subject": f"{format_count(count, 'project')} of {inputs.project_source}",
        "baseline": inputs.baseline.title,
        "countries": inputs.countries,
        "year": str(inputs.year),
        "late": format_count(late, "of the projects opens", "of the projects open") if late else "",
        "outside": format_count(outside, "project is", "projects are") if outside else "",
        "base_year": str(inputs.region.base_year),
        "has_late_costs": float(costs.reindex(inputs.late_projects).sum()) > 0.0,
        "has_unpublished_costs": bool(costs.isna().any()),
        **_effect(inputs, figures),
        **_range(inputs, figures),
        "has_samples": add_gain_interval(inputs, figures),
        **_extremes(inputs, figures),
        **_corridor(inputs, figures),
        **_electricity(inputs, figures),
        "has_npv": inputs.has_appraisal,
        "returns": inputs.has_appraisal and _npv_musd(inputs) >= 0.0,
        "loss": _largest_loss(inputs),
    }
    return Section("summary", "Summary", context)


def _effect(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the effect of the plan on all countries and its two parts."""
    total = inputs.effects.groupby("scenario", sort=False)[["gain_musd", "trade_musd"]].sum()
    gdp = sum(inputs.gdp_musd[home] for home in inputs.homes)
    gain = float(cell(total, inputs.reference.name, "gain_musd"))
    origin = Origin(
        "real spending with the plan minus the baseline, sum over the countries of the brief",
        inputs.run_labels("economies"), inputs.project_rows(),
    )  # fmt: skip
    figures.add("gain", abs(gain), "USD million", origin)
    figures.add("gain_pct", abs(100.0 * gain / gdp), "% of GDP", origin)
    trade = float(cell(total, inputs.reference.name, "trade_musd"))
    runs = inputs.run_labels("economies")
    alone = Origin("the same in trade and freight, at the cost of electricity of the baseline", runs)
    rest = Origin("effect with the cost of electricity of each run, less that with the baseline's", runs)
    figures.add("gain_rest", trade, "USD million", alone, sign=True)
    figures.add("gain_power", gain - trade, "USD million", rest, sign=True)
    return {"is_gain": gain >= 0.0, "is_material": abs(100.0 * gain / gdp) >= RESOLUTION_PCT}


def _range(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the minimum and maximum of the effect over scenarios, over assumptions, and over both."""
    runs = tuple(label for scenario in inputs.scenarios for label in inputs.run_labels("economies", scenario))
    values = {"scenarios": inputs.effects.groupby("scenario")["gain_musd"].sum().tolist()}
    sets = {"scenarios": format_count(len(inputs.scenarios), "scenario")}
    if inputs.sensitivity is not None:
        ends = inputs.sensitivity[["low_musd", "high_musd"]].to_numpy(dtype=float)
        values["assumptions"] = [*ends[np.isfinite(ends)].tolist(), float(inputs.effect()["gain_musd"].sum())]
        varied = int(np.isfinite(ends).any(axis=1).sum())
        sets["assumptions"] = f"{format_count(varied, 'assumption')} set low and high, one at a time"
    is_range = {}
    union = [value for each in values.values() for value in each]
    for name, each in {"uncertainty": union, **values}.items():
        over = sets.get(name) or " and ".join(sets.values())
        origin = Origin(f"minimum and maximum of the effect over {over}", runs if name == "scenarios" else ())
        low, high = min(each), max(each)
        figures.add(f"gain_{name}_low", low, "USD million", origin)
        text = format_range(low, high, "USD million")
        is_range[name] = " to " in text
        figures.add(f"gain_{name}_high", high, "USD million", origin, text=text)
    if len(inputs.scenarios) == 1:
        del sets["scenarios"]
    return {"sets": sets, "is_range": is_range, "has_range": is_range["uncertainty"]}


def _extremes(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the countries with the largest gain and the largest loss relative to GDP."""
    own = inputs.effect()
    context: dict[str, Any] = {}
    for word, code in (("most", own["gdp_pct"].idxmax()), ("least", own["gdp_pct"].idxmin())):
        row = own.to_dict("index")[str(code)]
        origin = Origin(
            f"real spending in {row['name']} with the plan minus the baseline, relative to its GDP",
            inputs.run_labels("economies"), (f"economies/{code}",),
        )  # fmt: skip
        share = float(row["gdp_pct"])
        figures.add(f"{word}_pct", share, "% of GDP", origin, sign=True)
        figures.add(f"{word}_musd", float(row["gain_musd"]), "USD million", origin, sign=True)
        context[f"{word}_name"] = str(row["name"])
        is_material = share > RESOLUTION_PCT if word == "most" else share < -RESOLUTION_PCT
        context[f"has_{word}"] = is_material and len(own) > 1
    return context | _lost_exports(str(own["gdp_pct"].idxmin()), inputs, figures)


def _lost_exports(home: str, inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the decrease of a country's electricity export earnings, and if it explains most of its loss."""
    row = inputs.effect().to_dict("index")[home]
    earned = [
        float(table.set_index("iso3")["export_earnings_musd"].get(home, 0.0))
        for table in inputs.tables("power_countries")
    ]
    lost = earned[0] - earned[1]
    origin = Origin(
        f"decrease of the electricity export earnings of {row['name']}", inputs.run_labels("power_countries")
    )
    figures.add("least_earned", lost, "USD million", origin)
    return {"least_exports_less": float(row["power_musd"]) < 0.5 * float(row["gain_musd"]) and lost > 0.0}


def _corridor(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add the corridor with the largest effect on the region's trade."""
    baseline, plan = (table.set_index("corridor") for table in inputs.tables("corridors"))
    effect = plan["home_t"] - baseline["home_t"]
    code = str(effect.abs().idxmax())
    origin = Origin(
        "tonnes of the region's trade through the gates of the corridor",
        inputs.run_labels("corridors"), (f"corridors/{code}",),
    )  # fmt: skip
    effect_mt = convert(abs(float(effect[code])), "t/a", "Mt/a")
    figures.add("corridor_change", effect_mt, "Mt/a", origin)
    plan_mt = convert(float(cell(plan, code, "home_t")), "t/a", "Mt/a")
    figures.add("corridor_after", plan_mt, "Mt/a", origin)
    figures.add("corridor_share", float(cell(plan, code, "home_share_pct")), "%", origin)
    return {
        "corridor": str(cell(plan, code, "name")),
        "corridor_gains": float(effect[code]) > 0.0,
        "corridor_is_new": float(cell(baseline, code, "home_t")) == 0.0,
        "corridor_is_material": effect_mt >= MATERIAL_MT,
    }


def _electricity(inputs: BriefInputs, figures: Figures) -> dict[str, Any]:
    """Add unserved energy and the effect on emissions of power plants."""
    baseline, plan = (
        table[table["iso3"].isin(inputs.homes)][["unserved_gwh", "co2_mt"]].sum()
        for table in inputs.tables("power_countries")
    )
    origin = Origin("unserved energy of the year", inputs.run_labels("power_unserved"))
    figures.add("unserved_before", float(baseline["unserved_gwh"]), "GWh/a", origin)
    figures.add("unserved_after", float(plan["unserved_gwh"]), "GWh/a", origin)
    emissions = Origin("carbon dioxide emissions of power plants", inputs.run_labels("power_countries"))
    effect = float(plan["co2_mt"] - baseline["co2_mt"])
    figures.add("co2_change", abs(effect), "Mt/a", emissions)
    unserved = max(float(baseline["unserved_gwh"]), float(plan["unserved_gwh"]))
    return {
        "co2_falls": effect < 0.0,
        "has_unserved": unserved >= MATERIAL_GWH,
        "co2_is_material": abs(effect) >= MATERIAL_MT,
    }


def _largest_loss(inputs: BriefInputs) -> dict[str, str]:
    """Return the country that would lose most from the withdrawal of one partner, and the partner.

    The figures are those of the section on dependence.
    """
    if inputs.dependence is None:
        return {}
    late = inputs.dependence.at(inputs.dependence.horizons[-1])
    headline = late.plan.headline
    own = headline[headline["home"].isin(inputs.homes)].sort_values("worst_pct", ascending=False)
    row = own.to_dict("records")[0]
    partners = inputs.dependence.plan.partners
    return {
        "home": str(row["home"]), "country": str(row["name"]), "partner": partners[str(row["worst_partner"])],
        "horizon": next(iter(late.plan.horizons.values())),
    }  # fmt: skip


def _npv_musd(inputs: BriefInputs) -> float:
    """Return the net present value at the middle discount rate, as in the section on finance."""
    appraisal = inputs.finance["appraisal"]
    return float(appraisal["npv_musd"].iloc[len(appraisal) // 2])
