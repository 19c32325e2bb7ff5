"""A small region to compute freight by hand: two breaks of gauge, a pipeline, a port with several rows.

::

    c (XAC, 1435)                        d (XAD)
    |  rail, road                        |  sea, no row at the border
    ac ─── a (XAA, 1520) ─── ab ─── b (XAB) ─── p
    break at ac, on this side        break at b, on the far side

Rail from c reaches ac on the gauge of c, where a crossing and a transfer ``rail/rail`` describe the same
change. Rail from ab reaches b on the gauge of ab; only the crossing at ab describes the change. The value of
time of ``all`` is 1 USD per tonne-hour, so that its cost in hours is time plus charges.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
from case.toy import write_toy

from sogdia import Case, Plan, Scenario, build_case, load_region

TABLES = {
    "commodities": """
id,name,cargo,freight,usd_per_t,value_of_time_pct_per_day,elasticity,hs_chapters
all,All,container,yes,2400,1,5,01-97
grain,Grain,dry_bulk,yes,240,0.5,5,10
metal,Metal,general,yes,4800,0.5,5,72
crude_oil,Oil,liquid_bulk,yes,480,0.5,5,27
jewels,Jewels,general,no,100000,0,5,71
""",
    "places": """
id,name,iso3,lat,lon,kind
a,A,XAA,0,0,city
ab,AB,XAA,0,0.9,border
b,B,XAB,0,1.8,city
ac,AC,XAA,0.9,0,border
c,C,XAC,1.8,0,city
p,P,XAB,0,2.7,seaport
d,D,XAD,0,4.5,seaport
""",
    "links": """
id,from,to,mode,length_km,gauge_mm,tracks,electrified,speed_kmh,capacity_t,capacity_note,status,opening_year,project,corridor
rail_a_ac,a,ac,rail,110,1520,1,no,40,900000,,operating,,,north
rail_ac_c,ac,c,rail,110,1435,1,no,40,,,operating,,,north
rail_a_ab,a,ab,rail,110,1520,1,no,50,,,operating,,,middle
rail_ab_b,ab,b,rail,110,1520,1,no,50,,,operating,,,middle
rail_b_p,b,p,rail,110,1435,1,no,50,,,operating,,,middle
road_a_ab,a,ab,road,110,,,,55,,,operating,,,local
road_ab_b,ab,b,road,110,,,,55,,,operating,,,local
road_a_ac,a,ac,road,110,,,,55,,,operating,,,local
road_ac_c,ac,c,road,110,,,,55,,,operating,,,local
road_b_p,b,p,road,110,,,,55,,,operating,,,local
road_b_p_new,b,p,road,110,,,,100,,,planned,,pj_road,local
road_b_c,b,c,road,300,,,,60,,,operating,,,local
sea_p_d,p,d,sea,220,,,,22,,,operating,,,sea
""",
    "crossings": """
place,from_iso3,to_iso3,mode,gauge_change,dwell_h,cost_usd_per_teu,cost_usd_per_t,capacity_t,status,year
ab,XAA,XAB,road,no,10,50,5,70000,operating,2023
ab,XAB,XAA,road,no,12,60,6,,operating,2023
ab,XAA,XAB,rail,yes,30,80,8,,operating,2023
ab,XAB,XAA,rail,yes,28,70,7,,operating,2023
ac,XAA,XAC,road,no,20,100,10,,operating,2023
ac,XAC,XAA,road,no,24,110,11,,operating,2023
ac,XAA,XAC,rail,yes,40,120,12,500000,operating,2023
ac,XAC,XAA,rail,yes,44,140,14,,operating,2023
b,XAB,XAC,road,no,1,10,1,,planned,2023
b,XAC,XAB,road,no,1,10,1,,planned,2023
""",
    "transfers": """
place,from_mode,to_mode,dwell_h,cost_usd_per_teu,cost_usd_per_t,capacity_t,capacity_teu,status,year
ac,rail,rail,18,40,4,,,operating,2023
a,road,rail,8,30,3,1000,,operating,2023
a,rail,road,10,30,3,1000,,operating,2023
c,road,rail,16,50,5,,,operating,2023
p,road,rail,400,450,45,,,planned,2023
p,road,sea,48,60,6,400000,,operating,2023
p,sea,road,52,60,6,400000,,operating,2023
p,rail,sea,40,50,5,,30000,operating,2023
p,sea,rail,40,50,5,,30000,planned,2023
""",
    "rates": """
mode,scope,cargo,active,usd_per_tkm,usd_per_teu_km,co2_g_per_tkm,year
road,any,container,yes,0.1,,126,2023
rail,any,container,yes,0.05,,20,2023
rail,any,dry_bulk,yes,0.02,,18,2023
rail,home,container,yes,0.07,,,2023
rail,XAA,container,yes,0.06,,,2023
rail,north,container,yes,0.04,,20,2023
rail,north,container,no,0.08,,20,2022
sea,any,container,yes,0.01,,8,2023
pipeline,any,liquid_bulk,yes,0.005,,,2023
""",
    "loads": """
