"""A region is frozen, traceable, and the same whatever order its rows stand in."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from breaking import DESCRIPTOR, PackCopy

from sogdia.errors import Fault, FaultsError, UnknownNameError
from sogdia.region import (
    Pack,
    Region,
    check_read_pack,
    describe,
    describe_markdown,
    great_circle_km,
    load_region,
    stamp,
)
from sogdia.tables import table_schemas


def test_loading_stops_at_faults_and_tells_them_all(pack: PackCopy) -> None:
    pack.set("zones", 2, "share", "0.5")
    pack.set("links", 4, "length_km", "400")
    with pytest.raises(FaultsError) as raised:
        load_region(pack.folder)
    assert [fault.file for fault in raised.value.faults] == ["links.csv", "zones.csv"]
    assert str(raised.value).endswith("\n2 errors")


def test_what_a_region_says_of_itself(isles: Region) -> None:
    assert (isles.name, isles.title, isles.base_year, isles.years) == (
        "isles",
        "The Isles",
        2021,
        (2021, 2030, 2040),
    )
    assert isles.home == ("XAA", "XAB")
    assert set(isles.tables) == set(table_schemas())


def test_writing_into_a_table_leaves_the_region_as_it_is(isles: Region, isles_home: Path) -> None:
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


def test_an_unknown_table_gets_the_nearest(isles: Region) -> None:
    with pytest.raises(UnknownNameError, match=r"no table is called 'link'; did you mean links"):
        isles.table("link")


def test_a_row_is_traced_to_its_file_line_and_sources(pack: PackCopy) -> None:
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


def test_the_line_counts_line_breaks_in_cells(pack: PackCopy) -> None:
    path = pack.path("places")
    text = path.read_text("utf-8").replace("made up for tests", '"made up\nfor tests"')
    path.write_text(text, encoding="utf-8")
    traced = load_region(pack.folder).trace("places", "south_port")
    assert traced["line"] == 6
    assert path.read_text("utf-8").splitlines()[traced["line"] - 1].startswith("south_port,")


def test_tracing_what_is_not_there(isles: Region) -> None:
    with pytest.raises(UnknownNameError, match=r"did you mean south_port"):
        isles.trace("places", "south_prot")
    with pytest.raises(UnknownNameError, match="did you mean places"):
        isles.trace("place", "south_port")


def test_the_digest_heeds_content_alone(pack: PackCopy, isles: Region) -> None:
    dice = random.Random(7)
    for table in table_schemas():
        header, *rows = pack.rows(table)
        dice.shuffle(rows)
        order = list(range(len(header)))
        dice.shuffle(order)
        pack.write(table, [[cells[i] for i in order] for cells in (header, *rows)])
    pack.edit_descriptor(lambda content: content.update(description="other words"))
    assert load_region(pack.folder).digest == isles.digest


@pytest.mark.parametrize("table", sorted(table_schemas()))
def test_the_digest_heeds_every_table(pack: PackCopy, isles: Region, table: str) -> None:
    if len(isles.table(table)) == 0:
        pytest.skip("the made-up region has no row of it")
    field = "note" if table_schemas()[table].has_provenance else "title"
    pack.set(table, 2, field, "other words")
    changed = load_region(pack.folder)
    assert changed.digest != isles.digest
    assert [name for name in isles.tables if changed.tables[name].digest != isles.tables[name].digest] == [
        table
    ]


def test_how_a_number_is_written_does_not_count(pack: PackCopy, isles: Region) -> None:
    pack.set("zones", 2, "share", "0.600")
    pack.set("links", 2, "length_km", "6e1")
    assert load_region(pack.folder).digest == isles.digest


def test_the_digest_heeds_the_block(pack: PackCopy, isles: Region) -> None:
    pack.edit_descriptor(lambda content: content["sogdia"].update(years=[2021, 2040]))
    fewer = load_region(pack.folder)
    pack.edit_descriptor(lambda content: content["sogdia"].update(home_group="mainland"))
    other = load_region(pack.folder)
    assert len({isles.digest, fewer.digest, other.digest}) == 3


class Counter:
    """Counts how often packs are judged."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        monkeypatch.setattr("sogdia.region.region.check_read_pack", self)

    def __call__(self, read: Pack) -> list[Fault]:
        self.count += 1
        return check_read_pack(read)


