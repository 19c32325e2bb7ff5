"""Settings of the power engine."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Mode = Literal["dispatch", "expansion"]
Hours = Literal["weeks", 288, 8760]
Solver = Literal["simplex", "ipm"]
Filler = Literal["least_cost", "none"]


class PowerSettings(BaseModel):
    """Settings of a year of the power system.

    Attributes:
        mode: ``dispatch`` operates given plants and the filler; ``expansion`` also builds capacity of
            ``free_carriers`` wherever it lowers annual cost.
        hours: ``weeks``: real weeks (:mod:`sogdia.power.weeks`); 8760: every hour of the year; 288: a mean
            day of each month.
        weeks: Real weeks in addition to the peak week.
        filler: ``least_cost``: in years after the record, new capacity at least cost meets the reserve margin
            (:mod:`sogdia.power.planning`); ``none``: nothing is built in addition to the plan.
        reserve_margin_pct: Firm capacity above the peak load that each country must have, per cent.
        filler_carriers: Carriers of ``power_costs`` that the filler may have; ``battery`` means power and
            energy of batteries together.
        free_carriers: Carriers that an expansion may build in addition to the plan's projects.
        battery_h: Duration of new batteries at full output, hours.
        co2_usd_per_t: Price of carbon dioxide, added to the cost of emitting generators.
        co2_cap_mt: Upper limit on the region's annual emissions, million tonnes.
        shedding: Allow unserved energy at the value of lost load; otherwise a shortage is an error.
        voll_usd_per_mwh: One value of lost load for every country and any amount; by default the two tiers of
            each country.
        price_cap_usd_per_mwh: Largest price in the result tables; dispatch does not depend on it.
        water_year: Year or kind of year of ``power_water_years`` whose inflow applies, such as ``2021`` or
            ``dry``; by default that of the case's year, or the mean.
        solver: Algorithm of HiGHS. The simplex method ends with a basis for warm starts. The interior point
            method (``ipm``) has none, takes far longer for all hours, and serves comparisons.
        threads: Threads of HiGHS.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    mode: Mode = "dispatch"
    hours: Hours = "weeks"
    weeks: Annotated[int, Field(ge=1, le=26)] = 5
    filler: Filler = "least_cost"
    reserve_margin_pct: Annotated[float, Field(ge=0, le=100)] = 15.0
    filler_carriers: tuple[str, ...] = ("gas", "gas_ocgt", "coal", "solar", "wind", "battery")
    free_carriers: tuple[str, ...] = ("solar", "wind", "gas", "battery")
    battery_h: Annotated[float, Field(gt=0, le=24)] = 4.0
    co2_usd_per_t: Annotated[float, Field(ge=0, le=10000)] = 0.0
    co2_cap_mt: Annotated[float, Field(ge=0)] | None = None
    shedding: bool = True
    voll_usd_per_mwh: Annotated[float, Field(gt=0)] | None = None
    price_cap_usd_per_mwh: Annotated[float, Field(gt=0)] | None = None
    water_year: str | None = None
    solver: Solver = "simplex"
    threads: Annotated[int, Field(ge=1)] = 2
