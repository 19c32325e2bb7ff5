"""Uses of GMNS: a class does not use a link that is closed to it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sogdia.assignment import assign, read_gmns, write_gmns
from sogdia.assignment.formats.gmns import open_gmns

from .test_formats_bad_input import faults_of

NODE = "node_id,zone_id\na,1\nb,2\n"
LINK = (
    "link_id,from_node_id,to_node_id,length,free_speed,allowed_uses\n"
    "bridge,a,b,1,60,{bridge}\n"
    "road,a,b,5,60,{road}\n"
)
DEMAND = "o_zone_id,d_zone_id,volume,class\n1,2,10,car\n1,2,4,truck\n"
DEFINITION = "use,persons_per_vehicle,pce\ncar,1,1\ntruck,1,2\nbike,1,0.5\n"
GROUP = 'use_group,uses\nmotor,"car,truck"\n'


def write(folder: Path, bridge: str = "car", road: str = "", **tables: str) -> Path:
    content = {
        "node": NODE,
        "link": LINK.format(bridge=bridge, road=road),
        "demand": DEMAND,
        "use_definition": DEFINITION,
    } | tables
    for name, text in content.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


def flows(folder: Path) -> dict[str, list[float]]:
    """Flow of cars and trucks on each link."""
    network, demand = read_gmns(folder)
    assert demand is not None
    result = assign(network, demand)
    assert demand.classes == ("car", "truck")
    return dict(zip(network.arcs["link_id"], result.flows.T.tolist(), strict=True))


def test_class_takes_the_longer_link_where_the_shorter_is_closed_to_it(tmp_path: Path) -> None:
    assert flows(write(tmp_path)) == {"bridge": [10.0, 0.0], "road": [0.0, 4.0]}


@pytest.mark.parametrize("bridge", ["", "all", "ALL", "motor", '"Truck, car"', "bike;motor"])
def test_group_list_or_empty_cell_opens_the_link_to_its_classes(tmp_path: Path, bridge: str) -> None:
    folder = write(tmp_path, bridge, use_group=GROUP)
    assert flows(folder) == {"bridge": [10.0, 4.0], "road": [0.0, 0.0]}


def test_class_without_any_open_link_is_undelivered(tmp_path: Path) -> None:
    network, demand = read_gmns(write(tmp_path, "car", "car"))
    assert demand is not None
    result = assign(network, demand)
    assert result.undelivered[["class", "flow"]].to_numpy().tolist() == [["truck", 4.0]]


def test_closed_link_is_closed_in_both_directions(tmp_path: Path) -> None:
    folder = write(tmp_path)
    link = (folder / "link.csv").read_text().replace("link_id", "directed,link_id")
    (folder / "link.csv").write_text(link.replace("bridge,a", "false,bridge,a").replace("road,a", "0,road,a"))
    (folder / "demand.csv").write_text(DEMAND.replace("1,2,4", "2,1,4"))
    network, demand = read_gmns(folder)
    assert demand is not None
    trucks = assign(network, demand).flows[1]
    assert network.arcs.loc[trucks > 0.0, ["from", "link_id"]].to_numpy().tolist() == [["b", "road"]]


def test_unknown_uses_are_errors_with_the_nearest_names(tmp_path: Path) -> None:
    group = 'use_group,uses\nmotor,"car,lorry"\n'
    folder = write(tmp_path, "cars", use_group=group, demand=DEMAND + "1,2,1,van\n")
    assert faults_of(lambda: read_gmns(folder)) == [
        "use_group.csv:2 uses: unknown use 'lorry'; one of bike, car, truck",
        "link.csv:2 allowed_uses: 'cars' is neither a use nor a group of uses; did you mean car?",
        "demand.csv:4 class: class 'van' is not a use of the network; one of bike, car, truck",
    ]


def test_uses_without_effect_are_noted(tmp_path: Path) -> None:
    folder = write(tmp_path)
    assert "pce is not applied; volumes of truck" in open_gmns(folder).notes[-1]
    (folder / "demand.csv").write_text("o_zone_id,d_zone_id,volume\n1,2,10\n")
    opened = open_gmns(folder)
    assert "the demand may use every link" in opened.notes[-1]
    assert opened.demand is not None
    assert opened.demand.class_cost is None


def test_network_with_uses_and_demand_without_classes_reads_back(tmp_path: Path) -> None:
    folder = write(tmp_path, demand="o_zone_id,d_zone_id,volume\n1,2,10\n")
    network, demand = read_gmns(folder)
    write_gmns(network, demand, tmp_path / "again")
    other, other_demand = read_gmns(tmp_path / "again")
    assert other.arcs["allowed_uses"].fillna("").tolist() == network.arcs["allowed_uses"].tolist()
    assert demand is not None
    assert other_demand is not None
    assert other_demand.class_cost is None
    assert other_demand.table.equals(demand.table)


def write_matrices(path: Path, zones: list[int], **matrices: list[list[float]]) -> Path:
    openmatrix = pytest.importorskip("openmatrix")
    file = openmatrix.open_file(str(path), "w")
    for name, values in matrices.items():
        file[name] = np.array(values)
    file.create_mapping("zone_id", zones)
    file.close()
    return path


def test_matrices_are_classes_of_restricted_links(tmp_path: Path) -> None:
    folder = write(tmp_path)
    path = write_matrices(tmp_path / "d.omx", [2, 1], car=[[1, 0], [10, 0]], Truck=[[0, 0], [4, 2]])
    opened = open_gmns(folder, path)
    assert opened.demand is not None
    assert opened.skipped == 3.0
    result = assign(opened.network, opened.demand)
    flow = dict(zip(opened.network.arcs["link_id"], result.flows.sum(axis=0).tolist(), strict=True))
    assert flow == {"bridge": 10.0, "road": 4.0}


def test_matrix_that_is_no_use_is_an_error_among_several_and_a_note_alone(tmp_path: Path) -> None:
    folder = write(tmp_path)
    path = write_matrices(tmp_path / "d.omx", [1, 2], car=[[0, 1], [0, 0]], lorry=[[0, 1], [0, 0]])
    assert faults_of(lambda: open_gmns(folder, path)) == [
        "d.omx lorry: matrix 'lorry' is not a use of the network; one of bike, car, truck"
    ]
    alone = write_matrices(tmp_path / "e.omx", [1, 2], total=[[0, 1], [0, 0]])
    note = "and the matrix total of e.omx is no use: the demand may use every link"
    assert note in open_gmns(folder, alone).notes[-1]


def test_mapping_of_matrices_names_zones_and_not_nodes(tmp_path: Path) -> None:
    """Nodes 1 and 2 are the zones 2 and 1: named by node, the demand would go the other way."""
    numbered = {"a": "1", "b": "2"}
    link = LINK.format(bridge="", road="").replace(",a,b,", ",1,2,")
    node = "node_id,zone_id\n" + "".join(f"{numbered[n]},{z}\n" for n, z in (("a", 2), ("b", 1)))
    folder = write(tmp_path, node=node, link=link, demand="o_zone_id,d_zone_id,volume\n2,1,5\n")
    path = write_matrices(tmp_path / "d.omx", [1, 2], car=[[0, 0], [5, 0]])
    tables = [open_gmns(folder, demand).demand for demand in (None, path)]
    pairs = [table.table[["origin", "destination", "flow"]] for table in tables if table is not None]
    assert [pair.to_numpy().tolist() for pair in pairs] == [[["1", "2", 5.0]]] * 2
