"""Which constants are estimated, and what is believed of each before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sogdia.freight.kernels.arrays import Floats
from sogdia.freight.supernetwork.constants import Constants


@dataclass(frozen=True, slots=True)
class Prior:
    """A constant to be estimated: ``ln value`` is normal about ``ln median`` before.

    Attributes:
        name: Its name in :class:`sogdia.freight.supernetwork.constants.Constants`.
        median: What it is taken for.
        doubt: Standard deviation of the logarithm.
        why: Where median and doubt are from.
    """

    name: str
    median: float
    doubt: float
    why: str


PRIORS: tuple[Prior, ...] = (
    Prior("value_of_time", 1.0, 0.7, "the table's figures are of air against sea and of whole groups"),
    Prior("border_pct", 0.5, 1.0, "nothing read gives it; half a per cent is a broker and a day of risk"),
    Prior("rail", 1.0, 0.3, "rates are of single services and countries"),
    Prior("road", 1.0, 0.3, "rates of the corridor monitoring hold forwarding and outlays at borders"),
    Prior("sea", 1.0, 0.3, "spot rates swing; the row in use is one week of 2020"),
    Prior("ferry", 1.0, 0.5, "judged but for one fare"),
    Prior("handling", 1.0, 0.5, "nearly all judged"),
    Prior("rail_time", 1.2, 0.3, "speeds are of trains under way, without stops at stations"),
    Prior(
        "road_time",
        2.2,
        0.25,
        "speeds are of lorries under way; one driver drives some eleven hours of a day",
    ),
    Prior("dwell_time", 1.0, 0.5, "hours at borders are national averages, those at transfers judged"),
    Prior("theta", 0.05, 1.0, "differences of some 20 USD/t matter to goods of 1,000 USD/t"),
)
"""What the region's calibration estimates."""


def constants_at(x: Floats, priors: Sequence[Prior], base: Constants) -> Constants:
    """Constants where each parameter is ``x`` (N,) of its prior's deviations from the median."""
    values = {p.name: float(p.median * np.exp(p.doubt * step)) for p, step in zip(priors, x, strict=True)}
    return base.model_copy(update=values)
