"""Charts of a year of electricity: figures by hand, the balance of the stack, files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia import build_case
from sogdia.errors import InputError
from sogdia.power import build_power_inputs, solve
from sogdia.power.positions import bus_positions
from sogdia.region import Region
from sogdia.report.power_dispatch import draw_dispatch
from sogdia.report.power_durations import draw_price_durations, draw_reservoir_levels, duration
from sogdia.report.power_map import draw_line_loading, line_loading
from sogdia.report.power_pictures import PAGE, draw_power_year, write_pictures
from sogdia.report.power_year import PowerYear, dispatch_of, window_of


@pytest.fixture(scope="module")
def year(shipped: Region) -> PowerYear:
    from sogdia import load_plan, load_scenario

    plan, scenario = load_plan("as_is", shipped), load_scenario("reference", shipped)
    result = solve(build_power_inputs(build_case(shipped, plan, scenario)))
    return PowerYear(shipped, result.hourly_tables(), bus_positions(result.inputs), "a year")


def flow_rows(rows: list[tuple[str, str, float, float]]) -> pd.DataFrame:
    """Return hourly flows of two snapshots of 4,380 hours; each row is start, end, capacity, MW sent."""
    times = pd.date_range("2030-01-01", periods=2, freq="h")
    return pd.DataFrame(
        [
            {
                "snapshot": time, "weight_h": 4380.0, "line": start + end, "from_bus": start, "to_bus": end,
                "capacity_mw": capacity, "sent_mw": sent, "received_mw": sent,
            }
            for start, end, capacity, sent in rows
            for time in times
        ]
    )  # fmt: skip


def year_of(region: Region, flows: pd.DataFrame) -> PowerYear:
    buses = pd.DataFrame({"iso3": "", "name": "", "lat": np.nan, "lon": np.nan}, index=["A", "B", "C"])
    return PowerYear(region, {"hourly_flows": flows}, buses, "a year")


def test_duration_by_hand() -> None:
    hours, falling = duration([1.0, 3.0, 2.0], [10.0, 20.0, 30.0])
    assert hours.tolist() == [0.0, 20.0, 50.0, 60.0]
    assert falling.tolist() == [3.0, 2.0, 1.0, 1.0]


def test_loading_by_hand(shipped: Region) -> None:
    flows = flow_rows([("A", "B", 100.0, 20.0), ("B", "A", 100.0, 50.0), ("B", "C", 0.0, 0.0)])
    (row,) = line_loading(year_of(shipped, flows)).to_dict("records")
    assert (row["start"], row["end"]) == ("B", "A")
    assert row["sent_twh"] == pytest.approx(70.0 * 8760 / 1e6)
    assert row["net_twh"] == pytest.approx(30.0 * 8760 / 1e6)
    assert row["loading"] == pytest.approx(0.7)


def test_parallel_lines_share_one_limit(shipped: Region) -> None:
    flows = flow_rows([("A", "B", 100.0, 100.0), ("A", "B", 300.0, 0.0)])
    assert line_loading(year_of(shipped, flows))["loading"].tolist() == pytest.approx([0.25])


def test_map_without_positions_is_not_drawn(shipped: Region) -> None:
    assert draw_line_loading(year_of(shipped, flow_rows([("A", "B", 100.0, 20.0)]))) is None


@pytest.mark.parametrize("country", ["KAZ", "KGZ", ""])
def test_parts_of_the_stack_sum_to_the_load(year: PowerYear, country: str) -> None:
    zones = year.countries[country] if country else year.zones
    parts, load = dispatch_of(year, zones)
    assert (parts.sum(axis=1) - load).abs().max() < 1e-3


def test_window_of_days_is_the_day_of_the_peak() -> None:
    days = [pd.Timestamp(2030, month, 15) for month in range(1, 13)]
    times = pd.DatetimeIndex([day + pd.Timedelta(hours=h) for day in days for h in range(24)])
    load = pd.Series(1.0, index=times)
    load.iloc[30] = 2.0
    assert list(window_of(load)) == list(times[24:48])
    assert list(window_of(load, pd.Timestamp(2030, 12, 15))) == list(times[-24:])
    with pytest.raises(InputError, match=r"on 2030-03-01; the nearest day .* 2030-02-15"):
        window_of(load, pd.Timestamp(2030, 3, 1))


def test_window_of_a_year_is_the_week_around_the_peak() -> None:
    times = pd.date_range("2030-01-01", periods=8760, freq="h")
    load = pd.Series(1.0, index=times)
    load.loc["2030-07-10 18:00"] = 2.0
    assert (window_of(load)[0], len(window_of(load))) == (pd.Timestamp(2030, 7, 7), 168)
    load.loc["2030-01-01 18:00"] = 3.0
    assert window_of(load)[0] == pd.Timestamp(2030, 1, 1)
    assert window_of(load, pd.Timestamp(2030, 12, 30))[-1] == times[-1]


def test_window_of_weeks_does_not_cross_a_gap() -> None:
    weeks = [pd.date_range(day, periods=168, freq="h") for day in ("2030-01-07", "2030-07-01")]
    times = weeks[0].append(weeks[1])
    load = pd.Series(np.arange(336.0), index=times)
    assert list(window_of(load)) == list(weeks[1])
    assert list(window_of(load, pd.Timestamp(2030, 1, 9))) == list(weeks[0])


def test_caption_has_the_day_and_what_an_hour_represents(year: PowerYear) -> None:
    caption = draw_dispatch(year, ["KGZ"], "Kyrgyzstan", "one").caption
    assert "Dispatch, Kyrgyzstan, " in caption
    assert "a year" in caption


def test_prices_and_levels_have_a_panel_each(year: PowerYear) -> None:
    prices, levels = draw_price_durations(year), draw_reservoir_levels(year)
    assert len(prices.drawing.axes) == len(year.zones)
    assert levels is not None
    assert len(levels.drawing.axes) == year.tables["hourly_reservoirs"]["reservoir"].nunique()


def test_year_without_reservoirs_has_no_picture_of_them(year: PowerYear) -> None:
    tables = {**year.tables, "hourly_reservoirs": year.tables["hourly_reservoirs"].iloc[:0]}
    assert draw_reservoir_levels(PowerYear(year.region, tables, year.buses, year.title)) is None


def test_page_and_files_have_every_picture(year: PowerYear, tmp_path: Path) -> None:
    pictures = draw_power_year(year)
    files = write_pictures(pictures, tmp_path, "A <year>")
    assert sorted(files) == sorted(tmp_path.glob("[!.]*"))
    assert {f"dispatch_{iso3}" for iso3 in year.countries} | {"flow_map", "load_duration"} <= set(pictures)
    page = (tmp_path / PAGE).read_text("utf-8")
    assert "A &lt;year&gt;" in page
    assert page.count("<figure>") == len(pictures) == len(files) - 1
    assert (tmp_path / "flow_map.png").read_bytes().startswith(b"\x89PNG")