def test_a_clean_pack_is_judged_once(pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    judged = Counter(monkeypatch)
    first = load_region(pack.folder)
    assert judged.count == 1
    assert load_region(pack.folder).digest == first.digest
    assert judged.count == 1
    pack.set("sources", 2, "title", "Another tale")
    load_region(pack.folder)
    assert judged.count == 2
    pack.edit_descriptor(lambda content: content.update(version="0.2.0"))
    load_region(pack.folder)
    assert judged.count == 3


def test_a_pack_with_faults_is_never_remembered(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    pack.set("zones", 2, "share", "0.5")
    for _ in range(2):
        with pytest.raises(FaultsError):
            load_region(pack.folder)
    assert not (tmp_path / "cache").exists()


def test_the_memory_heeds_what_judges(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / "cache"))
    judged = Counter(monkeypatch)
    load_region(pack.folder)
    monkeypatch.setattr(stamp, "_checks_digest", lambda: "other checks")
    load_region(pack.folder)
    assert judged.count == 2


@pytest.mark.parametrize("where", ["file/cache", "a" * 300, "missing"])
def test_a_cache_that_cannot_be_used_does_no_harm(
    pack: PackCopy, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv(stamp.CACHE_VARIABLE, str(tmp_path / where))
    if where == "missing":
        (tmp_path / where).mkdir(mode=0o500)  # read only, but for root
    judged = Counter(monkeypatch)
    assert load_region(pack.folder).digest == load_region(pack.folder).digest
    assert judged.count == 2 or where == "missing"


def test_a_cache_that_refuses_access_does_no_harm(pack: PackCopy, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    monkeypatch.setattr(Path, "touch", refuse)
    assert load_region(pack.folder).name == "isles"


def test_the_dictionary_counts_rows_cells_and_basis(pack: PackCopy) -> None:
    pack.set("links", 2, "basis", "reported")
    pack.set("links", 3, "basis", "derived")
    pack.set("links", 4, "basis", "derived")
    content = describe(load_region(pack.folder))
    tables = {entry["name"]: entry for entry in content["tables"]}
    links = tables["links"]
    assert (links["rows"], links["basis"]) == (5, {"reported": 1, "derived": 2, "assumed": 2})
    filled = {field["name"]: field["filled"] for field in links["fields"]}
    assert (filled["id"], filled["capacity_t"], filled["opening_year"], filled["project"]) == (5, 3, 1, 1)
    assert (filled["electrified"], filled["tracks"], filled["capacity_note"]) == (0, 2, 0)
    assert tables["sources"]["basis"] == {}
    assert (tables["barriers"]["rows"], tables["power_profiles"]["rows"]) == (1, 12)
    rows = sum(entry["rows"] for entry in content["tables"] if entry["name"] != "sources")
    assert content["basis"] == {"reported": 1, "derived": 2, "assumed": rows - 3}
    length = next(field for field in links["fields"] if field["name"] == "length_km")
    assert (length["type"], length["unit"], length["required"], length["range"]) == (
        "number",
        "km",
        True,
        [0.1, 30000.0],
    )
    targets = {field["name"]: field["refers_to"] for field in links["fields"]}
    assert (targets["from"], targets["source"], targets["mode"]) == ("places.id", "sources.id", None)


def test_the_dictionary_as_a_page(isles: Region) -> None:
    page = describe_markdown(isles)
    assert page.startswith("# Data dictionary: The Isles\n\nVersion 0.1.0, base year 2021, digest `")
    assert "| `links` | 5 | 0 % | 0 % | 100 % |" in page
    assert "| `sources` | 2 |  |  |  |" in page
    for name, schema in table_schemas().items():
        assert f"\n## {name}\n" in page
        assert all(f"| `{field}`" in page for field in schema.field_names)
    cells = {line.count("|") - line.count("\\|") for line in page.splitlines() if line.startswith("| `")}
    assert cells == {6, 7}


def test_one_degree_of_the_equator_is_111_195_km() -> None:
    # 2 · π · 6371.0088 km / 360
    assert float(great_circle_km(0, 0, 0, 1)) == pytest.approx(111.195, abs=5e-4)
    assert float(great_circle_km(0, 179.5, 0, -179.5)) == pytest.approx(111.195, abs=5e-4)


def test_from_pole_to_pole_is_half_a_great_circle() -> None:
    assert float(great_circle_km(90, 0, -90, 0)) == pytest.approx(20015.115, abs=5e-3)
    assert float(great_circle_km(90, 12, -90, 77)) == pytest.approx(20015.115, abs=5e-3)
    assert float(great_circle_km(10, 20, 10, 20)) == 0.0


@pytest.mark.parametrize(
    ("start", "end", "km"),
    [
        # Rosetta Code, "Haversine formula": Nashville (BNA) to Los Angeles (LAX), 2887.26 km at R = 6372.8.
        ((36.12, -86.67), (33.94, -118.40), 2887.2599506071 * 6371.0088 / 6372.8),
        # Movable Type Scripts, Land's End to John o' Groats: 968.9 km at R = 6371.
        (
            (50 + 3 / 60 + 59 / 3600, -(5 + 42 / 60 + 53 / 3600)),
            (58 + 38 / 60 + 38 / 3600, -(3 + 4 / 60 + 12 / 3600)),
            968.9,
        ),
    ],
)
def test_published_distances(start: tuple[float, float], end: tuple[float, float], km: float) -> None:
    assert float(great_circle_km(*start, *end)) == pytest.approx(km, abs=0.05)


def test_distances_of_many_points_at_once() -> None:
    found = great_circle_km([0, 0], [0, 0], [0, 1], [1, 0])
    assert found.shape == (2,)
    assert found[0] == pytest.approx(found[1], rel=1e-12)


def test_the_descriptor_is_named_as_the_standard_has_it(isles_home: Path) -> None:
    assert (isles_home / DESCRIPTOR).is_file()
