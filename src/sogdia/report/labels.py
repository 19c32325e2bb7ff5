"""Where labels stand so that none hides another."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
"""Left, bottom, right, top."""


@dataclass(frozen=True)
class Wanted:
    """A label that wants a place.

    Attributes:
        x: Point it belongs to.
        y: Likewise.
        width: Size of its text.
        height: Likewise.
        gap: Distance from the point; below 0 the label stands on it, as the name of a country does.
    """

    x: float
    y: float
    width: float
    height: float
    gap: float


def overlaps(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(box: Box, frame: Box) -> bool:
    """Whether a box lies in a frame."""
    return box[0] >= frame[0] and box[1] >= frame[1] and box[2] <= frame[2] and box[3] <= frame[3]


def candidates(label: Wanted) -> list[Box]:
    """Boxes around the point, best first: right, left, above, below, then the corners (Imhof 1975)."""
    x, y, w, h, g = label.x, label.y, label.width, label.height, label.gap
    if g < 0.0:
        steps = [(0, 0), (0, 1), (0, -1), (0.4, 0), (-0.4, 0), (0.4, 1), (-0.4, 1), (0.4, -1), (-0.4, -1)]
        middles = [(x + a * w - w / 2, y + b * h * 1.2 - h / 2) for a, b in steps]
        return [(left, bottom, left + w, bottom + h) for left, bottom in middles]
    corners = [
        (x + g, y - h / 2),
        (x - g - w, y - h / 2),
        (x - w / 2, y + g),
        (x - w / 2, y - g - h),
        (x + g, y + g / 2),
        (x + g, y - g / 2 - h),
        (x - g - w, y + g / 2),
        (x - g - w, y - g / 2 - h),
    ]
    return [(left, bottom, left + w, bottom + h) for left, bottom in corners]


def placed(labels: Sequence[Wanted], frame: Box, taken: Iterable[Box] = ()) -> list[Box | None]:
    """A box for each label, the first ones first; ``None`` where none is free.

    Args:
        labels: Labels, the most important first.
        frame: Where they must lie.
        taken: Boxes that are in use, such as markers.
    """
    used = list(taken)
    boxes: list[Box | None] = []
    for label in labels:
        free = (
            box
            for box in candidates(label)
            if inside(box, frame) and not any(overlaps(box, other) for other in used)
        )
        box = next(free, None)
        boxes.append(box)
        if box is not None:
            used.append(box)
    return boxes
