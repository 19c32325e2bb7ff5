"""Build the power system of a case: components by name, profiles as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np

from sogdia.case import Case
from sogdia.errors import InputError
from sogdia.power.arrays import Floats
from sogdia.power.availability import ThermalAvailability
from sogdia.power.constants import PowerConstants, read_constants
from sogdia.power.costs import BATTERY, PowerCosts
from sogdia.power.demand import CountryLoad, annual_demand, country_loads, demand_table, suppressed_mw
from sogdia.power.fleet import build_fleet
from sogdia.power.fuels import fuel_availability, read_fuel_origins
from sogdia.power.generators import GeneratorInputs, build_generators
from sogdia.power.limits import contract_limits, gas_limits, release_limits, sales_limits
from sogdia.power.links import build_links
from sogdia.power.monthly import MonthlyFigures
from sogdia.power.potentials import remaining_potentials
from sogdia.power.profiles import CAPACITY_FACTORS, DEMAND, Profiles
from sogdia.power.record import update_constants
from sogdia.power.reserve import reserve_table
from sogdia.power.reservoirs import build_batteries, build_reservoirs
from sogdia.power.settings import PowerSettings
from sogdia.power.snapshots import MEAN_DAY_HOURS, all_hours
from sogdia.power.system import PowerInputs
from sogdia.power.time_reduction import to_mean_days, to_weeks
from sogdia.power.weeks import Weeks, choose_weeks
from sogdia.power.zones import Zones, build_zones

__all__ = ["PowerInputs", "build_power_inputs"]

NO_SYSTEM = "electricity.csv: demand_gwh is missing for every country; a power system needs a demand"


def build_power_inputs(
    case: Case, settings: PowerSettings | None = None, constants: PowerConstants | None = None
) -> PowerInputs:
    """Build the power system of a case.

    Every plant and line of the tables is a component; those that do not operate have no capacity. All plans,
    scenarios and years of a region therefore share one network.

    Args:
        case: Region, plan and scenario.
        settings: Settings; by default a dispatch of real weeks.
        constants: Calibrated constants; by default those of the case's table ``calibration``. In years after
            the calibration the last record brings them up to date (:mod:`sogdia.power.record`).

    Raises:
        InputError: If no country has a demand, or a table lacks a required value; the message names it.
    """
    settings = settings or PowerSettings()
    known = update_constants(constants or read_constants(case), case)
    hourly, profiles = _build_year(case, settings, known)
    if settings.hours == MEAN_DAY_HOURS:
        return to_mean_days(hourly)
    weeks = _weeks(case, hourly.zones, profiles, settings.weeks)
    return to_weeks(hourly, weeks) if settings.hours == "weeks" else replace(hourly, weeks=weeks)


def candidate_carriers(
    settings: PowerSettings, costs: PowerCosts, profiles: Profiles, countries: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the carriers of new capacity in addition to a plan's projects, and remarks on omitted ones.

    The filler has those of its carriers that have capital cost and lifetime in ``power_costs``, and a profile
    if they are sun or wind, in every country. An expansion requires them of all its carriers.
    """
    if settings.mode == "expansion":
        return settings.free_carriers, ()
    chosen = settings.filler_carriers if settings.filler == "least_cost" else ()

    def is_known(carrier: str, iso3: str) -> bool:
        item = CAPACITY_FACTORS.get(carrier)
        return costs.has_capital(carrier, iso3) and (item is None or profiles.has(iso3, item))

    omitted = [name for name in chosen if not all(is_known(name, iso3) for iso3 in countries)]
    remarks = [
        f"{name} is no filler: a country lacks its capital cost or lifetime in power_costs.csv, or its "
        "profile in power_profiles.csv"
        for name in omitted
    ]
    return tuple(name for name in chosen if name not in omitted), tuple(remarks)


def builds(case: Case, settings: PowerSettings) -> bool:
    """Return whether new capacity is planned for a case.

    The filler applies to plans with a filler, in years after the last recorded generation: a year of the
    record has the capacity that it had.
    """
    if settings.mode == "expansion":
        return True
    return (
        settings.filler == "least_cost"
        and case.plan.filler == "least_cost"
        and case.year > _last_record(case)
    )


