"""``sogdia power``: a year of the region's power system under a plan and a scenario."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.errors import CannotRunError, InputError

PlanOption = Annotated[str, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")]
ScenarioOption = Annotated[str, typer.Option("--scenario", help="A shipped scenario's name, or a YAML file.")]
YearOption = Annotated[
    int | None,
    typer.Option(
        "--year", min=1950, max=2100, help="Year looked at, instead of the scenario's; past years too."
    ),
]
HoursOption = Annotated[int, typer.Option("--hours", help="288: a mean day of each month. 8760: every hour.")]


def power(
    plan: PlanOption = "as_is",
    scenario: ScenarioOption = "reference",
    year: YearOption = None,
    region: PackOption = DEFAULT_REGION,
    mode: Annotated[str, typer.Option("--mode", help="dispatch or expansion.")] = "dispatch",
    hours: HoursOption = 288,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for all tables as CSV.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the tables as JSON.")] = False,
) -> None:
    """Run a region's power system for a year: generation, trade, prices, shortage, emissions, by country.

    Exit code 0: done. 1: the input has faults, or there is no solution. 2: could not run.
    """
    from sogdia.power import solve_power

    begun = time.perf_counter()
    case = case_of(plan, scenario, year, region)
    result = solve_power(case, settings_of(mode, hours))
    head = {
        "region": case.region.name,
        "plan": case.plan.name,
        "scenario": case.scenario.name,
        "year": case.year,
        "case": case.digest,
        "mode": mode,
        "hours": hours,
        "status": result.solve.status,
        "objective_musd": result.solve.objective_usd / 1e6,
        "solver_s": result.solve.solver_s,
        "seconds": time.perf_counter() - begun,
    }
    tables = result.tables()
    if out is not None:
        write_tables(tables, out)
    if as_json:
        content = {name: json.loads(table.to_json(orient="records")) for name, table in tables.items()}
        nested = {"countries": by_country(result), **{k: v for k, v in content.items() if k != "countries"}}
        typer.echo(
            json.dumps({**head, "remarks": result.inputs.remarks, **nested}, ensure_ascii=False, indent=2)
        )
        return
    _print(head, tables, result.inputs.remarks)


def case_of(plan: str, scenario: str, year: int | None, region: str) -> Any:
    """The case asked for; a year before the base year is allowed, and then nothing grows."""
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.region import load_region

    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    wanted = happens if year is None else happens.at(year)
    return build_case(loaded, load_plan(plan, loaded), wanted, past=True)


def settings_of(mode: str, hours: int, **others: Any) -> Any:
    """The settings asked for.

    Raises:
        InputError: If one is out of range.
    """
    from pydantic import ValidationError

    from sogdia.power import PowerSettings

    try:
        return PowerSettings.model_validate({"mode": mode, "hours": hours, **others})
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--{first['loc'][0]}: {first['msg']}, not {first['input']!r}") from error


def by_country(result: Any) -> list[dict[str, Any]]:
    """The countries with generation by carrier inside each: what a blind score reads."""
    made = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    rows = []
    for row in result.countries.to_dict("records"):
        carriers = {str(c): float(v) for c, v in made[row["iso3"]].items()}
        rows.append({**row, "generation_by_carrier_gwh": carriers})
    return rows


def write_tables(tables: dict[str, Any], folder: Path) -> None:
    """Write tables as CSV into a folder.

    Raises:
        CannotRunError: If it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


_SHOWN = {
    "countries": "Countries",
    "generation": "Generation",
    "unserved": "Unserved load",
}


def _print(head: dict[str, Any], tables: dict[str, Any], remarks: tuple[str, ...]) -> None:
    from rich.console import Console

    console = Console()
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"{head['objective_musd']:,.0f} USD million; {head['status'].lower()}, {head['seconds']:.1f} s"
    )
    for remark in remarks:
        console.print(f"note: {remark}")
    for name, title in _SHOWN.items():
        console.print(_rich(title, tables[name]))


def _rich(title: str, table: Any) -> Any:
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in table.columns:
        words = not hasattr(table[column], "dtype") or table[column].dtype.kind not in "fiu"
        shown.add_column(str(column), justify="left" if words else "right")
    for row in table.to_dict("records"):
        shown.add_row(*(value if isinstance(value, str) else f"{value:,.1f}" for value in row.values()))
    return shown
