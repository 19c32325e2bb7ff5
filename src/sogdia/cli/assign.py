"""``sogdia assign``: a network and its trips alone, without a region."""

from __future__ import annotations

import json
import math
import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.errors import CannotRunError, InputError

NOT_CONVERGED = 1


class Form(StrEnum):
    """Formats of networks."""

    TNTP = "tntp"
    GMNS = "gmns"


class Algorithm(StrEnum):
    """Algorithms, as in the settings of an assignment."""

    UE = "ue"
    SO = "so"
    SUE = "sue"
    SUE_ALL_PATHS = "sue_all_paths"


def assign(
    net: Annotated[Path, typer.Option("--net", help="A TNTP _net file, or a GMNS folder or link.csv.")],
    trips: Annotated[
        Path | None, typer.Option("--trips", help="A TNTP _trips file, or a GMNS demand.csv.")
    ] = None,
    nodes: Annotated[
        Path | None, typer.Option("--nodes", help="Coordinates: a TNTP _node file, or a GMNS node.csv.")
    ] = None,
    form: Annotated[Form | None, typer.Option("--format", help="Guessed where not given.")] = None,
    toll_factor: Annotated[float, typer.Option(help="Cost of a unit of toll.")] = 0.0,
    distance_factor: Annotated[float, typer.Option(help="Cost of a unit of length.")] = 0.0,
    algorithm: Annotated[
        Algorithm,
        typer.Option(
            help="User equilibrium, system optimum, or logit over generated paths or all simple paths."
        ),
    ] = Algorithm.UE,
    gap: Annotated[
        float, typer.Option(help="Relative gap, or residual of the logit, at which to stop.")
    ] = 1e-6,
    theta: Annotated[float, typer.Option(help="Scale of the logit, one over the unit of cost.")] = 1.0,
    max_iterations: Annotated[int, typer.Option(min=1, help="Iterations after which to give up.")] = 500,
    workers: Annotated[int, typer.Option(min=1, help="Threads; results are the same for any number.")] = 2,
    out: Annotated[
        Path | None, typer.Option("--out", help="Flows of links: .csv, .tntp, .geojson or .gpkg.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write the record as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")] = False,
) -> None:
    """Assign trips to a network (TNTP or GMNS): objective, relative gap, iterations, seconds.

    Exit code 0: converged. 1: not converged, or the input has faults. 2: could not run.
    """
    chosen = _settings(
        algorithm=algorithm.value, gap=gap, theta=theta, max_iterations=max_iterations, workers=workers
    )
    factors = {"toll_factor": toll_factor, "distance_factor": distance_factor}
    begun = time.perf_counter()
    opened = _opened(net, trips, nodes, form, factors)
    read = time.perf_counter() - begun
    if out is not None:
        from sogdia.assignment.formats.export import check_writable

        check_writable(opened.network, out)
    for note in opened.notes:
        typer.echo(f"sogdia: note: {note}", err=True)
    if not (quiet or as_json):
        size = f"{len(opened.network.nodes):,} nodes, {opened.network.size:,} links"
        typer.echo(f"read {size} in {read:.2f} s; assigning ...", err=True)
    record, converged = _solved(opened, chosen, read, out)
    if as_json:
        typer.echo(json.dumps(record, indent=2, allow_nan=False))
    else:
        _print(record)
        if out is not None and converged:
            typer.echo(f"{out}: written", err=True)
    if not converged:
        wanted = f"{gap:g} was wanted; more --max-iterations or a looser --gap may help"
        typer.echo(f"sogdia: not converged: {record['relative_gap']} reached, {wanted}", err=True)
        raise typer.Exit(NOT_CONVERGED)


def _settings(**values: Any) -> Any:
    from pydantic import ValidationError

    _need_numba()
    from sogdia.assignment import AssignmentSettings

    try:
        return AssignmentSettings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise typer.BadParameter(f"{first['loc'][0]}: {first['msg']}") from error


def _need_numba() -> None:
    try:
        import numba  # noqa: F401
    except ImportError as error:
        raise CannotRunError("freight needs the extra freight: pip install 'sogdia[freight]'") from error


def _opened(
    net: Path, trips: Path | None, nodes: Path | None, form: Form | None, factors: dict[str, float]
) -> Any:
    """Network and demand; the demand is there."""
    from sogdia.assignment.formats.gmns import open_gmns
    from sogdia.assignment.formats.tntp import open_tntp

    guessed = form or (Form.GMNS if net.is_dir() or net.suffix.lower() == ".csv" else Form.TNTP)
    if guessed is Form.TNTP and trips is None:
        raise typer.BadParameter("a TNTP network needs its trips", param_hint="--trips")
    reader = open_tntp if guessed is Form.TNTP else open_gmns
    opened = reader(net, trips, nodes=nodes, **factors)
    if opened.demand is None:
        raise InputError(f"{net}: no demand.csv there; name one with --trips")
    return opened


def _solved(opened: Any, chosen: Any, read: float, out: Path | None) -> tuple[dict[str, Any], bool]:
    """The record and whether the assignment converged; flows are written where it did."""
    from sogdia.assignment import assign as solve
    from sogdia.assignment.formats.export import writer_for
    from sogdia.numerics import NotConvergedError

    begun = time.perf_counter()
    result = None
    try:
        result = solve(opened.network, opened.demand, chosen)
        convergence = result.convergence
    except NotConvergedError as error:
        convergence = error.convergence
    seconds = time.perf_counter() - begun
    left = None if result is None else float(result.undelivered["flow"].sum())
    record = {
        "algorithm": chosen.algorithm,
        "converged": result is not None,
        "objective": None if result is None else result.objective,
        "relative_gap": convergence.residual,
        "iterations": convergence.iterations,
        "seconds": seconds,
        "seconds_read": read,
        "total_cost": None if result is None else result.total_cost,
        "demand": opened.demand.total,
        "skipped_diagonal": opened.skipped,
        "undelivered": left,
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
    return clean, result is not None


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
