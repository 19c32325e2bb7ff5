"""Rules between rows and between tables, one module per subject.

A rule is a function of all tables that yields errors. To add one, write it in the module of its subject
and enter it in :data:`RULES` with the tables that it reads.
"""

from __future__ import annotations

from sogdia.region.rules.base import Rule
from sogdia.region.rules.capacities import check_capacities
from sogdia.region.rules.charges import check_active_rates, check_one_price, check_transit_rates
from sogdia.region.rules.contracts import check_contracts
from sogdia.region.rules.edits import check_effects, check_planned_rows, check_variants
from sogdia.region.rules.finance import check_company_shares, check_customs_unions, check_owner_payments
from sogdia.region.rules.gas_routes import check_gas_route_ends, check_gas_routes
from sogdia.region.rules.geography import check_link_lengths
from sogdia.region.rules.hard_capacities import check_capacity_owners, check_hard_capacities
from sogdia.region.rules.networks import (
    check_borders,
    check_domestic_traffic,
    check_islands,
    check_pipeline_lengths,
    check_stations,
    check_zone_access,
)
from sogdia.region.rules.partners import check_exposure_shares, check_partner_members
from sogdia.region.rules.power import (
    check_availability,
    check_cascades,
    check_gas_limits,
    check_hourly_series,
    check_releases,
    check_withdrawals,
)
from sogdia.region.rules.provenance import check_basis_notes, check_country_codes
from sogdia.region.rules.ranges import check_assumption_ranges
from sogdia.region.rules.references import (
    check_home_group,
    check_references,
    check_restriction_subjects,
)
from sogdia.region.rules.seasons import check_seasons
from sogdia.region.rules.sectors import (
    check_elasticities,
    check_entrepot,
    check_home_sectors,
    check_income_transfers,
    check_input_shares,
    check_sector_adjustments,
    check_sector_outputs,
    check_sector_tables,
    check_sector_tariffs,
    check_specific_factors,
)
from sogdia.region.rules.sense import PEERS, check_economy_figures, check_peers
from sogdia.region.rules.shares import check_zone_shares, check_zones_of_economies
from sogdia.region.rules.sizes import (
    FREIGHT_TABLES,
    check_freight_sizes,
    check_pipeline_detours,
    check_power_sizes,
    check_trade_sizes,
)
from sogdia.region.rules.studies import check_studies
from sogdia.region.rules.time import check_dates, check_growth_spans, check_year_order
from sogdia.region.rules.trade import check_domestic_sales, check_trade_totals, check_unit_values
from sogdia.region.rules.transit import check_transit_costs
from sogdia.region.rules.uncertainty import check_uncertainty_rules
from sogdia.region.rules.units import check_units
from sogdia.tables import table_schemas

_ALL = frozenset(table_schemas())
_NETWORKS = ("pipelines", "economies", "parties")

