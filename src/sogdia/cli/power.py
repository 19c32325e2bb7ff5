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
    co2_price: Annotated[float, typer.Option("--co2-price", help="Price of CO2, USD/t.")] = 0.0,
    co2_cap: Annotated[
        float | None, typer.Option("--co2-cap", help="Most CO2 of all plants in the year, Mt.")
    ] = None,
    free: Annotated[
        str, typer.Option("--free", help="Carriers that an expansion may build, commas between them.")
    ] = "solar,wind,gas,battery",
    without: Annotated[
        list[str] | None, typer.Option("--without", help="A line out of work; may be given several times.")
    ] = None,
    shedding: Annotated[
        bool, typer.Option(help="Load may go unserved at its value; else a shortage is an error.")
    ] = True,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder for all tables as CSV, with their descriptor.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the tables as JSON.")] = False,
) -> None:
    """Run a region's power system for a year: generation, trade, prices, shortage, emissions, by country.

    Exit code 0: done. 1: the input has faults, or there is no solution. 2: could not run.
    """
    from sogdia.power import PowerModel, power_inputs

    begun = time.perf_counter()
    case = case_of(plan, scenario, year, region)
    carriers = tuple(sorted(filter(None, free.split(","))))
    terms = {"co2_usd_per_t": co2_price, "co2_cap_mt": co2_cap, "free_carriers": carriers}
    settings = settings_of(mode, hours, shedding=shedding, **terms)
    result = PowerModel(power_inputs(case, settings)).solve(without=without or ())
    head = heading(result, time.perf_counter() - begun)
    if out is not None:
        write_tables(result.tables(), out)
    if as_json:
        typer.echo(json.dumps(record(head, result), ensure_ascii=False, indent=2))
    else:
        show(head, result)


def heading(result: Any, seconds: float) -> dict[str, Any]:
    """What was run and how it ended."""
    case, settings, links = result.inputs.case, result.inputs.settings, result.inputs.links
    return {
        "region": case.region.name,
        "plan": case.plan.name,
        "scenario": case.scenario.name,
        "year": case.year,
        "case": case.digest,
        "mode": settings.mode,
        "hours": settings.hours,
        "lines_without_capacity": sorted(set(links["line"][links["p_nom_mw"] == 0.0])),
        "status": result.solve.status,
        "cost_musd": float(result.costs["cost_musd"].iloc[-1]),
        "objective_musd": result.solve.objective_usd / 1e6,
        "solver_s": result.solve.solver_s,
        "seconds": seconds,
    }


def record(head: dict[str, Any], result: Any) -> dict[str, Any]:
    """Everything as JSON: the heading, units, remarks, all tables, countries with what is inside each."""
    content = {
        name: json.loads(table.to_json(orient="records", date_format="iso"))
        for name, table in result.tables().items()
    }
    return {
        **head,
        "units": units(),
        "remarks": result.inputs.remarks,
        **content,
        "countries": by_country(result),
    }


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


def units() -> dict[str, dict[str, str]]:
    """Unit of every figure of the tables, by table and column."""
    from sogdia.power.tables import TABLES

    return {
        name: {column: told.unit for column, told in columns.items() if told.unit}
        for name, columns in TABLES.items()
    }


def by_country(result: Any) -> list[dict[str, Any]]:
    """The countries with generation by carrier and partners inside each: what a blind score reads."""
    made = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    trade = result.exchanges[result.exchanges["sent_gwh"] > 0]
    rows = []
    for row in result.countries.to_dict("records"):
        code = row["iso3"]
        carriers = {str(c): float(v) for c, v in made[code].items()}
        bought = trade[trade["importer"] == code].set_index("exporter")["received_gwh"]
        sold = trade[trade["exporter"] == code].set_index("importer")["sent_gwh"]
        rows.append(
            {
                **row,
                "generation_by_carrier_gwh": carriers,
                "imports_by_partner_gwh": {str(k): float(v) for k, v in bought.items()},
                "exports_by_partner_gwh": {str(k): float(v) for k, v in sold.items()},
            }
        )
    return rows


def write_tables(tables: dict[str, Any], folder: Path) -> None:
    """Write tables as CSV into a folder, with a descriptor of their columns and units.

    Raises:
        CannotRunError: If it cannot be written.
    """
    from sogdia.power.tables import descriptor

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
        told = json.dumps(descriptor(), ensure_ascii=False, indent=2)
        (folder / "datapackage.json").write_text(told + "\n", encoding="utf-8")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


