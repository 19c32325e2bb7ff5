"""``sogdia assign``: published networks from files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from assignment.published import SIOUX_FALLS
from assignment.test_formats_bad_input import NET, TRIPS
from assignment.test_formats_gis import LINKS, mapping_of_page
from assignment.test_formats_gis import write as write_gis

from sogdia.assignment import (
    read_tntp_flows,
    write_gmns,
)
from sogdia.assignment.formats.gis import open_gis
from sogdia.assignment.formats.omx import write_omx
from sogdia.cli import main


class Run:
    """A call of the command line."""

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


def test_assign_prints_text(shell: Fixtures, files: tuple[object, ...], tmp_path: Path) -> None:
    run = Run(*shell, *files, "--gap", "1e-10", "--out", tmp_path / "flows.csv")
    assert run.code == 0
    values = dict(line.split(maxsplit=1) for line in run.out.splitlines())
    assert set(values) == {
        "algorithm", "objective", "relative", "iterations", "seconds", "total", "demand", "on"
    }  # fmt: skip
    assert values["demand"] == "6"
    assert values["on"] == "the diagonal 4 skipped"
    assert "read 4 nodes, 5 links" in run.err
    assert pd.read_csv(tmp_path / "flows.csv")["flow"].sum() == pytest.approx(12.0)


def test_assign_prints_json(shell: Fixtures, files: tuple[object, ...], tmp_path: Path) -> None:
    run = Run(*shell, *files, "--json", "--out", tmp_path / "x_flow.tntp")
    values = json.loads(run.out)
    assert run.code == 0
    assert run.err.startswith("sogdia: note: x_trips.tntp: TOTAL OD FLOW is 6")
    required = {
        "algorithm", "objective", "relative_gap", "iterations", "seconds", "total_cost", "demand",
        "skipped_diagonal", "undelivered", "nodes", "links", "zones", "converged",
    }  # fmt: skip
    assert required <= set(values)
    assert (values["converged"], values["demand"], values["skipped_diagonal"], values["undelivered"]) == (
        True,
        6,
        4,
        0,
    )
    assert (values["nodes"], values["links"], values["zones"]) == (4, 5, 2)
    flows = read_tntp_flows(tmp_path / "x_flow.tntp")
    assert (flows["flow"] * flows["cost"]).sum() == pytest.approx(values["total_cost"])


@pytest.mark.parametrize("algorithm", ["ue", "so", "sue", "sue_all_paths"])
def test_every_algorithm_runs(shell: Fixtures, files: tuple[object, ...], algorithm: str) -> None:
    run = Run(*shell, *files, "--algorithm", algorithm, "--theta", "0.5", "--gap", "1e-8", "--json")
    assert run.code == 0, run.err
    assert json.loads(run.out)["relative_gap"] <= 1e-8


def test_assign_reads_gmns(shell: Fixtures, tmp_path: Path) -> None:
    network, demand = SIOUX_FALLS.read()
    write_gmns(network, demand, tmp_path / "g")
    values = json.loads(Run(*shell, "--net", tmp_path / "g", "--gap", "1e-10", "--json").out)
    assert values["objective"] == pytest.approx(SIOUX_FALLS.objective, rel=1e-9)
    (tmp_path / "g" / "demand.csv").unlink()
    run = Run(*shell, "--net", tmp_path / "g")
    assert run.code == 1
    assert "no demand.csv in it; name one with --trips" in run.err


def test_without_convergence_no_flows_are_written(shell: Fixtures, tmp_path: Path) -> None:
    words = ("--net", SIOUX_FALLS.file("net"), "--trips", SIOUX_FALLS.file("trips"))
    out = tmp_path / "flows.csv"
    run = Run(*shell, *words, "--gap", "1e-12", "--max-iterations", "2", "--out", out, "--json")
    values = json.loads(run.out)
    assert run.code == 1
    assert (values["converged"], values["objective"], values["iterations"]) == (False, None, 2)
    assert values["relative_gap"] > 1e-12
    assert "not converged" in run.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("--gap", "2"), 1, "--gap: expected a value below 1, not 2.0"),
        (("--algorithm", "dijkstra"), 2, "Invalid value for '--algorithm'"),
        (("--out", "flows.xyz"), 1, "no output format is called '.xyz'"),
        (("--out", "flows.gpkg"), 1, "the network has no coordinates"),
        (("--out", "no/such/flows.csv"), 2, "no such folder"),
        (("--trips", "missing.tntp"), 2, "missing.tntp: no such file"),
        (("--distance-factor", "nan"), 1, "distance_factor: nan is not a finite number"),
    ],
)
def test_invalid_arguments_give_a_message_and_exit_code(
    shell: Fixtures, files: tuple[object, ...], words: tuple[str, ...], code: int, message: str
) -> None:
    run = Run(*shell, *files, *words)
    assert run.code == code
    assert message in " ".join(run.err.replace("│", " ").split())
    assert run.out == ""


def test_tntp_network_needs_trips(shell: Fixtures, files: tuple[object, ...]) -> None:
    run = Run(*shell, *files[:2])
    assert run.code == 2
    assert "a TNTP network needs its trips" in run.err


def test_assign_reads_gis_layers_and_writes_flows(shell: Fixtures, tmp_path: Path) -> None:
    net, mapping, trips = write_gis(tmp_path, LINKS, mapping_of_page())
    words = ("--net", net, "--mapping", mapping, "--trips", trips, "--gap", "1e-10")
    run = Run(*shell, *words, "--out", tmp_path / "flows.csv", "--json")
    assert run.code == 0, run.err
    assert json.loads(run.out)["demand"] == 140.0
    table = pd.read_csv(tmp_path / "flows.csv")
    assert table.loc[table["kind"] == "transfer", "flow_grain"].sum() == pytest.approx(100.0)
    assert Run(*shell, *words, "--out", tmp_path / "flows.gpkg", "--quiet").code == 0
    assert (tmp_path / "flows.gpkg").stat().st_size > 0


def test_gis_layers_need_mapping_and_no_factors(shell: Fixtures, tmp_path: Path) -> None:
    net, mapping, trips = write_gis(tmp_path, LINKS, mapping_of_page())
    run = Run(*shell, "--net", net, "--trips", trips)
    assert run.code == 2
    assert "GIS links need a mapping of their fields" in run.err
    run = Run(*shell, "--net", net, "--mapping", mapping, "--trips", trips, "--toll-factor", "1")
    assert run.code == 1
    assert "GIS links have their cost in the mapping" in run.err


def test_assign_takes_matrices_as_trips_only(
    shell: Fixtures, files: tuple[object, ...], tmp_path: Path
) -> None:
    openmatrix = pytest.importorskip("openmatrix")
    path = tmp_path / "x.omx"
    matrices = openmatrix.open_file(str(path), "w")
    matrices["cars"] = np.array([[1.0, 6.0], [0.0, 0.0]])
    matrices.close()
    run = Run(*shell, *files[:2], "--trips", path, "--json")
    assert run.code == 0
    assert (json.loads(run.out)["demand"], json.loads(run.out)["skipped_diagonal"]) == (6.0, 1.0)
    run = Run(*shell, "--net", path, "--trips", files[3])
    assert run.code == 1
    assert "OMX holds matrices, not links; give it with --trips" in run.err


def test_mapping_of_matrices_is_chosen(shell: Fixtures, files: tuple[object, ...], tmp_path: Path) -> None:
    """Six trips from the first row to the second, which the two mappings name the other way round."""
    openmatrix = pytest.importorskip("openmatrix")
    path = tmp_path / "x.omx"
    matrices = openmatrix.open_file(str(path), "w")
    matrices["cars"] = np.array([[0.0, 6.0], [0.0, 0.0]])
    matrices.create_mapping("zone", np.array([1, 2]))
    matrices.create_mapping("old", np.array([2, 1]))
    matrices.close()
    run = Run(*shell, *files[:2], "--trips", path)
    assert run.code == 1
    assert "the file has several mappings: " in run.err
    assert "name one by --omx-mapping" in run.err
    run = Run(*shell, *files[:2], "--trips", path, "--omx-mapping", "zone", "--json")
    assert (run.code, json.loads(run.out)["demand"]) == (0, 6.0)
    assert (
        "no mapping of the file is called 'new'"
        in Run(*shell, *files[:2], "--trips", path, "--omx-mapping", "new").err
    )
    assert "--trips is none" in Run(*shell, *files, "--omx-mapping", "zone").err


def test_gis_layers_take_matrices(shell: Fixtures, tmp_path: Path) -> None:
    pytest.importorskip("openmatrix")
    net, mapping, trips = write_gis(tmp_path, LINKS, mapping_of_page())
    opened = open_gis(net, mapping, trips)
    assert opened.demand is not None
    write_omx(opened.demand.table, opened.network, tmp_path / "x.omx")
    words = "--net", net, "--mapping", mapping, "--json"
    known, run = (Run(*shell, *words, "--trips", path) for path in (trips, tmp_path / "x.omx"))
    assert run.code == 0, run.err
    for name in ("demand", "total_cost", "objective"):
        assert json.loads(run.out)[name] == pytest.approx(json.loads(known.out)[name], rel=1e-9)
    changed = yaml.safe_load(mapping.read_text())
    changed["classes"] = {"grain": changed["classes"]["grain"]}
    mapping.write_text(yaml.safe_dump(changed))
    run = Run(*shell, *words, "--trips", tmp_path / "x.omx")
    assert run.code == 1
    assert "no class of the mapping of fields is called 'cars'" in run.err


def test_network_of_the_examples_has_the_equilibrium_of_braess(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the three paths takes 92 with two vehicles: 6 · 92 = 552 (Braess, 1968)."""
    folder = Path(__file__).parents[2] / "src" / "sogdia" / "examples" / "network"
    files = "--net", folder / "braess_net.tntp", "--trips", folder / "braess_trips.tntp"
    run = Run(capsys, monkeypatch, *files, "--json")
    assert json.loads(run.out)["total_cost"] == pytest.approx(552.0, rel=1e-6)
