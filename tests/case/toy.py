"""A region small enough to calculate by hand: two home economies, two neighbours, one bank.

::

    c (XAC)                       d (XAD)
    |  road, rail                 |  sea
    ac ── a (XAA) ── ab ── b (XAB) ── p

``write_toy`` fills the columns ``basis``, ``source`` and ``note``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sogdia import Case, Plan, Region, Scenario, load_plan, load_scenario
from sogdia.errors import FaultsError
from sogdia.region import new_region
from sogdia.tables import cell, table_schemas

TABLES = {
    "parties": """
code,name,kind,member_of
XAA,Alda,country,
XAB,Belda,country,
XAC,Celda,country,
XAD,Delda,country,
XBK,The bank,institution,
""",
    "economies": """
iso3,name,group,year,gdp_musd,population,goods_output_musd,electricity_demand_gwh,peak_load_mw
XAA,Alda,home,2023,1000,1000000,600,100,20
XAB,Belda,home,2023,500,2000000,300,50,10
XAC,Celda,outside,2023,8000,5000000,4000,,
XAD,Delda,outside,2023,9000,6000000,4500,,
""",
    "growth": """
iso3,item,from_year,to_year,pct_per_a
XAA,gdp,2023,2025,10
XAA,gdp,2025,2030,4
XAA,gdp,2030,2040,2
any,gdp,2023,2040,3
any,population,2023,2040,1
XAA,electricity_demand,2023,2030,5
XAA,electricity_demand,2030,2040,0
any,electricity_demand,2022,2040,2
""",
    "commodities": """
id,name,cargo,freight,usd_per_t,value_of_time_pct_per_day,elasticity,hs_chapters
all,All,container,yes,1000,0.5,5,01-97
grain,Grain,dry_bulk,yes,200,0.2,5,10
metal,Metal,general,yes,1000,0.2,5,72
""",
    "partners": """
id,name,members,rank,default
north,Celda,XAC,1,yes
south,Delda,XAD,2,yes
bank,The bank,XBK,3,yes
""",
    "pressure_levels": """
level,rank,cost_low_pct,cost_high_pct,nontariff_factor,trade_factor,prohibited,territory_closed,finance_delay_a,finance_lost,leak_share
friction,1,4,10,1,1,no,no,1,no,0
partial,2,20,26,1,1,no,no,1,no,0.1
severe,3,0,0,1,0.25,no,no,2,no,0.1
decoupling,4,0,0,2,1,no,no,2,no,0.1
embargo,5,0,0,1,1,yes,yes,0,yes,0.1
secondary,6,6,8,1,1,no,no,0,yes,0.1
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
road_a_ab,a,ab,road,110,,,,60,5000,,operating,,,local
road_ab_b,ab,b,road,110,,,,60,,,operating,,,local
road_a_ac,a,ac,road,110,,,,60,,,operating,1990,,local
road_ac_c,ac,c,road,110,,,,60,,,operating,,,local
rail_a_ac,a,ac,rail,110,1520,1,no,40,9000,,operating,,,north
rail_ac_c,ac,c,rail,110,1520,1,no,40,,,operating,,,north
rail_a_b,a,b,rail,210,1520,1,no,50,8000,,planned,,,middle
road_b_p,b,p,road,110,,,,60,,,operating,,,local
road_b_p2,b,p,road,120,,,,90,,,operating,2028,,local
sea_p_d,p,d,sea,220,,,,30,,,operating,,,sea
""",
    "crossings": """
place,from_iso3,to_iso3,mode,gauge_change,dwell_h,cost_usd_per_teu,cost_usd_per_t,capacity_t,status,year
ab,XAA,XAB,road,no,10,100,5,700,operating,2023
ab,XAB,XAA,road,no,12,100,5,,operating,2023
ac,XAA,XAC,road,no,20,200,10,,operating,2023
ac,XAC,XAA,road,no,24,200,10,,operating,2023
ac,XAA,XAC,rail,no,30,300,15,,operating,2023
ac,XAC,XAA,rail,no,36,300,15,,operating,2023
b,XAA,XAB,rail,no,5,50,2,,planned,2023
b,XAB,XAA,rail,no,5,50,2,,planned,2023
""",
    "transfers": """
place,from_mode,to_mode,dwell_h,cost_usd_per_teu,cost_usd_per_t,capacity_t,capacity_teu,status,year
a,rail,road,8,40,3,1000,100,operating,2023
a,road,rail,8,40,3,1000,,operating,2023
p,road,sea,48,80,6,2000,200,operating,2023
p,sea,road,48,80,6,2000,200,operating,2023
""",
    "rates": """
mode,scope,cargo,active,usd_per_tkm,usd_per_teu_km,co2_g_per_tkm,year
road,any,container,yes,0.1,,126,2023
rail,any,container,yes,0.05,,20,2023
rail,north,container,yes,0.04,,20,2023
rail,north,container,no,0.08,,20,2022
sea,any,container,yes,,0.2,8,2023
""",
    "loads": """
