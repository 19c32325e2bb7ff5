"""Parties of a claim: only those that the text names. Generated sentences."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sogdia.articles import Claim
from sogdia.articles.world import union_members
from sogdia.region import Region

Read = Callable[[str], tuple[Claim, ...]]

OWN = (
    "from its own budget",
    "from the state budget",
    "of counterpart funding",
    "from its own funds",
    "from the treasury",
)


@pytest.mark.parametrize("words", OWN)
def test_own_money_has_no_lender(claims_of: Read, words: str) -> None:
    claims = claims_of(
        "The Islamic Development Bank lends $30 million for the Boom tunnel in Kyrgyzstan. "
        f"The government pays another $60 million {words}."
    )
    paid = [(claim.partners, claim.amount.musd) for claim in claims if claim.amount]
    assert paid == [(("ISDB",), 30.0), ((), 60.0)]


def test_own_resources_of_a_lender_are_its_loan(claims_of: Read) -> None:
    (claim,) = claims_of(
        "The World Bank lends Tajikistan $60 million from its own resources for the Boom road."
    )
    assert claim.partners == ("WBG",)


@pytest.mark.parametrize("end", ["on its own", "alone", "without Russian help", "by itself"])
def test_partner_is_not_carried_to_a_country_that_builds_alone(claims_of: Read, end: str) -> None:
    claims = claims_of(
        "Rosatom of Russia agreed to build the Balkhash nuclear plant. "
        f"Kazakhstan now builds the plant {end} by 2035."
    )
    assert [claim.partners for claim in claims if claim.sentence == 3] in ([], [()])


def test_partner_of_the_ledger_is_not_copied(claims_of: Read, region: Region) -> None:
    names = region.table("projects")["name"].astype(str)
    for key in ("pj_rogun", "pj_dushanbe_chanak", "pj_balkhash1"):
        claims = claims_of(f"The {names[key]} was finished at a cost of $20 million.")
        assert [(claim.project_id, claim.partners) for claim in claims] == [(key, ())]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("China has invested $30 billion.", 0),
        ("China has invested $30 billion in the region.", 0),
        ("China has invested $30 billion in Central Asia.", 5),
        ("Central Asia grows. China has invested $30 billion in the region.", 5),
        ("The European Union promised 10 billion euros for the Middle Corridor.", 0),
    ],
)
def test_all_states_only_where_the_text_says_so(claims_of: Read, text: str, count: int) -> None:
    assert [len(claim.recipients) for claim in claims_of(text) if claim.amount] == [count]


@pytest.mark.parametrize(
    "text",
    [
        "For Tajikistan's Vahdat road KfW lends $40 million and the OPEC Fund up to $25 million.",
        "There are agreements with KfW for $40 million and with the OPEC Fund for $25 million "
        "for the Vahdat road in Tajikistan.",
        "KfW lent $40 million and the OPEC Fund gave $25 million to Tajikistan for the Vahdat road.",
    ],
)
def test_each_of_two_lenders_has_the_amount_next_to_it(claims_of: Read, text: str) -> None:
    found = [(claim.partners, claim.amount.musd) for claim in claims_of(text) if claim.amount]
    assert [amount for _, amount in found] == [40.0, 25.0]
    assert found[1][0] == ("OPF",)
    assert found[0][0] not in ((), ("OPF",))


def test_lender_in_the_noun_phrase_of_its_amount_is_its_partner(claims_of: Read) -> None:
    claims = claims_of(
        "The package for Uzbekistan includes an EBRD loan of $80 million, a $60 million parallel loan from "
        "the AIIB and a grant of $5 million from the OPEC Fund."
    )
    assert [(claim.partners, claim.amount and claim.amount.musd) for claim in claims] == [
        (("EUU",), 80.0), (("AIIB",), 60.0), (("OPF",), 5.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "status"), [("financed by China", "disbursed"), ("built with a loan from China", "")]
)
def test_lender_without_an_amount_is_a_claim_of_finance(claims_of: Read, words: str, status: str) -> None:
    claims = claims_of(f"The Kulob road in Tajikistan, {words}, was opened in 2023.")
    found = [claim for claim in claims if claim.type == "finance"]
    assert [(claim.partners, claim.recipients) for claim in found] == [(("CHN",), ("TJK",))]
    assert not status or found[0].status == status


@pytest.mark.parametrize(("name", "code"), [("Vestas", "DNK"), ("Mota-Engil", "PRT"), ("Ericsson", "SWE")])
def test_company_of_a_member_counts_with_its_union(claims_of: Read, name: str, code: str) -> None:
    (claim,) = claims_of(f"{name} will build a wind farm at Zhanatas in Kazakhstan.")
    assert union_members()[code] == "EUU"
    assert claim.partners == ("EUU",)
