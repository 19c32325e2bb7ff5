"""Show the effect of the plan on transit income, apart from real spending."""

from __future__ import annotations

import pandas as pd

from sogdia.report.figures import Origin
from sogdia.report.inputs import BriefInputs
from sogdia.report.parts import Column, Table
from sogdia.report.wording import MUSD_A

INCOMES = ("income_musd", "income_low_musd", "income_high_musd")


def transit_effect(inputs: BriefInputs) -> pd.DataFrame:
    """Return the effect of the plan on transit income under the reference scenario.

    Returns:
        ``name``, ``income_musd_baseline``, ``income_musd_plan``, ``effect_musd``, and its ``min`` and ``max``
        over the values of ``transit_costs``, each the same in the baseline and with the plan; by country.
    """
    sums = [
        table.groupby("territory")[list(INCOMES)].sum().reindex(list(inputs.homes), fill_value=0.0)
        for table in inputs.tables("transit_income")
    ]
    effects = sums[1] - sums[0]
    return pd.DataFrame(
        {
            "name": inputs.names_of(inputs.homes),
            "income_musd_baseline": sums[0]["income_musd"],
            "income_musd_plan": sums[1]["income_musd"],
            "effect_musd": effects["income_musd"],
            "min": effects.min(axis=1),
            "max": effects.max(axis=1),
        }
    )


def transit_table(inputs: BriefInputs) -> Table:
    """Return the table of transit income; it has no rows if the pack has no costs of transit."""
    costs = inputs.case.table("transit_costs")
    frame = transit_effect(inputs).iloc[: None if len(costs) else 0]
    columns = (
        Column("name", "Country"),
        Column("income_musd_baseline", "Transit income, baseline", MUSD_A, "number", 0),
        Column("income_musd_plan", "plan", MUSD_A, "number", 0),
        Column("effect_musd", "effect", MUSD_A, "effect", 1),
        Column("min", "minimum", MUSD_A, "effect", 1),
        Column("max", "maximum", MUSD_A, "effect", 1),
    )
    rows = tuple(f"transit_costs/{key}" for key in costs.index)
    origin = Origin("receipts less avoidable cost", inputs.run_labels("transit_income"), rows)
    note = (
        "Transit income is what carriers, operators and public bodies of a country receive for freight that "
        "passes it without starting or ending there, less the cost of carrying that freight. It is not part "
        "of real spending; benefit and cost have it as a line of its own. The range follows from "
        "the share of charges that the country keeps and from the avoidable cost, both mostly assumed. "
        "Pipelines are not included."
    )
    return Table("transit_income", "Effect of the plan on transit income", columns, frame, origin, note)
