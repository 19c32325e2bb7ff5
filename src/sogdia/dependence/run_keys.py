"""Compute the keys of jobs of one engine, so that cases which differ only elsewhere share the job.

A key is made from the baseline case, the settings, and the content of those tables that the engine reads and
that differ from the baseline's. Who finances a plan, say, matters to no engine; plants that an owner stops do
not matter to freight. Provenance is left out: the same edit may have several causes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import pandas as pd

from sogdia.case import Case
from sogdia.coupling.settings import CouplingSettings
from sogdia.power import PowerSettings
from sogdia.power.fuels import read_fuel_origins
from sogdia.runs.version import engine_version

MONEY_TABLES = (
    "deals", "projects", "project_effects", "lending_terms", "macro", "partner_exposure", "sources",
    "company_shares", "owner_payments", "appraisal_values", "customs_unions",
)  # fmt: skip
POWER_TABLES = (
    "plants", "interconnectors", "electricity", "power_boundaries", "power_contracts", "power_costs",
    "power_fuels", "power_profiles", "power_reservoirs", "power_zones", "power_hourly", "power_series",
    "power_availability", "power_gas_limits", "power_water_years", "power_releases", "power_potentials",
    "power_withdrawals", "power_cascades", "power_boundary_volumes",
)  # fmt: skip
"""Tables that only the power system reads."""
READ_BY_POWER = (*POWER_TABLES, "calibration", "economies", "parties")
"""Tables that the power system reads; fuel lost by pipelines and barriers is part of :func:`power_key`."""
PROVENANCE = ["basis", "source", "note"]


class ContentDigests:
    """Digests of tables by content, whatever the order of rows, without provenance; each computed once.

    Cases share the tables that they do not edit.
    """

    def __init__(self) -> None:
        self._cached: dict[int, tuple[pd.DataFrame, bytes]] = {}

    def get(self, table: pd.DataFrame) -> bytes:
        """Return the digest of a table."""
        cached = self._cached.get(id(table))
        if cached is None:
            # Stored with the table, so that no other table gets its id.
            cached = self._cached[id(table)] = (table, _digest_of(table))
        return cached[1]


def _digest_of(table: pd.DataFrame) -> bytes:
    plain = table.drop(columns=[name for name in PROVENANCE if name in table]).sort_index()
    hashed = pd.util.hash_pandas_object(plain, index=True).to_numpy()
    names = ";".join(map(str, plain.columns))
    return hashlib.sha256(names.encode() + hashed.tobytes()).digest()


def differing_tables(case: Case, baseline: Case, tables: Iterable[str], digests: ContentDigests) -> list[str]:
    """Return the tables whose content differs from the baseline's, sorted."""
    edited = {change.table for change in (*case.changes, *baseline.changes)}
    names = []
    for name in sorted(edited.intersection(tables)):
        table, before = case.frames[name], baseline.frames[name]
        if table is not before and digests.get(table) != digests.get(before):
            names.append(name)
    return names


def goods_key(
    case: Case, baseline: Case, settings: CouplingSettings, digests: ContentDigests, start: str = ""
) -> str:
    """Return the digest of all that freight and trade depend on, whatever the number of threads.

    Args:
        case: The case.
        baseline: The baseline case.
        settings: Settings of freight and trade.
        digests: Digests of tables.
        start: Key of the run that the loop starts from; empty if it starts from the baseline.
    """
    read = set(case.frames) - set(MONEY_TABLES) - set(POWER_TABLES)
    one_thread = settings.model_copy(
        update={
            "freight": settings.freight.model_copy(update={"workers": 1}),
            "trade": settings.trade.model_copy(update={"workers": 1}),
        }
    )
    text = json.dumps(one_thread.model_dump(mode="json"), sort_keys=True)
    return _key("goods", case, baseline, digests, read, f"{text};{start}")


def power_key(
    case: Case,
    baseline: Case,
    settings: PowerSettings,
    digests: ContentDigests,
    held: str = "",
) -> str:
    """Return the digest of all that the power system depends on, whatever the number of threads.

    Args:
        case: The case.
        baseline: The baseline case.
        settings: Settings of the power system.
        digests: Digests of tables.
        held: Digest of the case without shocks, whose new capacity is held; empty if it is planned again.
    """
    fuels = read_fuel_origins(case).to_json(orient="records")
    one_thread = settings.model_copy(update={"threads": 1})
    text = json.dumps(one_thread.model_dump(mode="json"), sort_keys=True)
    return _key("power", case, baseline, digests, READ_BY_POWER, f"{text};{fuels};{case.plan.filler};{held}")


def _key(
    kind: str, case: Case, baseline: Case, digests: ContentDigests, tables: Iterable[str], more: str
) -> str:
    total = hashlib.sha256(f"{kind};{engine_version()};{baseline.digest};{more}".encode())
    for name in differing_tables(case, baseline, tables, digests):
        total.update(name.encode())
        total.update(digests.get(case.frames[name]))
    return total.hexdigest()
