"""``sogdia ensemble``: a study in samples of all uncertain figures."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer

from sogdia.cli.options import JsonOption, OutOption, QuietOption, StoreOption, WorkersOption
from sogdia.cli.output import check_folder, note_compiling, print_json, records
from sogdia.cli.runs import FAILED, StudyArgument
from sogdia.cli.tables import Column, page, print_table
from sogdia.errors import InputError, UnknownNameError


class Sampling(StrEnum):
    """Methods of sampling."""

    LHS = "lhs"
    SOBOL = "sobol"


class ScenarioUse(StrEnum):
    """Use of the scenarios of a study in samples."""

    CROSS = "cross"
    DRAW = "draw"


SamplesOption = Annotated[int, typer.Option("--samples", min=1, help="Number of samples.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed; equal seeds give equal samples.")]
MethodOption = Annotated[Sampling, typer.Option("--method", help="Latin hypercube, or Sobol sequence.")]
ScenariosOption = Annotated[
    ScenarioUse, typer.Option("--scenarios", help="Run each sample under every scenario, or draw one.")
]
ClusterOption = Annotated[
    str, typer.Option("--cluster", help="Address of a running Ray cluster, or auto; processes otherwise.")
]
MeasureOption = Annotated[
    str,
    typer.Option(
        "--measure",
        help="Measure whose spread is explained, and by which a plan fails. "
        "Default: home_gain_musd, or else the study's first of one figure.",
    ),
]
ThresholdOption = Annotated[
    float, typer.Option("--threshold", help="Effect on the measure at which a plan fails.")
]


def ensemble(
    study: StudyArgument,
    samples: SamplesOption = 256,
    seed: SeedOption = 1,
    method: MethodOption = Sampling.LHS,
    scenarios: ScenariosOption = ScenarioUse.CROSS,
    workers: WorkersOption = 1,
    cluster: ClusterOption = "",
    measure: MeasureOption = "",
    threshold: ThresholdOption = 0.0,
    store: StoreOption = None,
    out: OutOption = None,
    quiet: QuietOption = False,
    as_json: JsonOption = False,
) -> None:
    """Run a study in samples of all uncertain figures: medians, 80 % intervals, variance shares, failures.

    Finished runs are stored, and an interrupted ensemble continues.
    Exit code 0: all finished. 1: a run did not converge, or the input has errors. 2: could not run.
    """
    from sogdia.api.ensembles import ensemble as run_ensemble
    from sogdia.files import write_csv_folder
    from sogdia.runs.definition import load_study
    from sogdia.runs.executor import make_executor

    check_folder(out)
    loaded = load_study(study)
    explained = _measure(loaded.definition.chosen_measures, measure)
    is_shown = not (quiet or as_json)
    if is_shown:
        note_compiling()
    place = make_executor("ray" if cluster else "processes", workers or 1, cluster or None)
    result = run_ensemble(
        loaded, samples, seed=seed, method=method.value, scenarios=scenarios.value, executor=place,
        store=store, progress=is_shown,
    )  # fmt: skip
    shares, sentence = _explain(result, explained, threshold)
    tables = dict(result.tables) | ({} if shares is None else {"shares": shares})
    if out is not None:
        write_csv_folder(out, tables)
    if as_json:
        content = {name: records(tables[name]) for name in ("intervals", "shares") if name in tables}
        print_json({**content, "failure": sentence, "errors": dict(result.errors)})
    else:
        _print(tables, sentence)
        for label, error in result.errors.items():
            typer.echo(f"sogdia: {label}: {error}", err=True)
    if result.errors:
        raise typer.Exit(FAILED)


def _measure(chosen: Sequence[Any], name: str) -> str:
    """Return the measure to explain: a long ensemble must not end with a name that was never valid.

    Raises:
        UnknownNameError: If the study has no such measure.
        InputError: If it has a figure for each of several parts.
    """
    from sogdia.runs.measures import HEADLINE

    single = [each.name for each in chosen if each.by is None]
    if not name:
        if not single:
            raise InputError("the study has no measure of one figure to explain; add one to its measures")
        return HEADLINE if HEADLINE in single else single[0]
    if name in single:
        return name
    by = {each.name: each.by for each in chosen}
    if name in by:
        choice = ", ".join(single) or "none"
        raise InputError(f"--measure: '{name}' has a figure for each {by[name]}; choose one of {choice}")
    raise UnknownNameError("measure", name, by)


def _explain(result: Any, measure: str, threshold: float) -> tuple[Any, str]:
    """Return variance shares and when the plan fails; no shares where samples are too few for them."""
    try:
        _, sentence = result.failure(measure, threshold)
    except InputError as error:
        return None, f"No effect to explain: {error}."
    try:
        return result.shares(measure), sentence
    except InputError as error:
        return None, f"{sentence} No variance shares: {error}."


_INTERVALS = (
    Column("plan", "plan"),
    Column("scenario", "scenario"),
    Column("year", "year", "d"),
    Column("measure", "measure"),
    Column("of", "of"),
    Column("pack", "at the pack's figures", "n"),
    Column("low", "10 %", "n"),
    Column("median", "median", "n"),
    Column("high", "90 %", "n"),
    Column("effect_pack", "effect at the pack's figures", "+n"),
    Column("effect_low", "10 %", "+n"),
    Column("effect_median", "median", "+n"),
    Column("effect_high", "90 %", "+n"),
    Column("unit", "unit"),
)
_SHARES = (
    Column("group", "group"),
    Column("first", "share of the variance", ".2f"),
    Column("first_conf", "+/- (80 %)", ".2f"),
    Column("delta", "delta", ".2f"),
    Column("delta_conf", "+/- (80 %)", ".2f"),
    Column("pawn", "PAWN", ".2f"),
    Column("rank_correlation", "rank correlation", "+.2f"),
)


def _print(tables: dict[str, Any], sentence: str) -> None:
    console = page()
    print_table(console, "Median and 80 % interval", tables["intervals"], _INTERVALS)
    if "shares" in tables:
        print_table(console, "Groups that decide the spread of the effect", tables["shares"], _SHARES)
    console.print(sentence)
