"""Freight: a multimodal, multicommodity network equilibrium."""

from sogdia.freight.assign import assign, capacity_value
from sogdia.freight.formats import (
    read_gmns,
    read_omx,
    read_tntp,
    read_tntp_flows,
    write_gmns,
    write_omx,
    write_tntp,
    write_tntp_flows,
)
from sogdia.freight.model import Demand, Network, make_demand, make_network
from sogdia.freight.results import FreightResult
from sogdia.freight.settings import AssignSettings

__all__ = [
    "AssignSettings",
    "Demand",
    "FreightResult",
    "Network",
    "assign",
    "capacity_value",
    "make_demand",
    "make_network",
    "read_gmns",
    "read_omx",
    "read_tntp",
    "read_tntp_flows",
    "write_gmns",
    "write_omx",
    "write_tntp",
    "write_tntp_flows",
]
