"""From articles to plans: what the practice articles name, each reason for which something is left out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.case import build_case, load_plan, load_scenario
from sogdia.ledger.plan_from import DraftPlan, plan_from
from sogdia.region import Region

from .gold import ARTICLES, DAYS, claim, dollars, gold_claims, period

TOLD = dt.date(2025, 12, 1)


def load(draft: DraftPlan, region: Region, folder: Path) -> None:
    """Read the written plan back: it fits the region and says what the draft does."""
    path = folder / "plan.yaml"
    path.write_text(draft.text, encoding="utf-8")
    assert load_plan(path, region).digest == draft.plan.digest


@pytest.mark.parametrize("article", ARTICLES)
def test_a_practice_article_becomes_a_plan_that_loads(shipped: Region, tmp_path: Path, article: str) -> None:
    claims = gold_claims(article)
    draft = plan_from(claims, shipped, told=DAYS.get(article), title=article)
    assert draft.plan.projects
    load(draft, shipped, tmp_path)
    used = {number for numbers in draft.claims.values() for number in numbers}
    listed = {item.claim for item in draft.unused}
    assert used | listed == {item.number for item in claims}, "every claim is used or listed"


def test_the_seed_article(shipped: Region) -> None:
    draft = plan_from(gold_claims("seed"), shipped, told=DAYS["seed"], title="Seed")
    assert [choice.project for choice in draft.plan.projects] == ["pj_akturpak", "pj_cku"]
    why = {item.claim: item.why for item in draft.unused}
    assert why[3] == "pj_dushanbe_chanak operates already"
    assert "--opens" in why[10]
    assert why[12] == "a corridor, no project"
    assert why[1] == "a sum of many things, no one project"


def test_years_that_nobody_told_are_assumed_only_when_asked(shipped: Region, tmp_path: Path) -> None:
    claims = gold_claims("seed")
    draft = plan_from(claims, shipped, told=DAYS["seed"], opens=2032, assume_payer=True)
    choices = {choice.project: choice for choice in draft.plan.projects}
    assert choices["pj_cecep_batken"].opening_year == 2032
    assert "assumed" in choices["pj_cecep_batken"].note
    assert [part.partner for part in choices["pj_cecep_batken"].finance] == ["CHN"]
    assert choices["pj_cku"].opening_year is None, "its own year stays"
    load(draft, shipped, tmp_path)
    case = build_case(shipped, draft.plan, load_scenario("reference", shipped))
    assert "pj_cku" in set(case.finance["project"])


def rogun(**told: object) -> dict[str, object]:
    return {"type": "finance", "recipients": ("TJK",), "project": "Rogun", "project_id": "pj_rogun", **told}


def test_new_money_stands_beside_the_ledgers(shipped: Region, tmp_path: Path) -> None:
    """Rogun's counted deals are 1,495 of 6,400 million dollars; the article adds a loan of 320, 5 % of it."""
    fresh = claim(**rogun(partners=("ADB",), amount=dollars(320), instrument="grant", status="signed"))
    draft = plan_from([fresh], shipped, told=TOLD)
    (choice,) = draft.plan.projects
    shares: dict[str, float] = {}
    for part in choice.finance:
        shares[part.partner] = shares.get(part.partner, 0.0) + part.share_pct
    assert shares["ADB"] == 5.0
    assert sum(shares.values()) == pytest.approx(100 * (1495 + 320) / 6400, abs=0.01)
    load(draft, shipped, tmp_path)


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"partners": ("ADB",), "amount": dollars(7000), "status": "signed"}, "more than the project costs"),
        ({"partners": ("ADB",), "amount": dollars(6000), "status": "signed"}, "would pay for more"),
        ({"partners": ("ADB",), "status": "signed"}, "no sum is told"),
        (
            {"partners": ("ADB", "JPN"), "amount": dollars(50), "status": "signed"},
            "which of several partners",
        ),
        ({"partners": ("ADB",), "amount": dollars(50), "status": "cancelled"}, "calls it cancelled"),
    ],
)
def test_money_that_cannot_be_used_is_listed(shipped: Region, told: dict[str, object], why: str) -> None:
    draft = plan_from([claim(**rogun(**told))], shipped, told=TOLD)
    assert [item.why for item in draft.unused if why in item.why], draft.unused
    (choice,) = draft.plan.projects
    assert choice.finance == ()


def test_the_year_the_article_tells_holds(shipped: Region) -> None:
    late = claim(
        partners=("CHN",), project="CKU railway", project_id="pj_cku", status="planned", date=period("2033")
    )
    (choice,) = plan_from([late], shipped, told=TOLD).plan.projects
    assert choice.opening_year == 2033
    past = claim(
        partners=("CHN",), project="CKU railway", project_id="pj_cku", status="signed", date=period("2024")
    )
    (choice,) = plan_from([past], shipped, told=TOLD).plan.projects
    assert choice.opening_year is None, "a signing is no opening"


def test_alternatives_are_not_both_built(shipped: Region) -> None:
    both = [
        claim(number=1, project_id="pj_blacksea_cable", project="Black Sea cable"),
        claim(number=2, project_id="pj_black_sea_2", project="larger Black Sea cable"),
    ]
    draft = plan_from(both, shipped, told=TOLD)
    assert [choice.project for choice in draft.plan.projects] == ["pj_blacksea_cable"]
    assert "alternative" in draft.unused[0].why


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=60), title=st.text(max_size=60))
def test_hostile_names_stay_in_their_place(shipped: Region, name: str, title: str) -> None:
    told = claim(project=name, type="deal", partners=("CHN",), recipients=("KAZ",))
    draft = plan_from([told], shipped, told=TOLD, title=title)
    assert set(yaml.safe_load(draft.text)) == {"title", "description", "projects"}
