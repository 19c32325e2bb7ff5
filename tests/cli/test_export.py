"""`sogdia export` of a case, as a user meets it."""

from __future__ import annotations

import pandas as pd
from breaking import PackCopy
from typer.testing import CliRunner

from sogdia.assignment.formats import read_gmns
from sogdia.cli.main import app
from sogdia.errors import InputError


def without_trade(pack: PackCopy) -> PackCopy:
    """The made-up region with nothing sold abroad, and nothing that rests on such sales."""
    head, *rows = pack.rows("trade")
    seller, buyer = head.index("exporter"), head.index("importer")
    pack.write("trade", [head, *(row for row in rows if row[seller] == row[buyer])])
    for table in ("variants", "variant_edits"):
        pack.write(table, pack.rows(table)[:1])
    (pack.folder / "scenarios" / "stormy.yaml").unlink()
    return pack


def test_a_region_without_trade_has_a_network_to_export_and_nothing_to_carry(pack: PackCopy) -> None:
    words = ["export", "--region", str(without_trade(pack).folder), "--out", str(pack.folder / "out")]
    done = CliRunner().invoke(app, [*words, "--format", "gmns"])
    assert done.exit_code == 0, done.output
    network, demand = read_gmns(pack.folder / "out")
    assert demand is None
    assert set(pd.read_csv(pack.folder / "out" / "zone.csv")["zone_id"]) == set(network.zones)
    refused = CliRunner().invoke(app, [*words, "--format", "omx"])
    assert isinstance(refused.exception, InputError)
    assert "no economy exports a commodity that is freight" in str(refused.exception)
