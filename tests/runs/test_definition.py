"""Studies and runs: keys, and errors of a study file."""

from __future__ import annotations

from pathlib import Path

import pytest

from sogdia.coupling.joint import JointSettings
from sogdia.errors import FaultsError
from sogdia.runs.context import with_threads
from sogdia.runs.definition import LoadedStudy, define_run, load_study, make_study, settings_digest

from .conftest import STUDY


def test_key_depends_only_on_what_decides_a_result(study: LoadedStudy) -> None:
    run, region = study.runs[-1], study.region
    settings = study.definition.settings

    def key(**changed: object) -> str:
        parts = {
            "plan": run.plan,
            "scenario": run.scenario,
            "baseline_plan": run.baseline_plan,
            "settings": settings,
            **changed,
        }
        return define_run(region, **parts).key  # type: ignore[arg-type]

    assert key() == run.key
    assert key(plan=run.plan.model_copy(update={"title": "Another name"})) == run.key
    assert key(settings=with_threads(settings, 7)) == run.key
    assert key(plan=run.baseline_plan) != run.key
    assert key(scenario=run.scenario.at(run.scenario.year + 1)) != run.key
    assert key(settings=settings.model_copy(update={"power_to_trade": False})) != run.key
    loose = settings.coupling.model_copy(update={"tolerance": 1e-3})
    assert settings_digest(settings.model_copy(update={"coupling": loose})) != settings_digest(
        JointSettings()
    )


@pytest.mark.parametrize("key", ["study", "coupling"])
def test_settings_of_freight_and_trade_have_two_names_in_a_study_file(key: str) -> None:
    study = make_study(region="isles", plans=["as_is"], scenarios=["reference"], settings={key: {"depth": 5}})
    assert study.settings.coupling.depth == 5
    assert settings_digest(study.settings) != settings_digest(JointSettings())


def test_errors_of_a_study_are_reported_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(
        STUDY.replace("middle_corridor", "midle_corridor").replace("- corridor_t", "- corridor"),
        encoding="utf-8",
    )
    with pytest.raises(FaultsError) as raised:
        load_study(path)
    message = str(raised.value)
    assert "bad.yaml:3 plans: no plan is called 'midle_corridor'; did you mean middle_corridor" in message
    assert "bad.yaml:7 measures: no measure is called 'corridor'" in message
    own = "  - {name: own, unit: t, table: %s, column: %s, where: {homee: 'yes'}}\n"
    faulty = (
        "\n- none_such\n".replace("- ", "  - ") + own % ("economi", "x") + own % ("economies", "gain_musd")
    )
    path.write_text(STUDY.replace("- corridor_t", "- corridor" + faulty.rstrip()), encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load_study(path)
    message = str(raised.value)
    assert "bad.yaml:7 measures: no measure is called 'corridor'" in message
    assert "bad.yaml:8 measures: no measure is called 'none_such'" in message
    assert (
        "bad.yaml:9 measures: no table of the results is called 'economi'; did you mean economies" in message
    )
    assert (
        "bad.yaml:10 measures: no column of the table economies is called 'homee'; did you mean home"
        in message
    )
    own = "measures: [{name: own, colum: x, unit: t, table: links, column: x, how: most}, 7]\n"
    path.write_text(STUDY.partition("measures:")[0] + own, encoding="utf-8")
    with pytest.raises(FaultsError) as raised:
        load_study(path)
    message = str(raised.value)
    assert "no such key; did you mean column" in message
    assert "how: expected 'sum', 'mean', 'max' or 'min'" in message
    assert "3 errors" in message
    path.write_text(STUDY + "plan: x\n", encoding="utf-8")
    with pytest.raises(FaultsError, match=r"plan: no such key; did you mean plans"):
        load_study(path)


def test_plans_and_scenarios_of_one_name_are_refused(isles_home: Path, tmp_path: Path) -> None:
    # Tables distinguish runs by these names: of two alike, effects were those of the other scenario.
    for folder, project, year in (("a", "ferry_far_line", 2030), ("b", "hill_wind", 2034)):
        (tmp_path / folder).mkdir()
        plan = f"title: Mine\nprojects:\n- {{project: {project}, opening_year: 2027}}\n"
        (tmp_path / folder / "mine.yaml").write_text(plan, encoding="utf-8")
        (tmp_path / folder / "as_is.yaml").write_text(plan, encoding="utf-8")
        (tmp_path / folder / "still.yaml").write_text(f"title: Still\nyear: {year}\n", encoding="utf-8")
    path = tmp_path / "study.yaml"
    path.write_text(
        f"region: {isles_home}\nbase: as_is\nplans:\n- a/mine.yaml\n- b/mine.yaml\n- a/as_is.yaml\n"
        "scenarios: [a/still.yaml, b/still.yaml]\n",
        encoding="utf-8",
    )
    with pytest.raises(FaultsError) as caught:
        load_study(path)
    assert [str(fault).split(";")[0] for fault in caught.value.faults] == [
        "study.yaml:5 plans: b/mine.yaml has the name of a/mine.yaml, 'mine'",
        "study.yaml:6 plans: a/as_is.yaml has the name of as_is, 'as_is'",
        "study.yaml:7 scenarios: b/still.yaml has the name of a/still.yaml, 'still'",
    ]
    text = path.read_text("utf-8").replace("- b/mine.yaml\n- a/as_is.yaml\n", "- ./a/mine.yaml\n")
    path.write_text(text.replace(", b/still.yaml", ""), encoding="utf-8")
    assert len(load_study(path).runs) == 2


def test_years_of_a_study_outside_the_region_are_listed(isles_home: Path, tmp_path: Path) -> None:
    path = tmp_path / "study.yaml"
    text = f"region: {isles_home}\nplans: [as_is]\nscenarios: [reference]\nyears:\n- 1950\n- 2030\n- 2100\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(FaultsError) as caught:
        load_study(path)
    assert [str(fault).split(" is outside")[0] for fault in caught.value.faults] == [
        "study.yaml:5 years: 1950",
        "study.yaml:7 years: 2100",
    ]
