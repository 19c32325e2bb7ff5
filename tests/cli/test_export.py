"""``sogdia export``: files and errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
from breaking import PackCopy
from typer.testing import CliRunner

from sogdia.assignment.formats import read_gmns
from sogdia.cli.main import app
from sogdia.errors import InputError, UnknownNameError


def remove_trade(pack: PackCopy) -> PackCopy:
    """Remove trade between economies, and what depends on it."""
    head, *rows = pack.rows("trade")
    seller, buyer = head.index("exporter"), head.index("importer")
    pack.write("trade", [head, *(row for row in rows if row[seller] == row[buyer])])
    for table in ("variants", "variant_edits"):
        pack.write(table, pack.rows(table)[:1])
    (pack.folder / "scenarios" / "stormy.yaml").unlink()
    return pack


def test_region_without_trade_exports_its_network_but_no_demand(pack: PackCopy) -> None:
    words = ["export", "--region", str(remove_trade(pack).folder), "--out", str(pack.folder / "out")]
    result = CliRunner().invoke(app, [*words, "--format", "gmns"])
    assert result.exit_code == 0, result.output
    network, demand = read_gmns(pack.folder / "out")
    assert demand is None
    assert set(pd.read_csv(pack.folder / "out" / "zone.csv")["zone_id"]) == set(network.zones)
    omx = CliRunner().invoke(app, [*words, "--format", "omx"])
    assert isinstance(omx.exception, InputError)
    assert "no economy exports a commodity that is freight" in str(omx.exception)


def test_unknown_format_is_an_error_with_the_nearest(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["export", "--format", "pyspa", "--out", str(tmp_path)])
    assert isinstance(result.exception, UnknownNameError)
    assert "did you mean pypsa" in str(result.exception)
