"""Patterns of the words next to an amount: how it belongs to its noun, its verb or another amount."""

from __future__ import annotations

import re

STOP = (
    r"(?!(?:for|to|in|of|on|from|with|by|at|as|and|or|was|is|were|are|over|into|that|which|more|against|the|a|an|"
    r"this|last|each|under|will|would|has|had|have|went|goes|came|between|but)\b)"
)
NOUN_GAP = re.compile(rf"[\s-](?:{STOP}[\w'’.-]+[\s-]){{0,3}}", re.IGNORECASE)
COPULA = re.compile(r"\s(?:(?:is|are|was|were|will be)\s(?:an?\s)?|as\san?\s|an?\s|in\s)(?:[a-z-]+\s){0,2}")
"""Words between an amount and the noun that it is said to be: "$5 million is a concessional loan"."""
MORE_NOUNS = re.compile(r"(?:,|\sand)\s[a-z]+")
"""Further nouns after the first: "$2 billion in loans, investment and grants"."""
LINK = re.compile(
    r",?(?:\s(?!(?:and|but|which|that|who)\b)[\w'’-]+,?){0,10}?\s"
    r"(?:of|worth|totall?ing|amounting to|valued at|in the amount of|"
    r"to the tune of|at|was|were|is|are|for|to)\s(?:the\s|a\s|an\s|up to\s|another\s|a further\s)?|"
    r"(?:\s(?:agreements?|deals?|contracts?))?\s?\(",
    re.IGNORECASE,
)
PART = re.compile(
    r"(?:^\s?(?:out )?of (?:the total |a total of |its |their )?|\bfirst (?:phase|tranche|stage)(?: of)? |"
    r"\bagainst |"
    r"\bcompared (?:with|to) |\bup from |\bdown from |\bfrom |\bor |\brather than |\binstead of )"
    r"(?:about |some |the |nearly |over )?$",
    re.IGNORECASE,
)
OF_WHICH = re.compile(r"\b(?:of which|including|among them|among which)\b[^;]*$", re.IGNORECASE)
STAGE = re.compile(
    r"\s(?:for|towards?)\s(?:the|its|this|that)\s(?:[\w-]+\s){0,2}(?:phase|stage|section|stretch|project|works?|line)\b"
)
"""Words after an amount that name a part of a work or refer to it."""
ANOTHER = re.compile(r"\b(?:another|a further|an additional|a second)\s$")
"""Words before an amount of the kind of the one before it in the sentence."""
SAME = re.compile(
    r"\b(?:the same (?:amount|sum)|as much again|an equal (?:amount|sum)|a like (?:amount|sum))\b",
    re.IGNORECASE,
)
VEHICLES = re.compile(r"\b(?:venture|locomotives|aircraft|jets|trains|ships|wagons)\b")
GOODS = re.compile(
    r"\b(?:gas|oil|uranium|electricity|grain|cotton|gold|copper|coal|wheat|fertili[sz]ers?|cars?|goods|fuel|"
    r"aluminium|food|ore|nickel|textiles)\b",
    re.IGNORECASE,
)
UNDER = re.compile(r"\bunder\s(?:(?:an?|the|this|its)\s)?(?:[\w$€£.-]+\s){0,3}$", re.IGNORECASE)
"""Words before a document under which an act is done."""
TOTAL = re.compile(
    r"\bsince (?:19|20)\d\d\b|\bin (?:recent|the (?:last|past)) [\w ]{0,12}years\b|"
    r"\bover the (?:years|past)\b|"
    r"\b(?:in (?:19|20)\d\d|last year) alone\b|\bto date\b|\bof its own (?:resources|funds)\b|"
    r"\bin (?:total|all)\b",
    re.IGNORECASE,
)


SEVERAL = re.compile(
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|several|\d+)\s(?:[\w-]+\s){0,2}"
    r"(?P<what>operations|projects|loans|credits|agreements|deals|contracts|grants|documents|memorandums)\s(?:[\w-]+\s){0,2}"
    r"(?:totall?ing|worth|amounting to|valued at|with a (?:total|combined) value of|for a total of)\s"
    r"(?:about\s|over\s|more than\s|up to\s|some\s|nearly\s|almost\s)?$",
    re.IGNORECASE,
)
"""Words before the total of several documents."""
FOR_GOODS = re.compile(rf"\sfor\s(?:[\w-]+\s){{0,2}}?{GOODS.pattern}", re.IGNORECASE)
OF_THAT = re.compile(r"Of (?:that|this|these|the total|which|it|the (?:sum|amount|money))\b", re.IGNORECASE)
PREPARING = ("plan", "consider", "approve", "give", "lend", "negotiate", "pledge", "pay")
"""Acts of a lender whose object may be called by the work that it finances."""
