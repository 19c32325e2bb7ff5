"""Freight of a region: a multimodal, multicommodity network equilibrium on its links and borders."""

from sogdia.freight.comparison import FreightComparison, compare_freight
from sogdia.freight.inputs import FreightNetwork, Supernetwork, build_supernetwork, calibrated_network
from sogdia.freight.lane_costs import lane_costs
from sogdia.freight.link_users import link_commodities, link_users
from sogdia.freight.results import FreightResult
from sogdia.freight.settings import SETTINGS
from sogdia.freight.solve import assign_freight
from sogdia.freight.transit_income import INCOMES, transit_income, transit_income_sums

__all__ = [
    "INCOMES",
    "SETTINGS",
    "FreightComparison",
    "FreightNetwork",
    "FreightResult",
    "Supernetwork",
    "assign_freight",
    "build_supernetwork",
    "calibrated_network",
    "compare_freight",
    "lane_costs",
    "link_commodities",
    "link_users",
    "transit_income",
    "transit_income_sums",
]