def _last_record(case: Case) -> int:
    """Return the last year with recorded generation by carrier; the base year if there is none."""
    rows = case.region.table("electricity")
    carriers = set(case.region.table("plants")["carrier"])
    recorded = rows["item"].isin([f"generation_{carrier}_gwh" for carrier in carriers])
    years = rows["year"][recorded & rows["value"].notna()]
    return int(years.max()) if len(years) else case.region.base_year


def _build_year(
    case: Case, settings: PowerSettings, constants: PowerConstants
) -> tuple[PowerInputs, Profiles]:
    """Build the power system of a case in 8,760 hours."""
    zones, costs = build_zones(case), PowerCosts(case)
    if zones.table.empty:
        raise InputError(NO_SYSTEM)
    profiles, monthly = Profiles(case), MonthlyFigures(case)
    fleet = build_fleet(case, zones, costs)
    origins = read_fuel_origins(case)
    links, neighbours, remarks = build_links(case, zones, costs, constants)
    loads = country_loads(case)
    load, suppressed = _load(zones, profiles, loads)
    countries = sorted(set(map(str, zones.table["iso3"])))
    carriers, omitted = candidate_carriers(settings, costs, profiles, countries)
    generators, p_max, p_min = build_generators(
        GeneratorInputs(
            case, settings, zones, costs, constants, profiles, monthly,
            ThermalAvailability(case, costs, monthly, constants), carriers, fleet,
            fuel_availability(origins), neighbours, load, suppressed,
        )
    )  # fmt: skip
    reservoirs, inflow = build_reservoirs(case, fleet, costs, constants, profiles, settings.water_year)
    batteries = build_batteries(zones, fleet, costs, settings, candidates=BATTERY in carriers)
    reserve, firm = reserve_table(zones.table, load, generators, p_max, reservoirs, batteries)
    potential = remaining_potentials(case, fleet, generators)
    generators = generators.assign(firm_share=firm, potential_mw=potential)
    country_of = {str(zone): str(iso3) for zone, iso3 in zones.table["iso3"].items()}
    country_of |= {bus: bus.partition("/")[0] for bus in neighbours}
    limits = [
        *gas_limits(case, costs, generators),
        *sales_limits(case, generators),
        *release_limits(case, reservoirs, inflow),
        *contract_limits(case, links, country_of),
    ]
    inputs = PowerInputs(
        case=case,
        settings=settings,
        snapshots=all_hours(case.year),
        zones=zones,
        neighbours=neighbours,
        load_mw=load,
        generators=generators,
        p_max=p_max,
        p_min=p_min,
        reservoirs=reservoirs,
        inflow_mw=inflow,
        batteries=batteries,
        links=links,
        limits=tuple(limits),
        reserve=reserve,
        demand=demand_table(loads),
        builds=builds(case, settings),
        plans_capacity=False,
        fleet=fleet,
        origins=origins,
        remarks=(*remarks, *omitted),
        lifecycle_ratio={iso3: constants.get("lifecycle", iso3) for iso3 in countries},
    )
    return inputs, profiles


def _load(zones: Zones, profiles: Profiles, loads: Mapping[str, CountryLoad]) -> tuple[Floats, Floats]:
    """Return the load of each zone in every hour, and its suppressed part, (8760, Z) each."""
    columns = (zones.table.index, zones.table["iso3"], zones.table["demand_gwh"])
    served = np.column_stack([profiles.load_mw(*row) for row in zip(*columns, strict=True)])
    suppressed = suppressed_mw(zones.table, served, loads)
    return served + suppressed, suppressed


def _weeks(case: Case, zones: Zones, profiles: Profiles, count: int) -> Weeks:
    """Choose the weeks that represent the year: the same for all cases of a region."""
    base = annual_demand(case.region.table("electricity"), case.region.base_year)
    demand = np.array([base[iso3] for iso3 in zones.table["iso3"]]) * zones.table["share"].to_numpy()
    columns, weight = [], []
    for item in (DEMAND, *CAPACITY_FACTORS.values()):
        for zone, iso3, size in zip(zones.table.index, zones.table["iso3"], demand.tolist(), strict=True):
            if profiles.has(str(iso3), item):
                columns.append(profiles.series(str(zone), str(iso3), item))
                weight.append(size / float(demand.sum()))
    # Demand comes first: one profile for each zone.
    load = np.column_stack([profile / profile.mean() for profile in columns[: len(demand)]]) @ demand
    return choose_weeks(np.column_stack(columns), np.array(weight), load, count)
