"""Route choice of a region's freight: logit scales, classes that share paths, masks of arcs to avoid."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from sogdia.assignment.assign import LogitInputs
from sogdia.assignment.kernels.arrays import Bools, Floats, Ints
from sogdia.freight.inputs import Supernetwork
from sogdia.freight.settings import PATH_RULES
from sogdia.freight.supernetwork.arcs import HAUL
from sogdia.freight.supernetwork.constants import thetas
from sogdia.freight.supernetwork.restrictions import CLASS_COLUMNS
from sogdia.tables import list_items


def choice_inputs(supernetwork: Supernetwork) -> LogitInputs:
    """Return the inputs of a region's logit assignment beyond its settings.

    Classes share paths when cargo type, restrictions, tariffs of transit and pipelines open to them are the
    same. Labelled paths avoid the line-haul of a mode or the gates of a corridor, so that each has an
    alternative. Paths that delays make the least-cost ones are added: otherwise flow cannot divert from a
    congested crossing.

    Args:
        supernetwork: Network and demand of a case.

    Returns:
        Scales θ by class, one over USD/t, (K,); OD group numbers; masks of arcs to avoid; rules.
    """
    return LogitInputs(
        theta=theta_of(supernetwork),
        group_of_class=_group_of_class(supernetwork),
        avoid=_avoid(supernetwork),
        rules=PATH_RULES,
    )


def theta_of(supernetwork: Supernetwork) -> Floats:
    """Return the logit scale θ of each class, one over USD/t, (K,)."""
    commodities = supernetwork.case.table("commodities")
    classes = supernetwork.commodities_of(supernetwork.demand.classes)
    return thetas(classes, commodities, supernetwork.constants)


def _group_of_class(supernetwork: Supernetwork) -> Ints:
    """Return the class group of each class, (K,): classes of one group share paths."""
    cargo = supernetwork.case.table("commodities")["cargo"].to_dict()
    piped = set(supernetwork.network.arcs["commodity"])
    classes = supernetwork.classes.loc[list(supernetwork.demand.classes)]
    keys = [
        f"{cargo[commodity]}|{restrictions}|{tariffs}|{commodity if commodity in piped else ''}"
        for commodity, restrictions, tariffs, _ in classes[list(CLASS_COLUMNS)].itertuples(index=False)
    ]
    codes, _ = pd.factorize(np.array(keys, dtype=object), sort=True)
    return np.ascontiguousarray(codes, dtype=np.int32)


def gate_mask(supernetwork: Supernetwork, gates: str) -> Bools:
    """Return the arcs of a corridor's gates, (A,).

    Args:
        supernetwork: Network and demand of a case.
        gates: Cell ``gates`` of ``corridors``: links, with ``;`` between.
    """
    return supernetwork.network.arcs["link_id"].isin(list_items(gates)).to_numpy(dtype=np.bool_)


def _avoid(supernetwork: Supernetwork) -> Mapping[str, Bools]:
    """Return masks of arcs (A,): line-haul of each mode, gates of each corridor."""
    arcs = supernetwork.network.arcs
    is_haul = (arcs["kind"] == HAUL).to_numpy(dtype=bool)
    masks: dict[str, Bools] = {}
    for mode in sorted(set(arcs.loc[is_haul, "mode"])):
        masks[f"mode {mode}"] = is_haul & (arcs["mode"] == mode).to_numpy(dtype=bool)
    for key, gates in supernetwork.case.table("corridors")["gates"].items():
        masks[f"corridor {key}"] = gate_mask(supernetwork, str(gates))
    return {name: mask for name, mask in masks.items() if mask.any()}
