"""A region is frozen and traceable, and its digest depends on content only."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from breaking import DESCRIPTOR, PackCopy

from sogdia.errors import FaultsError, UnknownNameError
from sogdia.region import Region, load_region
from sogdia.tables import table_schemas


def test_loading_an_invalid_pack_lists_all_errors(pack: PackCopy) -> None:
    pack.set("zones", 2, "share", "0.5")
    pack.set("links", 4, "length_km", "400")
    with pytest.raises(FaultsError) as raised:
        load_region(pack.folder)
    assert [fault.file for fault in raised.value.faults] == ["links.csv", "zones.csv"]
    assert str(raised.value).endswith("\n2 errors")


def test_region_has_name_years_and_home_countries(isles: Region) -> None:
    assert (isles.name, isles.title, isles.base_year, isles.years) == (
        "isles",
        "The Isles",
        2021,
        (2021, 2030, 2040),
    )
    assert isles.home == ("XAA", "XAB")
    assert set(isles.tables) == set(table_schemas())


def test_writing_to_a_returned_table_does_not_change_the_region(isles: Region, isles_home: Path) -> None:
    before = isles.digest
    frame = isles.table("links")
    frame.loc["road_north_hill", "length_km"] = 0.0
    frame["mode"] = "raft"
    del frame["id"]
    again = isles.table("links")
    again.loc[:, "speed_kmh"] = np.nan
    with pytest.raises(ValueError, match="read-only"):
        isles.table("links")["length_km"].to_numpy()[0] = 0.0
    with pytest.raises(TypeError):
        isles.tables["links"] = isles.tables["zones"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        isles.base_year = 1999  # type: ignore[misc]
    after = isles.table("links")
    assert after.loc["road_north_hill", "length_km"] == 60.0
    assert set(after["mode"]) == {"road", "ferry"}
    assert tuple(after.columns) == table_schemas()["links"].field_names
    assert isles.digest == before == load_region(isles_home).digest


def test_unknown_table_suggests_the_nearest(isles: Region) -> None:
    with pytest.raises(UnknownNameError, match=r"no table is called 'link'; did you mean links"):
        isles.table("link")


def test_trace_returns_file_line_and_sources(pack: PackCopy) -> None:
    pack.set("trade", 9, "source", "tale;almanac")
    row = load_region(pack.folder).trace("trade", "XAA/XAC/fish/2021")
    assert (row["file"], row["line"]) == ("trade.csv", 9)
    assert (row["exporter"], row["importer"], row["value_musd"], row["tonnes"]) == (
        "XAA",
        "XAC",
        40.0,
        13000.0,
    )
    assert (row["basis"], row["note"]) == ("assumed", "made up for tests")
    assert set(row["sources"]) == {"tale", "almanac"}
    assert row["sources"]["tale"]["title"] == "Tale of the isles"
    assert row["sources"]["almanac"]["date"] == "2021"


def test_trace_counts_line_breaks_in_cells(pack: PackCopy) -> None:
    path = pack.path("places")
    text = path.read_text("utf-8").replace("made up for tests", '"made up\nfor tests"')
    path.write_text(text, encoding="utf-8")
    traced = load_region(pack.folder).trace("places", "south_port")
    assert traced["line"] == 6
    assert path.read_text("utf-8").splitlines()[traced["line"] - 1].startswith("south_port,")


def test_trace_of_an_unknown_row_suggests_the_nearest(isles: Region) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean south_port"):
        isles.trace("places", "south_prot")
    with pytest.raises(UnknownNameError, match="did you mean places"):
        isles.trace("place", "south_port")


def test_digest_does_not_depend_on_order_or_description(pack: PackCopy, isles: Region) -> None:
    generator = random.Random(7)
    for table in table_schemas():
        header, *rows = pack.rows(table)
        generator.shuffle(rows)
        order = list(range(len(header)))
        generator.shuffle(order)
        pack.write(table, [[cells[i] for i in order] for cells in (header, *rows)])
    pack.edit_descriptor(lambda content: content.update(description="other words"))
    assert load_region(pack.folder).digest == isles.digest


@pytest.mark.parametrize("table", sorted(table_schemas()))
def test_digest_depends_on_every_table(pack: PackCopy, isles: Region, table: str) -> None:
    if len(isles.table(table)) == 0:
        pytest.skip("the example region has no row of it")
    names = table_schemas()[table].field_names
    field = next(name for name in ("note", "title", "cause") if name in names)
    pack.set(table, 2, field, "other words")
    changed = load_region(pack.folder)
    assert changed.digest != isles.digest
    assert [name for name in isles.tables if changed.tables[name].digest != isles.tables[name].digest] == [
        table
    ]


def test_digest_does_not_depend_on_notation_of_numbers(pack: PackCopy, isles: Region) -> None:
    pack.set("zones", 2, "share", "0.600")
    pack.set("links", 2, "length_km", "6e1")
    assert load_region(pack.folder).digest == isles.digest


def test_digest_depends_on_years_and_home_group(pack: PackCopy, isles: Region) -> None:
    pack.edit_descriptor(lambda content: content["sogdia"].update(years=[2021, 2040]))
    fewer = load_region(pack.folder)
    pack.edit_descriptor(lambda content: content["sogdia"].update(home_group="mainland"))
    other = load_region(pack.folder)
    assert len({isles.digest, fewer.digest, other.digest}) == 3


def test_descriptor_has_its_standard_name(isles_home: Path) -> None:
    assert (isles_home / DESCRIPTOR).is_file()


def test_plans_are_printed_as_names_without_paths(isles: Region) -> None:
    assert repr(isles.plans) == f"<plans: {', '.join(isles.plans)}>"
    assert all(path.stem == name and path.is_file() for name, path in isles.plans.items())
