"""Reading: from the text of an article to claims.

Names are imported when they are first used, so ``import sogdia.articles`` loads no library.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_PUBLIC = {
    "Amount": "claim",
    "Article": "article",
    "CLAIM_TYPES": "claim",
    "Claim": "claim",
    "GOLD_FIELDS": "scoring",
    "Gazetteer": "gazetteer",
    "GoldClaim": "scoring",
    "Period": "claim",
    "Quantity": "claim",
    "Score": "scoring",
    "Sentence": "article",
    "gold_row": "scoring",
    "read_article": "reading",
    "read_claims": "reading",
    "read_gold": "scoring",
    "score": "scoring",
    "score_rows": "scoring",
}

__all__ = sorted(_PUBLIC)


def __getattr__(name: str) -> Any:
    if name in _PUBLIC:
        return getattr(import_module(f"{__name__}.{_PUBLIC[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_PUBLIC])
