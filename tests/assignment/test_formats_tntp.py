"""Read TNTP in all its variants, and write it."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sogdia.assignment import (
    AssignmentSettings,
    Demand,
    Network,
    assign,
    make_demand,
    make_network,
    read_tntp,
    read_tntp_flows,
    write_tntp,
    write_tntp_flows,
)
from sogdia.assignment.formats.tntp import open_tntp
from sogdia.errors import FaultsError, InputError, SogdiaError

from .published import ALL, CHICAGO_SKETCH, SIOUX_FALLS, Instance
from .test_formats_bad_input import NET, TRIPS

EVERY = pytest.mark.parametrize("instance", ALL, ids=lambda instance: instance.stem)
COSTS = ["from", "to", "free_flow_cost", "delay", "delay_scale", "capacity", "delay_power"]


def written(folder: Path, net: str, trips: str = TRIPS) -> tuple[Network, Demand]:
    (folder / "x_net.tntp").write_text(net, encoding="utf-8")
    (folder / "x_trips.tntp").write_text(trips, encoding="utf-8")
    network, demand = read_tntp(folder / "x_net.tntp", folder / "x_trips.tntp")
    assert demand is not None
    return network, demand


def same(one: Network, other: Network) -> None:
    assert one.nodes == other.nodes
    assert one.zones == other.zones
    assert one.through.tolist() == other.through.tolist()
    pd.testing.assert_frame_equal(one.arcs[COSTS], other.arcs[COSTS], check_exact=True, check_dtype=False)


NETWORK_VARIANTS = {
    "commas of the record left out": NET.replace("\t;", ""),
    "blanks for tabs": NET.replace("\t", "  "),
    "lines ended as in Windows": NET.replace("\n", "\r\n"),
    "a mark at the start": "\ufeff" + NET,
    "comments and blank lines": NET.replace("\t3\t2", "~ a comment ; 1 2 3\n\n\t3\t2"),
    "comments behind records": NET.replace("\t;\n\t4", "\t; ~ 1 2 3 ;\n\t4"),
    "tags in lower case": NET.replace("NUMBER OF LINKS", "number of  links").replace("THRU", "Thru"),
    "numbers in scientific form": NET.replace("\t10\t", "\t1.0E+01\t").replace("\t5\t", "\t0.5e1\t"),
    "no columns after power": NET.replace("\t0\t0\t1\t;", "\t;"),
    "a column more": NET.replace("\t1\t;", "\t1\t77\t;"),
    "no head but zones": "<NUMBER OF ZONES> 2\n" + NET.partition("<END OF METADATA>\n")[2],
    "a header that is no comment": NET.replace("~\tinit_node", "init_node"),
}  # fmt: skip


@pytest.mark.parametrize("variant", NETWORK_VARIANTS)
def test_variants_of_the_format_give_the_same_network(tmp_path: Path, variant: str) -> None:
    same(written(tmp_path, NETWORK_VARIANTS[variant])[0], written(tmp_path, NET)[0])


TRIP_VARIANTS = {
    "no blanks": "<NUMBER OF ZONES>2\n<END OF METADATA>\nOrigin 1\n1:0.0;2:6.0;\n",
    "no semicolons": "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n1 : 0.0\n2 : 6.0\n",
    "one a line": "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin\t1\n1 : 0.0 ;\n2 : 6.0 ;\n",
    "on the line of the origin": "<NUMBER OF ZONES> 2\n<END OF METADATA>\norigin 1 2:6.0;",
    "comments": "~ trips\n<NUMBER OF ZONES> 2\n<END OF METADATA>\n~ Origin 2\nORIGIN 1\n2 : 6 ; ~ 1 : 5;\n",
    "zones without rows": "<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 2\n\nOrigin 1\n 2: 6.;\n",
    "scientific": "<END OF METADATA>\nOrigin 1\n2 : 0.6E+01;\n",
    "in two parts": "<END OF METADATA>\nOrigin 1\n2 : 5;\nOrigin 1\n2 : 1;\n",
}  # fmt: skip


@pytest.mark.parametrize("variant", TRIP_VARIANTS)
def test_variants_of_the_format_give_the_same_trips(tmp_path: Path, variant: str) -> None:
    _, demand = written(tmp_path, NET, TRIP_VARIANTS[variant])
    assert demand.table[["origin", "destination", "flow"]].to_numpy().tolist() == [["1", "2", 6.0]]


def test_flow_within_a_zone_is_skipped_and_reported(tmp_path: Path) -> None:
    written(tmp_path, NET, TRIPS.replace("0.0;", "4.0;"))
    opened = open_tntp(tmp_path / "x_net.tntp", tmp_path / "x_trips.tntp")
    assert opened.skipped == 4.0
    assert opened.demand is not None
    assert opened.demand.total == 6.0
    assert opened.notes == ("x_trips.tntp: TOTAL OD FLOW is 6 and the trips add up to 10",)


def test_costs_follow_the_format(tmp_path: Path) -> None:
    rows = """
        1 3 1 2 3 0.5  4 0 7 1 ;
        1 4 1 2 0 0.15 4 0 0 1 ;
        3 2 1 2 3 0    0 0 0 1 ;
        3 4 0 2 3 0    4 0 0 1 ;
        4 2 9 2 3 0.5  0 0 0 1 ;"""
    head, _, _ = NET.partition("~\tinit")
    (tmp_path / "x_net.tntp").write_text(head + rows)
    network, _ = read_tntp(tmp_path / "x_net.tntp", toll_factor=0.1, distance_factor=10.0)
    arcs = network.arcs
    assert arcs["free_flow_cost"].to_numpy() == pytest.approx([23.7, 20.0, 23.0, 23.0, 24.5])
    assert arcs["delay"].tolist() == ["power", "none", "none", "none", "none"]
    assert arcs["delay_scale"].to_numpy() == pytest.approx([1.5, 0, 0, 0, 0])
    assert arcs["toll"].tolist() == [7, 0, 0, 0, 0]
    demand = make_demand(pd.DataFrame({"origin": ["1"], "destination": ["2"], "flow": [1.0]}), network)
    assert np.isfinite(assign(network, demand).objective)


def test_nodes_below_the_first_through_node_are_closed(tmp_path: Path) -> None:
    network, _ = written(tmp_path, NET.replace("THRU NODE> 1", "THRU NODE> 3"))
    assert network.through.tolist() == [False, False, True, True]
    assert network.zones == ("1", "2")


def test_numbers_of_nodes_may_have_gaps(tmp_path: Path) -> None:
    network, _ = written(tmp_path, NET.replace("\t4\t2\t", "\t9\t2\t").replace("\t4\t10", "\t9\t10"))
    assert network.nodes[-1] == "9"


@EVERY
def test_published_networks_read_back_unchanged(instance: Instance, tmp_path: Path) -> None:
    network, demand = instance.read()
    toll, distance, home = instance.toll, instance.distance, tmp_path / "deep"
    write_tntp(network, demand, home, "x", toll_factor=toll, distance_factor=distance)
    files = home / "x_net.tntp", home / "x_trips.tntp"
    back, trips = read_tntp(*files, toll_factor=toll, distance_factor=distance)
    same(network, back)
    assert trips is not None
    pd.testing.assert_frame_equal(trips.table, demand.table, check_exact=True)


def test_coordinates_read_back_unchanged(tmp_path: Path) -> None:
    net, nodes = SIOUX_FALLS.file("net"), SIOUX_FALLS.file("node")
    network, _ = read_tntp(net, nodes=nodes)
    assert network.arcs[["from_x", "from_y"]].to_numpy()[0].tolist() == [-96.77041974, 43.61282792]
    write_tntp(network, None, tmp_path, "x")
    assert not (tmp_path / "x_trips.tntp").exists()
    back, _ = read_tntp(tmp_path / "x_net.tntp", nodes=tmp_path / "x_node.tntp")
    pd.testing.assert_frame_equal(network.arcs.iloc[:, -5:], back.arcs.iloc[:, -5:], check_exact=True)


def test_flows_read_back_unchanged(tmp_path: Path) -> None:
    network, demand = written(tmp_path, NET)
    result = assign(network, demand, AssignmentSettings(gap=1e-10))
    write_tntp_flows(result, tmp_path / "x_flow.tntp")
    back = read_tntp_flows(tmp_path / "x_flow.tntp")
    pd.testing.assert_frame_equal(back, result.links()[["from", "to", "flow", "cost"]], check_exact=True)


def test_many_errors_are_summarised(tmp_path: Path) -> None:
    net, trips = CHICAGO_SKETCH.file("net"), tmp_path / "x_trips.tntp"
    trips.write_text(re.sub(" : +", " : -", CHICAGO_SKETCH.file("trips").read_text()))
    with pytest.raises(SogdiaError, match="and 93,493 more errors of this kind"):
        read_tntp(net, trips)


def named(names: list[str], **settings: list[str]) -> Network:
    table = pd.DataFrame(
        {"from": names, "to": [*names[1:], names[0]], "free_flow_cost": 1.0, "delay": "power"}
    )
    return make_network(table.assign(delay_scale=1.0, capacity=10.0, delay_power=4.0), **settings)  # type: ignore[arg-type]


def test_names_become_numbers_listed_in_a_file(tmp_path: Path) -> None:
    network = named(["mill", "port", "gate"], zones=["port", "mill"], no_through=["port"])
    files = write_tntp(network, None, tmp_path, "x")
    assert [path.name for path in files] == ["x_net.tntp", "x_names.csv"]
    assert files[1].read_text() == 'node,name\n1,"port"\n2,"mill"\n3,"gate"\n'
    back, _ = read_tntp(files[0])
    assert back.zones == ("1", "2")
    assert back.through.tolist() == [False, True, True]
    assert back.arcs[["from", "to"]].to_numpy().tolist() == [["2", "1"], ["1", "3"], ["3", "2"]]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"delay": "conical"}, "power delays only"),
        ({"group": "shared"}, "arcs of the network share capacities"),
        ({"free_flow_cost": 0.0}, "which is 0 for the arc from 1 to 2"),
    ],
)
def test_unsupported_network_is_an_error(tmp_path: Path, change: dict[str, object], message: str) -> None:
    arcs = named(["1", "2", "3"]).arcs.drop(columns="group").assign(**change)  # type: ignore[arg-type]
    with pytest.raises(InputError, match=message):
        write_tntp(make_network(arcs), None, tmp_path, "x")
    assert list(tmp_path.iterdir()) == []


FIGURES = st.floats(0.0, 1e12, allow_nan=False) | st.sampled_from([0.0, 1.0, 1e-300, 0.1])


@st.composite
def networks(draw: st.DrawFn) -> Network:
    count, links = draw(st.integers(2, 7)), draw(st.integers(1, 12))
    ends = draw(arrays(np.int64, (links, 2), elements=st.integers(1, count)))
    columns = {
        name: draw(arrays(np.float64, links, elements=FIGURES)) for name in ("time", "b", "toll", "length")
    }
    power = draw(arrays(np.float64, links, elements=st.sampled_from([0.5, 1.0, 4.0, 16.8])))
    table = pd.DataFrame({"from": ends[:, 0].astype(str), "to": ends[:, 1].astype(str)})
    table["free_flow_cost"] = columns["time"]
    table["delay_scale"] = columns["time"] * columns["b"]
    table["delay"] = np.where(table["delay_scale"] > 0.0, "power", "none")
    table["capacity"] = draw(arrays(np.float64, links, elements=st.floats(1e-3, 1e9)))
    table = table.assign(
        delay_power=power, free_flow_time=columns["time"], b=columns["b"], toll=columns["toll"]
    )
    names = [str(i) for i in range(1, count + 1)]
    zones, closed = draw(st.integers(1, count)), draw(st.integers(0, count))
    table = table[np.isfinite(table["delay_scale"])]
    if table.empty:
        table = pd.DataFrame({"from": ["1"], "to": ["2"], "free_flow_cost": 1.0})
    return make_network(table, nodes=names, zones=names[:zones], no_through=names[:closed])


@given(network=networks())
def test_any_network_reads_back_unchanged(network: Network, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_tntp(network, None, folder, "x")
    same(network, read_tntp(folder / "x_net.tntp")[0])


@pytest.mark.parametrize("end", ["inf", "-inf", "nan", "1.5", "0"])
def test_end_that_is_no_number_of_a_node_is_an_error_without_a_warning(tmp_path: Path, end: str) -> None:
    links = [line for line in NET.splitlines() if line.strip().endswith(";")]
    (tmp_path / "net").write_text(NET.replace(links[-1], f"{end} {links[-1].split(maxsplit=1)[1]}"))
    (tmp_path / "trips").write_text(f"<NUMBER OF ZONES> 2\n<END OF METADATA>\nOrigin 1\n{end} : 5.0;\n")
    with pytest.raises(FaultsError, match="net:"):
        read_tntp(tmp_path / "net", tmp_path / "trips")


TAGS = ("<", ">", "<NUMBER OF ZONES>", "<END OF METADATA>", "<FIRST THRU NODE>")
SIGNS = ("Origin", ":", ";", "~", "\n", "\t", "\r", "\0", "\ufeff", "é", "٣", "0x1", "1_0")
NUMBERS = ("1", "2", "-1", "0", "nan", "inf", "1e999", "1e12", "1 2 3 4 5 6 7 8 9 1;")
WORDS = st.sampled_from([*TAGS, *SIGNS, *NUMBERS])
NOISE = st.lists(WORDS | st.text(max_size=4), max_size=30).map(" ".join)


@given(net=NOISE | st.just(NET), trips=NOISE, at=st.integers(0, len(NET)), length=st.integers(0, 20))
def test_any_text_gives_a_network_or_an_error(
    net: str, trips: str, at: int, length: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    spoiled = NET[:at] + net[: len(net) % 50] + NET[at + length :]
    for name, text in (("net", net), ("spoiled", spoiled), ("trips", trips), ("flow", trips)):
        (folder / name).write_bytes(text.encode("utf-8", errors="surrogatepass"))
    for first in ("net", "spoiled"):
        with contextlib.suppress(SogdiaError):
            read_tntp(folder / first, folder / "trips", nodes=folder / "flow", toll_factor=1.0)
    with contextlib.suppress(SogdiaError):
        read_tntp_flows(folder / "flow")
