"""Samples of the unit cube, and draws of a region's groups."""

from __future__ import annotations

import numpy as np
import pytest

from sogdia import Region
from sogdia.errors import InputError
from sogdia.uncertainty.sampling import draw_samples, unit_sample


@pytest.mark.parametrize("method", ["lhs", "sobol"])
def test_each_interval_of_each_dimension_has_one_point(method: str) -> None:
    points = unit_sample(16, 5, 4, method)  # type: ignore[arg-type]
    for column in points.T:
        assert sorted(np.floor(column * 16).astype(int)) == list(range(16))


def test_first_half_of_a_sobol_sequence_is_the_shorter_one() -> None:
    assert unit_sample(32, 6, 9, "sobol")[:16].tolist() == unit_sample(16, 6, 9, "sobol").tolist()


def test_seed_decides_the_points() -> None:
    assert unit_sample(8, 2, 1).tolist() == unit_sample(8, 2, 1).tolist()
    assert unit_sample(8, 2, 1).tolist() != unit_sample(8, 2, 2).tolist()


def test_group_without_a_common_part_has_the_median_and_no_dimension(isles: Region) -> None:
    draws, spare = draw_samples(isles, 8, 1, spare=1)
    assert [draw.sample for draw in draws] == list(range(1, 9))
    scores = [dict(draw.scores) for draw in draws]
    assert {score["dwell"] for score in scores} == {0.5}
    assert len({score["growth"] for score in scores}) == 8
    assert spare.shape == (8, 1)


@pytest.mark.parametrize(
    ("samples", "method", "words"),
    [
        (0, "lhs", "0 is not from 1 to 131,072"),
        (10**9, "lhs", "1,000,000,000 is not from 1 to"),
        (12, "sobol", "expected 16"),
        (8, "grid", "'grid' is not known"),
    ],
)
def test_sample_that_cannot_be_drawn_is_refused(samples: int, method: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        unit_sample(samples, 2, 1, method)  # type: ignore[arg-type]
