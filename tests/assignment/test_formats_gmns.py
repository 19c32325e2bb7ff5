"""Read and write GMNS."""

from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sogdia.assignment import (
    AssignmentSettings,
    Network,
    assign,
    make_demand,
    make_network,
    read_gmns,
    write_gmns,
)
from sogdia.assignment.formats.gmns import open_gmns
from sogdia.errors import InputError, SogdiaError

from .published import ALL, Instance
from .test_formats_bad_input import DEMAND_CSV, LINK_CSV, NODE_CSV
from .test_formats_tntp import networks, same


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "node.csv").write_text(NODE_CSV)
    (tmp_path / "link.csv").write_text(LINK_CSV)
    (tmp_path / "demand.csv").write_text(DEMAND_CSV)
    return tmp_path


def test_times_capacities_and_zones(folder: Path) -> None:
    network, demand = read_gmns(folder)
    arcs = network.arcs
    assert network.nodes == ("a", "b", "c")
    assert network.zones == ("a", "b")
    assert arcs["free_flow_cost"].tolist() == [10.0, 10.0]
    assert arcs["delay_scale"].tolist() == [1.5, 1.5]
    assert arcs["capacity"].tolist() == [200.0, 200.0]
    assert arcs[["from_x", "from_y", "to_x", "to_y"]].to_numpy()[0].tolist() == [0, 0, 1, 1]
    assert demand is not None
    assert demand.table[["origin", "destination", "flow"]].to_numpy().tolist() == [["a", "b", 100.0]]


@pytest.mark.parametrize(
    ("config", "minutes"),
    [
        ("long_length,speed\nkm,kph\n", 10.0),
        ("long_length,speed\nmile,mph\n", 10.0),
        ("long_length,speed\nmile,km/h\n", 16.09344),
        ("long_length,speed\nmeters,m/s\n", 10.0 / 60.0 / 60.0),
        ("long_length,crs\nmi,EPSG:4326\n", 10.0),
    ],
)
def test_units_are_those_of_the_config(folder: Path, config: str, minutes: float) -> None:
    (folder / "config.csv").write_text(config)
    assert read_gmns(folder)[0].arcs["free_flow_cost"].to_numpy() == pytest.approx([minutes, minutes])


def test_undirected_links_become_two_arcs(folder: Path) -> None:
    text = LINK_CSV.replace("a,c,true", "a,c,false")
    (folder / "link.csv").write_text(text)
    arcs = read_gmns(folder)[0].arcs
    assert arcs[["from", "to"]].to_numpy().tolist() == [["a", "c"], ["c", "a"], ["c", "b"]]
    assert arcs["capacity"].tolist() == [200.0] * 3
    assert arcs["group"].is_unique
    (folder / "link.csv").write_text(
        text.replace("directed", "dir_flag").replace("false", "0").replace("true", "1")
    )
    assert read_gmns(folder)[0].size == 3


def test_columns_of_dtalite_are_read(folder: Path) -> None:
    text = LINK_CSV.replace("vdf_alpha,vdf_beta", "VDF_alpha1,VDF_beta1").replace("lanes", "Lanes")
    (folder / "link.csv").write_text(text)
    assert read_gmns(folder)[0].arcs["delay_scale"].tolist() == [1.5, 1.5]
    rows = (
        "from_node_id,to_node_id,VDF_fftt1,VDF_cap1,VDF_alpha1,VDF_beta1\na,c,3,500,0.5,2\nc,b,3,500,0.5,2\n"
    )
    (folder / "link.csv").write_text(rows)
    arcs = read_gmns(folder)[0].arcs
    assert arcs[["free_flow_cost", "delay_scale", "capacity", "delay_power"]].to_numpy()[0].tolist() == [
        3.0,
        1.5,
        500.0,
        2.0,
    ]


def test_zone_of_several_nodes_is_joined_to_them(folder: Path) -> None:
    (folder / "node.csv").write_text(NODE_CSV.replace("c,1,1,", "c,1,1,1"))
    network, demand = read_gmns(folder)
    assert network.zones == ("zone:1", "b")
    joins = network.arcs[network.arcs["free_flow_cost"] == 0.0]
    assert sorted(map(tuple, joins[["from", "to"]].to_numpy().tolist())) == [
        ("a", "zone:1"), ("c", "zone:1"), ("zone:1", "a"), ("zone:1", "c"),
    ]  # fmt: skip
    assert not network.through[network.node_of["zone:1"]]
    assert joins["from_x"].notna().all()
    assert demand is not None
    result = assign(network, demand)
    # From the node that is nearer.
    assert result.links().set_index(["from", "to"])["flow"].loc[("c", "b")] == 100.0
    assert result.links().set_index(["from", "to"])["flow"].loc[("a", "c")] == 0.0


