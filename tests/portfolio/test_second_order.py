"""Results of sets to second order: exact for pairs, exact for known sets, and the error otherwise."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from sogdia.portfolio.second_order import Members, SecondOrder

SEEN = (0, 2, 3)


def value(members: Members) -> float:
    """7 without projects; 5, 3 and 2 alone; 0 and 2 are substitutes (-4), all three lose 1 more."""
    alone = {0: 5.0, 2: 3.0, 3: 2.0}
    total = 7.0 + sum(alone[i] for i in members)
    return total - 4.0 * ({0, 2} <= members) - 1.0 * (members == {0, 2, 3})


def results(largest: int) -> dict[Members, np.ndarray]:
    sets = [frozenset(c) for k in range(largest + 1) for c in combinations(SEEN, k)]
    return {members: np.array([value(members)]) for members in sets}


def built(*projects: int) -> np.ndarray:
    return np.isin(np.arange(4), projects)[None]


@pytest.mark.parametrize("projects", [(), (0,), (2,), (0, 2), (2, 3)])
def test_pairs_give_sets_of_two_exactly(projects: tuple[int, ...]) -> None:
    model = SecondOrder.fit(SEEN, results(2))
    change = model.changes(built(*projects), np.ones((1, 4)))
    assert change[0, 0] == pytest.approx(value(frozenset(projects)) - 7.0)


def test_set_of_three_misses_its_third_order_until_it_is_known() -> None:
    model = SecondOrder.fit(SEEN, results(2))
    assert model.changes(built(0, 2, 3), np.ones((1, 4)))[0, 0] == pytest.approx(6.0)
    model.known[frozenset(SEEN)] = np.array([value(frozenset(SEEN))])
    assert model.changes(built(0, 2, 3), np.ones((1, 4)))[0, 0] == pytest.approx(5.0)
    assert model.first_order(frozenset(SEEN))[0] == pytest.approx(17.0)


def test_project_that_the_model_does_not_see_has_no_effect() -> None:
    model = SecondOrder.fit(SEEN, results(3))
    both = np.vstack([built(0, 2), built(0, 1, 2)])
    assert np.ptp(model.changes(both, np.ones((2, 4)))) == 0.0


def test_interaction_lasts_while_both_projects_are_open() -> None:
    model = SecondOrder.fit(SEEN, results(3))
    weights = np.array([[10.0, 1.0, 8.0, 6.0]])
    # 50 + 24 less 4 for the shorter of the two; with the third 12 more, less 1 for the shortest of all.
    assert model.changes(built(0, 2), weights)[0, 0] == pytest.approx(50.0 + 24.0 - 32.0)
    assert model.changes(built(0, 2, 3), weights)[0, 0] == pytest.approx(50.0 + 24.0 + 12.0 - 32.0 - 6.0)
