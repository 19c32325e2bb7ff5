"""Sectors for the small test region, with figures that are easy to add up."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sogdia import Case

ECONOMIES = ("XAA", "XAB", "XAC", "XAD")
SECTORS = [
    ("electricity", "network", "energy"),
    ("farm", "goods", "wares"),
    ("gas", "network", "energy"),
    ("gold", "bullion", "money"),
    ("oil", "goods", "energy"),
    ("services", "service", "others"),
    ("steel", "goods", "wares"),
]
COMMODITIES = [
    ("farm", "grain"), ("gas", "natural_gas"), ("gold", "jewels"), ("oil", "crude_oil"), ("steel", "metal"),
]  # fmt: skip
HOME = {"electricity": 20, "farm": 200, "gas": 10, "gold": 5, "oil": 60, "services": 600, "steel": 100}
ABROAD = [
    ("XAA", "XAC", "farm", 48),
    ("XAA", "XAC", "steel", 86),
    ("XAA", "XAC", "gold", 96),
    ("XAA", "XAC", "services", 10),
    ("XAC", "XAA", "services", 12),
    ("XAA", "XAB", "steel", 24),
    ("XAA", "XAB", "electricity", 5),
    ("XAB", "XAA", "farm", 24),
    ("XAB", "XAC", "farm", 24),
    ("XAC", "XAA", "steel", 30),
    ("XAC", "XAA", "gas", 18),
    ("XAC", "XAB", "oil", 480),
    # The oil country also sells steel where trade.csv has its oil alone.
    ("XAC", "XAB", "steel", 2),
    ("XAC", "XAD", "steel", 24),
    ("XAD", "XAA", "steel", 14),
    ("XAA", "XAD", "farm", 24),
    ("XAD", "XAC", "steel", 10),
    ("XAD", "XAB", "gold", 4),
    ("XAB", "XAD", "gold", 6),
]
THETA = {"farm": 1.0, "gas": 1.0, "gold": 8.0, "oil": 1.5, "services": 2.0, "steel": 3.0, "electricity": 1.0}
SHARES = {"farm": 0.1, "oil": 0.02, "services": 0.2, "electricity": 0.01}
"""Share of each input in the costs of every sector."""


def with_sectors(case: Case, **tables: pd.DataFrame) -> Case:
    """Return the case with tables of sectors; ``tables`` replace some of them."""
    frames = {**sector_tables(), **tables}
    for name, frame in frames.items():
        case = case.with_table(name, frame)
    return case


def sector_tables() -> dict[str, pd.DataFrame]:
    """Return the tables of sectors by name."""
    names = [name for name, _, _ in SECTORS]
    flows = [(name, name, sector, float(HOME[sector])) for name in ECONOMIES for sector in names]
    flows += [(a, b, sector, float(value)) for a, b, sector, value in ABROAD]
    output = pd.DataFrame(flows, columns=["exporter", "importer", "sector", "value_musd"])
    sales = output.groupby(["exporter", "sector"], as_index=False)[["value_musd"]].sum()
    added = 1.0 - sum(SHARES.values())
    inputs = [
        (name, sector, part, share)
        for name in ECONOMIES
        for sector in names
        for part, share in SHARES.items()
    ]
    elasticities = [
        (sector, horizon, "recommended", THETA[sector] / factor)
        for sector in names
        for horizon, factor in (("long_run", 1.0), ("short_run", 2.5))
    ]
    return {
        "sectors": frame("id,kind,aggregate", SECTORS),
        "sector_commodities": frame("sector,commodity", COMMODITIES),
        "sector_flows": output,
        "sector_outputs": sales.rename(
            columns={"exporter": "iso3", "value_musd": "gross_output_musd"}
        ).assign(value_added_musd=lambda table: added * table["gross_output_musd"]),
        "input_shares": frame("iso3,sector,input,share", inputs),
        "sector_tariffs": frame(
            "exporter,importer,sector,tariff_pct",
            [("XAA", "XAC", "all", 4.0), ("XAA", "XAC", "steel", 10.0), ("XAC", "XAB", "oil", 0.0)],
        ),
        "elasticities": frame("sector,horizon,study,value", elasticities),
        "entrepot": frame(
            "origin,hub,destination,sector,value_musd,recorded_by_hub",
            [("XAD", "XAA", "XAC", "steel", 10.0, True)],
        ),
        "sector_adjustments": frame(
            "table,row,field,first,final,cause",
            [("sector_flows", "XAA/XAC/farm", "value_musd", 40.0, 48.0, "made up")],
        ),
        "specific_factors": frame(
            "iso3,sector,value_added_share,supply_elasticity",
            [("any", "oil", 0.5, 0.0), ("XAC", "oil", 0.75, 0.2)],
        ),
        "income_transfers": frame("payer,receiver,kind,value_musd", [("XAC", "XAA", "remittances", 20.0)]),
    }


def frame(columns: str, rows: list[Any]) -> pd.DataFrame:
    """Return rows with the columns named, one key per row."""
    names = columns.split(",")
    table = pd.DataFrame(rows, columns=names)
    table.index = pd.Index([str(n) for n in range(len(table))], name="row")
    return table
