"""Routes of dependence on partners: studies, exposure, losses by channel and coalition, Shapley values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import pandas as pd
from fastapi import APIRouter, Query

from sogdia.api.stored_dependence import DEPENDENCE
from sogdia.errors import InputError, UnknownNameError
from sogdia.runs.store import RunMetadata
from sogdia.web.formats import finite
from sogdia.web.models import Answer
from sogdia.web.workbench import Bench, Workbench

router = APIRouter(prefix="/api/v1/partners", tags=["partners"])
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "headline": (
        "horizon", "home", "name", "worst_partner", "worst_pct", "worst_low_pct", "worst_high_pct", "all_pct",
        "gdp_musd",
    ),
    "channels": ("horizon", "home", "partner", "channel", "loss_musd", "loss_pct", "status"),
    "shares": (
        "horizon", "home", "partner", "name", "shapley_musd", "shapley_pct", "standard_error_pct", "solo_pct",
        "last_in_pct", "pivotality",
    ),
    "exposure": ("home", "channel", "measure", "partner", "name", "amount", "total", "unit", "share_pct"),
    "losses": (
        "horizon", "partners", "size", "home", "name", "loss_musd", "loss_pct", "goods_musd", "energy_musd",
        "capital_musd", "unserved_gwh", "undelivered_t",
    ),
}  # fmt: skip
"""Columns of the tables of a study that the answer has."""


class Named(Answer):
    """A code with its name."""

    id: str
    name: str


class StudyInfo(Answer):
    """A stored study of dependence."""

    run: str
    plan: str
    scenario: str
    year: int
    created: str
    is_current: bool


class Dependence(Answer):
    """Dependence of the home countries on partners: rows of the tables of a study."""

    study: StudyInfo
    homes: tuple[Named, ...]
    partners: tuple[Named, ...]
    horizons: tuple[str, ...]
    headline: list[dict[str, Any]]
    channels: list[dict[str, Any]]
    shares: list[dict[str, Any]]
    exposure: list[dict[str, Any]]
    losses: list[dict[str, Any]]
    sentences: Mapping[str, tuple[str, ...]]
    remarks: tuple[str, ...]


@router.get("/studies")
def studies(bench: Bench) -> list[StudyInfo]:
    """List the stored studies of dependence of this region, the latest first."""
    return [_info(bench, head) for head in _studies(bench)]


@router.get("")
def partners(
    bench: Bench,
    run: Annotated[
        str, Query(max_length=100, description="Id of a study, or its start; the latest if not given.")
    ] = "",
) -> Dependence:
    """Return exposure, losses by channel and horizon, Shapley values and coalitions of a study."""
    head = _study(bench, run)
    tables = {
        name: _rows(bench.frame(head.run, name), columns)
        for name, columns in _COLUMNS.items()
        if name in head.tables
    }
    headline, shares = tables["headline"], tables["shares"]
    sentences = bench.frame(head.run, "sentences").groupby("home", sort=False)["sentence"]
    return Dependence(
        study=_info(bench, head),
        homes=_unique(headline, "home"),
        partners=_unique(shares, "partner"),
        horizons=tuple(dict.fromkeys(str(row["horizon"]) for row in headline)),
        sentences={str(home): tuple(map(str, texts)) for home, texts in sentences},
        remarks=tuple(map(str, bench.frame(head.run, "remarks")["remark"])),
        **tables,
    )


def _studies(bench: Workbench) -> list[RunMetadata]:
    own = [head for head in bench.heads() if head.kind == DEPENDENCE and head.region == bench.region.name]
    return sorted(own, key=lambda head: head.created, reverse=True)


def _study(bench: Workbench, run: str) -> RunMetadata:
    """Return a study by the start of its id; the latest if none is given.

    Raises:
        UnknownNameError: If there is no such study.
        InputError: If several begin so.
    """
    known = _studies(bench)
    found = [head for head in known if head.run.startswith(run)]
    if not found:
        raise UnknownNameError("study of dependence", run or "any", [head.run[:12] for head in known])
    if run and len(found) > 1:
        raise InputError(f"{len(found)} studies begin with {run!r}; give more of the id")
    return found[0]


def _info(bench: Workbench, head: RunMetadata) -> StudyInfo:
    return StudyInfo(
        run=head.run, plan=head.plan, scenario=head.scenario, year=head.year, created=head.created,
        is_current=head.parts.get("version") == bench.engines,
    )  # fmt: skip


def _rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return rows as plain data; a number that is not finite becomes nothing."""
    rows = frame[[name for name in columns if name in frame]].to_dict("records")
    return [
        {str(key): finite(value) if isinstance(value, float) else value for key, value in row.items()}
        for row in rows
    ]


def _unique(rows: list[dict[str, Any]], key: str) -> tuple[Named, ...]:
    names = {str(row[key]): str(row["name"]) for row in rows}
    return tuple(Named(id=code, name=name) for code, name in names.items())
