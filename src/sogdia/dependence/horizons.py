"""Horizons of a withdrawal: the first year after it, and the tenth.

In the first year buyers and sellers have few alternatives (short-run elasticities), nothing is built in
response, plants of the partner lack no overhaul yet, and migrants who return find no work. In the tenth year
elasticities are those of the long run, other power plants are built, plants of the partner have missed
overhauls, and returning migrants work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from sogdia.trade.composition import Horizon as Elasticities

HorizonName = Literal["year_1", "year_10"]


@dataclass(frozen=True)
class Horizon:
    """Assumptions of a horizon.

    Attributes:
        label: Words for readers.
        elasticities: Set of trade elasticities.
        years_since: Years since the withdrawal, by which plants of the partner lose capacity.
        holds_filler: True if new power plants are those without the withdrawal.
        earned: Earnings of returning migrants at home over the remittances lost: middle, low, high.
    """

    label: str
    elasticities: Elasticities
    years_since: int
    holds_filler: bool
    earned: tuple[float, float, float]


HORIZONS: Mapping[HorizonName, Horizon] = MappingProxyType(
    {
        # The share earned in the first year is assumed: unemployment among returning migrants is high, and
        # those who find work do so on family farms. That of the tenth is 30 to 50 %.
        "year_1": Horizon("first year", "short_run", 1, True, (0.0, 0.0, 0.3)),
        "year_10": Horizon("tenth year", "long_run", 10, False, (0.4, 0.3, 0.5)),
    }
)
"""Horizons by name, the first one first."""
