"""``sogdia assign``: a network and its demand alone, without a region."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import (
    JsonOption,
    OldWorkersOption,
    OutFileOption,
    QuietOption,
    ThreadsOption,
    threads_of,
)
from sogdia.cli.output import note_compiling, print_json
from sogdia.errors import InputError

NOT_CONVERGED = 1
DEFAULT_THREADS = 2
KINDS = {"sue": "paths", "sue_all_paths": "given paths"}
"""Kinds of the computations by algorithm that call other kernels than those of bushes."""
GIS_SUFFIXES = (".gpkg", ".shp", ".geojson", ".fgb")
OMX_SUFFIX = ".omx"
GMNS_SUFFIXES = (".csv", ".xlsx", ".ods")


class Form(StrEnum):
    """Formats of networks."""

    TNTP = "tntp"
    GMNS = "gmns"
    GIS = "gis"


class Algorithm(StrEnum):
    """Algorithms, as in the settings of an assignment."""

    UE = "ue"
    SO = "so"
    SUE = "sue"
    SUE_ALL_PATHS = "sue_all_paths"


NetOption = Annotated[
    Path, typer.Option("--net", help="TNTP _net file; GMNS folder, link.csv or workbook; GIS links.")
]
TripsOption = Annotated[
    Path | None, typer.Option("--trips", help="TNTP _trips file, or demand (CSV, Excel, OMX).")
]
NodesOption = Annotated[
    Path | None, typer.Option("--nodes", help="TNTP _node file, GMNS nodes, or layer of nodes.")
]
MappingOption = Annotated[
    Path | None, typer.Option("--mapping", help="YAML file with the fields and units of GIS links.")
]
OmxMappingOption = Annotated[
    str | None, typer.Option("--omx-mapping", help="Mapping of an OMX file that names its zones.")
]
FormOption = Annotated[
    Form | None, typer.Option("--format", help="Format of the network. Default: by its name.")
]
TollOption = Annotated[float, typer.Option(help="Cost of a unit of toll.")]
DistanceOption = Annotated[float, typer.Option(help="Cost of a unit of length.")]
AlgorithmOption = Annotated[
    Algorithm,
    typer.Option(help="User equilibrium, system optimum, or logit over generated or all simple paths."),
]
GapOption = Annotated[float, typer.Option(help="Tolerance on the relative gap, or on the residual of logit.")]
ThetaOption = Annotated[float, typer.Option(help="Scale of the logit, per unit of cost.")]
IterationsOption = Annotated[int, typer.Option(min=1, help="Largest number of iterations.")]


def assign(
    net: NetOption,
    trips: TripsOption = None,
    nodes: NodesOption = None,
    mapping: MappingOption = None,
    omx_mapping: OmxMappingOption = None,
    form: FormOption = None,
    toll_factor: TollOption = 0.0,
    distance_factor: DistanceOption = 0.0,
    algorithm: AlgorithmOption = Algorithm.UE,
    gap: GapOption = 1e-6,
    theta: ThetaOption = 1.0,
    max_iterations: IterationsOption = 500,
    threads: ThreadsOption = None,
    workers: OldWorkersOption = None,
    out: OutFileOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Assign trips to a network in TNTP, GMNS or GIS layers (user equilibrium, system optimum or logit).

    --out writes link flows as .csv, .tntp, .geojson or .gpkg.
    Exit code 0: converged. 1: not converged, or the input has errors. 2: could not run.
    """
    from sogdia.api.settings import validated
    from sogdia.extras import require_extra

    require_extra("freight", "assignment")
    from sogdia.assignment import AssignmentSettings

    values = {
        "algorithm": algorithm.value, "gap": gap, "theta": theta, "max_iterations": max_iterations,
        "workers": threads_of(threads, workers) or DEFAULT_THREADS,
    }  # fmt: skip
    settings = validated(AssignmentSettings, values)
    begun = time.perf_counter()
    factors = {"toll_factor": toll_factor, "distance_factor": distance_factor}
    opened = _open(Files(net, trips, nodes, mapping, omx_mapping), form, factors)
    seconds_read = time.perf_counter() - begun
    _check_out(opened, out)
    for note in opened.notes:
        typer.echo(f"sogdia: note: {note}", err=True)
    if not (quiet or as_json):
        size = f"{len(opened.network.nodes):,} nodes, {opened.network.size:,} links"
        typer.echo(f"read {size} in {seconds_read:.2f} s; assigning ...", err=True)
        note_compiling(KINDS.get(settings.algorithm, "bushes"))
    record, overloads = _solve(opened, settings, seconds_read, out)
    if as_json:
        print_json(record)
    else:
        _print(record)
        if out is not None and record["converged"]:
            typer.echo(f"{out}: written", err=True)
    if not record["converged"]:
        advice = f"the tolerance is {gap:g}; more --max-iterations or a larger --gap may help"
        causes = f"; capacities most exceeded: {'; '.join(overloads)}" if overloads else ""
        typer.echo(f"sogdia: not converged: {record['relative_gap']} reached, {advice}{causes}", err=True)
        raise typer.Exit(NOT_CONVERGED)


def _check_out(opened: Any, out: Path | None) -> None:
    if out is not None:
        from sogdia.assignment.formats.export import check_writable

        check_writable(opened.network, out)


