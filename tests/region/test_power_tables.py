"""Power tables of the shipped region against figures that they were not made from, and against each other."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest

from sogdia.region import Region

HOURS = [f"h{hour:02d}" for hour in range(24)]
UTC_OFFSET = 5
ITEMS = ("solar_cf", "wind_cf", "demand")


def hourly(region: Region, name: str) -> npt.NDArray[np.float64]:
    """Return a series, (365, 24)."""
    table = region.table("power_hourly")
    return table[table["series"] == name].sort_values("day")[HOURS].to_numpy(float)


def modelled_zones(region: Region) -> set[str]:
    electricity, zones = region.table("electricity"), region.table("power_zones")
    countries = set(electricity.loc[electricity["item"] == "demand_gwh", "iso3"])
    return set(zones["id"]) | (countries - set(zones["iso3"]))


def test_every_zone_follows_a_series_of_each_item(shipped: Region) -> None:
    series = shipped.table("power_series")
    expected = {(zone, item) for zone in modelled_zones(shipped) for item in ITEMS}
    assert set(zip(series["zone"], series["item"], strict=True)) == expected


@pytest.mark.parametrize(
    ("series", "longitude"),
    # The middle of the territory, or of its plants.
    [
        ("kaz_north_solar_cf", 72.0),
        ("kaz_south_solar_cf", 72.0),
        ("kaz_west_solar_cf", 53.0),
        ("uzb_solar_cf", 66.5),
        ("kgz_solar_cf", 74.5),
    ],
)
def test_sun_is_centred_on_the_solar_noon_of_its_longitude(
    shipped: Region, series: str, longitude: float
) -> None:
    """The source names no time zone: noon at longitude λ is 12 + 5 − λ / 15 in UTC+5."""
    day = hourly(shipped, series).mean(axis=0)
    centre = float(np.average(np.arange(24) + 0.5, weights=day))
    assert centre == pytest.approx(12 + UTC_OFFSET - longitude / 15, abs=0.5)


@pytest.mark.parametrize(
    ("series", "iso3", "year"),
    [("kaz_load", "KAZ", 2023), ("uzb_load", "UZB", 2023), ("kgz_load", "KGZ", 2024)],
)
def test_peak_over_mean_is_the_reported_one(shipped: Region, series: str, iso3: str, year: int) -> None:
    electricity = shipped.table("electricity")["value"]
    mean_mw = 1000 * electricity[f"{iso3}/{year}/demand_gwh"] / 8760
    load = hourly(shipped, series)
    assert load.mean() == pytest.approx(1.0, abs=1e-3)
    assert load.max() == pytest.approx(electricity[f"{iso3}/{year}/peak_mw"] / mean_mw, rel=0.04)


def test_days_of_the_load_begin_on_a_monday(shipped: Region) -> None:
    week = hourly(shipped, "kaz_load").mean(axis=1)[:364].reshape(52, 7).mean(axis=0)
    assert week[:5].min() > week[5:].max() + 0.02


def test_heat_floor_is_below_the_available_capacity(shipped: Region) -> None:
    costs, rows = shipped.table("power_costs"), shipped.table("power_availability")
    means = costs[costs["item"] == "availability"].set_index(["carrier", "iso3"])["value"].to_dict()
    constants = shipped.table("calibration").set_index("parameter")["value"].to_dict()
    monthly = rows.set_index(["item", "iso3", "carrier", "month"])["value"].to_dict()
    # A floor of 1 means that all that is available runs.
    for row in rows[(rows["item"] == "heat_floor") & (rows["value"] < 1.0)].itertuples():
        factor = monthly.get(
            ("availability", row.iso3, row.carrier, row.month),
            monthly["availability", "any", row.carrier, row.month],
        )
        mean = means.get((row.carrier, row.iso3), means[row.carrier, "any"])
        constant = constants.get(f"availability_{row.carrier}/{row.iso3}", 1.0)
        assert row.value <= factor * mean * constant, row.Index


@pytest.mark.parametrize(("iso3", "years"), [("UZB", range(2019, 2023)), ("KAZ", range(2019, 2025))])
def test_gas_limit_covers_the_record(shipped: Region, iso3: str, years: range) -> None:
    electricity = shipped.table("electricity")["value"]
    efficiency = shipped.table("power_costs")["value"][f"gas/efficiency/2024/{iso3}"]
    limits = shipped.table("power_gas_limits")
    for year in years:
        if (key := f"{iso3}/{year}/generation_gas_gwh") in electricity:
            rows = limits[(limits["iso3"] == iso3) & (limits["from_year"] <= year)]
            latest = rows[rows["from_year"] == rows["from_year"].max()]
            assert electricity[key] / efficiency < latest["limit_gwh_th"].sum(), key


def test_units_to_close_are_part_of_the_thermal_fleet(shipped: Region) -> None:
    """Of 3,257 MW by decree, a third is taken as closed before the count of 17,551 MW at the end of 2025."""
    plants = shipped.table("plants")
    thermal = plants[
        (plants["iso3"] == "UZB")
        & plants["carrier"].isin(["coal", "gas", "oil"])
        & (plants["status"] == "operating")
    ]
    count = shipped.table("electricity")["value"]["UZB/2025/capacity_thermal_mw"]
    assert thermal["capacity_mw"].sum() == pytest.approx(count)
    assert thermal.loc[thermal["closing_year"].notna(), "capacity_mw"].sum() == pytest.approx(
        3257 * 2 / 3, abs=1
    )


def test_batteries_hold_the_capacity_of_the_record(shipped: Region) -> None:
    plants = shipped.table("plants")
    batteries = plants[plants["carrier"] == "battery"]
    record = shipped.table("electricity")["value"]["UZB/2025/capacity_battery_mw"]
    assert batteries["capacity_mw"].sum() == pytest.approx(record)
    assert pd.notna(batteries["storage_mwh"]).all()


def test_committed_projects_are_under_construction(shipped: Region) -> None:
    from sogdia import load_plan

    projects = shipped.table("projects")
    committed = {choice.project for choice in load_plan("committed", shipped).projects}
    under_construction = {choice.project for choice in load_plan("under_construction", shipped).projects}
    assert committed < under_construction
    assert set(projects.loc[list(committed), "status"]) == {"construction"}
    assert not committed & {"pj_rogun", "pj_kambarata1", "pj_jizzakh_npp"}
