"""Uses of GMNS: a class does not use a link that is closed to it."""

from __future__ import annotations

from pathlib import Path

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