@dataclass(frozen=True)
class Files:
    """Files of a network and its demand.

    Attributes:
        net: The network.
        trips: Its demand.
        nodes: Its nodes.
        mapping: Fields and units of GIS links.
        omx_mapping: Mapping of an OMX file of trips.
    """

    net: Path
    trips: Path | None
    nodes: Path | None
    mapping: Path | None
    omx_mapping: str | None


def _open(files: Files, form: Form | None, factors: dict[str, float]) -> Any:
    """Open a network with its demand."""
    net, trips = files.net, files.trips
    if net.suffix.lower() == OMX_SUFFIX:
        raise InputError(f"{net}: OMX holds matrices, not links; give it with --trips")
    kind = form or _form_of(net, files.mapping)
    if kind is not Form.GMNS and trips is None:
        network = "TNTP" if kind is Form.TNTP else "GIS"
        raise typer.BadParameter(f"a {network} network needs its trips", param_hint="--trips")
    matrices = trips if trips is not None and trips.suffix.lower() == OMX_SUFFIX else None
    if files.omx_mapping is not None and matrices is None:
        raise InputError("--omx-mapping names the zones of an OMX file; --trips is none")
    opened = _read(files, kind, trips if matrices is None or kind is not Form.TNTP else None, factors)
    if matrices is not None and kind is Form.TNTP:
        from sogdia.assignment.formats.omx import open_omx

        demand, skipped = open_omx(matrices, opened.network, mapping=files.omx_mapping)
        return replace(opened, demand=demand, skipped=skipped)
    if opened.demand is None:
        raise InputError(f"{net}: no demand.csv in it; name one with --trips")
    return opened


def _read(files: Files, kind: Form, trips: Path | None, factors: dict[str, float]) -> Any:
    """Read a network, and its demand unless that is in matrices."""
    from sogdia.assignment.formats.gmns import open_gmns
    from sogdia.assignment.formats.tntp import open_tntp

    if kind is Form.GIS:
        return _open_gis(files, factors)
    if kind is Form.TNTP:
        return open_tntp(files.net, trips, nodes=files.nodes, **factors)
    return open_gmns(files.net, trips, nodes=files.nodes, omx_mapping=files.omx_mapping, **factors)


def _form_of(net: Path, mapping: Path | None) -> Form:
    if mapping is not None or net.suffix.lower() in GIS_SUFFIXES:
        return Form.GIS
    return Form.GMNS if net.is_dir() or net.suffix.lower() in GMNS_SUFFIXES else Form.TNTP


def _open_gis(files: Files, factors: dict[str, float]) -> Any:
    from sogdia.assignment.formats.gis import open_gis

    if files.mapping is None:
        raise typer.BadParameter("GIS links need a mapping of their fields", param_hint="--mapping")
    if any(factors.values()):
        raise InputError(
            "GIS links have their cost in the mapping; leave out --toll-factor, --distance-factor"
        )
    return open_gis(files.net, files.mapping, files.trips, nodes=files.nodes, omx_mapping=files.omx_mapping)


def _solve(
    opened: Any, settings: Any, seconds_read: float, out: Path | None
) -> tuple[dict[str, Any], list[str]]:
    """Assign; return the record and the capacities most exceeded if it did not converge; else write flows."""
    from sogdia.assignment import assign as solve
    from sogdia.assignment.formats.export import writer_for
    from sogdia.numerics import NotConvergedError

    begun = time.perf_counter()
    result, overloads = None, list[str]()
    try:
        result = solve(opened.network, opened.demand, settings)
        convergence = result.convergence
    except NotConvergedError as error:
        convergence, overloads = error.convergence, [str(each) for each in error.overloads]
    seconds = time.perf_counter() - begun
    undelivered = None if result is None else float(result.undelivered["flow"].sum())
    record = {
        "algorithm": settings.algorithm,
        "converged": result is not None,
        "objective": None if result is None else result.objective,
        "relative_gap": convergence.residual,
        "iterations": convergence.iterations,
        "seconds": seconds,
        "seconds_read": seconds_read,
        "total_cost": None if result is None else result.total_cost,
        "demand": opened.demand.total,
        "skipped_diagonal": opened.skipped,
        "undelivered": undelivered,
        "undelivered_pairs": None if result is None else len(result.undelivered),
        "nodes": len(opened.network.nodes),
        "links": opened.network.size,
        "zones": len(opened.network.zones),
    }
    if result is not None and out is not None:
        writer_for(out)(result, out)
    clean = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in record.items()
    }
    return clean, overloads


def _print(record: dict[str, Any]) -> None:
    texts = {
        "algorithm": record["algorithm"],
        "objective": _figure(record["objective"]),
        "relative gap": _figure(record["relative_gap"], ".3g"),
        "iterations": f"{record['iterations']:,}",
        "seconds": f"{record['seconds']:.2f} (reading {record['seconds_read']:.2f})",
        "total cost": _figure(record["total_cost"]),
        "demand": _figure(record["demand"]),
        "on the diagonal": f"{_figure(record['skipped_diagonal'])} skipped",
    }
    if record["undelivered"]:
        pairs = record["undelivered_pairs"]
        texts["undelivered"] = f"{_figure(record['undelivered'])} without a path ({pairs:,} pairs)"
    for name, text in texts.items():
        typer.echo(f"{name:<16}{text}")


def _figure(value: float | None, form: str = ",.15g") -> str:
    return "none" if value is None else format(value, form)
