"""Read and write OMX matrices."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sogdia.assignment import (
    AssignmentResult,
    make_network,
    read_omx,
    write_omx,
)
from sogdia.errors import CannotRunError, FaultsError, UnknownNameError

from .two_zones import two_zone_result


@pytest.fixture
def result() -> AssignmentResult:
    return two_zone_result()


def test_matrices_read_back_unchanged(result: AssignmentResult, tmp_path: Path) -> None:
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


def test_skims_are_written_as_matrices(result: AssignmentResult, tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    write_omx(result.od(), result.network, tmp_path / "cost.omx", column="cost")
    file = openmatrix.open_file(str(tmp_path / "cost.omx"))
    values = np.array(file["coal"])
    file.close()
    costs = result.od().set_index(["class", "origin", "destination"])["cost"]
    assert values.tolist() == [[0.0, costs.loc[("coal", "a", "b")]], [costs.loc[("coal", "b", "a")], 0.0]]


def test_matrices_with_numbered_zones_and_without_mapping(tmp_path: Path) -> None:
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


def test_invalid_matrices_are_errors(result: AssignmentResult, tmp_path: Path) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    path = tmp_path / "x.omx"
    file = openmatrix.open_file(str(path), "w")
    file["cars"] = np.array([[1.0, -2.0], [np.nan, 4.0]])
    file.close()
    with pytest.raises(FaultsError) as caught:
        read_omx(path, result.network)
    assert [str(fault) for fault in caught.value.faults] == [
        "x.omx cars: -2 from a to b is not a flow; expected a finite number >= 0",
        "x.omx cars: nan from b to a is not a flow; expected a finite number >= 0",
    ]
    with pytest.raises(UnknownNameError, match="no matrix of the file is called 'carts'"):
        read_omx(path, result.network, matrices=["carts"])
    with pytest.raises(UnknownNameError, match="no mapping of the file is called 'taz'"):
        read_omx(path, result.network, mapping="taz")
    three = make_network(pd.DataFrame({"from": ["a", "b"], "to": ["b", "c"], "free_flow_cost": 1.0}))
    with pytest.raises(FaultsError, match="matrix of 2 × 2 for 3 zones"):
        read_omx(path, three)
    with pytest.raises(CannotRunError, match="no such file"):
        read_omx(tmp_path / "missing.omx", result.network)
    (tmp_path / "text.omx").write_text("no matrix")
    with pytest.raises(CannotRunError, match="not an OMX file"):
        read_omx(tmp_path / "text.omx", result.network)


def test_hdf5_without_matrices_of_numbers_is_an_error(result: AssignmentResult, tmp_path: Path) -> None:
    tables = pytest.importorskip("tables")
    path = tmp_path / "x.omx"
    problem = r"x\.omx: the file has no matrices; an OMX file has its matrices in the group data"
    with tables.open_file(str(path), "w"):
        pass
    with pytest.raises(FaultsError, match=problem):
        read_omx(path, result.network)
    with tables.open_file(str(path), "w") as file:
        file.create_group("/", "data")
    with pytest.raises(FaultsError, match=problem):
        read_omx(path, result.network)
    with tables.open_file(str(path), "a") as file:
        file.create_carray("/data", "names", obj=np.array([[b"a", b"b"], [b"c", b"d"]]))
    with pytest.raises(FaultsError, match=r"x\.omx names: the matrix is not of numbers"):
        read_omx(path, result.network)
