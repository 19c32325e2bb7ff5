"""Matrices in and out, results out, and the command line's door."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import (
    AssignmentResult,
    AssignmentSettings,
    assign,
    make_demand,
    make_network,
    read_omx,
    read_tntp_flows,
    write_gmns,
    write_omx,
)
from sogdia.assignment.formats.export import write_csv, write_geojson, write_geopackage, write_od_csv
from sogdia.cli import main
from sogdia.errors import CannotRunError, FaultsError, InputError, UnknownNameError

from .published import SIOUX_FALLS
from .test_formats_bad_input import NET, TRIPS


@pytest.fixture
def result() -> AssignmentResult:
    arcs = pd.DataFrame({"from": ["a", "a", "b"], "to": ["b", "b", "a"], "free_flow_cost": [1.0, 2.0, 1.0]})
    arcs = arcs.assign(delay="power", delay_scale=1.0, capacity=10.0, delay_power=4.0)
    places = {"a": (60.0, 40.0), "b": (61.5, 41.25)}
    for end in ("from", "to"):
        arcs[f"{end}_x"] = [places[name][0] for name in arcs[end]]
        arcs[f"{end}_y"] = [places[name][1] for name in arcs[end]]
    network = make_network(arcs)
    table = pd.DataFrame({"origin": ["a", "a", "b"], "destination": ["b", "b", "a"]})
    table = table.assign(flow=[10.0, 20.0, 5.0]).assign(**{"class": ["coal", "dry goods", "coal"]})
    return assign(network, make_demand(table, network), AssignmentSettings(gap=1e-10))


def bare(result: AssignmentResult) -> AssignmentResult:
    arcs = result.network.arcs.drop(columns=["from_x", "to_x"])
    return assign(make_network(arcs), result.demand)


def test_matrices_come_back(result: AssignmentResult, tmp_path: Path) -> None:
    pytest.importorskip("openmatrix")
    path = tmp_path / "demand.omx"
    write_omx(result.demand.table, result.network, path)
    back = read_omx(path, result.network)
    assert back.classes == ("coal", "dry goods")
    pd.testing.assert_frame_equal(back.table, result.demand.table)
    named = read_omx(path, result.network, matrices={"all": "dry goods"}, mapping="zone")
    assert named.table[["origin", "destination", "class", "flow"]].to_numpy().tolist() == [
        ["a", "b", "all", 20.0]
    ]


def test_skims_go_out_as_matrices(result: AssignmentResult, tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    write_omx(result.od(), result.network, tmp_path / "cost.omx", column="cost")
    file = openmatrix.open_file(str(tmp_path / "cost.omx"))
    values = np.array(file["coal"])
    file.close()
    costs = result.od().set_index(["class", "origin", "destination"])["cost"]
    assert values.tolist() == [[0.0, costs.loc[("coal", "a", "b")]], [costs.loc[("coal", "b", "a")], 0.0]]


def test_matrices_by_number_of_zone_and_without_any(tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    arcs = pd.DataFrame({"from": ["10", "20"], "to": ["20", "10"], "free_flow_cost": 1.0})
    network = make_network(arcs, zones=["10", "20"])
    path = tmp_path / "x.omx"
    file = openmatrix.open_file(str(path), "w")
    file["cars"] = np.array([[1.0, 2.0], [3.0, 4.0]])
    file.close()
    assert read_omx(path, network).table["flow"].tolist() == [2.0, 3.0]
    file = openmatrix.open_file(str(path), "a")
    file.create_mapping("taz", [20, 10])
    file.close()
    assert read_omx(path, network).table["flow"].tolist() == [3.0, 2.0]


def test_bad_matrices(result: AssignmentResult, tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    path = tmp_path / "x.omx"
    file = openmatrix.open_file(str(path), "w")
    file["cars"] = np.array([[1.0, -2.0], [np.nan, 4.0]])
    file.close()
    with pytest.raises(FaultsError) as caught:
        read_omx(path, result.network)
    assert [str(fault) for fault in caught.value.faults] == [
        "x.omx cars: -2 from a to b is no flow",
        "x.omx cars: nan from b to a is no flow",
    ]
    with pytest.raises(UnknownNameError, match="no matrix of the file is called 'carts'"):
        read_omx(path, result.network, matrices=["carts"])
    with pytest.raises(UnknownNameError, match="no mapping of the file is called 'taz'"):
        read_omx(path, result.network, mapping="taz")
    three = make_network(pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "free_flow_cost": 1.0}))
    with pytest.raises(FaultsError, match="the matrix is 2 × 2; there are 3 zones"):
        read_omx(path, three)
    with pytest.raises(CannotRunError, match="no such file"):
        read_omx(tmp_path / "gone.omx", result.network)
    (tmp_path / "text.omx").write_text("no matrix")
    with pytest.raises(CannotRunError, match="not an OMX file"):
        read_omx(tmp_path / "text.omx", result.network)


def test_what_is_not_installed_is_named(
    result: AssignmentResult, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("openmatrix", "geopandas"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(CannotRunError, match=r"pip install 'sogdia\[omx\]'"):
        read_omx(tmp_path / "x.omx", result.network)
    with pytest.raises(CannotRunError, match=r"pip install 'sogdia\[geo\]'"):
        write_geopackage(result, tmp_path / "x.gpkg")
    assert list(tmp_path.iterdir()) == []
    write_geojson(result, tmp_path / "x.geojson")


def test_links_as_csv(result: AssignmentResult, tmp_path: Path) -> None:
    write_csv(result, tmp_path / "x.csv")
    table = pd.read_csv(tmp_path / "x.csv")
    assert table["flow"].tolist() == result.links()["flow"].tolist()
    assert (table["flow_coal"] + table["flow_dry goods"]).to_numpy() == pytest.approx(
        table["flow"].to_numpy()
    )
    write_od_csv(result, tmp_path / "od.csv")
    assert pd.read_csv(tmp_path / "od.csv")["flow"].tolist() == [10.0, 20.0, 5.0]


def test_links_as_geojson(result: AssignmentResult, tmp_path: Path) -> None:
    write_geojson(result, tmp_path / "x.geojson")
    features = json.loads((tmp_path / "x.geojson").read_text())["features"]
    assert features[0]["geometry"] == {"type": "LineString", "coordinates": [[60.0, 40.0], [61.5, 41.25]]}
    assert [feature["properties"]["flow"] for feature in features] == pytest.approx(
        result.links()["flow"].tolist()
    )


def test_links_as_geopackage(result: AssignmentResult, tmp_path: Path) -> None:
    geopandas = pytest.importorskip("geopandas")
    write_geopackage(result, tmp_path / "x.gpkg")
    frame = geopandas.read_file(tmp_path / "x.gpkg", layer="links")
    assert frame.crs == "EPSG:4326"
    assert frame["flow"].tolist() == result.links()["flow"].tolist()
    assert list(frame.geometry[0].coords) == [(60.0, 40.0), (61.5, 41.25)]


def test_other_coordinates_are_converted(result: AssignmentResult, tmp_path: Path) -> None:
    pytest.importorskip("geopandas")
    arcs = result.network.arcs.assign(from_x=0.0, from_y=0.0, to_x=111_319.49, to_y=0.0)
    moved = assign(make_network(arcs), result.demand)
    with pytest.raises(InputError, match="no degrees"):
        write_geojson(moved, tmp_path / "x.geojson")
    write_geojson(moved, tmp_path / "x.geojson", crs="EPSG:3857")
    feature = json.loads((tmp_path / "x.geojson").read_text())["features"][0]
    assert np.allclose(feature["geometry"]["coordinates"], [[0, 0], [1, 0]], atol=1e-6)
    with pytest.raises(InputError, match="no coordinate system is called 'flat'"):
        write_geopackage(moved, tmp_path / "x.gpkg", crs="flat")


def test_without_coordinates_there_is_no_map(result: AssignmentResult, tmp_path: Path) -> None:
    for write in (write_geojson, write_geopackage):
        with pytest.raises(InputError, match="the network has no coordinates"):
            write(bare(result), tmp_path / "x")
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_there_whole_or_not_at_all(result: AssignmentResult, tmp_path: Path) -> None:
    with pytest.raises(CannotRunError):
        write_csv(result, tmp_path / "gone" / "x.csv")
    (tmp_path / "x.csv").write_text("before")
    write_csv(result, tmp_path / "x.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["x.csv"]


class Run:
    """One call of the command line."""

    def __init__(self, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch, *words: object) -> None:
        patch.setattr(sys, "argv", ["sogdia", "assign", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        self.code = ended.value.code or 0
        self.out, self.err = capsys.readouterr()


@pytest.fixture
def files(tmp_path: Path) -> tuple[object, ...]:
    (tmp_path / "x_net.tntp").write_text(NET)
    (tmp_path / "x_trips.tntp").write_text(TRIPS.replace("0.0;", "4.0;"))
    return "--net", tmp_path / "x_net.tntp", "--trips", tmp_path / "x_trips.tntp"


Fixtures = tuple[pytest.CaptureFixture[str], pytest.MonkeyPatch]


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Fixtures:
    monkeypatch.setenv("COLUMNS", "100")
    return capsys, monkeypatch


def test_assign_in_words(shell: Fixtures, files: tuple[object, ...], tmp_path: Path) -> None:
    run = Run(*shell, *files, "--gap", "1e-10", "--out", tmp_path / "flows.csv")
    assert run.code == 0
    told = dict(line.split(maxsplit=1) for line in run.out.splitlines())
    assert {"algorithm", "objective", "relative", "iterations", "seconds", "total", "demand", "on"} == set(
        told
    )
    assert told["demand"] == "6"
    assert told["on"] == "the diagonal 4 skipped"
    assert "read 4 nodes, 5 links" in run.err
    assert pd.read_csv(tmp_path / "flows.csv")["flow"].sum() == pytest.approx(12.0)


def test_assign_as_json(shell: Fixtures, files: tuple[object, ...], tmp_path: Path) -> None:
    run = Run(*shell, *files, "--json", "--out", tmp_path / "x_flow.tntp")
    told = json.loads(run.out)
    assert run.code == 0
    assert run.err.startswith("sogdia: note: x_trips.tntp: TOTAL OD FLOW is 6")
    wanted = {
        "algorithm", "objective", "relative_gap", "iterations", "seconds", "total_cost", "demand",
        "skipped_diagonal", "undelivered", "nodes", "links", "zones", "converged",
    }  # fmt: skip
    assert wanted <= set(told)
    assert (told["converged"], told["demand"], told["skipped_diagonal"], told["undelivered"]) == (
        True,
        6,
        4,
        0,
    )
    assert (told["nodes"], told["links"], told["zones"]) == (4, 5, 2)
    flows = read_tntp_flows(tmp_path / "x_flow.tntp")
    assert (flows["flow"] * flows["cost"]).sum() == pytest.approx(told["total_cost"])


@pytest.mark.parametrize("algorithm", ["ue", "so", "sue", "sue_all_paths"])
def test_every_algorithm_runs(shell: Fixtures, files: tuple[object, ...], algorithm: str) -> None:
    run = Run(*shell, *files, "--algorithm", algorithm, "--theta", "0.5", "--gap", "1e-8", "--json")
    assert run.code == 0, run.err
    assert json.loads(run.out)["relative_gap"] <= 1e-8


def test_assign_reads_gmns(shell: Fixtures, tmp_path: Path) -> None:
    network, demand = SIOUX_FALLS.read()
    write_gmns(network, demand, tmp_path / "g")
    told = json.loads(Run(*shell, "--net", tmp_path / "g", "--gap", "1e-10", "--json").out)
    assert told["objective"] == pytest.approx(SIOUX_FALLS.objective, rel=1e-9)
    (tmp_path / "g" / "demand.csv").unlink()
    run = Run(*shell, "--net", tmp_path / "g")
    assert run.code == 1
    assert "no demand.csv there; name one with --trips" in run.err


def test_without_convergence_there_are_no_flows(shell: Fixtures, tmp_path: Path) -> None:
    words = ("--net", SIOUX_FALLS.file("net"), "--trips", SIOUX_FALLS.file("trips"))
    out = tmp_path / "flows.csv"
    run = Run(*shell, *words, "--gap", "1e-12", "--max-iterations", "2", "--out", out, "--json")
    told = json.loads(run.out)
    assert run.code == 1
    assert (told["converged"], told["objective"], told["iterations"]) == (False, None, 2)
    assert told["relative_gap"] > 1e-12
    assert "not converged" in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--gap", "2"), 2, "gap: Input should be less than 1"),
        (("--algorithm", "dijkstra"), 2, "Invalid value for '--algorithm'"),
        (("--out", "flows.xyz"), 1, "no form of output is called '.xyz'"),
        (("--out", "flows.gpkg"), 1, "the network has no coordinates"),
        (("--out", "no/such/flows.csv"), 2, "no such folder"),
        (("--trips", "gone.tntp"), 2, "gone.tntp: no such file"),
        (("--distance-factor", "nan"), 1, "distance_factor: nan is no finite number"),
    ],
)
def test_slips_of_the_user(
    shell: Fixtures, files: tuple[object, ...], words: tuple[str, ...], code: int, told: str
) -> None:
    run = Run(*shell, *files, *words)
    assert run.code == code
    assert told in " ".join(run.err.replace("│", " ").split())
    assert run.out == ""


def test_a_network_of_tntp_needs_trips(shell: Fixtures, files: tuple[object, ...]) -> None:
    run = Run(*shell, *files[:2])
    assert run.code == 2
    assert "a TNTP network needs its trips" in run.err
