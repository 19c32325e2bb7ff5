"""``sogdia export``: a case, or stored runs, in the formats of other tools."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.power import HoursOption, PlanOption, ScenarioOption, YearOption, case_of, settings_of
from sogdia.cli.runs import StoreOption, opened_store
from sogdia.errors import InputError, UnknownNameError
from sogdia.files import output_folder, writable_folder


def _pypsa(case: Any, folder: Path, hours: int) -> tuple[Path, ...]:
    from sogdia.power import power_inputs
    from sogdia.power.export import export_pypsa

    return export_pypsa(power_inputs(case, settings_of("dispatch", hours)), folder)


def _gmns(case: Any, folder: Path, _: int) -> tuple[Path, ...]:
    from sogdia.report.exports.gmns import write_case_gmns

    return tuple(write_case_gmns(case, folder))


def _omx(case: Any, folder: Path, _: int) -> tuple[Path, ...]:
    from sogdia.assignment.formats.omx import write_omx
    from sogdia.freight import assign_freight

    found = assign_freight(case).result
    table = found.od()
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for column, name in (("flow", "tonnes.omx"), ("cost_money", "cost_usd_per_t.omx")):
        write_omx(table, found.network, folder / name, column=column)
        written.append(folder / name)
    return tuple(written)


def _xlsx(bundle: Any, folder: Path) -> list[Path]:
    from sogdia.report.exports import write_tables_workbook

    return [write_tables_workbook(bundle, folder / "runs.xlsx")]


def _geopackage(bundle: Any, folder: Path) -> list[Path]:
    from sogdia.report.exports import write_geopackage

    return [write_geopackage(bundle, folder / "runs.gpkg")]


def _geojson(bundle: Any, folder: Path) -> list[Path]:
    from sogdia.report.exports import write_geojson

    return [write_geojson(bundle, folder / "links.geojson")]


def _parquet(bundle: Any, folder: Path) -> list[Path]:
    from sogdia.report.exports import write_star

    return write_star(bundle, folder, "parquet")


def _csv(bundle: Any, folder: Path) -> list[Path]:
    from sogdia.report.exports import write_star

    return write_star(bundle, folder, "csv")


Writer = Callable[[Any, Path, int], tuple[Path, ...]]
CASE_FORMATS: Mapping[str, Writer] = MappingProxyType({"pypsa": _pypsa, "gmns": _gmns, "omx": _omx})
"""By name: what writes a case into a folder and tells what it wrote."""
RUN_FORMATS: Mapping[str, Callable[[Any, Path], list[Path]]] = MappingProxyType(
    {"xlsx": _xlsx, "gpkg": _geopackage, "geojson": _geojson, "parquet": _parquet, "csv": _csv}
)
"""By name: what writes stored runs into a folder and tells what it wrote."""
FORMATS = (*RUN_FORMATS, *CASE_FORMATS)


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder that the files go into.")],
    form: Annotated[str, typer.Option("--format", help=f"Format: {', '.join(FORMATS)}.")],
    run: Annotated[
        list[str] | None,
        typer.Option("--run", help="A stored run: start of its id, or plan/scenario/year; several at will."),
    ] = None,
    plan: PlanOption = "as_is",
    scenario: ScenarioOption = "reference",
    year: YearOption = None,
    region: PackOption = DEFAULT_REGION,
    hours: HoursOption = 288,
    store: StoreOption = None,
) -> None:
    """Write stored runs or a case as files that another tool opens.

    Of runs (--run, else that of plan and scenario, computed where the store lacks it): xlsx, a workbook
    with units and sources; gpkg, layers that QGIS opens styled; geojson; parquet and csv, a star schema
    for Power BI with a page that explains it. Of a case (--plan, --scenario): pypsa, the power network as
    netCDF and CSV, and its objective, which PyPSA opens and comes to the same; gmns, the freight network;
    omx, tonnes and costs between zones. IATI is written by sogdia ledger.

    Exit code 0: written. 1: the input has faults. 2: could not run.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    writable_folder(out)
    if form in CASE_FORMATS:
        if run:
            raise InputError(f"{form} is made of a case: give --plan and --scenario, not --run")
        case = case_of(plan, scenario, year, region)
        with output_folder(out) as part:
            written = list(CASE_FORMATS[form](case, part, hours))
    else:
        bundle = _bundle(run or [], plan, scenario, year, region, store)
        with output_folder(out) as part:
            written = RUN_FORMATS[form](bundle, part)
    for path in written:
        typer.echo(str(out / path.name))


def _bundle(
    told: list[str], plan: str, scenario: str, year: int | None, region: str, store: Path | None
) -> Any:
    """The runs asked for; that of plan and scenario is computed where the store lacks it."""
    from sogdia.case import load_plan, load_scenario
    from sogdia.region import load_region
    from sogdia.report.exports import Bundle
    from sogdia.runs.definition import opened, study_of
    from sogdia.runs.scheduler import run_study

    kept, loaded = opened_store(store), load_region(region)
    if told:
        heads = [kept.find(each) for each in told]
        foreign = sorted({head.region for head in heads} - {loaded.name})
        if foreign:
            raise InputError(f"a run is of the region {foreign[0]}: name it with --region")
        return Bundle.of(kept, heads, loaded)
    base, chosen = load_plan("as_is", loaded), load_plan(plan, loaded)
    happens = load_scenario(scenario, loaded)
    words = {"region": region, "plans": (plan,), "scenarios": (scenario,)}
    study = study_of(**words, years=() if year is None else (year,))
    whole = opened(study, loaded, base, [chosen] if plan != "as_is" else [], [happens])
    for done in run_study(whole, kept, threads=os.cpu_count() or 1):
        if done.error:
            raise InputError(f"{done.label}: {done.error}")
    return Bundle.of(kept, [kept.head(each.run) for each in whole.runs], loaded)
