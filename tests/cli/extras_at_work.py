"""Commands that each extra makes work; run in installed wheels too, by ``make wheels``."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

from fuzz.seeds import GRAVITY, IATI, ROOT, gis_files, omx_files
from runs.powered import write_powered

ARTICLE = "NORTHHOLM, 3 March 2026. Farland and Northholm signed a loan of $100 million for a wind farm.\n"
PLAN = "title: A better road\nprojects:\n- {project: pj_road, opening_year: 2024}\n"
SCENARIO = "title: Rates up\nyear: 2030\nshocks:\n- {kind: rates, factor: 1.2, reason: made up for tests}\n"
STUDY = "title: Rates\nregion: region\nbase: as_is\nplans: [as_is]\nscenarios: [high.yaml]\n"
STORE = ("--store", "store")
RUNS = ("--region", "region", "--plan", "plan.yaml", *STORE, "--out")
Command = tuple[str, ...]
Extras = tuple[str, ...]
AT_WORK: dict[Extras, tuple[Command, ...]] = {
    (): (
        ("check", "region"), ("ls", "--region", "region"), ("case", "--region", "region"), ("doctor",),
        ("examples", "mine"),
    ),
    ("freight",): (
        ("assign", "--net", "braess_net.tntp", "--trips", "braess_trips.tntp"),
        ("freight", "--region", "region"),
    ),
    ("trade",): (("counterfactual", "--flows", "flows.csv", "--change", "change.csv"),),
    ("gravity",): (("gravity", "--data", "data.csv", "--covariate", "distance"),),
    ("geo",): (("tidy", "sheets"),),
    ("freight", "geo"): (
        ("assign", "--net", "links.geojson", "--mapping", "network.yaml", "--trips", "od.csv"),
    ),
    ("freight", "omx"): (
        ("assign", "--net", "x_net.tntp", "--trips", "x.omx"),
        ("export", "--format", "omx", "--region", "region", "--out", "omx"),
    ),
    ("power",): (
        ("power", "--region", "region", "--hours", "288"),
        ("export", "--format", "pypsa", "--region", "region", "--hours", "288", "--out", "pypsa"),
    ),
    ("ledger",): (
        ("read", "a.txt", "--region", "isles"),
        ("ledger", "match", "a.txt", "--region", "isles"),
        ("ledger", "propose", "a.txt", "--region", "isles", "--out", "rows"),
        ("ledger", "import", "a.xml", "--region", "isles", "--out", "imported"),
        ("ledger", "export", "--region", "isles", "--out", "ledger.xml"),
        ("ledger", "export", "--format", "xlsx", "--region", "isles", "--out", "ledger.xlsx"),
    ),
    ("study",): (
        ("run", "study.yaml", *STORE, "--quiet"),
        ("status", "study.yaml", *STORE),
        ("compare", "as_is/high", "as_is/high", *STORE),
        ("export", "--format", "csv", *RUNS, "csv"),
        ("export", "--format", "parquet", *RUNS, "parquet"),
        ("export", "--format", "geojson", *RUNS, "geojson"),
    ),
    ("study", "geo"): (("export", "--format", "gpkg", *RUNS, "gpkg"),),
    ("report",): (
        ("brief", "--plan", "plan.yaml", "--region", "region", "--scenarios", "reference", "--no-dependence",
         "--assumptions", "0", *STORE, "--out", "brief", "--quiet"),
        ("export", "--format", "xlsx", *RUNS, "xlsx"),
    ),
}  # fmt: skip
"""Commands by the extras that they need; they end with exit code 0."""


def write_inputs(folder: Path, isles_home: Path) -> Path:
    """Write what the commands read into a folder."""
    write_powered(folder / "region")
    shutil.copytree(isles_home, folder / "isles")
    examples = ROOT / "src" / "sogdia" / "examples"
    for path in (*(examples / "network").iterdir(), *(examples / "trade").iterdir()):
        shutil.copy(path, folder)
    files = IATI | omx_files(folder) | gis_files(folder) | {"data.csv": GRAVITY["data.csv"]}
    files |= {"a.txt": ARTICLE.encode(), "plan.yaml": PLAN.encode(), "study.yaml": STUDY.encode()}
    for name, data in {**files, "high.yaml": SCENARIO.encode()}.items():
        (folder / name).write_bytes(data)
    (folder / "sheets").mkdir()
    write_book(folder / "sheets" / "book.xlsx")
    return folder


def write_book(path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in csv.reader(["a,b", "1,2"]):
        sheet.append(row)
    book.save(path)
