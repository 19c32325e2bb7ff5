"""Value of a case for each country's electricity supply, in the short run and in the long run.

The annual cost of a country's supply is ``K = C + A + M − E + U``, with C the running cost of its plants, A
the annual cost of new capacity in addition to the plan, M payments for imports, E earnings of exports and U
unserved energy at the value of lost load. The value of a case is ``K_baseline − K_case``:

- long run: new capacity is optimised for the case as for the baseline;
- short run: the case has the new capacity of the baseline.

The cost of the plan's own projects is not in K: it is in the plan's finance. Values follow with and without
the plan, not before and after (*Guidelines for the Economic Analysis of Projects*, 2017).
"""

from __future__ import annotations

import pandas as pd

from sogdia.power.results import PowerResult
from sogdia.tables.results import ResultTable, number, text

POWER_VALUE = ResultTable(
    "power_value",
    "Value for electricity supply",
    "Decrease of the annual cost of a country's electricity supply, with against without the plan.",
    (
        text("iso3", "Country", "Code of the country.", key=True),
        number(
            "long_run_musd",
            "USD million",
            "Value, long run",
            "Decrease of the annual cost of supply; new capacity is optimised for the case.",
        ),
        number(
            "short_run_musd",
            "USD million",
            "Value, short run",
            "Decrease of the annual cost of supply with the new capacity of the baseline.",
        ),
        number(
            "capacity_saved_mw",
            "MW",
            "New capacity saved",
            "New capacity of the baseline in addition to the plan, less that of the case.",
        ),
    ),
)


def supply_cost(result: PowerResult) -> pd.Series[float]:
    """Return the annual cost of each country's supply, K of the module, USD million."""
    table = result.countries.set_index("iso3")
    imports = result.exchanges.groupby("importer")["earned_musd"].sum().reindex(table.index).fillna(0.0)
    cost = table["cost_musd"] + table["unserved_cost_musd"] + imports - table["export_earnings_musd"]
    return cost.astype(float)


def power_value(before: PowerResult, long_run: PowerResult, short_run: PowerResult) -> pd.DataFrame:
    """Return the value of a case by country (:data:`POWER_VALUE`).

    Args:
        before: The baseline.
        long_run: The case, with new capacity of its own.
        short_run: The case, with the new capacity of the baseline.
    """
    cost = supply_cost(before)
    built = {name: result.built.groupby("iso3")["built_mw"].sum() for name, result in
             (("before", before), ("after", long_run))}  # fmt: skip
    saved = built["before"].reindex(cost.index).fillna(0.0) - built["after"].reindex(cost.index).fillna(0.0)
    table = pd.DataFrame(
        {
            "long_run_musd": cost - supply_cost(long_run),
            "short_run_musd": cost - supply_cost(short_run),
            "capacity_saved_mw": saved,
        }
    )
    return POWER_VALUE.frame(table.rename_axis("iso3").reset_index())
