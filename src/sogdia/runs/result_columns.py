"""Tables of a stored run and their columns, so that a measure that fits none is told before a run is made."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from sogdia.errors import UnknownNameError
from sogdia.runs.indicators import Measure

_TOLD = {
    "economies": (
        "economy name home welfare_pct real_wage_pct terms_of_trade_pct volume_pct wage_hat price_hat "
        "income_before income expenditure_before expenditure imbalance_before imbalance "
        "tariff_revenue_before tariff_revenue domestic_share_before domestic_share group gain_musd "
        "gdp_pct"
    ),
    "flows": ("exporter importer commodity before_musd after_musd change_musd change_pct before_t after_t"),
    "costs": (
        "exporter importer commodity value_usd_per_t before_usd_per_t after_usd_per_t closed_share "
        "policy_pct tariff_pct nontariff_hat cut_off cost_hat"
    ),
    "corridors": "corridor name tonnes share_pct home_t home_share_pct",
    "bottlenecks": "group territory kind row place tonnes capacity_t delay_h v_c tonne_hours",
    "transit": "territory transit_t home_t tonne_km usd",
    "stations": "place country kind mode from_mode to_mode tonnes capacity_t queue_h",
    "undelivered": "exporter importer commodity in_base tonnes value_musd",
    "power_countries": (
        "iso3 demand_gwh generation_gwh imports_gwh exports_gwh net_imports_gwh unserved_gwh "
        "curtailed_gwh co2_mt lifecycle_ghg_mt cost_musd price_usd_per_mwh export_earnings_musd"
    ),
    "power_generation": (
        "zone iso3 carrier capacity_mw generation_gwh available_gwh co2_mt curtailed_gwh capacity_factor"
    ),
    "power_flows": "line from_bus to_bus capacity_mw sent_gwh received_gwh full_h earned_musd",
    "power_unserved": "zone iso3 unserved_gwh unserved_h worst_mw",
    "power_exchanges": "exporter importer sent_gwh received_gwh earned_musd",
    "power_prices": "bus iso3 price_usd_per_mwh least_usd_per_mwh most_usd_per_mwh",
    "power_link": ("economy served_gwh before_usd_per_mwh after_usd_per_mwh sales_musd share_pct cost_hat"),
    "rules": "rule economy sector value meaning",
    "convergence": "model measure residual target iterations",
    "links": (
        "link from to mode length_km tonnes forward_t back_t capacity_t v_c from_lon from_lat to_lon to_lat"
    ),
    "journeys": (
        "from to corridor name days usd_per_teu length_km changes borders co2_kg_per_t observed_days "
        "observed_usd"
    ),
    "changes": "cause table field action value rows first_row reason source",
}
RESULT_COLUMNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {name: tuple(columns.split()) for name, columns in _TOLD.items()}
)
"""Columns of each table of a run of a study; a test holds them against a run."""


def check_measure(measure: Measure) -> None:
    """See whether a measure reads what runs have.

    Raises:
        UnknownNameError: If there is no such table or column.
    """
    if measure.table not in RESULT_COLUMNS:
        raise UnknownNameError("table of the results", measure.table, RESULT_COLUMNS)
    columns = RESULT_COLUMNS[measure.table]
    for column in (measure.column, *measure.where, *([] if measure.by is None else [measure.by])):
        if column not in columns:
            raise UnknownNameError(f"column of the table {measure.table}", column, columns)
