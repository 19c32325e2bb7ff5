"""A case on the network and the demand of another is the case built from nothing."""

from __future__ import annotations

import numpy as np
import pytest

from freight.borderland import changed, with_rows
from sogdia import Case
from sogdia.freight import Supernetwork, build_supernetwork
from sogdia.freight.variant import variant_of

KEYS = ["origin", "destination", "class"]
BAN = {
    "key": "new", "scope": "territory", "subject": "XAB", "mode": "any", "users": "XAC", "from_year": 2000,
    "to_year": None,
}  # fmt: skip


@pytest.fixture(scope="module")
def known(borderland: Case) -> Supernetwork:
    return build_supernetwork(borderland)


def barred(case: Case) -> Case:
    columns = case.table("restrictions").reset_index().columns
    return with_rows(case, "restrictions", [{name: BAN.get(name) for name in columns} | BAN], "key")


def shut(case: Case) -> Case:
    return changed(case, {("links", "road_b_c", "status"): "suspended"})


@pytest.mark.parametrize("edit", [barred, shut, lambda case: shut(barred(case))])
def test_it_is_the_case_built_from_nothing(borderland: Case, known: Supernetwork, edit: object) -> None:
    assert callable(edit)
    case = edit(borderland)
    soon, anew = variant_of(known, case), build_supernetwork(case)
    assert soon is not None
    assert soon.network.arcs.equals(anew.network.arcs)
    first, second = (s.demand.table.sort_values(KEYS, ignore_index=True) for s in (soon, anew))
    assert first.equals(second)
    assert soon.demand.classes == anew.demand.classes
    assert soon.classes.equals(anew.classes)
    assert soon.nodes.equals(anew.nodes)
    assert soon.demand.extra is not None
    assert anew.demand.extra is not None
    assert np.array_equal(soon.demand.extra, anew.demand.extra)
    assert np.array_equal(soon.demand.worth, anew.demand.worth)
    assert soon.flows["class"].tolist() == anew.flows["class"].tolist()
    assert soon.remarks == anew.remarks
    assert soon.demand.table[KEYS[:2]].equals(known.demand.table[KEYS[:2]])


def test_restrictions_make_classes_of_their_own(borderland: Case, known: Supernetwork) -> None:
    soon = variant_of(known, barred(borderland))
    assert soon is not None
    assert len(soon.demand.classes) > len(known.demand.classes)


def test_other_trade_is_no_variant(borderland: Case, known: Supernetwork) -> None:
    row = str(borderland.table("trade").index[0])
    assert variant_of(known, changed(borderland, {("trade", row, "value_musd"): 77.0})) is None
