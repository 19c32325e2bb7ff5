"""Place labels so that none covers another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Label:
    """A label to place.

    Attributes:
        x: Point that it names.
        y: Point that it names.
        width: Width of its text.
        height: Height of its text.
        gap: Distance of the text from the point; negative to write over the point, as for a country's name.
    """

    x: float
    y: float
    width: float
    height: float
    gap: float


def overlaps(one: Box, other: Box) -> bool:
    """Return true if two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def is_inside(box: Box, frame: Box) -> bool:
    """Return true if a box lies in a frame."""
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def candidate_boxes(label: Label) -> list[Box]:
    """Return boxes around a point, best first: right, left, above, below, corners (Imhof 1975)."""
    x, y, width, height, gap = label.x, label.y, label.width, label.height, label.gap
    if gap < 0.0:
        steps = [(0, 0), (0, 1), (0, -1), (0.4, 0), (-0.4, 0), (0.4, 1), (-0.4, 1), (0.4, -1), (-0.4, -1)]
        corners = [(x + a * width - width / 2, y + b * height * 1.2 - height / 2) for a, b in steps]
    else:
        corners = [
            (x + gap, y - height / 2),
            (x - gap - width, y - height / 2),
            (x - width / 2, y + gap),
            (x - width / 2, y - gap - height),
            (x + gap, y + gap / 2),
            (x + gap, y - gap / 2 - height),
            (x - gap - width, y + gap / 2),
            (x - gap - width, y - gap / 2 - height),
        ]
    return [(left, bottom, left + width, bottom + height) for left, bottom in corners]


def place_labels(labels: Sequence[Label], frame: Box, occupied: Iterable[Box] = ()) -> list[Box | None]:
    """Place labels one by one, each at its best free box.

    Args:
        labels: Labels, the most important first.
        frame: Box that holds all labels.
        occupied: Boxes in use, such as markers.

    Returns:
        A box for each label; ``None`` if none of its boxes is free.
    """
    used = list(occupied)
    boxes: list[Box | None] = []
    for label in labels:
        free = (
            box
            for box in candidate_boxes(label)
            if is_inside(box, frame) and not any(overlaps(box, other) for other in used)
        )
        box = next(free, None)
        boxes.append(box)
        if box is not None:
            used.append(box)
    return boxes
