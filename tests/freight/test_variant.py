"""A variant of a supernetwork equals the supernetwork built from the tables."""

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


def restricted(case: Case) -> Case:
    columns = case.table("restrictions").reset_index().columns
    return with_rows(case, "restrictions", [{name: BAN.get(name) for name in columns} | BAN], "key")


def closed(case: Case) -> Case:
    return changed(case, {("links", "road_b_c", "status"): "suspended"})


@pytest.mark.parametrize("edit", [restricted, closed, lambda case: closed(restricted(case))])
def test_variant_equals_a_new_supernetwork(borderland: Case, known: Supernetwork, edit: object) -> None:
    assert callable(edit)
    case = edit(borderland)
    variant, rebuilt = variant_of(known, case), build_supernetwork(case)
    assert variant is not None
    assert variant.network.arcs.equals(rebuilt.network.arcs)
    first, second = (s.demand.table.sort_values(KEYS, ignore_index=True) for s in (variant, rebuilt))
    assert first.equals(second)
    assert variant.demand.classes == rebuilt.demand.classes
    assert variant.classes.equals(rebuilt.classes)
    assert variant.nodes.equals(rebuilt.nodes)
    assert variant.demand.class_cost is not None
    assert rebuilt.demand.class_cost is not None
    assert np.array_equal(variant.demand.class_cost, rebuilt.demand.class_cost)
    assert np.array_equal(variant.demand.value_of_time, rebuilt.demand.value_of_time)
    assert variant.flows["class"].tolist() == rebuilt.flows["class"].tolist()
    assert variant.remarks == rebuilt.remarks
    assert variant.demand.table[KEYS[:2]].equals(known.demand.table[KEYS[:2]])


def test_restrictions_add_classes(borderland: Case, known: Supernetwork) -> None:
    variant = variant_of(known, restricted(borderland))
    assert variant is not None
    assert len(variant.demand.classes) > len(known.demand.classes)


def test_case_with_other_trade_has_no_variant(borderland: Case, known: Supernetwork) -> None:
    row = str(borderland.table("trade").index[0])
    assert variant_of(known, changed(borderland, {("trade", row, "value_musd"): 77.0})) is None
