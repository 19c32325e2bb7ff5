"""Parts of the supernetwork: nodes, line-haul, crossings, transfers, access, pipelines, demand, constants."""
