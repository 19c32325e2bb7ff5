"""A case as a supernetwork: places by mode, line-haul, crossings, transfers, access, pipelines."""

from sogdia.freight.supernetwork.build import Supernetwork, build_supernetwork, network_of

__all__ = ["Supernetwork", "build_supernetwork", "network_of"]
