"""Commands on studies and stored runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sogdia.cli.main import app
from sogdia.errors import InputError
from sogdia.runs.definition import LoadedStudy
from sogdia.runs.store import Store
from sogdia.runs.studies import measure_runs


@pytest.mark.parametrize("command", ["run", "resume", "status", "compare", "rm", "ls", "export", "validate"])
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(app, [command, "--help"])
    assert result.exit_code == 0, result.output
    assert "Usage" in result.output


def test_commands_work_on_a_stored_study(
    study_file: Path, study: LoadedStudy, study_store: Store, tmp_path: Path
) -> None:
    where = ["--store", str(study_store.folder)]
    call = CliRunner().invoke
    result = call(app, ["run", str(study_file), *where, "--json"])
    assert result.exit_code == 0, result.output
    content = json.loads(result.stdout)
    assert [run["fresh"] for run in content["runs"]] == [False, False]
    assert len(content["measures"]) == len(measure_runs(study, study_store))
    status = json.loads(call(app, ["status", str(study_file), *where, "--json"]).stdout)
    assert status["finished"] == len(study.runs)
    assert "2 runs" in call(app, ["ls", "--runs", *where]).stdout
    names = ["committed_without_plan/caspian_closed", "middle_corridor/caspian_closed"]
    assert call(app, ["compare", *names, *where, "--out", str(tmp_path / "c")]).exit_code == 0
    same = " ".join(call(app, ["compare", names[0], names[0], *where]).stdout.split())
    (baseline,) = (run.key for run in study.runs if run.plan.name == "committed_without_plan")
    assert f"minus committed_without_plan/caspian_closed/2030 ({baseline[:12]})" in same
    assert "No link carries more or less." in same
    assert json.loads((tmp_path / "c" / "links.geojson").read_text("utf-8"))["features"]
    assert {"measures.csv", "links.csv", "economies.csv"} <= {
        path.name for path in (tmp_path / "c").iterdir()
    }
    out = ["--out", str(tmp_path / "e")]
    assert call(app, ["export", "--format", "geojson", "--run", names[0], *where, *out]).exit_code == 0
    assert (tmp_path / "e" / "links.geojson").exists()
    assert isinstance(call(app, ["rm", *where]).exception, InputError)


def test_removed_run_is_to_be_run_again(study_file: Path, study_store: Store, tmp_path: Path) -> None:
    copy = Store(tmp_path / "copy")
    for key in study_store.run_keys():
        copy.write(study_store.metadata(key), study_store.tables(key))
    where = ["--store", str(copy.folder)]
    assert CliRunner().invoke(app, ["rm", "committed_without_plan/caspian_closed", *where]).exit_code == 0
    status = json.loads(CliRunner().invoke(app, ["status", str(study_file), *where, "--json"]).stdout)
    assert status["finished"] == 1