mode,cargo,vehicle,t_per_vehicle,t_per_counted_vehicle
any,container,teu,10,
rail,dry_bulk,wagon,60,
rail,liquid_bulk,wagon,50,
road,container,lorry,16,
any,dry_bulk,lorry,20,
any,liquid_bulk,lorry,20,
any,general,lorry,25,
""",
    "trade": """
exporter,importer,commodity,year,value_musd,tonnes
XAA,XAA,all,2023,500,
XAB,XAB,all,2023,250,
XAC,XAC,all,2023,3800,
XAD,XAD,all,2023,4400,
XAA,XAB,all,2023,24,
XAB,XAA,all,2023,24,12000
XAA,XAC,all,2023,240,990000
XAA,XAC,grain,2023,48,
XAA,XAC,metal,2023,96,30000
XAA,XAC,jewels,2023,96,1
XAC,XAA,all,2023,48,20000
XAC,XAB,crude_oil,2023,480,1000000
XAC,XAB,all,2023,480,1000000
XAB,XAC,all,2023,24,8000
XAA,XAD,all,2023,24,9000
XAD,XAA,all,2023,24,7000
XAC,XAD,all,2023,24,5000
""",
    "zones": """
place,iso3,role,commodity,partner,share
a,XAA,both,all,any,0.75
ab,XAA,both,all,any,0.25
b,XAB,both,all,any,1
c,XAC,both,all,any,1
d,XAD,both,all,any,1
""",
    "pipelines": """
id,name,from,to,via_iso3,product,length_km,capacity_mt,capacity_bcm,throughput_2021,throughput_2022,throughput_2023,throughput_2024,throughput_unit,operator,partner_shareholders,status,opening_year,project
oil_c_b,North oil,c,b,XAC;XAA;XAB,crude_oil,400,3,,,,,,Mt/a,,,operating,,
oil_c_a,Old oil,c,a,XAC;XAA,crude_oil,200,3,,,,,,Mt/a,,,suspended,,
gas_c_a,North gas,c,a,XAC;XAA,natural_gas,200,,10,,,,,bcm/a,,,operating,,
""",
    "corridors": """
id,name,via,gates
by_rail,By rail,ac,rail_ac_c
by_road,By road,ac,road_ac_c
""",
    "journeys": """
from,to
a,c
""",
    "projects": """
id,name,iso3,sector,capex_musd,capacity,capacity_unit,status,announced_year,start_year,completion_year,contractor,partners
pj_road,Better road,XAB,road,30,110,km,construction,2022,2023,2026,,
""",
    "project_effects": """
project,table,row,action,field,value
pj_road,links,road_b_p_new,open,status,operating
pj_road,crossings,b/XAB/XAC/road,open,status,operating
pj_road,crossings,b/XAC/XAB/road,open,status,operating
pj_road,transfers,p/road/rail,open,status,operating
pj_road,transfers,p/sea/rail,open,status,operating
""",
}
EMPTY = ["restrictions", "deals", "alternatives", "variants", "variant_edits", "plants", "interconnectors"]
EMPTY += [
    "tariff_classes",
    "rail_services",
    "empty_returns",
    "barriers",
    "power_profiles",
    "power_costs",
    "electricity",
]
PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
Rows = list[dict[str, str]]


def write_borderland(folder: Path, order: Callable[[str, Rows], Rows] = lambda _table, rows: rows) -> Path:
    """Write the region as a pack; ``order`` may change the rows of each table."""

    def content(table: str, rows: Rows) -> Rows:
        if table in EMPTY:
            return []
        if table in TABLES:
            rows = [{**PROVENANCE, **row} for row in csv.DictReader(io.StringIO(TABLES[table].strip()))]
        return order(table, rows)

    return write_toy(folder, content)


def case_of(folder: Path, **keys: Any) -> Case:
    """Return the region in its base year, without projects."""
    scenario = Scenario.model_validate({"title": "Now", "year": 2023, "growth": "none", **keys})
    return build_case(load_region(folder), Plan.model_validate({"title": "As it is"}), scenario)


def changed(case: Case, edits: Mapping[tuple[str, str, str], Any]) -> Case:
    """Return the case after a change of cells, each by table, row and field."""
    frames = {name: case.table(name) for name in case.frames}
    for (table, row, field), value in edits.items():
        assert row in frames[table].index, row
        frames[table] = frames[table].copy()
        frames[table].loc[row, field] = value
    return replace(case, frames=MappingProxyType(frames))


def with_rows(case: Case, table: str, rows: list[dict[str, Any]], key: str) -> Case:
    """Return the case with rows added to a table, each named by its field ``key``."""
    new = pd.DataFrame(rows, index=pd.Index([row[key] for row in rows], name="row"))
    frame = case.table(table)
    new = new.reindex(columns=frame.columns).astype(frame.dtypes.to_dict())
    joined = new if frame.empty else pd.concat([frame, new])
    return replace(case, frames=MappingProxyType({**case.frames, table: joined}))


def restriction(
    name: str, scope: str, subject: str, users: str, mode: str = "any", **keys: Any
) -> dict[str, Any]:
    """Return a row of ``restrictions``."""
    row = {"id": name, "scope": scope, "subject": subject, "mode": mode, "users": users, "from_year": 2020}
    return {**row, **PROVENANCE, **keys}
