"""Plans as records: defaults, limits, former names of keys."""

from __future__ import annotations

import math
from typing import Any

import pytest
from pydantic import ValidationError

from sogdia import Plan
from sogdia.case import Finance

from .toy import plan


def test_omitted_keys_have_defaults() -> None:
    loaded = plan("pj_a")
    assert (loaded.extends, loaded.excludes, loaded.description, loaded.name) == ((), (), "", "")
    assert loaded.projects[0].opening_year is None
    assert loaded.projects[0].finance == ()
    assert Finance(partner="XAC").share_pct == 100


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": 60}] * 2}]}, "to 120 %"),
        ({"projects": [{"project": "a"}, {"project": "a"}]}, "projects are listed twice: a"),
        ({"projects": [{"project": "a"}], "without": ["a"]}, "both built and excluded: a"),
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": 0}]}]}, "greater than 0"),
        ({"projects": [{"project": "a", "opening_year": 1800}]}, "greater than or equal to 1950"),
        ({"projects": [{"project": "a", "opening_year": 2030.5}]}, "valid integer"),
        ({"projects": [{"project": "a", "opens": 2030}]}, "Extra inputs"),
        ({"projects": ["a"]}, "valid dictionary"),
        ({"colour": "green"}, "Extra inputs"),
        ({"projects": [{"project": "a", "finance": [{"partner": "X", "share_pct": math.nan}]}]}, "finite"),
    ],
)  # fmt: skip
def test_invalid_plan_is_rejected(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        Plan.model_validate({"title": "A plan", **keys})


def test_shares_that_sum_to_100_by_rounding_are_accepted() -> None:
    thirds = [{"partner": "X", "share_pct": 33.335}] * 3
    Plan.model_validate({"title": "A plan", "projects": [{"project": "a", "finance": thirds}]})


def test_assigning_to_a_plan_raises() -> None:
    loaded = plan("pj_a")
    with pytest.raises(ValidationError, match="frozen"):
        setattr(loaded, "title", "Another")  # noqa: B010  (mypy knows that it is read-only)


def test_former_key_without_equals_excludes() -> None:
    former = Plan.model_validate({"title": "A plan", "without": ["pj_a"]})
    assert former.excludes == ("pj_a",)
    assert former == Plan(title="A plan", excludes=("pj_a",))
    assert former.digest == Plan.model_validate(former.model_dump()).digest


def test_both_names_of_one_key_are_rejected() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        Plan.model_validate({"title": "A plan", "without": ["pj_a"], "excludes": ["pj_a"]})


def test_repr_is_one_short_line() -> None:
    chosen = plan("pj_a", "pj_b", name="mine", excludes=["pj_c"])
    assert repr(chosen) == str(chosen) == "Plan('mine': 2 projects; excludes 1)"
    assert repr(plan("pj_a")) == "Plan('A plan': 1 project)"


def test_html_escapes_text() -> None:
    html = plan("pj_a", title="A <b>plan</b>", excludes=["pj_b"])._repr_html_()
    assert "A &lt;b&gt;plan&lt;/b&gt;" in html
    assert "<tr><th>pj_b</th><td>excluded</td></tr>" in html
