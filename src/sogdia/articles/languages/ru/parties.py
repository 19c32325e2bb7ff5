"""Parties of claims in the language ru: who gives and who receives, by clause, case words and order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sogdia.articles.claim import Quantity
from sogdia.articles.gazetteer import Mention

_TRANSIT = re.compile(r"(?:через|минуя|вместо|кроме|помимо)\s(?:\w+\s)?$", re.IGNORECASE)
"""Words before a state that only lies between the parties, or is none of them."""
_CURRENCY = re.compile(r"долл(?:ар\w*|\.)?\s$", re.IGNORECASE)
_FROM = re.compile(r"(?:из|от)\s(?:\w+\s)?$", re.IGNORECASE)
_OWN_MONEY = re.compile(
    r"\bиз (?:\w+ )?бюджета|\bза (?:счёт|счет) (?:\w+ )?(?:бюджета|собственных)|\bбюджет(?:ные|ных) средств|"
    r"\bсобственны(?:е|х) средств|\bбез (?:\w+ )?(?:иностранных|внешних|зарубежных)\b",
    re.IGNORECASE,
)


def usable(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the names that may be parties: not those of a currency or of a state on the way.

    Args:
        mentions: Names of a sentence.
        text: The sentence.
    """
    return [
        item
        for item in mentions
        if not _CURRENCY.search(text[: item.start]) and not _TRANSIT.search(text[: item.start])
    ]


def is_own_money(text: str) -> bool:
    """Return whether a clause says that the state or builder pays from its own budget.

    Args:
        text: The clause.
    """
    return bool(_OWN_MONEY.search(text))


def senders(mentions: Sequence[Mention], text: str) -> list[Mention]:
    """Return the names after a word for "from".

    Args:
        mentions: Names of a sentence.
        text: The sentence.
    """
    return [item for item in mentions if _FROM.search(text[: item.start])]


def shared_out(
    amounts: Sequence[Quantity], parties: Sequence[Mention], text: str
) -> dict[int, tuple[str, ...]]:
    """Return the parties of each amount of a list: "АБР (7 млрд), Китай (3 млрд)"; by start of the amount.

    Each amount but the first has the names between it and the amount before. The first has those before it of
    the same case: the last of them. With "соответственно" the later amounts have the names in their order.

    Args:
        amounts: Amounts of a sentence in order.
        parties: Names of it that may be a partner, in order.
        text: The sentence.
    """
    if len(amounts) < 2:
        return {}
    found: dict[int, tuple[str, ...]] = {}
    low = 0
    for amount in amounts:
        own = [item for item in parties if low <= item.start < amount.start]
        found[amount.start] = own[-1].parties if own else ()
        if own and re.search(r"\bи\s(?:\w+\s)?$", text[low : own[-1].start]) and len(own) > 1 and low:
            found[amount.start] = tuple(code for item in own for code in item.parties)
        low = amount.end
    if "соответственно" in text:
        given = [item for item in parties if item.start < amounts[-1].start]
        if len(given) == len(amounts):
            return {amount.start: item.parties for amount, item in zip(amounts, given, strict=True)}
    missing = [start for start, codes in found.items() if not codes]
    return {} if missing else found
