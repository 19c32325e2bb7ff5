"""``sogdia export``: a case, or stored runs, in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.commands import NEEDED_BY_FORMAT
from sogdia.cli.options import (
    Mode,
    ModeOption,
    PlanOption,
    RegionOption,
    ScenarioOption,
    StoreOption,
    YearOption,
)
from sogdia.cli.output import note_unused, showing
from sogdia.cli.power import HoursOption, hours_of
from sogdia.errors import InputError, UnknownNameError
from sogdia.extras import require_extras


def _pypsa(case: Any, folder: Path, settings: Mapping[str, Any]) -> tuple[Path, ...]:
    from sogdia.api.settings import validated
    from sogdia.power import PowerSettings, build_power_inputs
    from sogdia.power.export import export_pypsa

    return export_pypsa(build_power_inputs(case, validated(PowerSettings, settings)), folder)


def _gmns(case: Any, folder: Path, _: Mapping[str, Any]) -> tuple[Path, ...]:
    from sogdia.report.exports.gmns import write_case_gmns

    return tuple(write_case_gmns(case, folder))


def _omx(case: Any, folder: Path, _: Mapping[str, Any]) -> tuple[Path, ...]:
    from sogdia.assignment.formats.omx import write_omx
    from sogdia.freight import assign_freight

    result = assign_freight(case).result
    table = result.od()
    files = []
    for column, name in (("flow", "tonnes.omx"), ("cost_money", "cost_usd_per_t.omx")):
        write_omx(table, result.network, folder / name, column=column)
        files.append(folder / name)
    return tuple(files)


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


CASE_FORMATS: Mapping[str, Callable[[Any, Path, Mapping[str, Any]], tuple[Path, ...]]] = MappingProxyType(
    {"pypsa": _pypsa, "gmns": _gmns, "omx": _omx}
)
"""Writer of a case into a folder with settings of the power system, by format; it returns the files."""
RUN_FORMATS: Mapping[str, Callable[[Any, Path], list[Path]]] = MappingProxyType(
    {"xlsx": _xlsx, "gpkg": _geopackage, "geojson": _geojson, "parquet": _parquet, "csv": _csv}
)
"""Writer of stored runs into a folder, by name of the format; it returns the files."""
FORMATS = (*RUN_FORMATS, *CASE_FORMATS)
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "xlsx": ("runs.xlsx",),
        "gpkg": ("runs.gpkg",),
        "geojson": ("links.geojson",),
        "pypsa": ("network.nc", "network", "solution.json"),
        "gmns": ("node.csv", "link.csv", "zone.csv"),
        "omx": ("tonnes.omx", "cost_usd_per_t.omx"),
    }
)
"""Files and folders of a format, checked before the computation; those of the star schema are declared."""

FolderOption = Annotated[Path, typer.Option("--out", help="Folder to write the files to.")]
FormatOption = Annotated[str, typer.Option("--format", help=f"Format: {', '.join(FORMATS)}.")]
RunOption = Annotated[
    list[str] | None,
    typer.Option("--run", help="Stored run: start of its id, or plan/scenario/year; may be repeated."),
]


def export(
    out: FolderOption,
    form: FormatOption,
    run: RunOption = None,
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    year: YearOption = None,
    region: RegionOption = DEFAULT_REGION,
    hours: HoursOption = None,
    mode: ModeOption = Mode.DISPATCH,
    store: StoreOption = None,
) -> None:
    """Export stored runs or a case to other tools: Excel, QGIS, Power BI, PyPSA, GMNS, OMX.

    Runs (--run, else that of plan and scenario, computed if the store lacks it): xlsx, a workbook with units
    and sources; gpkg, styled layers for QGIS; geojson; parquet and csv, a star schema for Power BI with a
    page that explains it. Case (--plan, --scenario): pypsa, the solved power system (--hours, --mode) as
    netCDF and CSV, with the objective that PyPSA reproduces; gmns, the freight network; omx, tonnes and costs
    between zones. IATI is exported by sogdia ledger.

    Exit code 0: written. 1: the input has errors. 2: could not run.
    """
    from sogdia.api import build_case
    from sogdia.files import output_folder, writable_folder

    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    require_extras(NEEDED_BY_FORMAT[form], f"the format {form}")
    writable_folder(out, _names(form))
    if form in CASE_FORMATS:
        if run:
            raise InputError(f"{form} is the format of a case: give --plan and --scenario, not --run")
        case = build_case(region, plan, scenario, year, past=True)
        note_unused(case)
        settings = {"mode": mode.value} | ({} if hours is None else {"hours": hours_of(hours)})
        with output_folder(out) as draft, showing(f"{form} of the case", show=True):
            files = list(CASE_FORMATS[form](case, draft, settings))
    else:
        bundle = _bundle(run or [], plan, scenario, year, region, store)
        with output_folder(out) as draft, showing(f"{form} of the runs", show=True):
            files = RUN_FORMATS[form](bundle, draft)
    for path in files:
        typer.echo(str(out / path.name))


def _names(form: str) -> tuple[str, ...]:
    """Return the files and folders of a format."""
    if form in NAMES:
        return NAMES[form]
    from sogdia.report.exports.star_tables import STAR

    return (*(f"{name}.{form}" for name in STAR), "README.md")


def _bundle(
    names: list[str], plan: str | None, scenario: str, year: int | None, region: str, store: Path | None
) -> Any:
    """Return the runs named; without a name those of the plan and the baseline, computed if missing."""
    from sogdia.api import build_case, load_region, run
    from sogdia.api.inputs import load_with_plans
    from sogdia.api.progress import Progress
    from sogdia.api.runs import open_store
    from sogdia.case import counterfactual
    from sogdia.report.exports import Bundle

    cache, loaded = open_store(store), load_region(region)
    if names:
        heads = [cache.find(name) for name in names]
        foreign = sorted({head.region for head in heads} - {loaded.name})
        if foreign:
            raise InputError(f"a run is of the region {foreign[0]}: name it with --region")
        return Bundle.of(cache, heads, loaded)
    loaded, (chosen, compared) = load_with_plans(loaded, plan, None)
    baseline, (merged,) = counterfactual([chosen], compared, loaded)
    plans = {each.digest: each for each in (baseline, merged)}.values()
    note_unused(build_case(loaded, chosen, scenario, year, past=True))
    with Progress(len(plans), True) as progress:
        heads = []
        for each in plans:
            progress.stage(f"run of {each.name or each.title}")
            found = run(loaded, each, scenario, year, baseline=baseline, store=cache)
            heads.append(found.metadata)
            progress.step(f"run of {each.name or each.title}")
    return Bundle.of(cache, heads, loaded)
