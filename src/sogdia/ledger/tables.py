"""Result tables of the ledger: matches, conflicts, updates, claims without a row, calendar and quality."""

from __future__ import annotations

from sogdia.tables.results import ResultTable, declared, integer, number, text

_CLAIM = integer("claim", "", "Claim", "Number of the claim in its article.", key=True)
_TABLE = text("table", "Table", "Table of the matched row.", key=True)
_ROW = text("row", "Row", "Id of the matched row, or of several joined by ``;``.", key=True)
_FIELD = text("field", "Field", "Field compared.", key=True)
_RECORDED = text("recorded", "Ledger", "Value of the ledger.")
_CLAIMED = text("claimed", "Article", "Value of the article.")
_QUOTE = text("quote", "Sentence", "Sentence of the claim.")

MATCHES = ResultTable(
    "matches",
    "Claims matched with the ledger",
    "A claim of the article with the row it matches.",
    (
        _CLAIM,
        text("type", "Type", "Type of claim."),
        text("partners", "Partners", "Codes of the outside parties."),
        text("recipients", "Recipients", "Codes of the recipients."),
        text("subject", "Subject", "Project or subject, as the article names it."),
        text("relation", "Relation", "same, update, conflict, new or statistic."),
        text("table", "Table", "Table of the matched row; empty if the claim is new."),
        text("row", "Row", "Id of the matched row, or of several joined by ``;``."),
        number(
            "score", "1", "Score", "Probability that claim and row match, if the claim is read correctly."
        ),
        number("reading", "1", "Reading", "Probability that the claim is read correctly."),
        text("project", "Project", "Row of ``projects`` that the claim is about."),
        text("decided_by", "Decided by", "Fields with the largest match weights, and all that differ."),
        text("reason", "Reason", "Reason for the relation."),
        text("alternatives", "Alternatives", "Other rows that it may match, with their scores."),
        _QUOTE,
    ),
)
CONFLICTS = ResultTable(
    "conflicts",
    "Conflicts between article and ledger",
    "A field in which a claim differs from the row it matches.",
    (
        _TABLE,
        _ROW,
        _FIELD,
        _RECORDED,
        _CLAIMED,
        _CLAIM,
        text("speaker", "Speaker", "Person or body quoted."),
        _QUOTE,
    ),
)
UPDATES = ResultTable(
    "updates",
    "Updates of the ledger",
    "A field in which a claim adds to the row it matches.",
    (_TABLE, _ROW, _FIELD, _RECORDED, _CLAIMED, _CLAIM, _QUOTE),
)
WITHOUT_ROW = ResultTable(
    "left_out",
    "Claims without a row",
    "A claim that adds no row to the ledger.",
    (
        _CLAIM,
        text("subject", "Subject", "Project or subject of the claim."),
        text("reason", "Reason", "Why it adds no row."),
    ),
)
CALENDAR = ResultTable(
    "calendar",
    "Diplomatic calendar",
    "An agreement, summit, sanction, tariff or threat of the ledger or of an article.",
    (
        text("date", "Date", "Date.", key=True),
        text("type", "Type", "Type of the event."),
        text("actors", "Actors", "Codes of the parties that act."),
        text("targets", "Targets", "Codes of the parties concerned."),
        text("what", "Event", "Subject of the event."),
        text("row", "Row", "Row of ``policy_events``; empty if it is new.", key=True),
        text("claims", "Claims", "Numbers of the claims that report it.", key=True),
        text("changes", "Affects", "Projects and trade of the models that it can affect."),
    ),
)
QUALITY = ResultTable(
    "quality",
    "Quality of records",
    "A record of the ledger.",
    (
        text("id", "Id", "Id of the record.", key=True),
        number("score", "1", "Score", "Weighted mean of the parts, from 0 to 100."),
        number("sources", "1", "Sources", "Part for the number of documents, from 0 to 1."),
        number("kind", "1", "Kind", "Part for the kind of document and the basis, from 0 to 1."),
        number("completeness", "1", "Completeness", "Share of the informative fields that are filled."),
        number("age", "1", "Age", "Part for the age of the latest document, from 0 to 1."),
    ),
)

TABLES = declared(MATCHES, CONFLICTS, UPDATES, WITHOUT_ROW, CALENDAR, QUALITY)
