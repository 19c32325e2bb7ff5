"""Provenance: notes of derived and assumed figures, and country codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sogdia.codes import ASSUMED, DERIVED
from sogdia.errors import Fault, clip, did_you_mean
from sogdia.region.descriptor import RegionBlock
from sogdia.region.rules.base import Tables, row_fault

_NOTE = {ASSUMED: "say in note why it is plausible", DERIVED: "say in note how it was calculated"}


def check_basis_notes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a note explains each assumed and each derived figure."""
    for table in tables.values():
        if not table.schema.has_provenance:
            continue
        for position, (basis, note) in enumerate(zip(table.data["basis"], table.data["note"], strict=True)):
            if basis in _NOTE and not note:
                yield row_fault(
                    table, position, "note", f"a figure {basis} without a note", _NOTE[basis], "note"
                )


USER_ASSIGNED = re.compile(r"A{2}[A-Z]|Q[M-Z][A-Z]|X[A-Z]{2}|Z{2}[A-Z]")
"""Codes that ISO 3166-1 assigns to users: for economies that are not countries, and for examples."""


def check_country_codes(tables: Tables, _block: RegionBlock) -> Iterator[Fault]:
    """Check that a country has its ISO 3166-1 alpha-3 code, or one that the standard assigns to users."""
    import pycountry

    known = {country.alpha_3: country.name for country in pycountry.countries}
    parties = tables["parties"]
    for position, (code, kind) in enumerate(zip(parties.data["code"], parties.data["kind"], strict=True)):
        if kind == "country" and code not in known and not USER_ASSIGNED.fullmatch(code):
            problem = f"{clip(code)} is not a country code of ISO 3166-1"
            yield row_fault(parties, position, "code", problem, did_you_mean(code, known), "country-code")
