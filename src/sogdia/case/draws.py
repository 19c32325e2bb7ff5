"""Draw uncertain figures: one sample of an ensemble as edits of tables.

A sample is a part of the reference scenario, so that its baseline and every plan have the same figures
(common random numbers). The score of a group is the quantile of its common deviation. The own deviation of a
row follows from seed, sample, rule and the row's key alone: neither the order of rows nor other rows matter,
nor does the number of samples. Over the samples it is stratified, as in a Latin hypercube: drawn by chance,
the median of a figure that no group has, such as a calibrated constant, was off by a third of its standard
deviation in 16 samples.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import Field, field_validator
from scipy.special import ndtri

from sogdia.case.editor import EditReason, TableEditor
from sogdia.case.model import Model
from sogdia.region.uncertain import TABLE
from sogdia.region.uncertainty_rule import UncertaintyRule

LARGEST_DEVIATION = 3.0
"""Standard deviations at which a draw is cut off."""
STRATA = 16
"""Equal intervals of a quantile of which each block of so many samples has one point each."""
Quantile = Annotated[float, Field(gt=0, lt=1)]


class Draw(Model):
    """One sample of uncertain figures.

    Attributes:
        seed: Seed of the ensemble.
        sample: Number of the sample.
        scores: Group and quantile of its common deviation, sorted by group; figures of other groups keep the
            pack's values.
    """

    seed: Annotated[int, Field(ge=0)]
    sample: Annotated[int, Field(ge=0)]
    scores: tuple[tuple[str, Quantile], ...]

    @field_validator("scores")
    @classmethod
    def _sorted(cls, scores: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
        return tuple(sorted(dict(scores).items()))


def apply_draw(editor: TableEditor, draw: Draw) -> None:
    """Edit the tables to a sample, by the rules of ``uncertainty_rules``.

    A figure v becomes ``v f(z)`` (:mod:`sogdia.region.uncertainty_rule`), z cut off at ±3; no figure exceeds
    the ``most`` of its rule.
    """
    scores = dict(draw.scores)
    for row in editor.frame(TABLE).to_dict("records"):
        rule = UncertaintyRule(row)
        if rule.group in scores:
            _apply_rule(editor, draw, rule, float(ndtri(scores[rule.group])))


def _apply_rule(editor: TableEditor, draw: Draw, rule: UncertaintyRule, z_group: float) -> None:
    frame = editor.frame(rule.table)
    rows = rule.select(frame)
    chosen = frame[rows]
    own = own_deviations(draw, rule.id, rule.draw_keys(chosen))
    z = np.sqrt(rule.common_share) * z_group + np.sqrt(1.0 - rule.common_share) * own
    z = np.clip(z, -LARGEST_DEVIATION, LARGEST_DEVIATION)
    words = f"sample {draw.sample} of seed {draw.seed}: {rule.row['title']}"
    reason = EditReason(f"draw {rule.id}", words, str(rule.row["source"]))
    for field in rule.fields:
        values = chosen[field].to_numpy(dtype=np.float64, na_value=np.nan)
        drawn = rule.factors(rule.deviations(chosen, field), z)
        with np.errstate(divide="ignore", invalid="ignore"):
            # A figure above the limit already keeps its value rather than fall to it.
            limit = np.maximum(1.0, rule.most / np.abs(values))
        factors = np.ones(len(frame))
        factors[rows] = np.where(np.isnan(values), 1.0, np.minimum(drawn, limit))
        editor.scale_each(rule.table, field, factors, "drawn", reason)


def own_deviations(draw: Draw, rule: str, keys: Sequence[str]) -> npt.NDArray[np.float64]:
    """Return the standard normal deviation of each key's own part, (keys,).

    Each block of :data:`STRATA` samples has a quantile in each of as many equal intervals, in an order that
    is random for each key and block; so have as many blocks within each interval (McKay, Beckman & Conover
    1979).
    """
    unique = list(dict.fromkeys(keys))
    block, place = divmod(max(draw.sample - 1, 0), STRATA)
    group, part = divmod(block, STRATA)
    start = f"{draw.seed};{rule};"
    interval = _places([f"{start}{key};{block}" for key in unique], place)
    within = [f"{start}{key};{group};{row}" for key, row in zip(unique, interval.tolist(), strict=True)]
    point = _random_words([f"{draw.seed};{draw.sample};{rule};{key}" for key in unique], 1)[:, 0]
    quantiles = (interval + (_places(within, part) + (point + 0.5) / 2.0**32) / STRATA) / STRATA
    known = dict(zip(unique, ndtri(quantiles).tolist(), strict=True))
    return np.array([known[key] for key in keys], dtype=np.float64)


def _places(texts: Sequence[str], place: int) -> npt.NDArray[np.int64]:
    """Return the place of an element in random orders of :data:`STRATA` elements, one for each text."""
    words = _random_words(texts, STRATA)
    return np.asarray((words < words[:, [place]]).sum(axis=1), dtype=np.int64)


def _random_words(texts: Sequence[str], count: int) -> npt.NDArray[np.uint32]:
    """Return random numbers of 32 bits that each text decides, (texts, count)."""
    digests = (hashlib.blake2b(text.encode(), digest_size=4 * count).digest() for text in texts)
    return np.frombuffer(b"".join(digests), dtype="<u4").reshape(-1, count)
