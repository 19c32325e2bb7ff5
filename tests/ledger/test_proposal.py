"""Proposals: rows that the check accepts, the same at each reading, and no amount counted twice."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from sogdia.articles.article import Article
from sogdia.articles.claim import Amount, Claim, Origin
from sogdia.errors import InputError
from sogdia.ledger.accounts import account_faults, classify_deals
from sogdia.ledger.patch import apply_patch, patch_faults
from sogdia.ledger.proposal import Proposal, propose, write_proposal
from sogdia.ledger.totals import ledger_totals
from sogdia.region import Region, check_pack, load_region, read_pack

from .gold import ARTICLES, DAYS, claim, dollars, gold_claims, period

DAY = dt.date(2026, 9, 1)


def article(
    title: str = "A wind farm and a road", source: str = "Steppe Press", text: str = "text"
) -> Article:
    return Article("a.txt", title, source, DAY, "", "", text, ())


NEW = (
    claim(
        number=1,
        type="finance",
        partners=("IND",),
        recipients=("KGZ",),
        project="Suusamyr wind farm",
        amount=dollars(75),
        capacity_mw=120.0,
        instrument="loan",
        status="signed",
        date=period("2026-08"),
        actors=("Exim Bank",),
        quote="The bank signed a $75 million loan for a 120-megawatt wind farm at Suusamyr.",
    ),
    claim(
        number=2,
        type="project",
        partners=("IND",),
        recipients=("KGZ",),
        project="Suusamyr wind farm",
        amount=dollars(140),
        date=period("2029"),
        status="planned",
        quote="It will cost $140 million and open in 2029.",
    ),
    claim(
        number=3,
        type="deal",
        partners=("CHN",),
        recipients=("KGZ",),
        project="Ak-Turpak solar plant",
        project_id="pj_akturpak",
        amount=dollars(310),
        status="signed",
        quote='=HYPERLINK("x") "310 million"\nnow',
    ),
    claim(
        number=4,
        type="visit_summit",
        partners=("IND",),
        recipients=("MNG",),
        project="prime minister's visit",
        date=period("2026-08-28"),
        status="held",
    ),
    claim(
        number=5,
        type="finance",
        partners=("ADB",),
        recipients=("TJK",),
        project="Rogun",
        project_id="pj_rogun",
        amount=Amount("EUR 90 million", 90e6, "EUR", "exact", 101.7, 1.13, 2026),
        instrument="grant",
        status="announced",
    ),
    claim(
        number=6,
        type="aggregate_investment",
        partners=("IND",),
        recipients=("UZB",),
        amount=dollars(4321, "at_least"),
        status="reported",
        aggregate=True,
        project="pharmaceuticals",
    ),
)


@pytest.fixture
def home(tmp_path: Path, shipped: Region) -> Path:
    return Path(shutil.copytree(shipped.folder, tmp_path / "pack"))


def rows(proposal: Proposal, table: str) -> list[dict[str, str]]:
    return [dict(row) for row in proposal.patch.rows.get(table, ())]


def test_new_claims_become_rows_that_cite_the_article(shipped: Region) -> None:
    proposal = propose(article(), NEW, shipped)
    (source,) = rows(proposal, "sources")
    assert (source["title"], source["publisher"], source["date"]) == (
        "A wind farm and a road",
        "Steppe Press",
        "2026-09-01",
    )
    assert {
        row["source"] for table in ("projects", "deals", "policy_events") for row in rows(proposal, table)
    } == {source["id"]}
    (project,) = rows(proposal, "projects")
    fields = {name: project[name] for name in ("iso3", "sector", "capex_musd", "capacity", "capacity_unit")}
    assert fields == {
        "iso3": "KGZ",
        "sector": "wind",
        "capex_musd": "140",
        "capacity": "120",
        "capacity_unit": "MW",
    }, "two claims of one project are one row"
    assert project["completion_year"] == "2029"
    (event,) = rows(proposal, "policy_events")
    assert (event["date"], event["actor"], event["target"]) == ("2026-08-28", "IND", "MNG")
    deals = rows(proposal, "deals")
    roles = {row["partner"] + row["recipient"]: (row["role"], row["project"]) for row in deals}
    assert roles == {
        "INDKGZ": ("total", project["id"]),
        "CHNKGZ": ("reannouncement", "pj_akturpak"),
        "ADBTJK": ("tranche", "pj_rogun"),
        "INDUZB": ("aggregate", ""),
    }
    euro = next(row for row in deals if row["partner"] == "ADB")
    assert (euro["basis"], euro["amount_musd"]) == ("derived", "101.7")
    assert "EUR 90 million at 1.13 of 2026" in euro["note"]


def test_proposal_is_valid_and_idempotent(shipped: Region, home: Path) -> None:
    proposal = propose(article(), NEW, shipped)
    assert patch_faults(proposal.patch, read_pack(home)) == []
    assert apply_patch(proposal.patch, home).count == proposal.patch.count == 7
    assert check_pack(home) == []
    after = load_region(home)
    again = propose(article(), NEW, after)
    assert again.patch.count == 0
    assert {match.relation for match in again.matches} == {"same"}
    assert apply_patch(proposal.patch, home).count == 0


def test_only_new_deals_change_totals(shipped: Region, home: Path) -> None:
    """75 signed and 101.7 announced; the conflicting deal and the aggregate amount do not count."""
    apply_patch(propose(article(), NEW, shipped).patch, home)
    region = load_region(home)
    before, after = (ledger_totals(pack, ()).table.iloc[0] for pack in (shipped, region))
    assert after["signed_musd"] - before["signed_musd"] == pytest.approx(75)
    assert after["announced_musd"] - before["announced_musd"] == pytest.approx(101.7)
    assert after["disbursed_musd"] == before["disbursed_musd"]
    assert account_faults(region.table("deals")) == []
    frame = classify_deals(region.table("deals"))
    other = frame[frame["parent"] == "de_chn_kgz_2025_1"]
    assert other["amount_musd"].tolist() == [310.0], "both amounts are kept"


def test_known_article_is_cited_by_its_source(shipped: Region) -> None:
    seed = Article(
        "seed.txt",
        "Central Asian states look to China for shared development, stability",
        "chinadiplomacy.org.cn",
        dt.date(2025, 11, 25),
        "",
        "",
        "",
        (),
    )
    proposal = propose(seed, gold_claims("seed"), shipped)
    assert proposal.source == "dl_chinadiplomacy_20251125"
    assert proposal.patch.count == 0, "the ledger was made from this article among others"


@pytest.mark.parametrize("name", ARTICLES)
def test_proposal_of_a_practice_article_is_valid(shipped: Region, name: str) -> None:
    practice = Article(f"{name}.txt", f"Practice {name}", "Practice", DAYS.get(name), "", "", name, ())
    claims = gold_claims(name)
    proposal = propose(practice, claims, shipped)
    assert patch_faults(proposal.patch, read_pack(shipped.folder)) == []
    left_out = set(proposal.left_out["claim"])
    assert left_out <= {item.number for item in claims}
    assert proposal.left_out["reason"].ne("").all()


def test_deal_without_a_single_payer_adds_no_row(shipped: Region) -> None:
    plain = {"type": "finance", "recipients": ("KAZ",), "project": "Zaysan bridge", "amount": dollars(88)}
    claims = (
        claim(number=1, partners=("ROW",), **plain),
        claim(number=2, partners=("IND", "JPN"), **plain),
        claim(number=3, partners=(), **plain),
    )
    proposal = propose(article(), claims, shipped)
    assert rows(proposal, "deals") == []


def test_order_of_claims_changes_no_row(shipped: Region) -> None:
    def proposed(claims: list[Claim]) -> list[dict[str, str]]:
        proposal = propose(article(), claims, shipped)
        found = [row for table in ("deals", "policy_events") for row in rows(proposal, table)]
        return sorted(({**row, "project": ""} for row in found), key=lambda row: row["id"])

    assert proposed(list(NEW)) == proposed(list(reversed(NEW)))


def test_proposal_is_written_with_tables_for_review(shipped: Region, tmp_path: Path) -> None:
    write_proposal(propose(article(), NEW, shipped), tmp_path / "out")
    names = sorted(path.name for path in (tmp_path / "out").glob("[a-z]*"))
    assert names == ["deals.csv", "policy_events.csv", "projects.csv", "review", "sources.csv"]
    conflicts = pd.read_csv(tmp_path / "out" / "review" / "conflicts.csv")
    assert conflicts["row"].tolist() == ["de_chn_kgz_2025_1"]
    with pytest.raises(InputError):
        write_proposal(propose(article(), NEW, shipped), shipped.folder)


@pytest.mark.parametrize("field", ["partners", "recipients", "project"])
@pytest.mark.parametrize(
    ("origin", "is_written"),
    [
        (("stated", 9), True),
        (("resolved", 7), True),
        (("resolved", 1), True),
        (("resolved", 5), False),
        (("inferred", 0), False),
        (("pack", 0), False),
    ],
)
def test_row_is_written_from_stated_or_close_fields_only(
    shipped: Region, field: str, origin: tuple[str, int], is_written: bool
) -> None:
    kind, sentence = origin
    read = replace(NEW[0], sentence=9, origins=(Origin(field, kind, sentence),))  # type: ignore[arg-type]
    is_country_of_project = field == "recipients" and kind == "pack"
    rows = propose(article(), [read], shipped).patch.rows
    assert ("deals" in rows) == (is_written or is_country_of_project)


def test_doubtful_reading_is_left_to_the_user(shipped: Region) -> None:
    proposal = propose(article(), [replace(NEW[0], confidence=0.2)], shipped)
    assert not proposal.patch.rows
    assert "20%" in proposal.left_out["reason"].iloc[0]