def test_centroids_are_not_passed_through(folder: Path) -> None:
    (folder / "node.csv").write_text("node_id,node_type,zone_id\na,centroid,1\nb,Centroid,2\nc,,\n")
    network, _ = read_gmns(folder)
    assert network.through.tolist() == [False, False, True]


def test_zones_are_in_the_order_of_their_file(folder: Path) -> None:
    (folder / "zone.csv").write_text("zone_id,name\n2,East\n1,West\n")
    assert read_gmns(folder)[0].zones == ("b", "a")


def test_files_written_by_spreadsheets_are_read(folder: Path) -> None:
    for name in ("node", "link", "demand"):
        path = folder / f"{name}.csv"
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n")
    network, demand = read_gmns(folder / "link.csv", folder / "demand.csv", nodes=folder / "node.csv")
    assert network.size == 2
    assert demand is not None


def test_toll_and_length_enter_the_cost_by_their_factors(folder: Path) -> None:
    (folder / "link.csv").write_text(
        LINK_CSV.replace("vdf_beta\n", "vdf_beta,toll\n").replace(",4\n", ",4,2\n")
    )
    network, _ = read_gmns(folder, toll_factor=0.5, distance_factor=0.1)
    assert network.arcs["free_flow_cost"].tolist() == [12.0, 12.0]


def test_flow_within_a_zone_and_missing_delays_are_noted(folder: Path) -> None:
    (folder / "demand.csv").write_text(DEMAND_CSV + "2,2,7\n")
    (folder / "link.csv").write_text(LINK_CSV.replace("vdf_alpha", "other"))
    opened = open_gmns(folder)
    assert opened.skipped == 7.0
    assert opened.notes == (
        "link.csv has no column vdf_alpha: no delay, and all flow of a pair takes the shortest path",
    )


def test_classes_of_demand(folder: Path, tmp_path: Path) -> None:
    (folder / "demand.csv").write_text("o_zone_id,d_zone_id,volume,class\n1,2,5,coal\n1,2,3,grain\n")
    network, demand = read_gmns(folder)
    assert demand is not None
    assert demand.classes == ("coal", "grain")
    write_gmns(network, demand, tmp_path / "out")
    back = read_gmns(tmp_path / "out")[1]
    assert back is not None
    pd.testing.assert_frame_equal(back.table, demand.table)


@pytest.mark.parametrize("instance", ALL, ids=lambda instance: instance.stem)
def test_published_networks_read_back_unchanged(instance: Instance, tmp_path: Path) -> None:
    network, demand = instance.read()
    write_gmns(network, demand, tmp_path / "deep" / "x")
    back, trips = read_gmns(tmp_path / "deep" / "x")
    same(network, back)
    assert trips is not None
    pd.testing.assert_frame_equal(trips.table, demand.table, check_exact=True)