def show(head: dict[str, Any], result: Any) -> None:
    """Print what matters of a year, in terawatt-hours, every column whole."""
    from rich.console import Console

    console = Console(width=max(Console().width, 110))
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"system cost {head['cost_musd']:,.0f} USD million; {head['status'].lower()}, {head['seconds']:.1f} s"
    )
    for remark in result.inputs.remarks:
        console.print(f"note: {remark}", highlight=False)
    names = result.inputs.case.table("parties")["name"].to_dict()
    for title, columns, rows in (countries(result, names), carriers(result), cables(result), *extras(result)):
        console.print(grid(title, columns, rows))


LEAST_SHOWN_GWH = 5.0
"""What a line must carry in a year to be printed; ``--json`` and ``--out`` tell all."""
Grid = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def countries(result: Any, names: dict[str, str]) -> Grid:
    """Countries: demand, generation, trade, shortage, emissions, money."""
    columns: tuple[str, ...] = (
        "",
        "demand\nTWh",
        "made\nTWh",
        "imports\nTWh",
        "exports\nTWh",
        "unserved\nGWh",
        "CO2\nMt",
    )
    columns += ("plants cost\nUSD m", "price\nUSD/MWh", "exports earn\nUSD m")
    rows = []
    for row in result.countries.to_dict("records"):
        energy = ("demand_gwh", "generation_gwh", "imports_gwh", "exports_gwh")
        figures = [f"{row[name] / 1e3:,.2f}" for name in energy]
        figures += [f"{row['unserved_gwh']:,.0f}", f"{row['co2_mt']:,.1f}", f"{row['cost_musd']:,.0f}"]
        figures += [f"{row['price_usd_per_mwh']:,.1f}", f"{row['export_earnings_musd']:,.0f}"]
        rows.append((names.get(row["iso3"], row["iso3"]), *figures))
    return "Countries", columns, rows


def carriers(result: Any) -> Grid:
    """Generation of each zone by carrier, TWh; what is curtailed of sun, wind and water."""
    table = result.generation
    wide = table.pivot_table(index="zone", columns="carrier", values="generation_gwh", aggfunc="sum")
    spilled = table.groupby("zone")["curtailed_gwh"].sum()
    rows = [
        (
            str(zone),
            *("" if value != value else f"{value / 1e3:,.2f}" for value in row),
            f"{spilled[zone] / 1e3:,.2f}",
        )
        for zone, row in zip(wide.index, wide.to_numpy().tolist(), strict=True)
    ]
    return "Generation, TWh", ("zone", *map(str, wide.columns), "curtailed"), rows


def cables(result: Any) -> Grid:
    """Lines that carry something: energy, hours in which they are full, earnings."""
    table = result.flows[result.flows["sent_gwh"] >= LEAST_SHOWN_GWH].sort_values("sent_gwh", ascending=False)
    columns: tuple[str, ...] = ("line", "from", "to", "capacity\nMW", "sent\nTWh", "full\nh", "earns\nUSD m")
    rows: list[tuple[str, ...]] = [
        (
            row["line"],
            row["from_bus"],
            row["to_bus"],
            f"{row['capacity_mw']:,.0f}",
            f"{row['sent_gwh'] / 1e3:,.2f}",
            f"{row['full_h']:,.0f}",
            f"{row['earned_musd']:,.0f}",
        )
        for row in table.to_dict("records")
    ]
    return "Lines", columns, rows


def extras(result: Any) -> list[Grid]:
    """Where load goes unserved, and what an expansion built; nothing where there is none."""
    found: list[Grid] = []
    rows: list[tuple[str, ...]]
    short = result.unserved[result.unserved["unserved_gwh"] > 0]
    if len(short):
        rows = [
            (r["zone"], f"{r['unserved_gwh']:,.1f}", f"{r['unserved_h']:,.0f}", f"{r['worst_mw']:,.0f}")
            for r in short.to_dict("records")
        ]
        found.append(("Unserved load", ("zone", "GWh", "hours", "worst MW"), rows))
    built = result.built[result.built["built_mw"] > 0.1]
    if len(built):
        rows = [
            (r["zone"], r["carrier"], f"{r['built_mw']:,.0f}", f"{r['capital_musd']:,.0f}")
            for r in built.to_dict("records")
        ]
        found.append(("Built beside the plan", ("zone", "carrier", "MW", "USD m a year"), rows))
    return found


def grid(title: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    """A table for the terminal whose columns are as wide as what they hold."""
    from rich.table import Table

    shown = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for number, column in enumerate(columns):
        figures = bool(rows) and rows[0][number].replace(",", "").replace(".", "").lstrip("-").isdigit()
        shown.add_column(column, justify="right" if figures else "left", no_wrap=True, overflow="fold")
    for row in rows:
        shown.add_row(*row)
    return shown
