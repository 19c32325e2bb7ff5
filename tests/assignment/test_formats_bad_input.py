"""Invalid input: all errors of a file are listed at once, with file, line and field."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sogdia.assignment import (
    read_gmns,
    read_tntp,
    read_tntp_flows,
)
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
NO_COUNT = "is not a count; expected a whole number from 0 to 10,000,000"
NO_TIME = "no travel time; expected length and free_speed > 0, or vdf_fftt"
NO_CAPACITY = "no capacity; expected a capacity > 0 for a link with a delay"
NEGATIVE = "is negative; expected a value >= 0"
NO_NODE = "is not a node; expected a whole number from 1 to 10,000,000"
NOT_IN_FILE = "differs from the links in the file; expected"
ZONES = "expected a whole number from 1 to 2"
NO_FLOW = "is not a flow; expected a finite number >= 0"
NEGATIVE_COST = "toll and length at their factors make the cost -95; expected a finite number >= 0"


def faults_of(act: Callable[[], object]) -> list[str]:
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
        ("1 3 -10 1 5 0.15 4 0 0 1 ;", f"x_net.tntp:8 capacity: -10 {NEGATIVE}"),
        ("1 3 0 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: 0 is too small; expected a capacity > 0"),
        ("1 3 nan 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: nan is not a finite number"),
        ("1 3 ten 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: 'ten' is not a number"),
        ("1 3 10 1 -5 0.15 4 0 0 1 ;", f"x_net.tntp:8 free_flow_time: -5 {NEGATIVE}"),
        ("1 3 10 1 5 -0.15 4 0 0 1 ;", f"x_net.tntp:8 b: -0.15 {NEGATIVE}"),
        ("1 3 10 1 5 0.15 -4 0 0 1 ;", f"x_net.tntp:8 power: -4 {NEGATIVE}"),
        ("1 3 10 1 inf 0.15 4 0 0 1 ;", "x_net.tntp:8 free_flow_time: inf is not a finite number"),
        ("1 9 10 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 term_node: no node 9; NUMBER OF NODES is 4"),
        ("1.5 3 10 1 5 0.15 4 0 0 1 ;", f"x_net.tntp:8 init_node: 1.5 {NO_NODE}"),
        ("0 3 10 1 5 0.15 4 0 0 1 ;", f"x_net.tntp:8 init_node: 0 {NO_NODE}"),
        ("1 3 10 5 0.15 4 0 0 1 ;", "x_net.tntp:8: 9 values; expected 10 as in the other links of the file"),
        ("1 3 1,5 1 5 0.15 4 0 0 1 ;", "x_net.tntp:8 capacity: '1,5' is not a number"),
        ("", f"x_net.tntp:4 NUMBER OF LINKS: 5 {NOT_IN_FILE} 4"),
    ],
)  # fmt: skip
def test_invalid_link_of_tntp_is_an_error(files: tuple[Path, Path], row: str, message: str) -> None:
    net, trips = files
    net.write_text(NET.replace(FIRST, row))
    assert faults_of(lambda: read_tntp(net, trips)) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("ZONES> 2", "ZONES> many", f"x_net.tntp:1 NUMBER OF ZONES: 'many' {NO_COUNT}"),
        ("ZONES> 2", "ZONES> 9", "x_net.tntp:1 NUMBER OF ZONES: 9 zones; expected at most the 4 nodes"),
        ("LINKS> 5", "LINKS> 6", f"x_net.tntp:4 NUMBER OF LINKS: 6 {NOT_IN_FILE} 5"),
        ("NODES> 4", "NODES> 1e12", f"x_net.tntp:2 NUMBER OF NODES: '1e12' {NO_COUNT}"),
        ("THRU NODE> 1", "THRU NODE> -1", f"x_net.tntp:3 FIRST THRU NODE: '-1' {NO_COUNT}"),
    ],
)  # fmt: skip
def test_invalid_metadata_is_an_error(files: tuple[Path, Path], old: str, new: str, message: str) -> None:
    net, _ = files
    net.write_text(NET.replace(old, new))
    assert faults_of(lambda: read_tntp(net)) == [message]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("6.0;", "-6.0;", f"x_trips.tntp:6 flow: -6 {NO_FLOW}"),
        ("6.0;", "nan;", f"x_trips.tntp:6 flow: nan {NO_FLOW}"),
        ("6.0;", "six;", "x_trips.tntp:6 flow: 'six' is not a number"),
        ("6.0;", ";", "x_trips.tntp:6: '2 :' is not a trip; expected destination : flow"),
        ("2 :     6.0", "5 :     6.0", f"x_trips.tntp:6 destination: no zone 5; {ZONES}"),
        ("2 :     6.0", "4 :     6.0", f"x_trips.tntp:6 destination: no zone 4; {ZONES}"),
        ("Origin 1\n", "", "x_trips.tntp:5: '1 : 0.0' before the first Origin"),
        ("Origin 1\n", "Origin 7\n", f"x_trips.tntp:6 origin: no zone 7; {ZONES}"),
        ("ZONES> 2", "ZONES> 3", "x_trips.tntp:1 NUMBER OF ZONES: 3 zones; expected 2 as in the network"),
        ("FLOW> 6.0", "FLOW> lots", "x_trips.tntp:2 TOTAL OD FLOW: 'lots' is not a number"),
    ],
)  # fmt: skip
def test_invalid_trips_of_tntp_are_errors(files: tuple[Path, Path], old: str, new: str, message: str) -> None:
    net, trips = files
    trips.write_text(TRIPS.replace(old, new))
    assert faults_of(lambda: read_tntp(net, trips))[0] == message


def test_all_errors_of_both_files_are_listed(files: tuple[Path, Path]) -> None:
    net, trips = files
    net.write_text(NET.replace(FIRST, "1 3 -10 1 5 -1 4 0 0 1 ;").replace("4\t2\t10", "4\t2\tx"))
    trips.write_text(TRIPS.replace("6.0", "-6.0"))
    assert faults_of(lambda: read_tntp(net, trips)) == [
        "x_net.tntp:12 capacity: 'x' is not a number",
        f"x_trips.tntp:6 flow: -6 {NO_FLOW}",
    ]


def test_negative_toll_is_an_error_where_it_enters_the_cost(files: tuple[Path, Path]) -> None:
    net, _ = files
    net.write_text(NET.replace(FIRST, "1 3 10 1 5 0.15 4 0 -100 1 ;"))
    read_tntp(net)
    assert faults_of(lambda: read_tntp(net, toll_factor=1.0)) == [f"x_net.tntp:8 toll: {NEGATIVE_COST}"]


def test_missing_file_cannot_run(files: tuple[Path, Path], tmp_path: Path) -> None:
    net, _ = files
    acts: list[Callable[[], object]] = [
        lambda: read_tntp(tmp_path / "missing.tntp"),
        lambda: read_tntp(net, tmp_path / "missing.tntp"),
        lambda: read_tntp(tmp_path),
        lambda: read_gmns(tmp_path / "missing"),
        lambda: read_gmns(tmp_path),
    ]
    for act in acts:
        with pytest.raises(CannotRunError):
            act()


@pytest.mark.parametrize("text", ["", "nothing\n", "<NUMBER OF ZONES> 2\n<END OF METADATA>\n"])
def test_file_without_links_is_an_error(tmp_path: Path, text: str) -> None:
    net = tmp_path / "x_net.tntp"
    net.write_text(text)
    assert "x_net.tntp: the file has no link" in faults_of(lambda: read_tntp(net))


def test_file_that_is_not_text_is_an_error(tmp_path: Path) -> None:
    net = tmp_path / "x_net.tntp"
    net.write_bytes(b"\xff\xfe<\0N\0")
    assert faults_of(lambda: read_tntp(net)) == ["x_net.tntp:1: not UTF-8 text; save as UTF-8"]


def test_invalid_flows_of_tntp_are_errors(tmp_path: Path) -> None:
    path = tmp_path / "x_flow.tntp"
    path.write_text("From To Volume Cost\n1 2 3 4\n1 2 3\n")
    assert faults_of(lambda: read_tntp_flows(path)) == [
        "x_flow.tntp:3: 3 values; expected 4: from, to, flow, cost"
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
        ("link", "1,a,c", "1,a,z", "link.csv:2 to_node_id: no node 'z'"),
        ("link", "60,100,2", "60,-100,2", f"link.csv:2 capacity: -100 {NEGATIVE}"),
        ("link", "60,100,2", "60,0,2", f"link.csv:2 capacity: {NO_CAPACITY}"),
        ("link", "60,100,2", "60,,2", f"link.csv:2 capacity: {NO_CAPACITY}"),
        ("link", "60,100,2", "60,many,2", "link.csv:2 capacity: 'many' is not a number"),
        ("link", "10,60", "10,0", f"link.csv:2 free_speed: {NO_TIME}"),
        ("link", "10,60", "-10,60", f"link.csv:2 length: -10 {NEGATIVE}"),
        ("link", "c,true", "c,maybe", "link.csv:2 directed: 'maybe' is neither true nor false"),
        ("link", "0.15,4", "-0.15,4", f"link.csv:2 vdf_alpha: -0.15 {NEGATIVE}"),
        ("link", "from_node_id", "from", "link.csv:1 from_node_id: no such column"),
        ("link", "1,a,c", "1,a", "link.csv:2: 9 cells where the header has 10"),
        ("node", "b,1,0,2", "a,1,0,2", "node.csv:3 node_id: second node 'a'"),
        ("node", "b,1,0", "b,east,0", "node.csv:3 x_coord: 'east' is not a number"),
        ("demand", "1,2,100", "1,2,-100", f"demand.csv:2 volume: -100 {NO_FLOW}"),
        ("demand", "1,2,100", "1,2,nan", f"demand.csv:2 volume: nan {NO_FLOW}"),
        ("demand", "1,2,100", "1,7,100", "demand.csv:2 d_zone_id: the network has no zone '7'"),
    ],
)  # fmt: skip
def test_invalid_rows_of_gmns_are_errors(folder: Path, file: str, old: str, new: str, message: str) -> None:
    path = folder / f"{file}.csv"
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(fault.startswith(message) for fault in faults_of(lambda: read_gmns(folder)))


def test_unknown_unit_and_zone_of_gmns_are_errors(folder: Path) -> None:
    (folder / "config.csv").write_text("long_length,speed\nleague,mph\n")
    (folder / "zone.csv").write_text("zone_id\n1\n2\n9\n")
    assert faults_of(lambda: read_gmns(folder)) == [
        "config.csv:2 long_length: unit 'league' is unknown",
        "zone.csv:4 zone_id: no node has the zone '9'",
    ]