@given(network=networks())
def test_any_network_reads_back_unchanged(network: Network, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_gmns(network, None, folder)
    same(network, read_gmns(folder)[0])


def test_standard_columns_alone_give_the_same_network(tmp_path: Path) -> None:
    arcs = pd.DataFrame(
        {"from": ["a", "b"], "to": ["b", "a"], "free_flow_cost": 2.0, "delay": "power", "delay_scale": 0.3}
    )
    network = make_network(arcs.assign(capacity=10.0, delay_power=4.0))
    write_gmns(network, None, tmp_path)
    plain = pd.read_csv(tmp_path / "link.csv")
    own = [name for name in map(str, plain.columns) if name.startswith(("cost_", "delay"))]
    plain.drop(columns=own).to_csv(tmp_path / "link.csv", index=False)
    back, _ = read_gmns(tmp_path)
    assert np.allclose(
        back.arcs[["free_flow_cost", "delay_scale"]], network.arcs[["free_flow_cost", "delay_scale"]]
    )


def test_shared_capacities_and_conical_delays_read_back_unchanged(tmp_path: Path) -> None:
    arcs = pd.DataFrame(
        {"from": ["a", "b"], "to": ["b", "a"], "free_flow_cost": 0.0, "delay": "conical", "group": "berth"}
    )
    network = make_network(arcs.assign(delay_scale=1.0, capacity=10.0, delay_power=4.0))
    write_gmns(network, None, tmp_path)
    back, _ = read_gmns(tmp_path)
    same(network, back)
    assert back.groups == ("berth",)
    table = pd.DataFrame({"origin": ["a", "b"], "destination": ["b", "a"], "flow": [3.0, 4.0]})
    results = [assign(net, make_demand(table, net), AssignmentSettings(gap=1e-9)) for net in (network, back)]
    assert results[0].objective == results[1].objective


@pytest.mark.parametrize("name", ["", " a", "-1", "a\nb"])
def test_invalid_node_name_is_an_error(tmp_path: Path, name: str) -> None:
    network = make_network(pd.DataFrame({"from": [name], "to": ["b"], "free_flow_cost": 1.0}))
    with pytest.raises(InputError, match="is not valid in GMNS"):
        write_gmns(network, None, tmp_path)


CELLS = st.sampled_from(
    ["", "a", "b", "c", "1", "2", "-1", "0", "nan", "inf", "1e999", "true", "x", '"', "é", "\0"]
)
HEADS = st.sampled_from(
    [
        "node_id",
        "zone_id",
        "x_coord",
        "node_type",
        "from_node_id",
        "to_node_id",
        "directed",
        "length",
        "capacity",
    ]
)
HEADS |= st.sampled_from(
    ["free_speed", "vdf_alpha", "vdf_fftt", "delay", "group", "cost_fixed", "delay_power", ""]
)
HEADS |= st.sampled_from(
    ["o_zone_id", "d_zone_id", "volume", "class", "speed", "long_length", "lanes", "toll"]
)
SHEETS = st.lists(HEADS, min_size=1, max_size=9).flatmap(
    lambda heads: st.lists(
        st.lists(CELLS, min_size=len(heads), max_size=len(heads)).map(",".join), max_size=4
    ).map(lambda rows: "\n".join([",".join(heads), *rows, ""]))
)


@given(
    node=SHEETS | st.just(NODE_CSV),
    link=SHEETS | st.just(LINK_CSV),
    zone=SHEETS | st.just("zone_id\n1\n2\n"),
    demand=SHEETS | st.just(DEMAND_CSV),
    config=SHEETS | st.just("long_length,speed\nkm,kph\n"),
)
def test_any_tables_give_a_network_or_an_error(
    node: str, link: str, zone: str, demand: str, config: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("noise")
    texts = {"node": node, "link": link, "zone": zone, "demand": demand, "config": config}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    with contextlib.suppress(SogdiaError):
        read_gmns(folder, toll_factor=1.0)


@given(column=st.integers(0, 9), cell=CELLS, row=st.integers(1, 2))
def test_any_cell_gives_a_network_or_an_error(
    column: int, cell: str, row: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("cell")
    rows = [line.split(",") for line in LINK_CSV.splitlines()]
    rows[row][column] = cell
    (folder / "node.csv").write_text(NODE_CSV)
    (folder / "demand.csv").write_text(DEMAND_CSV)
    (folder / "link.csv").write_text("\n".join(map(",".join, rows)) + "\n")
    with contextlib.suppress(SogdiaError):
        network, demand = read_gmns(folder)
        assert demand is not None
        assign(network, demand)


def write_workbook_of(folder: Path, names: tuple[str, ...], path: Path) -> None:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name in names:
            pd.read_csv(folder / f"{name}.csv").to_excel(book, sheet_name=name, index=False)


def test_workbook_reads_as_the_csv_files(folder: Path, tmp_path: Path) -> None:
    network, demand = read_gmns(folder)
    write_workbook_of(folder, ("node", "link", "demand"), tmp_path / "all.xlsx")
    write_workbook_of(folder, ("demand",), tmp_path / "trips.xlsx")
    others = read_gmns(tmp_path / "all.xlsx"), read_gmns(folder, tmp_path / "trips.xlsx")
    for name in ("node", "link", "demand"):
        write_workbook_of(folder, (name,), folder / f"{name}.xlsx")
        (folder / f"{name}.csv").unlink()
    for other, other_demand in (*others, read_gmns(folder)):
        assert (other.nodes, other.zones) == (network.nodes, network.zones)
        columns = ["from", "to", "free_flow_cost", "delay_scale", "capacity"]
        assert other.arcs[columns].equals(network.arcs[columns])
        assert demand is not None
        assert other_demand is not None
        assert other_demand.table.equals(demand.table)


def test_workbook_without_a_table_names_it(folder: Path, tmp_path: Path) -> None:
    write_workbook_of(folder, ("link", "demand"), tmp_path / "all.xlsx")
    with pytest.raises(InputError, match=r"all\.xlsx: no sheet is called 'node'"):
        read_gmns(tmp_path / "all.xlsx")