mode,cargo,vehicle,t_per_vehicle,t_per_counted_vehicle
any,container,teu,20,10
any,general,lorry,20,
""",
    "trade": """
exporter,importer,commodity,year,value_musd,tonnes
XAA,XAA,all,2023,500,
XAA,XAB,all,2023,20,20000
XAA,XAC,all,2023,60,60000
XAA,XAD,all,2023,20,20000
XAB,XAA,all,2023,30,30000
XAB,XAB,all,2023,250,
XAB,XAC,all,2023,10,10000
XAB,XAD,all,2023,10,10000
XAC,XAA,all,2023,100,260000
XAC,XAA,grain,2023,40,200000
XAC,XAA,metal,2023,60,60000
XAC,XAB,all,2023,50,50000
XAC,XAC,all,2023,3800,
XAC,XAD,all,2023,50,50000
XAD,XAA,all,2023,40,40000
XAD,XAB,all,2023,40,40000
XAD,XAC,all,2023,20,20000
XAD,XAD,all,2023,4400,
""",
    "zones": """
place,iso3,role,commodity,partner,share
a,XAA,both,all,any,1
b,XAB,both,all,any,1
c,XAC,both,all,any,1
d,XAD,both,all,any,1
""",
    "barriers": """
exporter,importer,commodity,tariff_pct,cost_pct,nontariff_factor,trade_factor,prohibited
XAC,XAA,grain,5,1,1.5,0.8,no
""",
    "restrictions": """
id,scope,subject,mode,users,side,from_year,to_year
rail_works,place,ac,rail,any,any,2020,2029
old_quarrel,border,XAA/XAB,any,any,any,2010,2015
no_transit,territory,XAC,road,XAB,,2020,
""",
    "pipelines": """
id,name,from,to,via_iso3,product,length_km,capacity_mt,capacity_bcm,throughput_2021,throughput_2022,throughput_2023,throughput_2024,throughput_unit,operator,partner_shareholders,status,opening_year,project
gas_c_a,North gas,c,a,XAC;XAA,natural_gas,200,,10,,,,,bcm/a,,,operating,,
oil_c_b,North oil,c,b,XAC;XAA;XAB,crude_oil,400,3,,,,,,Mt/a,,,operating,,
gas_a_b,Home gas,a,b,XAA;XAB,natural_gas,200,,5,,,,,bcm/a,,,operating,,
""",
    "plants": """
id,name,iso3,carrier,capacity_mw,status,opening_year,lat,lon,partner,project
hydro_a,Hydro,XAA,hydro,50,operating,1980,,,,
wind_b,Wind,XAB,wind,30,operating,2020,,,,
coal_b,Coal,XAB,coal,40,operating,1970,,,,
sun_one,Sun one,XAB,solar,100,planned,,,,,
sun_two,Sun two,XAB,solar,100,planned,2033,,,,
""",
    "interconnectors": """
id,from_iso3,to_iso3,capacity_mw,voltage_kv,length_km,status,opening_year,project
wire_a_c,XAA,XAC,100,220,200,operating,,
wire_a_b,XAA,XAB,50,220,200,operating,,
cable_b_d,XAB,XAD,300,500,300,planned,,
""",
    "electricity": """
iso3,year,item,value
XAA,2023,demand_gwh,100
XAA,2023,generation_gwh,90
XAB,2022,demand_gwh,50
XAB,2024,demand_gwh,53
""",
    "power_costs": """
carrier,item,year,value,iso3
gas,fuel_usd_per_mwh_th,2023,20,any
gas,fuel_usd_per_mwh_th,2023,10,XAA
coal,fuel_usd_per_mwh_th,2023,8,any
gas,capex_usd_per_kw,2023,900,any
""",
    "power_profiles": """
iso3,item,month,hour,value
XAA,hydro_inflow,1,0,0.5
XAA,hydro_inflow,7,0,2
XAB,hydro_inflow,1,0,1
XAA,demand,1,0,0.9
""",
    "projects": """
id,name,iso3,sector,capex_musd,capacity,capacity_unit,status,announced_year,start_year,completion_year,contractor,partners
pj_rail,Railway,XAA;XAB,rail,1000,210,km,planned,2020,2025,2029,,
pj_sun,Solar park,XAB,solar,200,200,MW,construction,2021,2024,2028,,
pj_wind,Wind park,XAB,wind,50,30,MW,operating,2017,2018,2020,,
pj_cable,Cable,XAB,grid,,300,MW,planned,2022,,,,
pj_cable_big,Large cable,XAB,grid,900,600,MW,planned,2022,,2035,,
pj_road,Better road,XAA,road,30,110,km,construction,2022,2023,2026,,
""",
    "project_effects": """
