"""How goods of a region choose between paths: scales, who shares paths, and which paths are sought."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.assign import LogitInputs
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints
from sogdia.assignment.path_sets import PathRules
from sogdia.assignment.settings import AssignmentSettings
from sogdia.freight.supernetwork import Supernetwork
from sogdia.freight.supernetwork.constants import thetas

SETTINGS = AssignmentSettings(algorithm="sue", gap=1e-4, paths=8)
"""Settings of the region's assignment."""
RULES = PathRules(rounds=4, trees=6, penalty=0.05, tolerance=0.02)
"""How the region's paths are generated: trees by costs and penalties, and one for each mask below."""


def choice_inputs(supernetwork: Supernetwork) -> LogitInputs:
    """What the logit assignment of a region is told beyond its settings.

    Classes share paths when cargo, restrictions and pipelines open to them are the same. Labelled paths
    avoid the line-haul of a mode or the gates of a corridor, so that each has a rival. Paths that queues
    make the cheapest are added: without them goods cannot turn from a full crossing.

    Args:
        supernetwork: The case as network and demand.

    Returns:
        Scales θ by class, one over USD/t, (K,); geometry groups; masks of arcs to avoid; rules.
    """
    return LogitInputs(
        theta=theta_of(supernetwork),
        geometry=_geometry(supernetwork),
        avoid=_avoid(supernetwork),
        rules=RULES,
    )


def theta_of(supernetwork: Supernetwork) -> Floats:
    """Scale θ of each class, one over USD/t, (K,)."""
    commodities = supernetwork.case.table("commodities")
    return thetas(supernetwork.demand.classes, commodities, supernetwork.constants)


def _geometry(supernetwork: Supernetwork) -> Ints:
    """Geometry group of each class, (K,)."""
    cargo = supernetwork.case.table("commodities")["cargo"].to_dict()
    piped = set(supernetwork.network.arcs["only"])
    keys = []
    for name in supernetwork.demand.classes:
        commodity, _, profile = name.partition("|")
        keys.append(f"{cargo[commodity]}|{profile}|{commodity if commodity in piped else ''}")
    codes, _ = pd.factorize(np.array(keys, dtype=object), sort=True)
    return np.ascontiguousarray(codes, dtype=np.int32)


def _avoid(supernetwork: Supernetwork) -> Mapping[str, Bools]:
    """Masks of arcs (A,): line-haul of each mode, gates of each corridor."""
    arcs = supernetwork.network.arcs
    hauled = (arcs["kind"] == "haul").to_numpy(dtype=bool)
    masks: dict[str, Bools] = {}
    for mode in sorted(set(arcs.loc[hauled, "mode"])):
        masks[f"mode {mode}"] = hauled & (arcs["mode"] == mode).to_numpy(dtype=bool)
    rows = [set(cell.split(";")) for cell in arcs["rows"]]
    for key, gates in supernetwork.case.table("corridors")["gates"].items():
        wanted = {f"links/{link}" for link in str(gates).split(";")}
        masks[f"corridor {key}"] = np.array([bool(wanted & cell) for cell in rows], dtype=np.bool_)
    return {name: mask for name, mask in masks.items() if mask.any()}
