"""``sogdia dependence``: dependence of home countries on outside partners under a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from sogdia.api.defaults import DEFAULT_REGION, DEFAULT_SCENARIO
from sogdia.cli.dependence_tables import print_changes, print_home, print_intervals
from sogdia.cli.options import (
    BaselineOption,
    HomeOption,
    JsonOption,
    Mode,
    ModeOption,
    PlanOption,
    QuietOption,
    RegionOption,
    ScenarioOption,
    StoreOption,
    WorkersOption,
    YearOption,
    codes_in,
)
from sogdia.cli.output import note_compiling, note_unused, print_json, records
from sogdia.cli.tables import page
from sogdia.errors import InputError

PartnerOption = Annotated[
    list[str] | None,
    typer.Option("--partner", help="Row of the table partners; may be repeated. Default: those so marked."),
]
AgainstOption = Annotated[
    str | None, typer.Option("--against", help="Plan whose dependence is compared with that of --plan.")
]
LevelOption = Annotated[
    str, typer.Option("--level", help="withdrawal, or a row of the table pressure_levels.")
]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", help="Party that partners press; home countries are sanctioned for helping it."),
]
FromOption = Annotated[
    list[str] | None,
    typer.Option("--withdrawn-from", "--leaves", help="Home country that partners withdraw from."),
]
SinceOption = Annotated[
    int | None,
    typer.Option(
        "--years-since",
        help="Years since a withdrawal: what plants of the partner keep. Default: 1 and 10 by horizon.",
    ),
]
HorizonOption = Annotated[
    list[str] | None,
    typer.Option("--horizon", help="year_1 or year_10 after the withdrawal; both by default."),
]
SoloOption = Annotated[bool, typer.Option("--solo", help="Each partner alone and all together only.")]
ChannelsOption = Annotated[
    bool, typer.Option("--channels/--no-channels", help="Run each partner's withdrawal by channel too.")
]
ImbalanceOption = Annotated[
    str, typer.Option("--imbalance", help="Closure of trade imbalances: multiplicative or additive.")
]
ToleranceOption = Annotated[
    float, typer.Option("--tolerance", help="Loss that a home country can bear, % of GDP.")
]
CeilingOption = Annotated[
    list[str] | None,
    typer.Option(
        "--debt-ceiling",
        help="CODE=PERCENT: ceiling of external debt (present value) over GDP; may be repeated.",
    ),
]
SamplesOption = Annotated[
    int,
    typer.Option(
        "--samples",
        min=0,
        help="Samples of all uncertain figures: 80 % intervals of the largest losses in the last year.",
    ),
]
XlsxOption = Annotated[Path | None, typer.Option("--xlsx", help="Workbook to write all tables to.")]


def dependence(
    plan: PlanOption = None,
    scenario: ScenarioOption = DEFAULT_SCENARIO,
    region: RegionOption = DEFAULT_REGION,
    year: YearOption = None,
    home: HomeOption = None,
    partner: PartnerOption = None,
    against: AgainstOption = None,
    baseline: BaselineOption = None,
    level: LevelOption = "withdrawal",
    target: TargetOption = None,
    withdrawn_from: FromOption = None,
    years_since: SinceOption = None,
    horizon: HorizonOption = None,
    solo: SoloOption = False,
    channels: ChannelsOption = True,
    imbalance: ImbalanceOption = "multiplicative",
    tolerance: ToleranceOption = 2.0,
    debt_ceiling: CeilingOption = None,
    samples: SamplesOption = 0,
    mode: ModeOption = Mode.DISPATCH,
    workers: WorkersOption = 2,
    store: StoreOption = None,
    xlsx: XlsxOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Estimate dependence on outside partners: losses if they withdraw, by channel and coalition, and debt.

    Finished runs are stored: a second call is quick, and an interrupted one continues.
    Exit code 0: finished. 1: the input has errors, or no convergence. 2: could not run.
    """
    from sogdia.api import build_case, dependence_settings, load_region, run_dependence
    from sogdia.api.inputs import home_in

    loaded = load_region(region)
    homes = home_in(loaded, codes_in(home))
    settings = dependence_settings(
        partners=partner or (), level=level, withdrawn_from=codes_in(withdrawn_from), targets=target or (),
        years_since=years_since, horizons=horizon or (), coalitions=not solo, channels=channels,
        imbalance=imbalance, tolerance_pct=tolerance, mode=mode.value,
        debt_ceilings=_ceilings(debt_ceiling or ()),
    )  # fmt: skip
    if not (quiet or as_json):
        note_compiling()
    plans = (plan,) if against is None else (plan, against)
    note_unused(*(build_case(loaded, name, scenario, year) for name in plans))
    runs = [
        run_dependence(
            loaded, name, scenario, year, baseline=baseline, settings=settings, samples=samples,
            workers=workers or 1, store=store, progress=not (quiet or as_json),
        )
        for name in plans
    ]  # fmt: skip
    tables = _tables(runs, xlsx)
    if as_json:
        _print_json(runs[0].result, tables, homes)
    else:
        _print([run.result for run in runs], tables, homes)


def _tables(runs: Sequence[Any], xlsx: Path | None) -> dict[str, Any]:
    """Return the tables of the first run, with its change to the second if there is one; write a workbook."""
    tables: dict[str, Any] = dict(runs[0].tables)
    if len(runs) > 1:
        tables["change"] = runs[0].compare(runs[1])
    if xlsx is not None:
        from sogdia.files import output_file
        from sogdia.tables.workbook import write_workbook

        with output_file(xlsx) as file:
            write_workbook(tables, file)
    return tables


def _ceilings(values: Sequence[str]) -> dict[str, float]:
    """Read ceilings given as ``CODE=PERCENT``.

    Raises:
        InputError: If a value has another form.
    """
    ceilings = {}
    for value in values:
        code, _, percent = value.partition("=")
        try:
            ceilings[code] = float(percent)
        except ValueError:
            raise InputError(
                f"--debt-ceiling {value}: expected CODE=PERCENT, a home country and a number"
            ) from None
    return ceilings


def _print_json(result: Any, tables: Mapping[str, Any], homes: Sequence[str]) -> None:
    content: dict[str, Any] = {
        "region": result.region,
        "plan": result.plan,
        "scenario": result.scenario,
        "year": result.year,
        "partners": dict(result.partners),
        "engine": dict(result.engine),
        "remarks": list(result.remarks),
        "sentences": {home: list(result.sentences(home)) for home in homes},
    }
    for name, table in tables.items():
        content[name] = records(table[table["home"].isin(homes)] if "home" in table else table)
    print_json(content)


def _print(results: Sequence[Any], tables: Mapping[str, Any], homes: Sequence[str]) -> None:
    console, result = page(), results[0]
    counts = result.engine
    computed = counts["goods_runs"] - counts["goods_kept"]
    console.print(
        f"{result.region} {result.year}, plan {result.plan}, scenario {result.scenario}: "
        f"{counts['cases']:.0f} cases, {computed:.0f} runs of freight and trade "
        f"({counts['goods_kept']:.0f} found in the store), {counts['power_runs']:.0f} of the power system, "
        f"{counts['saved']:.0f} shared, {counts['seconds']:.0f} s"
    )
    for remark in result.remarks:
        console.print(f"note: {remark}", markup=False)
    for home in homes:
        console.print()
        print_home(console, result, home)
        console.print(" ".join(result.sentences(home)), markup=False)
    if "loss_intervals" in tables:
        console.print()
        print_intervals(console, tables["loss_intervals"], result, homes)
    if "change" in tables:
        console.print()
        print_changes(console, tables["change"], results, homes)
