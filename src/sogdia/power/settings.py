"""Settings of the power system."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["dispatch", "expansion"]
Hours = Literal[288, 8760]
Solver = Literal["simplex", "ipm"]


class PowerSettings(BaseModel):
    """Settings of a year of the power system.

    Attributes:
        mode: ``dispatch`` operates given plants; ``expansion`` also builds capacity that lowers annual cost.
        hours: 288: a representative day of each month; 8760: every hour of the year.
        co2_usd_per_t: Price of carbon dioxide, added to the cost of emitting generators.
        co2_cap_mt: Upper limit on the region's annual emissions, million tonnes.
        shedding: Allow unserved energy at the value of lost load; otherwise a shortage is an error.
        free_carriers: Carriers of ``power_costs`` that an expansion may build in addition to the plan's
            projects; ``battery`` means power and energy of batteries together.
        battery_h: Duration of new batteries at full output, hours.
        solver: Algorithm of HiGHS. The simplex method ends with a basis for warm starts. The interior point
            method (``ipm``) has none, takes far longer for all hours, and serves comparisons.
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
