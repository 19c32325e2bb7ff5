"""What a user may choose of a run of the power system."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["dispatch", "expansion"]
Hours = Literal[288, 8760]
Solver = Literal["simplex", "ipm"]


class PowerSettings(BaseModel):
    """Settings of a run.

    Attributes:
        mode: ``dispatch`` runs what stands; ``expansion`` also builds what lowers the cost of the year.
        hours: 288 is a mean day of each month; 8760 every hour of the year.
        co2_usd_per_t: Price of carbon dioxide, added to the cost of what emits it.
        co2_cap_mt: Most that all plants of the region may emit in the year, million tonnes.
        shedding: Whether load may go unserved at its value; without it a shortage is an error.
        free_carriers: What an expansion may build beside the plan's projects, by carrier of
            ``power_costs``; ``battery`` stands for power and energy of batteries together.
        battery_h: Hours at full power that a battery is built for.
        solver: Algorithm of HiGHS. The simplex method ends at a basis to go on from; the interior point
            method (``ipm``) has none, takes far longer for all hours, and is there to compare.
        threads: Threads of HiGHS.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mode: Mode = "dispatch"
    hours: Hours = 288
    co2_usd_per_t: Annotated[float, Field(ge=0, le=10000)] = 0.0
    co2_cap_mt: Annotated[float, Field(ge=0)] | None = None
    shedding: bool = True
    free_carriers: tuple[str, ...] = ("solar", "wind", "gas", "battery")
    battery_h: Annotated[float, Field(gt=0, le=24)] = 4.0
    solver: Solver = "simplex"
    threads: Annotated[int, Field(ge=1)] = 2
