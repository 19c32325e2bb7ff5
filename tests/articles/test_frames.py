"""The table of frames: its rows, its example sentences, and sentences generated from it.

The claim of a generated sentence is known by its construction: subject, verb, object, tense and mood.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sogdia.articles import Claim, reading
from sogdia.articles.grammar.frame_table import frame_types, inflected, word_forms
from sogdia.region import Region, load_region

Read = Callable[[str], tuple[Claim, ...]]


def rows_of(name: str) -> list[dict[str, str]]:
    text = files("sogdia.articles.grammar").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


EXAMPLES = rows_of("examples.csv")


def test_each_lemma_has_one_row_of_a_known_frame() -> None:
    rows = rows_of("lemmas.csv")
    assert {row["frame"] for row in rows} <= set(frame_types())
    assert [
        key for key, count in Counter((row["lemma"], row["part"]) for row in rows).items() if count > 1
    ] == []
    assert len(rows) >= 400
    assert set(frame_types()) == {row["frame"] for row in rows}


def test_each_frame_has_three_examples() -> None:
    counts = Counter(row["frame"] for row in EXAMPLES)
    assert set(counts) == set(frame_types())
    assert {frame for frame, count in counts.items() if count < 3} == set()


@pytest.mark.parametrize("row", EXAMPLES, ids=lambda row: row["sentence"][:60])
def test_example_gives_its_claim(claims_of: Read, row: dict[str, str]) -> None:
    expected = (
        row["claim_type"], row["partner"], row["recipient"],
        float(row["amount_musd"]) if row["amount_musd"] else None, row["status"],
    )  # fmt: skip
    found = [
        (
            claim.type, ";".join(claim.partners), ";".join(claim.recipients),
            claim.amount.musd if claim.amount else None, claim.status,
        )
        for claim in claims_of(row["sentence"])
    ]  # fmt: skip
    assert found == [expected]


ROTATED = (
    {"Tajikistan": "TJK", "Kyrgyzstan": "KGZ", "Uzbekistan": "UZB"},
    {"Japan": "JPN", "China": "CHN", "Russia": "RUS"},
    {"Japanese": "JPN", "Chinese": "CHN", "Russian": "RUS"},
)
"""Names of the same kind, each of which takes the place of the one before it."""


def rotate(sentence: str) -> tuple[str, dict[str, str]]:
    """Return a sentence with each name replaced by the next, and the codes that change with it."""
    codes: dict[str, str] = {}
    for names in ROTATED:
        order = list(names)
        following = dict(zip(order, order[1:] + order[:1], strict=True))
        found = set(re.findall(rf"\b({'|'.join(order)})\b(?! [A-Z])", sentence))
        codes |= {names[name]: names[following[name]] for name in found}
        parts = re.split(rf"\b({'|'.join(order)})\b(?! [A-Z])", sentence)
        sentence = "".join(following.get(part, part) for part in parts)
    return sentence, codes


@pytest.mark.parametrize("frame", sorted(frame_types()))
def test_example_with_other_names_gives_the_same_claim_of_them(claims_of: Read, frame: str) -> None:
    for row in (row for row in EXAMPLES if row["frame"] == frame):
        sentence, codes = rotate(row["sentence"])
        partner, recipient = (
            ";".join(codes.get(code, code) for code in row[side].split(";"))
            for side in ("partner", "recipient")
        )
        found = [
            (claim.type, ";".join(claim.partners), ";".join(claim.recipients), claim.status)
            for claim in claims_of(sentence)
        ]
        assert found == [(row["claim_type"], partner, recipient, row["status"])], sentence


@pytest.mark.parametrize(
    ("lemma", "irregular", "forms"),
    [
        ("supply", (), "supply supplies supplied supplying"),
        ("finance", (), "finance finances financed financing"),
        ("lend", ("lent",), "lend lends lent lending"),
        ("give", ("gave", "given"), "give gives gave given giving"),
        ("cancel", ("cancelled", "cancelling"), "cancel cancels cancelled cancelling"),
        ("pay out", ("paid out",), "pay out,pays out,paid out,paying out"),
    ],
)
def test_verb_is_inflected(lemma: str, irregular: tuple[str, ...], forms: str) -> None:
    expected = forms.split(",") if "," in forms else forms.split()
    assert [form for form, _ in inflected(lemma, "verb", irregular)] == expected


LENDERS = {"the World Bank": "WBG", "the Asian Development Bank": "ADB", "China": "CHN", "Japan": "JPN"}
STATES = {"Tajikistan": "TJK", "Kyrgyzstan": "KGZ", "Uzbekistan": "UZB"}
LEND_VERBS = [
    row for row in rows_of("lemmas.csv")
    if row["frame"] == "lend" and row["part"] == "verb" and row["lemma"] not in ("refinance", "syndicate")
]  # fmt: skip
BUILD_VERBS = [
    row for row in rows_of("lemmas.csv")
    if row["frame"] == "build" and row["part"] == "verb" and " " not in row["lemma"]
    and row["lemma"] not in ("lay", "dig", "drill", "link", "instal", "set up", "establish")
]  # fmt: skip
TENSES = {
    "past": ("{ed}", "done"),
    "perfect": ("has {en}", "done"),
    "recent": ("has already {en}", "done"),
    "future": ("will {base}", "planned"),
    "plan": ("plans to {base}", "planned"),
    "hope": ("is expected to {base}", "planned"),
    "near": ("is about to {base}", "planned"),
    "may": ("may {base}", "planned"),
    "agreed": ("has agreed to {base}", "signed"),
    "pledged": ("pledged to {base}", "announced"),
    "weighed": ("is considering whether to {base}", "interest"),
}


def forms_of(row: dict[str, str]) -> dict[str, str]:
    irregular = tuple(form.strip() for form in row["forms"].split(";") if form.strip())
    found = list(inflected(row["lemma"], "verb", irregular))
    past = next(form for form, kind in found if kind in ("past", "ed"))
    return {
        "base": row["lemma"],
        "ed": past,
        "en": next((form for form, kind in found if kind == "participle"), past),
        "ing": next(form for form, kind in found if kind == "ing"),
    }


@cache
def region() -> Region:
    return load_region("central_asia")


def claims(text: str) -> tuple[Claim, ...]:
    return reading.read_claims(reading.read_article(f"Headline without a name\n{text}\n"), region())


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(LENDERS)),
    st.sampled_from(sorted(STATES)),
    st.sampled_from(LEND_VERBS),
    st.sampled_from(sorted(TENSES)),
    st.integers(2, 900),
    st.sampled_from(["", "In May ", "On Tuesday "]),
)
def test_generated_loan_is_read(
    lender: str, state: str, verb: dict[str, str], tense: str, millions: int, opening: str
) -> None:
    words, status = TENSES[tense]
    act = words.format(**forms_of(verb))
    subject = lender if opening else lender[0].upper() + lender[1:]
    (claim,) = claims(f"{opening}{subject} {act} ${millions} million to {state} for the Sarez bridge.")
    assert (claim.type, claim.partners, claim.recipients) == ("finance", (LENDERS[lender],), (STATES[state],))
    assert claim.amount is not None
    assert claim.amount.musd == millions
    assert "Sarez" in claim.project
    assert claim.status == ("disbursed" if status == "done" else status)


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(["is being", "was", "has been", "will be", "is to be", "was not", "has not yet been"]),
    st.sampled_from(BUILD_VERBS),
    st.sampled_from(sorted(STATES)),
    st.sampled_from(["Masdar", "a Chinese company", "Rosatom"]),
)
def test_generated_work_is_read(auxiliary: str, verb: dict[str, str], state: str, firm: str) -> None:
    (claim,) = claims(f"The Sarez highway in {state} {auxiliary} {forms_of(verb)['en']} by {firm}.")
    expected = {"is being": "construction", "was": "operating", "has been": "operating"}
    partner = {"Masdar": "ARE", "a Chinese company": "CHN", "Rosatom": "RUS"}[firm]
    assert (claim.type, claim.partners, claim.recipients) == ("project", (partner,), (STATES[state],))
    assert claim.status == expected.get(auxiliary, "planned")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(LENDERS)), min_size=2, max_size=3, unique=True),
    st.lists(st.integers(2, 900), min_size=3, max_size=3, unique=True),
    st.sampled_from(sorted(STATES)),
    st.sampled_from(["from", "active", "brackets"]),
)
def test_each_of_several_lenders_has_its_own_amount(
    lenders: list[str], sums: list[int], state: str, order: str
) -> None:
    pairs = list(zip(lenders, sums, strict=False))
    if order == "from":
        listed = join([f"${amount} million from {lender}" for lender, amount in pairs])
        text = f"{state} received {listed} for the Sarez bridge."
    elif order == "active":
        first = f"{pairs[0][0]} lent ${pairs[0][1]} million"
        text = f"For the Sarez bridge in {state} " + join(
            [first, *(f"{lender} ${amount} million" for lender, amount in pairs[1:])]
        )
    else:
        listed = join([f"{lender} (${amount} million)" for lender, amount in pairs])
        text = f"The Sarez bridge in {state} is financed by {listed}."
    found = {claim.amount.musd: claim.partners for claim in claims(text) if claim.amount}
    assert found == {float(amount): (LENDERS[lender],) for lender, amount in pairs}


def join(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + " and " + parts[-1]


def test_all_forms_of_a_gap_are_known() -> None:
    gaps = [form for forms in word_forms().values() for form in forms if "..." in form.words]
    assert all(form.words[0] != "..." and form.words[-1] != "..." for form in gaps)
    assert len(gaps) > 10
