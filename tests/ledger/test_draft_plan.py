"""Plans drafted from articles: the practice articles, and each reason for which a claim is not used."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.case import build_case, load_plan, load_scenario
from sogdia.ledger.draft_plan import DraftPlan, plan_from
from sogdia.region import Region

from .gold import ARTICLES, DAYS, claim, dollars, gold_claims, period

PUBLISHED = dt.date(2025, 12, 1)


def load(draft: DraftPlan, region: Region, folder: Path) -> None:
    """Read the written plan back: it is valid for the region and equal to the draft."""
    path = folder / "plan.yaml"
    path.write_text(draft.text, encoding="utf-8")
    assert load_plan(path, region).digest == draft.plan.digest


@pytest.mark.parametrize("article", ARTICLES)
def test_practice_article_becomes_a_valid_plan(shipped: Region, tmp_path: Path, article: str) -> None:
    claims = gold_claims(article)
    draft = plan_from(claims, shipped, published=DAYS.get(article), title=article)
    assert draft.plan.projects
    load(draft, shipped, tmp_path)
    used = {number for numbers in draft.claims.values() for number in numbers}
    listed = {item.claim for item in draft.unused}
    assert used | listed == {item.number for item in claims}, "every claim is used or listed"


def test_seed_article_uses_two_projects_and_lists_the_rest(shipped: Region) -> None:
    draft = plan_from(gold_claims("seed"), shipped, published=DAYS["seed"], title="Seed")
    assert [choice.project for choice in draft.plan.projects] == ["pj_akturpak", "pj_cku"]
    reasons = {item.claim: item.reason for item in draft.unused}
    assert reasons[3] == "pj_dushanbe_chanak operates already"
    assert "--opens" in reasons[10]
    assert reasons[12] == "a corridor, not a project"
    assert reasons[1] == "an aggregate amount, not a single project"


def test_unpublished_year_is_assumed_only_on_request(shipped: Region, tmp_path: Path) -> None:
    claims = gold_claims("seed")
    draft = plan_from(claims, shipped, published=DAYS["seed"], opens=2032, assume_payer=True)
    choices = {choice.project: choice for choice in draft.plan.projects}
    assert choices["pj_cecep_batken"].opening_year == 2032
    assert "assumed" in choices["pj_cecep_batken"].note
    assert [part.partner for part in choices["pj_cecep_batken"].finance] == ["CHN"]
    assert choices["pj_cku"].opening_year is None, "its own year holds"
    load(draft, shipped, tmp_path)
    case = build_case(shipped, draft.plan, load_scenario("reference", shipped))
    assert "pj_cku" in set(case.finance["project"])


def rogun(**fields: object) -> dict[str, object]:
    return {"type": "finance", "recipients": ("TJK",), "project": "Rogun", "project_id": "pj_rogun", **fields}


def test_new_deal_is_added_to_those_of_the_ledger(shipped: Region, tmp_path: Path) -> None:
    """Rogun's counted deals are 1,495 of 6,400 million dollars; the article adds a loan of 320, 5 % of it."""
    grant = claim(**rogun(partners=("ADB",), amount=dollars(320), instrument="grant", status="signed"))
    draft = plan_from([grant], shipped, published=PUBLISHED)
    (choice,) = draft.plan.projects
    shares: dict[str, float] = {}
    for part in choice.finance:
        shares[part.partner] = shares.get(part.partner, 0.0) + part.share_pct
    assert shares["ADB"] == 5.0
    assert sum(shares.values()) == pytest.approx(100 * (1495 + 320) / 6400, abs=0.01)
    load(draft, shipped, tmp_path)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"partners": ("ADB",), "amount": dollars(7000), "status": "signed"},
            "exceeds the cost",
        ),
        ({"partners": ("ADB",), "amount": dollars(6000), "status": "signed"}, "would exceed the cost"),
        ({"partners": ("ADB",), "status": "signed"}, "no amount is published"),
        (
            {"partners": ("ADB", "JPN"), "amount": dollars(50), "status": "signed"},
            "shares of several partners",
        ),
        ({"partners": ("ADB",), "amount": dollars(50), "status": "cancelled"}, "calls it cancelled"),
    ],
)
def test_unusable_money_is_listed_with_its_reason(
    shipped: Region, fields: dict[str, object], reason: str
) -> None:
    draft = plan_from([claim(**rogun(**fields))], shipped, published=PUBLISHED)
    assert [item.reason for item in draft.unused if reason in item.reason], draft.unused
    (choice,) = draft.plan.projects
    assert choice.finance == ()


def test_stated_future_year_is_used(shipped: Region) -> None:
    late = claim(
        partners=("CHN",), project="CKU railway", project_id="pj_cku", status="planned", date=period("2033")
    )
    (choice,) = plan_from([late], shipped, published=PUBLISHED).plan.projects
    assert choice.opening_year == 2033
    past = claim(
        partners=("CHN",), project="CKU railway", project_id="pj_cku", status="signed", date=period("2024")
    )
    (choice,) = plan_from([past], shipped, published=PUBLISHED).plan.projects
    assert choice.opening_year is None, "a signature is not an opening"


def test_alternatives_are_not_both_built(shipped: Region) -> None:
    both = [
        claim(number=1, project_id="pj_blacksea_cable", project="Black Sea cable"),
        claim(number=2, project_id="pj_black_sea_2", project="larger Black Sea cable"),
    ]
    draft = plan_from(both, shipped, published=PUBLISHED)
    assert [choice.project for choice in draft.plan.projects] == ["pj_blacksea_cable"]
    assert "alternative" in draft.unused[0].reason


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=60), title=st.text(max_size=60))
def test_hostile_names_add_no_key(shipped: Region, name: str, title: str) -> None:
    hostile = claim(project=name, type="deal", partners=("CHN",), recipients=("KAZ",))
    draft = plan_from([hostile], shipped, published=PUBLISHED, title=title)
    assert set(yaml.safe_load(draft.text)) == {"title", "description", "projects"}
