"""``run`` and ``compare``: stored, looked up, summarised, drawn."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

import sogdia
from sogdia.api import RunResult
from sogdia.api.result import SUMMARY_COLUMNS
from sogdia.errors import UnknownNameError
from sogdia.region import Region

PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def baseline(powered: Region, store: Path) -> RunResult:
    return sogdia.run(powered, year=2023, store=store)


@pytest.fixture(scope="module")
def closed(powered: Region, store: Path, no_ships: Path, baseline: RunResult) -> RunResult:
    assert baseline.metadata.year == 2023
    return sogdia.run(powered, scenario=no_ships, store=store)


def test_finished_run_is_logged_and_found_in_the_store(
    powered: Region, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    steps: list[tuple[int, int, str]] = []

    def record(finished: int, total: int, text: str) -> None:
        steps.append((finished, total, text))

    with caplog.at_level(logging.INFO, "sogdia"):
        first = sogdia.run(powered, year=2023, store=tmp_path, progress=record)
        again = sogdia.run(powered, year=2023, store=tmp_path)
    assert again.metadata.run == first.metadata.run
    texts = [record.getMessage() for record in caplog.records if record.name == "sogdia.api.runs"]
    assert texts[0].startswith("run as_is/reference/2023 finished in ")
    assert texts[1] == "run as_is/reference/2023 found in the store"
    assert steps[0] == (0, 1, "as_is/reference/2023")
    assert steps[-1] == (1, 1, "as_is/reference/2023")


def test_names_and_objects_give_the_same_run(powered: Region, store: Path, baseline: RunResult) -> None:
    plan = sogdia.load_plan("as_is", powered)
    scenario = sogdia.load_scenario("reference", powered, 2023)
    assert sogdia.run(powered.folder, plan, scenario, store=store).metadata.run == baseline.metadata.run


def test_tables_are_those_of_the_store(baseline: RunResult) -> None:
    assert set(baseline.tables) == set(baseline.metadata.tables)
    assert {"economies", "links", "power_countries"} <= set(baseline.tables)
    assert baseline.tables["economies"].equals(baseline.store.read(baseline.metadata.run, "economies"))
    with pytest.raises(UnknownNameError, match="did you mean economies"):
        baseline.tables["economy"]


def test_summary_has_units_and_names_of_countries(closed: RunResult) -> None:
    summary = closed.summary()
    assert tuple(summary.columns) == SUMMARY_COLUMNS
    assert set(summary["of"]) == {"", "Alda", "Belda"}
    total = summary.loc[summary["figure"] == "Gain of the home countries", "value"].iloc[0]
    home = closed.tables["economies"]
    assert total == pytest.approx(home.loc[home["home"], "gain_musd"].sum())


def test_comparison_is_run_minus_baseline(closed: RunResult, baseline: RunResult) -> None:
    effect = closed.compare(baseline)
    values = effect.summary().set_index(["figure", "of"])["value"]
    after, before = (run.summary().set_index(["figure", "of"])["value"] for run in (closed, baseline))
    assert values.to_dict() == pytest.approx((after - before).to_dict())
    links = effect.tables["links"]
    assert links["tonnes_difference"].to_numpy() == pytest.approx(
        (links["tonnes_second"] - links["tonnes_first"]).to_numpy()
    )


def test_stored_runs_are_compared_by_name(closed: RunResult, baseline: RunResult, store: Path) -> None:
    by_name = sogdia.compare("as_is/no_ships/2023", baseline.metadata.run[:12], store=store)
    assert by_name.summary().equals(closed.compare(baseline).summary())


def test_unknown_stored_run_raises_with_the_known_ones(baseline: RunResult, store: Path) -> None:
    assert baseline.store.folder == store
    with pytest.raises(UnknownNameError, match="as_is/reference/2023"):
        sogdia.compare("as_is/referense/2023", "as_is/reference/2023", store=store)


def test_results_are_drawn(closed: RunResult, baseline: RunResult) -> None:
    for result in (closed, closed.compare(baseline)):
        assert result.plot()._repr_png_().startswith(PNG)
        assert result.plot("gains")._repr_png_().startswith(PNG)


def test_result_shows_title_summary_and_tables(closed: RunResult) -> None:
    assert repr(closed) == (
        f"<RunResult powered 2023, plan as_is, scenario no_ships; {len(closed.tables)} tables>"
    )
    page = closed._repr_html_()
    assert "powered 2023, plan as_is, scenario no_ships" in page
    assert "Alda" in page
    assert "<code>economies</code>" in page


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"plan": "as_iz"}, "did you mean as_is"),
        ({"scenario": "referense"}, "did you mean reference"),
        ({"baseline": "as_iz"}, "did you mean as_is"),
        ({"region": "central_azia"}, "did you mean central_asia"),
    ],
)
def test_unknown_name_raises_with_the_nearest(
    powered: Region, store: Path, arguments: dict[str, str], message: str
) -> None:
    chosen: dict[str, str | Region] = {"region": powered, **arguments}
    with pytest.raises(UnknownNameError, match=message):
        sogdia.run(**chosen, store=store)  # type: ignore[arg-type]


def test_library_does_not_configure_logging() -> None:
    assert [type(handler) for handler in logging.getLogger("sogdia").handlers] == [logging.NullHandler]
