"""A study of the shipped region: run once, looked up after, measured, compared, exported, used in Python."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sogdia.api import RunResult
from sogdia.cli.main import app
from sogdia.coupling.joint import JointSettings
from sogdia.errors import FaultsError, InputError, UnknownNameError
from sogdia.runs.compare import compare
from sogdia.runs.definition import OpenedStudy, open_study, run_of, settings_digest
from sogdia.runs.executor import LocalProcesses
from sogdia.runs.indicators import BUILT_IN, Measure, read_measure
from sogdia.runs.result_columns import RESULT_COLUMNS, check_measure
from sogdia.runs.scheduler import measure_runs, run_study, with_threads
from sogdia.runs.store import Store

pytest.importorskip("duckdb")

STUDY = """\
title: One plan in a calm year and with the Caspian closed
region: central_asia
plans: [middle_corridor]
scenarios: [caspian_closed]
measures:
  - home_gain_musd
  - corridor_t
  - name: home_welfare_worst_pct
    unit: "%"
    table: economies
    column: welfare_pct
    how: min
    where: {home: "yes"}
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("studies") / "corridor.yaml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def study(file: Path) -> OpenedStudy:
    return open_study(file)


@pytest.fixture(scope="module")
def store(study: OpenedStudy, tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The study's two runs, done here."""
    made = Store(tmp_path_factory.mktemp("stores") / "store")
    done = list(run_study(study, made))
    assert [each.error for each in done] == ["", ""]
    assert all(each.fresh for each in done)
    return made


def test_what_is_in_the_store_is_not_done_again(study: OpenedStudy, store: Store) -> None:
    again = list(run_study(study, store))
    assert [each.fresh for each in again] == [False, False]


def test_processes_give_the_same_bits(study: OpenedStudy, store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other")
    assert not any(done.error for done in run_study(study, other, LocalProcesses(2), threads=1))
    for run in study.runs:
        mine, theirs = store.tables(run.run), other.tables(run.run)
        assert list(mine) == list(theirs)
        for name, table in mine.items():
            pd.testing.assert_frame_equal(theirs[name], table, check_exact=True)


def test_ids_follow_all_that_decides_a_result_and_nothing_else(study: OpenedStudy) -> None:
    run, region = study.runs[-1], study.region
    settings = study.study.settings

    def again(**changed: object) -> str:
        parts = {
            "plan": run.plan,
            "scenario": run.scenario,
            "base": run.base,
            "settings": settings,
            **changed,
        }
        return run_of(region, **parts).run  # type: ignore[arg-type]

    assert again() == run.run
    assert again(plan=run.plan.model_copy(update={"title": "Another name"})) == run.run
    assert again(settings=with_threads(settings, 7)) == run.run
    assert again(plan=run.base) != run.run
    assert again(scenario=run.scenario.at(run.scenario.year + 1)) != run.run
    assert again(settings=settings.model_copy(update={"power_to_trade": False})) != run.run
    loose = settings.study.model_copy(update={"tolerance": 1e-3})
    assert settings_digest(settings.model_copy(update={"study": loose})) != settings_digest(JointSettings())


def test_measures_are_those_of_the_tables(study: OpenedStudy, store: Store) -> None:
    found = measure_runs(study, store).set_index(["plan", "measure", "of"]).sort_index()
    base, plan = (store.read(run.run, "economies") for run in study.runs)
    gains = [float(table.loc[table["home"], "gain_musd"].sum()) for table in (base, plan)]
    assert found.loc[("as_is", "home_gain_musd", ""), "value"] == pytest.approx(gains[0])
    assert found.loc[("middle_corridor", "home_gain_musd", ""), "effect"] == pytest.approx(
        gains[1] - gains[0]
    )
    worst = float(plan.loc[plan["home"], "welfare_pct"].min())
    assert found.loc[("middle_corridor", "home_welfare_worst_pct", ""), "value"] == pytest.approx(worst)
    shares = store.read(study.runs[1].run, "corridors").set_index("corridor")["tonnes"]
    got = found["value"].xs("middle_corridor").xs("corridor_t")
    pd.testing.assert_series_equal(
        got.sort_index(), shares.sort_index(), check_names=False, check_index=False
    )
    assert list(got.sort_index().index) == sorted(shares.index)


def test_a_closed_sea_carries_nothing_and_harms(study: OpenedStudy, store: Store) -> None:
    links = store.read(study.runs[0].run, "links").set_index("link")["tonnes"]
    crossing = [name for name in links.index if str(name).startswith("ferry_aktau_")]
    assert crossing == [] or float(links[crossing].sum()) == 0.0
    found = measure_runs(study, store).set_index(["plan", "measure"])["value"]
    assert float(found[("as_is", "home_gain_musd")]) < 0.0


def test_tonnes_of_links_are_those_of_both_directions(study: OpenedStudy, store: Store) -> None:
    links = store.read(study.runs[0].run, "links")
    np.testing.assert_allclose(links["forward_t"] + links["back_t"], links["tonnes"], rtol=1e-12)
    assert links["tonnes"].sum() > 0.0
    assert links["link"].is_unique
    assert links[["from_lon", "from_lat", "to_lon", "to_lat"]].notna().all(axis=None)


def test_a_comparison_is_the_second_less_the_first_and_turns_its_sign(
    study: OpenedStudy, store: Store
) -> None:
    first, second = (store.tables(run.run) for run in study.runs)
    there, back = compare(first, second), compare(second, first)
    mine = there.tables["links"].set_index("link")["tonnes_difference"]
    other = back.tables["links"].set_index("link")["tonnes_difference"]
    np.testing.assert_allclose(mine, -other.reindex(mine.index))
    new = set(second["links"]["link"]) - set(first["links"]["link"])
    opened = second["links"].set_index("link")["tonnes"]
    assert new
    assert all(mine[name] == opened[name] for name in new)
    same = compare(first, first)
    assert not same.measures["difference"].abs().gt(0.0).any()
    assert same.geojson()["features"] == []
    changes = [abs(f["properties"]["tonnes_difference"]) for f in there.geojson()["features"]]
    assert changes == sorted(changes, reverse=True)
    assert "<table" in there._repr_html_()


def test_a_run_in_python_shows_and_compares(store: Store) -> None:
    base, plan = (
        RunResult(store, store.find(f"{name}/caspian_closed")) for name in ("as_is", "middle_corridor")
    )
    assert "central_asia 2030, plan middle_corridor, scenario caspian_closed" in plan._repr_html_()
    found = plan.compare(base).tables["measures"].set_index(["measure", "of"])["difference"]
    values = [run.measures().set_index(["measure", "of"])["value"] for run in (base, plan)]
    pd.testing.assert_series_equal(
        found, (values[1] - values[0]).reindex(found.index), check_names=False, check_exact=False
    )


def test_columns_of_results_are_those_declared(store: Store) -> None:
    tables = store.tables(store.runs()[0])
    assert {name: tuple(table.columns) for name, table in tables.items()} == dict(RESULT_COLUMNS)
    for measure in BUILT_IN.values():
        check_measure(measure)


def test_measures_that_do_not_fit_are_told(store: Store, study: OpenedStudy) -> None:
    table = store.read(study.runs[0].run, "economies")
    with pytest.raises(UnknownNameError, match="did you mean gain_musd"):
        read_measure(Measure(name="x", unit="", table="economies", column="gain_mus"), table)
    with pytest.raises(InputError, match="does not hold numbers"):
        read_measure(Measure(name="x", unit="", table="economies", column="name"), table)


def test_faults_of_a_study_come_all_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        STUDY.replace("middle_corridor", "midle_corridor").replace("- corridor_t", "- corridor"),
        encoding="utf-8",
    )
    with pytest.raises(FaultsError) as raised:
        open_study(path)
    told = str(raised.value)
    assert "bad.yaml:3 plans: no plan is called 'midle_corridor'; did you mean middle_corridor" in told
    assert "bad.yaml:7 measures: no measure is called 'corridor'" in told
    own = "  - {name: own, unit: t, table: %s, column: %s, where: {homee: 'yes'}}\n"
    faulty = (
        "\n- none_such\n".replace("- ", "  - ") + own % ("economi", "x") + own % ("economies", "gain_musd")
    )
    path.write_text(STUDY.replace("- corridor_t", "- corridor" + faulty.rstrip()), encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        open_study(path)
    told = str(raised.value)
    assert "bad.yaml:7 measures: no measure is called 'corridor'" in told
    assert "bad.yaml:8 measures: no measure is called 'none_such'" in told
    assert "bad.yaml:9 measures: no table of the results is called 'economi'; did you mean economies" in told
    assert (
        "bad.yaml:10 measures: no column of the table economies is called 'homee'; did you mean home" in told
    )
    own = "measures: [{name: own, colum: x, unit: t, table: links, column: x, how: most}, 7]\n"
    path.write_text(STUDY.partition("measures:")[0] + own, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        open_study(path)
    told = str(raised.value)
    assert "no such key; did you mean column" in told
    assert "how: Input should be 'sum', 'mean', 'max' or 'min'" in told
    assert "3 errors" in told
    path.write_text(STUDY + "plan: x\n", encoding="utf-8")
    with pytest.raises(FaultsError, match=r"plan: no such key .*did you mean plans"):
        open_study(path)


@pytest.mark.parametrize("command", ["run", "resume", "status", "compare", "rm", "ls", "export", "validate"])
def test_every_command_tells_what_it_does(command: str) -> None:
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0, done.output
    assert "Usage" in done.output


def test_the_commands(file: Path, study: OpenedStudy, store: Store, tmp_path: Path) -> None:
    where = ["--store", str(store.folder)]
    call = CliRunner().invoke
    done = call(app, ["run", str(file), *where, "--json"])
    assert done.exit_code == 0, done.output
    content = json.loads(done.stdout)
    assert [run["fresh"] for run in content["runs"]] == [False, False]
    assert len(content["measures"]) == len(measure_runs(study, store))
    told = json.loads(call(app, ["status", str(file), *where, "--json"]).stdout)
    assert told["done"] == len(study.runs)
    assert "2 runs" in call(app, ["ls", "--runs", *where]).stdout
    names = ["as_is/caspian_closed", "middle_corridor/caspian_closed"]
    assert call(app, ["compare", *names, *where, "--out", str(tmp_path / "c")]).exit_code == 0
    same = call(app, ["compare", names[0], names[0], *where]).stdout
    (base,) = (run.run for run in study.runs if run.plan.name == "as_is")
    assert f"less as_is/caspian_closed/2030 ({base[:12]})" in same
    assert "No link carries more or less." in same
    assert json.loads((tmp_path / "c" / "links.geojson").read_text("utf-8"))["features"]
    assert {"measures.csv", "links.csv", "economies.csv"} <= {
        path.name for path in (tmp_path / "c").iterdir()
    }
    out = ["--out", str(tmp_path / "e")]
    assert call(app, ["export", "--format", "geojson", "--run", names[0], *where, *out]).exit_code == 0
    assert (tmp_path / "e" / "links.geojson").exists()
    assert isinstance(call(app, ["rm", *where]).exception, InputError)


def test_a_run_that_is_removed_is_to_be_done(file: Path, store: Store, tmp_path: Path) -> None:
    copy = Store(tmp_path / "copy")
    for run in store.runs():
        copy.write(store.head(run), store.tables(run))
    where = ["--store", str(copy.folder)]
    assert CliRunner().invoke(app, ["rm", "as_is/caspian_closed", *where]).exit_code == 0
    told = json.loads(CliRunner().invoke(app, ["status", str(file), *where, "--json"]).stdout)
    assert told["done"] == 1
