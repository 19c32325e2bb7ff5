"""Requests for jobs: typed fields, checked, from which the words of a command are made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from sogdia.api import load_plan, load_scenario
from sogdia.api.defaults import DEFAULT_SCENARIO
from sogdia.errors import Fault, FaultsError, SogdiaError, UnknownNameError
from sogdia.files import write_file
from sogdia.runs.definition import load_study
from sogdia.web.jobs import RESULT, Prepared
from sogdia.web.library import Kind, source_of
from sogdia.web.workbench import Workbench

MOST_NAMES, LONGEST_ARTICLE, LONGEST_LABEL = 20, 1_000_000, 100
STUDY, ARTICLE = "study.yaml", "article.txt"
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9_.-]+$")]
Year = Annotated[int, Field(ge=1950, le=2100)]


class Request(BaseModel):
    """Base of the requests: frozen, unknown keys are errors."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class RunRequest(Request):
    """Runs of plans under scenarios, compared with a baseline: ``sogdia run``."""

    command: Literal["run"]
    plans: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_NAMES)]
    scenarios: Annotated[tuple[Name, ...], Field(min_length=1, max_length=MOST_NAMES)] = (DEFAULT_SCENARIO,)
    year: Year | None = None
    baseline: Name | None = None


class DependenceRequest(Request):
    """Dependence on partners under a plan: ``sogdia dependence``."""

    command: Literal["dependence"]
    plan: Name | None = None
    scenario: Name = DEFAULT_SCENARIO
    year: Year | None = None
    partners: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES)] = ()
    coalitions: bool = True


class BriefRequest(Request):
    """A brief on an article or a plan: ``sogdia brief``."""

    command: Literal["brief"]
    plan: Name | None = None
    article: Annotated[str, Field(max_length=LONGEST_ARTICLE)] = ""
    scenarios: Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES)] = ()
    year: Year | None = None
    dependence: bool = True


JobRequest = Annotated[RunRequest | DependenceRequest | BriefRequest, Field(discriminator="command")]


def prepare(
    request: RunRequest | DependenceRequest | BriefRequest, bench: Workbench, folder: Path
) -> Prepared:
    """Check a request and make its command; what the command reads is written into the job's folder.

    Raises:
        FaultsError: If a plan, scenario or partner has errors or is not known; all are listed.
    """
    if isinstance(request, RunRequest):
        return _run(request, bench, folder)
    if isinstance(request, DependenceRequest):
        return _dependence(request, bench)
    return _brief(request, bench, folder)


def _run(request: RunRequest, bench: Workbench, folder: Path) -> Prepared:
    plans, scenarios = _sources(bench, {"plans": request.plans, "scenarios": request.scenarios})
    study: dict[str, Any] = {"region": _region(bench), "plans": plans, "scenarios": scenarios}
    if request.year is not None:
        study["years"] = [request.year]
    if request.baseline is not None:
        [[study["base"]]] = _sources(bench, {"plans": (request.baseline,)})
    path = folder / STUDY
    write_file(path, yaml.safe_dump(study, sort_keys=False, allow_unicode=True))
    opened = load_study(path)
    label = f"{', '.join(request.plans)} under {', '.join(request.scenarios)}"
    words = ("run", STUDY, "--store", str(bench.settings.store), "--workers", "1")
    return Prepared(words=words, label=label, runs=tuple(each.key for each in opened.runs))


def _dependence(request: DependenceRequest, bench: Workbench) -> Prepared:
    plan = () if request.plan is None else (request.plan,)
    plans, scenarios = _sources(bench, {"plans": plan, "scenarios": (request.scenario,)})
    known = bench.region.table("partners").index
    _raise_all([UnknownNameError("partner", name, known) for name in request.partners if name not in known])
    words = ["dependence", "--scenario", *scenarios, *_common(bench)]
    words += [word for source in plans for word in ("--plan", source)]
    words += [word for partner in request.partners for word in ("--partner", partner)]
    words += ["--year", str(request.year)] if request.year is not None else []
    words += [] if request.coalitions else ["--solo"]
    return Prepared(words=tuple(words), label=f"{request.plan or 'committed projects'}, {request.scenario}")


def _brief(request: BriefRequest, bench: Workbench, folder: Path) -> Prepared:
    if request.plan is None and not request.article.strip():
        fault = Fault("request", None, "article", "neither an article nor a plan", "give one", "missing")
        raise FaultsError([fault])
    plan = () if request.plan is None else (request.plan,)
    plans, scenarios = _sources(bench, {"plans": plan, "scenarios": request.scenarios})
    words = ["brief"]
    if request.article.strip():
        write_file(folder / ARTICLE, request.article)
        words += [ARTICLE]
    words += ["--out", RESULT, *_common(bench)]
    words += [word for source in plans for word in ("--plan", source)]
    words += [word for source in scenarios for word in ("--scenarios", source)]
    words += ["--year", str(request.year)] if request.year is not None else []
    words += [] if request.dependence else ["--no-dependence"]
    title = request.article.strip().partition("\n")[0]
    return Prepared(words=tuple(words), label=request.plan or title[:LONGEST_LABEL])


def _common(bench: Workbench) -> list[str]:
    return ["--region", _region(bench), "--store", str(bench.settings.store), "--workers", "1"]


def _region(bench: Workbench) -> str:
    """Return the region as a command takes it from any folder."""
    folder = Path(bench.settings.region)
    return str(folder.absolute()) if folder.is_dir() else str(bench.settings.region)


def _sources(bench: Workbench, names: Mapping[Kind, tuple[str, ...]]) -> list[list[str]]:
    """Return plans and scenarios as a command takes them, each loaded to be checked.

    Raises:
        FaultsError: If one has errors or is not known; all are listed.
    """
    found: list[list[str]] = []
    errors: list[SogdiaError] = []
    for kind, chosen in names.items():
        sources = []
        for name in chosen:
            try:
                source = source_of(bench, kind, name)
                if kind == "plans":
                    load_plan(source, bench.region)
                else:
                    load_scenario(source, bench.region)
                sources.append(source)
            except SogdiaError as error:
                errors.append(error)
        found.append(sources)
    _raise_all(errors)
    return found


def _raise_all(errors: list[SogdiaError]) -> None:
    faults: list[Fault] = []
    for error in errors:
        if isinstance(error, FaultsError):
            faults += error.faults
        else:
            problem, _, fix = str(error).partition("; ")
            faults.append(Fault("request", None, None, problem, fix, "name"))
    if faults:
        raise FaultsError(faults)
