"""Reading: from the text of an article to claims.

Functions are imported when they are first used, so ``import sogdia.articles`` loads no library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from sogdia.articles.article import Article, Sentence
from sogdia.articles.claim import CLAIM_TYPES, Amount, Claim, Period, Quantity

_PUBLIC = {
    "CLAIMS": "tables",
    "GOLD_FIELDS": "scoring",
    "Gazetteer": "gazetteer",
    "GoldClaim": "scoring",
    "Score": "scoring",
    "claims_table": "tables",
    "gold_row": "scoring",
    "read_article": "reading",
    "read_claims": "reading",
    "read_gold": "scoring",
    "score": "scoring",
    "score_rows": "scoring",
}

__all__ = [
    "CLAIM_TYPES",
    "Amount",
    "Article",
    "Claim",
    "Period",
    "Quantity",
    "Sentence",
    *sorted(_PUBLIC),
]


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
