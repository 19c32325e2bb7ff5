"""What a run of one engine hangs on, as a digest: cases that differ elsewhere share the run.

A case is told by the calm base it is measured against, and by the content of those of its tables that
differ from that base's and that the engine reads. Who pays for a plan, say, is nothing to any engine; the
plants that an owner stops are nothing to freight. Provenance is left out: the same edit may have several
causes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import pandas as pd

from sogdia.case import Case
from sogdia.coupling.case_networks import READ
from sogdia.coupling.settings import CouplingSettings
from sogdia.power import PowerSettings
from sogdia.power.fuels import read_fuel_origins
from sogdia.runs.version import engine_version

MONEY = ("deals", "projects", "project_effects", "lending_terms", "macro", "partner_exposure", "sources")
ONLY_POWER = (
    "plants", "interconnectors", "electricity", "power_boundaries", "power_costs", "power_fuels",
    "power_profiles", "power_reservoirs", "power_zones",
)  # fmt: skip
POWER_READS = (*ONLY_POWER, "calibration", "economies", "parties")
"""Besides what it loses of its fuel, by pipelines and barriers, which :func:`power_key` asks for itself."""
TOLD = ["basis", "source", "note"]


class Contents:
    """Digests of tables by content, whatever order rows stand in, without provenance; each found once.

    Cases share the tables that none of them edits.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[pd.DataFrame, bytes]] = {}

    def of(self, frame: pd.DataFrame) -> bytes:
        """The digest of a table."""
        known = self._known.get(id(frame))
        if known is None:
            # With the table itself, so that no other one comes to have its id.
            known = self._known[id(frame)] = (frame, _content(frame))
        return known[1]


def _content(frame: pd.DataFrame) -> bytes:
    plain = frame.drop(columns=[name for name in TOLD if name in frame]).sort_index()
    hashed = pd.util.hash_pandas_object(plain, index=True).to_numpy()
    names = ";".join(map(str, plain.columns))
    return hashlib.sha256(names.encode() + hashed.tobytes()).digest()


def differing(case: Case, base: Case, tables: Iterable[str], contents: Contents) -> list[str]:
    """Those of the tables whose content is not the base's, sorted; what neither edits is the same in both."""
    edited = {change.table for change in (*case.changes, *base.changes)}
    found = []
    for name in sorted(edited.intersection(tables)):
        frame, before = case.frames[name], base.frames[name]
        if frame is not before and contents.of(frame) != contents.of(before):
            found.append(name)
    return found


def goods_key(case: Case, base: Case, settings: CouplingSettings, contents: Contents) -> str:
    """Digest of all that a run of freight and trade hangs on; numbers of threads are nothing to it."""
    read = set(case.frames) - set(MONEY) - set(ONLY_POWER)
    alone = settings.model_copy(
        update={
            "freight": settings.freight.model_copy(update={"workers": 1}),
            "trade": settings.trade.model_copy(update={"workers": 1}),
        }
    )
    told = json.dumps(alone.model_dump(mode="json"), sort_keys=True)
    return _digest("goods", case, base, contents, read, told)


def ground_key(case: Case, base: Case, contents: Contents) -> str:
    """Digest of the ways of a case and whom they are closed to (:mod:`sogdia.coupling.case_networks`)."""
    return _digest("ground", case, base, contents, (*READ, "pipelines"), "")


def power_key(case: Case, base: Case, settings: PowerSettings, contents: Contents) -> str:
    """Digest of all that a run of power hangs on; the number of threads is nothing to it."""
    lost = read_fuel_origins(case).to_json(orient="records")
    alone = settings.model_copy(update={"threads": 1})
    told = json.dumps(alone.model_dump(mode="json"), sort_keys=True)
    return _digest("power", case, base, contents, POWER_READS, f"{told};{lost}")


def _digest(kind: str, case: Case, base: Case, contents: Contents, tables: Iterable[str], more: str) -> str:
    total = hashlib.sha256(f"{kind};{engine_version()};{base.digest};{more}".encode())
    for name in differing(case, base, tables, contents):
        total.update(name.encode())
        total.update(contents.of(case.frames[name]))
    return total.hexdigest()
