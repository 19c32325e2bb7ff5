"""Gravity estimates: exact data, published coefficient, standard errors, and the path to a counterfactual."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pytest
from bench import bench_path

from sogdia.errors import CannotRunError, InputError
from sogdia.trade import Baseline, Change, TradeSettings, estimate_gravity, solve

from .published import THETA, enlargement, flows, welfare
from .worlds import faults_of

PANEL = "wiod44_trade_2000_2014.csv"


def pairs(seed: int, size: int = 8, *, noise: float = 0.0) -> pd.DataFrame:
    """Return trade of structural gravity with the coefficients −1 and 0.5, times a random factor."""
    rng = np.random.default_rng(seed)
    exporter, importer = (index.ravel() for index in np.indices((size, size)))
    distance = rng.uniform(0.0, 3.0, size * size)
    border = (rng.random(size * size) < 0.3).astype(float)
    a, b = rng.normal(0.0, 1.0, (2, size))
    log_trade = a[exporter] + b[importer] - distance + 0.5 * border
    trade = np.exp(log_trade) * rng.lognormal(0.0, noise, size * size) if noise else np.exp(log_trade)
    names = np.array([f"e{n}" for n in range(size)])
    columns = {"exporter": names[exporter], "importer": names[importer], "value": trade}
    return pd.DataFrame(columns).assign(distance=distance, border=border)


def dummies(codes: pd.Series) -> npt.NDArray[np.float64]:
    return pd.get_dummies(codes).to_numpy(dtype=np.float64)


def test_exact_gravity_is_recovered() -> None:
    estimate = estimate_gravity(pairs(1), ["distance", "border"])
    assert estimate.coefficients["coefficient"].tolist() == pytest.approx([-1.0, 0.5], abs=1e-7)
    assert estimate.observations == 64
    assert estimate.left_out == 0
    data = pairs(1)
    assert estimate.effects["effect"].to_numpy() == pytest.approx(
        -data["distance"] + 0.5 * data["border"], abs=1e-6
    )


def test_standard_errors_match_the_sandwich_with_explicit_dummies() -> None:
    data = pairs(2, noise=0.8)
    estimate = estimate_gravity(data, ["distance", "border"], clusters=["exporter"])
    design = np.hstack(
        [data[["distance", "border"]].to_numpy(), dummies(data["exporter"]), dummies(data["importer"])[:, 1:]]
    )
    fitted = estimate.effects["fitted"].to_numpy()
    trade = data["value"].to_numpy()
    # First-order conditions of the Poisson likelihood.
    assert np.abs(design.T @ (trade - fitted)).max() < 1e-6 * trade.sum()
    bread = np.linalg.inv(design.T @ (fitted[:, None] * design))
    scores = dummies(data["exporter"]).T @ ((trade - fitted)[:, None] * design)
    # K counts the covariates and the importers: fixed effects of exporters are nested in the clusters.
    factor = 8 / 7 * 63 / (64 - 2 - 8)
    errors = np.sqrt(factor * np.diag(bread @ scores.T @ scores @ bread))[:2]
    assert estimate.coefficients["standard_error"].to_numpy() == pytest.approx(errors, rel=1e-6)


def test_base_year_from_the_estimate_has_the_fitted_trade() -> None:
    # Fally (2015): fitted trade has the observed totals, so effects and totals give it back.
    data = pairs(3, noise=0.8)
    estimate = estimate_gravity(data, ["distance", "border"])
    sold, bought = (
        data.groupby(end)["value"].sum().rename_axis("economy").reset_index()
        for end in ("exporter", "importer")
    )
    baseline = Baseline.from_costs(estimate.effects, sold, bought, 4.0)
    assert baseline.flow[0].ravel() == pytest.approx(estimate.effects["fitted"].to_numpy(), rel=1e-7)


def test_published_coefficient_then_published_welfare() -> None:
    """Reproduce ge_gravity's example from the estimate to welfare and trade of 44 economies."""
    panel = pd.read_csv(bench_path("trade", PANEL))
    estimate = estimate_gravity(
        panel[panel["exporter"] != panel["importer"]],
        ["eu_enlargement", "other_fta"],
        value="trade",
        fixed_effects=["exporter^year", "importer^year", "exporter^importer"],
    )
    assert estimate.coefficients["coefficient"][0] == pytest.approx(0.224249, abs=5e-7)
    assert estimate.observations == 4 * 44 * 43
    by_year = panel.pivot(index=["exporter", "importer"], columns="year", values="eu_enlargement")
    joined = (by_year[2014] - by_year[2000]).rename("eu_enlargement").reset_index()
    baseline, _ = enlargement()
    change = Change.from_frames(baseline, estimate.partial_effect(joined))
    result = solve(baseline, change, TradeSettings(imbalance="additive"))
    assert np.abs(result.welfare_hat - welfare("w_eu")).max() < 1e-6
    assert np.abs(result.flow[0] / flows("X_eu") - 1.0).max() < 1e-6
    assert baseline.theta[0] == THETA


