"""``sogdia export``: a case in the formats of other tools."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption
from sogdia.cli.power import HoursOption, PlanOption, ScenarioOption, YearOption, case_of, settings_of
from sogdia.errors import UnknownNameError


def _pypsa(case: Any, folder: Path, hours: int) -> tuple[Path, ...]:
    from sogdia.power import power_inputs
    from sogdia.power.export import export_pypsa

    return export_pypsa(power_inputs(case, settings_of("dispatch", hours)), folder)


Writer = Callable[[Any, Path, int], tuple[Path, ...]]
FORMATS: Mapping[str, Writer] = MappingProxyType({"pypsa": _pypsa})
"""By name: what writes a case into a folder and tells what it wrote."""


def export(
    out: Annotated[Path, typer.Option("--out", help="Folder that the files go into.")],
    form: Annotated[str, typer.Option("--format", help=f"Format: {', '.join(FORMATS)}.")],
    plan: PlanOption = "as_is",
    scenario: ScenarioOption = "reference",
    year: YearOption = None,
    region: PackOption = DEFAULT_REGION,
    hours: HoursOption = 288,
) -> None:
    """Write a case as files that another tool opens.

    pypsa: the power network as netCDF and CSV, and its objective; PyPSA opens both and comes to the same.

    Exit code 0: written. 1: the input has faults. 2: could not run.
    """
    if form not in FORMATS:
        raise UnknownNameError("format", form, FORMATS)
    for path in FORMATS[form](case_of(plan, scenario, year, region), out, hours):
        typer.echo(str(path))
