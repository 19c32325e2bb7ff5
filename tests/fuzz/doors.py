"""Readers of users' files: how each is called, and the words of its format."""

from __future__ import annotations

import contextlib
import io
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

import pytest

from fuzz import seeds
from fuzz.mutation import Files
from fuzz.words import FORMATS
from sogdia import Region, build_case, load_plan, load_scenario
from sogdia.articles import read_article, read_claims
from sogdia.articles.tables import claims_table
from sogdia.cli import main
from sogdia.errors import SogdiaError, render_faults
from sogdia.ledger.iati_import import read_iati
from sogdia.ledger.patch import patch_faults, read_patch
from sogdia.ledger.proposal import propose
from sogdia.region import Pack, read_pack
from sogdia.runs.definition import load_study
from sogdia.tables.tidying import tidy

Call = Callable[[Path, random.Random], None]


@dataclass(frozen=True)
class Door:
    """A reader.

    Attributes:
        call: Reads the files in a folder; raises only our own errors.
        files: Valid files by name.
        words: Words of the format.
        fixed: Files that are not text.
    """

    call: Call
    files: Files
    words: Sequence[bytes] = ()
    fixed: frozenset[str] = field(default_factory=frozenset)


class RefusedError(SogdiaError):
    """The command line ended with a message and an exit code."""


def command(*words: object) -> None:
    """Call the command line in this process.

    Raises:
        RefusedError: If its exit code is 1 or 2.
    """
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.object(sys, "argv", ["sogdia", *map(str, words)]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
        pytest.raises(SystemExit) as ended,
    ):
        main()
    code = ended.value.code or 0
    assert code in (0, 1, 2), f"exit code {code}"
    assert "Traceback" not in err.getvalue()
    if code:
        assert err.getvalue().strip(), f"exit code {code} without a message"
        raise RefusedError(err.getvalue())


def read_plan_and_scenario(region: Region) -> Call:
    def call(folder: Path, _: random.Random) -> None:
        plan = load_plan(folder / "plan.yaml", region)
        build_case(region, plan, load_scenario(folder / "scenario.yaml", region))

    return call


def read_study(folder: Path, _: random.Random) -> None:
    assert load_study(folder / "study.yaml").runs


def assign_tntp(folder: Path, generator: random.Random) -> None:
    nodes = ("--nodes", folder / "x_node.tntp") if generator.random() < 0.5 else ()
    assign(folder, "x_net.tntp", "x_trips.tntp", *nodes)


def assign_gmns(folder: Path, _: random.Random) -> None:
    command("assign", "--net", folder / "net", "--max-iterations", 20, "--threads", 1, "--json")


def assign_omx(folder: Path, _: random.Random) -> None:
    assign(folder, "x_net.tntp", "x.omx")


def assign_gis(folder: Path, _: random.Random) -> None:
    assign(folder, "links.geojson", "od.csv", "--mapping", folder / "network.yaml")


def assign(folder: Path, net: str, trips: str, *more: object) -> None:
    words = ("--net", folder / net, "--trips", folder / trips, *more)
    command("assign", *words, "--max-iterations", 20, "--threads", 1, "--json")


def solve_trade(folder: Path, generator: random.Random) -> None:
    """Solve with the flows and some of the other tables, so that an error of one does not hide the others."""
    names = [name for name in seeds.TRADE if name == "flows.csv" or generator.random() < 0.35]
    options = [
        word for name in names for word in (f"--{name.removesuffix('.csv').replace('_', '-')}", folder / name)
    ]
    command("counterfactual", *options, "--json")


def solve_book(folder: Path, generator: random.Random) -> None:
    source = generator.choice(("book.xlsx", "flows.parquet", "flows.dta"))
    if source == "book.xlsx":
        command("counterfactual", "--input", folder / source, "--json")
    else:
        command("counterfactual", "--flows", folder / source, "--json")


def estimate(folder: Path, _: random.Random) -> None:
    words = ("--covariate", "distance", "--covariate", "border", "--change", folder / "change.csv")
    command("gravity", "--data", folder / "data.csv", *words, "--json")


def import_iati(region: Region) -> Call:
    def call(folder: Path, _: random.Random) -> None:
        assert read_iati(folder / "a.xml", region).patch.count >= 0

    return call


def read_text(region: Region) -> Call:
    def call(folder: Path, _: random.Random) -> None:
        (path,) = folder.iterdir()
        article = read_article(path)
        claims = read_claims(article, region)
        claims_table(claims).to_csv()
        propose(article, claims, region)

    return call


def tidy_tables(folder: Path, _: random.Random) -> None:
    tidy(folder)


def check_patch(pack: Pack) -> Call:
    def call(folder: Path, _: random.Random) -> None:
        render_faults(patch_faults(read_patch(folder), pack)).encode()

    return call


def doors(region: Region, small: Path, folder: Path) -> dict[str, Door]:
    """Return all doors.

    Args:
        region: The shipped region, which texts and activities are read against.
        small: Folder of a small pack, which rows are added to.
        folder: Folder for files that libraries write.
    """
    words = FORMATS
    found = {
        "plans and scenarios": Door(read_plan_and_scenario(region), seeds.plan_files(), words["yaml"]),
        "studies": Door(read_study, seeds.STUDY, words["yaml"]),
        "TNTP": Door(assign_tntp, seeds.tntp_files(), words["tntp"]),
        "GMNS": Door(assign_gmns, seeds.GMNS, words["gmns"]),
        "GIS": Door(assign_gis, seeds.gis_files(folder), words["yaml"]),
        "trade": Door(solve_trade, seeds.TRADE, words["trade"]),
        "gravity": Door(estimate, seeds.GRAVITY, words["trade"]),
        "IATI": Door(import_iati(region), seeds.IATI, words["xml"]),
        "articles": Door(read_text(region), seeds.ARTICLE, words["text"]),
        "pages": Door(read_text(region), seeds.PAGE, (*words["text"], *words["html"])),
        "tidy": Door(tidy_tables, seeds.TRADE, words["trade"]),
        "patches": Door(check_patch(read_pack(small)), seeds.patch_files(folder), words["trade"]),
    }
    omx, books = seeds.omx_files(folder), seeds.book_files(folder)
    found["OMX"] = Door(assign_omx, omx, words["tntp"], frozenset({"x.omx"}))
    found["workbooks"] = Door(solve_book, books, (), frozenset(books))
    return found
