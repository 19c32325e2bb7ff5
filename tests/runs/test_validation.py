"""Validation: scores by hand, and the base year of the shipped region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Region, load_plan
from sogdia.runs.validation import ROWS, Validation, validate


def rows(*observations: tuple[str, str, str, float, float]) -> pd.DataFrame:
    records = [
        (
            "freight",
            kind,
            name,
            use,
            seen,
            said,
            "t/a",
            100.0 * (said - seen) / seen if seen else np.nan,
            0.8 * seen,
            np.nan,
            "",
        )
        for kind, name, use, seen, said in observations
    ]
    return pd.DataFrame(records, columns=list(ROWS))


@pytest.fixture(scope="module")
def found(shipped: Region) -> Validation:
    return validate(shipped, load_plan("as_is", shipped))


def test_scores_by_hand() -> None:
    table = rows(
        ("flow", "a", "validation", 100.0, 110.0),
        ("flow", "b", "validation", 200.0, 100.0),
        ("flow", "c", "validation", 300.0, 330.0),
        ("flow", "none", "validation", 0.0, 5.0),
        ("time", "d", "calibration", 10.0, 10.0),
    )
    scores = Validation(table, pd.DataFrame()).scores()
    assert scores["use"].tolist() == ["validation", "calibration"], "validation comes first"
    flow = scores.iloc[0]
    # Errors are 10, 50 and 10 %; ranks seen 1 2 3, said 2 1 3: rho = 1 - 6 * 2 / (3 * 8).
    assert (flow["count"], flow["worst"]) == (3, "b")
    assert flow["median_error_pct"] == pytest.approx(10.0)
    assert flow["worst_error_pct"] == pytest.approx(-50.0)
    assert flow["rank"] == pytest.approx(0.5)
    assert flow["last_record_pct"] == pytest.approx(20.0)
    assert flow["right_sign"] == 1.0
    assert np.isnan(scores.iloc[1]["rank"])


def test_worst_lists_validation_rows_only() -> None:
    table = rows(
        ("flow", "a", "validation", 100.0, 110.0),
        ("flow", "b", "validation", 100.0, 40.0),
        ("flow", "c", "calibration", 100.0, 900.0),
    )
    assert Validation(table, pd.DataFrame()).worst()["observation"].tolist() == ["b", "a"]


def test_scores_do_not_depend_on_the_order_of_rows(found: Validation) -> None:
    shuffled = found.rows.sample(frac=1.0, random_state=1).reset_index(drop=True)
    again = Validation(shuffled, found.calibrated).scores()
    key = ["engine", "kind", "use"]
    pd.testing.assert_frame_equal(
        again.sort_values(key, ignore_index=True), found.scores().sort_values(key, ignore_index=True)
    )


def test_every_observation_of_the_pack_has_a_row_with_its_use(shipped: Region, found: Validation) -> None:
    observations = shipped.table("observations")
    expected = observations[observations["use"].isin(["calibration", "validation"])]["use"].to_dict()
    measured = set(shipped.table("measurements").query("kind != 'none'")["observation"])
    freight = found.rows[found.rows["engine"] == "freight"].set_index("observation")["use"].to_dict()
    assert freight == {name: use for name, use in expected.items() if name in measured}


def test_naive_guess_of_a_later_year_is_the_last_record_times_demand(
    shipped: Region, found: Validation
) -> None:
    record = shipped.table("electricity")

    def value(item: str, year: int) -> float:
        rows = record[(record["iso3"] == "KAZ") & (record["item"] == item) & (record["year"] == year)]
        return float(rows["value"].iloc[0])

    row = found.rows.set_index("observation").loc["KAZ/2024/generation_coal_gwh"]
    last = max(
        year for year in record.loc[record["item"] == "generation_coal_gwh", "year"].unique() if year < 2024
    )
    coal = value("generation_coal_gwh", int(last))
    growth = value("demand_gwh", 2024) / value("demand_gwh", int(last))
    assert row["last_record"] == pytest.approx(coal)
    assert row["last_record_by_demand"] == pytest.approx(coal * growth)
    assert row["use"] == "validation"


def test_model_predicts_generation_of_later_years_better_than_both_guesses(found: Validation) -> None:
    """Aim: a median error of at most 8 % of carriers above 1 TWh in the years after the calibration."""
    rows = found.rows[(found.rows["use"] == "validation") & (found.rows["kind"] == "generation")]
    rows = rows[rows["error_pct"].notna()]
    year = rows["observation"].str.split("/").str[1]
    guesses = [
        100.0 * (rows[name] - rows["observed"]).abs() / rows["observed"]
        for name in ("last_record", "last_record_by_demand")
    ]
    assert rows["error_pct"].abs().median() <= 8.0
    for _, part in rows["error_pct"].abs().groupby(year):
        assert part.median() < min(float(guess[part.index].median()) for guess in guesses)


def test_calibrated_constants_are_listed(shipped: Region, found: Validation) -> None:
    pack = shipped.table("calibration")
    assert set(found.calibrated["parameter"]) == set(pack.loc[pack["standard_error"].notna(), "parameter"])