RULES: tuple[Rule, ...] = (
    Rule(_ALL, check_references),
    Rule(frozenset({"restrictions", "parties", "places", "links"}), check_restriction_subjects),
    Rule(frozenset({"economies"}), check_home_group),
    Rule(frozenset({"economies"}), check_economy_figures),
    Rule(frozenset({name for name, _, _ in PEERS}), check_peers),
    Rule(frozenset({*FREIGHT_TABLES, "trade"}), check_freight_sizes),
    Rule(frozenset({"trade", "commodities", "economies"}), check_trade_sizes),
    Rule(frozenset({"plants", "economies"}), check_power_sizes),
    Rule(frozenset({"pipelines", "places"}), check_pipeline_detours),
    Rule(_ALL, check_basis_notes),
    Rule(_ALL, check_units),
    Rule(frozenset({"parties"}), check_country_codes),
    Rule(frozenset({"zones"}), check_zone_shares),
    Rule(frozenset({"zones", "economies"}), check_zones_of_economies),
    Rule(frozenset({"links", "places"}), check_link_lengths),
    Rule(frozenset({"zones", "links", "places"}), check_zone_access),
    Rule(frozenset({"links", "islands"}), check_islands),
    Rule(frozenset({"pipelines", "commodities"}), check_pipeline_lengths),
    Rule(frozenset({"capacities", "links", "crossings", "transfers"}), check_capacities),
    Rule(
        frozenset(
            {
                "hard_capacities",
                "capacity_owners",
                "capacities",
                "pipelines",
                "links",
                "crossings",
                "transfers",
                "economies",
            }
        ),
        check_hard_capacities,
    ),
    Rule(frozenset({"capacity_owners"}), check_capacity_owners),
    Rule(frozenset({"domestic_traffic", "places"}), check_domestic_traffic),
    Rule(frozenset({"links", "places", "crossings", "transfers"}), check_stations),
    Rule(frozenset({"links", "places", "crossings", "economies", "parties"}), check_borders),
    Rule(_ALL, check_effects),
    Rule(_ALL, check_variants),
    Rule(_ALL, check_planned_rows),
    Rule(frozenset({"projects", "restrictions"}), check_year_order),
    Rule(frozenset({"policy_events", "sources"}), check_dates),
    Rule(frozenset({"growth", "economies"}), check_growth_spans),
    Rule(frozenset({"trade", "economies"}), check_domestic_sales),
    Rule(frozenset({"trade", "commodities"}), check_trade_totals),
    Rule(frozenset({"unit_values"}), check_unit_values),
    Rule(frozenset({"sectors", "sector_flows", "sector_outputs", "elasticities"}), check_sector_tables),
    Rule(frozenset({"sector_outputs", "sector_flows"}), check_sector_outputs),
    Rule(frozenset({"input_shares", "sector_outputs", "sector_flows"}), check_input_shares),
    Rule(frozenset({"sector_flows", "sectors"}), check_home_sectors),
    Rule(frozenset({"elasticities", "sectors"}), check_elasticities),
    Rule(frozenset({"sector_tariffs"}), check_sector_tariffs),
    Rule(frozenset({"entrepot", "sector_flows"}), check_entrepot),
    Rule(frozenset({"specific_factors", "sector_outputs", "economies"}), check_specific_factors),
    Rule(frozenset({"income_transfers"}), check_income_transfers),
    Rule(
        frozenset({"sector_adjustments", "sector_flows", "sector_outputs", "input_shares"}),
        check_sector_adjustments,
    ),
    Rule(
        frozenset(
            {
                "sector_flows",
                "sectors",
                "sector_commodities",
                "gas_routes",
                "pipelines",
                "economies",
                "parties",
            }
        ),
        check_gas_routes,
    ),
    Rule(frozenset({"gas_routes"}), check_gas_route_ends),
    Rule(frozenset({"rates"}), check_active_rates),
    Rule(frozenset({"rates", "crossings"}), check_one_price),
    Rule(frozenset({"rates", "places"}), check_transit_rates),
    Rule(frozenset({"crossings"}), check_seasons),
    Rule(frozenset({"transit_costs"}), check_transit_costs),
    Rule(frozenset({"assumption_ranges", "power_costs", "variants"}), check_assumption_ranges),
    Rule(_ALL, check_uncertainty_rules),
    Rule(frozenset({"studies"}), check_studies),
    Rule(frozenset({"power_contracts", "interconnectors"}), check_contracts),
    Rule(frozenset({"power_hourly"}), check_hourly_series),
    Rule(frozenset({"power_availability"}), check_availability),
    Rule(frozenset({"power_gas_limits"}), check_gas_limits),
    Rule(frozenset({"power_releases"}), check_releases),
    Rule(frozenset({"power_withdrawals"}), check_withdrawals),
    Rule(frozenset({"power_cascades", "plants"}), check_cascades),
    Rule(frozenset({"partners"}), check_partner_members),
    Rule(frozenset({"partner_exposure"}), check_exposure_shares),
    Rule(frozenset({"company_shares"}), check_company_shares),
    Rule(frozenset({"customs_unions"}), check_customs_unions),
    Rule(frozenset({"owner_payments"}), check_owner_payments),
)
"""Every rule, with the tables that it needs."""

__all__ = ["RULES", "Rule"]
