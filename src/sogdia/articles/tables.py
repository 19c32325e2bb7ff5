"""Result table of claims."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from sogdia.articles.claim import Claim
from sogdia.articles.grammar.annotations import AnnotatedSentence, party_codes
from sogdia.articles.scoring import gold_row
from sogdia.tables.results import ResultTable, declared, integer, number, text

CLAIMS = ResultTable(
    "claims",
    "Claims of an article",
    "A claim. The first columns are those of a gold file.",
    (
        text("claim_type", "Type", "Type of claim."),
        text("partner", "Partners", "Codes of the outside parties, joined by ``;``."),
        text("recipient", "Recipients", "Codes of the recipients, joined by ``;``."),
        text("project", "Project", "Name of the project or subject."),
        number("amount_musd", "USD million", "Amount", "Stated amount, the lower end of a range."),
        number("capacity_mw", "MW", "Power", "Stated power."),
        number("length_km", "km", "Length", "Stated length."),
        text("date_or_year", "Date", "Date, month or year; the start of a period."),
        text("status", "Status", "Stage of the project, deal or event."),
        integer("sentence", "", "Sentence", "Number of the sentence."),
        text("other_quantity", "Other quantities", "Further quantities, as text."),
        text("project_id", "Row", "Row of ``projects`` or ``corridors``; empty if it is not in the pack."),
        text("amount_text", "Amount as text", "Amount as the article writes it."),
        text("currency", "Currency", "ISO 4217 code of the stated amount."),
        text("bound", "Bound", "exact, about, at_least, at_most or between."),
        number("rate", "1", "Exchange rate", "US dollars per unit of the currency."),
        integer("rate_year", "", "Year of the rate", "Year of the exchange rate."),
        text("date_until", "Until", "End of the period."),
        text("modality", "Modality", "How the sentence presents the claim."),
        text("speaker", "Speaker", "Person or body quoted."),
        text("actors", "Actors", "Companies, lenders and officials named, joined by ``;``."),
        text("instrument", "Instrument", "loan, grant, guarantee, equity, bond or agreement."),
        text("aggregate", "Aggregate", "yes if the amount is a total of many deals, else no."),
        integer("start", "", "Start", "Position of its first character in the text."),
        integer("end", "", "End", "Position after its last character in the text."),
        text("quote", "Quotation", "Text of the sentence."),
        text("origins", "Origins", "Origin of each field, with the sentence that it is resolved from."),
        number(
            "confidence", "1", "Confidence", "Probability that type, parties and project are read correctly."
        ),
        text("reader", "Reader", "rules, or model with the name of the model that joined the fields."),
    ),
)
FIGURES = ResultTable(
    "figures",
    "Figures of an article",
    "A figure with its unit, with the states and dates of its sentence.",
    (
        integer("sentence", "", "Sentence", "Number of the sentence."),
        text("kind", "Kind", "Quantity measured: money, power, length, gas, mass and others."),
        text("text", "Text", "Figure as the article writes it."),
        number("value", "1", "Value", "Value in its unit, the lower end of a range."),
        text("unit", "Unit", "MW, MWh, km, t, bcm, %, a, kV, TEU, a currency, or the noun counted."),
        number("upper", "1", "Upper value", "Upper end of a range, in its unit."),
        text("parties", "Parties", "Codes of the parties that the sentence names, joined by ``;``."),
        text("dates", "Dates", "Dates of the sentence, joined by ``;``."),
        text("quote", "Quotation", "Text of the sentence."),
    ),
)
TABLES = declared(CLAIMS, FIGURES)


def claim_row(claim: Claim) -> dict[str, Any]:
    """Return a claim as a row of :data:`CLAIMS`, empty cells as empty text."""
    amount = claim.amount
    return gold_row(claim) | {
        "project_id": claim.project_id,
        "amount_text": amount.text if amount else "",
        "currency": amount.currency if amount else "",
        "bound": amount.bound if amount else "",
        "rate": amount.rate if amount else "",
        "rate_year": amount.rate_year if amount else "",
        "date_until": claim.date.end if claim.date else "",
        "modality": claim.modality,
        "speaker": claim.speaker,
        "actors": ";".join(claim.actors),
        "instrument": claim.instrument,
        "aggregate": "yes" if claim.aggregate else "no",
        "start": claim.start,
        "end": claim.end,
        "quote": claim.quote,
        "origins": origins_text(claim),
        "confidence": claim.confidence,
        "reader": claim.reader,
    }


def origins_text(claim: Claim) -> str:
    """Return the origins of a claim as text: "partners stated, project resolved (sentence 3)"."""
    return ", ".join(
        f"{item.field} {item.kind}" + (f" (sentence {item.sentence})" if item.kind == "resolved" else "")
        for item in claim.origins
    )


def claims_table(claims: Iterable[Claim]) -> pd.DataFrame:
    """Return claims as the table :data:`CLAIMS`, one row per claim; amount, power and length as numbers."""
    table = pd.DataFrame([claim_row(claim) for claim in claims], columns=list(CLAIMS.column_names))
    numbers = ("amount_musd", "capacity_mw", "length_km")
    return table.assign(**{name: pd.to_numeric(table[name]) for name in numbers})


def figures_table(sentences: Iterable[AnnotatedSentence]) -> pd.DataFrame:
    """Return the figures of annotated sentences as the table :data:`FIGURES`.

    Args:
        sentences: The sentences. One with states or dates but without a figure is a row with an empty figure.
    """
    rows = []
    for one in sentences:
        around = {
            "sentence": one.sentence.number,
            "parties": ";".join(party_codes(one.mentions)),
            "dates": ";".join(dict.fromkeys(str(item.period) for item in one.dates)),
            "quote": one.text,
        }
        rows += [
            around
            | {
                "kind": item.kind,
                "text": item.text,
                "value": item.value,
                "unit": item.unit,
                "upper": item.upper,
            }
            for item in one.quantities
        ]
        if not one.quantities and (around["parties"] or around["dates"]):
            rows.append(around | {"kind": "", "text": "", "value": None, "unit": "", "upper": None})
    table = pd.DataFrame(rows, columns=list(FIGURES.column_names))
    return table.assign(**{name: pd.to_numeric(table[name]) for name in ("value", "upper")})
