"""``sogdia trade`` on a region: freight and trade of a plan and a scenario, each at what the other makes."""

from __future__ import annotations

import json
import math
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sogdia.cli.trade_tables import print_tables
from sogdia.errors import CannotRunError


@dataclass(frozen=True)
class Asked:
    """What is asked of a region.

    Attributes:
        plan: A shipped plan's name, or a YAML file.
        scenario: A shipped scenario's name, or a YAML file.
        year: Year looked at, instead of the scenario's.
        region: A shipped region's name, or a folder.
        base_plan: Plan of the base, which nothing befalls.
        composition: How goods not split by commodity are put into sectors.
        feedback: Whether tonnes follow trade.
        imbalance: Rule for trade imbalances.
        power: Whether the power system runs too, and its cost enters what is sold.
        workers: Threads.
    """

    plan: str
    scenario: str
    year: int | None
    region: str
    base_plan: str
    composition: str
    feedback: bool
    imbalance: str
    power: bool
    workers: int


def run_regional(asked: Asked, *, compare: tuple[str, ...], out: Path | None, as_json: bool) -> None:
    """Run a plan under a scenario against a base, and print or write what comes of it.

    Args:
        asked: What is asked.
        compare: Other compositions to run as well.
        out: Folder for all tables as CSV.
        as_json: Whether to write JSON.

    Raises:
        InputError: If plan, scenario or region do not hold.
        NotConvergedError: If the precision is not reached.
        CannotRunError: If a folder cannot be read or written.
    """
    begun = time.perf_counter()
    case, calm = _cases(asked)
    found, base = _found(case, calm, asked)
    tables = _tables(found)
    if compare:
        tables["compositions"] = _compositions(case, base, found, asked, compare)
    head = {
        "region": case.region.name,
        "plan": case.plan.name,
        "scenario": case.scenario.name,
        "year": case.year,
        "base_plan": calm.plan.name,
        "case": case.digest,
        "baseline_case": calm.digest,
        "composition": asked.composition,
        "imbalance": asked.imbalance,
        "feedback": asked.feedback,
        "power": asked.power,
        "rounds": _study(found).convergence.iterations,
        "residual": _study(found).convergence.residual,
        "seconds": time.perf_counter() - begun,
    }
    if out is not None:
        _write(tables, out)
    if as_json:
        _print_json(head, tables)
    else:
        study = _study(found)
        print_tables(head, tables, (*study.terms.remarks, *study.freight.supernetwork.remarks))


def _cases(asked: Asked) -> tuple[Any, Any]:
    """The case, and the one it is set against."""
    from sogdia.case import build_case, load_plan, load_scenario
    from sogdia.coupling import baseline_case
    from sogdia.region import load_region

    loaded = load_region(asked.region)
    happens = load_scenario(asked.scenario, loaded)
    wanted = happens if asked.year is None else happens.at(asked.year)
    case = build_case(loaded, load_plan(asked.plan, loaded), wanted)
    return case, baseline_case(case, load_plan(asked.base_plan, loaded))


def _found(case: Any, calm: Any, asked: Asked) -> tuple[Any, Any]:
    """The coupled run, with power if asked for, and its base."""
    if asked.power:
        try:
            from sogdia.coupling.joint import JointSettings, make_joint_baseline, solve_joint
        except ImportError as error:
            raise CannotRunError("--power needs the extra power: pip install 'sogdia[power]'") from error
        joint = JointSettings(study=_settings(asked))
        whole = make_joint_baseline(calm, joint)
        return solve_joint(case, whole, joint), whole
    from sogdia.coupling import couple, make_baseline

    base = make_baseline(calm, _settings(asked))
    return couple(case, base, _settings(asked)), base


def _study(found: Any) -> Any:
    """Freight and trade of a run with or without power."""
    return getattr(found, "study", found)


def _settings(asked: Asked) -> Any:
    from sogdia.coupling import CouplingSettings
    from sogdia.coupling.settings import ASSIGNED

    return CouplingSettings.model_validate(
        {
            "composition": asked.composition,
            "feedback": asked.feedback,
            "freight": ASSIGNED.model_copy(update={"workers": asked.workers}),
            "trade": {"imbalance": asked.imbalance, "workers": asked.workers},
        }
    )


def _compositions(case: Any, base: Any, found: Any, asked: Asked, names: tuple[str, ...]) -> Any:
    """Results of the region's economies by composition: how much hangs on that choice."""
    import pandas as pd

    from sogdia.coupling import couple

    told = []
    for name in names:
        run = found
        if name != asked.composition:
            settings = _settings(replace(asked, composition=name))
            if asked.power:
                from sogdia.coupling.joint import JointSettings, solve_joint

                run = solve_joint(case, base, JointSettings(study=settings))
            else:
                run = couple(case, base, settings)
        table = _study(run).economies()
        columns = ["economy", "name", "welfare_pct", "gain_musd", "gdp_pct"]
        told.append(table.loc[table["home"], columns].assign(composition=name))
    return pd.concat(told, ignore_index=True)


def _tables(found: Any) -> dict[str, Any]:
    study = _study(found)
    tables = {
        "economies": study.economies(),
        "pairs": study.pairs(),
        "flows": study.flows(),
        "costs": study.costs(),
        "undelivered": study.undelivered(),
        "history": study.rounds(),
        "rules": study.rules(),
    }
    if study is not found:
        tables["power_link"] = found.power_link
        tables["power_countries"] = found.power.countries
    return tables


def _write(tables: dict[str, Any], folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    except OSError as error:
        raise CannotRunError(f"{error.filename or folder}: {error.strerror or error}") from error


def _print_json(head: dict[str, Any], tables: dict[str, Any]) -> None:
    import typer

    content = {name: _records(table) for name, table in tables.items()}
    typer.echo(json.dumps({**head, **content}, ensure_ascii=False, indent=2, allow_nan=False))


def _records(table: Any) -> list[dict[str, Any]]:
    """Rows as plain data; what is not finite (a cost that is cut off) becomes null."""
    return [
        {
            str(name): None if isinstance(cell, float) and not math.isfinite(cell) else cell
            for name, cell in row.items()
        }
        for row in json.loads(table.to_json(orient="records"))
    ]
