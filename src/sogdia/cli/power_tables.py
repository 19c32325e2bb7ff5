"""Tables of ``sogdia power`` on the screen, as JSON and as files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sogdia.cli.output import records
from sogdia.cli.tables import Column, columns_of, page, print_table
from sogdia.units import convert


def heading(result: Any, seconds: float) -> dict[str, Any]:
    """Return the case, the settings and how the solver ended."""
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
        "status": result.solver.status,
        "cost_musd": float(result.costs["cost_musd"].iloc[-1]),
        "objective_musd": result.solver.objective_usd / 1e6,
        "solver_s": result.solver.solver_s,
        "seconds": seconds,
    }


def record(head: dict[str, Any], run: Any) -> dict[str, Any]:
    """Return heading, units, remarks and all tables, with the carriers and partners of each country."""
    return {
        **head,
        "units": _units(),
        "remarks": run.result.inputs.remarks,
        "warnings": run.result.warnings,
        **{name: records(table) for name, table in run.tables.items()},
        "countries": _by_country(run.result),
    }


def _units() -> dict[str, dict[str, str]]:
    """Return the unit of every figure, by table and column."""
    from sogdia.power.tables import TABLES

    return {
        name: {column.name: column.unit for column in table.columns if column.unit}
        for name, table in TABLES.items()
    }


def _by_country(result: Any) -> list[dict[str, Any]]:
    """Return the table of countries, with generation by carrier and trade by partner inside each."""
    generation = result.generation.groupby(["iso3", "carrier"])["generation_gwh"].sum()
    trade = result.exchanges[result.exchanges["sent_gwh"] > 0]
    rows = []
    for row in records(result.countries):
        code = row["iso3"]
        imports = trade[trade["importer"] == code].set_index("exporter")["received_gwh"]
        exports = trade[trade["exporter"] == code].set_index("importer")["sent_gwh"]
        rows.append(
            {
                **row,
                "generation_by_carrier_gwh": {str(c): float(v) for c, v in generation[code].items()},
                "imports_by_partner_gwh": {str(k): float(v) for k, v in imports.items()},
                "exports_by_partner_gwh": {str(k): float(v) for k, v in exports.items()},
            }
        )
    return rows


def write_tables(tables: Mapping[str, Any], folder: Path) -> None:
    """Write tables as CSV, with a descriptor of their columns and units."""
    from sogdia.files import output_folder, write_csv, write_file
    from sogdia.power.tables import TABLES
    from sogdia.tables.results import package_of

    with output_folder(folder) as draft:
        for name, table in tables.items():
            write_csv(draft / f"{name}.csv", table)
        package = json.dumps(package_of("power", TABLES), ensure_ascii=False, indent=2)
        write_file(draft / "datapackage.json", package + "\n")


LEAST_SHOWN_GWH = 5.0
"""Energy a year from which a line is printed; ``--json`` and ``--out`` have all."""
LEAST_BUILT_MW = 0.1
TWH = "TWh/a"
COUNTRIES = (
    "demand_gwh", "generation_gwh", "imports_gwh", "exports_gwh", "unserved_gwh", "co2_mt", "cost_musd",
    "price_usd_per_mwh", "export_earnings_musd",
)  # fmt: skip
UNITS = dict.fromkeys(
    ("demand_gwh", "generation_gwh", "imports_gwh", "exports_gwh", "sent_gwh", "contracted_gwh", "swap_gwh"),
    TWH,
)
"""Units of the page, where they differ from the declared ones."""
FORMS = {
    **dict.fromkeys(UNITS, ",.2f"),
    **dict.fromkeys(("cost_musd", "export_earnings_musd", "earned_musd", "capital_musd"), ",.0f"),
    **dict.fromkeys(("capacity_mw", "full_h", "unserved_h", "worst_mw", "built_mw"), ",.0f"),
    "unserved_gwh": ",.1f",
    "co2_mt": ",.1f",
    **dict.fromkeys(
        ("price_usd_per_mwh", "price_without_scarcity_usd_per_mwh", "long_run_usd_per_mwh"), ",.1f"
    ),
    **dict.fromkeys(("contract_usd_per_mwh", "spot_usd_per_mwh"), ",.1f"),
    **dict.fromkeys(("unserved_share", "scarcity_share"), ",.2%"),
}
LINES = ("line", "from_bus", "to_bus", "capacity_mw", "sent_gwh", "full_h", "earned_musd")
UNSERVED = ("zone", "unserved_gwh", "unserved_share", "unserved_h", "worst_mw")
TRADE = (
    "exporter", "importer", "sent_gwh", "contracted_gwh", "swap_gwh", "contract_usd_per_mwh",
    "spot_usd_per_mwh", "earned_musd",
)  # fmt: skip
PRICES = (
    "zone", "price_usd_per_mwh", "price_without_scarcity_usd_per_mwh", "scarcity_share",
    "long_run_usd_per_mwh",
)  # fmt: skip
BUILT = ("zone", "carrier", "built_mw", "capital_musd")


def _columns(table: str, *names: str) -> tuple[Column, ...]:
    from sogdia.power.tables import TABLES

    return columns_of(TABLES[table], *names, units=UNITS, forms=FORMS)


def print_year(head: dict[str, Any], run: Any) -> None:
    """Print the year by country, zone and line."""
    console, result = page(), run.result
    console.print(
        f"{head['region']} {head['year']}, plan {head['plan']}, scenario {head['scenario']}: "
        f"system cost {head['cost_musd']:,.0f} USD million; {head['status'].lower()}, {head['seconds']:.1f} s"
    )
    for remark in result.inputs.remarks:
        console.print(f"note: {remark}", markup=False)
    for warning in result.warnings:
        console.print(f"warning: {warning}", markup=False)
    if run.baseline is not None:
        _print_changes(console, run)
        return
    names = run.case.table("parties")["name"]
    countries = result.countries
    countries = countries.assign(name=countries["iso3"].map(names).fillna(countries["iso3"]))
    flows = result.flows[result.flows["sent_gwh"] >= LEAST_SHOWN_GWH].sort_values("sent_gwh", ascending=False)
    trade = result.exchanges[result.exchanges["sent_gwh"] >= LEAST_SHOWN_GWH]
    traded = {name: trade[name].where(trade[name] > 0.0) for name in TRADE if name.endswith("_per_mwh")}
    unserved = result.unserved[result.unserved["unserved_gwh"] > 0]
    built = result.built[result.built["built_mw"] > LEAST_BUILT_MW]
    carriers, columns = _carriers(result)
    shown = (
        ("Countries", countries, (Column("name", "Country"), *_columns("countries", *COUNTRIES))),
        ("Generation, TWh/a", carriers, columns),
        ("Trade across borders", trade.assign(**traded), _columns("exchanges", *TRADE)),
        ("Lines", flows, _columns("flows", *LINES)),
        ("Prices and scarcity", result.price_summary, _columns("price_summary", *PRICES)),
        ("Unserved energy", unserved, _columns("unserved", *UNSERVED)),
        ("Built in addition to the plan", built, _columns("built", *BUILT)),
    )
    for title, table, chosen in shown:
        if len(table):
            console.print()
            print_table(console, title, table, chosen)


CHANGES = (
    (
        "Countries",
        "change_of_countries",
        ("iso3",),
        ("cost_musd", "unserved_gwh", "co2_mt", "net_imports_gwh"),
    ),
    ("Generation that changes most", "change_of_generation", ("zone", "carrier"), ("generation_gwh",)),
    ("Lines that change most", "change_of_flows", ("line", "from_bus", "to_bus"), ("sent_gwh",)),
)
"""Title, table, keys and figures of the changes from a baseline."""
MOST_CHANGES = 12


def _print_changes(console: Any, run: Any) -> None:
    """Print the largest changes from a baseline."""
    from sogdia.power.tables import TABLES

    for title, name, keys, figures in CHANGES:
        table, declared = run.tables[name], TABLES[name.removeprefix("change_of_")]
        size = table[f"{figures[0]}_difference"].abs().sort_values(ascending=False, kind="stable")
        columns = [Column(key, declared.column(key).label) for key in keys]
        for figure in figures:
            label, unit = declared.column(figure).label, declared.column(figure).unit
            if len(figures) == 1:
                columns += [
                    Column(f"{figure}_{side}", f"{side.capitalize()}, {unit}", "n")
                    for side in ("baseline", "case")
                ]
            columns.append(Column(f"{figure}_difference", f"Change of {label.lower()}, {unit}", "+n"))
        console.print()
        print_table(console, title, table.loc[size.index[:MOST_CHANGES]], columns)


def _carriers(result: Any) -> tuple[Any, tuple[Column, ...]]:
    """Return generation of each zone by carrier, and what is curtailed of sun, wind and water."""
    table = result.generation
    wide = table.pivot_table(index="zone", columns="carrier", values="generation_gwh", aggfunc="sum")
    carriers = list(map(str, wide.columns))
    wide["curtailed"] = table.groupby("zone")["curtailed_gwh"].sum()
    factor = convert(1.0, "GWh/a", TWH)
    columns = (Column("zone", "Zone"), *(Column(c, c, ",.2f", factor) for c in (*carriers, "curtailed")))
    return wide.reset_index(), columns
