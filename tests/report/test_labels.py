"""Placement of labels."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sogdia.report.labels import Label, is_inside, overlaps, place_labels

_BOX = st.tuples(*[st.floats(0, 100)] * 2, st.floats(1, 30), st.floats(1, 10), st.sampled_from([-1.0, 3.0]))


@given(st.lists(_BOX, max_size=12), st.lists(st.tuples(*[st.floats(0, 90)] * 2), max_size=3))
def test_labels_do_not_overlap(sizes: list[tuple[float, ...]], markers: list[tuple[float, float]]) -> None:
    frame = (0.0, 0.0, 100.0, 100.0)
    occupied = [(x, y, x + 8.0, y + 8.0) for x, y in markers]
    labels = [Label(*size) for size in sizes]
    boxes = [box for box in place_labels(labels, frame, occupied) if box is not None]
    assert all(is_inside(box, frame) for box in boxes)
    all_boxes = [*boxes, *occupied]
    for n, box in enumerate(boxes):
        assert not any(overlaps(box, other) for k, other in enumerate(all_boxes) if k != n)
