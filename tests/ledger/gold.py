"""Claims for tests: those of the gold files of the practice articles, and claims with chosen fields.

The files are in ``articles`` of the folder of published cases (:mod:`bench`).
"""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from bench import bench_path

from sogdia.articles.claim import Amount, Claim, Modality, Period

ARTICLES = ("seed", "p1_wire", "p2_press", "p3_opinion", "p4_market", "p5_russianstyle", "p6_page")
DAYS = {"seed": dt.date(2025, 11, 25), "p1_wire": dt.date(2025, 12, 16), "p3_opinion": dt.date(2025, 12, 28)}
AGGREGATES = ("aggregate_investment",)

PLAIN: dict[str, Any] = {"number": 1, "type": "project", "partners": (), "recipients": ()}


def claim(**fields: Any) -> Claim:
    """Return a claim with the given fields, the others empty."""
    return Claim(**{**PLAIN, **fields})


def dollars(musd: float, bound: Any = "exact") -> Amount:
    """Return an amount in dollars."""
    return Amount(f"${musd:g} million", musd * 1e6, "USD", bound, musd)


def period(text: str) -> Period | None:
    """Return a period from a date, or from two years with a dash between them."""
    if not text:
        return None
    if len(text) == len("2020-2025") and text[4] == "-" and text[5:].isdigit():
        return Period(text[:4], text[5:], text)
    return Period(text, text, text)


def gold_claims(article: str) -> tuple[Claim, ...]:
    """Return the claims of a practice article from its gold file, numbered from 1 in file order."""
    with bench_path("articles", f"{article}.gold.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(_claim(number, row) for number, row in enumerate(rows, start=1))


def _claim(number: int, row: dict[str, str]) -> Claim:
    other = row["other_quantity"]
    bound = "at_least" if other.startswith("over") else "exact"
    return claim(
        number=number,
        type=row["claim_type"],
        partners=tuple(filter(None, row["partner"].split(";"))),
        recipients=tuple(filter(None, row["recipient"].split(";"))),
        project=row["project"],
        amount=dollars(float(row["amount_musd"]), bound) if row["amount_musd"] else None,
        capacity_mw=float(row["capacity_mw"]) if row["capacity_mw"] else None,
        length_km=float(row["length_km"]) if row["length_km"] else None,
        date=period(row["date_or_year"]),
        status=row["status"],
        modality=_modality(row["status"]),
        instrument=next((word for word in ("grant", "loan", "guarantee") if word in other), ""),
        aggregate=row["claim_type"] in AGGREGATES,
        sentence=int(row["sentence"]),
        quote=f"sentence {row['sentence']}: {row['project']} {other}".strip(),
    )


def _modality(status: str) -> Modality:
    words: dict[str, Modality] = {"signed": "signs", "threatened": "threatens", "construction": "builds"}
    return words.get(status, "says")
