"""``run_dependence`` on a small region: tables, summary, plot and errors."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from fastapi.testclient import TestClient
from runs.powered import add_rows, write_powered

import sogdia
from sogdia.api import dependence_settings
from sogdia.api.dependence import DependenceRun
from sogdia.api.inputs import build_case, load_plan
from sogdia.api.stored_dependence import DEPENDENCE, stored_dependence
from sogdia.dependence.coalitions import run_withdrawals
from sogdia.dependence.solve import withdrawal_study
from sogdia.errors import InputError
from sogdia.region import Region, load_region
from sogdia.runs.store import Store
from sogdia.uncertainty.sampling import draw_samples
from sogdia.uncertainty.withdrawal_samples import sample_study, worst_partners
from sogdia.web.app import create_app
from sogdia.web.settings import WebSettings

PNG = b"\x89PNG"


def test_dependence_counts_its_runs_and_compares(powered: Region, powered_folder: Path, store: Path) -> None:
    steps: list[tuple[int, int, str]] = []
    dependence = sogdia.run_dependence(
        powered, "as_is", year=2023, store=store, settings=dependence_settings(channels=False),
        progress=lambda *step: steps.append(step),
    )  # fmt: skip
    assert steps
    assert all(finished <= total and text for finished, total, text in steps)
    assert steps[-1][0] == steps[-1][1] > 1
    summary = dependence.summary()
    assert set(summary["of"]) == {"Alda", "Belda"}
    assert (summary["unit"] == "% of GDP").all()
    assert (dependence.compare(dependence)["change_pct"] == 0.0).all()
    assert dependence.plot()._repr_png_().startswith(PNG)
    (stored,) = [each for each in Store(store).all_metadata() if each.kind == DEPENDENCE]
    assert stored.label == "as_is/reference/2023"
    for name, table in dependence.tables.items():
        pd.testing.assert_frame_equal(Store(store).read(stored.run, name), table, check_dtype=False)
    sentences = Store(store).read(stored.run, "sentences")
    assert list(sentences["sentence"]) == [
        text for home in ("XAA", "XAB") for text in dependence.result.sentences(home)
    ]
    app = create_app(WebSettings(store=store, region=powered_folder))
    answer = TestClient(app, base_url="http://127.0.0.1").get("/api/v1/partners").json()
    assert answer["study"]["run"] == stored.run
    assert answer["sentences"] == {home: list(dependence.result.sentences(home)) for home in ("XAA", "XAB")}
    losses = {(row["horizon"], row["partners"], row["home"]): row["loss_pct"] for row in answer["losses"]}
    for row in dependence.tables["losses"].to_dict("records"):
        assert losses[row["horizon"], row["partners"], row["home"]] == pytest.approx(row["loss_pct"])
    again = sogdia.run_dependence(
        powered, "as_is", year=2023, store=store, settings=dependence_settings(channels=False)
    )
    assert again.result.engine["goods_kept"] == again.result.engine["goods_runs"] > 0
    for name in ("region", "plan", "scenario", "homes", "partners", "horizons", "settings", "remarks"):
        assert getattr(again.result, name) == getattr(dependence.result, name)
    assert list(again.tables) == list(dependence.tables)
    for name, table in dependence.tables.items():
        pd.testing.assert_frame_equal(again.tables[name], table, check_dtype=False)
    case, plan = build_case(powered, "as_is", year=2023), load_plan(None, powered)
    settings = dependence.result.settings
    later = build_case(powered, "as_is", year=2024)
    assert stored_dependence(case, plan, settings, Store(store)) is not None
    for other in (dependence_settings(), settings.model_copy(update={"tolerance_pct": 3.0})):
        assert stored_dependence(case, plan, other, Store(store)) is None
    assert stored_dependence(later, plan, settings, Store(store)) is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"imbalance": "none"}, "imbalance: "),
        ({"tolerance_pct": 200.0}, "tolerance_pct: "),
        ({"years_since": -1}, "years_since: "),
        ({"partners": ["west"]}, "no partner is called 'west'"),
        ({"level": "harsh"}, "no pressure level is called 'harsh'"),
    ],
)
def test_invalid_argument_of_dependence_is_named(
    powered: Region, store: Path, arguments: dict[str, object], message: str
) -> None:
    def run() -> None:
        settings = dependence_settings(**arguments)  # type: ignore[arg-type]
        sogdia.run_dependence(powered, "as_is", year=2023, store=store, settings=settings)

    with pytest.raises(InputError, match=message):
        run()


DRAWN = {
    "id": "gdp", "title": "GDP", "group": "gdp", "table": "economies", "fields": "gdp_musd",
    "spread": "basis", "distribution": "lognormal", "centre": "median", "reported_pct": 10,
    "derived_pct": 20, "assumed_pct": 30, "common_share": 1,
}  # fmt: skip


def test_samples_give_intervals_of_the_largest_losses(tmp_path: Path) -> None:
    folder, store = write_powered(tmp_path / "pack"), tmp_path / "store"
    add_rows(folder, "uncertainty_rules", [DRAWN])
    powered = load_region(folder)

    def run(samples: int) -> DependenceRun:
        settings = dependence_settings(channels=False, coalitions=False)
        return sogdia.run_dependence(
            powered, "as_is", year=2023, store=store, settings=settings, samples=samples
        )

    assert run(0).intervals is None
    dependence = run(3)
    assert dependence.intervals is not None
    table = dependence.tables["loss_intervals"].set_index(["home", "partner"])
    partners = worst_partners(dependence.result)
    assert set(table.index) == {(home, name) for home in dependence.result.homes for name in partners}
    assert (table["count"] == 3).all()
    study = withdrawal_study(
        build_case(powered, "as_is", year=2023), dependence.result.settings, load_plan(None, powered)
    )
    draws, _ = draw_samples(powered, 3, seed=1)
    losses = [
        run_withdrawals(sample_study(study, draw, partners), Store(store)).losses.query("size == 1")
        for draw in draws
    ]
    drawn = pd.concat(losses).groupby(["home", "partners"])["loss_pct"]
    for name, share in (("low", 0.1), ("median", 0.5), ("high", 0.9)):
        assert table[f"loss_pct_{name}"].to_dict() == pytest.approx(drawn.quantile(share).to_dict())
    assert table["largest_pct"].groupby("home").sum().tolist() == pytest.approx([100.0, 100.0])
    pd.testing.assert_frame_equal(run(0).tables["loss_intervals"], dependence.tables["loss_intervals"])
    assert table["loss_pct_low"].max() < table["loss_pct_high"].max()
    run(2)
    assert (run(0).tables["loss_intervals"]["count"] == 3).all()
