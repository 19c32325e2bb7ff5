"""``sogdia partners``: whom each home depends on under a plan, and what it would lose."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.cli.options import DEFAULT_REGION, PackOption

PlanOption = Annotated[str, typer.Option("--plan", help="A shipped plan's name, or a YAML file.")]
ScenarioOption = Annotated[str, typer.Option("--scenario", help="A shipped scenario's name, or a YAML file.")]
YearOption = Annotated[
    int | None, typer.Option("--year", min=1950, max=2100, help="Year looked at, instead of the scenario's.")
]
HomeOption = Annotated[list[str] | None, typer.Option("--home", help="Home to tell of; may be repeated.")]
PartnerOption = Annotated[
    list[str] | None,
    typer.Option("--partner", help="Row of partners to study; may be repeated. By default those marked so."),
]
AgainstOption = Annotated[str | None, typer.Option("--against", help="Plan to compare with.")]
BaseOption = Annotated[str, typer.Option("--base", help="Plan of the calm base.")]
LevelOption = Annotated[str, typer.Option("--level", help="withdrawal, or a row of pressure_levels.")]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", help="Whom partners press; homes are then named for helping them."),
]
LeavesOption = Annotated[
    list[str] | None, typer.Option("--leaves", help="Home that partners leave; by default all of the region.")
]
SoloOption = Annotated[bool, typer.Option("--solo", help="Each partner alone and all together only.")]
ChannelsOption = Annotated[bool, typer.Option("--channels/--no-channels", help="Rerun each channel.")]
ImbalanceOption = Annotated[
    str, typer.Option("--imbalance", help="What becomes of imbalances: multiplicative or additive.")
]
ToleranceOption = Annotated[float, typer.Option("--tolerance", help="Loss a home bears, % of GDP.")]
WorkersOption = Annotated[int, typer.Option("--workers", min=1, help="Processes.")]
StoreOption = Annotated[
    Path | None,
    typer.Option("--store", help="Folder of kept runs; $SOGDIA_STORE or the user's data folder otherwise."),
]
XlsxOption = Annotated[Path | None, typer.Option("--xlsx", help="Write all tables to a workbook.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Write all tables as JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", help="No progress on standard error.")]


def partners(
    plan: PlanOption = "under_construction",
    scenario: ScenarioOption = "reference",
    region: PackOption = DEFAULT_REGION,
    year: YearOption = None,
    home: HomeOption = None,
    partner: PartnerOption = None,
    against: AgainstOption = None,
    base: BaseOption = "as_is",
    level: LevelOption = "withdrawal",
    target: TargetOption = None,
    leaves: LeavesOption = None,
    solo: SoloOption = False,
    channels: ChannelsOption = True,
    imbalance: ImbalanceOption = "multiplicative",
    tolerance: ToleranceOption = 2.0,
    workers: WorkersOption = 2,
    store: StoreOption = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Say on whom each home depends: shares, losses by channel, alone and together, and the plan's money.

    Finished runs are kept, so that a second call is quick and one that was killed goes on where it stopped.
    """
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.dependence import compare_dependence
    from sogdia.errors import UnknownNameError
    from sogdia.region import load_region

    loaded = load_region(region)
    happens = load_scenario(scenario, loaded)
    happens = happens if year is None else happens.at(year)
    told = tuple(home or loaded.home)
    for code in told:
        if code not in loaded.home:
            raise UnknownNameError("economy of the region", code, loaded.home)
    settings = _settings(partner, level, target, leaves, solo, channels, imbalance, tolerance)
    plans = [load_plan(name, loaded) for name in ([plan] if against is None else [plan, against])]
    calm = load_plan(base, loaded)
    results = [
        _run(build_case(loaded, each, happens), settings, calm, workers, store, quiet) for each in plans
    ]
    change = compare_dependence(results[0], results[1]) if against is not None else None
    tables = results[0].tables()
    if change is not None:
        tables["change"] = change
    if xlsx is not None:
        from sogdia.tables.workbook import write_workbook

        write_workbook(tables, xlsx)
    if as_json:
        _write_json(results[0], tables, told)
    else:
        _print(results, change, told)


def _settings(
    partner: list[str] | None,
    level: str,
    target: list[str] | None,
    leaves: list[str] | None,
    solo: bool,
    channels: bool,
    imbalance: str,
    tolerance: float,
) -> Any:
    from pydantic import ValidationError

    from sogdia.dependence import DependenceSettings
    from sogdia.dependence.settings import ALONE
    from sogdia.errors import InputError

    study = ALONE.model_dump()
    study["trade"]["imbalance"] = imbalance
    try:
        return DependenceSettings.model_validate(
            {
                "study": study,
                "partners": tuple(partner or ()),
                "pressure": {"level": level, "homes": tuple(leaves or ()), "targets": tuple(target or ())},
                "coalitions": not solo,
                "channels": channels,
                "tolerance_pct": tolerance,
            }
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"--{first['loc'][-1]}: {first['msg']}, not {first['input']!r}") from error


def _run(case: Any, settings: Any, calm: Any, workers: int, store: Path | None, quiet: bool) -> Any:
    from sogdia.cli.progress import Progress
    from sogdia.dependence import dependence
    from sogdia.runs.default_store import default_store
    from sogdia.runs.executor import make_executor

    folder = store or default_store()
    with Progress(1, shown=not quiet) as bar:

        def heard(done: int, whole: int, words: str) -> None:
            bar.stage(f"{words} ({done} of {whole})")

        return dependence(
            case,
            settings,
            base=calm,
            executor=make_executor("processes", workers),
            folder=folder,
            progress=heard,
        )


def _write_json(result: Any, tables: dict[str, Any], told: tuple[str, ...]) -> None:
    content: dict[str, Any] = {
        "region": result.region,
        "plan": result.plan,
        "scenario": result.scenario,
        "year": result.year,
        "partners": dict(result.partners),
        "engine": dict(result.engine),
        "remarks": list(result.remarks),
        "sentences": {home: list(result.sentences(home)) for home in told},
    }
    for name, table in tables.items():
        rows = table[table["home"].isin(told)] if "home" in table else table
        content[name] = [
            {str(k): _plain(v) for k, v in row.items()} for row in json.loads(rows.to_json(orient="records"))
        ]
    typer.echo(json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False))


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print(results: list[Any], change: Any, told: tuple[str, ...]) -> None:
    from sogdia.cli.dependence_tables import shown_change, shown_home
    from sogdia.cli.tables import wide_console

    console, result = wide_console(), results[0]
    counts = result.engine
    made = counts["goods_runs"] - counts["goods_kept"]
    console.print(
        f"{result.region} {result.year}, plan {result.plan}, scenario {result.scenario}: "
        f"{counts['cases']:.0f} cases, {made:.0f} runs of freight and trade "
        f"({counts['goods_kept']:.0f} more kept from before), {counts['power_runs']:.0f} of power, "
        f"{counts['saved']:.0f} saved by sharing, {counts['seconds']:.0f} s",
        highlight=False,
    )
    for remark in result.remarks:
        console.print(f"note: {remark}", highlight=False)
    for home in told:
        console.print()
        for table in shown_home(result, home):
            console.print(table)
        console.print(" ".join(result.sentences(home)), highlight=False)
    if change is not None:
        console.print()
        for table in shown_change(change, results, told):
            console.print(table)
