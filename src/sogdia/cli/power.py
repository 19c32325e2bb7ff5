"""``sogdia power``: a year of a region's power system under a plan and a scenario."""

from __future__ import annotations

import time
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.options import (
    BaselineOption,
    JsonOption,
    Mode,
    ModeOption,
    OutOption,
    PlanOption,
    RegionOption,
    ScenarioOption,
    YearOption,
)
from sogdia.cli.output import check_folder, note_unused, print_json, showing
from sogdia.cli.power_tables import heading, print_year, record, write_tables

HoursOption = Annotated[
    str | None,
    typer.Option(
        "--hours", help="weeks for real weeks of the year, 8760 for every hour, 288 for mean days of months."
    ),
]


Co2PriceOption = Annotated[float, typer.Option("--co2-price", help="Price of CO2, USD/t.")]
Co2CapOption = Annotated[
    float | None, typer.Option("--co2-cap", help="Upper limit on the CO2 of all plants, Mt a year.")
]
BuildableOption = Annotated[
    str,
    typer.Option("--buildable", "--free", help="Carriers that an expansion may build, separated by commas."),
]
WithoutOption = Annotated[
    list[str] | None, typer.Option("--without", help="Line out of service; may be repeated.")
]
CloseOption = Annotated[
    list[str] | None, typer.Option("--close", help="Plant out of service; may be repeated.")
]
HourlyOption = Annotated[
    Path | None, typer.Option("--hourly", help="Folder to write hourly tables to, with their descriptor.")
]


class HourlyFormat(StrEnum):
    """Formats of hourly tables."""

    PARQUET = "parquet"
    CSV = "csv"


HourlyFormatOption = Annotated[HourlyFormat, typer.Option("--format", help="Format of the hourly tables.")]
PlotsOption = Annotated[
    Path | None,
    typer.Option("--plots", help="Folder to write charts and a map to, as PNG and on one page."),
]
PlotsFromOption = Annotated[
    datetime | None,
    typer.Option(
        "--plots-from", formats=["%Y-%m-%d"],
        help="First day of the dispatch chart. Default: the week with the highest load.",
    ),
]  # fmt: skip
VollOption = Annotated[
    float | None,
    typer.Option("--voll", help="Value of lost load of every country, USD/MWh. Default: each has its own."),
]
PriceCapOption = Annotated[
    float | None, typer.Option("--price-cap", help="Upper limit on marginal prices in results, USD/MWh.")
]
WaterYearOption = Annotated[
    str | None,
    typer.Option("--water-year", help="Inflow of the rivers: dry, normal, wet or a year of record."),
]
WeeksOption = Annotated[int | None, typer.Option("--weeks", help="Real weeks that represent the year.")]


class Filler(StrEnum):
    """Fillers, as in the settings of the power system."""

    LEAST_COST = "least_cost"
    NONE = "none"


FillerOption = Annotated[
    Filler | None, typer.Option("--filler", help="Capacity added up to the reserve margin, or none.")
]
ReserveMarginOption = Annotated[
    float | None,
    typer.Option("--reserve-margin", help="Firm capacity above the peak that the filler provides, %."),
]
SheddingOption = Annotated[
    bool, typer.Option(help="Allow unserved energy at the value of lost load; otherwise it is an error.")
]


def hours_of(text: str | None) -> int | str | None:
    """Return the snapshots of a year as the settings have them: a number, or a name."""
    return int(text) if text is not None and text.isdecimal() else text


def power(
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    region: RegionOption = DEFAULT_REGION,
    baseline: BaselineOption = None,
    mode: ModeOption = Mode.DISPATCH,
    hours: HoursOption = None,
    weeks: WeeksOption = None,
    co2_price: Co2PriceOption = 0.0,
    co2_cap: Co2CapOption = None,
    buildable: BuildableOption = "solar,wind,gas,battery",
    without: WithoutOption = None,
    close: CloseOption = None,
    water_year: WaterYearOption = None,
    filler: FillerOption = None,
    reserve_margin: ReserveMarginOption = None,
    voll: VollOption = None,
    price_cap: PriceCapOption = None,
    shedding: SheddingOption = True,
    out: OutOption = None,
    hourly: HourlyOption = None,
    hourly_format: HourlyFormatOption = HourlyFormat.PARQUET,
    plots: PlotsOption = None,
    plots_from: PlotsFromOption = None,
    as_json: JsonOption = False,
) -> None:
    """Dispatch a region's power system for a year, or expand it: generation, trade, prices, emissions.

    Exit code 0: finished. 1: the input has errors, or there is no solution. 2: could not run.
    """
    from sogdia.api import run_power
    from sogdia.extras import require_extra

    if plots is not None:
        require_extra("report", "--plots")
    for folder in (out, hourly, plots):
        check_folder(folder)
    begun = time.perf_counter()
    with showing("power system", show=not as_json):
        run = run_power(
            region, plan, scenario, year, baseline=baseline, mode=mode.value, hours=hours_of(hours),
            co2_price=co2_price, co2_cap=co2_cap, buildable=buildable.split(","), without=without or (),
            close=close or (), shedding=shedding, weeks=weeks, water_year=water_year, voll=voll,
            price_cap=price_cap, filler=None if filler is None else filler.value,
            reserve_margin=reserve_margin,
        )  # fmt: skip
    note_unused(run.case)
    head = heading(run.result, time.perf_counter() - begun)
    if out is not None:
        write_tables(run.tables, out)
    if hourly is not None:
        _write_hourly(run, hourly, hourly_format)
    if plots is not None:
        _write_pictures(run, plots_from, plots)
    if as_json:
        print_json(record(head, run))
    else:
        print_year(head, run)


def _write_hourly(run: Any, folder: Path, form: HourlyFormat) -> None:
    from sogdia.power.hourly import write_hourly

    write_hourly(run.hourly, folder, form.value)


def _write_pictures(run: Any, plots_from: datetime | None, folder: Path) -> None:
    pictures = run.pictures(plots_from)
    from sogdia.report.power_pictures import write_pictures

    write_pictures(pictures, folder, f"Electricity: {run.title}")
