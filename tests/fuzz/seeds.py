"""Valid files of each door, from which changed ones are made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from articles.test_wrapping import HEADLINE, PARAGRAPHS
from assignment.test_formats_bad_input import DEMAND_CSV, LINK_CSV, NET, NODE_CSV, TRIPS
from assignment.test_formats_gis import LINKS, mapping_of_page
from assignment.test_formats_gis import write as write_gis
from ledger.test_iati_import import FOREIGN
from ledger.test_patch import patch as rows_to_add

from fuzz.mutation import Files
from sogdia.ledger.patch import write_patch

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "sogdia" / "regions" / "central_asia"
ISLES = ROOT / "tests" / "packs" / "isles"
GMNS: Files = {
    "net/node.csv": NODE_CSV.encode(),
    "net/link.csv": LINK_CSV.encode(),
    "net/demand.csv": DEMAND_CSV.encode(),
    "net/config.csv": b"long_length,speed\nkm,kph\n",
    "net/use_group.csv": b"use_group,uses\nall,auto;truck\n",
}
TRADE: Files = {
    "flows.csv": b"exporter,importer,sector,value\n"
    b"A,A,food,80\nA,B,food,20\nB,A,food,20\nB,B,food,80\nA,A,fuel,50\nA,B,fuel,5\nB,A,fuel,9\nB,B,fuel,40\n",
    "change.csv": b"counterfactual,exporter,importer,sector,factor\nx,A,B,food,1.1\ny,*,*,fuel,inf\n",
    "theta.csv": b"sector,theta\nfood,4\nfuel,8.5\n",
    "tariffs.csv": b"exporter,importer,sector,tariff_pct\nA,B,food,25\nB,A,fuel,5\n",
    "tariffs_after.csv": b"exporter,importer,tariff_pct\nA,B,2\n",
    "value_added.csv": b"economy,sector,share\n*,food,0.5\n*,fuel,0.7\n",
    "productivity.csv": b"economy,sector,factor\nA,food,1.1\n",
    "labour.csv": b"economy,factor\n*,2\n",
    "wedges.csv": b"exporter,importer,owner,wedge_pct\nA,B,importer,5\n",
    "capacities.csv": b"name,exporter,importer,most,owner\neast,A,B,0.5,importer\n",
    "specific.csv": b"sector,share\nfood,0.4\n",
    "transfers.csv": b"payer,receiver,value\nA,B,1\n",
}
IATI: Files = {"a.xml": FOREIGN.format(country="KG", currency="").encode()}
ARTICLE: Files = {"a.txt": "\n\n".join((HEADLINE, *PARAGRAPHS)).encode()}
PAGE: Files = {"a.html": (ROOT / "tests" / "articles" / "articles" / "a09_page.html").read_bytes()}
GRAVITY: Files = {
    "data.csv": b"exporter,importer,value,distance,border\n"
    + b"".join(
        f"{a},{b},{10 + 3 * i + 7 * j + (i * j) % 5},{1 + abs(i - j)},{int(a == b)}\n".encode()
        for i, a in enumerate("ABCDE")
        for j, b in enumerate("ABCDE")
    ),
    "change.csv": b"exporter,importer,distance\nA,B,0.5\n",
}
STUDY: Files = {
    "study.yaml": f"""title: A study
region: {ISLES}
base: as_is
plans: [as_is, ferry_age, own.yaml]
scenarios: [reference, own_scenario.yaml]
years: [2030, 2035]
measures:
  - home_gain_musd
  - name: worst
    unit: "%"
    table: economies
    column: welfare_pct
    how: min
    where: {{home: "yes"}}
settings:
  coupling: {{trade: {{tolerance: 1.0e-8}}}}
""".encode(),
    "own.yaml": (ISLES / "plans" / "ferry_age.yaml").read_bytes(),
    "own_scenario.yaml": (ISLES / "scenarios" / "stormy.yaml").read_bytes(),
}


def plan_files() -> Files:
    """A plan with its own projects and a scenario with all kinds of shocks that ship."""
    scenarios = sorted((SHIPPED / "scenarios").glob("*.yaml"))
    shocks = b"".join(path.read_bytes().partition(b"shocks:\n")[2] for path in scenarios)
    return {
        "plan.yaml": (ROOT / "src" / "sogdia" / "examples" / "own_projects.yaml").read_bytes()
        + (SHIPPED / "plans" / "middle_corridor.yaml").read_bytes().partition(b"projects:\n")[2],
        "scenario.yaml": b"title: All\nyear: 2030\nshocks:\n" + shocks,
    }


def tntp_files() -> Files:
    node = "node X Y ;\n" + "".join(f"{i} {i / 10} {i % 3} ;\n" for i in range(1, 5))
    return {"x_net.tntp": NET.encode(), "x_trips.tntp": TRIPS.encode(), "x_node.tntp": node.encode()}


def omx_files(folder: Path) -> Files:
    openmatrix = pytest.importorskip("openmatrix")
    path = folder / "x.omx"
    file = openmatrix.open_file(str(path), "w")
    file["cars"] = np.array([[0.0, 2.0], [3.0, 4.0]])
    file.create_mapping("taz", [1, 2])
    file.close()
    return {"x.omx": path.read_bytes(), "x_net.tntp": NET.encode()}


def gis_files(folder: Path) -> Files:
    pytest.importorskip("pyogrio")
    (folder / "gis").mkdir()
    mapping = {key: entry for key, entry in mapping_of_page().items() if key != "nodes"}
    files = write_gis(
        folder / "gis", LINKS, mapping | {"demand": {"class": "class", "unit": "t/a"}}, ".geojson"
    )
    files[2].unlink()
    demand = b"origin,destination,class,flow\n60.00000 40.00000,62.00000 41.00000,grain,100\n"
    return read_folder(folder / "gis") | {"od.csv": demand}


def book_files(folder: Path) -> Files:
    """Tables of trade as a workbook, a Parquet and a Stata file."""
    frames = {
        name.removesuffix(".csv"): pd.read_csv(_written(folder / name, data)) for name, data in TRADE.items()
    }
    with pd.ExcelWriter(folder / "book.xlsx") as book:
        for name in ("flows", "change", "theta"):
            frames[name].to_excel(book, sheet_name=name, index=False)
    frames["flows"].to_parquet(folder / "flows.parquet")
    frames["flows"].to_stata(folder / "flows.dta", write_index=False)
    return {name: (folder / name).read_bytes() for name in ("book.xlsx", "flows.parquet", "flows.dta")}


def patch_files(folder: Path) -> Files:
    """Rows to be added to a pack."""
    write_patch(rows_to_add(), folder / "patch")
    return read_folder(folder / "patch")


def _written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def read_folder(folder: Path) -> Files:
    """Return the files of a folder and of those in it."""
    return dict(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
