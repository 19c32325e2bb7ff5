"""Whatever is wrong in a file is told, all at once, with the file, the line and the field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.assignment import read_gmns, read_tntp, read_tntp_flows
from sogdia.errors import CannotRunError, FaultsError

NET = """<NUMBER OF ZONES> 2
<NUMBER OF NODES> 4
<FIRST THRU NODE> 1
<NUMBER OF LINKS> 5
<END OF METADATA>

~\tinit_node\tterm_node\tcapacity\tlength\tfree_flow_time\tb\tpower\tspeed\ttoll\tlink_type\t;
\t1\t3\t10\t1\t5\t0.15\t4\t0\t0\t1\t;
\t1\t4\t10\t1\t5\t0.15\t4\t0\t0\t1\t;
\t3\t2\t10\t1\t5\t0.15\t4\t0\t0\t1\t;
\t3\t4\t10\t1\t5\t0.15\t4\t0\t0\t1\t;
\t4\t2\t10\t1\t5\t0.15\t4\t0\t0\t1\t;
"""
TRIPS = """<NUMBER OF ZONES> 2
<TOTAL OD FLOW> 6.0
<END OF METADATA>

Origin 1
    1 :      0.0;     2 :     6.0;
"""
NO_COUNT = "is no whole number of at most 10,000,000"
NO_TIME = "a link needs a length and a speed above 0, or vdf_fftt"
NO_ROOM = "a link with a delay needs a capacity above 0"
BELOW = "toll and length at their factors make the cost -95, which is below 0 or no number"


def told(act: Callable[[], object]) -> list[str]:
    with pytest.raises(FaultsError) as caught:
        act()
    return [str(fault) for fault in caught.value.faults]


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    net, trips = tmp_path / "x_net.tntp", tmp_path / "x_trips.tntp"
    net.write_text(NET)
    trips.write_text(TRIPS)
    return net, trips


FIRST = "\t1\t3\t10\t1\t5\t0.15\t4\t0\t0\t1\t;"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("1 3 -10 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: -10 is below 0"),
        ("1 3 0 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: 0 leaves no room for any flow"),
        ("1 3 nan 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: nan is not a finite number"),
        ("1 3 ten 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: 'ten' is not a number"),
        ("1 3 10 1 -5 0.15 4 0 0 1 ;", "x_net.tntp:8 free_flow_time: -5 is below 0"),
        ("1 3 10 1 5 -0.15 4 0 0 1 ;", "x_net.tntp:8 b: -0.15 is below 0"),
        ("1 3 10 1 5 0.15 -4 0 0 1 ;", "x_net.tntp:8 power: -4 is below 0"),
        ("1 3 10 1 inf 0.15 4 0 0 1 ;", "x_net.tntp:8 free_flow_time: inf is not a finite number"),
        ("1 9 10 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 term_node: no node is numbered 9: NUMBER OF NODES is 4"),
        ("1.5 3 10 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 init_node: 1.5 is no number of a node"),
        ("0 3 10 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 init_node: 0 is no number of a node"),
        ("1 3 10 5 0.15 4 0 0 1 ;", "x_net.tntp:8: 9 values where links of this file have 10"),
        ("1 3 1,5 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: '1,5' is not a number"),
        ("", "x_net.tntp:4 NUMBER OF LINKS: 5 links are told and 4 stand in the file"),
    ],
)  # fmt: skip
def test_a_bad_link_of_tntp(files: tuple[Path, Path], row: str, message: str) -> None:
    net, trips = files
    net.write_text(NET.replace(FIRST, row))
    assert told(lambda: read_tntp(net, trips)) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ZONES> 2", "ZONES> many", f"x_net.tntp:1 NUMBER OF ZONES: 'many' {NO_COUNT}"),
        ("ZONES> 2", "ZONES> 9", "x_net.tntp:1 NUMBER OF ZONES: 9 zones are told and only 4 nodes"),
        ("LINKS> 5", "LINKS> 6", "x_net.tntp:4 NUMBER OF LINKS: 6 links are told and 5 stand in the file"),
        ("NODES> 4", "NODES> 1e12", f"x_net.tntp:2 NUMBER OF NODES: '1e12' {NO_COUNT}"),
        ("THRU NODE> 1", "THRU NODE> -1", f"x_net.tntp:3 FIRST THRU NODE: '-1' {NO_COUNT}"),
    ],
)  # fmt: skip
def test_a_bad_head_of_tntp(files: tuple[Path, Path], old: str, new: str, message: str) -> None:
    net, _ = files
    net.write_text(NET.replace(old, new))
    assert told(lambda: read_tntp(net)) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("6.0;", "-6.0;", "x_trips.tntp:6 flow: -6 is no flow: a finite number of at least 0 is wanted"),
        ("6.0;", "nan;", "x_trips.tntp:6 flow: nan is no flow: a finite number of at least 0 is wanted"),
        ("6.0;", "six;", "x_trips.tntp:6 flow: 'six' is not a number"),
        ("6.0;", ";", "x_trips.tntp:6: '2 :' is no trip: destination : flow"),
        ("2 :     6.0", "5 :     6.0", "x_trips.tntp:6 destination: no zone is numbered 5: there are 2"),
        ("2 :     6.0", "4 :     6.0", "x_trips.tntp:6 destination: no zone is numbered 4: there are 2"),
        ("Origin 1\n", "", "x_trips.tntp:5: '1 : 0.0' before any Origin"),
        ("Origin 1\n", "Origin 7\n", "x_trips.tntp:6 origin: no zone is numbered 7: there are 2"),
        ("ZONES> 2", "ZONES> 3", "x_trips.tntp:1 NUMBER OF ZONES: 3 zones are told; the network has 2"),
        ("FLOW> 6.0", "FLOW> lots", "x_trips.tntp:2 TOTAL OD FLOW: 'lots' is not a number"),
    ],
)  # fmt: skip
def test_bad_trips_of_tntp(files: tuple[Path, Path], old: str, new: str, message: str) -> None:
    net, trips = files
    trips.write_text(TRIPS.replace(old, new))
    assert told(lambda: read_tntp(net, trips))[0] == message


def test_all_faults_of_both_files_are_told_at_once(files: tuple[Path, Path]) -> None:
    net, trips = files
    net.write_text(NET.replace(FIRST, "1 3 -10 1 5 -1 4 0 0 1 ;").replace("4\t2\t10", "4\t2\tx"))
    trips.write_text(TRIPS.replace("6.0", "-6.0"))
    assert told(lambda: read_tntp(net, trips)) == [
        "x_net.tntp:12 capacity: 'x' is not a number",
        "x_trips.tntp:6 flow: -6 is no flow: a finite number of at least 0 is wanted",
    ]


def test_a_toll_below_nothing_is_told_where_it_counts(files: tuple[Path, Path]) -> None:
    net, _ = files
    net.write_text(NET.replace(FIRST, "1 3 10 1 5 0.15 4 0 -100 1 ;"))
    read_tntp(net)
    assert told(lambda: read_tntp(net, toll_factor=1.0)) == [f"x_net.tntp:8 toll: {BELOW}"]


def test_files_that_are_not_there(files: tuple[Path, Path], tmp_path: Path) -> None:
    net, _ = files
    acts: list[Callable[[], object]] = [
        lambda: read_tntp(tmp_path / "gone.tntp"),
        lambda: read_tntp(net, tmp_path / "gone.tntp"),
        lambda: read_tntp(tmp_path),
        lambda: read_gmns(tmp_path / "gone"),
        lambda: read_gmns(tmp_path),
    ]
    for act in acts:
        with pytest.raises(CannotRunError):
            act()


@pytest.mark.parametrize("text", ["", "nothing\n", "<NUMBER OF ZONES> 2\n<END OF METADATA>\n"])
def test_a_file_without_links(tmp_path: Path, text: str) -> None:
    net = tmp_path / "x_net.tntp"
    net.write_text(text)
    assert "x_net.tntp: there is no link in the file" in told(lambda: read_tntp(net))


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    net = tmp_path / "x_net.tntp"
    net.write_bytes(b"\xff\xfe<\0N\0")
    assert told(lambda: read_tntp(net)) == ["x_net.tntp:1: no UTF-8 text; save as UTF-8"]


def test_bad_flows_of_tntp(tmp_path: Path) -> None:
    path = tmp_path / "x_flow.tntp"
    path.write_text("From To Volume Cost\n1 2 3 4\n1 2 3\n")
    assert told(lambda: read_tntp_flows(path)) == [
        "x_flow.tntp:3: 3 values where from, to, flow and cost are wanted"
    ]


NODE_CSV = "node_id,x_coord,y_coord,zone_id\na,0,0,1\nb,1,0,2\nc,1,1,\n"
LINK_CSV = """link_id,from_node_id,to_node_id,directed,length,free_speed,capacity,lanes,vdf_alpha,vdf_beta
1,a,c,true,10,60,100,2,0.15,4
2,c,b,true,10,60,100,2,0.15,4
"""
DEMAND_CSV = "o_zone_id,d_zone_id,volume\n1,2,100\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "node.csv").write_text(NODE_CSV)
    (tmp_path / "link.csv").write_text(LINK_CSV)
    (tmp_path / "demand.csv").write_text(DEMAND_CSV)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("link", "1,a,c", "1,a,z", "link.csv:2 to_node_id: no node is called 'z'"),
        ("link", "60,100,2", "60,-100,2", "link.csv:2 capacity: -100 is below 0"),
        ("link", "60,100,2", "60,0,2", f"link.csv:2 capacity: {NO_ROOM}"),
        ("link", "60,100,2", "60,,2", f"link.csv:2 capacity: {NO_ROOM}"),
        ("link", "60,100,2", "60,many,2", "link.csv:2 capacity: 'many' is not a number"),
        ("link", "10,60", "10,0", f"link.csv:2 free_speed: {NO_TIME}"),
        ("link", "10,60", "-10,60", "link.csv:2 length: -10 is below 0"),
        ("link", "c,true", "c,maybe", "link.csv:2 directed: 'maybe' is neither true nor false"),
        ("link", "0.15,4", "-0.15,4", "link.csv:2 vdf_alpha: -0.15 is below 0"),
        ("link", "from_node_id", "from", "link.csv:1 from_node_id: there is no such column"),
        ("link", "1,a,c", "1,a", "link.csv:2: 9 cells where the header has 10"),
        ("node", "b,1,0,2", "a,1,0,2", "node.csv:3 node_id: a second node 'a'"),
        ("node", "b,1,0", "b,east,0", "node.csv:3 x_coord: 'east' is not a number"),
        ("demand", "1,2,100", "1,2,-100", "demand.csv:2 volume: -100 is no flow"),
        ("demand", "1,2,100", "1,2,nan", "demand.csv:2 volume: nan is no flow"),
        ("demand", "1,2,100", "1,7,100", "demand.csv:2 d_zone_id: the network has no zone '7'"),
    ],
)  # fmt: skip
def test_bad_rows_of_gmns(folder: Path, file: str, old: str, new: str, message: str) -> None:
    path = folder / f"{file}.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(fault.startswith(message) for fault in told(lambda: read_gmns(folder)))


def test_units_and_zones_of_gmns_that_nobody_knows(folder: Path) -> None:
    (folder / "config.csv").write_text("long_length,speed\nleague,mph\n")
    (folder / "zone.csv").write_text("zone_id\n1\n2\n9\n")
    assert told(lambda: read_gmns(folder)) == [
        "config.csv:2 long_length: the unit 'league' is not known",
        "zone.csv:4 zone_id: no node has the zone '9'",
    ]
