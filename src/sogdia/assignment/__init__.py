"""Network assignment as a library: networks, demand, equilibria, path sets, formats; it knows no region."""

from sogdia.assignment.assign import assign, capacity_value
from sogdia.assignment.demand import Demand, make_demand
from sogdia.assignment.formats import (
    read_gmns,
    read_omx,
    read_tntp,
    read_tntp_flows,
    write_gmns,
    write_omx,
    write_tntp,
    write_tntp_flows,
)
from sogdia.assignment.network import Network, make_network
from sogdia.assignment.results import AssignmentResult
from sogdia.assignment.settings import AssignmentSettings

__all__ = [
    "AssignmentResult",
    "AssignmentSettings",
    "Demand",
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