def test_pair_effects_are_part_of_trade_costs() -> None:
    years = [pairs(4, noise=0.3).assign(year=year) for year in (2000, 2005)]
    data = pd.concat(years, ignore_index=True)
    later = data["year"] == 2005
    data.loc[later, "border"] = 1.0 - data.loc[later, "border"]
    data.loc[later, "value"] *= np.exp(0.5 * (2.0 * data.loc[later, "border"] - 1.0))
    estimate = estimate_gravity(
        data, ["border"], fixed_effects=["exporter^year", "importer^year", "exporter^importer"]
    )
    effects = estimate.effects[~later]
    sold, bought = (
        data[~later].groupby(end)["value"].sum().rename_axis("economy").reset_index()
        for end in ("exporter", "importer")
    )
    baseline = Baseline.from_costs(effects.drop(columns="year"), sold, bought, 4.0)
    assert baseline.flow[0].ravel() == pytest.approx(effects["fitted"].to_numpy(), rel=1e-6)


def test_pair_that_never_trades_has_none_in_the_base_year() -> None:
    years = [pairs(8 + n, noise=0.3).assign(year=year) for n, year in enumerate((2000, 2005))]
    data = pd.concat(years, ignore_index=True)
    data.loc[(data["exporter"] == "e1") & (data["importer"] == "e2"), "value"] = 0.0
    data["border"] = data["border"].where(data["year"] == 2000, 1.0 - data["border"])
    estimate = estimate_gravity(
        data, ["border"], fixed_effects=["exporter^year", "importer^year", "exporter^importer"]
    )
    assert estimate.left_out == 2
    effects = estimate.effects[estimate.effects["year"] == "2000"].drop(columns="year")
    sold, bought = (
        data[data["year"] == 2000].groupby(end)["value"].sum().rename_axis("economy").reset_index()
        for end in ("exporter", "importer")
    )
    baseline = Baseline.from_costs(effects, sold, bought, 4.0)
    assert baseline.flow[0, 1, 2] == 0.0
    assert (baseline.flow > 0.0).sum() == 63


def test_faults_of_the_data_are_reported_together() -> None:
    data = pairs(5).assign(border="x", value=-1.0).head(1)
    assert faults_of(lambda: estimate_gravity(data, ["border"])) == [
        "data:2 value: -1.0 is out of range; expected a number >= 0",
        "data:2 border: 'x' is not a number; leave it empty if not known",
    ]
    faults = faults_of(lambda: estimate_gravity(pairs(5), ["distnce"], fixed_effects=["exporter^year"]))
    assert faults == [
        "data:1 distnce: the column is missing; did you mean distance?",
        "data:1 year: the column is missing; one of border, distance",
    ]


def test_unusable_terms_raise() -> None:
    data = pairs(6).assign(twice=lambda table: 2.0 * table["distance"])
    with pytest.raises(InputError, match="twice: collinear with the other covariates"):
        estimate_gravity(data, ["distance", "twice"])
    for covariates, options, message in (
        ([], {}, "covariates: none is named"),
        (["border", "border"], {}, "border is named twice"),
        (["border"], {"fixed_effects": []}, "fixed_effects: none is named"),
        (["border"], {"clusters": ["exporter", "importer", "border"]}, "clusters: 3 are named"),
    ):
        with pytest.raises(InputError, match=message):
            estimate_gravity(data, covariates, **options)
    with pytest.raises(InputError, match="no column is a covariate of the estimate: border"):
        estimate_gravity(data, ["border"]).partial_effect(data[["exporter", "importer"]])


@pytest.mark.parametrize(
    "data",
    [
        pairs(3).assign(value=0.0),
        pairs(3).iloc[:1],
        pairs(3).iloc[:0],
        pairs(3)[lambda table: table["exporter"] == "e0"],
        pairs(3)[lambda table: table["exporter"] <= table["importer"]].assign(
            value=lambda table: table["value"] * (table["importer"] == "e7")
        ),
    ],
    ids=["no trade", "one row", "no row", "one exporter", "trade with one importer"],
)
def test_data_that_fixed_effects_fit_exactly_have_no_estimate(data: pd.DataFrame) -> None:
    with pytest.raises(InputError, match="no estimate: each row is the only one of a fixed effect"):
        estimate_gravity(data, ["distance"])


def test_missing_library_is_an_error_that_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyfixest", None)
    with pytest.raises(CannotRunError, match=r"needs the extra gravity: pip install 'sogdia\[gravity\]'"):
        estimate_gravity(pairs(7), ["border"])
