"""Where figures come from: codes that exist, judgements that say why."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

_WANTED = {"assumed": "say in note why it is plausible", "derived": "say in note how it was had"}


def judgements_are_explained(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """An assumed figure says why, a derived one how."""
    for table in tables.values():
        if not table.schema.has_provenance:
            continue
        for position, (basis, note) in enumerate(zip(table.data["basis"], table.data["note"], strict=True)):
            if basis in _WANTED and not note:
                yield row_fault(
                    table, position, "note", f"a figure {basis} without a word", _WANTED[basis], "note"
                )


USER_ASSIGNED = re.compile(r"A{2}[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|Z{2}[A-Z]")
"""Codes that ISO 3166-1 leaves to users, for economies that are no countries and for examples."""


def country_codes_are_iso(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """A party of kind country has its ISO 3166-1 alpha-3 code, or one the standard leaves to users."""
    import pycountry

    known = {country.alpha_3: country.name for country in pycountry.countries}
    parties = tables["parties"]
    for position, (code, kind) in enumerate(zip(parties.data["code"], parties.data["kind"], strict=True)):
        if kind == "country" and code not in known and not USER_ASSIGNED.fullmatch(code):
            problem = f"{clip(code)} is no country of ISO 3166-1"
            yield row_fault(parties, position, "code", problem, did_you_mean(code, known), "country-code")
