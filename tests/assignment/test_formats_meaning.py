"""Files of valid form and wrong meaning: units, repeated rows, exchanged files, ids of pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sogdia.assignment import AssignmentSettings, assign, read_gmns, read_omx
from sogdia.assignment.formats.gmns import open_gmns
from sogdia.assignment.formats.tntp import open_tntp
from sogdia.errors import FaultsError

from .test_formats_bad_input import NET, TRIPS, faults_of

Files = tuple[Path, Path]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    net, trips = tmp_path / "x_net.tntp", tmp_path / "x_trips.tntp"
    net.write_text(NET)
    trips.write_text(TRIPS)
    return net, trips


def test_repeated_pair_of_trips_is_noted_with_its_line(files: Files) -> None:
    net, trips = files
    trips.write_text(TRIPS.replace("6.0;", "2.0;\n 2 : 4.0;"))
    opened = open_tntp(net, trips)
    assert opened.demand is not None
    assert opened.demand.total == 6.0
    assert opened.notes == (
        "x_trips.tntp: 1 pair occurs several times and are added up, the first from 1 to 2 in line 7",
    )


def test_link_twice_with_all_its_values_is_noted(files: Files) -> None:
    net, _ = files
    link = "\t3\t4\t10\t1\t5\t0.15\t4\t0\t0\t1\t;\n"
    net.write_text(NET.replace(link, link * 2).replace("LINKS> 5", "LINKS> 6"))
    (note,) = open_tntp(net).notes
    assert note.startswith("x_net.tntp: 1 link repeats another with all its values, the first from 3 to 4")
    net.write_text(NET.replace(link, link + link.replace("\t10\t", "\t20\t")).replace("LINKS> 5", "LINKS> 6"))
    assert open_tntp(net).notes == ()


def test_first_through_node_beyond_the_network_is_an_error(files: Files) -> None:
    net, _ = files
    head = "<FIRST THRU NODE> 999\n<END OF METADATA>"
    net.write_text(NET.replace("<FIRST THRU NODE> 3\n", "").replace("<END OF METADATA>", head))
    (fault,) = faults_of(lambda: open_tntp(net))
    assert "FIRST THRU NODE: 999 is beyond the last node; expected a number from 1 to 4" in fault


def test_exchanged_network_and_trips_are_recognised(files: Files, tmp_path: Path) -> None:
    net, trips = files
    assert faults_of(lambda: open_tntp(trips, net)) == [
        "x_trips.tntp: has trips, not links; exchange it with x_net.tntp"
    ]
    folder = gmns(tmp_path / "g")
    assert faults_of(lambda: open_gmns(folder / "demand.csv", folder / "link.csv")) == [
        "demand.csv:1: has demand, not links; exchange it with link.csv"
    ]


def test_large_zone_numbers_are_written_in_full_and_explained_once(files: Files) -> None:
    net, trips = files
    trips.write_text(TRIPS.replace("2 :     6.0;", "1000020 : 6.0;"))
    assert (
        "no zone 1000020; expected a whole number from 1 to 2" in faults_of(lambda: open_tntp(net, trips))[0]
    )
    many = " ".join(f"{1000020 + n} : 1.0;" for n in range(5000))
    trips.write_text(TRIPS.replace("2 :     6.0;", many))
    (fault,) = faults_of(lambda: open_tntp(net, trips))
    assert "5,000 trips name zones that the network does not have, the first 1000020" in fault
    assert "are these trips of another network?" in fault


def gmns(folder: Path, *, scale: float = 1.0, x: str = "69,41 69.4,41 69.2,41.3", form: str = "{}") -> Path:
    """Write a road of two legs and a direct one, 1.3 times the distances between its nodes (km · scale)."""
    folder.mkdir(exist_ok=True)
    places = [place.split(",") for place in x.split()]
    zones = ["1", "2", ""]
    rows = [
        ",".join([form.format(n + 1), *place, form.format(zone) if zone else ""])
        for n, (place, zone) in enumerate(zip(places, zones, strict=True))
    ]
    (folder / "node.csv").write_text("\n".join(["node_id,x_coord,y_coord,zone_id", *rows, ""]))
    lengths = [(1, 3, 48.0), (3, 2, 48.0), (1, 2, 44.0)]
    links = [f"{a},{b},{km * scale!r},60,10,0.15,4" for a, b, km in lengths]
    head = "from_node_id,to_node_id,length,free_speed,capacity,vdf_alpha,vdf_beta"
    (folder / "link.csv").write_text("\n".join([head, *links, ""]))
    (folder / "demand.csv").write_text("o_zone_id,d_zone_id,volume\n1,2,10\n")
    return folder


@pytest.mark.parametrize(
    ("scale", "noted"), [(1.0, ""), (1000.0, "taken as m,"), (3280.84, "taken as ft,"), (1 / 1.609344, "")]
)
def test_unit_of_length_is_found_from_coordinates(tmp_path: Path, scale: float, noted: str) -> None:
    opened = open_gmns(gmns(tmp_path / "g", scale=scale))
    minutes = opened.network.free_flow_cost.tolist()
    expected = 44.0 * (scale if not noted else 1.0)
    assert minutes[2] == pytest.approx(expected, rel=1e-5)
    assert [noted in note for note in opened.notes] == ([True] if noted else [])


def test_projected_coordinates_are_metres(tmp_path: Path) -> None:
    projected = "500000,4500000 535000,4500000 517000,4533000"
    opened = open_gmns(gmns(tmp_path / "g", scale=1000.0, x=projected))
    assert opened.network.free_flow_cost[2] == pytest.approx(44.0)
    assert "taken as m," in opened.notes[0]


def test_implausible_lengths_are_questioned(tmp_path: Path) -> None:
    folder = gmns(tmp_path / "g", scale=100.0)
    assert "name their unit in config.csv" in open_gmns(folder).notes[0]
    without = gmns(tmp_path / "g", scale=1000.0, x=", , ,")
    assert "a link takes 800 h with lengths in km" in open_gmns(without).notes[0]
    (folder / "config.csv").write_text("long_length\nm\n")
    assert open_gmns(folder).notes == ()


def test_integers_written_as_decimals_are_the_same_ids(tmp_path: Path) -> None:
    plain, _ = read_gmns(gmns(tmp_path / "a"))
    decimal, demand = read_gmns(gmns(tmp_path / "b", form="{}.0"))
    assert (decimal.nodes, decimal.zones) == (plain.nodes, plain.zones)
    assert demand is not None
    assert assign(decimal, demand, AssignmentSettings(gap=1e-10)).links()["flow"].sum() == pytest.approx(10.0)


def test_class_all_on_restricted_links_is_noted(tmp_path: Path) -> None:
    folder = gmns(tmp_path / "g")
    text = (folder / "link.csv").read_text().replace("vdf_beta", "vdf_beta,allowed_uses")
    (folder / "link.csv").write_text(text.replace(",4\n", ",4,truck\n"))
    (folder / "demand.csv").write_text("o_zone_id,d_zone_id,volume,class\n1,2,10,all\n")
    assert open_gmns(folder).notes == (
        "link.csv has allowed_uses, but the class all of demand.csv may use every link",
    )


def test_repeated_rows_of_gmns_are_noted_with_their_line(tmp_path: Path) -> None:
    folder = gmns(tmp_path / "g")
    demand, link = (folder / name for name in ("demand.csv", "link.csv"))
    demand.write_text("o_zone_id,d_zone_id,volume\n1,2,10\n2,1,3\n1,2,5\n")
    assert open_gmns(folder).notes == (
        "demand.csv: rows that repeat a pair of zones: 1, the first in line 4; their flows are added up",
    )
    demand.write_text("o_zone_id,d_zone_id,volume\n1,2,10\n")
    text = link.read_text()
    link.write_text(text + text.splitlines()[1] + "\n")
    (note,) = open_gmns(folder).notes
    line = len(text.splitlines()) + 1
    assert f"repeat another with all its values: 1, the first in line {line}" in note


def test_speed_of_no_vehicle_is_noted_and_an_unknown_node_gets_the_nearest(tmp_path: Path) -> None:
    folder = gmns(tmp_path / "g")
    link = folder / "link.csv"
    text = link.read_text()
    header, first, *rest = text.splitlines()
    names, cells = header.split(","), first.split(",")
    cells[names.index("free_speed")] = "6000"
    link.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    assert "free_speed is up to 6,000, taken as km/h" in open_gmns(folder).notes[0]
    cells[names.index("from_node_id")] = "01"
    link.write_text("\n".join([header, ",".join(cells), *rest]) + "\n")
    with pytest.raises(FaultsError, match="no node '01'; did you mean 1"):
        open_gmns(folder)


def test_zones_of_matrices(files: Files, tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    network = open_tntp(files[0]).network
    path = tmp_path / "x.omx"

    def write(entries: list[float], *more: list[float]) -> None:
        file = openmatrix.open_file(str(path), "w")
        file["cars"] = np.array([[7.0, 2.0], [3.0, 4.0]])
        for name, zones in zip("abc", (entries, *more), strict=False):
            file.create_array("/lookup", name, np.array(zones), createparents=True)
        file.close()

    write([2.0, 1.0])
    assert read_omx(path, network).table["flow"].tolist() == [3.0, 2.0]
    write([1, 2], [1, 2])
    assert read_omx(path, network).table["flow"].tolist() == [2.0, 3.0]
    write([1, 1])
    with pytest.raises(FaultsError, match="zone '1' has 2 rows; expected one"):
        read_omx(path, network)
