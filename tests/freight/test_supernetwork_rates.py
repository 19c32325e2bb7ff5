"""Rates by scope and cargo type."""

from __future__ import annotations

import pytest

from sogdia.freight import Supernetwork

from .networks import only_arc


@pytest.mark.parametrize(
    ("start", "end", "usd_per_tkm"),
    [
        ("a/rail/1520", "ac/rail/1520", 0.04),  # the link's corridor
        ("a/rail/1520", "ab/rail/1520", 0.06),  # the territory
        ("b/rail/1435", "p/rail/1435", 0.07),  # the territory's group
        ("a/road", "ab/road", 0.1),  # any
    ],
)
def test_closest_rate_holds(supernetwork: Supernetwork, start: str, end: str, usd_per_tkm: float) -> None:
    arc = only_arc(supernetwork, start, end)
    assert arc["usd_per_t_container"] == pytest.approx(usd_per_tkm * 110)
    assert arc["usd_per_t_general"] == pytest.approx(usd_per_tkm * 110), "general cargo takes it too"


def test_cargo_type_with_its_own_rate_takes_it_in_every_scope(supernetwork: Supernetwork) -> None:
    arc = only_arc(supernetwork, "a/rail/1520", "ac/rail/1520")
    assert arc["usd_per_t_dry_bulk"] == pytest.approx(0.02 * 110)
    assert arc["usd_per_t_liquid_bulk"] == pytest.approx(0.02 * 110), "liquid bulk takes the rate of dry bulk"
    assert only_arc(supernetwork, "a/road", "ab/road")["usd_per_t_liquid_bulk"] == pytest.approx(0.1 * 110)
    assert (arc["g_co2_per_t_container"], arc["g_co2_per_t_dry_bulk"]) == (20 * 110, 18 * 110)
    home = only_arc(supernetwork, "b/rail/1435", "p/rail/1435")
    assert home["g_co2_per_t_container"] == 20 * 110, "without CO2 in a row the next scope holds"
