"""Validation: scores by hand, and the base year of the shipped region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sogdia import Region, load_plan
from sogdia.runs.validation import ROWS, Validation, last_over_now, validate


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
    assert flow["symmetric_error_pct"] == pytest.approx(200.0 * (10 / 210 - 100 / 300 + 30 / 630) / 3)
    assert flow["rank"] == pytest.approx(0.5)
    assert (flow["guessed"], flow["within_two"], flow["last_record_within_two"]) == (3, 3, 3)
    assert flow["error_of_guessed_pct"] == flow["median_error_pct"]
    assert flow["last_record_pct"] == pytest.approx(20.0)
    assert flow["right_sign"] == 1.0
    assert np.isnan(scores.iloc[1]["rank"])


def test_model_and_guess_are_compared_on_the_rows_that_have_a_guess() -> None:
    """Errors of the model: 10 % with a guess, 300 and 60 % without; the guess is 20 % off."""
    table = rows(
        ("flow", "a", "validation", 100.0, 110.0),
        ("flow", "b", "validation", 100.0, 400.0),
        ("flow", "c", "validation", 100.0, 40.0),
    )
    table.loc[table["observation"] != "a", "last_record"] = np.nan
    score = Validation(table, pd.DataFrame()).scores().iloc[0]
    assert (score["count"], score["guessed"]) == (3, 1)
    assert (score["within_two"], score["last_record_within_two"]) == (1, 1)
    assert score["median_error_pct"] == pytest.approx(60.0)
    assert score["error_of_guessed_pct"] == pytest.approx(10.0)
    assert score["last_record_pct"] == pytest.approx(20.0)


OBSERVATIONS = pd.DataFrame(
    [
        ("old", "port", 2019, 9.0, "t/a"),
        ("boxes", "port", 2022, 5.0, "TEU/a"),
        ("first", "port", 2021, 6.0, "t/a"),
        ("second", "port", 2021, 3.0, "t/7 months"),
        ("now", "port", 2023, 2.0, "t/quarter"),
        ("later", "port", 2024, 50.0, "t/a"),
        ("other", "line", 2022, 7.0, "t/a"),
    ],
    columns=["id", "subject", "year", "value", "unit"],
).set_index("id")


def test_last_record_of_freight_is_the_nearest_earlier_one_of_its_subject_and_dimension() -> None:
    """3 t in seven months are 36/7 t a year, of 8 t a year in the row."""
    assert last_over_now(OBSERVATIONS, "now") == pytest.approx(3.0 * 12 / 7 / 8.0)
    assert last_over_now(OBSERVATIONS, "later") == pytest.approx(8.0 / 50.0)
    assert np.isnan(last_over_now(OBSERVATIONS, "other"))
    assert np.isnan(last_over_now(OBSERVATIONS, "boxes")), "tonnes say no boxes"


def test_naive_guess_of_freight_does_not_read_the_row_it_guesses(found: Validation) -> None:
    """23 Mt in 2022 and 28 Mt in 2023 crossed the Kazakh-Chinese border by rail."""
    guesses = found.rows.set_index("observation")["last_record"]
    assert guesses["tr_kaz_china_rail_2023_t"] == pytest.approx(23e6)
    assert guesses["tr_titr_2023_teu"] == pytest.approx(25_200 * 14.0), "boxes as tonnes, as the row is"


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