project,table,row,action,field,value
pj_rail,links,rail_a_b,open,status,operating
pj_rail,crossings,b/XAA/XAB/rail,open,status,operating
pj_rail,crossings,b/XAB/XAA/rail,open,status,operating
pj_sun,plants,sun_one,open,status,operating
pj_sun,plants,sun_two,open,status,operating
pj_wind,plants,wind_b,set,status,operating
pj_cable,interconnectors,cable_b_d,open,status,operating
pj_cable_big,interconnectors,wire_a_c,scale,capacity_mw,2
pj_road,links,road_a_ab,set,speed_kmh,80
pj_road,links,road_a_ab,scale,capacity_t,1.5
pj_road,crossings,ab/XAA/XAB/road,set,dwell_h,4
""",
    "alternatives": """
project,other
pj_cable,pj_cable_big
""",
    "deals": """
id,partner,recipient,sector,project,year,amount_musd,instrument,counterparty,status,role
rail_c,XAC,XAA;XAB,rail,pj_rail,2024,600,loan,,signed,total
rail_bank,XBK,XAA;XAB,rail,pj_rail,2024,300,loan,,announced,tranche
rail_part,XAC,XAA;XAB,rail,pj_rail,2024,100,loan,,signed,part_of
rail_cancelled,XAD,XAA;XAB,rail,pj_rail,2022,50,loan,,cancelled,total
wind_c,XAC,XAB,wind,pj_wind,2018,40,fdi,,disbursed,total
mine_c,XAC,XAA,mining,,2024,70,loan,,announced,total
""",
    "lending_terms": """
lender_class,partner,currency,interest_pct,fee_pct,maturity_a,grace_a,tied_pct,collateral,cross_default,year
xac_state,XAC,USD,3,,20,5,100,no,no,2023
bank_soft,XBK,USD,1,,30,10,0,no,no,2023
""",
    "variants": """
id,title,chosen,alternative,reason
trade_as_north_counts,North's count,what Alda counts,what Celda counts,Alda's count is audited
cheap_rail,Low rail rate,monitored rate,asked rate,few pay the asked rate
""",
    "variant_edits": """
variant,table,row,action,field,value
trade_as_north_counts,trade,XAB/XAC/all/2023,set,value_musd,25
trade_as_north_counts,trade,XAC/XAB/all/2023,scale,tonnes,2
cheap_rail,rates,rail/any/container/2023,set,usd_per_tkm,0.03
""",
}
PROVENANCE = {"basis": "assumed", "source": "example", "note": "made up for the tests"}
Edit = Callable[[str, list[dict[str, str]]], list[dict[str, str]]]


def _unchanged(_table: str, rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return rows


def write_toy(folder: Path, edit: Edit = _unchanged) -> Path:
    """Write the region as a pack; ``edit`` may change the rows of each table."""
    new_region(folder)
    for table, schema in table_schemas().items():
        names = schema.field_names
        if table in TABLES:
            given = list(csv.DictReader(io.StringIO(TABLES[table].strip())))
            rows = [{**(PROVENANCE if schema.has_provenance else {}), **row} for row in given]
        elif table == "sources":
            continue
        else:
            rows = []
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, names, lineterminator="\n", restval="")
            writer.writeheader()
            writer.writerows(edit(table, rows))
    return folder


def plan(*projects: str | dict[str, Any], **keys: Any) -> Plan:
    """Return a plan of projects, each given by its name or as a record."""
    chosen = [{"project": item} if isinstance(item, str) else item for item in projects]
    return Plan.model_validate({"title": "A plan", "projects": chosen, **keys})


def scenario(*shocks: dict[str, Any], **keys: Any) -> Scenario:
    """Return a scenario of 2031 without growth, so that only shocks change the tables."""
    records = [{"reason": "a test", **shock} for shock in shocks]
    return Scenario.model_validate(
        {"title": "A scenario", "year": 2031, "growth": "none", "shocks": records, **keys}
    )


def edits(region: Region, case: Case) -> dict[tuple[str, str, str], Any]:
    """Return every cell that differs from the region's, with its new value; an added row by its key."""
    changed: dict[tuple[str, str, str], Any] = {}
    for table in region.tables:
        before, after = region.table(table), case.table(table)
        changed.update({(table, row, ""): "added" for row in after.index.difference(before.index)})
        assert before.index.difference(after.index).empty
        for row in before.index:
            for field in before.columns:
                old, new = cell(before, row, field), cell(after, row, field)
                if not (old == new if pd.notna(old) and pd.notna(new) else pd.isna(old) and pd.isna(new)):
                    changed[(table, row, field)] = new
    return changed


def faults_of(region: Region, path: Path, text: str | bytes) -> list[str]:
    """Return the errors of loading a plan or, from a file called scenario.yaml, a scenario."""
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(FaultsError) as caught:
        (load_scenario if path.stem == "scenario" else load_plan)(path, region)
    return [str(fault) for fault in caught.value.faults]
